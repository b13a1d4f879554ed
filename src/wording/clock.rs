//! Dates and times as people say them.

use super::Wording;
use crate::{calendar::lunar, time::civil::Date};

impl Wording<'_> {
    /// The day of the week.
    pub fn weekday(&self, day: Date) -> String {
        self.say(&format!("weekday-{}", day.weekday().to_monday_one_offset()), &[])
    }

    /// A day of the lunar calendar, such as 农历十月十五; empty where that calendar is not known.
    pub fn lunar(&self, day: Date) -> String {
        let Some(lunar) = lunar(day) else { return String::new() };
        let (month, day) = (lunar.month.to_string(), lunar.day.to_string());
        let key = if lunar.is_leap { "lunar-leap" } else { "lunar" };
        self.say(key, &[("month", &month), ("day", &day), ("name", &lunar.name)])
    }

    /// Fills a clock's format: `{date}` 2026年11月23日, `{md}` 11月23日, `{weekday}` 星期一, `{lunar}` 农历十月十五,
    /// `{time}` 09:42:07, `{hm}` 09:42. Anything else stays as it stands.
    pub fn clock(&self, format: &str) -> String {
        let mut out = String::with_capacity(format.len() + 32);
        let mut rest = format;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}').and_then(|(name, tail)| Some((self.field(name)?, tail))) {
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

    fn field(&self, name: &str) -> Option<String> {
        let (day, time) = (self.wall.day(), self.wall.0.time());
        let date = |key: &str| {
            let (year, month, number) = (day.year().to_string(), day.month().to_string(), day.day().to_string());
            let name = self.say(&format!("month-name-{month}"), &[]);
            self.say(key, &[("year", &year), ("month", &month), ("day", &number), ("name", &name)])
        };
        Some(match name {
            "date" => date("clock-date"),
            "md" => date("clock-day"),
            "weekday" => self.weekday(day),
            "lunar" => self.lunar(day),
            "time" => format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()),
            "hm" => format!("{:02}:{:02}", time.hour(), time.minute()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calendar::next_change,
        config::{CLOCK_FIELDS, Config},
        text::Words,
        time::{WallTime, civil::date},
    };
    use jiff::{Timestamp, tz::TimeZone};
    use proptest::prelude::*;
    use std::time::Duration;

    const FORMATS: [&str; 7] =
        ["{date} {weekday} {time}", "{hm}", "{md}", "{lunar}", "{weekday}", "{md} {hm}", "{date}{lunar}"];

    fn said(language: &str, format: &str, wall: &WallTime) -> String {
        Wording { words: &Words::load(language), config: &Config::default(), wall }.clock(format)
    }

    fn wall(text: &str) -> WallTime {
        WallTime(text.parse().unwrap())
    }

    #[test]
    fn formats_are_filled() {
        let w = wall("2026-11-23T09:42:07+08:00[Asia/Shanghai]");
        assert_eq!(said("zh-CN", "{date} {weekday} {time}", &w), "2026年11月23日 星期一 09:42:07");
        assert_eq!(said("zh-CN", "{md} {weekday} {lunar} {hm}", &w), "11月23日 星期一 农历十月十五 09:42");
        assert_eq!(said("zh-CN", "{a{hm}} {", &w), "{a09:42} {");
        assert_eq!(said("en", "{date} {weekday} {hm}", &w), "23 November 2026 Monday 09:42");
        for field in CLOCK_FIELDS {
            assert!(!said("en", &format!("{{{field}}}"), &w).contains('{'), "{field} is filled in");
        }
    }

    #[test]
    fn lunar_dates_as_printed_in_almanacs() {
        let words = Words::load("zh-CN");
        let w = wall("2026-11-23T09:42:07+08:00[Asia/Shanghai]");
        let lunar = |day| Wording { words: &words, config: &Config::default(), wall: &w }.lunar(day);
        assert_eq!(lunar(date(2026, 11, 23)), "农历十月十五");
        assert_eq!(lunar(date(2026, 2, 17)), "农历正月初一");
        assert_eq!(lunar(date(2025, 7, 25)), "农历闰六月初一");
        assert_eq!(lunar(date(2027, 2, 5)), "农历十二月廿九");
        assert_eq!(lunar(date(-5, 1, 1)), "");
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
            let text = |t: Timestamp| said("zh-CN", format, &WallTime::at(t, &zone));
            prop_assert_eq!(text(now), text(now + left - Duration::from_millis(1)));
            prop_assert_ne!(text(now), text(now + left));
        }
    }
}
