//! One look at one feed, and keeping what it brought.

use crate::{
    config::{Config, Feed},
    feeds::{self, Client, Harvest, Known, Validators},
    store::{Ingested, StoreError, StoreHandle},
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
        let done = self.store.ingest_with(harvest, Arc::clone(&self.config)).await?;
        self.store.bound_raw(u64::from(self.config.site.raw_space) << 20).await?;
        Ok(done)
    }

    /// Looks, and keeps what came. `true` where it is something that screens show.
    pub async fn look(&self) -> Result<bool, Failed> {
        let validators = match self.anew {
            true => Validators::default(),
            false => self.store.validators(&self.name).await.unwrap_or_default(),
        };
        let (name, now) = (&self.name, self.clock.wall());
        let notices = match &self.feed.page {
            Some(_) => self.store.known(name).await.unwrap_or_default(),
            None => HashMap::new(),
        };
        let raw = Arc::new(self.store.raw_held(name).await.unwrap_or_default());
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
        if let Err(error) = self.store.record_fault(name, &self.feed.title, now, &fault).await {
            tracing::error!("{error}");
        }
        Err(Failed { retry_after })
    }
}
