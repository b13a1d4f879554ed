//! Pixels on their way back from the device, rectangle by rectangle, through one buffer of bounded size.

use super::{
    Gpu, GpuError,
    tiles::{Tile, Tiles},
};
use crate::scene::PixelRect;
use std::sync::mpsc;

/// The buffer that pixels come back through.
#[derive(Default)]
pub(super) struct Readback {
    buffer: Option<wgpu::Buffer>,
    /// Bytes it has room for.
    room: u64,
}

/// A rectangle of a tile, in the buffer.
struct Copied<'a> {
    tile: &'a Tile,
    /// Where on the canvas its pixels stand.
    rect: PixelRect,
    /// Bytes before it in the buffer.
    offset: u64,
    /// Bytes from one row to the next.
    stride: u32,
}

impl Copied<'_> {
    /// Bytes up to its end.
    fn end(&self) -> u64 {
        self.offset + u64::from(self.rect[3]) * u64::from(self.stride)
    }
}

impl Readback {
    /// Bytes that come back in one round, unless one row takes more.
    const MAX_ROUND_BYTES: u64 = 4 << 20;
    /// Bytes of a pixel.
    const PIXEL_BYTES: u32 = 4;

    /// Hands each row of the rectangles to `row`: where it begins on the canvas, and its bytes, four a pixel. What
    /// `encoder` holds is done first. Waits for the device.
    pub(super) fn read(
        &mut self,
        gpu: &Gpu,
        encoder: wgpu::CommandEncoder,
        tiles: &Tiles,
        rects: &[PixelRect],
        row: &mut dyn FnMut([u32; 2], &[u8]),
    ) -> Result<(), GpuError> {
        let (mut encoder, mut round) = (encoder, Vec::<Copied<'_>>::new());
        for (tile, [x, mut y, width, mut left]) in rects.iter().flat_map(|rect| tiles.parts(*rect)) {
            let stride = (width * Self::PIXEL_BYTES).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
            while left > 0 {
                let offset = round.last().map_or(0, Copied::end);
                let fits = Self::MAX_ROUND_BYTES.saturating_sub(offset) / u64::from(stride);
                let rows = left.min(u32::try_from(fits).unwrap_or(u32::MAX)).max(u32::from(round.is_empty()));
                if rows == 0 {
                    self.bring(gpu, encoder, &round, row)?;
                    encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
                    round.clear();
                    continue;
                }
                round.push(Copied { tile, rect: [x, y, width, rows], offset, stride });
                (y, left) = (y + rows, left - rows);
            }
        }
        self.bring(gpu, encoder, &round, row)
    }

    fn bring(
        &mut self,
        gpu: &Gpu,
        mut encoder: wgpu::CommandEncoder,
        round: &[Copied<'_>],
        row: &mut dyn FnMut([u32; 2], &[u8]),
    ) -> Result<(), GpuError> {
        let end = round.last().map_or(0, Copied::end);
        if end == 0 {
            gpu.queue.submit([encoder.finish()]);
            return Ok(());
        }
        let buffer = self.buffer(gpu, end);
        for Copied { tile, rect: [x, y, width, height], offset, stride } in round {
            let origin = wgpu::Origin3d { x: x - tile.area[0], y: y - tile.area[1], z: 0 };
            let layout =
                wgpu::TexelCopyBufferLayout { offset: *offset, bytes_per_row: Some(*stride), rows_per_image: None };
            encoder.copy_texture_to_buffer(
                wgpu::TexelCopyTextureInfo { origin, ..tile.texture.as_image_copy() },
                wgpu::TexelCopyBufferInfo { buffer, layout },
                wgpu::Extent3d { width: *width, height: *height, depth_or_array_layers: 1 },
            );
        }
        gpu.queue.submit([encoder.finish()]);
        let (sender, mapping) = mpsc::channel();
        buffer.map_async(wgpu::MapMode::Read, ..end, move |result| {
            // Nobody listens once the wait below has failed.
            drop(sender.send(result));
        });
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| broken(&e.to_string()))?;
        let mapped = mapping.try_recv().map_err(|_| broken("no answer came"))?;
        mapped.map_err(|e| broken(&e.to_string()))?;
        let done = buffer.get_mapped_range(..end).map_err(|e| broken(&e.to_string())).map(|range| {
            for Copied { rect: [x, y, width, height], offset, stride, .. } in round {
                let bytes = range.get(*offset as usize..).unwrap_or_default();
                for (down, line) in (0..*height).zip(bytes.chunks(*stride as usize)) {
                    row([*x, y + down], line.get(..(width * Self::PIXEL_BYTES) as usize).unwrap_or_default());
                }
            }
        });
        buffer.unmap();
        done
    }

    /// A buffer of so many bytes at least.
    fn buffer(&mut self, gpu: &Gpu, bytes: u64) -> &wgpu::Buffer {
        if self.room < bytes {
            self.buffer = None;
        }
        self.buffer.get_or_insert_with(|| {
            self.room = bytes.next_power_of_two();
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("readback"),
                size: self.room,
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        })
    }
}

fn broken(reason: &str) -> GpuError {
    GpuError::Readback { reason: reason.to_owned() }
}
