//! Where two frames differ.

use super::{
    Draw, Frame, Primitive, Rect,
    region::{PixelRect, PixelRegion, common},
};
use std::sync::Arc;

impl Frame {
    /// Adds to `damage` where the pixels of this frame may differ from those of the one before: exact rectangles of
    /// what moved, came, went, faded or was cut otherwise. What changed its place among the layers counts as gone and
    /// come.
    pub fn damage(&self, before: &Self, damage: &mut PixelRegion) {
        self.damage_but(before, damage, |_| false);
    }

    /// The same, of all but the lines behind windows that `is_known` says someone else compares.
    pub fn damage_but(&self, before: &Self, damage: &mut PixelRegion, is_known: impl Fn(PixelRect) -> bool) {
        if (self.width, self.height, self.background) != (before.width, before.height, before.background) {
            damage.add([0, 0, self.width, self.height]);
            return;
        }
        let is_compared = |draw: &&Draw| !draw.window.is_some_and(&is_known);
        let mut old = before.draws.iter().filter(is_compared);
        for draw in self.draws.iter().filter(is_compared) {
            let mut rest = old.clone();
            if !rest.any(|other| Arc::ptr_eq(&other.layer, &draw.layer)) {
                damage.add(draw.clip);
                continue;
            }
            for other in old.by_ref() {
                if Arc::ptr_eq(&other.layer, &draw.layer) {
                    compare(other, draw, damage);
                    break;
                }
                damage.add(other.clip);
            }
        }
        old.for_each(|draw| damage.add(draw.clip));
    }

    /// Canvas pixels across and down.
    pub fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// Becomes the same as another, with as few counts of layers touched as can be.
    pub fn follow(&mut self, other: &Self) {
        (self.width, self.height, self.background) = (other.width, other.height, other.background);
        self.draws.truncate(other.draws.len());
        let known = self.draws.len();
        for (own, draw) in self.draws.iter_mut().zip(&other.draws) {
            if !Arc::ptr_eq(&own.layer, &draw.layer) {
                own.layer = Arc::clone(&draw.layer);
            }
            let Draw { layer: _, x, y, clip, veil, window, surfaces } = draw;
            (own.x, own.y, own.clip, own.veil) = (*x, *y, *clip, *veil);
            (own.window, own.surfaces) = (*window, *surfaces);
        }
        self.draws.extend(other.draws.iter().skip(known).cloned());
    }
}

/// Adds where one layer, drawn twice, looks different.
fn compare(before: &Draw, after: &Draw, damage: &mut PixelRegion) {
    if (before.x, before.y, before.veil) != (after.x, after.y, after.veil) {
        damage.add(before.clip);
        damage.add(after.clip);
    } else if before.clip != after.clip {
        let both = common(before.clip, after.clip);
        let mut changed = PixelRegion::default();
        changed.add(before.clip);
        changed.add(after.clip);
        changed.remove(both);
        damage.add_all(&changed);
    }
    if before.surfaces != after.surfaces {
        let rects = after.layer.primitives.iter().filter_map(|primitive| match primitive {
            Primitive::Surface { rect, .. } => Some(rect.moved(after.x as f32, after.y as f32)),
            _ => None,
        });
        rects.for_each(|rect| damage.add(common(outer(rect), after.clip)));
    }
}

/// The whole pixels that a rectangle touches.
fn outer(rect: Rect) -> PixelRect {
    let (left, top) = (rect.x.floor().max(0.0), rect.y.floor().max(0.0));
    let (right, bottom) = ((rect.x + rect.w).ceil().max(left), (rect.y + rect.h).ceil().max(top));
    [left, top, right - left, bottom - top].map(|side| side as u32)
}
