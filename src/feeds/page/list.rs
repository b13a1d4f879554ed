//! The rows of a list page, by selectors.

use super::pager;
use crate::{
    config::PortalSelectors,
    feeds::{StopToken, dom, listed},
};
use jiff::{Timestamp, Zoned};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// Marks that lists put before their titles.
const BULLETS: [char; 7] = ['·', '•', '▪', '■', '◆', '●', '-'];

/// A list page.
#[derive(Debug, PartialEq)]
pub struct List {
    /// Its rows that lead somewhere.
    pub rows: Vec<ListRow>,
    /// Its next page.
    pub next: Option<Url>,
    /// How many pages the list has, where a script of it says so.
    pub pages: Option<u32>,
    /// What was left out of the page, in a sentence.
    pub omission: Option<&'static str>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// Its link, which is its identity; for a file, the way to it from the list.
    pub key: String,
    /// Its link.
    pub url: Url,
    /// Its title, as long as the list gives it.
    pub title: String,
    /// Its date.
    pub date: Option<Timestamp>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its number.
    pub number: Option<String>,
}

impl ListRow {
    /// A longer title of which the list gives only the beginning.
    pub fn full_title(&self, longer: &str) -> Option<String> {
        is_cut(&self.title, longer).then(|| longer.to_owned())
    }
}

/// Whether `short` is `long` cut with an ellipsis.
fn is_cut(short: &str, long: &str) -> bool {
    let stem = short.trim_end_matches(['…', '.']);
    stem.len() < short.len() && stem.len() > 3 && long.len() > short.len() && long.starts_with(stem)
}

/// Reads a list page. A selector that finds nothing in any row is an error that names its key.
pub fn read(text: &str, place: &Url, page: &PortalSelectors, now: &Zoned, stop: &StopToken) -> Result<List, String> {
    let html = dom::document(text, stop).map_err(|e| e.to_string())?;
    Ok(List { omission: stop.take_omission(), ..read_parsed(&html, place, page, now)? })
}

/// As [`read`], of a page that is parsed already.
pub fn read_parsed(html: &Html, place: &Url, page: &PortalSelectors, now: &Zoned) -> Result<List, String> {
    let base = base(html, place);
    let select = Select::new(page)?;
    let items: Vec<ElementRef<'_>> = select.item.iter().flat_map(|s| html.select(s)).collect();
    if items.is_empty() {
        return Err(format!("page.item `{}` matches nothing on this page", page.item));
    }
    for (key, css, found) in
        [("title", &page.title, &select.title), ("link", &page.link, &select.link), ("date", &page.date, &select.date)]
    {
        if found.as_ref().is_some_and(|s| items.iter().all(|item| !any(*item, s))) {
            return Err(format!("page.{key} `{css}` matches nothing in the {} rows of page.item", items.len()));
        }
    }
    let rows: Vec<ListRow> = items.iter().filter_map(|item| row(*item, &select, &base, place, now)).collect();
    if rows.is_empty() {
        return Err(format!(
            "page.link finds no link that leads somewhere in the {} rows of page.item `{}`",
            items.len(),
            page.item
        ));
    }
    let anchor = Selector::parse("a[href]").map_err(|e| e.to_string())?;
    let told = |a: &ElementRef<'_>| !page.next_text.is_empty() && words(*a, None).contains(&page.next_text);
    let next = select.next.as_ref().and_then(|s| html.select(s).find_map(|e| href(e, &base)));
    let next = next.or_else(|| html.select(&anchor).filter(told).find_map(|a| href(a, &base)));
    Ok(List { rows, next, pages: pager::of(html).map(|pager| pager.pages), omission: None })
}

/// The selectors of a list; `None` for those that are left to the program.
struct Select {
    item: Option<Selector>,
    title: Option<Selector>,
    link: Option<Selector>,
    date: Option<Selector>,
    issuer: Option<Selector>,
    number: Option<Selector>,
    next: Option<Selector>,
}

impl Select {
    fn new(page: &PortalSelectors) -> Result<Self, String> {
        Ok(Self {
            item: selector("item", &page.item)?,
            title: selector("title", &page.title)?,
            link: selector("link", &page.link)?,
            date: selector("date", &page.date)?,
            issuer: selector("issuer", &page.issuer)?,
            number: selector("number", &page.number)?,
            next: selector("next", &page.next)?,
        })
    }
}

/// A key's selector; `None` where it is left empty.
pub(super) fn selector(key: &str, css: &str) -> Result<Option<Selector>, String> {
    if css.trim().is_empty() {
        return Ok(None);
    }
    Selector::parse(css).map(Some).map_err(|_| format!("page.{key} `{css}` is not a CSS selector"))
}

/// Where the addresses of a page start: its `<base>`, else itself.
pub(in crate::feeds) fn base(html: &Html, place: &Url) -> Url {
    let said = Selector::parse("base[href]").ok().and_then(|s| html.select(&s).next()?.attr("href").map(str::to_owned));
    said.and_then(|href| place.join(href.trim()).ok())
        .filter(|url| url.scheme() != "file" || place.scheme() == "file")
        .unwrap_or_else(|| place.clone())
}

