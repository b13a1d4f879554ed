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

mod account;
mod clock;
mod hidden;
mod invariants;
mod ledger;
mod network;
mod office;
mod player;
mod run;
mod screens;
mod source;

use gongshi::time::{Clock, SystemClock};
use run::{Plan, Totals, run};
use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
    thread,
    time::Duration,
};

/// Seeds that once found something, with what could happen then: 100, a feed's file cut within a title, whose half took
/// the whole one's place.
const KEPT: [u64; 1] = [100];
/// Seeds of a day that every test run has, those kept among them; others follow for as long as [`TEST_TIME`] allows.
const MIN_SEEDS: usize = 2;
const TEST_TIME: Duration = Duration::from_secs(100);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// What a simulated day may add to the memory of the process, in the long run: what the simulation itself remembers.
const MAX_BYTES_A_DAY: u64 = 1 << 20;

/// `RUST_LOG=info` has the player's own log printed beside what happens.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "off".into());
    // Another test of this program has set it already.
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().without_time().try_init());
}

/// Runs seeds, one on each processor at a time.
fn simulate(seeds: impl Iterator<Item = u64> + Send, length: Duration) -> Totals {
    log();
    let (seeds, totals) = (Mutex::new(seeds), Mutex::new(Totals::default()));
    let next = || seeds.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(seed) = next() {
                    let done = run(&Plan { seed, length, ..Plan::default() });
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
    let clock = SystemClock::default();
    let all = KEPT.into_iter().chain(1..).enumerate();
    let seeds = all.take_while(|(index, _)| *index < MIN_SEEDS || clock.monotonic() < TEST_TIME).map(|(_, seed)| seed);
    let totals = simulate(seeds, DAY);
    // A simulation that hurts nothing proves nothing.
    assert!(totals.faults.values().all(|count| *count > 0) && totals.compared > 0, "{totals}");
}

#[test]
fn a_seed_finds_the_same_steps_again() {
    let digest = |seed| run(&Plan { seed, length: DAY / 12, ..Plan::default() }).digest;
    assert_eq!(digest(7), digest(7));
    assert_ne!(digest(7), digest(8));
}

#[test]
fn a_seed_that_fails_fails_at_the_same_step_again() {
    let fail = || {
        let plan = Plan { seed: 9, length: DAY, trap: Some(60), ..Plan::default() };
        let failed = catch_unwind(AssertUnwindSafe(|| run(&plan))).expect_err("the trap is on a screen within the day");
        let said = failed.downcast_ref::<String>().cloned().unwrap();
        (plan.step.load(std::sync::atomic::Ordering::Relaxed), said)
    };
    let (step, said) = fail();
    assert!(step > 1 && said.contains("on purpose"), "step {step}: {said}");
    assert_eq!(fail(), (step, said));
}

/// `make simulate SEED=N SEEDS=N DAYS=N`: as long as wanted; HOURS for less than a day.
#[test]
#[ignore = "as long as wanted, by make simulate"]
fn by_command() {
    let number = |name: &str, other: u64| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(other);
    let (seed, seeds, days) = (number("SEED", 1), number("SEEDS", 1), number("DAYS", 365));
    let hours = u32::try_from(number("HOURS", days * 24)).unwrap();
    let totals = simulate(seed..seed + seeds, DAY / 24 * hours);
    if let ([_, _, early, .., late], 1) = (&totals.resident_bytes[..], seeds) {
        let days = totals.resident_bytes.len() as u64;
        println!("{} MB after three days, {} MB after {days}", early >> 20, late >> 20);
        assert!(*late <= early + days * MAX_BYTES_A_DAY, "{:?}", totals.resident_bytes);
    }
}
