//! Which program plays at a wall time, and how fast a ticker may go. Pure.

/// One step of a ticker: whole pixels every so many presented frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whole pixels per step, at least 1.
    pub pixels: u32,
    /// Presented frames per step, at least 1.
    pub hold: u32,
}
