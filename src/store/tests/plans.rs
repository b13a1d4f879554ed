//! What screens ask of the public views goes by an index: a view is never made whole, and no table is read from end to end.

use crate::{
    config::{Config, Feed},
    edition::{Query, TableQuery},
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Block, Notice, NoticeId, Row, RowId, ShowPeriod, Value},
    search::SearchQuery,
    store::Store,
};
use jiff::{Timestamp, civil::date};
use rusqlite::{
    Connection,
    trace::{TraceEvent, TraceEventCodes},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

const REGISTER: &str = r#"
title = "示例台账"
key = ["no"]
label = "no"
period = "day"
place = "village"
number = "number"
agree = [{ total = "income", parts = ["expense"] }]
column = [
    { id = "no", title = "编号", kind = "text" },
    { id = "village", title = "村", kind = "place" },
    { id = "day", title = "日期", kind = "date" },
    { id = "income", title = "收入", kind = "money", sum = true },
    { id = "expense", title = "支出", kind = "money", sum = true },
    { id = "balance", title = "余额", kind = "money" },
    { id = "number", title = "文号", kind = "text" },
    { id = "done", title = "办结", kind = "date" },
    { id = "voucher", title = "凭证", kind = "picture" },
]
balance = { income = "income", expense = "expense", balance = "balance" }
case = { accepted = "day", closed = "done" }
"#;

const SCREEN: &str = r#"
width = 100
height = 100
zone = [
    { kind = "register", width = 100, height = 50, register = "r" },
    { kind = "register", width = 100, height = 50, register = "r", period = "all" },
    { kind = "register", width = 100, height = 50, register = "r", open_only = true },
]
"#;

fn config() -> Config {
    let mut config = Config::default();
    config.registers.insert("r".to_owned(), toml::from_str(REGISTER).unwrap());
    config.screens.insert("s".to_owned(), toml::from_str(SCREEN).unwrap());
    for (name, register) in [("notices", ""), ("rows", "r")] {
        config.feeds.insert(name.to_owned(), Feed { register: register.to_owned(), ..Feed::default() });
    }
    config
}

fn harvest(feed: &str, outcome: HarvestOutcome) -> Harvest {
    let (title, at) = ("示例县网".to_owned(), Timestamp::UNIX_EPOCH);
    Harvest { feed: feed.to_owned(), title, at, outcome, validators: Validators::default(), raw: Vec::new() }
}

/// A store with one notice and one row, and both their numbers.
fn store(config: &Config) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let body = vec![Block::Picture { src: "https://example.invalid/a.png".into(), alt: String::new() }];
    let notice = Notice {
        key: "k".to_owned(),
        title: "示例公告".to_owned(),
        kind: String::new(),
        catalogue: "trade.works".to_owned(),
        issuer: None,
        number: Some("7".to_owned()),
        author: None,
        published: None,
        updated: None,
        show: ShowPeriod { from: None, until: Some(date(2026, 11, 24)) },
        summary: String::new(),
        body,
        attachments: Vec::new(),
        link: None,
        warning: None,
    };
    let items = vec![Harvested { source: String::new(), notice }];
    store.ingest(&harvest("notices", HarvestOutcome::Notices { items, whole: true, faults: Vec::new() })).unwrap();
    let values = vec![
        Value::Text("k".into()),
        Value::Text("01".into()),
        Value::Date(date(2026, 11, 1)),
        Value::Money(100),
        Value::Money(0),
        Value::Money(100),
        Value::Text("7".into()),
        Value::Empty,
        Value::Pictures(vec!["https://example.invalid/b.png".into()]),
    ];
    let rows = vec![Row { key: "k".to_owned(), values, ..Row::default() }];
    let rows = HarvestOutcome::Rows { register: "r".to_owned(), rows, whole: true, faults: Vec::new() };
    assert_eq!(store.ingest_with(&harvest("rows", rows), config).unwrap().new, 1);
    (dir, store)
}

