//! Kiosk pages: edition and page state to views; navigation and the session of one visitor.

mod address;
mod kit;
mod navigation;
mod page;
mod pages;
mod session;

pub use address::{Action, Filter, Keys, Page, Pick, SearchFacet};
pub use kit::{LOW_FROM, Measure, PageContext, PageLayout, Room, ScrollTo, Status};
pub use navigation::{NavEntry, Visit};
pub use page::{AsOf, KioskPage, Near};
pub use session::{COUNTDOWN, Idle, Session};
