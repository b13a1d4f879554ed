//! Putting a value, a key or an entry into a file.

use super::{
    change::{EditError, KeyPath, NewValue},
    node::{Node, follow},
    outline::Outline,
    written::{keys, plain, ways},
};
use toml_edit::{Array, Document, InlineTable, Table, Value};

/// The texts that a set value can make, the best first.
pub(super) fn set(
    text: &str,
    document: &Document<&str>,
    path: &KeyPath,
    new: &NewValue,
) -> Result<Vec<String>, EditError> {
    let outline = Outline::new(text, document);
    let (depth, node) = follow(document, path.keys());
    let (known, rest) = path.keys().split_at(depth);
    let unsafe_here = || EditError::Unsafe(path.to_string());
    match node {
        Node::Value(value) if rest.is_empty() => {
            let at = value.span().ok_or_else(unsafe_here)?;
            let old = text.get(at.clone()).unwrap_or("");
            Ok(ways(new, old).iter().map(|way| outline.replace(at.clone(), way)).collect())
        }
        Node::Value(Value::InlineTable(table)) => {
            let pair = format!("{} = {}", keys(rest), plain(new));
            Ok(vec![into_inline(&outline, table, &pair).ok_or_else(unsafe_here)?])
        }
        Node::Table(table) if !rest.is_empty() => {
            Ok(into_table(&outline, table, (known, rest), new).into_iter().collect())
        }
        Node::Table(_) | Node::Tables(_) => Err(EditError::IsTable(path.to_string())),
        Node::Value(_) => Err(EditError::NoTable(KeyPath::of(known.iter().cloned()).to_string())),
    }
}

/// `{ a = 1 }` with another pair behind its last.
fn into_inline(outline: &Outline<'_>, table: &InlineTable, pair: &str) -> Option<String> {
    let whole = table.span()?;
    let last = table.iter().filter_map(|(_, value)| end_of(value)).max();
    match last {
        Some(end) => Some(outline.replace(end..end, &format!(", {pair}"))),
        None => Some(outline.replace(whole, &format!("{{ {pair} }}"))),
    }
}

/// Where a value ends; of a table made by dotted keys, its last one.
fn end_of(value: &Value) -> Option<usize> {
    match value {
        Value::InlineTable(table) if table.is_dotted() => table.iter().filter_map(|(_, value)| end_of(value)).max(),
        value => value.span().map(|span| span.end),
    }
}

/// A key that the file does not have yet, `rest` of it below the table at `known`.
fn into_table(
    outline: &Outline<'_>,
    table: &Table,
    (known, rest): (&[String], &[String]),
    new: &NewValue,
) -> Option<String> {
    let line = |keys_: &[String]| format!("{} = {}", keys(keys_), plain(new));
    let header = outline.header(known);
    if known.is_empty() || header.is_some() {
        let (leaf, above) = rest.split_last()?;
        // A table of its own for what the top of the file does not have yet.
        if known.is_empty() && !above.is_empty() {
            let lines = [String::new(), format!("[{}]", keys(above)), line(std::slice::from_ref(leaf))];
            return Some(outline.insert(outline.content_end(), &lines));
        }
        return Some(into_body(outline, header, known, &line(rest)));
    }
    if table.is_dotted() {
        // It stands in the lines of a table above; the new line goes behind its last.
        let entry = outline.last_entry(&(0..outline.text.len()), known)?;
        let above = outline.headers.iter().rev().find(|header| header.at.start < entry.value.start);
        let above = above.map_or(0, |header| header.path.len());
        let path: Vec<String> = known.iter().chain(rest).skip(above).cloned().collect();
        return Some(behind(outline, entry.value.end, &line(&path)));
    }
    // Made by the headers below it alone: it gets one of its own, unless it is part of an entry.
    let is_entry = known.iter().any(|key| key.parse::<usize>().is_ok());
    let (leaf, above) = rest.split_last()?;
    let path: Vec<String> = known.iter().chain(above).cloned().collect();
    let lines = [String::new(), format!("[{}]", keys(&path)), line(std::slice::from_ref(leaf))];
    (!is_entry).then(|| outline.insert(outline.content_end(), &lines))
}

