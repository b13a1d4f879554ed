//! `gongshi bench`: one screen, drawn offscreen at its own pace, measured.

mod taps;

use super::folders::{FolderArgs, instant, shaper};
use crate::{
    platform::resident_megabytes,
    player::Offstage,
    scene::{Draw, Frame},
    time::{Clock, SystemClock, processor_time},
};
use clap::Args;
use serde::Serialize;
use std::{io::Write, time::Duration};

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The name of the screen, as its file in screens/ has it.
    #[arg(long, value_name = "NAME")]
    screen: String,
    /// How long to measure.
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    seconds: f64,
    /// Taps through a kiosk so many times first, and measures from each tap to its page.
    #[arg(long, value_name = "N", default_value_t = 0)]
    taps: u32,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// The middle, the 99th of 100, and the greatest.
#[derive(Debug, Serialize)]
struct Spread {
    p50: f64,
    p99: f64,
    max: f64,
}

/// What `bench --json` prints.
#[derive(Debug, Serialize)]
struct Report {
    screen: String,
    adapter: String,
    frames: usize,
    interval_ms: Spread,
    cpu_us: Spread,
    /// The same of empty frames of the same size, drawn in between.
    cpu_empty_us: Spread,
    /// How many times an empty frame's processor time a frame takes, by their middles.
    cpu_ratio: f64,
    exact_steps: bool,
    late: usize,
    rss_mb: f64,
    first_frame_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tap_ms: Option<Spread>,
}

fn spread(values: &mut [f64]) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (values.len().saturating_sub(1) as f64 * share).round() as usize;
        values.get(index).copied().unwrap_or_default()
    };
    Spread { p50: at(0.5), p99: at(0.99), max: at(1.0) }
}

/// Measures.
///
/// # Errors
/// Where the screen cannot be drawn.
pub fn run(args: &BenchArgs, out: &mut impl Write) -> Result<(), String> {
    let clock = SystemClock::default();
    let config = args.places.config()?;
    let refresh = config.screens.get(&args.screen).map_or(60, |s| s.refresh.max(1));
    let (store, edition) = args.places.store(&config, instant(None)?)?;
    let mut stage =
        Offstage::new(&config, &args.screen, shaper(&config)?, instant(None)?, refresh).map_err(|e| e.to_string())?;
    stage.open(store, &edition);
    let period = Duration::from_secs_f64(1.0 / f64::from(refresh));
    let (mut intervals, mut cpu, mut empty, mut late) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let (mut exact, mut previous, mut last) = (Steps::default(), None::<Frame>, None::<Duration>);
    let tapped = (args.taps > 0).then(|| taps::measure(&mut stage, &clock, args.taps)).transpose()?;
    let (mut begun, mut first) = (clock.monotonic(), None);
    let mut slots = 0_u32;
    while clock.monotonic().saturating_sub(begun).as_secs_f64() < args.seconds {
        if stage.changed() {
            let start = processor_time();
            stage.advance();
            stage.draw().map_err(|e| e.to_string())?;
            let spent = processor_time().saturating_sub(start);
            stage.settle();
            let done = clock.monotonic();
            if first.is_none() {
                // The first frame prepares everything; it is told apart and not part of the spread. It shows what
                // the store holds, since that was read before the screen was set up.
                first = (stage.pipeline().edition().number > 0).then_some(done);
                begun = done;
            } else {
                cpu.push(spent.as_secs_f64() * 1e6);
                if let Some(last) = last {
                    intervals.push((done - last).as_secs_f64() * 1e3);
                    late += usize::from(done - last > period * 3 / 2);
                }
                last = Some(done);
                // Half a period on, so that both find the caches as a pause leaves them.
                let half = begun + period * slots + period / 2;
                std::thread::sleep(half.saturating_sub(clock.monotonic()));
                empty.push(empty_frame(&mut stage)?);
            }
            if let Some(before) = &previous {
                exact.compare(before, stage.frame());
            }
            previous = Some(stage.frame().clone());
        } else {
            last = None;
            stage.skip(period);
        }
        slots += 1;
        let next = begun + period * slots;
        std::thread::sleep(next.saturating_sub(clock.monotonic()));
    }
    let frames = cpu.len();
    let (cpu, empty) = (spread(&mut cpu), spread(&mut empty));
    let report = Report {
        screen: args.screen.clone(),
        adapter: stage.adapter(),
        frames,
        interval_ms: spread(&mut intervals),
        cpu_ratio: if empty.p50 > 0.0 { cpu.p50 / empty.p50 } else { 0.0 },
        cpu_us: cpu,
        cpu_empty_us: empty,
        exact_steps: exact.hold(),
        late,
        rss_mb: resident_megabytes().unwrap_or_default(),
        first_frame_ms: first.unwrap_or_default().as_secs_f64() * 1e3,
        tap_ms: tapped.map(|mut tapped| spread(&mut tapped)),
    };
    print(&report, args.json, out)
}

/// Processor time of an empty frame, microseconds.
fn empty_frame(stage: &mut Offstage) -> Result<f64, String> {
    let start = processor_time();
    stage.draw_empty().map_err(|e| e.to_string())?;
    let spent = processor_time().saturating_sub(start);
    stage.settle();
    Ok(spent.as_secs_f64() * 1e6)
}

/// Steps of the moving layers between two frames.
#[derive(Debug, Default)]
struct Steps {
    sizes: std::collections::BTreeMap<i32, usize>,
}

impl Steps {
    fn compare(&mut self, before: &Frame, after: &Frame) {
        let once = |frame: &Frame, draw: &Draw| {
            frame.draws.iter().filter(|d| std::sync::Arc::ptr_eq(&d.layer, &draw.layer)).count() == 1
        };
        for draw in after.draws.iter().filter(|draw| once(after, draw) && once(before, draw)) {
            let same = before.draws.iter().find(|d| std::sync::Arc::ptr_eq(&d.layer, &draw.layer));
            if let Some(step) = same.map(|d| d.x - draw.x).filter(|s| *s != 0) {
                *self.sizes.entry(step).or_default() += 1;
            }
        }
    }

    /// Every step of a ticker is of one size.
    fn hold(&self) -> bool {
        self.sizes.len() <= 1
    }
}

fn print(report: &Report, json: bool, out: &mut impl Write) -> Result<(), String> {
    if json {
        let text = serde_json::to_string(report).map_err(|e| e.to_string())?;
        return writeln!(out, "{text}").map_err(|e| e.to_string());
    }
    let Report {
        screen,
        adapter,
        frames,
        interval_ms: i,
        cpu_us: c,
        cpu_ratio,
        exact_steps,
        late,
        rss_mb,
        first_frame_ms,
        ..
    } = report;
    writeln!(
        out,
        "{screen} on {adapter}\n{frames} frames, {late} late, exact steps: {exact_steps}\n\
         interval  p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms\n\
         processor p50 {:.0} µs, p99 {:.0} µs, max {:.0} µs, {cpu_ratio:.2} × an empty frame\n\
         memory {rss_mb:.0} MB, first frame after {first_frame_ms:.0} ms",
        i.p50, i.p99, i.max, c.p50, c.p99, c.max
    )
    .map_err(|e| e.to_string())?;
    match &report.tap_ms {
        Some(t) => writeln!(out, "tap to page p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", t.p50, t.p99, t.max)
            .map_err(|e| e.to_string()),
        None => Ok(()),
    }
}
