//! Words of a notice or a row within lengths that can be laid out and read; what is cut is said.

use crate::{
    model::{Block, ListItem, Notice, Span},
    text::{cut_clusters, few_marks, pieces},
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fmt::Write as _};

/// What a reader counts of a title or a heading.
pub const MAX_TITLE: usize = 300;
/// Of a name, a unit, a number, a status.
pub const MAX_NAME: usize = 200;
/// Of a summary, and of what people are to do in a warning.
const MAX_SUMMARY: usize = 2_000;
/// Of a cell.
pub const MAX_CELL: usize = 5_000;
/// Characters of one paragraph, item or piece of preformatted text; what is longer becomes several.
const MAX_PARAGRAPH: usize = 20_000;
/// Bytes of an identity; a longer one is told by a digest of it.
const MAX_KEY: usize = 2_000;
/// What is hidden in a line takes its room only once it is gone: before that, a line may be so many times as long.
const HIDDEN: usize = 32;

/// Shortens what is beyond all measure, so that masking and folding it cannot take ten million characters' space several
/// times over. Long paragraphs become several.
pub(super) fn shorten(notice: &mut Notice) {
    bound(notice, &mut |_, text, most| {
        bound_line(text, most * HIDDEN);
    });
    if notice.key.len() > MAX_KEY {
        notice.key = digest(&notice.key);
    }
}

/// Cuts every line of a notice to what can be read and laid out; gives what was cut, each in a few words.
pub(super) fn cut_lines(notice: &mut Notice) -> Vec<String> {
    let mut said = Vec::new();
    bound(notice, &mut |name, text, most| {
        if bound_line(text, most) {
            said.push(format!("{name} is longer than {most} characters and is cut"));
        }
    });
    said.dedup();
    said
}

fn bound(notice: &mut Notice, line: &mut impl FnMut(&str, &mut String, usize)) {
    line("its title", &mut notice.title, MAX_TITLE);
    line("its summary", &mut notice.summary, MAX_SUMMARY);
    for (name, text) in [("its kind", &mut notice.kind), ("its heading", &mut notice.catalogue)] {
        line(name, text, MAX_NAME);
    }
    let named =
        [("its issuer", &mut notice.issuer), ("its number", &mut notice.number), ("its author", &mut notice.author)];
    for (name, text) in named {
        text.iter_mut().for_each(|text| line(name, text, MAX_NAME));
    }
    for attachment in &mut notice.attachments {
        attachment.title.iter_mut().for_each(|title| line("the title of a file", title, MAX_TITLE));
        attachment.media_type.iter_mut().for_each(|kind| line("the type of a file", kind, MAX_NAME));
    }
    if let Some(warning) = &mut notice.warning {
        line("its identifier", &mut warning.identifier, MAX_NAME);
        line("its event", &mut warning.event, MAX_NAME);
        line("its instruction", &mut warning.instruction, MAX_SUMMARY);
        let lists = [&mut warning.areas, &mut warning.codes, &mut warning.references];
        lists.into_iter().flatten().for_each(|text| line("one of its areas, codes or references", text, MAX_NAME));
    }
    bound_blocks(&mut notice.body, line);
}

/// Takes down piles of marks, without a word, and cuts a line; gives whether it was cut.
pub(super) fn bound_line(text: &mut String, most: usize) -> bool {
    if let Cow::Owned(thin) = few_marks(text) {
        *text = thin;
    }
    match cut_clusters(text, most) {
        Cow::Borrowed(_) => false,
        Cow::Owned(short) => {
            *text = short;
            true
        }
    }
}

fn thin(text: &mut String) {
    if let Cow::Owned(thin) = few_marks(text) {
        *text = thin;
    }
}

/// What tells a text that is too long to be told by itself.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold("sha256:".to_owned(), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn bound_blocks(blocks: &mut Vec<Block>, line: &mut impl FnMut(&str, &mut String, usize)) {
    let is_long = |spans: &[Span]| spans.iter().map(|s| s.text.len()).sum::<usize>() > MAX_PARAGRAPH;
    let is_any = blocks.iter().any(|block| match block {
        Block::Paragraph { spans } => is_long(spans),
        Block::Heading { spans, .. } => spans.iter().map(|s| s.text.len()).sum::<usize>() > MAX_TITLE,
        Block::List { items, .. } => items.iter().any(|item| is_long(&item.spans)),
        Block::Preformatted { text } => text.len() > MAX_PARAGRAPH,
        _ => false,
    });
    if is_any {
        *blocks = std::mem::take(blocks).into_iter().flat_map(parted).collect();
    }
    for block in blocks {
        match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans } => {
                spans.iter_mut().for_each(|s| thin(&mut s.text))
            }
            Block::List { items, .. } => {
                items.iter_mut().flat_map(|item| &mut item.spans).for_each(|s| thin(&mut s.text));
            }
            Block::Table { rows } => {
                rows.iter_mut().flatten().for_each(|cell| line("a cell of its text", &mut cell.text, MAX_CELL));
            }
            Block::Picture { alt, .. } => line("the words for a picture", alt, MAX_TITLE),
            Block::Preformatted { text } => thin(text),
            Block::Rule => {}
        }
    }
}

