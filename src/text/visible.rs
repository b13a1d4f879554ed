//! What of a text can be seen, and nothing else: the rule by which hidden characters are kept off screens.
//!
//! A source's words are drawn in the order they are written. Marks that turn the direction (`00.001` drawn as `100.00`),
//! tags, fillers, joiners and selectors out of place, and control characters are taken out; a reader sees no difference,
//! or sees the forgery as it was written. Whatever Unicode calls default-ignorable or a format character goes, save:
//!
//! - the signs that enclose Arabic, Syriac and Kaithi numbers (Prepended_Concatenation_Mark), which are drawn;
//! - a joiner where RFC 5892, appendix A, allows it (behind a virama; the non-joiner also between letters that would
//!   join), and a joiner between two emoji;
//! - U+FE0E and U+FE0F behind an emoji, behind a digit only as a part of its keycap;
//! - one selector behind an ideograph (FE00 to FE02, or E0100 to E01EF of the Ideographic Variation Database);
//! - Mongolian selectors and the Mongolian vowel separator behind a Mongolian letter.
//!
//! Line breaks of all kinds become `\n`, or a blank where there is to be one line. Private use stays: `feeds` reads the
//! positions that GB 18030 has there, and older data holds rare names in it. Unassigned characters stay as well, since
//! they are drawn as boxes.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, ExtendedPictographic, GeneralCategory, JoiningType,
        PrependedConcatenationMark, Script, UnifiedIdeograph,
    },
};
use std::{borrow::Cow, str::Chars};

const NON_JOINER: char = '\u{200C}';
const JOINER: char = '\u{200D}';
/// What Unicode counts among signs and marks and nobody sees: the blank of Braille, what stands for an object that is
/// not there, a head of a note without ink, and a filler.
const BLANK: [char; 4] = ['\u{2800}', '\u{FFFC}', '\u{1D159}', '\u{16FE4}'];

/// Whether a character leaves no trace on paper by itself, wherever it stands. Tabs and line breaks are none of these.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' => false,
        c if is_break(c) => false,
        c if is_common(c) => false,
        c if BLANK.contains(&c) || is_noncharacter(c) => true,
        c => {
            CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
                || match CodePointMapData::<GeneralCategory>::new().get(c) {
                    GeneralCategory::Control => true,
                    GeneralCategory::Format => !CodePointSetData::new::<PrependedConcatenationMark>().contains(c),
                    _ => false,
                }
        }
    }
}

/// The text without what is hidden; tabs stay, and every kind of line break is `\n`. Giving it back once more changes
/// nothing.
pub fn visible(text: &str) -> Cow<'_, str> {
    kept(text, false)
}

/// As [`visible`], on one line: tabs and line breaks are blanks.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    kept(text, true)
}

/// A text of someone else for a terminal or a log, on one line: what is hidden is written out, as `\u{202e}`, so that it
/// neither steers the terminal nor goes unseen.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(c) || is_white_control(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_white_control(c) => out.push(' '),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn kept(text: &str, is_line: bool) -> Cow<'_, str> {
    let is_kept = |c: char| match c {
        '\n' | '\t' => !is_line,
        c => !is_break(c) && !is_hidden(c),
    };
    let Some(first) = text.char_indices().find(|(_, c)| !is_kept(*c)).map(|(at, _)| at) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let (before, rest) = text.split_at(first);
    out.push_str(before);
    let mut rest = rest.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.as_str().starts_with('\n') => {}
            c if is_break(c) => out.push(if is_line { ' ' } else { '\n' }),
            '\t' if is_line => out.push(' '),
            c if is_hidden(c) && !is_in_place(c, &out, rest.clone()) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The characters that nearly all of a county's text consists of; none of them is hidden.
fn is_common(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3000}'..='\u{303F}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}')
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_white_control(c: char) -> bool {
    c == '\t' || is_break(c)
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether a character that is hidden by itself shapes what stands around it, by the rules at the head of this file.
/// `before` is what was kept so far.
fn is_in_place(c: char, before: &str, after: Chars<'_>) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    match c {
        JOINER => is_virama(last) || is_between_emoji(before, after),
        NON_JOINER => is_virama(last) || is_between_joining(before, after),
        '\u{FE0E}' | '\u{FE0F}' if last.is_ascii() => {
            matches!(last, '0'..='9' | '#' | '*') && after.as_str().starts_with('\u{20E3}')
        }
        '\u{FE0E}' | '\u{FE0F}' => CodePointSetData::new::<Emoji>().contains(last),
        '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => {
            CodePointSetData::new::<UnifiedIdeograph>().contains(last)
        }
        '\u{180B}'..='\u{180F}' => is_mongolian_letter(last),
        _ => false,
    }
}

fn is_virama(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama
}

/// Whether a joiner makes one sign of the emoji before it, its selector and skin tone aside, and the one behind it.
fn is_between_emoji(before: &str, mut after: Chars<'_>) -> bool {
    let is_emoji = |c: char| CodePointSetData::new::<ExtendedPictographic>().contains(c);
    let mut before = before.chars().rev().skip_while(|c| matches!(c, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}'));
    before.next().is_some_and(is_emoji) && after.next().is_some_and(is_emoji)
}

/// Whether letters on both sides would join if nothing stood between them (RFC 5892, A.1).
fn is_between_joining(before: &str, after: Chars<'_>) -> bool {
    let joining = CodePointMapData::<JoiningType>::new();
    let is_passed = |c: &char| joining.get(*c) == JoiningType::Transparent;
    let is_any = |c: Option<char>, side: JoiningType| {
        c.map(|c| joining.get(c)).is_some_and(|kind| kind == side || kind == JoiningType::DualJoining)
    };
    let previous = before.chars().rev().find(|c| !is_passed(c));
    is_any(previous, JoiningType::LeftJoining)
        && is_any(after.clone().find(|c| !is_passed(c)), JoiningType::RightJoining)
}

fn is_mongolian_letter(c: char) -> bool {
    CodePointMapData::<Script>::new().get(c) == Script::Mongolian
        && matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::OtherLetter | GeneralCategory::ModifierLetter
        )
}

#[cfg(test)]
#[path = "visible/tests.rs"]
mod tests;
