//! Tells when something in the config folder changed.

use notify_debouncer_full::{
    DebounceEventResult, Debouncer, RecommendedCache, new_debouncer,
    notify::{EventKind, RecommendedWatcher, RecursiveMode},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How long the folder must have been quiet; editors save in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// Watches a folder for as long as it lives.
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

/// The folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("{}: changes in this folder will not be noticed ({why}); raise fs.inotify.max_user_watches or restart after each change", dir.display())]
pub struct WatchError {
    dir: PathBuf,
    why: String,
}

impl Watch {
    /// Calls `changed` from a thread of its own, 200 ms after a change anywhere under `dir`. Reading a file is no
    /// change.
    pub fn start(dir: &Path, changed: impl Fn() + Send + 'static) -> Result<Self, WatchError> {
        let fail = |e: notify_debouncer_full::notify::Error| WatchError { dir: dir.into(), why: e.to_string() };
        let mut debouncer = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
            let relevant = match result {
                Ok(events) => events.iter().any(|e| !matches!(e.kind, EventKind::Access(_))),
                // Events may have been lost: look again.
                Err(_) => true,
            };
            if relevant {
                changed();
            }
        })
        .map_err(fail)?;
        debouncer.watch(dir, RecursiveMode::Recursive).map_err(fail)?;
        Ok(Self { _debouncer: debouncer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_save_is_noticed_and_a_look_is_not() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("feeds")).unwrap();
        let file = dir.path().join("feeds/a.toml");
        std::fs::write(&file, "a").unwrap();
        let (send, receive) = mpsc::channel();
        let _watch = Watch::start(dir.path(), move || send.send(()).unwrap()).unwrap();
        std::fs::read(&file).unwrap();
        assert!(receive.recv_timeout(Duration::from_millis(700)).is_err());
        std::fs::write(&file, "b").unwrap();
        assert!(receive.recv_timeout(Duration::from_secs(5)).is_ok());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = Watch::start(Path::new("/no/such/folder"), || {}).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.starts_with("/no/such/folder: ")));
    }
}
