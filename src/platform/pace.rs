//! When to draw the next frame: at the display's own pace where presenting waits for it, else by the clock.

use std::time::Duration;

/// Decides when a screen's next frame starts, by the clock or by a display that waits.
#[derive(Debug, Clone)]
pub struct Pacer {
    period: Duration,
    waits: bool,
    last: Option<Duration>,
    next: Duration,
    early: u32,
    /// Frames that came more than half a period late.
    pub late: u64,
}

impl Pacer {
    /// Frames in a row that must come far too early before presenting is known not to wait.
    const MIN_EARLY_FRAMES: u32 = 3;

    /// Paces at `refresh` hertz. `waits`: presenting is thought to wait for the display.
    pub fn new(refresh: u32, waits: bool) -> Self {
        let period = Duration::from_secs_f64(1.0 / f64::from(refresh.max(1)));
        let zero = Duration::ZERO;
        Self { period, waits, last: None, next: zero, early: 0, late: 0 }
    }

    /// When to start the frame that presents at `wanted`.
    pub fn start(&self, wanted: Duration) -> Duration {
        if self.waits { wanted.saturating_sub(self.lead()) } else { wanted.max(self.next) }
    }

    /// How much too early a frame may be drawn: where presenting waits for the display, that is what it waits for.
    pub fn lead(&self) -> Duration {
        if self.waits { self.period } else { Duration::ZERO }
    }

    /// Tells that a frame was presented. `moving`: the one before was shown just for one period, so that the
    /// distance between both says something.
    pub fn presented(&mut self, now: Duration, moving: bool) {
        if let (Some(last), true) = (self.last, moving) {
            let distance = now.saturating_sub(last);
            if distance > self.period + self.period / 2 {
                self.late += 1;
            }
            self.early = if self.waits && distance < self.period * 3 / 5 { self.early + 1 } else { 0 };
            if self.early >= Self::MIN_EARLY_FRAMES {
                self.waits = false;
            }
        }
        self.last = Some(now);
        // The beat is kept after a small delay, and taken up anew after a long one.
        let beat = self.next + self.period;
        self.next = if beat + self.period < now || beat > now + self.period { now + self.period } else { beat };
    }

    /// Tells that a frame could not be shown: its distance to the next says nothing.
    pub fn skipped(&mut self) {
        self.last = None;
    }

    /// One frame's length at the screen's refresh rate.
    pub fn period(&self) -> Duration {
        self.period
    }
}

#[cfg(test)]
mod tests {
    use super::Pacer;
    use std::time::Duration;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn by_the_clock_the_beat_survives_small_delays() {
        let mut pacer = Pacer::new(50, false);
        pacer.presented(100 * MS, false);
        assert_eq!(pacer.start(Duration::ZERO), 120 * MS);
        pacer.presented(124 * MS, true);
        assert_eq!(pacer.start(Duration::ZERO), 140 * MS);
        assert_eq!(pacer.late, 0);
    }

    #[test]
    fn a_long_stall_starts_a_new_beat_and_counts_as_late() {
        let mut pacer = Pacer::new(50, false);
        pacer.presented(100 * MS, false);
        pacer.presented(400 * MS, true);
        assert_eq!((pacer.late, pacer.start(Duration::ZERO)), (1, 420 * MS));
    }

    #[test]
    fn a_display_that_does_not_wait_is_found_out() {
        let mut pacer = Pacer::new(50, true);
        for ms in 0..5 {
            assert_eq!(pacer.start(40 * MS), if ms < 4 { 20 * MS } else { pacer.start(40 * MS) });
            pacer.presented((100 + ms) * MS, ms > 0);
        }
        assert!(pacer.start(Duration::ZERO) > 100 * MS);
        assert_eq!(pacer.lead(), Duration::ZERO, "and no frame is drawn early any more");
    }
}
