//! Working days of the sample county, by the calendar it ships with.

use super::files::FILES;
use crate::{config::Calendar, time::civil::Date};
use jiff::ToSpan;

/// The working days of some years, in order.
#[derive(Debug)]
pub struct WorkingDayList(Vec<Date>);

impl WorkingDayList {
    /// Those from one day to another, and some months beyond for deadlines.
    pub fn new(from: Date, until: Date) -> Self {
        let text = FILES.iter().find(|(name, _)| *name == "calendar.toml").map_or("", |(_, text)| text);
        let calendar: Calendar = toml::from_str(text).unwrap_or_default();
        let end = until.checked_add(12.months()).unwrap_or(until);
        Self(from.series(1.day()).take_while(|d| *d <= end).filter(|d| calendar.is_workday(*d)).collect())
    }

    /// The working day so many after a day; of 0, the day itself.
    pub fn after(&self, day: Date, count: u32) -> Date {
        match count {
            0 => day,
            _ => {
                let first = self.0.partition_point(|d| *d <= day);
                self.0.get(first + count as usize - 1).copied().unwrap_or(day)
            }
        }
    }

    /// The working days from one day until before another.
    pub fn within(&self, from: Date, before: Date) -> impl Iterator<Item = Date> + '_ {
        let start = self.0.partition_point(|d| *d < from);
        self.0.iter().skip(start).copied().take_while(move |d| *d < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_are_skipped_and_weekends_that_are_worked_count() {
        let days = WorkingDayList::new(date(2022, 1, 1), date(2026, 11, 23));
        // National Day 2026: off from the 1st to the 7th, Saturday the 10th is worked.
        assert_eq!(days.after(date(2026, 9, 30), 1), date(2026, 10, 8));
        assert_eq!(days.after(date(2026, 10, 9), 1), date(2026, 10, 10));
        assert_eq!(days.after(date(2023, 9, 28), 1), date(2023, 10, 7));
        assert_eq!(days.after(date(2026, 11, 9), 0), date(2026, 11, 9));
        // As the State Council's calendars have them: 2022 to 2025 each about 250.
        for year in 2022..=2025 {
            let count = days.within(date(year, 1, 1), date(year + 1, 1, 1)).count();
            assert!((247..=252).contains(&count), "{year}: {count}");
        }
    }
}
