//! The rules of a config folder: what no single file can say about itself. That names lead somewhere, files are there,
//! screens do not lie on each other.
//!
//! [`load`] is how the program reads its config: every file by its struct (`config::read`, with each file's own faults),
//! then the rules, one file a section. [`load_kept`] does the same with the copy that outlives a restart.

mod catalogue;
mod draft;
mod feeds;
mod headings;
mod place;
mod registers;
mod rows;
mod screens;
mod site;

use crate::{
    config::{self, Config, Fault, FolderView, Severity},
    text::visible,
};
use place::Place;
use std::path::Path;

pub use draft::{Draft, DraftError};

/// What came of reading a config folder.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The config; `None` where any fault is an error.
    pub config: Option<Config>,
    /// All faults, by file and line.
    pub faults: Vec<Fault>,
}

impl Loaded {
    /// Whether any fault is an error.
    pub fn failed(&self) -> bool {
        self.faults.iter().any(|f| f.severity == Severity::Error)
    }
}

/// Reads the folder and reports every fault of it. Files that are not there stand for their defaults; a folder that is
/// not there is one fault.
pub fn load(dir: &Path) -> Loaded {
    load_as(&FolderView::of(dir, visible), &Place { dir, is_trusted: false })
}

/// As [`load`], but what the files name elsewhere is taken to be there: for when a share that hangs holds up whoever asks.
pub fn load_trusting(dir: &Path) -> Loaded {
    load_as(&FolderView::of(dir, visible), &Place { dir, is_trusted: true })
}

/// As [`load`], with another text in place of one file's, or as one more file.
pub fn load_with(dir: &Path, file: &Path, text: &str) -> Loaded {
    load_as(&FolderView { dir, draft: Some((file, text)), visible }, &Place { dir, is_trusted: false })
}

/// The config kept in the data folder by [`config::keep`], as if it were read from `dir`: what it names by relative
/// paths is looked for there. `None` where none was kept, or where it is no longer valid.
pub fn load_kept(dir: &Path, data: &Path) -> Option<Config> {
    // It was looked for when the copy was made.
    let place = Place { dir, is_trusted: true };
    config::kept(data).into_iter().find_map(|copy| load_as(&FolderView::of(&copy, visible), &place).config)
}

/// Reads the files in `files` as the config of the folder where what they name by relative paths lies.
fn load_as(files: &FolderView<'_>, place: &Place<'_>) -> Loaded {
    let mut faults = Vec::new();
    let Some(sections) = config::read(files, &mut faults) else { return Loaded { config: None, faults } };
    if let Some(site) = &sections.site {
        site::check(place, site, &mut faults);
    }
    catalogue::check(&sections, &mut faults);
    for register in sections.registers.values().flatten() {
        registers::check(register, &sections, &mut faults);
    }
    for feed in sections.feeds.values().flatten() {
        feeds::check(place, feed, &sections, &mut faults);
    }
    screens::check(place, &sections, &mut faults);
    faults.iter_mut().for_each(Fault::shorten);
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let mut loaded = Loaded { config: None, faults };
    if !loaded.failed() {
        loaded.config = Some(sections.into_config(place.dir));
    }
    loaded
}

#[cfg(test)]
mod tests {
    use super::{load, load_kept};
    use crate::config::keep;
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
