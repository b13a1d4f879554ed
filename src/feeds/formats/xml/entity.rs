//! References to characters.

use super::{XmlFault, XmlFaults};
use memchr::memchr;
use std::borrow::Cow;

/// The longest name of an entity looked for.
const LONGEST: usize = 12;

/// Entities of HTML that feeds use without declaring them, by code point, and the five of XML.
const NAMED: [(&str, char); 48] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("deg", '°'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("sect", '§'),
    ("para", '¶'),
    ("yen", '¥'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("frac12", '½'),
    ("micro", 'µ'),
    ("permil", '‰'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("rarr", '→'),
    ("larr", '←'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("uuml", 'ü'),
    ("ouml", 'ö'),
    ("auml", 'ä'),
];
/// How many of [`NAMED`] XML knows.
const XML: usize = 5;

/// Text with its references read. `at` is where it stands, for the marks.
pub fn decode<'a>(raw: &'a str, at: usize, marks: &mut XmlFaults) -> Cow<'a, str> {
    if memchr(b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let (mut out, mut rest) = (String::with_capacity(raw.len()), raw);
    while let Some(start) = memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(start);
        let place = at + raw.len() - reference.len();
        out.push_str(before);
        let body = reference.get(1..).unwrap_or_default();
        match name(body) {
            None => {
                marks.add(XmlFault::BareAmpersand, place);
                out.push('&');
                rest = body;
            }
            Some(name) => {
                match character(name) {
                    Said::Char(c) => out.push(c),
                    Said::Foreign(c) => {
                        marks.add(XmlFault::UnknownEntity, place);
                        out.push(c);
                    }
                    // It may be HTML's, within what is read as HTML.
                    Said::Unknown => {
                        marks.add(XmlFault::UnknownEntity, place);
                        out.extend(["&", name, ";"]);
                    }
                    Said::Bad => marks.add(XmlFault::BadReference, place),
                }
                rest = body.get(name.len() + 1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What stands between `&` and `;`, if it can be a reference.
fn name(body: &str) -> Option<&str> {
    let end = body.bytes().take(LONGEST + 1).position(|b| b == b';').filter(|n| *n > 0)?;
    let name = body.get(..end)?;
    let digits = name.strip_prefix('#');
    let is_name = match digits.map(|d| d.strip_prefix(['x', 'X']).map_or((d, 10), |hex| (hex, 16))) {
        Some((digits, base)) => !digits.is_empty() && digits.chars().all(|c| c.is_digit(base)),
        None => name.bytes().all(|b| b.is_ascii_alphanumeric()) && name.starts_with(|c: char| c.is_ascii_alphabetic()),
    };
    is_name.then_some(name)
}

enum Said {
    Char(char),
    Foreign(char),
    Unknown,
    Bad,
}

fn character(name: &str) -> Said {
    let Some(digits) = name.strip_prefix('#') else {
        let found = NAMED.iter().position(|(known, _)| *known == name);
        return match found.and_then(|n| Some((n, NAMED.get(n)?.1))) {
            Some((n, c)) if n < XML => Said::Char(c),
            Some((_, c)) => Said::Foreign(c),
            None => Said::Unknown,
        };
    };
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    // These are meant as Windows-1252 (HTML Living Standard, numeric character reference end state).
    let number = number.ok();
    let wide = number.filter(|n| (0x80..=0x9F).contains(n)).and_then(|n| u8::try_from(n).ok());
    let meant = wide.and_then(|b| encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[b]).0.chars().next());
    match meant.or_else(|| number.and_then(char::from_u32)) {
        Some(c) if !c.is_control() || matches!(c, '\t' | '\n' | '\r') => Said::Char(c),
        _ => Said::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("甲 &amp; 乙", "甲 & 乙", None)]
    #[case("甲 & 乙&", "甲 & 乙&", Some("BareAmpersand: (4, 2)"))]
    #[case("?a=1&b=2;", "?a=1&b=2;", Some("BareAmpersand: (4, 1)"))]
    #[case("&#20844;&#x793A;&#150;", "公示–", None)]
    #[case("&nbsp;&unknown;", "\u{A0}&unknown;", Some("UnknownEntity: (0, 2)"))]
    #[case("a&#0;&#xD800;&#99999999;b", "ab", Some("BadReference: (1, 3)"))]
    fn references(#[case] raw: &str, #[case] text: &str, #[case] marked: Option<&str>) {
        let mut marks = XmlFaults::default();
        assert_eq!(decode(raw, 0, &mut marks), text);
        let said = format!("{marks:?}");
        assert!(marked.map_or(said == "XmlFaults({})", |m| said.contains(m)), "{said}");
    }
}
