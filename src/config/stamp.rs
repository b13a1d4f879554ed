//! What a config folder looks like from outside, to notice changes where the system tells of none: on network drives.

use super::sections::places;
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

/// A number that changes with the names, sizes and times of the files of a config folder. Sources beside them do not
/// count. Blocks.
pub fn folder_stamp(dir: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in places().iter().flat_map(|place| place.files(dir).unwrap_or_default()) {
        file.hash(&mut hasher);
        if let Ok(found) = fs::metadata(&file) {
            (found.len(), found.modified().ok()).hash(&mut hasher);
        }
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
