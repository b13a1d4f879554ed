//! Lines and columns of a text, found without walking the text each time.
//!
//! The starts of all lines are kept, and the number of characters before every 256th byte; so a place costs a binary
//! search and a walk of 256 bytes at most, also where a whole file is one line.

use std::ops::Range;

/// Bytes between two marks.
const STRIDE: usize = 256;

/// A text with what is needed to say where in it something stands.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// The byte each line starts at, in order; the first is 0.
    starts: Vec<usize>,
    /// The characters that start before each `STRIDE`th byte.
    marks: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Walks the text once.
    pub fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut characters = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % STRIDE == 0 {
                marks.push(characters);
            }
            characters += usize::from(is_start(byte));
            if byte == b'\n' {
                starts.push(at + 1);
            }
        }
        Self { text, starts, marks }
    }

    /// Line and column, both from 1, of where a span of bytes starts; the column counts characters. A span past the
    /// end stands at the end.
    pub fn position(&self, span: &Range<usize>) -> (usize, usize) {
        let at = span.start.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        // Within a character is where the character starts.
        let within = usize::from(self.text.as_bytes().get(at).is_some_and(|b| !is_start(*b)));
        (line, (self.characters_before(at) + 1 - self.characters_before(start)).saturating_sub(within))
    }

    /// The words of a line, counted from 1, without its end.
    pub fn line(&self, number: usize) -> &'a str {
        let from = number.checked_sub(1).and_then(|n| self.starts.get(n)).copied().unwrap_or(self.text.len());
        let until = self.starts.get(number).copied().unwrap_or(self.text.len());
        self.text.get(from..until).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The characters that start before a byte.
    fn characters_before(&self, at: usize) -> usize {
        let mark = (at / STRIDE).min(self.marks.len().saturating_sub(1));
        let bytes = self.text.as_bytes().get(mark * STRIDE..at).unwrap_or_default();
        self.marks.get(mark).copied().unwrap_or(0) + bytes.iter().filter(|b| is_start(**b)).count()
    }
}

/// Whether a byte of UTF-8 starts a character.
fn is_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use proptest::prelude::*;

    #[test]
    fn positions_count_characters() {
        let text = "a = 1\n标题 = \"x\"\n";
        let at = text.find('"').unwrap_or(0);
        let lines = Lines::new(text);
        assert_eq!(lines.position(&(at..at + 1)), (2, 6));
        assert_eq!(lines.position(&(0..1)), (1, 1));
        assert_eq!(Lines::new("").position(&(9..9)), (1, 1));
        assert_eq!((lines.line(2), lines.line(3), lines.line(9)), ("标题 = \"x\"", "", ""));
    }

    proptest! {
        /// What the index says is what counting from the start says.
        #[test]
        fn places_are_those_of_counting(text in "(a|标|\r?\n|[ -~]{0,90}){0,60}", at in 0usize..4_000) {
            let mut start = at.min(text.len());
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let before = &text[..start];
            let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            let counted = (before.matches('\n').count() + 1, column);
            prop_assert_eq!(Lines::new(&text).position(&(at..at)), counted);
        }
    }
}
