//! A window whose pixels are written by the processor and shared with the display, without a graphics driver.

use crate::gpu::{Composed, GpuError, Pixels};
use softbuffer::{Context, Rect, SoftBufferError, Surface};
use std::{num::NonZeroU32, sync::Arc};
use winit::window::Window;

/// A window whose pixels lie in main memory.
pub struct SoftwareSurface {
    window: Arc<Window>,
    surface: Surface<Arc<Window>, Arc<Window>>,
    size: [NonZeroU32; 2],
}

impl SoftwareSurface {
    /// A window of `size` pixels.
    ///
    /// # Errors
    /// Where the display takes no such pixels.
    pub fn new(window: Arc<Window>, size: [u32; 2]) -> Result<Self, GpuError> {
        let context = Context::new(Arc::clone(&window)).map_err(fault)?;
        let surface = Surface::new(&context, Arc::clone(&window)).map_err(fault)?;
        let mut surface = Self { window, surface, size: [NonZeroU32::MIN; 2] };
        surface.resize(size)?;
        Ok(surface)
    }

    /// Follows the window to another size, in pixels.
    ///
    /// # Errors
    /// Where there is no memory for it.
    pub fn resize(&mut self, size: [u32; 2]) -> Result<(), GpuError> {
        self.size = size.map(|side| NonZeroU32::new(side).unwrap_or(NonZeroU32::MIN));
        self.surface.resize(self.size[0], self.size[1]).map_err(fault)
    }

    /// Has `draw` write a picture, and presents where it says that the picture changed.
    ///
    /// # Errors
    /// Those of `draw`, and where the display takes no picture.
    pub fn present(
        &mut self,
        draw: impl FnOnce(&mut Pixels<'_>) -> Result<Composed, GpuError>,
    ) -> Result<Composed, GpuError> {
        let mut buffer = self.surface.buffer_mut().map_err(fault)?;
        let age = buffer.age();
        let composed = draw(&mut Pixels { data: &mut buffer, size: self.size.map(NonZeroU32::get), age })?;
        let damage: Vec<_> = composed.damage.rects().iter().filter_map(rect).collect();
        if !damage.is_empty() {
            self.window.pre_present_notify();
            buffer.present_with_damage(&damage).map_err(fault)?;
        }
        Ok(composed)
    }
}

fn rect(&[x, y, width, height]: &[u32; 4]) -> Option<Rect> {
    Some(Rect { x, y, width: NonZeroU32::new(width)?, height: NonZeroU32::new(height)? })
}

fn fault(error: SoftBufferError) -> GpuError {
    GpuError::Surface { reason: error.to_string() }
}
