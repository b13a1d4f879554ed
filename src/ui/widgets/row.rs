//! Badges, list rows, breadcrumbs and friendly notes.

use crate::{
    config::Accent,
    scene::{Colour, Picture, Sampling},
    text::TextAlign,
    ui::{Metrics, Role, Text, View},
};
use std::sync::Arc;

/// A badge of an accent.
pub fn badge<A>(look: &Metrics, words: &str, accent: Accent) -> View<A> {
    let (side, size) = (look.px(14.0), look.pt(look.size().small * 0.923));
    View::row()
        .tall(look.pt(43.0))
        .pad(0.0, side, 0.0, side)
        .fill(look.readable(accent, Colour::WHITE))
        .round(look.px(look.space().radius_small * 0.67))
        .child(View::text(Text::new(words, size, Colour::WHITE)))
}

/// A line between rows, `width` pixels long.
fn hair<A>(look: &Metrics, width: f32) -> View<A> {
    View::row().size(width, look.px(2.0)).fill(look.hair)
}

/// A row of the home page's list, `width` pixels wide: badge, title, words at the end; `stacked` puts the title
/// below. A line closes it unless it is the last.
pub fn short_row<A>(
    look: &Metrics,
    width: f32,
    mark: Option<(&str, Accent)>,
    (title, end): (&str, &str),
    (stacked, last): (bool, bool),
) -> View<A> {
    let size = look.size();
    let title = View::text(Text::new(title, look.pt(size.row * 1.072), look.ink));
    let end = View::text(Text::new(end, look.pt(size.small), look.mute));
    let mark = mark.map(|(words, accent)| badge(look, words, accent));
    let line = look.px(2.0);
    let gap = look.px(look.space().gap);
    let row = if stacked {
        let top = View::row().apart().wide(width).child(mark.unwrap_or_else(View::row)).child(end);
        let inside = View::column().middle().wide(width).tall(look.pt(158.0)).gap(look.px(8.0));
        inside.child(top).child(title.wide(width))
    } else {
        let inside = View::row().wide(width).tall(look.pt(82.0)).gap(gap);
        let inside = inside.children(mark);
        inside.child(title.grow(1.0)).child(end)
    };
    let closed = View::column().wide(width).child(row);
    let closed = closed.role(Role::Link);
    if last { closed } else { closed.child(View::row().size(width, line).fill(look.hair)) }
}

/// Height of a list row, canvas pixels, its line included: the same for all, so a list of any length costs what is
/// visible.
pub(crate) fn row_height(look: &Metrics) -> f32 {
    look.pt(168.0)
}

/// A row of a list, `width` pixels wide: a title of up to two lines, who and when, what is left.
pub fn notice_row<A>(
    look: &Metrics,
    width: f32,
    mark: Option<(&str, Accent)>,
    (title, meta, end): (&str, &str, &str),
) -> View<A> {
    let (size, gap) = (look.size(), look.px(look.space().gap));
    let title = Text::new(title, look.pt(size.row * 1.072), look.ink).lines(2).high(look.pt(42.0));
    let meta = View::text(Text::new(meta, look.pt(size.fine * 1.09), look.mute)).grow(1.0);
    let mut under = View::row().wide(width).gap(gap);
    under = under.children(mark.map(|(words, accent)| badge(look, words, accent))).child(meta);
    if !end.is_empty() {
        under = under.child(View::text(Text::new(end, look.pt(size.small), look.mute)));
    }
    let words = View::column().middle().wide(width).tall(row_height(look) - look.px(2.0)).gap(look.pt(8.0));
    let words = words.child(View::text(title).wide(width)).child(under);
    View::column().role(Role::Link).wide(width).tall(row_height(look)).child(words).child(hair(look, width))
}

