//! The reading and keeping side: looks at feeds when they are due, keeps what they give, publishes editions,
//! answers questions, follows the config folder. It never touches a window.

use super::{
    journal::{Journal, Showing},
    message::{Inbound, Outbound},
    pictures::{Album, Fault, Keeper},
    source::{Failed, Source},
};
use crate::{
    calendar, check,
    config::{self, Config, Severity},
    edition::{Answer, Edition, Faults, FeedHealth, Question, Told, Wanted},
    feeds::{self, Client},
    platform::Waker,
    store::StoreHandle,
    time::{Clock, WallTime, civil::Date},
};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{
        Semaphore,
        mpsc::{Receiver, UnboundedSender, channel, error::TrySendError, unbounded_channel},
    },
    task::{AbortHandle, JoinHandle},
};

/// Looks taken at the same time.
const ABREAST: usize = 4;
/// Bytes of a file beyond which no other such file is read beside it: what was read waits in memory for the store.
const HEAVY: u64 = 1 << 20;
/// Feeds whose pictures are fetched at the same time, those of each one by one.
const PICTURES_ABREAST: usize = 2;

/// From news to the edition that shows it: what several feeds bring at once makes one edition.
const SOON: Duration = Duration::from_millis(150);
/// The same where only the time of the last look is new.
const LATER: Duration = Duration::from_secs(5);

/// From the first edition, where it has something to show, to the first look at a source: screens are set up meanwhile.
const CALM: Duration = Duration::from_secs(1);

/// Between two notes that screens still run.
const BEAT: Duration = Duration::from_secs(60);

/// A feed fails for long after this time and so many of its looks without a success.
const LONG: Duration = Duration::from_secs(3600);
const LOOKS: u64 = 4;
/// One that never succeeded does after so many failures, which come within about half an hour.
const NEVER: u32 = 6;

