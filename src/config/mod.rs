//! Config, said once: one serde struct a file. Everything else about it derives from these structs.
//!
//! [`read`] reads a folder and reports each file's own faults (the rules over several files stand in `check`),
//! [`Watch`] tells when the folder changed, [`find_dir`] knows where a folder is looked for, [`keep`] and [`kept`] have
//! the last good one outlive a restart, and [`schemas`] gives the JSON Schema of each file.

mod calendar;
mod catalogue;
mod changes;
mod colour;
pub mod edit;
mod fault;
mod feed;
mod files;
mod find;
mod json;
mod keep;
mod lines;
mod page;
mod places;
mod region;
mod register;
mod schema;
mod screen;
mod section;
mod sections;
mod seen;
mod shape;
mod sheet;
mod site;
mod stamp;
mod theme;
mod time_of_day;
mod units;
mod watch;
mod zone_names;
pub mod zones;

pub use calendar::{Calendar, Holiday, Workday};
pub use catalogue::{Accent, Catalogue, Count, Heading, Period};
pub use changes::Changes;
pub use fault::{Fault, Severity, choose_among, choose_from};
pub use feed::{Feed, FeedFormat};
pub use files::{FILE_BYTES, FolderView, Unread, read_text};
pub use find::{data_dir, find_dir};
pub use json::{JsonMapping, StepPaths, json_path};
pub use keep::{keep, kept};
pub use page::PortalSelectors;
pub use places::Section;
pub use region::{Region, RegionKind};
pub use register::{Agree, Balance, CaseColumns, CaseRules, Column, ColumnKind, Register, StatusWord};
pub use screen::{PlaylistEntry, Screen, ScreenKind};
pub use section::{ConfigSection, ConfigTable};
pub use sections::{Config, Sections, read, schema_of, schemas};
pub use seen::Visible;
pub use shape::{Expected, expected};
pub use sheet::{NoticeTitles, SheetMapping, StepTitles, is_named};
pub use site::{Site, StandingCard};
pub use stamp::folder_stamp;
pub use theme::{Colours, Sizes, Spaces, Theme};
pub use time_of_day::minute_of_day;
pub use units::{Unit, Units};
pub use watch::{Watch, WatchError};
pub use zone_names::time_zone;
pub use zones::{Align, CLOCK_FIELDS, Edge, Effect, Fit, RowPeriod, TITLE_FIELDS, WallQuery, Zone, ZoneFrame, fields};
