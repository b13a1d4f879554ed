//! Dates as offices write them.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::rfc2822,
    tz::{Offset, TimeZone},
};

/// Offices' own time where a source says none: Beijing, UTC+8 without summer time since 1992.
const BEIJING: Offset = jiff::tz::offset(8);

/// Reads RFC 3339, RFC 2822, `2026年11月23日`, `2026-11-23 09:30`, `2026/11/23`, `20261123`.
/// A time without a zone is Beijing's; a date without a time is its midnight.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(at) = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text) {
        return Some(at);
    }
    let zone = TimeZone::fixed(BEIJING);
    civil(text).and_then(|at| at.to_zoned(zone).ok()).map(|z| z.timestamp())
}

/// Beijing's midnight of a day.
pub fn midnight(day: Date) -> Option<Timestamp> {
    day.to_datetime(Time::midnight()).to_zoned(TimeZone::fixed(BEIJING)).ok().map(|z| z.timestamp())
}

/// Beijing's day of an instant.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::fixed(BEIJING)).date()
}

fn civil(text: &str) -> Option<DateTime> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let first = numbers.next()?;
    let (year, month, day) = if first.len() == 8 {
        (first.get(..4)?, first.get(4..6)?, first.get(6..)?)
    } else {
        (first, numbers.next()?, numbers.next()?)
    };
    if year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let mut clock = || numbers.next().and_then(|n| n.parse::<i8>().ok());
    let (hour, minute, second) = (clock(), clock(), clock());
    let time = hour.zip(minute).and_then(|(h, m)| Time::new(h, m, second.unwrap_or(0), 0).ok());
    Some(date.to_datetime(time.unwrap_or(Time::midnight())))
}

/// The day at the end or the beginning of a file's name, and the name without it: `办法(2011-01-08)`,
/// `办法-2011-01-08`, `2011-01-08 办法`.
pub fn in_name(stem: &str) -> (Option<Date>, &str) {
    let between = [' ', '-', '_', '.'];
    let bracketed = || {
        let rest = stem.trim_end().strip_suffix([')', '）'])?;
        let at = rest.rfind(['(', '（'])?;
        let open = rest.get(at..)?.chars().next()?;
        let date = civil(rest.get(at + open.len_utf8()..)?)?.date();
        Some((date, rest.get(..at)?.trim_end()))
    };
    let iso = |text: &str| Date::strptime("%Y-%m-%d", text).ok().filter(|_| text.len() == 10);
    let last = || {
        let (name, day) = stem.split_at_checked(stem.len().checked_sub(10)?)?;
        Some((iso(day)?, name.strip_suffix(between)?.trim_end()))
    };
    let first = || {
        let (day, name) = stem.split_at_checked(10)?;
        Some((iso(day)?, name.strip_prefix(between)?.trim_start()))
    };
    bracketed().or_else(last).or_else(first).map_or((None, stem), |(date, name)| (Some(date), name))
}

#[cfg(test)]
mod tests {
    use super::{in_name, parse};
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-23T09:30:00+08:00")]
    #[case("Mon, 23 Nov 2026 09:30:00 +0800")]
    #[case("Mon, 23 Nov 2026 01:30:00 GMT")]
    #[case("2026年11月23日 09时30分")]
    #[case("2026-11-23 09:30")]
    #[case("2026/11/23 9:30:00")]
    fn the_same_instant_however_written(#[case] text: &str) {
        assert_eq!(parse(text).unwrap().to_string(), "2026-11-23T01:30:00Z");
    }

    #[rstest]
    #[case("")]
    #[case("明天")]
    #[case("11-23")]
    #[case("2026-13-01")]
    fn what_is_no_date_is_none(#[case] text: &str) {
        assert_eq!(parse(text), None);
    }

    #[test]
    fn a_date_in_a_name_is_taken_off_it() {
        assert_eq!(in_name("信访条例(2005-01-10)").1, "信访条例");
        for name in ["公告-2026-11-20", "公告（2026年11月20日）", "2026-11-20 公告", "2026-11-20_公告"] {
            assert_eq!(in_name(name), (Some(jiff::civil::date(2026, 11, 20)), "公告"), "{name}");
        }
        for name in ["通知(试行)", "公告2026-11-20", "2026-11-20", "2026-13-01-公告"] {
            assert_eq!(in_name(name), (None, name));
        }
    }
}
