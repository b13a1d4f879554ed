//! Working days counted by arithmetic, however far apart two days lie. Pure.

use crate::{config::Calendar, time::civil::Date};
use std::collections::BTreeSet;

/// The day that has the number 0, a Thursday.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days of one holiday that are looked at: longer than any.
const LONGEST: usize = 1_000;

/// The number of a day, counted from 1970-01-01.
pub fn day_number(day: Date) -> i32 {
    // The calendar has about seven million days, so that this always fits.
    i32::try_from(day.duration_since(EPOCH).as_hours() / 24).unwrap_or(0)
}

/// The day of a number; `None` outside the calendar.
pub fn numbered_day(number: i32) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(i64::from(number)).ok()?).ok()
}

/// The working days of a calendar. Made once for many questions: each then costs a binary search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkDays {
    /// The days on which the calendar differs from the week, in order, each with how many working days it and those
    /// before it have more than the week says.
    exceptions: Vec<(i32, i32)>,
}

impl WorkDays {
    /// Prepares a calendar. Of a holiday longer than a thousand days, only as many are days off.
    pub fn new(calendar: &Calendar) -> Self {
        let mut days: BTreeSet<Date> = calendar.workday.iter().map(|w| w.day).collect();
        for holiday in &calendar.holiday {
            let own = holiday.from.series(jiff::Span::new().days(1));
            days.extend(own.take(LONGEST).take_while(|day| *day <= holiday.until));
        }
        let mut more = 0;
        let mut exceptions = Vec::new();
        for day in days {
            let by_week = day.weekday().to_monday_one_offset() <= 5;
            let differs = i32::from(calendar.is_workday(day)) - i32::from(by_week);
            if differs != 0 {
                more += differs;
                exceptions.push((day_number(day), more));
            }
        }
        Self { exceptions }
    }

    /// Working days after `from` and up to `until`, that day included; 0 where `until` is not later. Days by number.
    pub fn between(&self, from: i32, until: i32) -> i32 {
        if until <= from { 0 } else { self.up_to(until) - self.up_to(from) }
    }

    /// Working days from a fixed Monday up to a day; negative before it.
    fn up_to(&self, day: i32) -> i32 {
        // Monday, 1969-12-29 has the number -3.
        let days = day.saturating_add(4);
        let by_week = days.div_euclid(7) * 5 + days.rem_euclid(7).min(5);
        let passed = self.exceptions.partition_point(|&(d, _)| d <= day);
        let more = passed.checked_sub(1).and_then(|last| self.exceptions.get(last)).map_or(0, |&(_, more)| more);
        by_week + more
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Holiday, Workday},
        time::civil::date,
    };
    use proptest::prelude::*;

    fn day(number: i32) -> Date {
        numbered_day(number).unwrap()
    }

    #[test]
    fn days_are_numbered() {
        assert_eq!(day_number(date(1970, 1, 1)), 0);
        assert_eq!(day_number(date(1969, 12, 31)), -1);
        assert_eq!(numbered_day(i32::MAX), None);
        for number in [-700_000, -1, 0, 20_780, 2_932_896] {
            assert_eq!(day_number(day(number)), number);
        }
    }

    #[test]
    fn a_week_has_five_and_a_holiday_none() {
        let week = WorkDays::default();
        // Friday to Friday.
        assert_eq!(week.between(day_number(date(2026, 11, 20)), day_number(date(2026, 11, 27))), 5);
        assert_eq!(week.between(5, 5), 0);
        assert_eq!(week.between(9, 5), 0);
        let holiday = vec![Holiday { name: "国庆节".into(), from: date(2026, 10, 1), until: date(2026, 10, 7) }];
        let workday = vec![Workday { name: "国庆节".into(), day: date(2026, 10, 10) }];
        let days = WorkDays::new(&Calendar { holiday, workday });
        assert_eq!(days.between(day_number(date(2026, 9, 30)), day_number(date(2026, 10, 10))), 3);
    }

    proptest! {
        #[test]
        fn as_many_as_are_counted_one_by_one(
            holidays in prop::collection::vec((20_000i32..20_400, 0i32..12), 0..8),
            worked in prop::collection::vec(20_000i32..20_400, 0..8),
            from in 19_980i32..20_420,
            span in 0i32..450,
        ) {
            let named = |(from, long): (i32, i32)| Holiday { name: String::new(), from: day(from), until: day(from + long) };
            let calendar = Calendar {
                holiday: holidays.into_iter().map(named).collect(),
                workday: worked.into_iter().map(|d| Workday { name: String::new(), day: day(d) }).collect(),
            };
            let one_by_one = (from + 1..=from + span).filter(|d| calendar.is_workday(day(*d))).count();
            prop_assert_eq!(WorkDays::new(&calendar).between(from, from + span), one_by_one as i32);
        }
    }
}
