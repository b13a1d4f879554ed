//! RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed.

use super::{Hint, Parsed, blank};
use crate::{
    feeds::{ItemFault, ParseError, dates, decode::as_utf8_xml, sanitize},
    model::{Attachment, Block, Notice, Span},
};
use feed_rs::{
    model::{Content, Entry, Text},
    parser::{self, ParseFeedError},
};
use jiff::Timestamp;
use url::Url;

/// Characters of a summary.
const SUMMARY: usize = 400;
/// Words that stand where a source gives neither a title nor a body.
const UNTITLED: &str = "（无标题）";

/// Reads a feed's document, already decoded.
pub fn parse(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let is_json = text.trim_start_matches(['\u{FEFF}']).trim_start().starts_with(['{', '[']);
    let text = if is_json { text.trim_start_matches('\u{FEFF}').to_owned() } else { as_utf8_xml(text) };
    let text = if is_json { text } else { whole_feed(text) };
    let parser = parser::Builder::new()
        .base_uri(hint.base.as_ref().map(Url::as_str))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| {
            let at = dates::parse(text)?;
            chrono::DateTime::from_timestamp(at.as_second(), at.subsec_nanosecond().unsigned_abs())
        })
        .build();
    let feed = parser.parse(hint.stop.over(text.as_bytes())).map_err(|e| ParseError(reason(&e, &text)))?;
    let home = feed.links.iter().find_map(|l| Url::parse(&l.href).ok()).or_else(|| hint.base.clone());
    let mut parsed = Parsed::default();
    for (number, entry) in feed.entries.into_iter().enumerate() {
        let notice = notice(entry, home.as_ref());
        if notice.title == UNTITLED && notice.link.is_none() {
            parsed.faults.push(ItemFault {
                item: format!("item {}", number + 1),
                reason: "it has neither a title nor a body nor a link".into(),
            });
            continue;
        }
        parsed.items.push(notice);
    }
    if parsed.items.is_empty() && parsed.faults.is_empty() {
        parsed
            .faults
            .push(ItemFault { item: hint.name.clone(), reason: "the feed is well-formed and holds no item".into() });
    }
    Ok(parsed)
}

/// Atom allows a document that is one entry (RFC 4287, section 2); it is read as a feed of one.
fn whole_feed(xml: String) -> String {
    match xml.split_once("?>") {
        Some((head, body)) if super::root(body) == "entry" => {
            let (before, entry) = body.split_at(body.find("<entry").unwrap_or_default());
            format!("{head}?>{before}<feed xmlns=\"http://www.w3.org/2005/Atom\">{entry}</feed>")
        }
        _ => xml,
    }
}

/// One sentence with the line, where the parser tells a position.
fn reason(error: &ParseFeedError, text: &str) -> String {
    use feed_rs::parser::ParseErrorKind as Kind;
    let position = match error {
        ParseFeedError::ParseError(
            Kind::UnknownMimeType { position, .. }
            | Kind::MissingContent { position, .. }
            | Kind::UnknownEnumVariant { position, .. }
            | Kind::IllegalState { position, .. },
        ) => usize::try_from(*position).ok(),
        _ => None,
    };
    let line = position.and_then(|p| text.as_bytes().get(..p)).map(|b| b.iter().filter(|b| **b == b'\n').count() + 1);
    let at = line.map(|n| format!("line {n}: ")).unwrap_or_default();
    format!("{at}it is not a well-formed feed ({error}); the office must mend what it publishes")
}

