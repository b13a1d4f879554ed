//! A register's rows at a place in a period, with what the page around them says.

use super::{
    Shape, content, read,
    shape::{month_number, numbered_month, span},
};
use crate::{
    config::{Balance, Config, Region},
    edition::{BalanceState, Flow, Sum, Table, TableQuery},
    model::{KeptRow, Month, RowId, Value},
    store::rows,
};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Levels a region may lie below another: more is a circle.
const DEEPEST: usize = 16;
/// Rows looked at for a balance, from the newest on.
const BALANCES: i64 = 100;
/// Months whose income and expense are told.
const FLOW: i32 = 12;

/// The table of a query; `None` for a register without a file.
pub(in crate::store) fn table(
    conn: &Connection,
    query: &TableQuery,
    config: &Config,
) -> rusqlite::Result<Option<Table>> {
    let Some(register) = config.registers.get(&query.register) else { return Ok(None) };
    let shape = Shape::of(register);
    let tx = conn.unchecked_transaction()?;
    let asked = Asked::new(&tx, &shape, &query.register, &config.regions, &query.place)?;
    let months = asked.months()?;
    // The newest month there; for a register without periods, the one that stands for none.
    let month = query.period.or_else(|| months.first().copied());
    let counts = asked.counts(month)?;
    let places: Vec<&str> = counts.keys().map(String::as_str).collect();
    let rows = asked.rows(&places, month)?;
    let (source_title, last_ok) = asked.source(rows.last().map(|row| row.id))?;
    let below = asked.within.below(&config.regions, &counts);
    Ok(Some(Table {
        query: TableQuery { period: month, ..query.clone() },
        count: counts.values().sum(),
        below,
        sums: asked.sums(month)?,
        flow: asked.flow(month)?,
        balance: asked.balance(month)?,
        disagree: asked.disagree(&places, month)?,
        rows,
        months,
        source_title,
        last_ok,
    }))
}

/// A place with all below it.
pub(super) struct Within {
    place: String,
    /// The codes of the place and of all below it; `None` for everywhere.
    codes: Option<HashSet<String>>,
}

impl Within {
    fn of(regions: &[Region], place: &str) -> Self {
        if place.is_empty() {
            return Self { place: String::new(), codes: None };
        }
        let mut codes: HashSet<String> = [place.to_owned()].into();
        for _ in 0..DEEPEST {
            let before = codes.len();
            let more: Vec<String> =
                regions.iter().filter(|r| codes.contains(&r.parent)).map(|r| r.code.clone()).collect();
            codes.extend(more);
            if codes.len() == before {
                break;
            }
        }
        Self { place: place.to_owned(), codes: Some(codes) }
    }

