//! Proposes how a source is read: the format of a document, and the selectors of a portal's list page.
//!
//! Rows are told by structure: elements of one kind in one place, each with one main link and mostly a date. What is
//! proposed was read back with the same code that reads a feed, so that what is shown is what a look yields.

mod article;
mod rows;
mod select;

use super::{
    Hint, ParseError,
    decode::decode,
    detect::{DocumentFormat, detect},
    dom,
    page::{
        list::{base, own_href, read_parsed, words},
        pager,
    },
};
use crate::config::PortalSelectors;
use jiff::Zoned;
use rows::{Group, Member};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// Share of the rows with a date that a selector of dates must find.
const MIN_DATED_SHARE: f64 = 0.8;
/// Lists worth proposing have at least this share of the best one's score.
const MIN_SCORE_SHARE: f64 = 0.15;
/// Words of links to a next page.
const NEXT: [&str; 7] = ["下一页", "下页", "后一页", "下一頁", "后页", "Next", "next"];

/// How a source may be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The `format` of a feed's file.
    pub format: &'static str,
    /// What it is, in a phrase.
    pub what: String,
    /// What the page is called, for the feed's `title`; empty where nothing says.
    pub title: String,
    /// The lists of a page, best first; empty where it is no list page.
    pub lists: Vec<ListGuess>,
}

/// One list of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct ListGuess {
    /// Its selectors.
    pub page: PortalSelectors,
    /// The titles and addresses it yields, in the page's order.
    pub rows: Vec<(String, String)>,
    /// How many of the rows have a date.
    pub dated: usize,
    /// Why it stands where it does, in a phrase.
    pub why: String,
}

/// Looks at a document.
///
/// # Errors
/// One sentence: it is empty, of no known kind, or a page without a list in it.
pub fn guess(bytes: &[u8], hint: &Hint) -> Result<Guess, ParseError> {
    let found = detect(bytes, &hint.known()).map_err(ParseError)?;
    if found.kind.format != DocumentFormat::Html {
        let (format, what) = (found.kind.key, found.kind.name.to_owned());
        return Ok(Guess { format, what, title: String::new(), lists: Vec::new() });
    }
    let (text, _) = decode(bytes, hint.content_type.as_deref(), hint.charset.as_deref());
    page(&text, hint, &hint.now)
}

fn page(text: &str, hint: &Hint, now: &Zoned) -> Result<Guess, ParseError> {
    let html = dom::document(text, &hint.stop).map_err(|e| ParseError(e.to_string()))?;
    let nowhere = Url::parse("http://portal.invalid/").map_err(|e| ParseError(e.to_string()))?;
    let place = hint.base.clone().unwrap_or(nowhere);
    let base = base(&html, &place);
    let next = next(&html, &base, &place);
    let groups = rows::groups(&html, &base, now);
    let best = groups.first().map_or(0.0, |g| g.score);
    let worth = groups.iter().filter(|g| g.score >= best * MIN_SCORE_SHARE);
    let lists: Vec<ListGuess> =
        worth.filter_map(|group| list(&html, group, &base, &place, &next, now)).take(5).collect();
    if lists.is_empty() {
        let feed = feed_link(&html, &base).map(|url| format!("; but it names a feed: {url}")).unwrap_or_default();
        return Err(ParseError(format!(
            "no list of links was found on this page; it may build itself by scripts: look for the JSON address \
             behind it in the browser's network panel{feed}"
        )));
    }
    let mut what = "a portal's list page".to_owned();
    if let Some(url) = feed_link(&html, &base) {
        what = format!("{what}; the page also names a feed, which is the better source: {url}");
    }
    Ok(Guess { format: "page", what, title: title(&html), lists })
}

/// Adds to a list's selectors those of an article of it.
pub fn add_article(page: &mut PortalSelectors, bytes: &[u8], content_type: Option<&str>, place: &Url) {
    article::add(page, &decode(bytes, content_type, None).0, place);
}

