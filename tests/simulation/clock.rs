//! The simulation's clocks: tokio's paused one, and a wall clock that is set at random.

use gongshi::time::Clock;
use jiff::{SignedDuration, Timestamp};
use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// 2026-11-23 09:42 in China: the sample's day.
const START: i64 = 1_795_398_120;

/// Wall time is `START` plus what passed, plus what the clock was set by.
pub struct SimClock {
    epoch: Instant,
    set_by: Mutex<SignedDuration>,
}

impl SimClock {
    /// A clock that is right.
    pub fn new() -> Self {
        Self { epoch: Instant::now(), set_by: Mutex::default() }
    }

    /// Time simulated.
    pub fn elapsed(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// The wall clock as file systems know it: never set.
    pub fn of_files(&self) -> SystemTime {
        let start = u64::try_from(START).unwrap();
        SystemTime::UNIX_EPOCH + Duration::from_secs(start) + self.elapsed()
    }

    /// The wall clock as it would be if nobody set it.
    pub fn right(&self) -> Timestamp {
        Timestamp::from_second(START).unwrap() + SignedDuration::try_from(self.elapsed()).unwrap()
    }

    /// Sets the wall clock: right again, or off by seconds, days or decades.
    pub fn jump(&self, rng: &mut fastrand::Rng) {
        let off = match rng.u8(..6) {
            0 => SignedDuration::from_secs(rng.i64(-30..30)),
            1 => SignedDuration::from_hours(rng.i64(-3..3)),
            2 => SignedDuration::from_hours(24 * rng.i64(-40..40)),
            3 => SignedDuration::from_hours(-24 * 365 * 26),
            _ => SignedDuration::ZERO,
        };
        *self.set_by.lock().unwrap() = off;
    }
}

impl Clock for SimClock {
    fn monotonic(&self) -> Duration {
        self.elapsed()
    }

    fn wall(&self) -> Timestamp {
        self.right() + *self.set_by.lock().unwrap()
    }
}
