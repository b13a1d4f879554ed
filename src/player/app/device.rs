//! Whether there is a graphics device, and when to try for another. Times are monotonic.

use std::time::Duration;

/// The state of the one device that all outputs draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeviceState {
    /// It can be drawn with. `delay` is how long a loss waits for the first try, if it comes before the device has
    /// proved itself.
    Ready { since: Duration, delay: Duration },
    /// It is gone: nothing is drawn, and another is tried for at `retry_at`; after a failure, `delay` later.
    Lost { retry_at: Duration, delay: Duration },
}

impl Default for DeviceState {
    fn default() -> Self {
        Self::Ready { since: Duration::ZERO, delay: Duration::ZERO }
    }
}

impl DeviceState {
    /// Pause after the first failure; each further one doubles it.
    const FIRST_DELAY: Duration = Duration::from_millis(500);
    /// The longest pause between two tries.
    const LAST_DELAY: Duration = Duration::from_secs(32);
    /// A device that lasted so long has proved itself: its loss is answered at once.
    const STEADY_AFTER: Duration = Duration::from_secs(10);

    /// Whether it can be drawn with.
    pub(super) fn is_ready(self) -> bool {
        matches!(self, Self::Ready { .. })
    }

    /// When another device is tried for.
    pub(super) fn retry_at(self) -> Option<Duration> {
        match self {
            Self::Ready { .. } => None,
            Self::Lost { retry_at, .. } => Some(retry_at),
        }
    }

    /// Notes that it was lost. To hear it again changes nothing, so that no failing frame puts off the next try.
    pub(super) fn lost(&mut self, now: Duration) {
        if let Self::Ready { since, delay } = *self {
            let is_steady = now.saturating_sub(since) >= Self::STEADY_AFTER;
            let delay = if is_steady { Duration::ZERO } else { delay };
            *self = Self::Lost { retry_at: now + delay, delay: longer(delay) };
        }
    }

    /// Notes that a try for another failed.
    pub(super) fn failed(&mut self, now: Duration) {
        if let Self::Lost { delay, .. } = *self {
            *self = Self::Lost { retry_at: now + delay, delay: longer(delay) };
        }
    }

    /// Notes that there is another.
    pub(super) fn restored(&mut self, now: Duration) {
        if let Self::Lost { delay, .. } = *self {
            *self = Self::Ready { since: now, delay };
        }
    }
}

fn longer(delay: Duration) -> Duration {
    (delay * 2).clamp(DeviceState::FIRST_DELAY, DeviceState::LAST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::DeviceState;
    use std::time::Duration;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn what_is_lost_is_tried_for_at_once_and_then_ever_less_often() {
        let mut device = DeviceState::default();
        assert!(device.is_ready());
        device.lost(60_000 * MS);
        let mut now = 60_000 * MS;
        assert_eq!(device.retry_at(), Some(now));
        let mut pauses = Vec::new();
        for _ in 0..8 {
            device.failed(now);
            let next = device.retry_at().unwrap();
            pauses.push((next - now).as_millis());
            now = next;
        }
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000]);
        device.restored(now);
        assert!(device.is_ready() && device.retry_at().is_none());
    }

    #[test]
    fn hearing_of_the_loss_again_puts_nothing_off() {
        let mut device = DeviceState::default();
        (0..100).for_each(|n| device.lost((60_000 + n) * MS));
        assert_eq!(device.retry_at(), Some(60_000 * MS));
    }

    #[test]
    fn a_device_that_never_lasts_is_not_made_anew_all_the_time() {
        let (mut device, mut now, mut made) = (DeviceState::default(), 60_000 * MS, 0);
        while now < 180_000 * MS {
            device.lost(now);
            now = device.retry_at().unwrap();
            device.restored(now);
            (now, made) = (now + MS, made + 1);
        }
        assert!((7..12).contains(&made), "{made} in two minutes");
        // One that lasted is made anew at once again.
        device.lost(now + 20_000 * MS);
        assert_eq!(device.retry_at(), Some(now + 20_000 * MS));
    }
}
