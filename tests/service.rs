//! The source side without windows: what hangs, breaks down or goes away costs itself and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "service/bench.rs"]
mod bench;
#[path = "service/breakdown.rs"]
mod breakdown;
#[path = "service/hang.rs"]
mod hang;
#[path = "service/inbox.rs"]
mod inbox;
#[path = "service/pictures.rs"]
mod pictures;
#[path = "service/share.rs"]
mod share;
#[path = "service/walls.rs"]
mod walls;
