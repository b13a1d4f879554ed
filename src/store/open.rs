//! Opening the file: settings, migration, and what happens to a damaged one.

use super::{Store, StoreError, schema};
use rusqlite::{Connection, ErrorCode};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The file's name in the data folder.
const FILE: &str = "gongshi.db";

/// Tells a store's file from another at the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity([u64; 2]);

/// The store's file in a data folder; `None` where there is none. Blocks.
pub fn file_identity(data_dir: &Path) -> Option<FileIdentity> {
    let found = data_dir.join(FILE).metadata().ok()?;
    #[cfg(unix)]
    let identity = [std::os::unix::fs::MetadataExt::dev(&found), std::os::unix::fs::MetadataExt::ino(&found)];
    // Elsewhere an open file cannot be taken away.
    #[cfg(not(unix))]
    let identity = [u64::from(found.is_file()), 0];
    Some(FileIdentity(identity))
}
/// Kilobytes of pages that a connection for reading keeps.
const READER_CACHE: i64 = 2_000;
/// How long another program's lock is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the store in `data_dir`, making the folder and the file where there is none. A file that is really
    /// damaged is kept as `gongshi.db.corrupt-N`, and a new one is begun; the log says so.
    ///
    /// # Errors
    /// Where the place cannot be made, opened or written, is held by another program, or a newer program wrote it.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Self::open_within(data_dir, BUSY_TIMEOUT)
    }

    fn open_within(data_dir: &Path, patience: Duration) -> Result<Self, StoreError> {
        fs::create_dir_all(data_dir)
            .map_err(|e| StoreError::Folder { path: data_dir.to_owned(), reason: e.to_string() })?;
        let path = data_dir.join(FILE);
        let noted = beside(&path, ".suspect").exists();
        let opened = if noted { None } else { Some(open_file(&path, patience)) };
        match opened {
            None | Some(Err(StoreError::Corrupt { .. })) => {}
            Some(other) => return other,
        }
        if let Some(reason) = damage(&path, patience)? {
            let kept = set_aside(&path)?;
            tracing::error!(
                "{} is damaged ({reason}): it is kept as {}, and a new one is begun and filled by the next harvests",
                path.display(),
                kept.display()
            );
        }
        forget_damage(&path);
        open_file(&path, patience)
    }

    /// A second connection to the same file, for reading only, so that a reader never waits for a harvest.
    pub(super) fn reader(&self) -> Result<Self, StoreError> {
        let conn = connect(&self.path, BUSY_TIMEOUT).map_err(|e| self.fail(&e))?;
        conn.pragma_update(None, "query_only", true).map_err(|e| self.fail(&e))?;
        // The system keeps the file's pages as well, once for all connections.
        conn.pragma_update(None, "cache_size", -READER_CACHE).map_err(|e| self.fail(&e))?;
        Ok(Self { conn, path: self.path.clone() })
    }

    /// Gives the pages back that this connection keeps in memory.
    pub(super) fn free_pages(&self) -> Result<(), StoreError> {
        self.conn.execute_batch("PRAGMA shrink_memory").map_err(|e| self.fail(&e))
    }

    /// Gives the room back that the write-ahead log takes beyond what is committed: a harvest that could not be finished
    /// may have left hundreds of megabytes there. Of what is committed nothing is lost.
    pub(super) fn give_log_back(&self) {
        if let Err(error) = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::warn!("{}: what a failed write took is not given back yet ({error})", self.path.display());
        }
    }

    /// Reads the whole file and verifies it. Takes about a second for each few hundred megabytes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first fault found.
    pub fn check(&self) -> Result<(), StoreError> {
        match verify(&self.conn).map_err(|e| self.fail(&e))? {
            None => Ok(()),
            Some(reason) => Err(StoreError::Corrupt { path: self.path.clone(), reason }),
        }
    }
}

impl Store {
    /// Puts a fault of the database into a sentence; damage is noted, so that the next start looks into it, and of a full
    /// disk the room is given back that what failed had taken.
    pub(super) fn fail(&self, error: &rusqlite::Error) -> StoreError {
        let fault = StoreError::from_sqlite(&self.path, error);
        if matches!(fault, StoreError::Corrupt { .. }) {
            note_damage(&self.path);
        }
        if matches!(error.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure)) {
            self.give_log_back();
        }
        fault
    }
}

/// Notes that damage was met, so that the next start verifies the whole file.
pub(super) fn note_damage(path: &Path) {
    if let Err(e) = fs::write(beside(path, ".suspect"), "") {
        tracing::warn!("cannot note that {} may be damaged: {e}", path.display());
    }
}

fn forget_damage(path: &Path) {
    let note = beside(path, ".suspect");
    if note.exists()
        && let Err(e) = fs::remove_file(&note)
    {
        tracing::warn!("cannot remove {}: {e}; remove it by hand", note.display());
    }
}

