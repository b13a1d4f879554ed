//! The fault badge of a kiosk: what staff should know, and the public need not mind.

use crate::{
    config::Accent,
    ui::{Metrics, Text, View},
};

/// A short line after an amber dot, at the right end of a row as wide as the canvas. Its type does not grow with 大字版:
/// it is not for visitors.
pub fn fault_badge<A>(look: &Metrics, words: &str) -> View<A> {
    let look = &look.usual();
    let (dot, tall, side) = (look.px(10.0), look.px(30.0), look.px(12.0));
    let words = Text::new(words, look.pt(18.0), look.mute).high(tall);
    let pill = View::row()
        .tall(tall)
        .pad(0.0, side, 0.0, side)
        .gap(look.px(8.0))
        .fill(look.card)
        .round(tall / 2.0)
        .edge(look.px(1.0).max(1.0), look.line)
        .child(View::row().size(dot, dot).fill(look.accent(Accent::Amber)).round(dot / 2.0))
        .child(View::text(words));
    View::row().wide(look.width).pad(0.0, side, look.px(4.0), side).child(View::spring()).child(pill)
}
