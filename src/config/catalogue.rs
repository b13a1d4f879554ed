//! `catalogue.toml`: the tree of disclosure headings.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_among};
use super::places::Section;
use super::section::ConfigSection;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;

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

impl ConfigSection for Catalogue {
    fn check(catalogue: &Section<Self>, faults: &mut Vec<Fault>) {
        check_headings(catalogue, faults);
        check_lengths(catalogue, faults);
    }

    fn changed(_: &str, before: Option<&Self>, after: Option<&Self>, changes: &mut Changes) {
        changes.edition = true;
        // How long a notice is shown is written into it when it is harvested.
        changes.every_feed |= before.map(|c| &c.period) != after.map(|c| &c.period);
    }
}

fn check_lengths(catalogue: &Section<Catalogue>, faults: &mut Vec<Fault>) {
    for (i, period) in catalogue.value.period.iter().enumerate() {
        let (message, mend) = match (period.days, period.working_days) {
            (0, 0) => ("the period has no length", "write days = 5, or working_days = 5"),
            (1.., 1..) => ("the period has two lengths", "keep either days or working_days"),
            (3651.., _) | (_, 3651..) => ("the period is longer than ten years", "leave it out to show without end"),
            _ => continue,
        };
        faults.push(catalogue.fault(Severity::Error, &format!("period.{i}"), message, mend));
    }
}

fn check_headings(catalogue: &Section<Catalogue>, faults: &mut Vec<Fault>) {
    let headings = &catalogue.value.heading;
    let ids: Vec<&str> = headings.iter().map(|h| h.id.as_str()).collect();
    let every: HashSet<&str> = ids.iter().copied().collect();
    let mut seen = HashSet::new();
    for (i, heading) in headings.iter().enumerate() {
        let at = format!("heading.{i}.id");
        let id = heading.id.as_str();
        let part =
            |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !id.split('.').all(part) {
            let message = format!("`{id}` is not a heading's id");
            let mend = "write lower-case letters, digits and hyphens, levels parted by dots, such as trade.works";
            faults.push(catalogue.fault(Severity::Error, &at, message, mend));
            continue;
        }
        if !seen.insert(id) {
            let message = format!("the heading `{id}` stands twice");
            faults.push(catalogue.fault(Severity::Error, &at, message, "give each heading an id of its own"));
        }
        if let Some((parent, _)) = id.rsplit_once('.')
            && !every.contains(parent)
        {
            let message = format!("the heading `{id}` has no parent `{parent}`");
            let mend = match choose_among(faults, parent, &ids) {
                near if near.starts_with("did") => near,
                _ => format!("add a [[heading]] with id = \"{parent}\""),
            };
            faults.push(catalogue.fault(Severity::Error, &at, message, mend));
        }
        if heading.title.is_empty() {
            let message = format!("the heading `{id}` has no title");
            faults.push(catalogue.fault(Severity::Error, &at, message, "add title = \"…\""));
        }
        if heading.lines.len() > 2 {
            let message = format!("the heading `{id}` has {} lines; two are shown", heading.lines.len());
            let path = format!("heading.{i}.lines");
            faults.push(catalogue.fault(Severity::Warning, &path, message, "shorten the list to two"));
        }
    }
}
