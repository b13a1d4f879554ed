//! How values stand in columns.

use crate::{
    config::Config,
    model::{Notice, NoticeHead, NoticeId, ShowPeriod},
};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, Row, types::Type};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    sync::Arc,
};

/// The columns [`Heads::read`] takes, in its order.
pub(super) const HEAD: &str = "id, feed, look, last_seen, title, kind, catalogue, issuer, number, published, \
                               show_from, show_until, summary, version";

/// How many columns [`HEAD`] names.
pub(super) const HEAD_COLUMNS: usize = 14;

/// Microseconds since the Unix epoch; what is finer is lost.
pub(super) fn micros(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

/// The instant a column holds; one outside the calendar is taken for the epoch.
pub(super) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Characters of a summary that heads hold.
const OPENING: usize = 121;

/// The first characters of a summary.
pub(super) fn opening(summary: &str) -> &str {
    summary.char_indices().nth(OPENING).and_then(|(at, _)| summary.get(..at)).unwrap_or(summary)
}

/// A notice from its JSON.
pub(super) fn notice(content: &[u8]) -> rusqlite::Result<Notice> {
    serde_json::from_slice(content).map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, e.into()))
}

/// One row of `feed`.
#[derive(Debug)]
pub(super) struct FeedRow {
    pub name: Arc<str>,
    pub title: String,
    pub look: i64,
    pub last_ok: Option<i64>,
    pub fault: Option<String>,
    pub held: bool,
}

/// Reads heads; what repeats from head to head is held once.
#[derive(Debug)]
pub(super) struct Heads {
    pub feeds: HashMap<i64, FeedRow>,
    names: HashSet<Arc<str>>,
}

impl Heads {
    pub fn new(conn: &Connection) -> rusqlite::Result<Self> {
        let mut query = conn.prepare_cached("SELECT id, name, title, look, last_ok, fault, held FROM feed")?;
        let feeds = query.query_map([], |row| {
            let name: String = row.get(1)?;
            let feed = FeedRow {
                name: name.into(),
                title: row.get(2)?,
                look: row.get(3)?,
                last_ok: row.get(4)?,
                fault: row.get(5)?,
                held: row.get(6)?,
            };
            Ok((row.get(0)?, feed))
        })?;
        Ok(Self { feeds: feeds.collect::<rusqlite::Result<_>>()?, names: HashSet::new() })
    }

    /// The same of the feeds that a config has in use only.
    pub fn in_use(conn: &Connection, config: &Config) -> rusqlite::Result<Self> {
        let mut heads = Self::new(conn)?;
        heads.feeds.retain(|_, feed| config.feeds.get(&*feed.name).is_some_and(|feed| feed.enabled));
        Ok(heads)
    }

    /// The head in a row that starts with the columns [`HEAD`]; `None` where its feed is not among ours.
    pub fn read(&mut self, row: &Row<'_>) -> rusqlite::Result<Option<NoticeHead>> {
        let Some(feed) = self.feeds.get(&row.get(1)?) else { return Ok(None) };
        let own = row.get(3)?;
        let last_seen = if row.get::<_, i64>(2)? == feed.look { feed.last_ok.unwrap_or(own) } else { own };
        let feed = feed.name.clone();
        Ok(Some(NoticeHead {
            id: NoticeId(row.get(0)?),
            version: row.get(13)?,
            feed,
            title: row.get(4)?,
            kind: self.name(row.get_ref(5)?.as_str()?),
            catalogue: self.name(row.get_ref(6)?.as_str()?),
            issuer: row.get_ref(7)?.as_str_or_null()?.map(|s| self.name(s)),
            number: row.get(8)?,
            published: row.get::<_, Option<i64>>(9)?.map(instant),
            show: ShowPeriod { from: day(row, 10)?, until: day(row, 11)? },
            last_seen: instant(last_seen),
            summary: row.get_ref(12)?.as_str()?.into(),
        }))
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }
}

/// A day; one that cannot be read leaves its end open, so that one bad row never costs an edition.
fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.and_then(|s| s.parse().ok()))
}
