//! Sends an X server what waits in the library's buffer. winit and what presents pictures write there and send only when
//! something else does: the last picture before a pause, or a window's end, would wait for the next.

use libloading::Library;
use std::ffi::{c_int, c_void};
use winit::raw_window_handle::{HasDisplayHandle, RawDisplayHandle};

/// Xlib's function that sends what waits.
type Flush = unsafe extern "C" fn(*mut c_void) -> c_int;

/// Sends what waits for an X server; does nothing with a display of another kind.
pub struct DisplayFlush {
    xlib: Option<Xlib>,
}

/// A connection, and the function for it out of the library that winit speaks to the display by.
struct Xlib {
    display: *mut c_void,
    flush: Flush,
    _library: Library,
}

impl DisplayFlush {
    /// For a display that winit has open for as long as this is used.
    pub fn new(display: &impl HasDisplayHandle) -> Self {
        let display = match display.display_handle().map(|handle| handle.as_raw()) {
            Ok(RawDisplayHandle::Xlib(handle)) => handle.display,
            _ => None,
        };
        Self { xlib: display.and_then(|display| xlib(display.as_ptr())) }
    }

    /// Sends requests that the client library still holds back.
    #[expect(unsafe_code, reason = "winit has no way to send what waits")]
    pub fn flush(&self) {
        if let Some(Xlib { display, flush, .. }) = &self.xlib {
            // SAFETY: the display is open, and this is the thread that speaks to it.
            unsafe { flush(*display) };
        }
    }
}

#[expect(unsafe_code, reason = "winit has no way to send what waits")]
fn xlib(display: *mut c_void) -> Option<Xlib> {
    // SAFETY: winit has loaded the library already, and the function has this signature in every version of it.
    unsafe {
        let library = Library::new("libX11.so.6").ok()?;
        let flush = *library.get::<Flush>(b"XFlush\0").ok()?;
        Some(Xlib { display, flush, _library: library })
    }
}
