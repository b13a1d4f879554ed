//! 单位名录: whom to turn to. All units by group, or one of them with all that is said of it.

use crate::{
    config::{Accent, Config, Unit},
    edition::{Edition, ListQuery, Query, Response},
    kiosk::{
        address::{Action, Page},
        kit::{
            Measure, PageContext, PageLayout, Room, StandIn, Status, fact_row, fact_title, figure, framed, gone,
            notice_row,
        },
        page::{AsOf, KioskPage, Received},
    },
    model::NoticeHead,
    ui::{Role, Text, View, widgets},
};
use std::{ops::Range, sync::Arc};

/// Units of one section.
const ROWS: usize = 6;
/// Notices of a unit.
const NEWEST: u32 = 5;

/// The directory, or one unit's page.
pub struct Directory {
    /// The unit's name; empty for all.
    unit: String,
    /// The units by group, as indices into the config's.
    order: Vec<usize>,
    sections: Vec<Part>,
    as_of: AsOf,
    /// What the unit published last; empty before the answer.
    newest: Vec<Arc<NoticeHead>>,
}

/// A section of the directory: some units, under the name of their group where they are its first.
struct Part {
    title: Option<(String, usize)>,
    units: Range<usize>,
}

impl Directory {
    /// The page of a unit, or of all of them where the name is empty.
    pub fn new(unit: &str, as_of: AsOf) -> Self {
        Self { unit: unit.to_owned(), order: Vec::new(), sections: Vec::new(), as_of, newest: Vec::new() }
    }

    /// Puts units of one group together, groups in the order of their first units.
    fn sort(&mut self, cx: &PageContext<'_>) {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (i, unit) in cx.config.units.unit.iter().enumerate() {
            let group = group(cx, unit);
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, units)) => units.push(i),
                None => groups.push((group, vec![i])),
            }
        }
        (self.order, self.sections) = (Vec::new(), Vec::new());
        for (name, units) in groups {
            for (n, part) in units.chunks(ROWS).enumerate() {
                let title = (n == 0).then(|| (name.clone(), units.len()));
                let units = self.order.len()..self.order.len() + part.len();
                self.sections.push(Part { title, units });
                self.order.extend(part);
            }
        }
    }

    /// The layout of one unit's page.
    fn unit_layout(&self, cx: &PageContext<'_>) -> PageLayout {
        if !cx.config.units.unit.iter().any(|u| u.name == self.unit) {
            return gone(cx);
        }
        let mut trail = cx.home();
        trail.push((cx.say("directory-title"), Action::Go(Page::Directory(String::new()))));
        framed(cx, trail, &self.unit, 0.0, true)
    }
}

impl KioskPage for Directory {
    fn query(&self) -> Option<Query> {
        let issuer = Some(self.unit.clone()).filter(|unit| !unit.is_empty())?;
        let query = ListQuery { issuer, as_of: self.as_of.instant, ..ListQuery::default() };
        Some(Query::List(query, 0, NEWEST))
    }

    fn take(&mut self, response: Response) -> Received {
        let Response::List(window) = response else { return Received::Gone };
        self.newest.clone_from(&window.rows);
        Received::Shown
    }

    fn refresh(&mut self, edition: &Edition) -> bool {
        self.as_of.instant = edition.as_of;
        !self.unit.is_empty()
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        if !self.unit.is_empty() {
            return self.unit_layout(cx);
        }
        self.sort(cx);
        let mut layout = framed(cx, cx.home(), &cx.say("directory-title"), 0.0, true);
        if self.sections.is_empty() {
            return layout.instead(StandIn::empty(cx));
        }
        let title = cx.look.pt(92.0) + cx.look.px(2.0);
        let height = |part: &Part| {
            let above = if part.title.is_some() { title } else { 0.0 };
            above + part.units.len() as f32 * row_height(cx)
        };
        layout.heights = self.sections.iter().map(height).collect();
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let units = &cx.config.units.unit;
        if let Some(unit) = units.iter().find(|u| u.name == self.unit) {
            return detail(cx, room.width, unit, &self.newest);
        }
        let Some(part) = self.sections.get(index) else { return View::column() };
        let mut column = View::column().wide(room.width);
        if let Some((name, count)) = &part.title {
            let title = format!("{name}（{}）", cx.words.say("directory-count", &[("n", &figure(*count))]));
            column = column.child(widgets::heading_row(cx.look, room.width, &title, None::<(&str, Accent, Action)>));
        }
        let shown = self.order.iter().skip(part.units.start).take(part.units.len());
        column.children(shown.filter_map(|i| units.get(*i)).map(|unit| row(cx, room.width, unit)))
    }

