//! Fetches feeds when they are due, and keeps what they give.
//!
//! At most four fetches go on at once; one that takes long (a server that trickles, a share that hangs) gives its place to
//! others after a while, so that it costs its own feed and nothing else. Of large files one is read at a time.

use super::{Context, Ended, HarvestNote, Inlet, PublishNote};
use crate::{
    config::{Config, Feed},
    feeds,
    jobs::JobError,
    player::fetch::{Failure, FetchOutcome, Fetcher},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::{AbortHandle, Id, JoinError, JoinSet},
};

/// Fetches at the same time, those that take long not counted.
const MAX_CONCURRENT_FETCHES: usize = 4;
/// A fetch takes long from then on.
const SLOW_AFTER: Duration = Duration::from_secs(5);
/// Fetches at the same time in all.
const MAX_FETCHES: usize = 32;
/// Bytes of a file beyond which no other such file is read beside it: what was read waits in memory for the store.
const LARGE_FILE_BYTES: u64 = 1 << 20;
/// How long a large file waits for another at most: that may lie on a share that hangs.
const LARGE_FILE_WAIT: Duration = Duration::from_secs(60);
/// How long a drive may take to say how large a file is; one that sleeps needs some seconds to wake.
const DRIVE_TIMEOUT: Duration = Duration::from_secs(15);
/// Between two fetches that a change of files asks for.
const MIN_REFETCH: Duration = Duration::from_secs(1);
/// The longest sleep.
const LONGEST_NAP: Duration = Duration::from_secs(3600);

/// A fetch under way.
struct Running {
    feed: String,
    since: Duration,
    task: AbortHandle,
}

/// What is known of a feed.
#[derive(Default)]
struct FeedState {
    /// No fetch before this.
    due: Duration,
    failures: u32,
    /// Its file changed since it was last read: what the source holds is to be read again by its new words.
    is_anew: bool,
    /// Its files changed since the fetch under way began.
    is_changed: bool,
}

struct Harvester {
    cx: Context,
    notes: mpsc::Sender<PublishNote>,
    pictures: mpsc::Sender<String>,
    config: Arc<Config>,
    feeds: BTreeMap<String, FeedState>,
    tasks: JoinSet<FetchOutcome>,
    running: HashMap<Id, Running>,
    large: Arc<Semaphore>,
}

/// Runs the harvester, once the first edition is made.
pub(in crate::player) async fn run(
    cx: Context,
    inlet: Inlet<HarvestNote>,
    notes: mpsc::Sender<PublishNote>,
    pictures: mpsc::Sender<String>,
    mut ready: watch::Receiver<Option<Duration>>,
) -> Ended {
    let mut inlet = inlet.open().await;
    let mut config = cx.config.clone();
    let mut this = Harvester {
        config: Arc::clone(&config.borrow_and_update()),
        feeds: BTreeMap::new(),
        tasks: JoinSet::new(),
        running: HashMap::new(),
        large: Arc::new(Semaphore::new(1)),
        notes,
        pictures,
        cx: cx.clone(),
    };
    let from = async {
        let ready = ready.wait_for(Option::is_some).await;
        ready.map_or(None, |at| *at)
    };
    let from = tokio::select! {
        biased;
        () = cx.end.cancelled() => return Ended::Asked,
        from = from => from,
    };
    tokio::select! {
        biased;
        () = cx.end.cancelled() => return Ended::Asked,
        () = cx.sleep_until(from) => {}
    }
    loop {
        let wake = this.start_fetches();
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            note = inlet.recv() => match note {
                Some(HarvestNote::FilesChanged(feed)) => this.files_changed(&feed),
                None => return Ended::Asked,
            },
            Some(done) = this.tasks.join_next_with_id() => this.done(done).await,
            changed = config.changed() => match changed {
                Ok(()) => {
                    let config = Arc::clone(&config.borrow_and_update());
                    this.reconfigure(config);
                }
                Err(_) => return Ended::Asked,
            },
            () = cx.sleep_until(Some(wake)) => {}
        }
    }
}

impl Harvester {
    /// Starts the fetches that are due, those first that have waited longest; gives when to look again.
    fn start_fetches(&mut self) -> Duration {
        let now = self.cx.clock.monotonic();
        let mut wake = now + LONGEST_NAP;
        let mut due = Vec::new();
        for (name, feed) in self.config.feeds.iter().filter(|(_, feed)| feed.enabled) {
            if self.running.values().any(|running| running.feed == *name) {
                continue;
            }
            let state = self.feeds.entry(name.clone()).or_default();
            if state.due > now {
                wake = wake.min(state.due);
            } else {
                due.push((state.failures > 0, state.due, name.clone(), feed.clone()));
            }
        }
        due.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        for (_, _, name, feed) in due {
            let fast = self.running.values().map(|running| running.since + SLOW_AFTER).filter(|at| *at > now);
            if fast.clone().count() >= MAX_CONCURRENT_FETCHES {
                return wake.min(fast.min().unwrap_or(wake));
            }
            if self.running.len() >= MAX_FETCHES {
                // One that ends wakes this.
                return wake;
            }
            self.start(name, feed, now);
        }
        wake
    }

