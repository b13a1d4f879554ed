//! Words: the glyph atlas of all layers, and the glyphs of one.

use super::{Gpu, pixel::PixelGlyphs};
use crate::{
    scene::{Colour, Layer, Primitive},
    text::Shaper,
};
use glyphon::{
    Buffer, Cache, Color, ColorMode, Metrics, PrepareError, Resolution, TextArea, TextAtlas, TextBounds, TextRenderer,
    Viewport,
};

/// The atlas does not hold the glyphs.
pub(super) struct Full;

/// What all layers share.
pub(super) struct Words {
    format: wgpu::TextureFormat,
    cache: Cache,
    atlas: TextAtlas,
    pixels: PixelGlyphs,
    /// Layers prepared before this count may have lost glyphs from the atlas.
    epoch: u64,
    /// Room in the atlas of dropped layers' glyphs since it last let any go, pixels.
    dropped: f32,
    /// Stands in for the words of texts whose glyphs are bitmaps.
    empty: Buffer,
}

/// The words of one layer.
pub(super) struct LayerWords {
    renderer: TextRenderer,
    viewport: Viewport,
    /// About the room its glyphs take in the atlas, pixels, those that stand more than once counted each time.
    room: f32,
    epoch: u64,
    whole: bool,
}

impl Words {
    /// Room of dropped glyphs, pixels, after which it is given free: half of the smallest atlas, so that an atlas that
    /// holds all that is on screen need not grow for what was.
    const STALE: f32 = 2048.0 * 2048.0 / 2.0;

    pub(super) fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let cache = Cache::new(&gpu.device);
        let atlas = TextAtlas::with_color_mode(&gpu.device, &gpu.queue, &cache, format, ColorMode::Web);
        let empty = Buffer::new_empty(Metrics::new(1.0, 1.0));
        Self { format, cache, atlas, pixels: PixelGlyphs::default(), epoch: 0, dropped: 0.0, empty }
    }

    /// Whether a layer's words are as they were prepared.
    pub(super) fn current(&self, words: &LayerWords) -> bool {
        words.epoch == self.epoch
    }

    /// Notes that a layer is gone.
    pub(super) fn drop_layer(&mut self, words: &LayerWords) {
        self.dropped += words.room;
    }

    /// Lets the atlas reuse the room of glyphs no longer shown, once there are many.
    pub(super) fn tidy(&mut self) {
        if self.dropped > Self::STALE {
            self.trim();
        }
    }

    /// Lets the atlas reuse the room of all glyphs; layers have to be prepared again.
    pub(super) fn trim(&mut self) {
        self.atlas.trim();
        self.epoch += 1;
        self.dropped = 0.0;
    }

    /// Starts over with an empty atlas.
    pub(super) fn reset(&mut self, gpu: &Gpu) {
        self.trim();
        self.pixels = PixelGlyphs::default();
        self.atlas = TextAtlas::with_color_mode(&gpu.device, &gpu.queue, &self.cache, self.format, ColorMode::Web);
    }

    /// Places the glyphs of a layer's words; `old` is what was prepared for the same layer before.
    pub(super) fn prepare(
        &mut self,
        gpu: &Gpu,
        shaper: &mut Shaper,
        layer: &Layer,
        old: Option<LayerWords>,
    ) -> (LayerWords, Result<(), Full>) {
        let mut words = old.unwrap_or_else(|| self.layer(gpu, layer));
        words.epoch = self.epoch;
        words.whole = false;
        let mut bitmaps = Vec::new();
        for (text, ..) in texts(layer).filter(|(text, ..)| text.pixel) {
            match self.pixels.place(shaper, text) {
                Ok(glyphs) => bitmaps.push(glyphs),
                Err(_) => return (words, Err(Full)),
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
            Err(PrepareError::AtlasFull) => (words, Err(Full)),
        }
    }

    /// Draws a layer's words; the viewport is the layer's place. Returns the number of draws.
    pub(super) fn draw(&self, words: &LayerWords, pass: &mut wgpu::RenderPass<'_>) -> u32 {
        if !words.whole || words.room <= 0.0 {
            return 0;
        }
        match words.renderer.render(&self.atlas, &words.viewport, pass) {
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
        LayerWords { renderer, viewport, room, epoch: self.epoch, whole: false }
    }
}

/// The texts of a layer with their places and colours.
pub(super) fn texts(layer: &Layer) -> impl Iterator<Item = (&crate::text::ShapedText, f32, f32, Colour)> {
    layer.primitives.iter().filter_map(|p| match p {
        Primitive::Words { text, x, y, colour } => Some((text.as_ref(), *x, *y, *colour)),
        _ => None,
    })
}
