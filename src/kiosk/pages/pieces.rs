//! A document cut into pieces small enough to be laid out one screen at a time, each with an estimated height.

use crate::{
    model::{Block, Cell, Span},
    scene::Picture,
    ui::{
        Look, TextSpan,
        widgets::{self, Columns},
    },
};
use std::{collections::HashMap, sync::Arc};

/// One piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A heading of a level.
    Heading(Vec<TextSpan>, u8),
    /// Running text; `opens`: the beginning of its paragraph, to be indented. `ends`: its end.
    Words {
        /// The words.
        spans: Vec<TextSpan>,
        /// Whether the paragraph begins here.
        opens: bool,
        /// Whether the paragraph ends here.
        ends: bool,
    },
    /// A list item: its mark, its depth, its words.
    Item(String, u8, Vec<TextSpan>),
    /// Rows of a table that belong together; `first` and `last` of the table.
    Rows {
        /// The table's columns.
        columns: Arc<Columns>,
        /// The rows.
        rows: Vec<Vec<Cell>>,
        /// Whether the table begins here.
        first: bool,
        /// Whether the table ends here.
        last: bool,
    },
    /// A picture, or its alternative text as long as it is not at hand.
    Picture {
        /// Where it is from.
        address: String,
        /// What stands for it.
        alt: String,
        /// The picture.
        picture: Option<Arc<Picture>>,
    },
    /// Lines as they are.
    Plain(String),
    /// A line across.
    Rule,
}

/// Pixels down a picture may have on a page.
const HIGHEST: f32 = 1200.0;
/// Body line height, as a multiple of the type size.
pub const LEADING: f32 = 1.85;

/// The size a picture is shown in, pixels: its own, or what fits.
pub fn shown(picture: &Picture, width: f32) -> (f32, f32) {
    let (w, h) = (picture.width.max(1) as f32, picture.height.max(1) as f32);
    let scale = (width / w).min(HIGHEST / h).min(1.0);
    ((w * scale).round(), (h * scale).round())
}

/// Cuts a body into pieces, each lower than a layer may be.
pub fn cut(body: &[Block], pictures: &HashMap<String, Arc<Picture>>, look: &Look, width: f32) -> Vec<Piece> {
    let size = look.pt(look.size().body);
    let limit = ((width / size).max(4.0) * (3000.0 / (size * LEADING))) as usize;
    let mut pieces = Vec::new();
    for block in body {
        match block {
            Block::Heading { level, spans } => pieces.push(Piece::Heading(own(spans), *level)),
            Block::Paragraph { spans } => paragraph(&mut pieces, own(spans), limit),
            Block::List { ordered, items } => {
                let mut counts = [0_u32; 8];
                for item in items {
                    let depth = usize::from(item.depth).min(counts.len() - 1);
                    counts.iter_mut().skip(depth + 1).for_each(|c| *c = 0);
                    let number = counts.get_mut(depth).map_or(1, |c| {
                        *c += 1;
                        *c
                    });
                    let mark = if *ordered { format!("{number}.") } else { "•".to_owned() };
                    for (i, spans) in split(own(&item.spans), limit.clamp(200, 1200)).into_iter().enumerate() {
                        let mark = if i == 0 { mark.clone() } else { String::new() };
                        pieces.push(Piece::Item(mark, depth as u8, spans));
                    }
                }
            }
            Block::Table { rows } if !rows.is_empty() => {
                let columns = Arc::new(widgets::columns(look, rows, width));
                for group in &columns.groups {
                    let (first, last) = (group.start == 0, group.end == rows.len());
                    let rows = rows.get(group.clone()).unwrap_or_default().to_vec();
                    pieces.push(Piece::Rows { columns: Arc::clone(&columns), rows, first, last });
                }
            }
            Block::Table { .. } => {}
            // A page of a document that cannot be shown is read instead: its text stands for it.
            Block::Picture { src, alt } if is_page(src) && !alt.trim().is_empty() && !pictures.contains_key(src) => {
                for line in alt.lines().filter(|l| !l.trim().is_empty()) {
                    paragraph(&mut pieces, own(&[Span::plain(line)]), limit);
                }
            }
            Block::Picture { src, alt } => {
                let picture = pictures.get(src).cloned();
                pieces.push(Piece::Picture { address: src.clone(), alt: alt.clone(), picture });
            }
            Block::Preformatted { text } => {
                let lines: Vec<&str> = text.lines().collect();
                pieces.extend(lines.chunks(16).map(|l| Piece::Plain(l.join("\n"))));
            }
            Block::Rule => pieces.push(Piece::Rule),
        }
    }
    pieces
}

fn paragraph(pieces: &mut Vec<Piece>, spans: Vec<TextSpan>, limit: usize) {
    let parts = split(spans, limit.clamp(200, 1500));
    let count = parts.len();
    for (i, spans) in parts.into_iter().enumerate() {
        pieces.push(Piece::Words { spans, opens: i == 0, ends: i + 1 == count });
    }
}

/// Whether a picture is a page of a PDF.
fn is_page(src: &str) -> bool {
    src.rsplit_once('#').is_some_and(|(_, fragment)| fragment.starts_with("page="))
}

