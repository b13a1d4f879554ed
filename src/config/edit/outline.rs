//! Where in a file its headers and values stand, in the order of the file.

use std::ops::Range;
use toml_edit::{Document, Item, Table};

/// A `[header]` or `[[header]]`.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// From its first to its last bracket.
    pub at: Range<usize>,
    /// Its keys; an entry of a list of tables with its number, from 0.
    pub path: Vec<String>,
}

/// A `key = value` that stands on lines of its own.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The value, without what stands around it.
    pub value: Range<usize>,
    /// Its keys from the top of the file.
    pub path: Vec<String>,
}

/// The places of a file.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub text: &'a str,
    pub headers: Vec<Header>,
    pub entries: Vec<Entry>,
}

impl<'a> Outline<'a> {
    pub fn new(text: &'a str, document: &Document<&str>) -> Self {
        let mut outline = Self { text, headers: Vec::new(), entries: Vec::new() };
        outline.walk(document.as_table(), &[]);
        outline.headers.sort_by_key(|header| header.at.start);
        outline.entries.sort_by_key(|entry| entry.value.start);
        outline
    }

    fn walk(&mut self, table: &Table, above: &[String]) {
        for (key, item) in table {
            let path: Vec<String> = above.iter().cloned().chain([key.to_owned()]).collect();
            match item {
                Item::Value(value) => {
                    self.entries.extend(value.span().map(|value| Entry { value, path }));
                }
                Item::Table(table) => {
                    let is_written = !table.is_implicit() && !table.is_dotted();
                    let at = table.span().filter(|at| is_written && !at.is_empty());
                    self.headers.extend(at.map(|at| Header { at, path: path.clone() }));
                    self.walk(table, &path);
                }
                Item::ArrayOfTables(tables) => {
                    for (i, table) in tables.iter().enumerate() {
                        let path: Vec<String> = path.iter().cloned().chain([i.to_string()]).collect();
                        self.headers.extend(table.span().map(|at| Header { at, path: path.clone() }));
                        self.walk(table, &path);
                    }
                }
                Item::None => {}
            }
        }
    }

    /// The header whose table this is; `None` for the top of the file, and for a table without a header of its own.
    pub fn header(&self, path: &[String]) -> Option<usize> {
        self.headers.iter().position(|header| header.path == path)
    }

    /// The bytes between a header's line (the file's beginning, for none) and the next header's.
    pub fn body(&self, header: Option<usize>) -> Range<usize> {
        let next = header.map_or(0, |i| i + 1);
        let from = header.and_then(|i| self.headers.get(i)).map_or(0, |header| self.line_end(header.at.end));
        let until = self.headers.get(next).map_or(self.text.len(), |header| self.line_start(header.at.start));
        from..until.max(from)
    }

    /// The last of the values that stand in a part of the file and below a path.
    pub fn last_entry(&self, within: &Range<usize>, below: &[String]) -> Option<&Entry> {
        let is_meant = |entry: &&Entry| within.contains(&entry.value.start) && entry.path.starts_with(below);
        self.entries.iter().rev().find(is_meant)
    }

    /// Where the line of a byte begins.
    pub fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// Where the line after that of a byte begins; the end of the text where there is none.
    pub fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        rest.find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// The line that begins at a byte, without blanks around it.
    pub fn line(&self, start: usize) -> &'a str {
        self.text.get(start..self.line_end(start)).unwrap_or("").trim()
    }

    /// Where the comment begins that stands right above a line: what is said of what begins there.
    pub fn comment_start(&self, line: usize) -> usize {
        let mut start = line;
        while start > 0 {
            let above = self.line_start(start - 1);
            let words = self.line(above);
            if !words.starts_with('#') || words.starts_with("#:") {
                break;
            }
            start = above;
        }
        start
    }

    /// Where a table ends with all that is below it, given its header: after its last line and the comment right under
    /// that, unless the comment belongs to what follows.
    pub fn end(&self, header: usize) -> usize {
        let Some(own) = self.headers.get(header) else { return self.text.len() };
        let after = |i: &usize| !self.headers.get(*i).is_some_and(|other| other.path.starts_with(&own.path));
        let next = (header + 1..self.headers.len()).find(after).unwrap_or(self.headers.len());
        let bound = self.headers.get(next).map_or(self.text.len(), |h| self.comment_start(self.line_start(h.at.start)));
        let within = own.at.start..bound;
        let header_end = self.headers.get(header..next).into_iter().flatten().map(|h| h.at.end).max().unwrap_or(0);
        let value_end = self.last_entry(&within, &own.path).map_or(0, |entry| entry.value.end);
        let mut end = self.line_end(header_end.max(value_end).saturating_sub(1));
        while end < bound && self.line(end).starts_with('#') {
            end = self.line_end(end);
        }
        end
    }

    /// The end of the last line that says something.
    pub fn content_end(&self) -> usize {
        let words = self.text.trim_end().len();
        if words == 0 { self.text.len() } else { self.line_end(words) }
    }

    /// The file's line break.
    pub fn newline(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text.get(..at).is_some_and(|before| before.ends_with('\r')) => "\r\n",
            _ => "\n",
        }
    }

    /// The text with lines put in at the beginning of a line, or at the end of a file that lacks its last line break.
    /// Each line is given without its break.
    pub fn insert(&self, at: usize, lines: &[String]) -> String {
        let (before, after) = self.text.split_at(at);
        let newline = self.newline();
        let mut all = lines.join(newline);
        if before.is_empty() || before.ends_with('\n') {
            all.push_str(newline);
        } else {
            all.insert_str(0, newline);
        }
        [before, all.as_str(), after].concat()
    }

    /// The text with something else in place of a part of it.
    pub fn replace(&self, part: Range<usize>, with: &str) -> String {
        let (before, after) = (self.text.get(..part.start), self.text.get(part.end..));
        [before.unwrap_or(""), with, after.unwrap_or("")].concat()
    }
}
