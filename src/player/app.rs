//! The drawing side: owns the windows, the stages, the renderer and the inbox.

use super::{
    journal::Showing,
    message::{Inbound, Outbound},
    show::Show,
};
use crate::{
    config::Config,
    edition::Edition,
    gpu::{Choice, Gpu, GpuError, Renderer, WindowTarget},
    model::NoticeId,
    platform::{Inbox, Pacer, Placement, Pointer, Seat, asks_for_frames, watch_monitors},
    scene::Frame,
    stage::Moment,
    text::Shaper,
    time::{Clock, EventTime, FrameTime, WallTime},
};
use jiff::{Timestamp, tz::TimeZone};
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
    seat: Seat,
    target: WindowTarget,
    show: Show,
    /// The frame last built.
    frame: Frame,
    pointer: Pointer,
    pacer: Pacer,
    /// Frames drawn, and the last one presented.
    drawn: u64,
    last: Option<FrameTime>,
    /// The last frame was followed at once by another: the distance between both says something.
    moving: bool,
    /// A frame was presented.
    shown: bool,
    /// The display was told that a frame is wanted, and has not asked for it yet.
    waiting: bool,
    /// A frame with an edition of the store was presented, not just the standing card that waits for it.
    filled: bool,
    /// The edition and the notices that the journal knows of.
    told: (u64, Arc<[NoticeId]>),
}

impl Output {
    /// Says when the first frame was presented, and when the first with what the store holds, be it nothing.
    fn tell_first(&mut self, presented: Duration) {
        let after_ms = presented.as_millis() as u64;
        if !std::mem::replace(&mut self.shown, true) {
            tracing::info!(screen = self.name, after_ms, "first frame");
        }
        let edition = self.show.edition();
        if edition.number > 0 && !std::mem::replace(&mut self.filled, true) {
            let notices = edition.notices.len();
            tracing::info!(screen = self.name, after_ms, notices, "first frame with the store's edition");
        }
    }
}

impl Output {
    /// Tells the journal what the frame just presented is part of, where that is another programme or edition.
    fn tell_shown(&mut self, from: Timestamp, give: &dyn Fn(Outbound) -> bool) {
        let now = (self.show.edition().number, self.show.showing());
        if now == self.told || (now.1.is_empty() && self.told.1.is_empty()) {
            return;
        }
        let showing = Showing { screen: self.name.clone(), notices: Arc::clone(&now.1), from };
        if give(Outbound::Shows(showing)) {
            self.told = now;
        }
    }

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
    orders: Box<dyn Fn(Outbound) -> bool>,
    edition: Arc<Edition>,
    device: Option<Device>,
    outputs: HashMap<WindowId, Output>,
    rebuild_at: Option<Duration>,
    /// When monitors are next looked for.
    look_at: Duration,
    watching: bool,
    /// Frames are drawn when the display asks for them.
    by_request: bool,
    /// Why the program could not go on, for the caller.
    pub failure: Option<String>,
}

impl App {
    /// Time between two tries to get a lost GPU back.
    const RETRY: Duration = Duration::from_millis(500);
    /// Time between two looks for monitors: winit tells no one that one came or went.
    const LOOK: Duration = Duration::from_secs(1);

