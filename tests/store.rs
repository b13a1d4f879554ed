//! The store as its users see it: against a plain model, across restarts, under `kill -9`, and behind its handle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "store/journal.rs"]
mod journal;
#[cfg(unix)]
#[path = "store/kill.rs"]
mod kill;
#[path = "store/loss.rs"]
mod loss;

use gongshi::{
    config::{Config, Feed, Screen, ScreenKind},
    edition::Edition,
    feeds::{Harvest, HarvestOutcome, Harvested, ItemFault, Validators},
    model::{Block, Notice, NoticeId, ShowPeriod, Span},
    store::{Ingested, Store, StoreError, StoreHandle},
    time::{
        Timestamp,
        civil::{Date, date},
    },
};
use std::collections::BTreeMap;

const DAY: Date = date(2026, 11, 23);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_000_000 + second).unwrap()
}

fn notice(key: &str, title: &str) -> Notice {
    Notice {
        key: key.to_owned(),
        title: title.to_owned(),
        kind: "公告".to_owned(),
        catalogue: "trade.works".to_owned(),
        issuer: Some("示例镇人民政府".to_owned()),
        number: None,
        author: None,
        published: None,
        updated: None,
        show: ShowPeriod::default(),
        summary: String::new(),
        body: vec![Block::Paragraph { spans: vec![Span::plain(format!("{title}的正文。"))] }],
        attachments: Vec::new(),
        link: None,
        warning: None,
    }
}

/// A config of these feeds, with a kiosk that lists all they have.
fn of(feeds: &[&str]) -> Config {
    let feeds = feeds.iter().map(|&name| (name.to_owned(), Feed::default())).collect();
    let kiosk = Screen { kind: ScreenKind::Kiosk, ..Screen::default() };
    Config { feeds, screens: [("k".to_owned(), kiosk)].into(), ..Config::default() }
}

fn harvest(feed: &str, second: i64, whole: bool, notices: Vec<Notice>) -> Harvest {
    let items = notices.into_iter().map(|n| Harvested { source: format!("/示例/{}.md", n.key), notice: n }).collect();
    Harvest {
        feed: feed.to_owned(),
        title: format!("{feed}网"),
        at: at(second),
        outcome: HarvestOutcome::Notices { items, whole, faults: Vec::new() },
        validators: Validators { etag: Some(format!("\"{second}\"")), last_modified: None },
        raw: Vec::new(),
    }
}

fn unchanged(feed: &str, second: i64) -> Harvest {
    Harvest {
        outcome: HarvestOutcome::Unchanged,
        validators: Validators::default(),
        ..harvest(feed, second, false, Vec::new())
    }
}

fn titles(edition: &Edition) -> Vec<&str> {
    edition.notices.iter().map(|h| h.title.as_str()).collect()
}

fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

#[test]
fn a_changed_notice_is_a_new_version_and_the_old_one_stays() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", 0, false, vec![notice("a", "第一版")])).unwrap();
    let id = store.edition(1).unwrap().notices[0].id;
    assert_eq!(store.ingest(&harvest("甲", 1, false, vec![notice("a", "第一版")])).unwrap().same, 1);
    assert_eq!(store.ingest(&harvest("甲", 2, false, vec![notice("a", "第二版")])).unwrap().changed, 1);
    let versions = store.versions(id).unwrap();
    let seen: Vec<_> = versions.iter().map(|v| (v.number, v.title.as_str(), v.seen)).collect();
    assert_eq!(seen, [(1, "第一版", at(0)), (2, "第二版", at(2))]);
    assert_eq!(store.version(id, 1).unwrap(), Some(notice("a", "第一版")));
    assert_eq!(store.version(id, 3).unwrap(), None);
    let document = store.document(id).unwrap().unwrap();
    assert_eq!(document.notice, notice("a", "第二版"));
    assert_eq!(document.source, "/示例/a.md");
    assert_eq!(document.source_title, "甲网");
    assert_eq!(document.digest, versions[1].digest);
    assert_eq!(document.digest.len(), 64);
    assert!(document.digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
    assert_eq!(store.edition(2).unwrap().notices[0].as_ref(), &document.head);
}

