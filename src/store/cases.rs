//! Cases as they are asked for: one by its receipt number, a unit's by how they stand.

use super::{
    Store, StoreError,
    registers::{self, Shape},
};
use crate::{
    calendar::day_number,
    config::Config,
    edition::{CaseFile, Response},
    model::{RowId, UnitTotals, receipt},
};
use jiff::civil::Date;
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// Rows of one receipt number that are looked at.
const SAME: i64 = 8;

/// The case of a receipt number as typed; of several, the one in the register that comes first by name.
pub(super) fn case(conn: &Connection, typed: &str, config: &Config, today: Date) -> rusqlite::Result<Option<Response>> {
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
        return Ok(Some(match shape.clocks(&file.kept.row, today) {
            Some(clocks) => Response::Case(CaseFile { file, clocks }.into()),
            None => Response::Row(file.into()),
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
