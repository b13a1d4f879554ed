//! What a visitor types on a page, and what was found for it. It lives in the visit and goes with it.

use crate::{
    edition::Wanted,
    search::{Found, Hit, Query},
    text::is_hidden,
};
use std::{sync::Arc, time::Duration};

/// Characters a search holds at most.
const WORDS: usize = 60;
/// Characters a receipt number holds at most.
const RECEIPT: usize = 40;
/// Hits asked for at once.
const BATCH: usize = 40;

/// Which keys are up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keys {
    /// Letters, or digits where digits come first.
    #[default]
    First,
    /// Digits, or letters where digits come first.
    Second,
    /// None: the page has the room.
    Away,
}

/// What narrows a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Narrow {
    /// A catalogue heading; empty for all.
    Catalogue(String),
    /// A region's code; empty for all.
    Place(String),
    /// A year; `None` for all.
    Year(Option<i16>),
}

/// Words typed, and what was found for them.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The words.
    pub text: String,
    /// The keys that are up.
    pub keys: Keys,
    /// Whether the page explains itself.
    pub help: bool,
    /// Only under this heading.
    pub catalogue: String,
    /// Only at this region.
    pub place: String,
    /// Only of this year.
    pub year: Option<i16>,
    /// The newest answer to a search.
    pub found: Option<Arc<Found>>,
    /// The hits so far.
    pub hits: Vec<Hit>,
    /// Since when further hits are asked for.
    pub loading: Option<Duration>,
    /// Whether further hits could not be had; they are not asked for again until someone says so.
    pub stalled: bool,
}

impl Entry {
    /// An entry that already holds a receipt number.
    pub fn of(text: &str) -> Self {
        Self { text: text.chars().take(RECEIPT).collect(), ..Self::default() }
    }

    /// Whether there is anything to look for.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds a character of a search; says whether the words changed.
    pub fn add_word(&mut self, c: char) -> bool {
        let is_seen = !c.is_control() && !is_hidden(c);
        let fits = is_seen && self.text.chars().count() < WORDS && !(c == ' ' && self.text.is_empty());
        if fits {
            self.text.push(c);
        }
        fits
    }

    /// Adds a character of a receipt number, letters as capitals; says whether it changed.
    pub fn add_receipt(&mut self, c: char) -> bool {
        // What a scanner or a Chinese keyboard types at full width is meant as its plain twin.
        let plain = match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        let fits = (plain.is_alphanumeric() || plain == '-') && self.text.chars().count() < RECEIPT;
        if fits {
            self.text.extend(plain.to_uppercase());
        }
        fits
    }

    /// The question for the hits from `offset` on.
    pub fn wanted(&self, offset: usize) -> Wanted {
        Wanted::Search(Query {
            text: self.text.trim().to_owned(),
            catalogue: self.catalogue.clone(),
            unit: String::new(),
            place: self.place.clone(),
            year: self.year,
            limit: BATCH,
            offset,
        })
    }

    /// Whether hits beyond those at hand are wanted and not yet asked for.
    pub fn has_more(&self) -> bool {
        let whole = |found: &Arc<Found>| found.hits.len() >= found.query.limit.max(1) && self.hits.len() < found.total;
        self.loading.is_none() && !self.stalled && !self.is_blank() && self.found.as_ref().is_some_and(whole)
    }

    /// Takes an answer; one from further on is added to what is there. Says whether it is a new list.
    pub fn take(&mut self, found: Arc<Found>) -> bool {
        (self.loading, self.stalled) = (None, false);
        let anew = found.query.offset == 0;
        if anew {
            self.hits.clear();
        }
        if found.query.offset == self.hits.len() {
            self.hits.extend_from_slice(&found.hits);
        }
        self.found = Some(found);
        anew
    }

    /// Forgets what was found.
    pub fn forget(&mut self) {
        self.hits.clear();
        (self.found, self.loading, self.stalled) = (None, None, false);
    }

    /// Narrows the search, or widens it where it was narrowed so.
    pub fn narrow(&mut self, narrow: &Narrow) {
        match narrow {
            Narrow::Catalogue(id) if self.catalogue == *id => self.catalogue.clear(),
            Narrow::Catalogue(id) => self.catalogue.clone_from(id),
            Narrow::Place(code) if self.place == *code => self.place.clear(),
            Narrow::Place(code) => self.place.clone_from(code),
            Narrow::Year(year) => self.year = if self.year == *year { None } else { *year },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(offset: usize, hits: usize, total: usize) -> Arc<Found> {
        let hit = Hit {
            item: crate::search::Item::Case("SL1".into()),
            title: "示例".into(),
            marks: Vec::new(),
            snippet: String::new(),
            snippet_marks: Vec::new(),
            catalogue: String::new(),
            unit: String::new(),
            place: String::new(),
            day: None,
        };
        let query = Query { limit: BATCH, offset, ..Query::default() };
        Arc::new(Found { query, hits: vec![hit; hits], total, ..Found::default() })
    }

    #[test]
    fn further_hits_are_added_until_all_are_there() {
        let mut entry = Entry::of("a");
        assert!(entry.take(found(0, BATCH, 50)) && entry.has_more());
        assert!(!entry.take(found(BATCH, 10, 50)));
        assert_eq!((entry.hits.len(), entry.has_more()), (50, false));
        // An answer that does not follow on what is there adds nothing.
        entry.take(found(7, 3, 50));
        assert_eq!(entry.hits.len(), 50);
        assert!(entry.take(found(0, 2, 2)));
        assert_eq!(entry.hits.len(), 2);
    }

    #[test]
    fn a_receipt_number_is_capital_and_plain_however_it_is_typed() {
        let mut entry = Entry::default();
        "sl２０２６ ?1109\u{7}".chars().for_each(|c| {
            entry.add_receipt(c);
        });
        assert_eq!(entry.text, "SL20261109");
        (0..200).for_each(|_| {
            entry.add_receipt('9');
            entry.add_word('字');
        });
        assert!(entry.text.chars().count() <= WORDS);
    }

    #[test]
    fn narrowing_twice_widens() {
        let mut entry = Entry::default();
        for narrow in [Narrow::Catalogue("gov".into()), Narrow::Place("990001".into()), Narrow::Year(Some(2026))] {
            entry.narrow(&narrow);
        }
        assert_eq!((entry.catalogue.as_str(), entry.year), ("gov", Some(2026)));
        entry.narrow(&Narrow::Year(Some(2026)));
        entry.narrow(&Narrow::Catalogue("gov".into()));
        assert_eq!((entry.catalogue.as_str(), entry.place.as_str(), entry.year), ("", "990001", None));
    }
}
