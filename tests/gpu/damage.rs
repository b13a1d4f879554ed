//! A screen in main memory draws what changed and copies what only moves; the pixels are those of frames drawn whole.

use super::{PAPER, RED, Rig, at, checkers, image, layer, still};
use gongshi::{
    config::Effect,
    gpu::{BackendPreference, Composed, Offscreen, Pixels, Renderer, SoftwareTarget},
    scene::{Colour, Fill, Frame, Layer, Motion, Placed, Primitive, Rect, Sampling, Scene, frame},
    schedule::SpeedStep,
    text::RichText,
    time::FrameTime,
};
use proptest::{prelude::*, test_runner::Config};
use std::{sync::Arc, time::Duration};

const CANVAS: [u32; 2] = [200, 120];
const WINDOW: Rect = Rect::new(10.0, 86.0, 170.0, 28.0);
const OVERHANG: i32 = 3;

/// A display with one or two buffers: what it shows is what was presented, where it was said to have changed.
struct Display {
    size: [u32; 2],
    buffers: Vec<(Vec<u32>, u8)>,
    next: usize,
    shown: Vec<u32>,
}

impl Display {
    fn new(size: [u32; 2], buffers: usize) -> Self {
        let empty = vec![0x00C0_FFEE; (size[0] * size[1]) as usize];
        Self { size, buffers: vec![(empty.clone(), 0); buffers], next: 0, shown: empty }
    }

    fn show(&mut self, rig: &mut Rig, target: &mut SoftwareTarget, frame: &Frame) -> Composed {
        let (data, age) = &mut self.buffers[self.next];
        let mut pixels = Pixels { data, size: self.size, age: *age };
        let composed = target.draw(&rig.gpu, &mut rig.renderer, &mut rig.shaper, frame, &mut pixels).unwrap();
        if composed.damage.is_empty() {
            return composed;
        }
        for &[x, y, w, h] in composed.damage.rects() {
            for row in y..y + h {
                let (start, end) = ((row * self.size[0] + x) as usize, (row * self.size[0] + x + w) as usize);
                self.shown[start..end].copy_from_slice(&data[start..end]);
            }
        }
        self.buffers.iter_mut().filter(|(_, age)| *age > 0).for_each(|(_, age)| *age += 1);
        self.buffers[self.next].1 = 1;
        self.next = (self.next + 1) % self.buffers.len();
        composed
    }

    /// The first pixel that differs from the same frame drawn whole by another renderer.
    fn differs(&self, rig: &mut Rig, whole: &mut Renderer, frame: &Frame) -> Option<String> {
        let mut target = Offscreen::new(&rig.gpu, self.size[0], self.size[1]);
        whole.render(&rig.gpu, &mut rig.shaper, frame, &mut target).unwrap();
        let picture = target.read(&rig.gpu).unwrap();
        let mut pairs = picture.enumerate_pixels().zip(&self.shown);
        pairs.find_map(|((x, y, pixel), shown)| {
            let [r, g, b, _] = pixel.0;
            let expected = u32::from_be_bytes([0, r, g, b]);
            let shown = shown & 0x00FF_FFFF;
            (shown != expected).then(|| format!("{x},{y} is {shown:06x}, not {expected:06x}"))
        })
    }
}

/// A layer, where it stands, what is seen of it, and how far it has faded in.
type Card = (Arc<Layer>, i32, i32, Rect, Option<f32>);

/// What random steps are made of.
struct World {
    cards: Vec<Card>,
    kinds: Vec<Arc<Layer>>,
    strips: Vec<(Arc<Layer>, i32, i32)>,
    texts: Vec<Primitive>,
    plain: Arc<Layer>,
    shaded: Arc<Layer>,
    badge: Arc<Layer>,
    ground: u8,
    is_badged: bool,
    pixels: u32,
    start: i64,
    number: u64,
    made: usize,
}

