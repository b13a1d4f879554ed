//! The kinds of zone.

mod board;
mod clock;
mod lap;
mod line;
mod picture;
mod register;
mod shared;
mod strip;
mod text;
mod ticker;
mod totals;

use crate::{
    config::{Screen, Standing, Zone, ZoneKind},
    led::{Context, Due},
    scene::{Placed, Rect},
    time::FrameTime,
};
use std::path::Path;

/// What one zone shows, with what it keeps from scene to scene.
#[derive(Debug)]
pub(super) enum Content {
    /// Fixed words.
    Text(text::Text),
    /// An endless line.
    Ticker(Box<ticker::Ticker>),
    /// An endless line on a wall that machines share.
    Shared(Box<shared::SharedTicker>),
    /// A paged list.
    Board(Box<board::Board>),
    /// Date and time.
    Clock(clock::Clock),
    /// A picture.
    Picture(picture::PictureZone),
}

impl Content {
    /// Content of a zone that has not been shown yet.
    pub fn new(zone: &Zone, screen: &Screen, dir: &Path) -> Self {
        match zone.kind {
            ZoneKind::Text => Self::Text(text::Text::default()),
            ZoneKind::Ticker if screen.wall_width > 0 => {
                Self::Shared(Box::new(shared::SharedTicker::new(zone, screen)))
            }
            ZoneKind::Ticker => Self::Ticker(Box::new(ticker::Ticker::new(zone, screen))),
            ZoneKind::Board | ZoneKind::Totals | ZoneKind::Register => Self::Board(Box::default()),
            ZoneKind::Clock => Self::Clock(clock::Clock::default()),
            ZoneKind::Picture => Self::Picture(picture::PictureZone::load(zone, dir)),
        }
    }

    /// Begins again: its program plays once more. Content comes in by its effect.
    pub fn restart(&mut self, zone: &Zone, screen: &Screen, now: FrameTime) {
        match self {
            Self::Text(text) => text.enter(now.at),
            Self::Ticker(ticker) => **ticker = ticker::Ticker::new(zone, screen),
            Self::Shared(ticker) => **ticker = shared::SharedTicker::new(zone, screen),
            Self::Board(board) => board.restart(now.at),
            Self::Clock(_) => {}
            Self::Picture(picture) => picture.enter(now.at),
        }
    }

    /// Looks at the edition again when next placed.
    pub fn refresh(&mut self) {
        match self {
            Self::Ticker(ticker) => ticker.refresh(),
            Self::Shared(ticker) => ticker.refresh(),
            Self::Board(board) => board.refresh(),
            Self::Text(text) => text.refresh(),
            Self::Clock(_) | Self::Picture(_) => {}
        }
    }

    /// Whether what was last placed is more than a stand-in.
    pub fn has_something(&self) -> bool {
        match self {
            Self::Text(text) => text.has_something(),
            Self::Ticker(ticker) => ticker.has_something(),
            Self::Shared(ticker) => ticker.has_something(),
            Self::Board(board) => board.has_something(),
            Self::Clock(_) => true,
            Self::Picture(picture) => picture.has_something(),
        }
    }

    /// Places its layers within `area`; says when they change by themselves.
    pub fn place(
        &mut self,
        zone: &Zone,
        area: Rect,
        standing: &Standing,
        context: &mut Context<'_>,
        out: &mut Vec<Placed>,
    ) -> Due {
        match self {
            Self::Text(text) => text.place(zone, area, context, out),
            Self::Ticker(ticker) => ticker.place(zone, area, standing, context, out),
            Self::Shared(ticker) => ticker.place(zone, area, standing, context, out),
            Self::Board(board) => board.place(zone, area, standing, context, out),
            Self::Clock(clock) => clock.place(zone, area, context, out),
            Self::Picture(picture) => picture.place(zone, area, context, out),
        }
    }
}
