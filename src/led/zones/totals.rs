//! Units with the cases each has in hand, and a lamp.

use super::board::Row;
use crate::{
    config::{Align, Zone, ZoneKind},
    edition::Edition,
    led::paint::{self, Style},
    model::{Lamp, UnitTotals},
    scene::{Colour, Primitive, Rect},
    text::Shaper,
};
use std::sync::Arc;

/// Side of a lamp, in sizes.
const LAMP: f32 = 0.76;
/// Space between figure and lamp, in sizes.
const GAP: f32 = 0.42;

/// The rows of units in the edition's order.
pub(super) fn rows(totals: &[UnitTotals]) -> Vec<Row> {
    let row = |unit: &UnitTotals| Row {
        title: unit.unit.replace(char::is_control, " "),
        right: unit.in_hand.to_string(),
        lamp: Some(unit.lamp()),
        ..Row::default()
    };
    totals.iter().map(row).collect()
}

/// The zone's title: of the totals, or of the notices that stand in for them.
pub(super) fn title(zone: &Zone, edition: &Edition) -> String {
    match (zone.kind, edition.totals.len()) {
        (ZoneKind::Totals, 0) => zone.text.clone(),
        (ZoneKind::Totals, n) => zone.title.replace("{n}", &n.to_string()),
        _ => zone.title.clone(),
    }
}

/// Pixels a lamp and the space before it take.
pub(super) fn taken(style: &Style) -> f32 {
    (style.size * LAMP).round() + (style.size * GAP).round()
}

/// A lamp at the right end of a row: a disc, a triangle or a square, so that its colour is not all it says.
pub(super) fn lamp(style: &Style, lamp: Lamp, shaper: &mut Shaper, row: Rect) -> Primitive {
    let side = (style.size * LAMP).round().max(3.0);
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
