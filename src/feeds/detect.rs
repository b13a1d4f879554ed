//! What a document is: decided here, and nowhere else, for addresses, files, entries of folders and archives, `parse`,
//! `feeds guess`, linked documents and attachments.
//!
//! Content comes first. What says by itself what it is (an office document, a PDF, JSON, the root of a feed or an alert,
//! a page's doctype) is that, whatever its name or its server says: a person's wrong ending changes nothing. Between
//! texts that say nothing, the name decides, then the content type. The word of the feed's file (`format`) outranks all
//! three, except that it cannot make one kind of office document of another.
//!
//! A new format is a line in `detect/kinds.rs` and its adapter; the compiler then names the one place that hands bytes over
//! (`formats/mod.rs`, or `table/book.rs` for spreadsheets).

mod kinds;

use super::decode::{EncodingChoice, choose, decode};
use crate::config::FeedFormat;
use kinds::{
    ARCHIVE, CAP, COMPANION, CSV, FEED, HTML, JSON, JSON_FEED, KINDS, LOCKED, MARKDOWN, OCDS, ODS, OFD, OLD_WORD,
    OPEN_TEXT, PDF, PICTURE, SHEET_2003, SLIDES, TEXT, WORD, XLS, XLSB, XLSX,
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

pub use kinds::{DocumentFormat, DocumentKind};

use DocumentFormat::{
    Alerts, Companion, Delimited, Html, Json, Markdown, OldWorkbook, OpenSheet, Pdf, Refused, Syndication, Text, Word,
    Workbook,
};

/// Bytes by which text is told.
pub const HEAD: usize = 64 * 1024;
/// Bytes looked at to tell text from noise.
const SAMPLE: usize = 4096;
/// Bytes in which an old Office document's streams are looked for by name.
const STREAMS: usize = 16 * 1024 * 1024;

/// What is known of a document besides its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clues<'a> {
    /// Its HTTP content type.
    pub content_type: Option<&'a str>,
    /// Its address or file name.
    pub name: &'a str,
    /// Its charset, by the feed's file.
    pub charset: Option<&'a str>,
    /// How it is to be read, by the feed's file.
    pub wanted: FeedFormat,
}

/// What a document is.
#[derive(Debug, Clone, Copy)]
pub struct Detected {
    /// Its line in the registry.
    pub kind: &'static DocumentKind,
    /// The charset of text; without meaning for office documents.
    pub choice: EncodingChoice,
}

/// The kind that a file's name, or the path of an address, ends as; `None` where its ending says nothing.
pub fn by_name(name: &str) -> Option<&'static DocumentKind> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let file = file.split(['?', '#']).next().unwrap_or(file);
    let ending = file.rsplit_once('.')?.1.to_ascii_lowercase();
    KINDS.into_iter().find(|kind| kind.endings.contains(&ending.as_str()))
}

/// The kind that a content type says.
pub fn by_media(content_type: &str) -> Option<&'static DocumentKind> {
    let media = content_type.trim().to_ascii_lowercase();
    KINDS.into_iter().find(|kind| kind.media.iter().any(|start| media.starts_with(start)))
}

/// Whether a file's name ends as that of a picture that can be shown.
pub fn names_picture(name: &str) -> bool {
    by_name(name) == Some(&PICTURE)
}

/// Whether the path of an address ends as that of a file that hangs beside an article, rather than of a page.
pub fn names_attachment(path: &str) -> bool {
    let is_page =
        |k: &DocumentKind| matches!(k.format, Html | Syndication | Json | Companion | Text | Markdown | Alerts);
    by_name(path).is_some_and(|kind| !is_page(kind))
}

/// Whether the path of an address ends as that of one document, rather than of a feed or of nothing known.
pub fn names_document(path: &str) -> bool {
    by_name(path).is_some_and(|kind| matches!(kind.format, Html | Markdown | Text | Word | Pdf))
}

/// Whether a file of a folder is looked at: all are, but for what belongs to others and to the system.
pub fn is_candidate(name: &str) -> bool {
    by_name(name).is_none_or(|kind| kind.format != Companion)
}

/// Whether a server's answer is a page, or a text, to be read with selectors, rather than a file.
pub fn is_page(bytes: &[u8], content_type: Option<&str>) -> bool {
    if packed(bytes).is_some() || binary(bytes) {
        return false;
    }
    let media = content_type.unwrap_or("text/html").to_ascii_lowercase();
    // A server that knows no types sends everything as bytes.
    ["html", "text/", "xml", "octet-stream"].iter().any(|page| media.contains(page))
}

/// Whether bytes are a PDF: its mark stands in the first kilobyte, and no markup before it.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let at = head.windows(5).position(|w| w == b"%PDF-");
    at.and_then(|at| head.get(..at)).is_some_and(|before| !before.contains(&b'<'))
}

