//! Where a screen's window goes.

use crate::config::Screen;
use winit::{
    dpi::{PhysicalPosition, PhysicalSize},
    event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy},
    monitor::MonitorHandle,
    platform::wayland::{ActiveEventLoopExtWayland, WindowAttributesExtWayland},
    window::{Fullscreen, Window, WindowAttributes},
};

/// Where a screen's window goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowMode {
    /// Covers its monitor, or stands without a frame at its exact pixel origin.
    Exact,
    /// An ordinary window of the canvas's size at its pixel origin.
    Windowed,
}

/// A monitor's rectangle on the desktop.
type Spot = (PhysicalPosition<i32>, PhysicalSize<u32>);

/// Keeps a window on the monitor its screen names: monitors are unplugged, and come back elsewhere.
#[derive(Debug)]
pub struct WindowPlacement {
    placement: WindowMode,
    /// The monitor asked for; empty: none.
    monitor: String,
    state: State,
}

/// How a window stands to its monitor.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// Not looked for yet.
    New,
    /// It covers it.
    Covers(Spot),
    /// It is not there; the window stays where it was.
    Misses,
}

/// What is to be done about a window.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Stay,
    Cover,
    Miss,
}

/// Whether a point lies on a monitor.
fn holds((corner, size): Spot, point: PhysicalPosition<i32>) -> bool {
    let within = |from: i32, length: u32, at: i32| (0..i64::from(length)).contains(&(i64::from(at) - i64::from(from)));
    within(corner.x, size.width, point.x) && within(corner.y, size.height, point.y)
}

impl State {
    /// Goes on by where the monitor is now.
    fn step(&mut self, spot: Option<Spot>) -> Step {
        let next = spot.map_or(Self::Misses, Self::Covers);
        if *self == next {
            return Step::Stay;
        }
        *self = next;
        if spot.is_some() { Step::Cover } else { Step::Miss }
    }
}

impl WindowPlacement {
    /// The seat of a screen's window.
    pub fn new(screen: &Screen, placement: WindowMode) -> Self {
        Self { placement, monitor: screen.monitor.clone(), state: State::New }
    }

