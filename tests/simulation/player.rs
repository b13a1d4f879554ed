//! The player: its service on the simulation's runtime, its screens without windows.

use super::{
    account::Account,
    clock::SimClock,
    office::Office,
    screens::{Give, Screens, Seen},
};
use gongshi::{
    check,
    config::Config,
    feeds::Client,
    jobs::BlockingPool,
    net::HttpClient,
    platform::{Inbox, inbox},
    player::{Inbound, Outbound, Service, orders},
    store::StoreHandle,
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinHandle;

/// Messages that may wait for the screens, as in the program.
const INBOX_MESSAGES: usize = 64;
/// Tasks of one service at most: beyond this something is not bounded.
const MAX_TASKS: usize = 80;

/// A running program.
pub struct Player {
    dir: PathBuf,
    clock: Arc<SimClock>,
    /// Each start has a copy of the data folder of the one before, as it lay there when that was killed.
    starts: u32,
    running: Running,
    /// What walls presented.
    pub account: Account,
    /// Compares as it goes: from a draw of its own, so that it changes nothing of what happens.
    audits: fastrand::Rng,
}

struct Running {
    service: JoinHandle<()>,
    inbox: Inbox<Inbound>,
    give: Box<Give>,
    screens: Screens,
}

impl Player {
    /// Starts a program whose config lies in `dir/kiosk-config`.
    pub fn start(dir: &Path, clock: &Arc<SimClock>, office: &Office) -> Self {
        let data = dir.join("data-0");
        let running = start(dir, &data, clock, office);
        let (account, audits) = (Account::default(), fastrand::Rng::with_seed(0));
        Self { dir: dir.to_owned(), clock: Arc::clone(clock), starts: 0, running, account, audits }
    }

    fn data(&self) -> PathBuf {
        self.dir.join(format!("data-{}", self.starts))
    }

    /// Kills the program between two instants, and starts it on what its folder held then.
    pub async fn crash(&mut self, office: &Office) {
        let old = self.data();
        self.starts += 1;
        let new = self.data();
        copy(&old, &new);
        self.running.service.abort();
        tokio::task::yield_now().await;
        self.account.killed(self.clock.elapsed());
        self.running = start(&self.dir, &new, &self.clock, office);
        std::fs::remove_dir_all(&old).unwrap();
        if self.audits.u8(..4) == 0 {
            self.compare();
        }
    }

    /// Compares what was presented with what the store says now.
    pub fn compare(&mut self) {
        self.account.compare(&self.data(), self.clock.elapsed(), true);
    }

    /// Ends the program as a person would; gives how many intervals were compared in all.
    pub async fn stop(mut self) -> u64 {
        let data = self.data();
        self.running.screens.end(&*self.running.give, &self.clock, &mut self.account);
        assert!((self.running.give)(Outbound::Quit));
        let ended = tokio::time::timeout(Duration::from_secs(5), self.running.service).await;
        ended.expect("the service ends within five seconds").unwrap();
        self.account.compare(&data, self.clock.elapsed(), false);
        self.account.compared
    }

    /// When a frame is wanted at the latest.
    pub fn prove_at(&self) -> Option<Duration> {
        self.running.screens.prove_at()
    }

    /// A window is laid over the wall, or taken away.
    pub fn cover(&mut self) -> bool {
        self.running.screens.cover(&mut self.account)
    }

    /// Takes in what the service says and presents a frame of each screen; gives what is on them.
    pub fn present(&mut self) -> Vec<Seen> {
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        assert!(tasks < MAX_TASKS, "{tasks} tasks");
        assert!(!self.running.service.is_finished(), "the service ended by itself");
        let Running { inbox, give, screens, .. } = &mut self.running;
        screens.receive(inbox, &**give, &self.clock, &mut self.account);
        let seen = screens.present(&**give, &self.clock, &mut self.account);
        screens.ask(&**give, &self.clock);
        seen
    }

    /// Touches the kiosk somewhere; says whether there was anything to touch.
    pub fn touch(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.running.screens.touch(&self.clock, rng)
    }

    /// Whether the edition that the screens have holds a notice of this title.
    pub fn holds(&self, title: &str) -> bool {
        self.running.screens.holds(title)
    }

    /// The titles of the notices in that edition.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.running.screens.titles()
    }

    /// What the registers' rows for walls say in it.
    pub fn wall_rows(&self) -> String {
        self.running.screens.wall_rows()
    }

    /// Whether a screen is open.
    pub fn has_screen(&self, name: &str) -> bool {
        self.running.screens.has(name)
    }
}

/// Copies a folder as it lies there.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// The config in use at a start: that on disk, else the last good one kept beside the store.
fn config(dir: &Path, data: &Path) -> (Arc<Config>, usize) {
    let loaded = check::load(&dir.join("kiosk-config"));
    let errors = loaded.faults.iter().filter(|f| f.severity == gongshi::config::Severity::Error).count();
    let config = loaded.config.or_else(|| check::load_kept(&dir.join("kiosk-config"), data));
    (Arc::new(config.expect("a config that was good once is kept")), errors)
}

/// Jobs take a moment, in which anything else may happen; those on a share that hangs never end. How long depends on the
/// job and the instant alone: which of two that wait for one thing tokio wakes first is left to chance.
fn pool(clock: &Arc<SimClock>, office: &Office) -> BlockingPool {
    let (clock, hanging) = (Arc::clone(clock), Arc::clone(&office.hanging));
    BlockingPool::simulated(move |owner, what| {
        if hanging.lock().unwrap().is_some_and(|path| what.contains(path) || owner.contains(path)) {
            return Duration::from_secs(86_400);
        }
        let mut hasher = DefaultHasher::new();
        // The folder is another at each run.
        (owner.rsplit('/').next(), what.rsplit('/').next(), clock.elapsed()).hash(&mut hasher);
        Duration::from_micros(1000 + hasher.finish() % 200_000)
    })
}

fn start(dir: &Path, data: &Path, clock: &Arc<SimClock>, office: &Office) -> Running {
    let (config, broken) = config(dir, data);
    let (waker, inbox) = inbox(INBOX_MESSAGES, || ());
    let (give, orders) = orders();
    let store = StoreHandle::inline(data).unwrap();
    let client = Client::new().with_pool(pool(clock, office)).with_http(HttpClient::over(office.transport()));
    let clock: Arc<dyn gongshi::time::Clock> = Arc::clone(clock) as _;
    let service = Service { config: Arc::clone(&config), broken, data: data.to_owned(), waker, clock };
    let service = tokio::spawn(async move { service.run(store, orders, client).await });
    Running { service, inbox, give, screens: Screens::new(&config) }
}
