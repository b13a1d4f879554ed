//! RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0, ill-formed ones included: entry by entry, as the document is read.

mod vocabulary;

use super::{
    alert,
    entry::{EntryText, FeedEntry, absolute},
    xml::{
        Attributes, Field, Kind, Next, Record, Records, Token, Window, XmlFault, XmlFaults, attribute, decode, local,
    },
};
use crate::{
    feeds::{ItemFault, ParseError, dates, hint::Hint},
    model::Attachment,
};
use encoding_rs::Encoding;
use std::io::Read;
use url::Url;
use vocabulary::{Ns, is_field, namespace, one_of, usual};

/// Entries one feed may have: empty ones by the million are no feed.
const MAX_ENTRIES: usize = 1_000_000;

/// What of a feed is not an entry.
#[derive(Debug, Default)]
pub struct FeedHead {
    /// What relative addresses stand against.
    pub base: Option<Url>,
    /// The site the feed is of, else where its document is.
    pub home: Option<Url>,
}

/// Reads a feed, handing on each entry as it is read. Gives what was ill-formed.
///
/// # Errors
/// One sentence, where the source fails, or is no feed at all.
pub fn read(
    source: &mut dyn Read,
    encoding: &'static Encoding,
    hint: &Hint,
    sink: &mut dyn FnMut(FeedEntry, &FeedHead),
) -> Result<Vec<ItemFault>, ParseError> {
    let window = Window::new(source, encoding);
    let mut records = Records::new(window, is_entry, |n| one_of(n, &["channel", "rss", "rdf", "feed"]));
    let mut reader = Reader::new(hint);
    let mut record = Record::default();
    let mut count = 0;
    loop {
        match records.next(&mut record) {
            Next::End => break,
            Next::Between(token) => {
                let mut marks = XmlFaults::default();
                reader.between(&token, records.text(), &mut marks);
                records.absorb(marks);
            }
            // Half a title would take the place of the whole one.
            Next::Record if record.is_cut() => {}
            Next::Record => {
                let mut marks = XmlFaults::default();
                let entry = reader.entry(&record, records.text(), &mut marks);
                records.absorb(marks);
                reader.settle();
                count += 1;
                if count > MAX_ENTRIES {
                    let reason = format!("it holds more than {MAX_ENTRIES} items; ask the office for its newest ones");
                    return Err(ParseError(reason));
                }
                sink(entry, &reader.head);
            }
        }
    }
    let root = reader.root;
    let (failed, notes) = records.finish();
    if let Some(error) = failed {
        return Err(ParseError(format!("it cannot be read to its end ({error})")));
    }
    if root.is_none() {
        return Err(ParseError("no RSS, RDF or Atom element is in it; the office must mend what it publishes".into()));
    }
    Ok(notes.faults(&hint.name))
}

fn is_entry(name: &str) -> bool {
    one_of(name, &["item", "entry"])
}

/// What a document's root says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Rss,
    Rdf,
    Atom,
}

struct Reader<'a> {
    hint: &'a Hint,
    root: Option<Root>,
    spaces: Vec<(String, Ns)>,
    /// `xml:base` of the root and the channel.
    base: Option<Url>,
    links: Vec<String>,
    /// The element of the channel we are in, and how deep below it.
    inside: (String, usize),
    head: FeedHead,
    settled: bool,
}

impl<'a> Reader<'a> {
    fn new(hint: &'a Hint) -> Self {
        Self {
            hint,
            root: None,
            spaces: Vec::new(),
            base: None,
            links: Vec::new(),
            inside: (String::new(), 0),
            head: FeedHead::default(),
            settled: false,
        }
    }

