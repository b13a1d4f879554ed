//! What pages about registers share: the way to one, what a row is called, their cards and warnings.

use super::context::PageContext;
use crate::{
    config::{Accent, Register},
    edition::RowFile,
    kiosk::address::{Action, Page},
    scene::Colour,
    text::TextAlign,
    ui::{Text, View},
};

/// Links down to the register's heading, which it may be the only content of.
pub fn register_trail(cx: &PageContext<'_>, register: &Register) -> Vec<(String, Action)> {
    let mut trail = cx.trail(&register.catalogue);
    trail.pop_if(|(title, action)| {
        *title == register.title || matches!(action, Action::Go(Page::Register(_) | Page::Case(_)))
    });
    trail
}

/// What the row is called.
pub fn row_name(cx: &PageContext<'_>, register: &Register, file: &RowFile) -> String {
    let index = register.label_index();
    let said = register.column.get(index).zip(file.kept.row.values.get(index)).map(|(c, v)| cx.cell(c, v));
    said.filter(|s| !s.is_empty()).unwrap_or_else(|| file.kept.row.key.clone())
}

/// A card of the page.
pub fn card(cx: &PageContext<'_>, width: f32) -> View<Action> {
    let look = cx.look;
    View::column().wide(width).fill(look.card).round(look.px(look.space().radius_large)).edge(look.px(2.0), look.line)
}

/// A line in red that says what does not agree.
pub fn warning(cx: &PageContext<'_>, width: f32, title: &str, line: &str) -> View<Action> {
    let look = cx.look;
    let ground = look.tint(Accent::Red);
    let red = look.readable(Accent::Red, ground);
    let (side, mark) = (look.px(28.0), look.pt(44.0));
    let inner = width - 2.0 * side - mark - look.px(20.0);
    let sign = Text::new("!", look.pt(30.0), Colour::WHITE).bold().high(mark).align(TextAlign::Centre);
    let sign = View::column().middle().size(mark, mark).fill(red).round(mark / 2.0).child(View::text(sign).wide(mark));
    let title = Text::new(title, look.pt(look.size().row), red).bold().lines(3);
    let mut words = View::column().child(View::text(title).wide(inner));
    if !line.is_empty() {
        words = words.child(View::text(Text::new(line, look.pt(look.size().fine), look.ink).lines(4)).wide(inner));
    }
    View::row()
        .wide(width)
        .pad(look.px(18.0), side, look.px(18.0), side)
        .gap(look.px(20.0))
        .fill(ground)
        .round(look.px(look.space().radius))
        .edge(look.px(2.0), red)
        .child(sign)
        .child(words)
}

/// Width of a fact's title on a page `width` pixels wide.
pub fn fact_title(width: f32) -> f32 {
    (width * 0.3).round()
}

/// A fact: its title, and what is said of it.
pub fn fact_row(cx: &PageContext<'_>, width: f32, title: &str, said: View<Action>) -> View<Action> {
    let look = cx.look;
    let (left, pad) = (fact_title(width), look.px(16.0));
    let title = Text::new(title, look.pt(look.size().row), look.mute).lines(2);
    let row = View::row().wide(width).at_least(look.pt(72.0)).pad(pad, 0.0, pad, 0.0);
    let row = row.child(View::row().wide(left).child(View::text(title).wide(left - look.px(16.0)))).child(said);
    View::column().wide(width).child(row).child(View::row().size(width, look.px(2.0)).fill(look.hair))
}
