//! The room a section of a page has.

use crate::ui::Text;

/// Gives the height of words at a width, pixels.
pub type Measure<'a> = &'a mut dyn FnMut(&Text, f32) -> f32;

/// The room a section has, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Across.
    pub width: f32,
    /// Height of the opening: what a section that is the whole content fills at least.
    pub tall: f32,
}
