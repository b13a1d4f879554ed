//! The funnel: detect, adapter, model. Every adapter gives the same [`Parsed`].

mod alert;
pub(super) mod documents;
pub(super) mod docx;
mod entry;
mod json_feed;
mod newest;
mod ocds;
mod syndication;
mod xml;

use super::{
    ItemFault, ParseError, Stop,
    decode::{Choice, choose, decode},
    pdf,
    raw::Recorder,
    tree,
};
use crate::{config::FeedFormat, model::Notice};
use newest::Newest;
use std::{
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};
use url::Url;

pub(super) use entry::cut;

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
    /// Notices taken of it at most, the newest; all of them for `None`.
    pub most: Option<usize>,
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
    /// Items that could not be read, and what was ill-formed and read all the same.
    pub faults: Vec<ItemFault>,
}

/// Bytes by which a document's charset and format are found out while it is streamed.
const LEAD: usize = 1024 * 1024;
/// Empty items told one by one.
const TOLD: usize = 200;
/// Bytes by which a format is found out.
const HEAD: usize = 64 * 1024;

/// How documents of office programs begin: those are read whole.
const PACKED: [&[u8]; 3] = [b"PK\x03\x04", b"%PDF", b"\xD0\xCF\x11\xE0"];

/// Reads a document.
///
/// # Errors
/// One sentence, where it is empty, binary, damaged or of no known format. A parser that panics is such an error.
pub fn parse(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    if let Some(parsed) = office(bytes, hint) {
        return parsed;
    }
    let (choice, format) = look(bytes, bytes, hint)?;
    let body = bytes.get(choice.mark..).unwrap_or_default();
    let read = || match format {
        Format::Feed => newest_entries(&mut hint.stop.over(body), choice, hint),
        Format::Alerts => {
            let mut newest = Newest::new(hint.most);
            let mut sink = |notice: Notice| newest.push(notice.published, notice);
            let faults = alert::read(&mut hint.stop.over(body), choice.encoding, hint, &mut sink)?;
            Ok(Parsed { items: newest.done(), faults })
        }
        Format::Whole(format) => {
            whole(&decode(bytes, hint.content_type.as_deref(), hint.charset.as_deref()).0, format, hint)
        }
    };
    guarded(read)
}

/// Reads a document as it comes, handing on each notice as soon as it is read: an XML feed of any length takes no more
/// memory than its longest item. Other formats are read whole, up to `most` bytes. Gives what [`Parsed::faults`] would.
///
/// # Errors
/// As [`parse`], and where the source fails.
pub fn stream(
    source: &mut dyn Read,
    hint: &Hint,
    most: u64,
    sink: &mut dyn FnMut(Notice),
) -> Result<Vec<ItemFault>, ParseError> {
    let failed = |e: std::io::Error| ParseError(format!("it cannot be read ({e})"));
    let mut lead = Vec::new();
    Read::take(&mut *source, LEAD as u64).read_to_end(&mut lead).map_err(failed)?;
    let (choice, format) = match PACKED.iter().any(|mark| lead.starts_with(mark)) {
        true => (Choice { encoding: encoding_rs::UTF_8, mark: 0 }, Format::Whole(hint.format)),
        false => look(&lead, lead.get(..HEAD).unwrap_or(&lead), hint)?,
    };
    let mut rest = Cursor::new(lead.get(choice.mark..).unwrap_or_default().to_vec()).chain(&mut *source);
    match format {
        Format::Feed => guarded(|| {
            let (mut count, mut given, mut untold) = (0_usize, 0_usize, 0_usize);
            let mut faults = Vec::new();
            let noted = syndication::read(&mut rest, choice.encoding, hint, &mut |entry, head| {
                count += 1;
                match entry.notice(head.home.as_ref()) {
                    Some(notice) => {
                        given += 1;
                        sink(notice);
                    }
                    None if faults.len() < TOLD => faults.push(nothing(count)),
                    None => untold += 1,
                }
            })?;
            if untold > 0 {
                let reason = format!("and {untold} more have neither a title nor a body nor a link");
                faults.push(ItemFault { item: hint.name.clone(), reason });
            }
            if let (0, Some(damage)) = (given, noted.first()) {
                return Err(nothing_whole(damage));
            }
            faults.extend(noted);
            Ok(or_empty(count, faults, hint))
        }),
        Format::Alerts => guarded(|| alert::read(&mut rest, choice.encoding, hint, sink)),
        Format::Whole(_) => {
            drop(rest);
            source.take(most.saturating_sub(lead.len() as u64) + 1).read_to_end(&mut lead).map_err(failed)?;
            if lead.len() as u64 > most {
                return Err(ParseError(format!("it is larger than {} MB", most >> 20)));
            }
            let parsed = parse(&lead, hint)?;
            parsed.items.into_iter().for_each(sink);
            Ok(parsed.faults)
        }
    }
}

