//! Lists of any length: rows of one height, in chunks.

use super::{Action, Content, Context, Outline, Page, browse, framed, say};
use crate::{
    config::Accent,
    model::NoticeHead,
    ui::{View, widgets},
};
use std::sync::Arc;

/// Rows of one chunk.
const CHUNK: usize = 6;

/// Notices in a closed show period today, ending soonest first.
pub(super) fn on_display<'a>(cx: &Context<'a>, heading: &'a str) -> Vec<&'a Arc<NoticeHead>> {
    let day = cx.wall.day();
    let mut heads: Vec<_> = cx.edition.under(heading).filter(|h| say::showing(h, day)).collect();
    heads.sort_by_key(|h| h.show.until);
    heads
}

/// The outline of a heading's list.
pub(super) fn outline(cx: &Context<'_>, heading: &str, showing: bool) -> Outline {
    let own = cx.heading(heading).map(|h| h.title.clone());
    let title = match (showing, &own) {
        (true, None) => cx.say("showing-title"),
        (true, Some(own)) => format!("{own} · {}", cx.say("showing-title")),
        (false, None) => cx.say("all-notices"),
        (false, Some(own)) => own.clone(),
    };
    let mut trail = cx.trail(heading);
    if !showing && own.is_some() {
        trail.pop();
    }
    let rows = rows(cx, heading, showing);
    let mut outline = framed(cx, trail, &title, 0.0, true);
    let registers = if showing { 0 } else { cx.registers_of(heading).count() };
    if rows.is_empty() && registers > 0 {
        outline.heights = vec![outline.opening.h];
        outline.content = Content::Browse(heading.to_owned());
        return outline;
    }
    if rows.is_empty() {
        outline.heights = vec![outline.opening.h];
        outline.content = Content::Note { title: cx.say("empty-title"), line: cx.say("empty-line") };
        return outline;
    }
    let (row, head) = (widgets::row_height(cx.look), head_height(cx));
    let chunks = rows.len().div_ceil(CHUNK);
    let height = |i: usize| {
        let count = rows.len().saturating_sub(i * CHUNK).min(CHUNK) as f32;
        count * row + if i == 0 { head + cx.look.pt(148.0) * registers as f32 } else { 0.0 }
    };
    outline.heights = (0..chunks).map(height).collect();
    outline.content = Content::Rows { rows, title };
    outline
}

fn head_height(cx: &Context<'_>) -> f32 {
    cx.look.pt(92.0) + cx.look.px(2.0)
}

fn rows(cx: &Context<'_>, heading: &str, showing: bool) -> Vec<u32> {
    if showing {
        let heads = on_display(cx, heading);
        let places: std::collections::HashMap<_, u32> =
            cx.edition.notices.iter().zip(0..).map(|(head, i)| (head.id, i)).collect();
        return heads.iter().filter_map(|h| places.get(&h.id).copied()).collect();
    }
    if heading.is_empty() {
        return (0..u32::try_from(cx.edition.notices.len()).unwrap_or(u32::MAX)).collect();
    }
    cx.edition.by_catalogue.get(heading).cloned().unwrap_or_default()
}

/// One chunk of rows; the first has the title over it.
pub(super) fn chunk(cx: &Context<'_>, width: f32, rows: &[u32], title: &str, index: usize) -> View<Action> {
    let mut column = View::column().wide(width);
    let registers: Vec<&String> = match cx.visit.page() {
        Page::List { heading, showing: false } => cx.registers_of(heading).map(|(name, _)| name).collect(),
        _ => Vec::new(),
    };
    if index == 0 && !registers.is_empty() {
        let edge = cx.look.px(20.0);
        let tiles = browse::registers_as_tiles(cx, width, &registers);
        column = column.child(View::column().wide(width).pad(edge, 0.0, edge * 0.4, 0.0).child(tiles));
    }
    if index == 0 {
        let count = cx.words.say("count", &[("n", &say::figure(rows.len()))]);
        let title = format!("{title}（{count}）");
        column = column.child(widgets::heading_row(cx.look, width, &title, None::<(&str, Accent, Action)>));
    }
    let chunk = rows.iter().skip(index * CHUNK).take(CHUNK);
    column.children(chunk.filter_map(|i| cx.edition.notices.get(*i as usize)).map(|head| row(cx, width, head)))
}

/// One row.
pub(super) fn row(cx: &Context<'_>, width: f32, head: &NoticeHead) -> View<Action> {
    let words = (head.title.as_str(), &*cx.meta(head), &*cx.days_left(&head.show));
    widgets::notice_row(cx.look, width, cx.mark(head), words).on(Action::Go(Page::Article(head.id)))
}
