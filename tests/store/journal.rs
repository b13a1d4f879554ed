//! The journal of what was shown where: how it is dated, and that nothing told is lost while the store is held.

use super::{at, harvest, notice};
use gongshi::{
    model::{ClockAnchor, DisplayEntry, DisplayReport, NoticeId, NoticeVersion},
    store::{DisplayInterval, DisplayRun, Evidence, Recorded, Store, spool_displays},
    time::Timestamp,
};
use std::{path::Path, time::Duration};

pub fn run(id: u64, boot: &str) -> DisplayRun {
    DisplayRun { id, boot: Some(boot.to_owned()) }
}

pub fn anchor(number: u32, second: u64, wall: Timestamp) -> ClockAnchor {
    ClockAnchor { number, at: Duration::from_secs(second), wall, is_plausible: wall > at(-100_000_000) }
}

pub fn entry(number: u64, id: NoticeId, version: u32, [began, until]: [u64; 2]) -> DisplayEntry {
    DisplayEntry {
        number,
        notice: NoticeVersion { id, version },
        edition: 1,
        anchor: 0,
        began: Duration::from_secs(began),
        until: Duration::from_secs(until),
        shown: Duration::from_secs(until - began),
        appearances: 1,
        is_open: true,
    }
}

pub fn report(session: u64, anchors: Vec<ClockAnchor>, entries: Vec<DisplayEntry>) -> DisplayReport {
    DisplayReport { session, screen: "大厅屏".into(), anchors, entries, dropped: 0 }
}

/// Intervals as `(version, from, until, shown, open, evidence)`, in seconds after the tests' epoch.
fn told(store: &Store, id: NoticeId) -> Vec<(u32, i64, i64, u64, bool, Evidence)> {
    let second = |t: Timestamp| t.as_second() - at(0).as_second();
    let tell =
        |i: DisplayInterval| (i.version, second(i.from), second(i.until), i.shown.as_secs(), i.is_open, i.evidence);
    store.displays(id).unwrap().into_iter().map(tell).collect()
}

fn filled(dir: &Path) -> (Store, NoticeId, NoticeId) {
    let mut store = Store::open(dir).unwrap();
    store.ingest(&harvest("甲", 0, true, vec![notice("a", "甲公示"), notice("b", "乙公示")])).unwrap();
    let id = |store: &Store, title: &str| store.named(title).unwrap()[0].0;
    let (a, b) = (id(&store, "甲公示"), id(&store, "乙公示"));
    (store, a, b)
}

fn is_stored(done: Result<Recorded, gongshi::store::StoreError>) -> bool {
    matches!(done.unwrap(), Recorded::Stored)
}

#[test]
fn the_last_that_was_told_of_an_entry_holds_however_often_it_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, b) = filled(dir.path());
    let run = run(1, "start");
    let first = report(5, vec![anchor(0, 100, at(100))], vec![entry(0, a, 1, [100, 110]), entry(1, b, 3, [100, 110])]);
    let later = report(5, vec![], vec![DisplayEntry { appearances: 4, is_open: false, ..entry(0, a, 1, [100, 170]) }]);
    for reports in [&first, &later, &first, &later] {
        assert!(is_stored(store.record_displays(&run, std::slice::from_ref(reports))));
    }
    assert_eq!(told(&store, a), [(1, 100, 170, 70, false, Evidence::Frames)]);
    assert_eq!(store.displays(a).unwrap()[0].appearances, 4);
    assert_eq!(
        told(&store, b),
        [(3, 100, 110, 10, true, Evidence::Frames)],
        "the version told, whatever the store holds"
    );
    let unknown = report(5, vec![], vec![entry(2, NoticeId(999_999), 1, [100, 110])]);
    assert!(is_stored(store.record_displays(&run, &[unknown])));
    assert_eq!(told(&store, NoticeId(999_999)), []);
    assert!(is_stored(store.end_displays(&run, &[])));
    assert_eq!(told(&store, b), [(3, 100, 110, 10, false, Evidence::Frames)], "nothing goes on after the end");
}

#[test]
fn after_a_crash_an_interval_ends_with_the_last_frame_that_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, _) = filled(dir.path());
    let told_last = report(5, vec![anchor(0, 100, at(100))], vec![entry(0, a, 1, [100, 170])]);
    store.record_displays(&run(1, "start"), &[told_last]).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(told(&store, a), [(1, 100, 170, 70, true, Evidence::Frames)]);
    store.record_displays(&run(2, "start"), &[]).unwrap();
    assert_eq!(told(&store, a), [(1, 100, 170, 70, false, Evidence::Frames)]);
}

