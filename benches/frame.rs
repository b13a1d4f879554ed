//! The processor's part of one LED frame: of none at all, and of whole walls whose tickers have 1,000 characters and
//! 100,000. Frames follow one another at once here; `gongshi bench` measures them at a wall's own pace.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use gongshi::{
    check,
    edition::Edition,
    gpu::{BackendPreference, Gpu, Offscreen, Renderer},
    model::{NoticeHead, NoticeId, ShowPeriod},
    player::Offstage,
    scene::Frame,
    store::Store,
    text::{FontPlace, Shaper},
    time::{Timestamp, processor_time},
};
use std::{path::Path, sync::Arc, time::Duration};

/// Each title has so many characters.
const TITLE: &str = "示例镇村务公开资金收支明细第三季度公示";
const NOW: &str = "2026-11-23T09:42:00+08:00";

/// Titles of so many characters in all.
fn edition(characters: usize) -> Arc<Edition> {
    let at: Timestamp = NOW.parse().unwrap();
    let head = |id: usize| NoticeHead {
        id: NoticeId(id as i64),
        version: 1,
        feed: "sample".into(),
        title: TITLE.into(),
        kind: "公示".into(),
        catalogue: "village".into(),
        issuer: None,
        number: None,
        published: Some(at),
        show: ShowPeriod::default(),
        summary: "".into(),
        last_seen: at,
    };
    let heads = (1..=characters / TITLE.chars().count()).map(|id| Arc::new(head(id)));
    Arc::new(Edition::new(1, heads.collect(), Vec::new()))
}

fn walls(criterion: &mut Criterion) {
    let loaded = check::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config"));
    let config = Arc::new(loaded.config.unwrap());
    let data = tempfile::tempdir().unwrap();
    for (screen, characters) in
        [("street-led", 1_000), ("street-led", 100_000), ("hall-led", 1_000), ("hall-led", 100_000)]
    {
        let shaper = FontPlace::find(&[]).and_then(Shaper::new).unwrap();
        let mut stage = match Offstage::new(&config, screen, shaper, NOW.parse().unwrap(), 60) {
            Ok(stage) => stage,
            Err(error) => return eprintln!("SKIPPED: {error}"),
        };
        stage.open(Store::open(data.path()).unwrap(), &edition(characters));
        // The first frames prepare what stands still.
        for _ in 0..200 {
            stage.advance();
            stage.draw().unwrap();
        }
        criterion.bench_function(&format!("{screen}, {characters} characters"), |bencher| {
            bencher.iter_custom(|frames| {
                let mut spent = Duration::ZERO;
                for _ in 0..frames {
                    stage.settle();
                    let start = processor_time();
                    stage.advance();
                    stage.draw().unwrap();
                    spent += processor_time().saturating_sub(start);
                }
                spent
            });
        });
    }
}

/// What the graphics library itself costs a frame.
fn nothing(criterion: &mut Criterion) {
    let gpu = match Gpu::new(&BackendPreference::from_env(), None) {
        Ok(gpu) => gpu,
        Err(error) => return eprintln!("SKIPPED: {error}"),
    };
    println!("{}", gpu.adapter());
    let mut shaper = FontPlace::find(&[]).and_then(Shaper::new).unwrap();
    let mut target = Offscreen::new(&gpu, 1280, 48);
    let mut renderer = Renderer::new(&gpu);
    let empty = Frame { width: 1280, height: 48, ..Frame::default() };
    criterion.bench_function("nothing", |bencher| {
        bencher.iter_custom(|frames| {
            let mut spent = Duration::ZERO;
            for _ in 0..frames {
                gpu.wait();
                let start = processor_time();
                renderer.render(&gpu, &mut shaper, &empty, &mut target).unwrap();
                spent += processor_time().saturating_sub(start);
            }
            spent
        });
    });
}

criterion_group!(benches, nothing, walls);
criterion_main!(benches);
