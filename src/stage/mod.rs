//! The only mutable screen state: one stage a screen.

mod kiosk;
mod led;

pub use kiosk::KioskStage;
pub use led::LedStage;

pub use crate::ui::Input;

use crate::{
    config::Config,
    edition::{Answer, Edition, Faults, Question},
    media::PictureRequest,
    scene::{Picture, Rect, Scene},
    text::Shaper,
    time::{EventTime, FrameTime, WallTime},
};
use jiff::Timestamp;
use std::sync::Arc;

/// The moment a scene is built for.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Its frame.
    pub frame: FrameTime,
    /// Its civil time.
    pub wall: WallTime,
}

/// One screen's live state. Both kinds of screen are driven the same way:
/// `update`, `answer` and `refresh` change state at once; `present` is called for every frame; `due` says when a new
/// scene is wanted without any of them; `scene` builds it, sharing the layers that did not change with the last one.
pub trait Stage {
    /// Applies an input.
    fn update(&mut self, input: Input, at: EventTime, edition: &Edition);
    /// Takes a new edition into account; nothing else changes.
    fn refresh(&mut self, edition: &Arc<Edition>);
    /// Takes a new config into account; its state survives where it still makes sense.
    fn reconfigure(&mut self, config: &Arc<Config>);
    /// Shapes all it shows anew: there are fonts now that there were not. Its pictures are given to it once more.
    fn reshape(&mut self);
    /// Takes what staff should mend into account.
    fn faults(&mut self, faults: Faults);
    /// Takes an answer; a stale one is dropped.
    fn answer(&mut self, answer: Answer);
    /// Takes a picture of a zone that was read and decoded elsewhere; what no zone shows is dropped.
    fn picture(&mut self, _: &PictureRequest, _: &Arc<Picture>) {}
    /// What it wants to know; each question is given out once.
    fn question(&mut self) -> Option<Question>;
    /// The number of the last question it would still take an answer to.
    fn generation(&self) -> u64 {
        0
    }
    /// What can be touched now, canvas pixels; only what is seen whole.
    fn touchable(&self, moment: &Moment) -> Vec<Rect>;
    /// Tells that a frame is presented at this moment, before it is asked anything about it.
    fn present(&mut self, _: &Moment) {}
    /// Whether what it shows is noted for the proof of it: never where that is a visitor's own business.
    fn is_journalled(&self) -> bool {
        false
    }
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
