//! One picture of a document or a row, as large as the screen has room for.

use super::{Action, Content, Context, Outline, article, open, register};
use crate::{
    kiosk::Reading,
    scene::{Colour, Picture, Sampling},
    ui::{Look, View, widgets},
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
    let (top, bottom, crumbs) = match low {
        true => (f.top, f.bottom - f.crumbs, f.bottom - f.crumbs),
        false => (f.top + f.crumbs, f.bottom, f.top),
    };
    let height = enlarged(look, picture).1 + 2.0 * look.px(EDGE);
    let mut outline = open(cx, top, bottom, Content::Picture(Arc::clone(picture)), vec![height]);
    let size = (look.width - 2.0 * f.gutter, f.crumbs);
    let trail = widgets::breadcrumb(look, size, trail(cx), &cx.say("picture-bare")).at(f.gutter, crumbs);
    outline.under = outline.under.child(trail);
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
    let (look, (w, h)) = (cx.look, enlarged(cx.look, picture));
    let image = View::image(Arc::clone(picture), w, h, Colour::WHITE, Sampling::Linear);
    let edge = look.px(EDGE);
    let column = View::column().across().middle().wide(width).at_least(tall).pad(edge, 0.0, edge, 0.0);
    column.child(View::row().fill(look.card).edge(look.px(2.0), look.line).child(image))
}

/// The size of a picture on its page, pixels: as wide as the screen has room for.
fn enlarged(look: &Look, picture: &Picture) -> (f32, f32) {
    let (w, h) = (picture.width.max(1) as f32, picture.height.max(1) as f32);
    let scale = ((look.width - 2.0 * look.px(EDGE)) / w).min(LARGEST);
    ((w * scale).round(), (h * scale).round())
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
}
