//! The snapshot: all that can be on screen now. Built off the render thread, handed over as `Arc`, never changed.

use crate::model::{Notice, NoticeHead, NoticeId};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};

/// An immutable snapshot of what the store currently holds.
#[derive(Debug, Default)]
pub struct Edition {
    /// Counts up with each snapshot; 0 is the empty one.
    pub number: u64,
    /// Current notices, newest first.
    pub notices: Vec<Arc<NoticeHead>>,
    /// Indices into `notices` for each catalogue id, newest first; a heading also holds its descendants'.
    pub by_catalogue: HashMap<String, Vec<u32>>,
    /// How each feed last fared.
    pub feeds: Vec<FeedHealth>,
}

/// How a feed last fared.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedHealth {
    /// The feed's name.
    pub name: String,
    /// The title shown to people.
    pub title: String,
    /// When it last succeeded.
    pub last_ok: Option<Timestamp>,
    /// Why it last failed; `None` after a success.
    pub fault: Option<String>,
}

impl Edition {
    /// Builds the snapshot from heads already ordered newest first.
    pub fn new(number: u64, notices: Vec<Arc<NoticeHead>>, feeds: Vec<FeedHealth>) -> Self {
        let mut by_catalogue: HashMap<String, Vec<u32>> = HashMap::new();
        for (index, head) in notices.iter().enumerate() {
            let Ok(index) = u32::try_from(index) else { break };
            let mut path: &str = &head.catalogue;
            while !path.is_empty() {
                if let Some(rows) = by_catalogue.get_mut(path) {
                    rows.push(index);
                } else {
                    by_catalogue.insert(path.to_owned(), vec![index]);
                }
                path = path.rsplit_once('.').map_or("", |(parent, _)| parent);
            }
        }
        Self { number, notices, by_catalogue, feeds }
    }

    /// The notices under a catalogue heading and its descendants, newest first; all of them for `""`.
    pub fn under<'a>(&'a self, catalogue: &str) -> Box<dyn Iterator<Item = &'a Arc<NoticeHead>> + 'a> {
        if catalogue.is_empty() {
            return Box::new(self.notices.iter());
        }
        let rows = self.by_catalogue.get(catalogue).map_or(&[][..], Vec::as_slice);
        Box::new(rows.iter().filter_map(|&i| self.notices.get(i as usize)))
    }

    /// The head of one notice.
    pub fn head(&self, id: NoticeId) -> Option<&Arc<NoticeHead>> {
        self.notices.iter().find(|h| h.id == id)
    }
}

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
}

/// What a stage asks of the archive. A stale answer is dropped by its generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Index of the asking screen.
    pub screen: usize,
    /// Counts up per screen.
    pub generation: u64,
    /// The notice wanted.
    pub notice: NoticeId,
}

/// The archive's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Index of the asking screen.
    pub screen: usize,
    /// The question's generation.
    pub generation: u64,
    /// The document; `None` where the store no longer holds it.
    pub document: Option<Arc<Document>>,
}
