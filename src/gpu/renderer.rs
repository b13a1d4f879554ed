//! Draws frames: prepares each layer once, then only moves it.

use super::{
    Backdrop, Drawing, Gpu, GpuError, Target,
    backdrop::{self, Plan},
    layer::PreparedLayer,
    picture::Pictures,
    shape::{self, ShapeQuad},
    words::{Full, Hold, Words, has_words},
};
use crate::{
    scene::{Colour, Draw, Frame, Layer, Rect},
    text::Shaper,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What one picture took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FrameStats {
    /// Draw calls.
    pub draws: u32,
    /// Layers whose shapes, pictures or words had to be prepared; 0 while things only move.
    pub prepared_layers: u32,
}

/// Pipelines, glyphs, textures and prepared layers; one a device, shared by all screens.
pub struct Renderer {
    shapes: wgpu::RenderPipeline,
    pictures: Pictures,
    backdrops: wgpu::RenderPipeline,
    words: Words,
    format: wgpu::TextureFormat,
    /// By the address of the layer.
    layers: FxHashMap<usize, PreparedLayer>,
    /// The background and the veils of this picture.
    cover: Vec<ShapeQuad>,
    /// What the buffer holds of them.
    cover_written: Vec<ShapeQuad>,
    cover_buffer: wgpu::Buffer,
    cover_room: usize,
    /// Pictures drawn.
    count: u64,
}

/// How the atlas makes room before a layer is given up, in order.
#[derive(Clone, Copy, PartialEq)]
enum Attempt {
    AsIs,
    Trimmed,
    Emptied,
}

impl Renderer {
    /// Pictures after which a layer that lives but is not drawn is let go.
    const UNSEEN: u64 = 3600;
    /// Pictures after which layers that a backdrop holds are seen to again.
    const SEEN: u64 = 64;

    /// A renderer for targets of one pixel format.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let cover_room = 4;
        let pictures = Pictures::new(gpu, format);
        Self {
            shapes: shape::pipeline(gpu, format),
            backdrops: backdrop::pipeline(gpu, &pictures, format),
            pictures,
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

    /// Layers held ready.
    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    /// Draws a frame and shows it. The canvas stands 1:1 at the target's upper left corner, black outside.
    pub fn render<T: Target>(
        &mut self,
        gpu: &Gpu,
        shaper: &mut Shaper,
        frame: &Frame,
        target: &mut T,
    ) -> Result<FrameStats, GpuError> {
        if gpu.lost() {
            return Err(GpuError::Lost);
        }
        self.count += 1;
        self.words.count();
        let plan = target.backdrop().plan(gpu, &self.pictures, self.format, frame);
        // What the backdrop holds need not be looked up in every frame.
        let is_brief = plan == Plan::Laid && !self.count.is_multiple_of(Self::SEEN) && !self.words.moving();
        let wanted = Wanted { frame, only: is_brief.then(|| target.backdrop().moving()) };
        let prepared_layers = self.prepare(gpu, shaper, &wanted);
        if prepared_layers > 0 || self.count.is_multiple_of(256) {
            self.sweep();
        }
        let drawing = target.begin(gpu).inspect_err(|_| {
            if plan == Plan::Bake {
                target.backdrop().forget();
            }
        })?;
        self.write_cover(gpu, frame);
        let backdrop = target.backdrop();
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        if plan == Plan::Bake {
            self.bake(gpu, frame, backdrop, &mut encoder);
        }
        let laid = (plan != Plan::Whole).then_some(&*backdrop);
        let draws = self.encode(gpu, frame, &drawing, laid, &mut encoder);
        gpu.queue.submit([encoder.finish()]);
        if let Some(texture) = drawing.present {
            target.presents();
            gpu.queue.present(texture);
        }
        if gpu.lost() { Err(GpuError::Lost) } else { Ok(FrameStats { draws, prepared_layers }) }
    }

    fn prepare(&mut self, gpu: &Gpu, shaper: &mut Shaper, wanted: &Wanted<'_>) -> u32 {
        let (mut prepared, mut is_ready) = (0, true);
        for draw in wanted.draws() {
            if let Some(known) = self.layers.get_mut(&address(&draw.layer)) {
                known.seen = self.count;
                is_ready &= known.words.as_ref().is_none_or(|own| self.words.hold(own) == Hold::Present);
            } else {
                if prepared == 0 {
                    self.words.tidy(gpu);
                }
                let mut layer = PreparedLayer::new(gpu, &mut self.pictures, &draw.layer);
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
            match self.prepare_words(gpu, shaper, wanted, attempt) {
                Ok(count) => return prepared.max(count),
                Err(Full) => tracing::debug!("the glyph atlas is full; making room"),
            }
        }
        prepared
    }

    /// Prepares the words that are missing. On the last attempt, layers that do not fit are left without.
    fn prepare_words(
        &mut self,
        gpu: &Gpu,
        shaper: &mut Shaper,
        wanted: &Wanted<'_>,
        attempt: Attempt,
    ) -> Result<u32, Full> {
        let (mut prepared, mut has_moved) = (0, false);
        for draw in wanted.draws() {
            let Some(layer) = self.layers.get_mut(&address(&draw.layer)) else { continue };
            match layer.words.as_ref().map(|own| self.words.hold(own)) {
                None if !has_words(&draw.layer) => continue,
                Some(Hold::Present) => continue,
                // One with each picture, so that none is late for it.
                Some(Hold::Former) if std::mem::replace(&mut has_moved, true) => continue,
                _ => {}
            }
            let (words, done) = self.words.prepare(gpu, shaper, &draw.layer, layer.words.take());
            layer.words = Some(words);
            prepared += 1;
            if done.is_err() {
                if attempt != Attempt::Emptied {
                    return Err(Full);
                }
                tracing::warn!("too many different glyphs at once; some words are not shown");
            }
        }
        Ok(prepared)
    }

    /// Lets go of layers that are gone or long unseen, and of textures of pictures that are gone.
    fn sweep(&mut self) {
        let (words, now) = (&mut self.words, self.count);
        self.layers.retain(|_, layer| {
            let kept = layer.layer.strong_count() > 0 && now.saturating_sub(layer.seen) < Self::UNSEEN;
            if let (false, Some(own)) = (kept, &layer.words) {
                words.drop_layer(own);
            }
            kept
        });
        self.pictures.sweep();
    }

    /// Writes the background's quad, then one quad for each veil.
    fn write_cover(&mut self, gpu: &Gpu, frame: &Frame) {
        let canvas = [frame.width, frame.height];
        let all = Rect::new(0.0, 0.0, frame.width as f32, frame.height as f32);
        self.cover.clear();
        self.cover.push(ShapeQuad::plain(all, frame.background, canvas));
        for draw in frame.draws.iter().filter(|d| d.veil > 0.0) {
            let [x, y, w, h] = draw.clip.map(|side| side as f32);
            let colour = frame.background.alpha(draw.veil);
            self.cover.push(ShapeQuad::plain(Rect::new(x, y, w, h), colour, canvas));
        }
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
    fn bake(&self, gpu: &Gpu, frame: &Frame, backdrop: &Backdrop, encoder: &mut wgpu::CommandEncoder) {
        let Some((view, area)) = backdrop.texture() else { return };
        let mut pass = pass(encoder, view, frame.background);
        let mut place = Place::within(gpu, area);
        for (index, draw) in frame.draws.iter().enumerate() {
            if backdrop.moving().binary_search(&index).is_err() {
                self.draw_layer(&mut pass, &mut place, draw);
            }
        }
    }

    /// Encodes a frame: what is laid under it, or its background, and then its draws or those of them that move.
    fn encode(
        &self,
        gpu: &Gpu,
        frame: &Frame,
        drawing: &Drawing,
        laid: Option<&Backdrop>,
        encoder: &mut wgpu::CommandEncoder,
    ) -> u32 {
        let beyond = drawing.size[0] > frame.width || drawing.size[1] > frame.height;
        let clear = if beyond { Colour::BLACK } else { frame.background };
        let mut pass = pass(encoder, &drawing.view, clear);
        let whole = [0, 0, frame.width.min(drawing.size[0]), frame.height.min(drawing.size[1])];
        let mut place = Place::within(gpu, whole);
        let mut draws = 0;
        let canvas = [0, 0, frame.width as i32, frame.height as i32];
        let laid_down = laid.and_then(Backdrop::laid);
        let is_covered = laid_down.is_some_and(|(_, area)| area == [0, 0, frame.width, frame.height]);
        if beyond && !is_covered && place.set(&mut pass, canvas, whole) {
            draws += self.draw_cover(&mut pass, 0);
        }
        if let Some((group, area)) = laid_down
            && place.set(&mut pass, area.map(|side| side as i32), area)
        {
            pass.set_pipeline(&self.backdrops);
            pass.set_bind_group(0, group, &[]);
            pass.draw(0..4, 0..1);
            draws += 1;
        }
        let mut veils = 0;
        let wanted = Wanted { frame, only: laid.map(Backdrop::moving) };
        for draw in wanted.draws() {
            draws += self.draw_layer(&mut pass, &mut place, draw);
            if draw.veil > 0.0 {
                veils += 1;
                if place.set(&mut pass, canvas, draw.clip) {
                    draws += self.draw_cover(&mut pass, veils);
                }
            }
        }
        draws
    }

    fn draw_layer(&self, pass: &mut wgpu::RenderPass<'_>, place: &mut Place, draw: &Draw) -> u32 {
        let Some(layer) = self.layers.get(&address(&draw.layer)) else { return 0 };
        let body = [draw.x, draw.y, draw.layer.width as i32, draw.layer.height as i32];
        if !place.set(pass, body, draw.clip) {
            return 0;
        }
        layer.draw(pass, &self.shapes, &self.pictures, &self.words)
    }

    /// Draws one quad of the cover: 0 the background, then the veils in order.
    fn draw_cover(&self, pass: &mut wgpu::RenderPass<'_>, index: u64) -> u32 {
        pass.set_pipeline(&self.shapes);
        pass.set_vertex_buffer(0, self.cover_buffer.slice(index * ShapeQuad::SIZE..));
        pass.draw(0..4, 0..1);
        1
    }
}

/// Those of a frame's draws that are drawn one by one.
struct Wanted<'a> {
    frame: &'a Frame,
    /// Indices of the draws; `None` for all.
    only: Option<&'a [usize]>,
}

impl<'a> Wanted<'a> {
    fn draws(&self) -> impl Iterator<Item = &'a Draw> {
        let frame = self.frame;
        let some = self.only.map(|only| only.iter().filter_map(|&index| frame.draws.get(index)));
        let all = self.only.is_none().then(|| frame.draws.iter());
        some.into_iter().flatten().chain(all.into_iter().flatten())
    }
}

/// Where the pass draws at the moment.
struct Place {
    /// The device's largest side, pixels.
    max: u32,
    /// What of the canvas lies within the target, `[left, top, right, bottom]` in pixels, at its upper left corner.
    seen: [u32; 4],
    viewport: Option<[i32; 4]>,
    scissor: Option<[u32; 4]>,
}

impl Place {
    /// A pass over a target that shows `[x, y, w, h]` of the canvas.
    fn within(gpu: &Gpu, [x, y, w, h]: [u32; 4]) -> Self {
        let seen = [x, y, x.saturating_add(w), y.saturating_add(h)];
        Self { max: gpu.max_size(), seen, viewport: None, scissor: None }
    }

    /// Moves to a body `[x, y, w, h]` and clips, both on the canvas; `false` where nothing would be seen.
    fn set(&mut self, pass: &mut wgpu::RenderPass<'_>, body: [i32; 4], clip: [u32; 4]) -> bool {
        let [from_x, from_y, to_x, to_y] = self.seen;
        let (left, top) = (clip[0].max(from_x), clip[1].max(from_y));
        let (right, bottom) = (clip[0].saturating_add(clip[2]).min(to_x), clip[1].saturating_add(clip[3]).min(to_y));
        let body = [body[0].saturating_sub_unsigned(from_x), body[1].saturating_sub_unsigned(from_y), body[2], body[3]];
        if left >= right || top >= bottom || !self.allowed(body) {
            return false;
        }
        if self.viewport != Some(body) {
            let [x, y, w, h] = body.map(|side| side as f32);
            pass.set_viewport(x, y, w, h, 0.0, 1.0);
            self.viewport = Some(body);
        }
        let scissor = [left - from_x, top - from_y, right - left, bottom - top];
        if self.scissor != Some(scissor) {
            pass.set_scissor_rect(scissor[0], scissor[1], scissor[2], scissor[3]);
            self.scissor = Some(scissor);
        }
        true
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

/// A pass over a cleared view.
fn pass<'a>(encoder: &'a mut wgpu::CommandEncoder, view: &wgpu::TextureView, clear: Colour) -> wgpu::RenderPass<'a> {
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(opaque(clear)), store: wgpu::StoreOp::Store },
        })],
        ..Default::default()
    })
}

