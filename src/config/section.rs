//! What a section of the config is: one struct, and how its files lie in the folder.
//!
//! A section is one file ([`File`]: `site.toml`), a folder of files of one struct ([`Folder`]: `feeds/*.toml`) or a table
//! ([`CsvTable`]: `regions.csv`). Its struct says with [`ConfigSection`] what the schema cannot say about it, and what is to
//! be made again after it changed. Everything else (names, schema, reading, the copy that outlives a restart) follows
//! from its line in `sections.rs`.

use super::changes::Changes;
use super::fault::{Fault, Severity};
use super::files::{self, FolderView};
use super::places::{self, Section};
use super::schema;
use super::seen;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The struct of one TOML file. Both functions stand beside the struct.
pub trait ConfigSection: DeserializeOwned + JsonSchema + Default + Clone + PartialEq {
    /// Reports what the schema cannot say about one file by itself. Rules that need another file stand in `check`.
    fn check(_section: &Section<Self>, _faults: &mut Vec<Fault>) {}

    /// Notes what was made from this file and must be made again, now that it reads differently. `name` is the file's;
    /// before and after are `None` where the file was added or taken out of a folder.
    fn changed(name: &str, before: Option<&Self>, after: Option<&Self>, changes: &mut Changes);
}

/// One row of a CSV file.
pub trait ConfigTable: Clone + PartialEq {
    /// Reads the rows of a whole file; every bad one is reported.
    fn rows(file: &Path, text: &str, faults: &mut Vec<Fault>) -> Vec<Self>;

    /// Notes what was made from the table and must be made again, now that it reads differently.
    fn changed(changes: &mut Changes);
}

/// How the files of a section lie in the config folder, what they are read to and what the config holds of them. `name`
/// is the field's in `Config`; a file's and a folder's name follow from it.
pub trait SectionLayout<T> {
    /// What could be read.
    type Read;
    /// What the config holds.
    type Held;

