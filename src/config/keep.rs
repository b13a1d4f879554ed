//! The last good config, kept beside the store: a program that starts while an admin's file is broken shows what it
//! last showed, not nothing.

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
    for folder in ["", "feeds", "registers", "screens"] {
        let (from, to) = (dir.join(folder), fresh.join(folder));
        fs::create_dir_all(&to)?;
        for file in files(&from)? {
            if let Some(name) = file.file_name() {
                fs::copy(&file, to.join(name))?;
            }
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

/// The config files of one folder; none where there is no folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            found.push(path);
        }
    }
    Ok(found)
}
