//! The drawing side: owns the windows, the stages, the renderer and the inbox.

use super::{
    message::{Inbound, Outbound},
    show::Show,
};
use crate::{
    config::Config,
    edition::Edition,
    gpu::{Choice, Gpu, GpuError, Renderer, WindowTarget},
    platform::{Inbox, Pacer, Placement, Pointer, attributes},
    stage::Moment,
    text::Shaper,
    time::{Clock, EventTime, FrameTime, WallTime},
};
use jiff::tz::TimeZone;
use std::{collections::HashMap, sync::Arc, time::Duration};
use winit::{
    application::ApplicationHandler,
    event::{StartCause, WindowEvent},
    event_loop::{ActiveEventLoop, ControlFlow},
    window::{Window, WindowId},
};

/// A message waits in the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Wake;

/// One window and what it shows.
struct Output {
    name: String,
    window: Arc<Window>,
    target: WindowTarget,
    show: Show,
    pointer: Pointer,
    pacer: Pacer,
    /// Frames drawn, and the last one presented.
    drawn: u64,
    last: Option<FrameTime>,
    /// The last frame was followed at once by another: the distance between both says something.
    moving: bool,
    shown: bool,
}

impl Output {
    /// The moment of a frame that is presented now.
    fn moment(&self, now: Duration, wall: WallTime) -> Moment {
        Moment { frame: FrameTime { frame: self.show.number(self.last, now), at: now }, wall }
    }
}

/// What lives as long as the GPU device does.
struct Device {
    gpu: Gpu,
    renderer: Renderer,
}

/// The drawing side.
pub struct App {
    config: Arc<Config>,
    screens: Vec<String>,
    placement: Placement,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
    shaper: Shaper,
    inbox: Inbox<Inbound>,
    orders: Box<dyn Fn(Outbound)>,
    edition: Arc<Edition>,
    device: Option<Device>,
    outputs: HashMap<WindowId, Output>,
    rebuild_at: Option<Duration>,
    /// Why the program could not go on, for the caller.
    pub failure: Option<String>,
}

impl App {
    /// Time between two tries to get a lost GPU back.
    const RETRY: Duration = Duration::from_millis(500);

