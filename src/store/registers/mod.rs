//! Registers: rows with keys, their history, and what is kept of them so that a village's month, a county's counts and
//! a case by its receipt are each read by an index.
//!
//! A row is known by its register and its key, and belongs to the feed that brought it. Its values stand as JSON by column
//! id (`content.rs`); whatever else is kept of it follows from them and from the register's file (`shape.rs`), and is made
//! anew when that file or the calendar changes (`rebuild.rs`).

mod clock;
mod content;
mod ingest;
mod pictures;
mod read;
mod rebuild;
mod search;
mod shape;
mod table;
mod tally;
mod wall;
mod withdraw;

pub(super) use ingest::{RowTransaction, confirmed, take};
pub(super) use pictures::pictures;
pub(super) use read::{file, heads, number};
pub(super) use rebuild::rebuild_derived;
pub(super) use search::{receipt, words};
pub(super) use shape::{Shape, instant_sql as row_instant_sql};
pub(super) use table::table;
pub(super) use wall::walls;
pub(super) use withdraw::retire;
