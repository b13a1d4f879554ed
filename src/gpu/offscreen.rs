//! A texture as target, and reading it back.

use super::{Backdrop, Drawing, Gpu, GpuError, Target};
use image::RgbaImage;
use std::sync::mpsc;

/// A texture as target.
pub struct Offscreen {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    buffer: wgpu::Buffer,
    size: [u32; 2],
    backdrop: Backdrop,
}

impl Offscreen {
    const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

    /// A texture of `width × height` pixels, held within what the device can do.
    pub fn new(gpu: &Gpu, width: u32, height: u32) -> Self {
        let size = [width, height].map(|side| side.clamp(1, gpu.max_size()));
        let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("offscreen"),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: Self::FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size: u64::from(padded(size[0])) * u64::from(size[1]),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        Self { texture, view, buffer, size, backdrop: Backdrop::default() }
    }

    /// The pixel format, for [`Renderer::new`](super::Renderer::new).
    pub fn format(&self) -> wgpu::TextureFormat {
        Self::FORMAT
    }

    /// Pixels across and down.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// The picture as it is now; waits for the drawing to end.
    pub fn read(&self, gpu: &Gpu) -> Result<RgbaImage, GpuError> {
        if gpu.lost() {
            return Err(GpuError::Lost);
        }
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let layout =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(padded(self.size[0])), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            self.texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &self.buffer, layout },
            extent(self.size),
        );
        gpu.queue.submit([encoder.finish()]);
        let (tell, told) = mpsc::channel();
        self.buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // Nobody listens once the wait below has failed.
            drop(tell.send(result));
        });
        let broken = |reason: String| GpuError::Readback { reason };
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| broken(e.to_string()))?;
        let mapped = told.try_recv().map_err(|_| broken("no answer came".into()))?;
        mapped.map_err(|e| broken(e.to_string()))?;
        let bytes = self.unpadded().map_err(broken);
        self.buffer.unmap();
        let [width, height] = self.size;
        RgbaImage::from_raw(width, height, bytes?).ok_or_else(|| broken("too few bytes came".into()))
    }

    /// The mapped rows without the bytes that pad them.
    fn unpadded(&self) -> Result<Vec<u8>, String> {
        let range = self.buffer.get_mapped_range(..).map_err(|e| e.to_string())?;
        let row = self.size[0] as usize * 4;
        let mut bytes = Vec::with_capacity(row * self.size[1] as usize);
        for line in range.chunks(padded(self.size[0]) as usize) {
            bytes.extend(line.iter().take(row));
        }
        Ok(bytes)
    }
}

impl Target for Offscreen {
    fn begin(&mut self, _: &Gpu) -> Result<Drawing, GpuError> {
        Ok(Drawing { view: self.view.clone(), size: self.size, present: None })
    }

    fn backdrop(&mut self) -> &mut Backdrop {
        &mut self.backdrop
    }
}

fn extent([width, height]: [u32; 2]) -> wgpu::Extent3d {
    wgpu::Extent3d { width, height, depth_or_array_layers: 1 }
}

/// Bytes of a row in a buffer.
fn padded(width: u32) -> u32 {
    (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT)
}
