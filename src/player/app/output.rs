//! One window and what it shows.

use super::{
    redraw::RedrawState,
    surface::{Device, OutputSurface},
};
use crate::{
    gpu::GpuError,
    platform::{Pacer, PointerInput, ViewWatch, WindowPlacement},
    player::{message::Outbound, pipeline::ScreenPipeline, proof::ScreenProof, recorder::ClockReading},
    scene::Frame,
    stage::Moment,
    text::Shaper,
    time::{Clock, FrameTime, WallTime},
};
use std::{sync::Arc, time::Duration};
use winit::window::Window;

/// One window and what it shows.
pub(super) struct Output {
    pub name: String,
    pub window: Arc<Window>,
    pub placement: WindowPlacement,
    pub surface: OutputSurface,
    pub pipeline: ScreenPipeline,
    pub pointer: PointerInput,
    pub pacer: Pacer,
    pub redraw: RedrawState,
    pub progress: Progress,
    /// What is noted of it, where anything is, and whether the window is mapped.
    proof: Option<(ScreenProof, ViewWatch)>,
    /// Pixels of the window as last told. It is not asked with each frame: winit panics where the display is gone.
    size: [u32; 2],
    /// The frame last built.
    frame: Frame,
}

/// What an output has presented so far.
#[derive(Default)]
pub(super) struct Progress {
    /// Frames presented since the window opened.
    pub frames: u64,
    /// The last frame that was presented.
    last: Option<FrameTime>,
    /// It was followed at once by another: the distance between both says something.
    is_moving: bool,
    /// A frame with an edition of the store was among them, not just the standing card that waits for it.
    is_filled: bool,
}

/// The two clocks at which a frame is drawn.
#[derive(Debug, Clone)]
pub(super) struct Now {
    /// Time since the program's epoch.
    pub monotonic: Duration,
    /// The same in the site's time zone.
    pub wall: WallTime,
}

impl Output {
    /// A window that has shown nothing yet.
    pub(super) fn new(
        name: &str,
        window: Arc<Window>,
        placement: WindowPlacement,
        surface: OutputSurface,
        pipeline: ScreenPipeline,
        pacer: Pacer,
    ) -> Self {
        let proof = pipeline.is_journalled().then(|| (ScreenProof::new(name), ViewWatch::start(&window)));
        let size: [u32; 2] = window.inner_size().into();
        Self {
            name: name.to_owned(),
            proof,
            size,
            window,
            placement,
            surface,
            pipeline,
            pointer: PointerInput::default(),
            pacer,
            redraw: RedrawState::default(),
            progress: Progress::default(),
            frame: Frame::default(),
        }
    }

    /// The window has another size now, pixels.
    pub(super) fn resized(&mut self, size: [u32; 2]) {
        self.size = size;
        self.pipeline.expose();
    }

    /// When its next frame is to start; `None` until something happens.
    pub(super) fn start(&self, now: Duration, wall: &WallTime) -> Option<Duration> {
        let is_changed = self.pipeline.changed(&self.moment(now, wall.clone()));
        let wanted = if is_changed { Some(now) } else { self.pipeline.due() };
        let wanted = [wanted, self.proven_at()].into_iter().flatten().min();
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
        clock: &dyn Clock,
        give: &dyn Fn(Outbound) -> bool,
    ) -> Result<bool, GpuError> {
        let ahead = now.monotonic + self.pacer.lead();
        if self.proven_at().is_some_and(|at| at <= ahead) {
            self.pipeline.expose();
        }
        if !self.pipeline.changed(&self.moment(ahead, now.wall.clone())) {
            return Ok(false);
        }
        let moment = self.moment(now.monotonic, now.wall.clone());
        self.pipeline.frame(&moment, shaper, &mut self.frame);
        self.pipeline.ask(|question| give(Outbound::Ask(question)));
        if let Some(screen) = self.pipeline.left() {
            give(Outbound::Left { screen });
        }
        match self.surface.show(device, shaper, &self.frame) {
            Ok(_) => self.presented(moment.frame, clock, give),
            Err(error) => {
                self.pipeline.expose();
                if !matches!(error, GpuError::Skipped) {
                    self.end_proof(clock, give);
                }
                return Err(error);
            }
        }
        Ok(true)
    }

    /// The one place where it is known that a frame was presented: `frame`, built from the edition the pipeline holds, was
    /// handed to the display just now.
    fn presented(&mut self, frame: FrameTime, clock: &dyn Clock, give: &dyn Fn(Outbound) -> bool) {
        let done = clock.monotonic();
        self.redraw.presented();
        self.pacer.presented(done, self.progress.is_moving);
        self.progress.frames += 1;
        self.progress.last = Some(frame);
        let soon = done + self.pacer.period() * 3 / 2;
        self.progress.is_moving = self.pipeline.due().is_some_and(|due| due <= soon);
        self.log_first(done);
        self.prove(frame, clock, give);
    }

    /// Says when the first frame was presented, and when the first with what the store holds, be it nothing.
    fn log_first(&mut self, done: Duration) {
        let after_ms = done.as_millis() as u64;
        if self.progress.frames == 1 {
            tracing::info!(screen = self.name, after_ms, "first frame");
        }
        let edition = self.pipeline.edition();
        if edition.number > 0 && !std::mem::replace(&mut self.progress.is_filled, true) {
            let notices = edition.count("");
            tracing::info!(screen = self.name, after_ms, notices, "first frame with the store's edition");
        }
    }

    /// Notes what the frame just presented shows, and tells it.
    fn prove(&mut self, now: FrameTime, clock: &dyn Clock, give: &dyn Fn(Outbound) -> bool) {
        let Some((proof, view)) = &mut self.proof else { return };
        let reading = ClockReading { since_boot: clock.since_boot(), wall: clock.wall() };
        proof.viewed(view.changes());
        proof.presented(&self.pipeline, &self.frame, now, self.size, reading);
        proof.report(reading.since_boot, give);
    }

    /// When a picture that stands still is to be presented again, as the proof that it does.
    fn proven_at(&self) -> Option<Duration> {
        self.proof.as_ref().and_then(|(proof, _)| proof.present_again_at())
    }

    /// Another window lies over all of this one, or no longer does.
    pub(super) fn covered(&mut self, is_covered: bool) {
        if let Some((proof, _)) = &mut self.proof {
            proof.covered(is_covered);
        }
    }

    /// The window shows nothing any more.
    pub(super) fn end_proof(&mut self, clock: &dyn Clock, give: &dyn Fn(Outbound) -> bool) {
        if let Some((proof, _)) = &mut self.proof {
            proof.end(clock.since_boot(), give);
        }
    }

    /// The moment of a frame that is presented now.
    fn moment(&self, now: Duration, wall: WallTime) -> Moment {
        Moment { frame: FrameTime { frame: self.pipeline.number(self.progress.last, now), at: now }, wall }
    }
}
