//! Cases: their clocks in columns, so that one is found by its receipt and a unit's are counted by an index.

use super::{
    Store, StoreError,
    registers::{self, Shape},
};
use crate::{
    calendar::{Course, Pause, day_number},
    config::Config,
    edition::{CaseFile, Told},
    model::{Clocks, Lamp, Row, RowId, UnitTotals, Value, receipt},
};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;

/// Rows of one receipt number that are looked at.
const SAME: i64 = 8;

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
    /// The clocks of a row; `None` where its register's rows are no cases.
    pub fn of(shape: &Shape<'_>, row: &Row) -> Option<Self> {
        let rules = shape.register.case.as_ref()?;
        let course = course(shape, row);
        let marks = course.as_ref().map(|c| c.marks(shape.days(), rules.yellow_days.max(rules.red_days)));
        Some(Self {
            receipt: receipt(&row.key),
            unit: shape.unit(row).to_owned(),
            accepted: course.as_ref().map(|c| day_number(c.accepted)),
            closed: course.and_then(|c| c.closed).map(day_number),
            due: marks.and_then(|m| m.due).map(day_number),
            near: marks.and_then(|m| m.near).map(day_number),
        })
    }
}

/// What the clocks of a case go by. `None` where neither its column nor its first step says when it was accepted.
fn course(shape: &Shape<'_>, row: &Row) -> Option<Course> {
    let rules = shape.register.case.as_ref()?;
    let value = |id: &str| shape.register.index(id).and_then(|i| row.values.get(i));
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
pub(super) fn clocks(shape: &Shape<'_>, row: &Row, today: Date) -> Option<Clocks> {
    let rules = shape.register.case.as_ref()?;
    let course = course(shape, row)?;
    let standing = course.standing(shape.days(), today);
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

/// The case of a receipt number as typed; of several, the one in the register that comes first by name.
pub(super) fn case(conn: &Connection, typed: &str, config: &Config, today: Date) -> rusqlite::Result<Option<Told>> {
    let receipt = receipt(typed);
    if receipt.is_empty() {
        return Ok(None);
    }
    let rows: Vec<i64> = conn
        .prepare_cached(
            "SELECT c.row FROM public_case c JOIN register g ON g.id = c.register WHERE c.receipt = ?1
             ORDER BY g.name, c.row LIMIT ?2",
        )?
        .query_map(params![receipt, SAME], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for row in rows {
        let Some(file) = registers::file(conn, RowId(row), config)? else { continue };
        let Some(shape) = Shape::named(config, &file.register).filter(|s| s.register.case.is_some()) else { continue };
        return Ok(Some(match clocks(&shape, &file.kept.row, today) {
            Some(clocks) => Told::Case(CaseFile { file, clocks }.into()),
            None => Told::Row(file.into()),
        }));
    }
    Ok(None)
}

impl Store {
    /// How each unit's cases of a register stand over the days `from` to `until`, both included, the busiest first:
    /// most in hand, then most closed, then by name. For a month that is not over, `until` is today.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn unit_totals(&self, register: &str, from: Date, until: Date) -> Result<Vec<UnitTotals>, StoreError> {
        let mut totals = HashMap::new();
        add_totals(&self.conn, register, (from, until), &mut totals).map_err(|e| self.fail(&e))?;
        Ok(busiest_first(totals))
    }
}

/// How each unit's cases of all registers stand today, the busiest first; those of no unit are left out.
pub(super) fn today(conn: &Connection, config: &Config, today: Date) -> rusqlite::Result<Vec<UnitTotals>> {
    let mut totals = HashMap::new();
    for (name, _) in config.registers.iter().filter(|(_, r)| r.case.is_some()) {
        add_totals(conn, name, (today, today), &mut totals)?;
    }
    totals.remove("");
    Ok(busiest_first(totals))
}

fn busiest_first(totals: HashMap<String, UnitTotals>) -> Vec<UnitTotals> {
    let mut totals: Vec<UnitTotals> = totals.into_values().collect();
    totals.sort_by(|a, b| (b.in_hand, b.closed, &a.unit).cmp(&(a.in_hand, a.closed, &b.unit)));
    totals
}

fn add_totals(
    conn: &Connection,
    register: &str,
    (from, until): (Date, Date),
    totals: &mut HashMap<String, UnitTotals>,
) -> rusqlite::Result<()> {
    let Some(register) = registers::number(conn, register)? else { return Ok(()) };
    // Each part walks one index, and only over the days asked for and what was open at their end.
    let mut query = conn.prepare_cached(
        "WITH hand AS (
             SELECT unit, due, near FROM public_case WHERE register = ?1 AND closed IS NULL AND accepted <= ?3
             UNION ALL
             SELECT unit, due, near FROM public_case WHERE register = ?1 AND closed > ?3 AND accepted <= ?3),
         part AS (
             SELECT unit, 0 AS accepted, count(*) AS in_hand, 0 AS closed, 0 AS on_time,
                 sum(near <= ?3 AND (due IS NULL OR due >= ?3)) AS warned, sum(due < ?3) AS late
             FROM hand GROUP BY unit
             UNION ALL
             SELECT unit, 0, 0, count(*), sum(due IS NULL OR closed <= due), 0, sum(closed > due)
             FROM public_case WHERE register = ?1 AND closed BETWEEN ?2 AND ?3 GROUP BY unit
             UNION ALL
             SELECT unit, count(*), 0, 0, 0, 0, 0
             FROM public_case WHERE register = ?1 AND accepted BETWEEN ?2 AND ?3 GROUP BY unit)
         SELECT u.name, sum(accepted), sum(in_hand), sum(closed), sum(on_time), sum(warned), sum(late)
         FROM part p JOIN unit u ON u.id = p.unit GROUP BY p.unit",
    )?;
    let mut found = query.query(params![register, day_number(from), day_number(until)])?;
    while let Some(row) = found.next()? {
        let unit: String = row.get(0)?;
        let count = |column| {
            Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, Option<i64>>(column)?.unwrap_or(0)).unwrap_or(0))
        };
        let total = totals.entry(unit.clone()).or_insert_with(|| UnitTotals { unit, ..UnitTotals::default() });
        total.accepted += count(1)?;
        total.in_hand += count(2)?;
        total.closed += count(3)?;
        total.on_time += count(4)?;
        total.warned += count(5)?;
        total.late += count(6)?;
    }
    Ok(())
}
