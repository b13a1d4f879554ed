//! The date as people say it: weekday, lunar date; how long a notice is to be shown by law, and a case may take. Pure.

mod clock;
mod period;
mod workdays;

pub use clock::{Course, Marks, Pause, Standing};
pub use period::{last_day, rule};
pub use workdays::{WorkDays, day_number, numbered_day};

use crate::time::{WallTime, civil::Date};
use std::time::Duration;
use tyme4rs::tyme::{Culture, solar::SolarDay};

/// The day of the week, 星期一 to 星期日.
pub fn weekday_zh(day: Date) -> &'static str {
    match day.weekday().to_monday_one_offset() {
        1 => "星期一",
        2 => "星期二",
        3 => "星期三",
        4 => "星期四",
        5 => "星期五",
        6 => "星期六",
        _ => "星期日",
    }
}

/// The lunar date, such as 农历十月十五 or 农历闰六月初一; empty outside the years 1 to 9999.
pub fn lunar_zh(day: Date) -> String {
    let (Ok(month), Ok(number)) = (usize::try_from(day.month()), usize::try_from(day.day())) else {
        return String::new();
    };
    // The crate panics on years outside its range.
    if !(1..=9999).contains(&day.year()) {
        return String::new();
    }
    let Ok(solar) = SolarDay::new(isize::from(day.year()), month, number) else { return String::new() };
    let lunar = solar.get_lunar_day();
    format!("农历{}{}", lunar.get_lunar_month().get_name(), lunar.get_name())
}

/// Fills a clock's format: `{date}` 2026年11月23日, `{md}` 11月23日, `{weekday}` 星期一, `{lunar}` 农历十月十五,
/// `{time}` 09:42:07, `{hm}` 09:42. Anything else stays as it stands.
pub fn clock_text(format: &str, wall: &WallTime) -> String {
    let day = wall.day();
    let time = wall.0.time();
    let mut out = String::with_capacity(format.len() + 32);
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(name, tail)| {
            let words = match name {
                "date" => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
                "md" => format!("{}月{}日", day.month(), day.day()),
                "weekday" => weekday_zh(day).into(),
                "lunar" => lunar_zh(day),
                "time" => format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()),
                "hm" => format!("{:02}:{:02}", time.hour(), time.minute()),
                _ => return None,
            };
            Some((words, tail))
        });
        match filled {
            Some((words, tail)) => {
                out.push_str(&words);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
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
    use jiff::{Timestamp, tz::TimeZone};
    use proptest::prelude::*;

    const FORMATS: [&str; 7] =
        ["{date} {weekday} {time}", "{hm}", "{md}", "{lunar}", "{weekday}", "{md} {hm}", "{date}{lunar}"];

    fn wall(text: &str) -> WallTime {
        WallTime(text.parse().unwrap())
    }

    #[test]
    fn weekdays() {
        assert_eq!(weekday_zh(date(2026, 11, 23)), "星期一");
        assert_eq!(weekday_zh(date(2026, 11, 29)), "星期日");
    }

    #[test]
    fn lunar_dates_as_printed_in_almanacs() {
        assert_eq!(lunar_zh(date(2026, 11, 23)), "农历十月十五");
        assert_eq!(lunar_zh(date(2026, 2, 17)), "农历正月初一");
        assert_eq!(lunar_zh(date(2025, 7, 25)), "农历闰六月初一");
        assert_eq!(lunar_zh(date(2025, 6, 25)), "农历六月初一");
        assert_eq!(lunar_zh(date(2027, 2, 5)), "农历十二月廿九");
        assert_eq!(lunar_zh(date(-5, 1, 1)), "");
    }

    #[test]
    fn formats_are_filled() {
        let w = wall("2026-11-23T09:42:07+08:00[Asia/Shanghai]");
        assert_eq!(clock_text("{date} {weekday} {time}", &w), "2026年11月23日 星期一 09:42:07");
        assert_eq!(clock_text("{md} {weekday} {lunar} {hm}", &w), "11月23日 星期一 农历十月十五 09:42");
        assert_eq!(clock_text("{a{hm}} {", &w), "{a09:42} {");
        assert_eq!(next_change("固定", &w), Duration::MAX);
        assert_eq!(next_change("{hm}", &w), Duration::from_secs(53));
    }

    proptest! {
        #[test]
        fn text_holds_until_next_change_and_no_longer(
            millis in 1_500_000_000_000_i64..2_500_000_000_000,
            format in prop::sample::select(&FORMATS[..]),
        ) {
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let now = Timestamp::from_millisecond(millis).unwrap();
            let left = next_change(format, &WallTime::at(now, &zone));
            prop_assert!(left > Duration::ZERO);
            let text = |t: Timestamp| clock_text(format, &WallTime::at(t, &zone));
            prop_assert_eq!(text(now), text(now + left - Duration::from_millis(1)));
            prop_assert_ne!(text(now), text(now + left));
        }
    }
}
