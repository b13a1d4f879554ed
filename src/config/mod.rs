//! Config, said once: one serde struct a file. Everything else about it derives from these structs.

mod catalogue;
mod feed;
mod screen;
mod site;
mod theme;

pub use catalogue::{Accent, Catalogue, Count, Heading};
pub use feed::{Feed, FeedFormat};
pub use screen::{Align, Edge, Effect, Fit, PlaylistEntry, Screen, ScreenKind, Zone, ZoneKind};
pub use site::{Site, Standing};
pub use theme::{Colours, Sizes, Spaces, Theme};

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
    /// `theme.toml`.
    pub theme: Theme,
    /// `feeds/*.toml`, by name.
    pub feeds: BTreeMap<String, Feed>,
    /// `screens/*.toml`, by name.
    pub screens: BTreeMap<String, Screen>,
}
