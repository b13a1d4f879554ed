//! What words cost: shaping a line, starting a ticker of any length, building its next scene.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use gongshi::{
    config::{
        Config, Screen, Zone,
        zones::{TextStyle, TickerZone},
    },
    edition::Edition,
    stage::{LedStage, Moment, Stage},
    text::{FontPlace, RichText, Shaper},
    time::{FrameTime, Timestamp, WallTime},
};
use std::{hint::black_box, sync::Arc, time::Duration};

const WORDS: &str = "关于2026年第三季度县级预算执行情况的公告";

fn words(count: usize) -> String {
    WORDS.chars().cycle().take(count).collect()
}

fn config(text: String) -> Arc<Config> {
    let style = TextStyle { size: 128.0, ..TextStyle::default() };
    let zone = Zone::new(1920, 192, TickerZone { style, text, ..TickerZone::default() });
    let screen = Screen { width: 1920, height: 192, zone: vec![zone], ..Screen::default() };
    Arc::new(Config { screens: [("led".to_owned(), screen)].into(), ..Config::default() })
}

fn moment(frame: u64) -> Moment {
    let at = Duration::from_nanos(frame * 1_000_000_000 / 60);
    let wall = WallTime::at(Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC);
    Moment { frame: FrameTime { frame, at }, wall }
}

fn shaping(c: &mut Criterion) {
    let Ok(mut shaper) = FontPlace::find(&[]).and_then(Shaper::new) else { return };
    for count in [20, 1000] {
        let text = words(count);
        c.bench_function(&format!("shape {count} characters"), |b| {
            b.iter(|| shaper.shape(black_box(&RichText::line(&text, 48.0, false))));
        });
    }
    let edition = Arc::new(Edition::default());
    let mut start = c.benchmark_group("ticker first scene");
    for count in [1000, 100_000, 1_000_000] {
        let config = config(words(count));
        start.bench_with_input(BenchmarkId::from_parameter(count), &config, |b, config| {
            b.iter_batched(
                || LedStage::new(0, "led", Arc::clone(config)),
                |mut stage| stage.scene(&edition, &mut shaper, &moment(0)),
                BatchSize::SmallInput,
            );
        });
    }
    start.finish();
    let mut next = c.benchmark_group("ticker next scene");
    for count in [1000, 100_000, 1_000_000] {
        let mut stage = LedStage::new(0, "led", config(words(count)));
        let mut now = moment(0);
        next.bench_function(BenchmarkId::from_parameter(count), |b| {
            b.iter(|| {
                let scene = stage.scene(&edition, &mut shaper, &now);
                now = moment(stage.due(&now).map_or(now.frame.frame, |due| due.frame));
                scene
            });
        });
    }
}

criterion_group!(benches, shaping);
criterion_main!(benches);
