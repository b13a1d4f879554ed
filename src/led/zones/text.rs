//! Words on one or more lines: fixed, or with figures of a register filled in.

use super::figures;
use crate::{
    config::{
        Align, Effect, WallQuery,
        zones::{TextZone, ZoneSettings},
    },
    led::{
        Due, ZoneContext,
        effects::{self, Turn},
        paint::{self, Style},
        zone::{Place, ZoneView},
    },
    scene::{Colour, Layer, Motion, Placed, Rect},
    text::{Shaper, TextAlign},
    time::FrameTime,
};
use std::{sync::Arc, time::Duration};

/// Distance of lines, in sizes.
const LINE_HEIGHT_EMS: f32 = 1.3;

/// Words and their layer.
#[derive(Debug)]
pub(super) struct Text {
    zone: TextZone,
    padding: f32,
    /// The rows whose figures are filled in.
    query: Option<WallQuery>,
    layer: Option<Arc<Layer>>,
    turn: Option<Turn>,
    entered: Option<Duration>,
    /// What it says, once that is known.
    words: Option<String>,
    /// Whether it was looked up in the edition at hand.
    is_fresh: bool,
}

impl Text {
    /// Words that have not been shown yet.
    pub fn new(zone: &TextZone, place: &Place<'_>) -> Self {
        Self {
            zone: zone.clone(),
            padding: place.frame.padding as f32,
            query: zone.register().map(|register| register.query),
            layer: None,
            turn: None,
            entered: None,
            words: None,
            is_fresh: false,
        }
    }

    /// Has the words come in by the zone's effect.
    fn enter(&mut self, at: Duration) {
        self.entered = None;
        self.turn = Some(Turn { start: at, old: None });
    }

    fn look(&mut self, context: &ZoneContext<'_>) {
        let words = match &self.query {
            None => self.zone.text.clone(),
            Some(query) => figures::filled(&self.zone.text, query, context).unwrap_or_default(),
        };
        self.is_fresh = true;
        if self.words.as_ref() != Some(&words) {
            (self.words, self.layer) = (Some(words), None);
        }
    }
}

impl ZoneView for Text {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        if !self.is_fresh {
            self.look(context);
        }
        if !self.has_something() {
            return Due::default();
        }
        let now = context.now.at;
        if self.layer.is_none() {
            self.enter(now);
        }
        let words = self.words.as_deref().unwrap_or_default();
        let layer = self.layer.get_or_insert_with(|| build(&self.zone, self.padding, words, area, context.shaper));
        if self.zone.effect == Effect::Blink {
            let start = *self.entered.get_or_insert(now);
            let motion = Motion::Enter { effect: Effect::Blink, start, length: Duration::ZERO };
            out.push(Placed { motion, ..paint::still(Arc::clone(layer), area) });
            return Due::default();
        }
        effects::place(&mut self.turn, self.zone.effect, layer, area, now, out)
    }

    fn refresh(&mut self) {
        self.is_fresh = false;
    }

    fn restart(&mut self, now: FrameTime) {
        self.enter(now.at);
    }

    fn has_something(&self) -> bool {
        self.words.as_ref().is_none_or(|words| !words.trim().is_empty())
    }
}

fn build(zone: &TextZone, pad: f32, words: &str, area: Rect, shaper: &mut Shaper) -> Arc<Layer> {
    let style = Style::of(&zone.style);
    let width = (area.w - 2.0 * pad).max(1.0);
    let line_height = (style.size * LINE_HEIGHT_EMS).round();
    let mut text = style.text(words, line_height);
    text.width = Some(width + style.spacing.max(0.0));
    // A fraction of a line more still shows whole characters: the line is taller than they are.
    text.max_lines = (((area.h + style.size * (LINE_HEIGHT_EMS - 1.0)) / line_height).floor() as usize).max(1);
    let mut shaped = shaper.shape(&text);
    if shaped.lines > 1 && zone.align != Align::Left {
        text.align = if zone.align == Align::Centre { TextAlign::Centre } else { TextAlign::End };
        shaped = shaper.shape(&text);
    }
    let x = if shaped.lines > 1 { pad } else { style.across(&shaped, zone.align, pad, width) };
    let y = style.middle(&shaped, 0.0, area.h);
    let words = paint::words(Arc::new(shaped), x, y, paint::colour(&zone.style.colour, Colour::WHITE));
    paint::layer(area.w, area.h, vec![words])
}