/// The statements with a public view in them that `work` has SQLite carry out.
pub(super) fn statements(store: &mut Store, work: impl FnOnce(&mut Store)) -> BTreeSet<String> {
    let said = Arc::new(Mutex::new(BTreeSet::new()));
    let hear = Arc::clone(&said);
    let listen = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(statement, _) = event
            && statement.sql().contains("public_")
        {
            hear.lock().unwrap().insert(statement.sql().into_owned());
        }
    };
    store.conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(listen)).unwrap();
    work(store);
    store.conn.trace_v2(TraceEventCodes::empty(), None::<fn(TraceEvent<'_>)>).unwrap();
    let said = said.lock().unwrap();
    said.clone()
}

pub(super) fn plan(conn: &Connection, statement: &str) -> Vec<String> {
    let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let steps = query.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>();
    steps.unwrap()
}

/// A step that makes a view whole, or reads a table that grows with the store from end to end.
pub(super) fn is_slow(step: &str) -> bool {
    let made = step.contains("public_") && (step.contains("MATERIALIZE") || step.contains("CO-ROUTINE"));
    let read = ["notice", "register_row", "case_clock", "public_", " n", " r", " c"];
    made || step.strip_prefix("SCAN").is_some_and(|what| {
        let table = what.split(" USING").next().unwrap_or_default();
        read.iter().any(|name| table == *name || table.contains(name) && name.len() > 2)
    })
}

#[test]
fn what_screens_ask_goes_by_an_index() {
    let config = config();
    let (_dir, mut store) = store(&config);
    let day = date(2026, 11, 23);
    let asked = statements(&mut store, |store| {
        let notice = NoticeId(1);
        assert!(store.document(notice).unwrap().is_some());
        store.picture(notice, "https://example.invalid/a.png").unwrap();
        store.due_pictures("notices", Timestamp::MAX, u64::MAX, 10).unwrap();
        assert_eq!(store.due_row_pictures("rows", &config, Timestamp::MAX, 10).unwrap().len(), 1);
        store.picture(RowId(1), "https://example.invalid/b.png").unwrap();
        store.miss_picture(RowId(1), "https://example.invalid/b.png", Timestamp::UNIX_EPOCH).unwrap();
        for place in ["", "01"] {
            let query = TableQuery { register: "r".to_owned(), place: place.to_owned(), period: None };
            store.answer(&Query::Table(query), &config, day).unwrap();
        }
        store.answer(&Query::Row(RowId(1)), &config, day).unwrap();
        store.answer(&Query::Case("k".into()), &config, day).unwrap();
        let query = SearchQuery { text: "示例".into(), limit: 10, ..SearchQuery::default() };
        assert_eq!(store.find(&query, &config).unwrap().hits.len(), 1);
        store.unit_totals("r", day, day).unwrap();
        super::super::registers::walls(&store.conn, &config, day).unwrap();
    });
    assert!(asked.len() > 15, "only {} statements were heard: {asked:#?}", asked.len());
    for statement in &asked {
        let plan = plan(&store.conn, statement);
        assert!(!plan.iter().any(|step| is_slow(step)), "{statement}\n{plan:#?}");
    }
}

#[test]
fn rows_that_do_not_agree_are_found_by_their_own_index() {
    let config = config();
    let (_dir, mut store) = store(&config);
    let query = TableQuery { register: "r".to_owned(), ..TableQuery::default() };
    let asked = statements(&mut store, |store| {
        store.answer(&Query::Table(query), &config, date(2026, 11, 23)).unwrap();
    });
    let statement = asked.iter().find(|s| s.contains("off IS NOT NULL")).unwrap();
    let plan = plan(&store.conn, statement);
    assert!(plan.iter().any(|step| step.contains("register_row_off")), "{plan:#?}");
}

#[test]
fn a_slow_statement_is_known_for_one() {
    let (_dir, store) = store(&config());
    for statement in [
        "SELECT title FROM public_notice ORDER BY title",
        "SELECT count(*) FROM public_row WHERE feed + 0 = ?1",
        "SELECT f.name FROM feed f LEFT JOIN (SELECT feed, max(id) FROM public_notice GROUP BY feed) n ON n.feed = f.id",
    ] {
        let plan = plan(&store.conn, statement);
        assert!(plan.iter().any(|step| is_slow(step)), "{statement}\n{plan:#?}");
    }
}
