//! Pixels in main memory, as a display takes them.

use crate::scene::{PixelRect, common};

/// A window's pixels in main memory: `0x..RRGGBB` each, top row first. The highest byte means nothing.
#[derive(Debug)]
pub struct Pixels<'a> {
    /// `size[0] * size[1]` of them.
    pub data: &'a mut [u32],
    /// Across and down.
    pub size: [u32; 2],
    /// Pictures presented since these pixels were last presented: 1 where they hold the last picture, 0 where they hold
    /// nothing that can be built on.
    pub age: u8,
}

impl Pixels<'_> {
    /// All of them.
    pub fn all(&self) -> PixelRect {
        [0, 0, self.size[0], self.size[1]]
    }

    /// `width` pixels from a place on; none where they do not fit.
    pub(super) fn row(&mut self, x: u32, y: u32, width: u32) -> &mut [u32] {
        let start = y as usize * self.size[0] as usize + x as usize;
        let fits = x.saturating_add(width) <= self.size[0];
        self.data.get_mut(start..start + width as usize).filter(|_| fits).unwrap_or_default()
    }

    /// Paints what of a rectangle lies within in one colour.
    pub(super) fn fill(&mut self, rect: PixelRect, colour: u32) {
        let [x, y, w, h] = common(rect, self.all());
        (y..y + h).for_each(|y| self.row(x, y, w).fill(colour));
    }
}
