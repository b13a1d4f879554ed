//! All that a page is made from.

use crate::{
    config::{Config, Screen},
    edition::Edition,
    kiosk::address::Page,
    text::Words,
    time::WallTime,
    ui::{Metrics, icons::Icons, widgets},
};
use std::time::Duration;

/// The share of the screen above the controls in 低位操作.
pub const LOW_FROM: f32 = 0.55;

/// How far what a page asked for is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// It waits for nothing: it has what it shows, or needs nothing.
    #[default]
    Ready,
    /// Asked for at this instant, not there yet.
    Asked(Duration),
    /// The archive has no such thing, or no longer.
    Gone,
    /// The archive could not be asked: whether it has such a thing is not known.
    Failed,
}

/// All a page is made from.
pub struct PageContext<'a> {
    /// The config.
    pub config: &'a Config,
    /// This screen's section of it.
    pub screen: &'a Screen,
    /// What can be shown.
    pub edition: &'a Edition,
    /// The look.
    pub look: &'a Metrics,
    /// The words.
    pub words: &'a Words,
    /// The icons.
    pub icons: &'a Icons,
    /// Civil time.
    pub wall: &'a WallTime,
    /// Whether 低位操作 is on.
    pub low: bool,
    /// How far what the page asked for is.
    pub status: Status,
    /// Whether that is so late that a skeleton stands in.
    pub late: bool,
    /// Where 返回 leads, the page before last.
    pub behind: Vec<&'a Page>,
}

/// The heights the pages share, canvas pixels.
pub struct PageFrame {
    /// Lower edge of the header.
    pub top: f32,
    /// Upper edge of the bar.
    pub bottom: f32,
    /// Height of the breadcrumb.
    pub crumbs: f32,
    /// Space under a card.
    pub margin: f32,
    /// Space at the sides.
    pub gutter: f32,
}

impl PageContext<'_> {
    /// The words of a key.
    pub fn say(&self, key: &str) -> String {
        self.words.say(key, &[])
    }

    /// The heights the pages share.
    pub fn frame(&self) -> PageFrame {
        let look = self.look;
        let wide = look.landscape();
        PageFrame {
            top: widgets::header_height(look),
            bottom: look.height - widgets::bar_height(look),
            crumbs: look.pt(if wide { 76.0 } else { 94.0 }),
            margin: look.px(if wide { 24.0 } else { 40.0 }),
            gutter: look.px(look.space().gutter),
        }
    }

    /// Upper edge of what is in reach in 低位操作, canvas pixels.
    pub fn low_top(&self) -> f32 {
        (self.look.height * LOW_FROM).ceil()
    }
}
