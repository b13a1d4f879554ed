//! The source side's actors, one task each. Each owns its state; they tell each other things by small messages through
//! bounded channels, and share nothing but the [`Context`].
//!
//! ```text
//!            window side                      files, servers
//!  Question, Left │  │ DisplayReport                │
//!                 ▼  ▼                              ▼
//!   answer ◄── service ──► journal      sources ─► harvest ─► pictures
//!      │                                  config ─┐   │
//!      │ Answer                Config, Conditions │   ▼
//!      └───────────► mailbox ◄──────────────────── publish (Edition, Faults, Config)
//!                       ▲ Picture
//!                  zone_pictures ◄── the files that walls show
//! ```
//!
//! Rules each of them keeps: its loop awaits nothing but its inlet, its timer and its own tasks; what takes longer is a
//! task in a set it owns, which sees it end or panic; what touches a file system is a job of the pool, with a limit.
//! An actor that panics is started anew by [`supervise`], with its inlet as it was and its state read anew.
//!
//! Time is asked of the injected clock and waited for by [`Context::sleep_until`] alone. A test drives all of it without
//! windows: `Service::run` on a runtime of its own (tokio's paused one, with a clock that reads tokio's time, makes
//! months pass in seconds), an inbox in place of the windows, and the closure of [`super::orders`] in place of a stage's
//! questions. `BlockingPool::simulated` makes the order of events the same at each run, and so does `biased` in each
//! select: without it tokio draws lots for the branch that goes first.

pub(super) mod answer;
pub(super) mod config;
mod context;
pub(super) mod harvest;
pub(super) mod journal;
mod notes;
mod orders;
pub(super) mod pictures;
pub(super) mod publish;
pub(super) mod sources;
mod supervise;
pub(super) mod zone_pictures;

pub(super) use context::{Conditions, Context, INLET_MESSAGES, Inlet};
pub(super) use notes::{Ended, HarvestNote, PublishNote};
pub use orders::{Orders, orders};
pub(super) use supervise::{Actor, restart_delay, supervise};
