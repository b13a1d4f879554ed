//! The journal of what was shown where.

use super::{at, harvest, notice};
use gongshi::{
    model::NoticeId,
    store::{Shown, Store},
};
use std::path::Path;

/// Stretches as `(screen, version, from, until, open)`, in seconds after the tests' epoch.
fn told(store: &Store, id: NoticeId) -> Vec<(String, u32, i64, i64, bool)> {
    let second = |t: gongshi::time::Timestamp| t.as_second() - at(0).as_second();
    let tell = |s: Shown| (s.screen, s.version, second(s.from), second(s.until), s.open);
    store.shown(id).unwrap().into_iter().map(tell).collect()
}

fn filled(dir: &Path) -> (Store, NoticeId, NoticeId) {
    let mut store = Store::open(dir).unwrap();
    store.ingest(&harvest("甲", 0, true, vec![notice("a", "甲公示"), notice("b", "乙公示")])).unwrap();
    let id = |store: &Store, title: &str| store.named(title).unwrap()[0].0;
    let (a, b) = (id(&store, "甲公示"), id(&store, "乙公示"));
    (store, a, b)
}

#[test]
fn a_stretch_begins_and_ends_with_the_programme_and_with_the_version() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, b) = filled(dir.path());
    store.show("大厅屏", &[a, b], at(10)).unwrap();
    store.show("街边屏", &[a], at(20)).unwrap();
    // The same again is no new stretch.
    store.show("大厅屏", &[b, a], at(30)).unwrap();
    store.show("大厅屏", &[a], at(40)).unwrap();
    store.ingest(&harvest("甲", 50, true, vec![notice("a", "甲公示（更正）")])).unwrap();
    store.show("大厅屏", &[a], at(60)).unwrap();
    store.show("街边屏", &[], at(70)).unwrap();
    store.still_shown(&["大厅屏".to_owned()], at(120)).unwrap();
    assert_eq!(
        told(&store, a),
        [("大厅屏".into(), 1, 10, 60, false), ("街边屏".into(), 1, 20, 70, false), ("大厅屏".into(), 2, 60, 120, true)]
    );
    assert_eq!(told(&store, b), [("大厅屏".into(), 1, 10, 40, false)]);
}

#[test]
fn after_a_crash_a_stretch_ends_where_its_screen_was_last_known_to_run() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, b) = filled(dir.path());
    store.show("大厅屏", &[a], at(10)).unwrap();
    store.still_shown(&["大厅屏".to_owned()], at(70)).unwrap();
    store.show("街边屏", &[b], at(80)).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(told(&store, a), [("大厅屏".into(), 1, 10, 70, true)]);
    store.close_journal().unwrap();
    assert_eq!(told(&store, a), [("大厅屏".into(), 1, 10, 70, false)]);
    assert_eq!(told(&store, b), [("街边屏".into(), 1, 80, 80, false)]);
    store.show("大厅屏", &[a], at(500)).unwrap();
    assert_eq!(told(&store, a)[1], ("大厅屏".into(), 1, 500, 500, true));
}

#[test]
fn a_clock_set_back_makes_no_stretch_that_ends_before_it_begins() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, a, _) = filled(dir.path());
    store.show("大厅屏", &[a], at(100)).unwrap();
    store.show("大厅屏", &[], at(40)).unwrap();
    assert_eq!(told(&store, a), [("大厅屏".into(), 1, 100, 100, false)]);
    store.show("大厅屏", &[NoticeId(999_999)], at(200)).unwrap();
    assert_eq!(told(&store, NoticeId(999_999)), []);
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
