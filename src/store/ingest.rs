//! Taking a harvest in: one transaction, all of it or nothing.

use super::{
    IndexEntry, Ingested, Store, StoreError,
    index::{self, Index},
    loss::MaxLoss,
    pictures,
    raw::Sources,
    registers, rows, warnings,
};
use crate::{
    config::Config,
    feeds::{Harvest, HarvestOutcome, Harvested, ItemFault, Validators},
    model::{Notice, NoticeId},
    search::SearchItem,
};
use jiff::{Timestamp, tz::TimeZone};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, named_params, params};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// Notices of one feed that a look is told of at most.
const KNOWN: i64 = 10_000;

impl Store {
    /// Takes a harvest in. New content of a known notice becomes a new version; a whole source's missing notices are
    /// withdrawn, save those it names as unreadable this time; a key that comes twice counts once, by its first item.
    ///
    /// Without a config nothing is held; see [`Store::ingest_with`].
    ///
    /// # Errors
    /// Nothing of the harvest is kept where this fails.
    pub fn ingest(&mut self, harvest: &Harvest) -> Result<Ingested, StoreError> {
        self.ingest_within(harvest, &Config::default(), MaxLoss::any())
    }

    /// As [`Store::ingest`], for harvests of rows as well: a register's file says what its rows are. A row's new content
    /// leaves the old one in its history. A row belongs to the feed that brought it for as long as that feed brings it.
    ///
    /// # Errors
    /// As [`Store::ingest`]; [`StoreError::Register`] for rows of a register that the config does not know, and
    /// [`StoreError::Held`] where more would be withdrawn than the config lets go at once.
    pub fn ingest_with(&mut self, harvest: &Harvest, config: &Config) -> Result<Ingested, StoreError> {
        self.ingest_within(harvest, config, MaxLoss::of(config, &harvest.feed))
    }

    /// As [`Store::ingest_with`], however much would be withdrawn: a person said that it is so.
    ///
    /// # Errors
    /// As [`Store::ingest_with`], but nothing is held.
    pub fn ingest_accepted(&mut self, harvest: &Harvest, config: &Config) -> Result<Ingested, StoreError> {
        self.ingest_within(harvest, config, MaxLoss::any())
    }

    fn ingest_within(&mut self, harvest: &Harvest, config: &Config, most: MaxLoss) -> Result<Ingested, StoreError> {
        if let HarvestOutcome::Rows { register, .. } = &harvest.outcome
            && !config.registers.contains_key(register)
        {
            return Err(StoreError::Register { feed: harvest.feed.clone(), register: register.clone() });
        }
        match take(&mut self.conn, harvest, config, most).map_err(|e| self.fail(&e))? {
            Taken::Done(done) => Ok(done),
            Taken::Held { gone, current } => {
                let held = StoreError::Held { feed: harvest.feed.clone(), gone, current };
                self.record_fault(&harvest.feed, &harvest.title, harvest.at, &held.to_string())?;
                self.conn
                    .execute("UPDATE feed SET held = 1 WHERE name = ?1", [&harvest.feed])
                    .map_err(|e| self.fail(&e))?;
                Err(held)
            }
        }
    }

