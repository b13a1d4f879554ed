//! The reading and keeping side: looks at feeds when they are due, keeps what they give, publishes editions,
//! answers questions, follows the config folder. It never touches a window.

use super::{
    message::{Inbound, Outbound},
    pictures,
};
use crate::{
    config::{self, Config, Feed, Severity},
    edition::{Answer, Edition, Faults, FeedHealth, Question},
    feeds::{self, Client},
    platform::Waker,
    store::StoreHandle,
    time::Clock,
};
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::mpsc::{Receiver, UnboundedSender, channel, error::TrySendError, unbounded_channel};

/// Looks taken at the same time.
const ABREAST: usize = 4;

/// A feed fails for long after this time and so many of its looks without a success.
const LONG: Duration = Duration::from_secs(3600);
const LOOKS: u64 = 4;
/// One that never succeeded does after so many failures, which come within about half an hour.
const NEVER: u32 = 6;

/// What the service works with.
pub struct Service {
    /// The config at start.
    pub config: Arc<Config>,
    /// Where the store lives.
    pub data: PathBuf,
    /// Where messages to the drawing side go.
    pub waker: Waker<Inbound>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Orders that may wait.
const ORDERS: usize = 64;

/// Orders on their way to the service.
pub struct Orders(Receiver<Outbound>);

/// How the drawing side gives orders: it never waits, and an order there is no room for is dropped and said.
pub fn orders() -> (Box<dyn Fn(Outbound)>, Orders) {
    let (sender, receiver) = channel(ORDERS);
    let give = move |order| {
        // A service that has ended already needs no orders.
        if let Err(TrySendError::Full(order)) = sender.try_send(order) {
            tracing::warn!("the service is too busy: {order:?} is dropped");
        }
    };
    (Box::new(give), Orders(receiver))
}

/// How one look at a feed went.
struct Look {
    name: String,
    failed: bool,
    retry_after: Option<Duration>,
}

struct State {
    config: Arc<Config>,
    store: StoreHandle,
    client: Client,
    waker: Waker<Inbound>,
    clock: Arc<dyn Clock>,
    edition: u64,
    due: HashMap<String, Duration>,
    failures: HashMap<String, u32>,
    busy: HashMap<String, ()>,
    looks: UnboundedSender<Look>,
    /// Errors of the config on disk.
    broken: usize,
    /// What the screens know of faults.
    told: Faults,
}

impl Service {
    /// Runs until told to quit or until a signal asks the program to end.
    ///
    /// # Errors
    /// One sentence, where the store cannot be opened or the network client cannot be made.
    pub fn serve(self, orders: Orders) -> Result<(), String> {
        let waker = self.waker.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let served = runtime
            .map_err(|e| format!("no threads for the service: {e}"))
            .and_then(|runtime| runtime.block_on(self.run(orders)));
        // However it ended, the windows end with it.
        drop(waker.send(Inbound::Quit));
        served
    }

    async fn run(self, Orders(mut orders): Orders) -> Result<(), String> {
        let (looks, mut done) = unbounded_channel();
        let mut state = State {
            config: self.config,
            store: StoreHandle::open(&self.data).map_err(|e| e.to_string())?,
            client: Client::new().map_err(|e| e.to_string())?,
            waker: self.waker,
            clock: self.clock,
            edition: 0,
            due: HashMap::new(),
            failures: HashMap::new(),
            busy: HashMap::new(),
            looks,
            broken: 0,
            told: Faults::default(),
        };
        state.publish().await;
        let (changed, mut changes) = unbounded_channel();
        let _watch = config::Watch::start(&state.config.dir, move || changed.send(()).unwrap_or_default())
            .map_err(|e| tracing::warn!("the config folder is not watched, changes need a restart: {e}"));
        let mut stop = std::pin::pin!(stopped());
        loop {
            let nap = state.start_looks();
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Outbound::Ask(question)) => state.answer(question),
                    Some(Outbound::Quit) | None => break,
                },
                Some(look) = done.recv() => state.finish(look).await,
                Some(()) = changes.recv() => {
                    while changes.try_recv().is_ok() {}
                    state.reload().await;
                }
                () = tokio::time::sleep(nap) => {}
                () = &mut stop => break,
            }
        }
        state.store.shutdown().await;
        Ok(())
    }
}

/// Resolves when the system asks the program to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
}

impl State {
    /// Starts the looks that are due, at most [`ABREAST`] at a time; gives the time until the next one.
    fn start_looks(&mut self) -> Duration {
        let now = self.clock.monotonic();
        let mut next = Duration::from_secs(3600);
        for (name, feed) in self.config.feeds.iter().filter(|(_, f)| f.enabled) {
            let due = self.due.get(name).copied().unwrap_or_default();
            if self.busy.contains_key(name) {
                continue;
            }
            if due > now {
                next = next.min(due - now);
            } else if self.busy.len() < ABREAST {
                self.busy.insert(name.clone(), ());
                let look = look(
                    self.client.clone(),
                    self.store.clone(),
                    Arc::clone(&self.clock),
                    name.clone(),
                    feed.clone(),
                    self.config.dir.clone(),
                );
                let looks = self.looks.clone();
                tokio::spawn(async move { drop(looks.send(look.await)) });
            }
        }
        next
    }

