//! What reaches a screen from a person.

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
    /// A character was typed on a hardware keyboard or by a scanner; Enter is `\n`, Backspace `\u{8}`.
    Key(char),
}
