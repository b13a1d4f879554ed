//! What the index costs and how fast it answers: a store of made-up notices, rows and cases, and 1,000 varied queries.
//!
//! `cargo bench --bench search` takes 20,000 entries; `cargo bench --bench search -- 2000000` a county's worth, and a
//! folder after it keeps the store there, where a second run finds it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod county;
#[path = "../common/dice.rs"]
mod dice;

use county::County;
use dice::Dice;
use gongshi::{
    config::Config,
    search::{SearchItem, SearchQuery, SearchResults},
    store::Store,
    time::{Clock, SystemClock},
};
use pinyin::ToPinyin;
use std::{path::PathBuf, time::Duration};

const KINDS: [&str; 9] = [
    "words of 2",
    "any 2 characters",
    "phrases of 3-6",
    "initials",
    "full pinyin",
    "whole numbers",
    "narrowed",
    "mixed",
    "parts of numbers",
];
const EACH: usize = 125;
/// Entries put in by one transaction.
const BATCH: usize = 10_000;

/// What is known of an entry, to ask for it and to recognise it.
struct Known {
    item: Option<SearchItem>,
    title: String,
    words: String,
    number: String,
    catalogue: String,
    year: i16,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let count = args.first().and_then(|a| a.parse().ok()).unwrap_or(20_000);
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let data = args.get(1).map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let is_new = !data.join("gongshi.db").exists();
    let mut dice = Dice::new(7);
    let county = County::new(&mut dice);
    let mut store = Store::open(&data).expect("a store");
    let known = fill(&mut store, &county, &mut dice, count, is_new);
    let size = std::fs::metadata(data.join("gongshi.db")).expect("the file").len();
    println!("{count} entries, {:.0} MB in all", size as f64 / 1e6);
    for (kind, name) in KINDS.iter().enumerate() {
        measure(&store, name, &(0..EACH).map(|_| query(kind, &county, &known, &mut dice)).collect::<Vec<_>>());
    }
    recall(&store, &known, &mut dice);
}

/// Fills the store, and keeps some entries in mind.
fn fill(store: &mut Store, county: &County, dice: &mut Dice, count: usize, is_new: bool) -> Vec<Known> {
    let clock = SystemClock::default();
    let mut known = Vec::new();
    let every = (count / 4_000).max(1);
    let start = clock.monotonic();
    let mut notices = Vec::new();
    for n in 0..count / 10 {
        let item = county.notice(dice, n);
        if n % every == 0 {
            let notice = &item.notice;
            known.push(Known {
                item: None,
                title: notice.title.clone(),
                words: notice.body.iter().map(|b| b.plain_text()).collect::<Vec<_>>().join("\n"),
                number: notice.number.clone().unwrap(),
                catalogue: notice.catalogue.clone(),
                year: notice.published.unwrap().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).year(),
            });
        }
        notices.push(item);
        if is_new && (notices.len() == BATCH || n + 1 == count / 10) {
            store.ingest(&county::harvest(std::mem::take(&mut notices))).expect("a harvest");
        }
    }
    println!("notices, kept and indexed: {:.0} a second", rate(count / 10, clock.monotonic() - start));
    let size = |store: &Store| std::fs::metadata(store.path()).expect("the file").len() as f64;
    let before = size(store);
    let start = clock.monotonic();
    let mut rest = Vec::new();
    let total = count - count / 10;
    for n in 0..total {
        let entry = if n % 6 == 0 { county.case(dice, n) } else { county.row(dice, n) };
        if n % every == 0 {
            known.push(Known {
                item: Some(entry.item.clone()),
                title: entry.title.clone(),
                words: entry.words.clone(),
                number: entry.number.clone(),
                catalogue: entry.catalogue.clone(),
                year: entry.day.unwrap().year(),
            });
        }
        rest.push(entry);
        if is_new && (rest.len() == BATCH || n + 1 == total) {
            store.index(&rest).expect("an index");
            rest.clear();
        }
    }
    let each = (size(store) - before) / total as f64;
    println!("rows and cases, indexed: {:.0} a second, {each:.0} bytes each", rate(total, clock.monotonic() - start));
    known
}

fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn part(text: &str, length: usize, dice: &mut Dice) -> String {
    let chars: Vec<char> = text.chars().collect();
    let start = dice.below(chars.len().saturating_sub(length) + 1);
    chars.iter().skip(start).take(length).collect()
}

fn letters(text: &str, initials: bool) -> String {
    let plain = text.to_pinyin().flatten().map(|p| p.plain().replace('ü', "v"));
    plain.map(|p| if initials { p[..1].to_owned() } else { p }).collect()
}

fn query(kind: usize, county: &County, known: &[Known], dice: &mut Dice) -> SearchQuery {
    let of = dice.below(known.len());
    let known = &known[of];
    let mut query = SearchQuery { limit: 20, ..SearchQuery::default() };
    let length = 2 + dice.below(4);
    let text: String = match kind {
        0 => county.word(dice).chars().take(2).collect(),
        // Often in no word at all: the rarest of neighbours among common characters.
        1 => [0; 2].map(|_| county.word(dice).chars().next().unwrap()).iter().collect(),
        2 => part(&known.words, length + 1, dice).replace('\n', ""),
        3 => letters(&part(&known.title, length, dice), true),
        4 => letters(&part(&known.title, length.min(4), dice), false),
        5 => known.number.clone(),
        6 => {
            query.year = Some(2022 + dice.below(5) as i16);
            query.catalogue = known.catalogue.split('.').next().unwrap().to_owned();
            if dice.below(2) == 0 {
                query.unit = dice.of(&county.units).clone();
            }
            county.word(dice).to_owned()
        }
        7 => format!("{} {}", part(&known.title, 2, dice), letters(&part(&known.title, 2, dice), length > 3)),
        _ => part(&known.number, 4 + length, dice),
    };
    query.text = text.into();
    query
}

fn measure(store: &Store, name: &str, queries: &[SearchQuery]) {
    let config = Config::default();
    let cpu = || {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
    };
    let mut busy = Vec::new();
    let mut took: Vec<(Duration, &str, usize)> = Vec::new();
    for query in queries {
        let start = cpu();
        let found = store.find(query, &config).expect("an answer");
        busy.push(cpu() - start);
        took.push((found.took, query.text.as_str(), found.total));
    }
    took.sort_unstable();
    busy.sort_unstable();
    let place = |share: f64| ((queries.len() - 1) as f64 * share).round() as usize;
    let at = |share: f64| took[place(share)].0.as_secs_f64() * 1e3;
    let busy = |share: f64| busy[place(share)].as_secs_f64() * 1e3;
    let (_, slowest, total) = took[took.len() - 1];
    println!(
        "{name:18} p50 {:6.2} ms  p90 {:6.2}  p99 {:6.2}  max {:6.2}   of the processor p50 {:6.2}  p99 {:6.2}   \
         slowest {slowest:?}: {total}",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        busy(0.5),
        busy(0.99)
    );
}

/// Whether each entry is among the hits for a random part of it, however far down.
fn recall(store: &Store, known: &[Known], dice: &mut Dice) {
    let config = Config::default();
    let (mut found, mut missed, mut beyond) = (0, 0, 0);
    for _ in 0..1_000 {
        let of = dice.below(known.len());
        let known = &known[of];
        let length = 2 + dice.below(5);
        let text = part(&format!("{}\n{}", known.title, known.words), length, dice);
        let mut query = SearchQuery {
            text: text.into(),
            limit: 1_000,
            catalogue: known.catalogue.clone(),
            ..SearchQuery::default()
        };
        query.year = Some(known.year);
        let is_it = |hits: &SearchResults| {
            hits.hits.iter().any(|h| known.item.as_ref().map_or(h.title == known.title, |item| *item == h.item))
        };
        loop {
            let hits = store.find(&query, &config).expect("an answer");
            if is_it(&hits) {
                found += 1;
            } else if hits.hits.len() == query.limit && query.offset < 9_000 {
                query.offset += query.limit;
                continue;
            } else if hits.hits.len() == query.limit {
                beyond += 1;
            } else {
                missed += 1;
                println!("missed: {:?} of {} {}", query.text, known.title, known.words);
            }
            break;
        }
    }
    println!(
        "recall of random parts of 2 to 6 characters: {found} found, {missed} missed, {beyond} too far down to tell"
    );
}
