//! Masks what identifies a person in what the public sees: ID numbers, mobile phone numbers, bank card numbers.
//!
//! Every mask has as many characters as what it covers, so that the parts of a styled text can be masked together and
//! told apart again. Names are left whole: rosters are disclosed by name.
//!
//! Numbers are looked for in the text as a reader takes it (`mask/view.rs`): marks that hide between the digits, digits
//! of other scripts and styles, letters that pass for one and numbers turned round make no difference.
//!
//! - ID numbers are those of GB 11643-1999: six digits of a region, a birth date, three digits, a check character; and
//!   the older ones of 15 digits without the century and the check.
//! - Mobile numbers are eleven digits that begin with 13 to 19, also behind 86 or 0, also parted in the usual groups.
//! - Bank cards are 16 to 19 digits with the check digit of ISO/IEC 7812-1, annex B.

mod view;

use super::{Block, Span};
use std::borrow::Cow;
use view::View;

/// The first two digits of regions (GB/T 2260).
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82,
];
/// Weights of the first 17 digits of an ID number, modulo 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Words before a number that say that it is a document's, a project's or an organisation's.
const LABELS: [&str; 17] = [
    "项目编号",
    "项目代码",
    "采购编号",
    "招标编号",
    "合同编号",
    "受理编号",
    "受理号",
    "办件编号",
    "文号",
    "信用代码",
    "机构代码",
    "统一代码",
    "公告编号",
    "地块编号",
    "许可证号",
    "证书编号",
    "流水号",
];
/// The characters of a unified social credit code, each with the value of its place.
const CODE: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Digits of the shortest number that is masked.
const SHORTEST: usize = 11;
/// A birth in this year or later, with a wrong check character, is rather a number that was made of a date.
const RECENT: u32 = 2020;

/// One digit of the text, or an X at the end of an ID number.
#[derive(Debug, Clone, Copy)]
struct Digit {
    /// Its place among the characters.
    at: usize,
    /// Its value; 10 for X.
    value: u32,
}

/// Digits that stand next to each other.
#[derive(Debug, Clone, Default)]
struct Group {
    digits: Vec<Digit>,
    /// Whether a single space, hyphen or dot, and nothing else, parts it from the group before it.
    joined: bool,
}

/// Masks a text. What needs no mask is given back as it is.
pub fn mask(text: &str) -> Cow<'_, str> {
    masked(text, true)
}

/// As [`mask`], for numbers that the config says are receipt, document or project numbers: of ID numbers only those
/// with the right check character and a birth before 2020, of phones and cards none.
pub fn mask_code(text: &str) -> Cow<'_, str> {
    masked(text, false)
}

fn masked(text: &str, is_free: bool) -> Cow<'_, str> {
    // Nothing shorter than eleven digits is masked; most texts have fewer.
    if !view::may_have(text, SHORTEST) {
        return Cow::Borrowed(text);
    }
    let mut covered: Vec<usize> = Vec::new();
    let mut look = |view: &View, is_free: bool| {
        let mut found = Vec::new();
        for (start, end) in chains(&view.chars) {
            find(&view.chars, &groups(&view.chars, start, end), is_free, &mut found);
        }
        covered.extend(found.into_iter().filter_map(|i| view.places.get(i)));
    };
    let written = View::new(text, false);
    look(&written, is_free);
    if written.has_enclosed {
        look(&View::new(text, true), is_free);
    }
    // Turned round, only what is surely an ID number is one, unless marks say that it is to be read so.
    look(&View::reversed(text), false);
    if let Some(turned) = View::turned(text) {
        look(&turned, is_free);
    }
    if covered.is_empty() {
        return Cow::Borrowed(text);
    }
    covered.sort_unstable();
    covered.dedup();
    let is_covered = |at: usize| covered.binary_search(&at).is_ok();
    Cow::Owned(text.chars().enumerate().map(|(at, c)| if is_covered(at) { '*' } else { c }).collect())
}

/// Masks the words of one line, whose numbers may run over several styles.
pub fn mask_spans(spans: &mut [Span]) {
    let whole: String = spans.iter().map(|s| s.text.as_str()).collect();
    if let Cow::Owned(masked) = mask(&whole) {
        let mut chars = masked.chars();
        for span in spans {
            span.text = chars.by_ref().take(span.text.chars().count()).collect();
        }
    }
}

/// Masks the words of a document.
pub fn mask_blocks(blocks: &mut [Block]) {
    let text = |text: &mut String| {
        if let Cow::Owned(masked) = mask(text) {
            *text = masked;
        }
    };
    for block in blocks {
        match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans } => mask_spans(spans),
            Block::List { items, .. } => items.iter_mut().for_each(|item| mask_spans(&mut item.spans)),
            Block::Table { rows } => rows.iter_mut().flatten().for_each(|cell| text(&mut cell.text)),
            Block::Picture { alt, .. } => text(alt),
            Block::Preformatted { text: words } => text(words),
            Block::Rule => {}
        }
    }
}