/// How documents begin that are read whole, since what they are is not said by their beginning alone.
pub fn is_packed(lead: &[u8]) -> bool {
    packed(lead).is_some()
}

/// What begins as no text does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packed {
    Zip,
    Compound,
    Pdf,
    Other(&'static DocumentKind),
}

fn packed(bytes: &[u8]) -> Option<Packed> {
    const OTHERS: [(&[u8], &DocumentKind); 9] = [
        (b"\x89PNG", &PICTURE),
        (b"\xFF\xD8\xFF", &PICTURE),
        (b"GIF8", &PICTURE),
        (b"RIFF", &COMPANION),
        (b"Rar!", &ARCHIVE),
        (b"7z\xBC\xAF\x27\x1C", &ARCHIVE),
        (b"\x1F\x8B\x08", &ARCHIVE),
        (b"{\\rtf", &OPEN_TEXT),
        (b"PK\x05\x06", &ARCHIVE),
    ];
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Packed::Zip);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Some(Packed::Compound);
    }
    if is_pdf(bytes) {
        return Some(Packed::Pdf);
    }
    OTHERS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, kind)| Packed::Other(kind))
}

/// Tells what a document is, by all of its bytes, or by the first megabyte of text (see [`is_packed`]).
///
/// # Errors
/// One sentence, where it is empty, or nothing that can be read; it says what it is and the mend, where that is known.
pub fn detect(bytes: &[u8], known: &Clues<'_>) -> Result<Detected, String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".into());
    }
    let whole = EncodingChoice { encoding: encoding_rs::UTF_8, mark: 0 };
    if let Some(packed) = packed(bytes) {
        let kind = match packed {
            Packed::Pdf => &PDF,
            Packed::Zip => zipped(bytes, known.name),
            Packed::Compound => compound(bytes, known.name),
            Packed::Other(kind) => kind,
        };
        let is_wanted = match known.wanted {
            FeedFormat::Auto | FeedFormat::Sheet | FeedFormat::Docx | FeedFormat::Pdf => true,
            _ => kind.format == Refused || kind.format == Companion,
        };
        return match kind.format {
            Refused | Companion => Err(kind.name.into()),
            _ if is_wanted => Ok(Detected { kind, choice: whole }),
            _ => Err(format!("it is {}, not what the feed's file says; mend format there", kind.name)),
        };
    }
    if binary(bytes) {
        return Err(not_text(known));
    }
    let choice = choose(bytes, known.content_type, known.charset);
    let head = bytes.get(choice.mark..).unwrap_or_default();
    let head = choice.encoding.decode_without_bom_handling(head.get(..HEAD).unwrap_or(head)).0;
    let kind = match wanted(known.wanted, &head) {
        Some(kind) => kind,
        None if known.wanted == FeedFormat::Sheet => sheet(&head)?,
        None if known.wanted == FeedFormat::Docx => {
            return Err("it is no Word document (.docx); mend format in the feed's file".into());
        }
        None if known.wanted == FeedFormat::Pdf => return Err("it is no PDF; mend format in the feed's file".into()),
        None => text(&head, known)?,
    };
    if kind.format == Refused { Err(kind.name.into()) } else { Ok(Detected { kind, choice }) }
}

/// Bytes that are no text, and no document that is known by its beginning.
fn not_text(known: &Clues<'_>) -> String {
    match (by_name(known.name).map(|kind| kind.format), known.wanted) {
        (Some(Word | Pdf | Workbook | OldWorkbook | OpenSheet), _) => {
            "it is damaged: its content is not what its name says; open it and save it anew".into()
        }
        (_, FeedFormat::Sheet) => "it is neither a spreadsheet nor text; save it as XLSX or CSV".into(),
        _ => "it is not text, but binary data; name a feed or a document".into(),
    }
}

/// What a text is by the word of the feed's file; `None` where that says nothing of it.
fn wanted(wanted: FeedFormat, head: &str) -> Option<&'static DocumentKind> {
    Some(match wanted {
        FeedFormat::Auto | FeedFormat::Sheet | FeedFormat::Docx | FeedFormat::Pdf => return None,
        FeedFormat::Feed if starts_as_json(head) => &JSON_FEED,
        FeedFormat::Feed => &FEED,
        FeedFormat::Cap => &CAP,
        FeedFormat::Ocds => &OCDS,
        FeedFormat::Json => &JSON,
        FeedFormat::Markdown => &MARKDOWN,
        FeedFormat::Text => &TEXT,
        FeedFormat::Html | FeedFormat::Page => &HTML,
    })
}

