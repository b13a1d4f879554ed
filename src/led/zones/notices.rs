//! Pages of notices: all of a board, and what stands in for totals that are not known yet.

use super::pager::{PageRow, Pager, PagerLook, Pen, QUIET};
use crate::{
    config::{Align, zones::NoticeFilter},
    led::{Context, Due, paint, pick, zone::Each},
    model::NoticeHead,
    scene::{Placed, Rect},
    time::{FrameTime, civil::Date},
    wording::Wording,
};
use std::sync::Arc;

/// One notice: its title, and what stands at the end of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NoticeRow {
    title: String,
    right: String,
    /// Whether that is a countdown.
    counts: bool,
}

/// Notices in pages.
#[derive(Debug)]
pub(super) struct NoticePages {
    filter: NoticeFilter,
    pager: Pager<NoticeRow>,
    /// The notices of the pager's rows.
    heads: Vec<Arc<NoticeHead>>,
    seen: Option<Date>,
    by_day: bool,
    /// The notices of the page that stands, and of the one that it pushes out.
    page: Vec<Arc<NoticeHead>>,
    leaving: Vec<Arc<NoticeHead>>,
}

impl NoticePages {
    /// Pages that have not been shown yet.
    pub fn new(look: PagerLook, filter: NoticeFilter) -> Self {
        let (heads, page, leaving) = Default::default();
        Self { filter, pager: Pager::new(look), heads, seen: None, by_day: false, page, leaving }
    }

    /// Looks at the edition again when next placed.
    pub fn refresh(&mut self) {
        self.seen = None;
    }

    /// Begins at the first page.
    pub fn restart(&mut self, now: FrameTime) {
        self.pager.restart(now.at);
    }

    /// Whether there are notices.
    pub fn has_something(&self) -> bool {
        !self.pager.rows.is_empty()
    }

    /// The notices of all pages.
    pub fn listed(&self, each: Each<'_>) {
        self.heads.iter().for_each(each);
    }

    /// The notices of the page that stands, and while it comes in of the one that goes out.
    pub fn visible(&self, now: FrameTime, each: Each<'_>) {
        let leaving = self.leaving.iter().filter(|_| self.pager.is_turning(now.at));
        self.page.iter().chain(leaving).for_each(each);
    }

    /// Places title and page.
    pub fn place(
        &mut self,
        area: Rect,
        title: &str,
        empty: String,
        context: &mut Context<'_>,
        out: &mut Vec<Placed>,
    ) -> Due {
        let (day, now) = (context.wall.day(), context.now.at);
        if self.seen != Some(day) {
            self.heads = pick::notices(&self.filter, context.edition, day).cloned().collect();
            self.pager.rows = self.heads.iter().map(|head| row(head, &context.wording())).collect();
            self.by_day = pick::depends_on_day(&self.filter, context.edition);
            self.seen = Some(day);
        }
        let due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        let plan = self.pager.plan(area, !title.is_empty(), now, |_| super::pager::Rims::default());
        let page = self.heads.get(self.pager.shown(&plan)).unwrap_or_default();
        if plan.turned.is_some() {
            self.leaving = std::mem::take(&mut self.page);
        }
        self.page = page.to_vec();
        self.pager.place_head(&plan, title, context.shaper, out);
        due.or(self.pager.place_body(&plan, (), || empty, (now, context.shaper), out))
    }
}

impl PageRow for NoticeRow {
    type Layout = ();

    fn paint(&self, (): &(), area: Rect, pen: &mut Pen<'_>) {
        let right = (!self.right.is_empty()).then(|| pen.style.line(pen.shaper, &self.right, None));
        let taken = right.as_ref().map_or(0.0, |text| (text.width + pen.style.size * 0.6).ceil());
        let title = pen.style.line(pen.shaper, &self.title, Some(area.w - taken));
        let y = pen.style.middle(&title, area.y, area.h);
        pen.out.push(paint::words(title, area.x, y, pen.ink));
        if let Some(text) = right {
            let x = pen.style.across(&text, Align::Right, area.x, area.w);
            let y = pen.style.middle(&text, area.y, area.h);
            let colour = if self.counts { pen.accent } else { pen.ink.alpha(QUIET) };
            pen.out.push(paint::words(text, x, y, colour));
        }
    }
}

fn row(head: &NoticeHead, wording: &Wording<'_>) -> NoticeRow {
    let zone = wording.wall.0.time_zone();
    let published = || head.published.map(|t| t.to_zoned(zone.clone()).strftime("%m-%d").to_string());
    let (right, counts) = match head.show.days_left(wording.wall.day()) {
        Some(1) => (wording.say("wall-today", &[]), true),
        Some(days) => (wording.say("wall-days-left", &[("n", &days.to_string())]), true),
        None => (published().unwrap_or_default(), false),
    };
    NoticeRow { title: head.title.replace(char::is_control, " "), right, counts }
}

/// What a list says that has nothing to list.
pub(super) fn empty(context: &Context<'_>, showing_only: bool) -> String {
    match (context.edition.number, showing_only) {
        (0, _) => context.standing().line.clone(),
        (_, true) => context.wording().say("wall-none-showing", &[]),
        (_, false) => context.wording().say("wall-none", &[]),
    }
}
