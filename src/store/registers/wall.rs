//! Rows that walls show, read when an edition is made.

use super::{
    Shape, read,
    table::{Asked, Order},
};
use crate::{
    calendar::day_number,
    config::{Config, RowPeriod, WallQuery, Zone},
    edition::{WallRow, WallRows},
    model::{Month, RowId},
};
use jiff::civil::Date;
use rusqlite::{Connection, params};
use std::{collections::BTreeMap, sync::Arc};

/// What the zones of a config's walls ask for, each question once; registers without files are left out.
pub(in crate::store) fn walls(
    conn: &Connection,
    config: &Config,
    today: Date,
) -> rusqlite::Result<BTreeMap<WallQuery, Arc<WallRows>>> {
    let mut all = BTreeMap::new();
    let zones = config.screens.values().flat_map(|s| &s.zone);
    for query in zones.filter_map(Zone::wall_query) {
        if !all.contains_key(&query)
            && let Some(shape) = Shape::named(config, &query.register)
        {
            let rows = rows(conn, config, &shape, &query, today)?;
            all.insert(query, Arc::new(rows));
        }
    }
    Ok(all)
}

fn rows(
    conn: &Connection,
    config: &Config,
    shape: &Shape<'_>,
    query: &WallQuery,
    today: Date,
) -> rusqlite::Result<WallRows> {
    let asked = Asked::new(conn, shape, &query.register, &config.regions, &query.place)?;
    let limit = query.limit as usize;
    let take = |row: &rusqlite::Row<'_>| {
        let mut kept = read::kept(shape, row)?;
        let clocks = shape.clocks(&kept.row, today);
        kept.row.steps = Vec::new();
        Ok(WallRow { kept, off: row.get(read::COLUMNS)?, clocks })
    };
    let mut found = WallRows::default();
    if query.open_only {
        (found.rows, found.count) = asked.open(today, limit, take)?;
    } else {
        let months = asked.months()?;
        let newest = months.first().copied();
        if query.period == RowPeriod::Newest || newest.is_none() {
            // A register without periods stands as its source has it, others by day: of too many, the newest.
            let order = if newest.is_some() { Order::NewestFirst } else { Order::AsKept };
            (found.rows, found.count) = of_month(&asked, newest, (order, limit), take)?;
            if newest.is_some() {
                found.rows.reverse();
            }
            found.sums = asked.sums(newest)?;
            found.month = newest;
        } else {
            for month in months.into_iter().map(Some).chain([None]) {
                let left = limit.saturating_sub(found.rows.len());
                let (rows, count) = of_month(&asked, month, (Order::NewestFirst, left), take)?;
                found.rows.extend(rows);
                found.count += count;
            }
        }
    }
    let newest: Option<RowId> = found.rows.iter().max_by_key(|r| (r.kept.last_seen, r.kept.id)).map(|r| r.kept.id);
    (found.source_title, found.last_ok) = asked.source(newest)?;
    Ok(found)
}

/// So many rows of a month, and how many it has.
fn of_month(
    asked: &Asked<'_>,
    month: Option<Month>,
    (order, limit): (Order, usize),
    take: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<WallRow>,
) -> rusqlite::Result<(Vec<WallRow>, u64)> {
    let counts = asked.counts(month)?;
    let places: Vec<&str> = counts.keys().map(String::as_str).collect();
    let rows = if limit == 0 { Vec::new() } else { asked.listed(&places, month, (order, limit), take)? };
    Ok((rows, counts.values().sum()))
}

impl Asked<'_> {
    /// So many cases in hand, the one due soonest first, and how many there are.
    fn open<T>(
        &self,
        today: Date,
        limit: usize,
        take: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<(Vec<T>, u64)> {
        let here = "FROM public_case c CROSS JOIN public_row r ON r.id = c.row CROSS JOIN feed f ON f.id = r.feed
             WHERE c.register = ?1 AND c.closed IS NULL AND c.accepted <= ?2
               AND (?3 IS NULL OR r.place IN (SELECT value FROM json_each(?3)))";
        let day = day_number(today);
        let places = self.within.json();
        let count: i64 = self
            .tx
            .prepare_cached(&format!("SELECT count(*) {here}"))?
            .query_row(params![self.register, day, places], |row| row.get(0))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .tx
            .prepare_cached(&format!("SELECT {} {here} ORDER BY c.due IS NULL, c.due, c.row LIMIT ?4", read::LISTED))?
            .query_map(params![self.register, day, places, limit], take)?
            .collect::<rusqlite::Result<_>>()?;
        Ok((rows, u64::try_from(count).unwrap_or(0)))
    }
}
