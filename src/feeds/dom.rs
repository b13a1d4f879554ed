//! HTML parsed within bounds: of nesting, of nodes, and of time.
//!
//! A parser of HTML builds a tree of anything, however it is meant: work grows with the square of what is left open or of
//! one tag's attributes, and a few kilobytes can ask for gigabytes of nodes. So tags beyond common nesting are left out
//! first ([`shallow`]), which goes by the letters alone; what gets past that by tricks meets a count of the nodes that are
//! really there, taken at every tag, at which the rest of the document is left out.

use super::Stop;
use html5ever::{
    Parser, QualName, driver, local_name, ns,
    tendril::{StrTendril, TendrilSink},
};
use scraper::{Html, HtmlTreeSink};
use std::borrow::Cow;
use thiserror::Error;

/// Nodes one document may have: about 200 MB.
const MAX_NODES: usize = 1_000_000;
/// Nodes that may lie in each other.
const MAX_DEPTH: usize = 20_000;
/// Nodes between two looks at how deep they lie.
const DEPTH_EVERY: usize = 200;
/// Bytes given to the parser between two looks at the bounds.
const PIECE: usize = 16 * 1024;

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
pub(super) fn document(html: &str, stop: &Stop) -> Result<Html, TooMuch> {
    let parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), driver::ParseOpts::default());
    match bounded(parser, &shallow(html), stop, MAX_NODES) {
        (tree, true) => Ok(tree),
        (_, false) => Err(TooMuch),
    }
}

/// Parses a part of a page, as far as the bounds allow.
pub(super) fn fragment(html: &str, stop: &Stop) -> Html {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let parser = driver::parse_fragment(
        HtmlTreeSink::new(Html::new_fragment()),
        driver::ParseOpts::default(),
        body,
        Vec::new(),
        false,
    );
    bounded(parser, &shallow(html), stop, MAX_NODES).0
}

/// What came of it, and whether that is all.
fn bounded(mut parser: Parser<HtmlTreeSink>, html: &str, stop: &Stop, most: usize) -> (Html, bool) {
    // Four gigabytes are the most such a string can count.
    let Ok(length) = u32::try_from(html.len()) else { return (parser.finish(), false) };
    let whole = StrTendril::from_slice(html);
    let (mut at, mut looked) = (0, 0);
    while at < html.len() {
        let end = piece(html, at);
        let (Ok(from), Ok(to)) = (u32::try_from(at), u32::try_from(end)) else { break };
        parser.process(whole.subtendril(from, to.min(length) - from));
        at = end;
        if stop.is_asked() || is_beyond(&parser, most, &mut looked) {
            break;
        }
    }
    let is_whole = at >= html.len();
    (parser.finish(), is_whole)
}

/// Where the piece that begins at `at` ends: before the next tag, or after so many bytes.
fn piece(html: &str, at: usize) -> usize {
    let mut most = html.len().min(at.saturating_add(PIECE));
    while !html.is_char_boundary(most) {
        most += 1;
    }
    let found = html.get(at + 1..most).and_then(|rest| rest.find('<'));
    found.map_or(most, |n| at + 1 + n)
}

/// Whether there are too many nodes, or too many in each other; `looked` is how many there were when that was looked at.
fn is_beyond(parser: &Parser<HtmlTreeSink>, most: usize, looked: &mut usize) -> bool {
    let html = parser.tokenizer.sink.sink.0.borrow();
    let mut nodes = html.tree.nodes();
    if nodes.len() > most {
        return true;
    }
    if nodes.len() < *looked + DEPTH_EVERY {
        return false;
    }
    *looked = nodes.len();
    // A parser puts the newest node where it is: what is too deep begins with one that was the newest.
    nodes.next_back().is_some_and(|newest| newest.ancestors().nth(MAX_DEPTH).is_some())
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
    use super::{Cow, Html, HtmlTreeSink, Stop, bounded, document, driver, shallow};

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
        let parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), driver::ParseOpts::default());
        let (tree, is_whole) = bounded(parser, &html, &Stop::default(), 20_000);
        assert!(!is_whole && tree.tree.nodes().len() < 22_000, "{}", tree.tree.nodes().len());
    }

    #[test]
    fn a_common_page_is_whole() {
        let html = format!("<title>题</title><p>{}", "公示<br>".repeat(20_000));
        assert!(document(&html, &Stop::default()).is_ok());
        assert_eq!(
            document("<p>公<b>示</b>", &Stop::default()).map(|d| d.html()),
            Ok(scraper::Html::parse_document("<p>公<b>示</b>").html())
        );
    }

    #[test]
    fn parsing_ends_when_it_is_to_stop() {
        let stop = Stop::default();
        stop.ask();
        assert!(document(&"<p>公".repeat(100), &stop).is_err());
    }
}
