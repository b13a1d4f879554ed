//! The drawing side: owns the windows, the stages, the renderer and the inbox.

mod device;
mod output;
mod redraw;
mod surface;

use self::{
    device::DeviceState,
    output::{Now, Output},
    redraw::{Outputs, RedrawState},
    surface::{Device, OutputSurface},
};
use super::{
    message::{Inbound, Outbound},
    pipeline::ScreenPipeline,
};
use crate::{
    config::Config,
    edition::Edition,
    gpu::{BackendPreference, Gpu, GpuError, Renderer, Surface},
    led,
    media::PictureRequest,
    platform::{DisplayFlush, Inbox, Pacer, WindowMode, WindowPlacement, asks_for_frames, watch_monitors},
    scene::Picture,
    text::Shaper,
    time::{Clock, EventTime, WallTime},
};
use jiff::tz::TimeZone;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use winit::{
    application::ApplicationHandler,
    event::{StartCause, WindowEvent},
    event_loop::{ActiveEventLoop, ControlFlow, OwnedDisplayHandle},
    window::{Window, WindowId},
};

/// A message waits in the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Wake;

/// The drawing side.
pub struct App {
    config: Arc<Config>,
    /// Names by index, which questions carry: one that is gone keeps its place.
    screens: Vec<String>,
    /// Whether all screens of the config are shown, also those that come later.
    follows_config: bool,
    placement: WindowMode,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
    shaper: Shaper,
    inbox: Inbox<Inbound>,
    orders: Box<dyn Fn(Outbound) -> bool>,
    edition: Arc<Edition>,
    /// The pictures of walls' zones, as they were last read.
    pictures: BTreeMap<PictureRequest, Arc<Picture>>,
    device: Option<Device>,
    device_state: DeviceState,
    outputs: HashMap<WindowId, Output>,
    /// When monitors are next looked for.
    look_at: Duration,
    watching: bool,
    /// Frames are drawn when the display asks for them.
    by_request: bool,
    /// The display, once there is one: what was asked of it is sent before a pause.
    display: Option<(OwnedDisplayHandle, DisplayFlush)>,
    /// Why the program could not go on, for the caller.
    pub failure: Option<String>,
}

impl App {
    /// Time between two looks for monitors: winit tells no one that one came or went.
    const MONITOR_POLL: Duration = Duration::from_secs(1);

    /// Sets up the drawing side for the named screens, or for all that the config has at any time where none is named;
    /// windows open once the event loop runs.
    pub fn new(
        config: Arc<Config>,
        screens: Vec<String>,
        placement: WindowMode,
        clock: Arc<dyn Clock>,
        shaper: Shaper,
        inbox: Inbox<Inbound>,
        orders: Box<dyn Fn(Outbound) -> bool>,
    ) -> Self {
        let (zone, follows_config) = (config.site.zone(), screens.is_empty());
        let screens = if follows_config { config.screens.keys().cloned().collect() } else { screens };
        Self {
            config,
            screens,
            follows_config,
            placement,
            clock,
            zone,
            shaper,
            inbox,
            orders,
            edition: Arc::new(Edition::default()),
            pictures: BTreeMap::new(),
            device: None,
            device_state: DeviceState::default(),
            outputs: HashMap::new(),
            look_at: Duration::ZERO,
            watching: false,
            by_request: false,
            display: None,
            failure: None,
        }
    }

