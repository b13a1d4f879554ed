//! The lamp of a case and the points of its course. Colour is never all they say: words, fillings and rings differ too.

use crate::{
    config::Accent,
    model::Lamp,
    scene::Colour,
    text::{TextAlign, ems},
    ui::{Metrics, Text, View},
};

/// The accent of a lamp.
pub fn accent(lamp: Lamp) -> Accent {
    match lamp {
        Lamp::Green => Accent::Green,
        Lamp::Yellow => Accent::Amber,
        Lamp::Red => Accent::Red,
    }
}

/// A lamp of `side` pixels with a large word and a small one under it.
pub fn lamp<A>(look: &Metrics, side: f32, lamp: Lamp, (large, small): (&str, &str)) -> View<A> {
    let top = look.readable(accent(lamp), Colour::WHITE);
    let inner = side - look.px(12.0);
    let centred = |text: Text| View::text(text.align(TextAlign::Centre)).wide(inner);
    let size = |words: &str, most: f32, bold| (inner * 0.86 / ems(words, bold).max(1.0)).min(most).floor();
    let big = Text::new(large, size(large, side * 0.4, true), Colour::WHITE).bold().high((side * 0.44).round());
    let little = Text::new(small, size(small, side * 0.17, false), Colour::WHITE).high((side * 0.24).round());
    View::column()
        .size(side, side)
        .middle()
        .across()
        .gradient(top, look.darker(top))
        .round(side / 2.0)
        .child(centred(big))
        .child(centred(little))
}

/// How far a step of a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Done.
    Done,
    /// Its time does not count.
    Pause,
    /// Going on.
    Now,
    /// Still to come.
    Later,
}

/// The point of a step, `side` pixels wide: filled where it is done, ringed where it goes on, empty where it comes.
pub fn point<A>(look: &Metrics, side: f32, point: Point) -> View<A> {
    let (core, halo) = match point {
        Point::Done => (look.accent(Accent::Green), look.tint(Accent::Green)),
        Point::Pause => (look.mute, look.line),
        Point::Now => (look.accent(Accent::Amber), look.tint(Accent::Amber)),
        Point::Later => (look.card, look.line),
    };
    let inner = (side
        * match point {
            Point::Pause => 0.5,
            _ => 0.64,
        })
    .round();
    View::column().size(side, side).middle().across().fill(halo).round(side / 2.0).child(
        View::row().size(inner, inner).fill(core).round(if point == Point::Pause { look.px(3.0) } else { inner / 2.0 }),
    )
}
