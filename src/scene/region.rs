//! A set of pixels, as rectangles that do not overlap.

/// A rectangle of whole pixels, `[x, y, w, h]`.
pub type PixelRect = [u32; 4];

/// What both rectangles cover; of no size where they do not meet.
pub fn common(a: PixelRect, b: PixelRect) -> PixelRect {
    let (left, top) = (a[0].max(b[0]), a[1].max(b[1]));
    let right = a[0].saturating_add(a[2]).min(b[0].saturating_add(b[2]));
    let bottom = a[1].saturating_add(a[3]).min(b[1].saturating_add(b[3]));
    [left, top, right.saturating_sub(left), bottom.saturating_sub(top)]
}

/// Pixels of a rectangle.
pub fn area([_, _, w, h]: PixelRect) -> u64 {
    u64::from(w) * u64::from(h)
}

/// Whether two rectangles share a pixel.
pub fn overlap(a: PixelRect, b: PixelRect) -> bool {
    area(common(a, b)) > 0
}

/// A set of pixels, as rectangles that do not overlap. Beyond [`PixelRegion::MAX_RECTS`] of them it becomes the one rectangle
/// around all, so that work on it stays bounded: it may hold more than was put in, never less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PixelRegion {
    rects: Vec<PixelRect>,
}

impl PixelRegion {
    /// Rectangles held at most.
    pub const MAX_RECTS: usize = 64;

    /// The pixels of one rectangle.
    pub fn of(rect: PixelRect) -> Self {
        let mut region = Self::default();
        region.add(rect);
        region
    }

    /// Its rectangles, none of them empty.
    pub fn rects(&self) -> &[PixelRect] {
        &self.rects
    }

    /// Whether it holds no pixel.
    pub fn is_empty(&self) -> bool {
        self.rects.is_empty()
    }

    /// Pixels it holds.
    pub fn pixels(&self) -> u64 {
        self.rects.iter().copied().map(area).sum()
    }

    /// Whether it holds the pixel.
    pub fn contains(&self, x: u32, y: u32) -> bool {
        self.rects.iter().any(|rect| overlap(*rect, [x, y, 1, 1]))
    }

    /// Empties it; its memory is kept.
    pub fn clear(&mut self) {
        self.rects.clear();
    }

    /// Adds the pixels of a rectangle.
    pub fn add(&mut self, rect: PixelRect) {
        if area(rect) == 0 {
            return;
        }
        let known = self.rects.len();
        self.rects.push(rect);
        // Only what is new of it is kept: the pieces stand behind those that were there before.
        for index in 0..known {
            let Some(cut) = self.rects.get(index).copied() else { break };
            self.cut(known, cut);
        }
        self.bound();
    }

    /// Adds the pixels of another region.
    pub fn add_all(&mut self, other: &Self) {
        other.rects.iter().for_each(|rect| self.add(*rect));
    }

    /// Takes the pixels of a rectangle out.
    pub fn remove(&mut self, rect: PixelRect) {
        self.cut(0, rect);
        self.bound();
    }

    /// Takes the pixels of another region out.
    pub fn remove_all(&mut self, other: &Self) {
        other.rects.iter().for_each(|rect| self.remove(*rect));
    }

    /// Keeps only the pixels within a rectangle.
    pub fn keep(&mut self, within: PixelRect) {
        self.rects.iter_mut().for_each(|rect| *rect = common(*rect, within));
        self.rects.retain(|rect| area(*rect) > 0);
    }

    /// The pixels that both hold; where these take too many rectangles, some that only one holds as well.
    pub fn meet(&self, other: &Self) -> Self {
        let mut both = Self::default();
        let pairs = self.rects.iter().flat_map(|rect| other.rects.iter().map(|other| common(*rect, *other)));
        both.rects.extend(pairs.filter(|rect| area(*rect) > 0));
        both.bound();
        both
    }

    /// Takes the rectangle out of those from the index on.
    fn cut(&mut self, from: usize, cut: PixelRect) {
        let mut index = from;
        let mut end = self.rects.len();
        while index < end {
            let Some(&rect) = self.rects.get(index) else { break };
            let both = common(rect, cut);
            if area(both) == 0 {
                index += 1;
                continue;
            }
            self.rects.remove(index);
            end -= 1;
            self.rects.extend(around(rect, both).into_iter().filter(|piece| area(*piece) > 0));
        }
    }

