//! A part's XML as a small tree: local names, attributes, text. Nothing outside the part is ever looked up.

use crate::feeds::StopToken;
use quick_xml::{Reader, escape::unescape, events::Event};

/// Elements that may be open at once.
const MAX_DEPTH: usize = 250;
/// Elements and pieces of text that all parts of a document may have: about 250 MB.
const MAX_NODES: usize = 1_500_000;
/// Characters of an attribute; the names of styles and lists are kept with each paragraph.
const LONGEST: usize = 4_096;
/// Of them between two looks at whether to stop.
const EVERY: usize = 256;

/// What is left of the bounds while the parts of a document are read.
pub struct Bounds<'a> {
    left: usize,
    stop: &'a StopToken,
}

impl<'a> Bounds<'a> {
    /// Those of a whole document.
    pub fn new(stop: &'a StopToken) -> Self {
        Self { left: MAX_NODES, stop }
    }
}

/// An element, or a run of text where it has no name.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct XmlElement {
    /// Its name without the prefix; empty for text.
    pub name: String,
    /// Its attributes, names without their prefixes.
    attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<XmlElement>,
    /// Its text, where it is text.
    pub text: String,
}

impl XmlElement {
    /// An attribute by its local name.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&XmlElement> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a XmlElement> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The `val` of a child of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attr("val")
    }

    /// A child that is a switch: on where it is there and does not say otherwise.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.child(name).map(|c| !matches!(c.attr("val"), Some("0" | "false" | "off" | "none")))
    }

    /// The first element of a name in it, however deep.
    pub fn find(&self, name: &str) -> Option<&XmlElement> {
        self.children.iter().find_map(|c| if c.name == name { Some(c) } else { c.find(name) })
    }

    /// All its text.
    pub fn words(&self) -> String {
        let mut text = self.text.clone();
        self.children.iter().for_each(|c| text.push_str(&c.words()));
        text
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

/// Reads a part. What is damaged in the middle ends it there: what stands before is kept.
///
/// # Errors
/// One sentence, where it is no XML at all, or nests or holds more than it may.
pub fn read(bytes: &[u8], bounds: &mut Bounds<'_>) -> Result<XmlElement, String> {
    let (text, _) = crate::feeds::decode::decode(bytes, None, None);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut open = vec![XmlElement::default()];
    loop {
        bounds.left = bounds.left.saturating_sub(1);
        if bounds.left.is_multiple_of(EVERY) && bounds.stop.is_asked() {
            return Err("reading it takes too long".into());
        }
        if bounds.left == 0 || open.len() > MAX_DEPTH {
            return Err("it nests or holds more than a document does".into());
        }
        match reader.read_event() {
            Ok(Event::Start(start)) => open.push(element(&start)),
            Ok(Event::Empty(start)) => {
                let node = element(&start);
                add(&mut open, node);
            }
            Ok(Event::End(_)) if open.len() > 1 => {
                if let Some(node) = open.pop() {
                    add(&mut open, node);
                }
            }
            Ok(Event::Text(text)) => words(&mut open, &text.into_inner()),
            Ok(Event::CData(data)) => words(&mut open, &data.into_inner()),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.into_inner();
                // Only characters and the five names of XML: no entity of the part's own is expanded.
                let text = unescape(&format!("&{name};")).map(|t| t.into_owned()).unwrap_or_default();
                words(&mut open, &text);
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => break,
        }
    }
    while open.len() > 1 {
        if let Some(node) = open.pop() {
            add(&mut open, node);
        }
    }
    let root = open.pop().unwrap_or_default();
    root.children.into_iter().find(|c| !c.name.is_empty()).ok_or_else(|| "it is no XML".to_owned())
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> XmlElement {
    let mut all = start.attributes();
    let attributes = all.with_checks(false).filter_map(Result::ok).map(|a| {
        let said: &str = &a.value;
        let said = said.char_indices().nth(LONGEST).and_then(|(at, _)| said.get(..at)).unwrap_or(said);
        let value = unescape(said).map(|v| v.into_owned()).unwrap_or_else(|_| said.to_owned());
        (local(a.key.as_ref()), value)
    });
    XmlElement { name: local(start.name().as_ref()), attributes: attributes.collect(), ..XmlElement::default() }
}

fn add(open: &mut [XmlElement], node: XmlElement) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn words(open: &mut [XmlElement], text: &str) {
    if !text.is_empty() {
        add(open, XmlElement { text: text.to_owned(), ..XmlElement::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, read};
    use crate::feeds::StopToken;

    #[test]
    fn reading_ends_when_it_is_to_stop_or_holds_too_much() {
        let stop = StopToken::default();
        let xml = format!("<a>{}</a>", "<b/>".repeat(1_000));
        assert_eq!(read(xml.as_bytes(), &mut Bounds::new(&stop)).unwrap().children.len(), 1_000);
        // Its parts share the bounds.
        let mut little = Bounds { left: 1_500, stop: &stop };
        assert!(read(xml.as_bytes(), &mut little).is_ok() && read(xml.as_bytes(), &mut little).is_err());
        stop.ask();
        assert!(read(xml.as_bytes(), &mut Bounds::new(&stop)).unwrap_err().contains("too long"));
    }

    #[test]
    fn an_attribute_without_end_is_cut() {
        let xml = format!("<a b='{}'/>", "公".repeat(10_000));
        let node = read(xml.as_bytes(), &mut Bounds::new(&StopToken::default())).unwrap();
        assert_eq!(node.attr("b").unwrap().chars().count(), super::LONGEST);
    }
}
