//! The fault badge of a wall: a few amber pixels in its upper right corner, for those who know.

use super::paint;
use crate::{
    config::Screen,
    edition::Faults,
    scene::{Colour, Placed, Primitive, Rect},
};

const AMBER: Colour = Colour::rgb(0xff, 0xa0, 0x20);
/// Canvas pixels for one of the badge's side, and the least and greatest side.
const CANVAS_PIXELS_PER_SIDE: f32 = 120.0;
const SIDE_PIXELS: (f32, f32) = (3.0, 9.0);

/// A full square for the config, a hollow one for feeds; each within a dark rim, so that it shows on any ground.
pub(super) fn placed(screen: &Screen, faults: Faults) -> Option<Placed> {
    let marks: Vec<bool> =
        [(faults.is_here(), true), (faults.is_at_sources(), false)].into_iter().filter(|m| m.0).map(|m| m.1).collect();
    if marks.is_empty() || !screen.fault_badge {
        return None;
    }
    let (width, height) = (screen.width as f32, screen.height as f32);
    let side = (width.min(height) / CANVAS_PIXELS_PER_SIDE).round().clamp(SIDE_PIXELS.0, SIDE_PIXELS.1);
    let (step, tall) = (side + 1.0, side + 2.0);
    let wide = step * marks.len() as f32 + 1.0;
    let mut primitives = vec![Primitive::fill(Rect::new(0.0, 0.0, wide, tall), Colour::BLACK)];
    for (i, full) in marks.into_iter().enumerate() {
        let square = Rect::new(1.0 + step * i as f32, 1.0, side, side);
        primitives.push(Primitive::fill(square, AMBER));
        if !full {
            let line = (side / 3.0).floor();
            let hole = Rect::new(square.x + line, square.y + line, side - 2.0 * line, side - 2.0 * line);
            primitives.push(Primitive::fill(hole, Colour::BLACK));
        }
    }
    let area = Rect::new(width - wide, 0.0, wide, tall);
    Some(paint::still(paint::layer(wide, tall, primitives), area))
}
