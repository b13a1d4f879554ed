//! A text as a reader takes its numbers: what is hidden passed over, digits of every script and style as plain ones.
//!
//! A view is what numbers are looked for in. Each of its characters knows which character of the text it stands for, so
//! that what is found can be covered there. Three things are looked at: the text as it is written; where it has digits in
//! circles, brackets or raised, once more with these as digits (by themselves they are list numbers and footnotes that
//! stand before a number); and the text from its end, since a mark of direction, or a patient reader, turns it round.

use crate::text::is_hidden;
use icu_properties::{CodePointMapData, props::GeneralCategory};
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Letters that pass for 0 and for 1 between digits.
const LIKE_ZERO: [char; 8] = ['O', 'o', 'О', 'о', 'Ο', 'ο', 'Օ', '〇'];
const LIKE_ONE: [char; 10] = ['l', 'I', '|', 'І', 'і', 'Ӏ', 'Ι', 'ا', '丨', 'ㅣ'];
/// What passes for the X of an ID number.
const LIKE_X: [char; 15] = ['x', 'Х', 'х', 'Χ', 'χ', '×', '✕', '✖', '✗', '✘', '⨯', '╳', '❌', '乂', 'ᕽ'];
/// Marks that turn all that follows from right to left, and that end it.
const OVERRIDE: char = '\u{202E}';
const POP: char = '\u{202C}';

/// See the head of this file.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The characters, folded.
    pub chars: Vec<char>,
    /// For each, the number of the character of the text it stands for.
    pub places: Vec<usize>,
    /// Whether digits in circles and brackets, or raised, stand in it that were not taken for such.
    pub has_enclosed: bool,
}

/// Whether a text may have a number of so many digits, counted by its characters alone: each may stand for two digits,
/// and a letter that passes for one stands between two others.
pub(super) fn may_have(text: &str, count: usize) -> bool {
    let (mut digits, mut letters) = (0, 0);
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            c if LIKE_ZERO.contains(&c) || LIKE_ONE.contains(&c) => letters += 1,
            c if is_common(c) => {}
            c if digit(c).is_some() => digits += 1,
            c if !enclosed(c).is_empty() => digits += 2,
            _ => {}
        }
        if digits + letters >= count && digits > count / 2 {
            return true;
        }
    }
    false
}

impl View {
    /// The text in the order it is written; with `is_loose`, digits in circles and brackets and raised ones count.
    pub fn new(text: &str, is_loose: bool) -> Self {
        Self::of(text.chars().enumerate(), is_loose)
    }

    /// The text from its end.
    pub fn reversed(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self::of(chars.into_iter().enumerate().rev(), false)
    }

    /// The text with each stretch that marks turn round from its end; `None` where it has no such marks.
    pub fn turned(text: &str) -> Option<Self> {
        if !text.contains(OVERRIDE) {
            return None;
        }
        let mut order: Vec<(usize, char)> = Vec::new();
        let mut stretch: Option<Vec<(usize, char)>> = None;
        for (at, c) in text.chars().enumerate() {
            match (&mut stretch, c) {
                (None, OVERRIDE) => stretch = Some(Vec::new()),
                (Some(turned), POP | '\n') => {
                    order.extend(turned.drain(..).rev());
                    stretch = None;
                }
                (Some(turned), c) => turned.push((at, c)),
                (None, c) => order.push((at, c)),
            }
        }
        order.extend(stretch.unwrap_or_default().into_iter().rev());
        Some(Self::of(order.into_iter(), false))
    }

    fn of(chars: impl Iterator<Item = (usize, char)>, is_loose: bool) -> Self {
        let mut view = Self::default();
        for (at, c) in chars {
            if is_common(c) {
                view.push(at, c);
                continue;
            }
            if is_hidden(c) || is_combining_mark(c) {
                continue;
            }
            let inner = enclosed(c);
            if inner.is_empty() || !is_loose {
                view.has_enclosed |= !inner.is_empty();
                view.push(at, folded(c));
            } else {
                inner.into_iter().for_each(|digit| view.push(at, digit));
            }
        }
        view.read_letters_as_digits();
        view
    }

