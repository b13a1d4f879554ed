//! Fingers to gestures: press, tap, drag, fling. One finger counts; others are ignored. Pure.

use std::{collections::VecDeque, time::Duration};

/// How far back the speed of a fling is measured.
const SPEED_WINDOW: Duration = Duration::from_millis(100);
/// A release slower than this is no fling, pixels per second.
const SLOWEST: f32 = 120.0;
/// No fling is faster than this, pixels per second.
const FASTEST: f32 = 9000.0;

/// What a finger did, canvas pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pointer {
    /// Came down.
    Down(u64, f32, f32),
    /// Moved.
    Move(u64, f32, f32),
    /// Went up.
    Up(u64, f32, f32),
    /// Was taken away.
    Cancel(u64),
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gesture {
    /// A finger rests at a point: show what it would do.
    Press(f32, f32),
    /// It will not be a tap.
    Release,
    /// A tap: where it came down.
    Tap(f32, f32),
    /// The content follows the finger: pixels it moves to the right and down.
    Drag(f32, f32),
    /// The finger left the content moving: pixels per second, positive upwards through the content.
    Fling(f32),
}

#[derive(Debug)]
struct Track {
    finger: u64,
    start: (f32, f32),
    last: (f32, f32),
    dragging: bool,
    /// The touch stopped a glide: it is no tap.
    spent: bool,
    path: VecDeque<(Duration, f32)>,
}

/// Recognizes the gestures of one finger.
#[derive(Debug)]
pub struct Recognizer {
    slop: f32,
    track: Option<Track>,
}

impl Recognizer {
    /// `slop` is how far a tap may stray, pixels.
    pub fn new(slop: f32) -> Self {
        Self { slop, track: None }
    }

    /// Whether a finger is down.
    pub fn active(&self) -> bool {
        self.track.is_some()
    }

    /// Forgets the finger that is down; it is ignored until it comes down again.
    pub fn reset(&mut self) {
        self.track = None;
    }

    /// Takes a finger into account. `gliding`: the content under it is moving, so coming down only stops it.
    pub fn feed(&mut self, pointer: Pointer, at: Duration, gliding: bool) -> Option<Gesture> {
        match pointer {
            Pointer::Down(finger, x, y) => {
                if self.track.is_some() || !x.is_finite() || !y.is_finite() {
                    return None;
                }
                let path = VecDeque::from([(at, y)]);
                self.track = Some(Track { finger, start: (x, y), last: (x, y), dragging: false, spent: gliding, path });
                (!gliding).then_some(Gesture::Press(x, y))
            }
            Pointer::Move(finger, x, y) => {
                let slop = self.slop;
                let track = self.track.as_mut().filter(|t| t.finger == finger)?;
                if !x.is_finite() || !y.is_finite() {
                    return None;
                }
                track.note(at, y);
                if track.dragging {
                    let before = std::mem::replace(&mut track.last, (x, y));
                    return Some(Gesture::Drag(x - before.0, y - before.1));
                }
                if track.strayed(x, y, slop) {
                    // The content starts from where the slop was left, so it does not jump.
                    track.dragging = true;
                    track.last = (x, y);
                    return Some(Gesture::Release);
                }
                None
            }
            Pointer::Up(finger, x, y) => {
                let slop = self.slop;
                let mut track = self.track.take_if(|t| t.finger == finger)?;
                if track.dragging {
                    track.note(at, y);
                    return Some(track.speed().map_or(Gesture::Release, Gesture::Fling));
                }
                let tap = !track.spent && !track.strayed(x, y, slop);
                Some(if tap { Gesture::Tap(track.start.0, track.start.1) } else { Gesture::Release })
            }
            Pointer::Cancel(finger) => self.track.take_if(|t| t.finger == finger).map(|_| Gesture::Release),
        }
    }
}

