//! Tells when something in the config folder changed.
//!
//! The system tells of changes under the folder that stood at the path when it was asked. A thread looks every 2 s
//! whether the same folder still stands there: one that was taken away and made anew, or a link that leads elsewhere, is
//! watched again and counts as a change. A folder that cannot be watched, or is not there, is looked through instead.

use super::stamp::folder_stamp;
use notify_debouncer_full::{
    DebounceEventResult, Debouncer, RecommendedCache, new_debouncer,
    notify::{self, EventKind, RecommendedWatcher, RecursiveMode},
};
use std::{
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, SystemTime},
};

/// How long the folder must have been quiet; editors save in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// How often it is looked whether the watched folder still stands at its path.
const POLL: Duration = Duration::from_secs(2);

/// Watches a folder for as long as it lives.
#[derive(Debug)]
pub struct Watch {
    /// Its end ends the thread.
    _alive: mpsc::Sender<()>,
}

/// The folder cannot be watched at all.
#[derive(Debug, thiserror::Error)]
#[error("{}: changes in this folder will not be noticed ({why}); restart after each change", dir.display())]
pub struct WatchError {
    dir: PathBuf,
    why: io::Error,
}

impl Watch {
    /// Calls `changed` from a thread of its own, 200 ms after a change anywhere under `dir`, and within 2 s after
    /// another folder stands at this path. Reading a file is no change. Where the system does not tell of changes, they
    /// are found within 2 s, and a warning says so.
    ///
    /// # Errors
    /// Where the system has no room for a thread.
    pub fn start(dir: &Path, changed: impl Fn() + Send + Sync + 'static) -> Result<Self, WatchError> {
        let (alive, ended) = mpsc::channel();
        let watched = Watched::new(dir, Arc::new(changed));
        let spawned = thread::Builder::new().name("config-watch".into()).spawn(move || poll(watched, &ended));
        spawned.map_err(|why| WatchError { dir: dir.into(), why })?;
        Ok(Self { _alive: alive })
    }
}

/// Looks at the folder until the watch is dropped. Nothing waits for this thread: a folder on a dead share may hold it.
fn poll(mut watched: Watched, ended: &mpsc::Receiver<()>) {
    while ended.recv_timeout(POLL) == Err(mpsc::RecvTimeoutError::Timeout) {
        watched.look();
    }
}

type Changed = Arc<dyn Fn() + Send + Sync>;

/// What is known of the folder.
struct Watched {
    dir: PathBuf,
    changed: Changed,
    /// Which folder stood at the path.
    identity: Option<Identity>,
    /// What the system tells of; `None` where it does not.
    events: Option<Debouncer<RecommendedWatcher, RecommendedCache>>,
    /// What the files looked like, while nothing tells of changes.
    print: u64,
}

impl Watched {
    fn new(dir: &Path, changed: Changed) -> Self {
        let mut watched = Self { dir: dir.into(), changed, identity: None, events: None, print: 0 };
        watched.watch();
        watched
    }

    /// Asks the system to tell of changes under the folder that stands at the path now.
    fn watch(&mut self) {
        self.events = None;
        self.identity = identity(&self.dir);
        if self.identity.is_none() {
            tracing::warn!("{}: the config folder is not there; it is looked for every 2 s", self.dir.display());
        } else {
            match events(&self.dir, Arc::clone(&self.changed)) {
                Ok(events) => self.events = Some(events),
                Err(why) => {
                    let mend = "raise fs.inotify.max_user_watches to have them noticed at once";
                    tracing::warn!("{}: changes are noticed within 2 s ({why}); {mend}", self.dir.display());
                }
            }
        }
        self.print = folder_stamp(&self.dir);
    }

    /// Tells of what no event told.
    fn look(&mut self) {
        if identity(&self.dir) != self.identity {
            self.watch();
            (self.changed)();
        } else if self.events.is_none() && self.identity.is_some() {
            let print = folder_stamp(&self.dir);
            if print != self.print {
                self.print = print;
                (self.changed)();
            }
        }
    }
}

