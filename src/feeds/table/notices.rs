//! The lines of a sheet as notices.

use super::{
    cell::SheetRow,
    day,
    sink::{OpenSheet, SheetSink},
    totals,
    typed::{address, short},
};
use crate::{
    feeds::{Harvested, StopToken, sanitize, words},
    model::{Attachment, Block, Notice, Span},
};
use url::Url;

/// Characters of a summary.
const SUMMARY: usize = 400;

/// Takes a line below the titles.
pub fn take(sink: &mut SheetSink<'_>, open: &OpenSheet, line: &SheetRow) {
    let cell = |i: usize| open.header.columns.get(i).copied().flatten().map(|at| line.cell(at));
    let text = |i: usize| cell(i).map(|c| c.text().into_owned()).filter(|t| !t.is_empty());
    let raw = |i: usize| match cell(i) {
        Some(super::SheetCell::Text(text)) => text.clone(),
        Some(cell) => cell.text().into_owned(),
        None => String::new(),
    };
    let Some(title) = text(0) else {
        if totals::word(line).is_none() && line.filled().count() > 1 {
            sink.fault(open, line.number, ": the notice has no title; fill it in");
        }
        return;
    };
    let base = sink.file.base.as_ref();
    let mut faults = Vec::new();
    let mut time = |i: usize| {
        let cell = cell(i).filter(|c| !c.is_empty())?;
        let read = day::day(cell, &open.years).and_then(|at| day::instant(at, &open.years.zone));
        if read.is_none() {
            faults.push(format!(": `{}` is not a date; write it as 2026-11-23", short(&cell.text())));
        }
        read
    };
    let (published, updated) = (time(3), time(4));
    let link = text(2).and_then(|l| address(&l, base));
    let body = body(&raw(5), base, sink.stop);
    let words = body.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
    let files = raw(9);
    let attachments = files.split([';', '；', '\n', '\r']).map(str::trim).filter(|w| !w.is_empty());
    let attachment = |word: &str| Some(Attachment { url: address(word, base)?, media_type: None, title: None });
    let notice = Notice {
        key: entry_key([text(1), link.clone(), text(8)], &title),
        title,
        issuer: text(7),
        number: text(8),
        published,
        updated,
        summary: words::cut(&text(6).unwrap_or(words), SUMMARY),
        body,
        attachments: attachments.filter_map(attachment).collect(),
        link,
        ..Notice::default()
    };
    for fault in faults {
        sink.fault(open, line.number, &fault);
    }
    sink.out.notice(Harvested { notice, source: sink.file.name.clone() });
}

/// The first that there is, else the title.
pub fn entry_key(known: [Option<String>; 3], title: &str) -> String {
    known.into_iter().flatten().find(|k| !k.trim().is_empty()).unwrap_or_else(|| title.to_owned())
}

/// A body of plain text or of HTML as clean blocks.
pub fn body(text: &str, base: Option<&Url>, stop: &StopToken) -> Vec<Block> {
    if ["</", "/>", "<br", "<p>", "<img"].iter().any(|tag| text.contains(tag)) {
        return sanitize::blocks_until(text, base, stop);
    }
    let line = |line: &str| sanitize::tidy(vec![Span::plain(line)]);
    text.lines().map(line).filter(|s| !s.is_empty()).map(|spans| Block::Paragraph { spans }).collect()
}
