//! Whether what a config names by relative paths is there.

use std::path::Path;

/// The folder where what the files name by relative paths is looked for.
pub(super) struct Place<'a> {
    /// The folder.
    pub dir: &'a Path,
    /// What is named is taken to be there: whether it is cannot be asked now.
    pub is_trusted: bool,
}

impl Place<'_> {
    /// Whether a file stands there.
    pub fn has_file(&self, path: impl AsRef<Path>) -> bool {
        self.is_trusted || self.dir.join(path).is_file()
    }

    /// What stands there, so that it can be read; `None` where whether it does cannot be asked now.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        if self.is_trusted {
            return None;
        }
        Some(match self.dir.join(path).metadata() {
            Ok(found) if found.is_file() || found.is_dir() => Kind::Readable,
            Ok(_) => Kind::Irregular,
            Err(_) => Kind::Missing,
        })
    }
}

/// What a name of the config stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file or a folder.
    Readable,
    /// A pipe or a device.
    Irregular,
    /// Nothing.
    Missing,
}
