//! A choice: large tiles in groups, for places, months and what narrows a search.

use super::{Action, Content, Context, Outline, framed};
use crate::{
    config::Accent,
    text::ems,
    ui::{Text, View, widgets},
};

/// One tile.
pub(super) struct Tile {
    /// What it says.
    pub words: String,
    /// Whether it is what stands now.
    pub chosen: bool,
    /// What it does.
    pub action: Action,
}

/// Tiles under a title, which may be empty for a single group.
pub(super) struct Group {
    /// The title.
    pub title: String,
    /// The tiles.
    pub tiles: Vec<Tile>,
}

/// What can be chosen, in groups.
pub struct Choices {
    title: String,
    groups: Vec<Group>,
}

/// Tiles a row holds, so that the longest words of them stand in it.
fn columns(cx: &Context<'_>, group: &Group) -> usize {
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

/// The page that offers groups of tiles.
pub(super) fn outline(cx: &Context<'_>, trail: Vec<(String, Action)>, title: &str, groups: Vec<Group>) -> Outline {
    let mut outline = framed(cx, trail, title, 0.0, true);
    let look = cx.look;
    let height = |group: &Group| {
        let rows = group.tiles.len().div_ceil(columns(cx, group)) as f32;
        look.pt(92.0) + rows * (look.pt(96.0) + look.px(look.space().gap)) + look.px(12.0)
    };
    outline.heights = groups.iter().map(height).collect();
    outline.content = if groups.iter().all(|g| g.tiles.is_empty()) {
        outline.heights = vec![outline.opening.h];
        Content::Note { title: cx.say("empty-title"), line: cx.say("empty-line") }
    } else {
        Content::Choices(Choices { title: title.to_owned(), groups })
    };
    outline
}

/// One group.
pub(super) fn chunk(cx: &Context<'_>, width: f32, choices: &Choices, index: usize) -> View<Action> {
    let look = cx.look;
    let Some(group) = choices.groups.get(index) else { return View::column() };
    let title = match (group.title.as_str(), choices.groups.len()) {
        ("", _) => choices.title.clone(),
        (own, 1) => format!("{} · {own}", choices.title),
        (own, _) => own.to_owned(),
    };
    let (count, gap) = (columns(cx, group), look.px(look.space().gap));
    let wide = ((width - gap * (count - 1) as f32) / count as f32).floor();
    let tile = |tile: &Tile| {
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
            .on(tile.action.clone())
            .child(View::text(if tile.chosen { text.bold() } else { text }))
    };
    let rows = group.tiles.chunks(count).map(|row| View::row().wide(width).gap(gap).children(row.iter().map(tile)));
    let head = widgets::heading_row(look, width, &title, None::<(&str, Accent, Action)>);
    let tiles = View::column().wide(width).gap(gap).pad(gap, 0.0, look.px(12.0), 0.0).children(rows);
    View::column().wide(width).child(head).child(tiles)
}
