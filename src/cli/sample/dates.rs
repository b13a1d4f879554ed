//! Moves the dates of a sample text, so that what is on show stays on show whatever the day.

use crate::time::civil::Date;
use jiff::ToSpan;

/// The day the shipped sources are written for.
pub const SHIPPED_FOR: Date = jiff::civil::date(2026, 11, 23);

/// Moves every date by `days`: `2026-11-20`, `2026 年 11 月 20 日`, `11 月 20 日` and a feed's `pubDate`. A month such as
/// `2026-10` in a cell of its own moves by as many months as today does.
pub fn shift(text: &str, days: i32) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut before = '\n';
    while let Some(first) = rest.chars().next() {
        let moved = if rest.starts_with("<pubDate>") {
            mail_date(rest, days)
        } else if first.is_ascii_digit() && !before.is_ascii_digit() {
            let month = || cell_month(rest, days).filter(|_| matches!(before, '\n' | ','));
            iso_date(rest, days).or_else(|| chinese_date(rest, days)).or_else(month)
        } else {
            None
        };
        if let Some((words, length)) = moved {
            out.push_str(&words);
            rest = rest.get(length..).unwrap_or("");
            before = ' ';
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or("");
            before = first;
        }
    }
    out
}

/// Moves the ISO dates of a ledger by whole months, so that what makes up a month stays together.
pub fn shift_months(text: &str, months: i32) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, cell) in text.split_inclusive([',', '\n']).enumerate() {
        let words = cell.trim_end_matches([',', '\n']);
        let date = words.parse::<Date>().ok().filter(|_| i > 0 && words.len() == 10);
        match date.and_then(|d| d.checked_add(months.months()).ok()) {
            Some(moved) => {
                out.push_str(&moved.to_string());
                out.push_str(cell.get(10..).unwrap_or(""));
            }
            None => out.push_str(cell),
        }
    }
    out
}

/// How many months lie between the months of two days.
pub fn months_between(from: Date, until: Date) -> i32 {
    (i32::from(until.year()) - i32::from(from.year())) * 12 + i32::from(until.month()) - i32::from(from.month())
}

/// A month that is all of a cell of a table.
fn cell_month(text: &str, days: i32) -> Option<(String, usize)> {
    let head = text.get(..7).filter(|_| text.get(7..).is_some_and(|t| t.starts_with([',', '\n'])))?;
    let date: Date = format!("{head}-01").parse().ok()?;
    let months = months_between(SHIPPED_FOR, moved(SHIPPED_FOR, days)?);
    let date = date.checked_add(months.months()).ok()?;
    Some((format!("{:04}-{:02}", date.year(), date.month()), 7))
}

fn moved(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}

fn iso_date(text: &str, days: i32) -> Option<(String, usize)> {
    let head = text.get(..10)?;
    let shape = head.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let ends = !text.get(10..)?.starts_with(|c: char| c.is_ascii_digit());
    let date: Date = Some(head).filter(|_| shape && ends)?.parse().ok()?;
    Some((moved(date, days)?.to_string(), 10))
}

/// A number followed by its word, each with or without a space: (number, what stands between, bytes).
fn part<'a>(text: &'a str, word: &str) -> Option<(i16, &'a str, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..digits)?.parse().ok()?;
    let tail = text.get(digits..)?;
    let space = usize::from(tail.starts_with(' '));
    let mut end = tail.get(space..)?.starts_with(word).then_some(space + word.len())?;
    end += usize::from(tail.get(end..)?.starts_with(' '));
    Some((number, tail.get(..end)?, digits + end))
}

fn chinese_date(text: &str, days: i32) -> Option<(String, usize)> {
    let year = part(text, "年");
    let start = year.map_or(0, |(_, _, n)| n);
    let (month, month_word, month_length) = part(text.get(start..)?, "月")?;
    let (day, day_word, day_length) = part(text.get(start + month_length..)?, "日")?;
    let number = year.map_or(SHIPPED_FOR.year(), |(y, _, _)| y);
    let date = Date::new(number, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let date = moved(date, days)?;
    let year = year.map_or_else(String::new, |(_, word, _)| format!("{}{word}", date.year()));
    let words = format!("{year}{}{month_word}{}{day_word}", date.month(), date.day());
    Some((words, start + month_length + day_length))
}

fn mail_date(text: &str, days: i32) -> Option<(String, usize)> {
    let inner = text.strip_prefix("<pubDate>")?.split_once("</pubDate>")?.0;
    let date = jiff::fmt::rfc2822::parse(inner).ok()?.checked_add(days.days()).ok()?;
    let words = format!("<pubDate>{}</pubDate>", date.strftime("%a, %d %b %Y %H:%M:%S %z"));
    Some((words, inner.len() + "<pubDate></pubDate>".len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_date_moves() {
        for (text, want) in [
            ("\"2026-11-20T09:30:00+08:00\"", "\"2026-12-30T09:30:00+08:00\""),
            ("a-2026-11-20.md", "a-2026-12-30.md"),
            ("2026 年 11 月 30 日至 12 月 1 日。", "2027 年 1 月 9 日至 1 月 10 日。"),
            ("2026年11月20日", "2026年12月30日"),
            (
                "<pubDate>Fri, 20 Nov 2026 09:30:00 +0800</pubDate>",
                "<pubDate>Wed, 30 Dec 2026 09:30:00 +0800</pubDate>",
            ),
        ] {
            assert_eq!(shift(text, 40), want);
        }
    }

    #[test]
    fn months_of_tables_move_with_the_months_of_the_days() {
        assert_eq!(shift("2026-09,a\n2026-10,\"x\"\n", 40), "2026-11,a\n2026-12,\"x\"\n");
        assert_eq!(shift("a,2026-10\n", 7), "a,2026-10\n");
        let ledger = "村,日期\n示例村,2026-10-31,\"1,200.00\",2026-11-08\n";
        assert_eq!(shift_months(ledger, 4), "村,日期\n示例村,2027-02-28,\"1,200.00\",2027-03-08\n");
        assert_eq!(shift_months(ledger, 0), ledger);
        assert_eq!(months_between(SHIPPED_FOR, jiff::civil::date(2027, 2, 1)), 3);
    }

    #[test]
    fn what_is_no_date_stays() {
        for text in ["GC2026-118-2", "示例村 10 月财务收支", "2026 年第三季度", "12026-11-200", "每月 10 日前", "99-99"]
        {
            assert_eq!(shift(text, 40), text);
        }
    }
}
