//! What differs between machines: windows, input, pacing, waking.

mod input;
mod memory;
mod pace;
mod wake;
mod window;

pub use input::Pointer;
pub use memory::{give_back_memory, keep_memory_small, resident_megabytes};
pub use pace::Pacer;
pub use wake::{Inbox, Waker, inbox};
pub use window::{Placement, attributes, event_loop};
