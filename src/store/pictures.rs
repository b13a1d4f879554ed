//! Pictures of documents and rows as they were sent: once for equal bytes, within a bound on the room they take.
//!
//! When a citizen opened a page is not noted, so what goes first is not what was looked at least, but what no current
//! notice or row names, and then what the oldest name.

use super::{
    Store, StoreError,
    picture_kinds::{DuePicture, KeptPicture, NewPicture, PictureOf, PictureRoom},
    registers, row_pictures, rows,
};
use crate::{
    feeds::Validators,
    model::{Block, Notice, NoticeId},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

/// How long a picture that failed is left alone the first time; doubled with each failure.
const LEFT_ALONE: SignedDuration = SignedDuration::from_mins(10);
/// How long it is left alone at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// The pictures of a feed's current notices that are to be fetched by `at`, those tried least first, then those of
    /// the newest notices; each address once. A notice whose pictures have `pixels` already gets no more of them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn due_pictures(
        &self,
        feed: &str,
        at: Timestamp,
        pixels: u64,
        most: usize,
    ) -> Result<Vec<DuePicture>, StoreError> {
        self.read_due(feed, at, pixels, most).map_err(|e| self.fail(&e))
    }

    fn read_due(&self, feed: &str, at: Timestamp, pixels: u64, most: usize) -> rusqlite::Result<Vec<DuePicture>> {
        self.conn
            .prepare_cached(
                "SELECT max(m.notice), m.address, iif(m.picture IS NULL, NULL, m.etag),
                     iif(m.picture IS NULL, NULL, m.last_modified) FROM named_picture m
                 JOIN public_notice n ON n.id = m.notice JOIN feed f ON f.id = n.feed
                 WHERE f.name = ?1 AND m.due <= ?2
                   AND (SELECT coalesce(sum(p.pixels), 0) FROM named_picture o JOIN picture p ON p.id = o.picture
                        WHERE o.notice = m.notice) < ?3
                 GROUP BY m.address ORDER BY min(m.tries), max(n.sorted_at) DESC, min(m.place), m.address LIMIT ?4",
            )?
            .query_map(params![feed, rows::micros(at), signed(pixels), signed(most as u64)], |row| {
                Ok(DuePicture {
                    of: NoticeId(row.get(0)?).into(),
                    address: row.get(1)?,
                    validators: Validators { etag: row.get(2)?, last_modified: row.get(3)? },
                })
            })?
            .collect()
    }

    /// A picture of a current notice or row, by the address it gives; `None` where it is not kept.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn picture(&self, of: impl Into<PictureOf>, address: &str) -> Result<Option<KeptPicture>, StoreError> {
        let (from, id) = match of.into() {
            PictureOf::Notice(id) => ("named_picture m JOIN public_notice n ON n.id = m.notice", id.0),
            PictureOf::Row(id) => ("public_row n JOIN row_picture m ON m.feed = n.feed", id.0),
        };
        let query = format!(
            "SELECT p.bytes, m.etag, m.last_modified FROM {from} JOIN picture p ON p.id = m.picture
             WHERE n.id = ?1 AND m.address = ?2"
        );
        self.conn
            .prepare_cached(&query)
            .and_then(|mut query| {
                query
                    .query_row(params![id, address], |row| {
                        let validators = Validators { etag: row.get(1)?, last_modified: row.get(2)? };
                        Ok(KeptPicture { bytes: row.get(0)?, validators })
                    })
                    .optional()
            })
            .map_err(|e| self.fail(&e))
    }

    /// Keeps a picture that a notice or row names, for all of its feed that name the same address, and makes room for it:
    /// pictures of all feeds take `room` bytes at most. Says whether it had other bytes, or none.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn keep_picture(
        &mut self,
        of: impl Into<PictureOf>,
        address: &str,
        picture: &NewPicture,
        room: u64,
    ) -> Result<bool, StoreError> {
        keep(&mut self.conn, of.into(), address, picture, room).map_err(|e| self.fail(&e))
    }

    /// Notes that a kept picture is still what stands at its address.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn confirm_picture(&mut self, of: impl Into<PictureOf>, address: &str) -> Result<(), StoreError> {
        let confirmed = match of.into() {
            PictureOf::Row(row) => row_pictures::confirm(&self.conn, row, address),
            PictureOf::Notice(notice) => self
                .conn
                .execute(
                    &format!("UPDATE named_picture SET due = NULL, tries = 0 WHERE {ALIKE}"),
                    params![notice.0, address],
                )
                .map(drop),
        };
        confirmed.map_err(|e| self.fail(&e))
    }

    /// Notes that a picture could not be fetched: it is due again later, ever later the more often it fails. Says
    /// whether this is news.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn miss_picture(&mut self, of: impl Into<PictureOf>, address: &str, at: Timestamp) -> Result<bool, StoreError> {
        miss(&mut self.conn, of.into(), address, at).map_err(|e| self.fail(&e))
    }

    /// Drops pictures that nothing names any more, and what takes more than `room` bytes in all: first those of withdrawn
    /// notices and rows, then those of the oldest. Says how many went.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn bound_pictures(&mut self, room: u64) -> Result<usize, StoreError> {
        let bound = |conn: &mut Connection| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let unnamed = tx.execute(
                "DELETE FROM picture WHERE NOT EXISTS (SELECT 1 FROM named_picture m WHERE m.picture = picture.id)
                     AND NOT EXISTS (SELECT 1 FROM row_picture m WHERE m.picture = picture.id)",
                [],
            )?;
            let dropped = unnamed + make_room(&tx, room, None)?;
            tx.commit()?;
            Ok(dropped)
        };
        bound(&mut self.conn).map_err(|e| self.fail(&e))
    }

    /// What the pictures take.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn picture_room(&self) -> Result<PictureRoom, StoreError> {
        taken(&self.conn).map_err(|e| self.fail(&e))
    }
}

