//! What reaches a screen from a person.

use std::fmt;

/// What a person did, in canvas pixels. Its `Debug` leaves out what was typed.
#[derive(Clone, Copy, PartialEq)]
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

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Down { finger, x, y } => write!(f, "Down({finger}, {x}, {y})"),
            Self::Move { finger, x, y } => write!(f, "Move({finger}, {x}, {y})"),
            Self::Up { finger, x, y } => write!(f, "Up({finger}, {x}, {y})"),
            Self::Cancel { finger } => write!(f, "Cancel({finger})"),
            Self::Wheel { x, y, by } => write!(f, "Wheel({x}, {y}, {by})"),
            Self::Key(_) => f.write_str("Key(…)"),
        }
    }
}
