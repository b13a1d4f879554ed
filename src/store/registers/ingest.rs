//! Taking in the rows of a harvest.

use super::{
    clock, content, rebuild, search,
    shape::{Facts, ORDERS, Shape},
    tally::Tally,
    withdraw::{Others, held_facts, withdraw},
};
use crate::{
    config::Config,
    feeds::ItemFault,
    model::Row,
    store::{Ingested, index::Index},
};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::HashSet;

/// Room between two rows of a new list, for those that come between them later.
const GAP: i64 = 1 << 10;

/// One look at one feed.
pub(in crate::store) struct RowTransaction<'a> {
    pub tx: &'a Transaction<'a>,
    /// The feed.
    pub feed: i64,
    /// When it was taken.
    pub at: i64,
    /// When the one before succeeded.
    pub last_ok: Option<i64>,
}

/// What the store holds of a row.
struct Known {
    id: i64,
    feed: i64,
    version: i64,
    seen: i64,
    sorted: i64,
    listed: bool,
    withdrawn: bool,
    /// The content held, where it is another.
    other: Option<Vec<u8>>,
}

/// How many of a feed's rows its last list held.
pub(in crate::store) fn confirmed(tx: &Transaction<'_>, feed: i64) -> rusqlite::Result<usize> {
    let held: i64 = tx.query_row(
        "SELECT count(*) FROM register_row WHERE feed = ?1 AND last_seen IS NULL AND withdrawn_at IS NULL",
        [feed],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(held).unwrap_or(0))
}

/// Takes the rows of a register in. A row that another feed brought, and still brings, stays that feed's and is counted
/// in [`Ingested::elsewhere`]. `whole` withdraws those of the feed's rows that are missing, in this register or, where
/// the feed brought them for another one before, in that; a row that a fault names by its key stays. Gives how many rows
/// of this register were withdrawn as well: what the feed brought for another one went by its file's word.
pub(in crate::store) fn take(
    look: &RowTransaction<'_>,
    (name, rows): (&str, &[Row]),
    (whole, faults): (bool, &[ItemFault]),
    config: &Config,
) -> rusqlite::Result<(Ingested, usize)> {
    let Some(shape) = Shape::named(config, name) else { return Ok((Ingested::default(), 0)) };
    let register = rebuild::up_to_date(look.tx, name, &shape, config)?;
    let mut taking = Taking {
        look,
        register,
        shape: &shape,
        others: other_feeds(look, name, config)?,
        tally: Tally::default(),
        index: Index::new(look.tx),
        surroundings: search::Surroundings::of(config),
        here: HashSet::with_capacity(rows.len()),
        order: 0,
        after_known: false,
        done: Ingested::default(),
        lost: 0,
    };
    let mut keys = HashSet::with_capacity(rows.len());
    let mut once: Vec<&Row> = rows.iter().filter(|row| keys.insert(row.key.as_str())).collect();
    if newest_first(&shape, &once) {
        once.reverse();
    }
    once.into_iter().try_for_each(|row| taking.take(row))?;
    taking.missing(whole, faults, config)?;
    taking.index.finish()?;
    taking.tally.write(look.tx, register, &shape)?;
    Ok((taking.done, taking.lost))
}

/// Feeds that bring rows of this register too, by their numbers.
fn other_feeds(look: &RowTransaction<'_>, name: &str, config: &Config) -> rusqlite::Result<HashSet<i64>> {
    let mut number = look.tx.prepare_cached("SELECT id FROM feed WHERE name = ?1 AND id <> ?2")?;
    let mut others = HashSet::new();
    for (feed, _) in config.feeds.iter().filter(|(_, feed)| feed.enabled && feed.register == name) {
        others.extend(number.query_row(params![feed, look.feed], |row| row.get::<_, i64>(0)).optional()?);
    }
    Ok(others)
}

