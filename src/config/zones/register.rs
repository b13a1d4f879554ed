//! `kind = "register"`: rows of a register as a table.

use super::{
    frame::ZoneFrame,
    list::ListStyle,
    report::Report,
    rows::{MAX_ZONE_ROWS, RowPeriod},
    settings::{RegisterUse, WallQuery, ZoneSettings},
    words::{TextStyle, fields},
};
use crate::config::fault::{Severity, choose_from};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a title may fill in, without the braces; words may fill in sums as well.
pub const TITLE_FIELDS: [&str; 4] = ["place", "month", "m", "n"];

/// A paged table of a register's rows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// Its title; `{place}`, `{month}`, `{m}` and `{n}`, the number of rows there are, are filled in; empty for none.
    pub title: String,
    /// How its pages look.
    #[serde(flatten)]
    pub list: ListStyle,
    /// The register whose rows it lists, by the name of its file without `.toml`.
    pub register: String,
    /// The columns shown, by their ids; empty for those that the kiosk's lists show. Cases have their deadline, what is
    /// left of it and their lamp after these.
    pub columns: Vec<String>,
    /// How wide each of the columns is, in shares of the whole, such as `[3, 1, 1]`; empty gives each what it needs.
    pub widths: Vec<f32>,
    /// The code of a region in `regions.csv`: only rows there and below it; empty for everywhere.
    pub place: String,
    /// The rows of which time.
    pub period: RowPeriod,
    /// Only cases that are not closed yet, the one due soonest first, of whatever time.
    pub open_only: bool,
    /// Rows taken at most, up to 200; the newest, where there are more.
    pub limit: u32,
}

impl Default for RegisterZone {
    fn default() -> Self {
        Self {
            style: TextStyle::default(),
            title: String::new(),
            list: ListStyle::default(),
            register: String::new(),
            columns: Vec::new(),
            widths: Vec::new(),
            place: String::new(),
            period: RowPeriod::Newest,
            open_only: false,
            limit: MAX_ZONE_ROWS,
        }
    }
}

impl ZoneSettings for RegisterZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        self.style.check(report);
        self.list.check(report);
        for field in fields(&self.title).filter(|f| !TITLE_FIELDS.contains(f)) {
            let mend = choose_from(field, &TITLE_FIELDS);
            report(Severity::Error, "title", format!("a register's title does not know `{{{field}}}`"), mend);
        }
        if !(1..=MAX_ZONE_ROWS).contains(&self.limit) {
            let message = format!("a wall does not show {} rows", self.limit);
            report(Severity::Warning, "limit", message, format!("write 1 to {MAX_ZONE_ROWS}"));
        }
        if let Some(width) = self.widths.iter().find(|w| !w.is_finite() || **w <= 0.0) {
            report(Severity::Error, "widths", format!("a width of {width} shows nothing"), "write more than 0".into());
        }
        if !self.widths.is_empty() && self.widths.len() != self.columns.len() {
            let message = format!("{} widths are given for {} columns", self.widths.len(), self.columns.len());
            report(Severity::Error, "widths", message, "give one for each of columns, or leave widths out".into());
        }
    }

    fn register(&self) -> Option<RegisterUse<'_>> {
        let query = WallQuery {
            register: self.register.clone(),
            place: self.place.clone(),
            period: self.period,
            open_only: self.open_only,
            limit: self.limit.clamp(1, MAX_ZONE_ROWS),
        };
        Some(RegisterUse { query, columns: &self.columns, words: "" })
    }
}
