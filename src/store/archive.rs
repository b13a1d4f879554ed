//! Reading: editions, documents, versions, characters.

use super::{Store, StoreError, VersionInfo, cases, lists::Lists, registers, rows, warnings};
use crate::{
    config::Config,
    edition::{Document, Edition, FeedHealth},
    model::{Notice, NoticeId},
};
use jiff::{Timestamp, civil::Date};
use rusqlite::{OptionalExtension, Row};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

impl Store {
    /// An edition with every current notice, newest first: by publication, else by when they were first seen, and then by
    /// their order in the source. Alerts that are not meant, or that others have ended, are left out; those that are over
    /// are left out by [`Edition::without_ended`]. It grows with the store: for tests and tools, screens get
    /// [`Store::edition_on`].
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn edition(&self, number: u64) -> Result<Edition, StoreError> {
        let read = || {
            let tx = self.conn.unchecked_transaction()?;
            let mut heads = rows::Heads::new(&tx)?;
            let mut query = tx.prepare_cached(&format!(
                "SELECT {} FROM public_notice WHERE ends_at IS NULL OR ends_at > 0 ORDER BY sorted_at DESC, id DESC",
                rows::HEAD
            ))?;
            let mut found = query.query([])?;
            let mut notices = Vec::new();
            while let Some(row) = found.next()? {
                notices.extend(heads.read(row)?.map(Arc::new));
            }
            Ok(Edition::new(number, notices, feeds(heads)).with_warnings(warnings::current(&tx, 0)?))
        };
        read().map_err(|e| self.fail(&e))
    }

