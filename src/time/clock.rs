//! The only place that reads the machine's clocks.

use jiff::Timestamp;
use std::time::{Duration, Instant};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Time since the program's epoch; never goes back.
    fn monotonic(&self) -> Duration;
    /// The wall clock.
    fn wall(&self) -> Timestamp;
    /// Time since the machine started, its sleep included; never goes back, and is never set.
    fn since_boot(&self) -> Duration {
        self.monotonic()
    }
}

/// The machine's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    epoch: Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]
    fn default() -> Self {
        Self { epoch: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn monotonic(&self) -> Duration {
        self.epoch.elapsed()
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]
    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn since_boot(&self) -> Duration {
        duration(rustix::time::clock_gettime(rustix::time::ClockId::Boottime))
    }
}

/// Processor time the calling thread has used: what it cost, however busy the machine is with other things.
pub fn processor_time() -> Duration {
    duration(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime))
}

fn duration(time: rustix::time::Timespec) -> Duration {
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// A clock that stands at an instant and is moved by hand: `render --at`, tests, benches.
#[derive(Debug, Clone, Copy)]
pub struct FrozenClock {
    /// The wall clock at the epoch.
    pub start: Timestamp,
    /// Time since the epoch.
    pub elapsed: Duration,
}

impl Clock for FrozenClock {
    fn monotonic(&self) -> Duration {
        self.elapsed
    }
    fn wall(&self) -> Timestamp {
        self.start.checked_add(self.elapsed).unwrap_or(self.start)
    }
}
