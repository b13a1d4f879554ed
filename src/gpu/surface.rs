//! Textures of surface slots: one each, written over when the slot has a later picture.

use super::{
    Gpu,
    picture::{self, Pictures},
};
use crate::scene::SurfaceSlot;
use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

/// A slot's texture.
struct SlotTexture {
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
    entries: HashMap<usize, SlotTexture>,
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
        let fits = size.iter().all(|side| (1..=gpu.max_size()).contains(side));
        if !picture::is_complete(&picture) || !fits {
            tracing::debug!("surface {}: a picture of {} × {} cannot be drawn", slot.name(), size[0], size[1]);
            self.entries.remove(&key);
            return;
        }
        if known.is_none_or(|entry| entry.size != size) {
            let texture = picture::new_texture(gpu, "surface", size);
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            let group = pictures.group(gpu, &view, false);
            self.entries.insert(key, SlotTexture { slot: Arc::downgrade(slot), version, size, texture, group });
        }
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.version = version;
        picture::write_pixels(gpu, &entry.texture, &picture.rgba);
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