    /// Namespaces and `xml:base` that a tag declares.
    fn declare(&mut self, attributes: &str, marks: &mut XmlFaults) {
        for (name, value) in Attributes(attributes) {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                let space = namespace(value);
                match self.spaces.iter_mut().find(|(known, _)| known == prefix) {
                    Some((_, known)) => *known = space,
                    None => self.spaces.push((prefix.to_owned(), space)),
                }
            } else if name == "xml:base" {
                let value = decode(value, 0, marks);
                let outer = self.base.as_ref().or(self.hint.base.as_ref());
                self.base = absolute(&value, outer).or(self.base.take());
            }
        }
    }

    fn space(&self, name: &str, at: usize, marks: &mut XmlFaults) -> Ns {
        let Some((prefix, _)) = name.split_once(':') else { return Ns::Core };
        if let Some((_, space)) = self.spaces.iter().find(|(known, _)| known == prefix) {
            return *space;
        }
        let space = usual(prefix);
        if space != Ns::Other {
            marks.add(XmlFault::UnknownPrefix, at);
        }
        space
    }

    /// What stands between the entries: the root, and what the channel says of itself.
    fn between(&mut self, token: &Token, text: &str, marks: &mut XmlFaults) {
        let said = token.inner(text);
        let name = local(said);
        match token.kind {
            Kind::Open | Kind::Empty => {
                let attributes = token.attributes(text);
                let is_open = token.kind == Kind::Open;
                let root = match name.to_ascii_lowercase().as_str() {
                    "rss" => Some(Root::Rss),
                    "rdf" => Some(Root::Rdf),
                    "feed" => Some(Root::Atom),
                    "channel" => Some(self.root.unwrap_or(Root::Rss)),
                    _ => None,
                };
                if let Some(root) = root {
                    self.root = self.root.or(Some(root));
                    self.inside = (String::new(), 0);
                    self.declare(attributes, marks);
                } else if name.eq_ignore_ascii_case("link")
                    && self.inside.1 == 0
                    && let Some(href) = attribute(attributes, "href")
                {
                    self.link(&decode(href, token.start, marks));
                } else if is_open && self.inside.1 == 0 {
                    self.inside = (said.to_owned(), 1);
                } else if is_open && self.inside.0 == said {
                    self.inside.1 += 1;
                }
            }
            Kind::Close if self.inside.0 == said => self.inside.1 = self.inside.1.saturating_sub(1),
            Kind::Text | Kind::Cdata if self.inside.1 == 1 && local(&self.inside.0).eq_ignore_ascii_case("link") => {
                let said = decode(said, token.start, marks).into_owned();
                self.link(&said);
            }
            _ => {}
        }
    }

    fn link(&mut self, address: &str) {
        // The settled head needs no more of them; a hostile document may have millions.
        if !self.settled && self.links.len() < 16 && !address.trim().is_empty() {
            self.links.push(address.trim().to_owned());
        }
    }

    /// Settles, with the first entry, what relative addresses stand against: what the document says itself, then where
    /// it was fetched from, then the addresses the channel names. A file's own place is no base for a portal's pages.
    fn settle(&mut self) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let own = self.hint.base.clone();
        let named = self.links.iter().find_map(|l| absolute(l, None));
        let fetched = own.clone().filter(|b| b.scheme() != "file");
        self.head.base = self.base.clone().or(fetched).or_else(|| named.clone()).or_else(|| own.clone());
        self.head.home = named.or(own);
    }

    fn entry(&mut self, record: &Record, text: &str, marks: &mut XmlFaults) -> FeedEntry {
        self.settle();
        let tag = record.tag();
        let attributes = tag.attributes(text);
        if self.root.is_none() {
            let is_atom = local(tag.inner(text)).eq_ignore_ascii_case("entry");
            self.root = Some(if is_atom { Root::Atom } else { Root::Rss });
            self.declare(attributes, marks);
        }
        let base = attribute(attributes, "xml:base").map(|b| decode(b, tag.start, marks).into_owned());
        let mut draft = Draft {
            base: base.and_then(|b| absolute(&b, self.head.base.as_ref())).or_else(|| self.head.base.clone()),
            ..Draft::default()
        };
        let mut cap = Vec::new();
        for field in record.fields(text, record.inner(), is_field, marks) {
            self.field(&mut draft, &field, marks);
            if field.name().contains(':') && self.space(field.name(), field.start(), marks) == Ns::Cap {
                cap.push(field);
            }
        }
        if !cap.is_empty() {
            draft.entry.warning = alert::beside(&cap, &draft.entry.id, marks).map(Box::new);
        }
        let about = attribute(attributes, "rdf:about").map(|b| decode(b, tag.start, marks).into_owned());
        self.finish(draft, about)
    }

    fn field(&mut self, draft: &mut Draft, field: &Field<'_>, marks: &mut XmlFaults) {
        if field.name().contains(':') {
            let attributes = field.attributes();
            if attributes.contains("xmlns:") {
                self.declare(attributes, marks);
            }
        }
        let name = local(field.name()).to_ascii_lowercase();
        let entry = &mut draft.entry;
        match (self.space(field.name(), field.start(), marks), name.as_str()) {
            (Ns::Core, "title") => first(&mut entry.title, || text(field, self.root, marks)),
            (Ns::Core, "link") => self.take_link(draft, field, marks),
            (Ns::Core, "guid" | "id") if entry.id.is_empty() => {
                field.words(marks).trim().clone_into(&mut entry.id);
                let link = field.attribute("isPermaLink", marks);
                draft.id_is_link = name == "guid" && !link.is_some_and(|v| v.eq_ignore_ascii_case("false"));
            }
            (Ns::Core, "description" | "summary" | "abstract" | "tagline") => {
                first(&mut entry.summary, || text(field, self.root, marks));
            }
            (Ns::Dublin, "description") | (Ns::Itunes, "summary") | (Ns::Media, "description") => {
                first(&mut draft.other_summary, || EntryText::html(field.markup(marks)));
            }
            (Ns::Core | Ns::Dublin, "pubdate" | "date" | "published" | "issued" | "available") => {
                draft.entry.published =
                    draft.entry.published.or_else(|| dates::parse(&field.words(marks), self.hint.zone()));
            }
            (Ns::Core | Ns::Dublin, "created") => {
                draft.created = draft.created.or_else(|| dates::parse(&field.words(marks), self.hint.zone()));
            }
            (Ns::Core | Ns::Dublin, "updated" | "modified" | "lastbuilddate") => {
                draft.entry.updated =
                    draft.entry.updated.or_else(|| dates::parse(&field.words(marks), self.hint.zone()));
            }
            (Ns::Core | Ns::Dublin, "author" | "creator") if entry.author.is_none() => {
                entry.author = author(field, marks);
            }
            (Ns::Core, "content") => self.content(draft, field, marks),
            (Ns::Content, "encoded") | (Ns::Xhtml, "body" | "div") => {
                first(&mut entry.content, || EntryText::html(field.markup(marks)));
            }
            (Ns::Core, "enclosure") => {
                let url = field.attribute("url", marks).and_then(|u| absolute(&u, draft.base.as_ref()));
                let media_type = field.attribute("type", marks).map(|t| t.into_owned());
                draft.attach(url, media_type, None);
            }
            (Ns::Media, "content" | "group" | "title" | "player") => self.media(draft, field, marks),
            (_, "alert") => {
                entry.alert = entry.alert.take().or_else(|| alert::in_field(field, self.hint.zone(), marks))
            }
            _ => {}
        }
    }

    /// RSS's `<link>ADDRESS</link>` and Atom's `<link rel="…" href="…"/>`.
    fn take_link(&self, draft: &mut Draft, field: &Field<'_>, marks: &mut XmlFaults) {
        let base = draft.base.clone();
        let base = match field.attribute("xml:base", marks) {
            Some(own) => absolute(&own, base.as_ref()).or(base),
            None => base,
        };
        let Some(href) = field.attribute("href", marks) else {
            let words = field.words(marks);
            let said = if words.trim().is_empty() { field.following() } else { &words };
            if let Some(url) = absolute(said, base.as_ref()) {
                draft.links.push((true, url));
            }
            return;
        };
        let Some(url) = absolute(&href, base.as_ref()) else { return };
        let rel = field.attribute("rel", marks).unwrap_or("alternate".into()).trim().to_ascii_lowercase();
        let media_type = field.attribute("type", marks).map(|t| t.into_owned());
        if rel == "enclosure" {
            let title = field.attribute("title", marks).map(|t| t.into_owned());
            return draft.attach(Some(url), media_type, title);
        }
        let is_page = rel == "alternate" && media_type.is_none_or(|t| !t.contains("cap+xml"));
        draft.links.push((is_page, url));
    }

    /// Atom's content, inline or elsewhere; the alert in it, if there is one.
    fn content(&self, draft: &mut Draft, field: &Field<'_>, marks: &mut XmlFaults) {
        if let Some(base) = field.attribute("xml:base", marks) {
            let base = absolute(&base, draft.base.as_ref());
            draft.entry.base = base.or(draft.entry.base.take());
        }
        let media = field.attribute("type", marks).unwrap_or_default().trim().to_ascii_lowercase();
        if field.has_elements()
            && let Some(inner) = field.fields(|_| false, marks).iter().find(|f| local(f.name()) == "alert")
        {
            draft.entry.alert = draft.entry.alert.take().or_else(|| alert::in_field(inner, self.hint.zone(), marks));
        }
        if let Some(src) = field.attribute("src", marks).and_then(|s| absolute(&s, draft.base.as_ref())) {
            draft.links.push((false, src));
        }
        let is_binary = !media.is_empty()
            && media.contains('/')
            && !media.starts_with("text/")
            && !media.ends_with("xml")
            && media != "application/html";
        let is_base64 = field.attribute("mode", marks).is_some_and(|m| m.eq_ignore_ascii_case("base64"));
        if !is_binary && !is_base64 {
            first(&mut draft.entry.content, || text(field, self.root, marks));
        }
    }

    fn media(&self, draft: &mut Draft, field: &Field<'_>, marks: &mut XmlFaults) {
        if local(field.name()).eq_ignore_ascii_case("title") {
            first(&mut draft.media_title, || EntryText::html(field.markup(marks)));
            return;
        }
        if let Some(url) = field.attribute("url", marks).and_then(|u| absolute(&u, draft.base.as_ref())) {
            let media_type = field.attribute("type", marks).map(|t| t.into_owned());
            draft.media.push(Attachment { url: url.to_string(), media_type, title: None });
        }
        if field.has_elements() && draft.depth < 3 {
            draft.depth += 1;
            for inner in field.fields(|_| false, marks) {
                let name = local(inner.name()).to_ascii_lowercase();
                match (self.space(inner.name(), inner.start(), marks), name.as_str()) {
                    (Ns::Media, "content" | "title" | "player") => self.media(draft, &inner, marks),
                    (Ns::Media, "description") => {
                        first(&mut draft.other_summary, || EntryText::html(inner.markup(marks)));
                    }
                    _ => {}
                }
            }
            draft.depth -= 1;
        }
    }

    fn finish(&self, draft: Draft, about: Option<String>) -> FeedEntry {
        let Draft { mut entry, links, media, media_title, other_summary, base, created, id_is_link, .. } = draft;
        let page = links.iter().find(|(is_page, _)| *is_page).or_else(|| links.first());
        entry.link = page.map(|(_, url)| url.to_string());
        let web = |address: &str| absolute(address, None).filter(|u| matches!(u.scheme(), "http" | "https"));
        if entry.link.is_none() {
            let named = Some(entry.id.as_str()).filter(|_| id_is_link).or(about.as_deref());
            entry.link = named.and_then(web).map(|u| u.to_string());
        }
        if entry.id.is_empty() && entry.link.is_none() {
            entry.id = about.unwrap_or_default();
        }
        if entry.summary.is_empty() && entry.content.is_empty() {
            entry.summary = other_summary;
        }
        entry.published = entry.published.or(created);
        if self.root == Some(Root::Rss) {
            entry.updated = entry.updated.or(entry.published);
        }
        if entry.base.is_none() && self.base.is_some() {
            entry.base = base;
        }
        let title = crate::feeds::sanitize::plain(&media_title.words);
        for file in media {
            let title = Some(title.clone()).filter(|t| !t.is_empty());
            if entry.attachments.iter().all(|a| a.url != file.url) {
                entry.attachments.push(Attachment { title, ..file });
            }
        }
        entry
    }
}

