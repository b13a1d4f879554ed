//! Lists of notices of any length. What is near is read a window at a time; the rest is counted, and its months are known, so
//! that any of them is one choice away.

mod geometry;
mod held;

use crate::{
    config::{Accent, Config},
    edition::{Edition, ListMonths, ListQuery, ListWindow, Query, Response},
    kiosk::{
        address::{Action, Page},
        kit::{
            Measure, PageContext, PageLayout, Room, ScrollTo, StandIn, Status, contents, figure, framed_with,
            month_title, notice_row, registers_as_tiles, retry_bar,
        },
        page::{AsOf, Handed, KioskPage, Near, PageChange, Received},
    },
    model::{Month, NoticeId},
    ui::{View, widgets},
};
use geometry::{Geometry, ROWS};
use held::{HeldRows, Sight, WINDOW};
use std::{ops::Range, sync::Arc};

/// A list of no more rows than this is not parted by months.
const FEW: u64 = 12;

/// The notices of a heading.
pub struct ListPage {
    /// Which notices, as of which edition.
    query: ListQuery,
    /// How many there are and where their months begin; `None` before the first answer.
    list: Option<Arc<ListMonths>>,
    rows: HeldRows,
    geometry: Geometry,
    sight: Sight,
    /// Whether the list stands at its very beginning.
    is_at_top: bool,
    /// The row that is to stand still when the list is another: its notice, and its place before.
    anchor: Option<(NoticeId, u64)>,
    /// Where the next layout goes.
    pending: Pending,
    /// Whether rows could not be had; they are not asked for again until someone says so, or with a new edition.
    is_stalled: bool,
    /// Whether the list was found to be another than its months say.
    is_miscounted: bool,
    /// The title over the rows.
    title: String,
}

/// What the next layout does with the position.
#[derive(Default)]
enum Pending {
    /// Nothing.
    #[default]
    Stay,
    /// A row that stood so many pixels below the content's top is at another place now.
    Keep { place: u64, top: f64 },
    /// A month is gone to, by the place of its first row.
    Go(u64),
}

impl ListPage {
    /// The list of a heading, `""` for all; `showing`: only those in their show period.
    pub fn new(heading: &str, showing: bool, as_of: AsOf) -> Self {
        Self {
            query: ListQuery {
                catalogue: heading.to_owned(),
                issuer: String::new(),
                showing: showing.then_some(as_of.day),
                as_of: as_of.instant,
            },
            list: None,
            rows: HeldRows::default(),
            geometry: Geometry::default(),
            sight: Sight::default(),
            is_at_top: true,
            anchor: None,
            pending: Pending::Stay,
            is_stalled: false,
            is_miscounted: false,
            title: String::new(),
        }
    }

    fn is_showing(&self) -> bool {
        self.query.showing.is_some()
    }

    fn total(&self) -> u64 {
        self.list.as_ref().map_or(0, |list| list.total)
    }

