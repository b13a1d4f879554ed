//! What a register's config says of a row: where it belongs, when, what of it adds up, and whether its sums agree.

use super::clock::{self, CaseClock};
use crate::{
    calendar::{WorkDays, day_number},
    config::{Calendar, Config, Register},
    model::{Clocks, Month, Row, Value},
    store::rows,
};
use jiff::civil::Date;

/// The part of `register_row.sorted` that is the order within a day.
pub(super) const ORDERS: i64 = 1 << 36;

/// The day of rows without one, before all days of the calendar's months.
pub(super) const UNDATED: i32 = -1_000_000;

/// The SQL of when a row `r` is of, in microseconds since 1970: the day of its period, one day
/// late before then; else when it was first seen.
pub(in crate::store) fn instant_sql() -> String {
    let dated = i64::from(UNDATED + 1) * ORDERS;
    format!("iif(r.sorted >= {dated}, r.sorted / {ORDERS} * 86400000000, r.seen)")
}

/// Counts up when rows are made into columns in another way, so that those kept are made anew.
const MAKE: u32 = 3;

/// A register with what is looked up for every row of it.
#[derive(Debug)]
pub(in crate::store) struct Shape<'a> {
    pub register: &'a Register,
    /// The columns' indices in the order of their ids.
    pub by_id: Vec<usize>,
    place: Option<usize>,
    period: Option<usize>,
    unit: Option<usize>,
    /// The columns that add up: those summed under lists, and those of the balance.
    pub sums: Vec<usize>,
    agree: Vec<(usize, Vec<usize>)>,
    days: WorkDays,
}

/// What follows from a row's content.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The code of its region; empty for none.
    pub place: String,
    /// The number of its day, or [`UNDATED`].
    pub day: i32,
    /// The number of its month; 0 for none.
    pub month: i32,
    /// A number for each of [`Shape::sums`].
    pub sums: Vec<i64>,
    /// What the first of its totals that does not agree is off by.
    pub off: Option<i64>,
    /// Its clocks, where it is a case.
    pub case: Option<CaseClock>,
}

impl<'a> Shape<'a> {
    /// Of a register without cases, or where their clocks do not matter.
    pub fn of(register: &'a Register) -> Self {
        Self::with(register, &Calendar::default())
    }

    /// Of a register and the calendar its cases go by.
    pub fn with(register: &'a Register, calendar: &Calendar) -> Self {
        let column = |id: &str| register.index(id);
        let mut by_id: Vec<usize> = (0..register.column.len()).collect();
        by_id.sort_by_key(|&i| register.column.get(i).map(|c| c.id.as_str()));
        let mut sums: Vec<usize> = (0..).zip(&register.column).filter(|(_, c)| c.sum).map(|(i, _)| i).collect();
        if let Some(balance) = &register.balance {
            sums.extend([&balance.income, &balance.expense].into_iter().filter_map(|id| column(id)));
        }
        sums.sort_unstable();
        sums.dedup();
        let agree = register
            .agree
            .iter()
            .filter_map(|a| Some((column(&a.total)?, a.parts.iter().filter_map(|id| column(id)).collect())));
        Self {
            by_id,
            place: column(&register.place),
            period: column(&register.period),
            unit: column(&register.unit),
            sums,
            agree: agree.collect(),
            days: if register.case.is_some() { WorkDays::new(calendar) } else { WorkDays::default() },
            register,
        }
    }

    /// The named register of a config.
    pub fn named(config: &'a Config, name: &str) -> Option<Self> {
        config.registers.get(name).map(|register| Self::with(register, &config.calendar))
    }

