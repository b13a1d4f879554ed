//! What is to be drawn, and the same at one instant. Pure data: no GPU, no clock.

mod damage;
mod dump;
mod frame;
mod layer;
mod motion;
mod picture;
mod primitive;
mod region;
mod surface;
#[cfg(test)]
mod tests;
mod visible;

pub use frame::{Draw, Frame, frame};
pub use layer::{Layer, NoticeMark, Placed, Scene};
pub use motion::{Glide, Motion};
pub use picture::Picture;
pub use primitive::{Colour, Fill, Primitive, Rect, Sampling};
pub use region::{PixelRect, PixelRegion, area, common, overlap};
pub use surface::SurfaceSlot;
