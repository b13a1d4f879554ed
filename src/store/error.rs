//! What can go wrong with the store, each in one sentence with its mend.

use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// A fault of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder can neither be found nor made.
    #[error("cannot make the data folder {path}: {reason}; mend its permissions or choose another with --data")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why, in the system's words.
        reason: String,
    },
    /// The file cannot be opened at all.
    #[error(
        "{path} cannot be opened: see that it is a file this user may read and write, or choose another folder with --data"
    )]
    Open {
        /// The file or folder.
        path: PathBuf,
    },
    /// Another player has the data folder.
    #[error(
        "another gongshi run{} plays from {path}: end that one first, or give this one a folder of its own with --data",
        process.map(|id: u32| format!(" (process {id})")).unwrap_or_default()
    )]
    Playing {
        /// The data folder.
        path: PathBuf,
        /// The other's process, where it can be told.
        process: Option<u32>,
    },
    /// Another program holds the file for longer than we wait.
    #[error("{path} is in use by another program: stop the other gongshi, or choose another folder with --data")]
    Locked {
        /// The file or folder.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error(
        "{path} cannot be written: let this user write the file and its folder, or choose another folder with --data"
    )]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
    },
    /// A later version of the program wrote the file.
    #[error(
        "{path} was written by a newer gongshi (schema {found}, this program knows up to {known}): \
         install that version, or choose another folder with --data"
    )]
    Newer {
        /// The file or folder.
        path: PathBuf,
        /// The schema it has.
        found: i64,
        /// The schema this program knows.
        known: i64,
    },
    /// The file is damaged.
    #[error("{path} is damaged ({reason}): start gongshi again, it sets the file aside and begins a new one")]
    Corrupt {
        /// The file or folder.
        path: PathBuf,
        /// Why, in the system's words.
        reason: String,
    },
    /// The damaged file could not be moved out of the way.
    #[error("{path} is damaged and cannot be set aside: {reason}; move it out of its folder by hand")]
    Aside {
        /// The file or folder.
        path: PathBuf,
        /// Why, in the system's words.
        reason: String,
    },
    /// A search was told to stop.
    #[error("the search was stopped, since a newer one took its place; search again")]
    Interrupted,
    /// Rows came for a register that the config does not know.
    #[error(
        "the rows of feed {feed} have no register {register}: add registers/{register}.toml, \
         or mend register = \"…\" in feeds/{feed}.toml"
    )]
    Register {
        /// The feed's name.
        feed: String,
        /// The register's name.
        register: String,
    },
    /// Most of what a feed held would be withdrawn at once; nothing of the look was taken in.
    #[error(
        "{gone} of its {current} items are gone at once, and those of before stay: see whether the source is whole (a share \
         that is not mounted, a sheet without its rows); if it is, run `gongshi harvest --accept {feed}`, or raise \
         max_loss_percent in feeds/{feed}.toml"
    )]
    Held {
        /// The feed.
        feed: String,
        /// Items that would go.
        gone: usize,
        /// Items it has now.
        current: usize,
    },
    /// No room left.
    #[error("the disk that holds {path} is full: free some space")]
    Full {
        /// The file or folder.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{path} failed: {reason}; start gongshi again, and if that does not help move the file away")]
    Failed {
        /// The file or folder.
        path: PathBuf,
        /// Why, in the system's words.
        reason: String,
    },
    /// The store's thread has ended.
    #[error("the store has been shut down; start gongshi again")]
    Closed,
}

impl StoreError {
    /// Puts a fault of the database into one of ours.
    pub(super) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::CannotOpen) => Self::Open { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, reason: error.to_string() }
            }
            Some(ErrorCode::OperationInterrupted) => Self::Interrupted,
            Some(ErrorCode::DiskFull) => Self::Full { path },
            _ => Self::Failed { path, reason: error.to_string() },
        }
    }
}
