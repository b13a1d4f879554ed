//! The contrast of words and what is behind them, read off a scene.

use gongshi::{
    scene::{Colour, Fill, Motion, Primitive, Rect, Scene},
    time::FrameTime,
    ui::contrast,
};
use std::time::Duration;

/// The words that are seen, with the least contrast any of their letters has.
pub fn of(scene: &Scene) -> Vec<(String, f32)> {
    let now = FrameTime { frame: 0, at: Duration::from_secs(3_600) };
    let mut grounds: Vec<(Rect, Vec<Colour>)> =
        vec![(Rect::new(0.0, 0.0, scene.width as f32, scene.height as f32), vec![scene.background])];
    let mut all = Vec::new();
    for placed in &scene.placed {
        let up = if let Motion::Scroll(glide) = placed.motion { glide.at(now.at) } else { 0.0 };
        let (dx, dy) = (placed.x as f32, (f64::from(placed.y) - up) as f32);
        for primitive in &placed.layer.primitives {
            match primitive {
                Primitive::Shape { rect, fill, .. } => {
                    let colours = match fill {
                        Fill::Solid(c) => vec![*c],
                        Fill::Vertical(a, b) => vec![*a, *b],
                    };
                    if colours.iter().all(|c| c.a == 255) {
                        grounds.push((rect.moved(dx, dy).intersect(&placed.clip), colours));
                    }
                }
                Primitive::Words { text, x, y, colour } => {
                    let middle = (x + dx + text.width.min(40.0) / 2.0, y + dy + text.height / 2.0);
                    let said = text.words(" ");
                    if said.trim().is_empty() || !placed.clip.contains(middle.0, middle.1) {
                        continue;
                    }
                    let Some((_, behind)) = grounds.iter().rev().find(|(r, _)| r.contains(middle.0, middle.1)) else {
                        continue;
                    };
                    let own = text.places().map(|p| p.colour.map_or(*colour, |[r, g, b, _]| Colour::rgb(r, g, b)));
                    let least = own.flat_map(|c| behind.iter().map(move |g| contrast(c, *g))).fold(21.0, f32::min);
                    all.push((said, least));
                }
                Primitive::Image { .. } | Primitive::Surface { .. } => {}
            }
        }
    }
    all
}

#[test]
fn grey_on_grey_is_noticed() {
    use gongshi::scene::Layer;
    use gongshi::text::{FontPlace, RichText, Shaper};
    let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
    let text = std::sync::Arc::new(shaper.shape(&RichText::line("示例", 30.0, false)));
    let grey = Colour::rgb(0x88, 0x88, 0x88);
    let words = Primitive::Words { text, x: 0.0, y: 0.0, colour: Colour::rgb(0x66, 0x66, 0x66) };
    let primitives = vec![Primitive::fill(Rect::new(0.0, 0.0, 90.0, 90.0), grey), words];
    let layer = std::sync::Arc::new(Layer { width: 90, height: 90, primitives, ..Layer::default() });
    let clip = Rect::new(0.0, 0.0, 90.0, 90.0);
    let placed = gongshi::scene::Placed { layer, x: 0, y: 0, clip, motion: Motion::Still };
    let scene = Scene { width: 90, height: 90, refresh: 60, background: Colour::WHITE, placed: vec![placed] };
    assert!(of(&scene)[0].1 < 2.0);
}
