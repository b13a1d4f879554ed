//! The sections of the config, one line each. A new one is its struct's file and its line here.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_from};
use super::files::FolderView;
use super::section::{CsvTable, File, Folder, Place, SectionLayout};
use super::{Calendar, Catalogue, Feed, Region, Register, Screen, Site, Theme, Units};
use serde_json::Value;
use std::path::{Path, PathBuf};

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident: $layout:ident<$section:ty>,)+) => {
        /// A whole, valid config folder. Immutable; a reload makes a new one.
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct Config {
            /// The folder it was read from; relative paths in it start here.
            pub dir: PathBuf,
            $($(#[$doc])* pub $name: <$layout as SectionLayout<$section>>::Held,)+
        }

        /// The sections of a folder as far as they could be read, with the places of their keys.
        #[derive(Debug)]
        pub struct Sections {
            $($(#[$doc])* pub $name: <$layout as SectionLayout<$section>>::Read,)+
        }

        impl Sections {
            fn read(folder: &FolderView<'_>, faults: &mut Vec<Fault>) -> Self {
                Self { $($name: <$layout as SectionLayout<$section>>::read(folder, stringify!($name), faults),)+ }
            }

            /// The config of the folder `dir`, where what the files name by relative paths lies; defaults in place of
            /// broken files.
            pub fn into_config(self, dir: &Path) -> Config {
                Config {
                    dir: dir.to_owned(),
                    $($name: <$layout as SectionLayout<$section>>::held(self.$name),)+
                }
            }
        }

        impl Config {
            /// What was made from the config `before` and must be made again with this one.
            pub fn changes_since(&self, before: &Self) -> Changes {
                let mut changes = Changes::default();
                $(<$layout as SectionLayout<$section>>::changed(
                    stringify!($name), &before.$name, &self.$name, &mut changes,
                );)+
                self.spread(before, &mut changes);
                changes
            }
        }

        /// Where the sections lie in a config folder.
        pub(super) fn places() -> Vec<Place> {
            vec![$(<$layout as SectionLayout<$section>>::place(stringify!($name)),)+]
        }

        /// All schemas as (file name, schema): `site.json` for `site.toml`, `feed.json` for `feeds/*.toml`, and so on.
        pub fn schemas() -> Vec<(String, Value)> {
            [$(<$layout as SectionLayout<$section>>::schema(),)+].into_iter().flatten().collect()
        }
    };
}

sections! {
    /// `site.toml`.
    site: File<Site>,
    /// `catalogue.toml`.
    catalogue: File<Catalogue>,
    /// `calendar.toml`.
    calendar: File<Calendar>,
    /// `theme.toml`.
    theme: File<Theme>,
    /// `units.toml`.
    units: File<Units>,
    /// `regions.csv`, in the file's order.
    regions: CsvTable<Region>,
    /// `registers/*.toml`, by name.
    registers: Folder<Register>,
    /// `feeds/*.toml`, by name.
    feeds: Folder<Feed>,
    /// `screens/*.toml`, by name.
    screens: Folder<Screen>,
}

impl Config {
    /// Names the feeds that are read anew because of what they depend on.
    fn spread(&self, before: &Self, changes: &mut Changes) {
        for (name, feed) in before.feeds.iter().chain(&self.feeds) {
            let by_rows = changes.every_register && !feed.register.is_empty();
            if changes.every_feed || by_rows || changes.registers.contains(&feed.register) {
                changes.feeds.insert(name.clone());
            }
        }
    }
}

/// The schema of the TOML file of this path in a config folder, with its own name: `screen.json` for `screens/a.toml`.
/// `None` for what is no such file.
pub fn schema_of(file: &Path) -> Option<(String, Value)> {
    let is_plain = |part: &std::ffi::OsStr| !part.to_string_lossy().starts_with('.');
    let parts: Vec<_> = file.iter().collect();
    let is_meant = |place: &Place| match parts.as_slice() {
        [name] => !place.is_folder && *name == place.name.as_str(),
        [folder, name] => place.is_folder && *folder == place.name.as_str() && is_plain(name),
        _ => false,
    };
    let is_toml = file.extension().is_some_and(|extension| extension == "toml");
    places().into_iter().find(is_meant).filter(|_| is_toml).and_then(|place| (place.schema)())
}

/// Reads the files of a folder, each by its struct, and reports each file's own faults. Files that are not there stand
/// for their defaults; a folder that is not there is one fault, and `None`.
pub fn read(folder: &FolderView<'_>, faults: &mut Vec<Fault>) -> Option<Sections> {
    let dir = folder.dir;
    if !dir.is_dir() {
        let mend = "name the config folder with --config, or make one with `gongshi sample --out .`";
        faults.push(Fault::of_file(dir, Severity::Error, "there is no such config folder", mend));
        return None;
    }
    check_names(dir, faults);
    Some(Sections::read(folder, faults))
}

/// Warns of names at the top of the folder that nothing reads, such as a misspelt `sites.toml` or `feed/`.
fn check_names(dir: &Path, faults: &mut Vec<Fault>) {
    let places = places();
    let known = |is_folder: bool| -> Vec<&str> {
        places.iter().filter(|p| p.is_folder == is_folder).map(|p| p.name.as_str()).collect()
    };
    let (files, folders) = (known(false), known(true));
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten().take(super::files::FILES) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_config = path.extension().is_some_and(|e| e == "toml" || e == "csv") && !name.starts_with('.');
        if path.is_dir() {
            let near = super::fault::nearest(&name, folders.iter().copied());
            if let Some(near) = near.filter(|_| !folders.contains(&name.as_str()) && holds_toml(&path)) {
                let message = format!("nothing reads the folder `{name}`");
                faults.push(Fault::of_file(path, Severity::Warning, message, format!("did you mean `{near}`?")));
            }
        } else if is_config && !files.contains(&name.as_str()) {
            let message = format!("nothing reads the file `{name}`");
            faults.push(Fault::of_file(path, Severity::Warning, message, choose_from(&name, &files)));
        }
    }
}

fn holds_toml(folder: &Path) -> bool {
    super::files::list(folder, "toml").is_ok_and(|listing| !listing.files.is_empty())
}
