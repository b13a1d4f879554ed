//! A change of one file of the config, tried before it is saved.
//!
//! Nothing is written that would not load, nor over what someone else saved meanwhile. What is written is written whole:
//! into a file beside the old one, onto the disk, then in its place by one step of the file system, with the old one's
//! permissions. Where the name is a link, the file it leads to is replaced and the link stays.

use super::{load, load_with};
use crate::config::{
    Expected, FILE_BYTES, Fault, Severity, Unread,
    edit::{Edit, EditError, KeyPath, NewValue, apply},
    expected, read_text, schema_of,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why a change was not saved; each says what to do.
#[derive(Debug, Error)]
pub enum DraftError {
    /// The file is none of the config's.
    #[error("{0}: the config has no such TOML file; write site.toml, or screens/NAME.toml")]
    NoFile(PathBuf),
    /// It cannot be read.
    #[error("{0}: {1}; {mend}", mend = .1.mend())]
    Unread(PathBuf, Unread),
    /// The change cannot be made.
    #[error("{0}: {1}")]
    Edit(PathBuf, EditError),
    /// The key or its value is not what the file's schema wants.
    #[error("{file}: {message}; {mend}")]
    Key {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        message: String,
        /// What to do.
        mend: String,
    },
    /// The config would not load any more.
    #[error("{}", list(.0))]
    Faults(Vec<Fault>),
    /// Someone else saved the file meanwhile.
    #[error("{0}: the file was changed by someone else since it was read; look at it and make the change again")]
    Changed(PathBuf),
    /// Someone else is saving it.
    #[error("{0}: someone else is saving this file; try again")]
    Busy(PathBuf),
    /// It cannot be written.
    #[error("{0}: cannot be written ({1}); let this user write the file and its folder")]
    Unwritten(PathBuf, io::Error),
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

/// One file of a config folder with changes that are not saved yet.
#[derive(Debug)]
pub struct Draft {
    dir: PathBuf,
    /// In the folder.
    path: PathBuf,
    schema: Value,
    /// What lies on the disk; `None` where nothing does.
    before: Option<String>,
    text: String,
}

impl Draft {
    /// Begins with a file as it is. One that is not there begins with the line that names its schema.
    ///
    /// # Errors
    /// [`DraftError::NoFile`] and [`DraftError::Unread`].
    pub fn open(dir: &Path, file: &Path) -> Result<Self, DraftError> {
        let inner = file.strip_prefix(dir).unwrap_or(file);
        let no_file = || DraftError::NoFile(file.to_owned());
        let (name, schema) = schema_of(inner).ok_or_else(no_file)?;
        let path = dir.join(inner);
        let before = match read_whole(&path) {
            Ok(text) => Some(text),
            Err(Unread::Missing) => None,
            Err(why) => return Err(DraftError::Unread(path, why)),
        };
        let up = if inner.components().count() > 1 { "../" } else { "" };
        let text = before.clone().unwrap_or_else(|| format!("#:schema {up}schema/{name}\n"));
        Ok(Self { dir: dir.to_owned(), path, schema, before, text })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What lies on the disk; empty where nothing does.
    pub fn before(&self) -> &str {
        self.before.as_deref().unwrap_or_default()
    }

    /// What would be saved.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A token of what lay on the disk when it was read: whoever shows the file to a person now and saves it later gives
    /// it to [`Draft::expect`] then.
    pub fn stamp(&self) -> String {
        let digest = Sha256::digest(self.before().as_bytes());
        digest.iter().fold(String::from(if self.before.is_some() { "f" } else { "n" }), |mut out, byte| {
            out.push_str(&format!("{byte:02x}"));
            out
        })
    }

    /// Goes on only with the file that had this stamp.
    ///
    /// # Errors
    /// [`DraftError::Changed`].
    pub fn expect(&self, stamp: &str) -> Result<(), DraftError> {
        if self.stamp() == stamp { Ok(()) } else { Err(DraftError::Changed(self.path.clone())) }
    }

    /// Gives a key the value that a person typed for it: text as it is, all else as TOML writes it.
    ///
    /// # Errors
    /// [`DraftError::Key`] for what the schema does not know, and [`DraftError::Edit`].
    pub fn set(&mut self, path: &KeyPath, typed: &str) -> Result<(), DraftError> {
        let values: toml::Table = without_mark(&self.text).parse().unwrap_or_default();
        let key = |message: String, mend: String| DraftError::Key { file: self.path.clone(), message, mend };
        let new = match expected(&self.schema, &values, path.keys()).map_err(|(what, mend)| key(what, mend))? {
            Expected::Text => NewValue::from(typed),
            Expected::Day => NewValue::parse(typed).ok().filter(|v| v.value().is_datetime()).unwrap_or(typed.into()),
            Expected::Other(what, mend) => NewValue::parse(typed)
                .map_err(|_| key(format!("`{path}` should be {what} but is `{typed}`"), mend.to_owned()))?,
        };
        self.edit(&Edit::Set(path.clone(), new))
    }

    /// Makes a change.
    ///
    /// # Errors
    /// [`DraftError::Edit`]; nothing is changed then.
    pub fn edit(&mut self, edit: &Edit) -> Result<(), DraftError> {
        self.text = apply(&self.text, edit).map_err(|why| DraftError::Edit(self.path.clone(), why))?;
        Ok(())
    }

    /// All faults of the config with this file in it, by file and line.
    pub fn faults(&self) -> Vec<Fault> {
        load_with(&self.dir, &self.path, &self.text).faults
    }

    /// Refuses what would not load. Errors that the config has already do not count, wherever they stand now: whoever
    /// mends them one by one must not be held up by those that are left.
    ///
    /// # Errors
    /// [`DraftError::Faults`], with those that are new.
    pub fn check(&self) -> Result<(), DraftError> {
        let is_error = |fault: &Fault| fault.severity == Severity::Error;
        let mut new: Vec<Fault> = self.faults().into_iter().filter(is_error).collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut old: Vec<Fault> = load(&self.dir).faults.into_iter().filter(is_error).collect();
        new.retain(|fault| {
            let same = old.iter().position(|other| (&other.file, &other.message) == (&fault.file, &fault.message));
            same.map(|place| old.swap_remove(place)).is_none()
        });
        // A file that could not be read at all shows its other faults only once that is mended.
        let is_mended = old.iter().any(|fault| fault.file == self.path);
        if new.is_empty() || is_mended { Ok(()) } else { Err(DraftError::Faults(new)) }
    }

    /// Saves it, if it would load and nobody else saved the file meanwhile. What is the same as before is not written.
    ///
    /// # Errors
    /// All but those of keys and edits; the file is then as it was.
    pub fn save(self) -> Result<(), DraftError> {
        self.check()?;
        if self.before.as_ref() == Some(&self.text) {
            return Ok(());
        }
        let unwritten = |error| DraftError::Unwritten(self.path.clone(), error);
        // A name that is a link stays one.
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = target.parent().unwrap_or(&self.dir);
        fs::create_dir_all(folder).map_err(unwritten)?;
        // Held until this ends. Where the file system has no locks, what is read below is the only guard.
        let lock = File::open(folder).map_err(unwritten)?;
        if matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            return Err(DraftError::Busy(self.path.clone()));
        }
        let now = match read_whole(&self.path) {
            Ok(text) => Some(text),
            Err(Unread::Missing) => None,
            Err(why) => return Err(DraftError::Unread(self.path.clone(), why)),
        };
        if now != self.before {
            return Err(DraftError::Changed(self.path.clone()));
        }
        replace(&target, self.text.as_bytes()).map_err(unwritten)?;
        // The new name must be on the disk as well.
        lock.sync_all().map_err(unwritten)
    }
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A file's text with the mark that some editors put before it.
fn read_whole(path: &Path) -> Result<String, Unread> {
    let rest = read_text(path)?;
    let mut start = [0; 3];
    let is_marked = File::open(path)?.take(3).read(&mut start)? == 3 && start == *b"\xef\xbb\xbf";
    if rest.len() as u64 > FILE_BYTES {
        return Err(Unread::TooLarge(FILE_BYTES));
    }
    Ok(if is_marked { format!("\u{feff}{rest}") } else { rest })
}

/// Puts a new file in the place of one, whole or not at all.
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let fresh = target.with_file_name(format!(".{name}.new"));
    // Left by one that was killed: nobody else writes here now.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(&fresh)?;
    let written = (|| {
        file.write_all(bytes)?;
        if let Ok(old) = fs::metadata(target) {
            keep_owner(&file, &old);
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&fresh, target)
    })();
    if written.is_err() {
        // What is left of it is no config: its name begins with a dot.
        let _ = fs::remove_file(&fresh);
    }
    written
}

/// Whose file it was, it stays, where this user may say so.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}
