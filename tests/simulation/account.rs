//! An account of what walls presented, kept frame by frame and apart from the player's own recorder, and compared with what
//! the store says was shown: that is never more than what was presented, and less only by what a kill may cost.

use super::run::STEP;
use gongshi::{
    model::{NoticeId, NoticeVersion},
    store::{Evidence, Store},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

/// Beyond this between two frames nothing is proven of the time between.
const MAX_GAP: Duration = Duration::from_secs(90);
/// What may be missing of each appearance after a kill, and for as long as the program runs: a minute, and the step
/// after which it would have been told.
const MAX_LOSS: Duration = Duration::from_secs(60).saturating_add(STEP).saturating_add(Duration::from_secs(2));
/// What is not seen for so long is compared a last time and forgotten.
const IDLE: Duration = Duration::from_secs(4 * 3600);
/// How far a date may be off: a clock that is set by less than two seconds counts as one that is slewed.
const DATE_TOLERANCE: Duration = Duration::from_secs(12);
/// Where a clock can be right.
const PLAUSIBLE: std::ops::Range<i64> = 1_767_225_600..4_102_444_800;

/// A frame on a screen.
#[derive(Debug)]
struct Last {
    at: Duration,
    visible: Vec<NoticeVersion>,
}

/// When a notice version was on one screen.
#[derive(Debug, Default)]
struct Proven {
    spans: Vec<(Duration, Duration)>,
    /// What kills may have cost.
    lost: Duration,
}

impl Proven {
    fn add(&mut self, from: Duration, until: Duration) {
        match self.spans.last_mut() {
            Some(last) if last.1 == from => last.1 = until,
            _ => self.spans.push((from, until)),
        }
    }

    fn sum(&self) -> Duration {
        self.spans.iter().map(|(from, until)| *until - *from).sum()
    }

    /// How much of it lies between two instants.
    fn within(&self, from: Duration, until: Duration) -> Duration {
        let part = |span: &(Duration, Duration)| span.1.min(until).saturating_sub(span.0.max(from));
        self.spans.iter().map(part).sum()
    }

    fn end(&self) -> Duration {
        self.spans.last().map_or(Duration::ZERO, |span| span.1)
    }
}

/// What walls presented.
#[derive(Debug, Default)]
pub struct Account {
    screens: BTreeMap<String, Last>,
    shown: BTreeMap<(String, NoticeVersion), Proven>,
    /// Compared for the last time.
    forgotten: BTreeSet<(String, NoticeVersion)>,
    /// The wall clock less the time simulated with the last frame, and frames with notices since it was set.
    offset: SignedDuration,
    frames_since_set: u32,
    last_id: i64,
    /// Intervals compared so far.
    pub compared: u64,
}

impl Account {
    /// A frame was presented on a screen that can be seen.
    pub fn presented(&mut self, screen: &str, at: Duration, wall: Timestamp, visible: &[NoticeVersion]) {
        let offset = wall.duration_since(Timestamp::UNIX_EPOCH) - SignedDuration::try_from(at).unwrap();
        if offset != std::mem::replace(&mut self.offset, offset) {
            self.frames_since_set = 0;
        }
        self.frames_since_set += u32::from(!visible.is_empty());
        self.last_id = visible.iter().map(|notice| notice.id.0).fold(self.last_id, i64::max);
        let now = Last { at, visible: visible.to_vec() };
        let before = self.screens.insert(screen.to_owned(), now);
        // A frame stands until the next one.
        let Some(before) = before.filter(|last| at - last.at <= MAX_GAP) else { return };
        for notice in before.visible {
            self.shown.entry((screen.to_owned(), notice)).or_default().add(before.at, at);
        }
    }

    /// A screen can no longer be seen: nothing is proven beyond its last frame.
    pub fn interrupted(&mut self, screen: &str) {
        self.screens.remove(screen);
    }

    /// The program was killed.
    pub fn killed(&mut self, now: Duration) {
        self.screens.clear();
        for proven in self.shown.values_mut().filter(|proven| proven.end() + MAX_LOSS >= now) {
            proven.lost += MAX_LOSS;
        }
    }

    /// Compares it with what a store says. `is_running`: what goes on is told within [`MAX_LOSS`].
    pub fn compare(&mut self, data: &Path, now: Duration, is_running: bool) {
        let store = Store::open(data).unwrap();
        let is_dated = self.frames_since_set >= 4 && PLAUSIBLE.contains(&self.wall(now).as_second());
        let active: BTreeSet<i64> = self.shown.keys().map(|(_, notice)| notice.id.0).collect();
        let forgotten: BTreeSet<i64> = self.forgotten.iter().map(|(_, notice)| notice.id.0).collect();
        // What was on no screen must not be in the store's report either.
        let never = (self.last_id - 100..=self.last_id).filter(|id| !forgotten.contains(id));
        for id in active.iter().copied().chain(never).collect::<BTreeSet<i64>>() {
            self.compare_notice(&store, NoticeId(id), is_running, is_dated);
        }
        let idle: Vec<_> =
            self.shown.iter().filter(|(_, proven)| proven.end() + IDLE < now).map(|(k, _)| k.clone()).collect();
        for key in idle {
            self.shown.remove(&key);
            self.forgotten.insert(key);
        }
    }

    fn wall(&self, at: Duration) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.offset + SignedDuration::try_from(at).unwrap()
    }

    fn compare_notice(&mut self, store: &Store, id: NoticeId, is_running: bool, is_dated: bool) {
        let mut sums: BTreeMap<(String, NoticeVersion), (Duration, u32)> = BTreeMap::new();
        for interval in store.displays(id).unwrap() {
            let key = (interval.screen.clone(), NoticeVersion { id, version: interval.version });
            if self.forgotten.contains(&key) {
                continue;
            }
            assert!(interval.evidence != Evidence::Programme, "noted as no version since the first does: {interval:?}");
            assert!(is_running || !interval.is_open, "nothing goes on any more: {interval:?}");
            let Some(proven) = self.shown.get(&key) else {
                assert!(interval.shown.is_zero(), "{key:?} was in no frame: {interval:?}");
                continue;
            };
            self.compared += 1;
            let sum = sums.entry(key.clone()).or_default();
            *sum = (sum.0 + interval.shown, sum.1 + 1);
            if is_dated {
                let since = |at: Timestamp| {
                    Duration::try_from(at.duration_since(self.wall(Duration::ZERO))).unwrap_or_default()
                };
                let (from, until) = (since(interval.from), since(interval.until));
                let within = proven.within(from.saturating_sub(DATE_TOLERANCE), until + DATE_TOLERANCE);
                assert!(
                    interval.shown <= within + Duration::from_millis(1),
                    "{key:?}: {interval:?} is proven for {within:?} of that time: {proven:?}"
                );
            }
        }
        for (key, proven) in self.shown.iter().filter(|(key, _)| key.1.id == id) {
            let (told, entries) = sums.get(key).copied().unwrap_or_default();
            let sum = proven.sum();
            assert!(told <= sum + Duration::from_millis(1) * entries, "{key:?}: told {told:?}, presented {sum:?}");
            let may_lack = proven.lost + if is_running { MAX_LOSS } else { Duration::ZERO };
            assert!(
                told + may_lack + Duration::from_millis(1) * entries >= sum,
                "{key:?}: told {told:?} of {sum:?} presented, of which {may_lack:?} may be missing: {proven:?}"
            );
        }
    }
}

