//! What the journal could not write into the store yet: a file beside it, one report a line, each on disk before it is
//! acknowledged. Lines are whole, so one that a power cut left torn is dropped alone.

use super::StoreError;
use crate::model::DisplayReport;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// The file's name, in the data folder.
const FILE: &str = "journal.spool";
/// Bytes it may grow to: weeks of a store that cannot be written.
const MAX_BYTES: u64 = 16 << 20;

/// One run of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayRun {
    /// Drawn at random; at most 63 bits.
    pub id: u64,
    /// The system's name for this start of the machine, where it has one: runs of one start share their anchors.
    pub boot: Option<String>,
}

/// The spool of one store.
#[derive(Debug)]
pub(super) struct Spool {
    path: PathBuf,
}

impl Spool {
    /// The spool beside the store's file.
    pub fn beside(store: &Path) -> Self {
        Self { path: store.with_file_name(FILE) }
    }

    /// The spool of the store in a data folder.
    pub fn of(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE) }
    }

    /// Puts reports behind those that wait, or says in a sentence why that cannot be.
    ///
    /// # Errors
    /// As [`Spool::append`].
    pub fn keep(&self, run: &DisplayRun, reports: &[DisplayReport]) -> Result<(), StoreError> {
        self.append(run, reports)
            .map_err(|error| StoreError::Folder { path: self.path.clone(), reason: error.to_string() })
    }

    /// What waits in it, in the order it was put there. Lines that cannot be read are passed over, and said.
    pub fn read(&self) -> Vec<(DisplayRun, DisplayReport)> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    self.say("cannot be read", &error);
                }
                return Vec::new();
            }
        };
        let (mut waiting, mut torn) = (Vec::new(), 0);
        for line in BufReader::new(file.take(2 * MAX_BYTES)).split(b'\n') {
            match line {
                Ok(line) if line.is_empty() => {}
                Ok(line) => match serde_json::from_slice(&line) {
                    Ok(report) => waiting.push(report),
                    Err(_) => torn += 1,
                },
                Err(error) => {
                    self.say("cannot be read to its end", &error);
                    break;
                }
            }
        }
        if torn > 0 {
            tracing::warn!("{}: {torn} lines are torn and passed over", self.path.display());
        }
        waiting
    }

    /// Puts reports behind those that wait. On disk when it returns.
    ///
    /// # Errors
    /// Where the file cannot be written, or has grown to its bound.
    fn append(&self, run: &DisplayRun, reports: &[DisplayReport]) -> io::Result<()> {
        if reports.is_empty() {
            return Ok(());
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        let length = file.metadata()?.len();
        if length > MAX_BYTES {
            return Err(io::Error::new(ErrorKind::StorageFull, "it has grown to its bound of 16 MiB"));
        }
        let mut lines = Vec::new();
        // What a power cut left torn is not to spoil the line that follows.
        if length > 0 {
            lines.push(b'\n');
        }
        for report in reports {
            serde_json::to_writer(&mut lines, &(run, report))?;
            lines.push(b'\n');
        }
        let written = file.write_all(&lines).and_then(|()| file.sync_data());
        if written.is_err() {
            // By half it would be read as torn; whole, it comes again anyway.
            let _ = file.set_len(length);
        }
        written?;
        // The file's name must be on disk as well.
        if length == 0
            && let Some(folder) = self.path.parent()
        {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// All that waited is in the store.
    pub fn empty(&self) {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => self.say("cannot be removed", &error),
            _ => {}
        }
    }

    fn say(&self, what: &str, error: &io::Error) {
        tracing::warn!("{} {what}: {error}; let this user read and write its folder", self.path.display());
    }
}
