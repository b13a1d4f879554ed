//! Days and months as cells hold them: serial numbers, `2026年11月23日`, `2026.11.3`, `20261103`, `11-23`, `202610`.

use super::cell::SheetCell;
use crate::model::{Month, amount};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

/// What a date without its year is read by.
#[derive(Debug, Clone)]
pub struct Years {
    /// The year that the file, the sheet or a title above the table names.
    pub told: Option<i16>,
    /// The day of the look: without a year told, the latest one in which the date is not in the future is taken.
    pub today: Date,
    /// The zone of times without one.
    pub zone: TimeZone,
}

impl Years {
    fn day(&self, month: i8, day: i8) -> Option<Date> {
        match self.told {
            Some(year) => Date::new(year, month, day).ok(),
            None => (0..5)
                .find_map(|back| Date::new(self.today.year() - back, month, day).ok().filter(|d| *d <= self.today)),
        }
    }
}

/// The year that a title names, such as 2026 in 2026年村级收支.
pub fn year(text: &str) -> Option<i16> {
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let years = digits
        .iter()
        .filter_map(|d| if d.len() == 4 { *d } else { d.get(..4).filter(|_| matches!(d.len(), 6 | 8))? }.parse().ok());
    years.into_iter().find(|y| (1950..2100).contains(y))
}

/// A spreadsheet's day number: days since 1899-12-30 with the time as its fraction.
pub fn serial(number: f64) -> Option<DateTime> {
    if !(1.0..2_958_466.0).contains(&number) {
        return None;
    }
    // Within the range above, and whole seconds: exact.
    let seconds = SignedDuration::try_from_secs_f64((number * 86_400.0).round()).ok()?;
    Date::new(1899, 12, 30).ok()?.to_datetime(Time::midnight()).checked_add(seconds).ok()
}

/// Reads a cell as a day, with its time where it has one.
pub fn day(cell: &SheetCell, years: &Years) -> Option<DateTime> {
    match cell {
        SheetCell::Time(at) => Some(*at),
        SheetCell::Number(n) => number(*n),
        SheetCell::Text(text) => words(text, years),
        _ => None,
    }
}

/// Reads a cell as a month.
///
/// # Errors
/// What is wrong with it, without the cell's own words.
pub fn month(cell: &SheetCell, years: &Years) -> Result<Month, &'static str> {
    let none = "is not a month; write it as 2026-10";
    match cell {
        SheetCell::Time(at) => Ok(Month::of(at.date())),
        SheetCell::Number(n) => {
            let text = amount::decimal(*n).ok_or(none)?;
            // A spreadsheet's number loses the zero of 2026.10.
            if text.ends_with(".1") && text.len() == 6 {
                return Err("may be January or October; write it as 2026-01 or 2026-10");
            }
            month_words(&text, years).ok_or(none)
        }
        SheetCell::Text(text) => month_words(text, years).ok_or(none),
        _ => Err(none),
    }
}

fn number(n: f64) -> Option<DateTime> {
    let text = amount::decimal(n)?;
    if (20_000.0..80_000.0).contains(&n) {
        return serial(n);
    }
    (text.len() == 8 && !text.contains('.')).then(|| compact(&text)).flatten()
}

/// `20261123`, `202611230930`, `20261123093015`.
fn compact(text: &str) -> Option<DateTime> {
    let at = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i8>().ok());
    let date = Date::new(text.get(..4)?.parse().ok()?, at(4, 6)?, at(6, 8)?).ok()?;
    let time = match text.len() {
        8 => Time::midnight(),
        12 => Time::new(at(8, 10)?, at(10, 12)?, 0, 0).ok()?,
        14 => Time::new(at(8, 10)?, at(10, 12)?, at(12, 14)?, 0).ok()?,
        _ => return None,
    };
    (1900..2200).contains(&date.year()).then(|| date.to_datetime(time))
}

/// Half width, with Arabic digits for Chinese ones: 二〇二六年十一月 is 2026年11月.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut numeral = String::new();
    let flush = |numeral: &mut String, out: &mut String| {
        if !numeral.is_empty() {
            match amount::quantity(numeral, "") {
                Some(n) => out.push_str(&amount::quantity_text(n)),
                None => out.push_str(numeral),
            }
            numeral.clear();
        }
    };
    for c in text.trim().chars() {
        let c = match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '—' | '–' => '-',
            '\u{3000}' | '\u{a0}' | '\n' | '\r' | '\t' => ' ',
            c => c,
        };
        if "零〇○一二三四五六七八九十".contains(c) {
            numeral.push(c);
        } else {
            flush(&mut numeral, &mut out);
            out.push(c);
        }
    }
    flush(&mut numeral, &mut out);
    out
}