    /// The id of a column that adds up.
    pub fn id(&self, column: usize) -> &'a str {
        self.register.column.get(column).map_or("", |c| c.id.as_str())
    }

    /// A case's clocks on a day; `None` where nobody can tell when it was accepted.
    pub fn clocks(&self, row: &Row, today: Date) -> Option<Clocks> {
        clock::clocks(self.register, &self.days, row, today)
    }

    /// The words of the unit in charge; empty for none.
    pub fn unit<'r>(&self, row: &'r Row) -> &'r str {
        self.unit.and_then(|i| row.values.get(i)).and_then(Value::text).unwrap_or("").trim()
    }

    /// Digests of all that the facts and the index's entries, and of what more the clocks of cases, follow from; another
    /// one means that they are to be made anew.
    pub fn derivation_hash(&self, config: &Config) -> [[u8; 32]; 2] {
        let (r, calendar) = (self.register, &config.calendar);
        let columns: Vec<_> =
            self.by_id.iter().filter_map(|&i| r.column.get(i)).map(|c| (&c.id, c.kind, c.sum)).collect();
        let all = format!("{MAKE} {columns:?} {} {} {} {:?} {:?}", r.place, r.period, r.unit, r.balance, r.agree);
        let shown = (0..r.column.len()).filter(|i| r.shows(*i)).collect::<Vec<_>>();
        let (key, zone) = (&r.key, &config.site.timezone);
        let all =
            format!("{all} {} {} {} {} {shown:?} {key:?} {zone}", r.label, r.number, r.catalogue, r.case.is_some());
        let clocks = format!("{:?}", r.case.as_ref().map(|case| (case, calendar)));
        [all, clocks].map(|text| rows::sha256(text.as_bytes()))
    }

    /// The day of a row's period, if it has one within the calendar's months.
    pub fn day(&self, row: &Row) -> Option<Date> {
        let day = match row.values.get(self.period?)? {
            Value::Date(day) => *day,
            Value::Month(month) => month.first_day(),
            _ => return None,
        };
        (1..=9999).contains(&day.year()).then_some(day)
    }

    /// What follows from a row's content.
    pub(super) fn facts(&self, row: &Row) -> Facts {
        let value = |at: Option<usize>| at.and_then(|i| row.values.get(i));
        let day = self.day(row);
        Facts {
            place: value(self.place).and_then(Value::text).unwrap_or("").trim().to_owned(),
            day: day.map_or(UNDATED, day_number),
            month: day.map_or(0, |day| month_number(Month::of(day))),
            sums: self.sums.iter().map(|&i| value(Some(i)).and_then(Value::number).unwrap_or(0)).collect(),
            off: self.agree.iter().find_map(|(total, parts)| off(row, *total, parts)),
            case: CaseClock::of(self.register, &self.days, self.unit(row), row),
        }
    }
}

/// What a total is off by; `None` where it agrees, and where a cell of them is empty or unreadable so that nobody can tell.
fn off(row: &Row, total: usize, parts: &[usize]) -> Option<i64> {
    let mut sum = 0i128;
    for &part in parts {
        match row.values.get(part) {
            Some(Value::Money(n) | Value::Quantity(n)) => sum += i128::from(*n),
            Some(Value::Empty) | None => {}
            Some(_) => return None,
        }
    }
    let off = i128::from(row.values.get(total)?.number()?) - sum;
    (off != 0).then(|| i64::try_from(off).unwrap_or(if off < 0 { i64::MIN } else { i64::MAX }))
}

/// The number of a month, counted from the year 0.
pub(super) fn month_number(month: Month) -> i32 {
    i32::from(month.year()) * 12 + i32::from(month.month()) - 1
}

/// The month of a number; `None` for 0.
pub(super) fn numbered_month(number: i32) -> Option<Month> {
    Month::new(i16::try_from(number.div_euclid(12)).ok()?, i8::try_from(number.rem_euclid(12)).ok()? + 1)
}

/// Where the rows of a month begin and end in `register_row.sorted`; without a month, those of no day.
pub(super) fn span(month: Option<Month>) -> (i64, i64) {
    let at = |day: Option<Date>| i64::from(day.map_or(UNDATED, day_number));
    let (first, last) = (at(month.map(Month::first_day)), at(month.map(Month::last_day)));
    (first * ORDERS, (last + 1) * ORDERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Agree, Column, ColumnKind};
    use jiff::civil::date;

    #[test]
    fn months_have_numbers_and_spans() {
        let month = Month::new(2026, 10).unwrap();
        assert_eq!(numbered_month(month_number(month)), Some(month));
        assert_eq!((numbered_month(0), numbered_month(-1)), (None, None));
        let (from, until) = span(Some(month));
        let at = |day| i64::from(day_number(day)) * ORDERS;
        assert_eq!((from, until), (at(date(2026, 10, 1)), at(date(2026, 11, 1))));
        assert!(span(None).1 <= span(Month::new(1, 1)).0);
    }

    #[test]
    fn sums_that_do_not_agree_are_told_and_those_nobody_can_tell_are_not() {
        let column = |id: &str| Column { id: id.into(), kind: ColumnKind::Money, ..Column::default() };
        let agree = vec![Agree { total: "t".into(), parts: vec!["a".into(), "b".into()] }];
        let register = Register { column: ["a", "b", "t"].map(column).into(), agree, ..Register::default() };
        let off = |a, b, t| Shape::of(&register).facts(&Row { values: vec![a, b, t], ..Row::default() }).off;
        let money = Value::Money;
        assert_eq!(off(money(2), money(3), money(5)), None);
        assert_eq!(off(money(2), Value::Empty, money(5)), Some(3));
        assert_eq!(off(money(2), Value::Text("约三元".into()), money(5)), None);
        assert_eq!(off(money(2), money(3), Value::Empty), None);
        assert_eq!(off(money(i64::MAX), money(i64::MAX), money(i64::MIN)), Some(i64::MIN));
    }
}
