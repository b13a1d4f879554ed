//! The frame index machines share: derived from UTC, kept in step with presented frames.

use jiff::Timestamp;

/// Keeps a screen's count of presented frames tied to the shared frame index, the nearest whole number to UTC ·
/// refresh.
///
/// While frames come on time the index goes on by exactly one a frame, whatever the clock does within a frame's
/// length: jitter and a clock that is being slewed are not seen. Where the two part, the index is taken from the clock
/// again, at once beyond [`IMMEDIATE_ERROR`], and beyond [`LASTING_ERROR`] once that has lasted a second. Only then does a ticker jump: a
/// missed frame is made good within a second, a longer stop or a stepped clock with the next frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameLock {
    /// Index of the frame that was counted as 0.
    origin: Option<i128>,
    /// The frame since which the error has been more than [`LASTING_ERROR`].
    since: Option<u64>,
}

/// One frame, in the unit errors are counted in.
const FRAME: i128 = 1_000_000_000;
/// An error that is mended at once: two frames.
const IMMEDIATE_ERROR: i128 = 2 * FRAME;
/// An error that is mended when it lasts: one frame.
const LASTING_ERROR: i128 = FRAME;

impl FrameLock {
    /// Tells that `frame` is presented at `utc`, at `refresh` hertz. Says whether the index is not the last one's
    /// successor: the first time, and after a correction.
    pub fn follow(&mut self, frame: u64, utc: Timestamp, refresh: u32) -> bool {
        let refresh = i128::from(refresh.max(1));
        let exact = utc.as_nanosecond() * refresh;
        let error = self.origin.map(|origin| exact - (origin + i128::from(frame)) * FRAME);
        let lasting = match error {
            Some(error) if error.abs() <= LASTING_ERROR => {
                self.since = None;
                return false;
            }
            Some(error) if error.abs() <= IMMEDIATE_ERROR => {
                let since = *self.since.get_or_insert(frame);
                i128::from(frame.saturating_sub(since)) >= refresh
            }
            _ => true,
        };
        if lasting {
            let nearest = (exact + FRAME / 2).div_euclid(FRAME);
            *self = Self { origin: Some(nearest - i128::from(frame)), since: None };
        }
        lasting
    }

    /// The shared index of a presented frame; 0 before the first.
    pub fn index(&self, frame: u64) -> u64 {
        let index = self.origin.map_or(0, |origin| origin + i128::from(frame));
        u64::try_from(index).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(nanos: i64) -> Timestamp {
        "2026-11-23T01:42:07Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_nanos(nanos)
    }

    fn period(n: u64) -> i64 {
        i64::try_from(n * 1_000_000_000 / 60).unwrap()
    }

    proptest! {
        #[test]
        fn on_time_it_goes_on_by_one_and_starts_agree(
            phase in 0_i64..16_000_000,
            start in 0_u64..10_000,
            jitter in prop::collection::vec(-4_000_000_i64..4_000_000, 200),
            slew in -20_000_i64..20_000,
        ) {
            let mut lock = FrameLock::default();
            let mut before = None;
            for (n, jitter) in (0_u64..).zip(&jitter) {
                let jumped = lock.follow(n, at(phase + period(start + n) + jitter + slew * n as i64), 60);
                prop_assert_eq!(jumped, n == 0);
                let index = lock.index(n);
                prop_assert!(before.is_none_or(|b| index == b + 1));
                before = Some(index);
            }
            // One that starts later is at most a frame beside, exactly there where the clock says the same.
            let mut late = FrameLock::default();
            late.follow(7, at(phase + period(start + 199)), 60);
            prop_assert!(late.index(7).abs_diff(lock.index(199)) <= 1);
        }
    }

    #[test]
    fn missed_frames_are_made_good_once() {
        let mut lock = FrameLock::default();
        lock.follow(0, at(0), 60);
        let first = lock.index(0);
        // Five are missed: made good at once.
        assert!(lock.follow(1, at(period(6)), 60));
        assert_eq!(lock.index(1), first + 6);
        // One and a half are missed: made good after a second.
        let late = |n: u64| at(period(n + 6) + 8_000_000);
        let jumps: Vec<u64> = (2..200).filter(|n| lock.follow(*n, late(*n), 60)).collect();
        assert_eq!(jumps, [62]);
        // The clock is set back.
        assert!(lock.follow(200, at(0), 60));
        assert_eq!(lock.index(200), first);
    }
}
