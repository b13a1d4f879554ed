//! Which program plays at a wall time, and how fast a ticker really moves. Pure.

mod program;
mod speed;

pub use program::{next_switch, program_at};
pub use speed::{Step, snap_speed};
