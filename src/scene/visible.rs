//! Which notices can be seen in a frame, and when that next changes.
//!
//! A layer that says a notice is marked with it where it is built, so the mark and the pixels are of one edition. What can
//! be seen is read off the frame's draws, after every motion, effect and scissor: that which was presented, not that
//! which was meant to be. Between two changes of a scene only its motions matter, so that most frames are not looked at.

use super::{
    frame::{Draw, Frame},
    layer::{Placed, Scene},
    motion::{self, Motion},
    primitive::{Primitive, Rect},
};
use crate::{model::NoticeVersion, time::FrameTime};

impl Frame {
    /// The notices of which at least a pixel lies within the `width` by `height` pixels that the display shows of the
    /// canvas, each once, in order; in place of what `out` held.
    pub fn visible_notices(&self, [width, height]: [u32; 2], out: &mut Vec<NoticeVersion>) {
        out.clear();
        let display = Rect::new(0.0, 0.0, width as f32, height as f32);
        for (index, draw) in self.draws.iter().enumerate() {
            if draw.layer.notices.is_empty() || draw.veil >= 1.0 {
                continue;
            }
            let [x, y, w, h] = draw.clip.map(|side| side as f32);
            let seen = Rect::new(x, y, w, h).intersect(&display);
            let above = self.draws.get(index + 1..).unwrap_or_default();
            for mark in &draw.layer.notices {
                let area = mark.area.moved(draw.x as f32, draw.y as f32).intersect(&seen);
                if !area.is_empty() && !above.iter().any(|draw| covers(draw, &area)) {
                    out.push(mark.notice);
                }
            }
        }
        out.sort_unstable();
        out.dedup();
    }
}

/// Whether a draw leaves nothing to be seen of an area below it: one opaque shape lies over all of it.
fn covers(draw: &Draw, area: &Rect) -> bool {
    let [x, y, w, h] = draw.clip.map(|side| side as f32);
    let clip = Rect::new(x, y, w, h);
    let is_opaque = |primitive: &Primitive| match primitive {
        Primitive::Shape { rect, fill, radii, .. } => {
            let is_whole = radii.iter().all(|radius| *radius <= 0.0) && fill.is_opaque();
            is_whole && rect.moved(draw.x as f32, draw.y as f32).intersect(&clip).intersect(area) == *area
        }
        _ => false,
    };
    draw.veil <= 0.0 && clip.intersect(area) == *area && draw.layer.primitives.iter().any(is_opaque)
}

impl Scene {
    /// The next frame after `now` in which other notices may be seen than at `now`, as far as this scene goes; `None`
    /// where that never changes.
    pub fn next_visibility(&self, now: FrameTime) -> Option<FrameTime> {
        let marked = self.placed.iter().filter(|placed| !placed.layer.notices.is_empty());
        marked.filter_map(|placed| placed.next_visibility(now, self)).min_by_key(|t| (t.at, t.frame))
    }
}

