//! Words: the glyph atlas of all layers, and the glyphs of one.

use super::{Gpu, pixel::PixelGlyphs};
use crate::{
    scene::{Colour, Layer, Primitive},
    text::Shaper,
};
use glyphon::{
    Buffer, Cache, Color, ColorMode, FontSystem, Metrics, PrepareError, Resolution, SwashCache, TextArea, TextAtlas,
    TextBounds, TextRenderer, Viewport, fontdb,
};

/// The atlas does not hold the glyphs.
pub(super) struct AtlasFull;

/// What all layers share.
pub(super) struct Words {
    format: wgpu::TextureFormat,
    cache: Cache,
    atlas: TextAtlas,
    /// Atlases there were before this one.
    generation: u64,
    previous: Option<PreviousAtlas>,
    pixels: PixelGlyphs,
    /// Layers prepared before this count may have lost glyphs from the atlas.
    epoch: u64,
    /// Room in the atlas of dropped layers' glyphs since it last let any go, pixels.
    dropped: f32,
    /// The same since the atlas was new, pixels: how much its free room is in pieces.
    fragmentation: f32,
    /// Stands in for the words of texts whose glyphs are bitmaps.
    empty: Buffer,
}

/// The atlas before the present one, while layers still draw from it.
struct PreviousAtlas {
    atlas: TextAtlas,
    /// Pictures until it is given up.
    left: u32,
}

/// Where a layer's glyphs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtlasSlot {
    /// In the atlas that is in use.
    Current,
    /// In the atlas before: it can be drawn, and should move soon.
    Previous,
    /// Perhaps nowhere: it has to be prepared again.
    Evicted,
}

/// The words of one layer.
pub(super) struct LayerWords {
    renderer: TextRenderer,
    viewport: Viewport,
    /// About the room its glyphs take in the atlas, pixels, those that stand more than once counted each time.
    room: f32,
    generation: u64,
    epoch: u64,
    whole: bool,
}

impl Words {
    /// The smallest side of an atlas, pixels. A page of large words takes as much, and to grow is to draw all glyphs again.
    const MIN_ATLAS_PIXELS: u16 = 2048;
    /// Room of dropped glyphs, pixels, after which it is given free: half of the smallest atlas, so that an atlas that
    /// holds all that is on screen need not grow for what was.
    const STALE_PIXELS: f32 = Self::MIN_ATLAS_PIXELS as f32 * Self::MIN_ATLAS_PIXELS as f32 / 2.0;
    /// Room of dropped glyphs, pixels, after which a new atlas takes its place. Room comes free in pieces that a few
    /// lasting glyphs keep apart, so that an old atlas grows however little it holds.
    const WORN_PIXELS: f32 = Self::STALE_PIXELS * 8.0;
    /// Pictures for which layers may draw from the atlas before: one moves with each.
    pub(super) const MAX_PREVIOUS_FRAMES: u32 = 240;

