//! The proof of one wall: looks at what it presented, keeps its recorder, and hands over what that has to say.

use super::{
    journal::unique_number,
    message::Outbound,
    pipeline::ScreenPipeline,
    recorder::{ClockReading, DisplayRecorder, JOURNAL_HEARTBEAT},
};
use crate::{
    model::{DisplayReport, NoticeVersion},
    scene::Frame,
    time::FrameTime,
};
use std::time::Duration;

/// Between two looks whether a hidden window is back.
const HIDDEN_RETRY: Duration = Duration::from_secs(5);

/// The proof of one wall. Only frames whose notices can differ from those of the frame before are looked at.
#[derive(Debug)]
pub struct ScreenProof {
    recorder: DisplayRecorder,
    visible: Vec<NoticeVersion>,
    /// The scene and the display's size that `visible` was read of, and the frame with which to read it again.
    seen: Option<(u64, [u32; 2])>,
    look_at: Option<FrameTime>,
    /// When the last frame was presented, time since the program's epoch.
    presented_at: Option<Duration>,
    /// Another window lies over all of it.
    is_covered: bool,
    /// How often the window was mapped or unmapped.
    view_changes: u64,
}

impl ScreenProof {
    /// The proof of the screen `name`, which has presented nothing yet.
    pub fn new(name: &str) -> Self {
        let recorder = DisplayRecorder::new(unique_number(), name);
        Self {
            recorder,
            visible: Vec::new(),
            seen: None,
            look_at: None,
            presented_at: None,
            is_covered: false,
            view_changes: 0,
        }
    }

    /// `frame`, which `pipeline` made for `now`, was presented on a display that shows `size` pixels of the canvas; `clock`
    /// is read after that.
    pub fn presented(
        &mut self,
        pipeline: &ScreenPipeline,
        frame: &Frame,
        now: FrameTime,
        size: [u32; 2],
        clock: ClockReading,
    ) {
        self.presented_at = Some(now.at);
        if self.is_hidden() {
            return;
        }
        let is_due = self.look_at.is_some_and(|look| look.frame <= now.frame || look.at <= now.at);
        let seen = Some((pipeline.scene_number(), size));
        let edition = pipeline.edition().number;
        if !is_due && self.seen == seen {
            return self.recorder.presented(clock, edition, None);
        }
        self.seen = seen;
        self.look_at = pipeline.scene().and_then(|scene| scene.next_visibility(now));
        frame.visible_notices(size, &mut self.visible);
        self.recorder.presented(clock, edition, Some(&self.visible));
    }

    /// What was presented can no longer be seen, from some instant after the last frame on.
    pub fn interrupted(&mut self) {
        self.recorder.interrupted();
        self.seen = None;
    }

    /// Another window covers all of it from now on, or no longer does.
    pub fn covered(&mut self, is_covered: bool) {
        self.is_covered = is_covered;
        if is_covered {
            self.interrupted();
        }
    }

    /// What its [`ViewWatch`](crate::platform::ViewWatch) counts now: a window that was hidden showed nothing meanwhile.
    pub fn viewed(&mut self, changes: u64) {
        if std::mem::replace(&mut self.view_changes, changes) != changes {
            self.interrupted();
        }
    }

    fn is_hidden(&self) -> bool {
        self.is_covered || !self.view_changes.is_multiple_of(2)
    }

    /// When a picture that stands still is to be presented again, to prove that it still does or does again: time since
    /// the program's epoch. `None` where no notice is on show.
    pub fn present_again_at(&self) -> Option<Duration> {
        let wait = match (self.is_hidden(), self.recorder.shows_something()) {
            (true, _) => HIDDEN_RETRY,
            (false, true) => JOURNAL_HEARTBEAT,
            (false, false) => return None,
        };
        self.presented_at.map(|at| at + wait)
    }

    /// Gives what there is to tell to whoever writes it; what is not taken is told again later.
    pub fn report(&mut self, since_boot: Duration, give: &dyn Fn(Outbound) -> bool) {
        let report = self.recorder.report(since_boot);
        self.give(report, since_boot, give);
    }

    /// The screen ends: gives all there is to tell.
    pub fn end(&mut self, since_boot: Duration, give: &dyn Fn(Outbound) -> bool) {
        self.interrupted();
        let report = self.recorder.whole_report();
        self.give(report, since_boot, give);
    }

    fn give(&mut self, report: Option<DisplayReport>, since_boot: Duration, give: &dyn Fn(Outbound) -> bool) {
        if report.is_some_and(|report| give(Outbound::Displays(report))) {
            self.recorder.mark_reported(since_boot);
        }
    }

    /// What its recorder knows.
    pub fn recorder(&self) -> &DisplayRecorder {
        &self.recorder
    }
}
