//! What one look at a source yielded. Plain data: the store takes it whole, in one transaction.

use super::{RawDocument, Validators};
use crate::model::{Notice, Row};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One successful look at a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Harvest {
    /// The feed's name.
    pub feed: String,
    /// The feed's title, as shown to people.
    pub title: String,
    /// When the look was taken.
    pub at: Timestamp,
    /// What came.
    pub outcome: HarvestOutcome,
    /// To be sent back at the next look.
    pub validators: Validators,
    /// The documents it was read from. One whose address an item names as its source is that item's; any other, such as
    /// a list page, is all items'.
    pub raw: Vec<RawDocument>,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq)]
pub enum HarvestOutcome {
    /// The source says that nothing changed: all its notices are confirmed as they are.
    Unchanged,
    /// What the source holds now.
    Notices {
        /// The notices, in the source's order.
        items: Vec<Harvested>,
        /// Whether this is all the source holds (a folder), so that what is missing is withdrawn; a feed's
        /// document holds only its newest entries, so what is missing from it just grew old.
        whole: bool,
        /// Items or files that could not be read, each with its reason.
        faults: Vec<ItemFault>,
    },
    /// What the source holds now of a register.
    Rows {
        /// The register's name.
        register: String,
        /// The rows, in the source's order.
        rows: Vec<Row>,
        /// Whether this is all the source holds, so that its rows that are missing are withdrawn. False where a file
        /// or a row of it could not be read at all, since which rows are missing for that is not known; a cell that
        /// stays as text leaves it true.
        whole: bool,
        /// Rows or files that could not be read.
        faults: Vec<ItemFault>,
    },
}

impl HarvestOutcome {
    /// How many items came.
    pub fn len(&self) -> usize {
        match self {
            Self::Unchanged => 0,
            Self::Notices { items, .. } => items.len(),
            Self::Rows { rows, .. } => rows.len(),
        }
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One notice with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Harvested {
    /// The notice.
    pub notice: Notice,
    /// The address or file it was read from.
    pub source: String,
}

/// One item or file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFault {
    /// The file or the item's title.
    pub item: String,
    /// One sentence.
    pub reason: String,
}
