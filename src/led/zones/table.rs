//! The drawn side of a table on a wall: where its columns stand, their titles over the rows, their sums and where they
//! come from below.

use super::{
    lamp,
    pager::{PageRow, PagerLook, Pen, QUIET_ALPHA, RULE_ALPHA, Rims},
};
use crate::{
    config::{Accent, Align},
    led::paint::{self, Style},
    model::Lamp,
    scene::{Colour, Layer, Primitive, Rect},
    text::Shaper,
};
use std::sync::Arc;

/// Space between columns, in sizes.
const COLUMN_GAP_EMS: f32 = 0.8;
/// Ems that words keep at least.
const MIN_WORD_EMS: f32 = 4.0;
/// Share of the zone's size that titles and the foot have, and the least pixels they have.
pub(super) const SMALL_SHARE: f32 = 0.72;
const MIN_SMALL_PIXELS: f32 = 12.0;
/// The smallest share of its size a figure is drawn with before it is cut.
const MIN_FIGURE_SHARE: f32 = 0.5;
/// Rows there is room for at least where titles and a foot stand around them.
const MIN_ROWS_WITH_RIMS: f32 = 4.0;

/// What one cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub words: String,
    pub tone: Tone,
}

/// How a cell's words are coloured; the words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Status(Accent),
    /// A total that is not the sum of its parts.
    Off,
    Left(Lamp),
}

/// One column as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnLayout {
    pub title: String,
    /// What it needs, in ems.
    pub wants: f32,
    /// Its share of the width, where shares are given.
    pub share: Option<f32>,
    pub is_figure: bool,
    /// Whether its words may be cut.
    pub is_words: bool,
}

/// All of the table but its rows.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sheet {
    /// The title over it.
    pub title: String,
    pub columns: Vec<ColumnLayout>,
    pub sums: Vec<Cell>,
    pub foot: String,
    pub has_lamp: bool,
}

/// One row: a cell a column, and a case's lamp.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TableRow {
    pub cells: Vec<Cell>,
    pub lamp: Option<Lamp>,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot {
    x: f32,
    width: f32,
    is_figure: bool,
}

impl PageRow for TableRow {
    type Layout = Vec<Slot>;

    fn paint(&self, slots: &Vec<Slot>, area: Rect, pen: &mut Pen<'_>) {
        if let Some(lamp) = self.lamp {
            let lit = lamp::lamp(&pen.style, lamp, pen.shaper, area);
            pen.out.push(lit);
        }
        for (cell, slot) in self.cells.iter().zip(slots) {
            let colour = match cell.tone {
                Tone::Plain => pen.ink,
                Tone::Status(accent) => bright(accent),
                Tone::Off | Tone::Left(Lamp::Red) => bright(Accent::Red),
                Tone::Left(Lamp::Yellow) => bright(Accent::Amber),
                Tone::Left(Lamp::Green) => pen.ink,
            };
            let band = (area.y, area.h);
            words(&mut pen.out, &pen.style, (&cell.words, colour), *slot, band, pen.shaper);
        }
    }
}

impl Sheet {
    /// Heights around the rows, for a zone of this text size, row height and height.
    pub fn rims(&self, size: f32, pitch: f32, tall: f32) -> Rims {
        // A wall of a few rows has no room for more than rows.
        if self.columns.is_empty() || tall < pitch * MIN_ROWS_WITH_RIMS {
            return Rims::default();
        }
        let small = small(size);
        let sums = if self.sums.is_empty() { 0.0 } else { pitch };
        Rims { titles: (small * 2.1).round(), sums, foot: (small * 2.0).round() }
    }

    /// Where the columns stand in this width.
    pub fn slots(&self, style: &Style, left: f32, width: f32) -> Vec<Slot> {
        let width = width - if self.has_lamp { lamp::taken(style) } else { 0.0 };
        let gap = (style.size * COLUMN_GAP_EMS).round();
        let room = (width - gap * self.columns.len().saturating_sub(1) as f32).max(1.0);
        let size = style.size + style.spacing;
        let mut widths: Vec<f32> = self.columns.iter().map(|c| c.wants * size).collect();
        let shares: f32 = self.columns.iter().filter_map(|c| c.share).sum();
        if shares > 0.0 {
            widths = self.columns.iter().map(|c| room * c.share.unwrap_or(0.0) / shares).collect();
        } else {
            self.fit(&mut widths, room, size);
        }
        let mut x = left;
        let one = |(column, width): (&ColumnLayout, f32)| {
            let slot = Slot { x: x.round(), width: width.floor().max(1.0), is_figure: column.is_figure };
            x += width + gap;
            slot
        };
        self.columns.iter().zip(widths).map(one).collect()
    }

