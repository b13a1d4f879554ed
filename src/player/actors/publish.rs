//! Makes editions when content changed, and tells the screens of them, of a new config and of what staff should mend.
//! That a source was read again and holds the same makes no edition: its instant is written into the last one.

use super::{Conditions, Context, Ended, Inlet, PublishNote};
use crate::{
    calendar,
    config::Config,
    edition::{Edition, Faults, FeedHealth},
    player::message::Inbound,
    store::StoreError,
    time::{Timestamp, civil::Date},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

/// From changed content to the edition that shows it: what several feeds bring at once makes one edition.
const PUBLISH_DEBOUNCE: Duration = Duration::from_millis(150);
/// From a fetch that changed nothing to the word that its source was read.
const PUBLISH_DEBOUNCE_IDLE: Duration = Duration::from_secs(5);
/// Between two tries to hand over what the screens had no room for, and to make an edition that failed.
const RETRY: Duration = Duration::from_secs(1);
/// The longest sleep: the wall clock may be set meanwhile, and faults grow old.
const LONGEST_NAP: Duration = Duration::from_secs(60);

/// A feed fails for long after this time and so many of its fetches without a success.
const STALE_AFTER: Duration = Duration::from_secs(3600);
const STALE_FETCHES: u64 = 4;
/// One that never succeeded does after so many failures, which come within about half an hour.
const UNREACHED_FAILURES: u32 = 6;
/// How long the badge says that a part of the program broke down.
const BROKE_DOWN_SHOWN: Duration = Duration::from_secs(600);

/// What a task of the publisher brings.
enum Done {
    Edition(Result<Box<Edition>, StoreError>),
    /// Rows made anew.
    Settled(Result<usize, StoreError>),
}

struct Publisher {
    cx: Context,
    /// Told once the first edition is made: from when on sources are fetched.
    ready: watch::Sender<Option<Duration>>,
    tasks: JoinSet<Done>,
    is_making: bool,
    /// When the next edition is made, if one is wanted.
    edition_at: Option<Duration>,
    is_settling: bool,
    /// The config changed while registers were brought in line with the one before.
    is_settling_due: bool,
    /// A config and an edition that the screens had no room for yet.
    unsent_config: Option<Arc<Config>>,
    unsent_edition: Option<Arc<Edition>>,
    retry_at: Option<Duration>,
    /// When the next warning of the last edition is over.
    next_end: Option<Timestamp>,
    /// The day of the last edition.
    published_on: Option<Date>,
    /// The edition that screens show.
    last: Option<Arc<Edition>>,
    health: Health,
    faults: Faults,
    faults_sent: Faults,
    broke_down_at: Option<Duration>,
}

/// How feeds fare.
#[derive(Default)]
struct Health {
    feeds: BTreeMap<String, FeedHealth>,
    failures: HashMap<String, u32>,
    /// When the screens are told, if there is news.
    tell_at: Option<Duration>,
}

/// From the first edition, where it has something to show, to the first fetch: screens are set up meanwhile.
const FIRST_FETCH_DELAY: Duration = Duration::from_secs(1);

/// Runs the publisher.
pub(in crate::player) async fn run(
    cx: Context,
    notes: Inlet<PublishNote>,
    ready: watch::Sender<Option<Duration>>,
) -> Ended {
    let mut notes = notes.open().await;
    let mut config = cx.config.clone();
    let mut current = Arc::clone(&config.borrow_and_update());
    let mut conditions = cx.conditions.clone();
    let mut this = Publisher {
        ready,
        tasks: JoinSet::new(),
        is_making: false,
        edition_at: Some(Duration::ZERO),
        is_settling: false,
        is_settling_due: true,
        unsent_config: None,
        unsent_edition: None,
        retry_at: None,
        next_end: None,
        published_on: None,
        last: None,
        health: Health::default(),
        faults: Faults::default(),
        faults_sent: Faults::default(),
        broke_down_at: None,
        cx: cx.clone(),
    };
    loop {
        let wake = this.work();
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            note = notes.recv() => match note {
                Some(PublishNote::StoreClosed) => return Ended::StoreClosed,
                Some(note) => this.note(note),
                None => return Ended::Asked,
            },
            Some(done) = this.tasks.join_next() => if this.done(done).is_err() {
                return Ended::StoreClosed;
            },
            changed = config.changed() => match changed {
                Ok(()) => {
                    let before = std::mem::replace(&mut current, Arc::clone(&config.borrow_and_update()));
                    this.reconfigure(&before, &current);
                }
                Err(_) => return Ended::Asked,
            },
            // They are read when the screens are told.
            changed = conditions.changed() => if changed.is_err() {
                return Ended::Asked;
            },
            () = cx.sleep_until(Some(wake)) => {}
        }
    }
}

