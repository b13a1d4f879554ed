//! Records: the elements that repeat in a document, each held whole while it is read, and their fields.

use super::{
    Kind, Notes, Token, Window, XmlFault, XmlFaults, decode, local,
    token::{self, SearchMemo, attribute},
};
use std::{borrow::Cow, ops::Range};

/// Open elements of one record that are paired with their ends; deeper ones are only text to their parents.
const MAX_OPEN_ELEMENTS: usize = 64;
/// Tokens of one record at most.
const MAX_RECORD_TOKENS: usize = 200_000;
/// No partner.
const NONE: usize = usize::MAX;

/// Reads a document record by record.
pub struct Records<'a> {
    window: Window<'a>,
    at: usize,
    /// The innermost element's name.
    inside: String,
    is_record: fn(&str) -> bool,
    /// The names of the elements that hold records: their ends end a record too.
    is_holder: fn(&str) -> bool,
    /// What was wrong so far.
    pub notes: Notes,
    declared: bool,
    /// Whether an element that holds records was begun, and not ended since.
    is_within: bool,
    ahead: SearchMemo,
}

/// What comes next in a document.
pub enum Next {
    /// A tag, text or section outside the records.
    Between(Token),
    /// A record.
    Record,
    /// The end.
    End,
}

impl<'a> Records<'a> {
    /// Reads a window; the functions tell records and what holds them by local names.
    pub fn new(window: Window<'a>, is_record: fn(&str) -> bool, is_holder: fn(&str) -> bool) -> Self {
        let notes = Notes::default();
        let (inside, ahead) = (String::new(), SearchMemo::default());
        Self { window, at: 0, inside, is_record, is_holder, notes, declared: false, is_within: false, ahead }
    }

    /// The text that tokens and records stand in, until the next call.
    pub fn text(&self) -> &str {
        self.window.text()
    }

    /// Marks become notes.
    pub fn absorb(&mut self, marks: XmlFaults) {
        self.notes.absorb(marks, |at| self.window.line_at(at));
    }

    /// Why reading stopped early, and the notes.
    pub fn finish(self) -> (Option<std::io::Error>, Notes) {
        (self.window.failure(), self.notes)
    }

    /// The next thing; a record is put into `record`.
    pub fn next(&mut self, record: &mut Record) -> Next {
        self.window.drop_before(self.at);
        record.tokens.clear();
        record.is_cut = false;
        let Some(token) = self.token(record) else {
            if std::mem::take(&mut self.is_within) {
                self.notes.add(XmlFault::Truncated, || self.window.line_at(self.at));
            }
            return Next::End;
        };
        self.at = token.end;
        self.check(&token);
        if matches!(token.kind, Kind::Open | Kind::Close) && (self.is_holder)(local(token.inner(self.window.text()))) {
            self.is_within = token.kind == Kind::Open;
        }
        match token.kind {
            Kind::Open | Kind::Empty if (self.is_record)(local(token.inner(self.window.text()))) => {
                record.tokens.push(token);
                if token.kind == Kind::Open {
                    self.collect(record);
                }
                record.pair(self.window.text());
                Next::Record
            }
            Kind::Open => {
                self.enter(&token);
                Next::Between(token)
            }
            _ => Next::Between(token),
        }
    }

    fn enter(&mut self, token: &Token) {
        self.inside.clear();
        self.inside.push_str(token.inner(self.window.text()));
    }

    /// The token at our place; what was collected of a record moves with the window.
    fn token(&mut self, record: &mut Record) -> Option<Token> {
        loop {
            let whole = self.window.is_whole();
            if let Some(token) = token::next(self.window.text(), self.at, whole, &self.inside, &mut self.ahead) {
                return Some(token);
            }
            if whole {
                return None;
            }
            let by = self.window.more(&mut self.notes);
            self.at -= by;
            self.ahead.shift(by);
            record.tokens.iter_mut().for_each(|t| t.shift(by));
        }
    }

    fn check(&mut self, token: &Token) {
        if let Some(fault) = token.fault {
            self.notes.add(fault, || self.window.line_at(token.start));
        }
        if self.declared {
            return;
        }
        let text = self.window.text().get(token.start..token.end).unwrap_or_default();
        match token.kind {
            Kind::Text if !text.trim_start_matches('\u{FEFF}').trim().is_empty() => {
                self.notes.add(XmlFault::Junk, || self.window.line_at(token.start));
                self.declared = true;
            }
            Kind::Open | Kind::Empty => self.declared = true,
            _ => {}
        }
    }

