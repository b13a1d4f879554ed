//! From text to what the index holds, and from typed words to what is looked up in it.
//!
//! Text is folded to units: one for each character that is written, one break for any run of punctuation and spaces.
//! Every unit has one token, made of it and of what follows: a Han character of itself and the next unit; a letter, a
//! digit or a break of four units, or of fewer where the first Han character among them is the last. Thus each
//! substring of two units or more is a phrase of few and rare tokens, whatever words it begins or ends in, and no phrase
//! is found across punctuation that was not typed. Single characters, and short pieces of words, are kept as keys
//! without positions.

use crate::text::is_hidden;
use std::ops::Range;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What stands for punctuation and spaces.
pub const BREAK: char = '·';
/// Units of a token that begins with a letter, a digit or a break, at most.
const GRAM_UNITS: usize = 4;

/// One unit of folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedChar {
    /// The folded character, or [`BREAK`].
    pub c: char,
    /// The bytes of the text it comes from.
    pub at: Range<usize>,
}

/// What a character is to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Word,
    Break,
}

/// Whether a folded character is written as Han characters are, without spaces between words.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{3005}'..='\u{3007}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}'
        // Private use: rare names in older data.
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

fn class(c: char) -> Class {
    match c {
        BREAK => Class::Break,
        c if c.is_ascii() => {
            if c.is_ascii_alphanumeric() {
                Class::Word
            } else {
                Class::Break
            }
        }
        c if is_han(c) => Class::Han,
        c if c.is_alphanumeric() => Class::Word,
        _ => Class::Break,
    }
}

/// Calls `give` with each folded character of `c`: compatibility forms and widths undone, marks dropped, lower case.
pub fn fold(c: char, mut give: impl FnMut(char)) {
    match c {
        '\u{4E00}'..='\u{9FFF}' => give(c),
        c if c.is_ascii() => give(c.to_ascii_lowercase()),
        c if is_combining_mark(c) || is_hidden(c) => {}
        c => decompose_compatible(c, |d| {
            if !is_combining_mark(d) && !is_hidden(d) {
                d.to_lowercase().filter(|l| !is_combining_mark(*l)).for_each(&mut give);
            }
        }),
    }
}

/// The units of a text, without breaks at its ends.
pub fn units(text: &str) -> Vec<FoldedChar> {
    let mut units: Vec<FoldedChar> = Vec::with_capacity(text.len() / 3 + 1);
    for (start, c) in text.char_indices() {
        let at = start..start + c.len_utf8();
        fold(c, |f| match class(f) {
            Class::Break => match units.last_mut() {
                Some(last) if last.c == BREAK => last.at.end = at.end,
                Some(_) => units.push(FoldedChar { c: BREAK, at: at.clone() }),
                None => {}
            },
            _ => units.push(FoldedChar { c: f, at: at.clone() }),
        });
    }
    if units.last().is_some_and(|u| u.c == BREAK) {
        units.pop();
    }
    units
}

/// The folded characters of a text, as [`units`] gives them.
pub fn folded(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len() / 3 + 1);
    append(&mut chars, text);
    if chars.last() == Some(&BREAK) {
        chars.pop();
    }
    chars
}

/// Appends a text's folded characters and a break after them.
pub fn append(chars: &mut Vec<char>, text: &str) {
    let add = |chars: &mut Vec<char>, f: char| match class(f) {
        Class::Break if chars.last().is_none_or(|l| *l == BREAK) => {}
        Class::Break => chars.push(BREAK),
        _ => chars.push(f),
    };
    for c in text.chars() {
        fold(c, |f| add(chars, f));
    }
    add(chars, BREAK);
}

/// The tokens of folded text in their order, parted by spaces.
pub fn write_tokens(chars: &[char], out: &mut String) {
    let mut rest = chars;
    while let [first, after @ ..] = rest {
        // The last break has nothing to lead to.
        if *first != BREAK || !after.is_empty() {
            out.extend(rest.iter().take(length(rest)));
            if after.is_empty() {
                out.push(BREAK);
            }
        }
        out.push(' ');
        rest = after;
    }
}

