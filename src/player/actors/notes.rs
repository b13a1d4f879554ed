//! What actors tell each other, and how they end.

use crate::time::Timestamp;

/// What other actors tell the publisher.
#[derive(Debug)]
pub(in crate::player) enum PublishNote {
    /// A feed was fetched.
    Fetched {
        feed: String,
        title: String,
        at: Timestamp,
        /// Why it failed.
        fault: Option<String>,
        /// Whether a person is to say if what it said is so.
        is_held: bool,
        /// Whether what screens can show is other than before.
        is_changed: bool,
    },
    /// A part of the program panicked.
    BrokeDown,
    /// The store's threads are gone.
    StoreClosed,
}

/// What other actors tell the harvester.
#[derive(Debug)]
pub(in crate::player) enum HarvestNote {
    /// The files of a feed are not as they were.
    FilesChanged(String),
}

/// Why an actor returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::player) enum Ended {
    /// It was asked to.
    Asked,
    /// The store's threads are gone: it must be opened anew.
    StoreClosed,
}
