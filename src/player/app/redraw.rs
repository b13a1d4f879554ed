//! What each output waits for, and the loop that draws what is due. Nothing here knows windows: a test drives the
//! loop with outputs and a clock of its own. Times are monotonic.

use super::device::DeviceState;
use std::time::Duration;

/// What an output waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum RedrawState {
    /// For its next frame to be due.
    #[default]
    Idle,
    /// For the display to ask for the frame that it was told of.
    Requested {
        /// Frames in a row that it did not take.
        skips: u32,
    },
    /// For a display that took no frame, as where it is off.
    Held {
        /// No frame starts before.
        until: Duration,
        /// Frames in a row that it did not take.
        skips: u32,
    },
}

/// What is to be done about an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Draw its frame.
    Draw,
    /// Tell the display that a frame is wanted.
    Request,
    /// Nothing before an instant; `None` until something happens.
    Wait(Option<Duration>),
}

impl RedrawState {
    /// Pause after a frame that could not be shown. Each try may block for a second, which other screens feel, so it
    /// doubles.
    const FIRST_PAUSE: Duration = Duration::from_millis(100);
    /// How often it doubles.
    const MAX_DOUBLINGS: u32 = 4;

    /// What to do about an output whose next frame is to start at `start`. `by_request`: the display asks for frames.
    pub(super) fn step(self, start: Option<Duration>, now: Duration, by_request: bool) -> Step {
        let start = match self {
            Self::Idle => start,
            Self::Requested { .. } => None,
            Self::Held { until, .. } => start.map(|start| start.max(until)),
        };
        match start {
            Some(start) if start <= now && by_request => Step::Request,
            Some(start) if start <= now => Step::Draw,
            start => Step::Wait(start),
        }
    }

    /// Notes that the display was told of a frame.
    pub(super) fn requested(&mut self) {
        *self = Self::Requested { skips: self.skips() };
    }

    /// Notes that the display asks for a frame. Whether it was told of one.
    pub(super) fn asked(&mut self) -> bool {
        let was_told = matches!(self, Self::Requested { .. });
        if was_told {
            *self = Self::Held { until: Duration::ZERO, skips: self.skips() };
        }
        was_told
    }

    /// Notes that a frame was presented.
    pub(super) fn presented(&mut self) {
        *self = Self::Idle;
    }

    /// Notes that a frame could not be shown.
    pub(super) fn skipped(&mut self, now: Duration) {
        let skips = self.skips();
        *self = Self::Held { until: now + Self::FIRST_PAUSE * (1 << skips.min(Self::MAX_DOUBLINGS)), skips: skips + 1 };
    }

    /// Notes that the window can be seen again.
    pub(super) fn uncovered(&mut self) {
        if let Self::Held { .. } = self {
            *self = Self::Idle;
        }
    }

    fn skips(self) -> u32 {
        match self {
            Self::Idle => 0,
            Self::Requested { skips } | Self::Held { skips, .. } => skips,
        }
    }
}

/// The window side, as the loop sees it.
pub(super) trait Outputs {
    /// Names an output.
    type Id: Copy;
    /// Time since the program's epoch.
    fn now(&self) -> Duration;
    /// The outputs there are.
    fn ids(&self) -> Vec<Self::Id>;
    /// When an output's next frame is to start; `None` where nothing is due.
    fn start(&self, id: Self::Id) -> Option<Duration>;
    /// What an output waits for; `None` where it is gone.
    fn redraw(&mut self, id: Self::Id) -> Option<&mut RedrawState>;
    /// Whether the display asks for frames.
    fn by_request(&self) -> bool;
    /// Draws and presents a frame; notes in the output's and the device's state how that went.
    fn draw(&mut self, id: Self::Id);
    /// Tells the display that a frame is wanted.
    fn request(&mut self, id: Self::Id);
    /// Whether there is a device, and when another is tried for.
    fn device(&mut self) -> &mut DeviceState;
    /// Whether the driver says that the device is gone.
    fn is_device_lost(&self) -> bool;
    /// Gets another device, with all that hangs on it; whether that went well.
    fn rebuild(&mut self) -> bool;
}

