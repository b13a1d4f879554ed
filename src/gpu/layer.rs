//! A layer prepared: its shapes, pictures and words, ready to be drawn anywhere.

use super::{
    Gpu,
    picture::{ImageDraw, PictureQuad, Pictures},
    pipelines::Pipelines,
    shape::ShapeQuad,
    surface::Surfaces,
    words::{LayerWords, Words},
};
use crate::scene::{Layer, Primitive, SurfaceSlot};
use std::sync::{Arc, Weak};

/// Consecutive quads drawn at once.
enum Run {
    Shapes { first: u64, count: u32 },
    Picture { index: u64, group: wgpu::BindGroup },
    Surface { index: u64, slot: Arc<SurfaceSlot> },
}

/// A layer's buffers, made once and drawn until the layer goes.
pub(super) struct PreparedLayer {
    /// Keeps the address from being given to another layer.
    pub(super) layer: Weak<Layer>,
    /// When it was last drawn, counted in pictures.
    pub(super) seen: u64,
    runs: Vec<Run>,
    shapes: Option<wgpu::Buffer>,
    pictures: Option<wgpu::Buffer>,
    pub(super) words: Option<LayerWords>,
}

impl PreparedLayer {
    /// Prepares all but the words.
    pub(super) fn new(gpu: &Gpu, pictures: &mut Pictures, layer: &Arc<Layer>) -> Self {
        let size = [layer.width, layer.height];
        let (mut runs, mut shape_quads, mut picture_quads) = (Vec::new(), Vec::new(), Vec::new());
        for primitive in &layer.primitives {
            match primitive {
                Primitive::Shape { rect, fill, radii, line, line_colour } => {
                    if rect.is_empty() {
                        continue;
                    }
                    if let Some(Run::Shapes { count, .. }) = runs.last_mut() {
                        *count += 1;
                    } else {
                        runs.push(Run::Shapes { first: shape_quads.len() as u64, count: 1 });
                    }
                    shape_quads.push(ShapeQuad::new(*rect, *fill, *radii, (*line, *line_colour), size));
                }
                Primitive::Image { picture, rect, part, tint, radius, sampling } => {
                    let (part, tint, radius, sampling) = (*part, *tint, *radius, *sampling);
                    let image = ImageDraw { picture, rect: *rect, part, tint, radius, sampling };
                    if let Some((quad, group)) = pictures.prepare(gpu, &image, size) {
                        runs.push(Run::Picture { index: picture_quads.len() as u64, group });
                        picture_quads.push(quad);
                    }
                }
                Primitive::Surface { slot, rect } => {
                    if !rect.is_empty() {
                        runs.push(Run::Surface { index: picture_quads.len() as u64, slot: Arc::clone(slot) });
                        picture_quads.push(PictureQuad::whole(*rect, size));
                    }
                }
                Primitive::Words { .. } => {}
            }
        }
        Self {
            layer: Arc::downgrade(layer),
            seen: 0,
            runs,
            shapes: buffer(gpu, bytemuck::cast_slice(&shape_quads)),
            pictures: buffer(gpu, bytemuck::cast_slice(&picture_quads)),
            words: None,
        }
    }

    /// Draws it where the viewport is. Returns the number of draws.
    pub(super) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        pipelines: &Pipelines,
        surfaces: &Surfaces,
        words: &Words,
    ) -> u32 {
        let mut draws = 0;
        for run in &self.runs {
            match (run, &self.shapes, &self.pictures) {
                (Run::Shapes { first, count }, Some(buffer), _) => {
                    pass.set_pipeline(&pipelines.shapes);
                    // An offset instead of a first instance: OpenGL ES 3.0 has no base instance.
                    pass.set_vertex_buffer(0, buffer.slice(first * ShapeQuad::SIZE..));
                    pass.draw(0..4, 0..*count);
                    draws += 1;
                }
                (Run::Picture { index, .. } | Run::Surface { index, .. }, _, Some(buffer)) => {
                    let group = match run {
                        Run::Picture { group, .. } => Some(group),
                        Run::Surface { slot, .. } => surfaces.group(slot),
                        Run::Shapes { .. } => None,
                    };
                    let Some(group) = group else { continue };
                    pass.set_pipeline(&pipelines.pictures);
                    pass.set_bind_group(0, group, &[]);
                    pass.set_vertex_buffer(0, buffer.slice(index * PictureQuad::SIZE..));
                    pass.draw(0..4, 0..1);
                    draws += 1;
                }
                _ => {}
            }
        }
        draws + self.words.as_ref().map_or(0, |own| words.draw(own, pass))
    }
}

fn buffer(gpu: &Gpu, bytes: &[u8]) -> Option<wgpu::Buffer> {
    if bytes.is_empty() {
        return None;
    }
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("quads"),
        size: bytes.len() as u64,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    gpu.queue.write_buffer(&buffer, 0, bytes);
    Some(buffer)
}
