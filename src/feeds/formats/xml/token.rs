//! Tags, text and CDATA sections, however they are written.

use super::XmlFault;
use memchr::{memchr, memmem};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tag that begins an element.
    Open,
    /// A tag that is a whole element.
    Empty,
    /// A tag that ends an element.
    Close,
    /// Text, with its references.
    Text,
    /// Text without references.
    Cdata,
    /// A comment, a declaration, an instruction.
    Skip,
}

/// A token, by places in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// The name of a tag, or what a text or section says: first byte, and the byte after.
    pub inner: (usize, usize),
    /// What was wrong with it.
    pub fault: Option<XmlFault>,
}

impl Token {
    /// The name of a tag, or what a text or section says.
    pub fn inner<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.inner.0..self.inner.1).unwrap_or_default()
    }

    /// The attributes of a tag, as they stand.
    pub fn attributes<'a>(&self, text: &'a str) -> &'a str {
        let within = text.get(self.inner.1..self.end).unwrap_or_default();
        let within = within.strip_suffix('>').unwrap_or(within);
        if self.kind == Kind::Empty { within.strip_suffix('/').unwrap_or(within) } else { within }
    }

    /// Moves it towards the start of its text.
    pub fn shift(&mut self, by: usize) {
        self.start -= by;
        self.end -= by;
        self.inner = (self.inner.0 - by, self.inner.1 - by);
    }
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The longest instruction and declaration.
const SHORT: usize = 64 * 1024;
/// The longest tag.
const MAX_TAG_BYTES: usize = 1024 * 1024;
/// The longest comment.
const MAX_COMMENT_BYTES: usize = 4 * 1024 * 1024;

/// What is searched for far ahead.
#[derive(Debug, Clone, Copy)]
enum Far {
    Comment,
    Cdata,
    Instruction,
    Tag,
}

/// What far searches found, so that no text is searched twice however often it says that an end is to come.
#[derive(Debug, Default)]
pub struct SearchMemo {
    memos: [Memo; 4],
    /// A document type was without its end.
    bad_type: bool,
}

/// From `from` on nothing was found before `to`; there it was, if `found`.
#[derive(Debug, Default, Clone, Copy)]
struct Memo {
    from: usize,
    to: usize,
    found: bool,
}

impl SearchMemo {
    /// The text lost its first bytes.
    pub fn shift(&mut self, by: usize) {
        for memo in &mut self.memos {
            memo.found &= memo.to >= by;
            memo.from = memo.from.saturating_sub(by);
            memo.to = memo.to.saturating_sub(by);
        }
    }

    fn find(&mut self, far: Far, text: &[u8], from: usize) -> Option<usize> {
        let (memo, what): (_, &[u8]) = match (far, &mut self.memos) {
            (Far::Comment, [memo, ..]) => (memo, b"-->"),
            (Far::Cdata, [_, memo, ..]) => (memo, b"]]>"),
            (Far::Instruction, [.., memo, _]) => (memo, b"?>"),
            (Far::Tag, [.., memo]) => (memo, b">"),
        };
        if !(memo.from..=memo.to).contains(&from) {
            *memo = Memo { from, to: from, found: false };
        }
        if !memo.found {
            let start = memo.to.max(from);
            match find(text, start, what) {
                Some(at) => (memo.to, memo.found) = (at, true),
                None => memo.to = text.len().saturating_sub(what.len() - 1).max(start),
            }
        }
        memo.found.then_some(memo.to)
    }
}

