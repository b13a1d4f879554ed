//! Lists of notices of any length, which pages read a window at a time.

use crate::model::{Month, NoticeHead};
use jiff::{Timestamp, civil::Date};
use std::sync::Arc;

/// Which notices a list holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// A catalogue heading, what is below it included; empty for all.
    pub catalogue: String,
    /// Only those of this issuer; empty for all.
    pub issuer: String,
    /// Only those in a closed show period on this day, ending soonest first; `None` for all of them, newest first.
    pub showing: Option<Date>,
    /// Alerts that are over at this instant are left out: [`super::Edition::as_of`], so that a list agrees with the counts of
    /// the edition.
    pub as_of: Timestamp,
}

/// Some rows of a list that stand one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct ListWindow {
    /// The list.
    pub query: ListQuery,
    /// How many notices the whole list has.
    pub total: u64,
    /// Place in the list of the first of the rows, from 0.
    pub from: u64,
    /// The rows, at most [`ListWindow::MAX_ROWS`]; fewer than asked for only at the list's end.
    pub rows: Vec<Arc<NoticeHead>>,
}

impl ListWindow {
    /// Rows a window holds at most.
    pub const MAX_ROWS: u32 = 200;
}

/// Where each month of a list begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListMonths {
    /// The list, one with the newest first.
    pub query: ListQuery,
    /// The months that have notices, newest first, each with the place of its first in the list.
    pub months: Vec<(Month, u64)>,
    /// How many notices the whole list has.
    pub total: u64,
    /// Place in the list of the notice that was asked about; `None` where it is not in it.
    pub place: Option<u64>,
}

/// How many notices a heading has, what is below it included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeadingCount {
    /// All of them.
    pub all: u64,
    /// Those in a closed show period on the edition's day.
    pub showing: u64,
}

/// A heading, those above it, and `""`, which stands for all.
pub fn with_those_above(heading: &str) -> impl Iterator<Item = &str> {
    let ends = heading.match_indices('.').map(|(at, _)| at).chain((!heading.is_empty()).then_some(heading.len()));
    std::iter::once("").chain(ends.filter_map(|end| heading.get(..end)))
}
