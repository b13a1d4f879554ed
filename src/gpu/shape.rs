//! Shapes: one instance a rectangle.

use super::Gpu;
use crate::scene::{Colour, Fill, Rect};
use bytemuck::{Pod, Zeroable};

/// One rectangle as the shader reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub(super) struct ShapeQuad {
    rect: [f32; 4],
    radii: [f32; 4],
    layer: [f32; 2],
    line: f32,
    top: [u8; 4],
    bottom: [u8; 4],
    line_colour: [u8; 4],
}

impl ShapeQuad {
    /// Bytes of one.
    pub(super) const SIZE: u64 = size_of::<Self>() as u64;

    /// A plain rectangle in a layer of `layer` pixels.
    pub(super) fn plain(rect: Rect, colour: Colour, layer: [u32; 2]) -> Self {
        Self::new(rect, Fill::Solid(colour), [0.0; 4], (0.0, colour), layer)
    }

    /// A rectangle with corner radii and a line `(width, colour)` in a layer of `layer` pixels.
    pub(super) fn new(rect: Rect, fill: Fill, radii: [f32; 4], line: (f32, Colour), layer: [u32; 2]) -> Self {
        let (top, bottom) = match fill {
            Fill::Solid(colour) => (colour, colour),
            Fill::Vertical(top, bottom) => (top, bottom),
        };
        let most = rect.w.min(rect.h) / 2.0;
        Self {
            rect: [rect.x, rect.y, rect.w, rect.h],
            radii: radii.map(|r| r.max(0.0).min(most)),
            layer: layer.map(|side| side as f32),
            line: line.0,
            top: bytes(top),
            bottom: bytes(bottom),
            line_colour: bytes(line.1),
        }
    }
}

/// The colour as the shaders read it: RGBA, not premultiplied.
pub(super) fn bytes(colour: Colour) -> [u8; 4] {
    [colour.r, colour.g, colour.b, colour.a]
}

/// The pipeline that draws [`ShapeQuad`]s.
pub(super) fn pipeline(gpu: &Gpu, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let attributes = wgpu::vertex_attr_array![
        0 => Float32x4, 1 => Float32x4, 2 => Float32x3, 3 => Unorm8x4, 4 => Unorm8x4, 5 => Unorm8x4
    ];
    let source = include_str!("shape.wgsl");
    pipeline_of(gpu, format, &Recipe { source, instance: Some((ShapeQuad::SIZE, &attributes)), group: None })
}

/// What a pipeline is made of.
pub(super) struct Recipe<'a> {
    /// WGSL with `vs_main` and `fs_main`.
    pub(super) source: &'a str,
    /// Bytes of an instance and its attributes; its colour is premultiplied and blended. Without any, the pipeline
    /// writes over what is there.
    pub(super) instance: Option<(u64, &'a [wgpu::VertexAttribute])>,
    /// What stands in bind group 0.
    pub(super) group: Option<&'a wgpu::BindGroupLayout>,
}

/// A pipeline that draws four corners as a strip.
pub(super) fn pipeline_of(gpu: &Gpu, format: wgpu::TextureFormat, recipe: &Recipe<'_>) -> wgpu::RenderPipeline {
    let module = gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(recipe.source.into()),
    });
    let groups: Vec<_> = recipe.group.into_iter().map(Some).collect();
    let layout = gpu
        .device
        .create_pipeline_layout(&wgpu::PipelineLayoutDescriptor { bind_group_layouts: &groups, ..Default::default() });
    let buffer = recipe.instance.map(|(array_stride, attributes)| wgpu::VertexBufferLayout {
        array_stride,
        step_mode: wgpu::VertexStepMode::Instance,
        attributes,
    });
    let blend = recipe.instance.map(|_| wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
    let buffers: Vec<_> = buffer.into_iter().map(Some).collect();
    gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: None,
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vs_main"),
            compilation_options: Default::default(),
            buffers: &buffers,
        },
        primitive: wgpu::PrimitiveState { topology: wgpu::PrimitiveTopology::TriangleStrip, ..Default::default() },
        depth_stencil: None,
        multisample: Default::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fs_main"),
            compilation_options: Default::default(),
            targets: &[Some(wgpu::ColorTargetState { format, blend, write_mask: wgpu::ColorWrites::ALL })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
