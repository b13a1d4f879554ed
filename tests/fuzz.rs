//! Every format with its corpus, and with some hundreds of documents made of it; `GONGSHI_FUZZ=20000` makes as many of
//! each. What fails is written to the target folder and belongs into `tests/corpus/FORMAT`, once mended.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a test measures how long a parser takes")]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/targets.rs"]
mod targets;

use mutate::{Dice, mutate};
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use targets::TARGETS;

/// Documents made of each corpus, where nothing else is said.
const COMMON: usize = 150;
/// Bytes of a real document that is made others of.
const SEED: u64 = 32 * 1024;
/// How long one document may take, unoptimised and on a busy machine.
const SLOW: Duration = Duration::from_secs(10);

/// Files below a folder, in an order that does not depend on the machine.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The corpus of a format; real documents besides, where they are at hand.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = files(&root.join("tests/corpus").join(name));
    assert!(!paths.is_empty(), "tests/corpus/{name} is empty");
    let real = root.join("../shared/real");
    let ends: &[&str] = match name {
        "feed" => &["xml", "rss", "atom"],
        "json" | "ocds" | "mapped" => &["json"],
        "csv" => &["csv"],
        "cap" => &["xml"],
        "xlsx" => &["xlsx"],
        "xls" => &["xls", "et"],
        "ods" => &["ods"],
        "html" | "page" | "table" => &["html", "htm"],
        "markdown" | "text" | "dates" => &["md"],
        _ => &[],
    };
    let is_seed = |p: &PathBuf| {
        let end = p.extension().unwrap_or_default().to_string_lossy().into_owned();
        ends.contains(&end.as_str()) && p.metadata().is_ok_and(|m| m.len() <= SEED)
    };
    if real.is_dir() {
        paths.extend(files(&real).into_iter().filter(is_seed));
    } else {
        eprintln!("SKIPPED: real documents are not at hand; {name} has its own corpus only");
    }
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

fn tried(name: &str, target: fn(&[u8]), document: &[u8]) -> Duration {
    let begun = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| target(document)));
    let took = begun.elapsed();
    if done.is_err() || took > SLOW {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
        fs::write(&place, document).unwrap();
        panic!("{name} fails in {took:?} on {}", place.display());
    }
    took
}

fn run(name: &str) {
    let (_, target) = *TARGETS.iter().find(|(n, _)| *n == name).unwrap();
    let corpus = corpus(name);
    let count = std::env::var("GONGSHI_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(COMMON);
    let mut dice = Dice::new(name.len() as u64 * 31 + u64::from(name.as_bytes()[0]));
    let begun = Instant::now();
    let mut slowest = corpus.iter().map(|document| tried(name, target, document)).max().unwrap_or_default();
    for _ in 0..count {
        let document = mutate(&corpus[dice.below(corpus.len())], &corpus, &mut dice);
        slowest = slowest.max(tried(name, target, &document));
    }
    println!(
        "{name}: {} of the corpus, {count} made of it, {:.1} s, slowest {slowest:?}",
        corpus.len(),
        begun.elapsed().as_secs_f64()
    );
}

macro_rules! formats {
    ($($name:ident)*) => { $( #[test] fn $name() { run(stringify!($name)); } )* };
}

formats!(feed json html page markdown text dates config picture docx csv xlsx ods xls table cap ocds mapped amounts query);

#[test]
fn every_target_has_a_test_and_a_fuzz_target() {
    let source = include_str!("fuzz.rs");
    let tested = source.lines().find(|l| l.starts_with("formats!(")).unwrap();
    for (name, _) in TARGETS {
        assert!(tested.split(['(', ')', ' ']).any(|word| word == name), "{name} has no test");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fuzz/fuzz_targets/{name}.rs"));
        assert!(file.is_file(), "{} is missing", file.display());
    }
}
