//! `[page]` of a feed's file: how a portal's list page and the articles behind it are read.

use super::fault::{Report, Severity};
use schemars::JsonSchema;
use scraper::Selector;
use serde::Deserialize;

/// A portal's list page by CSS selectors. Those of the list look within one row; those of the article look in the page
/// a row links to. `gongshi parse --feed` shows what they yield.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PortalSelectors {
    /// The rows of the list, such as `ul.list > li`.
    pub item: String,
    /// In a row: the title. Empty takes the link's words, or its `title` where the list cuts them short.
    pub title: String,
    /// In a row: the link to the article. Empty takes the first link of the row that leads somewhere.
    pub link: String,
    /// In a row: the date. Empty looks for one in the row's words. 2026年11月23日, 2026-11-23, 11-23, 今天 and the like
    /// are read; one without a year is of the latest year that is not in the future.
    pub date: String,
    /// In a row or in the article: who issued it.
    pub issuer: String,
    /// In a row or in the article: the document or project number.
    pub number: String,
    /// In the article: its text. Empty takes the page's `article` or `main`, or all of it.
    pub body: String,
    /// In the article: links to files. Empty takes the links in the text that end as documents do (.pdf, .docx, …).
    pub attachments: String,
    /// In the list: the link to its next page, such as `a.next`.
    pub next: String,
    /// The words of the link to the next page, such as 下一页, where no selector finds it.
    pub next_text: String,
    /// The address of the second page, its number in braces, where a script writes the links so that there is none to
    /// follow: `index_{1}.html` leads to index_1.html, then index_2.html.
    pub next_address: String,
    /// List pages read in one look at most.
    pub max_pages: u32,
    /// Articles read in one look at most. The rest of the rows show without a text until a later look reads it.
    pub max_articles: u32,
    /// Milliseconds between two requests, which are made one at a time.
    pub pause_ms: u32,
}

impl Default for PortalSelectors {
    fn default() -> Self {
        let none = String::new;
        Self {
            item: none(),
            title: none(),
            link: none(),
            date: none(),
            issuer: none(),
            number: none(),
            body: none(),
            attachments: none(),
            next: none(),
            next_text: none(),
            next_address: none(),
            max_pages: 3,
            max_articles: 20,
            pause_ms: 500,
        }
    }
}

impl PortalSelectors {
    /// The selectors with their keys.
    pub fn selectors(&self) -> [(&'static str, &str); 9] {
        [
            ("item", &self.item),
            ("title", &self.title),
            ("link", &self.link),
            ("date", &self.date),
            ("issuer", &self.issuer),
            ("number", &self.number),
            ("body", &self.body),
            ("attachments", &self.attachments),
            ("next", &self.next),
        ]
    }

    /// Reports selectors that are none, and figures that no source wants.
    pub(super) fn check(&self, report: Report<'_>) {
        if self.item.trim().is_empty() {
            let mend = "add item = \"…\", the selector of the list's rows, such as ul.list > li";
            report(Severity::Error, "page.item", "the list has no rows".into(), mend);
        }
        for (key, css) in self.selectors().into_iter().filter(|(_, css)| !css.trim().is_empty()) {
            if Selector::parse(css).is_err() {
                let message = format!("`{css}` is not a CSS selector");
                let mend =
                    "write tags, .classes and #ids as a stylesheet does, such as ul.list > li or td:nth-child(2) a";
                report(Severity::Error, &format!("page.{key}"), message, mend);
            }
        }
        let address = self.next_address.as_str();
        let number = address.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(number, _)| number);
        if !address.is_empty() && number.is_none_or(|n| n.trim().parse::<u32>().is_err()) {
            let message = format!("`{address}` does not say which number to count on");
            let mend = "put the number of the second page in braces, such as index_{1}.html";
            report(Severity::Error, "page.next_address", message, mend);
        }
        for (key, n, least, most) in
            [("max_pages", self.max_pages, 1, 200), ("max_articles", self.max_articles, 0, 1000)]
        {
            if !(least..=most).contains(&n) {
                let mend = format!("write up to {most}, {least} at least: the office's server is asked once for each");
                report(Severity::Error, &format!("page.{key}"), format!("`{key}` is {n}"), &mend);
            }
        }
    }
}
