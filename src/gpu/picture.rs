//! Pictures: one texture for each, shared by all layers that show it.

use super::{Gpu, shape};
use crate::scene::{Colour, Picture, Rect, Sampling};
use bytemuck::{Pod, Zeroable};
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

/// One picture as the shader reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub(super) struct PictureQuad {
    rect: [f32; 4],
    part: [f32; 4],
    layer: [f32; 2],
    radius: f32,
    tint: [u8; 4],
}

impl PictureQuad {
    /// Bytes of one.
    pub(super) const SIZE: u64 = size_of::<Self>() as u64;

    /// All of a texture, over a rectangle in a layer of `layer` pixels.
    pub(super) fn whole(rect: Rect, layer: [u32; 2]) -> Self {
        Self {
            rect: [rect.x, rect.y, rect.w, rect.h],
            part: [0.0, 0.0, 1.0, 1.0],
            layer: layer.map(|side| side as f32),
            radius: 0.0,
            tint: [255; 4],
        }
    }
}

/// A picture to be drawn: where, which part of it, and how.
pub(super) struct ImageDraw<'a> {
    pub(super) picture: &'a Arc<Picture>,
    pub(super) rect: Rect,
    pub(super) part: Option<Rect>,
    pub(super) tint: Colour,
    pub(super) radius: f32,
    pub(super) sampling: Sampling,
}

/// A texture and how it is sampled.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct TextureKey {
    picture: usize,
    factor: u32,
    nearest: bool,
}

struct PictureTexture {
    /// Keeps the address from being given to another picture.
    picture: Weak<Picture>,
    group: wgpu::BindGroup,
    size: [u32; 2],
}

/// The pictures' textures.
pub(super) struct Pictures {
    layout: wgpu::BindGroupLayout,
    smooth: wgpu::Sampler,
    nearest: wgpu::Sampler,
    entries: HashMap<TextureKey, PictureTexture>,
}

impl Pictures {
    pub(super) fn new(gpu: &Gpu) -> Self {
        let layout = gpu.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("picture"),
            entries: &[
                wgpu::BindGroupLayoutEntry {
                    binding: 0,
                    visibility: wgpu::ShaderStages::FRAGMENT,
                    ty: wgpu::BindingType::Texture {
                        sample_type: wgpu::TextureSampleType::Float { filterable: true },
                        view_dimension: wgpu::TextureViewDimension::D2,
                        multisampled: false,
                    },
                    count: None,
                },
                wgpu::BindGroupLayoutEntry {
                    binding: 1,
                    visibility: wgpu::ShaderStages::FRAGMENT,
                    ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
                    count: None,
                },
            ],
        });
        let sampler = |filter| {
            gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                mag_filter: filter,
                min_filter: filter,
                ..Default::default()
            })
        };
        let (smooth, nearest) = (sampler(wgpu::FilterMode::Linear), sampler(wgpu::FilterMode::Nearest));
        Self { layout, smooth, nearest, entries: HashMap::new() }
    }

    /// The quad and the texture of a picture in a layer; `None` where it has no pixels.
    pub(super) fn prepare(
        &mut self,
        gpu: &Gpu,
        image: &ImageDraw<'_>,
        layer: [u32; 2],
    ) -> Option<(PictureQuad, wgpu::BindGroup)> {
        let picture = image.picture;
        let (width, height) = (picture.width as f32, picture.height as f32);
        let whole = Rect::new(0.0, 0.0, width, height);
        let part = image.part.map_or(whole, |part| part.intersect(&whole));
        if part.is_empty() || image.rect.is_empty() || !is_complete(picture) {
            return None;
        }
        let rect = image.rect;
        let unscaled = part.w == rect.w && part.h == rect.h && rect.x.fract() == 0.0 && rect.y.fract() == 0.0;
        let nearest = unscaled || image.sampling == Sampling::Nearest;
        let ratio = if nearest { 1.0 } else { (part.w / rect.w).min(part.h / rect.h) };
        let factor = factor(ratio, picture.width.max(picture.height), gpu.max_size());
        let key = TextureKey { picture: Arc::as_ptr(picture).addr(), factor, nearest };
        if !self.entries.contains_key(&key) {
            let entry = self.upload(gpu, picture, factor, nearest);
            self.entries.insert(key, entry);
        }
        let entry = self.entries.get(&key)?;
        let [across, down] = entry.size.map(|side| (side * factor) as f32);
        let quad = PictureQuad {
            rect: [rect.x, rect.y, rect.w, rect.h],
            part: [part.x / across, part.y / down, part.w / across, part.h / down],
            layer: layer.map(|side| side as f32),
            radius: image.radius.clamp(0.0, rect.w.min(rect.h) / 2.0),
            tint: shape::bytes(image.tint),
        };
        Some((quad, entry.group.clone()))
    }

    /// Drops the textures of pictures that are gone.
    pub(super) fn sweep(&mut self) {
        self.entries.retain(|_, entry| entry.picture.strong_count() > 0);
    }

    fn upload(&self, gpu: &Gpu, picture: &Arc<Picture>, factor: u32, nearest: bool) -> PictureTexture {
        let (size, bytes) = reduce(picture, factor);
        let texture = new_texture(gpu, "picture", size);
        write_pixels(gpu, &texture, &bytes);
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        PictureTexture { picture: Arc::downgrade(picture), group: self.group(gpu, &view, nearest), size }
    }

    /// The layout of a texture and its sampler.
    pub(super) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// A texture and how it is sampled, as a bind group.
    pub(super) fn group(&self, gpu: &Gpu, view: &wgpu::TextureView, nearest: bool) -> wgpu::BindGroup {
        let sampler = if nearest { &self.nearest } else { &self.smooth };
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("picture"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(view) },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) },
            ],
        })
    }
}

