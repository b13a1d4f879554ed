//! The only place that reads the machine's clocks.

use jiff::Timestamp;
use std::time::{Duration, Instant, SystemTime};

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
        instant(SystemTime::now())
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn since_boot(&self) -> Duration {
        duration(rustix::time::clock_gettime(rustix::time::ClockId::Boottime))
    }
}

/// What a machine's clock says, within the years that can be told: one that was set beyond 9999 stands at its end.
fn instant(at: SystemTime) -> Timestamp {
    let is_late = at > SystemTime::UNIX_EPOCH;
    Timestamp::try_from(at).unwrap_or(if is_late { Timestamp::MAX } else { Timestamp::MIN })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::WallTime;
    use jiff::tz::TimeZone;

    #[test]
    fn a_clock_beyond_all_years_stands_at_their_end() {
        let year = Duration::from_secs(31_556_952);
        let after = |years: u32| SystemTime::UNIX_EPOCH + year * years;
        for years in [8_050, 20_000, 200_000] {
            let at = instant(after(years));
            assert_eq!(at, Timestamp::MAX, "{years} years");
            for zone in ["Asia/Shanghai", "Pacific/Kiritimati", "Etc/GMT+12"] {
                assert_eq!(WallTime::at(at, &TimeZone::get(zone).unwrap()).0.year(), 9999, "{zone}");
            }
        }
        assert_eq!(instant(SystemTime::UNIX_EPOCH - year * 20_000), Timestamp::MIN);
        assert_eq!(instant(after(56)).as_second(), 56 * 31_556_952);
    }

    #[test]
    fn time_goes_on_to_the_last_instant_and_no_further() {
        let clock = FrozenClock { start: Timestamp::MAX, elapsed: Duration::from_secs(86_400) };
        assert_eq!(clock.wall(), Timestamp::MAX);
    }
}
