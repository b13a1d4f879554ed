//! Parsers that stand behind others, for tests that feed them anything: each takes any bytes and must come to an end.

use super::{ItemFault, StopToken, dates, decode, json, listed, page, sanitize, table};
use crate::{
    config::{Config, Feed, JsonMapping, PortalSelectors},
    model::{Block, Notice, Row, Span},
};
use jiff::{Timestamp, tz::TimeZone};
use url::Url;

/// Charset detection and decoding, with what a server or an admin may have said.
pub fn text(bytes: &[u8], content_type: Option<&str>, charset: Option<&str>) -> String {
    decode::decode(bytes, content_type, charset).0
}

/// Dates as feeds and as lists write them.
pub fn date(text: &str) -> [Option<Timestamp>; 2] {
    [dates::parse(text, &TimeZone::UTC), listed::find(text, &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC))]
}

/// A list page and an article, by selectors.
pub fn pages(text: &str, selectors: &PortalSelectors) {
    let Ok(place) = Url::parse("http://portal.example/gk/") else { return };
    page::trial(text, &place, selectors);
}

/// What came of a table or of a mapped answer.
#[derive(Debug, Default)]
pub struct Taken {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Its notices.
    pub notices: Vec<Notice>,
    /// What could not be read.
    pub faults: Vec<ItemFault>,
}

fn taken(gathered: table::TableOutcome) -> Taken {
    let notices = gathered.notices.into_iter().map(|h| h.notice).collect();
    Taken { rows: gathered.rows, notices, faults: gathered.faults }
}

/// A spreadsheet under an address, by the register that the feed names, else as notices.
///
/// # Errors
/// One sentence, where it is none.
pub fn sheet(bytes: &[u8], name: &str, feed: &Feed, config: &Config) -> Result<Taken, String> {
    let url = Url::parse("http://portal.example/gk/").and_then(|base| base.join(name)).map_err(|e| e.to_string())?;
    let task = table::SheetTask::new("trial", feed, config, Timestamp::UNIX_EPOCH).map_err(|e| e.reason)?;
    let gathered = task.fetched(&url, bytes.to_vec(), None, None, &StopToken::default()).map_err(|e| e.reason)?;
    Ok(taken(gathered))
}

/// One answer of a JSON source, by the register that the feed names, else as notices.
///
/// # Errors
/// One sentence, where it is none, or the paths are not.
pub fn mapped(text: &str, paths: &JsonMapping, feed: &Feed, config: &Config) -> Result<Taken, String> {
    let url = Url::parse("http://portal.example/gk/list.json").map_err(|e| e.to_string())?;
    let task = table::SheetTask::new("trial", feed, config, Timestamp::UNIX_EPOCH).map_err(|e| e.reason)?;
    json::trial(&task, paths, text, &url).map(taken)
}

/// A cell's text as a day and as a month, with no year told.
pub fn cell(text: &str) -> (bool, bool) {
    let today = dates::day(Timestamp::UNIX_EPOCH, &TimeZone::UTC);
    let years = table::Years { told: None, today, zone: TimeZone::UTC };
    let cell = table::SheetCell::of(text);
    (table::day(&cell, &years).is_some(), table::month(&cell, &years).is_ok())
}

/// Where the blocks that HTML becomes lead to, and where their pictures are.
pub fn links(html: &str) -> Vec<String> {
    let of = |spans: Vec<Span>| spans.into_iter().filter_map(|s| s.link).collect::<Vec<_>>();
    let blocks = sanitize::blocks_until(html, None, &StopToken::default()).into_iter();
    let links = blocks.flat_map(|block| match block {
        Block::Paragraph { spans } | Block::Heading { spans, .. } => of(spans),
        Block::List { items, .. } => items.into_iter().flat_map(|i| of(i.spans)).collect(),
        Block::Picture { src, .. } => vec![src],
        _ => Vec::new(),
    });
    links.collect()
}
