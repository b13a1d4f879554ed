//! Words cut at a stated length before anything is measured or shaped: what no screen can show must not hold one up.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// Characters that one line ever shows at most: more of the narrowest letters do not fit the widest screen.
pub const MAX_LINE_CHARS: usize = 400;
/// Characters of a title at most.
pub const MAX_TITLE_CHARS: usize = 300;
/// Characters that are ever shaped as one text.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// The words, or their beginning and `…` where they have more than `max` characters. It ends where a reader sees a
/// border between two characters, unless the last of them is made of more than half of what there is: a million marks
/// over one letter are cut as well. Looks no further than the cut.
pub fn cut_chars(words: &str, max: usize) -> Cow<'_, str> {
    let nth = |n: usize| words.char_indices().nth(n).map(|(at, _)| at);
    // So many bytes are no more characters.
    let Some(end) = (words.len() > max).then(|| nth(max)).flatten() else { return Cow::Borrowed(words) };
    let ahead = nth(max + 1).unwrap_or(words.len());
    let near = words.get(..ahead).unwrap_or_default();
    let border = near.grapheme_indices(true).map(|(at, _)| at).take_while(|at| *at <= end).last().unwrap_or(end);
    let cut = if border * 2 > end { border } else { end };
    Cow::Owned(format!("{}…", words.get(..cut).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_short_stays_and_what_is_long_ends_at_a_border() {
        assert_eq!(cut_chars("示例", 2), "示例");
        assert!(matches!(cut_chars("示例", 2), Cow::Borrowed(_)));
        assert_eq!(cut_chars("示例镇", 2), "示例…");
        assert_eq!(cut_chars("abcde\u{301}f", 5), "abcd…", "a letter keeps its mark or goes with it");
        assert_eq!(cut_chars("", 0), "");
    }

    #[test]
    fn a_million_marks_over_one_letter_are_cut_too() {
        let marks = format!("a{}", "\u{301}".repeat(1_000_000));
        let short = cut_chars(&marks, 300);
        assert_eq!(short.chars().count(), 301);
    }

    proptest! {
        #[test]
        fn it_is_a_beginning_of_at_most_so_many(words in "\\PC{0,60}", max in 0..40usize) {
            let short = cut_chars(&words, max);
            prop_assert!(short.chars().count() <= max + 1);
            match short.strip_suffix('…') {
                Some(beginning) if short != words => prop_assert!(words.starts_with(beginning)),
                _ => prop_assert_eq!(&*short, &*words),
            }
        }
    }
}
