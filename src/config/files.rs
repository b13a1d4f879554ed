//! Reading the files of a config folder: regular files only, of a size a person may have written, and not too many.
//!
//! A pipe or a device never ends or never begins, and one put where a file belongs must hold nothing up. A name is
//! looked at before it is opened, opened without waiting, and looked at again by its handle, so that a name that is
//! exchanged in between changes nothing.

use super::seen::Visible;
use std::{
    ffi::OsStr,
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Bytes one config file may have.
pub const FILE_BYTES: u64 = 4 << 20;

/// Files of one kind that are read: screens, feeds, registers.
pub const FILES: usize = 2_000;

/// Names of a folder that are looked at.
const NAMES: usize = 100_000;

/// Why a file was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is not there.
    Missing,
    /// It is a folder, a pipe, a socket or a device.
    Irregular,
    /// It has more bytes than this.
    TooLarge(u64),
    /// It is not UTF-8.
    Encoding,
    /// The system refused.
    Failed(io::Error),
}

impl Unread {
    /// What to do about it, without a full stop.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Missing => "check its name and its folder",
            Self::Irregular => "put a file of text in its place",
            Self::TooLarge(_) => "check what was saved there, or part it into several files",
            Self::Encoding => "save it as UTF-8",
            Self::Failed(_) => "check that it exists and may be read",
        }
    }
}

/// What is wrong, without a full stop.
impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "the file is not there"),
            Self::Irregular => write!(f, "this is no regular file but a folder, a pipe or a device"),
            Self::TooLarge(most) => write!(f, "the file has more than {} MB", most >> 20),
            Self::Encoding => write!(f, "the file is not UTF-8 text"),
            Self::Failed(error) => write!(f, "the file cannot be read ({error})"),
        }
    }
}

impl std::error::Error for Unread {}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Failed(error),
        }
    }
}

/// A config folder as it lies there, one of its files perhaps with another text, which is to be tried.
#[derive(Debug, Clone, Copy)]
pub struct FolderView<'a> {
    /// The folder.
    pub dir: &'a Path,
    /// The file's path, and what it is to say.
    pub draft: Option<(&'a Path, &'a str)>,
    /// By which its texts lose what cannot be seen in them.
    pub visible: Visible,
}

impl<'a> FolderView<'a> {
    /// The folder as it is.
    pub fn of(dir: &'a Path, visible: Visible) -> Self {
        Self { dir, draft: None, visible }
    }

    fn drafted(&self, path: &Path) -> Option<&'a str> {
        self.draft.filter(|(drafted, _)| *drafted == path).map(|(_, text)| text)
    }

    /// Whether anything stands there.
    pub(super) fn exists(&self, path: &Path) -> bool {
        self.drafted(path).is_some() || path.exists()
    }

    /// See [`read_text`].
    pub(super) fn read_text(&self, path: &Path) -> Result<String, Unread> {
        match self.drafted(path) {
            Some(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
            None => read_text(path),
        }
    }

    /// See [`list`].
    pub(super) fn list(&self, folder: &Path, extension: &str) -> io::Result<Listing> {
        let mut listing = list(folder, extension)?;
        if let Some((drafted, _)) = self.draft.filter(|(path, _)| path.parent() == Some(folder))
            && let Err(place) = listing.files.binary_search_by(|path| path.as_path().cmp(drafted))
        {
            listing.files.insert(place, drafted.to_owned());
        }
        Ok(listing)
    }
}

/// Opens a regular file for reading, without ever waiting for whoever is at the other end of a pipe.
///
/// # Errors
/// [`Unread::Irregular`] for everything else that has a name.
pub fn open(path: &Path) -> Result<File, Unread> {
    // Some devices act on being opened.
    if !fs::metadata(path)?.is_file() {
        return Err(Unread::Irregular);
    }
    let file = open_at_once(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(Unread::Irregular),
    }
}

#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let at_once = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(at_once.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Reads a regular file whole.
///
/// # Errors
/// Where it is none, or has more bytes than `most`.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        true => Err(Unread::TooLarge(most)),
        false => Ok(bytes),
    }
}

/// Reads a config file as text, without the mark that some editors put before it.
///
/// # Errors
/// Where it is no regular file, larger than [`FILE_BYTES`], or not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Unread> {
    let text = String::from_utf8(read(path, FILE_BYTES)?).map_err(|_| Unread::Encoding)?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The files of one kind in a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Their paths, in order of their names.
    pub files: Vec<PathBuf>,
    /// Whether there are more than are read.
    pub cut: bool,
}

/// The names in a folder that end in `.extension` and are not hidden, up to [`FILES`]. Folders are left out; pipes and
/// devices are not, since whoever put one there should be told.
///
/// # Errors
/// Where the folder cannot be read; one that is not there has no files.
pub fn list(folder: &Path, extension: &str) -> io::Result<Listing> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Listing::default()),
        Err(error) => return Err(error),
    };
    let mut listing = Listing::default();
    for (n, entry) in entries.enumerate() {
        let path = entry?.path();
        let named = path.extension() == Some(OsStr::new(extension))
            && path.file_stem().and_then(OsStr::to_str).is_some_and(|stem| !stem.starts_with('.'));
        if !named || path.is_dir() {
            listing.cut |= n >= NAMES;
        } else if listing.files.len() < FILES {
            listing.files.push(path);
        } else {
            listing.cut = true;
        }
        if listing.cut {
            break;
        }
    }
    listing.files.sort();
    Ok(listing)
}
