//! Textures of surface slots: one each, written over when the slot has a later picture.

use super::{Gpu, picture::Pictures};
use crate::scene::SurfaceSlot;
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

/// A slot's texture.
struct Entry {
    /// Keeps the address from being given to another slot.
    slot: Weak<SurfaceSlot>,
    version: u64,
    size: [u32; 2],
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

/// The textures of all slots that are drawn.
#[derive(Default)]
pub(super) struct Surfaces {
    entries: HashMap<usize, Entry>,
}

impl Surfaces {
    /// Brings a slot's texture up to its latest picture. One that no texture can hold is left out.
    pub(super) fn update(&mut self, gpu: &Gpu, pictures: &Pictures, slot: &Arc<SurfaceSlot>) {
        let version = slot.version();
        let key = Arc::as_ptr(slot).addr();
        let known = self.entries.get(&key);
        if known.is_some_and(|entry| entry.version == version) {
            return;
        }
        let Some(picture) = slot.latest() else { return };
        let size = [picture.width, picture.height];
        let is_complete = picture.rgba.len() as u64 == u64::from(size[0]) * u64::from(size[1]) * 4;
        let fits = size.iter().all(|side| (1..=gpu.max_size()).contains(side));
        if !is_complete || !fits {
            tracing::debug!("surface {}: a picture of {} × {} cannot be drawn", slot.name(), size[0], size[1]);
            self.entries.remove(&key);
            return;
        }
        let extent = wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 };
        if known.is_none_or(|entry| entry.size != size) {
            let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("surface"),
                size: extent,
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::Rgba8Unorm,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            });
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            let group = pictures.group(gpu, &view, false);
            self.entries.insert(key, Entry { slot: Arc::downgrade(slot), version, size, texture, group });
        }
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.version = version;
        let rows = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(size[0] * 4), rows_per_image: None };
        gpu.queue.write_texture(entry.texture.as_image_copy(), &picture.rgba, rows, extent);
    }

    /// A slot's texture; `None` before its first picture.
    pub(super) fn group(&self, slot: &Arc<SurfaceSlot>) -> Option<&wgpu::BindGroup> {
        self.entries.get(&Arc::as_ptr(slot).addr()).map(|entry| &entry.group)
    }

    /// Lets go of the textures of slots that are gone.
    pub(super) fn sweep(&mut self) {
        self.entries.retain(|_, entry| entry.slot.strong_count() > 0);
    }
}
