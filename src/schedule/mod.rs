//! Which programme plays at a wall time, how fast a ticker really moves, and where machines on one wall agree. Pure.

mod lock;
mod programme;
mod speed;

pub use lock::FrameLock;
pub use programme::{next_switch, programme_at};
pub use speed::{SpeedStep, snap_speed};
