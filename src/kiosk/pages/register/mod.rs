//! A register at a place in a period: its sums, its course over twelve months, its rows.

mod grid;
mod head;

use crate::{
    config::{Config, Register},
    edition::{Edition, Query, Response, Table, TableQuery},
    kiosk::{
        address::Action,
        kit::{
            Measure, PageContext, PageLayout, Room, StandIn, Status, figure, gone, low_hint, open, register_trail,
            skeleton,
        },
        page::{Handed, KioskPage, Received},
    },
    scene::{Colour, Sampling},
    text::TextAlign,
    ui::{Text, View, qr, widgets},
};
use grid::Grid;
use std::{ops::Range, sync::Arc};

/// Rows of one section.
const ROWS: usize = 10;
/// Rows of places of one section.
const PLACES: usize = 6;

/// A section of the page.
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

/// A register's page.
pub struct RegisterPage {
    query: TableQuery,
    table: Option<Arc<Table>>,
    /// Places below that have rows, in the order of `regions.csv`.
    below: Vec<(String, u64)>,
    grid: Option<Grid>,
    parts: Vec<Part>,
}

impl RegisterPage {
    /// The page of a register's rows at a place in a period.
    pub fn new(query: &TableQuery) -> Self {
        Self { query: query.clone(), table: None, below: Vec::new(), grid: None, parts: Vec::new() }
    }

    /// Parts the rows into sections.
    fn prepare(&mut self, cx: &PageContext<'_>, layout: &mut PageLayout, register: &Register, table: &Table) {
        let look = cx.look;
        let order = |code: &String| cx.config.regions.iter().position(|r| r.code == *code).unwrap_or(usize::MAX);
        let mut below = table.below.clone();
        below.sort_by_key(|(code, _)| order(code));
        // A ledger is read place by place: above one, its rows would say nothing.
        let is_summary = !below.is_empty() && register.balance.is_some();
        let grid = Grid::new(cx, register, table, layout.width);
        let (mut parts, mut heights) = (vec![Part::Head], vec![look.pt(700.0)]);
        let columns = head::columns(cx);
        for start in (0..below.len()).step_by(PLACES * columns) {
            let range = start..(start + PLACES * columns).min(below.len());
            heights.push(range.len().div_ceil(columns) as f32 * look.pt(124.0));
            parts.push(Part::Places(range));
        }
        if !is_summary {
            let count = table.rows.len();
            for start in (0..count.max(1)).step_by(ROWS) {
                let range = start..(start + ROWS).min(count);
                heights.push(range.len().max(2) as f32 * grid.row);
                parts.push(Part::Rows(range));
            }
        }
        parts.push(Part::Foot);
        heights.push(look.pt(200.0));
        layout.heights = heights;
        (self.below, self.grid, self.parts) = (below, Some(grid), parts);
    }
}

impl KioskPage for RegisterPage {
    fn query(&self) -> Option<Query> {
        Some(Query::Table(self.query.clone()))
    }

    fn take(&mut self, response: Response) -> Received {
        self.table = match response {
            Response::Table(table) => Some(table),
            _ => None,
        };
        if self.table.is_some() { Received::Shown } else { Received::Gone }
    }

    fn refresh(&mut self, _: &Edition) -> bool {
        self.table.is_some()
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let (look, f) = (cx.look, cx.frame());
        let Some(register) = cx.config.registers.get(&self.query.register) else { return gone(cx) };
        let whole = (look.width - 2.0 * f.gutter).min(look.px(1808.0));
        let left = ((look.width - whole) / 2.0).round();
        let (top, bottom, crumbs) = if cx.low {
            (cx.low_top(), f.bottom - f.crumbs, f.bottom - f.crumbs)
        } else {
            (f.top + f.crumbs, f.bottom, f.top)
        };
        let trail = register_trail(cx, register);
        let crumb = widgets::breadcrumb(look, (whole, f.crumbs), trail, &register.title).at(left, crumbs);
        let mut layout = open(cx, register.title.clone(), top, bottom);
        (layout.left, layout.width) = (left, whole);
        layout.background = layout.background.child(crumb);
        if cx.low {
            layout.background = layout.background.child(low_hint(cx, f.top));
        }
        match (self.table.clone(), cx.status) {
            (Some(table), _) => self.prepare(cx, &mut layout, register, &table),
            (None, Status::Gone) => return layout.instead(StandIn::empty(cx)),
            (None, Status::Failed) => return layout.instead(StandIn::Failed),
            (None, Status::Ready | Status::Asked(_)) => {}
        }
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        let (Some(table), Some(grid)) = (&self.table, &self.grid) else { return skeleton(cx, width, None) };
        let register = cx.config.registers.get(&self.query.register);
        let (Some(register), Some(part)) = (register, self.parts.get(index)) else { return View::column() };
        match part {
            Part::Head => head::view(cx, width, register, table),
            Part::Places(range) => {
                let places = self.below.get(range.clone()).unwrap_or_default();
                head::places(cx, width, table, places, range.start == 0)
            }
            Part::Rows(range) => rows(cx, width, register, (table, grid), range),
            Part::Foot => foot(cx, width, register, table),
        }
    }

    fn survives(&self, config: &Config) -> bool {
        config.registers.contains_key(&self.query.register)
    }

    fn hand_on(&self) -> Handed {
        self.table.clone().map_or(Handed::Nothing, Handed::Table)
    }
}

fn rows(
    cx: &PageContext<'_>,
    width: f32,
    register: &Register,
    (table, grid): (&Table, &Grid),
    range: &Range<usize>,
) -> View<Action> {
    let look = cx.look;
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
fn foot(cx: &PageContext<'_>, width: f32, register: &Register, table: &Table) -> View<Action> {
    let (look, size) = (cx.look, cx.look.size());
    let mut words: Vec<Text> = Vec::new();
    if table.count > table.rows.len() as u64 && table.below.is_empty() {
        let (count, shown) = (figure(table.count), figure(table.rows.len()));
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
fn take_along(cx: &PageContext<'_>, register: &Register, table: &Table) -> String {
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
