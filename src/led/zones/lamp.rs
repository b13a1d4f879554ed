//! The lamp at the end of a row: green, yellow or red, and a shape of its own for each.

use crate::{
    config::Align,
    led::paint::{self, Style},
    model::Lamp,
    scene::{Colour, Primitive, Rect},
    text::Shaper,
};
use std::sync::Arc;

/// Side of a lamp, in sizes.
const LAMP_EMS: f32 = 0.76;
/// Space between figure and lamp, in sizes.
const GAP_EMS: f32 = 0.42;

/// Pixels a lamp and the space before it take.
pub(super) fn taken(style: &Style) -> f32 {
    (style.size * LAMP_EMS).round() + (style.size * GAP_EMS).round()
}

/// A lamp at the right end of a row: a disc, a triangle or a square, so that its colour is not all it says.
pub(super) fn lamp(style: &Style, lamp: Lamp, shaper: &mut Shaper, row: Rect) -> Primitive {
    let side = (style.size * LAMP_EMS).round().max(3.0);
    let (x, y) = (row.x + row.w - side, (row.y + (row.h - side) / 2.0).round());
    let square = Rect::new(x, y, side, side);
    match lamp {
        Lamp::Green => Primitive::rounded(square, Colour::rgb(0x35, 0xd0, 0x6e), side / 2.0),
        Lamp::Yellow => {
            let style = Style { size: (side * 1.12).round(), bold: false, spacing: 0.0 };
            let text = style.line(shaper, "▲", None);
            let left = style.across(&text, Align::Centre, x, side);
            let top = style.middle(&text, row.y, row.h);
            paint::words(Arc::clone(&text), left, top, Colour::rgb(0xff, 0xc9, 0x3c))
        }
        Lamp::Red => Primitive::rounded(square, Colour::rgb(0xff, 0x4a, 0x3d), (side / 12.0).round()),
    }
}