/// How a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// As RSS, RDF or Atom, while it comes.
    Feed,
    /// As alerts, while it comes.
    Alerts,
    /// Whole.
    Whole(FeedFormat),
}

/// Finds out charset and format: the charset by `lead`, the format by its first bytes and `text`.
fn look(lead: &[u8], text: &[u8], hint: &Hint) -> Result<(Choice, Format), ParseError> {
    if lead.iter().all(u8::is_ascii_whitespace) {
        return Err(ParseError("it is empty".into()));
    }
    if binary(lead) {
        return Err(ParseError("it is not text, but binary data; name a feed or a document".into()));
    }
    let choice = choose(lead, hint.content_type.as_deref(), hint.charset.as_deref());
    let head = text.get(choice.mark..).unwrap_or_default();
    let head = head.get(..HEAD).unwrap_or(head);
    let head = choice.encoding.decode_without_bom_handling(head).0;
    let format = match hint.format {
        FeedFormat::Auto => detect(&head, hint)?,
        format => format,
    };
    if hint.feed_only && hint.format == FeedFormat::Auto {
        excuse(format)?;
    }
    let format = match format {
        FeedFormat::Feed | FeedFormat::Auto if !is_json(&head) => Format::Feed,
        FeedFormat::Cap => Format::Alerts,
        format => Format::Whole(format),
    };
    Ok((choice, format))
}

fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}').trim_start().starts_with(['{', '['])
}

fn whole(text: &str, format: FeedFormat, hint: &Hint) -> Result<Parsed, ParseError> {
    match format {
        FeedFormat::Markdown => documents::markdown(text, hint),
        FeedFormat::Html => documents::html(text, hint),
        FeedFormat::Text => documents::plain(text, hint),
        FeedFormat::Docx => Err(ParseError("it is no Word document (.docx); mend format in the feed's file".into())),
        FeedFormat::Pdf => Err(ParseError("it is no PDF; mend format in the feed's file".into())),
        FeedFormat::Page => {
            Err(ParseError("a list page is one address or file, not one of a folder; name it in source".into()))
        }
        FeedFormat::Sheet | FeedFormat::Json => {
            Err(ParseError("a feed of this format is read by its own sections; name the feed".into()))
        }
        FeedFormat::Feed | FeedFormat::Cap | FeedFormat::Ocds | FeedFormat::Auto => json(text, hint),
    }
}

fn json(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let value = tree::read(text, &hint.stop).map_err(|e| {
        ParseError(format!("line {}: it is not well-formed JSON ({e}); the office must mend it", e.line()))
    })?;
    let is_ocds = hint.format == FeedFormat::Ocds || (hint.format == FeedFormat::Auto && ocds::is(&value));
    let parsed = if is_ocds { ocds::read(&value, hint)? } else { json_feed::read(&value, hint)? };
    Ok(Parsed { faults: or_empty(parsed.items.len(), parsed.faults, hint), ..parsed })
}

fn guarded<T>(read: impl FnOnce() -> Result<T, ParseError>) -> Result<T, ParseError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParseError("its parser broke down on it; please report this document".into())))
        // A parser may quote half the document.
        .map_err(|e| ParseError(cut(&e.0, REASON)))
}

/// Reads what is a document of an office program by its content; `None` where it is none, or another format is wanted.
fn office(bytes: &[u8], hint: &Hint) -> Option<Result<Parsed, ParseError>> {
    let is_wanted = |format| hint.format == FeedFormat::Auto || hint.format == format;
    if let Some(reason) = docx::refused(bytes, &hint.name).filter(|_| is_wanted(FeedFormat::Docx)) {
        return Some(Err(ParseError(reason.into())));
    }
    if is_wanted(FeedFormat::Docx) && docx::is_docx(bytes) {
        return Some(guarded(|| docx::parse(bytes, hint)));
    }
    (is_wanted(FeedFormat::Pdf) && pdf::is_pdf(bytes)).then(|| guarded(|| pdf::parse(bytes, hint)))
}

