//! An address as a QR code.

use crate::{
    config::zones::QrZone,
    led::{
        Due, ZoneContext, paint,
        zone::{Place, ZoneView},
    },
    scene::{Colour, Layer, Picture, Placed, Primitive, Rect, Sampling},
};
use std::sync::Arc;

/// A code and its layer.
#[derive(Debug)]
pub(super) struct Qr {
    layer: Option<Arc<Layer>>,
}

impl Qr {
    /// The code in the middle of its zone; nothing where it does not fit (`gongshi check` has said so).
    pub fn new(zone: &QrZone, place: &Place<'_>) -> Self {
        let area = paint::inner(place.frame);
        Self { layer: layer(zone, area) }
    }
}

impl ZoneView for Qr {
    fn place(&mut self, area: Rect, _: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        out.extend(self.layer.iter().map(|layer| paint::still(Arc::clone(layer), area)));
        Due::default()
    }

    fn has_something(&self) -> bool {
        self.layer.is_some()
    }
}

fn layer(zone: &QrZone, area: Rect) -> Option<Arc<Layer>> {
    let room = area.w.min(area.h).min(Layer::MAX_PIXELS as f32);
    let code = zone.modules(room as u32)?;
    let (ink, ground) = (paint::colour(&zone.colour, Colour::BLACK), paint::colour(&zone.ground, Colour::WHITE));
    let pixel = |dark: &bool| {
        let Colour { r, g, b, a } = if *dark { ink } else { ground };
        [r, g, b, a]
    };
    let picture = Picture { width: code.side, height: code.side, rgba: code.dark.iter().flat_map(pixel).collect() };
    // Whole pixels a module, or the code blurs.
    let side = (room / code.side as f32).floor() * code.side as f32;
    let image = Primitive::Image {
        picture: Arc::new(picture),
        rect: Rect::new(((area.w - side) / 2.0).floor(), ((area.h - side) / 2.0).floor(), side, side),
        part: None,
        tint: Colour::WHITE,
        radius: 0.0,
        sampling: Sampling::Nearest,
    };
    Some(paint::layer(area.w, area.h, vec![image]))
}
