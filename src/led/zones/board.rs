//! A paged list: notices with the days each is still shown, units with their lamps, or a register's rows as a table.

use crate::{
    config::{Align, Standing, Zone, ZoneKind},
    edition::Edition,
    led::{
        Context, Due,
        effects::{self, Turn},
        paint::{self, Style},
        pick,
        zones::{
            register::{self, Cell, Sheet, Slot},
            totals,
        },
    },
    model::{Lamp, NoticeHead},
    scene::{Colour, Layer, Placed, Primitive, Rect},
    text::Shaper,
    time::{WallTime, civil::Date},
};
use std::{sync::Arc, time::Duration};

/// Height of a row, in sizes.
const ROW: f32 = 2.25;
/// Height of the title, in sizes.
const TITLE: f32 = 2.0;
/// Below this size rows stand without lines between: a line would take a whole LED of too few.
const RULED_FROM: f32 = 30.0;
/// Strength of the lines and of what is less important.
pub(super) const RULE: f32 = 0.165;
pub(super) const QUIET: f32 = 0.7;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// What it is about.
    pub title: String,
    /// What stands at its end.
    pub right: String,
    /// Whether that is a countdown.
    pub counts: bool,
    /// The lamp after it.
    pub lamp: Option<Lamp>,
    /// The cells of a table's row, in place of the above but the lamp.
    pub cells: Vec<Cell>,
}

/// What the page's layer was built from.
#[derive(Debug, PartialEq)]
struct Page {
    rows: Vec<Row>,
    slots: Vec<Slot>,
    empty: Option<String>,
    dots: Option<(usize, usize)>,
}

/// A board, its page and its layers.
#[derive(Debug, Default)]
pub struct Board {
    rows: Vec<Row>,
    seen: Option<Date>,
    by_day: bool,
    page: usize,
    since: Option<Duration>,
    head: Option<([String; 2], Arc<Layer>)>,
    /// What stands around the rows of a table, and the layers of its columns' titles and of its foot.
    sheet: Sheet,
    rims: Option<[Arc<Layer>; 2]>,
    body: Option<(Page, Arc<Layer>)>,
    turn: Option<Turn>,
}

/// Where things stand on a board.
struct Plan {
    head: Rect,
    /// The titles of a table's columns.
    titles: Rect,
    body: Rect,
    /// A table's sums, which are so high, and the line below them.
    foot: Rect,
    sums: f32,
    rows: usize,
    pitch: f32,
    rule: f32,
}

impl Plan {
    fn new(zone: &Zone, area: Rect, sheet: &Sheet, is_titled: bool) -> Self {
        let size = paint::size(zone);
        let rule = if size < RULED_FROM { 0.0 } else { (size / 24.0).round().max(1.0) };
        let head = if !is_titled { 0.0 } else { (size * TITLE).round() + rule.max(1.0) };
        let head = head.min(area.h);
        let natural = (size * ROW / 2.0).round() * 2.0;
        let (titles, sums, foot) = sheet.rims(size, natural, area.h - head);
        let tall = area.h - head - titles - sums - foot;
        let top = area.y + head + titles;
        let fits = (tall / natural).floor().max(1.0) as usize;
        let rows = if zone.rows == 0 { fits } else { zone.rows as usize };
        let pitch = natural.min((tall / rows as f32).floor()).max(1.0);
        Self {
            head: Rect { h: head, ..area },
            titles: Rect { y: area.y + head, h: titles, ..area },
            body: Rect { y: top, h: tall, ..area },
            foot: Rect { y: top + tall, h: sums + foot, ..area },
            sums,
            rows,
            pitch,
            rule,
        }
    }
}

impl Board {
    /// Looks at the edition again when next placed.
    pub fn refresh(&mut self) {
        self.seen = None;
    }

    /// Begins at the first page, which comes in by the zone's effect.
    pub fn restart(&mut self, at: Duration) {
        self.page = 0;
        self.since = Some(at);
        self.turn = Some(Turn { start: at, old: None });
    }

