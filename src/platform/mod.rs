//! What differs between machines: windows, input, pacing, waking.

mod boot;
mod display_flush;
mod display_lost;
mod input;
mod mailbox;
mod memory;
mod monitors;
mod pace;
mod software_surface;
mod visibility;

mod window;

pub use boot::boot_id;
pub use display_flush::DisplayFlush;
pub use display_lost::on_display_lost;
pub use input::PointerInput;
pub use mailbox::{Inbox, Mailbox, inbox};
pub use memory::resident_megabytes;
pub use monitors::watch_monitors;
pub use pace::Pacer;
pub use software_surface::SoftwareSurface;
pub use visibility::ViewWatch;
pub use window::{WindowMode, WindowPlacement, asks_for_frames, event_loop};
