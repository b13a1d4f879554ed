//! What all makers of the sample county share: its people and places, its days, and where files go.

use super::{
    county::County,
    days::WorkingDayList,
    departments::{Department, departments},
    rng::Rng,
    sink::{CsvFile, FeedFile, Made, Notices},
};
use crate::{model::Month, time::civil::Date};
use jiff::ToSpan;
use std::path::{Path, PathBuf};

/// A county to be made.
pub struct Plan {
    /// Its townships and villages.
    pub county: County,
    /// The departments in the order of their file.
    pub units: Vec<Department>,
    /// The working days of all the years that are made up.
    pub days: WorkingDayList,
    /// The day it is made for; what happened lies before it.
    pub today: Date,
    /// Years of it; each ends with the month before today, the last is the newest.
    pub years: u32,
    seed: u64,
    config: PathBuf,
    sources: PathBuf,
}

impl Plan {
    /// A county of so many villages and years, its config in one folder and its sources in another beside it.
    pub fn new(villages: u32, years: u32, seed: u64, today: Date, out: &Path) -> Self {
        let first = Month::of(today).plus(-12 * i32::try_from(years).unwrap_or(1)).first_day();
        Self {
            county: County::new(villages),
            units: departments(),
            days: WorkingDayList::new(first, today),
            today,
            years,
            seed,
            config: out.join("kiosk-config"),
            sources: out.join("sources"),
        }
    }

    /// The twelve months of a year, oldest first; the years count from 0, the oldest.
    pub fn months(&self, year: u32) -> impl Iterator<Item = Month> + use<> {
        let years_left = i32::try_from(self.years.saturating_sub(year)).unwrap_or(1);
        let first = Month::of(self.today).plus(-12 * years_left);
        (0..12).map(move |n| first.plus(n))
    }

    /// The days of a year; the newest goes on until before today.
    pub fn span(&self, year: u32) -> (Date, Date) {
        let end = |y: u32| self.months(y).next().map_or(self.today, Month::first_day);
        (end(year), if year + 1 == self.years { self.today } else { end(year + 1) })
    }

    /// Rng for one thing.
    pub fn rng(&self, kind: &str, a: u64, b: u64) -> Rng {
        let kind =
            kind.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, c| (h ^ u64::from(c)).wrapping_mul(0x100_0000_01B3));
        Rng::new(self.seed, [kind, a, b])
    }

    /// A day of the year `span`, spread as people work: no Sundays.
    pub fn day_in(&self, rng: &mut Rng, (from, until): (Date, Date)) -> Date {
        let days = u32::try_from((until - from).get_days()).unwrap_or(1).max(1);
        let day = from.checked_add(i64::from(rng.next_below(days)).days()).unwrap_or(from);
        if day.weekday().to_monday_one_offset() == 7 { day.yesterday().unwrap_or(day).max(from) } else { day }
    }

    /// Begins a table among the sources.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn table(&self, name: &str, titles: &[&str]) -> Result<CsvFile, String> {
        CsvFile::create(self.sources.join("registers").join(format!("{name}.csv")), titles)
    }

    /// Ends a table that is a register's source, and writes the feed that brings it.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn rows(&self, name: &str, title: &str, register: &str, table: CsvFile) -> Result<Made, String> {
        let items = table.rows;
        let bytes = table.finish()?;
        let source = format!("../sources/registers/{name}.csv");
        let lines = format!("register = \"{register}\"\nformat = \"sheet\"");
        FeedFile { name, title, source: &source, lines: &lines, steps: "", bytes, items }.write(&self.config)?;
        Ok(Made { rows: items, bytes, ..Made::default() })
    }

    /// Ends the two tables of cases and their steps, and writes the feed that brings them.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn cases(
        &self,
        name: &str,
        title: &str,
        register: &str,
        (cases, steps): (CsvFile, CsvFile),
    ) -> Result<Made, String> {
        let (count, step_count) = (cases.rows, steps.rows);
        let bytes = cases.finish()? + steps.finish()?;
        let source = format!("../sources/registers/{name}.csv");
        let lines = format!("register = \"{register}\"\nformat = \"sheet\"");
        let steps_file = format!("{name}-steps.csv");
        FeedFile { name, title, source: &source, lines: &lines, steps: &steps_file, bytes, items: count }
            .write(&self.config)?;
        Ok(Made { cases: count, steps: step_count, bytes, ..Made::default() })
    }

    /// Begins a feed of notices.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn notices(&self, name: &str, title: &str) -> Result<Notices, String> {
        Notices::create(self.sources.join(format!("{name}.json")), title)
    }

    /// Ends a feed of notices and writes its file; `lines` say their heading, kind and issuer.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn feed(&self, name: &str, title: &str, lines: &str, notices: Notices) -> Result<Made, String> {
        let items = notices.count;
        let bytes = notices.finish()?;
        let source = format!("../sources/{name}.json");
        FeedFile { name, title, source: &source, lines, steps: "", bytes, items }.write(&self.config)?;
        Ok(Made { notices: items, bytes, ..Made::default() })
    }
}

impl Made {
    /// Adds what else was made.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.cases += other.cases;
        self.steps += other.steps;
        self.notices += other.notices;
        self.bytes += other.bytes;
    }
}

/// Cents as a table has them: `12345.67`.
pub fn cents(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", n.unsigned_abs() / 100, n.unsigned_abs() % 100)
}

/// Cents as people read them: `12,345.67`.
pub fn yuan(n: i64) -> String {
    let plain = cents(n);
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(c);
    }
    format!("{out}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_follow_each_other_and_end_before_today() {
        let plan = Plan::new(6, 2, 1, jiff::civil::date(2026, 11, 23), Path::new("x"));
        let months: Vec<String> = (0..2).flat_map(|y| plan.months(y)).map(|m| m.to_string()).collect();
        assert_eq!((months.len(), months[0].as_str(), months[23].as_str()), (24, "2024-11", "2026-10"));
        assert_eq!(plan.span(0), (jiff::civil::date(2024, 11, 1), jiff::civil::date(2025, 11, 1)));
        assert_eq!(plan.span(1), (jiff::civil::date(2025, 11, 1), plan.today));
        assert_eq!([yuan(123_456_789), yuan(-12_345_600), yuan(5)], ["1,234,567.89", "-123,456.00", "0.05"]);
    }
}
