//! Kiosk pages: edition and page state to views; navigation and the session of one visitor.

mod entry;
mod pages;
mod session;
mod visit;

pub use entry::{Entry, Keys, Narrow};
pub use pages::{Context, LOW_FROM, Outline, chunk, outline};
pub use session::{COUNTDOWN, Idle, Session};
pub use visit::{Action, Facet, Page, Pick, Reading, Stop, Visit};
