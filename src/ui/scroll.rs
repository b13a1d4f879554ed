//! Where scrolled content stands. Content is a column of chunks; those never seen have estimated heights, and what
//! is on screen stays where it is when an estimate is corrected.

use crate::scene::Glide;
use std::{ops::Range, time::Duration};

/// How long a turn of the wheel takes to run out.
const WHEEL: Duration = Duration::from_millis(140);

/// A scroll position over chunks.
#[derive(Debug, Clone)]
pub struct Scroller {
    glide: Glide,
    heights: Vec<f32>,
    view: f32,
}

impl Default for Scroller {
    fn default() -> Self {
        Self { glide: Glide::Rest(0.0), heights: Vec::new(), view: 0.0 }
    }
}

impl Scroller {
    /// Sets the chunks' heights and the height of the opening they are seen through, pixels; the position stays.
    pub fn set(&mut self, heights: Vec<f32>, view: f32, now: Duration) {
        let heights: Vec<f32> = heights.iter().map(|h| h.ceil().max(1.0)).collect();
        if heights == self.heights && view == self.view {
            return;
        }
        let at = self.at(now);
        self.heights = heights;
        self.view = view.max(0.0);
        self.glide = Glide::Rest(at.clamp(0.0, self.max()));
    }

    /// Height of all content, pixels.
    pub fn content(&self) -> f32 {
        self.heights.iter().sum()
    }

    /// Height of the opening, pixels.
    pub fn view(&self) -> f32 {
        self.view
    }

    /// The lowest position, pixels.
    pub fn max(&self) -> f32 {
        (self.content() - self.view).max(0.0)
    }

    /// The position, pixels.
    pub fn at(&self, now: Duration) -> f32 {
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
    pub fn jump(&mut self, to: f32) {
        self.glide = Glide::Rest(to.clamp(0.0, self.max()));
    }

    /// Follows a finger: pixels the content moves down.
    pub fn drag(&mut self, by: f32, now: Duration) {
        let to = self.at(now) - by;
        self.jump(to);
    }

    /// Runs on at a speed, pixels per second.
    pub fn fling(&mut self, speed: f32, start: Duration) {
        let (from, max) = (self.at(start), self.max());
        self.glide = Glide::Fling { from, speed, start, min: 0.0, max };
    }

    /// Answers a wheel: pixels the content goes up.
    pub fn wheel(&mut self, by: f32, start: Duration) {
        let from = self.at(start);
        let aim = match self.glide {
            Glide::Ease { to, .. } if self.gliding(start) => to,
            _ => from,
        };
        let to = (aim + by).clamp(0.0, self.max());
        self.glide = if to == from { Glide::Rest(from) } else { Glide::Ease { from, to, start, length: WHEEL } };
    }

    /// Top edge of a chunk in the content, pixels.
    pub fn top(&self, chunk: usize) -> f32 {
        self.heights.iter().take(chunk).sum()
    }

    /// The chunks seen at an instant, with `margin` pixels more on both sides.
    pub fn seen(&self, now: Duration, margin: f32) -> Range<usize> {
        let at = self.at(now);
        let (from, to) = (at - margin, at + self.view + margin);
        let (mut top, mut first, mut end) = (0.0, None, 0);
        for (i, height) in self.heights.iter().enumerate() {
            let bottom = top + height;
            if bottom > from && top < to {
                first.get_or_insert(i);
                end = i + 1;
            }
            top = bottom;
        }
        first.unwrap_or(end)..end
    }

    /// Corrects a chunk's height. What is below the upper edge of the opening stays on screen where it is.
    pub fn correct(&mut self, chunk: usize, height: f32, now: Duration) {
        let top = self.top(chunk);
        let Some(old) = self.heights.get_mut(chunk) else { return };
        let by = height - *old;
        if by.abs() < 0.01 {
            return;
        }
        let above = top + *old <= self.glide.at(now);
        *old = height;
        let (shift, bottom) = (if above { by } else { 0.0 }, self.max());
        self.glide = match self.glide {
            Glide::Rest(at) => Glide::Rest((at + shift).clamp(0.0, bottom)),
            Glide::Fling { from, speed, start, min, .. } => {
                Glide::Fling { from: from + shift, speed, start, min, max: bottom }
            }
            Glide::Ease { from, to, start, length } => {
                Glide::Ease { from: from + shift, to: (to + shift).clamp(0.0, bottom), start, length }
            }
        };
    }

    /// Chunks there are.
    pub fn count(&self) -> usize {
        self.heights.len()
    }

    /// Puts chunks in place of the last one, which stood for all of them. What is seen stays, and what moves goes on.
    pub fn replace_last(&mut self, heights: impl IntoIterator<Item = f32>) {
        self.heights.pop();
        self.heights.extend(heights.into_iter().map(|h| h.ceil().max(1.0)));
        let bottom = self.max();
        match &mut self.glide {
            Glide::Rest(at) => *at = at.clamp(0.0, bottom),
            Glide::Fling { max, .. } => *max = bottom,
            Glide::Ease { to, .. } => *to = to.clamp(0.0, bottom),
        }
    }

    /// When the opening first shows something outside `top..bottom`, looking at most `ahead` far.
    pub fn leaves(&self, top: f32, bottom: f32, now: Duration, ahead: Duration) -> Option<Duration> {
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
        Some((thumb, glide))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(5);

    fn scroller(chunks: usize) -> Scroller {
        let mut s = Scroller::default();
        s.set(vec![100.0; chunks], 250.0, NOW);
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
    fn chunks_in_place_of_the_last_let_a_fling_go_on() {
        let mut s = scroller(10);
        s.fling(4_000.0, NOW);
        let before = s.at(NOW + Duration::from_millis(50));
        s.replace_last(vec![80.0; 100]);
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
}
