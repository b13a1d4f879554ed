//! The frame rule, checked.

use super::{Glide, Layer, Motion, Placed, Rect, Scene, frame};
use crate::{config::Effect, schedule::SpeedStep, time::FrameTime};
use proptest::prelude::*;
use std::{sync::Arc, time::Duration};

const SECOND: Duration = Duration::from_secs(1);

fn scene(motion: Motion) -> Scene {
    let layer = Arc::new(Layer { width: 200, height: 100, ..Layer::default() });
    let placed = Placed { layer, x: 10, y: 20, clip: Rect::new(10.0, 20.0, 200.0, 100.0), motion };
    Scene { width: 400, height: 300, refresh: 60, placed: vec![placed], ..Scene::default() }
}

fn at(frame: u64) -> FrameTime {
    FrameTime { frame, at: SECOND * u32::try_from(frame).unwrap() / 60 }
}

proptest! {
    #[test]
    fn a_ticker_moves_by_the_same_whole_pixels_each_step(pixels in 1u32..12, hold in 1u32..4, start in 0u64..1000) {
        let scene = scene(Motion::Ticker { step: SpeedStep { pixels, hold }, start: start as i64 });
        let mut x = None;
        for n in (start..).step_by(hold as usize).take(16) {
            let now = frame(&scene, at(n)).draws.first().map(|d| d.x);
            if let (Some(before), Some(now)) = (x, now) {
                prop_assert_eq!(before - now, pixels as i32);
            }
            x = now;
        }
        let next = scene.next_change(at(start)).unwrap();
        prop_assert_eq!(next.frame, start + u64::from(hold));
    }

    #[test]
    fn a_fling_stays_in_bounds_slows_down_and_ends(speed in -9000f64..9000.0, from in 0f64..1000.0) {
        let glide = Glide::Fling { from, speed, start: SECOND, min: 0.0, max: 1000.0 };
        let places: Vec<f64> = (0..600).map(|n| glide.at(SECOND + SECOND * n / 60)).collect();
        prop_assert!(places.iter().all(|p| (0.0..=1000.0).contains(p)));
        prop_assert!(places.windows(3).all(|w| (w[2] - w[1]).abs() <= (w[1] - w[0]).abs() + 0.01));
        prop_assert!(glide.ended(SECOND * 11));
        prop_assert_eq!(scene(Motion::Scroll(glide)).next_change(at(660)), None);
    }

    #[test]
    fn no_draw_leaves_its_clip_or_the_canvas(effect in 0usize..12, ms in 0u64..3000, cx in -50f32..350.0, w in 1f32..300.0) {
        let effect = EFFECTS[effect];
        for motion in [
            Motion::Enter { effect, start: SECOND, length: SECOND },
            Motion::Leave { effect, start: SECOND, length: SECOND },
        ] {
            let mut scene = scene(motion);
            let clip = Rect::new(cx.round(), 30.0, w.round(), 60.0);
            scene.placed[0].clip = clip;
            for draw in frame(&scene, FrameTime { frame: 0, at: Duration::from_millis(ms) }).draws {
                let [x, y, w, h] = draw.clip.map(|v| v as f32);
                prop_assert!(w >= 1.0 && h >= 1.0 && x + w <= 400.0 && y + h <= 300.0);
                prop_assert!(x >= clip.x && x + w <= clip.x + clip.w && y >= clip.y && y + h <= clip.y + clip.h);
            }
        }
    }
}

#[test]
fn an_opening_one_pixel_wide_stays_within_its_clip() {
    let mut scene = scene(Motion::Leave { effect: Effect::Open, start: SECOND, length: SECOND });
    scene.placed[0].clip = Rect::new(95.0, 30.0, 1.0, 60.0);
    for ms in (0..=3000).step_by(50) {
        let draws = frame(&scene, FrameTime { frame: 0, at: Duration::from_millis(ms) }).draws;
        assert!(draws.iter().all(|draw| draw.clip == [95, 30, 1, 60]), "{ms}: {draws:?}");
    }
}

const EFFECTS: [Effect; 12] = [
    Effect::Still,
    Effect::Left,
    Effect::Right,
    Effect::Up,
    Effect::Down,
    Effect::Blink,
    Effect::CoverLeft,
    Effect::CoverRight,
    Effect::Open,
    Effect::Close,
    Effect::Fade,
    Effect::Type,
];

#[test]
fn every_effect_ends_with_the_whole_content_standing() {
    for effect in EFFECTS {
        let scene = scene(Motion::Enter { effect, start: SECOND, length: SECOND });
        let draws = frame(&scene, FrameTime { frame: 0, at: SECOND * 2 }).draws;
        let area: u32 = draws.iter().map(|d| d.clip[2] * d.clip[3]).sum();
        assert_eq!(area, 20_000, "{effect:?}");
        assert!(draws.iter().all(|d| (d.x, d.y, d.veil) == (10, 20, 0.0)), "{effect:?}");
        let ends = scene.next_change(FrameTime { frame: 0, at: SECOND * 2 }).is_none();
        assert_eq!(ends, effect != Effect::Blink, "{effect:?}");
    }
}

#[test]
fn what_stands_never_asks_for_another_frame() {
    assert_eq!(scene(Motion::Still).next_change(at(0)), None);
}
