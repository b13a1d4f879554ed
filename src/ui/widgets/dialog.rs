//! A question over everything.

use crate::{
    config::Accent,
    scene::{Colour, Picture, Sampling},
    text::TextAlign,
    ui::{Metrics, Role, Text, View},
};
use std::sync::Arc;

/// A dialog `width` pixels wide: a ring with a figure in it, two lines, a plain and a strong button.
pub fn dialog<A>(
    look: &Metrics,
    width: f32,
    (ring, figure): (Arc<Picture>, &str),
    (title, line): (&str, &str),
    [plain, strong]: [(&str, A); 2],
) -> View<A> {
    let (space, size) = (look.space(), look.size());
    let (round, side) = (look.px(180.0), look.px(space.gutter));
    let red = look.readable(Accent::Red, look.card);
    let figure = Text::new(figure, look.px(72.0), look.ink).bold().high(look.px(96.0)).align(TextAlign::Centre);
    let ring = View::column()
        .size(round, round)
        .middle()
        .child(View::image(ring, round, round, red, Sampling::Linear).at(0.0, 0.0))
        .child(View::text(figure).wide(round));
    let button = |(words, action): (&str, A), strong: bool| {
        let (ink, ground) = if strong { (Colour::WHITE, red) } else { (look.ink, look.paper) };
        let words = Text::new(words, look.pt(size.large), ink).bold().align(TextAlign::Centre);
        View::row()
            .middle()
            .grow(1.0)
            .at_least(look.pt(96.0))
            .fill(ground)
            .round(look.px(space.radius))
            .edge(look.px(2.0), if strong { red } else { look.line })
            .on(action)
            .child(View::text(words))
    };
    let centred = |text: Text| View::text(text.lines(0).align(TextAlign::Centre)).wide(width - 2.0 * side);
    View::column()
        .role(Role::Dialog)
        .named(title)
        .fill(look.card)
        .round(look.px(space.radius_large))
        .pad(side, side, side, side)
        .gap(look.px(space.gap_large))
        .across()
        .child(ring)
        .child(centred(Text::new(title, look.pt(size.heading), look.ink).bold()))
        .child(centred(Text::new(line, look.pt(size.row), look.mute)))
        .child(
            View::row()
                .wide(width - 2.0 * side)
                .gap(look.px(space.gap))
                .child(button(plain, false))
                .child(button(strong, true)),
        )
}
