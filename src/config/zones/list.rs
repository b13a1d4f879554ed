//! What zones that list things share: pages with a title, and which notices they take.

use super::{
    report::Report,
    rows::MAX_ZONE_ROWS,
    words::{Effect, check_colour},
};
use crate::config::fault::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

/// How a list in pages looks and turns.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ListStyle {
    /// The title's colour, `#rrggbb`.
    pub title_colour: String,
    /// Second colour: a countdown, sums, `#rrggbb`.
    pub accent: String,
    /// Rows on one page; 0 fits as many as there is room for.
    pub rows: u32,
    /// Seconds one page stays.
    pub dwell_seconds: f32,
    /// How a page comes in: 固定 左移 右移 上移 下移 闪烁 左覆 右覆 中开 中合 淡入 打字.
    pub effect: Effect,
}

/// Which notices a zone takes.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NoticeFilter {
    /// Notices of this heading and below; empty for all.
    pub catalogue: String,
    /// Only notices that are in a closed show period today.
    pub showing_only: bool,
    /// Notices taken at most, up to 200; the newest, where there are more.
    pub limit: u32,
}

impl Default for ListStyle {
    fn default() -> Self {
        Self {
            title_colour: "#ff6b5e".into(),
            accent: "#ffd24a".into(),
            rows: 0,
            dwell_seconds: 8.0,
            effect: Effect::Still,
        }
    }
}

impl Default for NoticeFilter {
    fn default() -> Self {
        Self { catalogue: String::new(), showing_only: false, limit: 200 }
    }
}

impl NoticeFilter {
    /// Notices taken at most: what an edition holds for one zone is bounded.
    pub fn most(&self) -> u32 {
        self.limit.min(MAX_ZONE_ROWS)
    }

    /// Reports what is wrong with it.
    pub(super) fn check(&self, report: Report<'_>) {
        if !(1..=MAX_ZONE_ROWS).contains(&self.limit) {
            let message = format!("`limit` is {}: a zone takes 1 to {MAX_ZONE_ROWS} notices", self.limit);
            report(Severity::Warning, "limit", message, format!("write 1 to {MAX_ZONE_ROWS}"));
        }
    }
}

impl ListStyle {
    /// Reports what is wrong with it.
    pub(super) fn check(&self, report: Report<'_>) {
        check_colour("accent", &self.accent, report);
        check_colour("title_colour", &self.title_colour, report);
        if !self.dwell_seconds.is_finite() || self.dwell_seconds <= 0.0 {
            let message = format!("`dwell_seconds` is {}", self.dwell_seconds);
            report(Severity::Error, "dwell_seconds", message, "write more than 0".into());
        }
    }
}
