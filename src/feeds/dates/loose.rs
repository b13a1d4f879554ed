//! Dates that follow no standard, or one by halves: numbers in the order of ISO 8601, or English words in any order.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::{Offset, TimeZone},
};

/// China's time, which Java prints as `CST`: UTC+8 without summer time since 1992.
const CHINA: Offset = jiff::tz::offset(8);
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Zones by the names of RFC 822 and others seen in feeds, in minutes east of Greenwich.
const ZONES: [(&str, i32); 36] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("cest", 120),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ist", 330),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("bjt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
];

/// Reads a date by whatever can be made of it; a time without a zone is one of `zone`.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let plain = narrow(text);
    let (date, time, told) = numbers(&plain).or_else(|| words(&plain))?;
    instant(date, time, told.map_or_else(|| zone.clone(), TimeZone::fixed))
}

/// The day of a text that begins with one in numbers.
pub fn civil(text: &str) -> Option<Date> {
    numbers(&narrow(text)).map(|(date, ..)| date)
}

/// Full-width figures as ASCII.
fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(narrow).collect()
}

/// Hours may be 24, seconds 60.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Clock(i8, i8, i8);

fn instant(date: Date, Clock(hour, minute, second): Clock, zone: TimeZone) -> Option<Timestamp> {
    let late = hour == 24 && minute == 0;
    let time = Time::new(if late { 0 } else { hour }, minute, second.min(59), 0).ok()?;
    let at = date.to_datetime(time).to_zoned(zone).ok()?.timestamp();
    if late { at.checked_add(SignedDuration::from_hours(24)).ok() } else { Some(at) }
}

/// `2026-11-23 09:30:00 +0800`, `2026年11月23日 9时30分`, `20261123093000`, `11/23/2026 9:30 AM`.
fn numbers(text: &str) -> Option<(Date, Clock, Option<Offset>)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push((from, text.get(from..at)?, at));
                start = None;
            }
            _ => {}
        }
    }
    let number = |place: usize| runs.get(place).and_then(|(_, n, _)| n.parse::<i16>().ok());
    let (_, first, _) = *runs.first()?;
    if text.chars().take_while(|c| !c.is_ascii_digit()).any(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let (year, month, day, used) = match first.len() {
        8 | 12 | 14 => {
            let part = |from, to| first.get(from..to).and_then(|n: &str| n.parse::<i16>().ok());
            let (date, rest) = ((part(0, 4)?, part(4, 6)?, part(6, 8)?), first.get(8..)?);
            if !rest.is_empty() {
                let clock = Clock(two(rest, 0)?, two(rest, 2)?, two(rest, 4).unwrap_or(0));
                return Some((day_of(date)?, clock, zone_after(text, runs.first()?.2)));
            }
            (date.0, date.1, date.2, 1)
        }
        4 if runs.len() == 1 => return None,
        4 if runs.len() == 2 && text.len() == 7 => (number(0)?, number(1)?, 1, 2),
        4 => (number(0)?, number(1)?, number(2)?, 3),
        // As Americans write it, and servers set up by them.
        1 | 2 if runs.get(2).is_some_and(|(_, n, _)| n.len() == 4) && text.contains('/') => {
            let (a, b) = (number(0)?, number(1)?);
            let (month, day) = if a > 12 { (b, a) } else { (a, b) };
            (number(2)?, month, day, 3)
        }
        _ => return None,
    };
    let date = day_of((year, month, day))?;
    let Some(clock) = clock(text, runs.get(used..).unwrap_or_default()) else {
        return Some((date, Clock::default(), None));
    };
    Some((date, clock.0, zone_after(text, clock.1)))
}

fn day_of((year, month, day): (i16, i16, i16)) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn two(digits: &str, from: usize) -> Option<i8> {
    digits.get(from..from + 2)?.parse().ok()
}

/// The time in the numbers after a date, and where it ends in the text.
fn clock(text: &str, runs: &[(usize, &str, usize)]) -> Option<(Clock, usize)> {
    let (start, first, end) = *runs.first()?;
    if first.len() == 6 || first.len() == 4 {
        return Some((Clock(two(first, 0)?, two(first, 2)?, two(first, 4).unwrap_or(0)), end));
    }
    let (_, minute, end) = *runs.get(1)?;
    let gap = text.get(start + first.len()..end - minute.len())?.trim();
    if !matches!(gap, ":" | "时" | "点") {
        return None;
    }
    let (mut end, mut second) = (end, 0);
    if let Some((_, number, after)) = runs.get(2) {
        let gap = text.get(end..after - number.len()).map(str::trim);
        if matches!(gap, Some(":" | "分")) {
            (second, end) = (number.parse().ok()?, *after);
        }
    }
    let hour: i8 = first.parse().ok()?;
    let lower = text.to_ascii_lowercase();
    let hour = half(hour, lower.contains("pm") || text.contains("下午") || text.contains("晚上"), lower.contains("am"));
    Some((Clock(hour, minute.parse().ok()?, second), end))
}

