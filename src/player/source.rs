//! One look at one feed, and keeping what it brought.

use crate::{
    config::{Config, Feed},
    feeds::{self, Client, Harvest, Known, Validators},
    store::{Ingested, Store, StoreError, StoreHandle},
    time::Clock,
};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// A look that failed, and how long the server asks to be left alone.
pub(super) struct Failed {
    pub retry_after: Option<Duration>,
}

/// What one look works with.
pub(super) struct Source {
    pub client: Client,
    pub store: StoreHandle,
    pub clock: Arc<dyn Clock>,
    pub name: String,
    pub feed: Feed,
    pub config: Arc<Config>,
    /// The whole document is wanted even if the server says that nothing changed.
    pub anew: bool,
}

impl Source {
    async fn ingest(&self, mut harvest: Harvest) -> Result<Ingested, StoreError> {
        harvest.set_periods(&self.config);
        let (config, room) = (Arc::clone(&self.config), u64::from(self.config.site.raw_space) << 20);
        let done = self.store.write(move |store| store.ingest_with(&harvest, &config)).await?;
        self.store.write(move |store| store.bound_raw(room)).await?;
        Ok(done)
    }

    /// What the store knows of the feed; nothing where it cannot be read.
    async fn read<T: Default + Send + 'static>(&self, what: fn(&Store, &str) -> Result<T, StoreError>) -> T {
        let name = self.name.clone();
        self.store.read(move |store| what(store, &name)).await.unwrap_or_default()
    }

    /// Looks, and keeps what came. `true` where it is something that screens show.
    pub async fn look(&self) -> Result<bool, Failed> {
        let validators = match self.anew {
            true => Validators::default(),
            false => self.read(Store::validators).await,
        };
        let (name, now) = (&self.name, self.clock.wall());
        let notices = match &self.feed.page {
            Some(_) => self.read(Store::known).await,
            None => HashMap::new(),
        };
        let raw = Arc::new(self.read(Store::raw_held).await);
        let known = Known { notices, raw, anew: self.anew };
        let (fault, retry_after) = match feeds::harvest_knowing(
            &self.client,
            name,
            &self.feed,
            &self.config,
            &validators,
            &known,
            now,
        )
        .await
        {
            Ok(harvest) => match self.ingest(harvest).await {
                Ok(ingested) => {
                    tracing::info!(feed = name, ?ingested, "harvested");
                    return Ok(ingested.new + ingested.changed + ingested.withdrawn > 0);
                }
                Err(error) => (error.to_string(), None),
            },
            Err(error) => (error.to_string(), error.retry_after),
        };
        tracing::warn!(feed = name, "{fault}");
        let (name, title) = (self.name.clone(), self.feed.title.clone());
        let noted = self.store.write(move |store| store.record_fault(&name, &title, now, &fault)).await;
        if let Err(error) = noted {
            tracing::error!("{error}");
        }
        Err(Failed { retry_after })
    }
}