    /// Opens the windows of the screens that have none.
    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), String> {
        self.by_request = asks_for_frames(event_loop);
        let (screens, config) = (self.screens.clone(), Arc::clone(&self.config));
        for (index, name) in screens.iter().enumerate() {
            if self.outputs.values().any(|o| o.name == *name) {
                continue;
            }
            let screen = match config.screens.get(name) {
                Some(screen) => screen,
                None if self.follows_config => continue,
                None => return Err(format!("no screen is called {name}")),
            };
            let mut seat = WindowPlacement::new(screen, self.placement);
            let attributes = seat.attributes(event_loop, name, screen);
            let window =
                event_loop.create_window(attributes).map_err(|e| format!("no window for screen {name}: {e}"))?;
            let window = Arc::new(window);
            window.set_cursor_visible(self.placement == WindowMode::Windowed);
            let surface = self.surface(&window).map_err(|e| format!("screen {name}: {e}"))?;
            let waits = self.by_request || self.device.as_ref().is_some_and(|device| surface.waits(&device.gpu));
            let mut pipeline =
                ScreenPipeline::new(index, name, &config).ok_or_else(|| format!("no screen is called {name}"))?;
            pipeline.refresh(&self.edition);
            self.pictures.iter().for_each(|(request, picture)| pipeline.picture(request, picture));
            let pacer = Pacer::new(screen.refresh, waits);
            let output = Output::new(name, Arc::clone(&window), seat, surface, pipeline, pacer);
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

    /// A window's way on the device, which is made for the first window.
    fn surface(&mut self, window: &Arc<Window>) -> Result<OutputSurface, GpuError> {
        let device = match self.device.take() {
            Some(device) => device,
            None => {
                let (choice, window) = (BackendPreference::from_env(), Arc::clone(window));
                let gpu = match &self.display {
                    Some((display, _)) => Gpu::for_window(&choice, window, display.clone())?,
                    None => Gpu::new(&choice, Some(&Surface::new(window)))?,
                };
                tracing::info!("drawing on {}", gpu.adapter());
                Device { renderer: Renderer::new(&gpu), gpu }
            }
        };
        let surface = OutputSurface::new(&device.gpu, window);
        self.device = Some(device);
        surface
    }

    /// Takes in all messages.
    fn receive(&mut self, event_loop: &ActiveEventLoop) {
        while let Some(message) = self.inbox.next() {
            match message {
                Inbound::Edition(edition) => {
                    self.edition = edition;
                    for output in self.outputs.values_mut() {
                        output.pipeline.refresh(&self.edition);
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
                    // Kept for windows that open later and for zones that a new config moves to another screen.
                    self.pictures.insert(request, picture);
                }
                Inbound::Quit => event_loop.exit(),
            }
        }
    }

    fn reconfigure(&mut self, config: Arc<Config>) {
        self.zone = config.site.zone();
        for output in self.outputs.values_mut() {
            let (old, new) = (self.config.screens.get(&output.name), config.screens.get(&output.name));
            let Some(new) = new else {
                if !self.follows_config {
                    tracing::warn!("screens/{}.toml is gone; the screen keeps showing what it last was", output.name);
                }
                continue;
            };
            if let Some(old) = old {
                output.seat.reconfigure(&output.window, old, new);
            }
            if old.is_some_and(|old| old.refresh != new.refresh) {
                let waits = self.device.as_ref().is_some_and(|device| output.surface.waits(&device.gpu));
                output.pacer = Pacer::new(new.refresh, self.by_request || waits);
            }
            output.pipeline.reconfigure(&config);
            self.pictures.iter().for_each(|(request, picture)| output.pipeline.picture(request, picture));
        }
        let wanted = led::picture_requests(&config);
        self.pictures.retain(|request, _| wanted.binary_search(request).is_ok());
        self.config = config;
        self.look_at = Duration::ZERO;
    }

    /// Closes the windows of screens that are gone and opens those of new ones, where all are shown.
    fn follow_screens(&mut self, event_loop: &ActiveEventLoop) {
        if !self.follows_config {
            return;
        }
        let gone = |output: &Output| !self.config.screens.contains_key(&output.name);
        let closed: Vec<WindowId> = self.outputs.iter().filter(|(_, o)| gone(o)).map(|(id, _)| *id).collect();
        for mut output in closed.iter().filter_map(|id| self.outputs.remove(id)) {
            tracing::info!(screen = output.name, "its file is gone; its window is closed");
            output.end_proof(&*self.clock, &*self.orders);
            // Asked for at once; the rest goes with the window.
            output.window.set_visible(false);
        }
        let new: Vec<String> = self.config.screens.keys().filter(|n| !self.screens.contains(n)).cloned().collect();
        self.screens.extend(new);
        // One that cannot be opened is no reason to end the others.
        if let Err(failure) = self.open(event_loop) {
            tracing::error!("{failure}");
        }
    }

    /// Keeps windows on the monitors they belong on; says when to look again.
    fn seat(&mut self, event_loop: &ActiveEventLoop) -> Option<Duration> {
        let now = self.clock.monotonic();
        let tied = self.outputs.values().find(|o| o.seat.is_tied())?;
        if !self.watching {
            self.watching = true;
            watch_monitors(&tied.window);
        }
        if self.look_at <= now {
            self.look_at = now + Self::MONITOR_POLL;
            for output in self.outputs.values_mut() {
                output.seat.follow(event_loop, &output.name, &output.window);
            }
        }
        Some(self.look_at)
    }

    /// Reads both clocks.
    fn clocks(&self) -> Now {
        Now { monotonic: self.clock.monotonic(), wall: WallTime::at(self.clock.wall(), &self.zone) }
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
        let wall = WallTime::at(self.clock.wall(), &self.zone);
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
        let (Some(output), Some(device)) = (self.outputs.get_mut(&id), self.device.as_mut()) else { return };
        match output.draw(device, &mut self.shaper, &now, &*self.clock, &*self.orders) {
            Ok(_) => {}
            Err(GpuError::Skipped) => {
                output.redraw.skipped(self.clock.monotonic());
                output.pacer.skipped();
            }
            Err(error) => {
                tracing::error!(screen = output.name, "{error}");
                self.device_state.lost(self.clock.monotonic());
            }
        }
    }

    fn request(&mut self, id: WindowId) {
        if let Some(output) = self.outputs.get(&id) {
            output.window.request_redraw();
        }
    }

    fn device(&mut self) -> &mut DeviceState {
        &mut self.device_state
    }

    fn is_device_lost(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.gpu.lost())
    }

    /// Stages and scenes live on.
    fn rebuild(&mut self) -> bool {
        tracing::warn!("the graphics device was lost; getting another");
        for output in self.outputs.values_mut() {
            // The old device must let go of the window before a new one may take it.
            output.surface = OutputSurface::Released;
        }
        self.device = None;
        for id in self.ids() {
            let Some(window) = self.outputs.get(&id).map(|output| Arc::clone(&output.window)) else { continue };
            let made = self.surface(&window);
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
        self.display.get_or_insert_with(|| (event_loop.owned_display_handle(), DisplayFlush::new(event_loop)));
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
                let resized = self.device.as_ref().map(|device| output.surface.resize(&device.gpu, &output.window));
                if let Some(Err(error)) = resized {
                    tracing::error!(screen = output.name, "{error}");
                    self.device_state.lost(self.clock.monotonic());
                }
                output.resized((*size).into());
            }
            WindowEvent::RedrawRequested if output.redraw.asked() => {
                if self.device_state.is_ready() {
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
        let next = [redraw::pace(self), self.seat(event_loop)].into_iter().flatten().min();
        if let Some((_, display)) = &self.display {
            display.flush();
        }
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
