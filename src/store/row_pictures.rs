//! Pictures that rows name, such as vouchers, by feed and address: one address is one picture, however many rows name it.
//!
//! A county has a million vouchers, so what rows name is not written down with them. Only what was fetched, or failed, has an
//! entry here: the pictures of the newest rows after each look, those of others when a row is opened.

use super::{
    DuePicture, PictureOf, Store, StoreError,
    registers::{self, Shape},
    rows,
};
use crate::{config::Config, feeds::Validators, model::RowId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// The newest rows of a register whose pictures are fetched before anyone opens them.
const NEWEST: usize = 500;

/// The entry of an address in the feed of a row.
const ALIKE: &str = "address = ?2 AND feed = (SELECT feed FROM public_row WHERE id = ?1)";

impl Store {
    /// The pictures to be fetched by `at` that a feed's rows name, of those among the newest 500 of their register, newest
    /// first; each address once. What went for want of room is not among them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn due_row_pictures(
        &self,
        feed: &str,
        config: &Config,
        at: Timestamp,
        most: usize,
    ) -> Result<Vec<DuePicture>, StoreError> {
        due(&self.conn, feed, config, at, most).map_err(|e| self.fail(&e))
    }
}

fn due(
    conn: &Connection,
    feed: &str,
    config: &Config,
    at: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<DuePicture>> {
    let register = config.feeds.get(feed).map_or("", |f| f.register.as_str());
    let Some(shape) = config.registers.get(register).map(Shape::of) else { return Ok(Vec::new()) };
    let mut entry = conn.prepare_cached(
        "SELECT due, tries, iif(picture IS NULL, NULL, etag), iif(picture IS NULL, NULL, last_modified)
         FROM row_picture WHERE feed = (SELECT id FROM feed WHERE name = ?1) AND address = ?2",
    )?;
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    for (row, address) in registers::pictures(conn, &shape, register, feed, NEWEST)? {
        if !seen.insert(address.clone()) {
            continue;
        }
        let known = entry
            .query_row(params![feed, address], |row| {
                let validators = Validators { etag: row.get(2)?, last_modified: row.get(3)? };
                Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, u32>(1)?, validators))
            })
            .optional()?;
        let (tries, validators) = match known {
            None => (0, Validators::default()),
            Some((Some(due), tries, validators)) if due <= rows::micros(at) => (tries, validators),
            Some(_) => continue,
        };
        found.push((tries, DuePicture { of: PictureOf::Row(row), address, validators }));
    }
    // Stable: among those tried as often, the newest rows' come first.
    found.sort_by_key(|(tries, _)| *tries);
    Ok(found.into_iter().map(|(_, due)| due).take(most).collect())
}

/// Whether a row is current, and the digest of what it has at an address.
pub(super) fn held(conn: &Connection, row: RowId, address: &str) -> rusqlite::Result<Option<Option<Vec<u8>>>> {
    conn.prepare_cached(
        "SELECT p.digest FROM public_row r LEFT JOIN row_picture m ON m.feed = r.feed AND m.address = ?2
         LEFT JOIN picture p ON p.id = m.picture WHERE r.id = ?1",
    )?
    .query_row(params![row.0, address], |row| row.get(0))
    .optional()
}

/// Notes the picture of an address; without one, that there is no room for it.
pub(super) fn put(
    conn: &Connection,
    row: RowId,
    address: &str,
    picture: Option<i64>,
    validators: &Validators,
) -> rusqlite::Result<()> {
    let Validators { etag, last_modified } = validators;
    conn.prepare_cached(
        "INSERT INTO row_picture (feed, address, row, picture, etag, last_modified)
         SELECT feed, ?2, ?1, ?3, ?4, ?5 FROM public_row WHERE id = ?1
         ON CONFLICT DO UPDATE SET row = max(row, excluded.row), picture = ?3, due = NULL, tries = 0, etag = ?4,
             last_modified = ?5",
    )?
    .execute(params![row.0, address, picture, picture.and(etag.as_ref()), picture.and(last_modified.as_ref())])
    .map(drop)
}

/// Notes that what is kept is still what stands at its address.
pub(super) fn confirm(conn: &Connection, row: RowId, address: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(&format!("UPDATE row_picture SET due = NULL, tries = 0 WHERE {ALIKE}"))?
        .execute(params![row.0, address])
        .map(drop)
}

/// How often an address has failed; `None` for a row that is not current.
pub(super) fn tries(conn: &Connection, row: RowId, address: &str) -> rusqlite::Result<Option<u32>> {
    conn.prepare_cached(
        "SELECT coalesce(m.tries, 0) FROM public_row r
         LEFT JOIN row_picture m ON m.feed = r.feed AND m.address = ?2 WHERE r.id = ?1",
    )?
    .query_row(params![row.0, address], |row| row.get(0))
    .optional()
}

/// Notes a failure.
pub(super) fn miss(conn: &Connection, row: RowId, address: &str, tries: u32, due: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO row_picture (feed, address, row, tries, due)
         SELECT feed, ?2, ?1, ?3, ?4 FROM public_row WHERE id = ?1
         ON CONFLICT DO UPDATE SET tries = ?3, due = ?4",
    )?
    .execute(params![row.0, address, tries, due])
    .map(drop)
}