    pub(super) fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let cache = Cache::new(&gpu.device);
        let pixels = PixelGlyphs::new(longer_than_half(gpu));
        let atlas = atlas(gpu, &cache, &pixels, format);
        Self {
            format,
            cache,
            atlas,
            generation: 0,
            previous: None,
            pixels,
            epoch: 0,
            dropped: 0.0,
            fragmentation: 0.0,
            empty: Buffer::new_empty(Metrics::new(1.0, 1.0)),
        }
    }

    /// Where the glyphs of a layer's words are.
    pub(super) fn slot_of(&self, words: &LayerWords) -> AtlasSlot {
        match &self.previous {
            _ if words.generation == self.generation => match words.epoch == self.epoch {
                true => AtlasSlot::Current,
                false => AtlasSlot::Evicted,
            },
            Some(_) if words.generation + 1 == self.generation => AtlasSlot::Previous,
            _ => AtlasSlot::Evicted,
        }
    }

    /// Whether layers still draw from the atlas before.
    pub(super) fn moving(&self) -> bool {
        self.previous.is_some()
    }

    /// Notes that another picture is drawn.
    pub(super) fn count(&mut self) {
        if let Some(previous) = &mut self.previous {
            previous.left = previous.left.saturating_sub(1);
            if previous.left == 0 {
                self.previous = None;
            }
        }
    }

    /// Notes that a layer is gone.
    pub(super) fn drop_layer(&mut self, words: &LayerWords) {
        self.dropped += words.room;
        self.fragmentation += words.room;
    }

    /// Lets the atlas reuse the room of glyphs no longer shown, once there are many, and replaces a worn one.
    pub(super) fn tidy(&mut self, gpu: &Gpu) {
        if self.fragmentation > Self::WORN_PIXELS && self.previous.is_none() {
            let previous = self.renew(gpu);
            self.previous = Some(PreviousAtlas { atlas: previous, left: Self::MAX_PREVIOUS_FRAMES });
        } else if self.dropped > Self::STALE_PIXELS {
            self.trim();
        }
    }

    /// Has the atlas replaced at the next chance.
    #[cfg(test)]
    pub(super) fn fragment(&mut self) {
        self.fragmentation = Self::WORN_PIXELS * 2.0;
    }

    /// Lets the atlas reuse the room of all glyphs; layers have to be prepared again.
    pub(super) fn trim(&mut self) {
        self.atlas.trim();
        self.epoch += 1;
        self.dropped = 0.0;
    }

    /// Starts over with an empty atlas; all layers have to be prepared again.
    pub(super) fn reset(&mut self, gpu: &Gpu) {
        self.renew(gpu);
        self.previous = None;
    }

    /// Puts an empty atlas in the place of this one, which it gives.
    fn renew(&mut self, gpu: &Gpu) -> TextAtlas {
        self.pixels = PixelGlyphs::new(longer_than_half(gpu));
        self.generation += 1;
        (self.dropped, self.fragmentation) = (0.0, 0.0);
        std::mem::replace(&mut self.atlas, atlas(gpu, &self.cache, &self.pixels, self.format))
    }

    /// Places the glyphs of a layer's words; `old` is what was prepared for the same layer before.
    pub(super) fn prepare(
        &mut self,
        gpu: &Gpu,
        shaper: &mut Shaper,
        layer: &Layer,
        old: Option<LayerWords>,
    ) -> (LayerWords, Result<(), AtlasFull>) {
        let mut words = old.unwrap_or_else(|| self.layer(gpu, layer));
        (words.generation, words.epoch, words.whole) = (self.generation, self.epoch, false);
        let mut bitmaps = Vec::new();
        for (text, ..) in texts(layer).filter(|(text, ..)| text.pixel) {
            match self.pixels.place(shaper, text) {
                Ok(glyphs) => bitmaps.push(glyphs),
                Err(_) => return (words, Err(AtlasFull)),
            }
        }
        let mut next = bitmaps.iter();
        let areas: Vec<_> = texts(layer)
            .map(|(text, x, y, colour)| {
                let (glyphs, buffer) = match text.pixel {
                    true => (next.next().map_or(&[][..], Vec::as_slice), &self.empty),
                    false => (&[][..], &text.buffer),
                };
                let (left, top) = if text.pixel { (x.round(), y.round()) } else { (x, y) };
                let default_color = Color::rgba(colour.r, colour.g, colour.b, colour.a);
                let bounds = TextBounds::default();
                TextArea { buffer, left, top, scale: 1.0, bounds, default_color, custom_glyphs: glyphs }
            })
            .collect();
        let (fonts, swash) = shaper.raster();
        let pixels = &self.pixels;
        let done = words.renderer.prepare_with_custom(
            &gpu.device,
            &gpu.queue,
            fonts,
            &mut self.atlas,
            &words.viewport,
            areas,
            swash,
            |asked| pixels.raster(asked),
        );
        match done {
            Ok(()) => {
                words.whole = true;
                (words, Ok(()))
            }
            Err(PrepareError::AtlasFull) => (words, Err(AtlasFull)),
        }
    }

    /// Draws a layer's words; the viewport is the layer's place. Returns the number of draws.
    pub(super) fn draw(&self, words: &LayerWords, pass: &mut wgpu::RenderPass<'_>) -> u32 {
        if !words.whole || words.room <= 0.0 {
            return 0;
        }
        let atlas = match &self.previous {
            Some(previous) if words.generation != self.generation => &previous.atlas,
            _ => &self.atlas,
        };
        match words.renderer.render(atlas, &words.viewport, pass) {
            Ok(()) => 1,
            Err(error) => {
                tracing::warn!("{error}");
                0
            }
        }
    }

    fn layer(&mut self, gpu: &Gpu, layer: &Layer) -> LayerWords {
        let renderer = TextRenderer::new(&mut self.atlas, &gpu.device, wgpu::MultisampleState::default(), None);
        let mut viewport = Viewport::new(&gpu.device, &self.cache);
        viewport.update(&gpu.queue, Resolution { width: layer.width, height: layer.height });
        let glyphs = texts(layer).flat_map(|(text, ..)| text.buffer.layout_runs().flat_map(|run| run.glyphs));
        let room = glyphs.map(|glyph| glyph.font_size * glyph.font_size).sum();
        LayerWords { renderer, viewport, room, generation: self.generation, epoch: self.epoch, whole: false }
    }
}