impl Track {
    fn strayed(&self, x: f32, y: f32, slop: f32) -> bool {
        let (dx, dy) = (x - self.start.0, y - self.start.1);
        dx.hypot(dy) > slop || !dx.is_finite() || !dy.is_finite()
    }

    fn note(&mut self, at: Duration, y: f32) {
        self.path.push_back((at, y));
        while self.path.len() > 2 && self.path.front().is_some_and(|(t, _)| *t + SPEED_WINDOW < at) {
            self.path.pop_front();
        }
    }

    fn speed(&self) -> Option<f32> {
        let ((from, y0), (to, y1)) = (self.path.front()?, self.path.back()?);
        let past = to.saturating_sub(*from);
        // A finger that rested before it left throws nothing.
        if past.is_zero() || past > SPEED_WINDOW * 2 {
            return None;
        }
        let speed = (y0 - y1) / past.as_secs_f32();
        (speed.is_finite() && speed.abs() >= SLOWEST).then(|| speed.clamp(-FASTEST, FASTEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn a_drag_cancels_the_press_and_flings() {
        let mut r = Recognizer::new(16.0);
        assert_eq!(r.feed(Pointer::Down(0, 10.0, 500.0), ms(0), false), Some(Gesture::Press(10.0, 500.0)));
        assert_eq!(r.feed(Pointer::Down(1, 10.0, 100.0), ms(5), false), None);
        assert_eq!(r.feed(Pointer::Move(1, 10.0, 900.0), ms(6), false), None);
        assert_eq!(r.feed(Pointer::Move(0, 10.0, 480.0), ms(16), false), Some(Gesture::Release));
        assert_eq!(r.feed(Pointer::Move(0, 14.0, 450.0), ms(32), false), Some(Gesture::Drag(4.0, -30.0)));
        let end = r.feed(Pointer::Up(0, 10.0, 420.0), ms(48), false);
        assert!(matches!(end, Some(Gesture::Fling(speed)) if (speed - 1666.6).abs() < 1.0), "{end:?}");
    }

    #[test]
    fn a_touch_on_gliding_content_is_no_tap() {
        let mut r = Recognizer::new(16.0);
        assert_eq!(r.feed(Pointer::Down(0, 1.0, 1.0), ms(0), true), None);
        assert_eq!(r.feed(Pointer::Up(0, 1.0, 1.0), ms(50), false), Some(Gesture::Release));
    }

    proptest! {
        #[test]
        fn within_the_slop_it_is_always_a_tap(x in 0.0..2000f32, y in 0.0..2000f32, dx in -11.0..11f32, dy in -11.0..11f32, steps in 0..20u64) {
            let mut r = Recognizer::new(16.0);
            r.feed(Pointer::Down(7, x, y), ms(0), false);
            for i in 0..steps {
                let part = i as f32 / 20.0;
                prop_assert_eq!(r.feed(Pointer::Move(7, x + dx * part, y + dy * part), ms(i), false), None);
            }
            prop_assert_eq!(r.feed(Pointer::Up(7, x + dx, y + dy), ms(60), false), Some(Gesture::Tap(x, y)));
        }

        #[test]
        fn nothing_a_finger_does_breaks_it(ops in proptest::collection::vec((0..4u8, 0..3u64, any::<f32>(), any::<f32>(), 0..5000u64, any::<bool>()), 0..60)) {
            let mut r = Recognizer::new(16.0);
            for (kind, finger, x, y, at, gliding) in ops {
                let pointer = match kind {
                    0 => Pointer::Down(finger, x, y),
                    1 => Pointer::Move(finger, x, y),
                    2 => Pointer::Up(finger, x, y),
                    _ => Pointer::Cancel(finger),
                };
                match r.feed(pointer, ms(at), gliding) {
                    Some(Gesture::Fling(speed)) => prop_assert!(speed.abs() <= FASTEST),
                    Some(Gesture::Tap(x, y)) => prop_assert!(x.is_finite() && y.is_finite()),
                    _ => {}
                }
            }
        }
    }
}
