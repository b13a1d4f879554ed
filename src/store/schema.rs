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
/// `named_picture.due` is from when on a picture is to be fetched (again), NULL where it need not be; within one feed, all
/// rows of one address have the same picture.
/// `source` says when which bytes were first found where; `raw` holds them packed, `raw.room` being how many that are. A
/// version's sources are `notice_source`; `feed_source` are those of the last look that brought rows.
/// `notice.sorted_at` is when it was published, or else first seen; `version.content` is the notice as JSON.
///
/// A row of a register that its feed's last list held has no `last_seen`: it was last confirmed when the feed was. Thus a
/// look that finds all rows as they were writes none of them. `register_row.content` is as `registers/content.rs` says;
/// contents it had before stand in `row_version`. Everything else of a row follows from its content and the config:
/// `place`, `sorted` (the day of its period, then its order; see `registers/shape.rs`), `off` (what its sums are off by), its
/// part in `tally` (what adds up, `''` for the rows themselves, by month and place) and its `case_clock`. What they
/// were last made by is `register.made_by`. Months count from year 0, 0 is none; days of cases from 1970-01-01.
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
    "
-- Pictures as they were sent, once for equal bytes, and the notices that name them by address.
CREATE TABLE picture (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    size   INTEGER NOT NULL,
    pixels INTEGER NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;
CREATE INDEX picture_size ON picture (size);
CREATE TABLE named_picture (
    notice        INTEGER NOT NULL REFERENCES notice (id),
    address       TEXT NOT NULL,
    place         INTEGER NOT NULL,
    picture       INTEGER REFERENCES picture (id) ON DELETE SET NULL,
    due           INTEGER,
    tries         INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    PRIMARY KEY (notice, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_picture_address ON named_picture (address);
CREATE INDEX named_picture_picture ON named_picture (picture);
INSERT OR IGNORE INTO named_picture (notice, address, place, due)
    SELECT n.id, json_extract(b.value, '$.src'), b.key, 0
    FROM notice n JOIN version v ON v.notice = n.id AND v.number = n.version,
         json_each(CAST(v.content AS TEXT), '$.body') b
    WHERE json_extract(b.value, '$.type') = 'picture';
",
    "
-- What was shown where: one row a stretch, open while it goes on; and when each screen was last known to run.
CREATE TABLE shown (
    id      INTEGER PRIMARY KEY,
    screen  TEXT NOT NULL,
    notice  INTEGER NOT NULL REFERENCES notice (id),
    version INTEGER NOT NULL,
    began   INTEGER NOT NULL,
    ended   INTEGER
) STRICT;
CREATE INDEX shown_notice ON shown (notice);
CREATE INDEX shown_open ON shown (screen) WHERE ended IS NULL;
CREATE TABLE screen_alive (
    screen TEXT PRIMARY KEY,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
",
    "
-- Registers, their rows, and what is kept of rows so that nothing needs to be counted when someone asks.
CREATE TABLE register (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    made_by BLOB
) STRICT;
CREATE TABLE register_row (
    id           INTEGER PRIMARY KEY,
    register     INTEGER NOT NULL REFERENCES register (id),
    feed         INTEGER NOT NULL REFERENCES feed (id),
    key          TEXT NOT NULL,
    version      INTEGER NOT NULL,
    seen         INTEGER NOT NULL,
    last_seen    INTEGER,
    withdrawn_at INTEGER,
    place        TEXT NOT NULL,
    sorted       INTEGER NOT NULL,
    off          INTEGER,
    content      BLOB NOT NULL,
    UNIQUE (register, key)
) STRICT;
CREATE INDEX register_row_feed ON register_row (feed, last_seen) WHERE withdrawn_at IS NULL;
CREATE INDEX register_row_place ON register_row (register, place, sorted) WHERE withdrawn_at IS NULL;
CREATE INDEX register_row_off ON register_row (register, place, sorted) WHERE off IS NOT NULL AND withdrawn_at IS NULL;
CREATE TABLE row_version (
    row     INTEGER NOT NULL REFERENCES register_row (id),
    number  INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (row, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
    register INTEGER NOT NULL REFERENCES register (id),
    what     TEXT NOT NULL,
    month    INTEGER NOT NULL,
    place    TEXT NOT NULL,
    total    INTEGER NOT NULL,
    PRIMARY KEY (register, what, month, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_place ON tally (register, place, what, month, total);
CREATE TABLE unit (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE case_clock (
    row      INTEGER PRIMARY KEY REFERENCES register_row (id),
    register INTEGER NOT NULL REFERENCES register (id),
    receipt  TEXT NOT NULL,
    unit     INTEGER NOT NULL REFERENCES unit (id),
    accepted INTEGER,
    closed   INTEGER,
    due      INTEGER,
    near     INTEGER
) STRICT;
CREATE INDEX case_clock_receipt ON case_clock (receipt);
CREATE INDEX case_clock_closed ON case_clock (register, closed, accepted, unit, due, near);
CREATE INDEX case_clock_accepted ON case_clock (register, accepted, unit);
CREATE INDEX notice_number ON notice (number) WHERE number IS NOT NULL;
",
    "
-- The index of words; store/index.rs says what stands in it. `search_entry.kind` is 0 for a notice, 1 for a row, `item`
-- its number, `day` counts from 1970. `search_todo` holds one row while notices below a number are still to be taken in,
-- newest first; rows are when their registers are settled.
CREATE VIRTUAL TABLE search_text USING fts5(t, content='', contentless_delete=1, tokenize='ascii');
CREATE VIRTUAL TABLE search_key USING fts5(k, content='', contentless_delete=1, tokenize='ascii', detail=none);
-- Bytes that are sorted in memory before they are written: the default of one megabyte makes a harvest write eight times
-- as many pieces, which are then merged again and again.
INSERT INTO search_text (search_text, rank) VALUES ('hashsize', 8388608);
INSERT INTO search_key (search_key, rank) VALUES ('hashsize', 8388608);
CREATE TABLE search_word (
    id   INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE search_entry (
    id        INTEGER PRIMARY KEY,
    kind      INTEGER NOT NULL,
    item      ANY NOT NULL,
    title     TEXT NOT NULL,
    catalogue INTEGER NOT NULL,
    unit      INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    day       INTEGER
) STRICT;
CREATE UNIQUE INDEX search_entry_item ON search_entry (item, kind);
CREATE TABLE search_todo (below INTEGER NOT NULL) STRICT;
INSERT INTO search_todo (below) SELECT max(id) + 1 FROM notice HAVING count(*) > 0;
",
    "
-- The documents that notices and rows were read from, their bytes once for equal ones.
CREATE TABLE raw (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    room   INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;
CREATE INDEX raw_room ON raw (room);
CREATE TABLE source (
    id         INTEGER PRIMARY KEY,
    feed       INTEGER NOT NULL REFERENCES feed (id),
    address    TEXT NOT NULL,
    digest     BLOB NOT NULL,
    fetched    INTEGER NOT NULL,
    media_type TEXT,
    size       INTEGER NOT NULL,
    raw        INTEGER REFERENCES raw (id) ON DELETE SET NULL,
    UNIQUE (feed, address, digest)
) STRICT;
CREATE INDEX source_raw ON source (raw);
CREATE TABLE notice_source (
    notice  INTEGER NOT NULL REFERENCES notice (id),
    version INTEGER NOT NULL,
    source  INTEGER NOT NULL REFERENCES source (id),
    PRIMARY KEY (notice, version, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_source_source ON notice_source (source);
CREATE TABLE feed_source (
    feed   INTEGER NOT NULL REFERENCES feed (id),
    source INTEGER NOT NULL REFERENCES source (id),
    PRIMARY KEY (feed, source)
) STRICT, WITHOUT ROWID;
",
    "
-- What a notice says as a warning, as JSON: few notices are one.
CREATE TABLE warning (
    notice  INTEGER PRIMARY KEY REFERENCES notice (id),
    content BLOB NOT NULL
) STRICT;
",
    "
-- Pictures that rows name, by feed and address; only those that were fetched or failed. `row` is the newest known to name it.
CREATE TABLE row_picture (
    feed          INTEGER NOT NULL REFERENCES feed (id),
    address       TEXT NOT NULL,
    row           INTEGER NOT NULL REFERENCES register_row (id),
    picture       INTEGER REFERENCES picture (id) ON DELETE SET NULL,
    due           INTEGER,
    tries         INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    PRIMARY KEY (feed, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX row_picture_picture ON row_picture (picture);
",
    "
-- Tokens of words run on across breaks: the index is made anew, of notices as they are read, of rows as their registers are
-- settled.
INSERT INTO search_text (search_text) VALUES ('delete-all');
INSERT INTO search_key (search_key) VALUES ('delete-all');
DELETE FROM search_entry;
DELETE FROM search_todo;
INSERT INTO search_todo (below) SELECT max(id) + 1 FROM notice HAVING count(*) > 0;
UPDATE register SET made_by = NULL;
",
    "
-- What is public, said once: no other statement asks whether something was withdrawn. Clocks of a row that is withdrawn go
-- with it, so that those there are are public.
CREATE VIEW public_notice AS
    SELECT id, feed, key, look, first_seen, last_seen, sorted_at, version, digest, source, title, kind, catalogue, issuer,
        number, published, show_from, show_until, summary
    FROM notice WHERE withdrawn_at IS NULL;
CREATE VIEW public_row AS
    SELECT id, register, feed, key, version, seen, last_seen, place, sorted, off, content
    FROM register_row WHERE withdrawn_at IS NULL;
CREATE VIEW public_case AS
    SELECT row, register, receipt, unit, accepted, closed, due, near FROM case_clock;
",
    "
-- Whether a person is to say if what the feed's last look said is so.
ALTER TABLE feed ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
",
    "
-- What was on show, from presented frames; store/displays.rs says how it is dated. `at`, `began`, `until` and `shown` are
-- microseconds since the machine started, `wall` since the Unix epoch. What `shown` holds was noted by the programmes that
-- played, by older versions: it is kept, and nothing of it goes on.
CREATE TABLE display_session (
    id     INTEGER PRIMARY KEY,
    run    INTEGER NOT NULL,
    boot   TEXT,
    screen TEXT NOT NULL
) STRICT;
CREATE INDEX display_session_boot ON display_session (boot);
CREATE TABLE display_anchor (
    session   INTEGER NOT NULL REFERENCES display_session (id),
    number    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    wall      INTEGER NOT NULL,
    plausible INTEGER NOT NULL,
    PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE display (
    session     INTEGER NOT NULL REFERENCES display_session (id),
    number      INTEGER NOT NULL,
    notice      INTEGER NOT NULL REFERENCES notice (id),
    version     INTEGER NOT NULL,
    edition     INTEGER NOT NULL,
    anchor      INTEGER NOT NULL,
    began       INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    shown       INTEGER NOT NULL,
    appearances INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX display_notice ON display (notice);
CREATE INDEX display_open ON display (session) WHERE open = 1;
UPDATE shown SET ended = max(began, coalesce(
    (SELECT at FROM screen_alive WHERE screen_alive.screen = shown.screen), began)) WHERE ended IS NULL;
DROP INDEX shown_open;
DROP TABLE screen_alive;
",
    "
-- Lists and counts of notices that read only what they give. `hidden` marks an alert that is no real one; `ends_at` says
-- when an alert is over (see warnings.rs). `notice_count` counts the public notices of each heading and feed.
ALTER TABLE notice ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN ends_at INTEGER;
UPDATE notice SET
    hidden = (SELECT NOT json_extract(CAST(w.content AS TEXT), '$.actual') FROM warning w WHERE w.notice = notice.id),
    ends_at = (SELECT coalesce(
            max(1, CAST(round(unixepoch(json_extract(CAST(w.content AS TEXT), '$.expires'), 'subsec') * 1000000) AS INTEGER)),
            9223372036854775807)
        FROM warning w WHERE w.notice = notice.id)
    WHERE id IN (SELECT notice FROM warning);
UPDATE notice SET ends_at = 0 WHERE id IN (
    SELECT w.notice FROM warning w WHERE json_extract(CAST(w.content AS TEXT), '$.identifier') IN (
        SELECT r.value FROM warning x, json_each(CAST(x.content AS TEXT), '$.references') r
        WHERE json_extract(CAST(x.content AS TEXT), '$.actual')
          AND json_extract(CAST(x.content AS TEXT), '$.stage') <> 'alert'
          AND r.value <> json_extract(CAST(x.content AS TEXT), '$.identifier')));
DELETE FROM search_text WHERE rowid IN (
    SELECT id FROM search_entry WHERE kind = 0 AND item IN (SELECT id FROM notice WHERE hidden));
DELETE FROM search_key WHERE rowid IN (
    SELECT id FROM search_entry WHERE kind = 0 AND item IN (SELECT id FROM notice WHERE hidden));
DELETE FROM search_entry WHERE kind = 0 AND item IN (SELECT id FROM notice WHERE hidden);
DROP VIEW public_notice;
CREATE VIEW public_notice AS
    SELECT id, feed, key, look, first_seen, last_seen, sorted_at, version, digest, source, title, kind, catalogue, issuer,
        number, published, show_from, show_until, summary, ends_at
    FROM notice WHERE withdrawn_at IS NULL AND hidden = 0;
CREATE INDEX notice_newest ON notice (sorted_at, id, catalogue, feed, ends_at, show_until, show_from)
    WHERE withdrawn_at IS NULL AND hidden = 0;
CREATE INDEX notice_heading ON notice (catalogue, sorted_at, id, feed, ends_at, show_until, show_from)
    WHERE withdrawn_at IS NULL AND hidden = 0;
CREATE INDEX notice_until ON notice (show_until, sorted_at DESC, id DESC, show_from, catalogue, feed, ends_at)
    WHERE withdrawn_at IS NULL AND hidden = 0 AND show_until IS NOT NULL;
CREATE INDEX notice_ends ON notice (ends_at, catalogue, feed)
    WHERE withdrawn_at IS NULL AND hidden = 0 AND ends_at IS NOT NULL;
CREATE TABLE notice_count (
    catalogue TEXT NOT NULL,
    feed      INTEGER NOT NULL REFERENCES feed (id),
    total     INTEGER NOT NULL,
    PRIMARY KEY (catalogue, feed)
) STRICT, WITHOUT ROWID;
INSERT INTO notice_count (catalogue, feed, total) SELECT catalogue, feed, count(*) FROM public_notice GROUP BY 1, 2;
CREATE TRIGGER notice_counted_new AFTER INSERT ON notice WHEN NEW.withdrawn_at IS NULL AND NEW.hidden = 0 BEGIN
    INSERT INTO notice_count (catalogue, feed, total) VALUES (NEW.catalogue, NEW.feed, 1)
        ON CONFLICT DO UPDATE SET total = total + 1;
END;
CREATE TRIGGER notice_counted_anew AFTER UPDATE OF withdrawn_at, hidden, catalogue ON notice
    WHEN OLD.catalogue <> NEW.catalogue OR OLD.hidden <> NEW.hidden
      OR (OLD.withdrawn_at IS NULL) <> (NEW.withdrawn_at IS NULL) BEGIN
    UPDATE notice_count SET total = total - 1
        WHERE catalogue = OLD.catalogue AND feed = OLD.feed AND OLD.withdrawn_at IS NULL AND OLD.hidden = 0;
    INSERT INTO notice_count (catalogue, feed, total)
        SELECT NEW.catalogue, NEW.feed, 1 WHERE NEW.withdrawn_at IS NULL AND NEW.hidden = 0
        ON CONFLICT DO UPDATE SET total = total + 1;
END;
",
    "
-- The zone in which the days of what is searched are counted: the site's.
CREATE TABLE search_zone (name TEXT NOT NULL) STRICT;
INSERT INTO search_zone (name) VALUES ('Asia/Shanghai');
",
    "
CREATE INDEX notice_issuer ON notice (issuer, sorted_at, id, feed, ends_at)
    WHERE withdrawn_at IS NULL AND hidden = 0 AND issuer IS NOT NULL;
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
mod tests;
