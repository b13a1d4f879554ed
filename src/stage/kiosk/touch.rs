//! The finger on a kiosk, and what it is on.

use crate::{
    scene::Rect,
    ui::{Metrics, Recognizer},
};

/// How far a tap may stray on a canvas whose short side is 1080, pixels.
const SLOP: f32 = 16.0;

/// The finger, and what it is on.
pub(super) struct Touch {
    pub fingers: Recognizer,
    pub pressed: Option<Pressed>,
    pub focus: Option<Focus>,
}

/// What a finger is on.
pub(super) struct Pressed {
    pub rect: Rect,
    pub clip: Rect,
    pub radius: f32,
}

/// A spot of a picture that stays under the finger while the picture changes its size.
pub(super) struct Focus {
    /// Shares of the picture's width and height.
    pub share: (f32, f32),
    /// Where it stands on the canvas.
    pub at: (f32, f32),
}

impl Focus {
    /// The spot of the picture at `rect` that was touched; its middle where a button outside the opening was.
    pub fn new(opening: Rect, rect: Rect, (x, y): (f32, f32)) -> Self {
        if opening.contains(x, y) {
            return Self { share: ((x - rect.x) / rect.w, (y - rect.y) / rect.h), at: (x, y) };
        }
        Self { share: (0.5, 0.5), at: (opening.x + opening.w / 2.0, opening.y + opening.h / 2.0) }
    }
}

impl Touch {
    /// No finger on a canvas of this look.
    pub fn new(look: &Metrics) -> Self {
        Self { fingers: Recognizer::new(look.px(SLOP)), pressed: None, focus: None }
    }

    /// Forgets the finger that is down.
    pub fn reset(&mut self) {
        self.fingers.reset();
        self.pressed = None;
    }
}