#[test]
fn newest_comes_first_and_undated_ones_by_their_arrival_and_place() {
    let (_dir, mut store) = open();
    let dated = |key: &str, s| Notice { published: Some(at(s)), ..notice(key, key) };
    store.ingest(&harvest("甲", 500, false, vec![dated("old", -900), notice("x", "x"), notice("y", "y")])).unwrap();
    store.ingest(&harvest("乙", 600, false, vec![dated("newest", 700), dated("oldest", -1000)])).unwrap();
    let edition = store.edition(7).unwrap();
    assert_eq!(edition.number, 7);
    assert_eq!(titles(&edition), ["newest", "x", "y", "old", "oldest"]);
    assert_eq!(titles(&store.edition_on(8, &of(&["乙"]), DAY).unwrap()), ["newest", "oldest"]);
    assert_eq!(store.edition_on(8, &of(&["乙", "丙"]), DAY).unwrap().feeds.len(), 1);
}

#[test]
fn what_a_whole_source_no_longer_holds_is_withdrawn_and_may_come_back() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", 0, true, vec![notice("a", "a"), notice("b", "b")])).unwrap();
    store.ingest(&harvest("乙", 0, true, vec![notice("a", "别家")])).unwrap();
    let id = store.edition(1).unwrap().notices.iter().find(|h| h.title == "b").unwrap().id;
    let done = store.ingest(&harvest("甲", 1, true, vec![notice("a", "a")])).unwrap();
    assert_eq!(done, Ingested { same: 1, withdrawn: 1, ..Ingested::default() });
    assert!(store.document(id).unwrap().is_none());
    assert_eq!(store.versions(id).unwrap().len(), 1);
    assert!(store.edition(2).unwrap().head(id).is_none());
    // Once withdrawn, it is not withdrawn again.
    assert_eq!(store.ingest(&harvest("甲", 2, true, vec![notice("a", "a")])).unwrap().withdrawn, 0);
    let done = store.ingest(&harvest("甲", 3, true, vec![notice("a", "a"), notice("b", "b")])).unwrap();
    assert_eq!(done, Ingested { same: 1, changed: 1, ..Ingested::default() });
    assert!(done.shows());
    assert_eq!(store.edition(3).unwrap().head(id).map(|h| h.last_seen), Some(at(3)));
    assert_eq!(store.versions(id).unwrap().len(), 1);
}

#[test]
fn what_could_not_be_read_this_time_is_not_withdrawn() {
    let (_dir, mut store) = open();
    let three = vec![notice("a", "a"), notice("b", "b"), notice("c", "c")];
    store.ingest(&harvest("甲", 0, true, three)).unwrap();
    let mut next = harvest("甲", 1, true, vec![notice("a", "a")]);
    if let HarvestOutcome::Notices { faults, .. } = &mut next.outcome {
        faults.push(ItemFault { item: "b.md".to_owned(), reason: "读不出".to_owned() });
    }
    assert_eq!(store.ingest(&next).unwrap().withdrawn, 1);
    let edition = store.edition(1).unwrap();
    assert_eq!(titles(&edition), ["a", "b"]);
    assert_eq!(edition.notices[1].last_seen, at(0));
}

#[test]
fn nothing_changed_confirms_what_the_last_list_held_and_no_more() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", 0, false, vec![notice("a", "a")])).unwrap();
    store.ingest(&unchanged("甲", 10)).unwrap();
    // The list moves on without it: it was last confirmed when the list before was.
    store.ingest(&harvest("甲", 20, false, vec![notice("b", "b")])).unwrap();
    assert_eq!(store.ingest(&unchanged("甲", 30)).unwrap(), Ingested { same: 1, ..Ingested::default() });
    let edition = store.edition(1).unwrap();
    let seen: BTreeMap<_, _> = edition.notices.iter().map(|h| (h.title.as_str(), h.last_seen)).collect();
    assert_eq!(seen, [("a", at(10)), ("b", at(30))].into());
    assert_eq!(store.validators("甲").unwrap().etag.as_deref(), Some("\"20\""));
    assert_eq!(store.validators("未见").unwrap(), Validators::default());
}

#[test]
fn a_fault_keeps_the_last_good_notices_and_is_named() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", 0, true, vec![notice("a", "a")])).unwrap();
    store.record_fault("甲", "甲网", at(5), "连接被拒绝").unwrap();
    store.record_fault("乙", "乙网", at(6), "没有响应").unwrap();
    let edition = store.edition(1).unwrap();
    assert_eq!(titles(&edition), ["a"]);
    let fared: Vec<_> = edition.feeds.iter().map(|f| (f.name.as_str(), f.last_ok, f.fault.as_deref())).collect();
    assert_eq!(fared, [("乙", None, Some("没有响应")), ("甲", Some(at(0)), Some("连接被拒绝"))]);
    store.ingest(&unchanged("甲", 9)).unwrap();
    let feeds = store.edition_on(2, &of(&["甲"]), DAY).unwrap().feeds;
    assert_eq!((feeds[0].last_ok, feeds[0].fault.as_deref()), (Some(at(9)), None));
}