/// Length of what fits no atlas of half the smallest side, pixels.
fn longer_than_half(gpu: &Gpu) -> u32 {
    gpu.max_size().min(u32::from(Words::MIN_ATLAS_PIXELS)) / 2 + 1
}

/// An empty atlas of the smallest size. The library's begins with less and doubles, drawing all glyphs again each time:
/// a blank that fits no smaller one makes it grow while there are none.
fn atlas(gpu: &Gpu, cache: &Cache, pixels: &PixelGlyphs, format: wgpu::TextureFormat) -> TextAtlas {
    let (device, queue) = (&gpu.device, &gpu.queue);
    let mut atlas = TextAtlas::with_color_mode(device, queue, cache, format, ColorMode::Web);
    let mut renderer = TextRenderer::new(&mut atlas, device, wgpu::MultisampleState::default(), None);
    let mut viewport = Viewport::new(device, cache);
    viewport.update(queue, Resolution { width: u32::from(Words::MIN_ATLAS_PIXELS), height: 1 });
    let empty = Buffer::new_empty(Metrics::new(1.0, 1.0));
    let area = TextArea {
        buffer: &empty,
        left: 0.0,
        top: 0.0,
        scale: 1.0,
        bounds: TextBounds::default(),
        default_color: Color::rgb(0, 0, 0),
        custom_glyphs: &[pixels.blank()],
    };
    // No font is asked for a blank.
    let mut fonts = FontSystem::new_with_locale_and_db(String::new(), fontdb::Database::new());
    let (areas, mut swash) = ([area], SwashCache::new());
    let raster = |asked| pixels.raster(asked);
    let grown =
        renderer.prepare_with_custom(device, queue, &mut fonts, &mut atlas, &viewport, areas, &mut swash, raster);
    if let Err(error) = grown {
        tracing::debug!("{error}; the glyph atlas begins smaller");
    }
    atlas.trim();
    atlas
}

/// Whether a layer has words.
pub(super) fn has_words(layer: &Layer) -> bool {
    texts(layer).next().is_some()
}

/// The texts of a layer with their places and colours.
fn texts(layer: &Layer) -> impl Iterator<Item = (&crate::text::ShapedText, f32, f32, Colour)> {
    layer.primitives.iter().filter_map(|p| match p {
        Primitive::Words { text, x, y, colour } => Some((text.as_ref(), *x, *y, *colour)),
        _ => None,
    })
}
