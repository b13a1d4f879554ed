//! The kiosk's scene: fixed layers, the sections of the page that are near, and what lies over them.

use super::{chrome::Chrome, content::PageContent, setup::Setup, touch::Pressed};
use crate::{
    kiosk::{Action, Visit},
    scene::{Colour, Fill, Layer, Motion, Placed, Primitive, Rect, Scene},
    ui::Layout,
};
use std::sync::Arc;

/// The scene of all that is laid out, with what a finger is on darkened.
pub(super) fn assemble(
    setup: &Setup,
    visit: &Visit,
    content: Option<&PageContent>,
    chrome: &mut Chrome,
    pressed: Option<&Pressed>,
) -> Scene {
    let look = &setup.look;
    let whole = Rect::new(0.0, 0.0, look.width, look.height);
    let mut scene = Scene {
        width: setup.screen.width,
        height: setup.screen.height,
        refresh: setup.screen.refresh,
        background: look.paper,
        placed: Vec::with_capacity(16),
    };
    let placed = &mut scene.placed;
    if let Some(content) = content {
        let (scroller, page) = (&visit.here.scroller, &content.page);
        put(placed, &content.background, (0.0, 0.0), whole, Motion::Still);
        let motion = Motion::Scroll(scroller.glide());
        for (i, layout) in &content.sections {
            let at = (page.left - visit.here.scroll_x, f64::from(page.opening.y) + scroller.top(*i));
            put(placed, layout, at, page.opening, motion);
        }
        if let Some((rect, layout)) = &content.overlay {
            put(placed, layout, (rect.x, rect.y.into()), whole, Motion::Still);
        }
        if let Some((length, glide)) = scroller.thumb(page.track.h, look.px(60.0)) {
            let (wide, tall) = (page.track.w, length.round());
            let layer = match &chrome.thumb {
                Some((kept, layer)) if *kept == tall as u32 => Arc::clone(layer),
                _ => plain(Rect::new(0.0, 0.0, wide, tall), look.line, wide / 2.0),
            };
            chrome.thumb = Some((tall as u32, Arc::clone(&layer)));
            let (x, y) = (page.track.x.round() as i32, page.track.y.round() as i32);
            placed.push(Placed { layer, x, y, clip: page.track, motion: Motion::Scroll(glide) });
        }
    }
    if let Some(header) = chrome.header() {
        put(placed, header, (0.0, 0.0), whole, Motion::Still);
    }
    if let Some(bar) = chrome.bar() {
        let top = look.height - bar.height;
        put(placed, bar, (0.0, top.into()), whole, Motion::Still);
        if let Some(badge) = chrome.badge() {
            put(placed, badge, (0.0, (top - badge.height).into()), whole, Motion::Still);
        }
    }
    if let Some((rect, layout)) = &chrome.dialog {
        let dim = chrome.dim.get_or_insert_with(|| plain(whole, look.ink.alpha(0.55), 0.0));
        placed.push(Placed { layer: Arc::clone(dim), x: 0, y: 0, clip: whole, motion: Motion::Still });
        put(placed, layout, (rect.x, rect.y.into()), whole, Motion::Still);
    }
    if let Some(pressed) = pressed {
        let rect = pressed.rect;
        let layer = plain(Rect::new(0.0, 0.0, rect.w, rect.h), look.pressed(), pressed.radius);
        let (x, y) = (rect.x.round() as i32, rect.y.round() as i32);
        placed.push(Placed { layer, x, y, clip: pressed.clip, motion: Motion::Still });
    }
    scene
}

fn put(placed: &mut Vec<Placed>, layout: &Layout<Action>, (x, y): (f32, f64), clip: Rect, motion: Motion) {
    for (top, layer) in &layout.layers {
        let (x, y) = (x.round() as i32, (y + f64::from(*top)).round() as i32);
        placed.push(Placed { layer: Arc::clone(layer), x, y, clip, motion });
    }
}

/// A layer that is one rectangle.
fn plain(rect: Rect, colour: Colour, radius: f32) -> Arc<Layer> {
    let fill = Fill::Solid(colour);
    let shape = Primitive::Shape { rect, fill, radii: [radius; 4], line: 0.0, line_colour: colour };
    let side = |v: f32| (v.ceil().max(1.0) as u32).min(Layer::MAX_PIXELS);
    Arc::new(Layer { width: side(rect.w), height: side(rect.h), primitives: vec![shape], ..Layer::default() })
}
