//! Tells winit when an X server's monitors change. winit 0.30 asks to be told, but without libXrandr in the process
//! Xlib drops those events, and its list of monitors stays as it was at start. On Wayland it needs no telling.

use winit::{
    raw_window_handle::{HasWindowHandle, RawWindowHandle},
    window::Window,
};
use x11rb::{
    connection::Connection,
    errors::ReplyOrIdError,
    protocol::{
        Event,
        randr::{ConnectionExt as _, NotifyMask},
        xproto::{AtomEnum, ConnectionExt as _, EventMask, PROPERTY_NOTIFY_EVENT, Property, PropertyNotifyEvent},
    },
};

/// Watches an X server's monitors from a thread of its own; each change makes winit list them anew. Where it cannot
/// watch it says so in the log.
pub fn watch_monitors(window: &Window) {
    let Some(id) = x11_window(window) else { return };
    let watch = move || {
        if let Err(error) = watch(id) {
            tracing::warn!("monitors that come or go will not be noticed: {error}");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("monitors".into()).spawn(watch) {
        tracing::warn!("monitors that come or go will not be noticed: {error}");
    }
}

/// An X11 window's number; `None` for others.
pub(super) fn x11_window(window: &Window) -> Option<u32> {
    match window.window_handle().map(|handle| handle.as_raw()) {
        Ok(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
        Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
        _ => None,
    }
}

fn watch(window: u32) -> Result<(), ReplyOrIdError> {
    let (connection, screen) = x11rb::connect(None).map_err(|_| x11rb::errors::ConnectionError::UnknownError)?;
    let Some(screen) = connection.setup().roots.get(screen) else { return Ok(()) };
    let mask = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
    connection.randr_select_input(screen.root, mask)?.check()?;
    loop {
        if let Event::RandrScreenChangeNotify(_) | Event::RandrNotify(_) = connection.wait_for_event()? {
            // winit lists the monitors anew when it hears that the desktop's resources changed.
            let event = PropertyNotifyEvent {
                response_type: PROPERTY_NOTIFY_EVENT,
                sequence: 0,
                window,
                atom: AtomEnum::RESOURCE_MANAGER.into(),
                time: x11rb::CURRENT_TIME,
                state: Property::NEW_VALUE,
            };
            connection.send_event(false, window, EventMask::NO_EVENT, event)?;
            connection.flush()?;
        }
    }
}
