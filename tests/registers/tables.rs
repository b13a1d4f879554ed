//! Rows by place and period, with their sums, their balance and their history.

use super::county::*;
use gongshi::{
    config::{Column, ColumnKind},
    edition::{BalanceState, Flow, Query, Response, Sum, TableQuery},
    feeds::HarvestOutcome,
    model::{Notice, Row, ShowPeriod, Value},
    store::{Ingested, StoreError},
    time::civil::date,
};

/// Three months of one village, one row of its neighbour, one of the other township.
fn filled() -> (tempfile::TempDir, gongshi::store::Store) {
    let (dir, mut store) = open();
    let rows = vec![
        line("a1", "990101", date(2026, 8, 5), 10_000, 0, 110_000),
        line("a2", "990101", date(2026, 9, 3), 0, 4_000, 106_000),
        line("a3", "990101", date(2026, 10, 3), 24_000, 0, 130_000),
        line("a4", "990101", date(2026, 10, 3), 0, 1_000, 129_000),
        line("a5", "990101", date(2026, 10, 27), 0, 2_000, 127_000),
        line("b1", "990102", date(2026, 10, 9), 500, 0, 500),
        line("c1", "990201", date(2026, 9, 30), 7, 0, 7),
    ];
    let done = store.ingest_with(&rows_of("甲", "ledger", 0, true, rows), &config()).unwrap();
    assert_eq!(done, Ingested { new: 7, ..Ingested::default() });
    (dir, store)
}

#[test]
fn a_village_month_is_told_with_all_around_it() {
    let (_dir, store) = filled();
    let config = config();
    let table = table(&store, &config, "990101", None);
    assert_eq!(table.query.period, month("2026-10"));
    assert_eq!(keys(&table), ["a3", "a4", "a5"]);
    assert_eq!((table.count, table.below.len()), (3, 0));
    assert_eq!(table.months, ["2026-10", "2026-09", "2026-08"].map(|m| m.parse().unwrap()));
    let sum = |column, now, before| Sum { column, now, before: Some(before) };
    assert_eq!(table.sums, [sum(4, 24_000, 0), sum(5, 3_000, 4_000)]);
    assert_eq!(table.balance, Some(BalanceState { opening: Some(106_000), closing: 127_000, off: 0 }));
    assert_eq!(table.flow.len(), 12);
    let flow = |m: &str, income, expense| Flow { month: m.parse().unwrap(), income, expense };
    assert_eq!(
        table.flow[9..],
        [flow("2026-08", 10_000, 0), flow("2026-09", 0, 4_000), flow("2026-10", 24_000, 3_000)]
    );
    assert_eq!(table.flow[0], flow("2025-11", 0, 0));
    assert_eq!((table.source_title.as_str(), table.last_ok), ("甲平台", Some(at(0))));
    assert_eq!((table.rows[0].last_seen, table.rows[0].versions), (at(0), 1));
    assert!(table.disagree.is_empty());
    assert_eq!(table.rows[1].row, line("a4", "990101", date(2026, 10, 3), 0, 1_000, 129_000));
}

