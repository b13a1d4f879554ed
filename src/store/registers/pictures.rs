//! What pictures rows name.

use super::{
    Shape, read,
    table::{Asked, Order},
};
use crate::{
    config::ColumnKind,
    model::{RowId, Value},
};
use rusqlite::{Connection, OptionalExtension};

/// The addresses of pictures that the newest rows of a feed name, with the rows, the newest first. `most`: rows of the
/// register that are looked at, those of its other feeds included.
pub(in crate::store) fn pictures(
    conn: &Connection,
    shape: &Shape<'_>,
    register: &str,
    feed: &str,
    most: usize,
) -> rusqlite::Result<Vec<(RowId, String)>> {
    if !shape.register.column.iter().any(|c| c.kind == ColumnKind::Picture) {
        return Ok(Vec::new());
    }
    let feed =
        conn.prepare_cached("SELECT id FROM feed WHERE name = ?1")?.query_row([feed], |row| row.get::<_, i64>(0));
    let Some(feed) = feed.optional()? else { return Ok(Vec::new()) };
    let asked = Asked::new(conn, shape, register, &[], "")?;
    let mut of_feed = conn.prepare_cached("SELECT feed = ?2 FROM public_row WHERE id = ?1")?;
    let (mut looked, mut found) = (0, Vec::new());
    for month in asked.months()?.into_iter().map(Some).chain([None]) {
        let counts = asked.counts(month)?;
        let places: Vec<&str> = counts.keys().map(String::as_str).collect();
        let order = (Order::NewestFirst, most.saturating_sub(looked));
        let rows = if order.1 == 0 { break } else { asked.listed(&places, month, order, |r| read::kept(shape, r))? };
        looked += rows.len();
        for kept in rows {
            if !of_feed.query_row((kept.id.0, feed), |row| row.get::<_, bool>(0))? {
                continue;
            }
            for value in kept.row.values {
                if let Value::Pictures(addresses) = value {
                    found.extend(addresses.into_iter().map(|address| (kept.id, address)));
                }
            }
        }
    }
    Ok(found)
}