/// A group of rows as selectors, read back; `None` where no selector finds them again.
fn list(
    html: &Html,
    group: &Group<'_>,
    base: &Url,
    place: &Url,
    next: &PortalSelectors,
    now: &Zoned,
) -> Option<ListGuess> {
    let elements: Vec<ElementRef<'_>> = group.members.iter().map(|m| m.element).collect();
    let leads = |e: ElementRef<'_>| {
        std::iter::once(e)
            .chain(e.descendent_elements())
            .any(|a| a.value().name() == "a" && own_href(a, base).is_some())
    };
    let item = select::of_all(html, &elements, |e| !leads(e))?;
    let mut page = PortalSelectors { item, ..next.clone() };
    let rows: Vec<(&Member<'_>, ElementRef<'_>)> =
        group.members.iter().filter_map(|m| Some((m, m.link.as_ref()?.0))).collect();
    let first_link = |m: &Member<'_>| {
        let all = std::iter::once(m.element).chain(m.element.descendent_elements());
        all.filter(|e| own_href(*e, base).is_some()).map(|e| e.id()).next()
    };
    if rows.iter().any(|(m, link)| first_link(m) != Some(link.id())) {
        let targets: Vec<_> = rows.iter().map(|(m, link)| (m.element, *link)).collect();
        page.link = select::in_rows(&targets)?;
    }
    let titles: Vec<_> = rows.iter().filter_map(|(m, _)| Some((m.element, m.title?))).collect();
    if titles.len() == rows.len() {
        page.title = select::in_rows(&titles).unwrap_or_default();
    }
    let dates: Vec<_> =
        rows.iter().filter_map(|(m, _)| Some((m.element, m.date?.0))).filter(|(row, e)| row.id() != e.id()).collect();
    if !dates.is_empty() && dates.len() as f64 >= MIN_DATED_SHARE * rows.len() as f64 {
        page.date = select::in_rows(&dates).unwrap_or_default();
    }
    let list = read_parsed(html, place, &page, now).ok()?;
    let dated = list.rows.iter().filter(|r| r.date.is_some()).count();
    let why =
        format!("{} rows, {dated} with a date, titles of {} characters on average", list.rows.len(), group.length());
    let rows = list.rows.into_iter().map(|r| (r.title, r.url.to_string())).collect();
    Some(ListGuess { page, rows, dated, why })
}

/// How the next page is found: by the words of a link, by a script's call, or by the addresses of numbered links.
fn next(html: &Html, base: &Url, place: &Url) -> PortalSelectors {
    let mut page = PortalSelectors::default();
    let Ok(anchors) = Selector::parse("a[href]") else { return page };
    let led: Vec<(String, Url)> =
        html.select(&anchors).filter_map(|a| Some((words(a, None), own_href(a, base)?))).collect();
    let word = NEXT.iter().find(|word| led.iter().any(|(text, url)| text.contains(*word) && url != place));
    if let Some(word) = word {
        page.next_text = (*word).to_owned();
        return page;
    }
    if let Some(pager) = pager::of(html).filter(|p| p.pages > 1) {
        page.next_address = pager.address;
        return page;
    }
    let numbered = |n: &str| led.iter().find(|(text, _)| text.trim_matches(['[', ']', ' ']) == n).map(|(_, url)| url);
    if let (Some(two), Some(three)) = (numbered("2"), numbered("3")) {
        page.next_address = counted(two, three).unwrap_or_default();
    }
    page
}

/// The pattern of two addresses that part in one number, which is one more in the second.
fn counted(two: &Url, three: &Url) -> Option<String> {
    let (a, b) = (two.as_str(), three.as_str());
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let is_digit = |c: char| c.is_ascii_digit();
    let start = a.get(..same)?.trim_end_matches(is_digit).len();
    let number =
        |text: &str| text.get(start..).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    let (x, y) = (number(a)?, number(b)?);
    let (rest_a, rest_b) = (a.get(start + x.len()..)?, b.get(start + y.len()..)?);
    let follows = y.parse::<u32>().ok()? == x.parse::<u32>().ok()?.checked_add(1)?;
    (follows && rest_a == rest_b).then(|| format!("{}{{{x}}}{rest_a}", a.get(..start).unwrap_or_default()))
}

fn feed_link(html: &Html, base: &Url) -> Option<Url> {
    let css = Selector::parse("link[rel~='alternate' i][type*='xml' i][href]").ok()?;
    html.select(&css).find_map(|e| own_href(e, base))
}

/// What the page calls itself: the column's name of 政府网站发展指引, else the first part of its title.
fn title(html: &Html) -> String {
    let find = |css: &str| Selector::parse(css).ok().and_then(|s| html.select(&s).next());
    let column = find("meta[name='ColumnName' i]").and_then(|e| e.attr("content")).map(str::trim);
    if let Some(name) = column.filter(|n| !n.is_empty()) {
        return name.to_owned();
    }
    let title = find("title").map(|e| words(e, None)).unwrap_or_default();
    title.split(['-', '_', '|', '–', '—']).map(str::trim).find(|part| !part.is_empty()).unwrap_or_default().to_owned()
}
