//! The last good config, kept beside the store: a program that starts while an admin's file is broken shows what it
//! last showed, not nothing.

use super::{Config, load::load_as};
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

/// The kept config, as if it were read from `dir`: what it names by relative paths is looked for there. `None` where
/// none was kept, or where it is no longer valid.
pub fn load_kept(dir: &Path, data: &Path) -> Option<Config> {
    let copies = [KEPT.to_owned(), format!("{KEPT}.old")];
    copies.iter().map(|name| data.join(name)).filter(|copy| copy.is_dir()).find_map(|copy| load_as(&copy, dir).config)
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

#[cfg(test)]
mod tests {
    use super::{keep, load_kept};
    use crate::config::load;
    use std::fs;

    const SCREEN: &str = "width = 64\nheight = 32\n[[zone]]\nwidth = 64\nheight = 32\nsize = 24\ntext = \"公示\"\n";

    #[test]
    fn what_was_kept_is_read_as_if_it_lay_in_the_folder() {
        let (config, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let dir = config.path();
        fs::create_dir(dir.join("screens")).unwrap();
        fs::write(dir.join("site.toml"), "title = \"示例县\"\n").unwrap();
        fs::write(dir.join("screens/a.toml"), SCREEN).unwrap();
        assert_eq!(load_kept(dir, data.path()), None);
        let good = load(dir);
        let good = good.config.unwrap_or_else(|| panic!("{:?}", good.faults));
        keep(dir, data.path()).unwrap();
        fs::write(dir.join("site.toml"), "title = [").unwrap();
        assert!(load(dir).config.is_none());
        assert_eq!(load_kept(dir, data.path()), Some(good));
        // A later good config takes the copy's place whole.
        fs::write(dir.join("site.toml"), "title = \"示例市\"\n").unwrap();
        fs::rename(dir.join("screens/a.toml"), dir.join("screens/b.toml")).unwrap();
        keep(dir, data.path()).unwrap();
        assert_eq!(load_kept(dir, data.path()), load(dir).config);
    }
}