impl World {
    fn new(rig: &mut Rig) -> Self {
        let ground = Primitive::Shape {
            rect: Rect::new(2.0, 2.0, 60.0, 36.0),
            fill: Fill::Vertical(RED, Colour { a: 90, ..PAPER }),
            radii: [9.0; 4],
            line: 1.5,
            line_colour: PAPER,
        };
        let mut words = |text: &str, size: f32| rig.words(&RichText::line(text, size, true), Colour::WHITE);
        let kinds = vec![
            layer(64, 40, vec![ground.clone(), words("村务公开", 18.0)]),
            layer(64, 40, vec![Primitive::fill(Rect::new(0.0, 0.0, 64.0, 40.0), RED.alpha(0.5))]),
            layer(64, 40, vec![image(&checkers(), Rect::new(5.0, 3.0, 40.0, 30.0), Sampling::Linear)]),
            layer(64, 40, vec![words("招标 Agj", 24.0)]),
        ];
        let texts = ["公示", "异议请来电", "Afj示", "县"].map(|text| words(text, 20.0)).to_vec();
        let tile = |fill| {
            let rect = Rect::new(0.0, 0.0, 200.0, 40.0);
            let shape = Primitive::Shape { rect, fill, radii: [0.0; 4], line: 0.0, line_colour: RED };
            layer(200, 40, vec![shape])
        };
        let mut world = Self {
            cards: Vec::new(),
            kinds,
            strips: Vec::new(),
            texts,
            plain: tile(Fill::Solid(Colour::rgb(20, 60, 40))),
            shaded: tile(Fill::Vertical(RED, PAPER)),
            badge: layer(64, 40, vec![ground]),
            ground: 1,
            is_badged: false,
            pixels: 3,
            start: 0,
            number: 0,
            made: 0,
        };
        world.fill();
        world
    }

    /// Strips to beyond the right edge of the window, none past its left edge.
    fn fill(&mut self) {
        let (left, right) = (WINDOW.x as i32, (WINDOW.x + WINDOW.w) as i32);
        self.strips.retain(|(_, x, width)| x + width + OVERHANG > left);
        let mut end = self.strips.last().map_or(left + 40, |(_, x, width)| x + width);
        while end < right + 120 {
            let width = 30 + (self.made * 37 % 50) as i32;
            let mut text = self.texts[self.made % self.texts.len()].clone();
            if let Primitive::Words { x, y, .. } = &mut text {
                (*x, *y) = (OVERHANG as f32 - 2.0, -2.0);
            }
            self.strips.push((layer((width + 2 * OVERHANG) as u32, 28, vec![text]), end, width));
            (end, self.made) = (end + width, self.made + 1);
        }
    }

    /// Counts positions from this frame on, as a ticker does when its scene is built anew.
    fn rebase(&mut self) {
        let moved = (self.number as i64 - self.start).max(0) as i32 * self.pixels as i32;
        self.strips.iter_mut().for_each(|(_, x, _)| *x -= moved);
        self.start = self.number as i64;
        self.fill();
    }

    fn step(&mut self, (kind, which, a, b): (u8, u8, i32, i32)) {
        let spot = Rect::new((a * 3) as f32, (b * 2) as f32, 64.0, 40.0);
        let index = usize::from(which) % self.cards.len().max(1);
        match kind {
            0 | 1 => {
                let layer = Arc::clone(&self.kinds[usize::from(which) % self.kinds.len()]);
                self.cards.insert(index, (layer, a * 3, b * 2, spot, None));
                self.cards.truncate(7);
            }
            2 if !self.cards.is_empty() => drop(self.cards.remove(index)),
            3 => {
                if let Some((_, x, y, clip, _)) = self.cards.get_mut(index) {
                    (*x, *y, *clip) = (a * 3, b * 2, spot);
                }
            }
            4 => {
                if let Some((_, _, _, clip, _)) = self.cards.get_mut(index) {
                    *clip = Rect::new(clip.x + 5.0, clip.y, (a + 6) as f32, (b + 6) as f32);
                }
            }
            5 => {
                if let Some((.., veil)) = self.cards.get_mut(index) {
                    *veil = (b > 10).then_some(a as f32 / 60.0);
                }
            }
            6 => self.cards.reverse(),
            7 => self.ground = which % 3,
            8 => self.is_badged = !self.is_badged,
            9 => {
                self.rebase();
                self.pixels = u32::from(which) % 6 + 1;
            }
            10 => {
                // New items: what is visible goes on, what follows is made anew.
                self.rebase();
                self.strips.truncate(3);
                self.fill();
            }
            11 => {
                self.rebase();
                self.strips.iter_mut().for_each(|(_, x, _)| *x += a - 20);
                self.fill();
            }
            _ => self.rebase(),
        }
    }