impl Placed {
    fn next_visibility(&self, now: FrameTime, scene: &Scene) -> Option<FrameTime> {
        let Motion::Ticker { step, start } = self.motion else {
            // An effect ends soon, and what stands never changes.
            return self.motion.next_change(now, scene.refresh);
        };
        let presented = motion::presented(now, start);
        let moved = step.advanced(presented);
        let canvas = Rect::new(0.0, 0.0, scene.width as f32, scene.height as f32);
        let clip = self.clip.intersect(&canvas);
        let edges = self.layer.notices.iter().flat_map(|mark| {
            let left = self.x as f32 + mark.area.x;
            // Pixels moved from which on its first pixel is in, and its last one out.
            [left - clip.x - clip.w + 1.0, left + mark.area.w - clip.x]
        });
        let next = edges.map(|edge| edge.ceil().max(0.0) as u64).filter(|edge| *edge > moved).min()?;
        let (hold, pixels) = (u64::from(step.hold.max(1)), u64::from(step.pixels.max(1)));
        let wait = (next.div_ceil(pixels) * hold).saturating_sub(presented).max(1);
        let at = std::time::Duration::from_secs_f64(wait as f64 / f64::from(scene.refresh.max(1)));
        Some(FrameTime { frame: now.frame + wait, at: now.at + at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Effect,
        model::NoticeId,
        scene::{Colour, Layer, NoticeMark, frame},
        schedule::SpeedStep,
    };
    use proptest::prelude::*;
    use std::{sync::Arc, time::Duration};

    const REFRESH: u32 = 60;

    fn notice(id: i64) -> NoticeVersion {
        NoticeVersion { id: NoticeId(id), version: 1 }
    }

    fn at(frame: u64) -> FrameTime {
        FrameTime { frame, at: Duration::from_nanos(frame * 1_000_000_000 / u64::from(REFRESH)) }
    }

    fn scene(placed: Vec<Placed>) -> Scene {
        Scene { width: 100, height: 40, refresh: REFRESH, placed, ..Scene::default() }
    }

    fn placed(x: i32, clip: Rect, motion: Motion, marks: &[(i64, Rect)]) -> Placed {
        let notices = marks.iter().map(|(id, area)| NoticeMark { notice: notice(*id), area: *area }).collect();
        let layer = Arc::new(Layer { width: 400, height: 40, notices, ..Layer::default() });
        Placed { layer, x, y: 0, clip, motion }
    }

    fn visible(scene: &Scene, now: FrameTime, display: [u32; 2]) -> Vec<i64> {
        let mut out = Vec::new();
        frame(scene, now).visible_notices(display, &mut out);
        out.into_iter().map(|notice| notice.id.0).collect()
    }

    const ALL: [u32; 2] = [100, 40];

    #[test]
    fn an_item_of_a_line_is_seen_from_its_first_pixel_in_to_its_last_pixel_out() {
        let clip = Rect::new(10.0, 0.0, 80.0, 40.0);
        let marks = [(1, Rect::new(0.0, 0.0, 30.0, 40.0)), (2, Rect::new(200.0, 0.0, 50.0, 40.0))];
        let motion = Motion::Ticker { step: SpeedStep { pixels: 1, hold: 1 }, start: 0 };
        let scene = scene(vec![placed(10, clip, motion, &marks)]);
        assert_eq!(visible(&scene, at(29), ALL), [1]);
        assert_eq!(visible(&scene, at(30), ALL), [0; 0]);
        assert_eq!(visible(&scene, at(120), ALL), [0; 0]);
        assert_eq!(visible(&scene, at(121), ALL), [2], "210 - 121 = 89, the last column of the zone");
        assert_eq!(visible(&scene, at(249), ALL), [2]);
        assert_eq!(visible(&scene, at(250), ALL), [0; 0]);
        let changes: Vec<u64> =
            std::iter::successors(Some(at(0)), |now| scene.next_visibility(*now)).map(|t| t.frame).collect();
        assert_eq!(changes, [0, 30, 121, 250]);
    }

    proptest! {
        #[test]
        fn what_can_be_seen_changes_in_no_frame_but_those_said(
            x in -150_i32..150, pixels in 1_u32..9, hold in 1_u32..4, start in -50_i64..50,
            left in 0_u8..60, width in 1_u8..80,
            marks in prop::collection::vec((0_u8..200, 1_u8..120), 1..4),
        ) {
            let clip = Rect::new(left.into(), 0.0, width.into(), 40.0);
            let areas: Vec<_> = (1..).zip(&marks).map(|(id, (x, w))| {
                (id, Rect::new((*x).into(), 0.0, (*w).into(), 40.0))
            }).collect();
            let motion = Motion::Ticker { step: SpeedStep { pixels, hold }, start };
            let scene = scene(vec![placed(x, clip, motion, &areas)]);
            let mut look = Some(at(60));
            let mut known = Vec::new();
            for n in 60..700 {
                let now = visible(&scene, at(n), ALL);
                if look.is_some_and(|look| look.frame <= n) {
                    known.clone_from(&now);
                    look = scene.next_visibility(at(n));
                }
                prop_assert_eq!(&now, &known, "frame {}", n);
            }
        }
    }

    #[test]
    fn what_comes_in_by_an_effect_is_seen_once_it_is_uncovered() {
        let clip = Rect::new(0.0, 0.0, 100.0, 40.0);
        let marks = [(1, Rect::new(0.0, 0.0, 40.0, 20.0)), (2, Rect::new(0.0, 20.0, 40.0, 20.0))];
        let length = Duration::from_millis(500);
        let motion = |effect| Motion::Enter { effect, start: Duration::from_millis(500), length };
        let left = scene(vec![placed(0, clip, motion(Effect::CoverRight), &marks)]);
        assert_eq!(visible(&left, at(0), ALL), [0; 0]);
        assert_eq!(visible(&left, at(45), ALL), [1, 2]);
        assert_eq!(left.next_visibility(at(0)).map(|t| t.at), Some(Duration::from_millis(500)));
        assert!(left.next_visibility(at(90)).is_none());
        let up = scene(vec![placed(0, clip, motion(Effect::Up), &marks)]);
        assert_eq!(visible(&up, at(31), ALL), [1], "the upper one first");
    }

    #[test]
    fn what_lies_outside_the_window_or_below_an_opaque_shape_is_not_seen() {
        let clip = Rect::new(0.0, 0.0, 100.0, 40.0);
        let marks = [(1, Rect::new(0.0, 0.0, 40.0, 20.0)), (2, Rect::new(60.0, 20.0, 40.0, 20.0))];
        let below = placed(0, clip, Motion::Still, &marks);
        assert_eq!(visible(&scene(vec![below.clone()]), at(0), [50, 40]), [1], "a smaller window");
        let over = |colour, rect| {
            let primitives = vec![Primitive::fill(rect, colour)];
            let layer = Arc::new(Layer { width: 100, height: 40, primitives, ..Layer::default() });
            scene(vec![below.clone(), Placed { layer, x: 0, y: 0, clip, motion: Motion::Still }])
        };
        let whole = Rect::new(0.0, 0.0, 50.0, 40.0);
        assert_eq!(visible(&over(Colour::WHITE, whole), at(0), ALL), [2]);
        assert_eq!(visible(&over(Colour::WHITE.alpha(0.9), whole), at(0), ALL), [1, 2]);
        assert_eq!(visible(&over(Colour::WHITE, Rect::new(0.0, 0.0, 30.0, 40.0)), at(0), ALL), [1, 2]);
    }
}
