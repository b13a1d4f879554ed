//! Reads a config folder whole, and reports every fault of it in one run.

use super::fault::{Fault, Severity, choose_from};
use super::places::{self, Section};
use super::{Calendar, Catalogue, Config, Feed, Register, Screen, Site, Theme, region, rules, rules_screen, schema};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

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

/// The sections of a folder as far as they could be read; `None` is a broken file.
pub(super) struct Sections {
    pub site: Option<Section<Site>>,
    pub catalogue: Option<Section<Catalogue>>,
    pub calendar: Option<Section<Calendar>>,
    pub theme: Option<Section<Theme>>,
    pub feeds: BTreeMap<String, Option<Section<Feed>>>,
    pub registers: BTreeMap<String, Option<Section<Register>>>,
    pub screens: BTreeMap<String, Option<Section<Screen>>>,
}

/// Reads the folder. Files that are not there stand for their defaults; a folder that is not there is one fault.
pub fn load(dir: &Path) -> Loaded {
    load_as(dir, dir)
}

/// Reads the files in `files` as the config of the folder `dir`, where what they name by relative paths lies.
pub(super) fn load_as(files: &Path, dir: &Path) -> Loaded {
    let mut faults = Vec::new();
    if !files.is_dir() {
        let mend = "name the config folder with --config, or make one with `gongshi sample --out .`";
        faults.push(Fault::of_file(files, Severity::Error, "there is no such config folder", mend));
        return Loaded { config: None, faults };
    }
    let sections = Sections {
        site: one(&files.join("site.toml"), &mut faults),
        catalogue: one(&files.join("catalogue.toml"), &mut faults),
        calendar: one(&files.join("calendar.toml"), &mut faults),
        theme: one(&files.join("theme.toml"), &mut faults),
        feeds: many(&files.join("feeds"), &mut faults),
        registers: many(&files.join("registers"), &mut faults),
        screens: many(&files.join("screens"), &mut faults),
    };
    check_names(files, &mut faults);
    let regions = Some(files.join("regions.csv")).filter(|f| f.exists());
    let regions = regions.map_or_else(Vec::new, |file| region::read(&file, &mut faults));
    rules::check(dir, &sections, &mut faults);
    rules_screen::check(dir, &sections, &regions, &mut faults);
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let mut loaded = Loaded { config: None, faults };
    if !loaded.failed() {
        loaded.config = Some(Config {
            dir: dir.to_owned(),
            site: value(sections.site),
            catalogue: value(sections.catalogue),
            calendar: value(sections.calendar),
            theme: value(sections.theme),
            regions,
            feeds: values(sections.feeds),
            registers: values(sections.registers),
            screens: values(sections.screens),
        });
    }
    loaded
}

/// Warns of files at the top of the folder that nothing reads, such as a misspelt `sites.toml`.
fn check_names(dir: &Path, faults: &mut Vec<Fault>) {
    const READ: [&str; 5] = ["site.toml", "catalogue.toml", "calendar.toml", "theme.toml", "regions.csv"];
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let config = path.extension().is_some_and(|e| e == "toml" || e == "csv") && !name.starts_with('.');
        if config && path.is_file() && !READ.contains(&name.as_str()) {
            let message = format!("nothing reads the file `{name}`");
            faults.push(Fault::of_file(path, Severity::Warning, message, choose_from(&name, &READ)));
        }
    }
}

fn value<T: Default>(section: Option<Section<T>>) -> T {
    section.map(|s| s.value).unwrap_or_default()
}

fn values<T>(sections: BTreeMap<String, Option<Section<T>>>) -> BTreeMap<String, T> {
    sections.into_iter().filter_map(|(name, s)| Some((name, s?.value))).collect()
}

fn one<T: DeserializeOwned + JsonSchema + Default>(file: &Path, faults: &mut Vec<Fault>) -> Option<Section<T>> {
    if !file.exists() {
        return Some(Section { file: file.to_owned(), ..Section::default() });
    }
    places::read(file, &schema::of::<T>(), faults)
}

fn many<T: DeserializeOwned + JsonSchema>(dir: &Path, faults: &mut Vec<Fault>) -> BTreeMap<String, Option<Section<T>>> {
    let schema: Value = schema::of::<T>();
    let mut sections = BTreeMap::new();
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return sections,
        Err(e) => {
            let message = format!("the folder cannot be read ({e})");
            faults.push(Fault::of_file(dir, Severity::Error, message, "check that it is a folder and may be read"));
            return sections;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = path.file_stem().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        let toml = path.extension().is_some_and(|e| e == "toml");
        if toml && !name.is_empty() && !name.starts_with('.') && !path.is_dir() {
            sections.insert(name, places::read(&path, &schema, faults));
        }
    }
    sections
}
