//! The only mutable screen state: one stage a screen.

mod kiosk;
mod led;

pub use kiosk::KioskStage;
pub use led::LedStage;

use crate::{
    config::Config,
    edition::{Answer, Edition, Question},
    scene::Scene,
    text::Shaper,
    time::{EventTime, FrameTime, WallTime},
};
use jiff::Timestamp;
use std::sync::Arc;

/// What a person did, in canvas pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    /// A finger or the left button came down. `finger` tells fingers apart; the mouse is 0.
    Down {
        /// Which finger.
        finger: u64,
        /// Pixels from the left.
        x: f32,
        /// Pixels from the top.
        y: f32,
    },
    /// It moved while down.
    Move {
        /// Which finger.
        finger: u64,
        /// Pixels from the left.
        x: f32,
        /// Pixels from the top.
        y: f32,
    },
    /// It went up.
    Up {
        /// Which finger.
        finger: u64,
        /// Pixels from the left.
        x: f32,
        /// Pixels from the top.
        y: f32,
    },
    /// The system took the touch away.
    Cancel {
        /// Which finger.
        finger: u64,
    },
    /// A wheel turned: pixels the content goes up.
    Wheel {
        /// Pixels from the left.
        x: f32,
        /// Pixels from the top.
        y: f32,
        /// Pixels down the content.
        by: f32,
    },
    /// A character was typed on a hardware keyboard.
    Key(char),
}

/// The moment a scene is built for.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Its frame.
    pub frame: FrameTime,
    /// Its civil time.
    pub wall: WallTime,
}

/// One screen's live state. Both kinds of screen are driven the same way:
/// `update`, `answer` and `refresh` change state at once; `due` says when a new scene is wanted without any of
/// them; `scene` builds it, sharing the layers that did not change with the last one.
pub trait Stage {
    /// Applies an input.
    fn update(&mut self, input: Input, at: EventTime, edition: &Edition);
    /// Takes a new edition into account; nothing else changes.
    fn refresh(&mut self, edition: &Arc<Edition>);
    /// Takes a new config into account; its state survives where it still makes sense.
    fn reconfigure(&mut self, config: &Arc<Config>);
    /// Takes an answer; a stale one is dropped.
    fn answer(&mut self, answer: Answer);
    /// What it wants to know; each question is given out once.
    fn question(&mut self) -> Option<Question>;
    /// Whether a new scene is wanted at this moment.
    fn stale(&self, moment: &Moment) -> bool;
    /// When a new scene is wanted if nothing happens before; `None` for never.
    fn due(&self, moment: &Moment) -> Option<FrameTime>;
    /// Builds the scene of this moment.
    fn scene(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene;
}

/// The instant a wall time stands for.
pub fn instant(wall: &WallTime) -> Timestamp {
    wall.0.timestamp()
}
