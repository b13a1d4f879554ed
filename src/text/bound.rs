//! Texts of others within a length that can be laid out: lines are cut, long running text is parted, piles of marks are
//! taken down.
//!
//! Lengths count what a reader counts, extended grapheme clusters; a cluster of many characters counts for more, since
//! one of a million costs what a million letters cost.

use std::{borrow::Cow, ops::Range};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Marks one letter may carry. Scripts need four (Tibetan stacks, Hebrew with accents); more are a pile.
pub const MAX_MARKS: usize = 8;
/// Characters that count as one in a cluster that goes on and on.
const CLUSTER_CHARS: usize = 16;
/// What closes a text that was cut.
const ELLIPSIS: char = '…';
/// A piece of running text ends at a fit place within its last part of this size.
const SEEK_FRACTION: usize = 8;

/// The text with at most [`MAX_MARKS`] combining marks in a row.
pub fn few_marks(text: &str) -> Cow<'_, str> {
    let mut run = 0;
    let mut is_mark = |c: char| {
        run = if !is_plain(c) && is_combining_mark(c) { run + 1 } else { 0 };
        run > MAX_MARKS
    };
    if !text.chars().any(&mut is_mark) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_mark(*c)).collect())
}

/// The first `most` clusters of a text with `…` behind them; the text itself where it has no more.
pub fn cut_clusters(text: &str, most: usize) -> Cow<'_, str> {
    // A cluster has a byte at least.
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    match end(text, most) {
        None => Cow::Borrowed(text),
        Some(end) => {
            let mut out = text.get(..end).unwrap_or_default().trim_end().to_owned();
            out.push(ELLIPSIS);
            Cow::Owned(out)
        }
    }
}

/// The bytes after which the first `most` clusters end; `None` where the text has no more.
fn end(text: &str, most: usize) -> Option<usize> {
    let mut left = most;
    for (at, cluster) in text.grapheme_indices(true) {
        // What is longer than all that is left ends within itself.
        let cost = cluster.chars().take(CLUSTER_CHARS * (left + 1)).count().div_ceil(CLUSTER_CHARS).max(1);
        if cost > left {
            let within = cluster.char_indices().nth(CLUSTER_CHARS * left).filter(|_| cost > 1).map_or(0, |(n, _)| n);
            return Some(at + within);
        }
        left -= cost;
    }
    None
}

/// Parts running text into pieces of at most `most` characters, in order and without gaps: at the end of a sentence or a
/// word where there is one in reach, and never within a number or between a letter and its marks unless there is no
/// other place.
pub fn pieces(text: &str, most: usize) -> Vec<Range<usize>> {
    let most = most.max(SEEK_FRACTION);
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some((end, _)) = text.get(start..).and_then(|rest| rest.char_indices().nth(most)) {
        let end = start + border(text.get(start..start + end).unwrap_or_default(), most / SEEK_FRACTION);
        pieces.push(start..end);
        start = end;
    }
    if start < text.len() {
        pieces.push(start..text.len());
    }
    pieces
}

/// Where a full piece is best ended, looked for in its last `reach` characters.
fn border(piece: &str, reach: usize) -> usize {
    let is_sentence = |c: char| matches!(c, '\n' | '。' | '！' | '？' | '；' | '!' | '?' | ';');
    let last = |fits: &dyn Fn(char) -> bool| {
        let mut found = piece.char_indices().rev().take(reach).filter(|(_, c)| fits(*c));
        found.next().map(|(at, c)| at + c.len_utf8())
    };
    last(&is_sentence)
        .or_else(|| last(&char::is_whitespace))
        .or_else(|| last(&|c| matches!(c, '\u{3001}'..='\u{303F}' | '\u{4E00}'..='\u{9FFF}' | '，' | '：')))
        .unwrap_or(piece.len())
}

/// Characters that carry no mark by themselves: ASCII and nearly all Han.
fn is_plain(c: char) -> bool {
    c < '\u{300}' || matches!(c, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_million_of_anything_is_cut_to_what_can_be_laid_out() {
        let million = 1_000_000;
        for text in ["公".repeat(million), "e".to_owned() + &"\u{301}".repeat(million), "\u{1100}".repeat(million)] {
            let short = cut_clusters(&text, 300).into_owned();
            assert!(
                short.chars().count() <= 300 * CLUSTER_CHARS + 1 && short.ends_with(ELLIPSIS),
                "{}",
                short.chars().count()
            );
        }
        let marks = "e".to_owned() + &"\u{301}".repeat(million) + "a";
        assert_eq!(few_marks(&marks), "e".to_owned() + &"\u{301}".repeat(MAX_MARKS) + "a");
        let family = "👨\u{200D}".repeat(million);
        assert!(cut_clusters(&family, 10).chars().count() <= 10 * CLUSTER_CHARS + 1);
    }

    #[test]
    fn a_cut_counts_what_a_reader_counts() {
        assert_eq!(cut_clusters("公示公告", 4), "公示公告");
        assert_eq!(cut_clusters("公示公告牌", 4), "公示公告…");
        assert_eq!(cut_clusters("e\u{301}👨\u{200D}👩\u{200D}👧公", 2), "e\u{301}👨\u{200D}👩\u{200D}👧…");
        assert_eq!(cut_clusters("ab  cd", 3), "ab…");
        assert!(matches!(few_marks("བྷྲཱུྃ公示"), Cow::Borrowed(_)));
    }

    #[test]
    fn running_text_is_parted_at_sentences_and_not_within_numbers() {
        let text = "甲乙丙丁戊己庚辛壬癸。".repeat(100);
        let parts = pieces(&text, 100);
        assert!(parts.iter().all(|r| text[r.clone()].ends_with('。')));
        let phone = format!("{}13812345678，{}", "公".repeat(75), "示".repeat(80));
        let parts: Vec<&str> = pieces(&phone, 80).into_iter().map(|r| &phone[r]).collect();
        assert!(parts.iter().any(|p| p.contains("13812345678")), "{parts:?}");
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[公。 1a\u{301}\n]{0,120}", most in 8_usize..40) {
            let parts = pieces(&text, most);
            let whole: String = parts.iter().map(|r| &text[r.clone()]).collect();
            prop_assert_eq!(whole, text.as_str());
            prop_assert!(parts.iter().all(|r| text[r.clone()].chars().count() <= most && !r.is_empty()));
        }

        #[test]
        fn a_cut_is_a_beginning(text in "[公 1a\u{301}👨\u{200D}]{0,40}", most in 1_usize..20) {
            let short = cut_clusters(&text, most);
            prop_assert!(text.starts_with(short.trim_end_matches(ELLIPSIS).trim_end()));
            prop_assert!(short.graphemes(true).count() <= most + 1);
        }
    }
}
