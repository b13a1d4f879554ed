//! Writes down what screens show, for the proof of it.

use crate::{
    model::NoticeId,
    store::{Store, StoreHandle},
    time::Clock,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// What one screen shows from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The screen's name.
    pub screen: String,
    /// All notices of its programme.
    pub notices: Arc<[NoticeId]>,
    /// When a frame with them was first presented.
    pub from: Timestamp,
}

/// The journal's writer. A fault is said in the log; screens go on.
pub(super) struct Journal {
    store: StoreHandle,
    clock: Arc<dyn Clock>,
    screens: BTreeMap<String, Arc<[NoticeId]>>,
}

impl Journal {
    /// Ends what an earlier run left open, and begins.
    pub(super) async fn open(store: StoreHandle, clock: Arc<dyn Clock>) -> Self {
        say(store.write(Store::close_journal).await);
        Self { store, clock, screens: BTreeMap::new() }
    }

    /// Notes what a screen shows.
    pub(super) async fn note(&mut self, showing: Showing) {
        let Showing { screen, notices, from } = showing;
        let (name, shown) = (screen.clone(), Arc::clone(&notices));
        say(self.store.write(move |store| store.show(&name, &shown, from)).await);
        self.screens.insert(screen, notices);
    }

    /// Notes that all goes on.
    pub(super) async fn beat(&self) {
        if !self.screens.is_empty() {
            let (screens, now): (Vec<String>, _) = (self.screens.keys().cloned().collect(), self.clock.wall());
            say(self.store.write(move |store| store.still_shown(&screens, now)).await);
        }
    }

    /// Notes that nothing is shown any more.
    pub(super) async fn end(self) {
        let now = self.clock.wall();
        for screen in self.screens.into_keys() {
            say(self.store.write(move |store| store.show(&screen, &[], now)).await);
        }
    }
}

fn say<E: std::fmt::Display>(done: Result<(), E>) {
    if let Err(error) = done {
        tracing::error!("the journal of what was shown: {error}");
    }
}