fn address(layer: &Arc<Layer>) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gpu::{Offscreen, context::tests::small},
        scene::Primitive,
        text::{FontPlace, RichText},
    };
    use image::RgbaImage;

    struct Rig {
        gpu: Gpu,
        shaper: Shaper,
        renderer: Renderer,
        target: Offscreen,
    }

    impl Rig {
        fn new(max: u32) -> Option<Self> {
            let gpu = small(max)?;
            let place = FontPlace::find(&[]).unwrap();
            let shaper = Shaper::new(FontPlace { fallback: Vec::new(), ..place }).unwrap();
            let target = Offscreen::new(&gpu, 400, 400);
            let renderer = Renderer::new(&gpu, target.format());
            Some(Self { gpu, shaper, renderer, target })
        }

        /// A layer of words that fill it.
        fn page(&mut self, text: &str, size: f32) -> Arc<Layer> {
            let mut rich = RichText::line(text, size, false);
            rich.width = Some(400.0);
            let text = Arc::new(self.shaper.shape(&rich));
            let words = Primitive::Words { text, x: 0.0, y: 0.0, colour: Colour::WHITE };
            Arc::new(Layer { width: 400, height: 400, primitives: vec![words] })
        }

        fn draw(&mut self, layers: &[&Arc<Layer>]) -> (FrameStats, RgbaImage) {
            let draw =
                |layer: &&Arc<Layer>| Draw { layer: Arc::clone(layer), x: 0, y: 0, clip: [0, 0, 400, 400], veil: 0.0 };
            let draws = layers.iter().map(draw).collect();
            let frame = Frame { width: 400, height: 400, background: Colour::BLACK, draws };
            let stats = self.renderer.render(&self.gpu, &mut self.shaper, &frame, &mut self.target).unwrap();
            (stats, self.target.read(&self.gpu).unwrap())
        }
    }

    #[test]
    fn a_full_atlas_makes_room_and_shows_the_same() {
        let (Some(mut tight), Some(mut roomy)) = (Rig::new(512), Rig::new(4096)) else { return };
        let texts = ["政务公开示例镇", "资产资源村民会", "审批执法采购人"];
        let pages = |rig: &mut Rig| texts.map(|text| rig.page(text, 130.0));
        let (own, other) = (pages(&mut tight), pages(&mut roomy));
        let mut again = 0;
        for turn in [0, 1, 2, 0, 2, 1] {
            let (stats, picture) = tight.draw(&[&own[turn]]);
            assert_eq!(picture, roomy.draw(&[&other[turn]]).1, "page {turn}");
            assert_eq!(stats.draws, 1);
            again += stats.prepared_layers;
        }
        // More than each page once: glyphs had to go and come back.
        assert!(again > 3, "{again}");
    }

    #[test]
    fn a_worn_atlas_is_replaced_while_words_are_drawn_from_it() {
        let Some(mut rig) = Rig::new(4096) else { return };
        let lasting = rig.page("政务公开", 90.0);
        let first = rig.draw(&[&lasting]).1;
        let mut holds = Vec::new();
        while holds.last() != Some(&(true, Hold::Present)) && holds.len() < 1000 {
            let passing = rig.page("资产资源村民会", 130.0);
            rig.draw(&[&lasting, &passing]);
            drop(passing);
            assert_eq!(rig.draw(&[&lasting]).1, first, "{holds:?}");
            let own = rig.renderer.layers[&address(&lasting)].words.as_ref().unwrap();
            holds.push((rig.renderer.words.moving(), rig.renderer.words.hold(own)));
        }
        // It moved at once and was whole throughout; the old atlas goes a while later.
        assert!(holds.iter().all(|(_, hold)| *hold == Hold::Present), "{holds:?}");
        (0..Words::FORMER).for_each(|_| drop(rig.draw(&[&lasting])));
        assert!(!rig.renderer.words.moving());
        assert_eq!(rig.draw(&[&lasting]).1, first);
    }

    #[test]
    fn layers_move_to_a_new_atlas_one_with_each_picture() {
        let Some(mut rig) = Rig::new(4096) else { return };
        let pages = ["政务公开", "示例镇", "村民会"].map(|text| rig.page(text, 60.0));
        let all = [&pages[0], &pages[1], &pages[2]];
        let first = rig.draw(&all).1;
        rig.renderer.words.wear();
        let passing = rig.page("资产", 60.0);
        rig.draw(&[&passing]);
        for moved in 1..=3 {
            let (stats, picture) = rig.draw(&all);
            assert_eq!((stats.prepared_layers, &picture), (1, &first), "{moved}");
        }
        assert_eq!(rig.draw(&all).0.prepared_layers, 0);
    }

    #[test]
    fn too_many_glyphs_at_once_lose_words_and_nothing_else() {
        let Some(mut rig) = Rig::new(512) else { return };
        let pages = ["政务公开示例镇", "资产资源村民会", "审批执法采购人"].map(|text| rig.page(text, 130.0));
        let (stats, picture) = rig.draw(&[&pages[0], &pages[1], &pages[2]]);
        assert!((1..3).contains(&stats.draws), "{stats:?}");
        assert!(picture.pixels().any(|p| p.0[0] == 255));
        assert!(!rig.gpu.lost());
    }
}
