//! The sample county holds together: its keys are unique, its sums agree, its totals equal their rows.

use super::{SampleArgs, dates::SHIPPED_FOR, run};
use crate::{
    check,
    config::{ColumnKind, Config, Register},
    time::{SystemClock, civil::Date},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

fn args(out: &Path, today: Date, villages: u32) -> SampleArgs {
    SampleArgs { out: out.into(), villages, years: 2, seed: 7, today: Some(today), force: false }
}

fn made(today: Date, villages: u32) -> (tempfile::TempDir, Config) {
    let dir = tempfile::tempdir().unwrap();
    run(&args(dir.path(), today, villages), &SystemClock::default(), &mut Vec::new()).unwrap();
    let loaded = check::load(&dir.path().join("kiosk-config"));
    assert_eq!(loaded.faults, [], "the sample has faults");
    (dir, loaded.config.unwrap())
}

fn relative(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            match entry.path() {
                p if p.is_dir() => folders.push(p),
                p => found.push((p.strip_prefix(dir).unwrap().to_owned(), fs::read(p).unwrap())),
            }
        }
    }
    found.sort();
    found
}

/// Rows of a register by column id, from all its feeds.
fn rows(dir: &Path, config: &Config, name: &str) -> Vec<HashMap<String, String>> {
    let register = &config.registers[name];
    let mut all = Vec::new();
    for feed in config.feeds.values().filter(|f| f.register == name) {
        let mut reader = csv::Reader::from_path(dir.join("kiosk-config").join(&feed.source)).unwrap();
        let titles: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let place = |id: &str| {
            let column = register.find(id).unwrap();
            let known = |t: &String| *t == column.title || column.header.contains(t);
            titles.iter().position(known).unwrap_or_else(|| panic!("{}: no column {}", feed.source, column.title))
        };
        let places: Vec<usize> = register.column.iter().map(|c| place(&c.id)).collect();
        for row in reader.records().map(Result::unwrap) {
            let cells = register.column.iter().zip(&places).map(|(c, i)| (c.id.clone(), row[*i].to_owned()));
            all.push(cells.collect());
        }
    }
    all
}

fn hundredths(text: &str) -> i64 {
    let text = text.replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if text.is_empty() {
        0
    } else {
        whole.parse::<i64>().unwrap() * 100 + format!("{part:0<2}").parse::<i64>().unwrap()
    }
}

#[test]
fn the_shipped_folder_is_the_sample_of_its_day() {
    let dir = tempfile::tempdir().unwrap();
    run(&args(dir.path(), SHIPPED_FOR, 0), &SystemClock::default(), &mut Vec::new()).unwrap();
    let shipped = relative(Path::new("kiosk-config"));
    let sample = relative(&dir.path().join("kiosk-config"));
    let names = |t: &[(PathBuf, Vec<u8>)]| t.iter().map(|(p, _)| p.clone()).collect::<Vec<_>>();
    assert_eq!(names(&shipped), names(&sample), "a file is missing in files.rs");
    for (a, b) in shipped.iter().zip(&sample) {
        assert_eq!(a, b, "{}", a.0.display());
    }
}

#[test]
fn samples_are_the_same_each_time_and_differ_by_seed() {
    let today = jiff::civil::date(2027, 3, 1);
    let (a, config) = made(today, 8);
    let (b, _) = made(today, 8);
    assert_eq!(relative(a.path()), relative(b.path()));
    assert_eq!(config.regions.len(), 1 + 2 + 8);
    let again = run(&args(a.path(), today, 8), &SystemClock::default(), &mut Vec::new());
    assert!(again.unwrap_err().contains("--force"));
    let other = SampleArgs { seed: 8, force: true, ..args(a.path(), today, 8) };
    run(&other, &SystemClock::default(), &mut Vec::new()).unwrap();
    let ledger = |dir: &Path| fs::read(dir.join("sources/registers/village-ledger-1.csv")).unwrap();
    assert_ne!(ledger(a.path()), ledger(b.path()));
}

#[test]
fn keys_are_unique_places_known_and_sums_agree() {
    let (dir, config) = made(SHIPPED_FOR, 24);
    let names: HashSet<&str> = config.regions.iter().flat_map(|r| [r.code.as_str(), r.name.as_str()]).collect();
    for (name, register) in &config.registers {
        let rows = rows(dir.path(), &config, name);
        assert!(rows.len() > 10, "{name}: {}", rows.len());
        let mut seen = HashSet::new();
        for row in &rows {
            let key: Vec<&String> = register.key.iter().map(|k| &row[k]).collect();
            assert!(key.iter().all(|k| !k.is_empty()), "{name}: {row:?}");
            assert!(seen.insert(format!("{key:?}")), "{name}: {key:?} stands twice");
            check_row(name, register, row, &names);
        }
    }
}

