//! Fonts, shaping and the words the public sees.

mod cut;
mod fonts;
mod levels;
mod shaper;
mod words;

pub use fonts::{FontError, FontPlace};
pub use levels::Level;
pub use shaper::{GlyphPlace, RichText, ShapedText, Shaper, StyledSpan, TextAlign};
pub use words::Words;
