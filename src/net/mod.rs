//! The HTTP client: conditional requests, bounded in time, size and redirects, and never where no source may be.
//!
//! It knows nothing of feeds: who asks says how much, for how long, and which host of the own network may be reached.

mod address;
mod client;
mod error;
mod guard;
mod wait;

pub use address::{redacted, without_login};
pub use client::{Exchange, Fetched, HttpClient, Reply, Transport, Validators};
pub use error::NetError;
pub use guard::{NetworkZone, Refused};
pub use wait::{both, pause, wait};
