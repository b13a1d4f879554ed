//! What both kinds of ticker are made of: the items of a line, and the layers of their pieces.

pub(super) use super::strip::piece;

use crate::{
    config::{Align, Standing, Zone},
    edition::Edition,
    led::{
        paint::{self, Style},
        pick,
    },
    model::NoticeHead,
    scene::{Colour, Layer, Primitive, Rect},
    text::{ShapedText, Shaper},
    time::civil::Date,
};
use std::sync::Arc;

/// What parts two items, and the width of its slot in sizes.
const MARK: &str = "◆";
const MARK_WIDTH: f32 = 1.6;
const MARK_SIZE: f32 = 0.5;
/// Characters of a summary shown at most.
const SUMMARY: usize = 120;
/// Characters of one piece at most.
const PIECE: f32 = 128.0;

/// How the pieces of a line look.
pub(super) struct Face {
    pub style: Style,
    pub area: Rect,
    colour: Colour,
    accent: Colour,
}

impl Face {
    /// The zone's own.
    pub fn new(zone: &Zone, area: Rect) -> Self {
        let colour = paint::colour(&zone.colour, Colour::WHITE);
        let accent = paint::colour(&zone.accent, Colour::rgb(0xff, 0xd2, 0x4a));
        Self { style: Style::of(zone), area, colour, accent }
    }

    /// How far a glyph may reach out of its slot, pixels.
    pub fn overhang(&self) -> i64 {
        (self.style.size / 8.0).ceil() as i64
    }

    /// Characters of a piece that is to be about so many pixels wide.
    pub fn most(&self, pixels: f32) -> usize {
        (pixels / (self.style.size + self.style.spacing).max(1.0)).min(PIECE) as usize
    }

    /// Whether a piece of this width, with a mark behind it, can be one layer.
    pub fn fits(&self, width: i64) -> bool {
        width + self.mark_width() + 2 * self.overhang() <= i64::from(Layer::MAX)
    }

    /// A piece shaped, and the width of its slot.
    pub fn shape(&self, text: &str, shaper: &mut Shaper) -> (Arc<ShapedText>, i64) {
        let shaped = self.style.line(shaper, &text.replace(char::is_control, " "), None);
        let width = (shaped.width.round() as i64).max(1);
        (shaped, width)
    }

    /// The layer of a shaped piece; with the mark behind it where a shaper for that is given.
    pub fn words(&self, shaped: Arc<ShapedText>, width: i64, mark: Option<&mut Shaper>) -> Arc<Layer> {
        let side = self.overhang();
        let y = self.style.middle(&shaped, 0.0, self.area.h);
        let mut primitives = vec![paint::words(shaped, side as f32, y, self.colour)];
        let mut end = width;
        if let Some(shaper) = mark {
            primitives.push(self.mark_at((side + width) as f32, shaper));
            end += self.mark_width();
        }
        paint::layer((end + 2 * side) as f32, self.area.h, primitives)
    }

    /// Width of the mark's slot.
    pub fn mark_width(&self) -> i64 {
        (self.style.size * MARK_WIDTH).round().max(1.0) as i64
    }

    /// The mark's layer.
    pub fn mark(&self, shaper: &mut Shaper) -> Arc<Layer> {
        let side = self.overhang() as f32;
        let mark = self.mark_at(side, shaper);
        paint::layer(self.mark_width() as f32 + 2.0 * side, self.area.h, vec![mark])
    }

    /// The mark in a slot that begins at `left` of its layer.
    fn mark_at(&self, left: f32, shaper: &mut Shaper) -> Primitive {
        let style = Style { size: (self.style.size * MARK_SIZE).round().max(6.0), bold: false, spacing: 0.0 };
        let text = style.line(shaper, MARK, None);
        let x = style.across(&text, Align::Centre, left, self.mark_width() as f32);
        let y = style.middle(&text, 0.0, self.area.h);
        paint::words(text, x, y, self.accent)
    }
}

/// The items of a line, and whether they are more than the standing line. Only copied here: a text of a million
/// characters is looked at piece by piece as it comes near. `agreed`: in an order other machines come to as well.
pub(super) fn items(
    zone: &Zone,
    edition: &Edition,
    standing: &Standing,
    day: Date,
    agreed: bool,
) -> (Vec<String>, bool) {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    };
    let say = |head: &Arc<NoticeHead>| {
        if zone.with_summary { with_summary(head) } else { head.title.trim().to_owned() }
    };
    let heads = if agreed { pick::agreed(zone, edition, day) } else { pick::notices(zone, edition, day).collect() };
    let notices: Vec<String> = heads.into_iter().map(say).filter(|t| !t.is_empty()).collect();
    if !notices.is_empty() {
        return (notices, true);
    }
    let own = lines(&zone.text);
    if own.is_empty() { (lines(&standing.line), false) } else { (own, true) }
}

/// A title and the first lines after it.
fn with_summary(head: &NoticeHead) -> String {
    let (title, summary) = (head.title.trim(), head.summary.trim());
    if summary.is_empty() {
        return title.to_owned();
    }
    match summary.char_indices().nth(SUMMARY) {
        Some((at, _)) => format!("{title}：{}…", summary.get(..at).unwrap_or("")),
        None => format!("{title}：{summary}"),
    }
}
