//! `kind = "board"`: notices in pages.

use super::{
    frame::ZoneFrame,
    list::{ListStyle, NoticeFilter},
    report::Report,
    settings::ZoneSettings,
    words::TextStyle,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// A paged list of notices, each with the days it is still shown.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoardZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// Its title; empty for none.
    pub title: String,
    /// How its pages look.
    #[serde(flatten)]
    pub list: ListStyle,
    /// Which notices it lists.
    #[serde(flatten)]
    pub notices: NoticeFilter,
}

impl ZoneSettings for BoardZone {
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
