//! What one screen showed, made from the frames it presented. Pure: no IO, no clock of its own.
//!
//! A presented frame stands until the next one is presented. So a notice was on show from the first frame it could be
//! seen in until the frame that no longer had it, and where no frame followed (the window was hidden or closed, the
//! program killed) until the last frame that had it. Two frames further apart than [`MAX_FRAME_GAP`] prove nothing
//! of what was between them: a picture that stands still is presented again every [`JOURNAL_HEARTBEAT`].
//!
//! Times are time since the machine started. The wall clock only anchors them: where it moves against that time by more
//! than [`CLOCK_STEP_MICROS`], all entries end and others begin under a new anchor.

use crate::model::{ClockAnchor, DisplayEntry, DisplayReport, NoticeVersion};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    time::Duration,
};

/// Between two reports that all goes on, and between two frames of a picture that stands still. A crash costs no more
/// of the proof than this.
pub const JOURNAL_HEARTBEAT: Duration = Duration::from_secs(60);
/// Beyond this between two presented frames, nothing is claimed of the time between.
const MAX_FRAME_GAP: Duration = Duration::from_secs(90);
/// The wall clock was set where it moved by more than this against time since start, microseconds.
const CLOCK_STEP_MICROS: i64 = 2_000_000;
/// Appearances that begin within this after an entry began are counted to it; one that goes on for longer is carried on
/// by another entry. So a line that brings a notice round every minute costs 24 rows a day, not 1,440.
const ENTRY_SPAN: Duration = Duration::from_secs(3600);
/// What is away for no longer than this has not gone: blinking, or a picture that comes in anew over itself.
const SHORT_ABSENCE: Duration = Duration::from_secs(1);
/// Between two looks for entries that are over.
const SWEEP_PERIOD: Duration = Duration::from_secs(1);
/// Ended entries, and anchors, kept while no one takes them.
const MAX_UNREPORTED: usize = 10_000;
/// Where a wall clock can be right, seconds since the Unix epoch: from 2026 to 2099. One whose battery is empty begins at
/// 1970, at 2000 or when its board was made.
const PLAUSIBLE_SECONDS: Range<i64> = 1_767_225_600..4_102_444_800;

/// The clocks when a frame had been presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// Time since the machine started.
    pub since_boot: Duration,
    /// The wall clock at the same instant; plausible or not.
    pub wall: Timestamp,
}

impl ClockReading {
    fn is_plausible(&self) -> bool {
        PLAUSIBLE_SECONDS.contains(&self.wall.as_second())
    }

    /// The wall clock less time since start, microseconds.
    fn offset_micros(&self) -> i64 {
        let since = i64::try_from(self.since_boot.as_micros()).unwrap_or(i64::MAX);
        self.wall.as_microsecond().saturating_sub(since)
    }
}

/// An entry that may still go on.
#[derive(Debug)]
struct OpenEntry {
    entry: DisplayEntry,
    /// When the appearance that goes on began, or began to be counted to this entry.
    since: Option<Duration>,
    /// When the last appearance ended, where another frame said so.
    left: Option<Duration>,
    /// There is something to tell of it.
    is_unreported: bool,
}

impl OpenEntry {
    /// Ends the appearance that goes on.
    fn leave(&mut self, at: Duration) {
        if let Some(since) = self.since.take() {
            self.entry.until = at;
            self.entry.shown += at.saturating_sub(since);
            self.is_unreported = true;
        }
        self.entry.is_open = false;
    }

    /// The entry as it stands with the frame presented last.
    fn as_of(&self, last: Duration) -> DisplayEntry {
        let Some(since) = self.since else { return self.entry };
        DisplayEntry { until: last, shown: self.entry.shown + last.saturating_sub(since), ..self.entry }
    }
}

/// Records what one screen shows.
#[derive(Debug)]
pub struct DisplayRecorder {
    session: u64,
    screen: String,
    anchor: Option<ClockAnchor>,
    /// The wall clock less time since start with the last frame, microseconds.
    offset_micros: i64,
    /// When the last frame was presented, while what it shows is on screen.
    last: Option<Duration>,
    entries: BTreeMap<NoticeVersion, OpenEntry>,
    /// Entries that ended for good, and anchors, which were not told yet.
    ended: VecDeque<DisplayEntry>,
    anchors: VecDeque<ClockAnchor>,
    next_number: u64,
    dropped: u64,
    swept_at: Duration,
    /// When something was last told, and whether there is something to tell at once.
    reported_at: Option<Duration>,
    is_urgent: bool,
}

impl DisplayRecorder {
    /// A recorder of the screen `screen`; `session` is a number no other one has.
    pub fn new(session: u64, screen: &str) -> Self {
        Self {
            session,
            screen: screen.to_owned(),
            anchor: None,
            offset_micros: 0,
            last: None,
            entries: BTreeMap::new(),
            ended: VecDeque::new(),
            anchors: VecDeque::new(),
            next_number: 0,
            dropped: 0,
            swept_at: Duration::ZERO,
            reported_at: None,
            is_urgent: false,
        }
    }

    /// A frame of `edition` was presented. `visible` names the notices that can be seen in it, each once; `None` where
    /// they are those of the frame before.
    pub fn presented(&mut self, now: ClockReading, edition: u64, visible: Option<&[NoticeVersion]>) {
        self.follow_clock(now, edition);
        let at = now.since_boot;
        self.last = Some(at);
        if let Some(visible) = visible {
            for (notice, open) in &mut self.entries {
                if open.since.is_some() && !visible.contains(notice) {
                    open.leave(at);
                    open.left = Some(at);
                }
            }
            for notice in visible {
                self.appear(*notice, at, edition);
            }
        }
        if at.saturating_sub(self.swept_at) >= SWEEP_PERIOD {
            self.swept_at = at;
            self.carry_on(at, edition, |open| at.saturating_sub(open.entry.began) >= ENTRY_SPAN);
        }
    }

