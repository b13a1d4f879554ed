//! A register at a place in a period: its sums, its course over twelve months, its rows.

mod grid;
mod head;
mod pick;
mod row;

pub(super) use pick::outline as pick_outline;
pub use row::Facts;
pub(super) use row::{chunk as row_chunk, name as row_name, outline as row_outline, trail as row_trail};

use super::{Action, Content, Context, Outline, Page, article, open, say};
use crate::{
    config::{Accent, Register},
    edition::{Table, TableQuery},
    kiosk::Reading,
    scene::{Colour, Sampling},
    text::TextAlign,
    ui::{Text, View, qr, widgets},
};
use grid::Grid;
use std::{ops::Range, sync::Arc};

/// Rows of one chunk.
const CHUNK: usize = 10;
/// Rows of places of one chunk.
const PLACES: usize = 6;

/// A part of the page.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Title, choices, sums, mismatches, chart.
    Head,
    /// Places below, by their index.
    Places(Range<usize>),
    /// Rows, by their index.
    Rows(Range<usize>),
    /// Where it comes from.
    Foot,
}

/// A register's page cut into parts.
pub struct Prepared {
    table: Arc<Table>,
    /// Places below that have rows, in the order of `regions.csv`.
    below: Vec<(String, u64)>,
    grid: Grid,
    parts: Vec<Part>,
}

/// The register a query is for.
fn register<'a>(cx: &Context<'a>, name: &str) -> Option<&'a Register> {
    cx.config.registers.get(name)
}

/// Links down to the register's heading, which it may be the only content of.
pub(super) fn trail(cx: &Context<'_>, register: &Register) -> Vec<(String, Action)> {
    let mut trail = cx.trail(&register.catalogue);
    trail.pop_if(|(title, action)| {
        *title == register.title || matches!(action, Action::Go(Page::Register(_) | Page::Case(_)))
    });
    trail
}

/// The outline of a register's page.
pub(super) fn outline(cx: &Context<'_>, query: &TableQuery) -> Outline {
    let (look, f, low) = (cx.look, cx.frame(), cx.visit.low);
    let Some(register) = register(cx, &query.register) else { return article::gone(cx) };
    let whole = (look.width - 2.0 * f.gutter).min(look.px(1808.0));
    let left = ((look.width - whole) / 2.0).round();
    let (top, bottom, crumbs) = if low {
        (cx.low_top(), f.bottom - f.crumbs, f.bottom - f.crumbs)
    } else {
        (f.top + f.crumbs, f.bottom, f.top)
    };
    let crumb = widgets::breadcrumb(look, (whole, f.crumbs), trail(cx, register), &register.title).at(left, crumbs);
    let mut outline = open(cx, top, bottom, Content::Waiting, vec![bottom - top]);
    (outline.left, outline.width) = (left, whole);
    outline.under = outline.under.child(crumb);
    if low {
        outline.under = outline.under.child(cx.low_hint(f.top));
    }
    match &cx.visit.stop.reading {
        Reading::Table(table) => fill(cx, &mut outline, register, table),
        Reading::Gone => outline.content = Content::Note { title: cx.say("empty-title"), line: cx.say("empty-line") },
        Reading::Failed => outline.content = Content::Failed,
        _ => {}
    }
    outline
}

fn fill(cx: &Context<'_>, outline: &mut Outline, register: &Register, table: &Arc<Table>) {
    let look = cx.look;
    let order = |code: &String| cx.config.regions.iter().position(|r| r.code == *code).unwrap_or(usize::MAX);
    let mut below = table.below.clone();
    below.sort_by_key(|(code, _)| order(code));
    // A ledger is read place by place: above one, its rows would say nothing.
    let is_summary = !below.is_empty() && register.balance.is_some();
    let grid = Grid::new(cx, register, table, outline.width);
    let (mut parts, mut heights) = (vec![Part::Head], vec![look.pt(700.0)]);
    let columns = head::columns(cx);
    for start in (0..below.len()).step_by(PLACES * columns) {
        let range = start..(start + PLACES * columns).min(below.len());
        heights.push(range.len().div_ceil(columns) as f32 * look.pt(124.0));
        parts.push(Part::Places(range));
    }
    if !is_summary {
        let count = table.rows.len();
        for start in (0..count.max(1)).step_by(CHUNK) {
            let range = start..(start + CHUNK).min(count);
            heights.push(range.len().max(2) as f32 * grid.row);
            parts.push(Part::Rows(range));
        }
    }
    parts.push(Part::Foot);
    heights.push(look.pt(200.0));
    outline.heights = heights;
    outline.content = Content::Register(Prepared { table: Arc::clone(table), below, grid, parts });
}

/// One part of the page.
pub(super) fn chunk(cx: &Context<'_>, width: f32, prepared: &Prepared, index: usize) -> View<Action> {
    let table = &prepared.table;
    let (Some(register), Some(part)) = (register(cx, &table.query.register), prepared.parts.get(index)) else {
        return View::column();
    };
    match part {
        Part::Head => head::view(cx, width, register, table),
        Part::Places(range) => {
            let places = prepared.below.get(range.clone()).unwrap_or_default();
            head::places(cx, width, table, places, range.start == 0)
        }
        Part::Rows(range) => rows(cx, width, register, prepared, range),
        Part::Foot => foot(cx, width, register, table),
    }
}