/// Units of the token at the start of folded text, some of which may lie beyond its end. Two breaks in a row part
/// fields, and no token runs from one into the next.
fn length(chars: &[char]) -> usize {
    let [first, rest @ ..] = chars else { return 0 };
    if class(*first) == Class::Han {
        return 2;
    }
    let mut before = *first;
    for (units, c) in (1..GRAM_UNITS).zip(rest) {
        match class(*c) {
            Class::Break if before == BREAK => return units,
            Class::Han => return units + 1,
            _ => before = *c,
        }
    }
    GRAM_UNITS
}

/// The keys of folded text, each once, parted by spaces: `u` and a character, `w` and two or three of a word, or two and
/// the break between them.
pub fn write_keys(chars: &[char], scratch: &mut Vec<char>, out: &mut String) {
    scratch.clear();
    scratch.extend(chars.iter().filter(|c| **c != BREAK));
    scratch.sort_unstable();
    scratch.dedup();
    for c in scratch.iter() {
        out.extend(['u', *c, ' ']);
    }
    let mut grams: Vec<[char; 3]> = Vec::new();
    for three in chars.windows(3) {
        if let [a, b, c] = *three
            && class(a) == Class::Word
        {
            match [class(b), class(c)] {
                [Class::Word, Class::Word] => grams.extend([[a, b, BREAK], [a, b, c]]),
                [Class::Word, _] => grams.push([a, b, BREAK]),
                [Class::Break, Class::Word] => grams.push([a, b, c]),
                _ => {}
            }
        }
    }
    if let [.., a, b] = *chars
        && class(a) == Class::Word
        && class(b) == Class::Word
    {
        grams.push([a, b, BREAK]);
    }
    grams.sort_unstable();
    grams.dedup();
    for gram in grams {
        out.push('w');
        let [a, b, c] = gram;
        out.extend([a, b]);
        out.extend(Some(c).filter(|c| *c != BREAK));
        out.push(' ');
    }
}

/// Whether two or three units are letters or digits, or two of those and a break between.
fn is_piece(chars: &[char]) -> bool {
    match *chars {
        [a, b] => [a, b].iter().all(|c| class(*c) == Class::Word),
        [a, b, c] => class(b) != Class::Han && [a, c].iter().all(|c| class(*c) == Class::Word),
        _ => false,
    }
}

/// How a piece of text is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexLookup {
    /// One key, which has no position.
    Key(String),
    /// Tokens that follow each other; of the last, only the beginning where `open`.
    Phrase {
        /// The tokens in their order.
        tokens: Vec<String>,
        /// Whether the last is only the beginning of one.
        open: bool,
    },
}

/// How folded characters, without breaks at their ends, are looked up; `None` where there are none.
pub fn index_lookup(chars: &[char]) -> Option<IndexLookup> {
    match chars {
        [] => return None,
        [one] => return Some(IndexLookup::Key(format!("u{one}"))),
        [_, _] | [_, _, _] if is_piece(chars) => {
            return Some(IndexLookup::Key(std::iter::once('w').chain(chars.iter().copied()).collect()));
        }
        _ => {}
    }
    let (mut tokens, mut open) = (Vec::new(), false);
    let mut rest = chars;
    // Units that the tokens so far reach to.
    let mut reach = 0usize;
    for start in 0..chars.len() {
        if reach == chars.len() {
            break;
        }
        let wanted = length(rest);
        tokens.push(rest.iter().take(wanted).collect());
        open = wanted > rest.len();
        reach = (start + wanted).min(chars.len());
        rest = rest.get(1..).unwrap_or_default();
    }
    Some(IndexLookup::Phrase { tokens, open })
}

