//! Kiosk pages: edition and page state to views; navigation and the session of one visitor.

mod pages;
mod session;
mod visit;

pub use pages::{Context, Outline, chunk, outline};
pub use session::{COUNTDOWN, Idle, Session};
pub use visit::{Action, Page, Reading, Visit};