    fn push(&mut self, at: usize, c: char) {
        self.chars.push(c);
        self.places.push(at);
    }

    /// Letters that look like digits are digits where they stand between two, or before the X of an ID number, however
    /// many follow each other. At the edge of a number a letter is a letter: read as a digit, it would make the number
    /// too long to be one.
    fn read_letters_as_digits(&mut self) {
        let mut from = 0;
        while let Some(start) = self.chars.iter().skip(from).position(|c| like(*c).is_some()).map(|n| from + n) {
            let end = start + self.chars.iter().skip(start).take_while(|c| like(**c).is_some()).count();
            from = end;
            let next = self.chars.get(end).copied();
            let last = start.checked_sub(1).and_then(|i| self.chars.get(i).copied());
            let is_between =
                last.is_some_and(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit() || c == 'X');
            if is_between {
                for c in self.chars.iter_mut().take(end).skip(start) {
                    *c = like(*c).unwrap_or(*c);
                }
            }
        }
    }
}

/// The digit that a letter passes for.
fn like(c: char) -> Option<char> {
    match c {
        c if LIKE_ZERO.contains(&c) => Some('0'),
        c if LIKE_ONE.contains(&c) => Some('1'),
        _ => None,
    }
}

/// Characters that stand for themselves: ASCII and nearly all Han.
fn is_common(c: char) -> bool {
    (c.is_ascii() && !c.is_ascii_control()) || (matches!(c, '\u{4E00}'..='\u{9FFF}') && !LIKE_X.contains(&c))
}

fn folded(c: char) -> char {
    if let Some(digit) = digit(c) {
        return digit;
    }
    if LIKE_X.contains(&c) {
        return 'X';
    }
    let mut letters = (0, c);
    decompose_compatible(c, |d| letters = (letters.0 + 1, d));
    match letters {
        (1, letter) if letter.is_ascii_alphabetic() => letter,
        (1, letter) if LIKE_X.contains(&letter) => 'X',
        _ => c,
    }
}

/// A decimal digit of any script. Unicode keeps each script's ten together and in order, from 0 on.
fn digit(c: char) -> Option<char> {
    let is_digit = |n: u32| CodePointMapData::<GeneralCategory>::new().get32(n) == GeneralCategory::DecimalNumber;
    let place = u32::from(c);
    if !is_digit(place) {
        return None;
    }
    let before = (1..=place).take_while(|n| is_digit(place - n)).count();
    char::from_digit(u32::try_from(before % 10).ok()?, 10)
}

/// The digits of a number in a circle or in brackets, raised or lowered.
fn enclosed(c: char) -> Vec<char> {
    let first = match c {
        '\u{2776}'..='\u{277E}' => Some('\u{2776}'),
        '\u{2780}'..='\u{2788}' => Some('\u{2780}'),
        '\u{278A}'..='\u{2792}' => Some('\u{278A}'),
        '\u{24F5}'..='\u{24FD}' => Some('\u{24F5}'),
        _ => None,
    };
    if let Some(first) = first {
        return char::from_digit(u32::from(c) - u32::from(first) + 1, 10).into_iter().collect();
    }
    match c {
        '\u{24FF}' | '\u{1F10B}' | '\u{1F10C}' => return vec!['0'],
        c if CodePointMapData::<GeneralCategory>::new().get(c) != GeneralCategory::OtherNumber => return Vec::new(),
        _ => {}
    }
    let mut digits = Vec::new();
    let mut is_fraction = false;
    decompose_compatible(c, |d| {
        is_fraction |= d == '\u{2044}';
        if d.is_ascii_digit() {
            digits.push(d);
        }
    });
    if is_fraction { Vec::new() } else { digits }
}
