//! Date and time.

use crate::{
    calendar::next_change,
    config::zones::ClockZone,
    led::{
        Due, ZoneContext,
        paint::{self, Style},
        zone::{Place, ZoneView},
    },
    scene::{Colour, Layer, Placed, Rect},
};
use std::sync::Arc;

/// A clock and the layer of the time it last said.
#[derive(Debug)]
pub(super) struct Clock {
    zone: ClockZone,
    padding: f32,
    said: Option<(String, Arc<Layer>)>,
}

impl Clock {
    /// A clock that has said nothing yet.
    pub fn new(zone: &ClockZone, place: &Place<'_>) -> Self {
        Self { zone: zone.clone(), padding: place.frame.padding as f32, said: None }
    }
}

impl ZoneView for Clock {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let (zone, pad) = (&self.zone, self.padding);
        let text = context.wording().clock(&zone.format);
        if self.said.as_ref().is_none_or(|(old, _)| *old != text) {
            let style = Style::of(&zone.style);
            let shaped = style.line(context.shaper, &text, None);
            let x = style.across(&shaped, zone.align, pad, area.w - 2.0 * pad);
            let y = style.middle(&shaped, 0.0, area.h);
            let words = paint::words(shaped, x, y, paint::colour(&zone.style.colour, Colour::WHITE));
            self.said = Some((text, paint::layer(area.w, area.h, vec![words])));
        }
        if let Some((_, layer)) = &self.said {
            out.push(paint::still(Arc::clone(layer), area));
        }
        if zone.format.contains('{') {
            Due::after(context.wall, next_change(&zone.format, context.wall))
        } else {
            Due::default()
        }
    }
}
