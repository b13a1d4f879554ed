//! What stands still on one target: drawn once into a texture, then laid under what moves.
//!
//! A wall with a ticker redraws every frame, and most of what it shows is the same as in the frame before. Draws that
//! stood still for a whole window of frames are drawn into a texture as large as the part of the canvas they cover;
//! from then on a frame is that texture and the few draws that move. The pixels are the same either way.

use super::{
    Gpu,
    picture::Pictures,
    shape::{self, Recipe},
};
use crate::scene::{Colour, Draw, Frame, Layer, area as size, common, overlap};
use std::sync::{Arc, Weak};

/// A draw that stood still. The weak handle keeps the layer's address from being given to another.
struct Still {
    layer: Weak<Layer>,
    x: i32,
    y: i32,
    clip: [u32; 4],
}

impl Still {
    fn of(draw: &Draw) -> Self {
        Self { layer: Arc::downgrade(&draw.layer), x: draw.x, y: draw.y, clip: draw.clip }
    }

    fn is(&self, draw: &Draw) -> bool {
        std::ptr::eq(self.layer.as_ptr(), Arc::as_ptr(&draw.layer))
            && (self.x, self.y, self.clip) == (draw.x, draw.y, draw.clip)
            && draw.veil <= 0.0
            && draw.surfaces == 0
    }
}

/// What was drawn into the texture.
struct Baked {
    stills: Vec<Still>,
    canvas: [u32; 2],
    /// What of the canvas it covers, `[x, y, w, h]`.
    area: [u32; 4],
    background: Colour,
    view: wgpu::TextureView,
    group: wgpu::BindGroup,
}

/// What stands still on one target.
#[derive(Default)]
pub struct Backdrop {
    baked: Option<Baked>,
    /// Draws that have stood still since the window began.
    candidates: Vec<Still>,
    /// Frames since the window began.
    age: u32,
    /// Frames until the next window begins, as long as there is a texture.
    rest: u32,
    /// Indices of the frame's draws that the texture does not hold.
    moving: Vec<usize>,
}

/// How a frame is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Every draw is drawn: no texture is in use.
    Whole,
    /// The texture is drawn first, from all draws but the moving ones; then as [`Plan::Laid`].
    Bake,
    /// The texture, then the moving draws.
    Laid,
}

impl Backdrop {
    /// Frames a draw must stand still: long enough that what a finger moves is left alone.
    const STILL_FRAMES: u32 = 60;
    /// Frames between two windows while a texture is in use: what has come to rest since then is in no hurry.
    const REVIEW_FRAMES: u32 = 240;
    /// Draws below which a texture is not worth its memory.
    const MIN_DRAWS: usize = 2;

    /// Decides how a frame is drawn.
    pub(super) fn plan(&mut self, gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat, frame: &Frame) -> Plan {
        let usable = self.baked.as_ref().is_some_and(|baked| {
            baked.canvas == [frame.width, frame.height]
                && baked.background == frame.background
                && sort(&baked.stills, frame, &mut self.moving)
        });
        if !usable {
            (self.baked, self.rest) = (None, 0);
        }
        if self.rest > 0 {
            self.rest -= 1;
            return Plan::Laid;
        }
        if !self.watch(frame) {
            return if usable { Plan::Laid } else { Plan::Whole };
        }
        if usable {
            self.rest = Self::REVIEW_FRAMES;
        }
        let stills = steady(&self.candidates, frame);
        // A canvas that is drawn in parts has no texture that could hold it.
        if frame.width.max(frame.height) > gpu.max_size() {
            return Plan::Whole;
        }
        let held = self.baked.as_ref().map_or(Self::MIN_DRAWS - 1, |baked| baked.stills.len());
        if stills.len() <= held || !mostly_still(&stills, frame) || !sort(&stills, frame, &mut self.moving) {
            return if usable { Plan::Laid } else { Plan::Whole };
        }
        self.baked = Some(baked(gpu, pictures, format, frame, stills));
        Plan::Bake
    }

    /// Lets the texture go: it was planned and never drawn.
    pub(super) fn forget(&mut self) {
        (self.baked, self.rest) = (None, 0);
    }

    /// Indices of the frame's draws that move, in order; for the plan last made.
    pub(super) fn moving(&self) -> &[usize] {
        &self.moving
    }