/// What the service works with.
pub struct Service {
    /// The config at start.
    pub config: Arc<Config>,
    /// Errors of the config on disk, where that is not the one in use.
    pub broken: usize,
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

/// How the drawing side gives orders: it never waits, and an order there is no room for is dropped and said. `false`
/// where it was not taken.
pub fn orders() -> (Box<dyn Fn(Outbound) -> bool>, Orders) {
    let (sender, receiver) = channel(ORDERS);
    let give = move |order| match sender.try_send(order) {
        Ok(()) => true,
        Err(TrySendError::Full(order)) => {
            // What a visitor asked for is not written down: only that something was.
            drop(order);
            tracing::warn!("the service is too busy: a question or a note of what is shown is dropped");
            false
        }
        // A service that has ended already needs no orders.
        Err(TrySendError::Closed(_)) => false,
    };
    (Box::new(give), Orders(receiver))
}

/// How one look at a feed went.
struct Look {
    name: String,
    number: u64,
    /// Whether it brought something that screens show.
    done: Result<bool, Failed>,
}

/// A look being taken.
struct Busy {
    number: u64,
    task: AbortHandle,
    /// Whether it reads a large file.
    is_heavy: bool,
}

struct State {
    config: Arc<Config>,
    store: StoreHandle,
    client: Client,
    waker: Waker<Inbound>,
    clock: Arc<dyn Clock>,
    edition: u64,
    /// When the next edition is made, if one is wanted.
    publish_at: Option<Duration>,
    due: HashMap<String, Duration>,
    /// No look before this.
    looks_from: Duration,
    failures: HashMap<String, u32>,
    /// The looks being taken.
    busy: HashMap<String, Busy>,
    taken: u64,
    /// Feeds whose file changed since they were last read: what the source holds is to be read again by its new words.
    anew: HashSet<String>,
    looks: UnboundedSender<Look>,
    /// The search of each screen that is being answered; the screen's next question ends it.
    searches: HashMap<usize, AbortHandle>,
    /// Feeds whose pictures are being fetched.
    rounds: HashSet<String>,
    round_done: UnboundedSender<String>,
    /// Told when what is kept of registers was made anew.
    settled: UnboundedSender<()>,
    /// When the next warning of the last edition is over.
    next_end: Option<jiff::Timestamp>,
    /// The day of the last edition.
    published_on: Option<Date>,
    turns: Arc<Semaphore>,
    /// Errors of the config on disk.
    broken: usize,
    data: PathBuf,
    /// A config that the screens had no room for yet.
    untold: Option<Arc<Config>>,
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
        let (round_done, mut rounds) = unbounded_channel();
        let (settled, mut settlings) = unbounded_channel();
        let mut state = State {
            config: self.config,
            store: StoreHandle::open(&self.data).map_err(|e| e.to_string())?,
            client: Client::new(),
            waker: self.waker,
            clock: self.clock,
            edition: 0,
            next_end: None,
            publish_at: None,
            due: HashMap::new(),
            looks_from: Duration::ZERO,
            failures: HashMap::new(),
            busy: HashMap::new(),
            taken: 0,
            anew: HashSet::new(),
            looks,
            searches: HashMap::new(),
            rounds: HashSet::new(),
            round_done,
            settled,
            published_on: None,
            turns: Arc::new(Semaphore::new(PICTURES_ABREAST)),
            broken: self.broken,
            data: self.data,
            untold: None,
            told: Faults::default(),
        };
        // The screens come first: what they wait for is told before anything else is begun.
        if state.publish().await {
            state.looks_from = state.clock.monotonic() + CALM;
        }
        if state.broken == 0 {
            state.keep_config();
        }
        state.settle();
        let (shows, journal) = journal(state.store.clone(), Arc::clone(&state.clock));
        let (changed, mut changes) = unbounded_channel();
        let _watch = config::Watch::start(&state.config.dir, move || changed.send(()).unwrap_or_default())
            .map_err(|e| tracing::warn!("the config folder is not watched, changes need a restart: {e}"));
        let mut stop = std::pin::pin!(stopped());
        loop {
            let nap = state.start_looks().min(state.publish_if_due().await);
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Outbound::Ask(question)) => state.answer(question),
                    Some(Outbound::Shows(showing)) => drop(shows.send(showing)),
                    Some(Outbound::Quit) | None => break,
                },
                Some(look) = done.recv() => state.finish(look),
                Some(()) = settlings.recv() => state.publish_at = Some(state.clock.monotonic()),
                Some(feed) = rounds.recv() => drop(state.rounds.remove(&feed)),
                Some(()) = changes.recv() => {
                    while changes.try_recv().is_ok() {}
                    state.reload().await;
                }
                () = tokio::time::sleep(nap) => {}
                () = &mut stop => break,
            }
        }
        drop(shows);
        if journal.await.is_err() {
            tracing::error!("the journal of what was shown broke down");
        }
        state.store.shutdown().await;
        Ok(())
    }
}