    /// Collects a record's tokens up to its end, or to where it must have ended.
    fn collect(&mut self, record: &mut Record) {
        self.enter(&record.tokens.first().copied().unwrap_or(NOTHING));
        loop {
            let next = self.token(record).filter(|_| record.tokens.len() < MAX_RECORD_TOKENS);
            let Some(token) = next else {
                let cut = !self.window.is_ended() || record.tokens.len() >= MAX_RECORD_TOKENS;
                let fault = if cut { XmlFault::TooLong } else { XmlFault::Truncated };
                self.is_within &= cut;
                record.is_cut = !cut;
                return self.notes.add(fault, || self.window.line_at(self.at));
            };
            let text = self.window.text();
            let own = record.tokens.first().map(|t| t.inner(text)).unwrap_or_default();
            let name = token.inner(text);
            match token.kind {
                Kind::Close if name.eq_ignore_ascii_case(own) => {
                    self.at = token.end;
                    return;
                }
                Kind::Close if (self.is_holder)(local(name)) => {
                    return self.notes.add(XmlFault::OpenElement, || self.window.line_at(token.start));
                }
                Kind::Open | Kind::Empty if name.eq_ignore_ascii_case(own) => {
                    return self.notes.add(XmlFault::OpenElement, || self.window.line_at(token.start));
                }
                Kind::Open => self.enter(&token),
                _ => {}
            }
            self.at = token.end;
            self.check(&token);
            record.tokens.push(token);
        }
    }
}

const NOTHING: Token = Token { kind: Kind::Skip, start: 0, end: 0, inner: (0, 0), fault: None };

/// One record: its begin and all tokens within it.
#[derive(Debug, Default)]
pub struct Record {
    tokens: Vec<Token>,
    /// For each token the index of its partner, or [`NONE`].
    pairs: Vec<usize>,
    is_cut: bool,
}

impl Record {
    /// Its own tag.
    pub fn tag(&self) -> Token {
        self.tokens.first().copied().unwrap_or(NOTHING)
    }

    /// Whether the document breaks off within it.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The indices of all that is within it.
    pub fn inner(&self) -> Range<usize> {
        1..self.tokens.len().max(1)
    }

    /// Pairs begins with ends: an end belongs to the innermost open element of its name, and ends those within it.
    fn pair(&mut self, text: &str) {
        self.pairs.clear();
        self.pairs.resize(self.tokens.len(), NONE);
        let mut open: Vec<usize> = Vec::new();
        let name = |tokens: &[Token], i: usize| tokens.get(i).map(|t| t.inner).unwrap_or_default();
        for (i, token) in self.tokens.iter().enumerate().skip(1) {
            match token.kind {
                Kind::Open if open.len() < MAX_OPEN_ELEMENTS => open.push(i),
                Kind::Close => {
                    let wanted = token.inner(text);
                    let is_same = |&&o: &&usize| {
                        let (from, to) = name(&self.tokens, o);
                        text.get(from..to).is_some_and(|n| n.eq_ignore_ascii_case(wanted))
                    };
                    let Some(&partner) = open.iter().rev().find(is_same) else { continue };
                    while open.pop().is_some_and(|o| o != partner) {}
                    for (a, b) in [(i, partner), (partner, i)] {
                        if let Some(pair) = self.pairs.get_mut(a) {
                            *pair = b;
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn pair_of(&self, i: usize) -> Option<usize> {
        self.pairs.get(i).copied().filter(|p| *p != NONE)
    }

    /// The fields within a range of its tokens. `is_known` tells the fields that end one that has no end itself.
    pub fn fields<'a>(
        &'a self,
        text: &'a str,
        range: Range<usize>,
        is_known: fn(&str) -> bool,
        marks: &mut XmlFaults,
    ) -> Vec<Field<'a>> {
        let mut found = Vec::new();
        let mut i = range.start;
        while i < range.end
            && let Some(token) = self.tokens.get(i)
        {
            let field = |inner| Field { record: self, text, tag: *token, inner };
            match token.kind {
                Kind::Empty => found.push(field(i..i)),
                Kind::Open => match self.pair_of(i).filter(|end| *end < range.end) {
                    Some(end) => {
                        found.push(field(i + 1..end));
                        i = end;
                    }
                    None => {
                        marks.add(XmlFault::OpenElement, token.start);
                        if is_known(local(token.inner(text))) {
                            let end = self.unclosed(text, i + 1..range.end, is_known);
                            found.push(field(i + 1..end));
                            i = end - 1;
                        }
                    }
                },
                Kind::Close => marks.add(XmlFault::StrayEnd, token.start),
                _ => {}
            }
            i += 1;
        }
        found
    }

    /// Where a field without an end ends: before the next known field, or the end of something not begun.
    fn unclosed(&self, text: &str, range: Range<usize>, is_known: fn(&str) -> bool) -> usize {
        let ends = |i: &usize| {
            self.tokens.get(*i).is_some_and(|token| match token.kind {
                Kind::Open | Kind::Empty => is_known(local(token.inner(text))),
                Kind::Close => self.pair_of(*i).is_none_or(|begin| begin < range.start),
                _ => false,
            })
        };
        range.clone().find(ends).unwrap_or(range.end)
    }
}

/// One element of a record.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    record: &'a Record,
    text: &'a str,
    tag: Token,
    inner: Range<usize>,
}

impl<'a> Field<'a> {
    /// Its name, with its prefix.
    pub fn name(&self) -> &'a str {
        self.tag.inner(self.text)
    }

    /// The value of one of its attributes.
    pub fn attribute(&self, name: &str, marks: &mut XmlFaults) -> Option<Cow<'a, str>> {
        attribute(self.tag.attributes(self.text), name).map(|raw| decode(raw, self.tag.start, marks))
    }

    /// Its attributes as they stand.
    pub fn attributes(&self) -> &'a str {
        self.tag.attributes(self.text)
    }