/// Where `wanted` stands in a text's units, as bytes of the text; matches do not overlap.
pub fn occurrences(units: &[FoldedChar], wanted: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(window) = units.get(from..from + wanted.len()).filter(|w| !w.is_empty()) {
        if window.iter().map(|u| u.c).eq(wanted.iter().copied()) {
            if let [first, ..] = window
                && let [.., last] = window
            {
                found.push(first.at.start..last.at.end);
            }
            from += wanted.len();
        } else {
            from += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut out = String::new();
        let mut chars = Vec::new();
        append(&mut chars, text);
        write_tokens(&chars, &mut out);
        out.split_whitespace().map(str::to_owned).collect()
    }

    fn keys(text: &str) -> Vec<String> {
        let mut out = String::new();
        write_keys(&folded(text), &mut Vec::new(), &mut out);
        out.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether the index of `text` would give it for `typed`.
    fn finds(text: &str, typed: &str) -> bool {
        match index_lookup(&folded(typed)) {
            None => true,
            Some(IndexLookup::Key(key)) => keys(text).contains(&key),
            Some(IndexLookup::Phrase { tokens: wanted, open }) => {
                let (last, head) = wanted.split_last().unwrap();
                tokens(text).windows(wanted.len()).any(|w| {
                    let (end, start) = w.split_last().unwrap();
                    start == head && if open { end.starts_with(last.as_str()) } else { end == last }
                })
            }
        }
    }

    #[test]
    fn every_unit_has_one_token() {
        assert_eq!(tokens("财务公开，3月"), ["财务", "务公", "公开", "开·", "·3月", "3月", "月·"]);
        assert_eq!(
            tokens("示政发〔2026〕12号"),
            ["示政", "政发", "发·", "·202", "2026", "026·", "26·1", "6·12", "·12号", "12号", "2号", "号·"]
        );
        assert_eq!(keys("B2B 案"), ["u2", "ub", "u案", "w2b", "wb2b", "wb2"]);
        assert_eq!(keys("3-12"), ["u1", "u2", "u3", "w12", "w3·1"]);
        let mut fields = folded("26-1");
        fields.extend([BREAK, BREAK, '2', BREAK, BREAK]);
        let mut out = String::new();
        write_tokens(&fields, &mut out);
        assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["26·1", "6·1·", "·1·", "1·", "·", "·2·", "2·", "·"]);
    }

    #[test]
    fn folding() {
        assert_eq!(folded("ＡＢ１２：\u{F900}⼀㎡é"), folded("ab12 豈一m2e"));
        assert_eq!(folded("（财务）"), ['财', '务']);
        assert_eq!(folded("葛\u{E0100}城"), ['葛', '城']);
        assert!(folded("，。 ——").is_empty());
        assert!(is_han('\u{2A6A5}') && is_han('〇') && !is_han('a'));
    }

    #[test]
    fn numbers_of_documents_in_any_dress() {
        for typed in [
            "示政发〔2026〕12号",
            "示政发[2026]12号",
            "示政发（２０２６）１２号",
            "发【2026】12",
            "26〕12号",
            "〔2026〕1",
        ] {
            assert!(finds("关于印发办法的通知 示政发〔2026〕12号", typed), "{typed}");
        }
        for typed in ["示政发〔2026〕2号", "示政发〔2026〕13", "发2026", "〔2026〕12号文"] {
            assert!(!finds("关于印发办法的通知 示政发〔2026〕12号", typed), "{typed}");
        }
    }

    #[test]
    fn no_phrase_across_punctuation() {
        assert!(!finds("村级财务，公开栏", "财务公开"));
        assert!(finds("村级财务，公开栏", "财务、公开"));
        assert!(finds("村级财务，公开栏", "务，公"));
    }

    #[test]
    fn occurrences_are_bytes_of_the_text() {
        let text = "（财务）公开,财 务";
        let at = |typed: &str| occurrences(&units(text), &folded(typed));
        assert_eq!(at("财务").iter().map(|r| &text[r.clone()]).collect::<Vec<_>>(), ["财务"]);
        assert_eq!(at("务)公").iter().map(|r| &text[r.clone()]).collect::<Vec<_>>(), ["务）公"]);
        assert!(at("").is_empty());
    }

    proptest! {
        #[test]
        fn every_substring_is_found(text in "[公示开财务0-26aB，〕 Ａ２㎡é〇]{0,40}", from in 0usize..40, length in 1usize..12) {
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(finds(&text, &part), "{:?} in {:?}: {:?}", part, text, index_lookup(&folded(&part)));
        }

        #[test]
        fn nothing_else_is_found(text in "[公示1a，]{0,20}", typed in "[公示1a，]{1,6}") {
            let (all, wanted) = (folded(&text), folded(&typed));
            let is_there = wanted.is_empty() || all.windows(wanted.len()).any(|w| w == wanted);
            prop_assert_eq!(finds(&text, &typed), is_there);
        }

        #[test]
        fn units_are_the_folded_characters(text in any::<String>()) {
            prop_assert_eq!(units(&text).iter().map(|u| u.c).collect::<Vec<_>>(), folded(&text));
            prop_assert!(units(&text).iter().all(|u| text.get(u.at.clone()).is_some()));
        }
    }
}
