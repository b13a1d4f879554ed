//! Writes down what screens reports that they showed, for the proof of it. Nothing reports is given up while there is a place
//! for it: the store, else the spool beside it, else memory, in this order and each within a bound.

use crate::{
    jobs::{BlockingPool, CancellationToken},
    model::{ClockAnchor, DisplayEntry, DisplayReport},
    platform::boot_id,
    store::{DisplayRun, Recorded, StoreError, StoreHandle, spool_displays},
};
use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    time::Duration,
};

/// How long the spool may take to be written.
const SPOOL_TIMEOUT: Duration = Duration::from_secs(2);

/// Entries kept in memory while neither the store nor the spool can be written: more than a day of a large wall.
const MAX_PENDING_ENTRIES: usize = 20_000;

/// A number that no other run or session has; at most 63 bits.
pub(super) fn unique_number() -> u64 {
    // Its keys are the system's random numbers.
    RandomState::new().hash_one(0) >> 1
}

/// The journal's writer. A fault is said in the log, once; screens go on.
pub(super) struct Journal {
    store: StoreHandle,
    /// Where the spool is written, since the store's thread may wait or be gone.
    pool: BlockingPool,
    data: PathBuf,
    run: DisplayRun,
    pending: PendingDisplays,
    /// The store could not be written: it is tried again now and then, and what comes meanwhile goes into the spool.
    is_behind: bool,
}

impl Journal {
    /// Ends what an earlier run left open, takes in what it could not write, and begins.
    pub(super) async fn open(store: StoreHandle, pool: BlockingPool, data: PathBuf) -> Self {
        let run = DisplayRun { id: unique_number(), boot: boot_id() };
        let mut journal = Self { store, pool, data, run, pending: PendingDisplays::default(), is_behind: false };
        journal.write().await;
        journal
    }

    /// Takes what a screen reports, to be written with what comes next.
    pub(super) fn take(&mut self, report: DisplayReport) {
        self.pending.take(report);
    }

    /// Takes what a screen reports, and puts it in a safe place.
    pub(super) async fn note(&mut self, report: DisplayReport) {
        self.take(report);
        self.put().await;
    }

    /// Tries again what could not be written.
    pub(super) async fn retry(&mut self) {
        if self.is_behind {
            self.write().await;
        }
    }

    /// Puts all in a safe place.
    pub(super) async fn end(mut self) {
        if self.is_behind {
            return self.spool().await;
        }
        let (run, reports) = (self.run.clone(), self.pending.reports());
        let written = self.store.write(move |store| store.end_displays(&run, &reports)).await;
        self.written(written).await;
    }

    /// While another program holds the store, each try waits for it: then the spool is the place.
    async fn put(&mut self) {
        if self.is_behind { self.spool().await } else { self.write().await }
    }

    /// Puts what is pending into the store, else into the spool.
    async fn write(&mut self) {
        let (run, reports) = (self.run.clone(), self.pending.reports());
        let written = self.store.write(move |store| store.record_displays(&run, &reports)).await;
        self.written(written).await;
    }

    async fn written(&mut self, written: Result<Recorded, StoreError>) {
        match written {
            Ok(Recorded::Stored) => self.say_written(),
            Ok(Recorded::Spooled(error)) => {
                self.pending.clear();
                self.say_behind("waits beside the store", &error);
            }
            // The store's thread may be gone, and the spool can be written all the same.
            Err(error) => {
                self.say_behind("is late", &error);
                self.spool().await;
            }
        }
    }

    /// Puts what is pending into the spool; what cannot be put there is kept for the next try.
    async fn spool(&mut self) {
        let (run, reports, data) = (self.run.clone(), self.pending.reports(), self.data.clone());
        let write = move |_: &CancellationToken| spool_displays(&data, &run, &reports);
        match self.pool.run_blocking("the journal", "journal.spool", SPOOL_TIMEOUT, write).await {
            Ok(Ok(())) => self.pending.clear(),
            Ok(Err(error)) => tracing::debug!("the journal of what was shown waits in memory: {error}"),
            Err(error) => tracing::debug!("the journal of what was shown waits in memory: {error}"),
        }
    }

