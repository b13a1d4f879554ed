//! `kind = "picture"`: a picture file.

use super::{
    frame::ZoneFrame,
    report::Report,
    settings::{PictureUse, ZoneSettings},
    words::{Effect, Fit},
};
use crate::config::fault::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

/// A picture file.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PictureZone {
    /// The file, relative to the config folder.
    pub file: String,
    /// How it fits.
    pub fit: Fit,
    /// How it comes in: 固定 左移 右移 上移 下移 闪烁 左覆 右覆 中开 中合 淡入 打字.
    pub effect: Effect,
}

impl ZoneSettings for PictureZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        if self.file.is_empty() {
            let mend = "add file = \"…\", a path relative to the config folder".to_owned();
            report(Severity::Error, "file", "the picture zone names no file".into(), mend);
        }
    }

    fn picture(&self) -> Option<PictureUse<'_>> {
        (!self.file.is_empty()).then_some(PictureUse { key: "file", file: &self.file, fit: self.fit })
    }
}
