//! What both kinds of ticker are made of: the items of a line, and the layers of their pieces.

use crate::{
    config::{Align, zones::TickerZone},
    led::{
        ZoneContext,
        paint::{self, Style},
        pick,
    },
    model::{NoticeHead, NoticeVersion},
    scene::{Colour, Layer, NoticeMark, Rect},
    text::{ShapedText, Shaper},
    wording::Wording,
};
use std::{collections::HashMap, sync::Arc};

/// What parts two items, and the width of its slot in sizes.
const MARK: &str = "◆";
const MARK_WIDTH_EMS: f32 = 1.6;
const MARK_SIZE_EMS: f32 = 0.5;
/// Characters of a summary shown at most.
const MAX_SUMMARY_CHARS: usize = 120;
/// Characters of one piece at most.
const PIECE: f32 = 128.0;

/// One item of a line.
#[derive(Debug)]
pub(super) struct Item {
    /// What it says, in one line.
    pub words: String,
    /// The notice that it says; `None` for words of the config.
    pub head: Option<Arc<NoticeHead>>,
}

impl Item {
    /// The version of the notice that it says.
    pub fn notice(&self) -> Option<NoticeVersion> {
        self.head.as_ref().map(|head| head.notice_version())
    }
}

/// What is drawn in a slot.
#[derive(Debug, Clone)]
pub(super) enum Glyphs {
    /// A piece of an item.
    Words(Arc<ShapedText>),
    /// What parts two items.
    Mark(Arc<ShapedText>),
}

/// A slot of a strip in which something is drawn.
pub(super) struct Piece {
    /// Where the slot begins in the strip, and its width, pixels.
    pub at: i64,
    pub width: i64,
    pub glyphs: Glyphs,
    /// The notice it says a part of.
    pub notice: Option<NoticeVersion>,
}

/// How the pieces of a line look.
pub(super) struct Face {
    pub style: Style,
    pub area: Rect,
    colour: Colour,
    accent: Colour,
}

impl Face {
    /// As a ticker's config says, in its area.
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
        (2 * self.area.w as i64).clamp(1, i64::from(Layer::MAX_PIXELS) * 3 / 4)
    }

    /// Whether a strip of this width can be one layer.
    pub fn holds(&self, width: i64) -> bool {
        width + 2 * self.overhang() <= i64::from(Layer::MAX_PIXELS)
    }

    /// The layer of a strip, marked with the notices that its pieces are of.
    pub fn strip(&self, width: i64, pieces: impl IntoIterator<Item = Piece>) -> Arc<Layer> {
        let side = self.overhang();
        let mut notices: Vec<NoticeMark> = Vec::new();
        let placed = |Piece { at, width, glyphs, notice }: Piece| {
            let left = (side + at) as f32;
            if let Some(notice) = notice {
                let area = Rect::new(left, 0.0, width as f32, self.area.h);
                match notices.last_mut().filter(|last| last.notice == notice && last.area.x + last.area.w == left) {
                    Some(last) => last.area.w += area.w,
                    None => notices.push(NoticeMark { notice, area }),
                }
            }
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
        let primitives = pieces.into_iter().map(placed).collect();
        paint::marked((width + 2 * side) as f32, self.area.h, primitives, notices)
    }

    /// Width of the mark's slot.
    pub fn mark_width(&self) -> i64 {
        (self.style.size * MARK_WIDTH_EMS).round().max(1.0) as i64
    }

    /// The mark between two items, shaped.
    pub fn mark(&self, shaper: &mut Shaper) -> Glyphs {
        Glyphs::Mark(self.mark_style().line(shaper, MARK, None))
    }

    fn mark_style(&self) -> Style {
        Style { size: (self.style.size * MARK_SIZE_EMS).round().max(6.0), bold: false, spacing: 0.0 }
    }
}

/// The items of a line, and whether they are more than the standing line. Only copied here: a text of a million
/// characters is looked at piece by piece as it comes near. `agreed`: in an order other machines come to as well.
pub(super) fn items(zone: &TickerZone, context: &ZoneContext<'_>, agreed: bool) -> (Vec<Arc<Item>>, bool) {
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

/// What an edition makes of the items that stand on a line.
pub(super) struct Renewal<'a> {
    zone: &'a TickerZone,
    context: &'a ZoneContext<'a>,
    by_words: HashMap<&'a str, &'a Arc<Item>>,
}

impl<'a> Renewal<'a> {
    /// By the edition of the context, of which the line is to take `items` next.
    pub fn new(zone: &'a TickerZone, context: &'a ZoneContext<'a>, items: &'a [Arc<Item>]) -> Self {
        let by_words = items.iter().map(|item| (item.words.as_str(), item)).collect();
        Self { zone, context, by_words }
    }

    /// The item as it is now; `None` where it says a notice that is no longer public, or that now says something else:
    /// such an item leaves the line at once.
    pub fn of(&self, old: &Arc<Item>) -> Option<Arc<Item>> {
        let Some(head) = &old.head else { return Some(Arc::clone(old)) };
        if let Some(same) = self.by_words.get(old.words.as_str()) {
            return Some(Arc::clone(same));
        }
        // One that only had to make room for others goes on to the end.
        let head = self.context.edition.head(head.id)?;
        let is_shown = pick::fits(&self.zone.notices, head, self.context.wall.day());
        let new = is_shown.then(|| item(self.zone, head, &self.context.wording()))?;
        (new.words == old.words).then_some(new)
    }
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
    let summary = match summary.char_indices().nth(MAX_SUMMARY_CHARS) {
        Some((at, _)) => format!("{}…", summary.get(..at).unwrap_or("")),
        None => summary.to_owned(),
    };
    wording.say("wall-summary", &[("title", title), ("summary", &summary)])
}
