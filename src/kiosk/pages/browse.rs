//! One heading: what is under it, and its newest notices.

use crate::{
    config::Config,
    kiosk::{
        address::Action,
        kit::{Measure, PageContext, PageLayout, Room, contents, framed},
        page::KioskPage,
    },
    ui::View,
};

/// A heading's page.
pub struct Browse {
    heading: String,
}

impl Browse {
    /// The page of a heading, by its id.
    pub fn new(heading: &str) -> Self {
        Self { heading: heading.to_owned() }
    }
}

impl KioskPage for Browse {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let mut trail = cx.trail(&self.heading);
        let here = trail.pop().map_or_else(String::new, |(words, _)| words);
        framed(cx, trail, &here, 0.0, true)
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, _: usize, _: Measure<'_>) -> View<Action> {
        contents(cx, room.width, &self.heading)
    }

    fn survives(&self, config: &Config) -> bool {
        self.heading.is_empty() || config.catalogue.find(&self.heading).is_some()
    }
}
