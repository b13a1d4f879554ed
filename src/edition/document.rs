//! A notice read whole.

use crate::{
    model::{Notice, NoticeHead},
    scene::Picture,
};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};

/// A notice read whole from the store, with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its head.
    pub head: NoticeHead,
    /// The whole notice.
    pub notice: Notice,
    /// Where it was fetched from: an address or a file name.
    pub source: String,
    /// The feed's title, shown as the source's name.
    pub source_title: String,
    /// SHA-256 of its content, in lower-case hex.
    pub digest: String,
    /// When what it says now was first fetched; `None` where it was harvested before that was noted.
    pub fetched_at: Option<Timestamp>,
    /// Its pictures by address, as far as they are at hand; a further answer may bring more.
    pub pictures: HashMap<String, Arc<Picture>>,
}
