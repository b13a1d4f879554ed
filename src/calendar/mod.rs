//! Days: of the lunar calendar; how long a notice is to be shown by law, and a case may take. Pure.

mod clock;
mod period;
mod workdays;

pub use clock::{CaseStanding, Course, Marks, Pause};
pub use period::{last_day, rule};
pub use workdays::{WorkDays, day_number, numbered_day};

use crate::time::{WallTime, civil::Date};
use std::time::Duration;
use tyme4rs::tyme::{Culture, solar::SolarDay};

/// A day of the lunar calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LunarDay {
    /// The month's number, 1 to 12; a leap month has that of the one before it.
    pub month: usize,
    /// The day's number, 1 to 30.
    pub day: usize,
    /// Whether the month is a leap month.
    pub is_leap: bool,
    /// Month and day as almanacs name them, such as 十月十五 or 闰六月初一.
    pub name: String,
}

/// The day of the lunar calendar that a day is; `None` outside the years 1 to 9999.
pub fn lunar(day: Date) -> Option<LunarDay> {
    let (month, number) = (usize::try_from(day.month()).ok()?, usize::try_from(day.day()).ok()?);
    // The crate panics on years outside its range.
    if !(1..=9999).contains(&day.year()) {
        return None;
    }
    let lunar = SolarDay::new(isize::from(day.year()), month, number).ok()?.get_lunar_day();
    let month = lunar.get_lunar_month();
    let name = format!("{}{}", month.get_name(), lunar.get_name());
    Some(LunarDay { month: month.get_month(), day: lunar.get_day(), is_leap: month.is_leap(), name })
}

/// How long until a clock of this format says something else; `Duration::MAX` where it never will.
pub fn next_change(format: &str, wall: &WallTime) -> Duration {
    let time = wall.0.time();
    let into_second = Duration::from_nanos(u64::try_from(time.subsec_nanosecond()).unwrap_or(0));
    let seconds = |n: i8| u64::try_from(n).unwrap_or(0);
    if format.contains("{time}") {
        return Duration::from_secs(1).saturating_sub(into_second);
    }
    if format.contains("{hm}") {
        return Duration::from_secs(60 - seconds(time.second()).min(59)).saturating_sub(into_second);
    }
    if !["{date}", "{md}", "{weekday}", "{lunar}"].iter().any(|f| format.contains(f)) {
        return Duration::MAX;
    }
    let midnight = wall.0.tomorrow().and_then(|d| d.start_of_day());
    let left = midnight.ok().and_then(|m| Duration::try_from(m.timestamp().duration_since(wall.0.timestamp())).ok());
    left.unwrap_or(Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::civil::date;

    #[test]
    fn lunar_days_have_numbers_and_names() {
        let leap = lunar(date(2025, 7, 25)).unwrap();
        assert_eq!((leap.month, leap.day, leap.is_leap, leap.name.as_str()), (6, 1, true, "闰六月初一"));
        assert_eq!(lunar(date(2025, 6, 25)).map(|l| (l.month, l.day, l.is_leap)), Some((6, 1, false)));
        assert_eq!(lunar(date(-5, 1, 1)), None);
    }

    #[test]
    fn a_clock_changes_when_its_smallest_field_does() {
        let wall = WallTime("2026-11-23T09:42:07+08:00[Asia/Shanghai]".parse().unwrap());
        assert_eq!(next_change("固定", &wall), Duration::MAX);
        assert_eq!(next_change("{hm}", &wall), Duration::from_secs(53));
    }
}