    /// The file or the folder.
    fn place(name: &'static str) -> Place;

    /// The schema of one file; `None` where it has none.
    fn schema() -> Option<(String, Value)>;

    /// Reads what lies in a config folder, with each file's own faults.
    fn read(folder: &FolderView<'_>, name: &'static str, faults: &mut Vec<Fault>) -> Self::Read;

    /// What the config holds of what was read; the default in place of a broken file.
    fn held(read: Self::Read) -> Self::Held;

    /// Notes what follows from what changed.
    fn changed(name: &'static str, before: &Self::Held, after: &Self::Held, changes: &mut Changes);
}

/// Where a section lies in the config folder.
#[derive(Debug, Clone)]
pub struct Place {
    /// The name of its file, such as `site.toml`, or of its folder, such as `feeds`.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The schema of one of its files, with the schema's own name; `None` where they have none.
    pub(super) schema: fn() -> Option<(String, Value)>,
}

impl Place {
    /// The files of this section that lie in a config folder, by their paths in it.
    pub(super) fn files(&self, dir: &Path) -> std::io::Result<Vec<PathBuf>> {
        let path = dir.join(&self.name);
        match self.is_folder {
            true => files::list(&path, "toml").map(|listing| listing.files),
            false => Ok(Some(path).filter(|p| p.exists()).into_iter().collect()),
        }
    }
}

/// One TOML file, `NAME.toml`.
#[derive(Debug)]
pub struct File;

/// A folder `NAME/` of TOML files, each known by its own name.
#[derive(Debug)]
pub struct Folder;

/// A CSV file, `NAME.csv`.
#[derive(Debug)]
pub struct CsvTable;

/// `Feed` is `feed.json`.
fn named_schema<T: JsonSchema>() -> (String, Value) {
    (format!("{}.json", T::schema_name().to_lowercase()), schema::of::<T>())
}

fn read_one<T: ConfigSection>(
    folder: &FolderView<'_>,
    file: &Path,
    schema: &Value,
    faults: &mut Vec<Fault>,
) -> Option<Section<T>> {
    let section = places::read(folder, file, schema, faults);
    if let Some(section) = &section {
        T::check(section, faults);
    }
    section
}

impl<T: ConfigSection> SectionLayout<T> for File {
    type Read = Option<Section<T>>;
    type Held = T;

    fn place(name: &'static str) -> Place {
        Place { name: format!("{name}.toml"), is_folder: false, schema: <Self as SectionLayout<T>>::schema }
    }

    fn schema() -> Option<(String, Value)> {
        Some(named_schema::<T>())
    }

    /// A file that is not there stands for its defaults; `None` is a broken one.
    fn read(folder: &FolderView<'_>, name: &'static str, faults: &mut Vec<Fault>) -> Self::Read {
        let file = folder.dir.join(<Self as SectionLayout<T>>::place(name).name);
        match folder.exists(&file) {
            true => read_one(folder, &file, &schema::of::<T>(), faults),
            false => Some(Section { file, ..Section::default() }),
        }
    }

    fn held(read: Self::Read) -> T {
        read.map(|section| section.value).unwrap_or_default()
    }

    fn changed(name: &'static str, before: &T, after: &T, changes: &mut Changes) {
        if before != after {
            T::changed(name, Some(before), Some(after), changes);
        }
    }
}

impl<T: ConfigSection> SectionLayout<T> for Folder {
    type Read = BTreeMap<String, Option<Section<T>>>;
    type Held = BTreeMap<String, T>;

    fn place(name: &'static str) -> Place {
        Place { name: name.to_owned(), is_folder: true, schema: <Self as SectionLayout<T>>::schema }
    }

    fn schema() -> Option<(String, Value)> {
        Some(named_schema::<T>())
    }

    /// By name; `None` is a broken file.
    fn read(folder: &FolderView<'_>, name: &'static str, faults: &mut Vec<Fault>) -> Self::Read {
        let view = folder;
        let folder = view.dir.join(name);
        let listing = view.list(&folder, "toml").unwrap_or_else(|error| {
            let message = format!("the folder cannot be read ({error})");
            faults.push(Fault::of_file(&folder, Severity::Error, message, "check that it is a folder and may be read"));
            files::Listing::default()
        });
        if listing.cut {
            let message = format!("the folder has more files than are read: {}", files::FILES);
            let mend = "take out what does not belong there, or show part of it on another machine";
            faults.push(Fault::of_file(&folder, Severity::Error, message, mend));
        }
        let schema = schema::of::<T>();
        let named = |path: &PathBuf| path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").to_owned();
        listing.files.iter().map(|path| (named(path), read_one(view, path, &schema, faults))).collect()
    }

    fn held(read: Self::Read) -> Self::Held {
        read.into_iter().filter_map(|(name, section)| Some((name, section?.value))).collect()
    }

    fn changed(_: &'static str, before: &Self::Held, after: &Self::Held, changes: &mut Changes) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (was, is) = (before.get(name), after.get(name));
            if was != is {
                T::changed(name, was, is, changes);
            }
        }
    }
}

impl<T: ConfigTable> SectionLayout<T> for CsvTable {
    type Read = Vec<T>;
    type Held = Vec<T>;

    fn place(name: &'static str) -> Place {
        Place { name: format!("{name}.csv"), is_folder: false, schema: <Self as SectionLayout<T>>::schema }
    }

    fn schema() -> Option<(String, Value)> {
        None
    }

    /// In the file's order; none where there is no file.
    fn read(folder: &FolderView<'_>, name: &'static str, faults: &mut Vec<Fault>) -> Self::Read {
        let file = folder.dir.join(<Self as SectionLayout<T>>::place(name).name);
        match folder.read_text(&file) {
            Ok(text) => {
                let text = seen::clean_lines(&text, folder.visible, &mut |line, message, mend| {
                    faults.push(Fault { line, ..Fault::of_file(&file, Severity::Error, message, mend) });
                });
                T::rows(&file, &text, faults)
            }
            Err(files::Unread::Missing) => Vec::new(),
            Err(why) => {
                faults.push(Fault::of_file(&file, Severity::Error, why.to_string(), why.mend()));
                Vec::new()
            }
        }
    }

    fn held(read: Self::Read) -> Self::Held {
        read
    }

    fn changed(_: &'static str, before: &Self::Held, after: &Self::Held, changes: &mut Changes) {
        if before != after {
            T::changed(changes);
        }
    }
}
