//! Draws frames in one pixel format: prepares each layer once, then only moves it.

use super::{
    Backdrop, Drawing, FrameStats, Gpu, GpuError, Target,
    backdrop::{self, Plan},
    layer::PreparedLayer,
    picture::Pictures,
    pipelines::Pipelines,
    place::Place,
    shape::ShapeQuad,
    textures::Textures,
    tiles::Tiles,
    words::{AtlasFull, AtlasSlot, Words, has_words},
};
use crate::{
    scene::{Colour, Draw, Frame, Layer, PixelRect, PixelRegion, Rect, common, overlap},
    text::Shaper,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What draws on targets of one pixel format: pipelines, glyphs and prepared layers.
pub(super) struct FormatRenderer {
    pipelines: Pipelines,
    backdrops: wgpu::RenderPipeline,
    pub(super) words: Words,
    format: wgpu::TextureFormat,
    /// By the address of the layer.
    pub(super) layers: FxHashMap<usize, PreparedLayer>,
    /// The background and the veils of this picture.
    cover: Vec<ShapeQuad>,
    /// What the buffer holds of them.
    cover_written: Vec<ShapeQuad>,
    cover_buffer: wgpu::Buffer,
    cover_room: usize,
    /// Pictures drawn since the start, by which what is unused is let go.
    count: u64,
}

/// How the atlas makes room before a layer is given up, in order.
#[derive(Clone, Copy, PartialEq)]
enum Attempt {
    AsIs,
    Trimmed,
    Emptied,
}

impl FormatRenderer {
    /// Pictures after which a layer that lives but is not drawn is let go.
    const MAX_UNSEEN_FRAMES: u64 = 3600;
    /// Pictures after which layers that a backdrop holds are seen to again.
    const BACKDROP_CHECK_FRAMES: u64 = 64;

    /// With nothing prepared yet.
    pub(super) fn new(gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat) -> Self {
        let cover_room = 4;
        Self {
            pipelines: Pipelines::new(gpu, pictures, format),
            backdrops: backdrop::pipeline(gpu, pictures, format),
            words: Words::new(gpu, format),
            format,
            layers: FxHashMap::default(),
            cover: Vec::with_capacity(cover_room),
            cover_written: Vec::with_capacity(cover_room),
            cover_buffer: cover_buffer(gpu, cover_room),
            cover_room,
            count: 0,
        }
    }

    /// How many layers are held ready to be drawn.
    pub(super) fn layers(&self) -> usize {
        self.layers.len()
    }

    /// Draws a frame and shows it. The canvas stands 1:1 at the target's upper left corner, black outside.
    pub(super) fn render<T: Target>(
        &mut self,
        gpu: &Gpu,
        textures: &mut Textures,
        shaper: &mut Shaper,
        frame: &Frame,
        target: &mut T,
    ) -> Result<FrameStats, GpuError> {
        self.count += 1;
        self.words.count();
        let plan = target.backdrop().plan(gpu, &textures.pictures, self.format, frame);
        // What the backdrop holds need not be looked up in every frame.
        let is_brief =
            plan == Plan::Laid && !self.count.is_multiple_of(Self::BACKDROP_CHECK_FRAMES) && !self.words.moving();
        let selection = DrawSelection { frame, only: is_brief.then(|| target.backdrop().moving()), within: None };
        let prepared_layers = self.ready(gpu, textures, shaper, &selection);
        let drawing = target.begin(gpu).inspect_err(|_| {
            if plan == Plan::Bake {
                target.backdrop().forget();
            }
        })?;
        self.write_cover(gpu, frame);
        let backdrop = target.backdrop();
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        if plan == Plan::Bake {
            self.bake(gpu, textures, frame, backdrop, &mut encoder);
        }
        let backdrop_in_use = (plan != Plan::Whole).then_some(&*backdrop);
        let draws = self.encode(gpu, textures, frame, (&drawing, backdrop_in_use), &mut encoder);
        gpu.queue.submit([encoder.finish()]);
        if let Some(texture) = drawing.present {
            target.presents();
            gpu.queue.present(texture);
        }
        if gpu.lost() { Err(GpuError::Lost) } else { Ok(FrameStats { draws, prepared_layers }) }
    }

    /// Encodes what of a frame lies in a region, over what the tiles held there; the rest of them stays as it is.
    pub(super) fn update(
        &mut self,
        gpu: &Gpu,
        textures: &mut Textures,
        shaper: &mut Shaper,
        frame: &Frame,
        (tiles, region): (&Tiles, &PixelRegion),
        encoder: &mut wgpu::CommandEncoder,
    ) -> FrameStats {
        self.count += 1;
        self.words.count();
        let selection = DrawSelection { frame, only: None, within: Some(region) };
        let prepared_layers = self.ready(gpu, textures, shaper, &selection);
        self.write_cover(gpu, frame);
        let mut draws = 0;
        for tile in tiles.tiles() {
            let mut parts = region.rects().iter().map(|rect| common(*rect, tile.area)).filter(|[.., w, h]| w * h > 0);
            let Some(first) = parts.next() else { continue };
            let is_whole = first == tile.area;
            let clear = is_whole.then_some(frame.background);
            let mut pass = pass(encoder, &tile.view, clear);
            let mut place = Place::within(gpu, tile.area);
            for part in std::iter::once(first).chain(parts) {
                place.look_at(part);
                if !is_whole && place.fill(&mut pass, part) {
                    draws += self.draw_cover(&mut pass, 0);
                }
                draws += self.draw_all(
                    textures,
                    &mut pass,
                    &mut place,
                    &DrawSelection { frame, only: None, within: None },
                    part,
                );
            }
        }
        FrameStats { draws, prepared_layers }
    }

    /// Prepares what is drawn, and now and then lets go of what is not. Returns the layers that had to be prepared.
    fn ready(&mut self, gpu: &Gpu, textures: &mut Textures, shaper: &mut Shaper, selection: &DrawSelection<'_>) -> u32 {
        let prepared = self.prepare(gpu, &mut textures.pictures, shaper, selection);
        if prepared > 0 || self.count.is_multiple_of(256) {
            self.sweep();
            textures.sweep();
        }
        let slots = selection.draws().filter(|draw| draw.surfaces > 0).flat_map(|draw| draw.layer.slots());
        slots.for_each(|slot| textures.surfaces.update(gpu, &textures.pictures, slot));
        prepared
    }

    fn prepare(
        &mut self,
        gpu: &Gpu,
        pictures: &mut Pictures,
        shaper: &mut Shaper,
        selection: &DrawSelection<'_>,
    ) -> u32 {
        let (mut prepared, mut is_ready) = (0, true);
        for draw in selection.draws() {
            if let Some(known) = self.layers.get_mut(&address(&draw.layer)) {
                known.seen = self.count;
                is_ready &= known.words.as_ref().is_none_or(|own| self.words.slot_of(own) == AtlasSlot::Current);
            } else {
                if prepared == 0 {
                    self.words.tidy(gpu);
                }
                let mut layer = PreparedLayer::new(gpu, pictures, &draw.layer);
                layer.seen = self.count;
                self.layers.insert(address(&draw.layer), layer);
                prepared += 1;
            }
        }
        if is_ready && prepared == 0 {
            return 0;
        }
        for attempt in [Attempt::AsIs, Attempt::Trimmed, Attempt::Emptied] {
            match attempt {
                Attempt::AsIs => {}
                Attempt::Trimmed => self.words.trim(),
                Attempt::Emptied => self.words.reset(gpu),
            }
            match self.prepare_words(gpu, shaper, selection, attempt) {
                Ok(count) => return prepared.max(count),
                Err(AtlasFull) => tracing::debug!("the glyph atlas is full; making room"),
            }
        }
        prepared
    }

    /// Prepares the words that are missing. On the last attempt, layers that do not fit are left without.
    fn prepare_words(
        &mut self,
        gpu: &Gpu,
        shaper: &mut Shaper,
        selection: &DrawSelection<'_>,
        attempt: Attempt,
    ) -> Result<u32, AtlasFull> {
        let (mut prepared, mut has_moved) = (0, false);
        for draw in selection.draws() {
            let Some(layer) = self.layers.get_mut(&address(&draw.layer)) else { continue };
            match layer.words.as_ref().map(|own| self.words.slot_of(own)) {
                None if !has_words(&draw.layer) => continue,
                Some(AtlasSlot::Current) => continue,
                // One with each picture, so that none is late for it.
                Some(AtlasSlot::Previous) if std::mem::replace(&mut has_moved, true) => continue,
                _ => {}
            }
            let (words, done) = self.words.prepare(gpu, shaper, &draw.layer, layer.words.take());
            layer.words = Some(words);
            prepared += 1;
            if done.is_err() {
                if attempt != Attempt::Emptied {
                    return Err(AtlasFull);
                }
                tracing::warn!("too many different glyphs at once; some words are not shown");
            }
        }
        Ok(prepared)
    }

    /// Lets go of layers that are gone or long unseen.
    fn sweep(&mut self) {
        let (words, now) = (&mut self.words, self.count);
        self.layers.retain(|_, layer| {
            let kept = layer.layer.strong_count() > 0 && now.saturating_sub(layer.seen) < Self::MAX_UNSEEN_FRAMES;
            if let (false, Some(own)) = (kept, &layer.words) {
                words.drop_layer(own);
            }
            kept
        });
    }

    /// Writes the background's quad, then one quad for each veil. Each fills whatever viewport it is drawn in, as a
    /// canvas may be larger than any viewport.
    fn write_cover(&mut self, gpu: &Gpu, frame: &Frame) {
        let unit = |colour| ShapeQuad::plain(Rect::new(0.0, 0.0, 1.0, 1.0), colour, [1, 1]);
        self.cover.clear();
        self.cover.push(unit(frame.background));
        let veils = frame.draws.iter().filter(|draw| draw.veil > 0.0);
        self.cover.extend(veils.map(|draw| unit(frame.background.alpha(draw.veil))));
        if self.cover.len() > self.cover_room {
            self.cover_room = self.cover.len().next_power_of_two();
            self.cover_buffer = cover_buffer(gpu, self.cover_room);
            self.cover_written.clear();
        }
        // A write costs more than all else in a frame that only moves a line.
        if bytemuck::cast_slice::<_, u8>(&self.cover) != bytemuck::cast_slice::<_, u8>(&self.cover_written) {
            gpu.queue.write_buffer(&self.cover_buffer, 0, bytemuck::cast_slice(&self.cover));
            self.cover_written.clone_from(&self.cover);
        }
    }

    /// Draws what stands still into the backdrop's texture.
    fn bake(
        &self,
        gpu: &Gpu,
        textures: &Textures,
        frame: &Frame,
        backdrop: &Backdrop,
        encoder: &mut wgpu::CommandEncoder,
    ) {
        let Some((view, area)) = backdrop.texture() else { return };
        let mut pass = pass(encoder, view, Some(frame.background));
        let mut place = Place::within(gpu, area);
        for (index, draw) in frame.draws.iter().enumerate() {
            if backdrop.moving().binary_search(&index).is_err() {
                self.draw_layer(textures, &mut pass, &mut place, draw);
            }
        }
    }

    /// Encodes a frame: what is laid under it, or its background, and then its draws or those of them that move.
    fn encode(
        &self,
        gpu: &Gpu,
        textures: &Textures,
        frame: &Frame,
        (drawing, backdrop): (&Drawing, Option<&Backdrop>),
        encoder: &mut wgpu::CommandEncoder,
    ) -> u32 {
        let canvas = [0, 0, frame.width, frame.height];
        let background = backdrop.and_then(Backdrop::finished);
        let is_covered = background.is_some_and(|(_, area)| area == canvas);
        let selection = DrawSelection { frame, only: backdrop.map(Backdrop::moving), within: None };
        let mut draws = 0;
        for (view, area) in &drawing.parts {
            let part = common(*area, canvas);
            let beyond = part != *area;
            let clear = if beyond { Colour::BLACK } else { frame.background };
            let mut pass = pass(encoder, view, Some(clear));
            let mut place = Place::within(gpu, *area);
            place.look_at(part);
            if beyond && !is_covered && place.fill(&mut pass, part) {
                draws += self.draw_cover(&mut pass, 0);
            }
            if let Some((group, area)) = background
                && place.set(&mut pass, area.map(|side| side as i32), area)
            {
                pass.set_pipeline(&self.backdrops);
                pass.set_bind_group(0, group, &[]);
                pass.draw(0..4, 0..1);
                draws += 1;
            }
            draws += self.draw_all(textures, &mut pass, &mut place, &selection, part);
        }
        draws
    }

    /// Draws the layers that are selection and meet a part of the canvas, each with its veil.
    fn draw_all(
        &self,
        textures: &Textures,
        pass: &mut wgpu::RenderPass<'_>,
        place: &mut Place,
        selection: &DrawSelection<'_>,
        part: PixelRect,
    ) -> u32 {
        let (mut draws, mut veils) = (0, 0);
        for draw in selection.draws() {
            veils += u64::from(draw.veil > 0.0);
            if !overlap(draw.clip, part) {
                continue;
            }
            draws += self.draw_layer(textures, pass, place, draw);
            if draw.veil > 0.0 && place.fill(pass, draw.clip) {
                draws += self.draw_cover(pass, veils);
            }
        }
        draws
    }

    fn draw_layer(&self, textures: &Textures, pass: &mut wgpu::RenderPass<'_>, place: &mut Place, draw: &Draw) -> u32 {
        let Some(layer) = self.layers.get(&address(&draw.layer)) else { return 0 };
        let body = [draw.x, draw.y, draw.layer.width as i32, draw.layer.height as i32];
        if !place.set(pass, body, draw.clip) {
            return 0;
        }
        layer.draw(pass, &self.pipelines, &textures.surfaces, &self.words)
    }

    /// Draws one quad of the cover: 0 the background, then the veils in order.
    fn draw_cover(&self, pass: &mut wgpu::RenderPass<'_>, index: u64) -> u32 {
        pass.set_pipeline(&self.pipelines.shapes);
        pass.set_vertex_buffer(0, self.cover_buffer.slice(index * ShapeQuad::SIZE..));
        pass.draw(0..4, 0..1);
        1
    }
}

/// Those of a frame's draws that are drawn one by one.
struct DrawSelection<'a> {
    frame: &'a Frame,
    /// Indices of the draws; `None` for all.
    only: Option<&'a [usize]>,
    /// Only those that meet this; `None` for all.
    within: Option<&'a PixelRegion>,
}