/// An entry while it is read.
#[derive(Debug, Default)]
struct Draft {
    entry: FeedEntry,
    base: Option<Url>,
    /// Its addresses, and whether each is of a page that is the entry itself.
    links: Vec<(bool, Url)>,
    media: Vec<Attachment>,
    media_title: EntryText,
    other_summary: EntryText,
    created: Option<jiff::Timestamp>,
    id_is_link: bool,
    depth: u8,
}

impl Draft {
    fn attach(&mut self, url: Option<Url>, media_type: Option<String>, title: Option<String>) {
        let Some(url) = url.map(|u| u.to_string()) else { return };
        if self.entry.attachments.iter().all(|a| a.url != url) {
            let media_type = media_type.filter(|t| !t.trim().is_empty());
            self.entry.attachments.push(Attachment { url, media_type, title });
        }
    }
}

/// The first that says anything.
fn first(slot: &mut EntryText, read: impl FnOnce() -> EntryText) {
    if slot.is_empty() {
        *slot = read();
    }
}

/// A text by its `type`: RSS's are HTML; Atom 1.0's are plain unless they say otherwise (RFC 4287, section 3.1).
fn text(field: &Field<'_>, root: Option<Root>, marks: &mut XmlFaults) -> EntryText {
    let media = field.attribute("type", marks).unwrap_or_default().trim().to_ascii_lowercase();
    let plain = match media.as_str() {
        // RSS 1.0 says of its texts only that they are text; those without a tag are taken at their word.
        "" => root != Some(Root::Rss),
        "text" | "text/plain" => true,
        _ => false,
    };
    // Unescaped markup is markup, whatever its type.
    EntryText { words: field.markup(marks).into_owned(), plain: plain && !field.has_elements() }
}

/// Atom's `<author><name>…`, RSS's `mail (Name)`, and what people write there besides.
fn author(field: &Field<'_>, marks: &mut XmlFaults) -> Option<String> {
    let name = field.has_elements().then(|| {
        let fields = field.fields(|n| one_of(n, &["name", "email", "uri"]), marks);
        let of = |wanted: &str| fields.iter().find(|f| local(f.name()).eq_ignore_ascii_case(wanted));
        of("name").map(|f| f.words(marks).into_owned())
    });
    let words = name.flatten().unwrap_or_else(|| field.words(marks).into_owned());
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let within = words.split_once('(').and_then(|(first, rest)| {
        let second = rest.strip_suffix(')')?.trim();
        let name = if second.contains('@') { first.trim() } else { second };
        let is_pair = second.contains('@') || first.contains('@') || first.is_empty();
        (is_pair && !name.is_empty()).then(|| name.to_owned())
    });
    let before = || {
        let (name, rest) = words.split_once('<')?;
        (rest.ends_with('>') && !name.trim().is_empty()).then(|| name.trim().to_owned())
    };
    let name = within.or_else(before).unwrap_or_else(|| words.clone());
    (!name.is_empty()).then_some(name)
}