impl Publisher {
    /// Does all that is due; gives when to look again.
    fn work(&mut self) -> Duration {
        let now = self.cx.clock.monotonic();
        if self.retry_at.is_none_or(|at| at <= now) {
            self.send();
        }
        if self.is_edition_due(now) && !self.is_making {
            self.make_edition();
        }
        if self.is_settling_due && !self.is_settling && self.last.is_some() {
            self.settle();
        }
        if self.broke_down_at.is_some_and(|at| now >= at + BROKE_DOWN_SHOWN) {
            self.broke_down_at = None;
        }
        self.tell_faults(now);
        self.tell_health(now);
        let making = self.is_making.then_some(now + LONGEST_NAP);
        let edition = making.or(self.edition_at.map(|at| at.max(now)));
        let day = now + calendar::next_change("{date}", &self.cx.wall());
        let wall = self.cx.clock.wall();
        let end = self.next_end.map(|end| now + Duration::try_from(end.duration_since(wall)).unwrap_or_default());
        let wakes = [self.retry_at, edition, Some(day), end, self.health.tell_at, Some(now + LONGEST_NAP)];
        wakes.into_iter().flatten().min().unwrap_or(now + LONGEST_NAP)
    }

    /// Hands on a new config, and makes again what the config's sections say was made from what changed in it.
    fn reconfigure(&mut self, before: &Config, now: &Arc<Config>) {
        let changes = now.changes_since(before);
        self.unsent_config = Some(Arc::clone(now));
        if changes.edition {
            self.edition_at = Some(Duration::ZERO);
        }
        self.is_settling_due |= changes.derived;
    }

    /// Whether an edition is wanted now: content changed, a day began, or a warning is over.
    fn is_edition_due(&self, now: Duration) -> bool {
        let wall = self.cx.wall();
        self.edition_at.is_some_and(|at| at <= now)
            || self.published_on.is_some_and(|day| day != wall.day())
            || self.next_end.is_some_and(|end| end <= wall.0.timestamp())
    }

    /// Makes an edition beside the loop.
    fn make_edition(&mut self) {
        let (store, config, wall) = (self.cx.store.clone(), self.cx.config(), self.cx.wall());
        let number = self.cx.editions.fetch_add(1, Ordering::Relaxed) + 1;
        let today = wall.day();
        (self.is_making, self.edition_at, self.published_on) = (true, None, Some(today));
        let clock = Arc::clone(&self.cx.clock);
        self.tasks.spawn(async move {
            let made = store.read_much(move |store| store.edition_on(number, &config, today)).await;
            Done::Edition(made.map(|edition| Box::new(edition.without_ended(clock.wall()))))
        });
    }

    /// Has what is kept of registers brought in line with the config, while everything else goes on.
    fn settle(&mut self) {
        (self.is_settling, self.is_settling_due) = (true, false);
        let (store, config) = (self.cx.store.clone(), self.cx.config());
        self.tasks.spawn(async move { Done::Settled(store.write(move |store| store.rebuild_derived(&config)).await) });
    }

    fn note(&mut self, note: PublishNote) {
        let now = self.cx.clock.monotonic();
        match note {
            PublishNote::Fetched { feed, title, at, fault, is_held, is_changed } => {
                self.health.note(feed, title, at, fault, is_held);
                if is_changed {
                    let at = now + PUBLISH_DEBOUNCE;
                    self.edition_at = Some(self.edition_at.map_or(at, |before| before.min(at)));
                }
                self.health.tell_at.get_or_insert(now + PUBLISH_DEBOUNCE_IDLE);
            }
            PublishNote::BrokeDown | PublishNote::StoreClosed => self.broke_down_at = Some(now),
        }
    }

    /// Takes in what a task brought.
    ///
    /// # Errors
    /// That the store is gone; other faults are said in the log.
    fn done(&mut self, done: Result<Done, JoinError>) -> Result<(), StoreError> {
        let now = self.cx.clock.monotonic();
        match done {
            Ok(Done::Edition(made)) => {
                self.is_making = false;
                match made {
                    Ok(edition) => self.take_edition(*edition, now),
                    Err(StoreError::Closed) => return Err(StoreError::Closed),
                    Err(error) => {
                        tracing::error!("{error}; the last edition stays on screen");
                        self.edition_at = Some(now + RETRY * 5);
                    }
                }
                // A store that cannot be read is no reason to leave sources unread.
                self.ready.send_if_modified(|ready| ready.is_none() && ready.replace(now).is_none());
            }
            Ok(Done::Settled(done)) => {
                self.is_settling = false;
                match done {
                    Ok(0) => {}
                    Ok(rows) => {
                        tracing::info!(rows, "registers made anew");
                        self.edition_at = Some(now);
                    }
                    Err(StoreError::Closed) => return Err(StoreError::Closed),
                    Err(error) => tracing::error!("{error}"),
                }
            }
            Err(_) => {
                (self.is_making, self.is_settling) = (false, false);
                self.broke_down_at = Some(now);
                self.edition_at = Some(now + RETRY * 5);
                tracing::error!("an edition could not be made, the program broke down on it; please report this");
            }
        }
        Ok(())
    }