    /// Sets up the drawing side for the named screens; windows open once the event loop runs.
    pub fn new(
        config: Arc<Config>,
        screens: Vec<String>,
        placement: Placement,
        clock: Arc<dyn Clock>,
        shaper: Shaper,
        inbox: Inbox<Inbound>,
        orders: Box<dyn Fn(Outbound) -> bool>,
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
            look_at: Duration::ZERO,
            watching: false,
            by_request: false,
            failure: None,
        }
    }

    /// Opens the windows of the screens that have none.
    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), String> {
        self.by_request = asks_for_frames(event_loop);
        for (index, name) in self.screens.iter().enumerate() {
            if self.outputs.values().any(|o| o.name == *name) {
                continue;
            }
            let screen = self.config.screens.get(name).ok_or_else(|| format!("no screen is called {name}"))?;
            let mut seat = Seat::new(screen, self.placement);
            let attributes = seat.attributes(event_loop, name, screen);
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
            let target = announced(target.map_err(|e| e.to_string())?, &window);
            if let Some(gpu) = gpu {
                let renderer = Renderer::new(&gpu, target.format());
                tracing::info!("drawing on {}", gpu.adapter());
                self.device = Some(Device { gpu, renderer });
            }
            let waits = self.waits();
            let mut show = Show::new(index, name, &self.config).ok_or_else(|| format!("no screen is called {name}"))?;
            show.refresh(&self.edition);
            let output = Output {
                name: name.clone(),
                seat,
                target,
                show,
                frame: Frame::default(),
                pointer: Pointer::default(),
                pacer: Pacer::new(screen.refresh, waits),
                drawn: 0,
                last: None,
                moving: false,
                shown: false,
                waiting: false,
                filled: false,
                told: (0, Arc::from([])),
                window: Arc::clone(&window),
            };
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

    /// Whether presenting, or being asked for a frame, waits for the display.
    fn waits(&self) -> bool {
        self.by_request || self.device.as_ref().is_some_and(|d| !d.gpu.software())
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
        let waits = self.waits();
        for output in self.outputs.values_mut() {
            let (old, new) = (self.config.screens.get(&output.name), config.screens.get(&output.name));
            let Some(new) = new else {
                tracing::warn!("screens/{}.toml is gone; the screen keeps showing what it last was", output.name);
                continue;
            };
            if let Some(old) = old {
                output.seat.reconfigure(&output.window, old, new);
            }
            if old.is_some_and(|old| old.refresh != new.refresh) {
                output.pacer = Pacer::new(new.refresh, waits);
            }
            output.show.reconfigure(&config);
        }
        self.config = config;
        self.look_at = Duration::ZERO;
    }

    /// Keeps windows on the monitors they belong on; says when to look again.
    fn seat(&mut self, event_loop: &ActiveEventLoop, now: Duration) -> Option<Duration> {
        let tied = self.outputs.values().find(|o| o.seat.is_tied())?;
        if !self.watching {
            self.watching = true;
            watch_monitors(&tied.window);
        }
        if self.look_at <= now {
            self.look_at = now + Self::LOOK;
            for output in self.outputs.values_mut() {
                output.seat.follow(event_loop, &output.name, &output.window);
            }
        }
        Some(self.look_at)
    }

    fn draw(&mut self, id: WindowId) {
        let now = self.clock.monotonic();
        let at = self.clock.wall();
        let wall = WallTime::at(at, &self.zone);
        let (Some(output), Some(device)) = (self.outputs.get_mut(&id), self.device.as_mut()) else { return };
        let ahead = now + output.pacer.lead();
        if !output.show.changed(&output.moment(ahead, wall.clone())) {
            return;
        }
        let moment = output.moment(now, wall);
        output.show.frame(&moment, &mut self.shaper, &mut output.frame);
        while let Some(question) = output.show.question() {
            (self.orders)(Outbound::Ask(question));
        }
        match device.renderer.render(&device.gpu, &mut self.shaper, &output.frame, &mut output.target) {
            Ok(_) => {
                let presented = self.clock.monotonic();
                output.pacer.presented(presented, output.moving);
                output.drawn += 1;
                output.last = Some(moment.frame);
                let soon = presented + output.pacer.period() * 3 / 2;
                output.moving = output.show.due().is_some_and(|due| due <= soon);
                output.tell_first(presented);
                output.tell_shown(at, &*self.orders);
            }
            Err(GpuError::Skipped) => {
                output.show.expose();
                output.pacer.skipped(self.clock.monotonic());
            }
            Err(error) => {
                tracing::error!(screen = output.name, "{error}");
                output.show.expose();
                self.rebuild_at = Some(now + Self::RETRY);
            }
        }
    }

    /// Tells the display that a frame is wanted; it asks for it when the window can be seen.
    fn request(&mut self, id: WindowId) {
        if let Some(output) = self.outputs.get_mut(&id).filter(|o| !o.waiting) {
            output.waiting = true;
            output.window.request_redraw();
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
                Ok(target) => output.target = announced(target, &output.window),
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
        let mut next = [self.rebuild_at, self.seat(event_loop, now)].into_iter().flatten().min();
        let wall = WallTime::at(self.clock.wall(), &self.zone);
        let ids: Vec<_> = self.outputs.keys().copied().collect();
        for id in ids {
            let Some(output) = self.outputs.get(&id) else { continue };
            let wanted =
                if output.show.changed(&output.moment(now, wall.clone())) { Some(now) } else { output.show.due() };
            let Some(start) = wanted.map(|at| output.pacer.start(at)) else { continue };
            if start <= now && self.by_request {
                self.request(id);
                continue;
            }
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

/// A target that tells its window of each frame before it is shown.
fn announced(mut target: WindowTarget, window: &Arc<Window>) -> WindowTarget {
    let window = Arc::clone(window);
    target.on_present(move || window.pre_present_notify());
    target
}

fn size(window: &Window) -> [u32; 2] {
    let size = window.inner_size();
    [size.width, size.height]
}

impl ApplicationHandler<Wake> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
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
                output.show.expose();
            }
            WindowEvent::CloseRequested => {
                self.outputs.remove(&id);
                if self.outputs.is_empty() {
                    event_loop.exit();
                }
            }
            WindowEvent::Destroyed => {
                tracing::warn!(screen = output.name, "the window was destroyed from outside; opening another");
                self.outputs.remove(&id);
                self.open_or_end(event_loop);
            }
            WindowEvent::Resized(size) => {
                if let Some(device) = self.device.as_ref() {
                    output.target.resize(&device.gpu, [size.width, size.height]);
                }
                output.show.expose();
            }
            WindowEvent::RedrawRequested if output.waiting => {
                output.waiting = false;
                self.draw(id);
            }
            WindowEvent::RedrawRequested | WindowEvent::Occluded(false) => {
                output.show.expose();
                output.pacer.resumed();
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