fn rows(cx: &Context<'_>, width: f32, register: &Register, prepared: &Prepared, range: &Range<usize>) -> View<Action> {
    let (look, table, grid) = (cx.look, &prepared.table, &prepared.grid);
    let mut column = View::column().wide(width);
    if range.start == 0 {
        column = column.child(View::row().tall(look.px(28.0))).child(grid.head(cx, register, table));
    }
    if table.rows.is_empty() {
        let words = Text::new(cx.say("rows-none"), look.pt(look.size().row), look.mute).align(TextAlign::Centre);
        let radius = look.px(look.space().radius);
        let empty =
            View::column().middle().size(width, look.pt(150.0)).fill(look.card).corners([0.0, 0.0, radius, radius]);
        return column.child(empty.child(View::text(words).wide(width)));
    }
    let last = table.rows.len() - 1;
    for (i, kept) in table.rows.iter().enumerate().skip(range.start).take(range.len()) {
        let off = table.disagree.iter().find(|(id, _)| *id == kept.id).map(|(_, off)| *off);
        column = column.child(grid.line(cx, register, kept, off, i == last));
    }
    column
}

/// How much more there is, where it comes from, whom to ask, and a code that takes it along.
fn foot(cx: &Context<'_>, width: f32, register: &Register, table: &Table) -> View<Action> {
    let (look, size) = (cx.look, cx.look.size());
    let mut words: Vec<Text> = Vec::new();
    if table.count > table.rows.len() as u64 && table.below.is_empty() {
        let (count, shown) = (say::figure(table.count as usize), say::figure(table.rows.len()));
        let more = cx.words.say("rows-more", &[("count", &count), ("shown", &shown)]);
        words.push(Text::new(more, look.pt(size.small), look.ink));
    }
    let source = if table.source_title.is_empty() { &register.title } else { &table.source_title };
    let mut facts = vec![cx.words.say("source", &[("source", source)])];
    facts.extend(table.last_ok.map(|at| cx.words.say("updated", &[("time", &cx.recent(at))])));
    let hotline = cx.config.site.hotline.trim();
    if !hotline.is_empty() {
        facts.push(cx.words.say("hotline", &[("number", hotline)]));
    }
    words.push(Text::new(facts.join(" ・ "), look.pt(size.small), look.mute));
    let code = qr::code(&take_along(cx, register, table));
    if code.is_some() {
        words.push(Text::new(cx.say("scan-table"), look.pt(size.fine), look.mute));
    }
    let lines = View::column().grow(1.0).gap(look.px(6.0)).children(words.into_iter().map(|t| View::text(t.lines(3))));
    let row = View::row().wide(width).pad(look.px(24.0), 0.0, look.px(40.0), 0.0).gap(look.px(24.0)).child(lines);
    let Some(code) = code else { return row };
    let modules = code.width as f32;
    // Whole pixels a module, or the code blurs.
    let side = (look.px(150.0) / modules).floor().max(2.0) * modules;
    row.child(View::image(Arc::new(code), side, side, Colour::WHITE, Sampling::Nearest))
}

/// What the code says: the address of the source where there is one, else the page in a few words, so that a phone
/// without a network has them too.
fn take_along(cx: &Context<'_>, register: &Register, table: &Table) -> String {
    let feeds =
        cx.config.feeds.values().filter(|f| f.register == table.query.register && f.title == table.source_title);
    if let Some(feed) = feeds.into_iter().find(|f| f.source.starts_with("http")) {
        return feed.source.clone();
    }
    let mut lines = vec![head::title(cx, register, table)];
    for (title, figure) in head::figures(cx, register, table) {
        lines.push(format!("{title} {figure}"));
    }
    lines.push(cx.words.say("source", &[("source", &table.source_title)]));
    lines.join("\n")
}

/// A register as a tile that leads to it.
pub(super) fn tile(cx: &Context<'_>, name: &str, wide: f32) -> Option<View<Action>> {
    let register = register(cx, name)?;
    let head = cx.edition.registers.get(name);
    let count = say::figure(usize::try_from(head.map_or(0, |h| h.rows)).unwrap_or(usize::MAX));
    let count = cx.words.say("rows", &[("n", &count)]);
    let count = match head.and_then(|h| h.newest).filter(|_| !register.period.is_empty()) {
        Some(month) => format!("{count} · {}", cx.words.say("rows-newest", &[("month", &cx.month(month))])),
        None => count,
    };
    let accent = cx.config.catalogue.accent(&register.catalogue);
    Some(super::browse::tile(cx, wide, (&register.title, &count), accent, page(register, name)))
}

/// Where a register is read: cases by their receipt number, others as a table.
pub(super) fn page(register: &Register, name: &str) -> Page {
    if register.case.is_some() {
        Page::Case(String::new())
    } else {
        Page::Register(TableQuery { register: name.to_owned(), ..TableQuery::default() })
    }
}

/// A card of the page.
pub(super) fn card(cx: &Context<'_>, width: f32) -> View<Action> {
    let look = cx.look;
    View::column().wide(width).fill(look.card).round(look.px(look.space().radius_large)).edge(look.px(2.0), look.line)
}

/// A line in red that says what does not agree.
fn warning(cx: &Context<'_>, width: f32, title: &str, line: &str) -> View<Action> {
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
