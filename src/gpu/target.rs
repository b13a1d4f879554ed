//! What is drawn on: a window here, a texture in `offscreen`.

use super::{Backdrop, Gpu, GpuError, Surface, WindowHandles};
use crate::scene::PixelRect;
use std::sync::Arc;

/// What can be drawn on: a [`WindowTarget`] or an [`Offscreen`](super::Offscreen).
pub trait Target {
    /// The format of its pixels; each has a renderer of its own.
    fn format(&self) -> wgpu::TextureFormat;
    /// Gets the texture of the next picture.
    fn begin(&mut self, gpu: &Gpu) -> Result<Drawing, GpuError>;
    /// What stands still on it.
    fn backdrop(&mut self) -> &mut Backdrop;

    /// Told when the picture is about to be shown.
    fn presents(&self) {}
}

/// What one picture took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FrameStats {
    /// Draw calls recorded for the frame.
    pub draws: u32,
    /// Layers whose shapes, pictures or words had to be prepared; 0 while things only move.
    pub prepared_layers: u32,
}

/// A picture being drawn.
pub struct Drawing {
    /// Textures, and what of the canvas each shows.
    pub(super) parts: Vec<(wgpu::TextureView, PixelRect)>,
    /// What to show when done.
    pub(super) present: Option<wgpu::SurfaceTexture>,
}

/// A window as target: the canvas stands 1:1 at its upper left corner, with black outside.
pub struct WindowTarget {
    window: Surface,
    surface: Option<wgpu::Surface<'static>>,
    config: wgpu::SurfaceConfiguration,
    backdrop: Backdrop,
    /// Why the surface could not be set up; to ask it for a picture nevertheless is a panic in wgpu.
    fault: Option<String>,
    /// Called when a picture is about to be shown.
    announce: Box<dyn Fn()>,
}

impl WindowTarget {
    /// Makes a window of `size` pixels a target. Presenting waits for the display.
    pub fn new<W: WindowHandles>(gpu: &Gpu, window: Arc<W>, size: [u32; 2]) -> Result<Self, GpuError> {
        let window = Surface::new(window);
        let surface = window.open(&gpu.instance)?;
        let able = surface.get_capabilities(&gpu.adapter);
        // Colours are blended as displayed, so no conversion is wanted on the way.
        let plain = [wgpu::TextureFormat::Bgra8Unorm, wgpu::TextureFormat::Rgba8Unorm];
        let format = plain.into_iter().find(|f| able.formats.contains(f));
        let Some(format) = format.or_else(|| able.formats.first().copied()) else {
            return Err(GpuError::Surface { reason: "it offers no pixel format".into() });
        };
        let opaque = able.alpha_modes.contains(&wgpu::CompositeAlphaMode::Opaque);
        let mut config = surface
            .get_default_config(&gpu.adapter, 1, 1)
            .ok_or_else(|| GpuError::Surface { reason: "the adapter cannot present to it".into() })?;
        config.format = format;
        config.present_mode = wgpu::PresentMode::Fifo;
        config.desired_maximum_frame_latency = 1;
        config.alpha_mode = if opaque { wgpu::CompositeAlphaMode::Opaque } else { wgpu::CompositeAlphaMode::Auto };
        let (backdrop, announce) = (Backdrop::default(), Box::new(|| {}));
        let mut target = Self { window, surface: Some(surface), config, backdrop, fault: None, announce };
        target.resize(gpu, size);
        Ok(target)
    }

    /// Has `announce` called whenever a picture is about to be shown, and only then.
    pub fn on_present(&mut self, announce: impl Fn() + 'static) {
        self.announce = Box::new(announce);
    }

    /// Follows the window to another size, in pixels.
    pub fn resize(&mut self, gpu: &Gpu, size: [u32; 2]) {
        let max = gpu.max_size();
        let [width, height] = size.map(|side| side.clamp(1, max));
        self.config.width = width;
        self.config.height = height;
        self.configure(gpu);
    }

    fn configure(&mut self, gpu: &Gpu) {
        if let Some(surface) = &self.surface {
            let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
            surface.configure(&gpu.device, &self.config);
            self.fault = pollster::block_on(scope.pop()).map(|error| innermost(&error));
        }
    }

    fn acquire(&mut self, gpu: &Gpu) -> Result<wgpu::SurfaceTexture, GpuError> {
        use wgpu::CurrentSurfaceTexture as Got;
        for _ in 0..2 {
            if gpu.lost() {
                return Err(GpuError::Lost);
            }
            if let Some(reason) = self.fault.clone() {
                return Err(GpuError::Surface { reason });
            }
            let Some(surface) = &self.surface else { return Err(GpuError::Lost) };
            match surface.get_current_texture() {
                Got::Success(texture) => return Ok(texture),
                // Given back unshown: its size is no longer the window's.
                Got::Suboptimal(texture) => {
                    drop(texture);
                    self.configure(gpu);
                }
                Got::Outdated => self.configure(gpu),
                Got::Lost => {
                    self.surface = None;
                    self.surface = Some(self.window.open(&gpu.instance)?);
                    self.configure(gpu);
                }
                Got::Timeout | Got::Occluded => return Err(GpuError::Skipped),
                Got::Validation => break,
            }
        }
        if gpu.lost() { Err(GpuError::Lost) } else { Err(GpuError::Skipped) }
    }
}

/// What went wrong, without the call it went wrong in.
fn innermost(error: &wgpu::Error) -> String {
    let text = error.to_string();
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no reason given").to_owned()
}

impl Target for WindowTarget {
    fn format(&self) -> wgpu::TextureFormat {
        self.config.format
    }

    fn begin(&mut self, gpu: &Gpu) -> Result<Drawing, GpuError> {
        let texture = self.acquire(gpu)?;
        let view = texture.texture.create_view(&wgpu::TextureViewDescriptor::default());
        Ok(Drawing { parts: vec![(view, [0, 0, self.config.width, self.config.height])], present: Some(texture) })
    }

    fn backdrop(&mut self) -> &mut Backdrop {
        &mut self.backdrop
    }

    fn presents(&self) {
        (self.announce)();
    }
}
