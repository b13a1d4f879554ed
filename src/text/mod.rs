//! Fonts, shaping and the words the public sees.

mod bound;
mod cut;
mod ems;
mod fonts;
mod levels;
mod shaper;
mod shorten;
mod visible;
mod words;

pub use bound::{MAX_MARKS, cut, few_marks, pieces};
pub use ems::{em, ems};
pub use fonts::{FontError, FontPlace};
pub use levels::Level;
pub use shaper::{GlyphPlace, RichText, ShapedText, Shaper, StyledSpan, TextAlign};
pub use shorten::{MAX_LINE_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, shorten};
pub use visible::{is_hidden, printable, visible, visible_line};
pub use words::Words;
