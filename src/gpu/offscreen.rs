//! Textures as target, and reading them back.

use super::{Backdrop, Drawing, Gpu, GpuError, Target, readback::Readback, tiles::Tiles};
use crate::scene::PixelRect;
use image::RgbaImage;

/// Textures as target: a canvas larger than the device's largest texture is drawn in parts.
pub struct Offscreen {
    tiles: Tiles,
    backdrop: Backdrop,
}

impl Offscreen {
    const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

    /// A canvas of `width × height` pixels.
    pub fn new(gpu: &Gpu, width: u32, height: u32) -> Self {
        Self { tiles: Tiles::new(gpu, Self::FORMAT, [width, height]), backdrop: Backdrop::default() }
    }

    /// A part of a canvas, drawn as it would be within the whole: a preview's, or one that is compared.
    pub fn part(gpu: &Gpu, part: PixelRect) -> Self {
        Self { tiles: Tiles::part(gpu, Self::FORMAT, part), backdrop: Backdrop::default() }
    }

    /// Pixels across and down.
    pub fn size(&self) -> [u32; 2] {
        self.tiles.size()
    }

    /// The picture as it is now; waits for the drawing to end.
    ///
    /// # Errors
    /// Where the device is lost or gives nothing back.
    pub fn read(&self, gpu: &Gpu) -> Result<RgbaImage, GpuError> {
        if gpu.lost() {
            return Err(GpuError::Lost);
        }
        let area @ [left, top, width, height] = self.tiles.area();
        let mut picture = RgbaImage::new(width, height);
        let stride = width as usize * 4;
        let encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut row = |[x, y]: [u32; 2], bytes: &[u8]| {
            let start = (y - top) as usize * stride + (x - left) as usize * 4;
            if let Some(room) = picture.get_mut(start..start + bytes.len()) {
                room.copy_from_slice(bytes);
            }
        };
        Readback::default().read(gpu, encoder, &self.tiles, &[area], &mut row)?;
        Ok(picture)
    }
}

impl Target for Offscreen {
    fn format(&self) -> wgpu::TextureFormat {
        Self::FORMAT
    }

    fn begin(&mut self, _: &Gpu) -> Result<Drawing, GpuError> {
        let parts = self.tiles.tiles().iter().map(|tile| (tile.view.clone(), tile.area)).collect();
        Ok(Drawing { parts, present: None })
    }

    fn backdrop(&mut self) -> &mut Backdrop {
        &mut self.backdrop
    }
}