#[test]
fn every_word_of_current_notices_is_counted() {
    let (_dir, mut store) = open();
    let mut full = notice("a", "龘龘");
    full.issuer = Some("𠂇".to_owned());
    full.summary = "一\n二".to_owned();
    store.ingest(&harvest("甲", 0, true, vec![full, notice("b", "撤")])).unwrap();
    store.ingest(&harvest("甲", 1, true, vec![notice("c", "三")])).unwrap();
    let counts = store.characters().unwrap();
    assert_eq!(counts.get(&'三'), Some(&2));
    assert!(!counts.contains_key(&'撤'));
    store
        .ingest(&harvest("甲", 2, false, vec![Notice { issuer: Some("𠂇".to_owned()), ..notice("a", "龘\n龘") }]))
        .unwrap();
    let counts = store.characters().unwrap();
    assert_eq!((counts.get(&'龘'), counts.get(&'𠂇'), counts.get(&'\n')), (Some(&4), Some(&1), None));
}

#[test]
fn odd_content_comes_back_as_it_was() {
    let (_dir, mut store) = open();
    let odd = Notice {
        key: "k\0'\";--".to_owned(),
        title: "空\0字节 'x' 🀄 \u{10ffff}".to_owned(),
        number: Some(String::new()),
        published: Some(Timestamp::MIN),
        updated: Some(Timestamp::MAX),
        show: ShowPeriod { from: Some(date(-9999, 1, 1)), until: Some(date(9999, 12, 31)) },
        ..notice("", "")
    };
    store.ingest(&harvest("甲", 0, true, vec![odd.clone(), Notice { title: "重复".into(), ..odd.clone() }])).unwrap();
    assert_eq!(store.ingest(&harvest("甲", 1, true, vec![odd.clone()])).unwrap().same, 1);
    let edition = store.edition(1).unwrap();
    assert_eq!(titles(&edition), [odd.title.as_str()]);
    assert_eq!(edition.notices[0].show, odd.show);
    assert_eq!(edition.notices[0].published, odd.published);
    assert_eq!(store.document(edition.notices[0].id).unwrap().unwrap().notice, odd);
    assert!(store.document(NoticeId(i64::MIN)).unwrap().is_none());
}

/// The same rules, said as plainly as can be.
mod model {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Op {
        List { feed: u8, items: Vec<(u8, u8)>, whole: bool, unread: Option<u8> },
        Unchanged { feed: u8 },
        Fault { feed: u8 },
        Reopen,
    }

    fn op() -> impl Strategy<Value = Op> {
        let items = prop::collection::vec((0u8..6, 0u8..3), 0..7);
        prop_oneof![
            6 => (0u8..2, items, any::<bool>(), prop::option::of(0u8..6))
                .prop_map(|(feed, items, whole, unread)| Op::List { feed, items, whole, unread }),
            2 => (0u8..2).prop_map(|feed| Op::Unchanged { feed }),
            1 => (0u8..2).prop_map(|feed| Op::Fault { feed }),
            1 => Just(Op::Reopen),
        ]
    }

    #[derive(Debug, Default)]
    struct Kept {
        versions: Vec<Notice>,
        last_seen: Timestamp,
        withdrawn: bool,
        listed: bool,
    }

    #[derive(Debug, Default)]
    struct Model {
        notices: BTreeMap<(String, String), Kept>,
        feeds: BTreeMap<String, (Option<Timestamp>, Option<String>)>,
    }

    /// Dated by its key, save key 0, whose date follows its variant, and key 1, which has none.
    fn made(key: u8, variant: u8) -> Notice {
        let published = match key {
            0 => Some(at(-1000 - i64::from(variant))),
            1 => None,
            _ => Some(at(-100 * i64::from(key))),
        };
        Notice { published, ..notice(&key.to_string(), &format!("{key}号第{variant}稿")) }
    }

