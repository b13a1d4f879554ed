//! What happens when an X display goes away. Xlib would end the process there and then, with words and an end of its
//! own; here the program is told first.

use libloading::Library;
use std::ffi::{c_int, c_void};
use winit::raw_window_handle::{HasDisplayHandle, RawDisplayHandle};

/// The library that winit speaks to the display by.
const XLIB: &str = "libX11.so.6";

/// Xlib's way to say that it cannot go on.
type Report = unsafe extern "C" fn(*mut c_void) -> c_int;
/// Xlib's way to end the program.
type IoErrorExitHandler = unsafe extern "C" fn(*mut c_void, *mut c_void);

/// Has `end` called when the X display of `display` goes away, which includes that someone cut this program off from
/// it. It is called once, within Xlib, on the thread that speaks to the display, and has the program end; the thread
/// stands still from then on. Nothing happens with a display of another kind, whose loss the event loop tells, and with
/// libraries before 1.7.
pub fn on_display_lost(display: &impl HasDisplayHandle, end: impl FnOnce() + 'static) {
    let Ok(RawDisplayHandle::Xlib(handle)) = display.display_handle().map(|handle| handle.as_raw()) else { return };
    let Some(display) = handle.display else { return };
    if let Err(error) = install(display.as_ptr(), Box::new(end)) {
        tracing::debug!("the loss of the display will be told by Xlib: {error}");
    }
}

#[expect(unsafe_code, reason = "Xlib has no other way to tell; its own handler ends the process")]
fn install(display: *mut c_void, end: Box<dyn FnOnce()>) -> Result<(), libloading::Error> {
    // SAFETY: the library is loaded already and stays so: winit holds it as long as the display.
    let library = unsafe { Library::new(XLIB) }?;
    // SAFETY: both functions have these signatures since libX11 1.7 and before; the handlers fit what they ask for.
    unsafe {
        let set_end = library
            .get::<unsafe extern "C" fn(*mut c_void, IoErrorExitHandler, *mut c_void)>(b"XSetIOErrorExitHandler\0")?;
        let set_report = library.get::<unsafe extern "C" fn(Report) -> Option<Report>>(b"XSetIOErrorHandler\0")?;
        set_report(silent);
        // Given back in `ended`, or kept until the process ends.
        set_end(display, ended, Box::into_raw(Box::new(Some(end))).cast());
    }
    // Not to be unloaded while its handlers are set.
    std::mem::forget(library);
    Ok(())
}

/// Takes the place of Xlib's own words.
#[expect(unsafe_code, reason = "called by Xlib")]
unsafe extern "C" fn silent(_: *mut c_void) -> c_int {
    0
}

#[expect(unsafe_code, reason = "called by Xlib")]
unsafe extern "C" fn ended(_: *mut c_void, end: *mut c_void) {
    // SAFETY: it is what `install` gave, and Xlib calls from the thread that holds the display's lock only.
    let end = unsafe { end.cast::<Option<Box<dyn FnOnce()>>>().as_mut() }.and_then(Option::take);
    if let Some(end) = end {
        end();
    }
    loop {
        // To return is to let Xlib go on without a display.
        std::thread::park();
    }
}
