//! The whole player in simulated time: the real actors, store, stages and scenes under a clock of the simulation's own,
//! with sources, files, config, clock and machine that fail at random (DESIGN §11). A day takes seconds.
//!
//! A failing seed prints itself; `make simulate SEED=… DAYS=…` finds the same step again. What it found is mended, and
//! the seed kept in [`KEPT`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod clock;
mod office;
mod player;
mod run;
mod screens;

use run::{Totals, run};
use std::{collections::VecDeque, env, sync::Mutex, thread, time::Duration};

/// Seeds that once found something: 100, a feed's file cut within a title, whose half took the whole one's place.
const KEPT: [u64; 1] = [100];
/// Further seeds of a day in every test run.
const SEEDS: u64 = 2;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// `RUST_LOG=info` has the player's own log printed beside what happens.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "off".into());
    // Another test of this program has set it already.
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().without_time().try_init());
}

/// Runs seeds, one on each processor at a time.
fn simulate(seeds: impl Iterator<Item = u64>, length: Duration) -> Totals {
    log();
    let (seeds, totals) = (Mutex::new(seeds.collect::<VecDeque<_>>()), Mutex::new(Totals::default()));
    let next = || seeds.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(seed) = next() {
                    let done = run(seed, length);
                    totals.lock().unwrap().add(&done);
                }
            });
        }
    });
    let totals = totals.into_inner().unwrap();
    println!("{totals}");
    totals
}

#[test]
fn days_in_which_everything_fails_never_leave_a_screen_blank_stale_or_wrong() {
    let totals = simulate(KEPT.into_iter().chain(1..=SEEDS), DAY);
    // A simulation that hurts nothing proves nothing.
    assert!(totals.faults.values().all(|count| *count > 0), "{totals}");
}

#[test]
fn a_seed_finds_the_same_steps_again() {
    let length = Duration::from_secs(2 * 3600);
    let (one, other) = (run(7, length), run(7, length));
    assert_eq!(one.digest, other.digest);
    assert_ne!(one.digest, run(8, length).digest);
}

/// `make simulate SEED=N SEEDS=N DAYS=N`: as long as wanted.
#[test]
#[ignore = "as long as wanted, by make simulate"]
fn by_command() {
    let number = |name: &str, other: u64| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(other);
    let (seed, seeds, days) = (number("SEED", 1), number("SEEDS", 1), number("DAYS", 365));
    simulate(seed..seed + seeds, DAY * u32::try_from(days).unwrap());
}
