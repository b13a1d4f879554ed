//! The running program: the drawing side and the reading and keeping side, which only exchange messages.

mod actors;
mod app;
mod fetch;
mod journal;
mod message;
mod offscreen;
mod pictures;
mod pipeline;
mod proof;
mod recorder;
mod service;

pub use actors::{Orders, orders};
pub use app::{App, Wake};
pub use fetch::{Failure, FetchAttempt, FetchOutcome, Fetcher};
pub use message::{Inbound, Outbound};
pub use offscreen::{Offstage, OffstageError};
pub use pictures::{FetchPass, ImageFault, ImageFetcher};
pub use pipeline::ScreenPipeline;
pub use proof::ScreenProof;
pub use recorder::{ClockReading, DisplayRecorder, JOURNAL_HEARTBEAT};
pub use service::Service;
