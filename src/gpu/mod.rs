//! Everything that touches wgpu: one device for all screens, one renderer, windows and textures as targets.

mod backdrop;
mod choice;
mod context;
mod layer;
mod offscreen;
mod picture;
mod pixel;
mod renderer;
mod shape;
mod target;
mod words;

pub use backdrop::Backdrop;
pub use choice::{Choice, GpuError};
pub use context::{Ahead, Gpu};
pub use offscreen::Offscreen;
pub use renderer::{FrameStats, Renderer};
pub use target::{Drawing, Surface, Target, WindowHandles, WindowTarget};
