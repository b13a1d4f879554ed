//! A scene at one instant: a flat list of draws. No text work, no allocation that grows.

use super::{
    Colour, Layer, Placed, Primitive, Rect, Scene,
    motion::{BLINK_MS, Motion, ease, presented, progress},
};
use crate::{config::Effect, time::FrameTime};
use std::{sync::Arc, time::Duration};

/// One layer drawn once.
#[derive(Debug, Clone)]
pub struct Draw {
    /// What is drawn; a renderer keeps what it prepared of it.
    pub layer: Arc<Layer>,
    /// Left edge on the canvas, whole pixels; may lie outside.
    pub x: i32,
    /// Top edge on the canvas, whole pixels; may lie outside.
    pub y: i32,
    /// Scissor, whole canvas pixels as `[x, y, w, h]`, never empty and within the canvas.
    pub clip: [u32; 4],
    /// Strength of the background colour laid over it, 0 none to 1 hidden: fading in without blending layers.
    pub veil: f32,
    /// What the line is seen through that this is a piece of, canvas pixels, where it moves sideways by whole pixels
    /// and does nothing else; pieces of one line have one window and follow each other.
    pub window: Option<[u32; 4]>,
    /// Changes with each picture of the layer's surfaces; 0 where it has none.
    pub surfaces: u64,
}

/// A picture to present.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Canvas pixels across.
    pub width: u32,
    /// Canvas pixels down.
    pub height: u32,
    /// Behind everything, opaque.
    pub background: Colour,
    /// In order, lowest first.
    pub draws: Vec<Draw>,
}

/// The scene at one instant.
pub fn frame(scene: &Scene, now: FrameTime) -> Frame {
    let mut frame = Frame::default();
    frame.update(scene, now);
    frame
}

impl Frame {
    /// Becomes the scene at one instant. What is the same as before is left as it is: most of a wall stands still.
    pub fn update(&mut self, scene: &Scene, now: FrameTime) {
        (self.width, self.height, self.background) = (scene.width, scene.height, scene.background);
        self.draws.reserve(scene.placed.len().saturating_sub(self.draws.len()));
        let mut pen = Pen { frame: self, next: 0 };
        for placed in &scene.placed {
            present(placed, now, &mut pen);
        }
        let drawn = pen.next;
        self.draws.truncate(drawn);
    }
}

/// Writes a frame's draws in order, over those of the frame before.
struct Pen<'a> {
    frame: &'a mut Frame,
    next: usize,
}

fn present(placed: &Placed, now: FrameTime, pen: &mut Pen<'_>) {
    let rest = |pen: &mut Pen<'_>, dx: i32, dy: i32| push(pen, placed, dx, dy, placed.clip, 0.0);
    match placed.motion {
        Motion::Still => rest(pen, 0, 0),
        Motion::Ticker { step, start } => {
            if let Ok(moved) = i32::try_from(step.advanced(presented(now, start))) {
                let first = pen.next;
                rest(pen, -moved, 0);
                if let Some(draw) = pen.frame.draws.get_mut(first).filter(|_| pen.next > first) {
                    draw.window = whole(placed.clip, pen.frame.width, pen.frame.height);
                }
            }
        }
        Motion::Scroll(glide) => rest(pen, 0, -(glide.at(now.at).round() as i32)),
        Motion::Enter { effect, start, length } => enter(placed, effect, now.at, start, length, pen),
        Motion::Leave { effect, start, length } => leave(placed, effect, now.at, start, length, pen),
    }
}

fn enter(placed: &Placed, effect: Effect, now: Duration, start: Duration, length: Duration, pen: &mut Pen<'_>) {
    let clip = placed.clip;
    if now < start && effect != Effect::Still {
        return;
    }
    let t = progress(now, start, length);
    let left = 1.0 - ease(t);
    let (dx, dy) = ((clip.w * left).round() as i32, (clip.h * left).round() as i32);
    match effect {
        Effect::Still => push(pen, placed, 0, 0, clip, 0.0),
        Effect::Left => push(pen, placed, dx, 0, clip, 0.0),
        Effect::Right => push(pen, placed, -dx, 0, clip, 0.0),
        Effect::Up => push(pen, placed, 0, dy, clip, 0.0),
        Effect::Down => push(pen, placed, 0, -dy, clip, 0.0),
        Effect::Blink => {
            let past = now.saturating_sub(start).as_millis() as u64 % BLINK_MS;
            if past < BLINK_MS / 2 {
                push(pen, placed, 0, 0, clip, 0.0);
            }
        }
        Effect::CoverLeft => {
            let w = (clip.w * t).round();
            push(pen, placed, 0, 0, Rect::new(clip.x + clip.w - w, clip.y, w, clip.h), 0.0);
        }
        Effect::CoverRight => push(pen, placed, 0, 0, Rect::new(clip.x, clip.y, (clip.w * t).round(), clip.h), 0.0),
        Effect::Open => {
            let (side, w) = opened(clip, t);
            push(pen, placed, 0, 0, Rect::new(clip.x + side, clip.y, w, clip.h), 0.0);
        }
        Effect::Close => {
            let w = (clip.w * t / 2.0).ceil();
            push(pen, placed, 0, 0, Rect::new(clip.x, clip.y, w, clip.h), 0.0);
            push(pen, placed, 0, 0, Rect::new(clip.x + clip.w - w, clip.y, w, clip.h), 0.0);
        }
        Effect::Fade => push(pen, placed, 0, 0, clip, 1.0 - t),
        Effect::Type => typed(placed, t, pen),
    }
}