/// What a zip holds, by the names of its parts; by its own name where it is damaged.
fn zipped(bytes: &[u8], name: &str) -> &'static DocumentKind {
    let zip = ZipArchive::new(Cursor::new(bytes)).ok();
    let Some(mut zip) = zip else {
        return by_name(name).filter(|k| matches!(k.format, Word | Workbook | OpenSheet)).unwrap_or(&ARCHIVE);
    };
    let is_open_text = zip.by_name("mimetype").is_ok_and(|mut part| {
        let mut said = Vec::new();
        (&mut part).take(100).read_to_end(&mut said).is_ok()
            && !holds(&said, b"spreadsheet")
            && holds(&said, b"opendocument")
    });
    let has = |part: &str| zip.index_for_name(part).is_some();
    let starts =
        |folder: &str| (0..zip.len()).any(|i| matches!(zip.name_for_index(i), Some(Ok(n)) if n.starts_with(folder)));
    match () {
        () if has("xl/workbook.xml") => &XLSX,
        () if has("xl/workbook.bin") => &XLSB,
        () if starts("word/") => &WORD,
        () if starts("ppt/") => &SLIDES,
        () if has("OFD.xml") => &OFD,
        () if has("content.xml") && is_open_text => &OPEN_TEXT,
        () if has("content.xml") => &ODS,
        () => &ARCHIVE,
    }
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(bytes, word).is_some()
}

/// What a compound file holds, by the names of its streams; by its own name where they are none that are known.
fn compound(bytes: &[u8], name: &str) -> &'static DocumentKind {
    let head = bytes.get(..STREAMS).unwrap_or(bytes);
    let has = |stream: &str| {
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(head, &name)
    };
    match () {
        () if has("EncryptedPackage") => &LOCKED,
        () if has("WordDocument") => &OLD_WORD,
        () if has("PowerPoint Document") => &SLIDES,
        () if has("Workbook") => &XLS,
        () => by_name(name).filter(|kind| **kind == OLD_WORD || **kind == SLIDES).unwrap_or(match by_name(name) {
            Some(kind) if kind.format == Word => &OLD_WORD,
            _ => &XLS,
        }),
    }
}

/// What a text is where a spreadsheet is wanted.
fn sheet(head: &str) -> Result<&'static DocumentKind, String> {
    let start: String = trimmed(head).chars().take(2000).collect::<String>().to_lowercase();
    if start.starts_with("<?xml") && start.contains("schemas-microsoft-com:office:spreadsheet") {
        return Ok(&SHEET_2003);
    }
    if start.starts_with('<') {
        return Ok(&HTML);
    }
    if start.starts_with(['{', '[']) {
        return Err("it is JSON, not a spreadsheet; write format = \"json\" and a section [json]".into());
    }
    Ok(&CSV)
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t'])
}

fn starts_as_json(head: &str) -> bool {
    trimmed(head).starts_with(['{', '['])
}

/// What a text is by itself, else by its name, else by its content type.
fn text(text: &str, known: &Clues<'_>) -> Result<&'static DocumentKind, String> {
    let head = trimmed(text);
    let named = by_name(known.name);
    let said = known.content_type.and_then(by_media);
    let is_prose = named.or(said).is_some_and(|kind| matches!(kind.format, Markdown | Text | Delimited));
    if starts_as_json(head) {
        let kind = json(head);
        // `[公示](address)` is how a Markdown text may begin.
        if *kind != JSON || !is_prose {
            return Ok(kind);
        }
    }
    if head.starts_with('<') {
        if let Some(kind) = markup(head, known)? {
            return Ok(kind);
        }
    } else if let Some(kind) = buried(head, known) {
        return Ok(kind);
    }
    if let Some(kind) = named.filter(|kind| matches!(kind.format, Markdown | Html | Delimited)) {
        return Ok(kind);
    }
    if let Some(kind) = said.filter(|kind| named.is_none() && matches!(kind.format, Markdown | Html | Delimited)) {
        return Ok(kind);
    }
    let odd = text.chars().take(SAMPLE).filter(|c| *c == '\u{FFFD}' || matches!(c, '\u{E000}'..='\u{F8FF}')).count();
    if odd * 20 > text.chars().take(SAMPLE).count() {
        return Err("it is neither a feed nor text in a known charset; set charset in the feed's file".into());
    }
    if named == Some(&TEXT) || said == Some(&TEXT) {
        return Ok(&TEXT);
    }
    // What is called a spreadsheet and is text was written by a program that knows no better.
    if named.or(said).is_some_and(|kind| matches!(kind.format, Workbook | OldWorkbook | OpenSheet)) {
        return Ok(&CSV);
    }
    Err("it is no feed (RSS, Atom, JSON Feed), and its name does not end in .md, .txt, .csv or .html".into())
}

fn json(head: &str) -> &'static DocumentKind {
    let has = |words: &[&str]| words.iter().any(|w| head.contains(w));
    if has(&["jsonfeed.org"]) {
        &JSON_FEED
    } else if has(&["\"ocid\"", "\"releases\"", "\"records\""]) {
        &OCDS
    } else {
        &JSON
    }
}

