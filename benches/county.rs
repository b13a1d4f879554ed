//! How fast a county's store answers: a store as `gongshi sample` and `gongshi harvest` made it, asked for village-months,
//! cases and words that are drawn from what it holds.
//!
//! `cargo bench --bench county -- CONFIG DATA`; without the two, a county of twenty villages is made and loaded first, by
//! the program itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench fails by panicking"
)]

#[path = "common/dice.rs"]
mod dice;

use dice::Dice;
use gongshi::{
    check,
    config::{self, Config},
    edition::{Query, Response, TableQuery},
    model::{Month, NoticeId, RowId, Value},
    search::{SearchItem, SearchQuery, SearchResults},
    store::Store,
    time::{Clock, SystemClock, processor_time},
};
use jiff::civil::{Date, date};
use pinyin::ToPinyin;
use rusqlite::{Connection, OpenFlags};
use std::{
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

const TODAY: Date = date(2026, 11, 23);
/// Questions of one kind of search; eight kinds make a thousand.
const EACH: usize = 125;
const KINDS: [&str; 8] =
    ["words of 2", "any 2 neighbours", "parts of 3 to 6", "initials", "full pinyin", "numbers", "narrowed", "mixed"];

/// An item of the store, and what it is known by.
struct Known {
    item: SearchItem,
    title: String,
    /// All its words, a piece a line.
    words: String,
    number: String,
    catalogue: String,
    unit: String,
    place: String,
    year: Option<i16>,
}

fn main() {
    let args: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    let temporary = tempfile::tempdir().unwrap();
    let (folder, data) = match args.as_slice() {
        [folder, data] => (folder.clone(), data.clone()),
        _ => make(temporary.path()),
    };
    let config = check::load(&folder).config.expect("a config without faults");
    let store = Store::open(&data).unwrap();
    let size: u64 = std::fs::read_dir(&data).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    let mut dice = Dice::new(5);
    let known = draw(&store, &config, &mut dice, 4_000);
    let entries: i64 = read(&data).query_row("SELECT count(*) FROM search_entry", [], |r| r.get(0)).unwrap();
    println!("{entries} items in {:.0} MB, {} bytes an item", size as f64 / 1e6, size / entries.max(1) as u64);
    tables(&store, &config, &mut dice);
    cases(&store, &config, &data, &mut dice);
    searches(&store, &config, &known, &mut dice);
    recall(&store, &config, &known, &mut dice);
}

/// A small county, made and loaded by the program.
fn make(dir: &Path) -> (PathBuf, PathBuf) {
    let (folder, data) = (dir.join("kiosk-config"), dir.join("data"));
    let run =
        |args: &[&str]| assert!(Command::new(env!("CARGO_BIN_EXE_gongshi")).args(args).status().unwrap().success());
    run(&["sample", "--villages", "20", "--years", "2", "--today", "2026-11-23", "--out", dir.to_str().unwrap()]);
    run(&["harvest", "--config", folder.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    (folder, data)
}

fn read(data: &Path) -> Connection {
    Connection::open_with_flags(data.join("gongshi.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Items taken at random, one in two a notice.
fn draw(store: &Store, config: &Config, dice: &mut Dice, count: usize) -> Vec<Known> {
    let db = Connection::open_with_flags(store.path(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let most = |table: &str| db.query_row(&format!("SELECT max(id) FROM {table}"), [], |r| r.get::<_, i64>(0)).unwrap();
    let (notices, rows) = (most("notice") as usize, most("register_row") as usize);
    let mut known = Vec::new();
    while known.len() < count {
        let found = if dice.below(2) == 0 {
            notice(store, NoticeId(1 + dice.below(notices) as i64))
        } else {
            row(store, config, RowId(1 + dice.below(rows) as i64))
        };
        known.extend(found);
    }
    known
}

fn notice(store: &Store, id: NoticeId) -> Option<Known> {
    let notice = store.document(id).unwrap()?.notice;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Some(Known {
        item: SearchItem::Notice(id),
        words: notice.body.iter().map(|b| b.plain_text()).collect::<Vec<_>>().join("\n"),
        number: notice.number.clone().unwrap_or_default(),
        catalogue: notice.catalogue.clone(),
        unit: notice.issuer.clone().unwrap_or_default(),
        place: String::new(),
        year: notice.published.map(|at| at.to_zoned(zone).year()),
        title: notice.title.clone(),
    })
}

fn row(store: &Store, config: &Config, id: RowId) -> Option<Known> {
    let Response::Row(file) = store.answer(&Query::Row(id), config, TODAY).unwrap() else { return None };
    let register = &config.registers[&file.register];
    let row = &file.kept.row;
    let value = |id: &str| register.index(id).and_then(|at| row.values.get(at));
    let text = |id: &str| value(id).and_then(Value::text).unwrap_or_default().to_owned();
    let texts = register.column.iter().zip(&row.values).filter(|(c, _)| c.id != register.place);
    let item = if register.case.is_some() { SearchItem::Case(row.key.clone()) } else { SearchItem::Row(id) };
    Some(Known {
        item,
        title: text(&register.label),
        words: texts.filter_map(|(_, value)| value.text()).collect::<Vec<_>>().join("\n"),
        number: if register.number.is_empty() { row.key.clone() } else { text(&register.number) },
        catalogue: register.catalogue.clone(),
        unit: text(&register.unit),
        place: text(&register.place),
        year: match value(&register.period) {
            Some(Value::Date(day)) => Some(day.year()),
            Some(Value::Month(month)) => Some(month.year()),
            _ => None,
        },
    })
}

/// Prints how long each piece of work took, by the wall and by this program's processor time.
fn spread(name: &str, times: usize, mut work: impl FnMut(usize) -> String) {
    let clock = SystemClock::default();
    let mut all: Vec<(Duration, Duration, String)> = (0..times)
        .map(|n| {
            let start = (clock.monotonic(), processor_time());
            let what = work(n);
            (clock.monotonic().saturating_sub(start.0), processor_time().saturating_sub(start.1), what)
        })
        .collect();
    all.sort_unstable();
    let mut own: Vec<Duration> = all.iter().map(|a| a.1).collect();
    own.sort_unstable();
    let at = |share: usize| (times - 1) * share / 100;
    println!(
        "{name:28} p50 {:>9.3?} p99 {:>9.3?} max {:>9.3?}   processor p50 {:>9.3?} p99 {:>9.3?}   slowest {}",
        all[at(50)].0,
        all[at(99)].0,
        all[at(100)].0,
        own[at(50)],
        own[at(99)],
        all[at(100)].2
    );
}

/// Drill-down: pages of one village in one month, of registers with a place and a period.
fn tables(store: &Store, config: &Config, dice: &mut Dice) {
    let villages: Vec<&str> =
        config.regions.iter().filter(|r| r.kind == config::RegionKind::Village).map(|r| r.code.as_str()).collect();
    let mut questions = Vec::new();
    while questions.len() < 1_000 {
        let place = dice.of(&villages).to_string();
        let months = store.answer(
            &Query::Table(TableQuery { register: "village-money".into(), place: place.clone(), period: None }),
            config,
            TODAY,
        );
        let Response::Table(newest) = months.unwrap() else { continue };
        for _ in 0..4.min(newest.months.len()) {
            let period: Month = *dice.of(&newest.months);
            questions.push(TableQuery { register: "village-money".into(), place: place.clone(), period: Some(period) });
        }
        if newest.months.is_empty() {
            questions.push(TableQuery { register: "village-money".into(), place, period: None });
        }
    }
    spread("a village's month", questions.len(), |n| {
        drop(black_box(store.answer(&Query::Table(questions[n].clone()), config, TODAY).unwrap()));
        format!("{:?}", questions[n])
    });
}

fn cases(store: &Store, config: &Config, data: &Path, dice: &mut Dice) {
    let db = read(data);
    let mut all = db.prepare("SELECT receipt FROM case_clock").unwrap();
    let all: Vec<String> = all.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    spread("a case by its receipt", 1_000, |_| {
        let receipt = dice.of(&all).clone();
        let told = store.answer(&Query::Case(receipt.clone().into()), config, TODAY).unwrap();
        assert!(matches!(told, Response::Case(_) | Response::Row(_)), "{receipt}");
        receipt
    });
}

fn part(text: &str, length: usize, dice: &mut Dice) -> String {
    let lines: Vec<Vec<char>> =
        text.lines().map(|l| l.chars().collect()).filter(|l: &Vec<char>| !l.is_empty()).collect();
    let line = dice.of(&lines);
    let start = dice.below(line.len().saturating_sub(length) + 1);
    line.iter().skip(start).take(length).collect()
}

fn letters(text: &str, initials: bool) -> String {
    let plain = text.to_pinyin().flatten().map(|p| p.plain().replace('ü', "v"));
    plain.map(|p| if initials { p[..1].to_owned() } else { p }).collect()
}

fn query(kind: usize, known: &[Known], dice: &mut Dice) -> SearchQuery {
    let known = dice.of(known);
    let mut query = SearchQuery { limit: 20, ..SearchQuery::default() };
    let length = 2 + dice.below(4);
    let text: String = match kind {
        0 => part(&known.title, 2, dice),
        1 => part(&known.words, 2, dice),
        2 => part(&known.words, length + 1, dice),
        3 => letters(&part(&known.title, length, dice), true),
        4 => letters(&part(&known.title, length.min(4), dice), false),
        5 => known.number.clone(),
        6 => {
            query.year = known.year;
            query.catalogue.clone_from(&known.catalogue);
            if dice.below(2) == 0 {
                query.unit.clone_from(&known.unit);
            }
            query.place = if dice.below(2) == 0 { known.place.clone() } else { String::new() };
            part(&known.words, 2, dice)
        }
        _ => format!("{} {}", part(&known.title, 2, dice), letters(&part(&known.title, 2, dice), length > 3)),
    };
    query.text = text.into();
    query
}

fn searches(store: &Store, config: &Config, known: &[Known], dice: &mut Dice) {
    let mut all = Vec::new();
    for (kind, name) in KINDS.iter().enumerate() {
        let queries: Vec<SearchQuery> = (0..EACH).map(|_| query(kind, known, dice)).collect();
        let ask = |query: &SearchQuery| {
            let found = store.find(query, config).unwrap();
            format!("{:?}: {}", query.text, found.total)
        };
        spread(name, EACH, |n| ask(&queries[n]));
        all.extend(queries);
    }
    // Once more all together, in another order, as a morning's visitors would ask.
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    spread("all of them, mixed", all.len(), |n| {
        let found = store.find(&all[n], config).unwrap();
        format!("{:?}: {}", all[n].text, found.total)
    });
}

/// Whether items are among the hits for random parts of themselves, narrowed by what they stand under. Parts that stand in
/// more than ten thousand newer items, even so, tell nothing and are drawn again.
fn recall(store: &Store, config: &Config, known: &[Known], dice: &mut Dice) {
    let (mut found, mut missed, mut beyond) = (0, 0, 0);
    while found + missed < 1_000 {
        let known = dice.of(known);
        let length = 2 + dice.below(5);
        let text = part(&format!("{}\n{}", known.title, known.words), length, dice);
        let mut query = SearchQuery { text: text.into(), limit: 1_000, year: known.year, ..SearchQuery::default() };
        (query.catalogue, query.place) = (known.catalogue.clone(), known.place.clone());
        query.unit.clone_from(&known.unit);
        let verdict = loop {
            let hits: SearchResults = store.find(&query, config).unwrap();
            if hits.hits.iter().any(|hit| hit.item == known.item) {
                break &mut found;
            }
            if hits.hits.len() < query.limit {
                println!("missed: {:?} of {:?} {}", query.text, known.item, known.title);
                break &mut missed;
            }
            if query.offset >= 9_000 {
                break &mut beyond;
            }
            query.offset += query.limit;
        };
        *verdict += 1;
    }
    println!("parts of 2 to 6 characters: {found} found, {missed} missed, {beyond} drawn again");
}