fn check_row(name: &str, register: &Register, row: &HashMap<String, String>, places: &HashSet<&str>) {
    for column in &register.column {
        let cell = &row[&column.id];
        let is_known = match column.kind {
            ColumnKind::Place => places.contains(cell.as_str()),
            ColumnKind::Date => cell.is_empty() || cell.parse::<Date>().is_ok(),
            ColumnKind::Status => cell.is_empty() || column.status.iter().any(|s| s.word == *cell),
            _ => true,
        };
        assert!(is_known, "{name}: {} is {cell}", column.id);
    }
    for agree in &register.agree {
        let parts: i64 = agree.parts.iter().map(|p| hundredths(&row[p])).sum();
        assert_eq!(hundredths(&row[&agree.total]), parts, "{name}: {row:?}");
    }
}

#[test]
fn ledgers_run_on_from_row_to_row_and_from_feed_to_feed() {
    let (dir, config) = made(SHIPPED_FOR, 24);
    let mut places: HashMap<String, Vec<HashMap<String, String>>> = HashMap::new();
    for row in rows(dir.path(), &config, "village-money") {
        let name = row["place"].clone();
        let code = config.regions.iter().find(|r| r.name == name).map_or(name, |r| r.code.clone());
        places.entry(code).or_default().push(row);
    }
    assert_eq!(places.len(), 24);
    for rows in places.values_mut() {
        // The sort is stable: within a day the source's order stays.
        rows.sort_by_key(|r| r["date"].clone());
        for pair in rows.windows(2) {
            let change = hundredths(&pair[1]["income"]) - hundredths(&pair[1]["expense"]);
            assert!(!pair[1]["balance"].starts_with('-'), "{pair:?}");
            assert_eq!(hundredths(&pair[0]["balance"]) + change, hundredths(&pair[1]["balance"]), "{pair:?}");
        }
    }
}

#[test]
fn totals_of_departments_equal_their_cases() {
    let (dir, config) = made(SHIPPED_FOR, 24);
    let shipped: HashSet<String> = {
        let text = fs::read("kiosk-config/sources/registers/approvals.csv").unwrap();
        csv::Reader::from_reader(text.as_slice()).records().map(|r| r.unwrap()[0].to_owned()).collect()
    };
    let mut counted: BTreeMap<(String, String), [u32; 2]> = BTreeMap::new();
    for case in rows(dir.path(), &config, "approvals").iter().filter(|c| !shipped.contains(&c["receipt"])) {
        let mut add = |day: &str, column: usize| {
            if let Some(month) = day.get(..7).filter(|m| *m < "2026-11") {
                counted.entry((month.to_owned(), case["unit"].clone())).or_default()[column] += 1;
            }
        };
        add(&case["accepted"], 0);
        add(&case["closed"], 1);
    }
    let mut written = BTreeMap::new();
    for row in rows(dir.path(), &config, "department-totals") {
        let counts = [row["accepted"].parse().unwrap(), row["closed"].parse().unwrap()];
        if counts != [0, 0] {
            written.insert((row["month"].clone(), row["unit"].clone()), counts);
        }
    }
    assert_eq!(written, counted);
}

#[test]
fn notices_of_projects_have_a_row_and_private_numbers_are_made_up() {
    let (dir, config) = made(SHIPPED_FOR, 24);
    let works: HashSet<String> = rows(dir.path(), &config, "works").into_iter().map(|r| r["number"].clone()).collect();
    for name in ["all-tenders", "all-candidates", "all-results"] {
        let text = fs::read_to_string(dir.path().join(format!("sources/{name}.json"))).unwrap();
        let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
        let items = feed["items"].as_array().unwrap();
        assert!(items.len() > 20, "{name}");
        assert!(items.iter().all(|i| works.contains(i["id"].as_str().unwrap())), "{name}");
    }
    let mut private = 0;
    for name in ["village-subsidies", "tickets"] {
        for cell in rows(dir.path(), &config, name).iter().flat_map(HashMap::values) {
            for number in cell.split(|c: char| !c.is_ascii_alphanumeric()) {
                let digits = number.bytes().filter(u8::is_ascii_digit).count();
                let is_phone = number.len() == 11 && digits == 11 && number.starts_with('1');
                let is_identity = number.len() == 18 && digits >= 17;
                private += u32::from(is_phone || is_identity);
                assert!(!is_phone || number.starts_with("1300000000"), "{number}");
                assert!(!is_identity || number.starts_with("990001"), "{number}");
            }
        }
    }
    assert!(private > 50, "{private} numbers to be masked");
}
