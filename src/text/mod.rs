//! Fonts, shaping and the words the public sees.

mod cut;
mod ems;
mod fonts;
mod levels;
mod shaper;
mod words;

pub use ems::{em, ems};
pub use fonts::{FontError, FontPlace};
pub use levels::Level;
pub use shaper::{GlyphPlace, RichText, ShapedText, Shaper, StyledSpan, TextAlign};
pub use words::Words;
