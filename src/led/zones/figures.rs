//! What zones say of a register's figures: the rows the edition has for them, and words with figures filled in.

use crate::{
    config::{Config, Register, WallQuery},
    edition::{Edition, WallRows},
    led::ZoneContext,
    model::figure,
    wording::Wording,
};
use std::sync::Arc;

/// What the edition has for a query.
pub(super) fn found<'a>(
    query: &WallQuery,
    config: &'a Config,
    edition: &Edition,
) -> Option<(&'a Register, Arc<WallRows>)> {
    let rows = edition.walls.get(query)?;
    Some((config.registers.get(&query.register)?, Arc::clone(rows)))
}

/// Words with what they name of a register filled in: place, month, number of rows, and the sums of columns by their
/// ids; `None` where the edition has no rows for them.
pub(super) fn filled(words: &str, query: &WallQuery, context: &ZoneContext<'_>) -> Option<String> {
    let (register, rows) = found(query, context.config, context.edition)?;
    if rows.count == 0 && !query.open_only {
        return None;
    }
    let wording = context.wording();
    let mut words = fill(words, &query.place, &wording, &rows);
    for sum in &rows.sums {
        let Some(column) = register.column.get(sum.column) else { continue };
        words = words.replace(&format!("{{{}}}", column.id), &wording.sum(column, sum.now));
    }
    Some(words)
}

/// A pattern with its place, month and count.
pub(super) fn fill(pattern: &str, code: &str, wording: &Wording<'_>, rows: &WallRows) -> String {
    let place = if code.is_empty() { wording.config.site.place.clone() } else { wording.place(code) };
    let month = rows.month.map(|m| wording.month(m)).unwrap_or_default();
    let number = rows.month.map(|m| m.month().to_string()).unwrap_or_default();
    let words = pattern.replace("{place}", &place).replace("{month}", &month).replace("{m}", &number);
    words.replace("{n}", &figure::grouped(rows.count)).trim().to_owned()
}