fn row(item: ElementRef<'_>, select: &Select, base: &Url, place: &Url, now: &Zoned) -> Option<ListRow> {
    let anchors = Selector::parse("a[href]").ok()?;
    let (anchor, url) = match &select.link {
        Some(s) => first(item, s).and_then(|e| Some((e, href(e, base)?)))?,
        None => std::iter::once(item).chain(item.select(&anchors)).find_map(|e| Some((e, own_href(e, base)?)))?,
    };
    let dated = select.date.as_ref().and_then(|s| first(item, s));
    let titled = match &select.title {
        Some(s) => first(item, s)?,
        None => anchor,
    };
    let said = words(titled, dated.filter(|d| d.id() != titled.id()));
    let mut title = said.trim_start_matches(BULLETS).trim().to_owned();
    for element in [titled, anchor] {
        let full = element.attr("title").map(one_line).unwrap_or_default();
        if title.is_empty() || is_cut(&title, &full) {
            title = full;
        }
    }
    if title.is_empty() {
        return None;
    }
    let date = match (&select.date, dated) {
        (Some(_), dated) => dated.and_then(|d| listed::find(&words(d, None), now)),
        (None, _) => listed::find(&words(item, Some(titled)), now),
    };
    let text = |s: &Option<Selector>| {
        s.as_ref().and_then(|s| first(item, s)).map(|e| words(e, None)).filter(|w| !w.is_empty())
    };
    let key = match url.scheme() {
        "file" => place.make_relative(&url).unwrap_or_else(|| url.to_string()),
        _ => url.to_string(),
    };
    Some(ListRow { key, url, title, date, issuer: text(&select.issuer), number: text(&select.number) })
}

fn any(item: ElementRef<'_>, selector: &Selector) -> bool {
    first(item, selector).is_some()
}

/// The first match in a row, the row itself included.
pub(in crate::feeds) fn first<'a>(item: ElementRef<'a>, selector: &Selector) -> Option<ElementRef<'a>> {
    item.select(selector).next().or_else(|| selector.matches(&item).then_some(item))
}

/// The address an element leads to, by itself or by a link in it.
fn href(element: ElementRef<'_>, base: &Url) -> Option<Url> {
    let anchors = Selector::parse("a[href]").ok()?;
    own_href(element, base).or_else(|| element.select(&anchors).find_map(|a| own_href(a, base)))
}

/// An element's own address; scripts, places within the page and what is not fetched have none.
pub(in crate::feeds) fn own_href(element: ElementRef<'_>, base: &Url) -> Option<Url> {
    let href = element.attr("href")?.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let mut url = base.join(href).ok()?;
    url.set_fragment(None);
    let is_file = url.scheme() == "file" && base.scheme() == "file";
    (is_file || matches!(url.scheme(), "http" | "https")).then_some(url)
}

/// The words of an element on one line, without those of a part of it.
pub(in crate::feeds) fn words(element: ElementRef<'_>, without: Option<ElementRef<'_>>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        let skipped = |n: ego_tree::NodeRef<'_, scraper::Node>| {
            without.is_some_and(|w| w.id() == n.id())
                || n.value().as_element().is_some_and(|e| matches!(e.name(), "script" | "style"))
        };
        if let Some(words) = node.value().as_text()
            && !node.ancestors().take_while(|n| n.id() != element.id()).any(skipped)
            && without.is_none_or(|w| w.id() != element.id())
        {
            text.push_str(words);
            text.push(' ');
        }
    }
    one_line(&text)
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{PortalSelectors, StopToken, read};
    use url::Url;

    const LIST: &str = "<base href='/gk/'><ul class=l><li><a href='a.html' title='关于东河镇道路改建工程的公示'>·关于东河镇道路…</a>\
        <span>[11-23]</span></li><li><a href='javascript:void(0)'>弹窗</a><span>11-22</span></li><li><a href='#top'>顶部</a></li>\
        <li><a href='b.html#x'>乙<span>2026年11月20日</span></a></li><li><a href='a.html'>又甲</a></li></ul>\
        <a href='index_2.html'>下一页 &gt;</a>";

    fn at(page: &PortalSelectors) -> Result<super::List, String> {
        let place = Url::parse("http://portal.example/x/index.html").unwrap();
        read(LIST, &place, page, &"2026-11-23T09:42:00+08:00[Asia/Shanghai]".parse().unwrap(), &StopToken::default())
    }

    fn page() -> PortalSelectors {
        PortalSelectors {
            item: "ul.l > li".into(),
            date: "span".into(),
            next_text: "下一页".into(),
            ..PortalSelectors::default()
        }
    }

    #[test]
    fn rows_have_full_titles_dates_and_whole_addresses() {
        let list = at(&page()).unwrap();
        let told: Vec<_> = list.rows.iter().map(|r| (r.title.as_str(), r.key.as_str(), r.date.is_some())).collect();
        assert_eq!(
            told,
            [
                ("关于东河镇道路改建工程的公示", "http://portal.example/gk/a.html", true),
                ("乙", "http://portal.example/gk/b.html", true),
                ("又甲", "http://portal.example/gk/a.html", false),
            ]
        );
        assert_eq!(list.next.unwrap().as_str(), "http://portal.example/gk/index_2.html");
    }

    #[test]
    fn a_selector_that_finds_nothing_is_named_by_its_key() {
        let missing = "b.no".to_owned();
        let cases = [
            ("page.item", PortalSelectors { item: missing.clone(), ..page() }),
            ("page.title", PortalSelectors { title: missing.clone(), ..page() }),
            ("page.link", PortalSelectors { link: missing.clone(), ..page() }),
            ("page.date", PortalSelectors { date: missing, ..page() }),
            ("page.link", PortalSelectors { item: "ul.l > li:nth-child(2)".into(), ..page() }),
        ];
        for (key, page) in cases {
            let reason = at(&page).unwrap_err();
            assert!(reason.contains(key), "{key}: {reason}");
        }
    }
}
