//! Gongshi (公示): what a government owes the public, in front of the public. See `docs/ARCHITECTURE.md`.

pub mod calendar;
pub mod check;
pub mod cli;
pub mod config;
pub mod edition;
pub mod feeds;
pub mod gpu;
pub mod jobs;
pub mod kiosk;
pub mod led;
pub mod media;
pub mod model;
pub mod net;
pub mod platform;
pub mod player;
pub mod scene;
pub mod schedule;
pub mod search;
pub mod stage;
pub mod store;
pub mod text;
pub mod time;
pub mod ui;
pub mod wording;

/// Where all memory of the program and its benches comes from. With glibc's, a tenth of an LED frame went into merging
/// freed pieces at every growth of a command list, and an eighth of a harvest.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
