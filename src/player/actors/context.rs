//! What all actors work with, and the channels between them.

use crate::{
    config::Config,
    feeds::{Client, PictureGate},
    jobs::{BlockingPool, CancellationToken},
    platform::Mailbox,
    player::{fetch::Fetcher, message::Inbound, pictures::ImageFetcher},
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
pub(in crate::player) const INLET_MESSAGES: usize = 256;

/// What is amiss with the config and the store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::player) struct Conditions {
    /// Errors of the config on disk, because of which the last good one is in use.
    pub config_errors: usize,
    /// The store's file was removed or does not answer.
    pub is_store_gone: bool,
}

/// What all actors work with. Cheap to clone.
#[derive(Clone)]
pub(in crate::player) struct Context {
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
pub(in crate::player) struct Inlet<T>(Arc<Mutex<mpsc::Receiver<T>>>);

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
