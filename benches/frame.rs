//! CPU of one prepared frame: nothing at all, a ticker of 1,000 characters, and one of 100,000.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use gongshi::{
    gpu::{Choice, Gpu, Offscreen, Renderer},
    scene::{Colour, Layer, Motion, Placed, Primitive, Rect, Scene, frame},
    schedule::Step,
    text::{FontPlace, RichText, Shaper},
    time::FrameTime,
};
use std::{sync::Arc, time::Duration};

const SIZE: u32 = 32;
const PIECE: usize = 100;

/// A strip in pieces of 100 characters of 32 px.
fn ticker(shaper: &mut Shaper, characters: usize) -> Scene {
    let text: String = "示例镇村务公开资金明细".chars().cycle().take(PIECE).collect();
    let width = SIZE * PIECE as u32;
    let placed = (0..characters / PIECE).map(|piece| {
        let text = Arc::new(shaper.shape(&RichText::line(&text, SIZE as f32, false)));
        let words = Primitive::Words { text, x: 0.0, y: 0.0, colour: Colour::WHITE };
        Placed {
            layer: Arc::new(Layer { width, height: 48, primitives: vec![words] }),
            x: piece as i32 * width as i32,
            y: 0,
            clip: Rect::new(0.0, 0.0, 1280.0, 48.0),
            motion: Motion::Ticker { step: Step { pixels: 2, hold: 1 }, start: 0 },
        }
    });
    let placed = placed.collect();
    Scene { width: 1280, height: 48, refresh: 60, background: Colour::BLACK, placed }
}

fn frames(criterion: &mut Criterion) {
    let gpu = match Gpu::new(&Choice::from_env(), None) {
        Ok(gpu) => gpu,
        Err(error) => return eprintln!("SKIPPED: {error}"),
    };
    let shaper = FontPlace::find(&[]).and_then(Shaper::new);
    let mut shaper = match shaper {
        Ok(shaper) => shaper,
        Err(error) => return eprintln!("SKIPPED: {error}"),
    };
    println!("{}", gpu.adapter());
    for characters in [0, 1_000, 100_000] {
        // Without characters it is what the graphics library itself costs a frame.
        let scene = ticker(&mut shaper, characters);
        let mut target = Offscreen::new(&gpu, 1280, 48);
        let mut renderer = Renderer::new(&gpu, target.format());
        let mut number = 0;
        criterion.bench_function(&format!("ticker of {characters} characters"), |bencher| {
            bencher.iter_batched(
                || {
                    gpu.wait();
                    number = (number + 1) % 800;
                    FrameTime { frame: number, at: Duration::from_millis(number * 16) }
                },
                |now| renderer.render(&gpu, &mut shaper, &frame(&scene, now), &mut target),
                BatchSize::PerIteration,
            );
        });
    }
}

criterion_group!(benches, frames);
criterion_main!(benches);
