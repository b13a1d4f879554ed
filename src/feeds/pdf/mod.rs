//! PDF documents: each page a picture with its text. Whatever opens one runs in a process of its own.
//!
//! A PDF is a program for a drawing machine, written by anyone: it may loop, nest, or ask for terabytes. The worker
//! process has bounds on memory and time before it looks at the first byte, and what it does wrong costs one document.

mod child;
mod fonts;
mod said;
mod text;

use super::{
    ItemFault, ParseError, StopToken,
    document_number::number,
    hint::{Hint, Parsed, named},
    words::cut,
    worker::{PDF_BROKEN, WorkerJob, ask},
};
use crate::model::{Block, Notice, Span};

pub use child::answer;
pub use said::PdfText;

/// Characters of a summary.
const SUMMARY: usize = 400;
/// Titles that programs put in by themselves.
const PROGRAMS: [&str; 6] =
    ["Microsoft Word - ", "Microsoft PowerPoint - ", "Microsoft Excel - ", "WPS ", "PDF", "untitled"];

/// Reads a document as one notice whose body is its pages. Blocks while the worker runs.
///
/// # Errors
/// One sentence: damaged, locked, or more than the worker may bear.
pub fn parse(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    let told = text_until(bytes, &hint.stop).map_err(ParseError)?;
    let (key, name, day) = named(hint);
    let mut faults = Vec::new();
    if told.pages > told.texts.len() {
        let reason = format!("it has {} pages; the first {} are shown", told.pages, told.texts.len());
        faults.push(ItemFault { item: hint.name.clone(), reason });
    }
    let body = told.texts.iter().enumerate().flat_map(|(n, text)| page(n + 1, text, hint)).collect();
    let words = told.texts.join(" ");
    let top: String = told.texts.first().map(|t| t.chars().take(600).collect()).unwrap_or_default();
    let title = told.title.as_deref().and_then(meant).or(told.headline).unwrap_or(name);
    let notice = Notice {
        key,
        title,
        number: number(&top),
        author: told.author,
        published: day.or(told.created),
        updated: told.created,
        summary: cut(&words, SUMMARY),
        body,
        link: hint.base.as_ref().filter(|b| b.scheme() != "file").map(ToString::to_string),
        ..Notice::default()
    };
    Ok(Parsed { items: vec![notice], faults })
}

/// One page: a picture whose address is the document's with `#page=`, and its text where that has no address.
fn page(n: usize, text: &str, hint: &Hint) -> Vec<Block> {
    if let Some(mut url) = hint.base.clone() {
        url.set_fragment(Some(&format!("page={n}")));
        return vec![Block::Picture { src: url.into(), alt: text.to_owned() }];
    }
    let lines = text.lines().filter(|l| !l.trim().is_empty());
    lines.map(|line| Block::Paragraph { spans: vec![Span::plain(line)] }).collect()
}

/// A title by properties, where a person gave it: without the program's name and the file's ending.
fn meant(title: &str) -> Option<String> {
    let mut title = title.trim();
    for program in PROGRAMS {
        title = title.strip_prefix(program).unwrap_or(title);
    }
    for end in [".doc", ".docx", ".wps", ".pdf", ".xls", ".xlsx", ".indd"] {
        title = title.strip_suffix(end).unwrap_or(title);
    }
    let title = title.trim();
    let is_name = title.chars().any(|c| matches!(c, '\u{3400}'..='\u{9FFF}')) || title.split_whitespace().count() > 2;
    (is_name && !title.contains('\u{FFFD}')).then(|| title.to_owned())
}

/// What a document says, by the worker. Blocks while it runs.
///
/// # Errors
/// One sentence.
pub fn text(bytes: &[u8]) -> Result<PdfText, String> {
    text_until(bytes, &StopToken::default())
}

fn text_until(bytes: &[u8], stop: &StopToken) -> Result<PdfText, String> {
    let answer = ask(bytes, &WorkerJob::PdfText, stop)?;
    serde_json::from_slice(&answer).map_err(|_| PDF_BROKEN.to_owned())
}

/// A page (from 1) as a PNG whose longest edge is `edge` pixels, by the worker. Blocks while it runs.
///
/// # Errors
/// One sentence.
pub fn picture(bytes: &[u8], page: u32, edge: u32) -> Result<Vec<u8>, String> {
    let answer = ask(bytes, &WorkerJob::PdfPage { page, edge }, &StopToken::default())?;
    if answer.starts_with(b"\x89PNG") { Ok(answer) } else { Err(PDF_BROKEN.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn titles_that_programs_give_are_none() {
        for (title, told) in [
            ("Microsoft Word - 关于示例镇道路改建的公示.doc", Some("关于示例镇道路改建的公示")),
            ("示例县2026年预算公开", Some("示例县2026年预算公开")),
            ("untitled", None),
            ("Document1", None),
            ("", None),
        ] {
            assert_eq!(meant(title).as_deref(), told, "{title}");
        }
    }
}
