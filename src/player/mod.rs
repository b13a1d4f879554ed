//! The running program: the drawing side and the reading and keeping side, which only exchange messages.

mod app;
mod journal;
mod message;
mod offscreen;
mod pictures;
mod service;
mod show;
mod source;

pub use app::{App, Wake};
pub use journal::Showing;
pub use message::{Inbound, Outbound};
pub use offscreen::{Offstage, OffstageError};
pub use pictures::{Fault, Keeper, Round};
pub use service::{Orders, Service, orders};
pub use show::Show;
