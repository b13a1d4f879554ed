//! The repeated rows of a page, by structure: elements of one kind in one place, each with one main link.

use crate::feeds::{
    listed,
    page::list::{own_href, words},
};
use ego_tree::NodeId;
use jiff::{Timestamp, Zoned};
use scraper::{ElementRef, Html};
use std::collections::{BTreeSet, HashMap, HashSet};
use url::Url;

/// Elements of a page that are looked at.
const MAX_ELEMENTS: usize = 60_000;
/// Links a row may have; what has more holds rows itself.
const MAX_LINKS: usize = 12;
/// Tags that may be rows, those first that are meant for it.
const TAGS: [&str; 15] =
    ["li", "tr", "dl", "dd", "dt", "article", "div", "section", "p", "td", "ul", "table", "h3", "span", "a"];
/// Titles longer than this are as good as any.
const LONG_TITLE: usize = 24;
/// What a link is named that leads to the row's article without being its title.
const MORE: [&str; 8] = ["查看", "详情", "查看详情", "详细", "阅读全文", "点击查看", "更多", "全文"];

/// One element that may be a row.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// The element.
    pub element: ElementRef<'a>,
    /// Its main link and where that leads; `None` for a table's head or a line between rows.
    pub link: Option<(ElementRef<'a>, Url)>,
    /// The element whose words are its title, where that is not the link.
    pub title: Option<ElementRef<'a>>,
    /// The smallest element that holds its date, and the date.
    pub date: Option<(ElementRef<'a>, Timestamp)>,
    /// Different addresses it links to.
    links: usize,
    /// Characters of its title.
    length: usize,
}

/// Elements that look like the rows of one list.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// Its elements, in the page's order.
    pub members: Vec<Member<'a>>,
    /// How much it looks like the list that is meant; above 0.
    pub score: f64,
}

impl Group<'_> {
    /// Members that lead somewhere.
    pub fn rows(&self) -> usize {
        self.members.iter().filter(|m| m.link.is_some()).count()
    }

    /// Characters of the titles, on average.
    pub fn length(&self) -> usize {
        let total: usize = self.members.iter().map(|m| m.length).sum();
        total / self.rows().max(1)
    }

    fn addresses(&self) -> BTreeSet<&str> {
        self.members.iter().filter_map(|m| Some(m.link.as_ref()?.1.as_str())).collect()
    }

    /// Smaller is better, among groups of the same links.
    fn rank(&self) -> usize {
        let name = self.members.first().map_or("", |m| m.element.value().name());
        TAGS.iter().position(|tag| *tag == name).unwrap_or(TAGS.len())
    }
}

/// The groups of a page, best first; those that hold the same links as a better one, or some of them, are left out.
pub fn groups<'a>(html: &'a Html, base: &Url, now: &Zoned) -> Vec<Group<'a>> {
    let elements: Vec<ElementRef<'a>> = html
        .tree
        .root()
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|e| !matches!(e.value().name(), "html" | "head" | "body" | "script" | "style"))
        .take(MAX_ELEMENTS)
        .collect();
    let links = linked(&elements, base);
    let mut members: HashMap<NodeId, Member<'a>> = HashMap::new();
    let mut found: Vec<Group<'a>> = Vec::new();
    for (weight, elements) in alike(&elements, &links) {
        let all: Vec<Member<'a>> =
            elements.iter().map(|e| members.entry(e.id()).or_insert_with(|| member(*e, base, now)).clone()).collect();
        let all = titled(all);
        if let Some(score) = score(&all) {
            found.push(Group { members: all, score: score * weight });
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.rank().cmp(&b.rank())));
    let mut kept: Vec<Group<'a>> = Vec::new();
    for group in found {
        let addresses = group.addresses();
        if !kept.iter().any(|better| addresses.is_subset(&better.addresses())) {
            kept.push(group);
        }
        if kept.len() >= 8 {
            break;
        }
    }
    kept
}

