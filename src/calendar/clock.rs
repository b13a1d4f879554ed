//! The clocks of a case: when its deadlines end, what of them is used, and from when on it is near or past them. Pure.
//!
//! The rules, by the Administrative Licensing Law of the People's Republic of China (2019):
//! - Periods are working days; statutory holidays do not count (art. 82). Which days are worked says `calendar.toml`.
//! - A decision is due within the statutory period from acceptance on (art. 42: twenty days where no other law says
//!   otherwise; art. 43 and 44 for review by lower bodies and for delivery). An office may promise a shorter one. The day of
//!   acceptance itself does not count: the first day is the one after (Civil Code, art. 201).
//! - What hearings, bidding, auctions, tests, inspections, quarantine, appraisals and expert reviews take does not
//!   count (art. 45). A day on which such a step is under way, its first and its last included, counts for none.

use super::workdays::{WorkDays, day_number, numbered_day};
use crate::time::civil::Date;

/// The last day looked at, 9999-12-31, and a working day count no real deadline comes near.
const LAST_DAY_NUMBER: i32 = 2_932_896;
const MAX_WORKDAYS: u32 = 100_000;

/// A step whose time does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Its first day.
    pub from: Date,
    /// Its last day; `None` while it goes on.
    pub until: Option<Date>,
}

/// What the clocks of a case go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The day it was accepted.
    pub accepted: Date,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// Working days promised.
    pub promised: Option<u32>,
    /// Working days by law.
    pub statutory: Option<u32>,
    /// Steps that do not count, in any order; they may overlap.
    pub pauses: Vec<Pause>,
}

/// How a case stands on a day; for a closed case, on the day it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseStanding {
    /// The last day promised. While a pause goes on, as if it ended with the day asked for.
    pub promised: Option<Date>,
    /// The last day by law, likewise.
    pub statutory: Option<Date>,
    /// Working days left after this one until the promised, else the statutory day; negative from the day after it on.
    pub days_left: Option<i32>,
    /// Working days used, pauses not counted.
    pub used: u32,
}

/// The days from which on a case stands otherwise, as far as its steps are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// The last day within its deadline; `None` without one, and where a pause goes on that began before it.
    pub due: Option<Date>,
    /// The first day on which as few days or fewer are left as asked for.
    pub near: Option<Date>,
}

impl Course {
    /// How the case stands on a day.
    pub fn standing(&self, days: &WorkDays, today: Date) -> CaseStanding {
        let on = day_number(self.closed.unwrap_or(today));
        let count = Count::new(self, days, Some(on));
        let promised = self.promised.map(|n| count.reach(n));
        let statutory = self.statutory.map(|n| count.reach(n));
        let used = count.counted(on);
        let allowed = self.promised.or(self.statutory).map(|n| as_days(n) - used);
        let past = promised.or(statutory).flatten().is_some_and(|due| due < on);
        let days_left = allowed.map(|left| if past { left.min(-1) } else { left.max(0) });
        let named = |number: Option<Option<i32>>| number.flatten().and_then(numbered_day);
        CaseStanding {
            promised: named(promised),
            statutory: named(statutory),
            days_left,
            used: u32::try_from(used).unwrap_or(0),
        }
    }

    /// From when on the case stands otherwise; `near` is the number of working days left at which it is near its
    /// deadline.
    pub fn marks(&self, days: &WorkDays, near: i32) -> Marks {
        let Some(allowed) = self.promised.or(self.statutory) else { return Marks::default() };
        let count = Count::new(self, days, self.closed.map(day_number));
        let due = count.reach(allowed);
        let near = match near {
            0.. => count.reach(allowed.saturating_sub(near.unsigned_abs())),
            // The day after the deadline is the first that is past it, worked or not.
            -1 => due.map(|d| d + 1),
            _ => count.reach(allowed.saturating_add(near.unsigned_abs())),
        };
        Marks { due: due.and_then(numbered_day), near: near.and_then(numbered_day) }
    }
}

fn as_days(count: u32) -> i32 {
    i32::try_from(count.min(MAX_WORKDAYS)).unwrap_or(i32::MAX)
}