    /// Where it begins in its text.
    pub fn start(&self) -> usize {
        self.tag.start
    }

    /// The words right after it, where they are a web address: many write `<link/>http://…`.
    pub fn following(&self) -> &'a str {
        let next = self.inner.end + 1;
        let text = self.record.tokens.get(next).filter(|t| t.kind == Kind::Text).map(|t| t.inner(self.text).trim());
        text.filter(|t| t.starts_with("http")).unwrap_or_default()
    }

    /// Its own fields.
    pub fn fields(&self, is_known: fn(&str) -> bool, marks: &mut XmlFaults) -> Vec<Field<'a>> {
        self.record.fields(self.text, self.inner.clone(), is_known, marks)
    }

    fn tokens(&self) -> &'a [Token] {
        self.record.tokens.get(self.inner.clone()).unwrap_or_default()
    }

    /// Whether there are elements within it.
    pub fn has_elements(&self) -> bool {
        self.tokens().iter().any(|t| matches!(t.kind, Kind::Open | Kind::Empty))
    }

    /// Its text, references read and tags left out.
    pub fn words(&self, marks: &mut XmlFaults) -> Cow<'a, str> {
        let mut parts = self.tokens().iter().filter_map(|token| {
            let said = token.inner(self.text);
            match token.kind {
                Kind::Text => Some(decode(said, token.start, marks)),
                Kind::Cdata => Some(Cow::Borrowed(said)),
                _ => None,
            }
        });
        let Some(mut all) = parts.next() else { return Cow::Borrowed("") };
        for part in parts {
            // Blank text before a section is only its indent.
            if all.trim().is_empty() {
                all = part;
            } else {
                all.to_mut().push_str(&part);
            }
        }
        all
    }

    /// What it holds as HTML: its text where that is all, else its markup as it stands, prefixes left out.
    pub fn markup(&self, marks: &mut XmlFaults) -> Cow<'a, str> {
        if !self.has_elements() {
            return self.words(marks);
        }
        let escaped = self.tokens().iter().any(|t| t.kind == Kind::Text && is_escaped(t.inner(self.text)));
        let mut out = String::new();
        for token in self.tokens() {
            let said = token.inner(self.text);
            match token.kind {
                Kind::Text if escaped => out.push_str(&decode(said, token.start, marks)),
                Kind::Text if token.fault.is_some() => out.push_str(&said.replace('<', "&lt;")),
                Kind::Text | Kind::Cdata => out.push_str(said),
                Kind::Open | Kind::Empty => {
                    out.extend(["<", local(said), token.attributes(self.text)]);
                    out.push_str(if token.kind == Kind::Empty { "/>" } else { ">" });
                }
                Kind::Close => out.extend(["</", local(said), ">"]),
                Kind::Skip => {}
            }
        }
        Cow::Owned(out)
    }
}

/// Whether text holds escaped tags.
fn is_escaped(text: &str) -> bool {
    ["&lt;/", "&lt;p", "&lt;br", "&lt;div", "&lt;a ", "&lt;img"].iter().any(|tag| text.contains(tag))
}