    /// The texture to draw into, and what of the canvas it covers.
    pub(super) fn texture(&self) -> Option<(&wgpu::TextureView, [u32; 4])> {
        self.baked.as_ref().map(|baked| (&baked.view, baked.area))
    }

    /// The texture that stands below what moves, and what of the canvas it covers.
    pub(super) fn finished(&self) -> Option<(&wgpu::BindGroup, [u32; 4])> {
        self.baked.as_ref().map(|baked| (&baked.group, baked.area))
    }

    /// Strikes out the candidates that moved. `true` once a window is over.
    fn watch(&mut self, frame: &Frame) -> bool {
        if self.age == 0 {
            self.candidates =
                frame.draws.iter().filter(|draw| draw.veil <= 0.0 && draw.surfaces == 0).map(Still::of).collect();
        } else {
            let mut draws = frame.draws.iter();
            let mut rest = draws.clone();
            self.candidates.retain(|still| {
                let found = draws.by_ref().any(|draw| still.is(draw));
                if found {
                    rest = draws.clone()
                } else {
                    draws = rest.clone()
                }
                found
            });
        }
        self.age = (self.age + 1) % Self::STILL_FRAMES;
        self.age == 0
    }
}

/// The candidates that may lie under all that moves: those that cover nothing that moves.
fn steady(candidates: &[Still], frame: &Frame) -> Vec<Still> {
    let (mut stills, mut movers) = (Vec::new(), Vec::<[u32; 4]>::new());
    let mut candidates = candidates.iter().peekable();
    for draw in &frame.draws {
        let still = candidates.next_if(|still| still.is(draw)).is_some();
        if still && !movers.iter().any(|mover| overlap(*mover, draw.clip)) {
            stills.push(Still::of(draw));
        } else {
            movers.push(draw.clip);
        }
    }
    stills
}

/// The smallest rectangle `[x, y, w, h]` around the stills.
fn around(stills: &[Still]) -> [u32; 4] {
    let sides = stills.iter().map(|still| {
        let [x, y, w, h] = still.clip;
        [x, y, x + w, y + h]
    });
    let joined = |a: [u32; 4], b: [u32; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    let [left, top, right, bottom] = sides.reduce(joined).unwrap_or_default();
    [left, top, right - left, bottom - top]
}

/// Whether something moves, and over less than half of what the stills cover: a texture for less saves little and
/// costs its memory.
fn mostly_still(stills: &[Still], frame: &Frame) -> bool {
    let area = around(stills);
    let mut next = stills.iter().peekable();
    let movers = frame.draws.iter().filter(|draw| next.next_if(|still| still.is(draw)).is_none());
    let moving: u64 = movers.map(|mover| size(common(mover.clip, area))).sum();
    stills.len() < frame.draws.len() && moving * 2 < size(area)
}

/// Sorts the frame's draws into those the texture holds and `moving`. `false` where the texture is no longer right:
/// one it holds is gone, or now covers something that moves.
fn sort(stills: &[Still], frame: &Frame, moving: &mut Vec<usize>) -> bool {
    moving.clear();
    let mut next = stills.iter().peekable();
    for (index, draw) in frame.draws.iter().enumerate() {
        if next.next_if(|still| still.is(draw)).is_none() {
            moving.push(index);
            continue;
        }
        let mut before = moving.iter().filter_map(|&mover| frame.draws.get(mover));
        if before.any(|mover| overlap(mover.clip, draw.clip)) {
            return false;
        }
    }
    next.next().is_none()
}

fn baked(gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat, frame: &Frame, stills: Vec<Still>) -> Baked {
    let (canvas, area) = ([frame.width, frame.height], around(&stills));
    let [width, height] = [area[2].max(1), area[3].max(1)];
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("backdrop"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
        view_formats: &[],
    });
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let group = pictures.group(gpu, &view, true);
    Baked { stills, canvas, area, background: frame.background, view, group }
}

/// Lays a texture over the whole viewport, nothing blended.
pub(super) fn pipeline(gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let recipe = Recipe { source: include_str!("backdrop.wgsl"), instance: None, group: Some(pictures.layout()) };
    shape::pipeline_of(gpu, format, &recipe)
}
