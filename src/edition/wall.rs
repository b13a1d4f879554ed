//! Rows of registers that walls show: only what configured zones ask for, and never more than fits a wall.

use super::Sum;
use crate::model::{Clocks, KeptRow, Month};
use jiff::Timestamp;

/// The rows of a query, in the order shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WallRows {
    /// The month they are of; `None` where they are of several or of none.
    pub month: Option<Month>,
    /// The rows: those of one month by their day, cases in hand by their deadline, others the newest first; of a
    /// register without periods, as the source has them.
    pub rows: Vec<WallRow>,
    /// How many there are.
    pub count: u64,
    /// The sums of the columns that are added up, over the whole month.
    pub sums: Vec<Sum>,
    /// Title of the feed that brought the newest of the rows.
    pub source_title: String,
    /// When the source was last read.
    pub last_ok: Option<Timestamp>,
}

/// One row as a wall shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct WallRow {
    /// The row, without its steps.
    pub kept: KeptRow,
    /// What the first of its totals that does not agree is off by.
    pub off: Option<i64>,
    /// Its clocks, where it is a case.
    pub clocks: Option<Clocks>,
}
