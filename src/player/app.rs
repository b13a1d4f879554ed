//! The drawing side: owns the windows, the stages, the renderer and the inbox.

mod content;
mod device;
mod graphics;
mod output;
mod redraw;
mod surface;

use self::{
    content::{Content, ScreenNames},
    device::DeviceState,
    graphics::Graphics,
    output::{Now, Output},
    redraw::{Outputs, RedrawState},
    surface::OutputSurface,
};
use super::message::{Inbound, Outbound};
use crate::{
    config::Config,
    gpu::GpuError,
    platform::{Inbox, Pacer, WindowMode, WindowPlacement, asks_for_frames, watch_monitors},
    text::Shaper,
    time::{Clock, EventTime, WallTime},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use winit::{
    application::ApplicationHandler,
    event::{StartCause, WindowEvent},
    event_loop::{ActiveEventLoop, ControlFlow},
    window::WindowId,
};

/// A message waits in the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Wake;

/// The drawing side: all windows and what they share.
pub struct App {
    content: Content,
    screens: ScreenNames,
    mode: WindowMode,
    clock: Arc<dyn Clock>,
    shaper: Shaper,
    inbox: Inbox<Inbound>,
    orders: Box<dyn Fn(Outbound) -> bool>,
    graphics: Graphics,
    outputs: HashMap<WindowId, Output>,
    monitors: Monitors,
    /// Frames are drawn when the display asks for them.
    by_request: bool,
    /// Why the program could not go on, for the caller.
    pub failure: Option<String>,
}

/// When monitors are looked for.
#[derive(Default)]
struct Monitors {
    /// When next, time since the program's epoch.
    look_at: Duration,
    /// Whether winit is told of those that come and go.
    is_watching: bool,
}

impl Monitors {
    /// Time between two looks for monitors: winit tells no one that one came or went.
    const POLL: Duration = Duration::from_secs(1);
}

impl App {
    /// Sets up the drawing side for the named screens, or for all that the config has at any time where none is named;
    /// windows open once the event loop runs.
    pub fn new(
        config: Arc<Config>,
        screens: Vec<String>,
        mode: WindowMode,
        clock: Arc<dyn Clock>,
        shaper: Shaper,
        inbox: Inbox<Inbound>,
        orders: Box<dyn Fn(Outbound) -> bool>,
    ) -> Self {
        Self {
            screens: ScreenNames::new(screens, &config),
            content: Content::new(config),
            mode,
            clock,
            shaper,
            inbox,
            orders,
            graphics: Graphics::default(),
            outputs: HashMap::new(),
            monitors: Monitors::default(),
            by_request: false,
            failure: None,
        }
    }

    /// Opens the windows of the screens that have none.
    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), String> {
        self.by_request = asks_for_frames(event_loop);
        let config = Arc::clone(&self.content.config);
        for (index, name) in self.screens.all().iter().enumerate() {
            if self.outputs.values().any(|o| o.name == *name) {
                continue;
            }
            let screen = match config.screens.get(name) {
                Some(screen) => screen,
                None if self.screens.follows_config => continue,
                None => return Err(format!("no screen is called {name}")),
            };
            let mut placement = WindowPlacement::new(screen, self.mode);
            let attributes = placement.attributes(event_loop, name, screen);
            let window =
                event_loop.create_window(attributes).map_err(|e| format!("no window for screen {name}: {e}"))?;
            let window = Arc::new(window);
            window.set_cursor_visible(self.mode == WindowMode::Windowed);
            let surface = self.graphics.surface(&window).map_err(|e| format!("screen {name}: {e}"))?;
            let pacer = Pacer::new(screen.refresh, self.by_request || self.graphics.waits(&surface));
            let pipeline = self.content.pipeline(index, name).ok_or_else(|| format!("no screen is called {name}"))?;
            let output = Output::new(name, Arc::clone(&window), placement, surface, pipeline, pacer);
            self.outputs.insert(window.id(), output);
        }
        Ok(())
    }

    fn open_or_end(&mut self, event_loop: &ActiveEventLoop) {
        if let Err(failure) = self.open(event_loop) {
            self.failure = Some(failure);
            event_loop.exit();
        }
    }

    /// Takes in all messages.
    fn receive(&mut self, event_loop: &ActiveEventLoop) {
        while let Some(message) = self.inbox.next() {
            match message {
                Inbound::Edition(edition) => {
                    self.content.edition = edition;
                    for output in self.outputs.values_mut() {
                        output.pipeline.refresh(&self.content.edition);
                    }
                }
                Inbound::Config(config) => {
                    self.reconfigure(config);
                    self.follow_screens(event_loop);
                }
                Inbound::Faults(faults) => self.outputs.values_mut().for_each(|o| o.pipeline.faults(faults)),
                Inbound::Answer(answer) => {
                    let name = self.screens.get(answer.screen);
                    if let Some(output) = self.outputs.values_mut().find(|o| Some(&o.name) == name) {
                        output.pipeline.answer(answer);
                    }
                }
                Inbound::Picture(request, picture) => {
                    self.outputs.values_mut().for_each(|o| o.pipeline.picture(&request, &picture));
                    self.content.add_picture(request, picture);
                }
                Inbound::Quit => event_loop.exit(),
            }
        }
    }

    fn reconfigure(&mut self, config: Arc<Config>) {
        let old_config = Arc::clone(&self.content.config);
        self.content.reconfigure(config);
        let config = &self.content.config;
        for output in self.outputs.values_mut() {
            let (old, new) = (old_config.screens.get(&output.name), config.screens.get(&output.name));
            let Some(new) = new else {
                if !self.screens.follows_config {
                    tracing::warn!("screens/{}.toml is gone; the screen keeps showing what it last was", output.name);
                }
                continue;
            };
            if let Some(old) = old {
                output.placement.reconfigure(&output.window, old, new);
            }
            if old.is_some_and(|old| old.refresh != new.refresh) {
                output.pacer = Pacer::new(new.refresh, self.by_request || self.graphics.waits(&output.surface));
            }
            output.pipeline.reconfigure(config);
            self.content.give_pictures(&mut output.pipeline);
        }
        self.monitors.look_at = Duration::ZERO;
    }

    /// Closes the windows of screens that are gone and opens those of new ones, where all are shown.
    fn follow_screens(&mut self, event_loop: &ActiveEventLoop) {
        if !self.screens.follows_config {
            return;
        }
        let gone = |output: &Output| !self.content.config.screens.contains_key(&output.name);
        let closed: Vec<WindowId> = self.outputs.iter().filter(|(_, o)| gone(o)).map(|(id, _)| *id).collect();
        for mut output in closed.iter().filter_map(|id| self.outputs.remove(id)) {
            tracing::info!(screen = output.name, "its file is gone; its window is closed");
            output.end_proof(&*self.clock, &*self.orders);
            // Asked for at once; the rest goes with the window.
            output.window.set_visible(false);
        }
        self.screens.add_new(&self.content.config);
        // One that cannot be opened is no reason to end the others.
        if let Err(failure) = self.open(event_loop) {
            tracing::error!("{failure}");
        }
    }

    /// Keeps windows on the monitors they belong on; says when to look again.
    fn place_windows(&mut self, event_loop: &ActiveEventLoop) -> Option<Duration> {
        let now = self.clock.monotonic();
        let tied = self.outputs.values().find(|o| o.placement.is_tied())?;
        if !self.monitors.is_watching {
            self.monitors.is_watching = true;
            watch_monitors(&tied.window);
        }
        if self.monitors.look_at <= now {
            self.monitors.look_at = now + Monitors::POLL;
            for output in self.outputs.values_mut() {
                output.placement.follow(event_loop, &output.name, &output.window);
            }
        }
        Some(self.monitors.look_at)
    }

    /// Takes in fonts that came late; says when to look for more.
    fn late_fonts(&mut self) -> Option<Duration> {
        if self.shaper.take_late_fonts() {
            for output in self.outputs.values_mut() {
                output.pipeline.reshape();
                self.content.give_pictures(&mut output.pipeline);
            }
        }
        self.shaper.awaits_fonts().then(|| self.clock.monotonic() + Monitors::POLL)
    }

    /// The frame's instant by both clocks.
    fn clocks(&self) -> Now {
        Now { monotonic: self.clock.monotonic(), wall: WallTime::at(self.clock.wall(), &self.content.zone) }
    }
}

