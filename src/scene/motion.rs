//! How a placed layer moves: pure functions of frame time.

use crate::{config::Effect, schedule::SpeedStep, time::FrameTime};
use std::time::Duration;

/// How a placed layer moves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Motion {
    /// Stands.
    #[default]
    Still,
    /// Goes left by whole pixels, counted in presented frames.
    Ticker {
        /// Pixels and frames of one step.
        step: SpeedStep,
        /// The frame at which it stands at its place of rest; one before the first where a clock it shares says so.
        start: i64,
    },
    /// Goes up by a scroll position in pixels.
    Scroll(Glide),
    /// Content coming in by an effect; before `start` it is not drawn (but for 固定), after it stands.
    Enter {
        /// The operator's effect that brings it in.
        effect: Effect,
        /// When it begins, time since the program's epoch.
        start: Duration,
        /// How long it takes.
        length: Duration,
    },
    /// Content pushed out by the effect that brings in the next; drawn as it was before `start`, gone after.
    Leave {
        /// The effect that brings in the next content.
        effect: Effect,
        /// When it begins, time since the program's epoch.
        start: Duration,
        /// How long it takes.
        length: Duration,
    },
}

/// A scroll position over time, in pixels; bigger is further down the content. In `f64`: content may be hundreds of millions
/// of pixels high, and an `f64` goes by steps of two from the seventeenth million on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Glide {
    /// Stands at this position.
    Rest(f64),
    /// Runs out by friction: exponential decay of the speed, held within the bounds.
    Fling {
        /// Position at `start`.
        from: f64,
        /// Pixels per second at `start`.
        speed: f64,
        /// When it begins, time since the program's epoch.
        start: Duration,
        /// Lowest position, where it stops.
        min: f64,
        /// Highest position, where it stops.
        max: f64,
    },
    /// Eases from one position to another (cubic, slow at the end).
    Ease {
        /// Position at `start`.
        from: f64,
        /// Position at the end.
        to: f64,
        /// When it begins, time since the program's epoch.
        start: Duration,
        /// How long it takes.
        length: Duration,
    },
}

impl Glide {
    /// Time constant of the friction, seconds: the speed falls to 1/e in it.
    const FRICTION_SECONDS: f64 = 0.325;
    /// A fling slower than this has ended, pixels per second.
    const MIN_FLING_SPEED: f64 = 12.0;

    /// Position at an instant.
    pub fn at(&self, now: Duration) -> f64 {
        match *self {
            Self::Rest(at) => at,
            Self::Fling { from, speed, start, min, max } => {
                let t = now.saturating_sub(start).min(self.length());
                let run = speed * Self::FRICTION_SECONDS * (1.0 - (-t.as_secs_f64() / Self::FRICTION_SECONDS).exp());
                (from + run).clamp(min, max.max(min))
            }
            Self::Ease { from, to, start, length } => {
                from + (to - from) * f64::from(ease(progress(now, start, length)))
            }
        }
    }

    /// Speed at an instant, pixels per second; 0 once it has ended.
    pub fn speed(&self, now: Duration) -> f64 {
        match *self {
            Self::Fling { speed, start, .. } if !self.ended(now) => {
                speed * (-now.saturating_sub(start).as_secs_f64() / Self::FRICTION_SECONDS).exp()
            }
            _ => 0.0,
        }
    }

    /// Whether it stands from now on.
    pub fn ended(&self, now: Duration) -> bool {
        match *self {
            Self::Rest(_) => true,
            Self::Fling { start, speed, min, max, .. } => {
                let at = self.at(now);
                let stuck = (speed > 0.0 && at >= max) || (speed < 0.0 && at <= min);
                stuck || now.saturating_sub(start) >= self.length()
            }
            Self::Ease { start, length, .. } => now.saturating_sub(start) >= length,
        }
    }

    fn length(&self) -> Duration {
        match *self {
            Self::Rest(_) => Duration::ZERO,
            Self::Fling { speed, .. } => {
                let fold = (speed.abs() / Self::MIN_FLING_SPEED).max(1.0).ln();
                Duration::from_secs_f64(fold * Self::FRICTION_SECONDS)
            }
            Self::Ease { length, .. } => length,
        }
    }
}

impl Motion {
    /// When the layer next looks other than at `now`; `None` where it stands.
    pub fn next_change(&self, now: FrameTime, refresh: u32) -> Option<FrameTime> {
        let frame = Duration::from_secs_f64(1.0 / f64::from(refresh.max(1)));
        let next = FrameTime { frame: now.frame + 1, at: now.at + frame };
        match *self {
            Self::Still => None,
            Self::Ticker { step, start } => {
                let hold = u64::from(step.hold.max(1));
                let wait = hold - presented(now, start) % hold;
                let at = now.at + frame * u32::try_from(wait).unwrap_or(1);
                Some(FrameTime { frame: now.frame + wait, at })
            }
            Self::Scroll(glide) => (!glide.ended(now.at)).then_some(next),
            Self::Enter { effect: Effect::Blink, start, .. } => {
                let past = now.at.saturating_sub(start).as_millis() as u64 % BLINK_MS;
                let wait = Duration::from_millis(BLINK_MS / 2 - past % (BLINK_MS / 2));
                Some(FrameTime { frame: now.frame + 1, at: now.at + wait })
            }
            Self::Enter { start, length, .. } | Self::Leave { start, length, .. } => {
                if now.at < start {
                    Some(FrameTime { frame: now.frame + 1, at: start })
                } else {
                    (now.at < start + length).then_some(next)
                }
            }
        }
    }
}

/// Frames a ticker has been presented since its start.
pub(super) fn presented(now: FrameTime, start: i64) -> u64 {
    u64::try_from(i128::from(now.frame) - i128::from(start)).unwrap_or_default()
}

/// One on and off of 闪烁, milliseconds.
pub(super) const BLINK_MS: u64 = 1000;

/// How far an effect has come, 0 to 1.
pub(super) fn progress(now: Duration, start: Duration, length: Duration) -> f32 {
    if length.is_zero() {
        return if now >= start { 1.0 } else { 0.0 };
    }
    (now.saturating_sub(start).as_secs_f32() / length.as_secs_f32()).min(1.0)
}

/// Cubic ease-out.
pub(super) fn ease(t: f32) -> f32 {
    1.0 - (1.0 - t).powi(3)
}
