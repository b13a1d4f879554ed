//! How large pictures are shown: on the page they belong to, and on one of their own.

use super::context::PageContext;
use crate::{
    scene::{Layer, Picture},
    ui::Metrics,
};

/// Pixels down a picture may have within a page.
const HIGHEST: f32 = 1200.0;
/// How much larger than its own pixels a picture is shown at most; more shows only that it is small.
const LARGEST: f32 = 3.0;
/// A picture that stands so much smaller on a page than on its own can be enlarged.
const GAIN: f32 = 1.1;
/// The share of the screen's width below which even the enlarged picture is an ornament.
const ORNAMENT: f32 = 0.4;
/// Room at the picture's sides on its own page, on the 1080 pixels of a canvas's short side.
pub const EDGE: f32 = 24.0;
/// How much wider than the screen a picture is when it is enlarged once more, and what of that is worth a touch.
const ZOOM: f32 = 2.5;
const WORTH: f32 = 1.25;

/// The size a picture is shown in within a page `width` pixels wide: its own, or what fits.
pub fn shown(picture: &Picture, width: f32) -> (f32, f32) {
    let (w, h) = (picture.width.max(1) as f32, picture.height.max(1) as f32);
    let scale = (width / w).min(HIGHEST / h).min(1.0);
    ((w * scale).round(), (h * scale).round())
}

/// The size of a picture on its own page, pixels: as wide as the screen has room for.
pub fn enlarged(look: &Metrics, picture: &Picture) -> (f32, f32) {
    scaled(picture, ((look.width - 2.0 * look.px(EDGE)) / picture.width.max(1) as f32).min(LARGEST))
}

/// The size of a picture enlarged once more, pixels; `None` where that would not show more of it.
pub fn zoomed(look: &Metrics, picture: &Picture) -> Option<(f32, f32)> {
    let (wide, _) = enlarged(look, picture);
    let own = picture.width.max(1) as f32;
    let aim = (wide * ZOOM).min(own * LARGEST).min(Layer::MAX_PIXELS as f32 - 2.0 * look.px(EDGE));
    (aim >= wide * WORTH).then(|| scaled(picture, aim / own))
}

fn scaled(picture: &Picture, scale: f32) -> (f32, f32) {
    let side = |pixels: u32| (pixels.max(1) as f32 * scale).round();
    (side(picture.width), side(picture.height))
}

/// Whether a picture that is `wide` pixels across on another page is larger on its own.
pub fn gains(cx: &PageContext<'_>, picture: &Picture, wide: f32) -> bool {
    enlarged(cx.look, picture).0 >= (wide * GAIN).max(cx.look.width * ORNAMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;

    #[test]
    fn as_wide_as_the_screen_and_no_larger_than_makes_sense() {
        let look = Metrics::new(&Theme::default(), 1080, 1920, false);
        let picture = |width: u32, height: u32| Picture { width, height, rgba: Vec::new() };
        let wide = 1080.0 - 2.0 * EDGE;
        assert_eq!(enlarged(&look, &picture(800, 8000)), (wide, wide * 10.0));
        assert_eq!(enlarged(&look, &picture(4128, 400)), (wide, 100.0));
        assert_eq!(enlarged(&look, &picture(100, 50)), (300.0, 150.0));
    }

    #[test]
    fn once_more_where_that_shows_more() {
        let look = Metrics::new(&Theme::default(), 1080, 1920, false);
        let picture = |width: u32, height: u32| Picture { width, height, rgba: Vec::new() };
        let wide = 1080.0 - 2.0 * EDGE;
        assert_eq!(zoomed(&look, &picture(4128, 400)), Some((wide * 2.5, 250.0)));
        assert_eq!(zoomed(&look, &picture(700, 500)), Some((2100.0, 1500.0)), "no more than three times its pixels");
        assert_eq!(zoomed(&look, &picture(400, 300)), None);
    }
}
