//! What stands in place of content: that there is none, that it is still on its way, that it cannot be had now.

use super::{context::PageContext, room::Room};
use crate::{
    config::Accent,
    kiosk::address::Action,
    scene::{Colour, Sampling},
    text::{TextAlign, ems},
    ui::{Text, View, icons::Icon, widgets},
};

/// What stands in place of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandIn {
    /// A large line and a small one.
    Note(String, String),
    /// That what was asked for cannot be had now, and a button to ask again.
    Failed,
    /// Nothing; a skeleton where that takes long.
    Waiting,
}

impl StandIn {
    /// That there is nothing here.
    pub fn empty(cx: &PageContext<'_>) -> Self {
        Self::Note(cx.say("empty-title"), cx.say("empty-line"))
    }

    /// That what was here is withdrawn.
    pub fn gone(cx: &PageContext<'_>) -> Self {
        Self::Note(cx.say("gone-title"), cx.say("gone-line"))
    }

    /// Its view.
    pub fn view(&self, cx: &PageContext<'_>, room: Room) -> View<Action> {
        match self {
            Self::Note(title, line) => note(cx, room, title, line),
            Self::Failed => failed(cx, room, true),
            Self::Waiting => skeleton(cx, room.width, None),
        }
    }
}

/// A large line and a small one under a ring.
pub fn note(cx: &PageContext<'_>, room: Room, title: &str, line: &str) -> View<Action> {
    let icon = cx.icons.get(Icon::Empty, cx.look.px(96.0));
    let line = broken(line, (room.width - cx.look.px(80.0)) / cx.look.pt(cx.look.size().row));
    widgets::note(cx.look, (room.width, room.tall), icon, (title, &line))
}

/// That the archive cannot be read now, which says nothing of what it holds, with a button that asks it again where one
/// is in reach.
pub fn failed(cx: &PageContext<'_>, room: Room, has_button: bool) -> View<Action> {
    let look = cx.look;
    let (width, tall) = (room.width, room.tall);
    let (side, gap) = (look.px(64.0), look.px(look.space().gap_large));
    let high = look.pt(88.0).max(look.target());
    let icon = cx.icons.get(Icon::Retry, look.px(96.0));
    let (title, line) = (cx.say("failed-title"), cx.say("failed-line"));
    let line = broken(&line, (width - look.px(80.0)) / look.pt(look.size().row));
    if !has_button {
        return widgets::note(look, (width, tall), icon, (&title, &line));
    }
    let words = Text::new(cx.say("retry"), look.pt(look.size().large), Colour::WHITE).bold();
    let wide = ems(&cx.say("retry"), true) * words.size + 2.0 * side;
    let red = look.readable(Accent::Red, Colour::WHITE);
    let button =
        View::row().middle().tall(high).pad(0.0, side, 0.0, side).fill(red).round(look.px(look.space().radius));
    let button = button.on(Action::Retry).child(View::text(words));
    if tall < high + gap + look.pt(190.0) {
        // Too low for one under the other.
        let note = widgets::note(look, (width - wide - gap, tall), icon, (&title, &line));
        return View::row().wide(width).child(note).child(button);
    }
    // High enough for the ring where there is room for it, and no higher, so that the button stands by the words.
    let above = (tall - high - 2.0 * gap).min(look.px(352.0) + look.pt(110.0));
    let note = widgets::note(look, (width, above), icon, (&title, &line));
    View::column().middle().across().wide(width).at_least(tall).gap(gap).child(note).child(button)
}

/// What stands while something is fetched: what is known of it already, then, where it takes long, a skeleton.
pub fn skeleton(cx: &PageContext<'_>, width: f32, known: Option<View<Action>>) -> View<Action> {
    let look = cx.look;
    let mut column = View::column().wide(width).children(known);
    if cx.late {
        let words = Text::new(cx.say("loading"), look.pt(look.size().small), look.mute).align(TextAlign::Centre);
        let bar = |share: f32| View::row().wide(width * share).tall(look.pt(30.0)).fill(look.hair).round(look.px(8.0));
        let bars = View::column().gap(look.pt(30.0)).children([1.0, 0.96, 1.0, 0.62].map(bar));
        column = column.gap(look.px(30.0)).child(bars).child(View::text(words).wide(width));
    }
    column
}

/// Words that fill the upper part in 低位操作.
pub fn low_hint(cx: &PageContext<'_>, top: f32) -> View<Action> {
    let tall = cx.low_top() - top;
    let words = Text::new(cx.say("low-hint"), cx.look.pt(cx.look.size().large), cx.look.mute);
    let place = View::column().at(0.0, top).size(cx.look.width, tall).middle().across();
    let icon = cx.look.px(96.0);
    let picture = cx.icons.get(Icon::Low, icon);
    place
        .gap(cx.look.px(20.0))
        .child(View::image(picture, icon, icon, cx.look.mute, Sampling::Linear))
        .child(View::text(words))
}

/// Words too long for one line of so many ems, broken after a mark where both parts then fit, in bold type as well.
pub fn broken(title: &str, room: f32) -> String {
    let ems = |part: &str| ems(part, true);
    if ems(title) <= room {
        return title.to_owned();
    }
    let after = title.char_indices().filter(|(_, c)| matches!(c, '）' | '》' | '：' | '，' | '、' | ' '));
    let parts = after.filter_map(|(i, c)| title.split_at_checked(i + c.len_utf8()));
    let fits = parts.filter(|(a, b)| ems(a) <= room && ems(b) <= room && b.chars().count() > 2);
    let even = |(a, b): &(&str, &str)| (ems(a) - ems(b)).abs();
    let best = fits.min_by(|x, y| even(x).total_cmp(&even(y)));
    best.map_or_else(|| title.to_owned(), |(a, b)| format!("{}\n{}", a.trim_end(), b))
}
