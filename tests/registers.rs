//! Registers and cases as the store keeps and tells them: against a plain model, and as the screens ask for them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "registers/cases.rs"]
mod cases;
#[path = "registers/county.rs"]
mod county;
#[path = "registers/model.rs"]
mod model;
#[path = "registers/tables.rs"]
mod tables;
#[path = "registers/walls.rs"]
mod walls;
