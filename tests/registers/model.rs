//! The rules of keeping rows, said as plainly as can be, and random harvests against them; and `kill -9` amid them.

use super::county::*;
use gongshi::{
    config::Config,
    feeds::{Harvest, HarvestOutcome, ItemFault},
    model::{Month, Row, Value},
    store::{Ingested, Store},
    time::{Timestamp, civil::date},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const PLACES: [&str; 4] = ["990101", "990102", "990201", "elsewhere"];

#[derive(Debug, Clone)]
enum Op {
    List {
        feed: bool,
        items: Vec<(u8, u8)>,
        whole: bool,
        unread: Option<u8>,
    },
    Unchanged {
        feed: bool,
    },
    Reopen,
    /// The columns of the register's file change their order.
    Turn,
}

fn op() -> impl Strategy<Value = Op> {
    let items = prop::collection::vec((0u8..7, 0u8..6), 0..9);
    prop_oneof![
        8 => (any::<bool>(), items, any::<bool>(), prop::option::of(0u8..7))
            .prop_map(|(feed, items, whole, unread)| Op::List { feed, items, whole, unread }),
        2 => any::<bool>().prop_map(|feed| Op::Unchanged { feed }),
        1 => Just(Op::Reopen),
        1 => Just(Op::Turn),
    ]
}

/// A row by its key and variant, which moves it through places and months.
fn made(key: u8, variant: u8) -> Row {
    let place = PLACES[usize::from(variant + key) % 4];
    let day = date(2026, 8 + (variant % 3) as i8, 1 + (key % 2) as i8);
    line(&key.to_string(), place, day, i64::from(variant) * 100, i64::from(key), 50)
}

#[derive(Debug, Clone)]
struct Kept {
    feed: &'static str,
    row: Row,
    versions: u32,
    last_seen: Timestamp,
    withdrawn: bool,
    listed: bool,
}

#[derive(Debug, Default)]
struct Model {
    rows: BTreeMap<String, Kept>,
    last_ok: BTreeMap<&'static str, Timestamp>,
    /// The keys of each feed's last list, in the order of time.
    order: BTreeMap<&'static str, Vec<String>>,
}

fn day(row: &Row) -> gongshi::time::civil::Date {
    let Value::Date(day) = &row.values[2] else { panic!("a day") };
    *day
}

impl Model {
    fn take(&mut self, feed: &'static str, harvest: &Harvest) -> Ingested {
        let mut done = Ingested::default();
        let last_ok = self.last_ok.insert(feed, harvest.at);
        let HarvestOutcome::Rows { rows, whole, faults, .. } = &harvest.outcome else {
            for kept in self.rows.values_mut().filter(|k| k.feed == feed && k.listed) {
                kept.last_seen = harvest.at;
                done.same += 1;
            }
            return done;
        };
        let mut here = BTreeSet::new();
        let mut order = Vec::new();
        for row in rows {
            if order.iter().any(|(key, _)| *key == row.key) {
                continue;
            }
            order.push((row.key.clone(), day(row)));
            let fresh =
                Kept { feed, row: row.clone(), versions: 1, last_seen: harvest.at, withdrawn: false, listed: true };
            let Some(kept) = self.rows.get_mut(&row.key) else {
                self.rows.insert(row.key.clone(), fresh);
                here.insert(row.key.clone());
                done.new += 1;
                continue;
            };
            if kept.feed != feed && !kept.withdrawn {
                done.elsewhere += 1;
                continue;
            }
            here.insert(row.key.clone());
            let changed = kept.row != *row;
            if changed || kept.withdrawn {
                done.changed += 1
            } else {
                done.same += 1
            }
            *kept = Kept { versions: kept.versions + u32::from(changed), ..fresh };
        }
        let turned = order.windows(2).filter(|w| w[0].1 > w[1].1).count();
        if turned > order.windows(2).filter(|w| w[0].1 < w[1].1).count() {
            order.reverse();
        }
        self.order.insert(feed, order.into_iter().map(|(key, _)| key).collect());
        for (key, kept) in self.rows.iter_mut().filter(|(k, kept)| kept.feed == feed && !here.contains(*k)) {
            if kept.listed {
                kept.last_seen = last_ok.unwrap_or(harvest.at);
                kept.listed = false;
            }
            if *whole && !kept.withdrawn && !faults.iter().any(|f| f.item == *key) {
                kept.withdrawn = true;
                done.withdrawn += 1;
            }
        }
        done
    }

    fn agrees(&self, store: &Store, config: &Config, turned: bool) {
        let current = || self.rows.values().filter(|k| !k.withdrawn);
        let months: BTreeSet<Month> = current().map(|k| Month::of(day(&k.row))).collect();
        let told = table(store, config, "", None);
        assert_eq!(told.months, months.iter().rev().copied().collect::<Vec<_>>());
        let edition = store.edition_on(1, config, TODAY).unwrap();
        let head = edition.registers.get("ledger").cloned().unwrap_or_default();
        assert_eq!((head.rows, head.newest), (current().count() as u64, months.last().copied()));
        for month in ["2026-08", "2026-09", "2026-10"].map(|m| m.parse::<Month>().unwrap()) {
            for (place, within) in [("", &PLACES[..]), ("9901", &PLACES[..2]), ("990201", &PLACES[2..3])] {
                let told = table(store, config, place, Some(month));
                let is_in =
                    |row: &Row, month| within.contains(&row.values[1].text().unwrap()) && Month::of(day(row)) == month;
                let expected: BTreeMap<&String, &Kept> =
                    self.rows.iter().filter(|(_, k)| !k.withdrawn && is_in(&k.row, month)).collect();
                assert_eq!(told.count, expected.len() as u64);
                assert_eq!(told.rows.len(), expected.len());
                for kept in &told.rows {
                    let model = expected[&kept.row.key];
                    let mut row = model.row.clone();
                    if turned {
                        row.values.reverse();
                    }
                    assert_eq!(kept.row, row);
                    assert_eq!((kept.versions, kept.last_seen), (model.versions, model.last_seen), "{}", kept.row.key);
                    let file = file(store, config, kept).unwrap();
                    assert_eq!(file.before.len() as u32 + 1, kept.versions);
                }
                let sum = |month, column: usize| {
                    let rows = current().filter(|k| is_in(&k.row, month));
                    rows.filter_map(|k| k.row.values[column].number()).sum::<i64>()
                };
                let before = current().any(|k| is_in(&k.row, month.plus(-1)));
                for told in &told.sums {
                    let column = if turned { 9 - told.column } else { told.column };
                    assert_eq!(told.now, sum(month, column));
                    assert_eq!(told.before, before.then(|| sum(month.plus(-1), column)));
                }
                assert_eq!(told.flow.len(), 12);
                assert_eq!((told.flow[11].income, told.flow[11].expense), (sum(month, 4), sum(month, 5)));
                assert_eq!(told.flow[10].income, sum(month.plus(-1), 4));
                self.in_order(&told.rows.iter().map(|k| &k.row).collect::<Vec<_>>());
            }
        }
    }

    /// Days in order, and within a day the rows of a feed's last list in that list's order.
    fn in_order(&self, rows: &[&Row]) {
        let days: Vec<_> = rows.iter().map(|row| day(&self.rows[&row.key].row)).collect();
        assert!(days.is_sorted());
        for (feed, order) in &self.order {
            let own = rows.iter().filter(|row| self.rows[&row.key].feed == *feed && self.rows[&row.key].listed);
            let places = own.map(|row| {
                let place = order.iter().position(|key| *key == row.key).unwrap();
                (day(&self.rows[&row.key].row), place)
            });
            assert!(places.is_sorted(), "{feed}: {order:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_run_of_harvests_leaves_what_the_model_holds(ops in prop::collection::vec(op(), 1..14)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let mut config = config();
        let mut model = Model::default();
        let mut turned = false;
        for (second, op) in ops.into_iter().enumerate() {
            let second = second as i64;
            let name = |feed| if feed { "甲" } else { "乙" };
            match op {
                Op::List { feed, items, whole, unread } => {
                    let items = items.into_iter().filter(|(k, _)| Some(*k) != unread);
                    let mut rows: Vec<Row> = items.map(|(k, v)| made(k, v)).collect();
                    if let Some(key) = unread {
                        rows.retain(|row| row.key != key.to_string());
                    }
                    let mut harvest = rows_of(name(feed), "ledger", second, whole, rows);
                    if let (HarvestOutcome::Rows { faults, .. }, Some(key)) = (&mut harvest.outcome, unread) {
                        faults.push(ItemFault { item: key.to_string(), reason: "x".to_owned() });
                    }
                    let expected = model.take(name(feed), &harvest);
                    if turned && let HarvestOutcome::Rows { rows, .. } = &mut harvest.outcome {
                        rows.iter_mut().for_each(|row| row.values.reverse());
                    }
                    prop_assert_eq!(store.ingest_accepted(&harvest, &config).unwrap(), expected);
                }
                Op::Unchanged { feed } => {
                    let harvest = unchanged(name(feed), second);
                    let expected = model.take(name(feed), &harvest);
                    prop_assert_eq!(store.ingest_accepted(&harvest, &config).unwrap(), expected);
                }
                Op::Reopen => {
                    drop(store);
                    store = Store::open(dir.path()).unwrap();
                }
                Op::Turn => {
                    config.registers.get_mut("ledger").unwrap().column.reverse();
                    turned = !turned;
                }
            }
            model.agrees(&store, &config, turned);
        }
        store.check().unwrap();
    }
}
