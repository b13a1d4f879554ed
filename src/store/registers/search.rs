//! What the index of words is to know of rows.

use super::{
    Shape, content,
    shape::{Facts, UNDATED},
};
use crate::{
    config::{ColumnKind, Config},
    model::{Row, RowId, Value},
    search::SearchItem,
    store::{
        index::{self, IndexEntry},
        rows,
    },
};
use jiff::{civil::Date, tz::TimeZone};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// What of a config, beside the registers, rows are found by.
pub(super) struct Surroundings<'a> {
    /// The names of regions by their codes, so that a row is found by its village's name.
    places: HashMap<&'a str, &'a str>,
    /// In which days begin.
    zone: TimeZone,
}

impl<'a> Surroundings<'a> {
    /// Those of a config.
    pub fn of(config: &'a Config) -> Self {
        let places = config.regions.iter().map(|r| (r.code.as_str(), r.name.as_str())).collect();
        Self { places, zone: config.site.zone() }
    }

    /// When a day begins, in microseconds; `None` at the ends of the calendar.
    fn beginning(&self, day: Date) -> Option<i64> {
        day.to_zoned(self.zone.clone()).ok().map(|begins| rows::micros(begins.timestamp()))
    }
}

/// What the index is to know of a row: what its page shows, and nothing else; one without a day stands where it was
/// first `seen`, in microseconds.
pub(super) fn entry(
    shape: &Shape<'_>,
    of: &Surroundings<'_>,
    id: i64,
    row: &Row,
    facts: &Facts,
    seen: i64,
) -> IndexEntry {
    let register = shape.register;
    let text = |id: &str| register.index(id).and_then(|i| row.values.get(i)).map(content::words).unwrap_or_default();
    let label = text(&register.label);
    let number = text(&register.number);
    let is_case = register.case.is_some();
    let day = (facts.day != UNDATED).then_some(i64::from(facts.day)).and_then(index::day_of);
    IndexEntry {
        item: SearchItem::Row(RowId(id)),
        sorted_at: day.and_then(|day| of.beginning(day)).unwrap_or(seen),
        words: said(shape, of, row),
        title: if label.is_empty() { row.key.clone() } else { label },
        number: if is_case || number.is_empty() { row.key.clone() } else { number },
        catalogue: register.catalogue.clone(),
        unit: shape.unit(row).to_owned(),
        place: facts.place.clone(),
        day,
    }
}

/// The words of the cells that a row's page shows, and its region's name; figures, dates and the label are left out.
fn said(shape: &Shape<'_>, of: &Surroundings<'_>, row: &Row) -> String {
    let register = shape.register;
    let mut words = String::new();
    for (i, (column, value)) in register.column.iter().zip(&row.values).enumerate() {
        let (Value::Text(text), true) = (value, column.id != register.label && register.shows(i)) else { continue };
        words += match column.kind {
            ColumnKind::Place => of.places.get(text.trim()).copied().unwrap_or(text),
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
    let mut words = said(&shape, &Surroundings::of(config), &row);
    // A key that is a cell of its own is among them already, or stands in the title.
    if !(0..register.column.len())
        .any(|i| register.shows(i) && row.values.get(i).and_then(Value::text).is_some_and(|cell| cell.trim() == key))
    {
        words += &key;
    }
    Ok(Some(words))
}

/// The receipt number of a row that is a case.
pub(in crate::store) fn receipt(conn: &Connection, id: RowId) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT r.key FROM public_case c JOIN public_row r ON r.id = c.row WHERE c.row = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()
}
