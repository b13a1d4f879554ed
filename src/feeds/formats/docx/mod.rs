//! Word documents (.docx): a zip of XML parts. Text, structure and pictures are read; macros, fields and links to other
//! files are not followed.

mod body;
mod package;
mod styles;
mod title;
mod xml;

use crate::{
    feeds::{
        ParseError, StopToken, dates,
        hint::{Hint, Parsed, named},
        words::cut,
    },
    model::{Block, Notice},
};
use body::{Body, LinkTarget};
use package::Package;
use std::collections::HashMap;
use styles::{Numbering, Styles};
use xml::{Bounds, XmlElement};

/// Characters of a summary.
const SUMMARY: usize = 400;
/// Titles that programs put in by themselves.
const JUNK: [&str; 6] = ["microsoft word", "文档", "word 文档", "document", "untitled", "powerpoint"];

/// Reads a document as one notice.
///
/// # Errors
/// One sentence, where it is damaged, locked, larger than it may be, or holds no text.
pub fn parse(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    read(bytes, hint).map_err(ParseError)
}

/// A part's bytes, such as a picture's, by its name within the document.
///
/// # Errors
/// One sentence, where there is none.
pub fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, String> {
    Package::open(bytes)?.part(name)?.ok_or_else(|| format!("the document has no part {name}"))
}

fn read(bytes: &[u8], hint: &Hint) -> Result<Parsed, String> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package).ok_or("it is a zip archive, but no Word document; save it as .docx")?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut bounds = Bounds::new(&hint.stop);
    let mut tree = |name: &str| -> Result<Option<XmlElement>, String> {
        package.part(name)?.map(|b| xml::read(&b, &mut bounds)).transpose()
    };
    let document = tree(&main)?.ok_or_else(|| format!("its part {main} is missing; open it and save it anew"))?;
    let file = main.rsplit('/').next().unwrap_or_default();
    let targets = tree(&format!("{folder}/_rels/{file}.rels"))?.map(|r| targets(&r, &folder)).unwrap_or_default();
    let styles = tree(&format!("{folder}/styles.xml"))?.map(|r| Styles::new(&r)).unwrap_or_default();
    let numbering = tree(&format!("{folder}/numbering.xml"))?.map(|r| Numbering::new(&r)).unwrap_or_default();
    let notes = [tree(&format!("{folder}/footnotes.xml"))?, tree(&format!("{folder}/endnotes.xml"))?];
    let core = tree("docProps/core.xml")?;
    let mut body = Body::new(&styles, numbering);
    body.targets = targets;
    body.base.clone_from(&hint.base);
    body.stop = hint.stop.clone();
    body.notes = notes.iter().zip([false, true]).flat_map(|(root, is_end)| noted(root.as_ref(), is_end)).collect();
    if let Some(content) = document.child("body") {
        body.content(content);
    }
    body.end();
    if hint.stop.is_asked() {
        return Err("reading it takes too long".into());
    }
    let mut pieces = std::mem::take(&mut body.pieces);
    if pieces.is_empty() {
        return Err("the document holds no text; if it is a scanned picture, save it as PDF".into());
    }
    let head = title::take(&mut pieces, hint.zone());
    let said = |name: &str| {
        let words = core.as_ref().and_then(|c| c.child(name)).map(XmlElement::words).unwrap_or_default();
        Some(words.trim().to_owned()).filter(|w| !w.is_empty())
    };
    let updated = said("modified").and_then(|d| dates::parse(&d, hint.zone()));
    let property = said("title").filter(|t| !JUNK.iter().any(|junk| t.to_lowercase().starts_with(junk)));
    let blocks: Vec<Block> = pieces.into_iter().map(|p| p.block).collect();
    let words = blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
    let (key, name, day) = named(hint);
    let notice = Notice {
        key,
        title: head.title.or(property).unwrap_or(name),
        number: head.number,
        issuer: head.issuer,
        author: said("creator")
            .filter(|a| !matches!(a.as_str(), "Administrator" | "User" | "admin" | "dell" | "lenovo")),
        published: day.or(head.dated).or(updated),
        updated,
        summary: cut(&words, SUMMARY),
        body: blocks,
        link: hint.base.as_ref().filter(|b| b.scheme() != "file").map(ToString::to_string),
        ..Notice::default()
    };
    Ok(Parsed { items: vec![notice], faults: Vec::new() })
}

/// The name of the part with the text: by the package's relations, else where Word puts it.
fn main_part(package: &mut Package) -> Option<String> {
    let named = package
        .part("_rels/.rels")
        .ok()
        .flatten()
        .and_then(|b| xml::read(&b, &mut Bounds::new(&StopToken::default())).ok())
        .and_then(|rels| {
            let kind = |n: &&XmlElement| n.attr("Type").is_some_and(|t| t.ends_with("/officeDocument"));
            let target = rels.all("Relationship").find(kind)?.attr("Target")?;
            Some(target.trim_start_matches('/').to_owned())
        });
    let name = named.filter(|n| n.starts_with("word/")).unwrap_or_else(|| "word/document.xml".into());
    package.has(&name).then_some(name)
}

/// What the relations of a part lead to; names of parts are made whole.
fn targets(root: &XmlElement, folder: &str) -> HashMap<String, LinkTarget> {
    root.all("Relationship")
        .filter_map(|r| {
            let (id, place) = (r.attr("Id")?, r.attr("Target")?);
            let is_external = r.attr("TargetMode") == Some("External");
            let place = match (is_external, place.strip_prefix('/')) {
                (true, _) => place.to_owned(),
                (false, Some(whole)) => whole.to_owned(),
                (false, None) => format!("{folder}/{place}"),
            };
            Some((id.to_owned(), LinkTarget { place, is_external }))
        })
        .collect()
}

/// The notes of a part by id; separators between notes and text are none.
fn noted(root: Option<&XmlElement>, is_end: bool) -> Vec<((bool, String), &XmlElement)> {
    let is_note = |n: &&XmlElement| {
        matches!(n.name.as_str(), "footnote" | "endnote") && n.attr("type").is_none_or(|t| t == "normal")
    };
    root.map(|r| {
        r.children.iter().filter(is_note).filter_map(|n| Some(((is_end, n.attr("id")?.to_owned()), n))).collect()
    })
    .unwrap_or_default()
}