    async fn finish(&mut self, look: Look) {
        self.busy.remove(&look.name);
        let failures = self.failures.entry(look.name.clone()).or_default();
        *failures = if look.failed { failures.saturating_add(1) } else { 0 };
        if let Some(feed) = self.config.feeds.get(&look.name) {
            let now = self.clock.monotonic();
            // The clock's low digits spread the looks of many machines; nothing here needs a better dice.
            let jitter = f64::from(now.subsec_nanos() % 2001) / 1000.0 - 1.0;
            let delay = feeds::next_delay(feed, *failures, jitter, look.retry_after);
            self.due.insert(look.name, now + delay);
        }
        self.publish().await;
    }

    async fn publish(&mut self) {
        let feeds: Vec<&str> = self.config.feeds.iter().filter(|(_, f)| f.enabled).map(|(n, _)| n.as_str()).collect();
        match self.store.edition_for(self.edition + 1, &feeds).await {
            Ok(edition) => {
                self.edition += 1;
                self.tell(self.failing(&edition));
                if self.waker.send(Inbound::Edition(Arc::new(edition))).is_err() {
                    tracing::warn!("the screens are too busy to take an edition; the next one will reach them");
                }
            }
            Err(error) => tracing::error!("{error}; the last edition stays on screen"),
        }
    }

    /// Feeds that have been failing for long.
    fn failing(&self, edition: &Edition) -> usize {
        let now = self.clock.wall();
        let long = |health: &&FeedHealth| {
            let every = self.config.feeds.get(&health.name).map_or(0, |feed| u64::from(feed.every_minutes) * 60);
            let never = health.last_ok.is_none() && self.failures.get(&health.name).is_some_and(|n| *n >= NEVER);
            never || health.failing(Duration::from_secs(every * LOOKS).max(LONG), now)
        };
        edition.feeds.iter().filter(long).count()
    }

    /// Tells the screens what staff should mend, where that changed.
    fn tell(&mut self, feeds: usize) {
        let faults = Faults { config: self.broken, feeds };
        // Where there is no room now, the next edition says it.
        if faults != self.told && self.waker.send(Inbound::Faults(faults)).is_ok() {
            self.told = faults;
        }
    }

    async fn reload(&mut self) {
        let loaded = config::load(&self.config.dir);
        for fault in &loaded.faults {
            tracing::warn!("{fault}");
        }
        self.broken = loaded.faults.iter().filter(|f| f.severity == Severity::Error).count();
        self.tell(self.told.feeds);
        let Some(config) = loaded.config.map(Arc::new) else {
            tracing::error!("the config has faults; the last good one stays in use");
            return;
        };
        if *config == *self.config {
            return;
        }
        for (name, feed) in &config.feeds {
            if self.config.feeds.get(name) != Some(feed) {
                self.due.remove(name);
                self.failures.remove(name);
            }
        }
        self.config = Arc::clone(&config);
        if self.waker.send(Inbound::Config(config)).is_err() {
            tracing::warn!("the screens are too busy to take the config; save it again");
        }
        self.publish().await;
    }

    fn answer(&self, question: Question) {
        let (store, waker) = (self.store.clone(), self.waker.clone());
        let (client, config) = (self.client.clone(), Arc::clone(&self.config));
        tokio::spawn(async move {
            let document = store.document(question.notice).await.unwrap_or_else(|error| {
                tracing::error!("{error}");
                None
            });
            let (screen, generation) = (question.screen, question.generation);
            let tell = |document| drop(waker.send(Inbound::Answer(Answer { screen, generation, document })));
            let Some(mut document) = document else { return tell(None) };
            // The words at once, the pictures when they are there.
            tell(Some(Arc::new(document.clone())));
            document.pictures = pictures::gather(&client, &config, &document, |_| true).await;
            if !document.pictures.is_empty() {
                tell(Some(Arc::new(document)));
            }
        });
    }
}

async fn look(
    client: Client,
    store: StoreHandle,
    clock: Arc<dyn Clock>,
    name: String,
    feed: Feed,
    dir: PathBuf,
) -> Look {
    let validators = store.validators(&name).await.unwrap_or_default();
    let now = clock.wall();
    let (fault, retry_after) = match feeds::harvest(&client, &name, &feed, &dir, &validators, now).await {
        Ok(harvest) => match store.ingest(harvest).await {
            Ok(ingested) => {
                tracing::info!(feed = name, ?ingested, "harvested");
                return Look { name, failed: false, retry_after: None };
            }
            Err(error) => (error.to_string(), None),
        },
        Err(error) => (error.to_string(), error.retry_after),
    };
    tracing::warn!(feed = name, "{fault}");
    if let Err(error) = store.record_fault(&name, &feed.title, now, &fault).await {
        tracing::error!("{error}");
    }
    Look { name, failed: true, retry_after }
}
