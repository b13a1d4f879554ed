//! One fetch of one feed and keeping what it brought: `run` and `harvest` go the same way.

use crate::{
    config::{Config, Feed},
    feeds::{self, Client, Harvest, HarvestOutcome, ItemFault, Known, Validators},
    store::{Ingested, StoreError, StoreHandle},
    time::{Clock, Timestamp},
};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// What fetches work with. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    /// What makes requests, and whose pool does the blocking work.
    pub client: Client,
    /// Where what came is kept.
    pub store: StoreHandle,
    /// The config in use.
    pub config: Arc<Config>,
    /// What dates a fetch and measures how long it took.
    pub clock: Arc<dyn Clock>,
}

/// One fetch of one feed, not yet kept.
pub struct FetchAttempt {
    name: String,
    title: String,
    at: Timestamp,
    harvest: Result<Harvest, Failure>,
}

/// Why a fetch brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One sentence, for admins.
    pub reason: String,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether too much would be gone, so that a person is to say if it is so; see `max_loss_percent` of site.toml.
    pub is_held: bool,
    /// Whether the store's threads are gone: that is no fault of the source.
    pub is_store_closed: bool,
}

impl Failure {
    pub(super) fn new(reason: String) -> Self {
        Self { reason, retry_after: None, is_held: false, is_store_closed: false }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (is_held, is_store_closed) =
            (matches!(error, StoreError::Held { .. }), matches!(error, StoreError::Closed));
        Self { is_held, is_store_closed, ..Self::new(error.to_string()) }
    }
}

/// What came of a fetch, once kept.
#[derive(Debug)]
pub struct FetchOutcome {
    /// When it began, by the wall clock.
    pub at: Timestamp,
    /// What it did to the store, or why nothing came.
    pub done: Result<Ingested, Failure>,
    /// Whether the source said that nothing changed.
    pub is_unchanged: bool,
    /// What of the source could not be read.
    pub faults: Vec<ItemFault>,
}

impl Fetcher {
    /// Fetches a feed; `anew`: the whole of it is wanted even if it is said to be unchanged. Nothing is kept yet.
    ///
    /// # Errors
    /// Where the store cannot be read: that is no fault of the source.
    pub async fn fetch(&self, name: &str, feed: &Feed, anew: bool) -> Result<FetchAttempt, StoreError> {
        let Self { client, store, config, clock } = self;
        let (named, has_page) = (name.to_owned(), feed.page.is_some());
        let held = store.read(move |store| {
            let validators = if anew { Validators::default() } else { store.validators(&named)? };
            let notices = if has_page { store.known(&named)? } else { HashMap::new() };
            Ok((validators, notices, store.raw_held(&named)?))
        });
        let (validators, notices, raw) = held.await?;
        let at = clock.wall();
        let known = Known { notices, raw: Arc::new(raw), anew };
        let harvest = feeds::harvest_knowing(client, name, feed, config, &validators, &known, at).await;
        let harvest =
            harvest.map_err(|error| Failure { retry_after: error.retry_after, ..Failure::new(error.to_string()) });
        Ok(FetchAttempt { name: name.to_owned(), title: feed.title.clone(), at, harvest })
    }

    /// Keeps what a fetch brought, or notes why it brought nothing; the last good notices stay then. What takes most of a
    /// feed away is held, unless a person said that it is so.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub async fn keep(&self, attempt: FetchAttempt, is_accepted: bool) -> Result<FetchOutcome, StoreError> {
        let FetchAttempt { name, title, at, harvest } = attempt;
        let mut harvest = match harvest {
            Ok(harvest) => harvest,
            Err(failure) => {
                self.record(&name, &title, at, &failure.reason).await?;
                return Ok(FetchOutcome { at, done: Err(failure), is_unchanged: false, faults: Vec::new() });
            }
        };
        let (is_unchanged, faults) = match &harvest.outcome {
            HarvestOutcome::Unchanged => (true, Vec::new()),
            HarvestOutcome::Notices { faults, .. } | HarvestOutcome::Rows { faults, .. } => (false, faults.clone()),
        };
        harvest.set_periods(&self.config);
        let (config, room) = (Arc::clone(&self.config), u64::from(self.config.site.raw_space) << 20);
        let kept = self.store.write(move |store| match is_accepted {
            true => store.ingest_accepted(&harvest, &config),
            false => store.ingest_with(&harvest, &config),
        });
        let done = match kept.await {
            Ok(kept) => {
                self.store.write(move |store| store.bound_raw(room)).await?;
                Ok(kept)
            }
            // The store has noted that itself.
            Err(held @ StoreError::Held { .. }) => Err(held.into()),
            // Its source is well, but what it brought cannot be taken in: that is said of the feed.
            Err(error) => {
                self.record(&name, &title, at, &error.to_string()).await?;
                Err(error.into())
            }
        };
        Ok(FetchOutcome { at, done, is_unchanged, faults })
    }

    /// Notes why a feed brought nothing.
    async fn record(&self, name: &str, title: &str, at: Timestamp, reason: &str) -> Result<(), StoreError> {
        let [name, title, reason] = [name, title, reason].map(str::to_owned);
        self.store.write(move |store| store.record_fault(&name, &title, at, &reason)).await
    }

    /// Notes that a feed could not even be asked.
    pub(super) async fn failed(&self, name: &str, feed: &Feed, reason: String) -> FetchOutcome {
        let at = self.clock.wall();
        tracing::warn!(feed = name, "{reason}");
        if let Err(error) = self.record(name, &feed.title, at, &reason).await {
            tracing::error!("{error}");
        }
        let done = Err(Failure::new(reason));
        FetchOutcome { at, done, is_unchanged: false, faults: Vec::new() }
    }

    /// Fetches and keeps, for the service: whatever fails is said in the log.
    pub(super) async fn fetch_and_keep(&self, name: &str, feed: &Feed, anew: bool) -> FetchOutcome {
        let kept = async { self.keep(self.fetch(name, feed, anew).await?, false).await };
        let outcome = kept.await.unwrap_or_else(|error| FetchOutcome {
            at: self.clock.wall(),
            done: Err(error.into()),
            is_unchanged: false,
            faults: Vec::new(),
        });
        match &outcome.done {
            Ok(ingested) => tracing::info!(feed = name, ?ingested, "harvested"),
            Err(failure) => tracing::warn!(feed = name, "{}", failure.reason),
        }
        outcome
    }
}