    fn survives(&self, config: &Config) -> bool {
        self.unit.is_empty() || config.units.unit.iter().any(|u| u.name == self.unit)
    }
}

/// What a unit stands under.
fn group(cx: &PageContext<'_>, unit: &Unit) -> String {
    match (unit.region.as_str(), unit.heading.as_str()) {
        ("", "") => cx.say("directory-other"),
        ("", heading) => cx.heading(heading).map_or_else(|| heading.to_owned(), |h| h.title.clone()),
        (region, _) => cx.place(region),
    }
}

fn row_height(cx: &PageContext<'_>) -> f32 {
    cx.look.pt(132.0)
}

/// A unit's name, and where and by what number it is reached.
fn row(cx: &PageContext<'_>, width: f32, unit: &Unit) -> View<Action> {
    let look = cx.look;
    let name = Text::new(&unit.name, look.pt(look.size().row * 1.072), look.ink).bold();
    let reached = [&unit.telephone, &unit.address].into_iter().filter(|s| !s.is_empty()).cloned();
    let reached = reached.collect::<Vec<_>>().join(" · ");
    let reached = Text::new(reached, look.pt(look.size().fine * 1.09), look.mute);
    let arrow = Text::new("›", look.pt(look.size().large), look.mute);
    let words = View::column().grow(1.0).gap(look.pt(6.0)).child(View::text(name)).child(View::text(reached));
    let line = look.px(2.0);
    let row = View::row().size(width, row_height(cx) - line).gap(look.px(16.0)).child(words);
    View::column()
        .size(width, row_height(cx))
        .role(Role::Link)
        .on(Action::Go(Page::Directory(unit.name.clone())))
        .child(row.child(View::text(arrow).silent()))
        .child(View::row().size(width, line).fill(look.hair))
}

/// All that is said of a unit, and what it published last.
fn detail(cx: &PageContext<'_>, width: f32, unit: &Unit, newest: &[Arc<NoticeHead>]) -> View<Action> {
    let look = cx.look;
    let size = look.pt(look.size().title);
    let name = Text::new(&unit.name, size, look.ink).bold().lines(0).high((size * 1.35).round());
    let column = View::column().wide(width).pad(look.px(26.0), 0.0, look.px(40.0), 0.0);
    let column = column.child(View::text(name).role(Role::Heading).wide(width)).child(View::row().tall(look.px(18.0)));
    let duties = unit.duties.join("\n");
    let facts = [
        ("directory-telephone", &unit.telephone),
        ("directory-address", &unit.address),
        ("directory-hours", &unit.hours),
        ("directory-head", &unit.head),
        ("directory-duties", &duties),
    ];
    let column = column.children(facts.into_iter().filter(|(_, said)| !said.is_empty()).map(|(key, said)| {
        let size = look.pt(look.size().row);
        let text = Text::new(said, size, look.ink).lines(0).high((size * 1.5).round());
        let text = if key == "directory-telephone" { text.bold() } else { text };
        fact_row(cx, width, &cx.say(key), View::row().child(View::text(text).wide(width - fact_title(width))))
    }));
    if newest.is_empty() && cx.status != Status::Failed {
        return column;
    }
    let rows = newest.iter().map(|head| notice_row(cx, width, head));
    let title = widgets::heading_row(look, width, &cx.say("directory-newest"), None::<(&str, Accent, Action)>);
    let column = column.child(View::row().tall(look.px(20.0))).child(title);
    if newest.is_empty() {
        let words = Text::new(cx.say("retry-rows"), look.pt(look.size().row), look.readable(Accent::Red, look.card));
        let row = View::row().middle().wide(width).tall(look.pt(96.0)).on(Action::Retry).child(View::text(words));
        return column.child(row);
    }
    column.children(rows)
}
