//! A canvas as textures that last: one, or several side by side where it is larger than the device's largest texture.

use super::Gpu;
use crate::scene::{PixelRect, common};

/// A part of the canvas.
pub(super) struct Tile {
    /// What of the canvas it holds, pixels.
    pub(super) area: PixelRect,
    pub(super) texture: wgpu::Texture,
    pub(super) view: wgpu::TextureView,
}

/// A canvas, or a part of one, as textures.
pub(super) struct Tiles {
    area: PixelRect,
    tiles: Vec<Tile>,
}

impl Tiles {
    /// Textures for a canvas of `size` pixels.
    pub(super) fn new(gpu: &Gpu, format: wgpu::TextureFormat, [width, height]: [u32; 2]) -> Self {
        Self::part(gpu, format, [0, 0, width, height])
    }

    /// Textures for a part of a canvas; a side of none counts as one.
    pub(super) fn part(gpu: &Gpu, format: wgpu::TextureFormat, [left, top, w, h]: PixelRect) -> Self {
        let [width, height] = [w, h].map(|side| side.max(1));
        let max = gpu.max_size().max(1);
        let starts = |length: u32| (0..length).step_by(max as usize);
        let corners = starts(height).flat_map(|y| starts(width).map(move |x| [x, y]));
        let tiles = corners
            .map(|[x, y]| {
                let area = [left + x, top + y, (width - x).min(max), (height - y).min(max)];
                let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
                    label: Some("tile"),
                    size: wgpu::Extent3d { width: area[2], height: area[3], depth_or_array_layers: 1 },
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format,
                    usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
                    view_formats: &[],
                });
                let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
                Tile { area, texture, view }
            })
            .collect();
        Self { area: [left, top, width, height], tiles }
    }

    /// What of the canvas they hold.
    pub(super) fn area(&self) -> PixelRect {
        self.area
    }

    /// Pixels across and down.
    pub(super) fn size(&self) -> [u32; 2] {
        [self.area[2], self.area[3]]
    }

    /// The tiles, row after row, that make up the canvas.
    pub(super) fn tiles(&self) -> &[Tile] {
        &self.tiles
    }

    /// The tiles' parts of a rectangle, each with its texture.
    pub(super) fn parts(&self, rect: PixelRect) -> impl Iterator<Item = (&Tile, PixelRect)> {
        let parts = self.tiles.iter().map(move |tile| (tile, common(tile.area, rect)));
        parts.filter(|(_, [.., w, h])| *w > 0 && *h > 0)
    }
}