    /// The codes as [`json`]; `None` for everywhere.
    pub fn json(&self) -> Option<String> {
        self.codes.as_ref().map(|codes| json(&codes.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    fn holds(&self, place: &str) -> bool {
        self.codes.as_ref().is_none_or(|codes| codes.contains(place))
    }

    /// The one place it is, where nothing lies below it.
    fn single(&self) -> Option<&str> {
        self.codes.as_ref().is_some_and(|codes| codes.len() == 1).then_some(&self.place)
    }

    /// Counts of the regions directly below, in the order of `regions.csv`. Below everywhere lies what lies below the
    /// one topmost region, where there is but one.
    fn below(&self, regions: &[Region], counts: &HashMap<String, u64>) -> Vec<(String, u64)> {
        let mut tops = regions.iter().filter(|r| r.parent.is_empty());
        let above = match (tops.next(), tops.next()) {
            (Some(top), None) if self.place.is_empty() => &top.code,
            _ => &self.place,
        };
        let parents: HashMap<&str, &str> = regions.iter().map(|r| (r.code.as_str(), r.parent.as_str())).collect();
        let mut sums: HashMap<&str, u64> = HashMap::new();
        for (place, count) in counts {
            let mut at = place.as_str();
            for _ in 0..DEEPEST {
                match parents.get(at) {
                    Some(parent) if parent == above => {
                        *sums.entry(at).or_default() += count;
                        break;
                    }
                    Some(parent) => at = parent,
                    None => break,
                }
            }
        }
        let counted = |r: &Region| sums.get(r.code.as_str()).map(|n| (r.code.clone(), *n));
        regions.iter().filter(|r| r.parent == *above).filter_map(counted).collect()
    }
}

/// A query on its way to its answer.
pub(super) struct Asked<'a> {
    pub tx: &'a Connection,
    pub register: i64,
    shape: &'a Shape<'a>,
    pub within: Within,
}

/// In which order rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By their period and then their order in the source.
    AsKept,
    /// The other way round.
    NewestFirst,
}

fn number(month: Option<Month>) -> i32 {
    month.map_or(0, month_number)
}

impl<'a> Asked<'a> {
    /// Rows of a register at a place and below it.
    pub fn new(
        tx: &'a Connection,
        shape: &'a Shape<'a>,
        register: &str,
        regions: &[Region],
        place: &str,
    ) -> rusqlite::Result<Self> {
        // A register that no rows ever came for is as one without rows.
        let register = read::number(tx, register)?.unwrap_or(-1);
        Ok(Self { tx, register, shape, within: Within::of(regions, place) })
    }

    /// The months with rows there, newest first.
    pub fn months(&self) -> rusqlite::Result<Vec<Month>> {
        let mut months = BTreeSet::new();
        if let Some(place) = self.within.single() {
            let mut query = self.tx.prepare_cached(
                "SELECT month FROM tally WHERE register = ?1 AND place = ?2 AND what = '' AND month > 0",
            )?;
            let mut found = query.query(params![self.register, place])?;
            while let Some(row) = found.next()? {
                months.insert(row.get::<_, i32>(0)?);
            }
        } else {
            let mut query = self
                .tx
                .prepare_cached("SELECT month, place FROM tally WHERE register = ?1 AND what = '' AND month > 0")?;
            let mut found = query.query([self.register])?;
            while let Some(row) = found.next()? {
                let month = row.get(0)?;
                if !months.contains(&month) && self.within.holds(row.get_ref(1)?.as_str()?) {
                    months.insert(month);
                }
            }
        }
        Ok(months.into_iter().rev().filter_map(numbered_month).collect())
    }

    /// What adds up in a month at the place and below, by place; for `""`, the rows.
    fn each(&self, what: &str, months: (i32, i32), mut take: impl FnMut(i32, &str, i64)) -> rusqlite::Result<()> {
        if let Some(place) = self.within.single() {
            let mut query = self.tx.prepare_cached(
                "SELECT month, total FROM tally
                 WHERE register = ?1 AND place = ?2 AND what = ?3 AND month BETWEEN ?4 AND ?5",
            )?;
            let mut found = query.query(params![self.register, place, what, months.0, months.1])?;
            while let Some(row) = found.next()? {
                take(row.get(0)?, place, row.get(1)?);
            }
            return Ok(());
        }
        let mut query = self.tx.prepare_cached(
            "SELECT month, place, total FROM tally WHERE register = ?1 AND what = ?2 AND month BETWEEN ?3 AND ?4",
        )?;
        let mut found = query.query(params![self.register, what, months.0, months.1])?;
        while let Some(row) = found.next()? {
            let place = row.get_ref(1)?.as_str()?;
            if self.within.holds(place) {
                take(row.get(0)?, place, row.get(2)?);
            }
        }
        Ok(())
    }

    /// Rows by place, in a month.
    pub fn counts(&self, month: Option<Month>) -> rusqlite::Result<HashMap<String, u64>> {
        let mut counts = HashMap::new();
        let month = number(month);
        self.each("", (month, month), |_, place, total| {
            counts.insert(place.to_owned(), u64::try_from(total).unwrap_or(0));
        })?;
        Ok(counts)
    }

