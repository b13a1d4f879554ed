//! Where the fonts are, and loading them by path: no scan of the system's fonts at start.

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel},
    thread::Builder,
    time::Duration,
};
use thiserror::Error;

/// The bundled family's name in the font files.
pub(super) const FAMILY: &str = "Noto Sans SC";
const REGULAR: &str = "NotoSansSC-Regular.otf";
const BOLD: &str = "NotoSansSC-Bold.otf";
/// Rare Han, loaded only once a text needs it.
const RARE: [&str; 2] = ["HanaMinA.ttf", "HanaMinB.ttf"];
const RARE_DIRS: [&str; 2] = ["/usr/share/fonts/truetype/hanazono", "/usr/share/fonts/hanazono"];

/// Why the fonts could not be loaded.
#[derive(Debug, Error)]
pub enum FontError {
    /// No folder has the bundled fonts.
    #[error(
        "no fonts: {REGULAR} is in none of {tried}; put the fonts folder beside the program or set GONGSHI_FONTS to it"
    )]
    Missing {
        /// The folders looked in.
        tried: String,
    },
    /// A font file is unreadable.
    #[error("{file}: cannot be read as a font ({reason}); replace it")]
    Unreadable {
        /// The file that was looked for or read.
        file: PathBuf,
        /// What the system or the font's reader said.
        reason: String,
    },
}

/// The font files in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontPlace {
    /// Regular and bold faces of the bundled family.
    pub bundled: [PathBuf; 2],
    /// Fallbacks in the order tried, loaded lazily.
    pub fallback: Vec<PathBuf>,
}

impl FontPlace {
    /// Finds the fonts: `GONGSHI_FONTS`, `./fonts`, beside the program, then the installed place.
    /// `extra` are an admin's fallback files, tried before the rare Han ones.
    pub fn find(extra: &[PathBuf]) -> Result<Self, FontError> {
        let mut dirs: Vec<PathBuf> = std::env::var_os("GONGSHI_FONTS").map(PathBuf::from).into_iter().collect();
        dirs.push("fonts".into());
        if let Ok(exe) = std::env::current_exe() {
            dirs.extend(exe.ancestors().skip(1).take(4).map(|d| d.join("fonts")));
        }
        dirs.push("/usr/share/gongshi/fonts".into());
        let Some(dir) = dirs.iter().find(|d| d.join(REGULAR).is_file()) else {
            let tried = dirs.iter().map(|d| d.display().to_string()).collect::<Vec<_>>().join(", ");
            return Err(FontError::Missing { tried });
        };
        let rare = RARE.iter().filter_map(|name| {
            let in_dirs = RARE_DIRS.iter().map(Path::new).chain([dir.as_path()]);
            in_dirs.map(|d| d.join(name)).find(|p| p.is_file())
        });
        Ok(Self { bundled: [dir.join(REGULAR), dir.join(BOLD)], fallback: extra.iter().cloned().chain(rare).collect() })
    }
}

/// Bytes a font file may have.
const MAX_FONT_BYTES: u64 = 256 << 20;

/// A font file on its way into memory, on a thread of its own: a drive that hangs holds that thread and nothing else.
#[derive(Debug)]
pub(super) struct FontRead {
    /// The file.
    pub file: PathBuf,
    done: Receiver<io::Result<Vec<u8>>>,
}

impl FontRead {
    /// Begins to read a file.
    ///
    /// # Errors
    /// Where there is no thread to be had.
    pub fn start(file: PathBuf) -> io::Result<Self> {
        let (send, done) = sync_channel(1);
        let path = file.clone();
        // Whoever waited may have gone.
        Builder::new().name("font".into()).spawn(move || drop(send.send(read(&path))))?;
        Ok(Self { file, done })
    }

    /// A read of which the bytes come from elsewhere.
    #[cfg(test)]
    pub fn of(file: PathBuf, done: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self { file, done }
    }

    /// What the file holds, if it is read within `wait`; `None` while it is not.
    pub fn take(&self, wait: Duration) -> Option<io::Result<Vec<u8>>> {
        let gone = || Err(io::Error::other("its reader broke down"));
        if wait.is_zero() {
            return match self.done.try_recv() {
                Ok(read) => Some(read),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => Some(gone()),
            };
        }
        match self.done.recv_timeout(wait) {
            Ok(read) => Some(read),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(gone()),
        }
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let found = std::fs::metadata(file)?;
    if !found.is_file() || found.len() > MAX_FONT_BYTES {
        return Err(io::Error::other("it is no file, or one of more than 256 MB"));
    }
    std::fs::read(file)
}
