//! Follows the config folder, keeps the last good config for a restart, and looks whether the store is where it was.
//!
//! Everything that touches a file is done by jobs, one of a kind at a time.

use super::{Conditions, Context, Ended, PublishNote};
use crate::{
    check::{self, Loaded},
    config::{self, Config, Severity, Watch, WatchError},
    jobs::JobError,
    store::{FileIdentity, file_identity},
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc, watch},
    task::{JoinError, JoinSet},
};

/// Between two looks at the store's file.
const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// How long it may take to look for what the config names elsewhere.
const LOOK_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a look at a folder, or at all files of the config, may take.
const FOLDER_TIMEOUT: Duration = Duration::from_secs(10);

/// What a task brings.
enum Done {
    Watching(Result<Result<Watch, WatchError>, JobError>),
    /// The store's file as it stands, and the config folder from outside.
    Looked(Result<(Option<FileIdentity>, u64), JobError>),
    Loaded(Result<Box<Loaded>, JobError>),
    Kept(Result<std::io::Result<()>, JobError>),
}

struct Follower {
    cx: Context,
    config: watch::Sender<Arc<Config>>,
    conditions: watch::Sender<Conditions>,
    notes: mpsc::Sender<PublishNote>,
    tasks: JoinSet<Done>,
    /// Told by the watch, from a thread of its own.
    changed: Arc<Notify>,
    _watch: Option<Watch>,
    is_loading: bool,
    is_load_due: bool,
    is_keeping: bool,
    is_keep_due: bool,
    /// The config is yet to be kept since this began.
    is_unkept: bool,
    /// And read again: it may have been changed before the watch began.
    is_first_due: bool,
    /// The store's file when it was first looked at.
    store: Option<FileIdentity>,
    is_reachable: bool,
    /// The config folder from outside: the system tells of no change on a network drive.
    stamp: Option<u64>,
    look_at: Option<Duration>,
}

/// Follows the config folder.
pub(in crate::player) async fn run(
    cx: Context,
    config: watch::Sender<Arc<Config>>,
    conditions: watch::Sender<Conditions>,
    notes: mpsc::Sender<PublishNote>,
    mut ready: watch::Receiver<Option<Duration>>,
) -> Ended {
    let mut this = Follower {
        config,
        conditions,
        notes,
        tasks: JoinSet::new(),
        changed: Arc::default(),
        _watch: None,
        is_loading: false,
        is_load_due: false,
        is_keeping: false,
        is_keep_due: false,
        is_unkept: true,
        is_first_due: true,
        store: None,
        is_reachable: true,
        stamp: None,
        look_at: Some(cx.clock.monotonic() + Duration::from_secs(1)),
        cx: cx.clone(),
    };
    this.begin_watch();
    loop {
        this.work();
        let changed = Arc::clone(&this.changed);
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            () = changed.notified() => this.is_load_due = true,
            // The first frame comes before that.
            () = told(&mut ready), if this.is_unkept => {
                this.is_unkept = false;
                this.is_keep_due |= this.conditions.borrow().config_errors == 0;
            }
            Some(done) = this.tasks.join_next() => this.done(done).await,
            () = cx.sleep_until(this.look_at) => {}
        }
    }
}

/// Waits until it is told, or nobody can tell it any more.
async fn told(ready: &mut watch::Receiver<Option<Duration>>) {
    drop(ready.wait_for(Option::is_some).await);
}

impl Follower {
    /// Begins what is due.
    fn work(&mut self) {
        if self.is_load_due && !self.is_loading {
            (self.is_load_due, self.is_loading) = (false, true);
            let (cx, dir) = (self.cx.clone(), self.cx.config().dir.clone());
            self.tasks.spawn(async move { Done::Loaded(load(&cx, &dir).await.map(Box::new)) });
        }
        if self.is_keep_due && !self.is_keeping {
            (self.is_keep_due, self.is_keeping) = (false, true);
            let (pool, dir, data) = (self.cx.pool.clone(), self.cx.config().dir.clone(), self.cx.data.clone());
            self.tasks.spawn(async move {
                let what = data.display().to_string();
                let keep = move |_: &_| config::keep(&dir, &data);
                Done::Kept(pool.run_blocking("last good config", &what, FOLDER_TIMEOUT, keep).await)
            });
        }
        if self.look_at.is_some_and(|at| at <= self.cx.clock.monotonic()) {
            self.look_at = None;
            let (pool, data, dir) = (self.cx.pool.clone(), self.cx.data.clone(), self.cx.config().dir.clone());
            self.tasks.spawn(async move {
                let what = data.display().to_string();
                let look = move |_: &_| (file_identity(&data), config::folder_stamp(&dir));
                Done::Looked(pool.run_blocking("data folder", &what, FOLDER_TIMEOUT, look).await)
            });
        }
    }

