//! The funnel: detect, adapter, model. Every adapter gives the same [`Parsed`].

pub(super) mod documents;
pub(super) mod docx;
mod syndication;

use super::{ItemFault, ParseError, Stop, decode::decode, pdf, raw::Recorder};
use crate::{config::FeedFormat, model::Notice};
use std::panic::{AssertUnwindSafe, catch_unwind};
use url::Url;

pub(super) use syndication::cut;

/// What is known of a document before it is read.
#[derive(Debug, Clone, Default)]
pub struct Hint {
    /// Its HTTP content type.
    pub content_type: Option<String>,
    /// What relative addresses in it stand against.
    pub base: Option<Url>,
    /// Its address or file name, for messages, and its title where it has none.
    pub name: String,
    /// How it is to be read.
    pub format: FeedFormat,
    /// Its charset, by an admin's word.
    pub charset: Option<String>,
    /// Only a feed will do, unless `format` says otherwise: a page or plain text found here is a server's excuse.
    pub feed_only: bool,
    /// Looked at by parsers, so that they end when nobody waits for them any more.
    pub stop: Stop,
    /// Notes the files of a folder.
    pub recorder: Option<Recorder>,
}

/// What a document holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// Its notices, in its order.
    pub items: Vec<Notice>,
    /// Items that could not be read.
    pub faults: Vec<ItemFault>,
}

/// Reads a document.
///
/// # Errors
/// One sentence, where it is empty, binary, damaged or of no known format. A parser that panics is such an error.
pub fn parse(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ParseError("it is empty".into()));
    }
    if let Some(parsed) = office(bytes, hint) {
        return parsed;
    }
    if binary(bytes) {
        return Err(ParseError("it is not text, but binary data; name a feed or a document".into()));
    }
    let (text, _) = decode(bytes, hint.content_type.as_deref(), hint.charset.as_deref());
    let format = match hint.format {
        FeedFormat::Auto => detect(&text, hint)?,
        format => format,
    };
    if hint.feed_only && hint.format == FeedFormat::Auto {
        excuse(format)?;
    }
    let read = || match format {
        FeedFormat::Markdown => documents::markdown(&text, hint),
        FeedFormat::Html => documents::html(&text, hint),
        FeedFormat::Text => documents::plain(&text, hint),
        FeedFormat::Docx => Err(ParseError("it is no Word document (.docx); mend format in the feed's file".into())),
        FeedFormat::Pdf => Err(ParseError("it is no PDF; mend format in the feed's file".into())),
        FeedFormat::Page => {
            Err(ParseError("a list page is one address or file, not one of a folder; name it in source".into()))
        }
        FeedFormat::Feed | FeedFormat::Auto => syndication::parse(&text, hint),
    };
    guarded(read)
}

/// Reads what is a document of an office program by its content; `None` where it is none, or another format is wanted.
fn office(bytes: &[u8], hint: &Hint) -> Option<Result<Parsed, ParseError>> {
    let is_wanted = |format| hint.format == FeedFormat::Auto || hint.format == format;
    if let Some(reason) = docx::refused(bytes, &hint.name).filter(|_| is_wanted(FeedFormat::Docx)) {
        return Some(Err(ParseError(reason.into())));
    }
    let read: Box<dyn FnOnce() -> Result<Parsed, ParseError>> = if is_wanted(FeedFormat::Docx) && docx::is_docx(bytes) {
        Box::new(|| docx::parse(bytes, hint))
    } else if is_wanted(FeedFormat::Pdf) && pdf::is_pdf(bytes) {
        Box::new(|| pdf::parse(bytes, hint))
    } else {
        return None;
    };
    Some(guarded(read))
}

fn guarded(read: impl FnOnce() -> Result<Parsed, ParseError>) -> Result<Parsed, ParseError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParseError("its parser broke down on it; please report this document".into())))
        // A parser may quote half the document.
        .map_err(|e| ParseError(cut(&e.0, REASON)))
}

/// Characters of a reason.
const REASON: usize = 400;
/// Bytes looked at to tell text from noise.
const SAMPLE: usize = 4096;

fn binary(bytes: &[u8]) -> bool {
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

fn detect(text: &str, hint: &Hint) -> Result<FeedFormat, ParseError> {
    let head = text.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']);
    let start: String = head.chars().take(2000).collect::<String>().to_ascii_lowercase();
    if head.starts_with('{') || head.starts_with('[') {
        return Ok(FeedFormat::Feed);
    }
    if head.starts_with('<') {
        let is_feed = ["<rss", "<feed", "<rdf:rdf", "<atom:feed", "<channel", "<entry xmlns"]
            .iter()
            .any(|tag| start.contains(tag));
        if is_feed {
            return Ok(FeedFormat::Feed);
        }
        let is_page = ["<!doctype html", "<html", "<body", "<p", "<div", "<h1", "<article", "<table"];
        if is_page.iter().any(|tag| start.contains(tag)) {
            return Ok(FeedFormat::Html);
        }
        if start.starts_with("<?xml") {
            return Err(ParseError(format!(
                "its root element <{}> is no feed's; RSS, RDF and Atom are read",
                root(head)
            )));
        }
    }
    let name = hint.name.to_ascii_lowercase();
    let media = hint.content_type.as_deref().unwrap_or_default();
    if name.ends_with(".md") || name.ends_with(".markdown") || media.starts_with("text/markdown") {
        return Ok(FeedFormat::Markdown);
    }
    if name.ends_with(".html") || name.ends_with(".htm") || media.starts_with("text/html") {
        return Ok(FeedFormat::Html);
    }
    let odd = text.chars().take(SAMPLE).filter(|c| *c == '\u{FFFD}' || matches!(c, '\u{E000}'..='\u{F8FF}')).count();
    if odd * 20 > text.chars().take(SAMPLE).count() {
        return Err(ParseError(
            "it is neither a feed nor text in a known charset; set charset in the feed's file".into(),
        ));
    }
    if name.ends_with(".txt") || media.starts_with("text/plain") {
        return Ok(FeedFormat::Text);
    }
    Err(ParseError("it is no feed (RSS, Atom, JSON Feed), and its name does not end in .md, .txt or .html".into()))
}

/// Refuses what servers and networks put in a feed's place: login pages, error pages and messages.
fn excuse(format: FeedFormat) -> Result<(), ParseError> {
    let (what, name) = match format {
        FeedFormat::Html => ("a web page", "html"),
        FeedFormat::Text => ("plain text", "text"),
        _ => return Ok(()),
    };
    Err(ParseError(format!(
        "it is {what}, not a feed: a login or an error, perhaps; if it is the document itself, write format = \"{name}\""
    )))
}

fn root(xml: &str) -> String {
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if !rest.starts_with(['?', '!']) {
            return rest.chars().take_while(|c| !c.is_whitespace() && !">/".contains(*c)).take(40).collect();
        }
    }
    String::new()
}

/// A notice with nothing in it yet.
pub(super) fn blank() -> Notice {
    Notice {
        key: String::new(),
        title: String::new(),
        kind: String::new(),
        catalogue: String::new(),
        issuer: None,
        number: None,
        author: None,
        published: None,
        updated: None,
        show: crate::model::ShowPeriod::default(),
        summary: String::new(),
        body: Vec::new(),
        attachments: Vec::new(),
        link: None,
        warning: None,
    }
}
