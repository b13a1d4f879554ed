//! HTML parsed within bounds: of nesting, of nodes, and of time.
//!
//! A parser of HTML builds a tree of anything, however it is meant: work grows with the square of what is left open or of
//! one tag's attributes, and a few kilobytes can ask for gigabytes of nodes. So tags beyond common nesting are left out
//! first ([`shallow`]), which goes by the letters alone; what gets past that by tricks meets a count of the nodes that are
//! really there, taken at every tag, at which the rest of the document is left out.
//!
//! Attributes are bounded on the way in: the parser gets the document in small pieces that end before a `<`. While a piece
//! brings forth no token, the parser is within one tag or comment, and that began with the `<` of the first such piece
//! (`attributes.rs` counts from there). A tag with too many gets no more of them. What became a token loses those beyond
//! the bound as well, and formatting elements keep few, since each paragraph may copy them.

mod attributes;

use super::StopToken;
use attributes::Attributes;
use ego_tree::NodeId;
use html5ever::{
    QualName, TokenizerResult,
    buffer_queue::BufferQueue,
    local_name, ns,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink, create_element},
};
use scraper::{Html, HtmlTreeSink};
use std::{borrow::Cow, cell::Cell};
use thiserror::Error;

/// Nodes one document may have: about 200 MB.
const MAX_NODES: usize = 1_000_000;
/// Bytes of words that are read of a page that is prose. The longest laws have a tenth of that.
const MAX_WORD_BYTES: usize = 8 * 1024 * 1024;
/// Nodes that may lie in each other.
const MAX_DEPTH: usize = 20_000;
/// Nodes between two looks at how deep they lie.
const DEPTH_EVERY: usize = 200;
/// Bytes given to the parser between two looks at the bounds.
const PIECE: usize = 1024;
/// Attributes one tag may have.
const MAX_ATTRIBUTES: usize = 256;
/// Attributes a formatting element may have, and with how many of them each counts as one node.
const MAX_COPIED: usize = 64;
const LIGHT: usize = 4;
/// Tags that add their attributes to the first of their kind: so many do.
const MAX_ROOTS: u32 = 8;

/// Elements that may be open at once.
const MAX_OPEN: usize = 2_000;
/// Formatting elements that may be open at once.
const MAX_FORMATTING: usize = 24;
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements without an end, and those that the next of their kind ends.
const CLOSING: [&str; 22] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "tbody", "td", "th", "tr", "wbr",
];

/// A page that is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the page nests too deep, holds more than {MAX_NODES} elements or takes too long; name another, or ask the office to mend it"
)]
pub(super) struct TooMuch;

/// Parses a whole page.
///
/// # Errors
/// Where it is beyond the bounds: a part of a page may mean something else than the page.
pub(super) fn document(html: &str, stop: &StopToken) -> Result<Html, TooMuch> {
    match Reader::of_document().read(&shallow(html), stop, MAX_NODES) {
        (tree, true) => Ok(tree),
        (_, false) => Err(TooMuch),
    }
}

/// Parses a page that is to be read as prose: after so many words the rest is left out, which is noted.
///
/// # Errors
/// As [`document`].
pub(super) fn prose(html: &str, stop: &StopToken) -> Result<Html, TooMuch> {
    let mut reader = Reader::of_document();
    reader.max_words = MAX_WORD_BYTES;
    match reader.read(&shallow(html), stop, MAX_NODES) {
        (tree, true) => Ok(tree),
        (_, false) => Err(TooMuch),
    }
}

/// Parses a part of a page, as far as the bounds allow.
pub(super) fn fragment(html: &str, stop: &StopToken) -> Html {
    Reader::of_fragment().read(&shallow(html), stop, MAX_NODES).0
}

/// What stands between the tokenizer and the builder of the tree, and sees what passes.
struct Watched {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    /// Tokens that passed.
    tokens: Cell<u64>,
    /// The most attributes that a formatting element has.
    heaviest: Cell<usize>,
    /// Tags that stand for the whole page.
    roots: Cell<u32>,
    /// Bytes of words that passed.
    words: Cell<usize>,
}

