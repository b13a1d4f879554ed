//! Which program plays at a wall time, how fast a ticker really moves, and where machines on one wall agree. Pure.

mod lock;
mod program;
mod speed;

pub use lock::FrameLock;
pub use program::{next_switch, program_at};
pub use speed::{Step, snap_speed};
