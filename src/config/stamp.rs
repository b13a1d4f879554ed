//! What a config folder looks like from outside, to notice changes where the system tells of none: on network drives.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

/// Entries of one folder that count; a config has hundreds at most.
const MAX_ENTRIES: usize = 10_000;

/// A number that changes with the names, sizes and times of the files of a config folder. Sources beside them do not
/// count. Blocks.
pub fn folder_stamp(dir: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    for folder in ["", "feeds", "registers", "screens"] {
        let entries = fs::read_dir(dir.join(folder)).into_iter().flatten().flatten().take(MAX_ENTRIES);
        let mut files: Vec<_> = entries
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "toml" || e == "csv"))
            .map(|entry| {
                let meta = entry.metadata().ok();
                let time = meta.as_ref().and_then(|m| m.modified().ok());
                (entry.file_name(), meta.map(|m| m.len()), time)
            })
            .collect();
        files.sort();
        files.hash(&mut hasher);
    }
    hasher.finish()
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
