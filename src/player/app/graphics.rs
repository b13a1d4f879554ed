//! The device that draws all windows, and the display they are on.

use super::{
    device::DeviceState,
    surface::{Device, OutputSurface},
};
use crate::{
    gpu::{BackendPreference, Gpu, GpuError, Renderer, Surface},
    platform::DisplayFlush,
};
use std::sync::Arc;
use winit::{
    event_loop::{ActiveEventLoop, OwnedDisplayHandle},
    window::Window,
};

/// The device, once there is one, and the display.
#[derive(Default)]
pub(super) struct Graphics {
    pub device: Option<Device>,
    pub state: DeviceState,
    /// What was asked of the display is sent before a pause.
    display: Option<(OwnedDisplayHandle, DisplayFlush)>,
}

impl Graphics {
    /// Notes the display that windows open on.
    pub fn on(&mut self, event_loop: &ActiveEventLoop) {
        self.display.get_or_insert_with(|| (event_loop.owned_display_handle(), DisplayFlush::new(event_loop)));
    }

    /// A window's way on the device, which is made for the first window.
    pub fn surface(&mut self, window: &Arc<Window>) -> Result<OutputSurface, GpuError> {
        let device = match self.device.take() {
            Some(device) => device,
            None => {
                let (preference, window) = (BackendPreference::from_env(), Arc::clone(window));
                let gpu = match &self.display {
                    Some((display, _)) => Gpu::for_window(&preference, window, display.clone())?,
                    None => Gpu::new(&preference, Some(&Surface::new(window)))?,
                };
                tracing::info!("drawing on {}", gpu.adapter());
                Device { renderer: Renderer::new(&gpu), gpu }
            }
        };
        let surface = OutputSurface::new(&device.gpu, window);
        self.device = Some(device);
        surface
    }

    /// Whether presenting on a surface waits for the display.
    pub fn waits(&self, surface: &OutputSurface) -> bool {
        self.device.as_ref().is_some_and(|device| surface.waits(&device.gpu))
    }

    /// Fits a surface to its window's new size; says whether that went well.
    pub fn resize(&self, surface: &mut OutputSurface, window: &Arc<Window>) -> Result<(), GpuError> {
        self.device.as_ref().map_or(Ok(()), |device| surface.resize(&device.gpu, window))
    }

    /// Whether the driver says that the device is gone.
    pub fn is_lost(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.gpu.lost())
    }

    /// Sends what was asked of the display.
    pub fn flush(&self) {
        if let Some((_, display)) = &self.display {
            display.flush();
        }
    }
}
