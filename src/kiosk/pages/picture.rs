//! One picture of a document or a row, as large as the screen has room for.

use super::{Action, Content, Context, Outline, article, open, register};
use crate::{
    kiosk::Reading,
    scene::{Colour, Layer, Picture, Sampling},
    ui::{Look, Text, View, widgets},
};
use std::sync::Arc;

/// How much larger than its own pixels a picture is shown at most; more shows only that it is small.
const LARGEST: f32 = 3.0;
/// A picture that stands so much smaller on a page than here can be enlarged.
const GAIN: f32 = 1.1;
/// The share of the screen's width below which even the enlarged picture is an ornament.
const ORNAMENT: f32 = 0.4;
/// Room at the picture's sides, on the 1080 pixels of a canvas's short side.
const EDGE: f32 = 24.0;
/// How much wider than the screen a picture is when it is enlarged once more, and what of that is worth a touch.
const CLOSER: f32 = 2.5;
const WORTH: f32 = 1.25;
/// Height of the line with the button for it, and of the button, on a canvas whose short side is 1080.
const HINT: f32 = 92.0;
const BUTTON: f32 = 68.0;
/// Characters of what it belongs to.
const TITLE: usize = 16;

/// The outline of a picture's page.
pub(super) fn outline(cx: &Context<'_>, address: &str) -> Outline {
    let (look, f, low) = (cx.look, cx.frame(), cx.visit.low);
    let held = match &cx.visit.stop.reading {
        Reading::Here(document) => document.pictures.get(address),
        Reading::Row(file) => file.pictures.get(address),
        _ => None,
    };
    let Some(picture) = held else { return article::gone(cx) };
    let size = size(cx, picture);
    let hint = if closer(look, picture).is_some() { look.pt(HINT) } else { 0.0 };
    let (top, bottom, crumbs) = match low {
        true => (f.top, f.bottom - f.crumbs - hint, f.bottom - f.crumbs),
        false => (f.top + f.crumbs, f.bottom - hint, f.top),
    };
    let edge = 2.0 * look.px(EDGE);
    let mut outline = open(cx, top, bottom, Content::Picture(Arc::clone(picture)), vec![size.1 + edge]);
    outline.width = look.width.max(size.0 + edge);
    let across = look.width - 2.0 * f.gutter;
    let trail = widgets::breadcrumb(look, (across, f.crumbs), trail(cx), &cx.say("picture-bare")).at(f.gutter, crumbs);
    outline.under = outline.under.child(trail);
    if hint > 0.0 {
        let words = cx.say(if cx.visit.stop.closer { "picture-less" } else { "picture-closer" });
        let words = Text::new(words, look.pt(look.size().small), look.ink).lines(1);
        let side = look.px(40.0);
        let button = View::row().across().tall(look.pt(BUTTON)).pad(0.0, side, 0.0, side).fill(look.card);
        let button = button.round(look.pt(BUTTON) / 2.0).edge(look.px(2.0), look.line);
        let button = button.on(Action::Closer).child(View::text(words));
        let line = View::row().middle().across().size(across, hint).child(button);
        outline.under = outline.under.child(line.at(f.gutter, bottom));
    }
    outline
}

/// Links down to what the picture belongs to.
fn trail(cx: &Context<'_>) -> Vec<(String, Action)> {
    let (mut trail, name) = match &cx.visit.stop.reading {
        Reading::Here(document) => article::trail(cx, Some(&document.head)),
        Reading::Row(file) => register::row_trail(cx, file),
        _ => (vec![(cx.say("crumb-home"), Action::Home)], String::new()),
    };
    if let Some(page) = cx.visit.before.last().and_then(|stop| stop.page.clone()) {
        trail.push((name.chars().take(TITLE).collect(), Action::Go(page)));
    }
    trail
}

/// The picture.
pub(super) fn chunk(cx: &Context<'_>, width: f32, picture: &Arc<Picture>, tall: f32) -> View<Action> {
    let (look, (w, h)) = (cx.look, size(cx, picture));
    let image = View::image(Arc::clone(picture), w, h, Colour::WHITE, Sampling::Linear);
    let edge = look.px(EDGE);
    let column = View::column().across().middle().wide(width).at_least(tall).pad(edge, 0.0, edge, 0.0);
    let framed = View::row().fill(look.card).edge(look.px(2.0), look.line).child(image);
    column.child(if closer(look, picture).is_some() { framed.on(Action::Closer) } else { framed })
}

/// The size of a picture on its page now, pixels.
fn size(cx: &Context<'_>, picture: &Picture) -> (f32, f32) {
    let closer = if cx.visit.stop.closer { closer(cx.look, picture) } else { None };
    closer.unwrap_or_else(|| enlarged(cx.look, picture))
}

/// The size of a picture on its page, pixels: as wide as the screen has room for.
fn enlarged(look: &Look, picture: &Picture) -> (f32, f32) {
    scaled(picture, ((look.width - 2.0 * look.px(EDGE)) / picture.width.max(1) as f32).min(LARGEST))
}

/// The size of a picture enlarged once more, pixels; `None` where that would not show more of it.
fn closer(look: &Look, picture: &Picture) -> Option<(f32, f32)> {
    let (wide, _) = enlarged(look, picture);
    let own = picture.width.max(1) as f32;
    let aim = (wide * CLOSER).min(own * LARGEST).min(Layer::MAX as f32 - 2.0 * look.px(EDGE));
    (aim >= wide * WORTH).then(|| scaled(picture, aim / own))
}

fn scaled(picture: &Picture, scale: f32) -> (f32, f32) {
    let side = |pixels: u32| (pixels.max(1) as f32 * scale).round();
    (side(picture.width), side(picture.height))
}

/// Whether a picture that is `wide` pixels across on another page is larger on its own.
pub(super) fn gains(cx: &Context<'_>, picture: &Picture, wide: f32) -> bool {
    enlarged(cx.look, picture).0 >= (wide * GAIN).max(cx.look.width * ORNAMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;

    #[test]
    fn as_wide_as_the_screen_and_no_larger_than_makes_sense() {
        let look = Look::new(&Theme::default(), 1080, 1920, false);
        let picture = |width: u32, height: u32| Picture { width, height, rgba: Vec::new() };
        let wide = 1080.0 - 2.0 * EDGE;
        assert_eq!(enlarged(&look, &picture(800, 8000)), (wide, wide * 10.0));
        assert_eq!(enlarged(&look, &picture(4128, 400)), (wide, 100.0));
        assert_eq!(enlarged(&look, &picture(100, 50)), (300.0, 150.0));
    }

    #[test]
    fn once_more_where_that_shows_more() {
        let look = Look::new(&Theme::default(), 1080, 1920, false);
        let picture = |width: u32, height: u32| Picture { width, height, rgba: Vec::new() };
        let wide = 1080.0 - 2.0 * EDGE;
        assert_eq!(closer(&look, &picture(4128, 400)), Some((wide * 2.5, 250.0)));
        assert_eq!(closer(&look, &picture(700, 500)), Some((2100.0, 1500.0)), "no more than three times its pixels");
        assert_eq!(closer(&look, &picture(400, 300)), None);
    }
}