fn own(spans: &[Span]) -> Vec<TextSpan> {
    let mut out: Vec<TextSpan> =
        spans.iter().map(|s| TextSpan { text: s.text.replace('\t', " "), bold: s.style.bold, colour: None }).collect();
    // Sources indent by spaces of many kinds; the page indents by itself.
    if let Some(first) = out.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = out.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    out
}

/// Parts of at most about `limit` characters, cut at ends of sentences where there are any.
fn split(spans: Vec<TextSpan>, limit: usize) -> Vec<Vec<TextSpan>> {
    let mut parts = vec![Vec::new()];
    let mut have = 0;
    for span in spans {
        let mut rest = span.text.as_str();
        while !rest.is_empty() {
            let room = limit.saturating_sub(have).max(1);
            let over = rest.char_indices().nth(room).map(|(i, _)| i);
            let end = over.map_or(rest.len(), |end| {
                let head = rest.get(..end).unwrap_or(rest);
                let ends = head.char_indices().rev().find(|(_, c)| matches!(c, '。' | '！' | '？' | '；' | '\n'));
                // A sentence end in the first half would leave parts too short.
                ends.map(|(i, c)| i + c.len_utf8()).filter(|i| *i * 2 > head.len()).unwrap_or(end)
            });
            let (head, tail) = rest.split_at(end);
            if let Some(part) = parts.last_mut() {
                part.push(TextSpan { text: head.to_owned(), ..span.clone() });
            }
            have += head.chars().count();
            rest = tail;
            if over.is_some() {
                parts.push(Vec::new());
                have = 0;
            }
        }
    }
    if parts.len() > 1 {
        parts.retain(|p| p.iter().any(|s| !s.text.trim().is_empty()));
    }
    parts
}

impl Piece {
    /// About how high it is, pixels.
    pub fn estimate(&self, look: &Look, width: f32) -> f32 {
        let size = look.pt(look.size().body);
        let lines = |spans: &[TextSpan], size: f32, width: f32, indent: f32| {
            let wide = |c: char| if c as u32 >= 0x1100 { 1.0 } else { 0.56 };
            let ems: f32 = spans.iter().flat_map(|s| s.text.chars()).map(wide).sum();
            ((ems + indent) * size / width.max(size)).ceil().max(1.0)
        };
        match self {
            Self::Heading(spans, _) => lines(spans, look.pt(34.0), width, 0.0) * look.pt(54.0) + look.pt(24.0),
            Self::Words { spans, opens, .. } => {
                lines(spans, size, width, if *opens { 2.0 } else { 0.0 }) * (size * LEADING).round()
            }
            Self::Item(_, depth, spans) => {
                lines(spans, size, width - size * (1.6 + f32::from(*depth) * 1.6), 0.0) * (size * LEADING).round()
            }
            Self::Rows { rows, .. } => rows.len() as f32 * look.pt(68.0),
            Self::Picture { picture: Some(picture), .. } => shown(picture, width).1 + look.px(32.0),
            Self::Picture { picture: None, .. } => look.pt(160.0),
            Self::Plain(text) => text.lines().count() as f32 * look.pt(42.0) + look.px(40.0),
            Self::Rule => look.px(50.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;
    use proptest::prelude::*;

    fn look() -> Look {
        Look::new(&Theme::default(), 1080, 1920, false)
    }

    #[test]
    fn a_long_paragraph_is_cut_at_sentence_ends() {
        let text = "示例镇人民政府公开本年度预算。".repeat(2000);
        let pieces = cut(&[Block::Paragraph { spans: vec![Span::plain(text)] }], &HashMap::new(), &look(), 852.0);
        assert!(pieces.len() >= 20, "{}", pieces.len());
        for piece in &pieces {
            let Piece::Words { spans, .. } = piece else { panic!("{piece:?}") };
            assert!(spans.last().is_some_and(|s| s.text.ends_with('。')));
            assert!(piece.estimate(&look(), 852.0) < 3600.0);
        }
    }

    #[test]
    fn a_page_that_is_not_at_hand_is_its_text_and_any_other_picture_its_frame() {
        let picture = |src: &str| Block::Picture { src: src.into(), alt: "第一行\n第二行".into() };
        let cut = |src: &str| cut(&[picture(src)], &HashMap::new(), &look(), 852.0);
        let pages = cut("http://portal.example/a.pdf#page=12");
        assert!(matches!(pages.as_slice(), [Piece::Words { .. }, Piece::Words { .. }]), "{pages:?}");
        assert!(matches!(cut("http://portal.example/a.png").as_slice(), [Piece::Picture { .. }]));
    }

    proptest! {
        #[test]
        fn cutting_loses_no_word(words in "[a-z。；示例\n ]{0,400}", limit in 1..90usize) {
            let spans = vec![
                TextSpan { text: words.clone(), bold: false, colour: None },
                TextSpan { text: words.clone(), bold: true, colour: None },
            ];
            let parts = split(spans, limit);
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let all: String = parts.iter().flatten().map(|s| s.text.as_str()).collect();
            prop_assert_eq!(bare(&all), bare(&(words.clone() + &words)));
        }
    }
}