/// The value of a digit of a view.
fn digit(c: char) -> Option<u32> {
    c.to_digit(10)
}

/// What may stand between the groups of one number.
fn is_joint(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{3000}' | '\t' | '-' | '－' | '–' | '—' | '‐' | '‑' | '.' | '·' | '_')
}

/// Stretches of digits and single joints, as ranges of characters.
fn chains(chars: &[char]) -> Vec<(usize, usize)> {
    let mut chains = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let is = |i: usize, test: fn(char) -> bool| chars.get(i).is_some_and(|c| test(*c));
        let is_digit: fn(char) -> bool = |c| digit(c).is_some();
        if !is(at, is_digit) {
            at += 1;
            continue;
        }
        let start = at;
        while is(at, is_digit) || (is(at, is_joint) && is(at + 1, is_digit)) {
            at += 1;
        }
        chains.push((start, at));
    }
    chains
}

fn groups(chars: &[char], start: usize, end: usize) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for at in start..end {
        let value = chars.get(at).copied().and_then(digit);
        match (value, groups.last_mut()) {
            (Some(value), Some(group)) => group.digits.push(Digit { at, value }),
            _ => groups.push(Group { joined: true, ..Group::default() }),
        }
    }
    // The X of an ID number ends it.
    if chars.get(end).is_some_and(|c| matches!(c, 'x' | 'X'))
        && chars.get(end + 1).is_none_or(|c| digit(*c).is_none())
        && let Some(group) = groups.last_mut()
    {
        group.digits.push(Digit { at: end, value: 10 });
    }
    groups
}

/// Looks through the groups of one chain, single ones first, then several that make one number.
fn find(chars: &[char], groups: &[Group], is_free: bool, covered: &mut Vec<usize>) {
    let mut from = 0;
    while from < groups.len() {
        let most = (groups.len() - from).min(6);
        let taken = (1..=most).find(|n| {
            let window = groups.get(from..from + n).unwrap_or_default();
            window.iter().skip(1).all(|g| g.joined) && cover(chars, window, is_free, covered)
        });
        from += taken.unwrap_or(1);
    }
}

/// Covers a number that identifies a person; `false` where these groups are none.
fn cover(chars: &[char], window: &[Group], is_free: bool, covered: &mut Vec<usize>) -> bool {
    let mut digits: Vec<Digit> = window.iter().flat_map(|g| g.digits.iter().copied()).collect();
    let mut sizes: Vec<usize> = window.iter().map(|g| g.digits.len()).collect();
    if covers(chars, &digits, &sizes, is_free, covered) {
        return true;
    }
    // An x that only follows is none of its digits.
    if digits.last().is_none_or(|d| d.value != 10) {
        return false;
    }
    digits.pop();
    if let Some(size) = sizes.last_mut() {
        *size -= 1;
    }
    covers(chars, &digits, &sizes, is_free, covered)
}

fn covers(chars: &[char], digits: &[Digit], sizes: &[usize], is_free: bool, covered: &mut Vec<usize>) -> bool {
    let (Some(first), Some(last)) = (digits.first(), digits.last()) else { return false };
    if !(11..=20).contains(&digits.len()) || is_labelled(chars, first.at) || is_organisation(chars, first.at, last.at) {
        return false;
    }
    let values: Vec<u32> = digits.iter().map(|d| d.value).collect();
    let is_alone = || is_free && !is_counted(chars, first.at, last.at);
    let middle = if is_id(&values, sizes, is_free) {
        6..values.len() - if values.len() == 18 { 4 } else { 3 }
    } else if is_phone(&values, sizes) && is_alone() {
        values.len() - 8..values.len() - 4
    } else if is_card(&values, sizes) && is_alone() && !has_letter(chars, first.at, last.at) {
        0..values.len() - 4
    } else {
        return false;
    };
    covered.extend(digits.get(middle).unwrap_or_default().iter().map(|d| d.at));
    true
}

fn number(values: &[u32]) -> u32 {
    values.iter().fold(0, |n, v| n * 10 + v)
}

fn part(values: &[u32], from: usize, to: usize) -> u32 {
    number(values.get(from..to).unwrap_or_default())
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day)) else {
        return false;
    };
    (1850..2200).contains(&year) && jiff::civil::Date::new(year, month, day).is_ok()
}

fn is_id(values: &[u32], sizes: &[usize], is_free: bool) -> bool {
    let (body, check) = values.split_at_checked(17).unwrap_or((values, &[]));
    if !PROVINCES.contains(&part(values, 0, 2)) || body.contains(&10) {
        return false;
    }
    match check {
        [check] => {
            let year = part(values, 6, 10);
            let sum: u32 = body.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
            let is_right = (12 - sum % 11) % 11 == *check;
            let has_date = is_date(year, part(values, 10, 12), part(values, 12, 14));
            let is_parted = sizes.len() > 1;
            has_date
                && match is_free {
                    true => is_right || (year < RECENT && !is_parted),
                    false => is_right && year < RECENT,
                }
        }
        // The old ones were given to people born in the 20th century.
        [] if values.len() == 15 && sizes.len() == 1 && is_free => {
            is_date(1900 + part(values, 6, 8), part(values, 8, 10), part(values, 10, 12))
        }
        _ => false,
    }
}

