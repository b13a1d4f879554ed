//! The journal of what was shown where, and from when to when.
//!
//! A row is one stretch: one version of a notice on one screen, from the frame that first presented it until the
//! screen took it off. Every change is on disk before it is acknowledged (`synchronous=FULL`). While a screen runs,
//! `screen_alive` is brought up every minute; after a crash or a power cut the stretches left open end there, so the
//! journal never claims more than was seen to run.

use super::{Store, StoreError, rows};
use crate::model::NoticeId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use std::collections::HashSet;

/// One stretch of showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The screen's name.
    pub screen: String,
    /// The notice's version then.
    pub version: u32,
    /// From when on.
    pub from: Timestamp,
    /// Until when; for one that goes on, until when the screen was last known to run.
    pub until: Timestamp,
    /// It is still going on, as far as the journal knows.
    pub open: bool,
}

impl Store {
    /// Notes that a screen shows these notices, and no others, from `at` on. On disk when it returns.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn show(&mut self, screen: &str, notices: &[NoticeId], at: Timestamp) -> Result<(), StoreError> {
        let at = rows::micros(at);
        self.journal(|tx| {
            let wanted: HashSet<i64> = notices.iter().map(|id| id.0).collect();
            let mut going_on = HashSet::new();
            let mut query = tx.prepare_cached(
                "SELECT s.id, s.notice, s.version = n.version FROM shown s JOIN notice n ON n.id = s.notice
                 WHERE s.screen = ?1 AND s.ended IS NULL",
            )?;
            let open = query.query_map([screen], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            for (row, notice, same) in open.collect::<rusqlite::Result<Vec<(i64, i64, bool)>>>()? {
                if same && wanted.contains(&notice) {
                    going_on.insert(notice);
                } else {
                    tx.prepare_cached("UPDATE shown SET ended = max(began, ?2) WHERE id = ?1")?.execute([row, at])?;
                }
            }
            for notice in wanted.difference(&going_on) {
                // A notice that the store does not hold is not journalled: there would be nothing to name.
                tx.prepare_cached(
                    "INSERT INTO shown (screen, notice, version, began)
                     SELECT ?1, id, version, ?3 FROM notice WHERE id = ?2",
                )?
                .execute((screen, notice, at))?;
            }
            alive(tx, screen, at)
        })
    }

    /// Notes that screens still run, so that a crash costs a minute of the proof at most.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn still_shown(&mut self, screens: &[String], at: Timestamp) -> Result<(), StoreError> {
        self.journal(|tx| screens.iter().try_for_each(|screen| alive(tx, screen, rows::micros(at))))
    }

    /// Ends what an earlier run left open: at the last minute that its screen was known to run.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn close_journal(&mut self) -> Result<(), StoreError> {
        self.journal(|tx| {
            tx.execute(
                "UPDATE shown SET ended = max(began, coalesce(
                     (SELECT at FROM screen_alive WHERE screen_alive.screen = shown.screen), began))
                 WHERE ended IS NULL",
                [],
            )
            .map(drop)
        })
    }

    /// The stretches of a notice, oldest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn shown(&self, id: NoticeId) -> Result<Vec<Shown>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Shown>> {
            self.conn
                .prepare_cached(
                    "SELECT s.screen, s.version, s.began, s.ended, coalesce(a.at, s.began)
                     FROM shown s LEFT JOIN screen_alive a ON a.screen = s.screen
                     WHERE s.notice = ?1 ORDER BY s.began, s.id",
                )?
                .query_map([id.0], |row| {
                    let (began, ended, alive): (i64, Option<i64>, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
                    Ok(Shown {
                        screen: row.get(0)?,
                        version: row.get(1)?,
                        from: rows::instant(began),
                        until: rows::instant(ended.unwrap_or(alive.max(began))),
                        open: ended.is_none(),
                    })
                })?
                .collect()
        };
        read().map_err(|e| self.fail(&e))
    }

    /// Notices by what a person knows of them: the store's number, the document number, the source's id or the whole
    /// title; else part of the title. Newest first, twenty at most.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn named(&self, words: &str) -> Result<Vec<(NoticeId, String)>, StoreError> {
        let find = |filter: &str, value: &str| -> rusqlite::Result<Vec<(NoticeId, String)>> {
            self.conn
                .prepare(&format!("SELECT id, title FROM notice WHERE {filter} ORDER BY sorted_at DESC LIMIT 20"))?
                .query_map([value], |row| Ok((NoticeId(row.get(0)?), row.get(1)?)))?
                .collect()
        };
        let exact = find("CAST(id AS TEXT) = ?1 OR number = ?1 OR key = ?1 OR title = ?1", words);
        match exact {
            Ok(found) if found.is_empty() => find("instr(title, ?1) > 0", words),
            other => other,
        }
        .map_err(|e| self.fail(&e))
    }

    /// The show period of a notice, withdrawn or not; `None` where there is no such notice.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn period(&self, id: NoticeId) -> Result<Option<crate::model::ShowPeriod>, StoreError> {
        let read = self.conn.query_row("SELECT show_from, show_until FROM notice WHERE id = ?1", [id.0], |row| {
            let day = |column| -> rusqlite::Result<_> {
                Ok(row.get::<_, Option<String>>(column)?.and_then(|text| text.parse().ok()))
            };
            Ok(crate::model::ShowPeriod { from: day(0)?, until: day(1)? })
        });
        read.optional().map_err(|e| self.fail(&e))
    }

    /// One transaction that is on disk when it returns.
    fn journal(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> Result<(), StoreError> {
        let conn = &mut self.conn;
        let write = || {
            conn.pragma_update(None, "synchronous", "FULL")?;
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            work(&tx)?;
            tx.commit()
        };
        let done = write();
        let back = self.conn.pragma_update(None, "synchronous", "NORMAL");
        done.and(back).map_err(|e| self.fail(&e))
    }
}

fn alive(tx: &Transaction<'_>, screen: &str, at: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO screen_alive (screen, at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
    )?
    .execute((screen, at))
    .map(drop)
}
