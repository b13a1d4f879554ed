//! Where scrolled content stands. Content is a column of sections; those never seen have estimated heights, and what is on
//! screen stays where it is when an estimate is corrected. To find what is seen costs the same however many there are.

use crate::scene::Glide;
use std::{ops::Range, time::Duration};

/// How long a turn of the wheel takes to run out.
const WHEEL: Duration = Duration::from_millis(140);

/// A scroll position over sections, one below the other. Positions are `f64`: they are exact to the pixel however long the
/// content is.
#[derive(Debug, Clone)]
pub struct Scroller {
    glide: Glide,
    /// Top edge of each section, and at the end the height of all content; from 0 on, whole pixels.
    tops: Vec<f64>,
    view: f64,
}

impl Default for Scroller {
    fn default() -> Self {
        Self { glide: Glide::Rest(0.0), tops: vec![0.0], view: 0.0 }
    }
}

/// The height a section of about `height` pixels takes.
fn whole(height: f32) -> f64 {
    f64::from(height.ceil().max(1.0))
}

impl Scroller {
    /// Sets the sections' heights and the height of the opening they are seen through, pixels. The position stays, and what
    /// moves goes on within the new bounds.
    pub fn set(&mut self, heights: &[f32], view: f32, now: Duration) {
        let view = f64::from(view.max(0.0));
        let is_same = view == self.view && heights.len() == self.count() && {
            let held = self.tops.windows(2).filter_map(|pair| pair.last().zip(pair.first()));
            held.zip(heights).all(|((bottom, top), height)| bottom - top == whole(*height))
        };
        if is_same {
            return;
        }
        self.tops.truncate(1);
        self.tops.reserve_exact(heights.len());
        self.add(heights);
        self.view = view;
        self.bound(now);
    }

    fn add(&mut self, heights: &[f32]) {
        let mut top = self.content();
        for height in heights {
            top += whole(*height);
            self.tops.push(top);
        }
    }

    /// Holds what moves within the bounds.
    fn bound(&mut self, now: Duration) {
        let bottom = self.max();
        match &mut self.glide {
            Glide::Rest(at) => *at = at.clamp(0.0, bottom),
            Glide::Fling { max, .. } => *max = bottom,
            Glide::Ease { to, .. } => *to = to.clamp(0.0, bottom),
        }
        let at = self.at(now);
        if at > bottom {
            self.glide = Glide::Rest(bottom);
        }
    }

    /// Height of all content, pixels.
    pub fn content(&self) -> f64 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    /// Height of the opening, pixels.
    pub fn view(&self) -> f64 {
        self.view
    }

    /// The lowest position, pixels.
    pub fn max(&self) -> f64 {
        (self.content() - self.view).max(0.0)
    }

    /// The position, pixels.
    pub fn at(&self, now: Duration) -> f64 {
        self.glide.at(now)
    }

    /// How it moves.
    pub fn glide(&self) -> Glide {
        self.glide
    }

    /// Whether it moves by itself.
    pub fn gliding(&self, now: Duration) -> bool {
        !self.glide.ended(now)
    }

    /// Stands still where it is.
    pub fn stop(&mut self, now: Duration) {
        self.glide = Glide::Rest(self.at(now).round());
    }

    /// Goes to a position at once, held within the bounds.
    pub fn jump(&mut self, to: f64) {
        self.glide = Glide::Rest(to.clamp(0.0, self.max()));
    }

    /// Stands so many pixels further down, and what moves goes on there: the content above grew by as much. The bounds are
    /// those that [`Scroller::set`] sets next.
    pub fn shift(&mut self, by: f64) {
        match &mut self.glide {
            Glide::Rest(at) => *at += by,
            Glide::Fling { from, max, .. } => {
                *from += by;
                *max += by;
            }
            Glide::Ease { from, to, .. } => {
                *from += by;
                *to += by;
            }
        }
    }

    /// Follows a finger: pixels the content moves down.
    pub fn drag(&mut self, by: f32, now: Duration) {
        let to = self.at(now) - f64::from(by);
        self.jump(to);
    }

    /// Runs on at a speed, pixels per second.
    pub fn fling(&mut self, speed: f32, start: Duration) {
        let (from, max) = (self.at(start), self.max());
        self.glide = Glide::Fling { from, speed: speed.into(), start, min: 0.0, max };
    }