impl TokenSink for Watched {
    type Handle = NodeId;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<NodeId> {
        // Errors come from within a tag as well.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        match &mut token {
            Token::TagToken(tag) => self.bound(tag),
            Token::CharacterTokens(words) => self.words.set(self.words.get() + words.len()),
            _ => {}
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Watched {
    fn bound(&self, tag: &mut Tag) {
        tag.attrs.truncate(MAX_ATTRIBUTES);
        if tag.kind == TagKind::EndTag {
            return;
        }
        if matches!(&*tag.name, "html" | "body") {
            self.roots.set(self.roots.get() + 1);
            if self.roots.get() > MAX_ROOTS {
                tag.attrs.clear();
            }
        }
        if FORMATTING.contains(&&*tag.name) {
            // What says something to the reader of the tree comes first.
            let says = |name: &str| matches!(name, "href" | "style" | "hidden" | "class" | "id" | "title");
            tag.attrs.sort_by_key(|attribute| !says(&attribute.name.local));
            tag.attrs.truncate(MAX_COPIED);
            self.heaviest.set(self.heaviest.get().max(tag.attrs.len()));
        }
    }
}

/// A parser that is given a document piece by piece.
struct Reader {
    tokenizer: Tokenizer<Watched>,
    queue: BufferQueue,
    /// Bytes of words after which the rest is left out.
    max_words: usize,
}

impl Reader {
    fn of_document() -> Self {
        Self::of(TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default()))
    }

    fn of_fragment() -> Self {
        let sink = HtmlTreeSink::new(Html::new_fragment());
        let body = create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
        Self::of(TreeBuilder::new_for_fragment(sink, body, None, TreeBuilderOpts::default()))
    }

    fn of(builder: TreeBuilder<NodeId, HtmlTreeSink>) -> Self {
        let watched =
            Watched { builder, tokens: Cell::new(0), heaviest: Cell::new(0), roots: Cell::new(0), words: Cell::new(0) };
        Self {
            tokenizer: Tokenizer::new(watched, TokenizerOpts::default()),
            queue: BufferQueue::default(),
            max_words: usize::MAX,
        }
    }

    /// What came of it, and whether that is all.
    fn read(self, html: &str, stop: &StopToken, most: usize) -> (Html, bool) {
        self.read_told(html, stop, most, &|_| {})
    }

    /// As [`Reader::read`]; `fed` is told of the bytes that each piece has.
    fn read_told(self, html: &str, stop: &StopToken, most: usize, fed: &dyn Fn(usize)) -> (Html, bool) {
        let (mut at, mut looked, mut is_cut) = (0, 0, false);
        let mut tag: Option<Attributes> = None;
        while at < html.len() {
            let mut end = piece(html, at);
            fed(end - at);
            if tag.is_none() {
                tag = html.get(at..).and_then(Attributes::new);
                // What was held back of the words before comes out with the `<` alone.
                if tag.is_some() {
                    self.feed(html, at, at + 1);
                    at += 1;
                }
            }
            // A tag that the parser is within lets no token out but itself; what only looks like one, in a script, does.
            if !self.feed(html, at, end) {
                tag = None;
            }
            if let Some(attributes) = &mut tag {
                attributes.pass(html.get(at..end).unwrap_or_default());
                if attributes.count > MAX_ATTRIBUTES && !attributes.is_over() {
                    let next = end + attributes.pass_to_next(html.get(end..).unwrap_or_default());
                    self.feed(html, end, next);
                    fed(next - end);
                    end = next + attributes.pass_to_close(html.get(next..).unwrap_or_default());
                    is_cut = true;
                }
                if attributes.is_over() {
                    tag = None;
                }
            }
            at = end;
            let is_enough = self.tokenizer.sink.words.get() > self.max_words;
            if is_enough || stop.is_asked() || self.is_beyond(most, &mut looked) {
                break;
            }
        }
        if is_cut {
            stop.note_cut_tag();
        }
        let is_cut_short = self.tokenizer.sink.words.get() > self.max_words;
        if is_cut_short {
            stop.note_cut_words();
        }
        let is_whole = at >= html.len() || is_cut_short;
        self.tokenizer.end();
        (self.tokenizer.sink.builder.sink.finish(), is_whole)
    }

    /// Gives the parser a piece; says whether no token came of it.
    fn feed(&self, html: &str, from: usize, to: usize) -> bool {
        let before = self.tokenizer.sink.tokens.get();
        self.queue.push_back(StrTendril::from_slice(html.get(from..to).unwrap_or_default()));
        // Scripts are not run.
        while !matches!(self.tokenizer.feed(&self.queue), TokenizerResult::Done) {}
        self.tokenizer.sink.tokens.get() == before
    }

    /// Whether there are too many nodes, or too many in each other; `looked` is how many there were when that was looked
    /// at.
    fn is_beyond(&self, most: usize, looked: &mut usize) -> bool {
        let sink = &self.tokenizer.sink;
        let html = sink.builder.sink.0.borrow();
        let mut nodes = html.tree.nodes();
        if nodes.len() > most / (sink.heaviest.get() / LIGHT).max(1) {
            return true;
        }
        if nodes.len() < *looked + DEPTH_EVERY {
            return false;
        }
        *looked = nodes.len();
        // A parser puts the newest node where it is: what is too deep begins with one that was the newest.
        nodes.next_back().is_some_and(|newest| newest.ancestors().nth(MAX_DEPTH).is_some())
    }
}

/// Where the piece that begins at `at` ends: before the next tag, or after so many bytes.
fn piece(html: &str, at: usize) -> usize {
    let mut most = html.len().min(at.saturating_add(PIECE));
    while !html.is_char_boundary(most) {
        most += 1;
    }
    // By bytes, since what follows `at` may be within a character.
    let found = html.as_bytes().get(at + 1..most).and_then(|rest| memchr::memchr(b'<', rest));
    found.map_or(most, |n| at + 1 + n)
}

/// HTML whose elements nest no deeper than a parser can bear. Its work grows with the square of the open elements, and
/// each paragraph opens anew every formatting element left open; tags beyond the limits are left out, their text stays.
fn shallow(html: &str) -> Cow<'_, str> {
    let (mut out, mut kept) = (String::new(), 0);
    let mut open = [0_usize; 2];
    // Tags that were left out and have not ended: their ends go with them.
    let mut gone = [0_usize; 2];
    let mut at = 0;
    while let Some(start) = html.get(at..).and_then(|rest| rest.find('<')).map(|n| at + n) {
        let rest = html.get(start + 1..).unwrap_or_default();
        let (ends, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let name: String = rest.chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
        at = start + 1;
        if name.is_empty() {
            continue;
        }
        let name = name.to_ascii_lowercase();
        let formats = FORMATTING.contains(&name.as_str());
        let limit = if formats { MAX_FORMATTING } else { MAX_OPEN };
        let (Some(count), Some(gone)) = (open.get_mut(usize::from(formats)), gone.get_mut(usize::from(formats))) else {
            continue;
        };
        if CLOSING.contains(&name.as_str()) {
            continue;
        }
        if ends && *gone == 0 {
            *count = count.saturating_sub(1);
        } else if !ends && *count < limit {
            *count += 1;
        } else {
            *gone = if ends { *gone - 1 } else { *gone + 1 };
            let close = rest.find('>').map_or(html.len(), |n| html.len() - rest.len() + n + 1);
            out.push_str(html.get(kept..start).unwrap_or_default());
            (kept, at) = (close, close);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Cow, MAX_ATTRIBUTES, PIECE, Reader, StopToken, document, fragment, piece, shallow};
    use proptest::prelude::*;
    use scraper::{Html, Node};

    #[test]
    fn long_documents_of_common_elements_are_left_as_they_are() {
        let rows = "<tr><td>一<td>二".repeat(3000);
        let html = format!("<ul>{}</ul><table>{rows}</table>", "<li>项<p>段".repeat(3000));
        assert!(matches!(shallow(&html), Cow::Borrowed(_)));
        let spans = "<div><b>公</b><a href=x>示</a></div>".repeat(5000);
        assert!(matches!(shallow(&spans), Cow::Borrowed(_)));
    }

    #[test]
    fn a_tag_that_is_left_out_takes_its_end_along() {
        let html = |n: usize| format!("{}公{}示", "<div>".repeat(n), "</div>".repeat(n));
        assert_eq!(shallow(&html(100_000)), html(2_000));
        let formats = |n: usize| format!("<p>{}公{}示", "<b>".repeat(n), "</b>".repeat(n));
        assert_eq!(shallow(&formats(100)), formats(24));
    }

    #[test]
    fn tags_that_never_end_cost_no_more_than_their_length() {
        // Each of them once looked for its end through all the rest.
        let html = "<a".repeat(2_000_000);
        assert!(matches!(shallow(&html), Cow::Borrowed(_)) || shallow(&html).len() < html.len());
    }

    #[test]
    fn formatting_left_open_by_tricks_meets_the_count_of_nodes() {
        let open: String = (0..300).map(|n| format!("<b id={n}><table><td></b></table>")).collect();
        let html = format!("<p>{open}{}", "<p>公".repeat(2000));
        assert!(matches!(shallow(&html), Cow::Borrowed(_)), "the letters alone tell nothing");
        let (tree, is_whole) = Reader::of_document().read(&html, &StopToken::default(), 20_000);
        assert!(!is_whole && tree.tree.nodes().len() < 22_000, "{}", tree.tree.nodes().len());
    }

    #[test]
    fn a_common_page_is_whole() {
        let html = format!("<title>题</title><p>{}", "公示<br>".repeat(20_000));
        assert!(document(&html, &StopToken::default()).is_ok());
        assert_eq!(
            document("<p>公<b>示</b>", &StopToken::default()).map(|d| d.html()),
            Ok(scraper::Html::parse_document("<p>公<b>示</b>").html())
        );
    }

    /// The most attributes that one element has, and of all elements together.
    fn attributes(html: &Html) -> (usize, usize) {
        let counts = html.tree.values().filter_map(Node::as_element).map(|e| e.attrs.len());
        (counts.clone().max().unwrap_or(0), counts.sum())
    }

    /// What a tag costs grows with the square of its attributes: so the parser must never be given them all.
    #[test]
    fn a_tag_with_a_million_attributes_is_a_tag_with_few() {
        let many: String = (0..1_000_000).map(|n| format!(" a{n}")).collect();
        let valued: String = (0..100_000).map(|n| format!(" b{n}='x > y'")).collect();
        for (text, wanted) in [(format!("<p{many}>公示<p>二"), 2), (format!("<div{valued} c/d><p>公示"), 1)] {
            let tree = document(&text, &StopToken::default()).unwrap();
            let (most, _) = attributes(&tree);
            assert_eq!(most, MAX_ATTRIBUTES);
            let body = tree.root_element().text().collect::<String>();
            assert!(body.starts_with("公示"), "{body}");
            assert_eq!(tree.tree.values().filter(|n| n.as_element().is_some_and(|e| e.name() == "p")).count(), wanted);
        }
        let open = format!("公示<p{many}");
        assert_eq!(attributes(&fragment(&open, &StopToken::default())).0, 0, "a tag that never ends is none");
    }

    #[test]
    fn pieces_end_before_every_tag() {
        let html = "公示<p>公</p>示 <b>";
        let (mut at, mut pieces) = (0, Vec::new());
        while at < html.len() {
            let end = piece(html, at);
            pieces.push(&html[at..end]);
            at = end;
        }
        assert_eq!(pieces, ["公示", "<p>公", "</p>示 ", "<b>"]);
    }

    /// Bytes that reach the parser of a tag with more attributes than it may have.
    #[test]
    fn the_parser_is_not_given_the_attributes_that_are_left_out() {
        let tag: String = (0..50_000).map(|n| format!(" a{n}")).collect();
        let text = format!("<p{tag}>公示");
        let reader = Reader::of_document();
        let fed = std::cell::Cell::new(0);
        let (_, is_whole) = reader.read_told(&text, &StopToken::default(), 1000, &|n| fed.set(fed.get() + n));
        assert!(is_whole && fed.get() < 4 * PIECE, "{}", fed.get());
    }

    #[test]
    fn attributes_of_copies_and_of_the_page_itself_are_few() {
        let attrs: String = (0..200).map(|n| format!(" a{n}")).collect();
        let formats = format!("<b{attrs}>").repeat(20) + &"<p>公".repeat(100_000);
        let tree = fragment(&formats, &StopToken::default());
        assert!(attributes(&tree).1 < 8_000_000, "{:?}", attributes(&tree));
        let bodies: String = (0..1_000).map(|n| format!("<body x{n}=1 y{n}>")).collect();
        assert!(attributes(&document(&bodies, &StopToken::default()).unwrap()).0 <= 16);
        let link = format!("<a{attrs} href=x>公示</a>");
        assert!(fragment(&link, &StopToken::default()).html().contains("href"));
    }

    #[test]
    fn what_looks_like_a_tag_in_a_script_or_a_comment_is_left_alone() {
        let words = "a b c d e f ".repeat(500);
        for text in [
            format!("<script>if (a <b {words}) x</script><p>公示"),
            format!("<!-- <b {words} --><p>公示"),
            format!("<textarea><b {words}</textarea><p>公示"),
            format!("<p title='<b {words}'>公示"),
            format!("<p>a & <b title=\"{words}\">公示"),
        ] {
            assert_eq!(document(&text, &StopToken::default()).unwrap().html(), Html::parse_document(&text).html());
        }
    }

    proptest! {
        /// Within the bounds a document is what a parser of its own makes of it.
        #[test]
        fn common_documents_are_as_the_parser_reads_them(
            parts in prop::collection::vec("(<[pbia]( [a-c]=?['\"]?[x>]{0,3}['\"]?){0,3}/?>|</[pb]>|公示 ?|&amp|&lt;|<!--|-->|<script>|</script>|<|'|\"){1,6}", 0..12)
        ) {
            let text = parts.concat();
            prop_assert_eq!(document(&text, &StopToken::default()).unwrap().html(), Html::parse_document(&text).html());
            prop_assert_eq!(fragment(&text, &StopToken::default()).html(), Html::parse_fragment(&text).html());
        }
    }

    #[test]
    fn parsing_ends_when_it_is_to_stop() {
        let stop = StopToken::default();
        stop.ask();
        assert!(document(&"<p>公".repeat(100), &stop).is_err());
    }
}
