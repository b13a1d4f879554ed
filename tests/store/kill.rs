//! `kill -9` at random moments: nothing acknowledged is lost, and no harvest is there by half.

use super::{at, harvest, journal, notice};
use gongshi::{
    config::{CaseRules, Column, ColumnKind, Config, Feed, Register},
    edition::{Query, Response, TableQuery},
    feeds::{Harvest, HarvestOutcome},
    model::{Notice, NoticeId, Row, Value},
    store::{Recorded, Store},
    time::{Clock, SystemClock, civil::date},
};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// Kills without `GONGSHI_KILLS`, and those after which a new store is begun, since each is read whole every time.
const ROUNDS: u32 = 24;
const EACH: u32 = 50;
const ITEMS: u64 = 60;
const KILLS: &str = "GONGSHI_KILLS";
const DIR: &str = "GONGSHI_TEST_STORE";
const FROM: &str = "GONGSHI_TEST_FROM";

/// A register of cases that the feed 账 fills.
fn registers() -> Config {
    let column = |id: &str, kind, sum| Column { id: id.into(), title: id.into(), kind, sum, ..Column::default() };
    let register = Register {
        key: vec!["k".into()],
        period: "day".into(),
        column: vec![
            column("k", ColumnKind::Code, false),
            column("day", ColumnKind::Date, false),
            column("money", ColumnKind::Money, true),
        ],
        case: Some(CaseRules { accepted: "day".into(), ..CaseRules::default() }),
        ..Register::default()
    };
    let mut config = Config::default();
    config.registers.insert("账".into(), register);
    config.feeds.insert("账".into(), Feed { register: "账".into(), ..Feed::default() });
    config
}

/// The rows of harvest `n`: the keys of its notices, each with `n` fen.
fn nth_rows(n: u64) -> Harvest {
    let made = |k: u64| Row {
        key: k.to_string(),
        values: vec![Value::Text(k.to_string()), Value::Date(DAY), Value::Money(n as i64)],
        steps: Vec::new(),
    };
    let rows = (n % 7..n % 7 + ITEMS).map(made).collect();
    let outcome = HarvestOutcome::Rows { register: "账".into(), rows, whole: true, faults: Vec::new() };
    Harvest { outcome, ..harvest("账", n as i64, true, Vec::new()) }
}

const DAY: jiff::civil::Date = date(2026, 11, 23);

/// Harvest `n` holds the keys `n % 7 ..` for [`ITEMS`], each saying `n`: every one new, changed or come back.
fn nth(n: u64) -> Harvest {
    let filler = "公开透明。".repeat(40);
    let made = |k: u64| Notice { summary: filler.clone(), ..notice(&k.to_string(), &n.to_string()) };
    harvest("甲", n as i64, true, (n % 7..n % 7 + ITEMS).map(made).collect())
}

#[test]
#[ignore = "not a test of its own: the child of survives_kill_9"]
fn child() {
    let (Ok(dir), Ok(from)) = (std::env::var(DIR), std::env::var(FROM)) else {
        println!("skipped: the child of survives_kill_9 runs only as that");
        return;
    };
    let mut store = Store::open(Path::new(&dir)).unwrap();
    let config = registers();
    let from: u64 = from.parse().unwrap();
    for n in from.. {
        store.ingest(&nth(n)).unwrap();
        let shown: Vec<NoticeId> = store.edition(n).unwrap().notices.iter().map(|head| head.id).collect();
        let entry = |(k, id): (u64, &NoticeId)| journal::entry(n * ITEMS + k, *id, 1, [n, n]);
        let entries = (0..).zip(&shown).map(entry).collect();
        let report = journal::report(from, vec![journal::anchor(0, 0, at(0))], entries);
        assert!(matches!(store.record_displays(&journal::run(from, "start"), &[report]), Ok(Recorded::Stored)));
        store.ingest_with(&nth_rows(n), &config).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nack {n}").unwrap();
        out.flush().unwrap();
    }
}

/// Runs the child, kills it after `wait`, and says what it acknowledged last.
fn killed(dir: &Path, from: u64, wait: Duration) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let acks = out
            .split(b'\n')
            .map_while(Result::ok)
            .filter_map(|line| String::from_utf8(line).ok()?.strip_prefix("ack ")?.parse::<u64>().ok());
        acks.last()
    });
    std::thread::sleep(wait);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.code().is_none(), "the child was to be killed, but ended with {status}");
    reader.join().unwrap()
}