    impl Model {
        fn take(&mut self, harvest: &Harvest) -> Ingested {
            let mut done = Ingested::default();
            self.feeds.insert(harvest.feed.clone(), (Some(harvest.at), None));
            let own = |feed: &str| feed == harvest.feed;
            let HarvestOutcome::Notices { items, whole, faults } = &harvest.outcome else {
                for (_, kept) in self.notices.iter_mut().filter(|((f, _), k)| own(f) && k.listed) {
                    kept.last_seen = harvest.at;
                    done.same += 1;
                }
                return done;
            };
            self.notices.iter_mut().filter(|((f, _), _)| own(f)).for_each(|(_, kept)| kept.listed = false);
            for item in items {
                let place = (harvest.feed.clone(), item.notice.key.clone());
                let kept = self.notices.entry(place).or_default();
                if kept.listed {
                    continue;
                }
                if kept.versions.last() != Some(&item.notice) {
                    kept.versions.push(item.notice.clone());
                    if kept.versions.len() == 1 { done.new += 1 } else { done.changed += 1 }
                } else if kept.withdrawn {
                    done.changed += 1;
                } else {
                    done.same += 1;
                }
                (kept.listed, kept.withdrawn, kept.last_seen) = (true, false, harvest.at);
            }
            for ((feed, key), kept) in &mut self.notices {
                let unread = faults.iter().any(|f| f.item == format!("{key}.md"));
                if *whole && own(feed) && !kept.listed && !kept.withdrawn && !unread {
                    kept.withdrawn = true;
                    done.withdrawn += 1;
                }
            }
            done
        }

        fn agrees(&self, store: &Store) {
            let edition = store.edition(1).unwrap();
            let mut expected: Vec<_> = self.notices.iter().filter(|(_, k)| !k.withdrawn).collect();
            let mut ids = BTreeMap::new();
            for head in &edition.notices {
                let document = store.document(head.id).unwrap().unwrap();
                let place = (head.feed.to_string(), document.notice.key.clone());
                let kept = &self.notices[&place];
                assert_eq!(Some(&document.notice), kept.versions.last());
                assert_eq!(&document.head, head.as_ref());
                assert_eq!((&head.title, head.published), (&document.notice.title, document.notice.published));
                assert_eq!(head.last_seen, kept.last_seen, "{place:?}");
                let versions = store.versions(head.id).unwrap();
                let numbers: Vec<u32> = versions.iter().map(|v| v.number).collect();
                assert_eq!(numbers, (1..=kept.versions.len() as u32).collect::<Vec<_>>());
                for (n, version) in numbers.iter().zip(&kept.versions) {
                    assert_eq!(store.version(head.id, *n).unwrap().as_ref(), Some(version));
                }
                assert!(ids.insert(place, head.id).is_none(), "a notice stands twice");
            }
            expected.retain(|(place, _)| !ids.contains_key(place));
            assert!(expected.is_empty(), "missing: {expected:?}");
            let dates: Vec<_> = edition.notices.iter().filter_map(|h| h.published).collect();
            assert!(dates.is_sorted_by(|a, b| a >= b));
            let feeds: BTreeMap<_, _> = edition.feeds.into_iter().map(|f| (f.name, (f.last_ok, f.fault))).collect();
            assert_eq!(feeds, self.feeds);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_run_of_harvests_leaves_what_the_model_holds(ops in prop::collection::vec(op(), 1..14)) {
            let dir = tempfile::tempdir().unwrap();
            let mut store = Store::open(dir.path()).unwrap();
            let mut model = Model::default();
            for (second, op) in ops.into_iter().enumerate() {
                let second = second as i64;
                let name = |feed: u8| format!("feed-{feed}");
                match op {
                    Op::List { feed, items, whole, unread } => {
                        let items = items.into_iter().filter(|(k, _)| Some(*k) != unread);
                        let notices = items.map(|(k, v)| made(k, v)).collect();
                        let mut harvest = harvest(&name(feed), second, whole, notices);
                        if let (HarvestOutcome::Notices { faults, .. }, Some(key)) = (&mut harvest.outcome, unread) {
                            faults.push(ItemFault { item: format!("{key}.md"), reason: "x".to_owned() });
                        }
                        prop_assert_eq!(store.ingest(&harvest).unwrap(), model.take(&harvest));
                        if let HarvestOutcome::Notices { .. } = harvest.outcome {
                            prop_assert_eq!(store.validators(&harvest.feed).unwrap(), harvest.validators);
                        }
                    }
                    Op::Unchanged { feed } => {
                        let harvest = unchanged(&name(feed), second);
                        prop_assert_eq!(store.ingest(&harvest).unwrap(), model.take(&harvest));
                    }
                    Op::Fault { feed } => {
                        store.record_fault(&name(feed), "t", at(second), "坏了").unwrap();
                        model.feeds.entry(name(feed)).or_default().1 = Some("坏了".to_owned());
                    }
                    Op::Reopen => {
                        drop(store);
                        store = Store::open(dir.path()).unwrap();
                    }
                }
                model.agrees(&store);
            }
            store.check().unwrap();
        }
    }
}

mod handle {
    use super::*;