/// How many links each element holds, itself included.
fn linked(elements: &[ElementRef<'_>], base: &Url) -> HashMap<NodeId, usize> {
    let mut links: HashMap<NodeId, usize> = HashMap::new();
    for anchor in elements.iter().filter(|e| e.value().name() == "a" && own_href(**e, base).is_some()) {
        *links.entry(anchor.id()).or_default() += 1;
        for above in anchor.ancestors() {
            *links.entry(above.id()).or_default() += 1;
        }
    }
    links
}

/// Elements of one kind: of the same tags and classes all the way up, or of the same but for their own class, or in
/// lists that stand beside each other. With what each way of telling is worth.
fn alike<'a>(elements: &[ElementRef<'a>], links: &HashMap<NodeId, usize>) -> Vec<(f64, Vec<ElementRef<'a>>)> {
    let mut numbers: HashMap<(usize, String), usize> = HashMap::new();
    let mut paths: HashMap<NodeId, usize> = HashMap::new();
    let mut sets: HashMap<(u8, usize, String), Vec<ElementRef<'a>>> = HashMap::new();
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    for element in elements {
        let (tag, above) = (element.value().name(), element.parent());
        let path = above.and_then(|p| paths.get(&p.id()).copied()).unwrap_or_default();
        let mut classes: Vec<&str> = element.value().classes().collect();
        classes.sort_unstable();
        let key = format!("{tag}.{}", classes.join("."));
        let next = numbers.len() + 1;
        paths.insert(element.id(), *numbers.entry((path, key.clone())).or_insert(next));
        if !TAGS.contains(&tag) || links.get(&element.id()).is_some_and(|n| *n > MAX_LINKS) {
            continue;
        }
        sets.entry((0, path, key)).or_default().push(*element);
        sets.entry((1, path, tag.to_owned())).or_default().push(*element);
        if let Some(list) = above
            && let Some(around) = list.parent()
        {
            let next = places.len() + 1;
            let place = *places.entry(around.id()).or_insert(next);
            let list = list.value().as_element().map_or("", |e| e.name());
            sets.entry((2, place, format!("{list}>{tag}"))).or_default().push(*element);
        }
    }
    let mut sets: Vec<_> = sets.into_iter().filter(|(_, members)| members.len() > 1).collect();
    sets.sort_by(|a, b| a.0.cmp(&b.0));
    sets.into_iter().map(|((way, ..), members)| (1.0 - 0.025 * f64::from(way), members)).collect()
}

fn member<'a>(element: ElementRef<'a>, base: &Url, now: &Zoned) -> Member<'a> {
    let mut main: Option<(usize, ElementRef<'a>, Url)> = None;
    let mut addresses = HashSet::new();
    for anchor in std::iter::once(element).chain(element.descendent_elements()).filter(|e| e.value().name() == "a") {
        let Some(url) = own_href(anchor, base) else { continue };
        let length = said(anchor).chars().count();
        addresses.insert(url.clone());
        if length > 0 && main.as_ref().is_none_or(|(most, ..)| *most < length) {
            main = Some((length, anchor, url));
        }
    }
    let date = main.as_ref().and_then(|(_, anchor, _)| dated(element, *anchor, now));
    let title = main.as_ref().and_then(|(_, anchor, _)| part_title(*anchor, date.map(|(e, _)| e)));
    let length = title.map_or(main.as_ref().map_or(0, |m| m.0), |t| words(t, None).chars().count());
    let link = main.map(|(_, anchor, url)| (anchor, url));
    Member { element, link, title, date, links: addresses.len(), length }
}

/// The words of a link, or its `title` where that is longer.
fn said(anchor: ElementRef<'_>) -> String {
    let (shown, full) = (words(anchor, None), anchor.attr("title").unwrap_or_default().trim().to_owned());
    if full.chars().count() > shown.chars().count() { full } else { shown }
}