    /// The attributes its window is made with.
    pub fn attributes(&mut self, event_loop: &ActiveEventLoop, name: &str, screen: &Screen) -> WindowAttributes {
        let origin = PhysicalPosition::new(screen.x, screen.y);
        let window = Window::default_attributes()
            .with_title(format!("公示 · {name}"))
            .with_name("gongshi", name)
            .with_inner_size(PhysicalSize::new(screen.width, screen.height))
            .with_resizable(false);
        if self.placement == WindowMode::Windowed {
            // The walls of a hall seldom fit on a desk: a window that would stand beyond it is placed by the desktop.
            let is_seen = event_loop.available_monitors().any(|m| holds((m.position(), m.size()), origin));
            return if is_seen { window.with_position(origin) } else { window };
        }
        let window = window.with_position(origin).with_decorations(false);
        match self.look(event_loop, name) {
            // Of the monitor's size itself, as without a window manager nobody else makes it so.
            Some(monitor) => window
                .with_inner_size(monitor.size())
                .with_position(monitor.position())
                .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor)))),
            None => window,
        }
    }

    /// Whether the window belongs on a monitor, so that [`WindowPlacement::follow`] is to be called now and then.
    pub fn is_tied(&self) -> bool {
        self.placement == WindowMode::Exact && !self.monitor.is_empty()
    }

    /// Takes the window to its monitor where that came back or changed its place or size.
    pub fn follow(&mut self, event_loop: &ActiveEventLoop, name: &str, window: &Window) {
        if let Some(monitor) = self.look(event_loop, name) {
            tracing::info!("screen {name} covers {}", self.monitor);
            // Left first: to winit and to window managers, covering the same monitor again is no change.
            window.set_fullscreen(None);
            let _ = window.request_inner_size(monitor.size());
            window.set_outer_position(monitor.position());
            window.set_fullscreen(Some(Fullscreen::Borderless(Some(monitor))));
        }
    }

    /// Follows a changed screen of the config.
    pub fn reconfigure(&mut self, window: &Window, old: &Screen, new: &Screen) {
        if self.monitor != new.monitor {
            self.monitor.clone_from(&new.monitor);
            self.state = State::New;
            if self.placement == WindowMode::Exact && new.monitor.is_empty() {
                window.set_fullscreen(None);
            }
        }
        // A window that covers its monitor has that one's size and place.
        let moved = old.monitor != new.monitor;
        if !self.is_tied() && (moved || (old.width, old.height) != (new.width, new.height)) {
            let _ = window.request_inner_size(PhysicalSize::new(new.width, new.height));
        }
        if !self.is_tied() && (moved || (old.x, old.y) != (new.x, new.y)) {
            window.set_outer_position(PhysicalPosition::new(new.x, new.y));
        }
    }

    /// The monitor to cover, where the window is to be taken there; says in the log that it is missing.
    fn look(&mut self, event_loop: &ActiveEventLoop, name: &str) -> Option<MonitorHandle> {
        if !self.is_tied() {
            return None;
        }
        let is_named = |m: &MonitorHandle| m.name().is_some_and(|n| n.eq_ignore_ascii_case(&self.monitor));
        let monitor = event_loop.available_monitors().find(is_named);
        let is_new = self.state == State::New;
        match self.state.step(monitor.as_ref().map(|m| (m.position(), m.size()))) {
            Step::Stay => None,
            Step::Cover => monitor,
            Step::Miss => {
                let names: Vec<_> = event_loop.available_monitors().filter_map(|m| m.name()).collect();
                tracing::warn!(
                    "screens/{name}.toml: no monitor is called {}; this machine has {}; the window {} until it comes",
                    self.monitor,
                    if names.is_empty() { "none".to_owned() } else { names.join(", ") },
                    if is_new { "stands at x, y" } else { "stays where it was" },
                );
                None
            }
        }
    }
}

/// Whether frames must wait until the display asks for them: Wayland asks none of a hidden window, and presenting one
/// nevertheless waits for ever, the other screens with it.
pub fn asks_for_frames(event_loop: &ActiveEventLoop) -> bool {
    event_loop.is_wayland()
}

/// The event loop and what wakes it from other threads.
///
/// # Errors
/// One sentence, where there is no display.
pub fn event_loop<T: 'static>() -> Result<(EventLoop<T>, EventLoopProxy<T>), String> {
    let mut builder = EventLoop::with_user_event();
    // The main thread waits for whoever hangs; on X11 and Wayland windows may live on any.
    #[cfg(target_os = "linux")]
    {
        winit::platform::x11::EventLoopBuilderExtX11::with_any_thread(&mut builder, true);
        winit::platform::wayland::EventLoopBuilderExtWayland::with_any_thread(&mut builder, true);
    }
    let events = builder.build().map_err(|e| {
        format!("no display ({e}); set DISPLAY or WAYLAND_DISPLAY, or draw pictures with `gongshi render`")
    })?;
    let proxy = events.create_proxy();
    Ok((events, proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monitor_is_covered_whenever_it_comes_or_moves_and_missed_once() {
        let spot = |x| Some((PhysicalPosition::new(x, 0), PhysicalSize::new(1920, 1080)));
        let mut state = State::New;
        let seen = [spot(0), spot(0), spot(1920), None, None, spot(1920), spot(1920)];
        let steps = seen.map(|spot| state.step(spot));
        assert_eq!(steps, [Step::Cover, Step::Stay, Step::Cover, Step::Miss, Step::Stay, Step::Cover, Step::Stay]);
        assert!(holds(spot(1920).unwrap(), PhysicalPosition::new(1920, 1079)));
        assert!(!holds(spot(1920).unwrap(), PhysicalPosition::new(1919, 0)));
        assert_eq!(State::New.step(None), Step::Miss, "a monitor that is not there at start is said");
    }
}
