//! The pipelines of what layers are made of, for one pixel format.

use super::{
    Gpu,
    picture::{self, Pictures},
    shape,
};

/// The pipelines of what layers are made of.
pub(super) struct Pipelines {
    pub(super) shapes: wgpu::RenderPipeline,
    pub(super) pictures: wgpu::RenderPipeline,
}

impl Pipelines {
    /// Those of a pixel format.
    pub(super) fn new(gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat) -> Self {
        Self { shapes: shape::pipeline(gpu, format), pictures: picture::pipeline(gpu, pictures, format) }
    }
}
