//! Three clocks, three types: what a frame presents, when an input happened, what the wall clock says.

mod clock;

pub use clock::{Clock, FrozenClock, SystemClock, processor_time};
pub use jiff::{Timestamp, civil};

use jiff::{Zoned, tz::TimeZone};
use std::time::Duration;

/// The instant one frame presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct FrameTime {
    /// Frames presented on this screen so far; tickers advance by it, so a missed frame never makes them jump.
    pub frame: u64,
    /// Time since the program's epoch; everything else is animated by it.
    pub at: Duration,
}

/// When an input event happened, since the program's epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct EventTime(pub Duration);

/// Civil time at the site.
#[derive(Debug, Clone, PartialEq)]
pub struct WallTime(pub Zoned);

impl WallTime {
    /// The site's civil time at an instant; `zone` is `Site::zone()`. Every instant has one in every zone.
    pub fn at(instant: Timestamp, zone: &TimeZone) -> Self {
        Self(instant.to_zoned(zone.clone()))
    }

    /// The civil day.
    pub fn day(&self) -> civil::Date {
        self.0.date()
    }
}
