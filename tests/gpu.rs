//! The renderer on any adapter: exact pixels, counts, and a few pictures. Skips, saying so, where there is none;
//! `GONGSHI_REQUIRE_GPU=1` makes that a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

#[path = "gpu/backdrop.rs"]
mod backdrop;
#[path = "gpu/compare.rs"]
mod compare;
#[path = "gpu/damage.rs"]
mod damage;
#[path = "gpu/surfaces.rs"]
mod surfaces;

use compare::{difference, golden, kept};
use gongshi::{
    config::{
        Config, Screen, Zone,
        zones::{TextStyle, TickerZone},
    },
    gpu::{BackendPreference, FrameStats, Gpu, Offscreen, Renderer},
    player::Offstage,
    scene::{Colour, Draw, Fill, Frame, Layer, Motion, Picture, Placed, Primitive, Rect, Sampling, Scene, frame},
    schedule::SpeedStep,
    text::{FontPlace, RichText, Shaper, StyledSpan},
    time::FrameTime,
};
use image::RgbaImage;
use std::{collections::HashSet, sync::Arc, time::Duration};

const RED: Colour = Colour::rgb(179, 38, 30);
const PAPER: Colour = Colour::rgb(247, 244, 238);

struct Rig {
    gpu: Gpu,
    renderer: Renderer,
    shaper: Shaper,
    target: Offscreen,
}

impl Rig {
    /// A fresh renderer; `None`, said aloud, where there is no adapter.
    fn new(choice: BackendPreference, width: u32, height: u32) -> Option<Self> {
        let gpu = match Gpu::new(&choice, None) {
            Ok(gpu) => gpu,
            Err(error) => {
                assert!(std::env::var_os("GONGSHI_REQUIRE_GPU").is_none(), "{error}");
                eprintln!("SKIPPED ({choice:?}): {error}");
                return None;
            }
        };
        let place = FontPlace::find(&[]).expect("the bundled fonts");
        let shaper = Shaper::new(FontPlace { fallback: Vec::new(), ..place }).expect("readable fonts");
        let target = Offscreen::new(&gpu, width, height);
        let renderer = Renderer::new(&gpu);
        Some(Self { gpu, renderer, shaper, target })
    }

    fn any(width: u32, height: u32) -> Option<Self> {
        Self::new(BackendPreference::from_env(), width, height)
    }

    fn draw(&mut self, frame: &Frame) -> (FrameStats, RgbaImage) {
        let stats = self.renderer.render(&self.gpu, &mut self.shaper, frame, &mut self.target).expect("a picture");
        (stats, self.target.read(&self.gpu).expect("the pixels"))
    }

    fn words(&mut self, text: &RichText<'_>, colour: Colour) -> Primitive {
        Primitive::Words { text: Arc::new(self.shaper.shape(text)), x: 0.0, y: 0.0, colour }
    }
}

fn layer(width: u32, height: u32, primitives: Vec<Primitive>) -> Arc<Layer> {
    Arc::new(Layer { width, height, primitives, ..Layer::default() })
}

fn at(layer: &Arc<Layer>, x: i32, y: i32, clip: [u32; 4]) -> Draw {
    Draw { layer: Arc::clone(layer), x, y, clip, veil: 0.0, window: None, surfaces: 0 }
}

fn still(width: u32, height: u32, background: Colour, draws: Vec<Draw>) -> Frame {
    Frame { width, height, background, draws }
}

fn count(picture: &RgbaImage, colour: Colour) -> usize {
    picture.pixels().filter(|p| p.0 == [colour.r, colour.g, colour.b, 255]).count()
}

fn checkers() -> Arc<Picture> {
    let rgba = (0..64).flat_map(|i| if (i % 8 + i / 8) % 2 == 0 { [255; 4] } else { [0, 0, 255, 255] }).collect();
    Arc::new(Picture { width: 8, height: 8, rgba })
}

fn image(picture: &Arc<Picture>, rect: Rect, sampling: Sampling) -> Primitive {
    Primitive::Image { picture: Arc::clone(picture), rect, part: None, tint: Colour::WHITE, radius: 0.0, sampling }
}

