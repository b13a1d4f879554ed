//! A document cut into pieces small enough to be laid out one screen at a time, each with an estimated height.
//!
//! A document may hold ten million characters in one paragraph, and the screens wait for nobody. So it is cut from its
//! beginning on, as far as someone reads: a [`Cut`] remembers where it stands, each step looks at one piece and a little
//! more, and what is not cut yet has a height reckoned from its bytes.

use super::{pictures::shown, split::Spot};
use crate::{
    model::{Block, Cell, Span},
    scene::Picture,
    text::cut_chars,
    ui::{
        Metrics, TextSpan,
        widgets::{self, Columns},
    },
};
use std::{collections::HashMap, sync::Arc};

/// Characters of a piece of running text at most, and of an item of a list.
const MAX_WORDS: usize = 1_200;
/// Characters of a heading at most.
const MAX_HEADING: usize = 400;
/// Characters of the cells of rows that belong together at most; where they have more, each keeps its share, and so many
/// in any case.
const MAX_ROWS: usize = 6_000;
const MIN_CELL: usize = 40;
/// Lines of a piece of preformatted text, and characters of it.
const MAX_LINES: usize = 16;
const MAX_PLAIN: usize = 1_600;
/// Blocks, or runs of one, looked at to reckon how high what is not cut yet is.
const SAMPLE: usize = 2_000;
/// Bytes of a usual character of a document.
const BYTES: f32 = 3.0;