impl<'a> DrawSelection<'a> {
    fn draws(&self) -> impl Iterator<Item = &'a Draw> {
        let (frame, within) = (self.frame, self.within);
        let some = self.only.map(|only| only.iter().filter_map(|&index| frame.draws.get(index)));
        let all = self.only.is_none().then(|| frame.draws.iter());
        let draws = some.into_iter().flatten().chain(all.into_iter().flatten());
        draws
            .filter(move |draw| within.is_none_or(|region| region.rects().iter().any(|rect| overlap(*rect, draw.clip))))
    }
}

/// A pass over a view that is cleared, or goes on with what it holds.
fn pass<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    view: &wgpu::TextureView,
    clear: Option<Colour>,
) -> wgpu::RenderPass<'a> {
    let load = clear.map_or(wgpu::LoadOp::Load, |colour| wgpu::LoadOp::Clear(opaque(colour)));
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
        })],
        ..Default::default()
    })
}

pub(super) fn address(layer: &Arc<Layer>) -> usize {
    Arc::as_ptr(layer).addr()
}

fn opaque(colour: Colour) -> wgpu::Color {
    let [r, g, b] = [colour.r, colour.g, colour.b].map(|c| f64::from(c) / 255.0);
    wgpu::Color { r, g, b, a: 1.0 }
}

fn cover_buffer(gpu: &Gpu, room: usize) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("cover"),
        size: room as u64 * ShapeQuad::SIZE,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