/// Draws what is due. Says when to come back; `None` until something happens. Each output is drawn once at most, and
/// none without a device, so that nothing spins.
pub(super) fn pace<O: Outputs>(outputs: &mut O) -> Option<Duration> {
    recover(outputs);
    let by_request = outputs.by_request();
    let mut wake = None;
    for id in outputs.ids() {
        if !outputs.device().is_ready() {
            break;
        }
        match step(outputs, id, by_request) {
            Step::Draw => outputs.draw(id),
            Step::Request => {
                outputs.request(id);
                if let Some(redraw) = outputs.redraw(id) {
                    redraw.requested();
                }
            }
            Step::Wait(_) => {}
        }
        let again = match step(outputs, id, by_request) {
            Step::Wait(at) => at,
            Step::Draw | Step::Request => Some(outputs.now()),
        };
        wake = [wake, again].into_iter().flatten().min();
    }
    let device = *outputs.device();
    if device.is_ready() { wake } else { device.retry_at() }
}

fn step<O: Outputs>(outputs: &mut O, id: O::Id, by_request: bool) -> Step {
    let (start, now) = (outputs.start(id), outputs.now());
    outputs.redraw(id).map_or(Step::Wait(None), |redraw| redraw.step(start, now, by_request))
}

/// Tries for another device where that is due.
fn recover<O: Outputs>(outputs: &mut O) {
    let now = outputs.now();
    if outputs.device().is_ready() && outputs.is_device_lost() {
        outputs.device().lost(now);
    }
    if outputs.device().retry_at().is_some_and(|at| at <= now) {
        let is_there = outputs.rebuild();
        let now = outputs.now();
        match is_there {
            true => outputs.device().restored(now),
            false => outputs.device().failed(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const FRAME: Duration = Duration::from_micros(16_667);

    /// Two outputs whose tickers move in every frame, and a device that fails as told.
    struct Fake {
        now: Duration,
        next: [Duration; 2],
        redraw: [RedrawState; 2],
        device: DeviceState,
        by_request: bool,
        /// The driver fails from here on, until so many tries for another have failed as well.
        breaks_at: Duration,
        failures_left: u32,
        is_broken: bool,
        /// The driver says by itself that the device is gone; otherwise only frames fail.
        says_so: bool,
        /// A frame finds that the window takes none.
        takes_none: bool,
        draws: u32,
        presented: u32,
        rebuilds: Vec<Duration>,
        wakes: u32,
    }

    impl Fake {
        fn new() -> Self {
            Self {
                now: Duration::ZERO,
                next: [Duration::ZERO; 2],
                redraw: [RedrawState::Idle; 2],
                device: DeviceState::default(),
                by_request: false,
                breaks_at: Duration::MAX,
                failures_left: 0,
                is_broken: false,
                says_so: false,
                takes_none: false,
                draws: 0,
                presented: 0,
                rebuilds: Vec::new(),
                wakes: 0,
            }
        }

        /// Lives until `end`, as the event loop has it.
        fn live(&mut self, end: Duration) {
            while self.now < end {
                self.is_broken |= self.now >= self.breaks_at;
                self.wakes += 1;
                assert!(self.wakes < 100_000, "it spins at {:?}", self.now);
                let wake = pace(self).unwrap_or(end).min(end);
                // A loop that is to come back at once does so a little later, as everything takes time.
                self.now = wake.max(self.now + MS / 100);
            }
        }
    }

    impl Outputs for Fake {
        type Id = usize;

        fn now(&self) -> Duration {
            self.now
        }

        fn ids(&self) -> Vec<usize> {
            vec![0, 1]
        }

        fn start(&self, id: usize) -> Option<Duration> {
            Some(self.next[id])
        }

        fn redraw(&mut self, id: usize) -> Option<&mut RedrawState> {
            self.redraw.get_mut(id)
        }

        fn by_request(&self) -> bool {
            self.by_request
        }

        fn draw(&mut self, id: usize) {
            self.draws += 1;
            if self.is_broken {
                // A failed frame is wanted at once: the output was exposed.
                self.next[id] = self.now;
                self.device.lost(self.now);
            } else if self.takes_none {
                self.next[id] = self.now;
                self.redraw[id].skipped(self.now);
            } else {
                self.presented += 1;
                self.next[id] = (self.next[id] + FRAME).max(self.now);
                self.redraw[id].presented();
            }
        }

        fn request(&mut self, _: usize) {}

        fn device(&mut self) -> &mut DeviceState {
            &mut self.device
        }

        fn is_device_lost(&self) -> bool {
            self.says_so && self.is_broken
        }

        fn rebuild(&mut self) -> bool {
            self.rebuilds.push(self.now);
            if self.failures_left > 0 {
                self.failures_left -= 1;
                return false;
            }
            (self.is_broken, self.breaks_at) = (false, Duration::MAX);
            true
        }
    }

    #[test]
    fn a_device_lost_in_the_middle_of_a_ticker_is_got_back_while_it_moves() {
        for says_so in [false, true] {
            let mut fake = Fake { breaks_at: 20_000 * MS, says_so, ..Fake::new() };
            fake.live(30_000 * MS);
            assert_eq!(fake.rebuilds.len(), 1, "{:?}", fake.rebuilds);
            assert!(fake.rebuilds[0] < 20_000 * MS + 2 * FRAME, "{:?}", fake.rebuilds);
            assert!(fake.draws - fake.presented <= 1, "{} frames failed", fake.draws - fake.presented);
            assert!(fake.presented > 2 * 1790, "{} frames in 30 s", fake.presented);
        }
    }

    #[test]
    fn a_rebuild_that_fails_five_times_is_tried_again_ever_later_and_nothing_spins() {
        let mut fake = Fake { breaks_at: 20_000 * MS, failures_left: 5, ..Fake::new() };
        fake.live(20_000 * MS);
        let before = (fake.draws, fake.wakes);
        fake.live(35_000 * MS);
        assert_eq!((fake.draws - before.0, fake.rebuilds.len()), (1, 5), "without a device nothing is drawn");
        assert!(fake.wakes - before.1 <= 8, "{} wake-ups", fake.wakes - before.1);
        let since: Vec<u128> = fake.rebuilds.iter().map(|at| (*at - fake.rebuilds[0]).as_millis()).collect();
        assert_eq!(since, [0, 500, 1500, 3500, 7500]);
        fake.live(60_000 * MS);
        assert_eq!(fake.rebuilds.len(), 6, "the sixth succeeds, 15.5 s after the loss");
        assert!(fake.presented > before.0 + 2 * 1400, "and the tickers move again: {}", fake.presented);
    }

    #[test]
    fn a_device_that_comes_back_and_draws_nothing_is_not_rebuilt_without_end() {
        let mut fake = Fake { breaks_at: 20_000 * MS, ..Fake::new() };
        while fake.now < 80_000 * MS {
            fake.breaks_at = fake.breaks_at.min(fake.now.max(20_000 * MS));
            fake.live(fake.now + 100 * MS);
        }
        assert!(fake.rebuilds.len() < 12, "{} in a minute", fake.rebuilds.len());
    }

    #[test]
    fn a_display_that_takes_no_frames_is_asked_ever_less_often() {
        let mut fake = Fake { takes_none: true, ..Fake::new() };
        fake.live(10_000 * MS);
        assert!((2 * 8..2 * 12).contains(&fake.draws), "{} in ten seconds", fake.draws);
        let mut redraw = RedrawState::default();
        let mut now = 1000 * MS;
        for pause in [100, 200, 400, 800, 1600, 1600].map(|ms| ms * MS) {
            redraw.skipped(now);
            assert_eq!(redraw.step(Some(now), now, false), Step::Wait(Some(now + pause)));
            now += pause;
        }
        redraw.uncovered();
        assert_eq!(redraw.step(Some(now), now, false), Step::Draw);
    }

    #[test]
    fn a_display_that_asks_for_frames_is_told_once_and_then_waited_for() {
        let mut fake = Fake { by_request: true, ..Fake::new() };
        fake.live(1000 * MS);
        assert_eq!((fake.draws, fake.redraw[0]), (0, RedrawState::Requested { skips: 0 }));
        assert!(fake.redraw[0].asked());
        fake.draw(0);
        assert!(!fake.redraw[0].asked(), "it was not told of another");
        assert_eq!(fake.redraw[0], RedrawState::Idle);
        // What it does not take is told of later each time, and counted through the asking.
        fake.takes_none = true;
        fake.live(2000 * MS);
        for skips in 1..=3 {
            assert!(fake.redraw[0].asked());
            fake.draw(0);
            let Step::Wait(Some(at)) = fake.redraw[0].step(Some(fake.now), fake.now, true) else { panic!() };
            assert_eq!(at - fake.now, 100 * MS * (1 << (skips - 1)));
            fake.live(at + MS);
        }
    }
}