    /// Brings what is kept of rows, their sums and their clocks, in line with a config whose registers, calendar or time
    /// zone changed, and withdraws the rows of feeds that are switched off or gone. Gives how many rows that took; 0, and
    /// next to no time, where nothing changed. The days of notices follow beside other work ([`Store::index_slice`]).
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn rebuild_derived(&mut self, config: &Config) -> Result<usize, StoreError> {
        let rebuild = |conn: &mut Connection| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            index::count_days_in(&tx, &config.site)?;
            let made = registers::retire(&tx, config)? + registers::rebuild_derived(&tx, config)?;
            tx.commit()?;
            Ok(made)
        };
        rebuild(&mut self.conn).map_err(|e| self.fail(&e))
    }

    /// Notes that a look at a feed failed; its notices and validators stay as they are.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn record_fault(&mut self, feed: &str, title: &str, at: Timestamp, reason: &str) -> Result<(), StoreError> {
        self.conn
            .execute(
                "INSERT INTO feed (name, title, fault, fault_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET title = ?2, fault = ?3, fault_at = ?4",
                params![feed, title, reason, rows::micros(at)],
            )
            .map(drop)
            .map_err(|e| self.fail(&e))
    }

    /// The validators of a feed's last successful look; none for a feed never seen.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn validators(&self, feed: &str) -> Result<Validators, StoreError> {
        self.conn
            .query_row("SELECT etag, last_modified FROM feed WHERE name = ?1", [feed], |row| {
                Ok(Validators { etag: row.get(0)?, last_modified: row.get(1)? })
            })
            .optional()
            .map(Option::unwrap_or_default)
            .map_err(|e| self.fail(&e))
    }

    /// The newest current notices of a feed by key, whole, so that a look need not fetch them again.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn known(&self, feed: &str) -> Result<HashMap<String, Notice>, StoreError> {
        self.read_known(feed).map_err(|e| self.fail(&e))
    }

    fn read_known(&self, feed: &str) -> rusqlite::Result<HashMap<String, Notice>> {
        self.conn
            .prepare_cached(
                "SELECT n.key, v.content FROM notice n JOIN version v ON v.notice = n.id AND v.number = n.version
                 WHERE n.feed = (SELECT id FROM feed WHERE name = ?1) AND n.withdrawn_at IS NULL
                 ORDER BY n.look DESC, n.sorted_at DESC LIMIT ?2",
            )?
            .query_map(rusqlite::params![feed, KNOWN], |row| {
                Ok((row.get(0)?, rows::notice(row.get_ref(1)?.as_blob()?)?))
            })?
            .collect()
    }
}

/// One look at one feed, within its transaction.
struct HarvestTransaction<'a> {
    tx: &'a Transaction<'a>,
    feed: i64,
    number: i64,
    at: i64,
    zone: TimeZone,
}

/// What the store holds of a notice.
struct Known {
    id: i64,
    version: i64,
    first_seen: i64,
    same: bool,
    withdrawn: bool,
}

/// What came of a harvest.
enum Taken {
    Done(Ingested),
    /// Nothing: too much would have been withdrawn.
    Held {
        gone: usize,
        current: usize,
    },
}

fn take(conn: &mut Connection, harvest: &Harvest, config: &Config, most: MaxLoss) -> rusqlite::Result<Taken> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (feed, look, last_ok) = tx.query_row(
        "INSERT INTO feed (name, title) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET title = ?2
         RETURNING id, look, last_ok",
        params![harvest.feed, harvest.title],
        |row| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?)),
    )?;
    let at = rows::micros(harvest.at);
    let current = current(&tx, feed, &harvest.outcome)?;
    let mut sources = Sources::new(&tx, feed, harvest);
    let mut lost = 0;
    let (done, look) =
        match &harvest.outcome {
            HarvestOutcome::Unchanged => (confirmed(&tx, feed, look)?, look),
            HarvestOutcome::Notices { items, whole, faults } => {
                let this = HarvestTransaction { tx: &tx, feed, number: look + 1, at, zone: index::zone(&tx)? };
                let mut done = this.take_items(items, &mut sources)?;
                // Those that fell out of the list were last confirmed when the list before was.
                tx.prepare_cached("UPDATE notice SET last_seen = ?3 WHERE feed = ?1 AND look = ?2")?
                    .execute(params![feed, look, last_ok.unwrap_or(at)])?;
                if *whole {
                    done.withdrawn = this.withdraw_missing(faults)?;
                    lost = done.withdrawn;
                }
                (done, this.number)
            }
            HarvestOutcome::Rows { register, rows, whole, faults } => {
                sources.name_rows()?;
                let this = registers::RowTransaction { tx: &tx, feed, at, last_ok };
                let (done, rows_lost) = registers::take(&this, (register, rows), (*whole, faults), config)?;
                lost = rows_lost;
                (done, look)
            }
        };
    if most.holds(lost, current) {
        drop(sources);
        tx.rollback()?;
        return Ok(Taken::Held { gone: lost, current });
    }
    let Validators { etag, last_modified } = &harvest.validators;
    // An answer that nothing changed may come without the validators that were asked with: they still hold.
    let keep = harvest.outcome == HarvestOutcome::Unchanged && etag.is_none() && last_modified.is_none();
    // Rows that another feed holds are wanted the day it lets them go, whether or not this source has changed then.
    let (etag, last_modified) = if done.elsewhere > 0 { (&None, &None) } else { (etag, last_modified) };
    tx.execute(
        "UPDATE feed SET look = ?2, last_ok = ?3, fault = NULL, fault_at = NULL, held = 0,
             etag = iif(?6, etag, ?4), last_modified = iif(?6, last_modified, ?5) WHERE id = ?1",
        params![feed, look, at, etag, last_modified, keep],
    )?;
    drop(sources);
    tx.commit()?;
    Ok(Taken::Done(done))
}