/// Counts the days of one case.
struct Count<'a> {
    days: &'a WorkDays,
    accepted: i32,
    /// Days that do not count, both ends included, in order, apart from each other.
    pauses: Vec<(i32, i32)>,
}

impl<'a> Count<'a> {
    /// A pause that goes on ends with the day `on`, or never.
    fn new(course: &Course, days: &'a WorkDays, on: Option<i32>) -> Self {
        let ends = |p: &Pause| (day_number(p.from), p.until.map(day_number));
        let mut pauses: Vec<(i32, i32)> = course
            .pauses
            .iter()
            .map(ends)
            // One that is yet to begin and has no end says nothing.
            .filter(|(from, until)| until.is_some() || on.is_none_or(|on| *from <= on))
            .map(|(from, until)| (from, until.or(on).unwrap_or(LAST_DAY_NUMBER).max(from)))
            .collect();
        pauses.sort_unstable();
        let mut apart: Vec<(i32, i32)> = Vec::with_capacity(pauses.len());
        for (from, until) in pauses {
            match apart.last_mut() {
                Some((_, end)) if from <= *end => *end = until.max(*end),
                _ => apart.push((from, until)),
            }
        }
        Self { days, accepted: day_number(course.accepted), pauses: apart }
    }

    /// Days counted after acceptance and up to a day, that day included.
    fn counted(&self, day: i32) -> i32 {
        let paused = self.pauses.iter().map(|&(from, until)| {
            let first = from.max(self.accepted.saturating_add(1));
            self.days.between(first - 1, until.min(day))
        });
        self.days.between(self.accepted, day) - paused.sum::<i32>()
    }

    /// The first day by which so many are counted.
    fn reach(&self, count: u32) -> Option<i32> {
        let count = as_days(count);
        let (mut low, mut high) = (self.accepted, self.accepted.saturating_add(64).min(LAST_DAY_NUMBER));
        while self.counted(high) < count {
            if high == LAST_DAY_NUMBER {
                return None;
            }
            low = high;
            high = high.saturating_add((high - self.accepted).max(64)).min(LAST_DAY_NUMBER);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.counted(middle) < count { low = middle + 1 } else { high = middle }
        }
        Some(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Calendar, Holiday},
        time::civil::date,
    };
    use proptest::prelude::*;

    fn course(accepted: Date, promised: u32) -> Course {
        Course { accepted, closed: None, promised: Some(promised), statutory: Some(20), pauses: Vec::new() }
    }

    #[test]
    fn the_day_of_acceptance_and_pauses_do_not_count() {
        // Accepted on Monday the 9th, ten days promised, an inspection from the 16th to the 18th.
        let days = WorkDays::default();
        let pauses = vec![Pause { from: date(2026, 11, 16), until: Some(date(2026, 11, 18)) }];
        let case = Course { pauses, ..course(date(2026, 11, 9), 10) };
        let standing = case.standing(&days, date(2026, 11, 23));
        assert_eq!(standing.promised, Some(date(2026, 11, 26)));
        assert_eq!(standing.statutory, Some(date(2026, 12, 10)));
        assert_eq!((standing.days_left, standing.used), (Some(3), 7));
        let left = |day| case.standing(&days, date(2026, 11, day)).days_left;
        assert_eq!([left(26), left(27), left(28), left(30)], [Some(0), Some(-1), Some(-1), Some(-2)]);
        let closed = Course { closed: Some(date(2026, 11, 13)), ..case };
        assert_eq!(closed.standing(&days, date(2027, 1, 1)).days_left, Some(6));
    }

    #[test]
    fn while_a_pause_goes_on_nothing_moves() {
        let days = WorkDays::default();
        let pauses = vec![Pause { from: date(2026, 11, 16), until: None }];
        let case = Course { pauses, ..course(date(2026, 11, 9), 10) };
        let on = |day| case.standing(&days, date(2026, 11, day));
        assert_eq!([on(16).days_left, on(20).days_left, on(27).days_left], [Some(6); 3]);
        // Were it to end on the 20th, six days would follow.
        assert_eq!(on(20).promised, Some(date(2026, 11, 30)));
        assert_eq!(case.marks(&days, 1), Marks::default());
        assert_eq!(case.marks(&days, 7).near, Some(date(2026, 11, 12)));
    }

