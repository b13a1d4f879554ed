//! Parsers that stand behind others, for tests that feed them anything: each takes any bytes and must come to an end.

use super::{Stop, dates, decode, listed, page, sanitize};
use crate::config::Page;
use jiff::Timestamp;
use url::Url;

/// Charset detection and decoding, with what a server or an admin may have said.
pub fn text(bytes: &[u8], content_type: Option<&str>, charset: Option<&str>) -> String {
    decode::decode(bytes, content_type, charset).0
}

/// Dates as feeds and as lists write them.
pub fn date(text: &str) -> [Option<Timestamp>; 2] {
    [dates::parse(text), listed::find(text, Timestamp::UNIX_EPOCH)]
}

/// A list page and an article, by selectors.
pub fn pages(text: &str, selectors: &Page) {
    let Ok(place) = Url::parse("http://portal.example/gk/") else { return };
    page::trial(text, &place, selectors);
}

/// The words of HTML on one line.
pub fn words(html: &str) -> String {
    sanitize::blocks_until(html, None, &Stop::default()).iter().map(crate::model::Block::plain_text).collect()
}
