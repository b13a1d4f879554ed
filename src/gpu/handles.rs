//! A window of any windowing library, as the driver wants it.

use super::backend::GpuError;
use std::{fmt, sync::Arc};
use wgpu::rwh::{DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle};

/// A window of any windowing library.
pub trait WindowHandles: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static {}

impl<W: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static> WindowHandles for W {}

/// The connection to a display, of any windowing library.
pub trait DisplayHandles: HasDisplayHandle + fmt::Debug + Send + Sync + 'static {}

impl<D: HasDisplayHandle + fmt::Debug + Send + Sync + 'static> DisplayHandles for D {}

/// A window that pictures may be shown in.
#[derive(Clone)]
pub struct Surface {
    window: Arc<dyn WindowHandles>,
    display: Option<Display>,
}

impl Surface {
    /// Wraps a window; it lives at least as long as this.
    pub fn new<W: WindowHandles>(window: Arc<W>) -> Self {
        Self { window, display: None }
    }

    /// The same, for drivers that are asked for by their display.
    pub(super) fn on(self, display: impl DisplayHandles) -> Self {
        Self { display: Some(Display(Arc::new(display))), ..self }
    }

    pub(super) fn display(&self) -> Option<Box<dyn wgpu::wgt::WgpuHasDisplayHandle>> {
        self.display.clone().map(|display| Box::new(display) as Box<dyn wgpu::wgt::WgpuHasDisplayHandle>)
    }

    pub(super) fn open(&self, instance: &wgpu::Instance) -> Result<wgpu::Surface<'static>, GpuError> {
        instance.create_surface(Arc::clone(&self.window)).map_err(|e| GpuError::Surface { reason: e.to_string() })
    }
}

/// The display that a driver is asked for. It is not a window's: an instance lives longer than any of them, and would
/// keep it open.
#[derive(Debug, Clone)]
struct Display(Arc<dyn DisplayHandles>);

impl HasDisplayHandle for Display {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        self.0.display_handle()
    }
}
