//! One file a subcommand.

pub mod check;
pub mod sample;
pub mod schema;
