//! What is to be drawn until something changes: layers, each in its place.

use super::{
    motion::Motion,
    primitive::{Colour, Primitive, Rect},
    surface::SurfaceSlot,
};
use crate::{model::NoticeVersion, time::FrameTime};
use std::sync::Arc;

/// Part of a layer that says a notice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoticeMark {
    /// The notice and which of its versions.
    pub notice: NoticeVersion,
    /// Where it stands, layer pixels.
    pub area: Rect,
}

/// Primitives that are prepared together and moved as one. Shapes and pictures are drawn in order, then all
/// texts over them. Immutable; whoever draws it keeps what it prepared for as long as the `Arc` lives.
#[derive(Debug, Default)]
pub struct Layer {
    /// Pixels across; at most [`Layer::MAX_PIXELS`].
    pub width: u32,
    /// Pixels down; at most [`Layer::MAX_PIXELS`].
    pub height: u32,
    /// What it holds, in layer pixels from its upper left corner.
    pub primitives: Vec<Primitive>,
    /// Which notices it says where, for the proof of showing.
    pub notices: Vec<NoticeMark>,
}

impl Layer {
    /// The slots of its surfaces.
    pub fn slots(&self) -> impl Iterator<Item = &Arc<SurfaceSlot>> {
        self.primitives.iter().filter_map(|primitive| match primitive {
            Primitive::Surface { slot, .. } => Some(slot),
            _ => None,
        })
    }

    /// The largest layer every GPU in use takes, in pixels.
    pub const MAX_PIXELS: u32 = 4096;
}

/// A layer in its place.
#[derive(Debug, Clone)]
pub struct Placed {
    /// What is drawn; the same `Arc` from scene to scene while it does not change.
    pub layer: Arc<Layer>,
    /// Its left edge on the canvas at rest, pixels.
    pub x: i32,
    /// Its top edge on the canvas at rest, pixels.
    pub y: i32,
    /// Nothing of it is drawn outside, canvas pixels.
    pub clip: Rect,
    /// How it moves from its place of rest.
    pub motion: Motion,
}

/// All that one screen shows until something changes.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// Canvas pixels across.
    pub width: u32,
    /// Canvas pixels down.
    pub height: u32,
    /// Refresh rate, hertz.
    pub refresh: u32,
    /// Behind everything, opaque.
    pub background: Colour,
    /// The layers, lowest first.
    pub placed: Vec<Placed>,
}

impl Scene {
    /// The slots of all surfaces.
    pub fn slots(&self) -> impl Iterator<Item = &Arc<SurfaceSlot>> {
        self.placed.iter().flat_map(|placed| placed.layer.slots())
    }

    /// When the picture next differs from the one at `now`; `None` where nothing moves.
    pub fn next_change(&self, now: FrameTime) -> Option<FrameTime> {
        self.placed.iter().filter_map(|p| p.motion.next_change(now, self.refresh)).min_by_key(|t| (t.at, t.frame))
    }
}
