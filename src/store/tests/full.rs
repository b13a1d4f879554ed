//! A disk without room: what a harvest could not finish takes none of it, and the store goes on.

use crate::{
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Notice, ShowPeriod},
    store::{Store, StoreError},
};
use std::fs;

/// Bytes of a notice's link, which no search is to find.
const LINK: usize = 6_000;
/// Notices of a harvest that is far larger than what a connection holds in memory, so that much of it is written to the
/// log before its end.
const MANY: usize = 5_000;

fn harvest(feed: &str, count: usize) -> Harvest {
    let items = (0..count).map(|n| Harvested {
        source: String::new(),
        notice: Notice {
            key: format!("{n}"),
            title: format!("示例公告{n}"),
            kind: String::new(),
            catalogue: String::new(),
            issuer: None,
            number: None,
            author: None,
            published: None,
            updated: None,
            show: ShowPeriod::default(),
            summary: String::new(),
            body: Vec::new(),
            attachments: Vec::new(),
            link: Some("a".repeat(LINK)),
            warning: None,
        },
    });
    Harvest {
        feed: feed.to_owned(),
        title: "示例县网".to_owned(),
        at: jiff::Timestamp::UNIX_EPOCH,
        outcome: HarvestOutcome::Notices { items: items.collect(), whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

#[test]
fn what_a_full_disk_rolled_back_is_given_back_and_the_store_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    store.ingest(&harvest("甲", 1)).unwrap();
    // Room for about half of the harvest.
    let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.conn.pragma_update(None, "max_page_count", pages + 4_000).unwrap();
    let log = dir.path().join("gongshi.db-wal");
    for _ in 0..2 {
        let fault = store.ingest(&harvest("乙", MANY)).unwrap_err();
        assert!(matches!(fault, StoreError::Full { .. }), "{fault}");
        let bytes = fs::metadata(&log).map_or(0, |file| file.len());
        assert!(bytes < 100_000, "{bytes} bytes of what was rolled back are still taken");
        assert_eq!(store.edition(1).unwrap().notices.len(), 1);
    }
    store.record_fault("乙", "乙网", jiff::Timestamp::UNIX_EPOCH, "没有空间").unwrap();
    store.conn.pragma_update(None, "max_page_count", pages + 1_000_000).unwrap();
    assert_eq!(store.ingest(&harvest("乙", MANY)).unwrap().new, MANY);
    store.check().unwrap();
}