/// The rows of one address in one feed: that of the notice `?1`.
const ALIKE: &str = "address = ?2 AND notice IN
    (SELECT id FROM notice WHERE feed = (SELECT feed FROM notice WHERE id = ?1))";

/// Notes which pictures a notice names now; all of them are to be fetched, those kept from before again.
pub(super) fn name(conn: &Connection, id: i64, notice: &Notice) -> rusqlite::Result<()> {
    // What the feed's other notices name by the same address stands for it until then.
    let mut add = conn.prepare_cached(
        "INSERT INTO named_picture (notice, address, place, due, picture, etag, last_modified)
         SELECT ?1, ?2, ?3, 0, o.picture, o.etag, o.last_modified FROM (SELECT 1)
         LEFT JOIN (SELECT m.picture, m.etag, m.last_modified FROM named_picture m JOIN notice n ON n.id = m.notice
                    WHERE m.address = ?2 AND m.picture IS NOT NULL
                      AND n.feed = (SELECT feed FROM notice WHERE id = ?1) LIMIT 1) o
         WHERE true ON CONFLICT DO UPDATE SET place = iif(place < 0, ?3, place), due = 0, tries = 0",
    )?;
    conn.prepare_cached("UPDATE named_picture SET place = -1 WHERE notice = ?1")?.execute([id])?;
    for (place, block) in notice.body.iter().enumerate() {
        if let Block::Picture { src, .. } = block {
            add.execute(params![id, src, signed(place as u64)])?;
        }
    }
    conn.prepare_cached("DELETE FROM named_picture WHERE notice = ?1 AND place = -1")?.execute([id]).map(drop)
}

