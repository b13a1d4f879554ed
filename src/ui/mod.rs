//! View, layout, hit, gesture, scroll, theme, widgets: the toolkit of touch pages.

mod cache;
mod gesture;
pub mod icons;
mod input;
mod layout;
pub mod qr;
mod scroll;
mod semantics;
mod theme;
mod view;
pub mod widgets;

pub use cache::TextCache;
pub use gesture::{Gesture, Pointer, Recognizer};
pub use input::Input;
pub use layout::{Hit, Layout, Overflow, layout};
pub use scroll::Scroller;
pub use semantics::{Node, Role, State};
pub use theme::{Metrics, contrast};
pub use view::{Text, TextSpan, View};
