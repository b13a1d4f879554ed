//! Where a ticker's text may be parted: pieces are shaped by themselves, so a piece ends where nothing joins.

/// Length in bytes of the first piece of `text`: about `most` characters, parted between full-width characters or
/// before a space; a long run without either is parted between any two letters, never before a mark.
pub(super) fn piece(text: &str, most: usize) -> usize {
    let most = most.max(1);
    let hard = (most * 2).max(32);
    let (mut good, mut any) = (0, 0);
    let mut previous = None;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if let Some(p) = previous
            && !joins(p, c)
        {
            any = at;
            if c == ' ' || wide(p) || wide(c) || p == '\u{0f0b}' {
                good = at;
            }
        }
        if count >= most && good > 0 {
            return good;
        }
        if count >= hard && any > 0 {
            return any;
        }
        previous = Some(c);
    }
    text.len()
}

/// Whether `c` is one with what stands before it: marks, variation selectors, joined emoji.
fn joins(before: char, c: char) -> bool {
    before == '\u{200d}'
        || matches!(c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' | '\u{900}'..='\u{903}'
            | '\u{93a}'..='\u{94f}' | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{f35}'..='\u{f39}'
            | '\u{f71}'..='\u{fbc}' | '\u{1ab0}'..='\u{1aff}' | '\u{200c}'..='\u{200d}' | '\u{20d0}'..='\u{20ff}'
            | '\u{302a}'..='\u{302f}' | '\u{3099}'..='\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e01ef}')
}

/// Whether it is full-width: its neighbours do not change its shape.
fn wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(mut text: &str, most: usize) -> Vec<&str> {
        let mut out = Vec::new();
        while !text.is_empty() {
            let (first, rest) = text.split_at(piece(text, most));
            out.push(first);
            text = rest;
        }
        out
    }

    #[test]
    fn parts_where_nothing_joins() {
        assert_eq!(pieces("一二三四五", 2), ["一二", "三四", "五"]);
        assert_eq!(pieces("see 2026 年", 4), ["see", " 2026", " 年"]);
        assert_eq!(pieces("葛\u{e0100}城", 1), ["葛\u{e0100}", "城"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_piece_is_long(text in "[一-龥a-z \u{301}\u{fe0f}ء-ي]{1,300}", most in 1_usize..40) {
            let all = pieces(&text, most);
            prop_assert_eq!(all.concat(), text.as_str());
            prop_assert!(all.iter().all(|p| !p.is_empty()));
        }
    }
}
