//! Finding things by words: what is asked and what is found, and how words become what an index can look up. The index
//! itself lives in the store.

mod pinyin;
mod query;
mod tokens;

pub use pinyin::{Pattern, write_keys as write_sound_keys};
pub use query::{MarkedText, SearchTerm, search_terms, snippet};
pub use tokens::{BREAK, IndexLookup, append, index_lookup, write_keys, write_tokens};

use crate::model::{NoticeId, Private, RowId};
use jiff::civil::Date;
use std::{ops::Range, time::Duration};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// The words as typed: Han, pinyin or its initials, digits, document numbers.
    pub text: Private<String>,
    /// Only under this catalogue heading; empty for all.
    pub catalogue: String,
    /// Only of this unit; empty for all.
    pub unit: String,
    /// Only at this region or below it, by its code; empty for all.
    pub place: String,
    /// Only of this year.
    pub year: Option<i16>,
    /// Hits wanted at most.
    pub limit: usize,
    /// Hits passed over, for the next screenful.
    pub offset: usize,
}

/// What was found, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchResults {
    /// What it answers, as it was asked.
    pub query: SearchQuery,
    /// The hits from the query's offset on, up to its limit.
    pub hits: Vec<SearchHit>,
    /// How many there are in all, counted up to [`SearchResults::MAX_COUNTED`].
    pub total: usize,
    /// The headings, units, places and years among the hits counted, most frequent first.
    pub facets: Facets,
    /// How long it took.
    pub took: Duration,
    /// Whether the index is still being made of what the store held before it had one, so that hits may be missing.
    pub partial: bool,
}

impl SearchResults {
    /// Hits counted at most: more are said as 以上.
    pub const MAX_COUNTED: usize = 1_000;
}

/// What the hits are spread over, each with its count, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// Catalogue ids.
    pub catalogues: Vec<(String, usize)>,
    /// Names of units.
    pub units: Vec<(String, usize)>,
    /// Region codes.
    pub places: Vec<(String, usize)>,
    /// Years.
    pub years: Vec<(i16, usize)>,
}

/// What a hit leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SearchItem {
    /// A notice.
    Notice(NoticeId),
    /// A row of a register.
    Row(RowId),
    /// A case, by its receipt number.
    Case(String),
}

/// One thing that was found, with where it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// What it leads to.
    pub item: SearchItem,
    /// Its title, whole.
    pub title: String,
    /// Byte ranges of the title that match.
    pub marks: Vec<Range<usize>>,
    /// Words around a match in its body; empty where the title matches.
    pub snippet: String,
    /// Byte ranges of the snippet that match.
    pub snippet_marks: Vec<Range<usize>>,
    /// The catalogue id.
    pub catalogue: String,
    /// The unit; may be empty.
    pub unit: String,
    /// The region's code; may be empty.
    pub place: String,
    /// Its day: a notice's publication, a row's date.
    pub day: Option<Date>,
}
