//! The recorder by a made clock.

use super::*;
use crate::model::NoticeId;

const RIGHT: &str = "2026-11-23T01:42:07Z";

fn notice(id: i64, version: u32) -> NoticeVersion {
    NoticeVersion { id: NoticeId(id), version }
}

/// A screen that presents frames by clocks of its own, with what its recorder told.
struct Wall {
    recorder: DisplayRecorder,
    since_boot: Duration,
    /// What the wall clock is beside time since start.
    wall_at_boot: Timestamp,
    reported: BTreeMap<u64, DisplayEntry>,
    anchors: Vec<ClockAnchor>,
}

impl Wall {
    fn new(wall: &str) -> Self {
        let since_boot = Duration::from_secs(40);
        let wall_at_boot = wall.parse::<Timestamp>().unwrap() - since_boot;
        let recorder = DisplayRecorder::new(7, "大厅屏");
        Self { recorder, since_boot, wall_at_boot, reported: BTreeMap::new(), anchors: Vec::new() }
    }

    fn reading(&self) -> ClockReading {
        ClockReading { since_boot: self.since_boot, wall: self.wall_at_boot + self.since_boot }
    }

    /// Presents a frame after `millis`.
    fn present(&mut self, millis: u64, visible: &[NoticeVersion]) {
        self.since_boot += Duration::from_millis(millis);
        self.recorder.presented(self.reading(), 3, Some(visible));
        self.take(self.recorder.report(self.since_boot));
    }

    /// Presents a frame every `period` milliseconds for as long as given.
    fn go_on(&mut self, seconds: u64, period: u64, visible: &[NoticeVersion]) {
        for _ in 0..seconds * 1000 / period {
            self.present(period, visible);
        }
    }

    fn take(&mut self, report: Option<DisplayReport>) {
        let Some(report) = report else { return };
        self.anchors.extend(report.anchors);
        self.reported.extend(report.entries.into_iter().map(|entry| (entry.number, entry)));
        self.recorder.mark_reported(self.since_boot);
    }

    /// All that is known in the end: `(notice, version, began, until, shown, appearances)`, milliseconds since the start
    /// of the tests' clock.
    fn proof(&mut self) -> Vec<(i64, u32, u64, u64, u64, u32)> {
        self.take(self.recorder.whole_report());
        let ms = |at: Duration| at.as_millis() as u64;
        let from = 40_000;
        let line = |e: &DisplayEntry| {
            let (began, until) = (ms(e.began) - from, ms(e.until) - from);
            (e.notice.id.0, e.notice.version, began, until, ms(e.shown), e.appearances)
        };
        self.reported.values().map(line).collect()
    }
}

#[test]
fn a_page_is_proven_for_as_long_as_it_stood_and_what_never_came_is_not() {
    let mut wall = Wall::new(RIGHT);
    let (one, two) = (notice(1, 1), notice(2, 1));
    wall.present(0, &[one]);
    wall.present(8000, &[two]);
    wall.present(8000, &[one]);
    wall.present(3000, &[one]);
    wall.recorder.interrupted();
    assert_eq!(wall.proof(), [(1, 1, 0, 19_000, 11_000, 2), (2, 1, 8000, 16_000, 8000, 1)]);
    assert!(wall.reported.values().all(|entry| !entry.is_open));

    // The player ran five seconds: what was to come after eight is not shown.
    let mut wall = Wall::new(RIGHT);
    wall.go_on(5, 20, &[one]);
    wall.recorder.interrupted();
    assert_eq!(wall.proof(), [(1, 1, 20, 5000, 4980, 1)]);
}

#[test]
fn a_clock_that_is_put_right_proves_no_more_than_the_frames() {
    for (wrong, is_plausible) in [("2000-01-01T00:00:00Z", false), ("2026-12-23T01:42:07Z", true)] {
        let mut wall = Wall::new(wrong);
        let one = notice(1, 1);
        wall.go_on(8, 20, &[one]);
        wall.wall_at_boot = RIGHT.parse::<Timestamp>().unwrap() - wall.since_boot;
        wall.go_on(10, 20, &[one]);
        assert_eq!(wall.proof(), [(1, 1, 20, 8020, 8000, 1), (1, 1, 8020, 18_000, 9980, 0)]);
        let anchors: Vec<_> = wall.anchors.iter().map(|a| (a.number, a.is_plausible)).collect();
        assert_eq!(anchors, [(0, is_plausible), (1, true)]);
        assert_eq!(wall.reported[&1].anchor, 1);
    }
}

#[test]
fn a_clock_that_is_slewed_ends_nothing() {
    let mut wall = Wall::new(RIGHT);
    for _ in 0..600 {
        wall.wall_at_boot += Duration::from_millis(50);
        wall.present(100, &[notice(1, 1)]);
    }
    assert_eq!(wall.proof(), [(1, 1, 100, 60_000, 59_900, 1)]);
}

