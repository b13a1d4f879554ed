//! Rows that zones of walls ask for: bounded, kept up with the register, and there again after a restart.

use super::county::*;
use gongshi::{
    config::{
        Config, RowPeriod, Screen, Zone,
        zones::{BoardZone, RegisterZone, ZoneContent},
    },
    edition::WallRows,
    model::{Lamp, Row, Value},
    store::Store,
    time::civil::{Date, date},
};
use std::sync::Arc;

fn table(register: &str) -> RegisterZone {
    RegisterZone { register: register.into(), ..RegisterZone::default() }
}

fn zone(content: impl Into<ZoneContent>) -> Zone {
    Zone::new(0, 0, content)
}

fn with(zones: &[Zone]) -> Config {
    let screen = Screen { zone: zones.to_vec(), ..Screen::default() };
    Config { screens: [("wall".to_owned(), screen)].into(), ..config() }
}

/// What the edition has for a zone.
fn rows(store: &Store, table: &RegisterZone) -> Arc<WallRows> {
    let zone = zone(table.clone());
    let edition = store.edition_on(1, &with(std::slice::from_ref(&zone)), TODAY).unwrap();
    assert_eq!(edition.walls.len(), 1);
    Arc::clone(&edition.walls[&zone.wall_query().unwrap()])
}

fn keys(rows: &WallRows) -> Vec<&str> {
    rows.rows.iter().map(|r| r.kept.row.key.as_str()).collect()
}

fn filled() -> (tempfile::TempDir, Store) {
    let (dir, mut store) = open();
    let day = |m, d| date(2026, m, d);
    let mut wrong = line("a3", "990101", day(10, 27), 0, 2_000, 127_000);
    wrong.values[8] = Value::Money(60_000);
    let rows = vec![
        line("a1", "990101", day(9, 5), 10_000, 0, 110_000),
        line("a2", "990101", day(10, 3), 24_000, 0, 130_000),
        wrong,
        line("b1", "990102", day(10, 9), 500, 0, 500),
        line("c1", "990201", day(11, 2), 7, 0, 7),
    ];
    store.ingest_with(&rows_of("甲", "ledger", 0, true, rows), &config()).unwrap();
    (dir, store)
}

#[test]
fn the_newest_month_of_a_place_comes_by_day_with_its_sums() {
    let (_dir, store) = filled();
    let town = RegisterZone { place: "9901".into(), ..table("ledger") };
    let found = rows(&store, &town);
    assert_eq!((keys(&found), found.month, found.count), (vec!["a2", "b1", "a3"], month("2026-10"), 3));
    assert_eq!(found.sums.iter().map(|s| (s.column, s.now)).collect::<Vec<_>>(), [(4, 24_500), (5, 2_000)]);
    assert_eq!(found.rows.iter().map(|r| r.off).collect::<Vec<_>>(), [None, None, Some(3_500)]);
    assert_eq!((found.source_title.as_str(), found.last_ok), ("甲平台", Some(at(0))));
    // Of too many, the newest stay; how many there are is said all the same, and the sums are those of all.
    let few = rows(&store, &RegisterZone { limit: 2, ..town });
    assert_eq!((keys(&few), few.count, few.sums[0].now), (vec!["b1", "a3"], 3, 24_500));
    // The whole county's newest month is another one.
    assert_eq!(keys(&rows(&store, &table("ledger"))), ["c1"]);
}

#[test]
fn rows_of_all_months_come_newest_first_and_within_the_limit() {
    let (_dir, store) = filled();
    let all = RegisterZone { period: RowPeriod::All, ..table("ledger") };
    let found = rows(&store, &all);
    assert_eq!((keys(&found), found.month, found.count), (vec!["c1", "a3", "b1", "a2", "a1"], None, 5));
    assert!(found.sums.is_empty(), "sums of some rows would say nothing");
    let few = rows(&store, &RegisterZone { limit: 3, ..all });
    assert_eq!((keys(&few), few.count), (vec!["c1", "a3", "b1"], 5));
    let query = zone(RegisterZone { limit: 1_000_000, ..table("ledger") }).wall_query().unwrap();
    assert_eq!(query.limit, 200, "no zone asks for more");
}

#[test]
fn rows_follow_their_register_and_a_restart_without_a_network() {
    let (dir, mut store) = filled();
    let all = RegisterZone { period: RowPeriod::All, ..table("ledger") };
    let rows_now = vec![line("d1", "990201", date(2026, 11, 20), 9, 0, 16)];
    store.ingest_accepted(&rows_of("甲", "ledger", 60, true, rows_now), &config()).unwrap();
    assert_eq!(keys(&rows(&store, &all)), ["d1"], "those the source has withdrawn are gone");
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    let found = rows(&store, &all);
    assert_eq!((keys(&found), found.last_ok), (vec!["d1"], Some(at(60))));
}

#[test]
fn nothing_is_read_that_no_zone_asks_for() {
    let (_dir, store) = filled();
    assert!(store.edition_on(1, &config(), TODAY).unwrap().walls.is_empty());
    let board = zone(BoardZone::default());
    let twice = with(&[zone(table("ledger")), board, zone(table("ledger")), zone(table("nonsense"))]);
    assert_eq!(store.edition_on(1, &twice, TODAY).unwrap().walls.len(), 1, "one question, asked once");
}

#[test]
fn cases_in_hand_come_by_their_deadline_with_their_clocks() {
    let (_dir, mut store) = open();
    let approval = |receipt: &str, accepted: Date, closed: Option<Date>, promised: i64| Row {
        key: receipt.into(),
        values: vec![
            text(receipt),
            text("食品经营许可（新办）"),
            text("市场监督管理局"),
            Value::Date(accepted),
            closed.map_or(Value::Empty, Value::Date),
            if promised == 0 { Value::Empty } else { Value::Quantity(promised * 10_000) },
            Value::Empty,
        ],
        steps: Vec::new(),
    };
    let day = |d| date(2026, 11, d);
    let all = vec![
        approval("fresh", day(20), None, 10),
        approval("late", day(2), None, 10),
        approval("near", day(9), None, 10),
        approval("endless", day(3), None, 0),
        approval("closed", day(12), Some(TODAY), 10),
    ];
    store.ingest_with(&rows_of("办件", "approvals", 0, true, all), &config()).unwrap();
    let found = rows(&store, &RegisterZone { open_only: true, ..table("approvals") });
    assert_eq!((keys(&found), found.count), (vec!["late", "near", "fresh", "endless"], 4));
    let lamps: Vec<_> = found.rows.iter().map(|r| r.clocks.unwrap().lamp).collect();
    assert_eq!(lamps, [Lamp::Red, Lamp::Yellow, Lamp::Green, Lamp::Green]);
    let any = rows(&store, &table("approvals"));
    assert_eq!(any.count, 5, "closed ones too");
}
