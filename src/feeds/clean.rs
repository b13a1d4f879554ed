//! What every harvest goes through before it leaves this room, so that neither store nor screen ever holds anything else:
//! what is beyond all measure is cut, what identifies a person is masked, then what nobody can see is taken out.
//!
//! In this order, since marks that turn the direction tell how a number is read, and are gone afterwards. Rows were given
//! the same when their cells were read and their keys made (`table/cell.rs`, `table/finish.rs`). Addresses stay as they
//! are: what is hidden is escaped in them. Document numbers are not masked.

use super::{
    Harvest, HarvestOutcome, ItemFault,
    bound::{MAX_TITLE, bound_line, cut_lines, digest, shorten},
};
use crate::{
    model::{Block, Notice, Span, mask, mask_blocks},
    net::redacted,
    text::{visible, visible_line},
};
use std::borrow::Cow;

/// Notices of one look of which it is said that something was cut.
const MAX_SAID: usize = 50;
/// Of a fault's item and of its reason.
const MAX_FAULT: usize = 600;
/// Characters of a title that is made of a body, and what stands where there is none either.
const TITLE: usize = 40;
const UNTITLED: &str = "（无标题）";

impl Harvest {
    /// Cuts what is too long, masks ID numbers, mobile phone numbers and bank cards in all words of what came, and takes
    /// out what is hidden. What was cut is said among the faults.
    pub(super) fn cleaned(mut self) -> Self {
        match &mut self.outcome {
            HarvestOutcome::Unchanged => {}
            HarvestOutcome::Notices { items, faults, .. } => {
                let mut said = Vec::new();
                for harvested in items {
                    if let Cow::Owned(shown) = redacted(&harvested.source) {
                        harvested.source = shown;
                    }
                    let cut = notice(&mut harvested.notice);
                    if !cut.is_empty() {
                        said.push(ItemFault { item: harvested.notice.title.clone(), reason: cut.join("; ") });
                    }
                }
                if said.len() > MAX_SAID {
                    let reason = format!("and {} more items have something that is cut", said.len() - MAX_SAID);
                    said.truncate(MAX_SAID);
                    said.push(ItemFault { item: String::new(), reason });
                }
                faults.iter_mut().for_each(fault);
                faults.extend(said);
            }
            HarvestOutcome::Rows { faults, .. } => faults.iter_mut().for_each(fault),
        }
        self
    }
}

fn become_line(text: &mut String) {
    if let Cow::Owned(seen) = visible_line(text) {
        seen.trim().clone_into(text);
    }
}

fn become_visible(text: &mut String) {
    if let Cow::Owned(seen) = visible(text) {
        *text = seen;
    }
}

/// Cleans one notice, by the rules at the head of this file; gives what was cut.
fn notice(notice: &mut Notice) -> Vec<String> {
    // A title that is all there is to tell a notice by is kept as its key; of one that is cut, all of it tells.
    let is_title = notice.key == notice.title;
    let whole = (is_title && notice.title.chars().nth(MAX_TITLE).is_some()).then(|| digest(&notice.title));
    shorten(notice);
    mask_notice(notice);
    show_notice(notice);
    if is_title {
        notice.key = whole.unwrap_or_else(|| notice.title.clone());
    }
    cut_lines(notice)
}

fn mask_line(text: &mut String) {
    if let Cow::Owned(masked) = mask(text) {
        *text = masked;
    }
}

fn mask_notice(notice: &mut Notice) {
    [&mut notice.title, &mut notice.summary].into_iter().for_each(mask_line);
    [&mut notice.issuer, &mut notice.author].into_iter().flatten().for_each(mask_line);
    mask_blocks(&mut notice.body);
    notice.attachments.iter_mut().filter_map(|a| a.title.as_mut()).for_each(mask_line);
    if let Some(warning) = &mut notice.warning {
        mask_line(&mut warning.instruction);
    }
}

/// Takes out of all words of a notice what nobody can see.
pub fn show_notice(notice: &mut Notice) {
    let Notice { key, title, kind, catalogue, issuer, number, author, summary, body, attachments, warning, .. } =
        notice;
    [key, kind, catalogue, summary].into_iter().for_each(become_line);
    [issuer, number, author].into_iter().flatten().for_each(become_line);
    become_line(title);
    show_blocks(body);
    if title.is_empty() {
        *title = match super::words::cut(&notice.summary, TITLE) {
            words if words.is_empty() => UNTITLED.to_owned(),
            words => words,
        };
    }
    for attachment in attachments {
        [&mut attachment.title, &mut attachment.media_type].into_iter().flatten().for_each(become_line);
    }
    if let Some(warning) = warning {
        [&mut warning.identifier, &mut warning.event].into_iter().for_each(become_line);
        [&mut warning.areas, &mut warning.codes, &mut warning.references].into_iter().flatten().for_each(become_line);
        become_visible(&mut warning.instruction);
    }
}

/// Takes it out of a document; a block that had nothing to be seen goes.
fn show_blocks(blocks: &mut Vec<Block>) {
    let show = |spans: &mut Vec<Span>| {
        spans.iter_mut().for_each(|span| become_visible(&mut span.text));
        spans.retain(|span| !span.text.is_empty());
        !spans.is_empty()
    };
    blocks.retain_mut(|block| match block {
        Block::Heading { spans, .. } | Block::Paragraph { spans } => show(spans),
        Block::List { items, .. } => {
            items.retain_mut(|item| show(&mut item.spans));
            !items.is_empty()
        }
        Block::Table { rows } => {
            rows.iter_mut().flatten().for_each(|cell| become_visible(&mut cell.text));
            true
        }
        Block::Picture { alt, .. } => {
            become_line(alt);
            true
        }
        Block::Preformatted { text } => {
            become_visible(text);
            !text.is_empty()
        }
        Block::Rule => true,
    });
}

/// A fault quotes what could not be read.
fn fault(fault: &mut ItemFault) {
    for text in [&mut fault.item, &mut fault.reason] {
        bound_line(text, MAX_FAULT);
        mask_line(text);
        become_line(text);
    }
}

#[cfg(test)]
#[path = "clean/tests.rs"]
mod tests;