    /// Whether there are rows.
    pub fn has_something(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Places title and page.
    pub fn place(
        &mut self,
        zone: &Zone,
        area: Rect,
        standing: &Standing,
        context: &mut Context<'_>,
        out: &mut Vec<Placed>,
    ) -> Due {
        let day = context.wall.day();
        if self.seen != Some(day) {
            self.look(zone, context);
            self.seen = Some(day);
        }
        let mut due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        let title = match zone.kind {
            ZoneKind::Register => self.sheet.title.clone(),
            _ => totals::title(zone, context.edition),
        };
        let plan = Plan::new(zone, area, &self.sheet, !title.is_empty());
        let pages = self.rows.len().div_ceil(plan.rows).max(1);
        let now = context.now.at;
        let turned = self.turn_page(zone, pages, now);
        if pages > 1 {
            let next = self.since.unwrap_or(now).saturating_add(dwell(zone));
            due = due.or(Due { at: Some(next), ..Due::default() });
        }
        if !plan.head.is_empty() {
            let count = if pages > 1 { format!("{}/{pages}", self.page + 1) } else { String::new() };
            let words = [title.clone(), count];
            if self.head.as_ref().is_none_or(|(old, _)| *old != words) {
                let layer = head(zone, &plan, &words, context.shaper);
                self.head = Some((words, layer));
            }
            out.extend(self.head.iter().map(|(_, layer)| paint::still(Arc::clone(layer), plan.head)));
        }
        let slots = self.place_rims(zone, &plan, context.shaper, out);
        let page = self.page_now(zone, &plan, pages, slots, (standing, context.edition));
        let old = self.body.as_ref().map(|(_, layer)| Arc::clone(layer));
        if self.body.as_ref().is_none_or(|(old, _)| *old != page) {
            let layer = body(zone, &plan, &page, context.shaper);
            self.body = Some((page, layer));
        }
        if let Some(start) = turned {
            self.turn = Some(Turn { start, old });
        }
        let Some((_, layer)) = &self.body else { return due };
        if plan.body.is_empty() {
            return due;
        }
        due.or(effects::place(&mut self.turn, zone.effect, layer, plan.body, now, out))
    }

    /// Takes from the edition what the zone shows.
    fn look(&mut self, zone: &Zone, context: &Context<'_>) {
        self.by_day = false;
        match zone.kind {
            ZoneKind::Register => {
                let (sheet, rows) = Sheet::read(zone, context);
                if self.sheet != sheet {
                    (self.sheet, self.rims) = (sheet, None);
                }
                self.rows = rows;
            }
            ZoneKind::Totals if !context.edition.totals.is_empty() => {
                self.rows = totals::rows(&context.edition.totals);
            }
            _ => {
                self.rows = rows(zone, context.edition, context.wall);
                self.by_day = pick::depends_on_day(zone, context.edition);
            }
        }
    }

    /// Places what stands around a table's rows; gives where its columns stand.
    fn place_rims(&mut self, zone: &Zone, plan: &Plan, shaper: &mut Shaper, out: &mut Vec<Placed>) -> Vec<Slot> {
        let (left, width) = across(zone, plan.body);
        let slots = self.sheet.slots(&Style::of(zone), left, width);
        if !plan.titles.is_empty() {
            let sheet = &self.sheet;
            let [titles, foot] = self.rims.get_or_insert_with(|| {
                [
                    sheet.titles(zone, plan.titles, &slots, shaper),
                    sheet.foot(zone, plan.foot, plan.sums, &slots, shaper),
                ]
            });
            out.push(paint::still(Arc::clone(titles), plan.titles));
            out.push(paint::still(Arc::clone(foot), plan.foot));
        }
        slots
    }

    /// Goes on to the next page when this one has stood long enough; says when that began.
    fn turn_page(&mut self, zone: &Zone, pages: usize, now: Duration) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        self.page = self.page.min(pages - 1);
        if pages == 1 {
            self.since = Some(now);
            return None;
        }
        let next = since.saturating_add(dwell(zone));
        if now < next {
            return None;
        }
        // After a long stop the next page starts now, not in the past.
        let start = if now - next < Duration::from_millis(100) { next } else { now };
        self.since = Some(start);
        self.page = (self.page + 1) % pages;
        Some(start)
    }

    fn page_now(
        &self,
        zone: &Zone,
        plan: &Plan,
        pages: usize,
        slots: Vec<Slot>,
        (standing, edition): (&Standing, &Edition),
    ) -> Page {
        let rows: Vec<Row> = self.rows.iter().skip(self.page * plan.rows).take(plan.rows).cloned().collect();
        let empty = rows.is_empty().then(|| match (edition.number, zone.showing_only) {
            (0, _) => standing.line.clone(),
            (_, true) => "暂无公示".to_owned(),
            (_, false) => "暂无内容".to_owned(),
        });
        let is_bare = zone.title.is_empty() && plan.titles.is_empty();
        let dots = (pages > 1 && is_bare).then_some((self.page, pages));
        Page { rows, slots, empty, dots }
    }
}

/// Left edge and width of what stands within the padding.
fn across(zone: &Zone, area: Rect) -> (f32, f32) {
    let pad = zone.padding as f32;
    (pad, (area.w - 2.0 * pad).max(1.0))
}

fn dwell(zone: &Zone) -> Duration {
    let asked = Duration::try_from_secs_f32(zone.dwell_seconds).unwrap_or(Duration::from_secs(8));
    asked.max(effects::length(zone.effect) + Duration::from_secs(1))
}

fn rows(zone: &Zone, edition: &Edition, wall: &WallTime) -> Vec<Row> {
    let today = wall.day();
    pick::notices(zone, edition, today).map(|head| row(head, today, wall)).collect()
}

fn row(head: &NoticeHead, today: Date, wall: &WallTime) -> Row {
    let published = || head.published.map(|t| t.to_zoned(wall.0.time_zone().clone()).strftime("%m-%d").to_string());
    let (right, counts) = match head.show.days_left(today) {
        Some(1) => ("今日".to_owned(), true),
        Some(days) => (format!("剩 {days} 天"), true),
        None => (published().unwrap_or_default(), false),
    };
    Row { title: head.title.replace(char::is_control, " "), right, counts, ..Row::default() }
}