/// Takes a number off the front, and what parts it from the next.
struct Take<'a>(&'a str);

impl<'a> Take<'a> {
    fn number(&mut self, most: usize) -> Option<i16> {
        self.0 = self.0.trim_start();
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (1..=most).contains(&digits.len()).then(|| digits.parse().ok()).flatten()
    }

    fn one_of(&mut self, marks: &[char]) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(marks) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// A time, or nothing more; a weekday may follow a day.
    fn clock(&mut self) -> Option<Time> {
        self.0 = self.0.trim_start_matches(['T', ' ']).trim_end();
        if self.0.is_empty() || self.0.starts_with(['星', '周', '(']) {
            return Some(Time::midnight());
        }
        let hour = self.number(2)?;
        let minute = if self.one_of(&[':', '时', '点']) { self.number(2).unwrap_or(0) } else { return None };
        let second = if self.one_of(&[':', '分']) { self.number(2).unwrap_or(0) } else { 0 };
        let rest = self.0.trim_start_matches('秒');
        let is_done = rest.is_empty() || (rest.starts_with('.') && rest.bytes().skip(1).all(|b| b.is_ascii_digit()));
        let small = |n: i16| i8::try_from(n).ok();
        is_done.then(|| Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()).flatten()
    }
}

const PARTS: [char; 3] = ['-', '/', '.'];

fn words(text: &str, years: &Years) -> Option<DateTime> {
    if let Ok(at) = text.trim().parse::<Timestamp>() {
        return Some(at.to_zoned(years.zone.clone()).datetime());
    }
    let text = fold(text);
    if text.bytes().all(|b| b.is_ascii_digit()) && text.len() != 5 {
        return compact(&text);
    }
    if let Ok(n) = text.parse::<f64>()
        && (20_000.0..80_000.0).contains(&n)
    {
        return serial(n);
    }
    let mut take = Take(&text);
    let first = take.number(4)?;
    let is_year = (1900..2200).contains(&first);
    let date = if is_year && (take.one_of(&PARTS) || take.one_of(&['年'])) {
        let month = take.number(2)?;
        let is_parted = take.one_of(&PARTS) || take.one_of(&['月']);
        let day = take.number(2).filter(|_| is_parted)?;
        Date::new(first, month.try_into().ok()?, day.try_into().ok()?).ok()?
    } else if !is_year && (take.one_of(&PARTS) || take.one_of(&['月'])) {
        let day = take.number(2)?;
        years.day(first.try_into().ok()?, day.try_into().ok()?)?
    } else {
        return None;
    };
    take.one_of(&['日', '号']);
    Some(date.to_datetime(take.clock()?))
}

fn month_words(text: &str, years: &Years) -> Option<Month> {
    let folded = fold(text);
    let trimmed = folded.trim_end_matches(['份', ' ']);
    if trimmed.len() == 6 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        let (year, month) = trimmed.split_at_checked(4)?;
        return Month::new(year.parse().ok()?, month.parse().ok()?).filter(|m| (1900..2200).contains(&m.year()));
    }
    let mut take = Take(trimmed);
    let first = take.number(4)?;
    if (1900..2200).contains(&first) && (take.one_of(&PARTS) || take.one_of(&['年'])) {
        let month = take.number(2)?;
        take.one_of(&['月']);
        if take.0.trim().is_empty() {
            return Month::new(first, month.try_into().ok()?);
        }
    } else if (1..=12).contains(&first) && (take.0 == "月" || take.0.is_empty()) {
        let month = first.try_into().ok()?;
        let year = years.told.or_else(|| years.day(month, 1).map(Date::year))?;
        return Month::new(year, month);
    }
    day(&SheetCell::Text(text.to_owned()), years).map(|at| Month::of(at.date()))
}

/// The instant of a civil time in a zone.
pub fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    at.to_zoned(zone.clone()).ok().map(|z| z.timestamp())
}

