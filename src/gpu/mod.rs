//! Everything that touches wgpu: one device for all screens, one renderer, windows and textures as targets.

mod backdrop;
mod backend;
mod belt;
mod context;
mod format;
mod handles;
mod layer;
mod offscreen;
mod picture;
mod pipelines;
mod pixel;
mod pixels;
mod place;
mod readback;
mod renderer;
mod shape;
mod software;
mod surface;
mod target;
mod textures;
mod tiles;
mod words;

pub use backdrop::Backdrop;
pub use backend::{BackendPreference, GpuError};
pub use context::{DriverPreload, Gpu};
pub use handles::{DisplayHandles, Surface, WindowHandles};
pub use offscreen::Offscreen;
pub use pixels::Pixels;
pub use renderer::Renderer;
pub use software::{Composed, SoftwareTarget};
pub use target::{Drawing, FrameStats, Target, WindowTarget};