/// An account that is compared with a store must be able to fail.
#[test]
fn an_account_that_lacks_a_frame_or_has_one_more_is_noticed() {
    use gongshi::{
        feeds::{Harvest, HarvestOutcome, Harvested, Hint, parse},
        model::{ClockAnchor, DisplayEntry, DisplayReport},
        store::DisplayRun,
    };
    let dir = tempfile::tempdir().unwrap();
    let notice = NoticeVersion { id: NoticeId(1), version: 1 };
    let seconds = Duration::from_secs;
    let wall = |at: Duration| Timestamp::from_second(1_795_398_120).unwrap() + SignedDuration::try_from(at).unwrap();
    let account = |until: u64| {
        let mut account = Account::default();
        for at in (100..=until).step_by(10) {
            account.presented("wall", seconds(at), wall(seconds(at)), &[notice]);
        }
        account.interrupted("wall");
        account
    };
    let mut store = Store::open(dir.path()).unwrap();
    let parsed = parse(b"<rss version='2.0'><channel><item><title>a</title></item></channel></rss>", &Hint::default());
    let item = Harvested { notice: parsed.unwrap().items.remove(0), source: String::new() };
    let harvest = Harvest {
        feed: "file".into(),
        title: "示例来源".into(),
        at: wall(seconds(1)),
        outcome: HarvestOutcome::Notices { items: vec![item], whole: true, faults: Vec::new() },
        validators: Default::default(),
        raw: Vec::new(),
    };
    store.ingest(&harvest).unwrap();
    let entry = DisplayEntry {
        number: 0,
        notice,
        edition: 1,
        anchor: 0,
        began: seconds(100),
        until: seconds(400),
        shown: seconds(300),
        appearances: 1,
        is_open: false,
    };
    let anchor = ClockAnchor { number: 0, at: seconds(100), wall: wall(seconds(100)), is_plausible: true };
    let report =
        DisplayReport { session: 1, screen: "wall".into(), anchors: vec![anchor], entries: vec![entry], dropped: 0 };
    store.end_displays(&DisplayRun { id: 1, boot: None }, &[report]).unwrap();
    drop(store);
    let compare = |until: u64, is_running: bool| {
        let data = dir.path().to_owned();
        std::panic::catch_unwind(move || account(until).compare(&data, seconds(until), is_running)).is_ok()
    };
    assert!(compare(400, false) && compare(500, true));
    assert!(!compare(390, false), "told more than was presented");
    assert!(!compare(410, false), "told less, and nobody was killed");
    assert!(!compare(600, true), "more is missing than a minute and a step");
}