/// The smallest element of a row that holds a date; the row itself where the date stands between other words.
fn dated<'a>(row: ElementRef<'a>, anchor: ElementRef<'a>, now: &Zoned) -> Option<(ElementRef<'a>, Timestamp)> {
    let short = |e: &ElementRef<'_>| words(*e, None).chars().count() <= 32;
    let holds = |e: ElementRef<'a>| Some((e, listed::find(&words(e, None), now)?));
    let within: Vec<_> = row.descendent_elements().filter(|e| e.id() != row.id() && e.id() != anchor.id()).collect();
    let inner = within.into_iter().filter(short).filter_map(holds);
    // The deepest comes last among those that hold one another; of several, the first that is not in the title.
    let mut best: Option<(ElementRef<'a>, Timestamp)> = None;
    for (element, date) in inner {
        let is_deeper = best.is_some_and(|(b, _)| element.ancestors().any(|n| n.id() == b.id()));
        if best.is_none() || is_deeper {
            best = Some((element, date));
        }
    }
    best.or_else(|| Some((row, listed::find(&words(row, Some(anchor)), now)?)))
}

/// The part of a link that is its title, where the link wraps a whole card.
fn part_title<'a>(anchor: ElementRef<'a>, date: Option<ElementRef<'a>>) -> Option<ElementRef<'a>> {
    let is_date =
        |e: &ElementRef<'_>| date.is_some_and(|d| d.id() == e.id() || d.ancestors().any(|n| n.id() == e.id()));
    let named = |e: &ElementRef<'_>| {
        let name = e.value().name();
        let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        is_heading || e.value().classes().any(|c| matches!(c, "title" | "tit" | "bt" | "tt" | "name" | "biaoti"))
    };
    let has_words = |e: &ElementRef<'_>| words(*e, None).chars().count() >= 2;
    let inner: Vec<_> = anchor.descendent_elements().filter(|e| e.id() != anchor.id() && has_words(e)).collect();
    if let Some(found) = inner.iter().find(|e| named(e) && !is_date(e)) {
        return Some(*found);
    }
    let children: Vec<_> = anchor.child_elements().filter(|e| has_words(e) && !is_date(e)).collect();
    let others = children.len() > 1;
    children.into_iter().next().filter(|_| others && words(anchor, None).chars().count() > 60)
}

/// Rows whose links all say the same (查看) have their titles elsewhere: in the child with the most words.
fn titled(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let is_more = |m: &Member<'_>| {
        m.link
            .as_ref()
            .is_none_or(|(a, _)| MORE.contains(&words(*a, None).trim_matches(['[', ']', '【', '】', '>', ' '])))
    };
    if !members.iter().all(is_more) {
        return members;
    }
    for member in &mut members {
        let Some((anchor, _)) = &member.link else { continue };
        let (anchor, date) = (anchor.id(), member.date.map(|(e, _)| e.id()));
        let holds = |e: &ElementRef<'_>, id: NodeId| e.descendants().any(|n| n.id() == id);
        let other = member
            .element
            .child_elements()
            .filter(|e| !holds(e, anchor) && date.is_none_or(|d| !holds(e, d)))
            .max_by_key(|e| words(*e, None).chars().count());
        if let Some(title) = other.filter(|e| words(*e, None).chars().count() > 3) {
            (member.title, member.length) = (Some(title), words(title, None).chars().count());
        }
    }
    members
}

/// How much they look like a list of articles: many, with dates, with long titles, with one link each. `None` where
/// they are none.
fn score(members: &[Member<'_>]) -> Option<f64> {
    let rows: Vec<&Member<'_>> = members.iter().filter(|m| m.link.is_some()).collect();
    let addresses: HashSet<&Url> = rows.iter().filter_map(|m| Some(&m.link.as_ref()?.1)).collect();
    let dated = members.iter().filter(|m| m.date.is_some()).count();
    let n = addresses.len();
    let total: usize = rows.iter().map(|m| m.length.min(LONG_TITLE)).sum();
    if n < 2 || (n < 3 && dated < n) || total < 4 * rows.len() {
        return None;
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    let links = share(rows.iter().map(|m| m.links).sum(), rows.len()).max(1.0);
    let length = share(total, rows.len() * LONG_TITLE);
    let purity = share(rows.len(), members.len()) * share(n, rows.len());
    Some((1.0 + n as f64).ln() * (0.25 + share(dated, rows.len())) * (0.2 + length) * purity.sqrt() / links.sqrt())
}