    /// What is missing is taken from words, then from all; what is left goes to the first words.
    fn fit(&self, widths: &mut [f32], room: f32, size: f32) {
        let wanted: f32 = widths.iter().sum();
        let slack = |c: &ColumnLayout, w: f32| if c.is_words { (w - MIN_WORD_EMS * size).max(0.0) } else { 0.0 };
        let all: f32 = self.columns.iter().zip(&*widths).map(|(c, w)| slack(c, *w)).sum();
        if wanted > room {
            let excess = wanted - room;
            let taken = excess.min(all);
            for (column, width) in self.columns.iter().zip(widths.iter_mut()) {
                *width -= if all > 0.0 { taken * slack(column, *width) / all } else { 0.0 };
            }
            let factor = room / (wanted - taken).max(1.0);
            widths.iter_mut().for_each(|w| *w *= factor.min(1.0));
            return;
        }
        let spare = room - wanted;
        let count = widths.len().max(1) as f32;
        match self.columns.iter().position(|c| c.is_words).and_then(|i| widths.get_mut(i)) {
            Some(width) => *width += spare,
            None => widths.iter_mut().for_each(|w| *w += spare / count),
        }
    }

    /// The titles over the columns, in a layer of this height; `across` is where they begin and how wide all are.
    pub fn paint_titles(
        &self,
        look: &PagerLook,
        area: Rect,
        across: (f32, f32),
        slots: &[Slot],
        shaper: &mut Shaper,
    ) -> Arc<Layer> {
        let ink = paint::colour(&look.text.colour, Colour::WHITE);
        let style = Style { size: small(paint::size(&look.text)), bold: false, spacing: 0.0 };
        let rule = rule(look);
        let mut out = vec![Primitive::fill(Rect::new(across.0, area.h - rule, across.1, rule), ink.alpha(RULE_ALPHA))];
        for (column, slot) in self.columns.iter().zip(slots) {
            words(&mut out, &style, (&column.title, ink.alpha(QUIET_ALPHA)), *slot, (0.0, area.h - rule), shaper);
        }
        paint::layer(area.w, area.h, out)
    }

    /// The sums, which are so high, and the line that says where the rows come from.
    pub fn paint_foot(
        &self,
        look: &PagerLook,
        (area, sums): (Rect, f32),
        across: (f32, f32),
        slots: &[Slot],
        shaper: &mut Shaper,
    ) -> Arc<Layer> {
        let ink = paint::colour(&look.text.colour, Colour::WHITE);
        let accent = paint::colour(&look.list.accent, Colour::rgb(0xff, 0xd2, 0x4a));
        let rule = rule(look);
        let mut out = vec![Primitive::fill(Rect::new(across.0, 0.0, across.1, rule), ink.alpha(RULE_ALPHA * 2.0))];
        if sums > 0.0 {
            let style = Style { bold: true, ..Style::of(&look.text) };
            for (cell, slot) in self.sums.iter().zip(slots) {
                words(&mut out, &style, (&cell.words, accent), *slot, (rule, sums - rule), shaper);
            }
        }
        let style = Style { size: small(paint::size(&look.text)), bold: false, spacing: 0.0 };
        let line = Slot { x: across.0, width: across.1, is_figure: false };
        let top = sums.max(rule);
        words(&mut out, &style, (&self.foot, ink.alpha(QUIET_ALPHA)), line, (top, area.h - top), shaper);
        paint::layer(area.w, area.h, out)
    }
}

/// Words in a slot, in the middle of a band from its top and height: figures at its end and smaller where they are too
/// long, since a figure that is cut says something else.
fn words(
    out: &mut Vec<Primitive>,
    style: &Style,
    (said, colour): (&str, Colour),
    slot: Slot,
    (top, height): (f32, f32),
    shaper: &mut Shaper,
) {
    if said.is_empty() {
        return;
    }
    let mut style = *style;
    if slot.is_figure {
        let width = style.line(shaper, said, None).width;
        if width > slot.width {
            style.size = (style.size * (slot.width / width).max(MIN_FIGURE_SHARE)).floor().max(1.0);
        }
    }
    let text = style.line(shaper, said, Some(slot.width));
    let align = if slot.is_figure { Align::Right } else { Align::Left };
    let x = style.across(&text, align, slot.x, slot.width);
    let y = style.middle(&text, top, height);
    out.push(paint::words(text, x, y, colour));
}

/// An accent bright enough for black.
fn bright(accent: Accent) -> Colour {
    match accent {
        Accent::Red => Colour::rgb(0xff, 0x6b, 0x5e),
        Accent::Blue => Colour::rgb(0x6c, 0xb4, 0xff),
        Accent::Green => Colour::rgb(0x35, 0xd0, 0x6e),
        Accent::Amber => Colour::rgb(0xff, 0xc9, 0x3c),
        Accent::Teal => Colour::rgb(0x43, 0xd3, 0xc6),
        Accent::Plum => Colour::rgb(0xc6, 0xa0, 0xff),
    }
}

fn small(size: f32) -> f32 {
    (size * SMALL_SHARE).round().max(MIN_SMALL_PIXELS).min(size)
}

fn rule(look: &PagerLook) -> f32 {
    (paint::size(&look.text) / 24.0).round().max(1.0)
}
