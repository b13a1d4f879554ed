//! Lists of any length: rows of one height, so many a section.

use crate::{
    config::{Accent, Config},
    kiosk::{
        address::Action,
        kit::{
            Context, Measure, PageLayout, Room, StandIn, contents, figure, framed, notice_row, on_display,
            registers_as_tiles,
        },
        page::KioskPage,
    },
    ui::{View, widgets},
};

/// Rows of one section.
const ROWS: usize = 6;

/// The notices of a heading.
pub struct List {
    heading: String,
    showing: bool,
    /// Indices into the edition's notices, in the order shown.
    rows: Vec<u32>,
    /// The title over them.
    title: String,
}

impl List {
    /// The list of a heading, `""` for all; `showing`: only those in their show period.
    pub fn new(heading: &str, showing: bool) -> Self {
        Self { heading: heading.to_owned(), showing, rows: Vec::new(), title: String::new() }
    }

    /// The registers listed above the notices.
    fn registers<'a>(&'a self, cx: &'a Context<'_>) -> Vec<&'a String> {
        if self.showing {
            return Vec::new();
        }
        cx.registers_of(&self.heading).map(|(name, _)| name).collect()
    }
}

impl KioskPage for List {
    fn layout(&mut self, cx: &Context<'_>) -> PageLayout {
        let own = cx.heading(&self.heading).map(|h| h.title.clone());
        self.title = match (self.showing, &own) {
            (true, None) => cx.say("showing-title"),
            (true, Some(own)) => format!("{own} · {}", cx.say("showing-title")),
            (false, None) => cx.say("all-notices"),
            (false, Some(own)) => own.clone(),
        };
        let mut trail = cx.trail(&self.heading);
        if !self.showing && own.is_some() {
            trail.pop();
        }
        self.rows = rows(cx, &self.heading, self.showing);
        let mut layout = framed(cx, trail, &self.title, 0.0, true);
        let registers = self.registers(cx).len();
        if self.rows.is_empty() {
            // The heading's registers stand in for notices.
            return if registers > 0 { layout } else { layout.instead(StandIn::empty(cx)) };
        }
        let (row, head) = (widgets::row_height(cx.look), cx.look.pt(92.0) + cx.look.px(2.0));
        let height = |i: usize| {
            let count = self.rows.len().saturating_sub(i * ROWS).min(ROWS) as f32;
            count * row + if i == 0 { head + cx.look.pt(148.0) * registers as f32 } else { 0.0 }
        };
        layout.heights = (0..self.rows.len().div_ceil(ROWS)).map(height).collect();
        layout
    }

    fn section(&self, cx: &Context<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        if self.rows.is_empty() {
            return contents(cx, width, &self.heading);
        }
        let mut column = View::column().wide(width);
        let registers = self.registers(cx);
        if index == 0 && !registers.is_empty() {
            let edge = cx.look.px(20.0);
            let tiles = registers_as_tiles(cx, width, &registers);
            column = column.child(View::column().wide(width).pad(edge, 0.0, edge * 0.4, 0.0).child(tiles));
        }
        if index == 0 {
            let count = cx.words.say("count", &[("n", &figure(self.rows.len()))]);
            let title = format!("{}（{count}）", self.title);
            column = column.child(widgets::heading_row(cx.look, width, &title, None::<(&str, Accent, Action)>));
        }
        let rows = self.rows.iter().skip(index * ROWS).take(ROWS);
        let heads = rows.filter_map(|i| cx.edition.notices.get(*i as usize));
        column.children(heads.map(|head| notice_row(cx, width, head)))
    }

    fn survives(&self, config: &Config) -> bool {
        self.heading.is_empty() || config.catalogue.find(&self.heading).is_some()
    }
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
