//! The clocks of cases, in columns, so that one is found by its receipt and a unit's are counted by an index.

use crate::{
    calendar::{Course, Pause, WorkDays, day_number},
    config::Register,
    model::{Clocks, Lamp, Row, Value, receipt},
};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, Transaction, params};

/// What the store keeps of a case beside its row; days by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CaseClock {
    /// The receipt number, as it is compared.
    pub receipt: String,
    /// The unit in charge.
    pub unit: String,
    pub accepted: Option<i32>,
    pub closed: Option<i32>,
    /// The last day within its deadline.
    pub due: Option<i32>,
    /// The first day on which its lamp is no longer green.
    pub near: Option<i32>,
}

impl CaseClock {
    /// The clocks of a row that `unit` is in charge of; `None` where its register's rows are no cases.
    pub fn of(register: &Register, days: &WorkDays, unit: &str, row: &Row) -> Option<Self> {
        let rules = register.case.as_ref()?;
        let course = course(register, row);
        let marks = course.as_ref().map(|c| c.marks(days, rules.yellow_days.max(rules.red_days)));
        Some(Self {
            receipt: receipt(&row.key),
            unit: unit.to_owned(),
            accepted: course.as_ref().map(|c| day_number(c.accepted)),
            closed: course.and_then(|c| c.closed).map(day_number),
            due: marks.and_then(|m| m.due).map(day_number),
            near: marks.and_then(|m| m.near).map(day_number),
        })
    }
}

/// What the clocks of a case go by. `None` where neither its column nor its first step says when it was accepted.
fn course(register: &Register, row: &Row) -> Option<Course> {
    let rules = register.case.as_ref()?;
    let value = |id: &str| register.index(id).and_then(|i| row.values.get(i));
    let day = |id: &str| match value(id) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let days = |id: &str| match value(id) {
        Some(Value::Quantity(n)) => u32::try_from(*n / 10_000).ok(),
        _ => None,
    };
    let closed = match rules.closed.as_str() {
        "" => row
            .steps
            .last()
            .filter(|_| row.steps.iter().all(|s| s.until.is_some()))
            .and_then(|s| s.until)
            .map(|t| t.date()),
        column => day(column),
    };
    let named = |name: &str| rules.pauses.iter().any(|pause| !pause.is_empty() && name.contains(pause.as_str()));
    let pauses = row.steps.iter().filter(|s| s.pause || named(&s.name));
    Some(Course {
        accepted: day(&rules.accepted).or_else(|| row.steps.iter().find_map(|s| s.from).map(|t| t.date()))?,
        closed,
        promised: days(&rules.promised_days),
        statutory: days(&rules.statutory_days),
        pauses: pauses.filter_map(|s| Some(Pause { from: s.from?.date(), until: s.until.map(|t| t.date()) })).collect(),
    })
}

/// A case's clocks on a day; `None` where nobody can tell when it was accepted.
pub(super) fn clocks(register: &Register, days: &WorkDays, row: &Row, today: Date) -> Option<Clocks> {
    let rules = register.case.as_ref()?;
    let course = course(register, row)?;
    let standing = course.standing(days, today);
    Some(Clocks {
        accepted: course.accepted,
        promised: standing.promised,
        statutory: standing.statutory,
        closed: course.closed,
        days_left: standing.days_left,
        used: standing.used,
        lamp: Lamp::with_left(standing.days_left, rules.yellow_days, rules.red_days),
    })
}

/// Keeps the clocks of a row.
pub(super) fn put(tx: &Transaction<'_>, row: i64, register: i64, case: &CaseClock) -> rusqlite::Result<()> {
    let mut find = tx.prepare_cached("SELECT id FROM unit WHERE name = ?1")?;
    let unit = match find.query_row([&case.unit], |row| row.get::<_, i64>(0)).optional()? {
        Some(unit) => unit,
        None => tx.prepare_cached("INSERT INTO unit (name) VALUES (?1)")?.insert([&case.unit])?,
    };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO case_clock (row, register, receipt, unit, accepted, closed, due, near)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![row, register, case.receipt, unit, case.accepted, case.closed, case.due, case.near])
    .map(drop)
}

/// Forgets the clocks of a row that is withdrawn.
pub(super) fn remove(tx: &Transaction<'_>, row: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM case_clock WHERE row = ?1")?.execute([row]).map(drop)
}