    /// The sum of a column over some months; `None` where it is none.
    fn totals(&self, what: &str, months: (i32, i32)) -> rusqlite::Result<HashMap<i32, i64>> {
        let mut totals: HashMap<i32, i128> = HashMap::new();
        self.each(what, months, |month, _, total| *totals.entry(month).or_default() += i128::from(total))?;
        Ok(totals.into_iter().map(|(month, total)| (month, fits(total))).collect())
    }

    pub fn sums(&self, month: Option<Month>) -> rusqlite::Result<Vec<Sum>> {
        let now = number(month);
        // Without periods there is no month before.
        let before = month.map_or(-1, |m| month_number(m.plus(-1)));
        let mut rows = false;
        self.each("", (before, before), |_, _, total| rows |= total > 0)?;
        let mut sums = Vec::new();
        for (column, _) in self.shape.register.column.iter().enumerate().filter(|(_, c)| c.sum) {
            let what = self.shape.id(column);
            let of = |month| self.totals(what, (month, month)).map(|t| t.get(&month).copied().unwrap_or(0));
            sums.push(Sum { column, now: of(now)?, before: if rows { Some(of(before)?) } else { None } });
        }
        Ok(sums)
    }

    fn flow(&self, month: Option<Month>) -> rusqlite::Result<Vec<Flow>> {
        let (Some(balance), Some(month)) = (&self.shape.register.balance, month) else { return Ok(Vec::new()) };
        let months = (month_number(month.plus(1 - FLOW)), month_number(month));
        let [income, expense] = [self.totals(&balance.income, months)?, self.totals(&balance.expense, months)?];
        let of = |totals: &HashMap<i32, i64>, month| totals.get(&month_number(month)).copied().unwrap_or(0);
        let flow = (1 - FLOW..=0).map(|by| {
            let month = month.plus(by);
            Flow { month, income: of(&income, month), expense: of(&expense, month) }
        });
        Ok(flow.collect())
    }

    fn rows(&self, places: &[&str], month: Option<Month>) -> rusqlite::Result<Vec<KeptRow>> {
        self.listed(places, month, (Order::AsKept, Table::MAX_ROWS), |row| read::kept(self.shape, row))
    }

    /// So many rows of some places in a month, each from the columns [`read::LISTED`].
    pub fn listed<T>(
        &self,
        places: &[&str],
        month: Option<Month>,
        (order, most): (Order, usize),
        take: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let (from, until) = span(month);
        // The numbers first, from the index alone: only the rows told are read.
        let ids = match places {
            [_] => "place = ?2",
            _ => "place IN (SELECT value FROM json_each(?2))",
        };
        let place = match places {
            [place] => (*place).to_owned(),
            _ => json(places),
        };
        let down = if order == Order::NewestFirst { "DESC" } else { "ASC" };
        let mut query = self.tx.prepare_cached(&format!(
            "SELECT {} FROM (SELECT id, sorted FROM public_row
                 WHERE register = ?1 AND {ids} AND sorted >= ?3 AND sorted < ?4
                 ORDER BY sorted {down}, id {down} LIMIT ?5) i
             CROSS JOIN public_row r ON r.id = i.id CROSS JOIN feed f ON f.id = r.feed
             ORDER BY i.sorted {down}, i.id {down}",
            read::LISTED
        ))?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        query.query_map(params![self.register, place, from, until, most], take)?.collect()
    }