#[test]
fn shaders_are_valid() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gpu");
    let files = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    let mut seen = 0;
    for file in files.filter(|f| f.extension().is_some_and(|e| e == "wgsl")) {
        let module = naga::front::wgsl::parse_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let flags = naga::valid::ValidationFlags::all();
        let mut validator = naga::valid::Validator::new(flags, naga::valid::Capabilities::empty());
        validator.validate(&module).unwrap_or_else(|e| panic!("{}: {e:?}", file.display()));
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn solid_rectangle_has_its_exact_pixels() {
    let Some(mut rig) = Rig::any(101, 67) else { return };
    let body = layer(60, 40, vec![Primitive::fill(Rect::new(3.0, 5.0, 20.0, 10.0), RED)]);
    let (stats, picture) = rig.draw(&still(101, 67, PAPER, vec![at(&body, 10, 7, [10, 7, 60, 40])]));
    assert_eq!(count(&picture, RED), 200);
    assert_eq!(count(&picture, PAPER), 101 * 67 - 200);
    assert_eq!(picture.get_pixel(13, 12).0, [179, 38, 30, 255]);
    assert_eq!(picture.get_pixel(12, 12).0, [247, 244, 238, 255]);
    assert_eq!(stats, FrameStats { draws: 1, prepared_layers: 1 });
}

#[test]
fn line_lies_exactly_inside() {
    let Some(mut rig) = Rig::any(40, 30) else { return };
    let shape = Primitive::Shape {
        rect: Rect::new(0.0, 0.0, 20.0, 10.0),
        fill: Fill::Solid(PAPER),
        radii: [0.0; 4],
        line: 2.0,
        line_colour: RED,
    };
    let body = layer(20, 10, vec![shape]);
    let (_, picture) = rig.draw(&still(40, 30, Colour::BLACK, vec![at(&body, 4, 4, [4, 4, 20, 10])]));
    assert_eq!(count(&picture, RED), 20 * 10 - 16 * 6);
    assert_eq!(count(&picture, PAPER), 16 * 6);
}

#[test]
fn canvas_smaller_than_target_has_black_outside() {
    let Some(mut rig) = Rig::any(50, 40) else { return };
    let (stats, picture) = rig.draw(&still(30, 20, PAPER, Vec::new()));
    assert_eq!((count(&picture, PAPER), count(&picture, Colour::BLACK)), (600, 1400));
    assert_eq!(stats.draws, 1);
    let (_, picture) = rig.draw(&still(80, 80, PAPER, Vec::new()));
    assert_eq!(count(&picture, PAPER), 2000);
}

#[test]
fn equal_scenes_are_equal_and_others_are_not() {
    let Some(mut rig) = Rig::any(64, 64) else { return };
    let make = |radius| {
        let body = layer(64, 64, vec![Primitive::rounded(Rect::new(4.0, 4.0, 50.0, 50.0), RED, radius)]);
        still(64, 64, PAPER, vec![at(&body, 0, 0, [0, 0, 64, 64])])
    };
    let (a, b, c) = (rig.draw(&make(12.0)).1, rig.draw(&make(12.0)).1, rig.draw(&make(20.0)).1);
    assert_eq!(a, b);
    assert_ne!(a, c);
}

#[test]
fn layer_beyond_the_left_edge_is_clipped() {
    let Some(mut rig) = Rig::any(40, 20) else { return };
    let primitives = vec![
        Primitive::fill(Rect::new(0.0, 0.0, 100.0, 20.0), RED),
        Primitive::fill(Rect::new(95.0, 0.0, 5.0, 20.0), PAPER),
    ];
    let body = layer(100, 20, primitives);
    let (_, picture) = rig.draw(&still(40, 20, Colour::BLACK, vec![at(&body, -80, -5, [2, 0, 16, 15])]));
    assert_eq!((count(&picture, RED), count(&picture, PAPER)), (13 * 15, 3 * 15));
    assert_eq!(picture.get_pixel(15, 0).0, [247, 244, 238, 255]);
}

#[test]
fn ticker_moves_the_same_whole_pixels_every_frame() {
    let Some(mut rig) = Rig::any(128, 40) else { return };
    let text = "示例镇村务公开：本月集体资金收支明细已经公示。".repeat(4);
    let words = rig.words(&RichText::line(&text, 24.0, false), Colour::WHITE);
    let width = match &words {
        Primitive::Words { text, .. } => text.width.ceil() as u32,
        _ => unreachable!(),
    };
    assert!(width > 1300, "{width}");
    let placed = Placed {
        layer: layer(width, 40, vec![words]),
        x: 100,
        y: 0,
        clip: Rect::new(0.0, 0.0, 128.0, 40.0),
        motion: Motion::Ticker { step: SpeedStep { pixels: 2, hold: 1 }, start: 0 },
    };
    let scene = Scene { width: 128, height: 40, refresh: 60, background: Colour::BLACK, placed: vec![placed] };
    let (mut last, mut inked) = (None::<RgbaImage>, 0);
    for number in 0..600_u64 {
        let now = FrameTime { frame: number, at: Duration::from_secs_f64(number as f64 / 60.0) };
        let (stats, picture) = rig.draw(&frame(&scene, now));
        assert_eq!(stats.prepared_layers, u32::from(number == 0));
        if let Some(last) = &last {
            for (x, y, pixel) in picture.enumerate_pixels().filter(|(x, ..)| *x < 126) {
                assert_eq!(pixel, last.get_pixel(x + 2, y), "frame {number} at {x},{y}");
            }
        }
        inked += usize::from(picture.pixels().any(|p| p.0[0] > 0));
        last = Some(picture);
    }
    assert!(inked > 590, "{inked}");
}

#[test]
fn pixel_words_are_on_or_off_in_their_own_colours() {
    let Some(mut rig) = Rig::any(160, 32) else { return };
    let green = [0, 255, 0, 255];
    let mut text = RichText::line("公示", 16.0, false);
    text.pixel = true;
    text.spans.push(StyledSpan { text: "栏目", bold: false, colour: Some(green) });
    let body = layer(160, 32, vec![rig.words(&text, RED)]);
    let (stats, picture) = rig.draw(&still(160, 32, Colour::BLACK, vec![at(&body, 0, 0, [0, 0, 160, 32])]));
    let colours: HashSet<[u8; 4]> = picture.pixels().map(|p| p.0).collect();
    assert_eq!(colours, HashSet::from([[0, 0, 0, 255], [179, 38, 30, 255], green]));
    assert_eq!(stats.draws, 1);
    let smooth = RichText { pixel: false, ..text };
    let body = layer(160, 32, vec![rig.words(&smooth, RED)]);
    let (_, picture) = rig.draw(&still(160, 32, Colour::BLACK, vec![at(&body, 0, 0, [0, 0, 160, 32])]));
    assert!(picture.pixels().map(|p| p.0).collect::<HashSet<_>>().len() > 10);
}

#[test]
fn veil_hides_by_its_strength() {
    let Some(mut rig) = Rig::any(20, 20) else { return };
    let body = layer(20, 20, vec![Primitive::fill(Rect::new(0.0, 0.0, 20.0, 20.0), Colour::WHITE)]);
    let mut draw = at(&body, 0, 0, [5, 5, 10, 10]);
    draw.veil = 0.5;
    let (stats, picture) = rig.draw(&still(20, 20, Colour::BLACK, vec![draw.clone()]));
    let grey = picture.get_pixel(10, 10).0[0];
    assert!((126..=129).contains(&grey), "{grey}");
    assert_eq!(count(&picture, Colour::BLACK), 300);
    assert_eq!(stats.draws, 2);
    draw.veil = 1.0;
    let (_, picture) = rig.draw(&still(20, 20, Colour::BLACK, vec![draw]));
    assert_eq!(count(&picture, Colour::BLACK), 400);
}

#[test]
fn pictures_are_exact_enlarged_and_reduced() {
    let Some(mut rig) = Rig::any(64, 32) else { return };
    let picture = checkers();
    let blue = Colour::rgb(0, 0, 255);
    let show = |rig: &mut Rig, rect: Rect, sampling| {
        let body = layer(64, 32, vec![image(&picture, rect, sampling)]);
        rig.draw(&still(64, 32, Colour::BLACK, vec![at(&body, 0, 0, [0, 0, 64, 32])])).1
    };
    let same = show(&mut rig, Rect::new(3.0, 2.0, 8.0, 8.0), Sampling::Linear);
    assert_eq!((count(&same, Colour::WHITE), count(&same, blue)), (32, 32));
    let large = show(&mut rig, Rect::new(0.0, 0.0, 32.0, 32.0), Sampling::Nearest);
    assert_eq!((count(&large, Colour::WHITE), count(&large, blue)), (512, 512));
    let small = show(&mut rig, Rect::new(0.0, 0.0, 2.0, 2.0), Sampling::Linear);
    assert_eq!(count(&small, Colour::rgb(128, 128, 255)), 4);
}

#[test]
fn prepares_once_and_lets_go() {
    let Some(mut rig) = Rig::any(100, 50) else { return };
    let words = rig.words(&RichText::line("公开", 24.0, true), RED);
    let body = layer(100, 50, vec![Primitive::fill(Rect::new(0.0, 0.0, 9.0, 9.0), RED), words]);
    let shown = still(100, 50, PAPER, vec![at(&body, 0, 0, [0, 0, 100, 50])]);
    assert_eq!(rig.draw(&shown).0, FrameStats { draws: 2, prepared_layers: 1 });
    let moved = still(100, 50, PAPER, vec![at(&body, 7, 3, [7, 3, 93, 47])]);
    assert_eq!(rig.draw(&moved).0, FrameStats { draws: 2, prepared_layers: 0 });
    drop((shown, moved, body));
    let other = layer(5, 5, Vec::new());
    let (stats, _) = rig.draw(&still(100, 50, PAPER, vec![at(&other, 0, 0, [0, 0, 5, 5])]));
    assert_eq!((stats.draws, rig.renderer.layers()), (0, 1));
}

#[test]
fn words_stay_right_while_the_atlas_lets_glyphs_go() {
    let Some(mut rig) = Rig::any(240, 48) else { return };
    let words = rig.words(&RichText::line("集体资产公示", 32.0, false), RED);
    let body = layer(240, 48, vec![words]);
    let frame = still(240, 48, PAPER, vec![at(&body, 0, 0, [0, 0, 240, 48])]);
    let first = rig.draw(&frame).1;
    let mut han = (0x4e00..0x9fa5).filter_map(char::from_u32);
    for _ in 0..12 {
        let text: String = han.by_ref().take(900).collect();
        let mut long = RichText::line(&text, 32.0, false);
        long.width = Some(1000.0);
        let other = layer(1000, 2000, vec![rig.words(&long, RED)]);
        rig.draw(&still(240, 48, PAPER, vec![at(&other, 0, 0, [0, 0, 240, 48])]));
    }
    assert_eq!(rig.draw(&frame).1, first);
}

/// Shapes, words and a picture: what a kiosk page is made of.
fn card(rig: &mut Rig) -> Frame {
    let picture = checkers();
    let mut title = RichText::line("示例镇 政务公开", 30.0, true);
    title.spans.push(StyledSpan { text: " 2026", bold: false, colour: Some([30, 90, 160, 255]) });
    let mut primitives = vec![
        Primitive::Shape {
            rect: Rect::new(8.0, 8.0, 304.0, 144.0),
            fill: Fill::Vertical(Colour::WHITE, Colour::rgb(228, 222, 211)),
            radii: [28.0, 20.0, 12.0, 0.0],
            line: 2.0,
            line_colour: RED,
        },
        Primitive::rounded(Rect::new(24.0, 90.0, 120.0, 44.0), RED.alpha(0.5), 22.0),
    ];
    primitives.push(Primitive::Image {
        picture,
        rect: Rect::new(230.0, 80.0, 64.0, 64.0),
        part: Some(Rect::new(0.0, 0.0, 4.0, 4.0)),
        tint: Colour::rgb(255, 200, 200),
        radius: 16.0,
        sampling: Sampling::Linear,
    });
    let Primitive::Words { text, colour, .. } = rig.words(&title, Colour::rgb(29, 33, 39)) else { unreachable!() };
    primitives.push(Primitive::Words { text, x: 24.0, y: 24.0, colour });
    let body = layer(320, 160, primitives);
    still(320, 160, PAPER, vec![at(&body, 0, 0, [0, 0, 320, 160])])
}

#[test]
fn golden_card() {
    let Some(mut rig) = Rig::any(320, 160) else { return };
    let frame = card(&mut rig);
    golden("card", &rig.draw(&frame).1);
}

#[test]
fn golden_pixel_words() {
    let Some(mut rig) = Rig::any(192, 32) else { return };
    let mut text = RichText::line("热线 12345 公示栏目", 16.0, false);
    text.pixel = true;
    let body = layer(192, 32, vec![rig.words(&text, Colour::rgb(255, 0, 0))]);
    golden("pixel-words", &rig.draw(&still(192, 32, Colour::BLACK, vec![at(&body, 4, 4, [0, 0, 192, 32])])).1);
}

#[test]
fn golden_faded_and_cut() {
    let Some(mut rig) = Rig::any(200, 100) else { return };
    let frame = card(&mut rig);
    let mut draws = vec![at(&frame.draws[0].layer, -60, -20, [0, 0, 180, 90])];
    draws[0].veil = 0.4;
    golden("faded-and-cut", &rig.draw(&still(200, 100, PAPER, draws)).1);
}

#[test]
fn vulkan_and_gl_draw_the_same() {
    let rigs = [BackendPreference::Vulkan, BackendPreference::Gl].map(|choice| Rig::new(choice, 320, 160));
    let [Some(mut vulkan), Some(mut gl)] = rigs else { return };
    println!("{} / {}", vulkan.gpu.adapter(), gl.gpu.adapter());
    let (a, b) = (card(&mut vulkan), card(&mut gl));
    let (a, b) = (vulkan.draw(&a).1, gl.draw(&b).1);
    assert_eq!(difference(&a, &b).unwrap().0, 0);
}

#[test]
fn the_comparer_sees_one_pixel() {
    let a = RgbaImage::from_pixel(4, 4, image::Rgba([10, 20, 30, 255]));
    let mut b = a.clone();
    b.put_pixel(1, 2, image::Rgba([10, 24, 30, 255]));
    assert_eq!(difference(&a, &b).unwrap().0, 0);
    b.put_pixel(1, 2, image::Rgba([10, 25, 30, 255]));
    assert_eq!(difference(&a, &b).unwrap().0, 1);
    assert!(difference(&a, &RgbaImage::new(4, 5)).is_err());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("one.png");
    assert!(kept(&file, dir.path(), &a).unwrap_err().contains("missing"));
    a.save(&file).unwrap();
    assert_eq!(kept(&file, dir.path(), &a), Ok(()));
    assert!(kept(&file, dir.path(), &b).unwrap_err().starts_with("one: 1 pixels"));
    for part in ["expected", "actual", "difference"] {
        assert!(dir.path().join(format!("one-{part}.png")).is_file());
    }
}

#[test]
fn pictures_at_any_rate_show_a_ticker_at_the_screen_s_speed() {
    if Rig::new(BackendPreference::default(), 8, 8).is_none() {
        return;
    }
    let moved = |refresh: u32, fps: u32| {
        let text = "示例镇土地征收补偿安置方案".repeat(20);
        let line = Zone::new(400, 96, TickerZone { speed: 180.0, text, ..TickerZone::default() });
        let screen = Screen { width: 400, height: 96, refresh, zone: vec![line], ..Screen::default() };
        let config = Config { screens: [("led".to_owned(), screen)].into(), ..Config::default() };
        let shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        let start = "2026-11-23T01:42:07Z".parse().unwrap();
        let mut stage = Offstage::new(&Arc::new(config), "led", shaper, start, fps).unwrap();
        let first = stage.advance().draws[0].x;
        for _ in 1..fps {
            stage.advance();
        }
        first - stage.advance().draws[0].x
    };
    for fps in [10, 24, 30, 50, 60, 75, 120] {
        assert_eq!(moved(60, fps), 180, "pixels in a second, drawn {fps} times");
    }
    assert_eq!(moved(50, 25), 200, "50 Hz has no 180");
}

#[test]
fn two_machines_on_one_wall_show_one_picture_across_the_seam() {
    if Rig::new(BackendPreference::default(), 8, 8).is_none() {
        return;
    }
    let text = "示例镇土地征收补偿安置方案公示，期限至十二月。\n乡村道路改建工程 Abg-118-2 中标候选人公示".to_owned();
    let start = "2026-11-23T01:42:07.5Z".parse().unwrap();
    let draw = |left: u32, width: u32, late: u32| {
        let style = TextStyle { size: 60.0, ..TextStyle::default() };
        let line = Zone::new(width, 96, TickerZone { style, text: text.clone(), ..TickerZone::default() });
        let screen = Screen { width, height: 96, wall_width: 800, wall_x: left, zone: vec![line], ..Screen::default() };
        let config = Config { screens: [("led".to_owned(), screen)].into(), ..Config::default() };
        let shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        let mut stage = Offstage::new(&Arc::new(config), "led", shaper, start, 60).unwrap();
        // Switched on so many frames after the others.
        stage.skip(Duration::from_secs(1) * late / 60);
        for _ in late..90 {
            stage.advance();
        }
        stage.draw().unwrap();
        stage.picture().unwrap()
    };
    let (whole, left, right) = (draw(0, 800, 0), draw(0, 400, 20), draw(400, 400, 77));
    let lit = whole.enumerate_pixels().filter(|(.., p)| p.0[0] > 128).count();
    assert!(lit > 3_000, "{lit}");
    for (x, y, pixel) in whole.enumerate_pixels() {
        let half = if x < 400 { left.get_pixel(x, y) } else { right.get_pixel(x - 400, y) };
        assert_eq!(pixel, half, "{x},{y}");
    }
}