    fn say_written(&mut self) {
        self.pending.clear();
        if std::mem::take(&mut self.is_behind) {
            tracing::info!("the journal of what was shown is written again");
        }
        let dropped = std::mem::take(&mut self.pending.dropped);
        if dropped > 0 {
            tracing::error!("the journal of what was shown lacks {dropped} entries that found no room");
        }
    }

    fn say_behind(&mut self, what: &str, error: &StoreError) {
        if !std::mem::replace(&mut self.is_behind, true) {
            tracing::error!("the journal of what was shown {what}: {error}");
        }
    }
}

/// What a session reports and is nowhere written.
#[derive(Debug, Default)]
struct PendingSession {
    screen: String,
    anchors: BTreeMap<u32, ClockAnchor>,
    entries: BTreeMap<u64, DisplayEntry>,
}

/// What was reports and is nowhere written: of each entry the last that was reports.
#[derive(Debug, Default)]
struct PendingDisplays {
    sessions: BTreeMap<u64, PendingSession>,
    /// Entries that were given up for want of room, here and by the recorders.
    dropped: u64,
}

impl PendingDisplays {
    /// Takes a report; where there is no room, the oldest entries of its session are given up.
    fn take(&mut self, report: DisplayReport) {
        self.dropped += report.dropped;
        let session = self.sessions.entry(report.session).or_default();
        session.screen = report.screen;
        session.anchors.extend(report.anchors.into_iter().map(|anchor| (anchor.number, anchor)));
        session.entries.extend(report.entries.into_iter().map(|entry| (entry.number, entry)));
        while session.anchors.len() > MAX_PENDING_ENTRIES {
            session.anchors.pop_first();
        }
        let mut excess =
            self.sessions.values().map(|s| s.entries.len()).sum::<usize>().saturating_sub(MAX_PENDING_ENTRIES);
        for session in self.sessions.values_mut() {
            while excess > 0 && session.entries.pop_first().is_some() {
                excess -= 1;
                self.dropped += 1;
            }
        }
    }

    fn reports(&self) -> Vec<DisplayReport> {
        let report = |(id, session): (&u64, &PendingSession)| DisplayReport {
            session: *id,
            screen: session.screen.clone(),
            anchors: session.anchors.values().copied().collect(),
            entries: session.entries.values().copied().collect(),
            dropped: 0,
        };
        self.sessions.iter().map(report).collect()
    }

    fn clear(&mut self) {
        self.sessions.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NoticeId, NoticeVersion};
    use std::time::Duration;

    fn report(session: u64, numbers: std::ops::Range<u64>, shown: u64) -> DisplayReport {
        let shown = Duration::from_secs(shown);
        let entry = |number| DisplayEntry {
            number,
            notice: NoticeVersion { id: NoticeId(1), version: 1 },
            edition: 1,
            anchor: 0,
            began: Duration::ZERO,
            until: shown,
            shown,
            appearances: 1,
            is_open: true,
        };
        let entries = numbers.map(entry).collect();
        DisplayReport { session, screen: "大厅屏".into(), entries, ..DisplayReport::default() }
    }

    #[test]
    fn the_last_that_was_told_of_an_entry_holds_and_nothing_is_kept_twice() {
        let mut pending = PendingDisplays::default();
        pending.take(report(1, 0..3, 10));
        pending.take(report(2, 0..1, 10));
        pending.take(report(1, 2..4, 70));
        let reports = pending.reports();
        let of = |session: usize| -> Vec<(u64, u64)> {
            reports[session].entries.iter().map(|e| (e.number, e.shown.as_secs())).collect()
        };
        assert_eq!((of(0), of(1)), (vec![(0, 10), (1, 10), (2, 70), (3, 70)], vec![(0, 10)]));
        pending.clear();
        assert!(pending.reports().is_empty());
    }

    #[test]
    fn what_finds_no_room_is_the_oldest_and_is_counted() {
        let mut pending = PendingDisplays::default();
        let most = MAX_PENDING_ENTRIES as u64;
        pending.take(report(1, 0..most, 10));
        pending.take(DisplayReport { dropped: 2, ..report(1, most..most + 5, 10) });
        let reports = pending.reports();
        assert_eq!((reports[0].entries[0].number, reports[0].entries.len()), (5, MAX_PENDING_ENTRIES));
        assert_eq!(pending.dropped, 7);
    }
}