/// Starts the journal: a task of its own, so that no question waits for its writing. It ends with the sender.
fn journal(store: StoreHandle, clock: Arc<dyn Clock>) -> (UnboundedSender<Showing>, JoinHandle<()>) {
    let (shows, mut notes) = unbounded_channel();
    let task = tokio::spawn(async move {
        let mut journal = Journal::open(store, clock).await;
        let mut beat = tokio::time::interval(BEAT);
        loop {
            tokio::select! {
                note = notes.recv() => match note {
                    Some(showing) => journal.note(showing).await,
                    None => break,
                },
                _ = beat.tick() => journal.beat().await,
            }
        }
        journal.end().await;
    });
    (shows, task)
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
        if now < self.looks_from {
            return self.looks_from - now;
        }
        let mut next = Duration::from_secs(3600);
        for (name, feed) in self.config.feeds.iter().filter(|(_, f)| f.enabled) {
            let due = self.due.get(name).copied().unwrap_or_default();
            if self.busy.contains_key(name) {
                continue;
            }
            if due > now {
                next = next.min(due - now);
            } else if self.busy.len() < ABREAST {
                let is_heavy = feeds::file_size(feed, &self.config) > HEAVY;
                if is_heavy && self.busy.values().any(|busy| busy.is_heavy) {
                    continue;
                }
                self.taken += 1;
                let source = Source {
                    client: self.client.clone(),
                    store: self.store.clone(),
                    clock: Arc::clone(&self.clock),
                    name: name.clone(),
                    feed: feed.clone(),
                    config: Arc::clone(&self.config),
                    anew: self.anew.contains(name),
                };
                let (looks, number) = (self.looks.clone(), self.taken);
                let task = tokio::spawn(async move {
                    let done = source.look().await;
                    drop(looks.send(Look { name: source.name, number, done }));
                });
                self.busy.insert(name.clone(), Busy { number, task: task.abort_handle(), is_heavy });
            }
        }
        next
    }

    fn finish(&mut self, look: Look) {
        if self.busy.get(&look.name).is_none_or(|busy| busy.number != look.number) {
            // Its feed was changed meanwhile.
            return;
        }
        self.busy.remove(&look.name);
        let failures = self.failures.entry(look.name.clone()).or_default();
        *failures = if look.done.is_err() { failures.saturating_add(1) } else { 0 };
        if look.done.is_ok() {
            self.anew.remove(&look.name);
        }
        let now = self.clock.monotonic();
        let wanted = now + if matches!(look.done, Ok(false)) { LATER } else { SOON };
        self.publish_at = Some(self.publish_at.map_or(wanted, |at| at.min(wanted)));
        if let Some(feed) = self.config.feeds.get(&look.name) {
            // The clock's low digits spread the looks of many machines; nothing here needs a better dice.
            let jitter = f64::from(now.subsec_nanos() % 2001) / 1000.0 - 1.0;
            let retry_after = look.done.as_ref().err().and_then(|failed| failed.retry_after);
            let delay = feeds::next_delay(feed, *failures, jitter, retry_after);
            self.due.insert(look.name.clone(), now + delay);
        }
        if look.done.is_ok() {
            self.fetch_pictures(look.name);
        }
    }

    /// Starts a round over a feed's pictures, unless one is under way: a later look starts the next.
    fn fetch_pictures(&mut self, feed: String) {
        if !self.rounds.insert(feed.clone()) {
            return;
        }
        let (keeper, turns, done) = (self.keeper(), Arc::clone(&self.turns), self.round_done.clone());
        tokio::spawn(async move {
            let turn = turns.acquire().await;
            let round = keeper.round(&feed, keeper.clock.wall()).await;
            drop(turn);
            round.faults.iter().for_each(Fault::log);
            if round.kept > 0 {
                tracing::info!(feed, kept = round.kept, "pictures");
            }
            drop(done.send(feed));
        });
    }

    fn keeper(&self) -> Keeper {
        Keeper {
            client: self.client.clone(),
            store: self.store.clone(),
            config: Arc::clone(&self.config),
            clock: Arc::clone(&self.clock),
        }
    }

    /// Makes the edition that is due, a new day's too; gives the time until one is.
    async fn publish_if_due(&mut self) -> Duration {
        let now = self.clock.monotonic();
        let wall = self.wall();
        let is_over = self.next_end.is_some_and(|end| end <= wall.0.timestamp());
        let is_new_day = self.published_on.is_some_and(|day| day != wall.day());
        let due = self.publish_at.is_some_and(|at| at <= now) || is_new_day || is_over;
        if due {
            self.publish().await;
        }
        let wanted = self.publish_at.map_or(Duration::MAX, |at| at.saturating_sub(now));
        let wanted = wanted.min(calendar::next_change("{date}", &wall));
        // Looked at every minute, since the wall clock may be set meanwhile.
        let until =
            |end: jiff::Timestamp| Duration::try_from(end.duration_since(wall.0.timestamp())).unwrap_or_default();
        self.next_end.map_or(wanted, |end| wanted.min(until(end)).min(Duration::from_secs(60)))
    }

    /// Has what is kept of registers brought in line with the config, while everything else goes on.
    fn settle(&self) {
        let (store, config, settled) = (self.store.clone(), Arc::clone(&self.config), self.settled.clone());
        tokio::spawn(async move {
            match store.write(move |store| store.settle(&config)).await {
                Ok(0) => {}
                Ok(rows) => {
                    tracing::info!(rows, "registers made anew");
                    // A service that has ended wants no edition.
                    let _ = settled.send(());
                }
                Err(error) => tracing::error!("{error}"),
            }
        });
    }

    /// Makes an edition and hands it to the screens. Says whether it has any notice.
    async fn publish(&mut self) -> bool {
        self.publish_at = None;
        if let Some(config) = self.untold.take()
            && self.waker.send(Inbound::Config(Arc::clone(&config))).is_err()
        {
            tracing::warn!("the screens are too busy to take the config; trying again");
            self.untold = Some(config);
            self.publish_at = Some(self.clock.monotonic() + LATER);
        }
        let today = self.today();
        self.published_on = Some(today);
        let mut has_notices = false;
        let (number, config) = (self.edition + 1, Arc::clone(&self.config));
        match self.store.read_much(move |store| store.edition_on(number, &config, today)).await {
            Ok(edition) => {
                let edition = edition.without_ended(self.clock.wall());
                has_notices = !edition.notices.is_empty();
                self.next_end = edition.next_end;
                self.edition += 1;
                self.tell(self.failing(&edition));
                if self.waker.send(Inbound::Edition(Arc::new(edition))).is_err() {
                    tracing::warn!("the screens are too busy to take an edition; the next one will reach them");
                }
            }
            Err(error) => tracing::error!("{error}; the last edition stays on screen"),
        }
        has_notices
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
        let loaded = check::load(&self.config.dir);
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
        let terms = |c: &Config| (c.catalogue.period.clone(), c.calendar.clone());
        let terms_changed = terms(&config) != terms(&self.config);
        let feed =
            |c: &Config, name: &str| c.feeds.get(name).map(|f| (f.clone(), c.registers.get(&f.register).cloned()));
        let changed = |name: &str| terms_changed || feed(&config, name) != feed(&self.config, name);
        for name in config.feeds.keys().filter(|name| changed(name)) {
            self.due.remove(name);
            self.failures.remove(name);
            self.anew.insert(name.clone());
        }
        // A look at the old source may hang for long yet.
        self.busy.retain(|name, busy| {
            let stays = !changed(name);
            if !stays {
                busy.task.abort();
            }
            stays
        });
        self.config = Arc::clone(&config);
        self.untold = Some(config);
        self.keep_config();
        self.publish().await;
        self.settle();
    }

    /// Has the config in use outlive a restart.
    fn keep_config(&self) {
        if let Err(error) = config::keep(&self.config.dir, &self.data) {
            tracing::warn!("the config cannot be kept for a restart ({error}); check {}", self.data.display());
        }
    }

    /// The time it is for the site.
    fn wall(&self) -> WallTime {
        WallTime::at(self.clock.wall(), &self.config.site.zone())
    }

    /// The day it is for the site.
    fn today(&self) -> Date {
        self.wall().day()
    }

    fn answer(&mut self, question: Question) {
        if let Some(search) = self.searches.remove(&question.screen) {
            search.abort();
        }
        let (asker, is_search) = (question.screen, matches!(question.wanted, Wanted::Search(_)));
        let (store, waker) = (self.store.clone(), self.waker.clone());
        let keeper = self.keeper();
        let today = self.today();
        let task = tokio::spawn(async move {
            let Question { screen, generation, wanted } = question;
            let tell = |told| drop(waker.send(Inbound::Answer(Answer { screen, generation, told })));
            let told = store.answer(wanted, Arc::clone(&keeper.config), today).await.unwrap_or_else(|error| {
                tracing::error!("{error}");
                Told::Failed
            });
            tell(told.clone());
            // The words went at once; now the pictures that are kept, then those that must be fetched.
            match told {
                Told::Document(mut document) => {
                    let album = Album::of_document(&document);
                    let show = |pictures: &_, _| {
                        Arc::make_mut(&mut document).pictures.clone_from(pictures);
                        tell(Told::Document(Arc::clone(&document)));
                    };
                    keeper.illustrate(&album, show).await;
                }
                Told::Row(mut file) => {
                    let album = Album::of_row(&file);
                    let show = |pictures: &_, is_settled| {
                        let file = Arc::make_mut(&mut file);
                        file.pictures.clone_from(pictures);
                        file.is_settled = is_settled;
                        tell(Told::Row(Arc::new(file.clone())));
                    };
                    keeper.illustrate(&album, show).await;
                }
                _ => {}
            }
        });
        if is_search {
            self.searches.insert(asker, task.abort_handle());
        }
    }
}
