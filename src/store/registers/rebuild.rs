//! Bringing what is kept of rows in line with the config, after a register's file or the calendar changed.

use super::{
    clock, content, read, search,
    shape::{ORDERS, Shape},
    tally::Tally,
};
use crate::{config::Config, store::index::Index};
use rusqlite::{Transaction, params};

/// Makes anew what is kept of the rows of each register whose file, or whose cases' calendar, is another than when it was
/// made. Gives how many rows that took.
pub(in crate::store) fn rebuild_derived(tx: &Transaction<'_>, config: &Config) -> rusqlite::Result<usize> {
    let mut made = 0;
    for name in config.registers.keys() {
        // A register that no rows came for has nothing to be made.
        if let Some(shape) = Shape::named(config, name)
            && read::number(tx, name)?.is_some()
        {
            made += bring_up(tx, name, &shape, config)?.1;
        }
    }
    Ok(made)
}

/// The number of a register, which is entered where it is new, all that is kept of its rows being up to date.
pub(super) fn up_to_date(
    tx: &Transaction<'_>,
    name: &str,
    shape: &Shape<'_>,
    config: &Config,
) -> rusqlite::Result<i64> {
    bring_up(tx, name, shape, config).map(|(register, _)| register)
}

fn bring_up(tx: &Transaction<'_>, name: &str, shape: &Shape<'_>, config: &Config) -> rusqlite::Result<(i64, usize)> {
    let [all, clocks] = shape.derivation_hash(config);
    tx.prepare_cached("INSERT INTO register (name) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([name])?;
    let (register, same): (i64, [bool; 2]) = tx
        .prepare_cached(
            "SELECT id, substr(made_by, 1, 32) IS ?2, substr(made_by, 33) IS ?3 FROM register WHERE name = ?1",
        )?
        .query_row(params![name, all, clocks], |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?])))?;
    let made = match same {
        [true, true] => return Ok((register, 0)),
        [true, false] => count_anew(tx, register, shape)?,
        [false, _] => make(tx, register, shape, &search::Surroundings::of(config))?,
    };
    tx.execute("UPDATE register SET made_by = ?2 WHERE id = ?1", params![register, [all, clocks].concat()])?;
    Ok((register, made))
}

/// Makes the clocks of a register's cases anew, and nothing else.
fn count_anew(tx: &Transaction<'_>, register: i64, shape: &Shape<'_>) -> rusqlite::Result<usize> {
    let ids: Vec<i64> = tx
        .prepare("SELECT row FROM case_clock WHERE register = ?1 ORDER BY row")?
        .query_map([register], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut held = tx.prepare("SELECT key, content FROM public_row WHERE id = ?1")?;
    for &id in &ids {
        let row =
            held.query_row([id], |row| content::read(shape, row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_blob()?))?;
        if let Some(case) = shape.facts(&row).case {
            clock::put(tx, id, register, &case)?;
        }
    }
    Ok(ids.len())
}

fn make(
    tx: &Transaction<'_>,
    register: i64,
    shape: &Shape<'_>,
    surroundings: &search::Surroundings<'_>,
) -> rusqlite::Result<usize> {
    tx.execute("DELETE FROM tally WHERE register = ?1", [register])?;
    tx.execute("DELETE FROM case_clock WHERE register = ?1", [register])?;
    let mut ids: Vec<i64> = tx
        .prepare("SELECT id FROM register_row WHERE register = ?1")?
        .query_map([register], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    ids.sort_unstable();
    let mut tally = Tally::default();
    let mut index = Index::new(tx);
    let mut held = tx.prepare("SELECT key, place, sorted, off, content, seen FROM public_row WHERE id = ?1")?;
    let mut put = tx.prepare("UPDATE register_row SET place = ?2, sorted = ?3, off = ?4 WHERE id = ?1")?;
    for &id in &ids {
        let read = held.query_row([id], |row| {
            let read = content::read(shape, row.get_ref(0)?.as_str()?, row.get_ref(4)?.as_blob()?)?;
            let facts = shape.facts(&read);
            let entry = search::entry(shape, surroundings, id, &read, &facts, row.get(5)?);
            let (place, sorted, off): (String, i64, Option<i64>) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let now = i64::from(facts.day) * ORDERS + sorted.rem_euclid(ORDERS);
            Ok((place == facts.place && sorted == now && off == facts.off, now, facts, entry))
        });
        let (same, sorted, facts, entry) = match read {
            // What is withdrawn has its facts made when it comes back.
            Err(rusqlite::Error::QueryReturnedNoRows) => continue,
            other => other?,
        };
        if !same {
            put.execute(params![id, facts.place, sorted, facts.off])?;
        }
        index.put(&entry)?;
        tally.add(&facts);
        if let Some(case) = &facts.case {
            clock::put(tx, id, register, case)?;
        }
    }
    index.finish()?;
    tally.write(tx, register, shape)?;
    Ok(ids.len())
}
