//! The schema, as a list of steps that only ever grows: a released step is never edited.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// The steps from an empty file to the present schema; `user_version` counts those taken.
///
/// Instants are microseconds since the Unix epoch, days are ISO 8601 text, digests are 32 bytes.
/// `feed.look` counts the looks that brought a list of notices; a notice whose `look` is its feed's was in the last of
/// them, so it was last confirmed when the feed was (`feed.last_ok`), and any other at its own `last_seen`. Thus
/// "nothing changed" costs one row, however many notices it confirms.
/// `notice.sorted_at` is when it was published, or else first seen; `version.content` is the notice as JSON.
pub(super) const STEPS: &[&str] = &[
    "
CREATE TABLE feed (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    look          INTEGER NOT NULL DEFAULT 0,
    last_ok       INTEGER,
    fault         TEXT,
    fault_at      INTEGER,
    etag          TEXT,
    last_modified TEXT
) STRICT;
CREATE TABLE notice (
    id           INTEGER PRIMARY KEY,
    feed         INTEGER NOT NULL REFERENCES feed (id),
    key          TEXT NOT NULL,
    look         INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    withdrawn_at INTEGER,
    sorted_at    INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    digest       BLOB NOT NULL,
    source       TEXT NOT NULL,
    title        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    catalogue    TEXT NOT NULL,
    issuer       TEXT,
    number       TEXT,
    published    INTEGER,
    show_from    TEXT,
    show_until   TEXT,
    UNIQUE (feed, key)
) STRICT;
CREATE TABLE version (
    notice  INTEGER NOT NULL REFERENCES notice (id),
    number  INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (notice, number)
) STRICT;
",
    "
-- The first characters of the notice's summary, for lines that run on a wall.
ALTER TABLE notice ADD COLUMN summary TEXT NOT NULL DEFAULT '';
",
];

/// Takes the steps not yet taken, all in one transaction.
///
/// # Errors
/// [`StoreError::Newer`] where the file has taken more steps than there are; else what SQLite says.
pub(super) fn migrate(conn: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let said = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if taken(conn).map_err(said)? == known {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(said)?;
    // Read again under the write lock: another process may have taken the steps meanwhile.
    let found = taken(&tx).map_err(said)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(step).map_err(said)?;
    }
    tx.pragma_update(None, "user_version", known).map_err(said)?;
    tx.commit().map_err(said)
}

fn taken(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, rows};

    /// One line a released step; a step is appended together with its line, and no line is ever changed.
    const RELEASED: &[&str] = &[
        "690174762560e342554d9dc95a984952925fce1128379324cbab40baf5056557",
        "f47172e0242a8ea51e1944ac7bae7ad6a49dbcf4c2da4877c45b346c4ab2c768",
    ];

    #[test]
    fn released_steps_are_never_edited() {
        let now: Vec<String> = STEPS.iter().map(|s| rows::hex(&rows::sha256(s.as_bytes()))).collect();
        assert_eq!(now, RELEASED);
    }

    #[test]
    fn an_older_file_is_brought_up_and_keeps_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let path = dir.path().join("gongshi.db");
        let mut conn = Connection::open(&path).unwrap();
        conn.execute("INSERT INTO feed (name, title) VALUES ('a', '示例镇')", []).unwrap();
        let mut later = STEPS.to_vec();
        later.push("ALTER TABLE feed ADD COLUMN extra TEXT NOT NULL DEFAULT 'added'");
        migrate(&mut conn, &path, &later).unwrap();
        migrate(&mut conn, &path, &later).unwrap();
        let row: (String, String) =
            conn.query_row("SELECT title, extra FROM feed", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        assert_eq!(row, ("示例镇".to_owned(), "added".to_owned()));
        assert_eq!(taken(&conn).unwrap(), later.len() as i64);
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let path = dir.path().join("gongshi.db");
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let said = Store::open(dir.path()).unwrap_err().to_string();
        assert!(said.contains("gongshi.db was written by a newer gongshi (schema 99"), "{said}");
        assert!(said.contains("--data"), "{said}");
        assert_eq!(taken(&Connection::open(&path).unwrap()).unwrap(), 99);
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut conn = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); SELECT nonsense"];
        assert!(migrate(&mut conn, Path::new("x.db"), &steps).is_err());
        assert_eq!(taken(&conn).unwrap(), 0);
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