#[test]
fn an_anchor_is_told_at_once_where_it_dates_what_was_told_before() {
    let mut wall = Wall::new("2000-01-01T00:00:00Z");
    wall.present(0, &[notice(1, 1)]);
    wall.present(5000, &[]);
    wall.wall_at_boot = RIGHT.parse().unwrap();
    wall.present(20, &[]);
    assert_eq!(wall.anchors.len(), 2, "though nothing is on show");
}

#[test]
fn nothing_is_claimed_of_a_long_time_without_a_frame() {
    let mut wall = Wall::new(RIGHT);
    let one = notice(1, 1);
    wall.go_on(2, 1000, &[one]);
    // A picture that stands still is presented again every minute.
    wall.go_on(300, 60_000, &[one]);
    // Then it froze for ten minutes.
    wall.present(600_000, &[one]);
    wall.present(1000, &[one]);
    assert_eq!(wall.proof(), [(1, 1, 1000, 903_000, 302_000, 2)]);
}

#[test]
fn a_hidden_window_ends_all_with_its_last_frame_and_shows_nothing_until_the_next() {
    let mut wall = Wall::new(RIGHT);
    let one = notice(1, 1);
    wall.go_on(10, 20, &[one]);
    wall.recorder.interrupted();
    assert!(!wall.recorder.shows_something());
    wall.since_boot += Duration::from_secs(30);
    wall.take(wall.recorder.report(wall.since_boot));
    assert_eq!(wall.proof(), [(1, 1, 20, 10_000, 9980, 1)]);
    wall.present(0, &[one]);
    wall.present(1000, &[one]);
    assert_eq!(wall.proof(), [(1, 1, 20, 41_000, 10_980, 2)]);
}

#[test]
fn what_is_told_when_the_program_is_killed_is_a_minute_old_at_most_and_names_what_was_presented() {
    let mut wall = Wall::new(RIGHT);
    wall.present(0, &[notice(1, 1)]);
    assert_eq!(wall.reported[&0].notice, notice(1, 1), "told with its first frame");
    wall.go_on(59, 20, &[notice(1, 1)]);
    assert_eq!(wall.reported[&0].shown, Duration::ZERO);
    wall.go_on(2, 20, &[notice(1, 1)]);
    assert_eq!(wall.reported[&0].shown, JOURNAL_HEARTBEAT);
    wall.present(20, &[notice(1, 2)]);
    assert_eq!(wall.reported[&1].notice, notice(1, 2), "the frame's version, at once");
    assert!(!wall.reported[&0].is_open && wall.reported[&1].is_open);
}

#[test]
fn a_line_that_comes_round_makes_an_entry_an_hour() {
    let mut wall = Wall::new(RIGHT);
    for _ in 0..120 {
        wall.present(0, &[notice(1, 1)]);
        wall.present(20_000, &[]);
        wall.present(40_000, &[]);
    }
    let proof = wall.proof();
    let of = |at: usize| (proof[at].4, proof[at].5);
    assert_eq!((proof.len(), of(0), of(1)), (2, (1_200_000, 60), (1_200_000, 60)));
    assert!(proof.iter().all(|p| p.4 <= p.3 - p.2));
}

#[test]
fn what_stands_for_hours_is_one_appearance_in_entries_of_an_hour() {
    let mut wall = Wall::new(RIGHT);
    wall.present(0, &[notice(1, 1)]);
    wall.go_on(3 * 3600, 60_000, &[notice(1, 1)]);
    let proof = wall.proof();
    assert_eq!(proof.iter().map(|p| p.5).sum::<u32>(), 1);
    assert_eq!(proof.iter().map(|p| p.4).sum::<u64>(), 3 * 3_600_000);
    assert!((3..=4).contains(&proof.len()), "{proof:?}");
}

#[test]
fn blinking_is_one_appearance_and_only_what_was_seen_counts() {
    let mut wall = Wall::new(RIGHT);
    for _ in 0..3 {
        wall.present(500, &[notice(1, 1)]);
        wall.present(500, &[]);
    }
    assert_eq!(wall.proof(), [(1, 1, 500, 3000, 1500, 1)]);
}

#[test]
fn what_no_one_takes_is_bounded_and_its_loss_counted() {
    let mut wall = Wall::new(RIGHT);
    let one = [notice(1, 1)];
    for _ in 0..MAX_UNREPORTED + 50 {
        wall.wall_at_boot += Duration::from_secs(60);
        wall.since_boot += Duration::from_millis(20);
        wall.recorder.presented(wall.reading(), 3, Some(&one));
    }
    let report = wall.recorder.whole_report().unwrap();
    assert_eq!(report.dropped, 49);
    assert!(report.entries.len() <= MAX_UNREPORTED + 1 && report.anchors.len() <= MAX_UNREPORTED);
}
