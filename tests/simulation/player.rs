//! The player: its service on the simulation's runtime, its screens without windows.

use super::{
    clock::SimClock,
    office::Office,
    screens::{Screens, Seen},
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
}

struct Running {
    service: JoinHandle<()>,
    inbox: Inbox<Inbound>,
    give: Box<dyn Fn(Outbound) -> bool + Send>,
    screens: Screens,
}

impl Player {
    /// Starts a program whose config lies in `dir/kiosk-config`.
    pub fn start(dir: &Path, clock: &Arc<SimClock>, office: &Office) -> Self {
        let data = dir.join("data-0");
        let running = start(dir, &data, clock, office);
        Self { dir: dir.to_owned(), clock: Arc::clone(clock), starts: 0, running }
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
        self.running = start(&self.dir, &new, &self.clock, office);
        std::fs::remove_dir_all(&old).unwrap();
    }

    /// Ends the program as a person would.
    pub async fn stop(self) {
        assert!((self.running.give)(Outbound::Quit));
        let ended = tokio::time::timeout(Duration::from_secs(5), self.running.service).await;
        ended.expect("the service ends within five seconds").unwrap();
    }

    /// Takes in what the service says and presents a frame of each screen; gives what is on them.
    pub fn present(&mut self) -> Vec<Seen> {
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        assert!(tasks < MAX_TASKS, "{tasks} tasks");
        assert!(!self.running.service.is_finished(), "the service ended by itself");
        let Running { inbox, give, screens, .. } = &mut self.running;
        screens.receive(inbox);
        let seen = screens.present(&self.clock);
        screens.ask(&**give, &self.clock);
        seen
    }

    /// Touches the kiosk somewhere; says whether there was anything to touch.
    pub fn touch(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.running.screens.touch(&self.clock, rng)
    }

    /// The titles of the notices in the edition that the screens have.
    pub fn holds(&self, title: &str) -> bool {
        self.running.screens.holds(title)
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

fn start(dir: &Path, data: &Path, clock: &Arc<SimClock>, office: &Office) -> Running {
    let (config, broken) = config(dir, data);
    let (waker, inbox) = inbox(INBOX_MESSAGES, || ());
    let (give, orders) = orders();
    let store = StoreHandle::inline(data).unwrap();
    let client = Client::new().with_pool(BlockingPool::inline()).with_http(HttpClient::over(office.transport()));
    let clock: Arc<dyn gongshi::time::Clock> = Arc::clone(clock) as _;
    let service = Service { config: Arc::clone(&config), broken, data: data.to_owned(), waker, clock };
    let service = tokio::spawn(async move { service.run(store, orders, client).await });
    Running { service, inbox, give, screens: Screens::new(&config) }
}
