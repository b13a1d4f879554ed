//! A month of a year, the period by which most registers are read.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

/// A calendar month, written `2026-10`; years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of a year; `None` outside the calendar.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month a day lies in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year().clamp(1, 9999), month: day.month() }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The month so many months later, earlier where negative; stays within the calendar.
    pub fn plus(self, months: i32) -> Self {
        let count = (i32::from(self.year) * 12 + i32::from(self.month) - 1 + months).clamp(12, 9999 * 12 + 11);
        // Both fit: the count is clamped to the calendar.
        let year = i16::try_from(count / 12).unwrap_or(9999);
        let month = i8::try_from(count % 12).unwrap_or(11) + 1;
        Self { year, month }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::ZERO)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2);
        parts
            .and_then(|(y, m)| Self::new(y.parse().ok()?, m.parse().ok()?))
            .ok_or_else(|| format!("`{text}` is not a month such as 2026-10"))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn months_count_on_and_are_read_as_written(year in 2i16..9998, month in 1i8..=12, by in -11i32..=11) {
            let at = Month::new(year, month).unwrap();
            prop_assert_eq!(at.plus(by).plus(-by), at);
            prop_assert_eq!(at.to_string().parse::<Month>(), Ok(at));
            prop_assert_eq!(Month::of(at.last_day()), at);
            prop_assert_eq!(at.plus(1).first_day(), at.last_day().tomorrow().unwrap());
            prop_assert_eq!(at.plus(by) > at, by > 0);
        }
    }
}
