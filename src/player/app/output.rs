//! One window and what it shows.

use super::{
    redraw::RedrawState,
    surface::{Device, OutputSurface},
};
use crate::{
    gpu::GpuError,
    model::NoticeId,
    platform::{Pacer, Pointer, Seat},
    player::{journal::Showing, message::Outbound, show::Show},
    scene::Frame,
    stage::Moment,
    text::Shaper,
    time::{FrameTime, WallTime},
};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use winit::window::Window;

/// One window and what it shows.
pub(super) struct Output {
    pub name: String,
    pub window: Arc<Window>,
    pub seat: Seat,
    pub surface: OutputSurface,
    pub show: Show,
    pub pointer: Pointer,
    pub pacer: Pacer,
    pub redraw: RedrawState,
    pub progress: Progress,
    /// The frame last built.
    frame: Frame,
}

/// What an output has presented so far.
#[derive(Default)]
pub(super) struct Progress {
    /// Frames.
    pub frames: u64,
    /// The last one.
    last: Option<FrameTime>,
    /// It was followed at once by another: the distance between both says something.
    is_moving: bool,
    /// A frame with an edition of the store was among them, not just the standing card that waits for it.
    is_filled: bool,
    /// The edition and the notices that the journal knows of.
    reported: (u64, Arc<[NoticeId]>),
}

/// The two clocks at which a frame is drawn.
#[derive(Debug, Clone)]
pub(super) struct Now {
    /// Monotonic.
    pub monotonic: Duration,
    /// The instant.
    pub at: Timestamp,
    /// The same in the site's time zone.
    pub wall: WallTime,
}

impl Output {
    /// A window that has shown nothing yet.
    pub(super) fn new(
        name: &str,
        window: Arc<Window>,
        seat: Seat,
        surface: OutputSurface,
        show: Show,
        pacer: Pacer,
    ) -> Self {
        Self {
            name: name.to_owned(),
            window,
            seat,
            surface,
            show,
            pointer: Pointer::default(),
            pacer,
            redraw: RedrawState::default(),
            progress: Progress::default(),
            frame: Frame::default(),
        }
    }

    /// When its next frame is to start; `None` until something happens.
    pub(super) fn start(&self, now: Duration, wall: &WallTime) -> Option<Duration> {
        let is_changed = self.show.changed(&self.moment(now, wall.clone()));
        let wanted = if is_changed { Some(now) } else { self.show.due() };
        wanted.map(|at| self.pacer.start(at))
    }

    /// Builds the frame of this moment, draws and presents it. `clock` tells the time, `give` takes what the source
    /// side is to know. `Ok(false)`: the frame would have been the same as the last.
    ///
    /// # Errors
    /// Where it could not be presented; [`GpuError::Skipped`] is the window's business, all else the device's.
    pub(super) fn draw(
        &mut self,
        device: &mut Device,
        shaper: &mut Shaper,
        now: &Now,
        clock: &dyn Fn() -> Duration,
        give: &dyn Fn(Outbound) -> bool,
    ) -> Result<bool, GpuError> {
        let ahead = now.monotonic + self.pacer.lead();
        if !self.show.changed(&self.moment(ahead, now.wall.clone())) {
            return Ok(false);
        }
        let moment = self.moment(now.monotonic, now.wall.clone());
        self.show.frame(&moment, shaper, &mut self.frame);
        self.show.ask(|question| give(Outbound::Ask(question)));
        if let Some(screen) = self.show.left() {
            give(Outbound::Left { screen });
        }
        match self.surface.show(device, shaper, &self.frame) {
            Ok(_) => self.presented(moment.frame, now.at, clock(), give),
            Err(error) => {
                self.show.expose();
                return Err(error);
            }
        }
        Ok(true)
    }

    /// The one place where it is known that a frame was presented: `frame`, built from the edition the show holds, was
    /// handed to the display at the monotonic instant `done`; it shows the wall time `at`.
    fn presented(&mut self, frame: FrameTime, at: Timestamp, done: Duration, give: &dyn Fn(Outbound) -> bool) {
        self.redraw.presented();
        self.pacer.presented(done, self.progress.is_moving);
        self.progress.frames += 1;
        self.progress.last = Some(frame);
        let soon = done + self.pacer.period() * 3 / 2;
        self.progress.is_moving = self.show.due().is_some_and(|due| due <= soon);
        self.log_first(done);
        self.report_shown(at, give);
    }

    /// Says when the first frame was presented, and when the first with what the store holds, be it nothing.
    fn log_first(&mut self, done: Duration) {
        let after_ms = done.as_millis() as u64;
        if self.progress.frames == 1 {
            tracing::info!(screen = self.name, after_ms, "first frame");
        }
        let edition = self.show.edition();
        if edition.number > 0 && !std::mem::replace(&mut self.progress.is_filled, true) {
            let notices = edition.notices.len();
            tracing::info!(screen = self.name, after_ms, notices, "first frame with the store's edition");
        }
    }

    /// Tells the journal what the frame just presented is part of, where that is another programme or edition.
    fn report_shown(&mut self, from: Timestamp, give: &dyn Fn(Outbound) -> bool) {
        let now = (self.show.edition().number, self.show.showing());
        if now == self.progress.reported || (now.1.is_empty() && self.progress.reported.1.is_empty()) {
            return;
        }
        let showing = Showing { screen: self.name.clone(), notices: Arc::clone(&now.1), from };
        if give(Outbound::Shows(showing)) {
            self.progress.reported = now;
        }
    }

    /// Tells the journal that the window shows nothing any more.
    pub(super) fn report_closed(&self, from: Timestamp, give: &dyn Fn(Outbound) -> bool) {
        if !self.progress.reported.1.is_empty() {
            give(Outbound::Shows(Showing { screen: self.name.clone(), notices: Arc::from([]), from }));
        }
    }

    /// The moment of a frame that is presented now.
    fn moment(&self, now: Duration, wall: WallTime) -> Moment {
        Moment { frame: FrameTime { frame: self.show.number(self.progress.last, now), at: now }, wall }
    }
}
