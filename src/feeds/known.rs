//! What is known of a feed before a look.

use super::RawDigest;
use crate::model::Notice;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What the store holds of a feed already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Its notices, by key.
    pub notices: HashMap<String, Notice>,
    /// The digests of its documents, whose bytes need not be packed again.
    pub raw: Arc<HashSet<RawDigest>>,
    /// Whether they are to be fetched all the same, as far as a look may: the feed's file was saved, or staff asked.
    pub anew: bool,
}