    #[test]
    fn a_case_without_a_deadline_has_none() {
        let case = Course { promised: None, statutory: None, ..course(date(2026, 11, 9), 0) };
        let standing = case.standing(&WorkDays::default(), date(2026, 11, 23));
        assert_eq!((standing.promised, standing.days_left, standing.used), (None, None, 10));
        assert_eq!(case.marks(&WorkDays::default(), 1), Marks::default());
        let case = Course { promised: None, ..course(date(2026, 11, 9), 0) };
        assert_eq!(case.standing(&WorkDays::default(), date(2026, 11, 23)).days_left, Some(10));
        let absurd = Course { promised: Some(u32::MAX), ..course(Date::MAX, 0) };
        assert_eq!(absurd.marks(&WorkDays::default(), -3), Marks::default());
        assert_eq!(absurd.standing(&WorkDays::default(), Date::MIN).used, 0);
    }

    fn any_course() -> impl Strategy<Value = (Course, Calendar)> {
        let day = |n: i32| numbered_day(20_700 + n).unwrap();
        let pause = (-5i32..60, prop::option::of(-2i32..20));
        let pauses = prop::collection::vec(pause, 0..4);
        let holidays = prop::collection::vec((0i32..60, 0i32..8), 0..3);
        (0i32..20, prop::option::of(0u32..25), prop::option::of(0u32..25), pauses, holidays).prop_map(
            move |(accepted, promised, statutory, pauses, holidays)| {
                let pause =
                    |(from, long): (i32, Option<i32>)| Pause { from: day(from), until: long.map(|l| day(from + l)) };
                let named = |(from, long): (i32, i32)| Holiday {
                    name: String::new(),
                    from: day(from),
                    until: day(from + long),
                };
                let pauses = pauses.into_iter().map(pause).collect();
                let course = Course { accepted: day(accepted), closed: None, promised, statutory, pauses };
                (course, Calendar { holiday: holidays.into_iter().map(named).collect(), workday: Vec::new() })
            },
        )
    }

    /// Whether a day counts, said as plainly as can be.
    fn counts(course: &Course, calendar: &Calendar, day: Date) -> bool {
        let paused = |p: &Pause| p.from <= day && p.until.is_none_or(|u| day <= u.max(p.from));
        calendar.is_workday(day) && !course.pauses.iter().any(paused)
    }

    proptest! {
        #[test]
        fn what_is_used_and_left_is_what_is_counted_day_by_day((course, calendar) in any_course(), on in 0i32..120) {
            let today = numbered_day(20_700 + on).unwrap();
            let days = WorkDays::new(&calendar);
            let standing = course.standing(&days, today);
            let mut used = 0;
            let mut day = course.accepted;
            while day < today {
                day = day.tomorrow().unwrap();
                used += u32::from(counts(&course, &calendar, day));
            }
            prop_assert_eq!(standing.used, used);
            let Some(allowed) = course.promised.or(course.statutory) else {
                prop_assert_eq!(standing.days_left, None);
                return Ok(());
            };
            let due = standing.promised.or(standing.statutory).unwrap();
            let left = standing.days_left.unwrap();
            prop_assert_eq!(left < 0, today > due, "{} {}", left, due);
            if used < allowed {
                prop_assert_eq!(left, (allowed - used) as i32);
            }
        }

        #[test]
        fn the_marks_say_what_the_days_say((course, calendar) in any_course(), near in -4i32..6) {
            let days = WorkDays::new(&calendar);
            // The marks stand for every later day, as far as the steps are known: nothing is yet to begin.
            let known = numbered_day(20_760).unwrap();
            let marks = course.marks(&days, near);
            for on in 60..160 {
                let today = numbered_day(20_700 + on).unwrap();
                let left = course.standing(&days, today).days_left;
                prop_assert!(today >= known);
                prop_assert_eq!(left.is_some_and(|l| l <= near), marks.near.is_some_and(|d| d <= today), "{} {:?}", today, left);
                prop_assert_eq!(left.is_some_and(|l| l < 0), marks.due.is_some_and(|d| d < today), "{} {:?}", today, left);
            }
        }
    }
}