impl Outputs for App {
    type Id = WindowId;

    fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    fn ids(&self) -> Vec<WindowId> {
        self.outputs.keys().copied().collect()
    }

    fn start(&self, id: WindowId) -> Option<Duration> {
        let wall = WallTime::at(self.clock.wall(), &self.content.zone);
        self.outputs.get(&id)?.start(self.clock.monotonic(), &wall)
    }

    fn redraw(&mut self, id: WindowId) -> Option<&mut RedrawState> {
        self.outputs.get_mut(&id).map(|output| &mut output.redraw)
    }

    fn by_request(&self) -> bool {
        self.by_request
    }

    fn draw(&mut self, id: WindowId) {
        let now = self.clocks();
        let (Some(output), Some(device)) = (self.outputs.get_mut(&id), self.graphics.device.as_mut()) else { return };
        match output.draw(device, &mut self.shaper, &now, &*self.clock, &*self.orders) {
            Ok(_) => {}
            Err(GpuError::Skipped) => {
                output.redraw.skipped(self.clock.monotonic());
                output.pacer.skipped();
            }
            Err(error) => {
                tracing::error!(screen = output.name, "{error}");
                self.graphics.state.lost(self.clock.monotonic());
            }
        }
    }

    fn request(&mut self, id: WindowId) {
        if let Some(output) = self.outputs.get(&id) {
            output.window.request_redraw();
        }
    }

