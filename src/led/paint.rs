//! What all zones paint with: areas, colours, centred words.

use crate::{
    config::{Align, Edge, ZoneFrame, zones::TextStyle},
    scene::{Colour, Layer, NoticeMark, Placed, Primitive, Rect},
    text::{RichText, ShapedText, Shaper, StyledSpan},
};
use std::sync::Arc;

/// Below this size a glyph's pixels are on or off.
const BITMAP_BELOW_PIXELS: f32 = 24.0;
/// The middle of a full-width character above the baseline, in sizes: Noto Sans SC's ideographic box runs from
/// -0.12 to 0.88 (its OS/2 typographic metrics).
const MIDDLE_EMS: f32 = 0.38;

/// A colour of the config; `fallback` where it is none (`gongshi check` has said so).
pub(super) fn colour(text: &str, fallback: Colour) -> Colour {
    Colour::parse(text).unwrap_or(fallback)
}

/// The zone's rectangle with its borders, canvas pixels.
pub(super) fn outer(frame: &ZoneFrame) -> Rect {
    Rect::new(frame.x as f32, frame.y as f32, frame.width as f32, frame.height as f32)
}

/// What is left within the borders.
pub(super) fn inner(frame: &ZoneFrame) -> Rect {
    let line = |edge: Edge| if frame.border.contains(&edge) { frame.border_width as f32 } else { 0.0 };
    let (outer, (width, height)) = (outer(frame), frame.inner());
    Rect::new(outer.x + line(Edge::Left), outer.y + line(Edge::Top), width as f32, height as f32)
}

/// The type size, kept within what can be drawn.
pub(super) fn size(style: &TextStyle) -> f32 {
    if style.size.is_finite() { style.size.clamp(6.0, 1024.0) } else { 48.0 }
}

/// Background and borders, in tiles that every GPU takes.
pub(super) fn base(frame: &ZoneFrame) -> Vec<Placed> {
    let (outer, inner) = (outer(frame), inner(frame));
    let mut shapes = Vec::new();
    if let Some(fill) = Colour::parse(&frame.background) {
        shapes.push((outer, fill));
    }
    let red = colour(&frame.border_colour, Colour::rgb(0xb3, 0x26, 0x1e));
    let (right, bottom) = (inner.x + inner.w, inner.y + inner.h);
    let lines = [
        Rect::new(outer.x, outer.y, outer.w, inner.y - outer.y),
        Rect::new(outer.x, bottom, outer.w, outer.y + outer.h - bottom),
        Rect::new(outer.x, outer.y, inner.x - outer.x, outer.h),
        Rect::new(right, outer.y, outer.x + outer.w - right, outer.h),
    ];
    shapes.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| (line, red)));
    if shapes.is_empty() {
        return Vec::new();
    }
    let mut placed = Vec::new();
    for y in (0..frame.height).step_by(Layer::MAX_PIXELS as usize) {
        for x in (0..frame.width).step_by(Layer::MAX_PIXELS as usize) {
            let tile = Rect::new(
                outer.x + x as f32,
                outer.y + y as f32,
                (frame.width - x).min(Layer::MAX_PIXELS) as f32,
                (frame.height - y).min(Layer::MAX_PIXELS) as f32,
            );
            let parts = shapes.iter().map(|(rect, fill)| (rect.intersect(&tile), *fill));
            let primitives = parts
                .filter(|(rect, _)| !rect.is_empty())
                .map(|(rect, fill)| Primitive::fill(rect.moved(-tile.x, -tile.y), fill))
                .collect();
            placed.push(still(layer(tile.w, tile.h, primitives), tile));
        }
    }
    placed
}

/// A layer of this size, capped at what every GPU takes.
pub(super) fn layer(width: f32, height: f32, primitives: Vec<Primitive>) -> Arc<Layer> {
    marked(width, height, primitives, Vec::new())
}

/// The same of a layer that says notices.
pub(super) fn marked(width: f32, height: f32, primitives: Vec<Primitive>, notices: Vec<NoticeMark>) -> Arc<Layer> {
    let side = |v: f32| (v.max(1.0) as u32).min(Layer::MAX_PIXELS);
    Arc::new(Layer { width: side(width), height: side(height), primitives, notices })
}

/// A layer that stands at `area`.
pub(super) fn still(layer: Arc<Layer>, area: Rect) -> Placed {
    Placed { layer, x: area.x as i32, y: area.y as i32, clip: area, motion: crate::scene::Motion::Still }
}

/// How words of a zone look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Type size, pixels.
    pub size: f32,
    /// Bold face.
    pub bold: bool,
    /// Letter spacing, pixels.
    pub spacing: f32,
}

impl Style {
    /// As a zone's config says.
    pub fn of(style: &TextStyle) -> Self {
        Self { size: size(style), bold: style.bold, spacing: style.spacing }
    }

    /// The text to be shaped on lines of `line_height`.
    pub fn text<'a>(&self, words: &'a str, line_height: f32) -> RichText<'a> {
        RichText {
            spans: vec![StyledSpan { text: words, bold: self.bold, colour: None }],
            line_height,
            spacing: self.spacing,
            pixel: self.size < BITMAP_BELOW_PIXELS,
            ..RichText::line("", self.size, self.bold)
        }
    }

    /// One line, closed by `…` where it is wider than `width`.
    pub fn line(&self, shaper: &mut Shaper, words: &str, width: Option<f32>) -> Arc<ShapedText> {
        let mut text = self.text(words, (self.size * 1.5).round());
        if let Some(width) = width {
            text.width = Some(width.max(1.0));
            text.max_lines = 1;
        }
        Arc::new(shaper.shape(&text))
    }

    /// Top of a text whose lines are to stand in the middle of `top..top + height`, at a whole pixel: what is
    /// centred is the box of full-width characters, not the font's line.
    pub fn middle(&self, text: &ShapedText, top: f32, height: f32) -> f32 {
        let mut runs = text.buffer.layout_runs().map(|run| run.line_y);
        let Some(first) = runs.next() else { return top };
        let last = runs.last().unwrap_or(first);
        let box_middle = (first + last) / 2.0 - MIDDLE_EMS * self.size;
        (top + height / 2.0 - box_middle).round()
    }

    /// Left edge of a line within `left..left + width`, at a whole pixel; the space after the last letter is no
    /// part of it.
    pub fn across(&self, text: &ShapedText, align: Align, left: f32, width: f32) -> f32 {
        let room = width - (text.width - self.spacing);
        match align {
            Align::Left => left,
            Align::Centre => (left + room / 2.0).round(),
            Align::Right => (left + room).round(),
        }
    }
}

/// Words at a place.
pub(super) fn words(text: Arc<ShapedText>, x: f32, y: f32, colour: Colour) -> Primitive {
    Primitive::Words { text, x, y, colour }
}
