//! When a zone wants to be built again, by each of the three clocks.

use crate::time::{FrameTime, Timestamp, WallTime};
use std::time::Duration;

/// The soonest change by each clock; `None` where nothing is awaited from it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Due {
    /// By time since the program's epoch: pages and effects.
    pub at: Option<Duration>,
    /// By the wall clock: clocks, countdowns, playlists.
    pub wall: Option<Timestamp>,
    /// By presented frames: the end of a ticker's shaped window.
    pub frame: Option<u64>,
}

impl Due {
    /// Due once the wall clock has gone on by `after`.
    pub fn after(wall: &WallTime, after: Duration) -> Self {
        Self { wall: wall.0.timestamp().checked_add(after).ok(), ..Self::default() }
    }

    /// Due at the next midnight.
    pub fn midnight(wall: &WallTime) -> Self {
        let next = wall.0.tomorrow().and_then(|t| t.start_of_day()).ok();
        Self { wall: next.map(|t| t.timestamp()), ..Self::default() }
    }

    /// The sooner of both.
    pub fn or(self, other: Self) -> Self {
        fn sooner<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
            match (a, b) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            }
        }
        Self {
            at: sooner(self.at, other.at),
            wall: sooner(self.wall, other.wall),
            frame: sooner(self.frame, other.frame),
        }
    }

    /// Whether it has come.
    pub fn passed(&self, now: FrameTime, wall: &WallTime) -> bool {
        self.at.is_some_and(|at| now.at >= at)
            || self.wall.is_some_and(|t| wall.0.timestamp() >= t)
            || self.frame.is_some_and(|f| now.frame >= f)
    }

    /// The instant it comes, seen from now; never before now.
    pub fn when(&self, now: FrameTime, wall: &WallTime, refresh: u32) -> Option<FrameTime> {
        let next = now.frame.saturating_add(1);
        let by_at = self.at.map(|at| FrameTime { frame: next, at: at.max(now.at) });
        let by_wall = self.wall.map(|t| {
            let wait = Duration::try_from(t.duration_since(wall.0.timestamp())).unwrap_or_default();
            FrameTime { frame: next, at: now.at.saturating_add(wait) }
        });
        let by_frame = self.frame.map(|frame| {
            let wait = frame.saturating_sub(now.frame) as f64 / f64::from(refresh.max(1));
            let wait = Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX);
            FrameTime { frame: frame.max(now.frame), at: now.at.saturating_add(wait) }
        });
        [by_at, by_wall, by_frame].into_iter().flatten().min_by_key(|t| (t.at, t.frame))
    }
}
