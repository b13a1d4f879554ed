//! The red band at the top: whose kiosk this is, and what time it is.

use crate::{
    scene::Colour,
    ui::{Metrics, Text, View},
};

/// Height of the band, canvas pixels.
pub(crate) fn height(look: &Metrics) -> f32 {
    look.px(if look.landscape() { 132.0 } else { 168.0 })
}

/// The band: name and place at the left, clock and date at the right. Its type does not grow with 大字版: it is
/// large already.
pub fn header<A>(look: &Metrics, (title, place): (&str, &str), (clock, date): (&str, &str)) -> View<A> {
    let look = &look.usual();
    let (size, wide) = (look.size(), look.landscape());
    // Type and line heights of title, place, clock and date; top of the left and the right column.
    let (t, p, c, d, left, right) = if wide {
        ((0.913, 60.0), 46.0, (0.885, 66.0), 40.0, 18.0, 17.0)
    } else {
        ((1.0, 66.0), 44.0, (1.0, 76.0), 38.0, 34.0, 32.0)
    };
    let quiet = look.header_mute();
    let title = Text::new(title, look.pt(size.title * t.0), Colour::WHITE).bold().high(look.px(t.1));
    let place = Text::new(place, look.pt(size.small * 0.923), quiet).high(look.px(p));
    let clock = Text::new(clock, look.pt(size.display * c.0), Colour::WHITE).bold().high(look.px(c.1));
    let date = Text::new(date, look.pt(size.fine), quiet).high(look.px(d));
    let gutter = look.px(look.space().gutter);
    let words = View::column().grow(1.0).pad(look.px(left), 0.0, 0.0, 0.0);
    let words = words.child(View::text(title.spaced(look.px(2.0)))).child(View::text(place));
    let time = View::column().pad(look.px(right), 0.0, 0.0, 0.0).across_end();
    View::row()
        .stretch()
        .size(look.width, height(look))
        .gradient(look.red, look.red_dark)
        .pad(0.0, gutter, 0.0, gutter)
        .gap(look.px(look.space().gap_large))
        .child(words)
        .child(time.child(View::text(clock)).child(View::text(date)))
}