fn half(hour: i8, is_pm: bool, is_am: bool) -> i8 {
    match hour {
        1..=11 if is_pm => hour + 12,
        12 if is_am && !is_pm => 0,
        _ => hour,
    }
}

/// The zone named after a time, fractions of seconds passed over.
fn zone_after(text: &str, at: usize) -> Option<Offset> {
    let rest = text.get(at..)?;
    let rest = rest.strip_prefix(['.', ',']).map_or(rest, |r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
    let rest = rest.trim_start_matches(['秒', '分', ' ']);
    rest.split_whitespace().find_map(|word| zone(word, false))
}

/// `+0800`, `+8`, `GMT+08:00`, `EST`, `(CST)`. Java prints China's time as CST, which RFC 822 gives to Chicago; only its
/// own order of words, `is_java`, tells them apart.
fn zone(word: &str, is_java: bool) -> Option<Offset> {
    let word = word.trim_matches(['(', ')', '[', ']', ',', ';']).to_ascii_lowercase();
    let minutes = |m: i32| Offset::from_seconds(m * 60).ok();
    if word == "cst" && is_java {
        return Some(CHINA);
    }
    if let Some((_, east)) = ZONES.iter().find(|(name, _)| *name == word) {
        return minutes(*east);
    }
    let signed = ["gmt", "utc", "ut", ""].iter().find_map(|name| word.strip_prefix(name)).unwrap_or(&word);
    let sign = match signed.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits: String = signed.get(1..)?.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, rest) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        3 => digits.split_at(1),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, rest): (i32, i32) = (hours.parse().ok()?, rest.parse().ok()?);
    (hours <= 15 && rest < 60).then(|| minutes(sign * (hours * 60 + rest)))?
}

/// `Mon, 23 Nov 2026 09:30:00 +0800`, `Monday, November 23, 2026 9:30 AM`, `Mon Nov 23 09:30:00 CST 2026`.
fn words(text: &str) -> Option<(Date, Clock, Option<Offset>)> {
    let (mut day, mut month, mut year, mut time, mut place) = (None, None, None, None, None);
    let mut is_java = false;
    let lower = text.to_ascii_lowercase();
    let is = |word: &str| lower.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w == word);
    // `23-Nov-2026` is three words.
    let is_dashed = |w: &str| w.contains('-') && w.starts_with(|c: char| c.is_ascii_digit()) && !w.contains(':');
    let mut parts: Vec<&str> = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || c == ',') {
        if is_dashed(word) { parts.extend(word.split('-')) } else { parts.push(word) }
    }
    for word in parts.into_iter().filter(|w| !w.is_empty()) {
        let ordinal = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end));
        let figures = ordinal.unwrap_or(word);
        let begins = |names: &[&str]| word.get(..3).and_then(|w| names.iter().position(|n| *n == w));
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            let end = word.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(word.len());
            let (clock, zone_name) = word.split_at(end);
            let mut numbers = clock.split(':').map(|n| n.parse::<i8>().ok());
            time = Some(Clock(numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)));
            place = place.or(zone_after(zone_name, 0));
        } else if let Ok(number) = figures.parse::<i16>() {
            match (word.starts_with(['+', '-']), figures.len()) {
                (true, _) => place = place.or(zone(word, is_java)),
                (false, 4) => year = year.or(Some(number)),
                (false, 1 | 2) if day.is_none() => day = Some(number),
                // RFC 2822, section 4.3.
                (false, 2) => year = year.or(Some(if number < 50 { number + 2000 } else { number + 1900 })),
                (false, 3) => year = year.or(Some(number + 1900)),
                _ => return None,
            }
        } else if let Some(found) = begins(&MONTHS).filter(|_| month.is_none()) {
            is_java = day.is_none();
            month = Some(i16::try_from(found).ok()? + 1);
        } else if begins(&DAYS).is_none() {
            place = place.or(zone(word, is_java));
        }
    }
    let date = day_of((year?, month?, day?))?;
    let Clock(hour, minute, second) = time.unwrap_or_default();
    Some((date, Clock(half(hour, is("pm"), is("am")), minute, second), place))
}
