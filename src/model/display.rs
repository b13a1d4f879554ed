//! What was on show, as the frames that were presented say it: from the recorder of a screen to the journal.
//!
//! All times are time since the machine started, which no one can set. An anchor says what the wall clock was at one of
//! them; which anchor is believed is decided when someone asks, since a clock may be put right long after.

use super::NoticeVersion;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The wall clock at one instant of the machine's run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockAnchor {
    /// Counts up from 0 within a session: each step of the wall clock makes another.
    pub number: u32,
    /// The instant, since the machine started.
    pub at: Duration,
    /// What the wall clock said.
    pub wall: Timestamp,
    /// Whether it can be right.
    pub is_plausible: bool,
}

/// What is known of one notice version on one screen within about an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayEntry {
    /// Counts up from 0 within a session; with that it names the entry for ever, so that it may be told twice.
    pub number: u64,
    /// What was shown: as it was in the edition of the frames.
    pub notice: NoticeVersion,
    /// The edition of the first of those frames.
    pub edition: u64,
    /// The anchor that held then.
    pub anchor: u32,
    /// The first presented frame in which any of it could be seen, since the machine started.
    pub began: Duration,
    /// The end of what is proven: when the frame that no longer had it was presented, or the last frame that had it.
    pub until: Duration,
    /// How long it could be seen in between, all appearances together; never more than from `began` to `until`.
    pub shown: Duration,
    /// Appearances that began in it; 0 where it only carries on the entry before.
    pub appearances: u32,
    /// It can still be seen.
    pub is_open: bool,
}

/// What a screen's recorder has to say. Entries are whole, not differences: the last one told holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DisplayReport {
    /// Drawn at random when the recorder began.
    pub session: u64,
    /// The screen's name.
    pub screen: String,
    /// Anchors not told before.
    pub anchors: Vec<ClockAnchor>,
    /// Entries that are new or went on.
    pub entries: Vec<DisplayEntry>,
    /// Entries that had to be dropped before they could be told.
    pub dropped: u64,
}
