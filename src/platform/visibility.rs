//! Whether the display shows a window at all. winit 0.30 says when an X11 window is covered (`Occluded`), but not when it
//! is unmapped, as a window manager does that minimises it; frames are presented to it all the same. On Wayland a hidden
//! window is asked for no frame, and nothing needs to be watched.

use super::monitors::x11_window;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use winit::window::Window;
use x11rb::{
    connection::Connection,
    errors::ReplyOrIdError,
    protocol::{
        Event,
        xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, MapState},
    },
};

/// Watches whether an X11 window is mapped, from a thread of its own that ends with the window.
#[derive(Debug, Clone, Default)]
pub struct ViewWatch {
    /// Counts the changes: even while the window is mapped, odd while it is not.
    changes: Arc<AtomicU64>,
}

impl ViewWatch {
    /// Watches a window. Where that cannot be, it counts as mapped, and the log says so.
    pub fn start(window: &Window) -> Self {
        let watch = Self::default();
        let Some(id) = x11_window(window) else { return watch };
        let changes = Arc::clone(&watch.changes);
        let run = move || {
            if let Err(error) = follow(id, &changes) {
                tracing::warn!("a window that is hidden will not be noticed: {error}");
            }
        };
        if let Err(error) = std::thread::Builder::new().name("view".into()).spawn(run) {
            tracing::warn!("a window that is hidden will not be noticed: {error}");
        }
        watch
    }

    /// A number that is another one whenever the window was mapped or unmapped since, and odd while it is unmapped.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }
}

fn follow(window: u32, changes: &AtomicU64) -> Result<(), ReplyOrIdError> {
    let (connection, _) = x11rb::connect(None).map_err(|_| x11rb::errors::ConnectionError::UnknownError)?;
    let wanted = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    connection.change_window_attributes(window, &wanted)?.check()?;
    let set = |is_mapped: bool| {
        // Only this thread writes.
        let now = changes.load(Ordering::Relaxed);
        if now.is_multiple_of(2) != is_mapped {
            changes.store(now + 1, Ordering::Relaxed);
        }
    };
    set(connection.get_window_attributes(window)?.reply()?.map_state != MapState::UNMAPPED);
    loop {
        // A display that goes away is told by whoever draws to it.
        let Ok(event) = connection.wait_for_event() else { return Ok(()) };
        match event {
            Event::UnmapNotify(event) if event.window == window => set(false),
            Event::MapNotify(event) if event.window == window => set(true),
            Event::DestroyNotify(event) if event.window == window => {
                set(false);
                return Ok(());
            }
            _ => {}
        }
    }
}
