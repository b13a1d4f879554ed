//! Dates as list pages write them: `[11-23]`, 今天, 3天前, between other words, in the site's time.

use super::dates;
use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};

/// The first date in a text. One without a year is of the latest year in which it is not in the future.
pub(super) fn find(text: &str, now: &Zoned) -> Option<Timestamp> {
    let text: String = text.chars().map(narrow).collect();
    let today = now.date();
    if let Some((date, rest)) = whole(&text).or_else(|| split(&text)).or_else(|| short(&text, today)) {
        return at(date, clock(rest), now.time_zone());
    }
    relative(&text, now)
}

/// Full-width digits and marks as people's keyboards give them.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '：' | '－' | '／' | '．' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

fn at(date: Date, time: Option<Time>, zone: &TimeZone) -> Option<Timestamp> {
    let hours = time.unwrap_or(Time::midnight());
    let since = hours.duration_since(Time::midnight());
    dates::midnight(date, zone)?.checked_add(since).ok()
}

/// Runs of digits with where each begins and ends.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, _) in text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
        match runs.last_mut() {
            Some((_, end)) if *end == i => *end = i + 1,
            _ => runs.push((i, i + 1)),
        }
    }
    runs
}

fn number(text: &str, run: (usize, usize), digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let digit = text.get(run.0..run.1)?;
    digits.contains(&digit.len()).then(|| digit.parse().ok()).flatten()
}

/// Whether two runs of digits are parted as the parts of a date are.
fn parted(text: &str, a: (usize, usize), b: (usize, usize), word: &str) -> bool {
    text.get(a.1..b.0).is_some_and(|between| {
        let between = between.trim();
        matches!(between, "-" | "/" | "." | "–") || between == word
    })
}

/// A date with its year, and what follows it.
fn whole(text: &str) -> Option<(Date, &str)> {
    let runs = runs(text);
    let three = runs.windows(3).find_map(|w| {
        let [y, m, d] = w else { return None };
        let is_date = parted(text, *y, *m, "年") && parted(text, *m, *d, "月");
        let date = Date::new(
            number(text, *y, 4..=4).filter(|y| (1949..2200).contains(y))?,
            number(text, *m, 1..=2)?.try_into().ok()?,
            number(text, *d, 1..=2)?.try_into().ok()?,
        );
        is_date.then(|| Some((date.ok()?, text.get(d.1..)?))).flatten()
    });
    three.or_else(|| {
        runs.iter().find_map(|run| {
            let digits = text.get(run.0..run.1).filter(|d| d.len() == 8)?;
            let date = Date::strptime("%Y%m%d", digits).ok().filter(|d| (1949..2200).contains(&d.year()))?;
            Some((date, text.get(run.1..)?))
        })
    })
}

/// A date whose day or year stands apart, as on the leaf of a calendar: `23 2026-11`, `2026-11 23`, `11-23 2026`.
/// Nothing else may stand beside it.
fn split(text: &str) -> Option<(Date, &str)> {
    let is_bare = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-/.年月日".contains(c));
    let runs = runs(text);
    let [a, b, c] = runs.as_slice() else { return None };
    let joined = |x: &(usize, usize), y: &(usize, usize), word| parted(text, *x, *y, word);
    let apart = |x: &(usize, usize), y: &(usize, usize)| {
        text.get(x.1..y.0).is_some_and(|s| s.trim_matches(|c: char| c.is_whitespace() || "日月".contains(c)).is_empty())
    };
    let (year, month, day) = match [a, b, c].map(|run| run.1 - run.0 == 4) {
        [false, true, false] if joined(b, c, "年") && apart(a, b) => (b, c, a),
        [true, false, false] if joined(a, b, "年") && apart(b, c) => (a, b, c),
        [false, false, true] if joined(a, b, "月") && apart(b, c) => (c, a, b),
        _ => return None,
    };
    let year = number(text, *year, 4..=4).filter(|y| (1949..2200).contains(y))?;
    let (month, day) = (number(text, *month, 1..=2)?, number(text, *day, 1..=2)?);
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    is_bare.then_some((date, ""))
}

/// A date without its year.
fn short(text: &str, today: Date) -> Option<(Date, &str)> {
    let runs = runs(text);
    runs.windows(2).find_map(|w| {
        let [m, d] = w else { return None };
        let (month, day) = (number(text, *m, 1..=2)?, number(text, *d, 1..=2)?);
        let rest = text.get(d.1..)?;
        // `3-4` within a number such as 〔2026〕3-4号 or 12-23-9 is none.
        let ends = !rest.trim_start().starts_with(['号', '-', '/', '.', '%', '元', '年']);
        let is_date = parted(text, *m, *d, "月") && ends;
        let of = |year: i16| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok();
        let date = (0..5).find_map(|back| of(today.year() - back).filter(|date| *date <= today));
        is_date.then(|| Some((date?, rest))).flatten()
    })
}