/// The pipeline that draws [`PictureQuad`]s.
pub(super) fn pipeline(gpu: &Gpu, pictures: &Pictures, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let attributes = wgpu::vertex_attr_array![0 => Float32x4, 1 => Float32x4, 2 => Float32x3, 3 => Unorm8x4];
    let source = include_str!("picture.wgsl");
    let instance = Some((PictureQuad::SIZE, attributes.as_slice()));
    shape::pipeline_of(gpu, format, &shape::Recipe { source, instance, group: Some(pictures.layout()) })
}

/// A texture of so many pixels, to be written and sampled.
pub(super) fn new_texture(gpu: &Gpu, label: &str, [width, height]: [u32; 2]) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

/// Writes all of such a texture: premultiplied RGBA, row after row without gaps.
pub(super) fn write_pixels(gpu: &Gpu, texture: &wgpu::Texture, rgba: &[u8]) {
    let rows =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(texture.width() * 4), rows_per_image: None };
    gpu.queue.write_texture(texture.as_image_copy(), rgba, rows, texture.size());
}

/// Whether a picture has all the pixels it says.
pub(super) fn is_complete(picture: &Picture) -> bool {
    picture.rgba.len() as u64 == u64::from(picture.width) * u64::from(picture.height) * 4
}

/// By how much a picture is made smaller before it is uploaded: a power of two, so that smooth sampling is left
/// with less than half, and the texture fits.
fn factor(ratio: f32, side: u32, max: u32) -> u32 {
    let mut factor = 1;
    while ratio >= (factor * 2) as f32 || side.div_ceil(factor) > max.max(1) {
        factor *= 2;
    }
    factor
}

/// Premultiplies a picture and averages blocks of `factor × factor` pixels; blocks at the right and lower edge
/// average what there is of them.
fn reduce(picture: &Picture, factor: u32) -> ([u32; 2], Vec<u8>) {
    let size = [picture.width.div_ceil(factor), picture.height.div_ceil(factor)];
    let stride = picture.width as usize * 4;
    let block = factor as usize;
    let mut bytes = Vec::with_capacity(size[0] as usize * size[1] as usize * 4);
    let mut sums = vec![[0_u64; 5]; size[0] as usize];
    for rows in picture.rgba.chunks(stride.max(1) * block) {
        sums.fill([0; 5]);
        for row in rows.chunks(stride.max(1)) {
            for (sum, pixels) in sums.iter_mut().zip(row.chunks(block * 4)) {
                for &[r, g, b, a] in pixels.as_chunks::<4>().0 {
                    let alpha = u64::from(a);
                    let colour = [r, g, b].map(|c| u64::from(c) * alpha);
                    let [red, green, blue] = colour;
                    let more = [red, green, blue, alpha, 1];
                    for (total, part) in sum.iter_mut().zip(more) {
                        *total += part;
                    }
                }
            }
        }
        for [r, g, b, a, count] in &sums {
            let count = (*count).max(1);
            let mean = |total: u64, of: u64| ((total + of / 2) / of) as u8;
            bytes.extend([mean(*r, count * 255), mean(*g, count * 255), mean(*b, count * 255), mean(*a, count)]);
        }
    }
    (size, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_leave_less_than_half_and_fit() {
        assert_eq!(factor(1.0, 100, 8192), 1);
        assert_eq!(factor(1.99, 100, 8192), 1);
        assert_eq!(factor(2.0, 100, 8192), 2);
        assert_eq!(factor(9.0, 100, 8192), 8);
        assert_eq!(factor(0.5, 10_000, 4096), 4);
    }

    #[test]
    fn averages_premultiplied() {
        let rgba = vec![255, 0, 0, 255, 0, 255, 0, 0, 8, 8, 8, 255];
        let picture = Picture { width: 3, height: 1, rgba };
        let (size, bytes) = reduce(&picture, 2);
        assert_eq!(size, [2, 1]);
        assert_eq!(bytes, [128, 0, 0, 128, 8, 8, 8, 255]);
    }

    #[test]
    fn leaves_opaque_pixels_as_they_are() {
        let rgba: Vec<u8> = (0..=255).flat_map(|v| [v, 255 - v, v / 2, 255]).collect();
        let picture = Picture { width: 16, height: 16, rgba: rgba.clone() };
        assert_eq!(reduce(&picture, 1), ([16, 16], rgba));
    }
}