    fn start(&mut self, name: String, feed: Feed, now: Duration) {
        let state = self.feeds.entry(name.clone()).or_default();
        state.is_changed = false;
        let (fetcher, large, is_anew) = (self.cx.fetcher(), Arc::clone(&self.large), state.is_anew);
        let of = name.clone();
        let task = self.tasks.spawn(async move { fetch(&fetcher, &of, &feed, is_anew, &large).await });
        self.running.insert(task.id(), Running { feed: name, since: now, task });
    }

    async fn done(&mut self, done: Result<(Id, FetchOutcome), JoinError>) {
        let id = done.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(Running { feed: name, .. }) = self.running.remove(&id) else {
            // Its feed was changed meanwhile.
            return;
        };
        let outcome = match done {
            Ok((_, outcome)) => outcome,
            Err(_) => {
                tracing::error!(feed = name, "the program broke down on it; please report this source");
                self.tell(PublishNote::BrokeDown).await;
                let reason = format!("{name}: the program broke down on it; please report this source");
                let done = Err(Failure::new(reason));
                FetchOutcome { at: self.cx.clock.wall(), done, is_unchanged: false, faults: Vec::new() }
            }
        };
        let now = self.cx.clock.monotonic();
        let Some(feed) = self.config.feeds.get(&name).cloned() else { return };
        let state = self.feeds.entry(name.clone()).or_default();
        let retry_after = match &outcome.done {
            Ok(_) => {
                (state.failures, state.is_anew) = (0, false);
                None
            }
            Err(failure) => {
                state.failures = state.failures.saturating_add(1);
                failure.retry_after
            }
        };
        // The clock's low digits spread the fetches of many machines; nothing here needs a better dice.
        let jitter = f64::from(now.subsec_nanos() % 2001) / 1000.0 - 1.0;
        let delay = feeds::next_delay(&feed, state.failures, jitter, retry_after);
        state.due = if std::mem::take(&mut state.is_changed) { now + MIN_REFETCH } else { now + delay };
        let is_well = outcome.done.is_ok();
        let is_changed = outcome.done.as_ref().is_ok_and(crate::store::Ingested::shows);
        if outcome.done.as_ref().is_err_and(|failure| failure.is_store_closed) {
            self.tell(PublishNote::StoreClosed).await;
        }
        let is_held = outcome.done.as_ref().is_err_and(|failure| failure.is_held);
        let (title, at) = (feed.title, outcome.at);
        let fault = outcome.done.err().map(|failure| failure.reason);
        self.tell(PublishNote::Fetched { feed: name.clone(), title, at, fault, is_held, is_changed }).await;
        if is_well {
            // Where there is no room, its next fetch asks again.
            drop(self.pictures.try_send(name));
        }
    }

    fn files_changed(&mut self, name: &str) {
        let now = self.cx.clock.monotonic();
        let is_running = self.running.values().any(|running| running.feed == name);
        let state = self.feeds.entry(name.to_owned()).or_default();
        state.is_changed |= is_running;
        if !is_running {
            state.due = state.due.min(now);
        }
    }

    /// Takes a new config: feeds that changed are fetched at once, and what goes on for them as they were is ended.
    fn reconfigure(&mut self, config: Arc<Config>) {
        let old = std::mem::replace(&mut self.config, Arc::clone(&config));
        let changes = config.changes_since(&old);
        self.feeds.retain(|name, _| config.feeds.contains_key(name));
        for name in config.feeds.keys().filter(|name| changes.feeds.contains(*name)) {
            self.feeds.insert(name.clone(), FeedState { is_anew: true, ..FeedState::default() });
        }
        // A fetch from the old source may hang for long yet.
        self.running.retain(|_, running| {
            let stays = !changes.feeds.contains(&running.feed);
            if !stays {
                running.task.abort();
            }
            stays
        });
    }

    async fn tell(&self, note: PublishNote) {
        // A publisher that has ended wants no notes.
        let _ = self.notes.send(note).await;
    }
}

/// Fetches a feed and keeps what came; of large files one at a time.
async fn fetch(fetcher: &Fetcher, name: &str, feed: &Feed, is_anew: bool, large: &Semaphore) -> FetchOutcome {
    let mut turn = None;
    if feeds::is_local(feed) {
        let (feed_read, config) = (feed.clone(), Arc::clone(&fetcher.config));
        let owner = format!("{name} {}", feed.source);
        let size = move |_: &_| feeds::file_size(&feed_read, &config);
        match fetcher.client.pool().run_blocking(&owner, &feed.source, DRIVE_TIMEOUT, size).await {
            Ok(bytes) if bytes > LARGE_FILE_BYTES => {
                turn = tokio::time::timeout(LARGE_FILE_WAIT, large.acquire()).await.ok();
            }
            Ok(_) => {}
            Err(error) => return fetcher.failed(name, feed, drive_fault(feed, &error)).await,
        }
    }
    let outcome = fetcher.fetch_and_keep(name, feed, is_anew).await;
    drop(turn);
    outcome
}

fn drive_fault(feed: &Feed, error: &JobError) -> String {
    match error {
        JobError::TimedOut(limit) => format!(
            "{}: the drive it lies on does not answer within {} s; see whether it is connected",
            feed.source,
            limit.as_secs()
        ),
        error => format!("{}: {error}", feed.source),
    }
}
