//! Where a pass draws at the moment: the viewport and the scissor, both on the canvas.

use super::Gpu;
use crate::scene::{PixelRect, area, common};

/// Where the pass draws at the moment.
pub(super) struct Place {
    /// The device's largest side, pixels.
    max: u32,
    /// The canvas point at the target's upper left corner.
    origin: [u32; 2],
    /// Nothing is drawn outside of it; canvas pixels, all of them within the target.
    seen: PixelRect,
    viewport: Option<[i32; 4]>,
    scissor: Option<PixelRect>,
}

impl Place {
    /// A pass over a target that shows this part of the canvas.
    pub(super) fn within(gpu: &Gpu, part: PixelRect) -> Self {
        Self { max: gpu.max_size(), origin: [part[0], part[1]], seen: part, viewport: None, scissor: None }
    }

    /// From now on nothing is drawn outside this part of the canvas, which lies within the target.
    pub(super) fn look_at(&mut self, part: PixelRect) {
        self.seen = part;
    }

    /// Moves to a body `[x, y, w, h]` and clips, both on the canvas; `false` where nothing would be seen.
    pub(super) fn set(&mut self, pass: &mut wgpu::RenderPass<'_>, body: [i32; 4], clip: PixelRect) -> bool {
        let [from_x, from_y] = self.origin;
        let clip = common(clip, self.seen);
        let body = [body[0].saturating_sub_unsigned(from_x), body[1].saturating_sub_unsigned(from_y), body[2], body[3]];
        if area(clip) == 0 || !self.allowed(body) {
            return false;
        }
        if self.viewport != Some(body) {
            let [x, y, w, h] = body.map(|side| side as f32);
            pass.set_viewport(x, y, w, h, 0.0, 1.0);
            self.viewport = Some(body);
        }
        let scissor = [clip[0] - from_x, clip[1] - from_y, clip[2], clip[3]];
        if self.scissor != Some(scissor) {
            pass.set_scissor_rect(scissor[0], scissor[1], scissor[2], scissor[3]);
            self.scissor = Some(scissor);
        }
        true
    }

    /// Moves to what is seen of a rectangle, which whatever is drawn next fills.
    pub(super) fn fill(&mut self, pass: &mut wgpu::RenderPass<'_>, rect: PixelRect) -> bool {
        let seen = common(rect, self.seen);
        self.set(pass, seen.map(|side| i32::try_from(side).unwrap_or(i32::MAX)), seen)
    }

    /// Whether the device takes a viewport; one that it does not take would spoil the whole picture.
    fn allowed(&self, [x, y, w, h]: [i32; 4]) -> bool {
        let max = i64::from(self.max);
        let side = |at: i32, length: i32| {
            let (at, length) = (i64::from(at), i64::from(length));
            length > 0 && length <= max && at >= -2 * max && at + length < 2 * max
        };
        side(x, w) && side(y, h)
    }
}
