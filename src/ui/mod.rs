//! View, layout, hit, gesture, scroll, theme, widgets: the toolkit of touch pages.

mod cache;
mod gesture;
pub mod icons;
mod input;
mod layout;
pub mod qr;
mod scroll;
mod theme;
mod view;
pub mod widgets;

pub use cache::TextCache;
pub use gesture::{Gesture, Pointer, Recognizer};
pub use input::Input;
pub use layout::{Hit, Laid, Spill, lay};
pub use scroll::Scroller;
pub use theme::{Look, contrast};
pub use view::{Text, TextSpan, View};
