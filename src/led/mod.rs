//! LED zones: edition and zone config to layers.

mod badge;
mod canvas;
mod card;
mod due;
mod effects;
mod paint;
mod pick;
mod zone;
mod zones;

pub use canvas::Canvas;
pub use due::Due;
pub use effects::length;
pub use zone::ZoneContext;
pub use zones::picture_requests;
