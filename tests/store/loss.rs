//! A source that comes back empty withdraws nothing until a person says that it is so.

use gongshi::{
    config::{Column, Config, Feed, FeedFormat, JsonMapping, Register, Screen, ScreenKind},
    feeds::{self, Client, Harvest, Validators},
    store::{Ingested, Store, StoreError},
};
use std::{fs, path::Path};

/// A config of one feed, called `a`, whose source stands in a folder.
fn config(dir: &Path, feed: Feed) -> Config {
    let column = |id: &str, title: &str| Column { id: id.into(), title: title.into(), ..Column::default() };
    let column = vec![column("id", "编号"), column("name", "名称")];
    let register = Register { title: "示例台账".into(), key: vec!["id".into()], column, ..Register::default() };
    let mut config = Config { dir: dir.to_owned(), ..Config::default() };
    config.registers.insert("ledger".into(), register);
    config.feeds.insert("a".into(), feed);
    config.screens.insert("k".into(), Screen { kind: ScreenKind::Kiosk, ..Screen::default() });
    config
}

fn look(config: &Config, second: i64) -> Harvest {
    let (client, none) = (Client::new(), Validators::default());
    let harvest = feeds::harvest(&client, "a", &config.feeds["a"], config, &none, super::at(second));
    feeds::wait(harvest).unwrap()
}

fn health(store: &Store, config: &Config) -> (Option<String>, bool) {
    let edition = store.edition_on(1, config, super::DAY).unwrap();
    (edition.feeds[0].fault.clone(), edition.feeds[0].held)
}

/// What is there, then what it turns into: held, said, and let through by a person, once.
fn held_until_accepted(feed: Feed, fill: impl Fn(&Path), empty: impl Fn(&Path), (current, gone): (usize, usize)) {
    let [sources, data] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let config = config(sources.path(), feed);
    fill(sources.path());
    let mut store = Store::open(data.path()).unwrap();
    assert_eq!(store.ingest_with(&look(&config, 0), &config).unwrap().new, current);
    let before = store.edition_on(1, &config, super::DAY).unwrap();
    empty(sources.path());
    for second in [60, 120] {
        let held = store.ingest_with(&look(&config, second), &config).unwrap_err();
        assert!(matches!(&held, StoreError::Held { gone: g, current: c, .. } if (*g, *c) == (gone, current)), "{held}");
        assert!(held.to_string().contains("gongshi harvest --accept a"), "{held}");
        let (fault, is_held) = health(&store, &config);
        assert!(is_held && fault.unwrap().contains(&format!("{gone} of its {current} items")));
    }
    let after = store.edition_on(2, &config, super::DAY).unwrap();
    assert_eq!((&after.notices, &after.registers), (&before.notices, &before.registers), "the last good stays");
    let done = store.ingest_accepted(&look(&config, 180), &config).unwrap();
    assert_eq!(done.withdrawn, gone);
    assert_eq!(health(&store, &config), (None, false));
    fill(sources.path());
    store.ingest_with(&look(&config, 240), &config).unwrap();
    empty(sources.path());
    assert!(store.ingest_with(&look(&config, 300), &config).is_err(), "what was let through was let through once");
    store.check().unwrap();
}

fn sheet(rows: u32) -> String {
    let rows: String = (0..rows).map(|n| format!("{n},示例村{n}\n")).collect();
    format!("编号,名称\n{rows}")
}

fn ledger(source: &str) -> Feed {
    Feed { source: source.into(), register: "ledger".into(), ..Feed::default() }
}

#[test]
fn the_empty_folder_of_a_share_that_is_not_mounted() {
    let fill = |dir: &Path| {
        fs::create_dir_all(dir.join("inbox")).unwrap();
        (0..5).for_each(|n| fs::write(dir.join(format!("inbox/{n}.md")), format!("# 公告{n}\n\n内容")).unwrap());
    };
    let empty = |dir: &Path| (0..5).for_each(|n| fs::remove_file(dir.join(format!("inbox/{n}.md"))).unwrap());
    held_until_accepted(Feed { source: "inbox".into(), ..Feed::default() }, fill, empty, (5, 5));
}

#[test]
fn a_service_that_answers_with_an_empty_list() {
    let json = JsonMapping { items: "$[*]".into(), ..JsonMapping::default() };
    let feed = Feed { format: FeedFormat::Json, json: Some(json), ..ledger("rows.json") };
    let rows: Vec<String> = (0..6).map(|n| format!("{{\"id\":\"{n}\",\"name\":\"示例村{n}\"}}")).collect();
    let fill = |dir: &Path| fs::write(dir.join("rows.json"), format!("[{}]", rows.join(","))).unwrap();
    let empty = |dir: &Path| fs::write(dir.join("rows.json"), "[]").unwrap();
    held_until_accepted(feed, fill, empty, (6, 6));
}

#[test]
fn a_sheet_with_its_titles_only() {
    let write = |rows: u32| move |dir: &Path| fs::write(dir.join("rows.csv"), sheet(rows)).unwrap();
    held_until_accepted(ledger("rows.csv"), write(20), write(0), (20, 20));
}

#[test]
fn a_sheet_that_is_cut_in_the_middle() {
    let write = |rows: u32| move |dir: &Path| fs::write(dir.join("rows.csv"), sheet(rows)).unwrap();
    let cut = |dir: &Path| {
        let whole = sheet(20);
        let end = whole.char_indices().nth(whole.chars().count() / 3).unwrap().0;
        fs::write(dir.join("rows.csv"), &whole[..end]).unwrap();
    };
    held_until_accepted(ledger("rows.csv"), write(20), cut, (20, 13));
}

#[test]
fn a_feed_whose_looks_bring_other_items_each_time_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), Feed { max_loss_percent: Some(100), ..ledger("rows.csv") });
    let mut store = Store::open(dir.path()).unwrap();
    fs::write(dir.path().join("rows.csv"), sheet(10)).unwrap();
    store.ingest_with(&look(&config, 0), &config).unwrap();
    fs::write(dir.path().join("rows.csv"), sheet(0)).unwrap();
    let done = store.ingest_with(&look(&config, 60), &config).unwrap();
    assert_eq!(done, Ingested { withdrawn: 10, ..Ingested::default() });
}
