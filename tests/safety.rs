//! What a hostile or broken source can do: nothing, but be named. Real servers on loopback, real processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a test measures how long a process takes")]

#[path = "safety/child.rs"]
mod child;
#[path = "safety/hostile.rs"]
mod hostile;
#[path = "safety/provenance.rs"]
mod provenance;
#[path = "safety/reach.rs"]
mod reach;
#[path = "safety/server.rs"]
mod server;
#[path = "safety/sheets.rs"]
mod sheets;