/// Reveals words line by line, each from its left, as far as `t` of their whole length.
fn typed(placed: &Placed, t: f32, pen: &mut Pen<'_>) {
    if t >= 1.0 {
        return push(pen, placed, 0, 0, placed.clip, 0.0);
    }
    let words = || {
        placed.layer.primitives.iter().filter_map(|p| match p {
            Primitive::Words { text, x, y, .. } => Some((text, *x, *y)),
            _ => None,
        })
    };
    let total: f32 = words().flat_map(|(text, ..)| text.buffer.layout_runs().map(|r| r.line_w)).sum();
    let mut room = total * t;
    for (text, x, y) in words() {
        for run in text.buffer.layout_runs() {
            if room <= 0.0 {
                return;
            }
            let shown = run.glyphs.iter().take_while(|g| g.x + g.w <= room).last().map_or(0.0, |g| g.x + g.w);
            let line = Rect::new(placed.x as f32 + x, placed.y as f32 + y + run.line_top, shown, run.line_height);
            push(pen, placed, 0, 0, line.intersect(&placed.clip), 0.0);
            room -= run.line_w;
        }
    }
}

fn leave(placed: &Placed, effect: Effect, now: Duration, start: Duration, length: Duration, pen: &mut Pen<'_>) {
    let clip = placed.clip;
    let t = progress(now, start, length);
    if now >= start && t >= 1.0 {
        return;
    }
    let gone = if now < start { 0.0 } else { ease(t) };
    let (dx, dy) = ((clip.w * gone).round() as i32, (clip.h * gone).round() as i32);
    match effect {
        Effect::Left => push(pen, placed, -dx, 0, clip, 0.0),
        Effect::Right => push(pen, placed, dx, 0, clip, 0.0),
        Effect::Up => push(pen, placed, 0, -dy, clip, 0.0),
        Effect::Down => push(pen, placed, 0, dy, clip, 0.0),
        // Covered in place by what comes in.
        Effect::CoverLeft => {
            let rect = Rect::new(clip.x, clip.y, clip.w - (clip.w * t).round(), clip.h);
            push(pen, placed, 0, 0, rect, 0.0);
        }
        Effect::CoverRight => {
            let w = (clip.w * t).round();
            push(pen, placed, 0, 0, Rect::new(clip.x + w, clip.y, clip.w - w, clip.h), 0.0);
        }
        Effect::Open => {
            let (side, w) = opened(clip, t);
            push(pen, placed, 0, 0, Rect::new(clip.x, clip.y, side, clip.h), 0.0);
            push(pen, placed, 0, 0, Rect::new(clip.x + side + w, clip.y, clip.w - side - w, clip.h), 0.0);
        }
        Effect::Close => {
            let w = (clip.w * t / 2.0).ceil();
            push(pen, placed, 0, 0, Rect::new(clip.x + w, clip.y, (clip.w - 2.0 * w).max(0.0), clip.h), 0.0);
        }
        Effect::Still | Effect::Blink | Effect::Fade | Effect::Type => {
            if now < start {
                push(pen, placed, 0, 0, clip, 0.0);
            }
        }
    }
}

/// 中开 at `t`: how wide the closed left side is, and the opening, in whole pixels.
fn opened(clip: Rect, t: f32) -> (f32, f32) {
    let w = ((clip.w * t / 2.0).round() * 2.0).min(clip.w);
    (((clip.w - w) / 2.0).floor(), w)
}

/// The whole pixels of a rectangle within a canvas; `None` where there are none.
fn whole(rect: Rect, width: u32, height: u32) -> Option<[u32; 4]> {
    let seen = rect.intersect(&Rect::new(0.0, 0.0, width as f32, height as f32));
    let (left, top) = (seen.x.round(), seen.y.round());
    let (w, h) = ((seen.x + seen.w).round() - left, (seen.y + seen.h).round() - top);
    (w >= 1.0 && h >= 1.0).then_some([left as u32, top as u32, w as u32, h as u32])
}

fn push(pen: &mut Pen<'_>, placed: &Placed, dx: i32, dy: i32, clip: Rect, veil: f32) {
    let (x, y) = (placed.x.saturating_add(dx), placed.y.saturating_add(dy));
    let body = Rect::new(x as f32, y as f32, placed.layer.width as f32, placed.layer.height as f32);
    let Some(clip) = whole(clip.intersect(&body), pen.frame.width, pen.frame.height) else { return };
    let surfaces = stamp(&placed.layer);
    match pen.frame.draws.get_mut(pen.next) {
        // Its count is not touched: memory that no one has looked at since the last frame costs more than all else here.
        Some(draw) if Arc::ptr_eq(&draw.layer, &placed.layer) => {
            (draw.x, draw.y, draw.clip, draw.veil) = (x, y, clip, veil);
            (draw.window, draw.surfaces) = (None, surfaces);
        }
        old => {
            let draw = Draw { layer: Arc::clone(&placed.layer), x, y, clip, veil, window: None, surfaces };
            match old {
                Some(old) => *old = draw,
                None => pen.frame.draws.push(draw),
            }
        }
    }
    pen.next += 1;
}

/// A number that changes with each picture of a layer's surfaces; 0 where it has none.
fn stamp(layer: &Layer) -> u64 {
    layer.slots().map(|slot| slot.version() + 1).sum()
}
