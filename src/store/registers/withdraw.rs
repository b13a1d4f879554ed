//! Withdrawing rows: what their source no longer holds, and what feeds brought that bring nothing any more.

use super::{
    clock, content, rebuild,
    shape::{Facts, Shape},
    tally::Tally,
};
use crate::{config::Config, model::RowId, search::SearchItem, store::index::Index};
use rusqlite::{Transaction, params};
use std::collections::{HashMap, hash_map::Entry};

/// Withdraws the rows of feeds that are switched off or have no file any more, as their notices leave the screens; gives
/// how many. A feed that is switched on again brings its rows back with its next look, which asks for the whole source.
pub(in crate::store) fn retire(tx: &Transaction<'_>, config: &Config) -> rusqlite::Result<usize> {
    let feeds: Vec<(i64, String, i64)> = tx
        .prepare_cached(
            "SELECT id, name, coalesce(last_ok, 0) FROM feed f
             WHERE EXISTS (SELECT 1 FROM register_row r WHERE r.feed = f.id AND r.withdrawn_at IS NULL)",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let brings = |name: &str| config.feeds.get(name).is_some_and(|feed| feed.enabled && !feed.register.is_empty());
    let (mut others, mut retired) = (Others::default(), 0);
    for (feed, _, last_ok) in feeds.into_iter().filter(|(_, name, _)| !brings(name)) {
        let rows: Vec<(i64, i64, String)> = tx
            .prepare_cached("SELECT id, register, key FROM register_row WHERE feed = ?1 AND withdrawn_at IS NULL")?
            .query_map([feed], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (_, register, _) in &rows {
            others.know(tx, *register, config)?;
        }
        let mut index = Index::new(tx);
        for (id, register, key) in rows {
            others.take(tx, register, (id, &key))?;
            withdraw(tx, id, last_ok, last_ok, &mut index)?;
            retired += 1;
        }
        index.finish()?;
        tx.execute("UPDATE feed SET etag = NULL, last_modified = NULL WHERE id = ?1", [feed])?;
    }
    others.write(tx)?;
    Ok(retired)
}

/// Withdraws a row that was last confirmed at `last_ok`, if it was not let go before.
pub(super) fn withdraw(
    tx: &Transaction<'_>,
    id: i64,
    last_ok: i64,
    at: i64,
    index: &mut Index<'_>,
) -> rusqlite::Result<()> {
    clock::remove(tx, id)?;
    index.remove(&SearchItem::Row(RowId(id)))?;
    tx.prepare_cached("UPDATE register_row SET last_seen = coalesce(last_seen, ?2), withdrawn_at = ?3 WHERE id = ?1")?
        .execute(params![id, last_ok, at])
        .map(drop)
}

/// Registers that the feed brought rows of before.
#[derive(Default)]
pub(super) struct Others<'c>(HashMap<i64, Option<(Shape<'c>, Tally)>>);

impl<'c> Others<'c> {
    /// Gets a register ready to have rows taken out of its tally.
    pub fn know(&mut self, tx: &Transaction<'_>, register: i64, config: &'c Config) -> rusqlite::Result<()> {
        let Entry::Vacant(place) = self.0.entry(register) else { return Ok(()) };
        let name: String = tx.query_row("SELECT name FROM register WHERE id = ?1", [register], |r| r.get(0))?;
        let shape = Shape::named(config, &name);
        match &shape {
            Some(shape) => drop(rebuild::up_to_date(tx, &name, shape, config)?),
            // What adds up cannot be told without its file: it is made anew should that come back.
            None => drop(tx.execute("UPDATE register SET made_by = NULL WHERE id = ?1", [register])?),
        }
        place.insert(shape.map(|shape| (shape, Tally::default())));
        Ok(())
    }

    /// Takes a row that is about to be withdrawn out of its register's tally.
    pub fn take(&mut self, tx: &Transaction<'_>, register: i64, (id, key): (i64, &str)) -> rusqlite::Result<()> {
        if let Some(Some((shape, tally))) = self.0.get_mut(&register) {
            tally.take(&held_facts(tx, id, key, shape)?);
        }
        Ok(())
    }

    pub fn write(self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        self.0
            .into_iter()
            .filter_map(|(register, other)| Some((register, other?)))
            .try_for_each(|(register, (shape, mut tally))| tally.write(tx, register, &shape))
    }
}

/// What follows from a row's content as it is held.
pub(super) fn held_facts(tx: &Transaction<'_>, id: i64, key: &str, shape: &Shape<'_>) -> rusqlite::Result<Facts> {
    tx.prepare_cached("SELECT content FROM register_row WHERE id = ?1")?
        .query_row([id], |row| content::read(shape, key, row.get_ref(0)?.as_blob()?))
        .map(|row| shape.facts(&row))
}
