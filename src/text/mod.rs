//! Fonts, shaping and the words the public sees.

mod fonts;
mod shaper;
mod words;

pub use fonts::{FontError, FontPlace};
pub use shaper::{GlyphPlace, RichText, ShapedText, Shaper, StyledSpan, TextAlign};
pub use words::Words;
