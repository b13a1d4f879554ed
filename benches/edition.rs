//! What the store costs at a county's size: 10,000 notices of about 2,000 characters each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gongshi::{
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Block, Notice, ShowPeriod, Span},
    store::Store,
    time::{Clock, SystemClock, Timestamp},
};
use std::{hint::black_box, time::Duration};

const NOTICES: usize = 10_000;

fn harvest(count: usize, second: i64) -> Harvest {
    let body = "示例镇人民政府现将本项目中标候选人予以公示。".repeat(18);
    let items = (0..count).map(|n| Harvested {
        source: format!("https://example.invalid/notice/{n}.html"),
        notice: Notice {
            key: format!("https://example.invalid/notice/{n}.html"),
            title: format!("示例镇第{n}号农村道路提升工程施工中标候选人公示"),
            kind: "中标候选".to_owned(),
            catalogue: format!("trade.works.{}", n % 20),
            issuer: Some(format!("示例镇第{}办公室", n % 50)),
            number: Some(format!("示例〔2026〕{n}号")),
            author: None,
            published: Timestamp::from_second(1_763_000_000 - (n as i64 * 7919) % 90_000_000).ok(),
            updated: None,
            show: ShowPeriod { from: None, until: Some(jiff::civil::date(2026, 11, 1 + (n % 28) as i8)) },
            summary: String::new(),
            body: (0..5).map(|_| Block::Paragraph { spans: vec![Span::plain(body.as_str())] }).collect(),
            attachments: Vec::new(),
            link: None,
            warning: None,
        },
    });
    Harvest {
        feed: "示例公司".to_owned(),
        title: "公共资源交易网".to_owned(),
        at: Timestamp::from_second(1_763_000_000 + second).unwrap_or_default(),
        outcome: HarvestOutcome::Notices { items: items.collect(), whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

fn reading(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut store = Store::open(dir.path()).expect("a store");
    store.ingest(&harvest(NOTICES, 0)).expect("a harvest");
    c.bench_function("edition of 10,000", |b| b.iter(|| black_box(store.edition(1).expect("an edition"))));
    let edition = store.edition(1).expect("an edition");
    let mut turn = 0usize;
    let mut next = || {
        turn = (turn + 7919) % edition.notices.len();
        edition.notices[turn].id
    };
    c.bench_function("document of 10,000", |b| b.iter(|| black_box(store.document(next()).expect("a document"))));
    let clock = SystemClock::default();
    let mut times: Vec<Duration> = (0..5_000)
        .map(|_| {
            let start = clock.monotonic();
            black_box(store.document(next()).expect("a document"));
            clock.monotonic().saturating_sub(start)
        })
        .collect();
    times.sort_unstable();
    println!("document of 10,000: p50 {:?}, p99 {:?}, max {:?}", times[2_500], times[4_950], times[4_999]);
    c.bench_function("open a store of 10,000", |b| b.iter(|| black_box(Store::open(dir.path()).expect("a store"))));
}

fn writing(c: &mut Criterion) {
    let mut group = c.benchmark_group("ingest");
    group.sample_size(10).throughput(Throughput::Elements(NOTICES as u64));
    let first = harvest(NOTICES, 0);
    let fresh = || {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(dir.path()).expect("a store");
        (dir, store)
    };
    group.bench_function("10,000 new", |b| {
        b.iter_batched(
            fresh,
            |(dir, mut store)| {
                store.ingest(&first).expect("a harvest");
                (dir, store)
            },
            BatchSize::PerIteration,
        );
    });
    let (_dir, mut store) = fresh();
    store.ingest(&first).expect("a harvest");
    let again = harvest(NOTICES, 60);
    group.bench_function("10,000 the same", |b| b.iter(|| store.ingest(&again).expect("a harvest")));
    let unchanged = Harvest { outcome: HarvestOutcome::Unchanged, ..harvest(0, 120) };
    group.bench_function("unchanged", |b| b.iter(|| store.ingest(&unchanged).expect("a harvest")));
    group.finish();
}

criterion_group!(benches, reading, writing);
criterion_main!(benches);