    /// What was presented can no longer be seen: the window was hidden or closed, or its surface lost. All that was on
    /// show ended with the last presented frame.
    pub fn interrupted(&mut self) {
        let Some(last) = self.last.take() else { return };
        for open in self.entries.values_mut() {
            self.is_urgent |= open.since.is_some();
            open.leave(last);
            open.left = None;
        }
    }

    /// Whether something is on show.
    pub fn shows_something(&self) -> bool {
        self.last.is_some() && self.entries.values().any(|open| open.since.is_some())
    }

    /// What is to be told now: something new or broken off at once, and every [`JOURNAL_HEARTBEAT`] that it goes on. The same is given
    /// again until [`mark_reported`](Self::mark_reported) says that it was taken.
    pub fn report(&self, now: Duration) -> Option<DisplayReport> {
        let is_due = self.reported_at.is_none_or(|at| now.saturating_sub(at) >= JOURNAL_HEARTBEAT);
        if self.is_urgent || is_due { self.whole_report() } else { None }
    }

    /// All that was not told yet.
    pub fn whole_report(&self) -> Option<DisplayReport> {
        let last = self.last.unwrap_or_default();
        let open = self.entries.values().filter(|open| open.is_unreported || open.since.is_some());
        let entries: Vec<_> = self.ended.iter().copied().chain(open.map(|open| open.as_of(last))).collect();
        let is_worth = !entries.is_empty() || self.dropped > 0 || (self.next_number > 0 && !self.anchors.is_empty());
        is_worth.then(|| DisplayReport {
            session: self.session,
            screen: self.screen.clone(),
            anchors: self.anchors.iter().copied().collect(),
            entries,
            dropped: self.dropped,
        })
    }

    /// The last report was taken.
    pub fn mark_reported(&mut self, now: Duration) {
        self.ended.clear();
        self.anchors.clear();
        self.entries.values_mut().for_each(|open| open.is_unreported = false);
        (self.dropped, self.is_urgent, self.reported_at) = (0, false, Some(now));
    }

    /// Ends what a gap between two frames or a step of the clock ends.
    fn follow_clock(&mut self, now: ClockReading, edition: u64) {
        if self.last.is_some_and(|last| now.since_boot.saturating_sub(last) > MAX_FRAME_GAP) {
            self.interrupted();
        }
        let offset = now.offset_micros();
        let moved = offset.saturating_sub(std::mem::replace(&mut self.offset_micros, offset)).saturating_abs();
        let is_plausible = now.is_plausible();
        if self.anchor.is_some_and(|a| moved <= CLOCK_STEP_MICROS && a.is_plausible == is_plausible) {
            return;
        }
        let number = self.anchor.map_or(0, |anchor| anchor.number + 1);
        let anchor = ClockAnchor { number, at: now.since_boot, wall: now.wall, is_plausible };
        self.anchor = Some(anchor);
        if self.anchors.len() >= MAX_UNREPORTED {
            self.anchors.pop_front();
        }
        self.anchors.push_back(anchor);
        // What was told before is dated by it.
        self.is_urgent |= self.next_number > 0;
        self.carry_on(now.since_boot, edition, |_| true);
    }

    /// Ends the entries that are `over`, and begins others for those that can still be seen.
    fn carry_on(&mut self, at: Duration, edition: u64, over: impl Fn(&OpenEntry) -> bool) {
        if !self.entries.values().any(&over) {
            return;
        }
        for (notice, mut open) in std::mem::take(&mut self.entries) {
            if !over(&open) {
                self.entries.insert(notice, open);
                continue;
            }
            let is_visible = open.since.is_some();
            open.leave(at);
            self.end(&open);
            if is_visible {
                self.begin(notice, at, edition, 0);
            }
        }
    }

    fn appear(&mut self, notice: NoticeVersion, at: Duration, edition: u64) {
        match self.entries.get_mut(&notice) {
            Some(open) if open.since.is_some() => {}
            Some(open) if at.saturating_sub(open.entry.began) < ENTRY_SPAN => {
                let is_new = open.left.is_none_or(|left| at.saturating_sub(left) > SHORT_ABSENCE);
                open.entry.appearances += u32::from(is_new);
                // Back after an interruption: what was told as over goes on.
                self.is_urgent |= open.left.is_none();
                (open.since, open.is_unreported) = (Some(at), true);
                (open.entry.until, open.entry.is_open) = (at, true);
            }
            _ => {
                if let Some(open) = self.entries.remove(&notice) {
                    self.end(&open);
                }
                self.begin(notice, at, edition, 1);
            }
        }
    }

    fn begin(&mut self, notice: NoticeVersion, at: Duration, edition: u64, appearances: u32) {
        let entry = DisplayEntry {
            number: self.next_number,
            notice,
            edition,
            anchor: self.anchor.map_or(0, |anchor| anchor.number),
            began: at,
            until: at,
            shown: Duration::ZERO,
            appearances,
            is_open: true,
        };
        self.next_number += 1;
        self.is_urgent = true;
        self.entries.insert(notice, OpenEntry { entry, since: Some(at), left: None, is_unreported: true });
    }

    /// Puts an entry that takes nothing more among those to be told.
    fn end(&mut self, open: &OpenEntry) {
        if !open.is_unreported {
            return;
        }
        if self.ended.len() >= MAX_UNREPORTED {
            self.ended.pop_front();
            self.dropped += 1;
        }
        self.ended.push_back(open.entry);
    }
}

#[cfg(test)]
mod tests;