/// How many items of the kind that came the feed has now.
fn current(tx: &Transaction<'_>, feed: i64, outcome: &HarvestOutcome) -> rusqlite::Result<usize> {
    let count = match outcome {
        HarvestOutcome::Unchanged => return Ok(0),
        HarvestOutcome::Notices { .. } => {
            tx.query_row("SELECT count(*) FROM notice WHERE feed = ?1 AND withdrawn_at IS NULL", [feed], |row| {
                row.get(0)
            })
        }
        HarvestOutcome::Rows { register, .. } => tx.query_row(
            "SELECT count(*) FROM register_row WHERE feed = ?1 AND withdrawn_at IS NULL
                 AND register = (SELECT id FROM register WHERE name = ?2)",
            params![feed, register],
            |row| row.get(0),
        ),
    };
    let count: i64 = count?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn confirmed(tx: &Transaction<'_>, feed: i64, look: i64) -> rusqlite::Result<Ingested> {
    let same: i64 = tx.query_row(
        "SELECT count(*) FROM notice WHERE feed = ?1 AND look = ?2 AND withdrawn_at IS NULL",
        [feed, look],
        |row| row.get(0),
    )?;
    let same = usize::try_from(same).unwrap_or(0) + registers::confirmed(tx, feed)?;
    Ok(Ingested { same, ..Ingested::default() })
}

impl HarvestTransaction<'_> {
    /// Oldest first, so that ids follow publication as far as the harvests allow; a source lists its newest first.
    fn take_items(&self, items: &[Harvested], sources: &mut Sources<'_>) -> rusqlite::Result<Ingested> {
        let mut keys = HashSet::new();
        let mut once: Vec<&Harvested> = items.iter().filter(|i| keys.insert(i.notice.key.as_str())).collect();
        once.reverse();
        once.sort_by_key(|i| i.notice.published.map_or(self.at, rows::micros));
        let mut done = Ingested::default();
        let mut content = Vec::new();
        let mut index = Index::new(self.tx);
        let mut alerts = false;
        for item in once {
            // An exercise is not for the public, and is found by no search.
            let is_public = item.notice.warning.as_ref().is_none_or(|warning| warning.actual);
            let sorted_at = |first_seen: i64| item.notice.published.map_or(first_seen, rows::micros);
            let entry = |id: i64, first_seen: i64| {
                IndexEntry::of_notice(NoticeId(id), sorted_at(first_seen), &item.notice, &self.zone)
            };
            content.clear();
            serde_json::to_writer(&mut content, &item.notice)
                .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
            let digest = rows::sha256(&content);
            match self.known(&item.notice.key, &digest)? {
                None => {
                    let id = self.insert(item, &digest)?;
                    self.add_version(id, 1, &digest, &content)?;
                    pictures::name(self.tx, id, &item.notice)?;
                    if item.notice.warning.is_some() {
                        alerts |= warnings::keep(self.tx, id, &item.notice)?;
                    }
                    if is_public {
                        index.add(&entry(id, self.at))?;
                    }
                    sources.name(id, 1, &item.source)?;
                    done.new += 1;
                }
                Some(known) if known.same => {
                    self.confirm(known.id, &item.source)?;
                    if known.withdrawn {
                        if is_public {
                            index.put(&entry(known.id, known.first_seen))?;
                        }
                        done.changed += 1;
                    } else {
                        done.same += 1;
                    }
                }
                Some(known) => {
                    self.add_version(known.id, known.version + 1, &digest, &content)?;
                    self.update(&known, item, &digest)?;
                    pictures::name(self.tx, known.id, &item.notice)?;
                    alerts |= warnings::keep(self.tx, known.id, &item.notice)?;
                    if is_public {
                        index.put(&entry(known.id, known.first_seen))?;
                    } else {
                        index.remove(&SearchItem::Notice(NoticeId(known.id)))?;
                    }
                    sources.name(known.id, known.version + 1, &item.source)?;
                    done.changed += 1;
                }
            }
        }
        index.finish()?;
        if alerts {
            warnings::settle(self.tx)?;
        }
        Ok(done)
    }

    fn known(&self, key: &str, digest: &[u8]) -> rusqlite::Result<Option<Known>> {
        self.tx
            .prepare_cached(
                "SELECT id, version, first_seen, digest = ?3, withdrawn_at IS NOT NULL FROM notice
                 WHERE feed = ?1 AND key = ?2",
            )?
            .query_row(params![self.feed, key, digest], |row| {
                Ok(Known {
                    id: row.get(0)?,
                    version: row.get(1)?,
                    first_seen: row.get(2)?,
                    same: row.get(3)?,
                    withdrawn: row.get(4)?,
                })
            })
            .optional()
    }

    fn insert(&self, item: &Harvested, digest: &[u8]) -> rusqlite::Result<i64> {
        let n = &item.notice;
        self.tx
            .prepare_cached(
                "INSERT INTO notice (feed, key, look, first_seen, last_seen, sorted_at, version, digest, source,
                     title, kind, catalogue, issuer, number, published, show_from, show_until, summary)
                 VALUES (:feed, :key, :look, :at, :at, coalesce(:published, :at), 1, :digest, :source,
                     :title, :kind, :catalogue, :issuer, :number, :published, :from, :until, :summary)",
            )?
            .insert(named_params! {
                ":feed": self.feed, ":key": n.key, ":look": self.number, ":at": self.at,
                ":published": n.published.map(rows::micros), ":digest": digest, ":source": item.source,
                ":title": n.title, ":kind": n.kind, ":catalogue": n.catalogue, ":issuer": n.issuer,
                ":number": n.number, ":from": n.show.from.map(|d| d.to_string()),
                ":until": n.show.until.map(|d| d.to_string()), ":summary": rows::opening(&n.summary),
            })
    }

    fn update(&self, known: &Known, item: &Harvested, digest: &[u8]) -> rusqlite::Result<()> {
        let n = &item.notice;
        self.tx
            .prepare_cached(
                "UPDATE notice SET look = :look, last_seen = :at, withdrawn_at = NULL,
                     sorted_at = coalesce(:published, first_seen), version = :version, digest = :digest,
                     source = :source, title = :title, kind = :kind, catalogue = :catalogue, issuer = :issuer,
                     number = :number, published = :published, show_from = :from, show_until = :until,
                     summary = :summary
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": known.id, ":version": known.version + 1, ":look": self.number, ":at": self.at,
                ":published": n.published.map(rows::micros), ":digest": digest, ":source": item.source,
                ":title": n.title, ":kind": n.kind, ":catalogue": n.catalogue, ":issuer": n.issuer,
                ":number": n.number, ":from": n.show.from.map(|d| d.to_string()),
                ":until": n.show.until.map(|d| d.to_string()), ":summary": rows::opening(&n.summary),
            })
            .map(drop)
    }

    fn confirm(&self, id: i64, source: &str) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached(
                "UPDATE notice SET look = ?2, last_seen = ?3, source = ?4, withdrawn_at = NULL WHERE id = ?1",
            )?
            .execute(params![id, self.number, self.at, source])
            .map(drop)
    }

    fn add_version(&self, id: i64, number: i64, digest: &[u8], content: &[u8]) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached("INSERT INTO version (notice, number, seen, digest, content) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![id, number, self.at, digest, content])
            .map(drop)
    }

    /// Withdraws what this look did not bring, except what it could not read: that may well be there still.
    fn withdraw_missing(&self, faults: &[ItemFault]) -> rusqlite::Result<usize> {
        let mut query = self.tx.prepare_cached(
            "SELECT id, key, title, source FROM notice WHERE feed = ?1 AND look <> ?2 AND withdrawn_at IS NULL",
        )?;
        let missing = query
            .query_map([self.feed, self.number], |row| {
                Ok((row.get::<_, i64>(0)?, [row.get::<_, String>(1)?, row.get(2)?, row.get(3)?]))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut withdrawn = 0;
        let mut index = Index::new(self.tx);
        for (id, names) in missing {
            if faults.iter().any(|fault| names.iter().any(|name| is_of(&fault.item, name))) {
                continue;
            }
            self.tx.prepare_cached("UPDATE notice SET withdrawn_at = ?2 WHERE id = ?1")?.execute([id, self.at])?;
            index.remove(&SearchItem::Notice(NoticeId(id)))?;
            withdrawn += 1;
        }
        index.finish()?;
        Ok(withdrawn)
    }
}

/// Whether a fault's item is this key, title or source; either may be the longer path to the same file.
fn is_of(item: &str, name: &str) -> bool {
    !item.is_empty() && (item == name || Path::new(name).ends_with(item) || Path::new(item).ends_with(name))
}