fn is_phone(values: &[u32], sizes: &[usize]) -> bool {
    let rest = match values {
        [8, 6, rest @ ..] if rest.len() == 11 => rest,
        [0, rest @ ..] if rest.len() == 11 => rest,
        [0, 0, 8, 6, rest @ ..] if rest.len() == 11 => rest,
        rest if rest.len() == 11 => rest,
        _ => return false,
    };
    let usual: [&[usize]; 9] =
        [&[11], &[3, 4, 4], &[3, 8], &[7, 4], &[3, 3, 5], &[4, 3, 4], &[4, 4, 3], &[5, 6], &[6, 5]];
    // A country code stands alone or runs into the first group.
    let sizes: Vec<usize> = match (values.len() - rest.len(), sizes) {
        (0, sizes) => sizes.to_vec(),
        (code, [first, more @ ..]) if *first == code => more.to_vec(),
        (code, [first, more @ ..]) => [&[first.saturating_sub(code)], more].concat(),
        _ => return false,
    };
    matches!(rest, [1, 3..=9, ..]) && !rest.contains(&10) && usual.contains(&sizes.as_slice())
}

fn is_card(values: &[u32], sizes: &[usize]) -> bool {
    let is_grouped = match sizes {
        [_] => true,
        [6, rest] => *rest >= 10,
        [more @ .., last] => more.iter().all(|n| *n == 4) && *last <= 4,
        [] => false,
    };
    // Project numbers often begin with a region and a year.
    let is_project = sizes.len() == 1
        && !values.starts_with(&[6, 2])
        && PROVINCES.contains(&part(values, 0, 2))
        && (2000..=2035).contains(&part(values, 6, 10));
    let is_long = (16..=19).contains(&values.len()) && !values.contains(&10);
    let starts = matches!(values, [3 | 4 | 5 | 6 | 8 | 9, ..]);
    if !is_long || !starts || !is_grouped || is_project {
        return false;
    }
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(i, v)| match (i % 2, v * 2) {
            (0, _) => *v,
            (_, twice @ 10..) => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the words before a number say that it is no person's.
fn is_labelled(chars: &[char], first: usize) -> bool {
    let from = first.saturating_sub(16);
    let before: String = chars.get(from..first).unwrap_or_default().iter().collect();
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || "：:（(【[第No.＃#是为".contains(c));
    // A document number: 〔2026〕…号.
    LABELS.iter().any(|label| before.ends_with(label)) || before.ends_with(['〕', '］'])
}

/// Whether a number is part of a unified social credit code: 18 characters, letters among them, the last a check of the
/// others (GB 32100-2015).
fn is_organisation(chars: &[char], first: usize, last: usize) -> bool {
    let is_part = |i: usize| chars.get(i).is_some_and(char::is_ascii_alphanumeric);
    let (mut from, mut to) = (first, last);
    while from > 0 && is_part(from - 1) {
        from -= 1;
    }
    while is_part(to + 1) {
        to += 1;
    }
    let token = chars.get(from..=to).unwrap_or_default();
    let letters = token.iter().filter(|c| c.is_ascii_alphabetic()).count();
    // One X at the end is an ID number's.
    let is_id = letters == 1 && token.last().is_some_and(char::is_ascii_alphabetic);
    let is_region = token.iter().skip(2).take(6).all(char::is_ascii_digit);
    let values: Option<Vec<usize>> = token.iter().map(|c| CODE.find(*c)).collect();
    let Some(values) = values.filter(|v| v.len() == 18 && letters > 0 && !is_id && is_region) else { return false };
    // The weights are the powers of 3 modulo 31, that of the check character 1.
    let (mut sum, mut weight) = (0, 1);
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.last().is_some_and(|check| (sum + check) % 31 == 0)
}

fn has_letter(chars: &[char], first: usize, last: usize) -> bool {
    let is = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_alphabetic);
    is(first.checked_sub(1)) || is(Some(last + 1))
}

/// Whether a number is money or another amount: with decimals, a currency before it or a unit behind it.
fn is_counted(chars: &[char], first: usize, last: usize) -> bool {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let is_decimal = |c: char| c == '.' || c == '．';
    let before = first.checked_sub(1).map_or('\0', at);
    let after = at(last + 1);
    "¥￥$".contains(before)
        || (is_decimal(after) && digit(at(last + 2)).is_some() && digit(at(last + 4)).is_none())
        || "元万亿亩".contains(after)
}

#[cfg(test)]
#[path = "mask/tests.rs"]
mod tests;