    fn frame(&self) -> Frame {
        let still = |layer: &Arc<Layer>, x: i32, y: i32, clip: Rect| Placed {
            layer: Arc::clone(layer),
            x,
            y,
            clip,
            motion: Motion::Still,
        };
        let ground = Rect::new(0.0, 80.0, 200.0, 40.0);
        let mut placed = Vec::new();
        match self.ground {
            1 => placed.push(still(&self.plain, 0, 80, ground)),
            2 => placed.push(still(&self.shaded, 0, 80, ground)),
            _ => {}
        }
        let half = self.cards.len() / 2;
        for (index, (layer, x, y, clip, veil)) in self.cards.iter().enumerate() {
            if index == half {
                placed.extend(self.line());
            }
            let mut card = still(layer, *x, *y, *clip);
            if let Some(veil) = veil {
                // Fading in, halted where it is.
                let length = Duration::from_secs(1);
                let start = self.now().at.saturating_sub(length.mul_f32(*veil));
                card.motion = Motion::Enter { effect: Effect::Fade, start, length };
            }
            placed.push(card);
        }
        if self.cards.is_empty() {
            placed.extend(self.line());
        }
        if self.is_badged {
            placed.push(still(&self.badge, 150, 90, Rect::new(150.0, 90.0, 64.0, 20.0)));
        }
        let background = Colour::rgb(20, 30, 60);
        let scene = Scene { width: CANVAS[0], height: CANVAS[1], refresh: 60, background, placed };
        frame(&scene, self.now())
    }

    fn line(&self) -> impl Iterator<Item = Placed> + '_ {
        let motion = Motion::Ticker { step: SpeedStep { pixels: self.pixels, hold: 1 }, start: self.start };
        self.strips.iter().map(move |(layer, x, _)| Placed {
            layer: Arc::clone(layer),
            x: x - OVERHANG,
            y: WINDOW.y as i32,
            clip: WINDOW,
            motion,
        })
    }

    fn now(&self) -> FrameTime {
        FrameTime { frame: self.number, at: Duration::from_secs(10) + Duration::from_millis(16) * self.number as u32 }
    }
}

fn same_as_whole(
    choice: BackendPreference,
    size: [u32; 2],
    buffers: usize,
    steps: &[(u8, u8, i32, i32)],
) -> Result<(), String> {
    let Some(mut rig) = Rig::new(choice, 8, 8) else { return Ok(()) };
    let mut world = World::new(&mut rig);
    let mut whole = Renderer::new(&rig.gpu);
    let (mut target, mut display) = (SoftwareTarget::new(&rig.gpu), Display::new(size, buffers));
    for (index, step) in steps.iter().enumerate() {
        world.step(*step);
        // Some frames in which nothing but the line moves.
        for _ in 0..1 + step.1 % 3 {
            world.number += 1;
            if world.number.is_multiple_of(12) {
                world.rebase();
            }
            let frame = world.frame();
            display.show(&mut rig, &mut target, &frame);
            if let Some(why) = display.differs(&mut rig, &mut whole, &frame) {
                return Err(format!("{choice:?} {size:?} after step {index} {step:?}, frame {}: {why}", world.number));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 24, max_shrink_iters: 200, ..Config::default() })]
    #[test]
    fn pixels_are_those_of_frames_drawn_whole(
        steps in prop::collection::vec((0u8..16, any::<u8>(), 0i32..60, 0i32..50), 1..40),
        size in prop::sample::select(vec![CANVAS, [230, 140], [150, 110]]),
        buffers in 1usize..3,
    ) {
        let told = same_as_whole(BackendPreference::from_env(), size, buffers, &steps);
        prop_assert!(told.is_ok(), "{}", told.unwrap_err());
    }
}