    fn bound(&mut self) {
        if self.rects.len() > Self::MAX_RECTS {
            let bounds = self.rects.iter().copied().reduce(joined);
            self.rects.clear();
            self.rects.extend(bounds);
        }
    }
}

/// The smallest rectangle around both.
fn joined(a: PixelRect, b: PixelRect) -> PixelRect {
    let (left, top) = (a[0].min(b[0]), a[1].min(b[1]));
    let (right, bottom) = ((a[0] + a[2]).max(b[0] + b[2]), (a[1] + a[3]).max(b[1] + b[3]));
    [left, top, right - left, bottom - top]
}

/// What of `rect` lies above, below, left and right of `hole` within it.
fn around(rect: PixelRect, hole: PixelRect) -> [PixelRect; 4] {
    let [x, y, w, h] = rect;
    let [hole_x, hole_y, hole_w, hole_h] = hole;
    [
        [x, y, w, hole_y - y],
        [x, hole_y + hole_h, w, y + h - hole_y - hole_h],
        [x, hole_y, hole_x - x, hole_h],
        [hole_x + hole_w, hole_y, x + w - hole_x - hole_w, hole_h],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIDE: u32 = 24;

    fn rect() -> impl Strategy<Value = PixelRect> {
        (0..SIDE, 0..SIDE, 0..12u32, 0..12u32).prop_map(|(x, y, w, h)| [x, y, w.min(SIDE - x), h.min(SIDE - y)])
    }

    fn pixels(region: &PixelRegion) -> Vec<bool> {
        (0..SIDE * SIDE).map(|i| region.contains(i % SIDE, i / SIDE)).collect()
    }

    proptest! {
        #[test]
        fn it_holds_what_was_added_and_not_removed(steps in prop::collection::vec((rect(), any::<bool>()), 0..9)) {
            let (mut region, mut expected) = (PixelRegion::default(), vec![false; (SIDE * SIDE) as usize]);
            for (rect, is_added) in steps {
                if is_added { region.add(rect) } else { region.remove(rect) }
                for (i, pixel) in expected.iter_mut().enumerate() {
                    let (x, y) = (i as u32 % SIDE, i as u32 / SIDE);
                    if overlap(rect, [x, y, 1, 1]) {
                        *pixel = is_added;
                    }
                }
                prop_assert_eq!(&pixels(&region), &expected);
                prop_assert_eq!(region.pixels(), expected.iter().filter(|p| **p).count() as u64, "none twice");
                prop_assert!(region.rects().iter().all(|r| area(*r) > 0));
            }
        }

        #[test]
        fn meeting_is_what_both_hold(a in prop::collection::vec(rect(), 0..5), b in prop::collection::vec(rect(), 0..5)) {
            let region = |rects: &[PixelRect]| {
                let mut region = PixelRegion::default();
                rects.iter().for_each(|r| region.add(*r));
                region
            };
            let (a, b) = (region(&a), region(&b));
            let expected: Vec<bool> = pixels(&a).iter().zip(pixels(&b)).map(|(a, b)| *a && b).collect();
            prop_assert_eq!(pixels(&a.meet(&b)), expected);
        }

        #[test]
        fn keeping_is_removing_the_rest(rects in prop::collection::vec(rect(), 0..8), within in rect()) {
            let mut region = PixelRegion::default();
            rects.iter().for_each(|r| region.add(*r));
            let before = pixels(&region);
            region.keep(within);
            let inside = pixels(&PixelRegion::of(within));
            let expected: Vec<bool> = before.iter().zip(inside).map(|(a, b)| *a && b).collect();
            prop_assert_eq!(pixels(&region), expected);
        }
    }

    #[test]
    fn it_stays_bounded_and_never_loses_a_pixel() {
        let mut region = PixelRegion::default();
        for i in 0..200 {
            region.add([i * 2, i % 7 * 3, 1, 2]);
            assert!(region.rects().len() <= PixelRegion::MAX_RECTS);
        }
        assert!((0..200).all(|i| region.contains(i * 2, i % 7 * 3 + 1)));
    }
}
