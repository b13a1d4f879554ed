//! The device: found once, shared by all screens.

use super::{BackendPreference, DisplayHandles, GpuError, Surface, WindowHandles};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
};

/// Instance, adapter, device and queue; one for all screens.
pub struct Gpu {
    pub(super) instance: wgpu::Instance,
    pub(super) adapter: wgpu::Adapter,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    lost: Arc<AtomicBool>,
}

/// Drivers being loaded on a thread of their own; they stay as long as this does.
pub struct DriverPreload {
    instance: Option<JoinHandle<wgpu::Instance>>,
}

impl Drop for DriverPreload {
    fn drop(&mut self) {
        // A program that leaves while a driver is being loaded may crash on its way out.
        if let Some(thread) = self.instance.take() {
            drop(thread.join());
        }
    }
}

/// An adapter and the instance it came from.
type Found = (wgpu::Instance, wgpu::Adapter);

impl Gpu {
    /// The largest texture asked for, pixels a side: bounds the glyph atlas to 64 MiB.
    const MAX_TEXTURE_PIXELS: u32 = 8192;
    /// Bytes of the blocks that textures share; a larger texture has one of its own.
    const BLOCK_BYTES: u64 = 4 << 20;
    /// Validation faults written to the log; the rest would only repeat them every frame.
    const MAX_REPORTS: u32 = 10;

    /// Begins to load the drivers that will be tried first, while the program sets up what it will draw: a software
    /// driver brings a compiler of 100 MB, and nothing else at a start takes as long. Nothing is loaded where the
    /// environment names an interface.
    pub fn preload_drivers() -> DriverPreload {
        let load = || {
            wgpu::Instance::new(wgpu::InstanceDescriptor {
                backends: wgpu::Backends::VULKAN,
                flags: wgpu::InstanceFlags::empty().with_env(),
                ..wgpu::InstanceDescriptor::new_without_display_handle()
            })
        };
        let is_open = !BackendPreference::is_named();
        let thread = is_open.then(|| std::thread::Builder::new().name("drivers".into()).spawn(load));
        // Without a thread they are loaded when they are needed.
        DriverPreload { instance: thread.and_then(Result::ok) }
    }

    /// Finds the best adapter and opens it. `compatible` names a window it must be able to show pictures in.
    pub fn new(choice: &BackendPreference, compatible: Option<&Surface>) -> Result<Self, GpuError> {
        let mut software: Option<Found> = None;
        for backends in choice.backends() {
            if software.is_some() && !has_hardware() {
                break;
            }
            for (instance, adapter) in adapters(*backends, compatible) {
                if !is_software(&adapter) {
                    return Self::open(instance, adapter, Self::MAX_TEXTURE_PIXELS);
                }
                software.get_or_insert((instance, adapter));
            }
        }
        let (instance, adapter) = software.ok_or(GpuError::NoAdapter { choice: *choice })?;
        Self::open(instance, adapter, Self::MAX_TEXTURE_PIXELS)
    }

    /// Finds a device for a window on a display.
    pub fn for_window<W: WindowHandles>(
        choice: &BackendPreference,
        window: Arc<W>,
        display: impl DisplayHandles,
    ) -> Result<Self, GpuError> {
        Self::new(choice, Some(&Surface::new(window).on(display)))
    }

    /// Opens an adapter for textures of `max` pixels a side at most.
    fn open(instance: wgpu::Instance, adapter: wgpu::Adapter, max: u32) -> Result<Self, GpuError> {
        let mut limits = wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
        limits.max_texture_dimension_2d = limits.max_texture_dimension_2d.min(max);
        let wanted = wgpu::DeviceDescriptor {
            label: Some("gongshi"),
            required_features: wgpu::Features::empty(),
            required_limits: limits,
            // The smallest blocks there are: a screen needs a few textures, and where the processor draws, what stays
            // unused of larger ones is main memory.
            memory_hints: wgpu::MemoryHints::Manual {
                suballocated_device_memory_block_size: Self::BLOCK_BYTES..Self::BLOCK_BYTES,
            },
            ..Default::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&wanted))
            .map_err(|e| GpuError::Device { adapter: describe(&adapter), reason: e.to_string() })?;
        let lost = Arc::new(AtomicBool::new(false));
        watch(&device, &lost);
        Ok(Self { instance, adapter, device, queue, lost })
    }

    /// The adapter in words, as in `llvmpipe (LLVM 15.0.6, 256 bits), Vulkan`.
    pub fn adapter(&self) -> String {
        describe(&self.adapter)
    }

    /// Whether the processor does the drawing: presenting then does not wait for the display.
    pub fn software(&self) -> bool {
        is_software(&self.adapter)
    }

    /// Whether the device was lost or ran out of memory: make a new one.
    pub fn lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Waits until all that was asked of the device is done.
    pub fn wait(&self) {
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            tracing::warn!("waiting for the graphics device: {error}");
        }
    }

    /// The pixel format to draw in what is to come back: displays' own, where it can be read as it is.
    pub(super) fn readable_format(&self) -> wgpu::TextureFormat {
        match self.adapter.get_info().backend {
            // OpenGL ES reads no other.
            wgpu::Backend::Gl => wgpu::TextureFormat::Rgba8Unorm,
            _ => wgpu::TextureFormat::Bgra8Unorm,
        }
    }

    /// The largest texture, layer and window it draws at once, pixels a side.
    pub fn max_size(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }
}

