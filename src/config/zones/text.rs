//! `kind = "text"`: words that stand.

use super::{
    frame::ZoneFrame,
    report::Report,
    rows::RowPeriod,
    settings::{RegisterUse, WallQuery, ZoneSettings},
    words::{Align, Effect, TextStyle},
};
use crate::config::fault::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

/// Words on one or more lines: fixed, or with figures of a register filled in. Without words it is a filled rectangle.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// The words; where the zone names a register, `{place}`, `{month}`, `{m}` (the month's number), `{n}` (the number of
    /// rows) and the ids of columns that are summed are filled in, and it says nothing as long as there are no rows.
    pub text: String,
    /// Where the words stand.
    pub align: Align,
    /// How they come in: 固定 左移 右移 上移 下移 闪烁 左覆 右覆 中开 中合 淡入 打字.
    pub effect: Effect,
    /// The register whose figures of the newest month it says, by the name of its file without `.toml`.
    pub register: String,
    /// The code of a region in `regions.csv`: only rows there and below it; empty for everywhere.
    pub place: String,
    /// Only cases that are not closed yet, of whatever time.
    pub open_only: bool,
}

impl ZoneSettings for TextZone {
    fn check(&self, frame: &ZoneFrame, report: Report<'_>) {
        self.style.check(report);
        if self.text.is_empty() && frame.background.is_empty() && frame.border.is_empty() {
            let mend = "add text = \"…\", or a background".to_owned();
            report(Severity::Warning, "kind", "the text zone has no words".into(), mend);
        }
    }

    fn register(&self) -> Option<RegisterUse<'_>> {
        if self.register.is_empty() {
            return None;
        }
        let (register, place) = (self.register.clone(), self.place.clone());
        // Words name sums and numbers of the newest month and no rows.
        let query = WallQuery { register, place, period: RowPeriod::Newest, open_only: self.open_only, limit: 1 };
        Some(RegisterUse { query, columns: &[], words: &self.text })
    }
}
