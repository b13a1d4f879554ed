//! How an output's pictures reach its window: through the graphics driver, or from main memory.

use crate::{
    gpu::{FrameStats, Gpu, GpuError, Renderer, SoftwareTarget, WindowTarget},
    platform::SoftwareSurface,
    scene::Frame,
    text::Shaper,
};
use std::sync::Arc;
use winit::window::Window;

/// What lives as long as the GPU device does.
pub(super) struct Device {
    pub gpu: Gpu,
    pub renderer: Renderer,
}

/// How an output's pictures reach its window.
pub(super) enum OutputSurface {
    /// Through the driver, which waits for the display.
    Driver(Box<WindowTarget>),
    /// From main memory, what changed only: where the processor draws, and where the driver draws no picture so large.
    Memory(Box<MemorySurface>),
    /// Not at all: the device is being made anew.
    Released,
}

/// A window's pixels in main memory and what is kept to draw them.
pub(super) struct MemorySurface {
    surface: SoftwareSurface,
    target: SoftwareTarget,
}

impl OutputSurface {
    /// The way for a window on a device.
    ///
    /// # Errors
    /// Where there is none; in one sentence, what to do about it.
    pub(super) fn new(gpu: &Gpu, window: &Arc<Window>) -> Result<Self, GpuError> {
        let size = size(window);
        let is_too_large = size.iter().any(|side| *side > gpu.max_size());
        if !gpu.software() && !is_too_large {
            return Self::by_driver(gpu, window, size);
        }
        match SoftwareSurface::new(Arc::clone(window), size) {
            Ok(surface) => {
                let target = SoftwareTarget::new(gpu);
                Ok(Self::Memory(Box::new(MemorySurface { surface, target })))
            }
            Err(error) if is_too_large => {
                let [width, height] = size;
                let (adapter, limit, reason) = (gpu.adapter(), gpu.max_size(), error.to_string());
                Err(GpuError::TooLarge { width, height, adapter, limit, reason })
            }
            Err(error) => {
                tracing::warn!("{error}; the driver shows the pictures, at more cost");
                Self::by_driver(gpu, window, size)
            }
        }
    }

    fn by_driver(gpu: &Gpu, window: &Arc<Window>, size: [u32; 2]) -> Result<Self, GpuError> {
        let mut target = WindowTarget::new(gpu, Arc::clone(window), size)?;
        let presenting = Arc::clone(window);
        target.on_present(move || presenting.pre_present_notify());
        Ok(Self::Driver(Box::new(target)))
    }

    /// Follows the window to its present size.
    ///
    /// # Errors
    /// As for [`OutputSurface::new`].
    pub(super) fn resize(&mut self, gpu: &Gpu, window: &Arc<Window>) -> Result<(), GpuError> {
        let size = size(window);
        let is_too_large = size.iter().any(|side| *side > gpu.max_size());
        match self {
            Self::Driver(target) if !is_too_large => target.resize(gpu, size),
            Self::Memory(memory) => memory.surface.resize(size)?,
            Self::Driver(_) | Self::Released => {
                // The driver must let go of the window before another way to it is opened.
                *self = Self::Released;
                *self = Self::new(gpu, window)?;
            }
        }
        Ok(())
    }

    /// Whether presenting waits for the display.
    pub(super) fn waits(&self, gpu: &Gpu) -> bool {
        matches!(self, Self::Driver(_)) && !gpu.software()
    }

    /// Notes that the window lost what it showed.
    pub(super) fn expose(&mut self) {
        if let Self::Memory(memory) = self {
            memory.target.expose();
        }
    }

    /// Draws a frame and shows it.
    ///
    /// # Errors
    /// Where the window takes no picture, or the device is lost.
    pub(super) fn show(
        &mut self,
        device: &mut Device,
        shaper: &mut Shaper,
        frame: &Frame,
    ) -> Result<FrameStats, GpuError> {
        let Device { gpu, renderer } = device;
        match self {
            Self::Driver(target) => renderer.render(gpu, shaper, frame, target.as_mut()),
            Self::Memory(memory) => memory.show(gpu, renderer, shaper, frame),
            Self::Released => Err(GpuError::Lost),
        }
    }
}

impl MemorySurface {
    fn show(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        shaper: &mut Shaper,
        frame: &Frame,
    ) -> Result<FrameStats, GpuError> {
        let Self { surface, target } = self;
        let composed = surface.present(|pixels| target.draw(gpu, renderer, shaper, frame, pixels))?;
        Ok(composed.stats)
    }
}

fn size(window: &Window) -> [u32; 2] {
    let size = window.inner_size();
    [size.width, size.height]
}
