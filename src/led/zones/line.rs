//! What both kinds of ticker are made of: the items of a line, and the layers of their pieces.

use crate::{
    config::{Align, zones::TickerZone},
    led::{
        Context,
        paint::{self, Style},
        pick,
    },
    model::NoticeHead,
    scene::{Colour, Layer, Rect},
    text::{ShapedText, Shaper},
    wording::Wording,
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

/// One item of a line.
#[derive(Debug)]
pub(super) struct Item {
    /// What it says.
    pub words: String,
    /// The notice that it says; `None` for words of the config.
    pub head: Option<Arc<NoticeHead>>,
}

/// What is drawn in a slot.
#[derive(Debug, Clone)]
pub(super) enum Glyphs {
    /// A piece of an item.
    Words(Arc<ShapedText>),
    /// What parts two items.
    Mark(Arc<ShapedText>),
}

/// How the pieces of a line look.
pub(super) struct Face {
    pub style: Style,
    pub area: Rect,
    colour: Colour,
    accent: Colour,
}

impl Face {
    /// The zone's own.
    pub fn new(zone: &TickerZone, area: Rect) -> Self {
        let colour = paint::colour(&zone.style.colour, Colour::WHITE);
        let accent = paint::colour(&zone.accent, Colour::rgb(0xff, 0xd2, 0x4a));
        Self { style: Style::of(&zone.style), area, colour, accent }
    }

    /// How far a glyph may reach out of its slot, pixels.
    pub fn overhang(&self) -> i64 {
        (self.style.size / 8.0).ceil() as i64
    }

    /// Characters of a piece that is to be about so many pixels wide.
    pub fn most(&self, pixels: f32) -> usize {
        (pixels / (self.style.size + self.style.spacing).max(1.0)).min(PIECE) as usize
    }

    /// A piece shaped, and the width of its slot.
    pub fn shape(&self, text: &str, shaper: &mut Shaper) -> (Arc<ShapedText>, i64) {
        let shaped = self.style.line(shaper, &text.replace(char::is_control, " "), None);
        let width = (shaped.width.round() as i64).max(1);
        (shaped, width)
    }

    /// About how long a strip is, pixels: a frame costs what its layers cost, so a zone should seldom need more than
    /// two; the slot that ends one may go beyond.
    pub fn reach(&self) -> i64 {
        (2 * self.area.w as i64).clamp(1, i64::from(Layer::MAX) * 3 / 4)
    }

    /// Whether a strip of this width can be one layer.
    pub fn holds(&self, width: i64) -> bool {
        width + 2 * self.overhang() <= i64::from(Layer::MAX)
    }

    /// The layer of a strip: the glyphs of its slots, each with where its slot begins.
    pub fn strip(&self, width: i64, slots: impl IntoIterator<Item = (i64, Glyphs)>) -> Arc<Layer> {
        let side = self.overhang();
        let placed = |(at, glyphs): (i64, Glyphs)| {
            let left = (side + at) as f32;
            let middle = |style: &Style, text: &ShapedText| style.middle(text, 0.0, self.area.h);
            match glyphs {
                Glyphs::Words(text) => {
                    let y = middle(&self.style, &text);
                    paint::words(text, left, y, self.colour)
                }
                Glyphs::Mark(text) => {
                    let style = self.mark_style();
                    let (x, y) =
                        (style.across(&text, Align::Centre, left, self.mark_width() as f32), middle(&style, &text));
                    paint::words(text, x, y, self.accent)
                }
            }
        };
        paint::layer((width + 2 * side) as f32, self.area.h, slots.into_iter().map(placed).collect())
    }

    /// Width of the mark's slot.
    pub fn mark_width(&self) -> i64 {
        (self.style.size * MARK_WIDTH).round().max(1.0) as i64
    }

    /// The mark shaped.
    pub fn mark(&self, shaper: &mut Shaper) -> Glyphs {
        Glyphs::Mark(self.mark_style().line(shaper, MARK, None))
    }

    fn mark_style(&self) -> Style {
        Style { size: (self.style.size * MARK_SIZE).round().max(6.0), bold: false, spacing: 0.0 }
    }
}

/// The items of a line, and whether they are more than the standing line. Only copied here: a text of a million
/// characters is looked at piece by piece as it comes near. `agreed`: in an order other machines come to as well.
pub(super) fn items(zone: &TickerZone, context: &Context<'_>, agreed: bool) -> (Vec<Arc<Item>>, bool) {
    let lines = |text: &str| -> Vec<Arc<Item>> {
        let lines = text.lines().map(str::trim).filter(|t| !t.is_empty());
        lines.map(|words| Arc::new(Item { words: words.to_owned(), head: None })).collect()
    };
    let (edition, day) = (context.edition, context.wall.day());
    let heads = match agreed {
        true => pick::agreed(&zone.notices, edition, day),
        false => pick::notices(&zone.notices, edition, day).collect(),
    };
    let notices: Vec<Arc<Item>> =
        heads.into_iter().map(|head| item(zone, head, &context.wording())).filter(|i| !i.words.is_empty()).collect();
    if !notices.is_empty() {
        return (notices, true);
    }
    let own = lines(&zone.text);
    if own.is_empty() { (lines(&context.standing().line), false) } else { (own, true) }
}

fn item(zone: &TickerZone, head: &Arc<NoticeHead>, wording: &Wording<'_>) -> Arc<Item> {
    let words = if zone.with_summary { with_summary(head, wording) } else { head.title.trim().to_owned() };
    Arc::new(Item { words, head: Some(Arc::clone(head)) })
}

/// Whether both lists say the same words.
pub(super) fn same_words(a: &[Arc<Item>], b: &[Arc<Item>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.words == b.words)
}

/// A title and the first lines after it.
fn with_summary(head: &NoticeHead, wording: &Wording<'_>) -> String {
    let (title, summary) = (head.title.trim(), head.summary.trim());
    if summary.is_empty() {
        return title.to_owned();
    }
    let summary = match summary.char_indices().nth(SUMMARY) {
        Some((at, _)) => format!("{}…", summary.get(..at).unwrap_or("")),
        None => summary.to_owned(),
    };
    wording.say("wall-summary", &[("title", title), ("summary", &summary)])
}