    fn take_edition(&mut self, edition: Edition, now: Duration) {
        self.next_end = edition.next_end;
        self.health.read(&edition.feeds);
        let delay = if edition.count("") == 0 { Duration::ZERO } else { FIRST_FETCH_DELAY };
        let edition = Arc::new(edition);
        self.last = Some(Arc::clone(&edition));
        self.unsent_edition = Some(edition);
        self.send();
        self.ready.send_if_modified(|ready| ready.is_none() && ready.replace(now + delay).is_none());
    }

    /// Hands over what waits for it: the config first, since an edition is made for one.
    fn send(&mut self) {
        let mailbox = self.cx.mailbox.clone();
        let config = self.unsent_config.take().and_then(|config| mailbox.send(Inbound::Config(config)).err());
        if let Some(Inbound::Config(config)) = config {
            self.unsent_config = Some(config);
        } else if let Some(edition) = self.unsent_edition.take()
            && let Err(Inbound::Edition(edition)) = mailbox.send(Inbound::Edition(edition))
        {
            self.unsent_edition = Some(edition);
        }
        let waits = self.unsent_config.is_some() || self.unsent_edition.is_some();
        if waits && self.retry_at.is_none() {
            tracing::warn!("the screens are too busy to take what is new; trying again");
        }
        self.retry_at = waits.then(|| self.cx.clock.monotonic() + RETRY);
    }

    /// Tells the screens what staff should mend, where that changed.
    fn tell_faults(&mut self, now: Duration) {
        let Conditions { config_errors, is_store_gone } = *self.cx.conditions.borrow();
        (self.faults.config, self.faults.data) = (config_errors, is_store_gone);
        self.faults.feeds = self.health.failing(&self.cx);
        self.faults.program = self.broke_down_at.is_some_and(|at| now < at + BROKE_DOWN_SHOWN);
        // Where there is no room now, it is said with the next that happens.
        if self.faults != self.faults_sent && self.cx.mailbox.send(Inbound::Faults(self.faults)).is_ok() {
            self.faults_sent = self.faults;
        }
    }

    /// Tells the screens when the sources of their rows were last read, where that changed: nothing is read for it.
    fn tell_health(&mut self, now: Duration) {
        if self.health.tell_at.is_none_or(|at| at > now) {
            return;
        }
        self.health.tell_at = None;
        let config = self.cx.config();
        let last_ok = |register: &str, title: &str| {
            let feeds = config.feeds.iter().filter(|(_, feed)| feed.register == register && feed.title == title);
            feeds.filter_map(|(name, _)| self.health.feeds.get(name)?.last_ok).max()
        };
        if let Some(edition) = self.last.as_ref().and_then(|last| last.confirmed(last_ok)) {
            let edition = Arc::new(edition);
            self.last = Some(Arc::clone(&edition));
            self.unsent_edition = Some(edition);
            self.send();
        }
    }
}

impl Health {
    /// Takes what the store says of feeds, which knows of earlier runs.
    fn read(&mut self, feeds: &[FeedHealth]) {
        self.feeds = feeds.iter().map(|feed| (feed.name.clone(), feed.clone())).collect();
    }

    fn note(&mut self, feed: String, title: String, at: Timestamp, fault: Option<String>, is_held: bool) {
        let failures = self.failures.entry(feed.clone()).or_default();
        *failures = if fault.is_some() { failures.saturating_add(1) } else { 0 };
        let before = self.feeds.get(&feed);
        let last_ok = if fault.is_some() { before.and_then(|health| health.last_ok) } else { Some(at) };
        // It stays held until a fetch goes well.
        let held = is_held || (fault.is_some() && before.is_some_and(|health| health.held));
        self.feeds.insert(feed.clone(), FeedHealth { name: feed, title, last_ok, fault, held });
    }

    /// Feeds that have been failing for long.
    fn failing(&self, cx: &Context) -> usize {
        let (now, config) = (cx.clock.wall(), cx.config());
        let is_stale = |health: &&FeedHealth| {
            let Some(feed) = config.feeds.get(&health.name).filter(|feed| feed.enabled) else { return false };
            let is_unreached = health.last_ok.is_none()
                && self.failures.get(&health.name).is_some_and(|count| *count >= UNREACHED_FAILURES);
            let patience = Duration::from_secs(u64::from(feed.every_minutes) * 60 * STALE_FETCHES).max(STALE_AFTER);
            is_unreached || health.failing(patience, now)
        };
        self.feeds.values().filter(is_stale).count()
    }
}
