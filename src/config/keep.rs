//! The last good config, kept beside the store: a program that starts while an admin's file is broken shows what it
//! last showed, not nothing.

use super::{files, sections::places};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The copy's folder in the data folder.
const KEPT: &str = "last-good-config";

/// Copies the config files of `dir` into the data folder. The copy is changed whole or not at all.
///
/// # Errors
/// Where a file cannot be read or the data folder cannot be written; the old copy is then still there.
pub fn keep(dir: &Path, data: &Path) -> io::Result<()> {
    let (fresh, old) = (data.join(format!("{KEPT}.new")), data.join(format!("{KEPT}.old")));
    for left in [&fresh, &old] {
        if left.exists() {
            fs::remove_dir_all(left)?;
        }
    }
    fs::create_dir_all(&fresh)?;
    for place in places() {
        if place.is_folder {
            fs::create_dir_all(fresh.join(&place.name))?;
        }
        for file in place.files(dir)? {
            let to = fresh.join(file.strip_prefix(dir).unwrap_or(&file));
            fs::write(to, files::read(&file, files::FILE_BYTES).map_err(io::Error::other)?)?;
        }
    }
    let kept = data.join(KEPT);
    if kept.exists() {
        fs::rename(&kept, &old)?;
    }
    fs::rename(&fresh, &kept)?;
    if old.exists() { fs::remove_dir_all(&old) } else { Ok(()) }
}

/// The copies that a start may read, the newest first.
pub fn kept(data: &Path) -> Vec<PathBuf> {
    let copies = [KEPT.to_owned(), format!("{KEPT}.old")];
    copies.iter().map(|name| data.join(name)).filter(|copy| copy.is_dir()).collect()
}
