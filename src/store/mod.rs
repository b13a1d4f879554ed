//! The durable archive: one SQLite file that holds every notice, each of its versions, and how each feed fares.
//! SQLite lives here only.
//!
//! Registers keep their rows the same way (`registers/`), and cases their clocks beside them (`cases.rs`).
//!
//! A notice is known by its feed and its key. What lists need of it stands in columns (`notice`), every content it
//! ever had as JSON (`version`), so that building an edition never touches a body. The pictures it names (`named_picture`)
//! are kept beside it as they were sent (`picture`), and so are the documents it was read from (`source`, `raw`). The words
//! of all that is held are indexed (`search_…`).

mod answer;
mod archive;
mod cases;
mod displays;
mod error;
mod find;
mod handle;
mod index;
mod ingest;
mod journal;
mod lists;
mod lock;
mod loss;
mod open;
mod picture_kinds;
mod pictures;
mod raw;
mod registers;
mod row_pictures;
mod rows;
mod schema;
mod spool;
mod tokenise;
mod walk;
mod warnings;

#[cfg(test)]
mod tests;

pub use displays::{DisplayInterval, Evidence, Recorded, spool_displays};
pub use error::StoreError;
pub use handle::StoreHandle;
pub use index::IndexEntry;
pub use lock::PlayerLock;
pub use open::{FileIdentity, file_identity};
pub use picture_kinds::{DuePicture, KeptPicture, NewPicture, PictureOf, PictureRoom};
pub use raw::SourceInfo;
pub use spool::DisplayRun;

use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// The archive, owned by one thread. Every method blocks; [`StoreHandle`] is its face for async code.
#[derive(Debug)]
pub struct Store {
    conn: rusqlite::Connection,
    path: PathBuf,
}

/// What one harvest did to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Notices or rows never seen before.
    pub new: usize,
    /// Those with new content, and withdrawn ones that came back.
    pub changed: usize,
    /// Those confirmed as they were.
    pub same: usize,
    /// Those the source no longer holds.
    pub withdrawn: usize,
    /// Rows passed over because another feed of the register brings them.
    pub elsewhere: usize,
}

impl Ingested {
    /// Whether what can be on screen differs from before, other than in when it was last confirmed.
    pub fn shows(&self) -> bool {
        self.new + self.changed + self.withdrawn > 0
    }
}

/// One version of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Counts up from 1.
    pub number: u32,
    /// When a harvest first brought this content.
    pub seen: Timestamp,
    /// Its title then.
    pub title: String,
    /// SHA-256 of its content, in lower-case hex.
    pub digest: String,
}

impl Store {
    /// The SQLite file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
