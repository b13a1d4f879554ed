//! `catalogue.toml`: the tree of disclosure headings.

use schemars::JsonSchema;
use serde::Deserialize;

/// `catalogue.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Catalogue {
    /// The headings, in the order shown.
    pub heading: Vec<Heading>,
    /// How long notices are to be shown, where neither the source nor its feed file says.
    pub period: Vec<Period>,
}

/// How long a kind of notice is to be shown.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Period {
    /// The kind it is for, such as 中标候选; empty for every kind.
    pub kind: String,
    /// The heading it is for, those below it included; empty for every heading.
    pub catalogue: String,
    /// Days, not counting the day of publication; one that would end on a day off ends with the next working day.
    pub days: u32,
    /// Working days by calendar.toml instead, not counting the day of publication.
    pub working_days: u32,
    /// The law or regulation that says so, for whoever edits this file.
    pub basis: String,
}

/// One heading. Its parent is what stands before the last dot of `id`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Heading {
    /// Dotted path, such as `trade.works`.
    pub id: String,
    /// Title shown, such as 工程招标.
    pub title: String,
    /// Up to two lines under the title on the home page.
    pub lines: Vec<String>,
    /// Colour of its card and badges.
    pub colour: Accent,
    /// What the card says in its corner: the count of notices, or of those still shown.
    pub count: Count,
    /// Words in the card's corner instead of a count, such as 查账目; empty for the count.
    pub note: String,
}

/// The theme's accents, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Accent {
    /// Red.
    #[default]
    Red,
    /// Blue.
    Blue,
    /// Green.
    Green,
    /// Amber.
    Amber,
    /// Teal.
    Teal,
    /// Plum.
    Plum,
}

/// What a home card counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// All notices under the heading: `128 项`.
    #[default]
    All,
    /// Those within a closed show period today: `公示中 17 项`.
    Showing,
}

impl Catalogue {
    /// The heading of this id.
    pub fn find(&self, id: &str) -> Option<&Heading> {
        self.heading.iter().find(|h| h.id == id)
    }

    /// The headings directly under `parent`, `""` for the top ones.
    pub fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a Heading> {
        self.heading.iter().filter(move |h| h.id.rsplit_once('.').map_or("", |(p, _)| p) == parent)
    }

    /// The accent of a heading, or of its nearest ancestor that is listed.
    pub fn accent(&self, id: &str) -> Accent {
        let top = id.split('.').next().unwrap_or(id);
        self.find(top).map_or(Accent::Red, |h| h.colour)
    }
}
