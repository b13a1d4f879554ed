//! The folders and the clock that most subcommands share.

use crate::{
    check::{self, Loaded},
    config::{self, Config, Severity},
    edition::Edition,
    store::Store,
    text::{FontPlace, Shaper},
    time::{Clock, SystemClock, WallTime},
};
use clap::Args;
use jiff::Timestamp;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc::channel},
    thread::Builder,
    time::Duration,
};

/// How long it may take to look for what the config names elsewhere.
const LOOK_TIMEOUT: Duration = Duration::from_secs(3);

/// Where config and data are.
#[derive(Debug, Clone, Default, Args)]
pub struct FolderArgs {
    /// The config folder [default: ./kiosk-config, then the installed one].
    #[arg(long, value_name = "DIR")]
    pub config: Option<PathBuf>,
    /// The data folder [default: the user's data folder, /var/lib/gongshi as a service].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl FolderArgs {
    /// Reads the config; its faults go to standard error.
    pub fn config(&self) -> Result<Arc<Config>, String> {
        let dir = config::find_dir(self.config.clone());
        let loaded = check::load(&dir);
        for fault in &loaded.faults {
            tracing::warn!("{fault}");
        }
        let faults = || format!("{} has faults; see `gongshi check --config {}`", dir.display(), dir.display());
        loaded.config.map(Arc::new).ok_or_else(faults)
    }

    /// As [`FolderArgs::config`], but where it has faults, the last good one that was kept with the data; and the number
    /// of errors in the one on disk. A share that hangs, with something on it that the config names, holds it up for
    /// three seconds at most.
    pub fn config_or_kept(&self) -> Result<(Arc<Config>, usize), String> {
        let dir = config::find_dir(self.config.clone());
        let loaded = load_in_time(&dir);
        for fault in &loaded.faults {
            tracing::warn!("{fault}");
        }
        if let Some(config) = loaded.config {
            return Ok((Arc::new(config), 0));
        }
        let failure = format!("{} has faults; see `gongshi check --config {}`", dir.display(), dir.display());
        let kept = check::load_kept(&dir, &self.data()).ok_or_else(|| failure.clone())?;
        tracing::error!("{failure}; the last good config is in use until they are mended");
        let errors = loaded.faults.iter().filter(|f| f.severity == Severity::Error).count();
        Ok((Arc::new(kept), errors))
    }

    /// The folder of the store: `--data`, or where this system keeps such data.
    pub fn data(&self) -> PathBuf {
        config::data_dir(self.data.clone())
    }

    /// The store, and what it holds of the feeds in use at an instant.
    pub fn store(&self, config: &Config, at: Timestamp) -> Result<(Store, Arc<Edition>), String> {
        let mut store = Store::open(&self.data()).map_err(|e| e.to_string())?;
        store.rebuild_derived(config).map_err(|e| e.to_string())?;
        let today = WallTime::at(at, &config.site.zone()).day();
        let edition = store.edition_on(1, config, today).map_err(|e| e.to_string())?;
        Ok((store, Arc::new(edition.without_ended(at))))
    }
}

/// Reads a config folder; what the files name elsewhere is taken to be there where it cannot be looked for in time.
fn load_in_time(dir: &Path) -> Loaded {
    let (done, wait) = channel();
    let place = dir.to_owned();
    // Whoever waits may have gone; one that hangs is left.
    let full = move || drop(done.send(check::load(&place)));
    let spawned = Builder::new().name("config".into()).spawn(full);
    let loaded = spawned.ok().and_then(|_| wait.recv_timeout(LOOK_TIMEOUT).ok());
    loaded.unwrap_or_else(|| {
        tracing::warn!("{}: a drive with what it names does not answer", dir.display());
        check::load_trusting(dir)
    })
}

/// The fonts, with the site's own fallbacks.
pub fn shaper(config: &Config) -> Result<Shaper, String> {
    let extra: Vec<PathBuf> = config.site.fallback_fonts.iter().map(|f| config.dir.join(f)).collect();
    FontPlace::find(&extra).and_then(Shaper::new).map_err(|e| e.to_string())
}

/// The instant `--at` names, or now.
pub fn instant(at: Option<&str>) -> Result<Timestamp, String> {
    let parse =
        |text: &str| text.parse().map_err(|e| format!("--at {text}: {e}; write it like 2026-11-23T09:42:00+08:00"));
    at.map_or_else(|| Ok(SystemClock::default().wall()), parse)
}
