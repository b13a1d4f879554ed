//! The ladder of ticker speeds: a whole number of pixels every presented frame.

/// How a ticker advances: `pixels` every `hold` presented frames. One of the two is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpeedStep {
    /// Whole pixels a step, at least 1.
    pub pixels: u32,
    /// Presented frames between steps, at least 1.
    pub hold: u32,
}

impl SpeedStep {
    /// The speed at a refresh rate in hertz, in pixels per second.
    pub fn speed(self, refresh: u32) -> f32 {
        refresh as f32 * self.pixels as f32 / self.hold.max(1) as f32
    }

    /// Pixels advanced after `frames` presented frames. Neighbours that count the same frames agree.
    pub fn advanced(self, frames: u64) -> u64 {
        (frames / u64::from(self.hold.max(1))).saturating_mul(u64::from(self.pixels))
    }
}

/// Frames one step is held at most: slower looks like a stutter, not like movement.
const HOLD_MAX: u32 = 3;
/// Pixels one step moves at most.
const PIXELS_MAX: u32 = 256;

/// The step of the ladder nearest to `px_per_s` at `refresh` hertz: refresh/3, refresh/2, refresh, 2·refresh, … (at
/// 60 Hz: 20, 30, 60, 120, 180 … px/s). Between two equally near ones the slower, which reads better.
pub fn snap_speed(refresh: u32, px_per_s: f32) -> SpeedStep {
    let refresh = refresh.max(1);
    let per_frame = if px_per_s.is_finite() { px_per_s / refresh as f32 } else { 1.0 };
    let slow = (1..=HOLD_MAX).rev().map(|hold| SpeedStep { pixels: 1, hold });
    // The cast saturates; what is not a pixel yet is covered by the held steps.
    let below = (per_frame.floor() as u32).clamp(1, PIXELS_MAX);
    let fast = [below, (below + 1).min(PIXELS_MAX)].map(|pixels| SpeedStep { pixels, hold: 1 });
    let mut best = SpeedStep { pixels: 1, hold: HOLD_MAX };
    let distance = |s: SpeedStep| (s.pixels as f32 / s.hold as f32 - per_frame).abs();
    for step in slow.chain(fast) {
        if distance(step) < distance(best) {
            best = step;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ladder_at_60_hz() {
        let speed = |px| snap_speed(60, px).speed(60);
        for (asked, plays) in
            [(1.0, 20.0), (24.0, 20.0), (28.0, 30.0), (50.0, 60.0), (100.0, 120.0), (120.0, 120.0), (160.0, 180.0)]
        {
            assert_eq!(speed(asked), plays, "{asked}");
        }
        assert_eq!(speed(90.0), 60.0);
        assert_eq!(snap_speed(60, 24.0), SpeedStep { pixels: 1, hold: 3 });
    }

    proptest! {
        #[test]
        fn no_rung_is_nearer(refresh in 24_u32..240, asked in 0.0_f32..6000.0) {
            let step = snap_speed(refresh, asked);
            prop_assert!(step.pixels >= 1 && step.hold >= 1 && (step.pixels == 1 || step.hold == 1));
            let got = (step.speed(refresh) - asked).abs();
            let rungs = (1..=3).map(|hold| SpeedStep { pixels: 1, hold })
                .chain((1..=256).map(|pixels| SpeedStep { pixels, hold: 1 }));
            for rung in rungs {
                prop_assert!(got <= (rung.speed(refresh) - asked).abs() + 0.01, "{:?} is nearer than {:?}", rung, step);
            }
        }

        #[test]
        fn every_step_is_the_same(refresh in 24_u32..240, asked in 1.0_f32..2000.0, frame in 0_u64..1_000_000) {
            let step = snap_speed(refresh, asked);
            let moved = step.advanced(frame + u64::from(step.hold)) - step.advanced(frame);
            prop_assert_eq!(moved, u64::from(step.pixels));
        }
    }
}
