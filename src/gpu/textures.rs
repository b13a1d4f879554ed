//! The textures that the renderers of all pixel formats share.

use super::{picture::Pictures, surface::Surfaces};

/// The textures that all formats share.
pub(super) struct Textures {
    pub(super) pictures: Pictures,
    pub(super) surfaces: Surfaces,
}

impl Textures {
    /// Lets go of the textures of what is gone.
    pub(super) fn sweep(&mut self) {
        self.pictures.sweep();
        self.surfaces.sweep();
    }
}