    /// The registers listed above the notices.
    fn registers<'a>(&'a self, cx: &'a PageContext<'_>) -> Vec<&'a String> {
        if self.is_showing() {
            return Vec::new();
        }
        cx.registers_of(&self.query.catalogue).map(|(name, _)| name).collect()
    }

    /// The month a row is of, with how many notices it has and its first place.
    fn month_of(&self, place: u64) -> Option<(Month, u64, u64)> {
        let list = self.list.as_ref()?;
        let next = list.months.partition_point(|(_, first)| *first <= place);
        let (month, first) = *list.months.get(next.checked_sub(1)?)?;
        let end = list.months.get(next).map_or(list.total, |(_, first)| *first);
        Some((month, end.saturating_sub(first), first))
    }

    /// Remembers a row that is seen, so that it stands still when the list is another. At the very beginning of the list
    /// nothing is: what is new is seen there.
    fn drop_anchor(&mut self) {
        let seen = self.sight.seen.clone();
        self.anchor = self.rows.first_of(seen).filter(|_| !self.is_at_top).map(|(place, id)| (id, place));
    }

    /// What was anchored is at another place now.
    fn weigh_anchor(&mut self, now: impl FnOnce(NoticeId) -> Option<u64>) {
        let Some((id, before)) = self.anchor.take() else { return };
        let Some(place) = now(id) else { return };
        self.pending = Pending::Keep { place, top: self.geometry.row_top(before) };
        self.rows.move_by(place.cast_signed().saturating_sub(before.cast_signed()));
        let moved = |range: &Range<u64>| {
            let by = |edge: u64| edge.saturating_add(place).saturating_sub(before);
            by(range.start)..by(range.end)
        };
        self.sight = Sight { seen: moved(&self.sight.seen), coming: moved(&self.sight.coming) };
    }

    fn take_window(&mut self, window: &ListWindow) {
        if self.is_showing() {
            let place = |id| window.rows.iter().zip(window.from..).find(|(head, _)| head.id == id).map(|(_, at)| at);
            self.weigh_anchor(place);
            if self.list.is_none() || self.total() != window.total {
                let total = window.total;
                self.list = Some(Arc::new(ListMonths { query: self.query.clone(), total, ..ListMonths::default() }));
            }
        } else if window.total != self.total() {
            // The store is ahead of the months that are known.
            self.is_miscounted = true;
            self.drop_anchor();
        }
        self.rows.take(window, &self.sight);
    }

    fn window(&self, from: u64) -> Query {
        Query::List(self.query.clone(), from, u32::try_from(WINDOW).unwrap_or(ListWindow::MAX_ROWS))
    }

    fn months(&self) -> Query {
        Query::Months(self.query.clone(), self.anchor.map(|(id, _)| id))
    }

    /// The measures of the list as it is.
    fn measure(&self, cx: &PageContext<'_>) -> Geometry {
        let look = cx.look;
        let registers = self.registers(cx).len() as f32;
        let above = look.pt(92.0) + look.px(2.0) + look.pt(148.0) * registers;
        let months = self.list.as_ref().map_or(&[][..], |list| &list.months);
        let is_parted = months.len() > 1 && self.total() > FEW;
        let titled = if is_parted { months.iter().map(|(_, first)| *first).collect() } else { Vec::new() };
        let title = widgets::group_height(look).into();
        Geometry { above: above.into(), row: widgets::row_height(look).into(), title, total: self.total(), titled }
    }

    /// The frame around the list: the way here, the choice of a month where there are several, and at the foot what could
    /// not be had.
    fn frame(&self, cx: &PageContext<'_>) -> PageLayout {
        let heading = &self.query.catalogue;
        let mut trail = cx.trail(heading);
        if !self.is_showing() && cx.heading(heading).is_some() {
            trail.pop();
        }
        let words = cx.say("chip-month");
        let chip = (!self.geometry.titled.is_empty()).then(|| {
            let wide = widgets::chip_width(cx.look, &words) + cx.look.px(10.0) + cx.look.pt(20.0);
            let action = Action::Go(Page::PickMonth(heading.clone()));
            (wide, widgets::chip(cx.look, &words, (false, true), action))
        });
        let bar = if self.is_stalled { cx.look.pt(96.0).max(cx.look.target()) } else { 0.0 };
        let mut layout = framed_with(cx, trail, &self.title, (bar, true), chip);
        if self.is_stalled {
            layout.overlay = Some(retry_bar(cx, &layout, bar));
        }
        layout
    }
}

/// The rows of some sections.
fn places(sections: &Range<usize>) -> Range<u64> {
    let place = |section: usize| u64::try_from(section).unwrap_or(u64::MAX).saturating_mul(ROWS);
    place(sections.start)..place(sections.end)
}

impl KioskPage for ListPage {
    fn query(&self) -> Option<Query> {
        Some(if self.is_showing() { self.window(self.sight.seen.start / WINDOW * WINDOW) } else { self.months() })
    }

    fn take(&mut self, response: Response) -> Received {
        match response {
            Response::Months(list) => {
                self.weigh_anchor(|_| list.place);
                self.list = Some(list);
                self.is_miscounted = false;
            }
            Response::List(window) => self.take_window(&window),
            _ => return Received::Gone,
        }
        self.is_stalled = false;
        Received::Shown
    }

    fn refresh(&mut self, edition: &Edition) -> bool {
        self.query.as_of = edition.as_of;
        self.is_stalled = false;
        self.rows.outdate();
        self.drop_anchor();
        self.list.is_some()
    }

