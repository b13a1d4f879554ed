//! The kinds of zone, a file each. What several of them share lies beside them: pages (`pager`), lines (`line`), tables.

mod board;
mod clock;
mod figures;
mod lamp;
mod lap;
mod line;
mod notices;
mod pager;
mod picture;
mod qr;
mod register;
mod segment;
mod shared;
mod table;
mod text;
mod ticker;
mod totals;

pub use picture::picture_requests;

use super::zone::{Place, ZoneView};
use crate::config::{Zone, zones::ZoneContent};

/// The view of a zone that has not been shown yet.
pub(super) fn view(zone: &Zone, place: &Place<'_>) -> Box<dyn ZoneView> {
    match &zone.content {
        ZoneContent::Text(zone) => Box::new(text::Text::new(zone, place)),
        ZoneContent::Ticker(zone) if place.screen.wall_width > 0 => Box::new(shared::SharedTicker::new(zone, place)),
        ZoneContent::Ticker(zone) => Box::new(ticker::Ticker::new(zone, place)),
        ZoneContent::Board(zone) => Box::new(board::Board::new(zone, place)),
        ZoneContent::Totals(zone) => Box::new(totals::Totals::new(zone, place)),
        ZoneContent::Register(zone) => Box::new(register::RegisterTable::new(zone, place)),
        ZoneContent::Clock(zone) => Box::new(clock::Clock::new(zone, place)),
        ZoneContent::Picture(zone) => Box::new(picture::PictureView::new(zone, place)),
        ZoneContent::Qr(zone) => Box::new(qr::Qr::new(zone, place)),
    }
}