#[test]
fn a_clock_that_is_put_right_dates_all_of_that_start_of_the_machine_and_proves_not_a_second_more() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, b) = filled(dir.path());
    let (in_2000, right): (Timestamp, _) = ("2000-01-01T00:00:00Z".parse().unwrap(), at(48));
    // Another run of the same start, killed before the clock was put right.
    let killed = report(4, vec![anchor(0, 20, in_2000)], vec![entry(0, b, 1, [20, 30])]);
    store.record_displays(&run(1, "start"), &[killed]).unwrap();
    assert_eq!(told(&store, b)[0].5, Evidence::UntrustedClock);
    let report_of = |anchors, entries| report(5, anchors, entries);
    let before = report_of(vec![anchor(0, 40, in_2000 + Duration::from_secs(20))], vec![entry(0, a, 1, [40, 48])]);
    let after = DisplayEntry { anchor: 1, ..entry(1, a, 1, [48, 58]) };
    let ended = DisplayEntry { is_open: false, ..entry(0, a, 1, [40, 48]) };
    store.record_displays(&run(2, "start"), &[before]).unwrap();
    store.record_displays(&run(2, "start"), &[report_of(vec![anchor(1, 48, right)], vec![ended, after])]).unwrap();
    assert_eq!(
        told(&store, a),
        [(1, 40, 48, 8, false, Evidence::CorrectedClock), (1, 48, 58, 10, true, Evidence::Frames)]
    );
    assert_eq!(told(&store, b), [(1, 20, 30, 10, false, Evidence::CorrectedClock)]);

    // A clock that was a month ahead for a minute, at another start of the machine.
    let ahead = anchor(0, 10, at(30 * 86_400));
    let entries = vec![
        DisplayEntry { is_open: false, ..entry(0, b, 2, [10, 70]) },
        DisplayEntry { anchor: 1, ..entry(1, b, 2, [70, 80]) },
    ];
    store.record_displays(&run(3, "next"), &[report(6, vec![ahead, anchor(1, 70, at(1070))], entries)]).unwrap();
    let told = told(&store, b);
    assert_eq!(
        told[1..],
        [(2, 1010, 1070, 60, false, Evidence::CorrectedClock), (2, 1070, 1080, 10, true, Evidence::Frames)]
    );
}

/// Another program that holds the store, until it is dropped.
fn held(dir: &Path) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(dir.join("gongshi.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[test]
fn what_is_told_while_the_store_is_held_is_written_in_order_once_it_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, b) = filled(dir.path());
    let run = run(1, "start");
    let other = held(dir.path());
    let first = report(5, vec![anchor(0, 100, at(100))], vec![entry(0, a, 1, [100, 110])]);
    assert!(matches!(store.record_displays(&run, &[first]).unwrap(), Recorded::Spooled(_)));
    let second = report(5, vec![], vec![entry(0, a, 1, [100, 170]), entry(1, b, 1, [120, 170])]);
    spool_displays(dir.path(), &run, &[second]).unwrap();
    assert_eq!(told(&store, a), []);
    drop(other);
    let ended = DisplayEntry { is_open: false, ..entry(0, a, 1, [100, 180]) };
    assert!(is_stored(store.record_displays(&run, &[report(5, vec![], vec![ended])])));
    assert_eq!(told(&store, a), [(1, 100, 180, 80, false, Evidence::Frames)]);
    assert_eq!(told(&store, b), [(1, 120, 170, 50, true, Evidence::Frames)]);
    assert!(!dir.path().join("journal.spool").exists());
}

#[test]
fn what_waits_outlives_the_program_and_a_line_that_a_power_cut_tore() {
    let dir = tempfile::tempdir().unwrap();
    let (store, a, b) = filled(dir.path());
    let run_then = run(1, "start");
    let first = report(5, vec![anchor(0, 100, at(100))], vec![entry(0, a, 1, [100, 110])]);
    spool_displays(dir.path(), &run_then, &[first]).unwrap();
    let path = dir.path().join("journal.spool");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [&whole[..], &whole[..whole.len() / 2]].concat()).unwrap();
    let next = report(5, vec![], vec![entry(1, b, 1, [120, 170])]);
    spool_displays(dir.path(), &run_then, &[next]).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    assert!(is_stored(store.record_displays(&run(2, "start"), &[])));
    assert_eq!(told(&store, a), [(1, 100, 110, 10, false, Evidence::Frames)], "its run is over");
    assert_eq!(told(&store, b), [(1, 120, 170, 50, false, Evidence::Frames)]);
}

#[test]
fn where_neither_can_be_written_the_reports_are_asked_for_again() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, _) = filled(dir.path());
    std::fs::create_dir(dir.path().join("journal.spool")).unwrap();
    let other = held(dir.path());
    let first = report(5, vec![anchor(0, 100, at(100))], vec![entry(0, a, 1, [100, 110])]);
    let error = store.record_displays(&run(1, "start"), std::slice::from_ref(&first)).unwrap_err().to_string();
    assert!(error.contains("journal.spool"), "{error}");
    drop(other);
    assert!(is_stored(store.record_displays(&run(1, "start"), &[first])));
    assert_eq!(told(&store, a).len(), 1);
}

#[test]
fn what_older_versions_noted_stays_and_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let (store, a, _) = filled(dir.path());
    let other = rusqlite::Connection::open(dir.path().join("gongshi.db")).unwrap();
    let old = (a.0, at(10).as_microsecond(), at(40).as_microsecond());
    other
        .execute("INSERT INTO shown (screen, notice, version, began, ended) VALUES ('大厅屏', ?1, 1, ?2, ?3)", old)
        .unwrap();
    assert_eq!(told(&store, a), [(1, 10, 40, 30, false, Evidence::Programme)]);
}

#[test]
fn notices_are_found_by_what_people_know_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let (store, a, b) = filled(dir.path());
    assert_eq!(store.named("乙公示").unwrap(), [(b, "乙公示".to_owned())]);
    assert_eq!(store.named(&a.0.to_string()).unwrap()[0].0, a);
    assert_eq!(store.named("公示").unwrap().len(), 2);
    assert_eq!(store.named("没有").unwrap(), []);
}
