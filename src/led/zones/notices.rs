//! Pages of notices: all of a board, and what stands in for totals that are not known yet.

use super::pager::{PageRow, Pager, PagerLook, Pen, QUIET_ALPHA};
use crate::{
    config::{Align, zones::NoticeFilter},
    led::{Due, ZoneContext, paint, pick},
    model::{NoticeHead, NoticeVersion},
    scene::{NoticeMark, Placed, Rect},
    time::{FrameTime, civil::Date},
    wording::Wording,
};
/// One notice: its title, and what stands at the end of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NoticeRow {
    notice: NoticeVersion,
    title: String,
    right: String,
    /// Whether that is a countdown.
    counts: bool,
}

/// Notices in pages: what a filter takes of an edition, as a pager's rows.
#[derive(Debug)]
pub(super) struct NoticePages {
    filter: NoticeFilter,
    pager: Pager<NoticeRow>,
    seen: Option<Date>,
    by_day: bool,
}

impl NoticePages {
    /// Pages that have not been shown yet.
    pub fn new(look: PagerLook, filter: NoticeFilter) -> Self {
        Self { filter, pager: Pager::new(look), seen: None, by_day: false }
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

    /// Places title and page.
    pub fn place(
        &mut self,
        area: Rect,
        title: &str,
        empty: String,
        context: &mut ZoneContext<'_>,
        out: &mut Vec<Placed>,
    ) -> Due {
        let (day, now) = (context.wall.day(), context.now.at);
        if self.seen != Some(day) {
            let heads = pick::notices(&self.filter, context.edition, day);
            self.pager.rows = heads.map(|head| row(head, &context.wording())).collect();
            self.by_day = pick::depends_on_day(&self.filter, context.edition);
            self.seen = Some(day);
        }
        let due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        let plan = self.pager.plan(area, !title.is_empty(), now, |_| super::pager::Rims::default());
        self.pager.place_head(&plan, title, context.shaper, out);
        due.or(self.pager.place_body(&plan, (), || empty, (now, context.shaper), out))
    }
}

impl PageRow for NoticeRow {
    type Layout = ();

    fn paint(&self, (): &(), area: Rect, pen: &mut Pen<'_>) {
        pen.notices.push(NoticeMark { notice: self.notice, area });
        let right = (!self.right.is_empty()).then(|| pen.style.line(pen.shaper, &self.right, None));
        let taken = right.as_ref().map_or(0.0, |text| (text.width + pen.style.size * 0.6).ceil());
        let title = pen.style.line(pen.shaper, &self.title, Some(area.w - taken));
        let y = pen.style.middle(&title, area.y, area.h);
        pen.out.push(paint::words(title, area.x, y, pen.ink));
        if let Some(text) = right {
            let x = pen.style.across(&text, Align::Right, area.x, area.w);
            let y = pen.style.middle(&text, area.y, area.h);
            let colour = if self.counts { pen.accent } else { pen.ink.alpha(QUIET_ALPHA) };
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
    NoticeRow { notice: head.notice_version(), title: head.title.replace(char::is_control, " "), right, counts }
}

/// What a list says that has nothing to list.
pub(super) fn empty(context: &ZoneContext<'_>, showing_only: bool) -> String {
    match (context.edition.number, showing_only) {
        (0, _) => context.standing().line.clone(),
        (_, true) => context.wording().say("wall-none-showing", &[]),
        (_, false) => context.wording().say("wall-none", &[]),
    }
}
