//! What the index of words is to know of rows.

use super::{
    Shape, content,
    shape::{Facts, UNDATED},
};
use crate::{
    config::{ColumnKind, Config},
    model::{Row, RowId, Value},
    search::Item,
    store::index::{self, Entry},
};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Microseconds of a day, and by how many China's days begin before those of UTC.
const DAY: i64 = 86_400_000_000;
const AHEAD: i64 = 8 * 3_600_000_000;

/// The names of regions by their codes, so that a row is found by its village's name.
pub(super) type Places<'a> = HashMap<&'a str, &'a str>;

/// The names of a config's regions.
pub(super) fn places(config: &Config) -> Places<'_> {
    config.regions.iter().map(|r| (r.code.as_str(), r.name.as_str())).collect()
}

/// What the index is to know of a row; one without a day stands where it was first `seen`, in microseconds.
pub(super) fn entry(shape: &Shape<'_>, places: &Places<'_>, id: i64, row: &Row, facts: &Facts, seen: i64) -> Entry {
    let register = shape.register;
    let text = |id: &str| register.index(id).and_then(|i| row.values.get(i)).map(content::words).unwrap_or_default();
    let label = text(&register.label);
    let number = text(&register.number);
    let is_case = register.case.is_some();
    let day = (facts.day != UNDATED).then_some(i64::from(facts.day));
    Entry {
        item: Item::Row(RowId(id)),
        sorted_at: day.map_or(seen, |day| day * DAY - AHEAD),
        words: said(shape, places, row),
        title: if label.is_empty() { row.key.clone() } else { label },
        number: if is_case || number.is_empty() { row.key.clone() } else { number },
        catalogue: register.catalogue.clone(),
        unit: shape.unit(row).to_owned(),
        place: facts.place.clone(),
        day: day.and_then(index::day_of),
    }
}

/// The words of a row's cells, and its region's name; figures, dates and the label are left out.
fn said(shape: &Shape<'_>, places: &Places<'_>, row: &Row) -> String {
    let mut words = String::new();
    for (column, value) in shape.register.column.iter().zip(&row.values) {
        let (Value::Text(text), true) = (value, column.id != shape.register.label) else { continue };
        words += match column.kind {
            ColumnKind::Place => places.get(text.trim()).copied().unwrap_or(text),
            _ => text,
        };
        words.push('\n');
    }
    words
}

/// The words of a row as they are shown around a match; `None` where it or its register's file has gone.
pub(in crate::store) fn words(conn: &Connection, id: RowId, config: &Config) -> rusqlite::Result<Option<String>> {
    let held: Option<(String, String, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT g.name, r.key, r.content FROM public_row r JOIN register g ON g.id = r.register WHERE r.id = ?1",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((name, key, content)) = held else { return Ok(None) };
    let Some(register) = config.registers.get(&name) else { return Ok(None) };
    let shape = Shape::of(register);
    let row = content::read(&shape, &key, &content)?;
    Ok(Some(format!("{}{key}", said(&shape, &places(config), &row))))
}

/// The receipt number of a row that is a case.
pub(in crate::store) fn receipt(conn: &Connection, id: RowId) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT r.key FROM public_case c JOIN public_row r ON r.id = c.row WHERE c.row = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()
}