#[test]
fn opengl_brings_back_the_same_pixels() {
    let steps = [(0, 0, 3, 4), (0, 1, 20, 10), (5, 0, 30, 20), (8, 0, 0, 0), (3, 1, 9, 9), (12, 0, 0, 0), (7, 2, 0, 0)];
    for choice in [BackendPreference::Vulkan, BackendPreference::Gl] {
        assert_eq!(same_as_whole(choice, CANVAS, 1, &steps), Ok(()));
    }
}

#[test]
fn a_line_that_moves_is_copied_and_nothing_is_drawn() {
    let Some(mut rig) = Rig::any(8, 8) else { return };
    let mut world = World::new(&mut rig);
    for place in [(0, 0, 3, 4), (0, 1, 40, 8), (0, 3, 20, 2)] {
        world.step(place);
    }
    let (mut target, mut display) = (SoftwareTarget::new(&rig.gpu), Display::new(CANVAS, 1));
    let (mut drawn, mut frames) = (0, 0);
    for number in 1..=300 {
        world.number = number;
        if number % 12 == 0 {
            world.rebase();
        }
        let composed = display.show(&mut rig, &mut target, &world.frame());
        if number > 1 {
            let window = [WINDOW.x as u32, WINDOW.y as u32, WINDOW.w as u32, WINDOW.h as u32];
            let [rect] = composed.damage.rects() else { panic!("{:?}", composed.damage) };
            assert_eq!(gongshi::scene::common(*rect, window), *rect, "only the line changed");
            assert!(rect[3] < window[3], "and of it only the rows with ink: {rect:?}");
            (drawn, frames) = (drawn + composed.stats.draws, frames + 1);
        }
    }
    assert_eq!((drawn, frames), (0, 299));
}

#[test]
fn a_canvas_that_becomes_smaller_leaves_nothing_behind() {
    let Some(mut rig) = Rig::any(8, 8) else { return };
    for buffers in [1, 2] {
        let (mut target, mut display) = (SoftwareTarget::new(&rig.gpu), Display::new(CANVAS, buffers));
        let mut whole = Renderer::new(&rig.gpu);
        for size in [[200, 120], [200, 120], [90, 50], [90, 50], [150, 120], [200, 120]] {
            let frame = still(size[0], size[1], PAPER, Vec::new());
            display.show(&mut rig, &mut target, &frame);
            assert_eq!(display.differs(&mut rig, &mut whole, &frame), None, "{size:?} {buffers}");
        }
    }
}

#[test]
fn a_frame_that_is_the_same_changes_nothing_and_an_exposed_window_is_shown_whole() {
    let Some(mut rig) = Rig::any(8, 8) else { return };
    let body = layer(60, 40, vec![Primitive::fill(Rect::new(3.0, 5.0, 20.0, 10.0), RED)]);
    let frame = |x: i32| still(200, 120, PAPER, vec![at(&body, x, 7, [x as u32, 7, 60, 40])]);
    let (mut target, mut display) = (SoftwareTarget::new(&rig.gpu), Display::new(CANVAS, 1));
    assert_eq!(display.show(&mut rig, &mut target, &frame(10)).damage.rects(), [[0, 0, 200, 120]]);
    assert!(display.show(&mut rig, &mut target, &frame(10)).damage.is_empty());
    target.expose();
    assert_eq!(display.show(&mut rig, &mut target, &frame(10)).damage.rects(), [[0, 0, 200, 120]]);
    let moved = display.show(&mut rig, &mut target, &frame(14));
    assert_eq!(moved.damage.pixels(), 64 * 40, "where it was and where it is");
    let cut = still(200, 120, PAPER, vec![at(&body, 14, 7, [14, 7, 60, 12])]);
    assert_eq!(display.show(&mut rig, &mut target, &cut).damage.rects(), [[14, 19, 60, 28]], "what was cut off");
    let mut faded = at(&body, 14, 7, [14, 7, 60, 12]);
    faded.veil = 0.3;
    let faded = still(200, 120, PAPER, vec![faded]);
    assert_eq!(display.show(&mut rig, &mut target, &faded).damage.rects(), [[14, 7, 60, 12]], "what faded");
    let mut whole = Renderer::new(&rig.gpu);
    assert_eq!(display.differs(&mut rig, &mut whole, &faded), None);
}