fn notice(entry: Entry, home: Option<&Url>) -> Notice {
    let base = entry.base.as_deref().and_then(|b| Url::parse(b).ok());
    let link = entry
        .links
        .iter()
        .find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"))
        .or_else(|| entry.links.iter().find(|l| l.rel.as_deref() != Some("enclosure")))
        .and_then(|l| absolute(&l.href, base.as_ref().or(home)));
    let page = link.as_deref().and_then(|l| Url::parse(l).ok());
    let base = base.as_ref().or(page.as_ref()).or(home);
    let body = entry.content.as_ref().map(|c| content(c, base)).filter(|b| !b.is_empty());
    let summary = entry.summary.as_ref().map(|t| text(t, base)).unwrap_or_default();
    let body = body.unwrap_or_else(|| summary.clone());
    let line = |blocks: &[Block]| blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
    let short = if summary.is_empty() { line(&body) } else { line(&summary) };
    let mut title = entry.title.as_ref().map(|t| sanitize::plain(&t.content)).unwrap_or_default();
    if title.is_empty() {
        title = cut(&line(&body), 40);
    }
    if title.is_empty() {
        title = UNTITLED.into();
    }
    let attachments = attachments(&entry, base);
    let stamp = |at: Option<chrono::DateTime<chrono::Utc>>| at.and_then(|t| Timestamp::from_second(t.timestamp()).ok());
    let updated = stamp(entry.updated);
    let author = entry.authors.iter().filter_map(|a| a.name.as_deref()).map(str::trim).find(|n| !n.is_empty());
    let key = [Some(entry.id), link.clone()].into_iter().flatten().find(|k| !k.trim().is_empty());
    Notice {
        key: key.unwrap_or_else(|| title.clone()),
        title,
        author: author.map(str::to_owned),
        published: stamp(entry.published).or(updated),
        updated,
        summary: cut(&short, SUMMARY),
        body,
        attachments,
        link,
        ..blank()
    }
}

fn content(content: &Content, base: Option<&Url>) -> Vec<Block> {
    let body = content.body.as_deref().unwrap_or_default();
    markup(body, content.content_type.essence().to_string().as_str(), base)
}

fn text(text: &Text, base: Option<&Url>) -> Vec<Block> {
    markup(&text.content, text.content_type.essence().to_string().as_str(), base)
}

fn markup(text: &str, media: &str, base: Option<&Url>) -> Vec<Block> {
    // Many feeds say text/plain of what is HTML.
    let has_tags = text.contains("</") || text.contains("/>") || text.contains("<br") || text.contains("<p>");
    if media == "text/plain" && !has_tags {
        return text
            .split('\n')
            .map(|line| sanitize::tidy(vec![Span::plain(line)]))
            .filter(|spans| !spans.is_empty())
            .map(|spans| Block::Paragraph { spans })
            .collect();
    }
    sanitize::blocks(text, base)
}

fn attachments(entry: &Entry, base: Option<&Url>) -> Vec<Attachment> {
    let enclosures = entry.links.iter().filter(|l| l.rel.as_deref() == Some("enclosure")).filter_map(|l| {
        Some(Attachment { url: absolute(&l.href, base)?, media_type: l.media_type.clone(), title: l.title.clone() })
    });
    let media = entry.media.iter().flat_map(|m| {
        let title = m.title.as_ref().map(|t| sanitize::plain(&t.content));
        m.content.iter().filter_map(move |c| {
            Some(Attachment {
                url: absolute(c.url.as_ref()?.as_str(), base)?,
                media_type: c.content_type.as_ref().map(ToString::to_string),
                title: title.clone(),
            })
        })
    });
    let mut all: Vec<Attachment> = Vec::new();
    for attachment in enclosures.chain(media) {
        if all.iter().all(|a| a.url != attachment.url) {
            all.push(attachment);
        }
    }
    all
}

fn absolute(address: &str, base: Option<&Url>) -> Option<String> {
    let url = Url::parse(address.trim()).ok().or_else(|| base.and_then(|b| b.join(address.trim()).ok()))?;
    // What comes from elsewhere names no files of this machine.
    let is_file = url.scheme() == "file" && base.is_some_and(|b| b.scheme() == "file");
    (is_file || matches!(url.scheme(), "http" | "https" | "ftp")).then(|| url.to_string())
}

/// The first characters of a text on one line.
pub(in crate::feeds) fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most).chain(['…']).collect()
}
