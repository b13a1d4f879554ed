//! What a stage asks of the archive, and what the archive answers.

use super::{
    document::Document,
    list::{ListMonths, ListQuery, ListWindow},
};
use crate::{
    model::{Clocks, KeptRow, Month, NoticeHead, NoticeId, Private, Row, RowId},
    scene::Picture,
    search::{SearchQuery, SearchResults},
};
use jiff::Timestamp;
use std::{collections::HashMap, fmt, sync::Arc};

/// What a stage asks of the archive. A stale answer is dropped by its generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Index of the asking screen.
    pub screen: usize,
    /// Counts up per screen.
    pub generation: u64,
    /// What is wanted.
    pub query: Query,
}

/// What can be asked for. Its `Debug` says what kind of thing, never which: that is the visitor's.
#[derive(Clone, PartialEq)]
pub enum Query {
    /// A notice, whole.
    Notice(NoticeId),
    /// A register's rows at a place in a period.
    Table(TableQuery),
    /// One row with what it was before.
    Row(RowId),
    /// A case by its receipt number, as typed.
    Case(Private<String>),
    /// So many rows of a list of notices, from a place in it on.
    List(ListQuery, u64, u32),
    /// Where each month of a list begins, and the place in it of one of its notices.
    Months(ListQuery, Option<NoticeId>),
    /// Whatever matches some words.
    Search(SearchQuery),
}

/// The archive's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Index of the asking screen.
    pub screen: usize,
    /// The question's generation.
    pub generation: u64,
    /// What there is.
    pub response: Response,
}

/// What the archive tells. Its `Debug` says what kind of thing, never which.
#[derive(Clone)]
pub enum Response {
    /// There is no such thing, or no longer.
    Nothing,
    /// The archive could not be read, or the question was lost on its way: whether there is such a thing is not known,
    /// and a further try may tell.
    Failed,
    /// To [`Query::Notice`].
    Document(Arc<Document>),
    /// To [`Query::Table`].
    Table(Arc<Table>),
    /// To [`Query::Row`].
    Row(Arc<RowFile>),
    /// To [`Query::Case`].
    Case(Arc<CaseFile>),
    /// To [`Query::List`].
    List(Arc<ListWindow>),
    /// To [`Query::Months`].
    Months(Arc<ListMonths>),
    /// To [`Query::Search`].
    Found(Arc<SearchResults>),
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Notice(_) => "Notice(…)",
            Self::Table(_) => "Table(…)",
            Self::Row(_) => "Row(…)",
            Self::Case(_) => "Case(…)",
            Self::List(..) => "List(…)",
            Self::Months(..) => "Months(…)",
            Self::Search(_) => "Search(…)",
        })
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Failed => "Failed",
            Self::Document(_) => "Document(…)",
            Self::Table(_) => "Table(…)",
            Self::Row(_) => "Row(…)",
            Self::Case(_) => "Case(…)",
            Self::List(_) => "List(…)",
            Self::Months(_) => "Months(…)",
            Self::Found(_) => "Found(…)",
        })
    }
}

/// Which rows of a register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableQuery {
    /// The register's name.
    pub register: String,
    /// The code of a region, those below it included; empty for everywhere.
    pub place: String,
    /// The month; `None` for the newest that has rows there.
    pub period: Option<Month>,
}

/// A register's rows at a place in a period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What it answers, with the period that was taken.
    pub query: TableQuery,
    /// The rows by their period and then their order in the source, at most [`Table::MAX_ROWS`].
    pub rows: Vec<KeptRow>,
    /// How many there are.
    pub count: u64,
    /// The months that have rows there, newest first.
    pub months: Vec<Month>,
    /// Rows in this period of each region directly below the place, by its code; those without any are left out.
    pub below: Vec<(String, u64)>,
    /// The sums of the columns that are added up.
    pub sums: Vec<Sum>,
    /// Income and expense of the twelve months up to this one, oldest first; empty without a balance rule.
    pub flow: Vec<Flow>,
    /// How the balance stands; `None` without a balance rule, or above a single ledger's place.
    pub balance: Option<BalanceState>,
    /// Rows whose sums do not agree, each with what its total is off by.
    pub disagree: Vec<(RowId, i64)>,
    /// Title of the feed that brought the newest of the rows.
    pub source_title: String,
    /// When the source was last read.
    pub last_ok: Option<Timestamp>,
}

impl Table {
    /// Rows a table holds at most.
    pub const MAX_ROWS: usize = 2_000;
}

/// The sum of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The column's index in the register.
    pub column: usize,
    /// In this period, in the value's own fractions.
    pub now: i64,
    /// In the month before; `None` where that has no rows.
    pub before: Option<i64>,
}

/// One month's income and expense, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// The month.
    pub month: Month,
    /// Income.
    pub income: i64,
    /// Expense.
    pub expense: i64,
}

/// How a ledger's balance stands at the end of a period, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceState {
    /// The balance before the period's first row; `None` where nothing is known of it.
    pub opening: Option<i64>,
    /// The balance after its last row.
    pub closing: i64,
    /// closing − opening − (income − expense): 0 where they agree.
    pub off: i64,
}

/// One row with what it was before.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFile {
    /// The register's name.
    pub register: String,
    /// The row as it is now.
    pub kept: KeptRow,
    /// Earlier contents with the instant each was first seen, newest first.
    pub before: Vec<(Timestamp, Row)>,
    /// Notices with the same document or project number, newest first.
    pub notices: Vec<Arc<NoticeHead>>,
    /// The name of the feed that brought it.
    pub feed: String,
    /// Where it was read from.
    pub source: String,
    /// Title of the feed that brought it.
    pub source_title: String,
    /// SHA-256 of its content, in lower-case hex.
    pub digest: String,
    /// Its pictures by address, as far as they are at hand; a further answer may bring more.
    pub pictures: HashMap<String, Arc<Picture>>,
    /// Whether no further answer comes: what is not at hand could not be had.
    pub is_settled: bool,
}

/// A case with its clocks as they stand on the day of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// The row with its steps.
    pub file: RowFile,
    /// The clocks.
    pub clocks: Clocks,
}

/// What an edition says of a register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterHead {
    /// Rows it has now.
    pub rows: u64,
    /// The newest month with rows; `None` for a register without periods.
    pub newest: Option<Month>,
}
