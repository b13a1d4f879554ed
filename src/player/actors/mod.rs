//! The source side's actors, one task each. Each owns its state; they tell each other things by small messages through
//! bounded channels, and share nothing but the [`Context`].
//!
//! ```text
//!            window side                      files, servers
//!  Question, Left │  │ DisplayReport                │
//!                 ▼  ▼                              ▼
//!   answer ◄── service ──► journal      sources ─► harvest ─► pictures
//!      │                                  config ─┐   │
//!      │ Answer                Config, Conditions │   ▼
//!      └───────────► mailbox ◄──────────────────── publish (Edition, Faults, Config)
//!                       ▲ Picture
//!                  zone_pictures ◄── the files that walls show
//! ```
//!
//! Rules each of them keeps: its loop awaits nothing but its inlet, its timer and its own tasks; what takes longer is a
//! task in a set it owns, which sees it end or panic; what touches a file system is a job of the pool, with a limit.
//! An actor that panics is started anew by [`supervise`], with its inlet as it was and its state read anew.
//!
//! Time is asked of the injected clock and waited for by [`Context::sleep_until`] alone. A test drives all of it without
//! windows: `Service::run` on a runtime of its own (tokio's paused one, with a clock that reads tokio's time, makes
//! months pass in seconds), an inbox in place of the windows, and the closure of [`super::orders`] in place of a stage's
//! questions. `BlockingPool::simulated` makes the order of events the same at each run, and so does `biased` in each
//! select: without it tokio draws lots for the branch that goes first.

pub(super) mod answer;
pub(super) mod config;
pub(super) mod harvest;
pub(super) mod journal;
mod orders;
pub(super) mod pictures;
pub(super) mod publish;
pub(super) mod sources;
mod supervise;
pub(super) mod zone_pictures;

pub(super) use config::Conditions;
pub use orders::{Orders, orders};
pub(super) use supervise::{Actor, Ended, restart_delay, supervise};

use super::{fetch::Fetcher, message::Inbound, pictures::ImageFetcher};
use crate::{
    config::Config,
    feeds::{Client, PictureGate},
    jobs::{BlockingPool, CancellationToken},
    platform::Mailbox,
    store::StoreHandle,
    time::{Clock, WallTime},
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, watch};

/// Messages that may wait for an actor.
pub(super) const INLET_MESSAGES: usize = 256;

/// What all actors work with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Context {
    pub store: StoreHandle,
    pub client: Client,
    pub pool: BlockingPool,
    /// What documents' pictures are fetched through.
    pub gate: PictureGate,
    pub clock: Arc<dyn Clock>,
    pub mailbox: Mailbox<Inbound>,
    /// The data folder.
    pub data: PathBuf,
    /// The config in use.
    pub config: watch::Receiver<Arc<Config>>,
    /// What is amiss with the config and the store's file.
    pub conditions: watch::Receiver<Conditions>,
    /// Editions made so far: their numbers go on where an actor starts anew.
    pub editions: Arc<AtomicU64>,
    /// Asks all of them to end.
    pub end: CancellationToken,
}

impl Context {
    /// The config in use now.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.borrow())
    }

    /// What fetches work with now.
    pub fn fetcher(&self) -> Fetcher {
        let (client, store) = (self.client.clone(), self.store.clone());
        Fetcher { client, store, config: self.config(), clock: Arc::clone(&self.clock) }
    }

    /// What fetches documents' pictures now.
    pub fn images(&self) -> ImageFetcher {
        let (client, store) = (self.client.clone(), self.store.clone());
        ImageFetcher { client, store, config: self.config(), clock: Arc::clone(&self.clock), gate: self.gate.clone() }
    }

    /// The civil time it is for the site.
    pub fn wall(&self) -> WallTime {
        WallTime::at(self.clock.wall(), &self.config().site.zone())
    }

    /// Waits until the clock's monotonic time is `at`; `None` waits for ever.
    pub async fn sleep_until(&self, at: Option<Duration>) {
        match at {
            Some(at) => tokio::time::sleep(at.saturating_sub(self.clock.monotonic())).await,
            None => std::future::pending().await,
        }
    }
}

/// The receiving end of an actor's channel: it outlives an actor that panics, with what waits in it.
#[derive(Debug)]
pub(super) struct Inlet<T>(Arc<Mutex<mpsc::Receiver<T>>>);

impl<T> Clone for Inlet<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Inlet<T> {
    /// Both ends of a channel with room for `room` messages.
    pub fn channel(room: usize) -> (mpsc::Sender<T>, Self) {
        let (sender, receiver) = mpsc::channel(room);
        (sender, Self(Arc::new(Mutex::new(receiver))))
    }

    /// The receiver, for as long as an actor lives.
    pub async fn open(&self) -> OwnedMutexGuard<mpsc::Receiver<T>> {
        Arc::clone(&self.0).lock_owned().await
    }
}