fn events(dir: &Path, changed: Changed) -> notify::Result<Debouncer<RecommendedWatcher, RecommendedCache>> {
    let mut debouncer = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
        let relevant = match result {
            Ok(events) => events.iter().any(|e| !matches!(e.kind, EventKind::Access(_))),
            // Events may have been lost: look again.
            Err(_) => true,
        };
        if relevant {
            changed();
        }
    })?;
    debouncer.watch(dir, RecursiveMode::Recursive)?;
    Ok(debouncer)
}

/// What tells a folder from another that takes its place: its numbers, and when it was made, since the number of one
/// that was removed is given to the next.
type Identity = (u64, u64, Option<SystemTime>);

/// The folder that stands at a path; `None` where none does.
fn identity(dir: &Path) -> Option<Identity> {
    let found = fs::metadata(dir).ok().filter(Metadata::is_dir)?;
    let (device, number) = numbers(&found);
    Some((device, number, found.created().ok()))
}

#[cfg(unix)]
fn numbers(found: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn numbers(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_save_is_noticed_and_a_look_is_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("feeds")).unwrap();
        let file = dir.path().join("feeds/a.toml");
        fs::write(&file, "a").unwrap();
        let (send, receive) = mpsc::channel();
        let _watch = Watch::start(dir.path(), move || send.send(()).unwrap()).unwrap();
        fs::read(&file).unwrap();
        assert!(receive.recv_timeout(Duration::from_millis(700)).is_err());
        fs::write(&file, "b").unwrap();
        assert!(receive.recv_timeout(Duration::from_secs(5)).is_ok());
    }

    /// A watch without its thread, and how often it told of a change.
    fn watched(dir: &Path) -> (Watched, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let watched = Watched::new(
            dir,
            Arc::new(move || {
                counted.fetch_add(1, Ordering::SeqCst);
            }),
        );
        (watched, count)
    }

    #[test]
    fn a_folder_made_anew_is_watched_again() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("kiosk-config");
        fs::create_dir(&dir).unwrap();
        let (mut watched, _) = watched(&dir);
        fs::rename(&dir, parent.path().join("old")).unwrap();
        watched.look();
        assert!(watched.events.is_none() && watched.identity.is_none());
        fs::create_dir(&dir).unwrap();
        let (send, receive) = mpsc::channel();
        watched.changed = Arc::new(move || send.send(()).unwrap());
        watched.look();
        assert!(receive.recv_timeout(Duration::from_secs(5)).is_ok(), "the new folder is no change");
        // From here on the system tells.
        while receive.recv_timeout(Duration::from_millis(500)).is_ok() {}
        fs::write(dir.join("site.toml"), "title = \"示例县\"\n").unwrap();
        assert!(receive.recv_timeout(Duration::from_secs(5)).is_ok(), "a save in the new folder went unnoticed");
    }

    #[test]
    fn what_the_system_does_not_tell_of_is_found_by_looking() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("site.toml");
        fs::write(&file, "title = \"示例县\"\n").unwrap();
        let (mut watched, count) = watched(dir.path());
        watched.events = None;
        let before = count.load(Ordering::SeqCst);
        watched.look();
        assert_eq!(count.load(Ordering::SeqCst), before);
        fs::write(&file, "title = \"示例市示例区\"\n").unwrap();
        watched.look();
        watched.look();
        assert_eq!(count.load(Ordering::SeqCst), before + 1);
    }

    #[test]
    fn a_folder_that_comes_later_is_noticed() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("later");
        let (mut watched, count) = watched(&dir);
        watched.look();
        assert_eq!(count.load(Ordering::SeqCst), 0);
        fs::create_dir(&dir).unwrap();
        watched.look();
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert!(watched.events.is_some());
    }
}