fn open_file(path: &Path, patience: Duration) -> Result<Store, StoreError> {
    let said = |e: rusqlite::Error| StoreError::from_sqlite(path, &e);
    let mut conn = connect(path, patience).map_err(said)?;
    if conn.is_readonly("main").map_err(said)? {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    schema::migrate(&mut conn, path, schema::STEPS)?;
    // Touches what every edition needs, so that damage there shows now and not on the screen.
    for probe in [
        "SELECT sum(total) FROM notice_count",
        "SELECT sum(length(title)) FROM feed",
        "SELECT sum(length(title)) FROM (SELECT title FROM public_notice ORDER BY id DESC LIMIT 1000)",
    ] {
        conn.query_row(probe, [], |_| Ok(())).map_err(said)?;
    }
    Ok(Store { conn, path: path.to_owned() })
}

/// `synchronous=NORMAL` loses no commit to a killed process; a power cut may lose the last ones, but then also the
/// feed's validators that went with them, so the next harvest brings the same notices again.
fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(patience)?;
    let mode: String = conn.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        tracing::warn!(
            "{} is on a disk without write-ahead logging ({mode}): reading may wait for harvests",
            path.display()
        );
    }
    conn.execute_batch(
        "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;
         PRAGMA cache_size=-8000; PRAGMA journal_size_limit=33554432;",
    )?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// What is wrong with the file; `None` where it is whole.
fn damage(path: &Path, patience: Duration) -> Result<Option<String>, StoreError> {
    let verdict = Connection::open(path).and_then(|conn| {
        conn.busy_timeout(patience)?;
        verify(&conn)
    });
    match verdict {
        Ok(found) => Ok(found),
        Err(e) => match StoreError::from_sqlite(path, &e) {
            StoreError::Corrupt { reason, .. } => Ok(Some(reason)),
            other => Err(other),
        },
    }
}

fn verify(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then(|| said.replace('\n', " ")))
}

/// Renames the file and its write-ahead log, so that whoever mends it finds both.
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let said = |e: std::io::Error| StoreError::Aside { path: path.to_owned(), reason: e.to_string() };
    let kept = (1u32..)
        .map(|n| beside(path, &format!(".corrupt-{n}")))
        .find(|p| !p.exists())
        .ok_or_else(|| said(std::io::ErrorKind::AlreadyExists.into()))?;
    for tail in ["-wal", "-shm"] {
        let part = beside(path, tail);
        if part.exists() {
            fs::rename(&part, beside(&kept, tail)).map_err(said)?;
        }
    }
    fs::rename(path, &kept).map_err(said)?;
    Ok(kept)
}

fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(tail);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn one_sentence(e: &StoreError) -> String {
        let said = e.to_string();
        assert!(!said.contains('\n') && said.contains("gongshi"), "{said}");
        said
    }

    #[test]
    fn noise_is_set_aside_each_time_and_a_new_file_begun() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            fs::write(dir.path().join(FILE), vec![0xA5; 9000]).unwrap();
            let store = Store::open(dir.path()).unwrap();
            store.check().unwrap();
            drop(store);
        }
        assert_eq!(names(dir.path()), ["gongshi.db", "gongshi.db.corrupt-1", "gongshi.db.corrupt-2"]);
        assert_eq!(fs::read(dir.path().join("gongshi.db.corrupt-2")).unwrap(), vec![0xA5; 9000]);
    }

    #[test]
    fn damage_in_the_middle_is_noted_and_set_aside_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        for n in 0..200 {
            store.record_fault(&format!("feed-{n}"), &"题".repeat(100), jiff::Timestamp::UNIX_EPOCH, "x").unwrap();
        }
        drop(store);
        let path = dir.path().join(FILE);
        let mut bytes = fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes[half..].fill(0xFF);
        fs::write(&path, bytes).unwrap();
        Store::open(dir.path()).unwrap().check().unwrap();
        assert!(names(dir.path()).contains(&"gongshi.db.corrupt-1".to_owned()));
    }

    #[test]
    fn a_note_of_damage_on_a_whole_file_only_costs_a_check() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        store.record_fault("a", "示例", jiff::Timestamp::UNIX_EPOCH, "x").unwrap();
        note_damage(store.path());
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.edition(1).unwrap().feeds.len(), 1);
        drop(store);
        assert_eq!(names(dir.path()), [FILE]);
    }

    #[test]
    fn an_empty_file_is_simply_filled() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "").unwrap();
        drop(Store::open(dir.path()).unwrap());
        assert_eq!(names(dir.path()), [FILE]);
    }

    #[test]
    fn a_place_that_cannot_hold_it_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("gongshi-data");
        fs::write(&file, "").unwrap();
        let said = one_sentence(&Store::open(&file.join("deeper")).unwrap_err());
        assert!(said.contains("gongshi-data") && said.contains("--data"), "{said}");
        fs::create_dir(dir.path().join(FILE)).unwrap();
        let said = one_sentence(&Store::open(dir.path()).unwrap_err());
        assert!(said.contains("cannot be opened"), "{said}");
        assert!(dir.path().join(FILE).is_dir(), "nothing is set aside that is not damaged");
    }

    #[test]
    fn a_locked_file_is_said_to_be_in_use_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let other = Connection::open(dir.path().join(FILE)).unwrap();
        other.execute_batch("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE feed SET title = ''").unwrap();
        let said = one_sentence(&Store::open_within(dir.path(), SOON).unwrap_err());
        assert!(said.contains("in use by another program"), "{said}");
        drop(other);
        Store::open_within(dir.path(), SOON).unwrap().check().unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        // The tests may run as root, whom no permission stops: a reader's write meets the same refusal.
        let mut reader = store.reader().unwrap();
        let e = reader.record_fault("a", "示例", jiff::Timestamp::UNIX_EPOCH, "x").unwrap_err();
        let said = one_sentence(&e);
        assert!(matches!(e, StoreError::ReadOnly { .. }) && said.contains("cannot be written"), "{said}");
    }
}