fn head(zone: &Zone, plan: &Plan, [title, count]: &[String; 2], shaper: &mut Shaper) -> Arc<Layer> {
    let style = Style { bold: true, ..Style::of(zone) };
    let quiet = Style { bold: false, size: (style.size * 0.7).round(), spacing: 0.0 };
    let (left, width) = across(zone, plan.head);
    let line = plan.rule.max(1.0);
    let height = plan.head.h - line;
    let ink = paint::colour(&zone.colour, Colour::WHITE);
    let mut primitives = vec![Primitive::fill(Rect::new(left, height, width, line), ink.alpha(RULE))];
    let mut room = width;
    if !count.is_empty() {
        let text = quiet.line(shaper, count, None);
        let x = quiet.across(&text, Align::Right, left, width);
        room -= text.width + style.size * 0.6;
        let y = quiet.middle(&text, 0.0, height);
        primitives.push(paint::words(text, x, y, ink.alpha(QUIET)));
    }
    let title = style.line(shaper, title, Some(room));
    let y = style.middle(&title, 0.0, height);
    let colour = paint::colour(&zone.title_colour, Colour::rgb(0xff, 0x6b, 0x5e));
    primitives.push(paint::words(title, left, y, colour));
    paint::layer(plan.head.w, plan.head.h, primitives)
}

fn body(zone: &Zone, plan: &Plan, page: &Page, shaper: &mut Shaper) -> Arc<Layer> {
    let style = Style::of(zone);
    let (left, width) = across(zone, plan.body);
    let ink = paint::colour(&zone.colour, Colour::WHITE);
    let accent = paint::colour(&zone.accent, Colour::rgb(0xff, 0xd2, 0x4a));
    let mut primitives = Vec::with_capacity(page.rows.len() * 3);
    if let Some(empty) = &page.empty {
        let text = style.line(shaper, empty, Some(width));
        let x = style.across(&text, Align::Centre, left, width);
        let y = style.middle(&text, 0.0, plan.body.h);
        primitives.push(paint::words(text, x, y, ink.alpha(QUIET)));
    }
    for (i, row) in page.rows.iter().enumerate() {
        let top = plan.pitch * i as f32;
        let height = plan.pitch - plan.rule;
        let lit = row.lamp.map_or(0.0, |lamp| {
            let lit = totals::lamp(&style, lamp, shaper, Rect::new(left, top, width, height));
            primitives.push(lit);
            totals::taken(&style)
        });
        if row.cells.is_empty() {
            let shown = Rect::new(left, top, width - lit, height);
            line(&mut primitives, row, &style, (ink, accent), shown, shaper);
        } else {
            register::cells(&mut primitives, (&style, ink), &row.cells, &page.slots, (top, height), shaper);
        }
        if plan.rule > 0.0 && i + 1 < page.rows.len() {
            let rule = Rect::new(left, top + height, width, plan.rule);
            primitives.push(Primitive::fill(rule, ink.alpha(RULE)));
        }
    }
    if let Some((page, pages)) = page.dots {
        dots(page, pages, &mut primitives, Rect::new(left, 0.0, width, plan.body.h), style.size, accent);
    }
    paint::layer(plan.body.w, plan.body.h, primitives)
}

/// A row's title, and what stands at its end.
fn line(
    out: &mut Vec<Primitive>,
    row: &Row,
    style: &Style,
    (ink, accent): (Colour, Colour),
    area: Rect,
    shaper: &mut Shaper,
) {
    let right = (!row.right.is_empty()).then(|| style.line(shaper, &row.right, None));
    let taken = right.as_ref().map_or(0.0, |text| (text.width + style.size * 0.6).ceil());
    let title = style.line(shaper, &row.title, Some(area.w - taken));
    let y = style.middle(&title, area.y, area.h);
    out.push(paint::words(title, area.x, y, ink));
    if let Some(text) = right {
        let x = style.across(&text, Align::Right, area.x, area.w);
        let y = style.middle(&text, area.y, area.h);
        let colour = match (row.counts, row.lamp) {
            (true, _) => accent,
            (false, Some(_)) => ink,
            (false, None) => ink.alpha(QUIET),
        };
        out.push(paint::words(text, x, y, colour));
    }
}

/// One dot a page along the lower edge, where they fit.
fn dots(page: usize, pages: usize, out: &mut Vec<Primitive>, area: Rect, size: f32, colour: Colour) {
    let dot = (size / 10.0).round().max(2.0);
    let step = dot * 3.0;
    let width = step * pages as f32 - 2.0 * dot;
    if width > area.w || area.h < dot * 2.0 {
        return;
    }
    let left = (area.x + (area.w - width) / 2.0).round();
    for i in 0..pages {
        let rect = Rect::new(left + step * i as f32, area.h - dot, dot, dot);
        out.push(Primitive::rounded(rect, if i == page { colour } else { colour.alpha(0.35) }, dot / 2.0));
    }
}
