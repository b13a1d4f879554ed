//! Headings and registers as tiles that lead to them.

use super::{
    context::PageContext, facts::figure, headings::register_page, room::Room, rows::notice_row, standins::note,
};
use crate::{
    config::{Accent, Heading},
    edition::Edition,
    kiosk::address::{Action, Page},
    ui::{Role, Text, View, widgets},
};

/// A heading's tiles, then its newest notices.
pub fn contents(cx: &PageContext<'_>, width: f32, heading: &str) -> View<Action> {
    let look = cx.look;
    let children: Vec<_> = cx.config.catalogue.children(heading).collect();
    let all = cx.edition.count(heading);
    let link = Action::Go(Page::List { heading: heading.to_owned(), showing: false });
    let newest =
        widgets::heading_row(look, width, &cx.say("newest-of"), Some((&cx.say("all"), Accent::Red, link.clone())));
    let mut column = View::column().wide(width);
    let gap = |pixels: f32| View::row().tall(look.px(pixels));
    let registers: Vec<&String> = cx.registers_of(heading).map(|(name, _)| name).collect();
    if !children.is_empty() || !registers.is_empty() {
        let headings = children.iter().map(|h| Leads::Heading(h));
        let all: Vec<Leads<'_>> = headings.chain(registers.iter().map(|name| Leads::Register(name))).collect();
        column = column.child(gap(24.0)).child(laid(cx, width, columns(cx), &all)).child(gap(16.0));
    }
    if all == 0 && !registers.is_empty() {
        return column;
    }
    if all == 0 {
        return column.child(note(
            cx,
            Room { width, tall: look.pt(520.0) },
            &cx.say("empty-title"),
            &cx.say("empty-line"),
        ));
    }
    let most = Edition::NEWEST_OF_HEADING;
    let rows = cx.edition.under(heading).take(most as usize).map(|h| notice_row(cx, width, h));
    let column = column.child(newest).children(rows);
    if all <= most.into() {
        return column;
    }
    let words = cx.words.say("more", &[("n", &figure(all))]);
    let words = Text::new(words, look.pt(look.size().row), look.readable(Accent::Red, look.card));
    column.child(View::row().middle().wide(width).tall(look.pt(96.0)).on(link).child(View::text(words)))
}

/// Tiles a row of headings holds.
pub fn columns(cx: &PageContext<'_>) -> usize {
    if cx.look.landscape() { 3 } else { 2 }
}

/// What a tile leads to.
enum Leads<'a> {
    Heading(&'a Heading),
    Register(&'a str),
}

/// Headings as tiles with their counts.
pub fn headings_as_tiles(cx: &PageContext<'_>, width: f32, headings: &[&Heading], columns: usize) -> View<Action> {
    let all: Vec<Leads<'_>> = headings.iter().map(|h| Leads::Heading(h)).collect();
    laid(cx, width, columns, &all)
}

/// Registers as tiles with their counts.
pub fn registers_as_tiles(cx: &PageContext<'_>, width: f32, names: &[&String]) -> View<Action> {
    let all: Vec<Leads<'_>> = names.iter().map(|name| Leads::Register(name)).collect();
    laid(cx, width, columns(cx), &all)
}

/// What a heading's tile counts: notices, and the rows of its registers.
fn counted(cx: &PageContext<'_>, heading: &Heading) -> String {
    let rows = |name: &String| cx.edition.registers.get(name).map_or(0, |h| h.rows);
    let rows: u64 = cx.registers_of(&heading.id).map(|(name, _)| rows(name)).sum();
    if rows == 0 || !heading.note.is_empty() {
        return cx.count(heading);
    }
    let n = figure(rows + cx.edition.count(&heading.id));
    cx.words.say("count", &[("n", &n)])
}

/// Tiles in rows of so many columns.
fn laid(cx: &PageContext<'_>, width: f32, columns: usize, all: &[Leads<'_>]) -> View<Action> {
    let gap = cx.look.px(cx.look.space().gap);
    let wide = ((width - gap * (columns - 1) as f32) / columns as f32).floor();
    let one = |leads: &Leads<'_>| match leads {
        Leads::Heading(heading) => {
            let accent = cx.config.catalogue.accent(&heading.id);
            tile(cx, wide, (&heading.title, &counted(cx, heading)), accent, cx.page_of(&heading.id))
        }
        Leads::Register(name) => register_tile(cx, name, wide).unwrap_or_else(View::row),
    };
    let row = |chunk: &[Leads<'_>]| View::row().stretch().wide(width).gap(gap).children(chunk.iter().map(one));
    View::column().wide(width).gap(gap).children(all.chunks(columns).map(row))
}

/// One tile that leads to a page.
fn tile(cx: &PageContext<'_>, wide: f32, (title, count): (&str, &str), accent: Accent, page: Page) -> View<Action> {
    let look = cx.look;
    let (side, lead, bar) = (look.px(24.0), look.px(14.0), look.px(8.0));
    let inner = wide - 2.0 * side - bar;
    let ink = look.readable(accent, look.paper);
    let title = Text::new(title, look.pt(look.size().body), look.ink).bold().lines(2);
    let count = Text::new(count, look.pt(look.size().small), ink).lines(2);
    let words = View::column().middle().child(View::text(title).wide(inner)).child(View::text(count).wide(inner));
    View::row()
        .wide(wide)
        .at_least(look.pt(128.0))
        .pad(look.px(14.0), side, look.px(14.0), lead)
        .gap(side - lead)
        .fill(look.paper)
        .round(look.px(look.space().radius))
        .edge(look.px(2.0), look.line)
        .role(Role::Link)
        .on(Action::Go(page))
        .child(View::row().size(bar, look.pt(68.0)).fill(look.accent(accent)).round(bar / 2.0))
        .child(words)
}

/// A register as a tile that leads to it.
fn register_tile(cx: &PageContext<'_>, name: &str, wide: f32) -> Option<View<Action>> {
    let register = cx.config.registers.get(name)?;
    let head = cx.edition.registers.get(name);
    let count = figure(head.map_or(0, |h| h.rows));
    let count = cx.words.say("rows", &[("n", &count)]);
    let count = match head.and_then(|h| h.newest).filter(|_| !register.period.is_empty()) {
        Some(month) => format!("{count} · {}", cx.words.say("rows-newest", &[("month", &cx.month(month))])),
        None => count,
    };
    let accent = cx.config.catalogue.accent(&register.catalogue);
    Some(tile(cx, wide, (&register.title, &count), accent, register_page(register, name)))
}
