//! Looks every second whether the files of sources are as they were, so that what is dropped into a folder is read at
//! once. Names, sizes and times are compared, nothing is read.
//!
//! One job looks at all sources, one after the other. Where it stops, the source it stopped at is looked at by jobs of its
//! own from then on, so that a share that hangs holds up no other source; the job that hangs is left.

use super::{Context, Ended, HarvestNote};
use crate::{config::Config, feeds};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinSet};

/// Between two looks, if they take next to no time.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// And at most.
const MAX_INTERVAL: Duration = Duration::from_secs(60);
/// Looks take at most one part in so many of the time.
const DUTY: u32 = 50;
/// How long all sources, or one that hung before, may take.
const PASS_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two looks at a source that hung.
const HUNG_INTERVAL: Duration = Duration::from_secs(30);

/// What a pass over some sources found.
struct Passed {
    /// Those that were to be looked at, in this order.
    names: Vec<String>,
    /// What was found of the first ones; of all, unless one hangs.
    found: Vec<Option<u64>>,
    took: Duration,
}

#[derive(Default)]
struct Sources {
    /// What each was when it was last looked at.
    seen: BTreeMap<String, Option<u64>>,
    /// Those that hung, and when they are looked at next.
    hung: BTreeMap<String, Duration>,
    /// Sources that a job looks at.
    busy: BTreeSet<String>,
    /// Jobs over all sources that were left hanging: the next has another owner.
    left: u64,
    is_passing: bool,
    pass_at: Duration,
}

/// Looks at sources, and tells the harvester which changed.
pub(in crate::player) async fn run(cx: Context, changed: mpsc::Sender<HarvestNote>) -> Ended {
    let mut this = Sources { pass_at: cx.clock.monotonic(), ..Sources::default() };
    let mut passes: JoinSet<Passed> = JoinSet::new();
    loop {
        let now = cx.clock.monotonic();
        let config = cx.config();
        for (owner, names) in this.due(&config, now) {
            passes.spawn(pass(cx.clone(), Arc::clone(&config), owner, names));
        }
        let wake = this.hung.values().copied().chain((!this.is_passing).then_some(this.pass_at)).min();
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            Some(passed) = passes.join_next() => match passed {
                Ok(passed) => for feed in this.take(passed, cx.clock.monotonic()) {
                    // A harvester that has ended wants no notes.
                    let _ = changed.send(HarvestNote::FilesChanged(feed)).await;
                },
                Err(_) => {
                    tracing::error!("files of sources could not be looked at, the program broke down; please report this");
                    this = Sources { pass_at: cx.clock.monotonic() + HUNG_INTERVAL, left: this.left + 1, ..Sources::default() };
                }
            },
            () = cx.sleep_until(wake.map(|at| at.max(now + Duration::from_millis(10)))) => {}
        }
    }
}

impl Sources {
    /// The passes to begin now, each with whose job it is.
    fn due(&mut self, config: &Config, now: Duration) -> Vec<(String, Vec<String>)> {
        let is_local = |name: &String| config.feeds.get(name).is_some_and(|f| f.enabled && feeds::is_local(f));
        self.seen.retain(|name, _| is_local(name));
        self.hung.retain(|name, _| is_local(name));
        let mut passes = Vec::new();
        for (name, at) in self.hung.iter_mut().filter(|(name, at)| **at <= now && !self.busy.contains(*name)) {
            *at = now + HUNG_INTERVAL;
            passes.push((format!("changes of {name}"), vec![name.clone()]));
        }
        if !self.is_passing && self.pass_at <= now {
            let others = config.feeds.keys().filter(|name| is_local(name) && !self.hung.contains_key(*name));
            passes.push((format!("changes of sources {}", self.left), others.cloned().collect()));
            self.is_passing = true;
        }
        for (_, names) in &passes {
            self.busy.extend(names.iter().cloned());
        }
        passes
    }

    /// Takes in what a pass found; gives the sources that are not as they were.
    fn take(&mut self, passed: Passed, now: Duration) -> Vec<String> {
        let is_single = passed.names.first().is_some_and(|name| self.hung.contains_key(name));
        let mut changed = Vec::new();
        for (name, found) in passed.names.iter().zip(&passed.found) {
            self.hung.remove(name);
            // One that was not looked at before may have changed since it was fetched.
            if self.seen.insert(name.clone(), *found) != Some(*found) {
                changed.push(name.clone());
            }
        }
        let hanging = passed.names.get(passed.found.len());
        if let Some(hanging) = hanging {
            if self.hung.insert(hanging.clone(), now + HUNG_INTERVAL).is_none() {
                tracing::warn!(feed = hanging, "its files do not answer; see whether its drive does");
            }
            self.left += u64::from(!is_single);
        }
        for name in &passed.names {
            self.busy.remove(name);
        }
        if !is_single {
            self.is_passing = false;
            // The time of one that hangs is no measure of the others.
            let pause = if hanging.is_some() { Duration::ZERO } else { passed.took * DUTY };
            self.pass_at = now + pause.clamp(POLL_INTERVAL, MAX_INTERVAL);
        }
        changed
    }
}

/// Looks at sources one after the other.
async fn pass(cx: Context, config: Arc<Config>, owner: String, names: Vec<String>) -> Passed {
    let found: Arc<Mutex<Vec<Option<u64>>>> = Arc::default();
    let begun = cx.clock.monotonic();
    let work = {
        let (names, found) = (names.clone(), Arc::clone(&found));
        move |token: &crate::jobs::CancellationToken| {
            for name in names {
                let Some(feed) = config.feeds.get(&name).filter(|_| !token.is_cancelled()) else { return };
                let stamp = feeds::file_stamp(feed, &config);
                // Given up meanwhile: what was found comes too late.
                if !token.is_cancelled() {
                    found.lock().unwrap_or_else(PoisonError::into_inner).push(stamp);
                }
            }
        }
    };
    // What a job that hangs has found until then counts.
    let _ = cx.pool.run_blocking(&owner, "files of sources", PASS_TIMEOUT, work).await;
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    Passed { names, found, took: cx.clock.monotonic().saturating_sub(begun) }
}
