//! Where each version of a notice came from, and the documents themselves as they were sent: once for equal bytes,
//! within a bound on the room they take.
//!
//! Address, time, size and digest are kept for ever; the bytes go when room is short, first those that nothing current
//! comes from, then those of the oldest notices.

use super::{Store, StoreError, rows};
use crate::{
    feeds::{Harvest, HarvestOutcome, RawDigest, unpack},
    model::NoticeId,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{HashMap, HashSet};

/// A document that a notice was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceInfo {
    /// The store's number for it.
    pub id: i64,
    /// Where it was found: an address, or a file's place in its folder.
    pub address: String,
    /// When these bytes were first seen there.
    pub fetched_at: Timestamp,
    /// Its content type, as the server said it.
    pub media_type: Option<String>,
    /// SHA-256 of its bytes, in lower-case hex.
    pub digest: String,
    /// How many bytes it has.
    pub size: u64,
    /// Whether the bytes are still kept.
    pub is_kept: bool,
}

impl Store {
    /// What a version of a notice was read from, its own page before the list that led to it; the present version where
    /// none is named.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn sources(&self, notice: NoticeId, version: Option<u32>) -> Result<Vec<SourceInfo>, StoreError> {
        let read = || {
            self.conn
                .prepare_cached(
                    "SELECT s.id, s.address, s.fetched, s.media_type, s.digest, s.size, s.raw IS NOT NULL
                     FROM notice_source x JOIN source s ON s.id = x.source JOIN notice n ON n.id = x.notice
                     WHERE x.notice = ?1 AND x.version = coalesce(?2, n.version)
                     ORDER BY s.address <> n.source, s.id",
                )?
                .query_map(params![notice.0, version], |row| {
                    Ok(SourceInfo {
                        id: row.get(0)?,
                        address: row.get(1)?,
                        fetched_at: rows::instant(row.get(2)?),
                        media_type: row.get(3)?,
                        digest: rows::hex(row.get_ref(4)?.as_blob()?),
                        size: row.get::<_, i64>(5)?.unsigned_abs(),
                        is_kept: row.get(6)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.fail(&e))
    }

    /// A document's bytes, by its number; `None` where they had to make room.
    ///
    /// # Errors
    /// Where the store cannot be read, or the bytes are damaged.
    pub fn raw(&self, source: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let found: Option<(Vec<u8>, i64)> = self
            .conn
            .query_row(
                "SELECT r.packed, s.size FROM source s JOIN raw r ON r.id = s.raw WHERE s.id = ?1",
                [source],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|e| self.fail(&e))?;
        found.map(|(packed, size)| unpack(&packed, size.unsigned_abs())).transpose().map_err(|e| StoreError::Failed {
            path: self.path.clone(),
            reason: format!("document {source} cannot be unpacked ({e})"),
        })
    }

    /// The digests of a feed's documents whose bytes are kept, so that a look need not pack them again.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn raw_held(&self, feed: &str) -> Result<HashSet<RawDigest>, StoreError> {
        let read = || {
            self.conn
                .prepare_cached(
                    "SELECT s.digest FROM source s
                     WHERE s.feed = (SELECT id FROM feed WHERE name = ?1) AND s.raw IS NOT NULL",
                )?
                .query_map([feed], |row| row.get(0))?
                .collect::<rusqlite::Result<HashSet<RawDigest>>>()
        };
        read().map_err(|e| self.fail(&e))
    }

    /// Drops documents' bytes until they take `room` at most: first those that nothing current comes from, oldest first,
    /// then those of the oldest notices. Says how many went.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn bound_raw(&mut self, room: u64) -> Result<usize, StoreError> {
        let bound = |conn: &mut Connection| {
            let taken: i64 = conn.query_row("SELECT coalesce(sum(room), 0) FROM raw", [], |row| row.get(0))?;
            if taken.unsigned_abs() <= room {
                return Ok(0);
            }
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let gone = make_room(&tx, taken.unsigned_abs(), room)?;
            tx.commit()?;
            Ok(gone)
        };
        bound(&mut self.conn).map_err(|e| self.fail(&e))
    }
}

fn make_room(tx: &Transaction<'_>, mut taken: u64, room: u64) -> rusqlite::Result<usize> {
    let mut order = tx.prepare_cached(
        "SELECT r.id, r.room FROM raw r LEFT JOIN (
             SELECT raw, max(newest) AS newest FROM (
                 SELECT s.raw, n.sorted_at AS newest FROM source s JOIN notice_source x ON x.source = s.id
                 JOIN public_notice n ON n.id = x.notice AND n.version = x.version
                 WHERE s.raw IS NOT NULL
                 UNION ALL SELECT s.raw, 9223372036854775807 FROM feed_source f JOIN source s ON s.id = f.source
                 WHERE s.raw IS NOT NULL)
             GROUP BY raw) used ON used.raw = r.id
         ORDER BY used.newest, r.id",
    )?;
    let mut oldest = order.query([])?;
    let mut going = Vec::new();
    while taken > room
        && let Some(row) = oldest.next()?
    {
        going.push(row.get::<_, i64>(0)?);
        taken = taken.saturating_sub(row.get::<_, i64>(1)?.unsigned_abs());
    }
    drop(oldest);
    let mut gone = tx.prepare_cached("DELETE FROM raw WHERE id = ?1")?;
    for id in &going {
        gone.execute([id])?;
    }
    Ok(going.len())
}

