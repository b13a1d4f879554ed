//! Fonts, shaping and the words the public sees.

mod bound;
mod ellipsis;
mod ems;
mod fonts;
mod levels;
mod limits;
mod rich;
mod shaper;
mod visible;
mod words;

pub use bound::{MAX_MARKS, cut_clusters, few_marks, pieces};
pub use ems::{em, ems};
pub use fonts::{FontError, FontPlace};
pub use levels::Level;
pub use limits::{MAX_LINE_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, cut_chars};
pub use rich::{RichText, StyledSpan, TextAlign};
pub use shaper::{GlyphPlace, ShapedText, Shaper};
pub use visible::{is_hidden, printable, visible, visible_line};
pub use words::Words;
