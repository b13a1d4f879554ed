//! Gongshi (公示): what a government owes the public, in front of the public. See `docs/ARCHITECTURE.md`.

pub mod config;
pub mod edition;
pub mod model;
pub mod time;
