//! Dates as offices write them.

mod loose;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    fmt::rfc2822,
    tz::TimeZone,
};

/// Reads RFC 3339, RFC 2822, `2026年11月23日`, `2026-11-23 09:30`, `2026/11/23`, `20261123`, and what feeds write in
/// their place; see [`loose`]. A time without a zone is one of `zone`; a date without a time is its midnight.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(at) = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text) {
        return Some(at);
    }
    loose::parse(text, zone)
}

/// The midnight of a day in a zone.
pub fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_datetime(Time::midnight()).to_zoned(zone.clone()).ok().map(|z| z.timestamp())
}

/// The day of an instant in a zone.
pub fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// The day at the end or the beginning of a file's name, and the name without it: `办法(2011-01-08)`,
/// `办法-2011-01-08`, `2011-01-08 办法`.
pub fn in_name(stem: &str) -> (Option<Date>, &str) {
    let between = [' ', '-', '_', '.'];
    let bracketed = || {
        let rest = stem.trim_end().strip_suffix([')', '）'])?;
        let at = rest.rfind(['(', '（'])?;
        let open = rest.get(at..)?.chars().next()?;
        let date = loose::civil(rest.get(at + open.len_utf8()..)?)?;
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
    use super::{TimeZone, day, in_name, midnight};
    use jiff::{Timestamp, tz::offset};
    use rstest::rstest;

    fn parse(text: &str) -> Option<Timestamp> {
        super::parse(text, &TimeZone::fixed(offset(8)))
    }

    #[rstest]
    #[case("2026-11-23 09:30", 6, "2026-11-23T03:30:00Z")]
    #[case("2026年11月23日", 6, "2026-11-22T18:00:00Z")]
    #[case("2026年11月23日 9时30分", 0, "2026-11-23T09:30:00Z")]
    #[case("Mon, 23 Nov 2026", 0, "2026-11-23T00:00:00Z")]
    #[case("23-Nov-2026 09:30:00", -5, "2026-11-23T14:30:00Z")]
    #[case("2026-11-23 09:30 +0800", 0, "2026-11-23T01:30:00Z")]
    #[case("Mon Nov 23 09:30:00 CST 2026", 0, "2026-11-23T01:30:00Z")]
    fn a_time_without_a_zone_is_the_sites(#[case] text: &str, #[case] hours: i8, #[case] at: &str) {
        let zone = TimeZone::fixed(offset(hours));
        assert_eq!(super::parse(text, &zone).unwrap().to_string(), at, "{text}");
    }

    #[test]
    fn days_begin_at_the_sites_midnight() {
        let zone = TimeZone::fixed(offset(6));
        let midnight = midnight(jiff::civil::date(2026, 11, 23), &zone).unwrap();
        assert_eq!(midnight.to_string(), "2026-11-22T18:00:00Z");
        let (after, before) = (day(midnight, &zone), day("2026-11-22T17:59:59Z".parse().unwrap(), &zone));
        assert_eq!((after, before), (jiff::civil::date(2026, 11, 23), jiff::civil::date(2026, 11, 22)));
    }

    #[rstest]
    #[case("2026-11-23T09:30:00+08:00")]
    #[case("Mon, 23 Nov 2026 09:30:00 +0800")]
    #[case("Mon, 23 Nov 2026 01:30:00 GMT")]
    #[case("2026年11月23日 09时30分")]
    #[case("2026-11-23 09:30")]
    #[case("2026/11/23 9:30:00")]
    #[case("2026-11-23T01:30Z")]
    #[case("2026-11-23T09:30+0800")]
    #[case("2026-11-23 09:30:00 +0800")]
    #[case("2026-11-23 01:30:00 UTC")]
    #[case("2026-11-23T09:30:00")]
    #[case("20261123T093000")]
    #[case("20261123093000")]
    #[case("２０２６年１１月２３日　０９：３０")]
    #[case("2026年11月23日 上午9:30")]
    #[case("11/23/2026 9:30:00 AM")]
    #[case("Mon, 23 Nov 26 01:30 UT")]
    #[case("Mon, 23 November 2026 01:30:00 GMT+0000")]
    #[case("Monday, November 23, 2026 9:30 AM GMT+8")]
    #[case("Mon Nov 23 09:30:00 CST 2026")]
    #[case("Sun, 22 Nov 2026 19:30:00 CST")]
    #[case("Sun, 22 Nov 2026 20:30:00 EST")]
    #[case("Tue, 23 Nov 2026 01:30:00 GMT")]
    #[case("Mon,23 Nov 2026 01:30:00 -0000")]
    #[case("23-Nov-2026 09:30:00")]
    #[case("Mon, 23 Nov 2026 09:30:00 +08:00")]
    #[case("Mon, 23 Nov 2026 9:30:00")]
    #[case("Mon Nov 23 09:30:00 2026")]
    #[case("Mon, 23rd Nov 2026 09:30:00 UTC+8")]
    fn the_same_instant_however_written(#[case] text: &str) {
        assert_eq!(parse(text).unwrap().to_string(), "2026-11-23T01:30:00Z");
    }

    #[rstest]
    #[case("")]
    #[case("明天")]
    #[case("11-23")]
    #[case("2026-13-01")]
    #[case("Mon, 45 Nov 2026")]
    #[case("Nov 2026")]
    #[case("maybe 3 of 12:00")]
    fn what_is_no_date_is_none(#[case] text: &str) {
        assert_eq!(parse(text), None);
    }

    #[rstest]
    #[case("Mon, 23 Nov 2026", "2026-11-22T16:00:00Z")]
    #[case("2026-11", "2026-10-31T16:00:00Z")]
    #[case("2026-11-22T24:00:00Z", "2026-11-23T00:00:00Z")]
    #[case("Sun, 22 Nov 2026 24:00:00 GMT", "2026-11-23T00:00:00Z")]
    #[case("2026-11-23T01:30:60Z", "2026-11-23T01:30:59Z")]
    #[case("2026年11月23日下午3时5分", "2026-11-23T07:05:00Z")]
    #[case("2026-11-23 12:05 AM", "2026-11-22T16:05:00Z")]
    fn odd_dates(#[case] text: &str, #[case] at: &str) {
        assert_eq!(parse(text).unwrap().to_string(), at);
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[0-9年月日时:+ ,TZ/.-]{0,30}|[A-Za-z0-9:+, -]{0,30}") {
            proptest::prop_assert!(parse(&text).is_none_or(|at| at.to_string().ends_with('Z')));
        }
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
