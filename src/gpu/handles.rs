//! A window of any windowing library, as the driver wants it.

use super::choice::GpuError;
use std::{fmt, sync::Arc};
use wgpu::rwh::{DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle};

/// A window of any windowing library.
pub trait WindowHandles: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static {}

impl<W: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static> WindowHandles for W {}

/// A window that pictures may be shown in.
#[derive(Clone)]
pub struct Surface {
    window: Arc<dyn WindowHandles>,
}

impl Surface {
    /// Wraps a window; it lives at least as long as this.
    pub fn new<W: WindowHandles>(window: Arc<W>) -> Self {
        Self { window }
    }

    pub(super) fn display(&self) -> Box<dyn wgpu::wgt::WgpuHasDisplayHandle> {
        Box::new(Display(Arc::clone(&self.window)))
    }

    pub(super) fn open(&self, instance: &wgpu::Instance) -> Result<wgpu::Surface<'static>, GpuError> {
        instance.create_surface(Arc::clone(&self.window)).map_err(|e| GpuError::Surface { reason: e.to_string() })
    }
}

/// The display connection behind a window.
struct Display(Arc<dyn WindowHandles>);

impl fmt::Debug for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Display")
    }
}

impl HasDisplayHandle for Display {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        self.0.display_handle()
    }
}
