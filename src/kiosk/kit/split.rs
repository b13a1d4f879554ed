//! Running text in parts of a bounded length, cut at ends of sentences where there are any.

use crate::{model::Span, ui::TextSpan};

/// A place in the runs of a paragraph from which on it is still to be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    span: usize,
    /// Bytes into the run.
    byte: usize,
}

impl Spot {
    /// Whether nothing is cut off yet.
    pub fn is_start(self) -> bool {
        self == Self::default()
    }

    /// Whether nothing but space is left.
    pub fn is_end(self, spans: &[Span]) -> bool {
        let mut rest = spans.get(self.span..).unwrap_or_default().iter();
        let here = rest.next().and_then(|s| s.text.get(self.byte..)).unwrap_or_default();
        here.trim_start().is_empty() && rest.all(|s| s.text.trim_start().is_empty())
    }

    /// About which share of the bytes is cut off.
    pub fn share(self, spans: &[Span]) -> f32 {
        let Some(here) = spans.get(self.span) else { return 1.0 };
        let within = self.byte as f32 / here.text.len().max(1) as f32;
        (self.span as f32 + within) / spans.len() as f32
    }

    /// Cuts the next at most `limit` characters off; `None` where nothing but space is left. Sources indent by spaces of
    /// many kinds: those at both ends of the paragraph are left out, since the page indents by itself.
    pub fn take(&mut self, spans: &[Span], limit: usize) -> Option<Vec<TextSpan>> {
        loop {
            if self.is_end(spans) {
                self.span = spans.len();
                return None;
            }
            let part = self.part(spans, limit);
            if part.iter().any(|s| !s.text.trim().is_empty()) {
                return Some(part);
            }
        }
    }

    fn part(&mut self, spans: &[Span], limit: usize) -> Vec<TextSpan> {
        let mut part: Vec<TextSpan> = Vec::new();
        let mut have = 0;
        let is_first = self.is_start();
        while let Some(span) = spans.get(self.span) {
            let rest = span.text.get(self.byte..).unwrap_or_default();
            let room = limit.saturating_sub(have).max(1);
            let over = rest.char_indices().nth(room).map(|(at, _)| at);
            let end = over.map_or(rest.len(), |end| sentence(rest.get(..end).unwrap_or(rest)).unwrap_or(end));
            let mut text = rest.get(..end).unwrap_or_default().replace('\t', " ");
            have += text.chars().count();
            if is_first && self.span == 0 && part.is_empty() {
                text = text.trim_start().to_owned();
            }
            part.push(TextSpan { text, bold: span.style.bold, colour: None });
            if over.is_some() {
                self.byte += end;
                break;
            }
            (self.span, self.byte) = (self.span + 1, 0);
            // Runs may be short and many.
            if have >= limit {
                break;
            }
        }
        if self.is_end(spans) {
            self.span = spans.len();
            if let Some(last) = part.last_mut() {
                last.text.truncate(last.text.trim_end().len());
            }
        }
        part
    }
}

/// Where the last sentence of a beginning ends, in bytes; one that ends in the first half would leave the part too short.
fn sentence(head: &str) -> Option<usize> {
    let ends = head.char_indices().rev().find(|(_, c)| matches!(c, '。' | '！' | '？' | '；' | '\n'));
    ends.map(|(at, c)| at + c.len_utf8()).filter(|end| *end * 2 > head.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SpanStyle;
    use proptest::prelude::*;

    fn parts(spans: &[Span], limit: usize) -> Vec<Vec<TextSpan>> {
        let mut spot = Spot::default();
        std::iter::from_fn(|| spot.take(spans, limit)).collect()
    }

    #[test]
    fn parts_end_with_sentences_and_space_at_both_ends_is_left_out() {
        let text = format!("　　{}  ", "示例镇人民政府公开本年度预算。".repeat(200));
        let parts = parts(&[Span::plain(text)], 1_200);
        assert!(parts.len() >= 3 && parts.iter().all(|p| p.last().is_some_and(|s| s.text.ends_with('。'))));
        assert!(parts.first().is_some_and(|p| p.first().is_some_and(|s| s.text.starts_with('示'))));
        assert_eq!(super::tests::parts(&[Span::plain(" \t ")], 10), Vec::<Vec<TextSpan>>::new());
    }

    proptest! {
        #[test]
        fn cutting_loses_no_word(words in "[a-z。；示例\n ]{0,400}", limit in 1..90usize) {
            let style = |bold| Span { text: words.clone(), style: SpanStyle { bold }, link: None };
            let parts = parts(&[style(false), style(true)], limit);
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let all: String = parts.iter().flatten().map(|s| s.text.as_str()).collect();
            prop_assert_eq!(bare(&all), bare(&(words.clone() + &words)));
            prop_assert!(parts.iter().all(|p| p.iter().map(|s| s.text.chars().count()).sum::<usize>() <= limit + 1));
        }
    }
}
