//! What stands still is drawn once, and the pixels are the same.

use super::{PAPER, RED, Rig, at, layer, still};
use gongshi::{
    gpu::{BackendPreference, Offscreen, Renderer},
    scene::{Colour, Draw, Fill, Frame, Layer, Primitive, Rect},
    text::RichText,
};
use image::RgbaImage;
use std::sync::Arc;

/// Enough frames for what stands still to be found, twice.
const FRAMES: i32 = 150;

struct Wall {
    cards: Vec<Arc<Layer>>,
    line: Arc<Layer>,
    badge: Arc<Layer>,
}

impl Wall {
    fn new(rig: &mut Rig) -> Self {
        let card = |rig: &mut Rig, text: &str, strength: u8| {
            let ground = Primitive::Shape {
                rect: Rect::new(2.0, 2.0, 90.0, 40.0),
                fill: Fill::Vertical(RED, Colour { a: strength, ..PAPER }),
                radii: [9.0; 4],
                line: 1.5,
                line_colour: PAPER,
            };
            let words = rig.words(&RichText::line(text, 20.0, true), Colour::WHITE);
            layer(96, 48, vec![ground, words])
        };
        let cards = ["村务公开", "财务", "项目招标", "人事任免"].map(|text| card(rig, text, 120)).to_vec();
        let words = rig.words(&RichText::line("公示期内有异议的请来电反映", 20.0, false), PAPER);
        Self { cards, line: layer(260, 30, vec![words]), badge: card(rig, "今日", 200) }
    }

    /// Cards that overlap, a line that moves below, and a badge over the line.
    fn frame(&self, number: i32, cards: usize) -> Frame {
        let spot = |i: usize| (i as i32 % 2 * 80, i as i32 / 2 * 40);
        let mut draws: Vec<Draw> = self
            .cards
            .iter()
            .take(cards)
            .enumerate()
            .map(|(i, card)| {
                let (x, y) = spot(i);
                at(card, x, y, [x as u32, y as u32, 96, 48])
            })
            .collect();
        draws.push(at(&self.line, 170 - number * 2, 95, [0, 95, 200, 25]));
        draws.push(at(&self.badge, 60, 80, [60, 80, 96, 40]));
        still(200, 120, Colour::rgb(20, 30, 60), draws)
    }
}

/// What a renderer that has seen no other frame draws.
fn alone(rig: &mut Rig, frame: &Frame, size: [u32; 2]) -> RgbaImage {
    let mut target = Offscreen::new(&rig.gpu, size[0], size[1]);
    let mut renderer = Renderer::new(&rig.gpu);
    renderer.render(&rig.gpu, &mut rig.shaper, frame, &mut target).unwrap();
    target.read(&rig.gpu).unwrap()
}

#[test]
fn still_layers_are_laid_as_one_and_look_the_same() {
    for choice in [BackendPreference::Vulkan, BackendPreference::Gl] {
        for size in [[200, 120], [230, 140], [150, 110]] {
            let Some(mut rig) = Rig::new(choice, size[0], size[1]) else { continue };
            let wall = Wall::new(&mut rig);
            let mut draws = Vec::new();
            for number in 0..FRAMES {
                let frame = wall.frame(number, 4);
                let (stats, picture) = rig.draw(&frame);
                draws.push(stats.draws);
                if number % 23 == 0 || number > FRAMES - 3 {
                    assert_eq!(picture, alone(&mut rig, &frame, size), "{choice:?} {size:?} frame {number}");
                }
            }
            // Four cards as one texture, then the line, and the badge that covers it.
            let beyond = u32::from(size[0] > 200);
            assert!(draws[0] >= 11 && draws[draws.len() - 1] == 4 + beyond, "{draws:?}");
        }
    }
}

#[test]
fn a_texture_is_as_large_as_what_stands_and_the_rest_stays_the_background() {
    for choice in [BackendPreference::Vulkan, BackendPreference::Gl] {
        for size in [[200, 120], [230, 140], [70, 60]] {
            let Some(mut rig) = Rig::new(choice, size[0], size[1]) else { continue };
            let wall = Wall::new(&mut rig);
            let mut draws = 0;
            for number in 0..FRAMES {
                // Two cards in the middle of a wall whose line takes most of it and begins beside them.
                let card = |card: usize, y: u32| at(&wall.cards[card], 40, y as i32, [40, y, 90, 48]);
                let line = at(&wall.line, 170 - number * 2, 20, [136, 0, 64, 120]);
                let frame = still(200, 120, Colour::rgb(20, 30, 60), vec![card(0, 10), card(1, 62), line]);
                let (stats, picture) = rig.draw(&frame);
                draws = stats.draws;
                if number % 23 == 0 || number > FRAMES - 3 {
                    assert_eq!(picture, alone(&mut rig, &frame, size), "{choice:?} {size:?} frame {number}");
                }
            }
            let (beyond, line) = (u32::from(size[0] > 200), u32::from(size[0] > 136));
            assert_eq!(draws, 1 + beyond + line, "{choice:?} {size:?}");
        }
    }
}

#[test]
fn a_card_that_goes_is_gone_at_once() {
    let Some(mut rig) = Rig::any(200, 120) else { return };
    let wall = Wall::new(&mut rig);
    for number in 0..FRAMES {
        let cards = if number < 100 { 4 } else { 3 };
        let frame = wall.frame(number, cards);
        let (_, picture) = rig.draw(&frame);
        if (98..104).contains(&number) || number == FRAMES - 1 {
            assert_eq!(picture, alone(&mut rig, &frame, [200, 120]), "frame {number}");
        }
    }
}

#[test]
fn what_comes_to_move_under_a_still_card_stays_under_it() {
    let Some(mut rig) = Rig::any(200, 120) else { return };
    let wall = Wall::new(&mut rig);
    for number in 0..FRAMES {
        let mut frame = wall.frame(number, 4);
        let line = frame.draws.remove(4);
        // At first the line moves where no card is; later it climbs behind them.
        let y = if number < 90 { 95 } else { 20 };
        frame.draws.insert(0, Draw { y, clip: [0, y as u32, 200, 25], ..line });
        let (_, picture) = rig.draw(&frame);
        if number > 60 && number % 7 == 0 {
            assert_eq!(picture, alone(&mut rig, &frame, [200, 120]), "frame {number}");
        }
    }
}

#[test]
fn a_page_that_scrolls_gets_no_texture_of_its_own() {
    let Some(mut rig) = Rig::any(200, 120) else { return };
    let wall = Wall::new(&mut rig);
    let mut draws = Vec::new();
    for number in 0..FRAMES {
        let mut frame = wall.frame(number, 4);
        // What moves goes over more than half of what the cards cover.
        frame.draws[4].clip = [0, 30, 200, 90];
        draws.push(rig.draw(&frame).0.draws);
    }
    assert!(draws.iter().all(|count| *count >= 11), "{draws:?}");
}