/// The token at a place. `ended` says that the text is all there is; without it `None` asks for more of it, with it
/// `None` is the end. `inside` is the innermost element's name, which ends a CDATA section that does not end itself.
pub fn next(text: &str, at: usize, ended: bool, inside: &str, ahead: &mut SearchMemo) -> Option<Token> {
    let rest = text.get(at..)?.as_bytes();
    match rest {
        [] => None,
        [b'<', b'/', ..] => close(rest, ended),
        [b'<', b'!' | b'?', ..] => {
            let mut look = |far, from| ahead.find(far, text.as_bytes(), at + from).map(|n| n - at);
            match rest.get(1) {
                Some(b'!') if starts(rest, b"<![CDATA[") => cdata(rest, ended, inside, look(Far::Cdata, 9)),
                Some(b'!') if starts(rest, b"<!--") => comment(rest, ended, look(Far::Comment, 4)),
                Some(b'!') if starts(rest, b"<!doctype") => doctype(rest, ended, &mut ahead.bad_type),
                _ if rest.len() < 9 && !ended => None,
                Some(b'?') => instruction(rest, ended, look(Far::Instruction, 2), look(Far::Tag, 0)),
                _ => instruction(rest, ended, None, look(Far::Tag, 0)),
            }
        }
        [b'<', first, ..] if is_name(*first) => open(rest, ended),
        [b'<'] if !ended => None,
        [b'<', ..] => Some(stray(rest)),
        _ => match memchr(b'<', rest) {
            Some(end) => Some(plain(end, None)),
            None if ended => Some(plain(rest.len(), None)),
            None => None,
        },
    }
    .map(|token| Token {
        start: at,
        end: at + token.end,
        inner: (at + token.inner.0, at + token.inner.1),
        ..token
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    memmem::find(bytes.get(from..)?, what).map(|n| from + n)
}

fn plain(end: usize, fault: Option<XmlFault>) -> Token {
    Token { kind: Kind::Text, start: 0, end, inner: (0, end), fault }
}

/// A `<` that begins no tag, with the text after it.
fn stray(rest: &[u8]) -> Token {
    let end = memchr(b'<', rest.get(1..).unwrap_or_default()).map_or(rest.len(), |n| n + 1);
    plain(end, Some(XmlFault::StrayLess))
}

fn name_end(rest: &[u8], from: usize) -> usize {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<' | b'=' | b'"' | b'\'');
    rest.iter().skip(from).position(ends).map_or(rest.len(), |n| from + n)
}

fn open(rest: &[u8], ended: bool) -> Option<Token> {
    let name = name_end(rest, 1);
    let mut at = name;
    let mut fault = None;
    let end = loop {
        match byte(rest, at) {
            _ if at >= rest.len() => {
                if !ended {
                    return if rest.len() > MAX_TAG_BYTES { Some(stray(rest)) } else { None };
                }
                fault = Some(XmlFault::Truncated);
                break rest.len();
            }
            b'>' => break at + 1,
            b'<' => {
                // Either a tag that lacks its end, or words after a `<`.
                let between = rest.get(name..at).unwrap_or_default();
                if !between.trim_ascii().is_empty() && !between.contains(&b'=') {
                    return Some(stray(rest));
                }
                fault = Some(XmlFault::OpenTag);
                break at;
            }
            quote @ (b'"' | b'\'') if is_value(rest, name, at) => {
                match value_end(rest, at, quote, ended || rest.len() > MAX_TAG_BYTES) {
                    Value::Ends(end) => at = end + 1,
                    Value::Unclosed(end) => {
                        fault = Some(XmlFault::OpenQuote);
                        break end + 1;
                    }
                    Value::More => return None,
                }
            }
            _ => at += 1,
        }
    };
    let is_empty = byte(rest, end - 1) == b'>' && byte(rest, end - 2) == b'/';
    let kind = if is_empty { Kind::Empty } else { Kind::Open };
    Some(Token { kind, start: 0, end, inner: (1, name), fault })
}

/// Whether a quote begins a value: what stands before it is a `=`.
fn is_value(rest: &[u8], name: usize, at: usize) -> bool {
    let before = rest.get(name..at).unwrap_or_default().trim_ascii_end();
    before.last() == Some(&b'=')
}

enum Value {
    Ends(usize),
    Unclosed(usize),
    More,
}

/// Where a value ends that begins with a quote. One that holds a whole tag's end and a tag's begin was never closed.
fn value_end(rest: &[u8], at: usize, quote: u8, ended: bool) -> Value {
    let value = rest.get(at + 1..).unwrap_or_default();
    let end = memchr(quote, value);
    let within = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
    let gives_up = memchr(b'>', within).filter(|gt| within.iter().skip(*gt).any(|b| *b == b'<'));
    match (gives_up, end) {
        (Some(gt), _) => Value::Unclosed(at + 1 + gt),
        (None, Some(end)) => Value::Ends(at + 1 + end),
        (None, None) if ended => Value::Unclosed(memchr(b'>', value).map_or(rest.len() - 1, |n| at + 1 + n)),
        (None, None) => Value::More,
    }
}

fn close(rest: &[u8], ended: bool) -> Option<Token> {
    let blank = rest.iter().skip(2).take_while(|b| b.is_ascii_whitespace()).count();
    let from = 2 + blank;
    let name = name_end(rest, from);
    let end = rest.iter().skip(name).position(|b| matches!(b, b'>' | b'<')).map(|n| name + n);
    let token = |end, fault| Some(Token { kind: Kind::Close, start: 0, end, inner: (from, name), fault });
    match end {
        Some(at) if byte(rest, at) == b'>' => token(at + 1, None),
        Some(at) => token(at, Some(XmlFault::OpenTag)),
        None if ended => token(rest.len(), Some(XmlFault::Truncated)),
        None => None,
    }
}

fn skip(end: usize, fault: Option<XmlFault>) -> Option<Token> {
    Some(Token { kind: Kind::Skip, start: 0, end, inner: (0, 0), fault })
}

fn starts(rest: &[u8], what: &[u8]) -> bool {
    rest.get(..what.len()).is_some_and(|head| head.eq_ignore_ascii_case(what))
}

fn comment(rest: &[u8], ended: bool, end: Option<usize>) -> Option<Token> {
    match end {
        Some(at) => skip(at + 3, None),
        // What is in it is read as if it were none, so that no item is lost.
        None if ended || rest.len() > MAX_COMMENT_BYTES => skip(4, Some(XmlFault::OpenComment)),
        None => None,
    }
}

/// An instruction or declaration: `own` is where its own end is, `next` where the next tag's end is.
fn instruction(rest: &[u8], ended: bool, own: Option<usize>, next: Option<usize>) -> Option<Token> {
    match (own.filter(|at| *at < SHORT), next) {
        (Some(at), _) => skip(at + 2, None),
        // An instruction may hold a `>`; its own end may be yet to come.
        (None, Some(_)) if byte(rest, 1) == b'?' && !ended && rest.len() < 1024 => None,
        (None, Some(at)) => skip(at + 1, None),
        (None, None) if ended => skip(rest.len(), Some(XmlFault::Truncated)),
        (None, None) if rest.len() > SHORT => Some(stray(rest)),
        (None, None) => None,
    }
}

fn cdata(rest: &[u8], ended: bool, inside: &str, end: Option<usize>) -> Option<Token> {
    const BEGIN: usize = 9;
    let token = |to, end, fault| Some(Token { kind: Kind::Cdata, start: 0, end, inner: (BEGIN, to), fault });
    if end.is_none() && !ended {
        return None;
    }
    let within = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    // A section that holds the next one's begin, or does not end, ends with its element.
    let own = |within: &[u8]| {
        let tag = format!("</{inside}");
        find(within, BEGIN, tag.as_bytes()).filter(|_| !inside.is_empty())
    };
    let next = find(within, BEGIN, b"<![CDATA[");
    match (end, next) {
        (Some(end), None) => token(end, end + 3, None),
        (Some(end), Some(next)) => match own(within.get(..next).unwrap_or_default()) {
            Some(at) => token(at, at, Some(XmlFault::OpenCdata)),
            None => token(end, end + 3, None),
        },
        (None, _) => match own(within) {
            Some(at) => token(at, at, Some(XmlFault::OpenCdata)),
            None => token(rest.len(), rest.len(), Some(XmlFault::Truncated)),
        },
    }
}

/// A document type, its own declarations and comments included. Once one is without its end, none is trusted.
fn doctype(rest: &[u8], ended: bool, bad: &mut bool) -> Option<Token> {
    let head = rest.get(..SHORT).unwrap_or(rest);
    if !*bad {
        if let Some(end) = doctype_end(head) {
            return skip(end, None);
        }
        if !ended && rest.len() < SHORT {
            return None;
        }
        *bad = true;
    }
    match memchr(b'>', head) {
        Some(at) => skip(at + 1, Some(XmlFault::OpenTag)),
        None => Some(stray(rest)),
    }
}

fn doctype_end(head: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 9);
    while at < head.len() {
        match byte(head, at) {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(at + 1),
            quote @ (b'"' | b'\'') => at += 1 + memchr(quote, head.get(at + 1..)?)?,
            b'<' if head.get(at..at + 4) == Some(b"<!--") => at = find(head, at, b"-->")? + 2,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The raw value of a tag's attribute, whatever its case; a name with a prefix must agree whole.
pub fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<&'a str> {
    Attributes(attributes).find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

/// The attributes of a tag, each with its raw value.
pub struct Attributes<'a>(pub &'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || "/\"'=".contains(c));
        if rest.is_empty() {
            return None;
        }
        let name_end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(name_end);
        let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
            self.0 = rest;
            return Some((name, ""));
        };
        let (value, rest) = match value.strip_prefix(['"', '\'']) {
            Some(quoted) => {
                let quote = value.get(..1).unwrap_or("\"");
                quoted.split_once(quote).unwrap_or((quoted, ""))
            }
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(Kind, String, Option<XmlFault>)> {
        let (mut at, mut found, mut inside) = (0, Vec::new(), String::new());
        let mut ahead = SearchMemo::default();
        while let Some(token) = next(text, at, true, &inside, &mut ahead) {
            assert!(token.end > at, "{text}");
            at = token.end;
            if token.kind == Kind::Open {
                inside = token.inner(text).to_owned();
            }
            found.push((token.kind, token.inner(text).to_owned(), token.fault));
        }
        assert_eq!(at, text.len());
        found
    }

    fn kinds(text: &str) -> String {
        all(text)
            .iter()
            .map(|(kind, inner, fault)| format!("{kind:?}[{inner}]{}", if fault.is_some() { "!" } else { "" }))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn well_formed_markup_is_taken_apart() {
        assert_eq!(
            kinds(
                "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"]>\">]><a x='1>2'>t<b/><![CDATA[<c>]]><!-- < --></a>"
            ),
            "Skip[] Skip[] Open[a] Text[t] Empty[b] Cdata[<c>] Skip[] Close[a]"
        );
    }

    #[test]
    fn ill_formed_markup_is_read_as_it_was_meant() {
        for (text, found) in [
            ("<a>1 < 2</a>", "Open[a] Text[1 ] Text[< 2]! Close[a]"),
            ("<a>x <b and c</a>", "Open[a] Text[x ] Text[<b and c]! Close[a]"),
            ("<a><b<c>t</c></a", "Open[a] Open[b]! Open[c] Text[t] Close[c] Close[a]!"),
            ("<a href=\"x>t</a><b c=\"d\"/>", "Open[a]! Text[t] Close[a] Empty[b]"),
            ("<a t=\"1 < 2\">", "Open[a]"),
            ("<t><![CDATA[x</t><t><![CDATA[y]]></t>", "Open[t] Cdata[x]! Close[t] Open[t] Cdata[y] Close[t]"),
            ("<t><![CDATA[x</t>", "Open[t] Cdata[x]! Close[t]"),
            ("<t><![CDATA[x", "Open[t] Cdata[x]!"),
            ("<!-- <a>t</a>", "Skip[]! Text[ ] Open[a] Text[t] Close[a]"),
            ("<a></ a ><", "Open[a] Close[a] Text[<]!"),
            ("<>", "Text[<>]!"),
        ] {
            assert_eq!(kinds(text), found, "{text}");
        }
    }

    #[test]
    fn attributes_are_found_however_quoted() {
        let text = " a='1' B=\"2\" c=3 d e = '5' ";
        let all: Vec<_> = Attributes(text).collect();
        assert_eq!(all, [("a", "1"), ("B", "2"), ("c", "3"), ("d", ""), ("e", "5")]);
        assert_eq!(attribute(text, "b"), Some("2"));
    }
}