/// One block as several of the same words.
fn parted(block: Block) -> Vec<Block> {
    match block {
        // Nobody heads a page with pages.
        Block::Heading { spans, .. } if spans.iter().map(|s| s.text.chars().count()).sum::<usize>() > MAX_TITLE => {
            parted(Block::Paragraph { spans })
        }
        Block::Paragraph { spans } => parted_spans(spans).into_iter().map(|spans| Block::Paragraph { spans }).collect(),
        Block::List { ordered, items } => {
            let items = items.into_iter().flat_map(|item| {
                let depth = item.depth;
                parted_spans(item.spans).into_iter().map(move |spans| ListItem { depth, spans })
            });
            vec![Block::List { ordered, items: items.collect() }]
        }
        Block::Preformatted { text } => {
            let piece = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
            pieces(&text, MAX_PARAGRAPH).into_iter().map(|r| Block::Preformatted { text: piece(r) }).collect()
        }
        block => vec![block],
    }
}

/// The runs of one paragraph as those of several, none of them longer than a paragraph may be.
fn parted_spans(spans: Vec<Span>) -> Vec<Vec<Span>> {
    let mut paragraphs = vec![Vec::new()];
    let mut room = MAX_PARAGRAPH;
    for span in spans {
        let count = span.text.chars().count();
        if count <= room {
            room -= count;
            if let Some(last) = paragraphs.last_mut() {
                last.push(span);
            }
            continue;
        }
        for range in pieces(&span.text, MAX_PARAGRAPH) {
            let text = span.text.get(range).unwrap_or_default().to_owned();
            room = MAX_PARAGRAPH.saturating_sub(text.chars().count());
            paragraphs.push(vec![Span { text, ..span.clone() }]);
        }
    }
    paragraphs.retain(|spans| !spans.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cell;

    const MILLION: usize = 1_000_000;

    /// What a harvest's notice goes through, but for masks and hidden characters.
    fn bounded(mut notice: Notice) -> (Notice, Vec<String>) {
        shorten(&mut notice);
        let said = cut_lines(&mut notice);
        (notice, said)
    }

    fn titled(title: String) -> (String, usize) {
        let (notice, said) = bounded(Notice { title, ..Notice::default() });
        (notice.title, said.len())
    }

    #[test]
    fn a_title_of_a_million_characters_or_marks_is_cut_and_said() {
        let (title, said) = titled("公".repeat(MILLION));
        assert_eq!((title, said), ("公".repeat(MAX_TITLE) + "…", 1));
        assert_eq!(titled("公".repeat(MAX_TITLE)), ("公".repeat(MAX_TITLE), 0));
        let pile = |count: usize| format!("示{}例", "\u{301}".repeat(count));
        assert_eq!(titled(pile(MILLION)), (pile(8), 0));
        let (endless, said) = titled("\u{1100}".repeat(MILLION));
        assert!(said == 1 && endless.chars().count() < 5_000, "{}", endless.chars().count());
        let (_, said) =
            bounded(Notice { title: "公".repeat(301), issuer: Some("局".repeat(201)), ..Notice::default() });
        assert_eq!(
            said,
            [
                "its title is longer than 300 characters and is cut",
                "its issuer is longer than 200 characters and is cut"
            ]
        );
    }

    #[test]
    fn no_part_of_a_notice_is_long_and_no_word_of_its_text_is_lost() {
        let long = "公".repeat(60_000);
        let spans = || vec![Span::plain("甲"), Span::plain(long.clone()), Span::plain("乙")];
        let cell = Cell { text: long.clone(), header: false, colspan: 1, rowspan: 1 };
        let (notice, said) = bounded(Notice {
            issuer: Some(long.clone()),
            body: vec![
                Block::Paragraph { spans: spans() },
                Block::Heading { level: 1, spans: spans() },
                Block::List { ordered: true, items: vec![ListItem { depth: 1, spans: spans() }] },
                Block::Preformatted { text: long.clone() },
                Block::Table { rows: vec![vec![cell]] },
            ],
            ..Notice::default()
        });
        assert_eq!(said.len(), 2, "{said:?}");
        let text = |block: &Block| block.plain_text().matches('公').count();
        let (tables, others): (Vec<_>, Vec<_>) =
            notice.body.iter().partition(|block| matches!(block, Block::Table { .. }));
        assert_eq!(others.into_iter().map(text).sum::<usize>(), 4 * 60_000);
        assert_eq!(tables.into_iter().map(text).sum::<usize>(), MAX_CELL);
        let count = |spans: &[Span]| spans.iter().map(|s| s.text.chars().count()).sum::<usize>();
        let longest = notice.body.iter().map(|block| match block {
            Block::Paragraph { spans } => count(spans),
            Block::List { items, .. } => items.iter().map(|i| count(&i.spans)).max().unwrap(),
            Block::Preformatted { text } => text.chars().count(),
            Block::Table { .. } => 0,
            other => panic!("{other:?}"),
        });
        assert!(longest.max().unwrap() <= MAX_PARAGRAPH);
    }

    #[test]
    fn keys_of_a_common_length_stay_and_longer_ones_stay_apart() {
        let key = |key: String| bounded(Notice { key, ..Notice::default() }).0.key;
        assert_eq!(key("k".repeat(2000)), "k".repeat(2000));
        let [one, other] = ["a", "b"].map(|end| key("k".repeat(3000) + end));
        assert!(one != other && one.len() < 300);
    }
}