/// What stands for a row that is not at hand yet, as high as one; `place` makes neighbours differ.
pub fn waiting_row<A>(look: &Metrics, width: f32, place: u64) -> View<A> {
    let bar = |share: f32, tall: f32| {
        View::row().size((width * share).round(), look.pt(tall)).fill(look.hair).round(look.px(8.0))
    };
    let share = [0.74, 0.62, 0.68].into_iter().nth((place % 3) as usize).unwrap_or(0.7);
    let words = View::column().middle().wide(width).tall(row_height(look) - look.px(2.0)).gap(look.pt(18.0));
    let words = words.child(bar(share, 34.0)).child(bar(0.4, 24.0));
    View::column().silent().wide(width).tall(row_height(look)).child(words).child(hair(look, width))
}

/// Height of the title of a group of rows, pixels, its line included.
pub(crate) fn group_height(look: &Metrics) -> f32 {
    look.pt(76.0)
}

/// The title of a group of rows, `width` pixels wide: a month of a long list.
pub fn group_row<A>(look: &Metrics, width: f32, words: &str) -> View<A> {
    let line = look.px(2.0);
    let words = View::text(Text::new(words, look.pt(look.size().small), look.mute)).role(Role::Heading).wide(width);
    let row = View::column().wide(width).tall(group_height(look) - line).pad(look.pt(26.0), 0.0, 0.0, 0.0).child(words);
    View::column().wide(width).tall(group_height(look)).child(row).child(View::row().size(width, line).fill(look.line))
}

/// The title row of a card, `width` pixels wide, with a link at its end in an accent.
pub fn heading_row<A: Clone>(look: &Metrics, width: f32, title: &str, link: Option<(&str, Accent, A)>) -> View<A> {
    let (size, side) = (look.size(), look.px(12.0));
    let tall = look.pt(92.0);
    let title = Text::new(title, look.pt(size.body), look.ink).bold();
    let mut row = View::row().wide(width).tall(tall).apart().child(View::text(title).role(Role::Heading).grow(1.0));
    if let Some((words, accent, action)) = link {
        let words = Text::new(words, look.pt(size.small), look.readable(accent, look.card));
        row = row.child(
            View::row().tall(tall).pad(0.0, 0.0, 0.0, side).role(Role::Link).on(action).child(View::text(words)),
        );
    }
    View::column().wide(width).child(row).child(hair(look, width))
}

/// Where the page is: links to what is above it, then its own name.
pub fn breadcrumb<A>(look: &Metrics, (width, height): (f32, f32), above: Vec<(String, A)>, here: &str) -> View<A> {
    let size = look.pt(look.size().small);
    let mut row = View::row().size(width, height);
    for (words, action) in above {
        let link = View::row().tall(height).role(Role::Link).on(action);
        row = row.child(link.child(View::text(Text::new(words, size, look.mute))));
        row = row.child(View::text(Text::new(" › ", size, look.mute)).silent());
    }
    row.child(View::text(Text::new(here, size, look.ink)).grow(1.0))
}

/// An icon in a ring over two lines, in the middle of a box of at least this size in pixels; one too low for the ring
/// holds the lines alone.
pub fn note<A>(look: &Metrics, (width, tall): (f32, f32), icon: Arc<Picture>, (title, line): (&str, &str)) -> View<A> {
    let (round, side, inner) = (look.px(200.0), look.px(96.0), width - 2.0 * look.px(40.0));
    let centred = |text: Text| View::text(text.lines(0).align(TextAlign::Centre)).wide(inner);
    let icon = View::image(icon, side, side, look.mute, Sampling::Linear);
    let ring = View::row().middle().size(round, round).fill(look.paper).round(round / 2.0);
    let ring = View::column().pad(0.0, 0.0, look.px(12.0), 0.0).child(ring.edge(look.px(2.0), look.line).child(icon));
    let ring = Some(ring).filter(|_| tall >= round + look.px(152.0) + look.pt(110.0));
    let edge = look.px(if ring.is_some() { 40.0 } else { 8.0 });
    View::column()
        .wide(width)
        .at_least(tall)
        .middle()
        .across()
        .pad(edge, 0.0, edge, 0.0)
        .gap(look.px(look.space().gap))
        .children(ring)
        .child(centred(Text::new(title, look.pt(look.size().heading), look.ink).bold()).role(Role::Heading))
        .child(centred(Text::new(line, look.pt(look.size().row), look.mute)))
}