    /// Answers a wheel: pixels the content goes up.
    pub fn wheel(&mut self, by: f32, start: Duration) {
        let from = self.at(start);
        let aim = match self.glide {
            Glide::Ease { to, .. } if self.gliding(start) => to,
            _ => from,
        };
        let to = (aim + f64::from(by)).clamp(0.0, self.max());
        self.glide = if to == from { Glide::Rest(from) } else { Glide::Ease { from, to, start, length: WHEEL } };
    }

    /// Top edge of a section in the content, pixels; of one that is not there, the end of the content.
    pub fn top(&self, section: usize) -> f64 {
        self.tops.get(section).copied().unwrap_or_else(|| self.content())
    }

    /// The sections seen at an instant, with `margin` pixels more on both sides.
    pub fn seen(&self, now: Duration, margin: f64) -> Range<usize> {
        let at = self.at(now);
        self.sections(at - margin, at + self.view + margin)
    }

    /// The sections seen where the motion under way ends.
    pub fn seen_at_rest(&self) -> Range<usize> {
        let at = self.glide.at(Duration::MAX);
        self.sections(at, at + self.view)
    }

    /// The sections of which something stands between two positions.
    fn sections(&self, from: f64, to: f64) -> Range<usize> {
        let bottoms = self.tops.get(1..).unwrap_or_default();
        let first = bottoms.partition_point(|bottom| *bottom <= from);
        let end = self.tops.partition_point(|top| *top < to).min(self.count());
        first.min(end)..end
    }

    /// Corrects a section's height. What is below the upper edge of the opening stays on screen where it is.
    pub fn correct(&mut self, section: usize, height: f32, now: Duration) {
        let (top, bottom) = (self.top(section), self.top(section + 1));
        let by = f64::from(height) - (bottom - top);
        if section >= self.count() || by.abs() < 0.01 {
            return;
        }
        if let Some(below) = self.tops.get_mut(section + 1..) {
            below.iter_mut().for_each(|top| *top += by);
        }
        let shift = if bottom <= self.glide.at(now) { by } else { 0.0 };
        let lowest = self.max();
        self.glide = match self.glide {
            Glide::Rest(at) => Glide::Rest((at + shift).clamp(0.0, lowest)),
            Glide::Fling { from, speed, start, min, .. } => {
                Glide::Fling { from: from + shift, speed, start, min, max: lowest }
            }
            Glide::Ease { from, to, start, length } => {
                Glide::Ease { from: from + shift, to: (to + shift).clamp(0.0, lowest), start, length }
            }
        };
    }

    /// Sections there are.
    pub fn count(&self) -> usize {
        self.tops.len().saturating_sub(1)
    }

    /// Puts sections in place of the last one, which stood for all of them. What is seen stays, and what moves goes on.
    pub fn replace_last(&mut self, heights: &[f32], now: Duration) {
        if self.count() > 0 {
            self.tops.pop();
        }
        self.add(heights);
        self.bound(now);
    }

    /// When the opening first shows something outside `top..bottom`, looking at most `ahead` far.
    pub fn leaves(&self, top: f64, bottom: f64, now: Duration, ahead: Duration) -> Option<Duration> {
        let outside = |t: Duration| {
            let at = self.at(t);
            (at < top && top > 0.0) || (at + self.view > bottom && bottom < self.content())
        };
        if outside(now) {
            return Some(now);
        }
        if self.glide.ended(now) || !outside(now + ahead) {
            return None;
        }
        // Positions go one way only, so halving finds the instant.
        let (mut early, mut late) = (now, now + ahead);
        for _ in 0..14 {
            let middle = early + (late - early) / 2;
            if outside(middle) {
                late = middle;
            } else {
                early = middle;
            }
        }
        Some(early)
    }

