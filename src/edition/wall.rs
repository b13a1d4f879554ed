//! Rows of registers that walls show: only what configured zones ask for, and never more than fits a wall.

use super::Sum;
use crate::{
    config::{ROWS_MAX, RowPeriod, Zone, ZoneKind},
    model::{Clocks, KeptRow, Month},
};
use jiff::Timestamp;

/// Which rows of a register a zone shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct WallQuery {
    /// The register's name.
    pub register: String,
    /// The code of a region, those below it included; empty for everywhere.
    pub place: String,
    /// The rows of which time.
    pub period: RowPeriod,
    /// Only cases that are not closed, of whatever time.
    pub open_only: bool,
    /// Rows taken at most.
    pub limit: u32,
}

impl WallQuery {
    /// What a zone shows; `None` for one that shows nothing of a register. Words name sums and numbers of the newest
    /// month and no rows.
    pub fn of(zone: &Zone) -> Option<Self> {
        let (period, limit) = match zone.kind {
            ZoneKind::Register => (zone.period, zone.limit.clamp(1, ROWS_MAX)),
            ZoneKind::Text if !zone.register.is_empty() => (RowPeriod::Newest, 1),
            _ => return None,
        };
        let (register, place) = (zone.register.clone(), zone.place.clone());
        Some(Self { register, place, period, open_only: zone.open_only, limit })
    }
}

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
