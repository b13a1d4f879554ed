//! Reads the files of a config folder, and reports every fault of each in one run.

use super::fault::{Fault, Severity, choose_from};
use super::places::{self, Section};
use super::{Calendar, Catalogue, Config, Feed, Region, Register, Screen, Site, Theme};
use super::{json, page, region, register, schema, sheet};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// The sections of a folder as far as they could be read; `None` is a broken file.
#[derive(Debug)]
pub struct Sections {
    /// `site.toml`.
    pub site: Option<Section<Site>>,
    /// `catalogue.toml`.
    pub catalogue: Option<Section<Catalogue>>,
    /// `calendar.toml`.
    pub calendar: Option<Section<Calendar>>,
    /// `theme.toml`.
    pub theme: Option<Section<Theme>>,
    /// `feeds/*.toml`, by name.
    pub feeds: BTreeMap<String, Option<Section<Feed>>>,
    /// `registers/*.toml`, by name.
    pub registers: BTreeMap<String, Option<Section<Register>>>,
    /// `screens/*.toml`, by name.
    pub screens: BTreeMap<String, Option<Section<Screen>>>,
    /// `regions.csv`, in the file's order.
    pub regions: Vec<Region>,
}

/// Reads the files of a folder, each by its struct, and reports each file's own faults. Files that are not there stand
/// for their defaults; a folder that is not there is one fault, and `None`.
pub fn read(dir: &Path, faults: &mut Vec<Fault>) -> Option<Sections> {
    if !dir.is_dir() {
        let mend = "name the config folder with --config, or make one with `gongshi sample --out .`";
        faults.push(Fault::of_file(dir, Severity::Error, "there is no such config folder", mend));
        return None;
    }
    let regions = Some(dir.join("regions.csv")).filter(|f| f.exists());
    let sections = Sections {
        site: one(&dir.join("site.toml"), faults),
        catalogue: one(&dir.join("catalogue.toml"), faults),
        calendar: one(&dir.join("calendar.toml"), faults),
        theme: one(&dir.join("theme.toml"), faults),
        feeds: many(&dir.join("feeds"), faults),
        registers: many(&dir.join("registers"), faults),
        screens: many(&dir.join("screens"), faults),
        regions: regions.map_or_else(Vec::new, |file| region::read(&file, faults)),
    };
    check_names(dir, faults);
    for feed in sections.feeds.values().flatten() {
        page::check(feed, faults);
        sheet::check(feed, faults);
        json::check(feed, faults);
    }
    for register in sections.registers.values().flatten() {
        register::check(register, faults);
    }
    Some(sections)
}

impl Sections {
    /// The config of the folder `dir`, where what the files name by relative paths lies; defaults in place of broken
    /// files.
    pub fn into_config(self, dir: &Path) -> Config {
        Config {
            dir: dir.to_owned(),
            site: value(self.site),
            catalogue: value(self.catalogue),
            calendar: value(self.calendar),
            theme: value(self.theme),
            regions: self.regions,
            feeds: values(self.feeds),
            registers: values(self.registers),
            screens: values(self.screens),
        }
    }
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