    /// The scrollbar's thumb in a track `length` pixels long: its length, and how it moves. `None`: nothing to scroll.
    pub fn thumb(&self, length: f32, least: f32) -> Option<(f32, Glide)> {
        let (length, least) = (f64::from(length), f64::from(least));
        let (content, max) = (self.content(), self.max());
        if max < 1.0 {
            return None;
        }
        let thumb = (length * self.view / content).max(least).min(length);
        let ratio = (length - thumb) / max;
        let glide = match self.glide {
            Glide::Rest(at) => Glide::Rest(-at * ratio),
            Glide::Fling { from, speed, start, min, max } => {
                Glide::Fling { from: -from * ratio, speed: -speed * ratio, start, min: -max * ratio, max: -min * ratio }
            }
            Glide::Ease { from, to, start, length } => {
                Glide::Ease { from: -from * ratio, to: -to * ratio, start, length }
            }
        };
        Some((thumb as f32, glide))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(5);

    fn scroller(sections: usize) -> Scroller {
        let mut s = Scroller::default();
        s.set(&vec![100.0; sections], 250.0, NOW);
        s
    }

    #[test]
    fn what_is_seen_stays_when_an_estimate_above_is_corrected() {
        let mut s = scroller(100);
        s.jump(5_050.0);
        let before = s.top(51) - s.at(NOW);
        s.correct(10, 180.0, NOW);
        assert_eq!(s.top(51) - s.at(NOW), before);
        s.correct(60, 10.0, NOW);
        assert_eq!(s.top(51) - s.at(NOW), before);
    }

    #[test]
    fn sections_in_place_of_the_last_let_a_fling_go_on() {
        let mut s = scroller(10);
        s.fling(4_000.0, NOW);
        let before = s.at(NOW + Duration::from_millis(50));
        s.replace_last(&[80.0; 100], NOW);
        assert_eq!((s.count(), s.content()), (109, 900.0 + 8_000.0));
        assert_eq!(s.at(NOW + Duration::from_millis(50)), before);
        assert!(s.at(NOW + Duration::from_secs(3)) > 1_000.0, "it was held at the old end");
    }

    #[test]
    fn says_when_a_fling_leaves_what_is_built() {
        let mut s = scroller(1000);
        s.jump(1_000.0);
        s.fling(4_000.0, NOW);
        let left = s.leaves(500.0, 1_500.0, NOW, Duration::from_secs(4)).expect("it leaves");
        assert!((s.at(left) - 1_250.0).abs() < 3.0, "{}", s.at(left));
        assert_eq!(s.leaves(0.0, 100_000.0, NOW, Duration::from_secs(4)), None);
    }

    #[test]
    fn a_million_rows_are_seen_few_at_a_time() {
        let s = scroller(10_000);
        assert_eq!(s.seen(NOW, 0.0), 0..3);
        assert!(s.thumb(300.0, 40.0).is_some_and(|(length, _)| length == 40.0));
    }

    #[test]
    fn a_position_is_exact_however_long_the_content_is() {
        // 200,000 rows of 168 pixels, twice over: past the 24 bits of an `f32`.
        let mut s = Scroller::default();
        s.set(&vec![1_008.0; 66_667], 1_400.0, NOW);
        s.jump(60_000_001.0);
        for _ in 0..5 {
            let (at, section) = (s.at(NOW), s.seen(NOW, 0.0).start);
            s.drag(-1.0, NOW);
            assert_eq!(s.at(NOW), at + 1.0);
            assert_eq!(s.top(section), section as f64 * 1_008.0);
        }
        s.fling(600.0, NOW);
        let places: Vec<f64> = (0..60).map(|n| s.at(NOW + Duration::from_millis(n))).collect();
        let steps: Vec<f64> = places.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(steps.iter().all(|step| *step > 0.4 && *step < 0.61), "{steps:?}");
    }

    #[test]
    fn what_moves_goes_on_where_content_above_grows() {
        let mut s = scroller(100);
        s.jump(5_000.0);
        s.fling(3_000.0, NOW);
        let later = NOW + Duration::from_millis(80);
        let before = s.at(later);
        s.shift(168.0);
        s.set(&[&[168.0][..], &[100.0; 100]].concat(), 250.0, NOW);
        assert_eq!(s.at(later), before + 168.0);
        assert!(s.gliding(later));
    }

    proptest::proptest! {
        #[test]
        fn what_is_seen_is_what_stands_in_the_opening(
            heights in proptest::collection::vec(0f32..300.0, 0..40), at in -50f64..4_000.0, margin in 0f64..200.0,
        ) {
            let mut s = Scroller::default();
            s.set(&heights, 250.0, NOW);
            s.jump(at);
            let (from, to) = (s.at(NOW) - margin, s.at(NOW) + 250.0 + margin);
            let stands = |i: &usize| s.top(*i) < to && s.top(i + 1) > from;
            let all: Vec<usize> = (0..heights.len()).filter(stands).collect();
            proptest::prop_assert_eq!(s.seen(NOW, margin).collect::<Vec<_>>(), all);
        }
    }
}