    fn begin_watch(&mut self) {
        if self.cx.pool.is_simulated() {
            // The system would tell of changes at its own time, not at the simulation's.
            return;
        }
        let (pool, dir, changed) = (self.cx.pool.clone(), self.cx.config().dir.clone(), Arc::clone(&self.changed));
        self.tasks.spawn(async move {
            let what = dir.display().to_string();
            let start = move |_: &_| Watch::start(&dir, move || changed.notify_one());
            Done::Watching(pool.run_blocking("config watch", &what, FOLDER_TIMEOUT, start).await)
        });
    }

    async fn done(&mut self, done: Result<Done, JoinError>) {
        match done {
            Ok(Done::Watching(Ok(Ok(watch)))) => self._watch = Some(watch),
            Ok(Done::Watching(Ok(Err(error)))) => tracing::warn!("{error}"),
            Ok(Done::Watching(Err(error))) => tracing::warn!("the config folder is not watched: {error}"),
            Ok(Done::Looked(look)) => self.looked(look),
            Ok(Done::Loaded(loaded)) => {
                self.is_loading = false;
                match loaded {
                    Ok(loaded) => self.take(*loaded),
                    Err(error) => self.unreachable(&error),
                }
            }
            Ok(Done::Kept(kept)) => {
                self.is_keeping = false;
                let error = match kept {
                    Ok(Ok(())) => return,
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                let data = self.cx.data.display();
                tracing::warn!("the config cannot be kept for a restart ({error}); check {data}");
            }
            Err(_) => {
                (self.is_loading, self.is_keeping) = (false, false);
                self.look_at = Some(self.cx.clock.monotonic() + POLL_INTERVAL);
                tracing::error!("the config could not be read, the program broke down on it; please report this");
                self.tell(PublishNote::BrokeDown).await;
            }
        }
    }

    /// A store whose file was removed or does not answer goes on for as long as the program runs, and is lost with it.
    fn looked(&mut self, found: Result<(Option<FileIdentity>, u64), JobError>) {
        self.look_at = Some(self.cx.clock.monotonic() + POLL_INTERVAL);
        self.is_load_due |= self.is_first_due || !self.is_reachable;
        if let Ok((_, stamp)) = found {
            self.is_load_due |= self.stamp.replace(stamp).is_some_and(|before| before != stamp);
        }
        let is_well = match found.map(|(file, _)| file) {
            Ok(Some(file)) => *self.store.get_or_insert(file) == file,
            Ok(None) | Err(_) => false,
        };
        let set = |now: &mut Conditions| std::mem::replace(&mut now.is_store_gone, !is_well) == is_well;
        if self.conditions.send_if_modified(set) {
            let data = self.cx.data.display();
            match is_well {
                true => tracing::info!("{data}: the store is where it was"),
                false => tracing::error!(
                    "{data}: the store's file was removed or does not answer, what comes in now is lost with the next \
                     restart; bring the folder back, or restart the program to begin another"
                ),
            }
        }
    }

    /// The config folder does not answer: that is an error of the config on disk.
    fn unreachable(&mut self, error: &JobError) {
        if std::mem::replace(&mut self.is_reachable, false) {
            let dir = self.cx.config().dir.clone();
            tracing::error!("{}: {error}; the last good config stays in use", dir.display());
            self.conditions.send_modify(|now| now.config_errors = 1);
        }
    }

    fn take(&mut self, loaded: Loaded) {
        self.is_reachable = true;
        let errors = loaded.faults.iter().filter(|f| f.severity == Severity::Error).count();
        let is_first = std::mem::take(&mut self.is_first_due);
        let is_same = errors == self.conditions.borrow().config_errors
            && loaded.config.as_ref().is_none_or(|config| *config == *self.cx.config());
        // What was said at the start is not said again.
        if is_first && is_same {
            return;
        }
        for fault in &loaded.faults {
            tracing::warn!("{fault}");
        }
        self.conditions.send_modify(|now| now.config_errors = errors);
        let Some(config) = loaded.config.map(Arc::new) else {
            tracing::error!("the config has faults; the last good one stays in use");
            return;
        };
        let is_other = |now: &mut Arc<Config>| {
            let is_other = **now != *config;
            if is_other {
                now.clone_from(&config);
            }
            is_other
        };
        if self.config.send_if_modified(is_other) {
            self.is_keep_due = true;
        }
    }

    fn tell(&self, note: PublishNote) -> impl Future<Output = ()> + Send + use<> {
        let notes = self.notes.clone();
        async move {
            // A publisher that has ended wants no notes.
            let _ = notes.send(note).await;
        }
    }
}

/// Reads the folder. Where what it names elsewhere cannot be looked for in time, since a share hangs, it is taken to be
/// there: that is no reason to leave a mended file unread.
async fn load(cx: &Context, dir: &Path) -> Result<Loaded, JobError> {
    let (what, place) = (dir.display().to_string(), dir.to_owned());
    let full = move |_: &_| check::load(&place);
    match cx.pool.run_blocking("config and what it names", &what, LOOK_TIMEOUT, full).await {
        Err(JobError::TimedOut(_) | JobError::Stuck { .. }) => {}
        done => return done,
    }
    let place = dir.to_owned();
    cx.pool.run_blocking("config", &what, FOLDER_TIMEOUT, move |_| check::load_trusting(&place)).await
}