/// The newest entries of a feed; those that are not taken are never cleaned.
fn newest_entries(source: &mut dyn Read, choice: Choice, hint: &Hint) -> Result<Parsed, ParseError> {
    let mut newest = Newest::new(hint.most);
    let (mut count, mut home) = (0_usize, None);
    let noted = syndication::read(source, choice.encoding, hint, &mut |entry, head| {
        count += 1;
        if count == 1 {
            home.clone_from(&head.home);
        }
        newest.push(entry.published.or(entry.updated), (count, entry));
    })?;
    let mut parsed = Parsed::default();
    for (number, entry) in newest.done() {
        match entry.notice(home.as_ref()) {
            Some(notice) => parsed.items.push(notice),
            None => parsed.faults.push(nothing(number)),
        }
    }
    if let (true, Some(damage)) = (parsed.items.is_empty(), noted.first()) {
        return Err(nothing_whole(damage));
    }
    parsed.faults.extend(noted);
    Ok(Parsed { faults: or_empty(count, parsed.faults, hint), ..parsed })
}

/// What is damaged and yields nothing is no feed.
fn nothing_whole(damage: &ItemFault) -> ParseError {
    let place = damage.item.rsplit_once(", ").map_or("", |(_, line)| line);
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    ParseError(format!("{place}it is not a well-formed feed, and nothing of it can be read: {}", damage.reason))
}

fn nothing(number: usize) -> ItemFault {
    ItemFault { item: format!("item {number}"), reason: "it has neither a title nor a body nor a link".into() }
}

/// The faults, one of which says so where a feed holds nothing.
fn or_empty(count: usize, mut faults: Vec<ItemFault>, hint: &Hint) -> Vec<ItemFault> {
    if count == 0 && faults.is_empty() {
        let reason = "the feed is well-formed and holds no item".into();
        faults.push(ItemFault { item: hint.name.clone(), reason });
    }
    faults
}

/// Characters of a reason.
const REASON: usize = 400;
/// Bytes looked at to tell text from noise.
const SAMPLE: usize = 4096;

pub(super) fn binary(bytes: &[u8]) -> bool {
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
    if head.starts_with('{') || head.starts_with('[') {
        return Ok(FeedFormat::Feed);
    }
    let root = root(head);
    if head.starts_with('<') {
        let found = by_root(root);
        if let Some(format) = found {
            return Ok(format);
        }
        let start: String = head.chars().take(2000).collect::<String>().to_ascii_lowercase();
        let is_page = ["<!doctype html", "<html", "<body", "<p", "<div", "<h1", "<article", "<table"];
        if is_page.iter().any(|tag| start.contains(tag)) && !start.starts_with("<?xml") {
            return Ok(buried(head, hint).unwrap_or(FeedFormat::Html));
        }
        if let Some(format) = buried(head, hint) {
            return Ok(format);
        }
        if start.starts_with("<?xml") && is_page.iter().any(|tag| start.contains(tag)) {
            return Ok(FeedFormat::Html);
        }
        if start.starts_with("<?xml") {
            return Err(ParseError(format!("its root element <{root}> is no feed's; RSS, RDF, Atom and CAP are read")));
        }
    } else if let Some(format) = buried(head, hint) {
        return Ok(format);
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
fn by_root(root: &str) -> Option<FeedFormat> {
    match xml::local(root).to_ascii_lowercase().as_str() {
        "rss" | "feed" | "rdf" | "channel" | "entry" | "item" => Some(FeedFormat::Feed),
        "alert" | "alerts" | "edxldistribution" => Some(FeedFormat::Cap),
        _ => None,
    }
}

/// A feed after something else, as when a portal's program puts its warnings before what it prints. A page or a text
/// may well show such an element in passing, so the source must be meant as XML.
fn buried(head: &str, hint: &Hint) -> Option<FeedFormat> {
    let at =
        ["<rss", "<feed", "<rdf:rdf", "<RDF", "<rdf:RDF", "<alert "].iter().filter_map(|tag| head.find(tag)).min()?;
    let named = hint.name.to_ascii_lowercase();
    let media = hint.content_type.as_deref().unwrap_or_default();
    let is_meant = media.contains("xml")
        || [".xml", ".rss", ".rdf", ".atom", ".cap"].iter().any(|end| named.ends_with(end))
        || head.get(..at).is_some_and(|before| before.contains("<?xml"));
    let is_document = [".md", ".markdown", ".txt", ".html", ".htm"].iter().any(|end| named.ends_with(end));
    (is_meant && !is_document).then(|| by_root(root(head.get(at..)?)))?
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
