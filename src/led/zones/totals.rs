//! Units with the cases each has in hand, and a lamp. As long as no cases are known, notices stand in.

use super::{
    lamp,
    notices::{NoticePages, empty},
    pager::{PageRow, Pager, PagerLook, Pen, Rims},
};
use crate::{
    config::{Align, zones::TotalsZone},
    led::{
        Due, ZoneContext, paint,
        zone::{Place, ZoneView},
    },
    model::{Lamp, UnitTotals},
    scene::{Placed, Rect},
    time::FrameTime,
};

/// A unit with its cases in hand and the lamp of the most pressing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnitRow {
    unit: String,
    in_hand: String,
    lamp: Lamp,
}

/// Units in pages, each with its cases in hand and its lamp; notices where there are no cases.
#[derive(Debug)]
pub(super) struct Totals {
    zone: TotalsZone,
    pager: Pager<UnitRow>,
    notices: NoticePages,
    is_fresh: bool,
}

impl Totals {
    /// Totals that have not been shown yet.
    pub fn new(zone: &TotalsZone, place: &Place<'_>) -> Self {
        let look = PagerLook { text: zone.style.clone(), list: zone.list.clone(), padding: place.frame.padding };
        let notices = NoticePages::new(look.clone(), zone.notices.clone());
        Self { zone: zone.clone(), pager: Pager::new(look), notices, is_fresh: false }
    }

    /// Whether notices stand in.
    fn stands_in(&self) -> bool {
        self.pager.rows.is_empty()
    }
}

impl ZoneView for Totals {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        if !self.is_fresh {
            self.pager.rows = context.edition.totals.iter().map(row).collect();
            self.is_fresh = true;
        }
        let empty = empty(context, self.zone.notices.showing_only);
        if self.stands_in() {
            return self.notices.place(area, &self.zone.text, empty, context, out);
        }
        let title = self.zone.title.replace("{n}", &self.pager.rows.len().to_string());
        let now = context.now.at;
        let plan = self.pager.plan(area, !title.is_empty(), now, |_| Rims::default());
        self.pager.place_head(&plan, &title, context.shaper, out);
        self.pager.place_body(&plan, (), || empty, (now, context.shaper), out)
    }

    fn refresh(&mut self) {
        self.is_fresh = false;
        self.notices.refresh();
    }

    fn restart(&mut self, now: FrameTime) {
        self.pager.restart(now.at);
        self.notices.restart(now);
    }

    fn has_something(&self) -> bool {
        !self.stands_in() || self.notices.has_something()
    }
}

impl PageRow for UnitRow {
    type Layout = ();

    fn paint(&self, (): &(), area: Rect, pen: &mut Pen<'_>) {
        let lit = lamp::lamp(&pen.style, self.lamp, pen.shaper, area);
        pen.out.push(lit);
        let width = area.w - lamp::taken(&pen.style);
        let figure = pen.style.line(pen.shaper, &self.in_hand, None);
        let taken = (figure.width + pen.style.size * 0.6).ceil();
        let unit = pen.style.line(pen.shaper, &self.unit, Some(width - taken));
        let y = pen.style.middle(&unit, area.y, area.h);
        pen.out.push(paint::words(unit, area.x, y, pen.ink));
        let x = pen.style.across(&figure, Align::Right, area.x, width);
        let y = pen.style.middle(&figure, area.y, area.h);
        pen.out.push(paint::words(figure, x, y, pen.ink));
    }
}

fn row(unit: &UnitTotals) -> UnitRow {
    UnitRow { unit: unit.unit.replace(char::is_control, " "), in_hand: unit.in_hand.to_string(), lamp: unit.lamp() }
}
