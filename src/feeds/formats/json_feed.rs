//! JSON Feed 1.0 and 1.1 (jsonfeed.org), read as leniently as it is written.

use super::entry::{EntryText, FeedEntry, absolute};
use crate::{
    feeds::{
        ItemFault, ParseError, dates,
        hint::{Hint, Parsed},
    },
    model::Attachment,
};
use jiff::tz::TimeZone;
use serde_json::Value;
use url::Url;

/// Reads a JSON Feed.
///
/// # Errors
/// One sentence, where it has no list of items.
pub fn read(feed: &Value, hint: &Hint) -> Result<Parsed, ParseError> {
    let items = feed.get("items").and_then(Value::as_array).ok_or_else(|| {
        ParseError("it is JSON, but neither a JSON Feed with items nor an OCDS release or record package".into())
    })?;
    let homes = ["home_page_url", "feed_url"].map(|key| text(feed, key).and_then(|u| absolute(&u, None)));
    let home = homes.into_iter().flatten().next().or_else(|| hint.base.clone());
    let author = author(feed);
    let mut parsed = Parsed::default();
    for (number, item) in items.iter().enumerate() {
        let mut entry = entry(item, home.as_ref(), hint.zone());
        entry.author = entry.author.or_else(|| author.clone());
        match entry.notice(home.as_ref(), hint) {
            Some(notice) => parsed.items.push(notice),
            None => parsed.faults.push(ItemFault {
                item: format!("item {}", number + 1),
                reason: "it has neither a title nor a body nor a link".into(),
            }),
        }
    }
    Ok(parsed)
}

/// A text, or a number, which many write for ids.
fn text(of: &Value, key: &str) -> Option<String> {
    match of.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn author(of: &Value) -> Option<String> {
    let several = of.get("authors").and_then(Value::as_array).and_then(|a| a.first());
    of.get("author").or(several).and_then(|a| text(a, "name"))
}

fn entry(item: &Value, home: Option<&Url>, zone: &TimeZone) -> FeedEntry {
    let link = |key| text(item, key).and_then(|u| absolute(&u, home)).map(|u| u.to_string());
    let date = |key| text(item, key).and_then(|d| dates::parse(&d, zone));
    let plain = text(item, "content_text").map(EntryText::plain);
    let html = text(item, "content_html").map(EntryText::html);
    let summary = text(item, "summary").map(EntryText::plain);
    let (content, spare) = if html.is_some() { (html, plain) } else { (plain, None) };
    let files = item.get("attachments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let attachment = |file: &Value| {
        let url = absolute(&text(file, "url")?, home)?.to_string();
        Some(Attachment { url, media_type: text(file, "mime_type"), title: text(file, "title") })
    };
    FeedEntry {
        id: text(item, "id").unwrap_or_default(),
        title: EntryText::html(text(item, "title").unwrap_or_default()),
        link: link("url").or_else(|| link("external_url")),
        published: date("date_published"),
        updated: date("date_modified"),
        author: author(item),
        summary: summary.or(spare).unwrap_or_default(),
        content: content.unwrap_or_default(),
        attachments: files.iter().filter_map(attachment).collect(),
        ..FeedEntry::default()
    }
}
