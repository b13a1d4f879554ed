//! The renderer: one a device, shared by all screens and by all else that is drawn with it.

use super::{
    FrameStats, Gpu, GpuError, Target, format::FormatRenderer, picture::Pictures, surface::Surfaces, textures::Textures,
};
use crate::{scene::Frame, text::Shaper};
use rustc_hash::FxHashMap;

/// Draws frames on targets of any pixel format. Textures of pictures are shared; pipelines, glyphs and prepared layers
/// are made for each format when it is first drawn in.
pub struct Renderer {
    textures: Textures,
    formats: FxHashMap<wgpu::TextureFormat, FormatRenderer>,
}

impl Renderer {
    /// A renderer that has drawn nothing yet.
    pub fn new(gpu: &Gpu) -> Self {
        let textures = Textures { pictures: Pictures::new(gpu), surfaces: Surfaces::default() };
        Self { textures, formats: FxHashMap::default() }
    }

    /// Layers held ready, in all formats.
    pub fn layers(&self) -> usize {
        self.formats.values().map(FormatRenderer::layers).sum()
    }

    /// Draws a frame and shows it. The canvas stands 1:1 at the target's upper left corner, black outside.
    ///
    /// # Errors
    /// Where the device is lost, or the target takes no picture.
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
        let (own, textures) = self.format(gpu, target.format());
        own.render(gpu, textures, shaper, frame, target)
    }

    /// What draws in a format, and the textures.
    pub(super) fn format(&mut self, gpu: &Gpu, format: wgpu::TextureFormat) -> (&mut FormatRenderer, &mut Textures) {
        let textures = &mut self.textures;
        let own = self.formats.entry(format).or_insert_with(|| FormatRenderer::new(gpu, &textures.pictures, format));
        (own, textures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gpu::{
            Offscreen, Pixels, SoftwareTarget,
            context::tests::small,
            format::address,
            words::{AtlasSlot, Words},
        },
        scene::{Colour, Draw, Layer, Primitive, Rect},
        text::{FontPlace, RichText},
    };
    use image::RgbaImage;
    use std::sync::Arc;

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
            let renderer = Renderer::new(&gpu);
            Some(Self { gpu, shaper, renderer, target })
        }

        /// A layer of words that fill it.
        fn page(&mut self, text: &str, size: f32) -> Arc<Layer> {
            let mut rich = RichText::line(text, size, false);
            rich.width = Some(400.0);
            let text = Arc::new(self.shaper.shape(&rich));
            let words = Primitive::Words { text, x: 0.0, y: 0.0, colour: Colour::WHITE };
            Arc::new(Layer { width: 400, height: 400, primitives: vec![words], ..Layer::default() })
        }

        /// What draws in the target's format.
        fn own(&mut self) -> &mut FormatRenderer {
            self.renderer.format(&self.gpu, self.target.format()).0
        }

        fn draw(&mut self, layers: &[&Arc<Layer>]) -> (FrameStats, RgbaImage) {
            let draw = |layer: &&Arc<Layer>| Draw {
                layer: Arc::clone(layer),
                x: 0,
                y: 0,
                clip: [0, 0, 400, 400],
                veil: 0.0,
                window: None,
                surfaces: 0,
            };
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
        while holds.last() != Some(&(true, AtlasSlot::Current)) && holds.len() < 1000 {
            let passing = rig.page("资产资源村民会", 130.0);
            rig.draw(&[&lasting, &passing]);
            drop(passing);
            assert_eq!(rig.draw(&[&lasting]).1, first, "{holds:?}");
            let own = rig.own();
            let words = own.layers[&address(&lasting)].words.as_ref().unwrap();
            holds.push((own.words.moving(), own.words.slot_of(words)));
        }
        // It moved at once and was whole throughout; the old atlas goes a while later.
        assert!(holds.iter().all(|(_, hold)| *hold == AtlasSlot::Current), "{holds:?}");
        (0..Words::MAX_PREVIOUS_FRAMES).for_each(|_| drop(rig.draw(&[&lasting])));
        assert!(!rig.own().words.moving());
        assert_eq!(rig.draw(&[&lasting]).1, first);
    }

    #[test]
    fn layers_move_to_a_new_atlas_one_with_each_picture() {
        let Some(mut rig) = Rig::new(4096) else { return };
        let pages = ["政务公开", "示例镇", "村民会"].map(|text| rig.page(text, 60.0));
        let all = [&pages[0], &pages[1], &pages[2]];
        let first = rig.draw(&all).1;
        rig.own().words.fragment();
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

    #[test]
    fn a_canvas_larger_than_any_texture_is_drawn_in_parts() {
        let (Some(mut tight), Some(mut roomy)) = (Rig::new(512), Rig::new(4096)) else { return };
        let size = [1300, 700];
        let frame = |rig: &mut Rig, veil: f32| {
            let page = rig.page("政务公开示例镇资产资源", 40.0);
            let fill = Primitive::fill(Rect::new(0.0, 0.0, 300.0, 200.0), Colour::rgb(179, 38, 30));
            let card = Arc::new(Layer { width: 300, height: 200, primitives: vec![fill], ..Layer::default() });
            let place = |layer: &Arc<Layer>, x: i32, y: i32, veil: f32| Draw {
                layer: Arc::clone(layer),
                x,
                y,
                clip: [x as u32, y as u32, layer.width.min(1300 - x as u32), layer.height.min(700 - y as u32)],
                veil,
                window: None,
                surfaces: 0,
            };
            // Across the seams at 512 and 1024, and in the last corner.
            let draws = vec![
                place(&card, 400, 380, 0.0),
                place(&page, 420, 300, 0.0),
                place(&card, 900, 450, veil),
                place(&page, 980, 420, veil),
            ];
            Frame { width: size[0], height: size[1], background: Colour::rgb(20, 30, 60), draws }
        };
        let draw = |rig: &mut Rig, veil: f32| {
            let frame = frame(rig, veil);
            let mut target = Offscreen::new(&rig.gpu, size[0], size[1]);
            rig.renderer.render(&rig.gpu, &mut rig.shaper, &frame, &mut target).unwrap();
            (frame, target.read(&rig.gpu).unwrap())
        };
        let (frame, picture) = draw(&mut tight, 0.4);
        assert_eq!(picture.dimensions(), (1300, 700));
        assert_eq!(picture, draw(&mut roomy, 0.4).1);
        assert!(picture.get_pixel(1290, 690).0 != [0, 0, 0, 255], "the last corner is drawn");

        let mut data = vec![0; 1300 * 700];
        let mut target = SoftwareTarget::new(&tight.gpu);
        let mut pixels = Pixels { data: &mut data, size, age: 0 };
        target.draw(&tight.gpu, &mut tight.renderer, &mut tight.shaper, &frame, &mut pixels).unwrap();
        let shown = pixels.data.iter().map(|pixel| pixel.to_be_bytes()).map(|[_, r, g, b]| [r, g, b, 255]);
        assert!(shown.eq(picture.pixels().map(|pixel| pixel.0)), "a window is drawn in parts as well");
    }
}