    /// The snapshot a config shows on a day: what its zones and the home pages of its kiosks show of the
    /// notices of its enabled feeds, the newest of each heading where there is a kiosk, how many notices each heading has,
    /// the registers that have files and rows, how each unit's cases stand, and the rows that walls show. What it costs is
    /// bounded by the config, not by the store.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn edition_on(&self, number: u64, config: &Config, today: Date) -> Result<Edition, StoreError> {
        let read = || {
            // One transaction, so that all of it is of the same instant.
            let tx = self.conn.unchecked_transaction()?;
            // Alerts that end in the course of the day are left out by `Edition::without_ended`.
            let begins = today.to_zoned(config.site.zone()).map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
            let mut lists = Lists::new(&tx, config, begins)?;
            let notices = lists.on_screens(config, today)?;
            let counts = lists.counts(today)?;
            let warnings = warnings::current(&tx, rows::micros(begins))?;
            let mut edition = Edition::new(number, notices, feeds(lists.into_feeds()))
                .with_counts(today, counts)
                .with_warnings(warnings);
            edition.registers = registers::heads(&tx, config)?;
            edition.totals = cases::today(&tx, config, today)?;
            edition.walls = registers::walls(&tx, config, today)?;
            Ok(edition)
        };
        read().map_err(|e| self.fail(&e))
    }

    /// One current notice, whole. `None` where there is none, and where its source has withdrawn it: what an office
    /// took down is not shown.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn document(&self, id: NoticeId) -> Result<Option<Document>, StoreError> {
        self.read_document(id).map_err(|e| self.fail(&e))
    }

    fn read_document(&self, id: NoticeId) -> rusqlite::Result<Option<Document>> {
        let tx = self.conn.unchecked_transaction()?;
        let mut heads = rows::Heads::new(&tx)?;
        tx.prepare_cached(&format!(
            "SELECT {}, source, n.digest, content,
                 (SELECT max(s.fetched) FROM notice_source x JOIN source s ON s.id = x.source
                  WHERE x.notice = n.id AND x.version = n.version) FROM public_notice n
             JOIN (SELECT notice, number AS held, content FROM version) v ON v.notice = n.id AND v.held = n.version
             WHERE id = ?1",
            rows::HEAD
        ))?
        .query_row([id.0], |row| {
            let Some(head) = heads.read(row)? else { return Ok(None) };
            let feed: i64 = row.get(1)?;
            Ok(Some(Document {
                notice: rows::notice(row.get_ref(16)?.as_blob()?)?,
                source: row.get(14)?,
                source_title: heads.feeds.remove(&feed).map(|f| f.title).unwrap_or_default(),
                digest: rows::hex(row.get_ref(15)?.as_blob()?),
                fetched_at: row.get::<_, Option<i64>>(17)?.map(rows::instant),
                pictures: HashMap::new(),
                head,
            }))
        })
        .optional()
        .map(Option::flatten)
    }

    /// The versions of a notice, oldest first; withdrawn ones included.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn versions(&self, id: NoticeId) -> Result<Vec<VersionInfo>, StoreError> {
        self.read_versions(id).map_err(|e| self.fail(&e))
    }

    fn read_versions(&self, id: NoticeId) -> rusqlite::Result<Vec<VersionInfo>> {
        self.conn
            .prepare_cached("SELECT number, seen, digest, content FROM version WHERE notice = ?1 ORDER BY number")?
            .query_map([id.0], version_info)?
            .collect()
    }

    /// What a notice said in one of its versions; `None` where there is no such version.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn version(&self, id: NoticeId, number: u32) -> Result<Option<Notice>, StoreError> {
        self.conn
            .query_row("SELECT content FROM version WHERE notice = ?1 AND number = ?2", [id.0, number.into()], |row| {
                rows::notice(row.get_ref(0)?.as_blob()?)
            })
            .optional()
            .map_err(|e| self.fail(&e))
    }

    /// How often each character stands in the words of the current notices, bodies included; control characters are
    /// left out. Reads every body: about a second for a hundred megabytes.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn characters(&self) -> Result<BTreeMap<char, u64>, StoreError> {
        self.count_characters().map_err(|e| self.fail(&e))
    }

    fn count_characters(&self) -> rusqlite::Result<BTreeMap<char, u64>> {
        let mut counts: HashMap<char, u64> = HashMap::new();
        let mut count = |text: &str| {
            for c in text.chars().filter(|c| !c.is_control()) {
                *counts.entry(c).or_default() += 1;
            }
        };
        let mut query = self.conn.prepare(
            "SELECT v.content FROM public_notice n JOIN version v ON v.notice = n.id AND v.number = n.version",
        )?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let notice = rows::notice(row.get_ref(0)?.as_blob()?)?;
            count(&notice.title);
            count(&notice.kind);
            count(&notice.summary);
            for text in [&notice.issuer, &notice.number, &notice.author].into_iter().flatten() {
                count(text);
            }
            for block in &notice.body {
                count(&block.plain_text());
            }
            for title in notice.attachments.iter().filter_map(|a| a.title.as_deref()) {
                count(title);
            }
        }
        Ok(counts.into_iter().collect())
    }
}

/// How each feed fares, by name.
fn feeds(heads: rows::Heads) -> Vec<FeedHealth> {
    let health = |feed: rows::FeedRow| FeedHealth {
        name: feed.name.to_string(),
        title: feed.title,
        last_ok: feed.last_ok.map(rows::instant),
        fault: feed.fault,
        held: feed.held,
    };
    let mut feeds: Vec<FeedHealth> = heads.feeds.into_values().map(health).collect();
    feeds.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    feeds
}

fn version_info(row: &Row<'_>) -> rusqlite::Result<VersionInfo> {
    #[derive(Deserialize)]
    struct Titled {
        title: String,
    }
    let content = row.get_ref(3)?.as_blob()?;
    let Titled { title } = serde_json::from_slice(content)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Blob, e.into()))?;
    Ok(VersionInfo {
        number: row.get(0)?,
        seen: rows::instant(row.get(1)?),
        title,
        digest: rows::hex(row.get_ref(2)?.as_blob()?),
    })
}
