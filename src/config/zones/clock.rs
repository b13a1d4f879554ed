//! `kind = "clock"`: date and time.

use super::{
    frame::ZoneFrame,
    report::Report,
    settings::ZoneSettings,
    words::{Align, TextStyle, fields},
};
use crate::config::fault::{Severity, choose_from};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a clock's format may fill in, without the braces.
pub const CLOCK_FIELDS: [&str; 6] = ["date", "md", "weekday", "lunar", "time", "hm"];

/// Date and time.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// Where the words stand.
    pub align: Align,
    /// What it says; `{date}`, `{md}`, `{weekday}`, `{lunar}`, `{time}`, `{hm}` are filled in.
    pub format: String,
}

impl Default for ClockZone {
    fn default() -> Self {
        let format = "{date} {weekday} {time}".into();
        Self { style: TextStyle::default(), align: Align::Left, format }
    }
}

impl ZoneSettings for ClockZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        self.style.check(report);
        for field in fields(&self.format).filter(|f| !CLOCK_FIELDS.contains(f)) {
            let mend = choose_from(field, &CLOCK_FIELDS);
            report(Severity::Error, "format", format!("a clock does not know `{{{field}}}`"), mend);
        }
    }
}