/// One piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum DocumentPiece {
    /// A heading of a level.
    Heading(Vec<TextSpan>, u8),
    /// Running text.
    Words {
        /// The words.
        spans: Vec<TextSpan>,
        /// Whether the paragraph begins here, and is indented.
        opens: bool,
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

/// Body line height, as a multiple of the type size.
pub const LEADING: f32 = 1.85;

/// A document cut as far as it was looked at.
#[derive(Debug, Default)]
pub struct Cut {
    /// The pieces so far.
    pub pieces: Vec<DocumentPiece>,
    /// The block that is cut next.
    block: usize,
    /// What of it is cut already.
    part: Part,
}

/// How far a block is cut.
#[derive(Debug, Default)]
struct Part {
    /// The item, the row or the line that comes next.
    index: usize,
    /// Where in its words the cutting goes on.
    spot: Spot,
    /// The numbers of a list by depth.
    counts: [u32; 8],
    columns: Option<Arc<Columns>>,
}

impl Cut {
    /// Whether all of a body is cut.
    pub fn is_complete(&self, body: &[Block]) -> bool {
        self.block >= body.len()
    }

    /// Cuts the next piece of a body off, for a page `width` pixels wide. What holds nothing gives no piece.
    pub fn step(&mut self, body: &[Block], pictures: &HashMap<String, Arc<Picture>>, look: &Metrics, width: f32) {
        let Some(block) = body.get(self.block) else { return };
        let is_done = match block {
            Block::Heading { level, spans } => {
                let words = Spot::default().take(spans, MAX_HEADING).unwrap_or_default();
                self.pieces.push(DocumentPiece::Heading(words, *level));
                true
            }
            Block::Paragraph { spans } => self.paragraph(spans),
            Block::List { ordered, items } => self.item(*ordered, items),
            Block::Table { rows } => self.rows(rows, look, width),
            // A page of a document that cannot be shown is read instead: its text stands for it.
            Block::Picture { src, alt } if is_page(src) && !alt.trim().is_empty() && !pictures.contains_key(src) => {
                self.page(alt)
            }
            Block::Picture { src, alt } => {
                let picture = pictures.get(src).cloned();
                let alt = cut_chars(alt, MAX_HEADING).into_owned();
                self.pieces.push(DocumentPiece::Picture { address: src.clone(), alt, picture });
                true
            }
            Block::Preformatted { text } => self.plain(text),
            Block::Rule => {
                self.pieces.push(DocumentPiece::Rule);
                true
            }
        };
        if is_done {
            self.block += 1;
            self.part = Part::default();
        }
    }

    /// About how high is what is not cut yet, pixels.
    pub fn rest(&self, body: &[Block], look: &Metrics, width: f32) -> f32 {
        let left = body.get(self.block..).unwrap_or_default();
        let heights = left.iter().take(SAMPLE).enumerate().map(|(i, block)| {
            let done = if i == 0 { self.part.done(block) } else { 0.0 };
            estimate(block, look, width) * (1.0 - done)
        });
        let sum: f32 = heights.sum();
        sum * left.len() as f32 / left.len().clamp(1, SAMPLE) as f32
    }

    fn paragraph(&mut self, spans: &[Span]) -> bool {
        let opens = self.part.spot.is_start();
        match self.part.spot.take(spans, MAX_WORDS) {
            Some(spans) => self.pieces.push(DocumentPiece::Words { spans, opens }),
            // A paragraph without words still has its line.
            None if opens => self.pieces.push(DocumentPiece::Words { spans: vec![empty()], opens }),
            None => {}
        }
        self.part.spot.is_end(spans)
    }

    fn item(&mut self, ordered: bool, items: &[crate::model::ListItem]) -> bool {
        let Some(item) = items.get(self.part.index) else { return true };
        let depth = usize::from(item.depth).min(self.part.counts.len() - 1);
        let opens = self.part.spot.is_start();
        let mut mark = String::new();
        if opens {
            let counts = &mut self.part.counts;
            counts.iter_mut().skip(depth + 1).for_each(|c| *c = 0);
            let number = counts.get_mut(depth).map_or(1, |c| {
                *c += 1;
                *c
            });
            mark = if ordered { format!("{number}.") } else { "•".to_owned() };
        }
        let words = self.part.spot.take(&item.spans, MAX_WORDS);
        if opens || words.is_some() {
            self.pieces.push(DocumentPiece::Item(mark, depth as u8, words.unwrap_or_default()));
        }
        if self.part.spot.is_end(&item.spans) {
            self.part.index += 1;
            self.part.spot = Spot::default();
        }
        self.part.index >= items.len()
    }

    fn rows(&mut self, rows: &[Vec<Cell>], look: &Metrics, width: f32) -> bool {
        if rows.is_empty() {
            return true;
        }
        let columns = self.part.columns.get_or_insert_with(|| Arc::new(widgets::columns(look, rows, width)));
        let group = widgets::row_group(rows, self.part.index);
        let (first, last) = (group.start == 0, group.end >= rows.len());
        self.part.index = group.end;
        let rows = rows.get(group).unwrap_or_default();
        let cells: usize = rows.iter().map(Vec::len).sum();
        let bytes: usize = rows.iter().flatten().map(|cell| cell.text.len()).sum();
        // Bytes are at least characters: most rows are whole.
        let max = if bytes <= MAX_ROWS { MAX_ROWS } else { (MAX_ROWS / cells.max(1)).max(MIN_CELL) };
        let cell = |cell: &Cell| Cell {
            text: cut_chars(cell.text.trim(), max).into_owned(),
            header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
        };
        let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        self.pieces.push(DocumentPiece::Rows { columns: Arc::clone(columns), rows, first, last });
        last
    }

    /// The words of a page, a paragraph a line.
    fn page(&mut self, alt: &str) -> bool {
        let (head, rest) = alt.split_at_checked(self.part.index).unwrap_or((alt, ""));
        let opens = head.is_empty() || head.ends_with('\n');
        let room = rest.char_indices().nth(MAX_WORDS).map_or(rest.len(), |(at, _)| at);
        let near = rest.get(..room).unwrap_or(rest);
        let end = near.find('\n').map_or(room, |at| at + 1);
        let line = near.get(..end).unwrap_or(near).trim();
        if !line.is_empty() {
            self.pieces.push(DocumentPiece::Words {
                spans: vec![TextSpan { text: line.replace('\t', " "), ..empty() }],
                opens,
            });
        }
        self.part.index += end;
        self.part.index >= alt.len()
    }

    fn plain(&mut self, text: &str) -> bool {
        let rest = text.get(self.part.index..).unwrap_or_default();
        let room = rest.char_indices().nth(MAX_PLAIN).map_or(rest.len(), |(at, _)| at);
        let head = rest.get(..room).unwrap_or(rest);
        let lines = head.match_indices('\n').nth(MAX_LINES - 1).map(|(at, _)| at + 1);
        // A line is broken only where it is too long by itself.
        let whole = || head.rfind('\n').map(|at| at + 1).filter(|_| room < rest.len());
        let end = lines.or_else(whole).unwrap_or(room);
        self.part.index += end;
        let lines: Vec<&str> = head.get(..end).unwrap_or_default().lines().collect();
        if !lines.is_empty() {
            self.pieces.push(DocumentPiece::Plain(lines.join("\n")));
        }
        self.part.index >= text.len()
    }
}

impl Part {
    /// The share of a block that is cut.
    fn done(&self, block: &Block) -> f32 {
        let share = |done: usize, all: usize| (done as f32 / all.max(1) as f32).min(1.0);
        match block {
            Block::Paragraph { spans } => self.spot.share(spans),
            Block::List { items, .. } => share(self.index, items.len()),
            Block::Table { rows } => share(self.index, rows.len()),
            Block::Picture { alt, .. } => share(self.index, alt.len()),
            Block::Preformatted { text } => share(self.index, text.len()),
            Block::Heading { .. } | Block::Rule => 0.0,
        }
    }
}

fn empty() -> TextSpan {
    TextSpan { text: String::new(), bold: false, colour: None }
}

/// Whether a picture is a page of a PDF.
fn is_page(src: &str) -> bool {
    src.rsplit_once('#').is_some_and(|(_, fragment)| fragment.starts_with("page="))
}

/// About how high a block is, pixels, reckoned from its bytes.
fn estimate(block: &Block, look: &Metrics, width: f32) -> f32 {
    let size = look.pt(look.size().body);
    let line = (size * LEADING).round();
    let of_bytes = |bytes: usize| (bytes as f32 / BYTES * size / width.max(size)).ceil().max(1.0) * line;
    let of_spans = |spans: &[Span]| {
        let sum: usize = spans.iter().take(SAMPLE).map(|s| s.text.len()).sum();
        of_bytes(sum * spans.len().div_ceil(SAMPLE).max(1))
    };
    match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans } => of_spans(spans),
        Block::List { items, .. } => {
            let sum: f32 = items.iter().take(SAMPLE).map(|item| of_spans(&item.spans)).sum();
            sum * items.len() as f32 / items.len().clamp(1, SAMPLE) as f32
        }
        Block::Table { rows } => rows.len() as f32 * look.pt(68.0),
        Block::Picture { alt, .. } => look.pt(160.0).max(of_bytes(alt.len())),
        Block::Preformatted { text } => of_bytes(text.len()),
        Block::Rule => look.px(50.0),
    }
}