    /// Sets up the drawing side for the named screens; windows open once the event loop runs.
    pub fn new(
        config: Arc<Config>,
        screens: Vec<String>,
        placement: Placement,
        clock: Arc<dyn Clock>,
        shaper: Shaper,
        inbox: Inbox<Inbound>,
        orders: Box<dyn Fn(Outbound)>,
    ) -> Self {
        let zone = config.site.zone();
        Self {
            config,
            screens,
            placement,
            clock,
            zone,
            shaper,
            inbox,
            orders,
            edition: Arc::new(Edition::default()),
            device: None,
            outputs: HashMap::new(),
            rebuild_at: None,
            failure: None,
        }
    }

    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), String> {
        for (index, name) in self.screens.iter().enumerate() {
            let screen = self.config.screens.get(name).ok_or_else(|| format!("no screen is called {name}"))?;
            let attributes = attributes(event_loop, name, screen, self.placement);
            let window =
                event_loop.create_window(attributes).map_err(|e| format!("no window for screen {name}: {e}"))?;
            let window = Arc::new(window);
            window.set_cursor_visible(self.placement == Placement::Windowed);
            let (gpu, target) = match self.device.take() {
                Some(device) => {
                    let target = WindowTarget::new(&device.gpu, Arc::clone(&window), size(&window));
                    self.device = Some(device);
                    (None, target)
                }
                None => Gpu::for_window(&Choice::from_env(), Arc::clone(&window), size(&window))
                    .map(|(gpu, target)| (Some(gpu), Ok(target)))
                    .map_err(|e| e.to_string())?,
            };
            let target = target.map_err(|e| e.to_string())?;
            if let Some(gpu) = gpu {
                let renderer = Renderer::new(&gpu, target.format());
                tracing::info!("drawing on {}", gpu.adapter());
                self.device = Some(Device { gpu, renderer });
            }
            let waits = self.device.as_ref().is_some_and(|d| !d.gpu.software());
            let show = Show::new(index, name, &self.config).ok_or_else(|| format!("no screen is called {name}"))?;
            let output = Output {
                name: name.clone(),
                target,
                show,
                pointer: Pointer::default(),
                pacer: Pacer::new(screen.refresh, waits),
                drawn: 0,
                last: None,
                moving: false,
                shown: false,
                window: Arc::clone(&window),
            };
            self.outputs.insert(window.id(), output);
        }
        Ok(())
    }

    /// Takes in all messages.
    fn receive(&mut self, event_loop: &ActiveEventLoop) {
        while let Some(message) = self.inbox.next() {
            match message {
                Inbound::Edition(edition) => {
                    self.edition = edition;
                    for output in self.outputs.values_mut() {
                        output.show.refresh(&self.edition);
                    }
                }
                Inbound::Config(config) => self.reconfigure(config),
                Inbound::Faults(faults) => self.outputs.values_mut().for_each(|o| o.show.faults(faults)),
                Inbound::Answer(answer) => {
                    let name = self.screens.get(answer.screen);
                    if let Some(output) = self.outputs.values_mut().find(|o| Some(&o.name) == name) {
                        output.show.answer(answer);
                    }
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
                tracing::warn!("screens/{}.toml is gone; the screen keeps showing what it last was", output.name);
                continue;
            };
            if old.is_some_and(|old| (old.width, old.height) != (new.width, new.height)) {
                let size = winit::dpi::PhysicalSize::new(new.width, new.height);
                let _ = output.window.request_inner_size(size);
            }
            if old.is_some_and(|old| (old.x, old.y) != (new.x, new.y)) {
                output.window.set_outer_position(winit::dpi::PhysicalPosition::new(new.x, new.y));
            }
            if old.is_some_and(|old| old.refresh != new.refresh) {
                let waits = self.device.as_ref().is_some_and(|d| !d.gpu.software());
                output.pacer = Pacer::new(new.refresh, waits);
            }
            output.show.reconfigure(&config);
        }
        self.config = config;
    }

    fn draw(&mut self, id: WindowId) {
        let now = self.clock.monotonic();
        let wall = WallTime::at(self.clock.wall(), &self.zone);
        let (Some(output), Some(device)) = (self.outputs.get_mut(&id), self.device.as_mut()) else { return };
        let moment = output.moment(now, wall);
        if !output.show.changed(&moment) {
            return;
        }
        let frame = output.show.frame(&moment, &mut self.shaper);
        while let Some(question) = output.show.question() {
            (self.orders)(Outbound::Ask(question));
        }
        output.window.pre_present_notify();
        match device.renderer.render(&device.gpu, &mut self.shaper, &frame, &mut output.target) {
            Ok(_) => {
                let presented = self.clock.monotonic();
                output.pacer.presented(presented, output.moving);
                output.drawn += 1;
                output.last = Some(moment.frame);
                let soon = presented + output.pacer.period() * 3 / 2;
                output.moving = output.show.due().is_some_and(|due| due <= soon);
                if !output.shown {
                    output.shown = true;
                    tracing::info!(screen = output.name, after_ms = presented.as_millis() as u64, "first frame");
                }
            }
            Err(GpuError::Skipped) => output.show.expose(),
            Err(error) => {
                tracing::error!(screen = output.name, "{error}");
                output.show.expose();
                self.rebuild_at = Some(now + Self::RETRY);
            }
        }
    }

    /// Gets a new device after the old one was lost. Stages and scenes live on.
    fn rebuild(&mut self) {
        for output in self.outputs.values_mut() {
            // The old swapchain must let go of the window before a new one may take it.
            output.target.release();
        }
        self.device = None;
        let choice = Choice::from_env();
        for output in self.outputs.values_mut() {
            let window = Arc::clone(&output.window);
            let made = match self.device.as_ref() {
                Some(device) => WindowTarget::new(&device.gpu, window, size(&output.window)),
                None => Gpu::for_window(&choice, window, size(&output.window)).map(|(gpu, target)| {
                    let renderer = Renderer::new(&gpu, target.format());
                    self.device = Some(Device { gpu, renderer });
                    target
                }),
            };
            match made {
                Ok(target) => output.target = target,
                Err(error) => {
                    tracing::error!(screen = output.name, "{error}");
                    self.rebuild_at = Some(self.clock.monotonic() + Self::RETRY);
                    return;
                }
            }
            output.show.expose();
        }
        self.rebuild_at = None;
    }

    /// Draws what is due, and sleeps until the next thing is.
    fn pace(&mut self, event_loop: &ActiveEventLoop) {
        let now = self.clock.monotonic();
        let lost = self.device.as_ref().is_some_and(|d| d.gpu.lost());
        if (lost && self.rebuild_at.is_none()) || self.rebuild_at.is_some_and(|at| at <= now) {
            tracing::warn!("the GPU was lost; getting it back");
            self.rebuild();
        }
        let mut next = self.rebuild_at;
        let wall = WallTime::at(self.clock.wall(), &self.zone);
        let ids: Vec<_> = self.outputs.keys().copied().collect();
        for id in ids {
            let Some(output) = self.outputs.get(&id) else { continue };
            let wanted =
                if output.show.changed(&output.moment(now, wall.clone())) { Some(now) } else { output.show.due() };
            let Some(start) = wanted.map(|at| output.pacer.start(at)) else { continue };
            if start <= now {
                self.draw(id);
            }
            let again = self.outputs.get(&id).and_then(|o| {
                let due = if start <= self.clock.monotonic() { o.show.due() } else { Some(start) };
                due.map(|at| o.pacer.start(at))
            });
            next = [next, again].into_iter().flatten().min();
        }
        let sleep = next.map(|at| at.saturating_sub(self.clock.monotonic()));
        event_loop.set_control_flow(match sleep {
            Some(nap) if nap.is_zero() => ControlFlow::Poll,
            Some(nap) => ControlFlow::wait_duration(nap),
            None => ControlFlow::Wait,
        });
    }
}

fn size(window: &Window) -> [u32; 2] {
    let size = window.inner_size();
    [size.width, size.height]
}

impl ApplicationHandler<Wake> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.outputs.is_empty()
            && let Err(failure) = self.open(event_loop)
        {
            self.failure = Some(failure);
            event_loop.exit();
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
            WindowEvent::CloseRequested => {
                self.outputs.remove(&id);
                if self.outputs.is_empty() {
                    event_loop.exit();
                }
            }
            WindowEvent::Resized(size) => {
                if let Some(device) = self.device.as_ref() {
                    output.target.resize(&device.gpu, [size.width, size.height]);
                }
                output.show.expose();
            }
            WindowEvent::RedrawRequested | WindowEvent::Occluded(false) | WindowEvent::ScaleFactorChanged { .. } => {
                output.show.expose();
            }
            event => {
                if let Some(input) = output.pointer.input(event) {
                    output.show.update(input, at);
                }
            }
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.pace(event_loop);
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        for output in self.outputs.values() {
            tracing::info!(screen = output.name, frames = output.drawn, late = output.pacer.late, "ended");
        }
        (self.orders)(Outbound::Quit);
        self.outputs.clear();
    }
}