#[test]
fn places_lead_down_from_the_county_to_its_villages() {
    let (_dir, store) = filled();
    let config = config();
    let below = |place: &str, period: &str| {
        let table = table(&store, &config, place, month(period));
        (table.count, table.below.clone(), table.balance)
    };
    let counted = |places: &[(&str, u64)]| places.iter().map(|(p, n)| ((*p).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(below("", "2026-09"), (2, counted(&[("9901", 1), ("9902", 1)]), None));
    assert_eq!(below("99", "2026-09"), (2, counted(&[("9901", 1), ("9902", 1)]), None));
    assert_eq!(below("9901", "2026-10"), (4, counted(&[("990101", 3), ("990102", 1)]), None));
    assert_eq!(below("990102", "2026-09"), (0, Vec::new(), None));
    assert_eq!(below("nowhere", "2026-10"), (0, Vec::new(), None));
    assert_eq!(table(&store, &config, "9902", None).query.period, month("2026-09"));
    assert_eq!(table(&store, &config, "9901", None).sums[0].now, 24_500);
    assert_eq!(keys(&table(&store, &config, "9901", None)), ["a3", "a4", "b1", "a5"]);
}

#[test]
fn a_balance_or_a_sum_that_does_not_agree_is_told() {
    let (_dir, mut store) = filled();
    let config = config();
    // The source's next list has a wrong balance in the last row, and it lies nowhere in full.
    let mut wrong = line("a5", "990101", date(2026, 10, 27), 0, 2_000, 127_120);
    wrong.values[8] = Value::Money(63_500);
    store.ingest_with(&rows_of("甲", "ledger", 60, false, vec![wrong]), &config).unwrap();
    let table = table(&store, &config, "990101", None);
    assert_eq!(table.balance, Some(BalanceState { opening: Some(106_000), closing: 127_120, off: 120 }));
    assert_eq!(table.disagree, [(table.rows[2].id, 60)]);
    // Of the first month nothing is known of the time before; its own row agrees with itself.
    let first = super::county::table(&store, &config, "990101", month("2026-08"));
    assert_eq!(first.balance, Some(BalanceState { opening: None, closing: 110_000, off: 0 }));
}

#[test]
fn a_row_without_a_balance_moves_it_all_the_same() {
    let (_dir, mut store) = filled();
    let config = config();
    let mut bare = line("a6", "990101", date(2026, 10, 30), 0, 7_000, 0);
    bare.values[6] = Value::Empty;
    store.ingest_with(&rows_of("甲", "ledger", 60, false, vec![bare]), &config).unwrap();
    let table = table(&store, &config, "990101", None);
    assert_eq!(table.balance, Some(BalanceState { opening: Some(106_000), closing: 120_000, off: 0 }));
}

#[test]
fn a_row_keeps_its_history_its_source_and_the_notices_of_its_number() {
    let (_dir, mut store) = filled();
    let mut config = config();
    // What a feed brought that is not in use is not listed.
    config.feeds.insert("公告".into(), gongshi::config::Feed::default());
    let mut row = line("a5", "990101", date(2026, 10, 27), 0, 2_000, 127_000);
    row.values[9] = text("示例〔2026〕7号");
    store.ingest_with(&rows_of("甲", "ledger", 60, false, vec![row.clone()]), &config).unwrap();
    let notice = Notice {
        key: "n".into(),
        title: "示例村道路维修招标公告".into(),
        kind: String::new(),
        catalogue: String::new(),
        issuer: None,
        number: Some("示例〔2026〕7号".into()),
        author: None,
        published: None,
        updated: None,
        show: ShowPeriod::default(),
        summary: String::new(),
        body: Vec::new(),
        attachments: Vec::new(),
        link: None,
        warning: None,
    };
    let mut notices = rows_of("公告", "", 61, false, Vec::new());
    let items = vec![gongshi::feeds::Harvested { notice, source: "x".into() }];
    notices.outcome = HarvestOutcome::Notices { items, whole: false, faults: Vec::new() };
    store.ingest(&notices).unwrap();
    let table = table(&store, &config, "990101", None);
    let file = file(&store, &config, &table.rows[2]).unwrap();
    assert_eq!((file.register.as_str(), file.source.as_str()), ("ledger", "ledger.csv"));
    assert_eq!((file.kept.row.clone(), file.kept.versions), (row, 2));
    let before = line("a5", "990101", date(2026, 10, 27), 0, 2_000, 127_000);
    assert_eq!(file.before, [(at(0), before)]);
    assert_eq!(file.notices.len(), 1);
    assert_eq!(file.digest.len(), 64);
    // Rows that fell out of a list that was not whole were last confirmed by the list before.
    assert_eq!((table.rows[0].last_seen, table.rows[2].last_seen), (at(0), at(60)));
    store.ingest_with(&unchanged("甲", 90), &config).unwrap();
    let table = super::county::table(&store, &config, "990101", None);
    assert_eq!((table.rows[0].last_seen, table.rows[2].last_seen), (at(0), at(90)));
}

#[test]
fn a_list_that_has_its_newest_first_is_told_in_the_order_of_time() {
    let (_dir, mut store) = open();
    let config = config();
    let day = |d| date(2026, 10, d);
    let newest_first = vec![
        line("4", "990101", day(9), 0, 5, 70),
        line("3", "990101", day(9), 0, 25, 75),
        line("2", "990101", day(2), 60, 0, 100),
        line("1", "990101", day(1), 40, 0, 40),
    ];
    store.ingest_with(&rows_of("甲", "ledger", 0, true, newest_first.clone()), &config).unwrap();
    let told = table(&store, &config, "990101", None);
    assert_eq!(keys(&told), ["1", "2", "3", "4"]);
    assert_eq!(told.balance, Some(BalanceState { opening: None, closing: 70, off: 0 }));
    // What comes between and before later takes its place; a place may also change.
    let mut grown = newest_first;
    grown.insert(0, line("5", "990101", day(9), 0, 0, 70));
    grown.insert(2, line("3a", "990101", day(9), 0, 0, 75));
    grown.push(line("0", "990101", day(1), 0, 0, 0));
    store.ingest_with(&rows_of("甲", "ledger", 1, true, grown.clone()), &config).unwrap();
    assert_eq!(keys(&table(&store, &config, "990101", None)), ["0", "1", "2", "3", "3a", "4", "5"]);
    grown.swap(0, 2);
    let done = store.ingest_with(&rows_of("甲", "ledger", 2, true, grown), &config).unwrap();
    assert_eq!(done, Ingested { same: 7, ..Ingested::default() });
    assert_eq!(keys(&table(&store, &config, "990101", None)), ["0", "1", "2", "3", "5", "4", "3a"]);
}

#[test]
fn a_row_belongs_to_the_feed_that_brought_it_for_as_long_as_that_brings_it() {
    let (_dir, mut store) = open();
    let mut config = config();
    let row = |balance| line("k", "990101", date(2026, 10, 3), 1, 0, balance);
    let take = |store: &mut gongshi::store::Store, config: &_, feed, second, whole, rows| {
        store.ingest_with(&rows_of(feed, "ledger", second, whole, rows), config).unwrap()
    };
    take(&mut store, &config, "甲", 0, true, vec![row(1)]);
    let done = take(&mut store, &config, "乙", 1, true, vec![row(2)]);
    assert_eq!(done, Ingested { elsewhere: 1, ..Ingested::default() });
    // It is to come back for it whether or not its source changes.
    assert_eq!(store.validators("乙").unwrap().etag, None);
    assert_eq!(table(&store, &config, "990101", None).rows[0].row, row(1));
    assert_eq!(take(&mut store, &config, "甲", 2, true, Vec::new()).withdrawn, 1);
    assert_eq!(take(&mut store, &config, "乙", 3, true, vec![row(2)]).changed, 1);
    assert_eq!(store.validators("乙").unwrap().etag.as_deref(), Some("\"3\""));
    assert_eq!(table(&store, &config, "990101", None).rows[0].row, row(2));
    // A feed whose file has gone brings nothing any more.
    config.feeds.remove("乙");
    assert_eq!(take(&mut store, &config, "甲", 4, true, vec![row(2)]).same, 1);
    assert_eq!(take(&mut store, &config, "甲", 5, true, Vec::new()).withdrawn, 1);
}

#[test]
fn rows_of_a_register_the_feed_no_longer_fills_are_withdrawn() {
    let (_dir, mut store) = filled();
    let mut config = config();
    config.registers.insert("other".into(), ledger());
    let rows = vec![line("z", "990101", date(2026, 10, 1), 1, 0, 1)];
    let done = store.ingest_with(&rows_of("甲", "other", 9, true, rows), &config).unwrap();
    assert_eq!(done, Ingested { new: 1, withdrawn: 7, ..Ingested::default() });
    assert_eq!(table(&store, &config, "", None).count, 0);
    let edition = store.edition_on(1, &config, TODAY).unwrap();
    assert_eq!(edition.registers.keys().collect::<Vec<_>>(), ["other"]);
}

#[test]
fn a_register_without_a_file_is_refused_and_no_longer_told() {
    let (_dir, mut store) = filled();
    let mut config = config();
    let refused = store.ingest_with(&rows_of("甲", "nowhere", 1, true, Vec::new()), &config);
    assert!(matches!(&refused, Err(StoreError::Register { .. })), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("registers/nowhere.toml"));
    let kept = table(&store, &config, "990101", None).rows[0].clone();
    config.registers.remove("ledger");
    let query = Query::Table(TableQuery { register: "ledger".into(), ..TableQuery::default() });
    assert!(matches!(store.answer(&query, &config, TODAY).unwrap(), Response::Nothing));
    assert!(file(&store, &config, &kept).is_none());
    assert!(store.edition_on(1, &config, TODAY).unwrap().registers.is_empty());
    // One that has a file but no rows yet is an empty table.
    let mut config = super::county::config();
    config.registers.insert("new".into(), ledger());
    let query = Query::Table(TableQuery { register: "new".into(), ..TableQuery::default() });
    assert!(matches!(store.answer(&query, &config, TODAY).unwrap(), Response::Table(t) if t.count == 0));
}

#[test]
fn a_changed_file_makes_what_is_kept_anew() {
    let (_dir, mut store) = filled();
    let mut config = config();
    assert_eq!(store.rebuild_derived(&config).unwrap(), 0);
    let register = config.registers.get_mut("ledger").unwrap();
    // The columns turn round, one is new, one goes, another is added up, and the balance rule goes.
    register.column.reverse();
    register.column.insert(0, Column { id: "new".into(), kind: ColumnKind::Text, ..Column::default() });
    register.column.retain(|c| c.id != "cash");
    register.column.iter_mut().for_each(|c| c.sum = c.id == "balance");
    register.balance = None;
    register.agree.clear();
    assert_eq!(store.rebuild_derived(&config).unwrap(), 7);
    assert_eq!(store.rebuild_derived(&config).unwrap(), 0);
    let told = table(&store, &config, "990101", None);
    let at = config.registers["ledger"].index("balance").unwrap();
    assert_eq!(told.sums, [Sum { column: at, now: 386_000, before: Some(106_000) }]);
    assert_eq!((told.balance, told.flow.len(), told.count), (None, 0, 3));
    assert_eq!(told.rows[0].row.values[at], Value::Money(130_000));
    assert_eq!(told.rows[0].row.values[0], Value::Empty);
    // Without a column of places, all is the county's.
    config.registers.get_mut("ledger").unwrap().place = String::new();
    assert_eq!(store.rebuild_derived(&config).unwrap(), 7);
    assert_eq!((table(&store, &config, "", None).count, table(&store, &config, "99", None).count), (4, 0));
}

#[test]
fn rows_without_a_period_are_kept_and_a_register_without_periods_told_whole() {
    let (_dir, mut store) = open();
    let mut config = config();
    let undated = Row { key: "u".into(), values: vec![text("u"), text("990101"), text("某日")], steps: Vec::new() };
    let rows = vec![undated, line("a", "990101", date(2026, 10, 1), 1, 0, 1)];
    store.ingest_with(&rows_of("甲", "ledger", 0, true, rows), &config).unwrap();
    assert_eq!(keys(&table(&store, &config, "990101", None)), ["a"]);
    assert_eq!(store.edition_on(1, &config, TODAY).unwrap().registers["ledger"].rows, 2);
    config.registers.get_mut("ledger").unwrap().period = String::new();
    store.rebuild_derived(&config).unwrap();
    let told = table(&store, &config, "9901", None);
    assert_eq!((keys(&told), told.query.period, told.months.len()), (vec!["u", "a"], None, 0));
}

#[test]
fn a_feed_that_is_switched_off_takes_its_rows_along_and_brings_them_back() {
    let (_dir, mut store) = filled();
    let mut config = config();
    let more = vec![line("d1", "990101", date(2026, 10, 28), 5, 0, 127_005)];
    store.ingest_with(&rows_of("乙", "ledger", 1, true, more), &config).unwrap();
    config.feeds.get_mut("甲").unwrap().enabled = false;
    assert_eq!(store.rebuild_derived(&config).unwrap(), 7);
    assert_eq!(store.rebuild_derived(&config).unwrap(), 0);
    let told = table(&store, &config, "", None);
    assert_eq!((keys(&told), told.sums[0].now), (vec!["d1"], 5));
    assert_eq!(store.validators("甲").unwrap().etag, None, "its next look is to bring all");
    config.feeds.get_mut("甲").unwrap().enabled = true;
    assert_eq!(store.rebuild_derived(&config).unwrap(), 0);
    let back = line("a5", "990101", date(2026, 10, 27), 0, 2_000, 127_000);
    assert_eq!(store.ingest_with(&rows_of("甲", "ledger", 2, true, vec![back]), &config).unwrap().changed, 1);
    assert_eq!(keys(&table(&store, &config, "", None)), ["a5", "d1"]);
}
