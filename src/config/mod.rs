//! Config, said once: one serde struct a file. Everything else about it derives from these structs.
//!
//! [`read`] reads a folder and reports each file's own faults (the rules over several files stand in `check`),
//! [`Watch`] tells when the folder changed, [`find_dir`] knows where a folder is looked for, [`keep`] and [`kept`] have
//! the last good one outlive a restart, and [`schemas`] gives the JSON Schema of each file.

mod calendar;
mod catalogue;
mod colour;
mod fault;
mod feed;
mod find;
mod json;
mod keep;
mod load;
mod page;
mod places;
mod region;
mod register;
mod schema;
mod screen;
mod shape;
mod sheet;
mod site;
mod theme;
mod time_of_day;
mod watch;
pub mod zones;

pub use calendar::{Calendar, Holiday, Workday};
pub use catalogue::{Accent, Catalogue, Count, Heading, Period};
pub use colour::is_colour;
pub use fault::{Fault, Severity, choose_from};
pub use feed::{Feed, FeedFormat};
pub use find::{data_dir, find_dir};
pub use json::{Json, StepPaths, json_path};
pub use keep::{keep, kept};
pub use load::{Sections, read};
pub use page::Page;
pub use places::Section;
pub use region::{Region, RegionKind};
pub use register::{Agree, Balance, CaseRules, Column, ColumnKind, Register, StatusWord};
pub use schema::schemas;
pub use screen::{PlaylistEntry, Screen, ScreenKind};
pub use sheet::{NoticeTitles, Sheet, StepTitles, is_named};
pub use site::{Site, Standing};
pub use theme::{Colours, Sizes, Spaces, Theme};
pub use time_of_day::minute_of_day;
pub use watch::{Watch, WatchError};
pub use zones::{
    Align, CLOCK_FIELDS, Edge, Effect, Fit, ROWS_MAX, RowPeriod, TITLE_FIELDS, WallQuery, Zone, ZoneFrame, fields,
};

use std::{collections::BTreeMap, path::PathBuf};

/// A whole, valid config folder. Immutable; a reload makes a new one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The folder it was read from; relative paths in it start here.
    pub dir: PathBuf,
    /// `site.toml`.
    pub site: Site,
    /// `catalogue.toml`.
    pub catalogue: Catalogue,
    /// `calendar.toml`.
    pub calendar: Calendar,
    /// `theme.toml`.
    pub theme: Theme,
    /// `regions.csv`, in the file's order.
    pub regions: Vec<Region>,
    /// `feeds/*.toml`, by name.
    pub feeds: BTreeMap<String, Feed>,
    /// `registers/*.toml`, by name.
    pub registers: BTreeMap<String, Register>,
    /// `screens/*.toml`, by name.
    pub screens: BTreeMap<String, Screen>,
}
