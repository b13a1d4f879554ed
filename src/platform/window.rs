//! Where a screen's window goes.

use crate::config::Screen;
use winit::{
    dpi::{PhysicalPosition, PhysicalSize},
    event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy},
    monitor::MonitorHandle,
    window::{Fullscreen, Window, WindowAttributes},
};

/// Where a screen's window goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Covers its monitor, or stands without a frame at its exact pixel origin.
    Exact,
    /// An ordinary window of the canvas's size at its pixel origin.
    Windowed,
}

/// The attributes of a screen's window. A monitor that is named but absent is said in the log, and the window
/// stands at its pixel origin instead.
pub fn attributes(event_loop: &ActiveEventLoop, name: &str, screen: &Screen, placement: Placement) -> WindowAttributes {
    let window = Window::default_attributes()
        .with_title(format!("公示 · {name}"))
        .with_inner_size(PhysicalSize::new(screen.width, screen.height))
        .with_position(PhysicalPosition::new(screen.x, screen.y))
        .with_resizable(false);
    if placement == Placement::Windowed {
        return window;
    }
    let window = window.with_decorations(false);
    if screen.monitor.is_empty() {
        return window;
    }
    match monitor(event_loop, &screen.monitor) {
        Some(monitor) => window.with_fullscreen(Some(Fullscreen::Borderless(Some(monitor)))),
        None => {
            let names: Vec<_> = event_loop.available_monitors().filter_map(|m| m.name()).collect();
            tracing::warn!(
                "screens/{name}.toml: no monitor is called {}; this machine has {}; the window stands at x, y instead",
                screen.monitor,
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            );
            window
        }
    }
}

fn monitor(event_loop: &ActiveEventLoop, name: &str) -> Option<MonitorHandle> {
    event_loop.available_monitors().find(|m| m.name().is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// The event loop and what wakes it from other threads.
///
/// # Errors
/// One sentence, where there is no display.
pub fn event_loop<T: 'static>() -> Result<(EventLoop<T>, EventLoopProxy<T>), String> {
    let made = EventLoop::with_user_event().build();
    let events = made.map_err(|e| {
        format!("no display ({e}); set DISPLAY or WAYLAND_DISPLAY, or draw pictures with `gongshi render`")
    })?;
    let proxy = events.create_proxy();
    Ok((events, proxy))
}