    /// Title and last success of the feed that brought a row.
    pub fn source(&self, newest: Option<RowId>) -> rusqlite::Result<(String, Option<Timestamp>)> {
        let Some(newest) = newest else { return Ok((String::new(), None)) };
        self.tx
            .prepare_cached("SELECT f.title, f.last_ok FROM public_row r JOIN feed f ON f.id = r.feed WHERE r.id = ?1")?
            .query_row([newest.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(rows::instant))))
    }

    fn disagree(&self, places: &[&str], month: Option<Month>) -> rusqlite::Result<Vec<(RowId, i64)>> {
        if self.shape.register.agree.is_empty() {
            return Ok(Vec::new());
        }
        let (from, until) = span(month);
        let most = i64::try_from(Table::MAX_ROWS).unwrap_or(i64::MAX);
        self.tx
            .prepare_cached(
                "SELECT id, off FROM public_row
                 WHERE register = ?1 AND place IN (SELECT value FROM json_each(?2)) AND sorted >= ?3 AND sorted < ?4
                 AND off IS NOT NULL ORDER BY sorted, id LIMIT ?5",
            )?
            .query_map(params![self.register, json(places), from, until, most], |row| {
                Ok((RowId(row.get(0)?), row.get(1)?))
            })?
            .collect()
    }

    /// How the balance of a single ledger stands at the end of a month; `None` where none of its rows tells one.
    fn balance(&self, month: Option<Month>) -> rusqlite::Result<Option<BalanceState>> {
        let (Some(rule), Some(month), Some(place)) = (&self.shape.register.balance, month, self.within.single()) else {
            return Ok(None);
        };
        let (from, until) = span(Some(month));
        let Some(last) = self.told(rule, place, (from, until), "DESC")? else { return Ok(None) };
        let before = self.told(rule, place, (i64::MIN, from), "DESC")?;
        // Rows after the last that tells a balance have moved it all the same.
        let closing = last.balance + last.passed;
        let opening = before.map(|row| row.balance + row.passed);
        let began = match (opening, self.told(rule, place, (from, until), "ASC")?) {
            (Some(opening), _) => opening,
            // Nothing is known of the time before: what the first balance says that there was before its row.
            (None, Some(first)) => first.balance - first.own - first.passed,
            (None, None) => return Ok(None),
        };
        let n = month_number(month);
        let net = |id: &str| self.totals(id, (n, n)).map(|t| i128::from(t.get(&n).copied().unwrap_or(0)));
        let off = closing - began - (net(&rule.income)? - net(&rule.expense)?);
        Ok(Some(BalanceState { opening: opening.map(fits), closing: fits(closing), off: fits(off) }))
    }

    /// The first row of a span, in the order asked for, that tells a balance.
    fn told(&self, rule: &Balance, place: &str, span: (i64, i64), order: &str) -> rusqlite::Result<Option<Response>> {
        let [income, expense, balance] =
            [&rule.income, &rule.expense, &rule.balance].map(|id| self.shape.register.index(id));
        let mut query = self.tx.prepare_cached(&format!(
            "SELECT key, content FROM public_row
             WHERE register = ?1 AND place = ?2 AND sorted >= ?3 AND sorted < ?4
             ORDER BY sorted {order}, id {order} LIMIT ?5"
        ))?;
        let mut found = query.query(params![self.register, place, span.0, span.1, BALANCES])?;
        let mut passed = 0;
        while let Some(row) = found.next()? {
            let row = content::read(self.shape, row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_blob()?)?;
            let value = |column: Option<usize>| row.values.get(column?).and_then(Value::number).map(i128::from);
            let own = value(income).unwrap_or(0) - value(expense).unwrap_or(0);
            if let Some(balance) = value(balance) {
                return Ok(Some(Response { balance, own, passed }));
            }
            passed += own;
        }
        Ok(None)
    }
}

/// A row that tells a balance.
struct Response {
    balance: i128,
    /// Its own income less its expense.
    own: i128,
    /// The same of the rows passed on the way to it.
    passed: i128,
}

/// A sum as far as it can be told.
fn fits(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

/// Codes as SQLite's `json_each` reads them.
fn json(places: &[&str]) -> String {
    serde_json::to_string(places).unwrap_or_else(|_| "[]".to_owned())
}
