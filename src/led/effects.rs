//! Content that comes in by an effect while the old goes out by the same.

use crate::{
    config::Effect,
    led::Due,
    scene::{Layer, Motion, Placed, Rect},
};
use std::{sync::Arc, time::Duration};

/// How long an effect takes to bring content in.
pub fn length(effect: Effect) -> Duration {
    Duration::from_millis(match effect {
        Effect::Still => 0,
        Effect::Blink => 3000,
        Effect::Type => 1500,
        Effect::Fade => 900,
        _ => 700,
    })
}

/// One change of content.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// When it begins, time since the program's epoch.
    pub start: Duration,
    /// What it takes the place of; `None` where nothing stood.
    pub old: Option<Arc<Layer>>,
}

/// Places `new` at `area`, and while a turn runs also what it pushes out. A turn that has run is dropped.
pub(super) fn place(
    turn: &mut Option<Turn>,
    effect: Effect,
    new: &Arc<Layer>,
    area: Rect,
    now: Duration,
    out: &mut Vec<Placed>,
) -> Due {
    let length = length(effect);
    if turn.as_ref().is_some_and(|t| now >= t.start.saturating_add(length)) {
        *turn = None;
    }
    let at = |layer: &Arc<Layer>, motion: Motion| Placed {
        layer: Arc::clone(layer),
        x: area.x as i32,
        y: area.y as i32,
        clip: area,
        motion,
    };
    let Some(Turn { start, old }) = turn else {
        out.push(at(new, Motion::Still));
        return Due::default();
    };
    if let Some(old) = old {
        out.push(at(old, Motion::Leave { effect, start: *start, length }));
    }
    out.push(at(new, Motion::Enter { effect, start: *start, length }));
    Due { at: Some(start.saturating_add(length)), ..Due::default() }
}