/// What begins with a tag.
fn markup(head: &str, known: &Clues<'_>) -> Result<Option<&'static DocumentKind>, String> {
    let root = root(head);
    if let Some(kind) = by_root(root) {
        return Ok(Some(kind));
    }
    let start: String = head.chars().take(2000).collect::<String>().to_ascii_lowercase();
    let is_xml = start.starts_with("<?xml");
    if is_xml && start.contains("schemas-microsoft-com:office:spreadsheet") {
        return Ok(Some(&SHEET_2003));
    }
    // A text that is called one may begin with a tag that it speaks of; a whole page is a page.
    let is_whole_page = ["<!doctype html", "<html"].iter().any(|tag| start.contains(tag));
    let is_prose = by_name(known.name).is_some_and(|kind| matches!(kind.format, Markdown | Text));
    if is_prose && !is_whole_page && !is_xml {
        return Ok(None);
    }
    let tags = ["<!doctype html", "<html", "<body", "<p", "<div", "<h1", "<article", "<table"];
    let is_page = tags.iter().any(|tag| start.contains(tag));
    if let Some(kind) = buried(head, known) {
        return Ok(Some(kind));
    }
    if is_page {
        return Ok(Some(&HTML));
    }
    if is_xml {
        return Err(format!("its root element <{root}> is no feed's; RSS, RDF, Atom and CAP are read"));
    }
    Ok(None)
}

/// The name of the first element.
fn root(xml: &str) -> &str {
    let mut rest = xml;
    loop {
        rest = match rest.find('<').and_then(|at| rest.get(at + 1..)) {
            Some(rest) => rest,
            None => return "",
        };
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if !rest.starts_with(['?', '!']) {
            let end = rest.find(|c: char| c.is_whitespace() || ">/<".contains(c)).unwrap_or(rest.len());
            return rest.get(..end.min(40)).unwrap_or_default();
        }
    }
}

/// The format that a root element, with or without a prefix, is of.
fn by_root(root: &str) -> Option<&'static DocumentKind> {
    let local = root.rsplit_once(':').map_or(root, |(_, local)| local);
    match local.to_ascii_lowercase().as_str() {
        "rss" | "feed" | "rdf" | "channel" | "entry" | "item" => Some(&FEED),
        "alert" | "alerts" | "edxldistribution" => Some(&CAP),
        _ => None,
    }
}

/// A feed after something else, as when a portal's program puts its warnings before what it prints. A page or a text
/// may well show such an element in passing, so the source must be meant as XML.
fn buried(head: &str, known: &Clues<'_>) -> Option<&'static DocumentKind> {
    let at =
        ["<rss", "<feed", "<rdf:rdf", "<RDF", "<rdf:RDF", "<alert "].iter().filter_map(|tag| head.find(tag)).min()?;
    let named = by_name(known.name).map(|kind| kind.format);
    let is_meant = known.content_type.is_some_and(|media| media.contains("xml"))
        || matches!(named, Some(Syndication | Alerts))
        || head.get(..at).is_some_and(|before| before.contains("<?xml"));
    let is_document = matches!(named, Some(Markdown | Text | Html));
    (is_meant && !is_document).then(|| by_root(root(head.get(at..)?)))?
}

/// Whether bytes are no text.
pub fn binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..SAMPLE).unwrap_or(bytes);
    let controls = head.iter().filter(|b| matches!(b, 0..=8 | 11 | 14..=26 | 28..=31 | 127)).count();
    let wide = head
        .iter()
        .step_by(2)
        .filter(|b| **b == 0)
        .count()
        .max(head.iter().skip(1).step_by(2).filter(|b| **b == 0).count());
    // UTF-16 of mostly Latin text has zeros at every other place and hardly a control byte besides.
    let is_wide = wide * 5 > head.len() || head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    if is_wide {
        let (text, _) = decode(head, None, None);
        let odd = text.chars().filter(|c| *c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace())).count();
        return odd * 20 > text.chars().count();
    }
    controls * 50 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_ending_alone() {
        for (name, format) in [
            ("a.RSS", Some(Syndication)),
            ("folder.csv/a.cap", Some(Alerts)),
            ("/gk/t1.html?x=a.pdf", Some(Html)),
            ("a.b.XLSX", Some(Workbook)),
            ("通知", None),
            ("2026.11", None),
        ] {
            assert_eq!(by_name(name).map(|kind| kind.format), format, "{name}");
        }
        assert!(names_attachment("/a/P02.PDF") && names_attachment("/a/b.ofd") && !names_attachment("/a/t1.html"));
        assert!(!is_candidate("a.PNG") && !is_candidate("Thumbs.db") && is_candidate("通知") && is_candidate("a.xyz"));
    }
}
