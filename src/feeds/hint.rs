//! What is known of a document before it is read, and what it holds.

use super::{ItemFault, StopToken, dates, detect::Clues, raw::Recorder};
use crate::{
    config::{FeedFormat, Site},
    model::Notice,
};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::{Deserialize, Serialize};
use url::Url;

/// What is known of a document before it is read.
#[derive(Debug, Clone)]
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
    pub stop: StopToken,
    /// When it is read, in the site's zone: times that name no zone are of that, dates without a year of the latest
    /// year in which they are not after it.
    pub now: Zoned,
    /// Notes the files of a folder.
    pub recorder: Option<Recorder>,
}

impl Default for Hint {
    fn default() -> Self {
        Self {
            content_type: None,
            base: None,
            name: String::new(),
            format: FeedFormat::default(),
            charset: None,
            feed_only: false,
            most: None,
            stop: StopToken::default(),
            now: Timestamp::UNIX_EPOCH.to_zoned(Site::default().zone()),
            recorder: None,
        }
    }
}

/// What a document holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Parsed {
    /// Its notices, in its order.
    pub items: Vec<Notice>,
    /// Items that could not be read, and what was ill-formed and read all the same.
    pub faults: Vec<ItemFault>,
}

impl Hint {
    /// The site's time zone.
    pub(super) fn zone(&self) -> &TimeZone {
        self.now.time_zone()
    }

    /// What tells the document's format.
    pub(super) fn known(&self) -> Clues<'_> {
        let (content_type, charset) = (self.content_type.as_deref(), self.charset.as_deref());
        Clues { content_type, name: &self.name, charset, wanted: self.format }
    }
}

/// What a document's file name says: its identity, its name without the date in it, and that date.
pub(super) fn named(hint: &Hint) -> (String, String, Option<Timestamp>) {
    let file = hint.name.rsplit(['/', '\\']).next().unwrap_or(&hint.name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // An address writes what is not Latin in percents.
    let is_web = hint.base.as_ref().is_some_and(|b| b.scheme() != "file");
    let plain = stem.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let decoded = url::form_urlencoded::parse(plain.as_bytes()).next().filter(|_| is_web);
    let stem = decoded.map_or_else(|| stem.to_owned(), |(name, _)| name.into_owned());
    let (day, name) = dates::in_name(&stem);
    (file.to_owned(), name.to_owned(), day.and_then(|day| dates::midnight(day, hint.zone())))
}