    fn more(&mut self, near: &Near) -> Option<Query> {
        self.sight = Sight { seen: places(&near.seen), coming: places(&near.coming) };
        self.is_at_top = near.above < 1.0;
        let list = self.list.as_ref().filter(|_| !self.is_stalled)?;
        if self.is_miscounted {
            return Some(self.months());
        }
        self.rows.next_window(list.total, &self.sight).map(|from| self.window(from))
    }

    fn stall(&mut self) {
        self.is_stalled = true;
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let own = cx.heading(&self.query.catalogue).map(|h| h.title.clone());
        self.title = match (self.is_showing(), &own) {
            (true, None) => cx.say("showing-title"),
            (true, Some(own)) => format!("{own} · {}", cx.say("showing-title")),
            (false, None) => cx.say("all-notices"),
            (false, Some(own)) => own.clone(),
        };
        let today = cx.wall.day();
        if self.query.showing.is_some_and(|day| day != today) {
            self.query.showing = Some(today);
            self.rows.outdate();
        }
        self.geometry = self.measure(cx);
        if self.list.is_none() {
            let stand_in = match cx.status {
                Status::Failed => StandIn::Failed,
                Status::Gone => StandIn::empty(cx),
                Status::Ready | Status::Asked(_) => StandIn::Waiting,
            };
            return self.frame(cx).instead(stand_in);
        }
        if self.total() == 0 {
            // The heading's registers stand in for notices.
            let layout = self.frame(cx);
            return if self.registers(cx).is_empty() { layout.instead(StandIn::empty(cx)) } else { layout };
        }
        if self.rows.is_empty() && !self.is_showing() {
            // The newest are at hand: they are on screen before the first window is read.
            let newest = cx.edition.under(&self.query.catalogue).take(Edition::NEWEST_OF_HEADING as usize);
            self.rows.expect(newest.take(usize::try_from(self.total()).unwrap_or(usize::MAX)).cloned());
        }
        let mut layout = self.frame(cx);
        layout.heights = self.geometry.heights();
        layout.scroll = match std::mem::take(&mut self.pending) {
            Pending::Stay => ScrollTo::Stay,
            Pending::Keep { place, top } => ScrollTo::By(self.geometry.row_top(place) - top),
            Pending::Go(place) => {
                let (section, below) = self.geometry.start(place);
                ScrollTo::Section(section, below)
            }
        };
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        if self.total() == 0 {
            return contents(cx, width, &self.query.catalogue);
        }
        let mut column = View::column().wide(width);
        let registers = self.registers(cx);
        if index == 0 && !registers.is_empty() {
            let edge = cx.look.px(20.0);
            let tiles = registers_as_tiles(cx, width, &registers);
            column = column.child(View::column().wide(width).pad(edge, 0.0, edge * 0.4, 0.0).child(tiles));
        }
        if index == 0 {
            let count = cx.words.say("count", &[("n", &figure(self.total()))]);
            let title = format!("{}（{count}）", self.title);
            column = column.child(widgets::heading_row(cx.look, width, &title, None::<(&str, Accent, Action)>));
        }
        let rows = places(&(index..index + 1));
        for place in rows.start..rows.end.min(self.total()) {
            let month = self.month_of(place).filter(|(_, _, first)| *first == place);
            if let Some((month, count, _)) = month.filter(|_| !self.geometry.titled.is_empty()) {
                column = column.child(month_title(cx, width, month, count));
            }
            column = column.child(match self.rows.get(place) {
                Some(head) => notice_row(cx, width, head),
                None => widgets::waiting_row(cx.look, width, place),
            });
        }
        column
    }

    fn act(&mut self, action: &Action) -> PageChange {
        match action {
            Action::Month(month) => {
                let months = self.list.as_ref().map_or(&[][..], |list| &list.months);
                if let Some((_, first)) = months.iter().find(|(of, _)| of == month) {
                    self.pending = Pending::Go(*first);
                }
            }
            Action::Retry => self.is_stalled = false,
            _ => return PageChange::Nothing,
        }
        PageChange::Changed
    }

    fn survives(&self, config: &Config) -> bool {
        self.query.catalogue.is_empty() || config.catalogue.find(&self.query.catalogue).is_some()
    }

    fn hand_on(&self) -> Handed {
        let now = self.month_of(self.sight.seen.start).map(|(month, _, _)| month);
        self.list.clone().map_or(Handed::Nothing, |list| Handed::Months(list, now))
    }
}
