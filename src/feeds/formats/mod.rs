//! The funnel: detect, adapter, model. Every adapter gives the same [`Parsed`].

mod alert;
mod documents;
pub(super) mod docx;
mod entry;
mod json_feed;
mod newest;
mod ocds;
mod syndication;
mod warning_days;
mod xml;

use super::{
    ItemFault, ParseError,
    decode::{EncodingChoice, decode},
    detect::{Detected, DocumentFormat, detect, is_packed},
    hint::{Hint, Parsed},
    pdf,
    table::SheetTask,
    tree,
    words::cut,
};
use crate::{
    config::{Config, Feed, FeedFormat},
    model::Notice,
};
use newest::Newest;
use std::{
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Bytes by which a document's charset and format are found out while it is streamed.
const LEAD: usize = 1024 * 1024;
/// Empty items told one by one.
const TOLD: usize = 200;
/// Bytes of a text that are read: its blocks take several times as much. The longest laws have a tenth of that.
const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a web page that are read; of its words fewer (`feeds/dom.rs`), and its markup takes little.
const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;
/// Characters of a reason.
const REASON: usize = 400;

/// Reads a document.
///
/// # Errors
/// One sentence, where it is empty, binary, damaged or of no known format. A parser that panics is such an error.
pub fn parse(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    let found = told(bytes, hint)?;
    let mut parsed = guarded(|| read(bytes, found, hint))?;
    parsed.faults.extend(omission(hint));
    Ok(parsed)
}

/// Reads a web page in this process: what a worker does.
///
/// # Errors
/// As [`parse`].
pub(super) fn page_here(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let mut parsed = documents::html_here(text, hint)?;
    parsed.faults.extend(omission(hint));
    Ok(parsed)
}

/// What was left out of a document that was read all the same.
fn omission(hint: &Hint) -> Option<ItemFault> {
    hint.stop.take_omission().map(|reason| ItemFault { item: hint.name.clone(), reason: reason.into() })
}

/// A document of words, as far as one is read; says how much was left out.
fn prose(
    bytes: &[u8],
    max_bytes: usize,
    hint: &Hint,
    adapter: fn(&str, &Hint) -> Result<Parsed, ParseError>,
) -> Result<Parsed, ParseError> {
    let head = bytes.get(..max_bytes).unwrap_or(bytes);
    let text = decode(head, hint.content_type.as_deref(), hint.charset.as_deref()).0;
    // A character may be cut in the middle.
    let is_cut = head.len() < bytes.len();
    let mut parsed = adapter(if is_cut { text.trim_end_matches('\u{FFFD}') } else { &text }, hint)?;
    if is_cut {
        let reason =
            format!("it has {} MB, of which the first {} are read; split it", bytes.len() >> 20, max_bytes >> 20);
        parsed.faults.push(ItemFault { item: hint.name.clone(), reason });
    }
    Ok(parsed)
}

/// Hands a document to the adapter of its format: the one place that names them all.
fn read(bytes: &[u8], found: Detected, hint: &Hint) -> Result<Parsed, ParseError> {
    let body = bytes.get(found.choice.mark..).unwrap_or_default();
    match found.kind.format {
        DocumentFormat::Syndication => newest_entries(&mut hint.stop.over(body), found.choice, hint),
        DocumentFormat::Alerts => {
            let mut newest = Newest::new(hint.most);
            let mut sink = |notice: Notice| newest.push(notice.published, notice);
            let faults = alert::read(&mut hint.stop.over(body), found.choice.encoding, hint, &mut sink)?;
            Ok(Parsed { items: newest.done(), faults })
        }
        DocumentFormat::Json => json(&decode(bytes, hint.content_type.as_deref(), hint.charset.as_deref()).0, hint),
        DocumentFormat::Markdown => prose(bytes, MAX_TEXT_BYTES, hint, documents::markdown),
        DocumentFormat::Html => prose(bytes, MAX_PAGE_BYTES, hint, documents::html),
        DocumentFormat::Text => prose(bytes, MAX_TEXT_BYTES, hint, documents::plain),
        DocumentFormat::Word => docx::parse(bytes, hint),
        DocumentFormat::Pdf => pdf::parse(bytes, hint),
        DocumentFormat::Workbook
        | DocumentFormat::OldWorkbook
        | DocumentFormat::OpenSheet
        | DocumentFormat::Delimited => rows(bytes, hint),
        DocumentFormat::Companion | DocumentFormat::Refused => Err(ParseError(found.kind.name.into())),
    }
}

/// What a document is, where it can be read as one.
fn told(bytes: &[u8], hint: &Hint) -> Result<Detected, ParseError> {
    let reason = match hint.format {
        FeedFormat::Page => "a list page is one address or file, not one of a folder; name it in source",
        FeedFormat::Sheet | FeedFormat::Json => "a feed of this format is read by its own sections; name the feed",
        _ => "",
    };
    if !reason.is_empty() {
        return Err(ParseError(reason.into()));
    }
    let found = detect(bytes, &hint.known()).map_err(ParseError)?;
    if hint.feed_only && hint.format == FeedFormat::Auto {
        excuse(found.kind.format)?;
    }
    Ok(found)
}

/// A spreadsheet among documents: one notice a row, by the titles that columns of notices usually have.
fn rows(bytes: &[u8], hint: &Hint) -> Result<Parsed, ParseError> {
    let feed = Feed { charset: hint.charset.clone(), ..Feed::default() };
    let config = Config::default();
    let task = SheetTask::new("", &feed, &config, hint.now.timestamp()).map_err(|e| ParseError(e.reason))?;
    let task = SheetTask { now: hint.now.clone(), ..task };
    let mut gathered = task.document(&hint.name, bytes.to_vec(), hint).map_err(ParseError)?;
    if gathered.notices.is_empty() && gathered.faults.is_empty() {
        let reason = "the table is well-formed and holds no row".into();
        gathered.faults.push(ItemFault { item: hint.name.clone(), reason });
    }
    let mut newest = Newest::new(hint.most);
    gathered.notices.into_iter().for_each(|h| newest.push(h.notice.published, h.notice));
    Ok(Parsed { items: newest.done(), faults: gathered.faults })
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
    let found = if is_packed(&lead) { None } else { Some(told(&lead, hint)?) };
    let choice = found.map_or(EncodingChoice { encoding: encoding_rs::UTF_8, mark: 0 }, |found| found.choice);
    let mut rest = Cursor::new(lead.get(choice.mark..).unwrap_or_default().to_vec()).chain(&mut *source);
    match found.map(|found| found.kind.format) {
        Some(DocumentFormat::Syndication) => guarded(|| {
            let (mut count, mut given, mut untold) = (0_usize, 0_usize, 0_usize);
            let mut faults = Vec::new();
            let noted = syndication::read(&mut rest, choice.encoding, hint, &mut |entry, head| {
                count += 1;
                match entry.notice(head.home.as_ref(), hint) {
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
            faults.extend(omission(hint));
            Ok(or_empty(count, faults, hint))
        }),
        Some(DocumentFormat::Alerts) => guarded(|| alert::read(&mut rest, choice.encoding, hint, sink)),
        _ => {
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

/// The newest entries of a feed; those that are not taken are never cleaned.
fn newest_entries(source: &mut dyn Read, choice: EncodingChoice, hint: &Hint) -> Result<Parsed, ParseError> {
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
        match entry.notice(home.as_ref(), hint) {
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

/// Refuses what servers and networks put in a feed's place: login pages, error pages and messages.
fn excuse(format: DocumentFormat) -> Result<(), ParseError> {
    let (what, name) = match format {
        DocumentFormat::Html => ("a web page", "html"),
        DocumentFormat::Text => ("plain text", "text"),
        _ => return Ok(()),
    };
    Err(ParseError(format!(
        "it is {what}, not a feed: a login or an error, perhaps; if it is the document itself, write format = \"{name}\""
    )))
}