/// Whether there may be graphics hardware that one interface knows and another does not. To load the drivers of the
/// second takes time and memory, and without hardware it has nothing better to offer.
fn has_hardware() -> bool {
    let nodes = ["dri", "nvidia0", "mali0", "kgsl-3d0", "nvhost-ctrl-gpu", "dxg"];
    !cfg!(target_os = "linux") || nodes.iter().any(|node| Path::new("/dev").join(node).exists())
}

/// Turns the driver's reports into a flag and log lines; never a panic.
fn watch(device: &wgpu::Device, lost: &Arc<AtomicBool>) {
    let flag = Arc::clone(lost);
    device.set_device_lost_callback(move |reason, message| {
        if reason != wgpu::DeviceLostReason::Destroyed {
            tracing::error!("the graphics device was lost: {message}");
        }
        flag.store(true, Ordering::Relaxed);
    });
    let flag = Arc::clone(lost);
    let reports = AtomicU32::new(0);
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        if reports.fetch_add(1, Ordering::Relaxed) < Gpu::MAX_REPORTS {
            tracing::error!("graphics: {error}");
        }
        // A validation fault concerns one call; the others leave nothing to rely on.
        if !matches!(error, wgpu::Error::Validation { .. }) {
            flag.store(true, Ordering::Relaxed);
        }
    }));
}

fn adapters(backends: wgpu::Backends, compatible: Option<&Surface>) -> Vec<Found> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        flags: wgpu::InstanceFlags::empty().with_env(),
        display: compatible.and_then(Surface::display),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let surface = match compatible.map(|window| window.open(&instance)).transpose() {
        Ok(surface) => surface,
        Err(error) => {
            tracing::debug!("{backends:?}: {error}");
            return Vec::new();
        }
    };
    let mut found = pollster::block_on(instance.enumerate_adapters(backends));
    found.retain(|adapter| surface.as_ref().is_none_or(|s| adapter.is_surface_supported(s)));
    found.sort_by_key(|adapter| match adapter.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    });
    found.into_iter().map(|adapter| (instance.clone(), adapter)).collect()
}

fn is_software(adapter: &wgpu::Adapter) -> bool {
    let info = adapter.get_info();
    info.device_type == wgpu::DeviceType::Cpu || info.name.contains("llvmpipe") || info.name.contains("softpipe")
}

fn describe(adapter: &wgpu::Adapter) -> String {
    let info = adapter.get_info();
    let backend = match info.backend {
        wgpu::Backend::Vulkan => "Vulkan",
        wgpu::Backend::Gl => "OpenGL ES",
        _ => "other",
    };
    format!("{}, {backend}", info.name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn gpu() -> Option<Gpu> {
        let gpu = Gpu::new(&BackendPreference::from_env(), None);
        if let Err(error) = &gpu {
            assert!(std::env::var_os("GONGSHI_REQUIRE_GPU").is_none(), "{error}");
            eprintln!("SKIPPED: {error}");
        }
        gpu.ok()
    }

    /// A device whose textures, and so whose atlas, are small.
    pub(in super::super) fn small(max: u32) -> Option<Gpu> {
        let Gpu { instance, .. } = gpu()?;
        let adapter = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all())).remove(0);
        Gpu::open(instance, adapter, max).ok()
    }

    #[test]
    fn a_lost_device_is_noticed() {
        let Some(gpu) = gpu() else { return };
        assert!(!gpu.lost());
        gpu.device.destroy();
        gpu.wait();
        assert!(gpu.lost());
    }

    #[test]
    fn a_wrong_call_is_logged_and_no_more() {
        let Some(gpu) = gpu() else { return };
        let side = gpu.max_size() + 1;
        let size = wgpu::Extent3d { width: side, height: 1, depth_or_array_layers: 1 };
        drop(gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: None,
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        }));
        assert!(!gpu.lost());
    }
}
