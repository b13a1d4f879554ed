//! Statutory show periods: how long a kind of notice must be shown, and when that ends. Pure.

use crate::{
    config::{Calendar, Catalogue, Period},
    time::civil::Date,
};

/// Days looked through for a working day at most: longer than any holiday.
const SEARCH: usize = 366;

/// The rule for a kind under a heading: the one that names the kind before one that does not, then the one of the
/// nearest heading, then the first in the file.
pub fn rule<'a>(catalogue: &'a Catalogue, kind: &str, heading: &str) -> Option<&'a Period> {
    let under =
        |id: &str| id.is_empty() || heading == id || heading.strip_prefix(id).is_some_and(|r| r.starts_with('.'));
    let fits = |p: &&Period| (p.kind.is_empty() || p.kind == kind) && under(&p.catalogue);
    let rank = |p: &&Period| (!p.kind.is_empty(), p.catalogue.len());
    // `max_by_key` gives the last of equals; the first in the file is wanted.
    catalogue.period.iter().rev().filter(fits).max_by_key(rank)
}

/// The last day a notice published on `published` is to be shown. The day of publication does not count (Civil Code
/// of the People's Republic of China, art. 201); a period of days that would end on a holiday or a weekend ends with
/// the next working day (art. 203), and one of working days counts those alone. `None` outside the calendar.
pub fn last_day(calendar: &Calendar, period: &Period, published: Date) -> Option<Date> {
    if period.working_days > 0 {
        let mut day = published;
        for _ in 0..period.working_days {
            day = working(calendar, day.tomorrow().ok()?)?;
        }
        return Some(day);
    }
    let end = published.checked_add(jiff::Span::new().try_days(i64::from(period.days)).ok()?).ok()?;
    working(calendar, end)
}

/// The first working day from `day` on.
fn working(calendar: &Calendar, day: Date) -> Option<Date> {
    let mut day = day;
    for _ in 0..SEARCH {
        if calendar.is_workday(day) {
            return Some(day);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Holiday, time::civil::date};
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        let (from, until) = (date(2026, 10, 1), date(2026, 10, 7));
        Calendar { holiday: vec![Holiday { name: "国庆节".into(), from, until }], workday: Vec::new() }
    }

    fn days(days: u32) -> Period {
        Period { days, ..Period::default() }
    }

    fn working_days(working_days: u32) -> Period {
        Period { working_days, ..Period::default() }
    }

    #[test]
    fn the_day_of_publication_does_not_count_and_no_period_ends_on_a_day_off() {
        let c = calendar();
        // Monday and three days: Thursday.
        assert_eq!(last_day(&c, &days(3), date(2026, 11, 23)), Some(date(2026, 11, 26)));
        // Thursday and three days: Sunday, so Monday.
        assert_eq!(last_day(&c, &days(3), date(2026, 11, 26)), Some(date(2026, 11, 30)));
        // Into the holiday week: the 8th is worked.
        assert_eq!(last_day(&c, &days(3), date(2026, 9, 29)), Some(date(2026, 10, 8)));
    }

    #[test]
    fn working_days_count_those_alone() {
        let c = calendar();
        assert_eq!(last_day(&c, &working_days(5), date(2026, 11, 23)), Some(date(2026, 11, 30)));
        assert_eq!(last_day(&c, &working_days(1), date(2026, 9, 30)), Some(date(2026, 10, 8)));
        assert_eq!(last_day(&c, &working_days(1), Date::MAX), None);
    }

    #[test]
    fn the_rule_that_says_most_holds() {
        let p = |kind: &str, catalogue: &str, days| Period {
            kind: kind.into(),
            catalogue: catalogue.into(),
            days,
            ..Period::default()
        };
        let period =
            vec![p("", "", 1), p("", "trade", 2), p("中标候选", "", 3), p("中标候选", "trade.works", 4), p("", "", 9)];
        let catalogue = Catalogue { period, ..Catalogue::default() };
        let found = |kind, heading| rule(&catalogue, kind, heading).map(|p| p.days);
        assert_eq!(found("公告", "party"), Some(1));
        assert_eq!(found("公告", "trade.works"), Some(2));
        assert_eq!(found("公告", "trader"), Some(1));
        assert_eq!(found("中标候选", "party"), Some(3));
        assert_eq!(found("中标候选", "trade.works"), Some(4));
        assert_eq!(rule(&Catalogue::default(), "公告", ""), None);
    }

    proptest! {
        #[test]
        fn working_days_are_as_many_as_asked(start in 0i32..3000, count in 1u32..60) {
            let from = date(2026, 1, 1).checked_add(jiff::Span::new().days(start)).unwrap();
            let c = calendar();
            let end = last_day(&c, &working_days(count), from).unwrap();
            let worked = from.series(jiff::Span::new().days(1)).skip(1).take_while(|d| *d <= end);
            prop_assert_eq!(worked.filter(|d| c.is_workday(*d)).count(), count as usize);
            prop_assert!(c.is_workday(end));
        }
    }
}