/// A line behind the last of a table's own, else right under its header; at the top of a file without keys, under the
/// comment it begins with.
fn into_body(outline: &Outline<'_>, header: Option<usize>, known: &[String], line: &str) -> String {
    let body = outline.body(header);
    if let Some(entry) = outline.last_entry(&body, known) {
        return behind(outline, entry.value.end, line);
    }
    let mut at = body.start;
    if header.is_none() {
        let mut end = 0;
        while end < body.end && outline.line(end).starts_with('#') {
            at = if outline.line(end).starts_with("#:") { outline.line_end(end) } else { at };
            end = outline.line_end(end);
        }
        // What stands right above a header is said of that.
        if end >= body.end && outline.headers.is_empty() || end < body.end && outline.line(end).is_empty() {
            at = end;
        }
    }
    outline.insert(at, &[line.to_owned()])
}

/// A line behind that of a value, as far in as that one.
fn behind(outline: &Outline<'_>, value_end: usize, line: &str) -> String {
    let entry = outline.entries.iter().find(|entry| entry.value.end == value_end);
    let start = outline.line_start(entry.map_or(value_end, |entry| entry.value.start));
    let words = outline.text.get(start..).unwrap_or("");
    let indent = words.get(..words.len() - words.trim_start_matches([' ', '\t']).len()).unwrap_or("");
    outline.insert(outline.line_end(value_end), &[format!("{indent}{line}")])
}

/// The texts that an added entry can make.
pub(super) fn append(
    text: &str,
    document: &Document<&str>,
    path: &KeyPath,
    entry: &[(String, NewValue)],
) -> Result<Vec<String>, EditError> {
    let outline = Outline::new(text, document);
    let (depth, node) = follow(document, path.keys());
    let inline = || {
        let pairs: Vec<String> =
            entry.iter().map(|(key, new)| format!("{} = {}", keys(std::slice::from_ref(key)), plain(new))).collect();
        format!("{{ {} }}", pairs.join(", "))
    };
    let is_whole = depth == path.keys().len();
    match node {
        Node::Value(Value::Array(items)) if is_whole => Ok(into_array(&outline, items, &inline())),
        Node::Tables(_) if is_whole => {
            let is_entry = |header: &super::outline::Header| {
                header.path.len() == depth + 1 && header.path.starts_with(path.keys())
            };
            let last = outline.headers.iter().rposition(is_entry);
            let at = last.map_or(outline.content_end(), |last| outline.end(last));
            Ok(vec![outline.insert(at, &entry_lines(text, path, entry))])
        }
        // A list that is not there yet, of the file itself or below a table that has a name of its own.
        Node::Table(_) if depth + 1 == path.keys().len() && path.keys().iter().all(|k| k.parse::<usize>().is_err()) => {
            Ok(vec![outline.insert(outline.content_end(), &entry_lines(text, path, entry))])
        }
        _ => Err(EditError::NoList(path.to_string())),
    }
}

/// `[[zone]]` and its keys, an empty line before them.
fn entry_lines(text: &str, path: &KeyPath, entry: &[(String, NewValue)]) -> Vec<String> {
    let named: Vec<String> = path.keys().iter().filter(|key| key.parse::<usize>().is_err()).cloned().collect();
    let apart = (!text.trim().is_empty()).then(String::new);
    let head = apart.into_iter().chain([format!("[[{}]]", keys(&named))]);
    let pair = |(key, new): &(String, NewValue)| format!("{} = {}", keys(std::slice::from_ref(key)), plain(new));
    head.chain(entry.iter().map(pair)).collect()
}

/// An item behind the last of a list, on a line of its own where those before it are.
fn into_array(outline: &Outline<'_>, items: &Array, item: &str) -> Vec<String> {
    let Some(whole) = items.span() else { return Vec::new() };
    let ends: Vec<_> = items.iter().filter_map(Value::span).collect();
    let Some(last) = ends.last() else { return vec![outline.replace(whole, &format!("[{item}]"))] };
    let start = outline.line_start(last.start);
    if start <= whole.start {
        return vec![outline.replace(last.end..last.end, &format!(", {item}"))];
    }
    let indent = outline.text.get(start..last.start).filter(|words| words.trim().is_empty()).unwrap_or("  ");
    let tail = outline.text.get(last.end..whole.end).unwrap_or("");
    let comma =
        tail.find(|c: char| !c.is_whitespace()).filter(|at| tail.get(*at..).is_some_and(|t| t.starts_with(',')));
    let line = format!("{indent}{item}");
    match comma {
        Some(_) => vec![outline.insert(outline.line_end(last.end), &[format!("{line},")])],
        None => {
            let with_comma = outline.replace(last.end..last.end, ",");
            let at = outline.line_end(last.end) + 1;
            let (before, after) = with_comma.split_at(at.min(with_comma.len()));
            vec![[before, &line, outline.newline(), after].concat()]
        }
    }
}