fn keep(
    conn: &mut Connection,
    of: PictureOf,
    address: &str,
    picture: &NewPicture,
    room: u64,
) -> rusqlite::Result<bool> {
    let digest = rows::sha256(&picture.bytes);
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let named = match of {
        PictureOf::Row(row) => row_pictures::held(&tx, row, address)?,
        PictureOf::Notice(notice) => tx
            .prepare_cached(
                "SELECT p.digest FROM named_picture m LEFT JOIN picture p ON p.id = m.picture
                 WHERE m.notice = ?1 AND m.address = ?2",
            )?
            .query_row(params![notice.0, address], |row| row.get::<_, Option<Vec<u8>>>(0))
            .optional()?,
    };
    // The notice may have changed while its picture was under way.
    let Some(before) = named else { return Ok(true) };
    let id = if picture.bytes.len() as u64 > room {
        None
    } else {
        tx.prepare_cached(
            "INSERT INTO picture (digest, size, pixels, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (digest) DO UPDATE SET pixels = ?3 RETURNING id",
        )?
        .query_row(params![digest, signed(picture.bytes.len() as u64), signed(picture.pixels), picture.bytes], |row| {
            row.get::<_, i64>(0)
        })
        .map(Some)?
    };
    match of {
        PictureOf::Row(row) => row_pictures::put(&tx, row, address, id, &picture.validators)?,
        PictureOf::Notice(notice) => {
            let Validators { etag, last_modified } = &picture.validators;
            tx.prepare_cached(&format!(
                "UPDATE named_picture SET picture = ?3, due = NULL, tries = 0, etag = ?4, last_modified = ?5
                 WHERE {ALIKE}"
            ))?
            .execute(params![
                notice.0,
                address,
                id,
                id.and(etag.as_ref()),
                id.and(last_modified.as_ref())
            ])?;
        }
    }
    make_room(&tx, room, id)?;
    tx.commit()?;
    Ok(before.is_none_or(|before| before != digest))
}

fn miss(conn: &mut Connection, of: PictureOf, address: &str, at: Timestamp) -> rusqlite::Result<bool> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tries = match of {
        PictureOf::Row(row) => row_pictures::tries(&tx, row, address)?,
        PictureOf::Notice(notice) => tx
            .prepare_cached("SELECT tries FROM named_picture WHERE notice = ?1 AND address = ?2")?
            .query_row(params![notice.0, address], |row| row.get::<_, u32>(0))
            .optional()?,
    };
    let Some(tries) = tries else { return Ok(true) };
    let wait = (0..tries.min(16)).fold(LEFT_ALONE, |wait, _| LONGEST.min(wait.saturating_add(wait)));
    let due = rows::micros(at.saturating_add(wait).unwrap_or(Timestamp::MAX));
    let more = tries.saturating_add(1);
    match of {
        PictureOf::Row(row) => row_pictures::miss(&tx, row, address, more, due)?,
        PictureOf::Notice(notice) => {
            tx.prepare_cached(&format!("UPDATE named_picture SET tries = ?3, due = ?4 WHERE {ALIKE}"))?
                .execute(params![notice.0, address, more, due])?;
        }
    }
    tx.commit()?;
    Ok(tries == 0)
}

/// Drops pictures until all take `room` bytes at most; `fresh` goes last of all. A row is as old as the day of its
/// period.
fn make_room(conn: &Connection, room: u64, fresh: Option<i64>) -> rusqlite::Result<usize> {
    let mut bytes = taken(conn)?.bytes;
    if bytes <= room {
        return Ok(0);
    }
    let mut order = conn.prepare_cached(&format!(
        "SELECT p.id, p.size FROM picture p LEFT JOIN (
             SELECT id, max(at) AS newest FROM (
                 SELECT m.picture AS id, n.sorted_at AS at FROM named_picture m JOIN public_notice n ON n.id = m.notice
                 WHERE m.picture IS NOT NULL
                 UNION ALL
                 SELECT m.picture, {}
                 FROM row_picture m JOIN public_row r ON r.id = m.row
                 WHERE m.picture IS NOT NULL)
             GROUP BY id) shown ON shown.id = p.id
         ORDER BY p.id IS ?1, shown.newest, p.id",
        registers::row_instant_sql()
    ))?;
    let mut oldest = order.query([fresh])?;
    let mut going = Vec::new();
    while let Some(row) = oldest.next()?
        && bytes > room
    {
        going.push(row.get::<_, i64>(0)?);
        bytes = bytes.saturating_sub(row.get::<_, i64>(1)?.unsigned_abs());
    }
    drop(oldest);
    let mut gone = conn.prepare_cached("DELETE FROM picture WHERE id = ?1")?;
    for id in &going {
        gone.execute([id])?;
    }
    Ok(going.len())
}

fn taken(conn: &Connection) -> rusqlite::Result<PictureRoom> {
    conn.prepare_cached("SELECT count(*), coalesce(sum(size), 0) FROM picture")?.query_row([], |row| {
        let (pictures, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok(PictureRoom { pictures: pictures.unsigned_abs(), bytes: bytes.unsigned_abs() })
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
