//! Notices in pages, each with the days it is still shown.

use super::{
    notices::{NoticePages, empty},
    pager::PagerLook,
};
use crate::{
    config::zones::BoardZone,
    led::{
        Due, ZoneContext,
        zone::{Place, ZoneView},
    },
    scene::{Placed, Rect},
    time::FrameTime,
};

/// Pages of notices, by title, with their unit and day.
#[derive(Debug)]
pub(super) struct Board {
    zone: BoardZone,
    pages: NoticePages,
}

impl Board {
    /// A board that has not been shown yet.
    pub fn new(zone: &BoardZone, place: &Place<'_>) -> Self {
        let look = PagerLook { text: zone.style.clone(), list: zone.list.clone(), padding: place.frame.padding };
        Self { zone: zone.clone(), pages: NoticePages::new(look, zone.notices.clone()) }
    }
}

impl ZoneView for Board {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let empty = empty(context, self.zone.notices.showing_only);
        self.pages.place(area, &self.zone.title, empty, context, out)
    }

    fn refresh(&mut self) {
        self.pages.refresh();
    }

    fn restart(&mut self, now: FrameTime) {
        self.pages.restart(now);
    }

    fn has_something(&self) -> bool {
        self.pages.has_something()
    }
}