/// The documents of one look, put into the store as far as something new comes from them.
pub(super) struct Sources<'a> {
    conn: &'a Connection,
    feed: i64,
    harvest: &'a Harvest,
    /// By what items name as their source.
    own: HashMap<&'a str, usize>,
    /// Those that no item names: lists, and what all rows come from.
    common: Vec<usize>,
    stored: HashMap<usize, i64>,
}

impl<'a> Sources<'a> {
    pub fn new(conn: &'a Connection, feed: i64, harvest: &'a Harvest) -> Self {
        let named: HashSet<&str> = match &harvest.outcome {
            HarvestOutcome::Notices { items, .. } => items.iter().map(|i| i.source.as_str()).collect(),
            HarvestOutcome::Rows { .. } | HarvestOutcome::Unchanged => HashSet::new(),
        };
        let (mut own, mut common) = (HashMap::new(), Vec::new());
        for (number, raw) in harvest.raw.iter().enumerate() {
            let names = [Some(raw.address.as_str()), raw.asked.as_deref()].into_iter().flatten();
            let names: Vec<&str> = names.filter(|name| named.contains(name)).collect();
            if names.is_empty() {
                common.push(number);
            }
            own.extend(names.into_iter().map(|name| (name, number)));
        }
        Self { conn, feed, harvest, own, common, stored: HashMap::new() }
    }

    /// Notes that a version of a notice came from `source` and from what all came from.
    pub fn name(&mut self, notice: i64, version: i64, source: &str) -> rusqlite::Result<()> {
        let numbers: Vec<usize> = self.own.get(source).into_iter().chain(&self.common).copied().collect();
        for number in numbers {
            let Some(id) = self.keep(number)? else { continue };
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO notice_source (notice, version, source) VALUES (?1, ?2, ?3)")?
                .execute([notice, version, id])?;
        }
        Ok(())
    }

    /// Keeps all of them, as what the feed's rows came from.
    pub fn name_rows(&mut self) -> rusqlite::Result<()> {
        if self.harvest.raw.is_empty() {
            return Ok(());
        }
        self.conn.prepare_cached("DELETE FROM feed_source WHERE feed = ?1")?.execute([self.feed])?;
        for number in 0..self.harvest.raw.len() {
            let Some(id) = self.keep(number)? else { continue };
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO feed_source (feed, source) VALUES (?1, ?2)")?
                .execute([self.feed, id])?;
        }
        Ok(())
    }

    fn keep(&mut self, number: usize) -> rusqlite::Result<Option<i64>> {
        if let Some(id) = self.stored.get(&number) {
            return Ok(Some(*id));
        }
        let Some(raw) = self.harvest.raw.get(number) else { return Ok(None) };
        if let Some(packed) = &raw.packed {
            self.conn
                .prepare_cached("INSERT INTO raw (digest, room, packed) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
                .execute(params![raw.digest, i64::try_from(packed.len()).unwrap_or(i64::MAX), packed])?;
        }
        let id = self
            .conn
            .prepare_cached(
                "INSERT INTO source (feed, address, digest, fetched, media_type, size, raw)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT id FROM raw WHERE digest = ?3))
                 ON CONFLICT (feed, address, digest) DO UPDATE SET raw = coalesce(raw, excluded.raw) RETURNING id",
            )?
            .query_row(
                params![
                    self.feed,
                    raw.address,
                    raw.digest,
                    rows::micros(raw.fetched_at),
                    raw.media_type,
                    i64::try_from(raw.size).unwrap_or(i64::MAX)
                ],
                |row| row.get(0),
            )?;
        self.stored.insert(number, id);
        Ok(Some(id))
    }
}
