//! What was ill-formed, and how it was read.

use crate::feeds::ItemFault;
use std::collections::BTreeMap;

/// One way for a document to be ill-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum XmlFault {
    /// The document ends within an element.
    Truncated,
    /// A `&` that begins no reference.
    BareAmpersand,
    /// A reference such as `&nbsp;` to an entity that XML does not know.
    UnknownEntity,
    /// A reference to a character that cannot be.
    BadReference,
    /// A `<` that begins no tag.
    StrayLess,
    /// A tag without its `>`.
    OpenTag,
    /// A value without its second quote.
    OpenQuote,
    /// A CDATA section without its end.
    OpenCdata,
    /// A comment without its end.
    OpenComment,
    /// An element without its end.
    OpenElement,
    /// The end of an element that was not begun.
    StrayEnd,
    /// Control characters.
    Control,
    /// Text before the XML declaration.
    Junk,
    /// A prefix that is bound to no namespace.
    UnknownPrefix,
    /// One record is longer than a record may be.
    TooLong,
}

impl XmlFault {
    /// What was wrong, and how it was read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Truncated => "the document breaks off here; what came whole before was read",
            Self::BareAmpersand => "a bare & was read as &amp;",
            Self::UnknownEntity => "an entity that XML does not know was read as in HTML, or left as it stands",
            Self::BadReference => "a reference to a character that cannot be was left out",
            Self::StrayLess => "a stray < was read as &lt;",
            Self::OpenTag => "a tag without its > was ended before the next tag",
            Self::OpenQuote => "a value without its second quote was ended with its tag",
            Self::OpenCdata => "a CDATA section without its ]]> was ended with its element",
            Self::OpenComment => "a comment without its --> was left out",
            Self::OpenElement => "an element without its end was ended before the next one",
            Self::StrayEnd => "the end of an element that was not begun was left out",
            Self::Control => "control characters were left out",
            Self::Junk => "text before the XML declaration was left out",
            Self::UnknownPrefix => "a prefix without a namespace was taken for the usual one",
            Self::TooLong => "an item longer than 16 MB was cut",
        }
    }
}

/// Faults by their places in a text, the first of each kind and how many there are.
#[derive(Debug, Default)]
pub struct XmlFaults(BTreeMap<XmlFault, (usize, u64)>);

impl XmlFaults {
    /// Marks a fault at a byte of the text.
    pub fn add(&mut self, fault: XmlFault, at: usize) {
        self.0.entry(fault).or_insert((at, 0)).1 += 1;
    }
}

/// Faults by their lines in the document.
#[derive(Debug, Default)]
pub struct Notes(BTreeMap<XmlFault, (usize, u64)>);

impl Notes {
    /// Notes a fault. Its line is asked for only where it is the first of its kind: counting lines takes time.
    pub fn add(&mut self, fault: XmlFault, line: impl FnOnce() -> usize) {
        self.0.entry(fault).or_insert_with(|| (line(), 0)).1 += 1;
    }

    /// Takes marks in; `line` tells the line of a byte.
    pub fn absorb(&mut self, marks: XmlFaults, line: impl Fn(usize) -> usize) {
        for (fault, (at, count)) in marks.0 {
            self.0.entry(fault).or_insert_with(|| (line(at), 0)).1 += count;
        }
    }

    /// One fault a kind, by line, each naming the document.
    pub fn faults(self, name: &str) -> Vec<ItemFault> {
        let mut all: Vec<_> = self.0.into_iter().collect();
        all.sort_by_key(|(_, (line, _))| *line);
        all.into_iter()
            .map(|(fault, (line, count))| {
                let often = if count > 1 { format!(" ({count} times)") } else { String::new() };
                ItemFault { item: format!("{name}, line {line}"), reason: format!("{}{often}", fault.words()) }
            })
            .collect()
    }
}
