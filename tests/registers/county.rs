//! A small county with a ledger and approvals, plainly fictional.

use gongshi::{
    config::{Agree, Balance, CaseRules, Column, ColumnKind, Config, Feed, Holiday, Region, RegionKind, Register},
    edition::{CaseFile, Query, Response, RowFile, Table, TableQuery},
    feeds::{Harvest, HarvestOutcome, Validators},
    model::{Month, Row, Value},
    store::Store,
    time::{Timestamp, civil::Date, civil::date},
};
use std::sync::Arc;

/// The day of the tests, a Monday.
pub const TODAY: Date = date(2026, 11, 23);

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_000_000 + second).unwrap()
}

fn column(id: &str, kind: ColumnKind) -> Column {
    Column { id: id.into(), title: id.into(), kind, ..Column::default() }
}

fn summed(id: &str) -> Column {
    Column { sum: true, ..column(id, ColumnKind::Money) }
}

/// A village ledger: place, day, words, income, expense, balance, and a total of two parts.
pub fn ledger() -> Register {
    Register {
        title: "村级资金账".into(),
        key: vec!["voucher".into()],
        label: "words".into(),
        place: "village".into(),
        period: "day".into(),
        number: "project".into(),
        column: vec![
            column("voucher", ColumnKind::Code),
            column("village", ColumnKind::Place),
            column("day", ColumnKind::Date),
            column("words", ColumnKind::Text),
            summed("income"),
            summed("expense"),
            column("balance", ColumnKind::Money),
            column("cash", ColumnKind::Money),
            column("bank", ColumnKind::Money),
            column("project", ColumnKind::Code),
        ],
        balance: Some(Balance { income: "income".into(), expense: "expense".into(), balance: "balance".into() }),
        agree: vec![Agree { total: "balance".into(), parts: vec!["cash".into(), "bank".into()] }],
        ..Register::default()
    }
}

/// Approvals: receipt, item, unit, day accepted, day closed, days promised and by law.
pub fn approvals() -> Register {
    Register {
        title: "办件".into(),
        key: vec!["receipt".into()],
        label: "item".into(),
        period: "accepted".into(),
        unit: "unit".into(),
        column: vec![
            column("receipt", ColumnKind::Code),
            column("item", ColumnKind::Text),
            column("unit", ColumnKind::Unit),
            column("accepted", ColumnKind::Date),
            column("closed", ColumnKind::Date),
            column("promised", ColumnKind::Quantity),
            column("law", ColumnKind::Quantity),
        ],
        case: Some(CaseRules {
            accepted: "accepted".into(),
            closed: "closed".into(),
            promised_days: "promised".into(),
            statutory_days: "law".into(),
            pauses: vec!["专家评审".into()],
            ..CaseRules::default()
        }),
        ..Register::default()
    }
}

fn region(code: &str, name: &str, parent: &str, kind: RegionKind) -> Region {
    Region { code: code.into(), name: name.into(), parent: parent.into(), kind }
}

/// Two townships of two villages each, a feed for each register, and a second one for the ledger.
pub fn config() -> Config {
    let feed =
        |register: &str| Feed { register: register.into(), source: format!("{register}.csv"), ..Feed::default() };
    let regions = vec![
        region("99", "示例县", "", RegionKind::County),
        region("9901", "示例镇", "99", RegionKind::Township),
        region("990101", "示例村", "9901", RegionKind::Village),
        region("990102", "东山村", "9901", RegionKind::Village),
        region("9902", "示例乡", "99", RegionKind::Township),
        region("990201", "河西村", "9902", RegionKind::Village),
    ];
    let mut config = Config { regions, ..Config::default() };
    config.registers.insert("ledger".into(), ledger());
    config.registers.insert("approvals".into(), approvals());
    for (name, register) in [("甲", "ledger"), ("乙", "ledger"), ("办件", "approvals")] {
        config.feeds.insert(name.into(), feed(register));
    }
    config.calendar.holiday =
        vec![Holiday { name: "国庆节".into(), from: date(2026, 10, 1), until: date(2026, 10, 7) }];
    config
}

pub fn text(words: &str) -> Value {
    if words.is_empty() { Value::Empty } else { Value::Text(words.into()) }
}

/// A line of the ledger: its balance lies half in cash and half in the bank.
pub fn line(voucher: &str, village: &str, day: Date, income: i64, expense: i64, balance: i64) -> Row {
    let money = |n| if n == 0 { Value::Empty } else { Value::Money(n) };
    let values = vec![
        text(voucher),
        text(village),
        Value::Date(day),
        text(&format!("{voucher}号凭证")),
        money(income),
        money(expense),
        Value::Money(balance),
        Value::Money(balance / 2),
        Value::Money(balance - balance / 2),
        Value::Empty,
    ];
    Row { key: voucher.into(), values, steps: Vec::new() }
}

pub fn rows_of(feed: &str, register: &str, second: i64, whole: bool, rows: Vec<Row>) -> Harvest {
    Harvest {
        feed: feed.into(),
        title: format!("{feed}平台"),
        at: at(second),
        outcome: HarvestOutcome::Rows { register: register.into(), rows, whole, faults: Vec::new() },
        validators: Validators { etag: Some(format!("\"{second}\"")), last_modified: None },
        raw: Vec::new(),
    }
}

pub fn unchanged(feed: &str, second: i64) -> Harvest {
    Harvest {
        outcome: HarvestOutcome::Unchanged,
        validators: Validators::default(),
        ..rows_of(feed, "", second, false, Vec::new())
    }
}

pub fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

pub fn month(text: &str) -> Option<Month> {
    Some(text.parse().unwrap())
}

pub fn table(store: &Store, config: &Config, place: &str, period: Option<Month>) -> Arc<Table> {
    let query = TableQuery { register: "ledger".into(), place: place.into(), period };
    match store.answer(&Query::Table(query), config, TODAY).unwrap() {
        Response::Table(table) => table,
        other => panic!("{other:?}"),
    }
}

pub fn keys(table: &Table) -> Vec<&str> {
    table.rows.iter().map(|kept| kept.row.key.as_str()).collect()
}

pub fn file(store: &Store, config: &Config, kept: &gongshi::model::KeptRow) -> Option<Arc<RowFile>> {
    match store.answer(&Query::Row(kept.id), config, TODAY).unwrap() {
        Response::Row(file) => Some(file),
        Response::Nothing => None,
        other => panic!("{other:?}"),
    }
}

pub fn case(store: &Store, config: &Config, typed: &str, today: Date) -> Option<Arc<CaseFile>> {
    match store.answer(&Query::Case(typed.into()), config, today).unwrap() {
        Response::Case(file) => Some(file),
        Response::Nothing => None,
        other => panic!("{other:?}"),
    }
}