/// A zone's civil time of seconds, or milliseconds, since 1970, as web services write them.
pub fn epoch(n: i64, zone: &TimeZone) -> Option<DateTime> {
    let at = match n {
        // From 2000 to 2100; before it stand days written without marks, such as 202611230930.
        946_684_800_000..=4_102_444_800_000 => Timestamp::from_millisecond(n).ok()?,
        946_684_800..=4_102_444_800 => Timestamp::from_second(n).ok()?,
        _ => return None,
    };
    let zoned = at.to_zoned(zone.clone());
    zoned.datetime().checked_sub(zoned.datetime().subsec_nanosecond().nanoseconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{civil::date, tz::offset};
    use rstest::rstest;

    fn years(told: Option<i16>) -> Years {
        Years { told, today: date(2026, 11, 23), zone: TimeZone::fixed(offset(8)) }
    }

    #[rstest]
    #[case("2026年11月3日", "2026-11-03T00:00:00")]
    #[case("二〇二六年十一月三日", "2026-11-03T00:00:00")]
    #[case("２０２６－１１－０３", "2026-11-03T00:00:00")]
    #[case("2026.11.3", "2026-11-03T00:00:00")]
    #[case("2026/11/3 星期二", "2026-11-03T00:00:00")]
    #[case("20261103", "2026-11-03T00:00:00")]
    #[case("202611030930", "2026-11-03T09:30:00")]
    #[case("2026-11-03 09:30", "2026-11-03T09:30:00")]
    #[case("2026年11月3日 9时30分", "2026-11-03T09:30:00")]
    #[case("2026-11-03T01:30:00Z", "2026-11-03T09:30:00")]
    #[case("46329", "2026-11-03T00:00:00")]
    #[case("46329.5", "2026-11-03T12:00:00")]
    #[case("11-03", "2026-11-03T00:00:00")]
    #[case("12月3日", "2025-12-03T00:00:00")]
    fn days(#[case] text: &str, #[case] wanted: &str) {
        assert_eq!(day(&SheetCell::of(text), &years(None)).map(|d| d.to_string()).as_deref(), Some(wanted), "{text}");
    }

    #[rstest]
    #[case("")]
    #[case("2026-13-01")]
    #[case("2026年")]
    #[case("202610")]
    #[case("3-4号文")]
    #[case("2026-11-03 甲")]
    #[case("待定")]
    #[case("123")]
    fn no_days(#[case] text: &str) {
        assert_eq!(day(&SheetCell::of(text), &years(None)), None, "{text}");
    }

    #[rstest]
    #[case("2026年10月")]
    #[case("2026年10月份")]
    #[case("2026-10")]
    #[case("2026/10")]
    #[case("2026.10")]
    #[case("202610")]
    #[case("2026-10-31")]
    #[case("10月")]
    #[case("二〇二六年十月")]
    fn months(#[case] text: &str) {
        assert_eq!(month(&SheetCell::of(text), &years(None)), Ok(Month::new(2026, 10).unwrap()), "{text}");
    }

    #[test]
    fn a_number_that_may_be_two_months_is_said_to_be() {
        assert!(month(&SheetCell::Number(2026.1), &years(None)).unwrap_err().contains("January or October"));
        assert_eq!(month(&SheetCell::Number(2026.11), &years(None)), Ok(Month::new(2026, 11).unwrap()));
        assert_eq!(month(&SheetCell::Number(202_610.0), &years(None)), Ok(Month::new(2026, 10).unwrap()));
        assert!(month(&SheetCell::of("2026年第3季度"), &years(None)).is_err());
    }

    #[test]
    fn the_year_told_outranks_today() {
        let years = years(year("2024年村级收支"));
        assert_eq!(day(&SheetCell::of("11-23"), &years).unwrap().date(), date(2024, 11, 23));
        assert_eq!(month(&SheetCell::of("12月"), &years), Ok(Month::new(2024, 12).unwrap()));
        assert_eq!((year("202503"), year("第12345号"), year("10月")), (Some(2025), None, None));
    }

    #[test]
    fn instants_become_the_sites_time() {
        for (hours, told) in [(8, "2026-11-23T09:32:00"), (6, "2026-11-23T07:32:00"), (0, "2026-11-23T01:32:00")] {
            let zone = TimeZone::fixed(offset(hours));
            assert_eq!(epoch(1_795_397_520_000, &zone), epoch(1_795_397_520, &zone));
            let at = epoch(1_795_397_520, &zone).unwrap();
            assert_eq!((at.to_string().as_str(), instant(at, &zone).unwrap().as_second()), (told, 1_795_397_520));
            let years = Years { zone, ..years(None) };
            assert_eq!(day(&SheetCell::of("2026-11-23T01:32:00Z"), &years), Some(at));
        }
    }
}