    #[tokio::test]
    async fn answers_as_the_store_does_and_ends_when_told() {
        let dir = tempfile::tempdir().unwrap();
        let handle = StoreHandle::open(dir.path()).unwrap();
        let first = harvest("甲", 0, true, vec![notice("a", "a")]);
        assert_eq!(handle.write(move |store| store.ingest(&first)).await.unwrap().new, 1);
        handle.write(|store| store.record_fault("乙", "乙网", at(1), "没有响应")).await.unwrap();
        let edition = handle.read_much(|store| store.edition(3)).await.unwrap();
        let id = edition.notices[0].id;
        assert_eq!((edition.number, edition.feeds.len()), (3, 2));
        let others = handle.read_much(|store| store.edition_on(4, &of(&["乙"]), DAY)).await.unwrap();
        assert_eq!(others.notices.len(), 0);
        assert_eq!(handle.read(move |store| store.document(id)).await.unwrap().unwrap().notice.title, "a");
        assert_eq!(handle.read(|store| store.validators("甲")).await.unwrap().etag.as_deref(), Some("\"0\""));
        let clone = handle.clone();
        handle.shutdown().await;
        clone.shutdown().await;
        assert!(matches!(clone.read(move |store| store.document(id)).await, Err(StoreError::Closed)));
        assert!(!dir.path().join("gongshi.db-wal").exists(), "a clean end leaves one file");
        assert_eq!(titles(&Store::open(dir.path()).unwrap().edition(1).unwrap()), ["a"]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_document_does_not_wait_for_a_harvest() {
        let dir = tempfile::tempdir().unwrap();
        let handle = StoreHandle::open(dir.path()).unwrap();
        let first = harvest("甲", 0, false, vec![notice("a", "a")]);
        handle.write(move |store| store.ingest(&first)).await.unwrap();
        let id = handle.read(|store| store.edition(1)).await.unwrap().notices[0].id;
        let many = (0..4000).map(|n| notice(&format!("m{n}"), "多")).collect();
        let (busy, many) = (handle.clone(), harvest("乙", 1, false, many));
        let ingest = tokio::spawn(async move { busy.write(move |store| store.ingest(&many)).await });
        let mut read = 0;
        while !ingest.is_finished() {
            assert!(handle.read(move |store| store.document(id)).await.unwrap().is_some());
            read += 1;
        }
        assert_eq!(ingest.await.unwrap().unwrap().new, 4000);
        assert!(read > 3, "only {read} documents were read while 4,000 notices came in");
    }

    #[tokio::test]
    async fn what_is_to_be_written_is_written_though_its_asker_has_gone_and_what_is_to_be_read_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let handle = StoreHandle::open(dir.path()).unwrap();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let (too, held_too) = std::sync::mpsc::channel::<()>();
        let (read, reads) = std::sync::mpsc::channel::<()>();
        let busy = [
            tokio::spawn({
                let handle = handle.clone();
                async move { handle.write(move |_| Ok(held.recv().is_ok())).await }
            }),
            tokio::spawn({
                let handle = handle.clone();
                async move { handle.read(move |_| Ok(held_too.recv().is_ok())).await }
            }),
        ];
        tokio::task::yield_now().await;
        let gone = [
            tokio::spawn({
                let handle = handle.clone();
                async move { handle.write(|store| store.record_fault("甲", "甲网", at(1), "没有响应")).await.is_ok() }
            }),
            tokio::spawn({
                let handle = handle.clone();
                async move { handle.read(move |_| Ok(read.send(()).is_ok())).await.is_ok() }
            }),
        ];
        tokio::task::yield_now().await;
        for task in gone {
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
        drop((hold, too));
        for task in busy {
            task.await.unwrap().unwrap();
        }
        // Behind what was to be written, on the same thread.
        assert_eq!(handle.write(|store| store.edition(1)).await.unwrap().feeds.len(), 1);
        assert!(reads.try_recv().is_err(), "nobody waits for it");
        handle.shutdown().await;
    }
}