impl DocumentPiece {
    /// Characters in it: what looking at it cost.
    pub fn chars(&self) -> usize {
        let of = |spans: &[TextSpan]| spans.iter().map(|s| s.text.chars().count()).sum();
        match self {
            Self::Heading(spans, _) | Self::Words { spans, .. } | Self::Item(_, _, spans) => of(spans),
            Self::Rows { rows, .. } => rows.iter().flatten().map(|cell| cell.text.chars().count()).sum(),
            Self::Picture { alt, .. } => alt.chars().count(),
            Self::Plain(text) => text.chars().count(),
            Self::Rule => 0,
        }
    }

    /// About how high it is, pixels.
    pub fn estimate(&self, look: &Metrics, width: f32) -> f32 {
        let size = look.pt(look.size().body);
        let lines = |spans: &[TextSpan], size: f32, width: f32, indent: f32| {
            let wide = |c: char| if c as u32 >= 0x1100 { 1.0 } else { 0.56 };
            let ems: f32 = spans.iter().flat_map(|s| s.text.chars()).map(wide).sum();
            ((ems + indent) * size / width.max(size)).ceil().max(1.0)
        };
        match self {
            Self::Heading(spans, _) => lines(spans, look.pt(34.0), width, 0.0) * look.pt(54.0) + look.pt(24.0),
            Self::Words { spans, opens } => {
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

    fn look() -> Metrics {
        Metrics::new(&Theme::default(), 1080, 1920, false)
    }

    fn cut(body: &[Block]) -> Vec<DocumentPiece> {
        let mut cut = Cut::default();
        while !cut.is_complete(body) {
            cut.step(body, &HashMap::new(), &look(), 852.0);
        }
        cut.pieces
    }

    #[test]
    fn a_long_paragraph_is_cut_at_sentence_ends() {
        let text = "示例镇人民政府公开本年度预算。".repeat(2000);
        let pieces = cut(&[Block::Paragraph { spans: vec![Span::plain(text)] }]);
        assert!(pieces.len() >= 20, "{}", pieces.len());
        for (i, piece) in pieces.iter().enumerate() {
            let DocumentPiece::Words { spans, opens } = piece else { panic!("{piece:?}") };
            assert_eq!(*opens, i == 0);
            assert!(spans.last().is_some_and(|s| s.text.ends_with('。')));
            assert!(piece.estimate(&look(), 852.0) < 3600.0);
        }
    }

    #[test]
    fn a_page_that_is_not_at_hand_is_its_text_and_any_other_picture_its_frame() {
        let picture = |src: &str| Block::Picture { src: src.into(), alt: "第一行\n\n第二行".into() };
        let pages = cut(&[picture("http://portal.example/a.pdf#page=12")]);
        assert!(
            matches!(pages.as_slice(), [DocumentPiece::Words { .. }, DocumentPiece::Words { opens: true, .. }]),
            "{pages:?}"
        );
        assert!(matches!(cut(&[picture("http://portal.example/a.png")]).as_slice(), [DocumentPiece::Picture { .. }]));
    }

    #[test]
    fn whatever_is_large_is_cut_into_small_steps_and_what_is_left_is_reckoned() {
        let long = "示例镇公开预算。".repeat(40_000);
        let cell = |text: &str| Cell { text: text.into(), header: false, colspan: 1, rowspan: 1 };
        let item = crate::model::ListItem { depth: 0, spans: vec![Span::plain(long.clone())] };
        let bodies = [
            vec![Block::Paragraph { spans: vec![Span::plain(long.clone())] }],
            vec![Block::Paragraph { spans: vec![Span::plain("字"); 200_000] }],
            vec![Block::Heading { level: 1, spans: vec![Span::plain(long.clone())] }],
            vec![Block::List { ordered: true, items: vec![item] }],
            vec![Block::Table { rows: vec![vec![cell(&long), cell("1")]; 3] }],
            vec![Block::Preformatted { text: long.clone() }],
            vec![Block::Picture { src: "a.pdf#page=1".into(), alt: long.clone() }],
            vec![Block::Picture { src: "a.png".into(), alt: long }],
        ];
        for body in &bodies {
            let mut cut = Cut::default();
            let whole = cut.rest(body, &look(), 852.0);
            let mut steps = 0;
            let mut most = 0;
            while !cut.is_complete(body) {
                let from = cut.pieces.len();
                cut.step(body, &HashMap::new(), &look(), 852.0);
                most = most.max(cut.pieces.iter().skip(from).map(DocumentPiece::chars).sum());
                steps += 1;
                assert!(steps < 2_000, "{:?}", body.first());
            }
            assert!(most <= MAX_ROWS + 8, "{most}");
            assert_eq!(cut.rest(body, &look(), 852.0), 0.0);
            let high: f32 = cut.pieces.iter().map(|p| p.estimate(&look(), 852.0)).sum();
            let is_running = matches!(cut.pieces.first(), Some(DocumentPiece::Words { .. } | DocumentPiece::Item(..)));
            assert!(!is_running || (high * 0.5..high * 2.0).contains(&whole), "{whole} {high}");
        }
    }
}
