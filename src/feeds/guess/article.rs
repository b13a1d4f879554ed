//! Where an article has its text, its files, its issuer and its number.

use super::select;
use crate::{
    config::PortalSelectors,
    feeds::{
        StopToken,
        detect::names_attachment,
        dom,
        page::{
            article::{ISSUER_LABELS, NUMBER_LABELS, value},
            list::{base, own_href, words},
        },
    },
};
use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashMap;
use url::Url;

/// A part is followed down for as long as one child has this share of its text.
const SHARE: f64 = 0.65;
/// Characters of a piece of text that counts as running text.
const RUNNING: usize = 12;
/// Parts of a page that are not the article, by tag.
const AROUND: [&str; 14] = [
    "head", "script", "style", "nav", "header", "footer", "form", "select", "aside", "noscript", "a", "h1", "h2", "h3",
];
/// Parts of the names such parts have by class or id.
const NAMED_AROUND: [&str; 6] = ["foot", "copyright", "nav", "menu", "breadcrumb", "position"];
/// Containers that content systems write the text of an article into.
const KNOWN: [&str; 13] = [
    "#zoom",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    "#UCAP-CONTENT",
    ".pages_content",
    "#vsb_content",
    ".v_news_content",
    "#NewsContent",
    ".article-content",
    ".article_content",
    ".news_content",
    ".con_text",
    ".view",
];

/// Adds the selectors of an article to those of its list. What the program finds by itself is left empty.
pub fn add(page: &mut PortalSelectors, text: &str, place: &Url) {
    let Ok(html) = dom::document(text, &StopToken::default()) else { return };
    let base = base(&html, place);
    let body = body(&html);
    page.body = body.and_then(|e| select::of_one(&html, e)).unwrap_or_default();
    page.attachments = attachments(&html, &base, body).unwrap_or_default();
    let says = |name: &str| {
        let css = Selector::parse(&format!("meta[name='{name}' i]")).ok();
        css.and_then(|s| html.select(&s).next()?.attr("content")).is_some_and(|c| !c.trim().is_empty())
    };
    if !says("ContentSource") {
        page.issuer = labelled(&html, &ISSUER_LABELS, body).unwrap_or_default();
    }
    page.number = labelled(&html, &NUMBER_LABELS, body).unwrap_or_default();
}

/// The part that holds the running text: a known container, else the deepest part with nearly all of it.
fn body(html: &Html) -> Option<ElementRef<'_>> {
    let known = KNOWN.iter().filter_map(|css| Selector::parse(css).ok());
    let running = running(html);
    let much = |e: &ElementRef<'_>| running.get(&e.id()).copied().unwrap_or_default();
    let all = running.get(&html.tree.root().id()).copied().unwrap_or_default();
    for css in known {
        if let Some(found) = html.select(&css).find(|e| !words(*e, None).is_empty())
            && (much(&found) as f64) >= 0.3 * all as f64
        {
            return Some(found);
        }
    }
    let mut part = html.root_element();
    if all == 0 {
        return None;
    }
    loop {
        let most = part.child_elements().max_by_key(much)?;
        if (much(&most) as f64) < SHARE * much(&part) as f64 || is_line(most) {
            break;
        }
        part = most;
    }
    (!matches!(part.value().name(), "html" | "body")).then_some(part)
}

/// Whether an element is a paragraph or less, so that what holds it is the text.
fn is_line(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "p" | "span" | "font" | "strong" | "b" | "table" | "tbody" | "h1" | "h2" | "ul")
}

fn is_around(element: &scraper::node::Element) -> bool {
    let named = |name: &str| NAMED_AROUND.iter().any(|part| name.to_ascii_lowercase().contains(part));
    AROUND.contains(&element.name()) || element.id().is_some_and(named) || element.classes().any(named)
}

/// Characters of running text below each node.
fn running(html: &Html) -> HashMap<NodeId, usize> {
    let mut count: HashMap<NodeId, usize> = HashMap::new();
    for node in html.tree.root().descendants() {
        let Node::Text(text) = node.value() else { continue };
        let length = text.split_whitespace().map(|w| w.chars().count()).sum::<usize>();
        let around = |n: ego_tree::NodeRef<'_, Node>| n.value().as_element().is_some_and(is_around);
        // 来源：… and its like stand around an article.
        let is_label = length < 3 * RUNNING && text.trim().chars().take(8).any(|c| matches!(c, '：' | ':'));
        if length < RUNNING || is_label || node.ancestors().any(around) {
            continue;
        }
        for above in node.ancestors() {
            *count.entry(above.id()).or_default() += length;
        }
    }
    count
}

/// Files that hang below or beside the text; `None` where they are in it, or there are none.
fn attachments(html: &Html, base: &Url, body: Option<ElementRef<'_>>) -> Option<String> {
    let is_file = |e: &ElementRef<'_>| own_href(*e, base).is_some_and(|url| names_attachment(url.path()));
    let anchors = Selector::parse("a[href]").ok()?;
    let files: Vec<ElementRef<'_>> = html.select(&anchors).filter(is_file).collect();
    let inside = |e: &ElementRef<'_>| body.is_some_and(|b| e.ancestors().any(|n| n.id() == b.id()));
    let outside = files.iter().find(|e| !inside(e))?;
    if files.iter().any(inside) {
        return None;
    }
    // The nearest part around the first file that holds no other links than files.
    let around = outside
        .ancestors()
        .filter_map(ElementRef::wrap)
        .take_while(|e| e.select(&anchors).all(|a| is_file(&a)) && !matches!(e.value().name(), "body" | "html"));
    let holder = around.last()?;
    select::of_one(html, holder).map(|css| format!("{css} a"))
}

/// The element that holds the value of one of the labels: 来源：… in one element, or a cell beside the label's.
fn labelled(html: &Html, labels: &[&str], body: Option<ElementRef<'_>>) -> Option<String> {
    let bare =
        |text: &str| text.chars().filter(|c| !c.is_whitespace() && !"：:【】[]".contains(*c)).collect::<String>();
    let labels: Vec<String> = labels.iter().map(|label| bare(label)).collect();
    for element in html.tree.root().descendants().filter_map(ElementRef::wrap) {
        if matches!(element.value().name(), "script" | "style" | "head" | "html" | "body" | "title" | "meta")
            || body.is_some_and(|b| element.id() == b.id() || element.ancestors().any(|n| n.id() == b.id()))
        {
            continue;
        }
        let text = words(element, None);
        if text.chars().count() > 120 {
            continue;
        }
        let is_label = labels.iter().any(|label| bare(&text) == *label);
        if is_label && element.child_elements().next().is_none() {
            let beside = element.next_siblings().find_map(ElementRef::wrap);
            if let Some(cell) = beside.filter(|c| !words(*c, None).is_empty())
                && let Some(css) = select::of_one(html, cell)
            {
                return Some(css);
            }
        }
        let has_label = labels.iter().any(|l| {
            text.match_indices(l.as_str())
                .any(|(at, _)| text.get(at + l.len()..).is_some_and(|rest| rest.trim_start().starts_with(['：', ':'])))
        });
        // The smallest such element: none of its children has the label with its value.
        let deeper = element.child_elements().any(|c| {
            let text = words(c, None);
            labels.iter().any(|l| text.contains(l.as_str()) && value(&text) != text)
        });
        let found = value(&text);
        if has_label
            && !deeper
            && found != text
            && found.chars().count() >= 2
            && let Some(css) = select::of_one(html, element)
        {
            return Some(css);
        }
    }
    None
}
