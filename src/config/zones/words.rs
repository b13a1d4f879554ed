//! How words and pictures of zones look, where they stand and how they come in.

use super::report::Report;
use crate::config::{colour::is_colour, fault::Severity};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

/// How words look.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TextStyle {
    /// Text size, pixels.
    pub size: f32,
    /// Bold face.
    pub bold: bool,
    /// Letter spacing, pixels.
    pub spacing: f32,
    /// Text colour, `#rrggbb`.
    pub colour: String,
}

/// Where text stands within its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How a picture fits its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, JsonSchema)]
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

/// How content comes in, by the names LED operators use (English names are understood too).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[schemars(transform = effect_aliases)]
pub enum Effect {
    /// 固定: stands at once.
    #[default]
    #[serde(rename = "固定", alias = "still")]
    Still,
    /// 左移: moves in to the left, pushing the old content out.
    #[serde(rename = "左移", alias = "left")]
    Left,
    /// 右移: moves in to the right.
    #[serde(rename = "右移", alias = "right")]
    Right,
    /// 上移: moves in upwards.
    #[serde(rename = "上移", alias = "up")]
    Up,
    /// 下移: moves in downwards.
    #[serde(rename = "下移", alias = "down")]
    Down,
    /// 闪烁: blinks.
    #[serde(rename = "闪烁", alias = "blink")]
    Blink,
    /// 左覆: is uncovered towards the left.
    #[serde(rename = "左覆", alias = "cover-left")]
    CoverLeft,
    /// 右覆: is uncovered towards the right.
    #[serde(rename = "右覆", alias = "cover-right")]
    CoverRight,
    /// 中开: opens from the middle.
    #[serde(rename = "中开", alias = "open")]
    Open,
    /// 中合: closes in from both sides.
    #[serde(rename = "中合", alias = "close")]
    Close,
    /// 淡入: fades in.
    #[serde(rename = "淡入", alias = "fade")]
    Fade,
    /// 打字: appears character by character.
    #[serde(rename = "打字", alias = "type")]
    Type,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { size: 48.0, bold: false, spacing: 0.0, colour: "#ffffff".into() }
    }
}

impl TextStyle {
    /// Reports what is wrong with it.
    pub(super) fn check(&self, report: Report<'_>) {
        check_colour("colour", &self.colour, report);
        if !(4.0..=4_000.0).contains(&self.size) {
            let message = format!("a text size of {} px cannot be drawn", self.size);
            report(Severity::Error, "size", message, "write 4 to 4000".into());
        }
    }
}

/// The English names of effects, which serde takes as aliases and the schema would not list.
fn effect_aliases(schema: &mut Schema) {
    let names = [
        ("still", "固定"),
        ("left", "左移"),
        ("right", "右移"),
        ("up", "上移"),
        ("down", "下移"),
        ("blink", "闪烁"),
        ("cover-left", "左覆"),
        ("cover-right", "右覆"),
        ("open", "中开"),
        ("close", "中合"),
        ("fade", "淡入"),
        ("type", "打字"),
    ];
    if let Some(Value::Array(options)) = schema.get_mut("oneOf") {
        options.extend(
            names.map(|(en, zh)| json!({ "description": format!("Same as {zh}."), "type": "string", "const": en })),
        );
    }
}

/// Reports a colour that is none.
pub(super) fn check_colour(key: &str, colour: &str, report: Report<'_>) {
    if !is_colour(colour) {
        let mend = "write # and six hexadecimal digits, such as #b3261e".to_owned();
        report(Severity::Error, key, format!("`{colour}` is not a colour"), mend);
    }
}

/// The names in braces of a clock's format or a title.
pub fn fields(format: &str) -> impl Iterator<Item = &str> {
    format.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_the_schema_lists_is_read() {
        let schema = crate::config::schema::of::<Effect>();
        let options = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        assert_eq!(options.len(), 24);
        for option in options {
            let name = option.get("const").cloned().unwrap_or_default();
            assert!(Effect::deserialize(&name).is_ok(), "{name} is not read");
        }
    }
}
