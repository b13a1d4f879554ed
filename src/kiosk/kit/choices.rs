//! A choice: large tiles in groups, for places, months and what narrows a search.

use super::{
    context::PageContext,
    frame::{PageLayout, framed},
    standins::StandIn,
};
use crate::{
    config::Accent,
    kiosk::address::Action,
    text::ems,
    ui::{Role, Text, View, widgets},
};

/// One tile.
pub struct ChoiceTile {
    /// What it says.
    pub words: String,
    /// Whether it is what stands now.
    pub chosen: bool,
    /// What it does.
    pub action: Action,
}

/// Tiles under a title, which may be empty for a single group.
pub struct ChoiceGroup {
    /// The title.
    pub title: String,
    /// The tiles.
    pub tiles: Vec<ChoiceTile>,
}

/// What can be chosen, in groups; a section each.
#[derive(Default)]
pub struct Choices {
    title: String,
    groups: Vec<ChoiceGroup>,
}

/// Tiles a row holds, so that the longest words of them stand in it.
fn columns(cx: &PageContext<'_>, group: &ChoiceGroup) -> usize {
    let most: usize = match (cx.look.landscape(), cx.look.large) {
        (true, false) => 5,
        (true, true) => 4,
        (false, false) => 3,
        (false, true) => 2,
    };
    // As if all were chosen, so that no choice moves the others.
    let longest = group.tiles.iter().map(|t| ems(&t.words, true)).fold(0.0, f32::max);
    if longest > 8.0 { most.div_ceil(2) } else { most }
}

impl Choices {
    /// Choices under a title.
    pub fn new(title: String, groups: Vec<ChoiceGroup>) -> Self {
        Self { title, groups }
    }

    /// The page that offers them.
    pub fn layout(&self, cx: &PageContext<'_>, trail: Vec<(String, Action)>) -> PageLayout {
        let mut layout = framed(cx, trail, &self.title, 0.0, true);
        let look = cx.look;
        let height = |group: &ChoiceGroup| {
            let rows = group.tiles.len().div_ceil(columns(cx, group)) as f32;
            look.pt(92.0) + rows * (look.pt(96.0) + look.px(look.space().gap)) + look.px(12.0)
        };
        if self.groups.iter().all(|g| g.tiles.is_empty()) {
            return layout.instead(StandIn::empty(cx));
        }
        layout.heights = self.groups.iter().map(height).collect();
        layout
    }

    /// One group.
    pub fn section(&self, cx: &PageContext<'_>, width: f32, index: usize) -> View<Action> {
        let look = cx.look;
        let Some(group) = self.groups.get(index) else { return View::column() };
        let title = match (group.title.as_str(), self.groups.len()) {
            ("", _) => self.title.clone(),
            (own, 1) => format!("{} · {own}", self.title),
            (own, _) => own.to_owned(),
        };
        let (count, gap) = (columns(cx, group), look.px(look.space().gap));
        let wide = ((width - gap * (count - 1) as f32) / count as f32).floor();
        let tile = |tile: &ChoiceTile| {
            let ground = if tile.chosen { look.tint(Accent::Red) } else { look.paper };
            let red = look.readable(Accent::Red, ground);
            let (ink, line) = if tile.chosen { (red, red) } else { (look.ink, look.line) };
            let words = if tile.chosen { format!("✓ {}", tile.words) } else { tile.words.clone() };
            let text = widgets::shrink(Text::new(words, look.pt(look.size().body), ink), wide - look.px(32.0), 0.6);
            View::row()
                .middle()
                .size(wide, look.pt(96.0))
                .pad(0.0, look.px(12.0), 0.0, look.px(12.0))
                .fill(ground)
                .round(look.px(look.space().radius))
                .edge(look.px(2.0), line)
                .role(Role::Choice)
                .chosen(tile.chosen)
                .on(tile.action.clone())
                .child(View::text(if tile.chosen { text.bold() } else { text }))
        };
        let rows = group.tiles.chunks(count).map(|row| View::row().wide(width).gap(gap).children(row.iter().map(tile)));
        let head = widgets::heading_row(look, width, &title, None::<(&str, Accent, Action)>);
        let tiles = View::column().wide(width).gap(gap).pad(gap, 0.0, look.px(12.0), 0.0).children(rows);
        View::column().wide(width).child(head).child(tiles)
    }
}
