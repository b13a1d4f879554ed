//! `kind = "totals"`: units with the cases each has in hand.

use super::{
    frame::ZoneFrame,
    list::{ListStyle, NoticeFilter},
    report::Report,
    settings::ZoneSettings,
    words::TextStyle,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// A paged list of units with the cases each has in hand and a lamp: green, yellow where one is nearly due, red where
/// one is late. As long as no cases are known it is a board.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TotalsZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// Its title; `{n}` is the number of units; empty for none.
    pub title: String,
    /// The title of the notices that stand in as long as no cases are known.
    pub text: String,
    /// How its pages look.
    #[serde(flatten)]
    pub list: ListStyle,
    /// Which notices stand in as long as no cases are known.
    #[serde(flatten)]
    pub notices: NoticeFilter,
}

impl ZoneSettings for TotalsZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        self.style.check(report);
        self.notices.check(report);
        self.list.check(report);
    }

    fn catalogue(&self) -> &str {
        &self.notices.catalogue
    }

    fn notices(&self) -> Option<&NoticeFilter> {
        Some(&self.notices)
    }
}
