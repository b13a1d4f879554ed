//! What all zones have: a place on the canvas, a ground, borders, and the program they belong to.

use super::{report::Report, words::check_colour};
use crate::config::fault::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

/// Where a zone lies, what surrounds it and when it plays.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ZoneFrame {
    /// Left edge, pixels.
    pub x: i32,
    /// Top edge, pixels.
    pub y: i32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The program it belongs to; empty: always shown.
    pub program: String,
    /// Background colour, `#rrggbb`; empty for none.
    pub background: String,
    /// Lines at the edges: `top`, `bottom`, `left`, `right`.
    pub border: Vec<Edge>,
    /// Colour of the border, `#rrggbb`.
    pub border_colour: String,
    /// Width of the border, pixels.
    pub border_width: u32,
    /// Space kept free at the left and right, pixels.
    pub padding: u32,
}

/// An edge of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Upper edge.
    Top,
    /// Lower edge.
    Bottom,
    /// Left edge.
    Left,
    /// Right edge.
    Right,
}

impl Default for ZoneFrame {
    fn default() -> Self {
        Self {
            x: 0,
            y: 0,
            width: 0,
            height: 0,
            program: String::new(),
            background: String::new(),
            border: Vec::new(),
            border_colour: "#b3261e".into(),
            border_width: 3,
            padding: 0,
        }
    }
}

impl ZoneFrame {
    /// Whether it plays while this program does.
    pub fn plays(&self, program: &str) -> bool {
        self.program.is_empty() || self.program == program
    }

    /// Pixels across and down of what is left within the borders.
    pub fn inner(&self) -> (u32, u32) {
        let lines = |edges: [Edge; 2]| {
            let drawn = edges.into_iter().filter(|edge| self.border.contains(edge));
            drawn.fold(0_u32, |sum, _| sum.saturating_add(self.border_width))
        };
        let across = self.width.saturating_sub(lines([Edge::Left, Edge::Right]));
        (across, self.height.saturating_sub(lines([Edge::Top, Edge::Bottom])))
    }

    /// Reports what is wrong with it on a canvas of these sides, pixels.
    pub(super) fn check(&self, (wide, high): (u32, u32), report: Report<'_>) {
        for (name, pixels) in [("width", self.width), ("height", self.height)] {
            if pixels == 0 {
                let mend = format!("add {name} = … in pixels");
                report(Severity::Error, name, format!("the zone has no {name}"), mend);
            }
        }
        let right = i64::from(self.x) + i64::from(self.width);
        let bottom = i64::from(self.y) + i64::from(self.height);
        if self.x < 0 || self.y < 0 || right > i64::from(wide) || bottom > i64::from(high) {
            let message = format!("the zone reaches beyond the canvas of {wide} x {high}");
            let mend = format!("it spans {} to {right} across and {} to {bottom} down: make it fit", self.x, self.y);
            report(Severity::Warning, "x", message, mend);
        }
        check_colour("border_colour", &self.border_colour, report);
        if !self.background.is_empty() {
            check_colour("background", &self.background, report);
        }
        if self.padding.saturating_mul(2) >= self.width.max(1) && self.padding > 0 {
            let message = "the padding leaves no room in the zone".to_owned();
            report(Severity::Error, "padding", message, "make it less than half the width".to_owned());
        }
    }
}
