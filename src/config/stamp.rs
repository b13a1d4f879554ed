//! What a config folder looks like from outside, to notice changes where the system tells of none: on network drives.

use std::{
    ffi::OsString,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

/// Entries of one folder that count; a config has hundreds at most.
const MAX_ENTRIES: usize = 10_000;

/// A number that changes with the names, sizes and times of the files of a config folder: those at its top, and the TOML
/// files of its folders. Sources beside them do not count. Blocks.
pub fn folder_stamp(dir: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut folders = stamp(dir, &["toml", "csv"], &mut hasher);
    folders.sort();
    for folder in folders {
        stamp(&dir.join(folder), &["toml"], &mut hasher);
    }
    hasher.finish()
}

/// Takes in the files of one folder with these endings; gives the names of the folders in it.
fn stamp(dir: &Path, endings: &[&str], hasher: &mut DefaultHasher) -> Vec<OsString> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir).into_iter().flatten().flatten().take(MAX_ENTRIES) {
        let is_counted = entry.path().extension().is_some_and(|e| endings.iter().any(|ending| e == *ending));
        match entry.metadata() {
            Ok(meta) if is_counted => files.push((entry.file_name(), meta.len(), meta.modified().ok())),
            Ok(meta) if meta.is_dir() => folders.push(entry.file_name()),
            _ => {}
        }
    }
    files.sort();
    if !files.is_empty() {
        (dir, files).hash(hasher);
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_a_new_and_a_removed_file_are_noticed_and_sources_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("site.toml", "");
        let mut last = folder_stamp(dir.path());
        let mut is_other = || std::mem::replace(&mut last, folder_stamp(dir.path())) != last;
        assert!(!is_other());
        write("site.toml", "title = \"x\"");
        assert!(is_other());
        write("screens/a.toml", "");
        assert!(is_other());
        write("sources/a.csv", "1");
        assert!(!is_other());
        fs::remove_file(dir.path().join("screens/a.toml")).unwrap();
        assert!(is_other());
    }
}