/// Whether a source lists its newest rows first, so that its order is to be turned round.
fn newest_first(shape: &Shape<'_>, rows: &[&Row]) -> bool {
    let pairs = || rows.iter().zip(rows.iter().skip(1)).map(|(a, b)| shape.day(a).cmp(&shape.day(b)));
    pairs().filter(|o| o.is_gt()).count() > pairs().filter(|o| o.is_lt()).count()
}

struct Taking<'a> {
    look: &'a RowTransaction<'a>,
    register: i64,
    shape: &'a Shape<'a>,
    others: HashSet<i64>,
    tally: Tally,
    index: Index<'a>,
    surroundings: search::Surroundings<'a>,
    /// Rows that this look brought.
    here: HashSet<i64>,
    /// The order of the row before, and whether the store held that row.
    order: i64,
    after_known: bool,
    done: Ingested,
    /// Rows of this register that were withdrawn.
    lost: usize,
}

impl Taking<'_> {
    fn take(&mut self, row: &Row) -> rusqlite::Result<()> {
        let facts = &self.shape.facts(row);
        let mut content = Vec::new();
        content::write(self.shape, row, &mut content)?;
        let Some(known) = self.known(&row.key, &content)? else {
            self.order += if self.after_known { 1 } else { GAP };
            self.after_known = false;
            self.done.new += 1;
            return self.insert(row, facts, &content);
        };
        if known.feed != self.look.feed && !known.withdrawn && self.others.contains(&known.feed) {
            self.done.elsewhere += 1;
            return Ok(());
        }
        self.here.insert(known.id);
        // A row keeps its order as long as that comes after the one before; so a list that grew costs only what is new.
        self.order = known.sorted.rem_euclid(ORDERS).max(self.order + 1);
        self.after_known = true;
        let sorted = i64::from(facts.day) * ORDERS + self.order;
        if known.other.is_none() && !known.withdrawn {
            self.done.same += 1;
            let as_it_was = known.listed && known.feed == self.look.feed && known.sorted == sorted;
            return if as_it_was { Ok(()) } else { self.confirm(&known, sorted) };
        }
        self.done.changed += 1;
        self.replace(&known, row, facts, sorted, &content)
    }

    fn known(&self, key: &str, content: &[u8]) -> rusqlite::Result<Option<Known>> {
        self.look
            .tx
            .prepare_cached(
                "SELECT id, feed, version, seen, sorted, last_seen IS NULL, withdrawn_at IS NOT NULL, content
                 FROM register_row WHERE register = ?1 AND key = ?2",
            )?
            .query_row(params![self.register, key], |row| {
                let held = row.get_ref(7)?.as_blob()?;
                Ok(Known {
                    id: row.get(0)?,
                    feed: row.get(1)?,
                    version: row.get(2)?,
                    seen: row.get(3)?,
                    sorted: row.get(4)?,
                    listed: row.get(5)?,
                    withdrawn: row.get(6)?,
                    other: (held != content).then(|| held.to_vec()),
                })
            })
            .optional()
    }

    fn insert(&mut self, row: &Row, facts: &Facts, content: &[u8]) -> rusqlite::Result<()> {
        let sorted = i64::from(facts.day) * ORDERS + self.order;
        let tx = self.look.tx;
        let id = tx
            .prepare_cached(
                "INSERT INTO register_row (register, feed, key, version, seen, place, sorted, off, content)
                 VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8)",
            )?
            .insert(params![
                self.register,
                self.look.feed,
                row.key,
                self.look.at,
                facts.place,
                sorted,
                facts.off,
                content
            ])?;
        self.here.insert(id);
        self.index.add(&search::entry(self.shape, &self.surroundings, id, row, facts, self.look.at))?;
        self.tally.add(facts);
        facts.case.as_ref().map_or(Ok(()), |case| clock::put(tx, id, self.register, case))
    }

    /// The same content, but not where or whose it was.
    fn confirm(&self, known: &Known, sorted: i64) -> rusqlite::Result<()> {
        self.look
            .tx
            .prepare_cached("UPDATE register_row SET feed = ?2, sorted = ?3, last_seen = NULL WHERE id = ?1")?
            .execute([known.id, self.look.feed, sorted])
            .map(drop)
    }

    /// Another content, or a row that comes back.
    fn replace(
        &mut self,
        known: &Known,
        row: &Row,
        facts: &Facts,
        sorted: i64,
        content: &[u8],
    ) -> rusqlite::Result<()> {
        let tx = self.look.tx;
        if !known.withdrawn {
            let before = known.other.as_deref().unwrap_or(content);
            self.tally.take(&self.shape.facts(&content::read(self.shape, &row.key, before)?));
        }
        let (mut version, mut seen) = (known.version, known.seen);
        if let Some(before) = &known.other {
            tx.prepare_cached("INSERT INTO row_version (row, number, seen, content) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![known.id, version, seen, before])?;
            (version, seen) = (version + 1, self.look.at);
        }
        tx.prepare_cached(
            "UPDATE register_row SET feed = ?2, version = ?3, seen = ?4, last_seen = NULL, withdrawn_at = NULL,
                 place = ?5, sorted = ?6, off = ?7, content = ?8 WHERE id = ?1",
        )?
        .execute(params![known.id, self.look.feed, version, seen, facts.place, sorted, facts.off, content])?;
        self.index.put(&search::entry(self.shape, &self.surroundings, known.id, row, facts, seen))?;
        self.tally.add(facts);
        facts.case.as_ref().map_or(Ok(()), |case| clock::put(tx, known.id, self.register, case))
    }

    /// Rows of the feed's last list that this one does not hold: last confirmed by the look before, and withdrawn where
    /// this is all that the source holds. With them go those that an earlier list, that was not whole, had let go.
    fn missing(&mut self, whole: bool, faults: &[ItemFault], config: &Config) -> rusqlite::Result<()> {
        let tx = self.look.tx;
        let mut gone: Vec<(i64, i64, String)> = Vec::new();
        let mut query = tx.prepare_cached(
            "SELECT id, last_seen IS NULL FROM register_row WHERE feed = ?1 AND withdrawn_at IS NULL",
        )?;
        let mut found = query.query([self.look.feed])?;
        let mut of = tx.prepare_cached("SELECT register, key FROM register_row WHERE id = ?1")?;
        while let Some(row) = found.next()? {
            let (id, listed): (i64, bool) = (row.get(0)?, row.get(1)?);
            if !self.here.contains(&id) && (whole || listed) {
                gone.push(of.query_row([id], |row| Ok((id, row.get(0)?, row.get(1)?)))?);
            }
        }
        drop(found);
        let last_ok = self.look.last_ok.unwrap_or(self.look.at);
        let mut others = Others::default();
        if gone.iter().any(|(_, register, _)| *register != self.register) {
            // What may be made anew for them is indexed as well, and two hands must not hold words back at once.
            std::mem::replace(&mut self.index, Index::new(tx)).finish()?;
            for (_, register, _) in gone.iter().filter(|(_, register, _)| *register != self.register) {
                others.know(tx, *register, config)?;
            }
        }
        for (id, register, key) in gone {
            let withdrawn = whole && !faults.iter().any(|fault| fault.item == key);
            if withdrawn {
                self.done.withdrawn += 1;
                if register == self.register {
                    self.lost += 1;
                    self.tally.take(&held_facts(tx, id, &key, self.shape)?);
                } else {
                    others.take(tx, register, (id, &key))?;
                }
                withdraw(tx, id, last_ok, self.look.at, &mut self.index)?;
            } else {
                tx.prepare_cached("UPDATE register_row SET last_seen = coalesce(last_seen, ?2) WHERE id = ?1")?
                    .execute([id, last_ok])?;
            }
        }
        others.write(tx)
    }
}
