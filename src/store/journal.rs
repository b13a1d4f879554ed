//! What is asked by whoever wants a proof, and the transaction that proofs are written in.

use super::{Store, StoreError};
use crate::model::NoticeId;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};

impl Store {
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
    pub(super) fn journal(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
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
