//! Taking a key, a table or an entry out of a file.

use super::{
    change::{EditError, KeyPath},
    node::{Node, follow},
    outline::Outline,
};
use std::ops::Range;
use toml_edit::{Document, Value};

/// The texts that are left.
pub(super) fn remove(text: &str, document: &Document<&str>, path: &KeyPath) -> Result<Vec<String>, EditError> {
    let outline = Outline::new(text, document);
    if let Some(header) = outline.header(path.keys()) {
        return Ok(vec![without_section(&outline, header)]);
    }
    if let Some(entry) = outline.entries.iter().find(|entry| entry.path == path.keys()) {
        let lines = outline.line_start(entry.value.start)..outline.line_end(entry.value.end);
        return Ok(vec![without_lines(&outline, lines)]);
    }
    let (parent, key) = path.keys().split_at(path.keys().len().saturating_sub(1));
    let part = match (follow(document, parent), key.first()) {
        ((depth, Node::Value(whole)), Some(key)) if depth == parent.len() => without_part(&outline, whole, key),
        _ => None,
    };
    Ok(part.into_iter().collect())
}

/// Without a table, what is below it, the comment right above it, and the empty lines that part it from what comes before.
fn without_section(outline: &Outline<'_>, header: usize) -> String {
    let Some(own) = outline.headers.get(header) else { return outline.text.to_owned() };
    let mut start = outline.comment_start(outline.line_start(own.at.start));
    while start > 0 && outline.line(outline.line_start(start - 1)).is_empty() {
        start = outline.line_start(start - 1);
    }
    without_lines(outline, start..outline.end(header))
}

/// Without these lines. A file whose last line has no break keeps it so.
fn without_lines(outline: &Outline<'_>, lines: Range<usize>) -> String {
    let is_open = lines.end == outline.text.len() && !outline.text.ends_with('\n') && lines.start > 0;
    let left = outline.replace(lines, "");
    if !is_open {
        return left;
    }
    left.strip_suffix("\r\n").or_else(|| left.strip_suffix('\n')).unwrap_or(&left).to_owned()
}

/// Without one item of a list, or one pair of a table in braces, and the comma that parts it from its neighbour.
fn without_part(outline: &Outline<'_>, whole: &Value, key: &str) -> Option<String> {
    let parts: Vec<Range<usize>> = match whole {
        Value::Array(items) => items.iter().map(Value::span).collect::<Option<_>>()?,
        Value::InlineTable(table) => table
            .iter()
            .map(|(key, value)| Some(table.key(key)?.span()?.start..value.span()?.end))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let index = match whole {
        Value::InlineTable(table) => table.iter().position(|(name, _)| name == key)?,
        _ => key.parse().ok()?,
    };
    let own = parts.get(index)?.clone();
    let (start, end) = (outline.line_start(own.start), outline.line_end(own.end));
    let is_alone = |i: usize| parts.get(i).is_none_or(|other| other.end <= start || other.start >= end);
    let has_lines = start > whole.span()?.start && end < whole.span()?.end;
    let neighbours = index.checked_sub(1).is_none_or(is_alone) && is_alone(index + 1);
    let tail = outline.text.get(own.end..end).unwrap_or("").trim_start();
    if has_lines && neighbours && tail.starts_with(',') {
        return Some(outline.replace(start..end, ""));
    }
    let part = match (index.checked_sub(1).and_then(|i| parts.get(i)), parts.get(index + 1)) {
        (_, Some(next)) => own.start..next.start,
        (Some(before), None) => before.end..own.end,
        (None, None) => own,
    };
    Some(outline.replace(part, ""))
}
