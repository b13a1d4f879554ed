//! The standing card: what a wall shows while it has nothing else.

use super::paint::{self, Style};
use crate::{
    config::{Align, Screen, StandingCard},
    scene::{Colour, Layer, Placed, Primitive, Rect},
    text::{ShapedText, Shaper, TextAlign, ems},
};
use std::sync::Arc;

const YELLOW: Colour = Colour::rgb(0xff, 0xd2, 0x4a);
const RED: Colour = Colour::rgb(0xb3, 0x26, 0x1e);
/// A canvas this many times as wide as high takes both lines side by side.
const STRIP_ASPECT: f32 = 4.0;
/// Below this size Chinese cannot be read, pixels.
const MIN_SIZE_PIXELS: f32 = 14.0;

/// The card in the middle of the canvas.
pub(super) fn placed(screen: &Screen, standing: &StandingCard, shaper: &mut Shaper) -> Vec<Placed> {
    let (width, height) = (screen.width as f32, screen.height as f32);
    let wide = width.min(Layer::MAX_PIXELS as f32);
    let layer = layer((wide, height), standing, shaper);
    vec![paint::still(layer, Rect::new(((width - wide) / 2.0).round(), 0.0, wide, height))]
}

/// The card of an area so many pixels wide and high.
pub(super) fn layer((width, height): (f32, f32), standing: &StandingCard, shaper: &mut Shaper) -> Arc<Layer> {
    let area = Rect::new(0.0, 0.0, width, height);
    let primitives =
        if width > STRIP_ASPECT * height { strip(area, standing, shaper) } else { stack(area, standing, shaper) };
    paint::layer(width, height, primitives)
}

/// Title and line side by side, a red line between.
fn strip(area: Rect, standing: &StandingCard, shaper: &mut Shaper) -> Vec<Primitive> {
    let wide = ems(&standing.title, true) + 1.4 + 0.7 * ems(&standing.line, false);
    let size = (area.h * 0.5).min(area.w * 0.94 / wide).floor().max(8.0);
    let (title, line) = (style(size, true), style((size * 0.7).round(), false));
    let left = title.line(shaper, &standing.title, Some(area.w));
    let right = line.line(shaper, &standing.line, Some((area.w - left.width).max(1.0)));
    let (gap, rule) = ((size * 0.6).round(), (size / 16.0).round().max(1.0));
    let between = if left.width > 0.0 && right.width > 0.0 { 2.0 * gap + rule } else { 0.0 };
    let x = ((area.w - left.width - between - right.width) / 2.0).round().max(0.0);
    let (middle, after) = ((x + left.width + gap).round(), (x + left.width + between).round());
    let mut primitives = Vec::new();
    if between > 0.0 {
        let tall = (size * 0.9).round();
        primitives.push(Primitive::fill(Rect::new(middle, ((area.h - tall) / 2.0).round(), rule, tall), RED));
    }
    let (high, low) = (title.middle(&left, 0.0, area.h), line.middle(&right, 0.0, area.h));
    primitives.push(paint::words(left, x, high, YELLOW));
    primitives.push(paint::words(right, after, low, Colour::WHITE));
    primitives
}

/// Title, red line, line, one below the other.
fn stack(area: Rect, standing: &StandingCard, shaper: &mut Shaper) -> Vec<Primitive> {
    let room = area.w * 0.9;
    let share = if area.w > area.h { 0.5 } else { 0.8 };
    let size = (area.h * 0.26).min(area.w * share / ems(&standing.title, true).max(4.0)).floor().max(MIN_SIZE_PIXELS);
    let (title, line) = (style(size, true), style((size * 0.5).round().max(MIN_SIZE_PIXELS), false));
    let above = title.line(shaper, &standing.title, Some(area.w));
    let below = wrapped(&line, shaper, &standing.line, room);
    let (gap, rule) = ((size * 0.4).round(), (size / 24.0).round().max(1.0));
    let tall = (size * 1.1).round();
    let mut top = ((area.h - tall - 2.0 * gap - rule - below.height) / 2.0).round().max(0.0);
    let high = title.middle(&above, top, tall);
    let mut primitives = Vec::new();
    let x = title.across(&above, Align::Centre, 0.0, area.w);
    top += tall + gap;
    if !standing.title.is_empty() && !standing.line.is_empty() {
        let wide = above.width.max(size).round();
        primitives.push(Primitive::fill(Rect::new(((area.w - wide) / 2.0).round(), top, wide, rule), RED));
    }
    top += rule + gap;
    primitives.push(paint::words(above, x, high, YELLOW));
    primitives.push(paint::words(below, ((area.w - room) / 2.0).round(), top, Colour::WHITE));
    primitives
}

fn style(size: f32, bold: bool) -> Style {
    Style { size, bold, spacing: 0.0 }
}

/// Words over up to three centred lines.
fn wrapped(style: &Style, shaper: &mut Shaper, words: &str, room: f32) -> Arc<ShapedText> {
    let mut text = style.text(words, (style.size * 1.4).round());
    text.width = Some(room.max(1.0));
    text.max_lines = 3;
    text.align = TextAlign::Centre;
    Arc::new(shaper.shape(&text))
}