/// The time that follows a date.
fn clock(rest: &str) -> Option<Time> {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "日号T]】)）".contains(c));
    let runs: Vec<_> = runs(rest).into_iter().take(3).collect();
    let [h, m, more @ ..] = runs.as_slice() else { return None };
    let between = |a: &(usize, usize), b: &(usize, usize), word| {
        rest.get(a.1..b.0).is_some_and(|s| s.trim() == ":" || s.trim() == word)
    };
    if h.0 != 0 || !(between(h, m, "时") || between(h, m, "点")) {
        return None;
    }
    let second = more.first().filter(|s| between(m, s, "分")).and_then(|s| number(rest, *s, 1..=2)).unwrap_or(0);
    let (hour, minute) = (number(rest, *h, 1..=2)?, number(rest, *m, 1..=2)?);
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()
}

/// 今天, 昨天, 前天, 3天前, 2小时前, 刚刚.
fn relative(text: &str, now: &Zoned) -> Option<Timestamp> {
    let (today, zone) = (now.date(), now.time_zone());
    for (word, back) in [("今天", 0), ("今日", 0), ("昨天", 1), ("昨日", 1), ("前天", 2)] {
        if let Some((_, rest)) = text.split_once(word) {
            return at(today.checked_sub(i64::from(back).days()).ok()?, clock(rest), zone);
        }
    }
    let amount = |unit: &str| {
        let before = text.get(..text.find(unit)?)?.trim_end();
        let start = before
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |i| i + before.get(i..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
        before.get(start..)?.parse::<u16>().ok().map(i64::from)
    };
    if let Some(days) = amount("天前").or_else(|| amount("日前")) {
        return at(today.checked_sub(days.days()).ok()?, None, zone);
    }
    let ago = |n: i64| now.timestamp().checked_sub(n.minutes()).ok();
    amount("小时前")
        .and_then(|hours| ago(hours * 60))
        .or_else(|| amount("分钟前").and_then(ago))
        .or_else(|| text.contains("刚刚").then_some(now.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::{TimeZone, find};
    use jiff::{Timestamp, tz::offset};
    use proptest::prelude::*;
    use rstest::rstest;

    fn beijing(text: &str) -> Option<String> {
        // 09:42 in Beijing.
        let zone = TimeZone::fixed(offset(8));
        let at = find(text, &"2026-11-23T01:42:00Z".parse::<Timestamp>().unwrap().to_zoned(zone.clone()))?;
        Some(at.to_zoned(zone).strftime("%F %H:%M").to_string())
    }

    #[rstest]
    #[case("2026年11月23日", "2026-11-23 00:00")]
    #[case("发布时间：２０２６年 1 月 3 日 8时05分", "2026-01-03 08:05")]
    #[case("2026-11-23", "2026-11-23 00:00")]
    #[case("[2026/1/3]", "2026-01-03 00:00")]
    #[case("2026.11.23 09：30：15", "2026-11-23 09:30")]
    #[case("2026-11-23T09:30:00", "2026-11-23 09:30")]
    #[case("20261123", "2026-11-23 00:00")]
    #[case("23 2026-11", "2026-11-23 00:00")]
    #[case("2026-11 23", "2026-11-23 00:00")]
    #[case("11-03 2025", "2025-11-03 00:00")]
    #[case("23日 2026年11月", "2026-11-23 00:00")]
    #[case("11-23", "2026-11-23 00:00")]
    #[case("[11-24]", "2025-11-24 00:00")]
    #[case("（12月31日）", "2025-12-31 00:00")]
    #[case("02-29", "2024-02-29 00:00")]
    #[case("11/22 18:20", "2026-11-22 18:20")]
    #[case("今天", "2026-11-23 00:00")]
    #[case("今天 08:15", "2026-11-23 08:15")]
    #[case("昨天", "2026-11-22 00:00")]
    #[case("前天 7:05", "2026-11-21 07:05")]
    #[case("3天前", "2026-11-20 00:00")]
    #[case("30 天前", "2026-10-24 00:00")]
    #[case("2小时前", "2026-11-23 07:42")]
    #[case("浏览 12 次 2026-11-20 县政府", "2026-11-20 00:00")]
    fn reads(#[case] text: &str, #[case] date: &str) {
        assert_eq!(beijing(text).as_deref(), Some(date), "{text}");
    }

    #[rstest]
    #[case("")]
    #[case("更多")]
    #[case("13-40")]
    #[case("示政发〔2026〕3号")]
    #[case("2026-02-30")]
    #[case("第3-4号")]
    #[case("天前")]
    fn what_is_no_date_is_none(#[case] text: &str) {
        assert_eq!(beijing(text), None, "{text}");
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "[0-9年月日天前今昨小时:：/. \\-T\\[\\]号]{0,40}") {
            let now = "2026-11-23T09:42:00+08:00[Asia/Shanghai]".parse().unwrap();
            prop_assert!(find(&text, &now).is_none_or(|at| at.to_string().len() >= 20));
        }
    }
}
