//! Date and time.

use crate::{
    calendar::{clock_text, next_change},
    config::Zone,
    led::{
        Context, Due,
        paint::{self, Style},
    },
    scene::{Colour, Layer, Placed, Rect},
};
use std::sync::Arc;

/// A clock and the layer of the time it last said.
#[derive(Debug, Default)]
pub struct Clock {
    shown: Option<(String, Arc<Layer>)>,
}

impl Clock {
    /// Places the time.
    pub fn place(&mut self, zone: &Zone, area: Rect, context: &mut Context<'_>, out: &mut Vec<Placed>) -> Due {
        let text = clock_text(&zone.format, context.wall);
        if self.shown.as_ref().is_none_or(|(old, _)| *old != text) {
            let style = Style::of(zone);
            let shaped = style.line(context.shaper, &text, None);
            let pad = zone.padding as f32;
            let x = style.across(&shaped, zone.align, pad, area.w - 2.0 * pad);
            let y = style.middle(&shaped, 0.0, area.h);
            let words = paint::words(shaped, x, y, paint::colour(&zone.colour, Colour::WHITE));
            self.shown = Some((text, paint::layer(area.w, area.h, vec![words])));
        }
        if let Some((_, layer)) = &self.shown {
            out.push(paint::still(Arc::clone(layer), area));
        }
        if zone.format.contains('{') {
            Due::after(context.wall, next_change(&zone.format, context.wall))
        } else {
            Due::default()
        }
    }
}