/// The harvest the store holds, whole; `None` for an empty store.
fn held(store: &Store) -> Option<u64> {
    let edition = store.edition(1).unwrap();
    let n: u64 = edition.notices.first()?.title.parse().unwrap();
    let HarvestOutcome::Notices { items, .. } = nth(n).outcome else { panic!("a list") };
    let mut keys: Vec<String> = items.iter().map(|i| i.notice.key.clone()).collect();
    let mut found = Vec::new();
    for head in &edition.notices {
        let document = store.document(head.id).unwrap().unwrap();
        assert_eq!(document.notice.title, n.to_string(), "half a harvest");
        let key: u64 = document.notice.key.parse().unwrap();
        let times = (1..=n).filter(|m| (m % 7..m % 7 + ITEMS).contains(&key)).count();
        assert_eq!(store.versions(head.id).unwrap().len(), times, "versions of {key} after {n}");
        found.push(document.notice.key);
    }
    keys.sort();
    found.sort();
    assert_eq!(found, keys);
    assert_eq!(store.validators("甲").unwrap().etag, Some(format!("\"{n}\"")));
    assert_eq!(edition.feeds[0].last_ok, Some(at(n as i64)));
    Some(n)
}

/// The harvest of rows the store holds, whole and with all that is kept of it; 0 for an empty store.
fn held_rows(store: &Store, config: &Config) -> u64 {
    let query = TableQuery { register: "账".into(), ..TableQuery::default() };
    let Response::Table(table) = store.answer(&Query::Table(query), config, DAY).unwrap() else { panic!("a table") };
    let Some(first) = table.rows.first() else { return 0 };
    let n = first.row.values[2].number().unwrap() as u64;
    assert_eq!((table.count, table.rows.len() as u64), (ITEMS, ITEMS));
    assert_eq!((table.sums[0].now as u64, table.last_ok), (n * ITEMS, Some(at(n as i64))));
    for kept in &table.rows {
        assert_eq!(kept.row.values[2], Value::Money(n as i64), "half a harvest");
        let key: u64 = kept.row.key.parse().unwrap();
        let times = (1..=n).filter(|m| (m % 7..m % 7 + ITEMS).contains(&key)).count();
        assert_eq!(kept.versions as usize, times, "versions of {key} after {n}");
        let case = store.answer(&Query::Case(kept.row.key.clone().into()), config, DAY).unwrap();
        assert!(matches!(case, Response::Case(file) if file.file.kept == *kept));
    }
    let totals = store.unit_totals("账", DAY, DAY).unwrap();
    assert_eq!((totals.len(), totals[0].in_hand), (1, ITEMS));
    n
}

/// What was acknowledged as shown is in the journal.
fn journalled(store: &Store, acknowledged: Option<u64>) {
    for head in store.edition(1).unwrap().notices {
        let stretches = store.displays(head.id).unwrap();
        assert!(stretches.iter().all(|s| s.from <= s.until), "{stretches:?}");
        let key: u64 = store.document(head.id).unwrap().unwrap().notice.key.parse().unwrap();
        let Some(n) = acknowledged.filter(|n| (n % 7..n % 7 + ITEMS).contains(&key)) else { continue };
        assert!(stretches.iter().any(|s| s.from == at(n as i64)), "{key} at {n}: {stretches:?}");
    }
}

#[test]
fn survives_kill_9() {
    let rounds = std::env::var(KILLS).map_or(ROUNDS, |n| n.parse().expect("a number of kills"));
    let clock = SystemClock::default();
    let mut dice = clock.wall().as_nanosecond() as u64 | 1;
    println!("seed {dice}");
    let config = registers();
    let (mut dir, mut from) = (tempfile::tempdir().unwrap(), 1);
    let (mut acknowledged, mut unacknowledged, mut between) = (0, 0, 0);
    for round in 0..rounds {
        if round > 0 && round % EACH == 0 {
            println!("{round} kills");
            (dir, from) = (tempfile::tempdir().unwrap(), 1);
        }
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ack = killed(dir.path(), from, Duration::from_micros(5_000 + (dice >> 33) % 250_000));
        let store = Store::open(dir.path()).unwrap();
        store.check().unwrap();
        let (notices, rows) = (held(&store).unwrap_or(0), held_rows(&store, &config));
        let least = ack.unwrap_or(from - 1);
        for held in [notices, rows] {
            // The harvest before was taken whole, though it may have been killed before it could say so.
            assert!(held == least || held == least + 1, "round {round}: acknowledged {least}, held {held}");
        }
        assert!(rows <= notices, "rows come after notices");
        journalled(&store, ack);
        acknowledged += least + 1 - from;
        unacknowledged += rows - least;
        between += notices - rows;
        from = rows + 1;
        let strays = std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("corrupt"));
        assert_eq!(strays.count(), 0);
    }
    println!(
        "{rounds} kills, {acknowledged} rounds of harvests acknowledged, {unacknowledged} committed but not yet said, \
         {between} between the harvest of notices and that of rows"
    );
    assert!(acknowledged > 0, "no child lived long enough to acknowledge anything");
}
