//! `kind = "picture"`: a picture file.

use super::{
    frame::ZoneFrame,
    settings::{Report, ZoneSettings},
    words::Effect,
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

/// How a picture fits its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Whole picture, bars where the shapes differ.
    #[default]
    Contain,
    /// Whole zone, edges cut where the shapes differ.
    Cover,
    /// Pixel for pixel, from the upper left corner.
    Exact,
}

impl ZoneSettings for PictureZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        if self.file.is_empty() {
            let mend = "add file = \"…\", a path relative to the config folder".to_owned();
            report(Severity::Error, "file", "the picture zone names no file".into(), mend);
        }
    }

    fn picture(&self) -> Option<(&'static str, &str)> {
        (!self.file.is_empty()).then_some(("file", &self.file))
    }
}
