//! What adds up, by month and place: how many rows, and the sums of columns. Kept in the same transaction as the rows, so
//! that a county's figures cost a few hundred steps instead of its rows.
//!
//! Totals wrap where they overflow, so that taking out what was put in always gives what was before.

use super::shape::{Facts, Shape};
use rusqlite::{Transaction, params};
use std::collections::HashMap;

/// What a harvest adds and takes away, written once at its end.
#[derive(Debug, Default)]
pub(super) struct Tally(HashMap<(String, i32), Vec<i64>>);

impl Tally {
    pub fn add(&mut self, facts: &Facts) {
        self.change(facts, i64::wrapping_add);
    }

    pub fn take(&mut self, facts: &Facts) {
        self.change(facts, i64::wrapping_sub);
    }

    fn change(&mut self, facts: &Facts, by: impl Fn(i64, i64) -> i64) {
        let totals = self.0.entry((facts.place.clone(), facts.month)).or_default();
        totals.resize(facts.sums.len() + 1, 0);
        let one = std::iter::once(&1);
        totals.iter_mut().zip(one.chain(&facts.sums)).for_each(|(total, n)| *total = by(*total, *n));
    }

    /// Writes it all for a register, and is empty then.
    pub fn write(&mut self, tx: &Transaction<'_>, register: i64, shape: &Shape<'_>) -> rusqlite::Result<()> {
        let names = || std::iter::once("").chain(shape.sums.iter().map(|&column| shape.id(column)));
        let mut old = tx.prepare_cached(
            "SELECT total FROM tally WHERE register = ?1 AND what = ?2 AND month = ?3 AND place = ?4",
        )?;
        let mut put = tx.prepare_cached(
            "INSERT INTO tally (register, what, month, place, total) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET total = excluded.total",
        )?;
        let mut none =
            tx.prepare_cached("DELETE FROM tally WHERE register = ?1 AND what = ?2 AND month = ?3 AND place = ?4")?;
        let mut all: Vec<_> = self.0.drain().collect();
        // In the order of the table, which is then written page by page.
        all.sort_unstable_by(|((a, m), _), ((b, n), _)| (m, a).cmp(&(n, b)));
        for (at, what) in names().enumerate() {
            for ((place, month), totals) in &all {
                let Some(more) = totals.get(at).filter(|n| **n != 0) else { continue };
                let key = params![register, what, month, place];
                let held: i64 = match old.query_row(key, |row| row.get(0)) {
                    Err(rusqlite::Error::QueryReturnedNoRows) => 0,
                    other => other?,
                };
                match held.wrapping_add(*more) {
                    0 => none.execute(key)?,
                    total => put.execute(params![register, what, month, place, total])?,
                };
            }
        }
        Ok(())
    }
}