    fn device(&mut self) -> &mut DeviceState {
        &mut self.graphics.state
    }

    fn is_device_lost(&self) -> bool {
        self.graphics.is_lost()
    }

    /// Stages and scenes live on.
    fn rebuild(&mut self) -> bool {
        tracing::warn!("the graphics device was lost; getting another");
        for output in self.outputs.values_mut() {
            // The old device must let go of the window before a new one may take it.
            output.surface = OutputSurface::Released;
        }
        self.graphics.device = None;
        for id in self.ids() {
            let Some(window) = self.outputs.get(&id).map(|output| Arc::clone(&output.window)) else { continue };
            let made = self.graphics.surface(&window);
            let Some(output) = self.outputs.get_mut(&id) else { continue };
            match made {
                Ok(surface) => output.surface = surface,
                Err(error) => {
                    tracing::error!(screen = output.name, "{error}");
                    return false;
                }
            }
            output.pipeline.expose();
        }
        true
    }
}

impl ApplicationHandler<Wake> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.graphics.on(event_loop);
        if self.outputs.is_empty() {
            self.open_or_end(event_loop);
        }
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, _: StartCause) {
        self.receive(event_loop);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, _: Wake) {
        self.receive(event_loop);
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        let at = EventTime(self.clock.monotonic());
        let Some(output) = self.outputs.get_mut(&id) else { return };
        match &event {
            WindowEvent::ScaleFactorChanged { inner_size_writer, .. } => {
                // Another monitor's density is no reason to scale: a canvas is exact.
                let _ = inner_size_writer.clone().request_inner_size(output.window.inner_size());
                output.pipeline.expose();
            }
            WindowEvent::CloseRequested => {
                output.end_proof(&*self.clock, &*self.orders);
                self.outputs.remove(&id);
                if self.outputs.is_empty() {
                    event_loop.exit();
                }
            }
            WindowEvent::Destroyed => {
                tracing::warn!(screen = output.name, "the window was destroyed from outside; opening another");
                output.end_proof(&*self.clock, &*self.orders);
                self.outputs.remove(&id);
                self.open_or_end(event_loop);
            }
            WindowEvent::Resized(size) => {
                if let Err(error) = self.graphics.resize(&mut output.surface, &output.window) {
                    tracing::error!(screen = output.name, "{error}");
                    self.graphics.state.lost(self.clock.monotonic());
                }
                output.resized((*size).into());
            }
            WindowEvent::RedrawRequested if output.redraw.asked() => {
                if self.graphics.state.is_ready() {
                    self.draw(id);
                }
            }
            WindowEvent::Occluded(true) => output.covered(true),
            WindowEvent::RedrawRequested | WindowEvent::Occluded(false) => {
                if matches!(event, WindowEvent::Occluded(_)) {
                    output.covered(false);
                }
                output.surface.expose();
                output.pipeline.expose();
                output.redraw.uncovered();
            }
            event => {
                if let Some(input) = output.pointer.input(event) {
                    output.pipeline.update(input, at);
                }
            }
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let next = [self.late_fonts(), redraw::pace(self), self.place_windows(event_loop)].into_iter().flatten().min();
        self.graphics.flush();
        let sleep = next.map(|at| at.saturating_sub(self.clock.monotonic()));
        event_loop.set_control_flow(match sleep {
            Some(nap) if nap.is_zero() => ControlFlow::Poll,
            Some(nap) => ControlFlow::wait_duration(nap),
            None => ControlFlow::Wait,
        });
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        for output in self.outputs.values_mut() {
            output.end_proof(&*self.clock, &*self.orders);
            tracing::info!(screen = output.name, frames = output.progress.frames, late = output.pacer.late, "ended");
        }
        (self.orders)(Outbound::Quit);
        self.outputs.clear();
    }
}
