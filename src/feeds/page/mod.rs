//! Portals without a feed: a list page, its next pages, and the articles its rows lead to.
//!
//! Requests go out one at a time with a pause between them, and never more than the feed's file allows. What the store
//! knows already is not asked for again.

pub(super) mod article;
pub(super) mod list;
pub(super) mod pager;

use super::{
    Client, FeedError, Fetched, Harvested, ItemFault, Known, StopToken, Validators, dates, decode::decode, detect,
    files, folder::Contents, words::cut,
};
use crate::{
    config::{Feed, PortalSelectors},
    model::{Attachment, Notice},
    net::pause,
};
use article::Article;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use list::{List, ListRow};
use std::{collections::HashSet, path::Path, time::Duration};
use url::Url;

/// Articles that fail one after the other before the rest is left for the next look.
const FAILURES: u32 = 3;
/// Bytes of a page that is read: its tree takes many times as much.
const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;
/// Characters of a summary.
const SUMMARY: usize = 400;

/// What a look at a list page needs.
pub(super) struct Ask<'a> {
    pub client: &'a Client,
    pub name: &'a str,
    pub feed: &'a Feed,
    pub page: &'a PortalSelectors,
    pub known: &'a Known,
    pub now: Zoned,
}

/// A document and where it was found.
struct Document {
    text: String,
    url: Url,
    /// Whether it is something other than a page, such as a PDF.
    is_file: bool,
    validators: Validators,
}

/// Reads a list and its articles; `None` where the server says that nothing changed.
///
/// # Errors
/// One sentence, where the list itself cannot be read or a selector of it matches nothing.
pub(super) async fn read(
    ask: &Ask<'_>,
    source: &Url,
    previous: &Validators,
) -> Result<Option<(Contents, Validators)>, FeedError> {
    let Some(first) = ask.get(source, previous).await? else { return Ok(None) };
    let mut validators = first.validators.clone();
    let mut faults = Vec::new();
    let rows = ask.lists(first, &mut faults).await?;
    let mut notices: Vec<Notice> = rows.iter().map(|row| ask.notice(row)).collect();
    let is_whole = ask.articles(source, &rows, &mut notices, &mut faults).await;
    // What is still missing is to be asked for at the next look, even if the list is the same then.
    if !is_whole || !faults.is_empty() {
        validators = Validators::default();
    }
    let source = source.to_string();
    let items = notices.into_iter().zip(rows).map(|(notice, row)| Harvested {
        source: if row.url.scheme() == "file" {
            row.key
        } else {
            notice.link.clone().unwrap_or_else(|| source.clone())
        },
        notice,
    });
    Ok(Some((Contents { items: items.collect(), faults }, validators)))
}

impl Ask<'_> {
    /// The day of an instant, as the site's people count it.
    fn day(&self, at: Timestamp) -> Date {
        dates::day(at, self.now.time_zone())
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.feed.timeout_seconds.max(1).into())
    }

    /// Gets a page from where it is; `None` where it is unchanged.
    async fn get(&self, url: &Url, previous: &Validators) -> Result<Option<Document>, FeedError> {
        let most = u64::from(self.feed.max_megabytes) * 1024 * 1024;
        let charset = self.feed.charset.clone();
        if let Ok(path) = url.to_file_path() {
            let url = url.clone();
            let read = move |_: &StopToken| local(&path, most, charset.as_deref()).map(|text| (text, url));
            let (text, url) = self.client.apart(self.name, self.name, self.patience(), read).await?;
            return Ok(Some(Document { text, url, is_file: false, validators: Validators::default() }));
        }
        match self.client.get(url, previous, most, self.patience()).await? {
            Fetched::Unchanged => Ok(None),
            Fetched::Document { bytes, content_type, url, validators } => {
                let is_file = !detect::is_page(&bytes, content_type.as_deref());
                if !is_file && bytes.len() > MAX_PAGE_BYTES {
                    return Err(FeedError::new(url, too_large(bytes.len())));
                }
                let text = match is_file {
                    true => String::new(),
                    false => decode(&bytes, content_type.as_deref(), charset.as_deref()).0,
                };
                Ok(Some(Document { text, url, is_file, validators }))
            }
        }
    }

    /// The rows of the list and of its next pages, each link once.
    async fn lists(&self, first: Document, faults: &mut Vec<ItemFault>) -> Result<Vec<ListRow>, FeedError> {
        let (mut rows, mut keys, mut pages) = (Vec::new(), HashSet::new(), HashSet::new());
        let (source, mut document) = (first.url.clone(), first);
        for number in 1..=self.page.max_pages.max(1) {
            let place = document.url.clone();
            pages.insert(place.clone());
            let List { rows: more, next, pages: told, omission } = match self.list(document).await {
                Ok(list) => list,
                Err(error) if number == 1 => return Err(error),
                Err(error) => {
                    faults.push(ItemFault { item: place.into(), reason: error.reason });
                    break;
                }
            };
            faults.extend(omission.map(|reason| ItemFault { item: place.to_string(), reason: reason.into() }));
            let before = rows.len();
            rows.extend(more.into_iter().filter(|row| keys.insert(row.key.clone())));
            if rows.len() == before {
                let reason = format!("page {number} of the list repeats the pages before it; check page.next");
                faults.push(ItemFault { item: place.into(), reason });
                break;
            }
            // Where a script writes the links, it says how many pages there are.
            let numbered = || pager::numbered(&self.page.next_address, &source, number + 1);
            let next = next.or_else(|| numbered().filter(|_| told.is_none_or(|pages| number < pages)));
            let Some(next) = next.filter(|n| number < self.page.max_pages && !pages.contains(n)) else { break };
            if !within(&next, &place) {
                break;
            }
            pause(self.pause()).await;
            document = match self.get(&next, &Validators::default()).await {
                Ok(Some(document)) if !pages.contains(&document.url) => document,
                Ok(_) => break,
                Err(error) => {
                    faults.push(ItemFault { item: next.into(), reason: error.reason });
                    break;
                }
            };
        }
        Ok(rows)
    }

    async fn list(&self, document: Document) -> Result<List, FeedError> {
        let (page, now, name, url) =
            (self.page.clone(), self.now.clone(), self.name.to_owned(), document.url.to_string());
        let read = move |stop: &StopToken| {
            list::read(&document.text, &document.url, &page, &now, stop)
                .map_err(|reason| FeedError::new(&url, format!("{reason}; mend it in feeds/{name}.toml")))
        };
        self.client.apart(self.name, self.name, self.patience(), read).await
    }

    fn pause(&self) -> Duration {
        Duration::from_millis(self.page.pause_ms.into())
    }

    /// A row as a notice, with what is known of its article.
    fn notice(&self, row: &ListRow) -> Notice {
        let link = Some(&row.url).filter(|u| u.scheme() != "file").map(ToString::to_string);
        let mut notice = Notice {
            key: row.key.clone(),
            title: row.title.clone(),
            published: row.date,
            issuer: row.issuer.clone(),
            number: row.number.clone(),
            link,
            ..Notice::default()
        };
        if detect::names_attachment(row.url.path())
            && let Some(url) = notice.link.clone()
        {
            notice.attachments = vec![Attachment { url, media_type: None, title: Some(row.title.clone()) }];
        }
        if let Some(known) = self.known.notices.get(&row.key) {
            if let Some(full) = row.full_title(&known.title) {
                notice.title = full;
            }
            notice.published = self.finer(notice.published, known.published);
            notice.issuer = notice.issuer.or_else(|| known.issuer.clone().filter(|i| *i != self.feed.issuer));
            let number = known.number.clone().filter(|_| !self.feed.ids_are_numbers);
            notice.number = notice.number.or(number);
            notice.summary.clone_from(&known.summary);
            notice.body.clone_from(&known.body);
            notice.attachments.clone_from(&known.attachments);
        }
        notice
    }

    /// Whether the store has the article as this row announces it.
    fn is_known(&self, row: &ListRow) -> bool {
        !self.known.anew
            && self.known.notices.get(&row.key).is_some_and(|known| {
                let same_day = row.date.is_none_or(|d| known.published.map(|at| self.day(at)) == Some(self.day(d)));
                let has_text = !known.body.is_empty() || !known.attachments.is_empty();
                // What is kept is masked.
                let is_same = known.title == crate::model::mask(&row.title);
                same_day && has_text && (is_same || row.full_title(&known.title).is_some())
            })
    }

    /// Reads the articles that are not known, those never seen first. `false` where some are left for the next look.
    async fn articles(
        &self,
        source: &Url,
        rows: &[ListRow],
        notices: &mut [Notice],
        faults: &mut Vec<ItemFault>,
    ) -> bool {
        let readable =
            |row: &ListRow| !detect::names_attachment(row.url.path()) && within(&row.url, source) && row.url != *source;
        let mut wanted: Vec<(&ListRow, &mut Notice)> =
            rows.iter().zip(notices).filter(|(row, _)| readable(row) && !self.is_known(row)).collect();
        wanted.sort_by_key(|(row, _)| self.known.notices.contains_key(&row.key));
        let most = self.page.max_articles as usize;
        let mut is_whole = wanted.len() <= most || most == 0;
        let mut failures = 0;
        for (row, notice) in wanted.into_iter().take(most) {
            pause(self.pause()).await;
            match self.article(row).await {
                Ok(article) => {
                    failures = 0;
                    faults.extend(article.faults.iter().map(|reason| ItemFault {
                        item: row.title.clone(),
                        reason: format!("{reason} in {}; mend it in feeds/{}.toml", row.url, self.name),
                    }));
                    faults.extend(
                        article.omission.map(|reason| ItemFault { item: row.url.to_string(), reason: reason.into() }),
                    );
                    self.fill(notice, article, row);
                }
                Err(error) => {
                    failures += 1;
                    let reason = format!("its article {} is missing: {}", row.url, error.reason);
                    faults.push(ItemFault { item: row.title.clone(), reason });
                    if failures >= FAILURES || error.retry_after.is_some() {
                        is_whole = false;
                        break;
                    }
                }
            }
        }
        is_whole
    }

    async fn article(&self, row: &ListRow) -> Result<Article, FeedError> {
        let none = || FeedError::new(row.url.as_str(), "the server sends nothing");
        let document = self.get(&row.url, &Validators::default()).await?.ok_or_else(none)?;
        if document.is_file {
            let file = Attachment { url: document.url.into(), media_type: None, title: Some(row.title.clone()) };
            return Ok(Article { attachments: vec![file], ..Article::default() });
        }
        let (page, now) = (self.page.clone(), self.now.clone());
        let read = move |stop: &StopToken| {
            article::read(&document.text, &document.url, &page, &now, stop)
                .map_err(|reason| FeedError::new(document.url.as_str(), reason))
        };
        self.client.apart(self.name, self.name, self.patience(), read).await
    }
    /// Adds what the article says to what the list says.
    fn fill(&self, notice: &mut Notice, article: Article, row: &ListRow) {
        let words = article.body.iter().map(crate::model::Block::plain_text).collect::<Vec<_>>().join(" ");
        if let Some(full) = article.headings.iter().find_map(|h| row.full_title(h)) {
            notice.title = full;
        }
        notice.summary = cut(&words, SUMMARY);
        notice.body = article.body;
        notice.attachments = article.attachments;
        notice.published = self.finer(row.date, article.published);
        notice.issuer = row.issuer.clone().or(article.issuer);
        notice.number = row.number.clone().or(article.number);
    }

    /// The list's date, with the article's time where that is of the same day.
    fn finer(&self, listed: Option<Timestamp>, told: Option<Timestamp>) -> Option<Timestamp> {
        let Some(day) = listed else { return told };
        told.filter(|at| self.day(*at) == self.day(day)).or(listed)
    }
}

/// Reads a text as a list and as an article; see [`super::trial`].
pub(super) fn trial(text: &str, place: &Url, page: &PortalSelectors) {
    let stop = StopToken::default();
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    drop(list::read(text, place, page, &now, &stop));
    drop(article::read(text, place, page, &now, &stop));
}

/// Whether `url` may be read for a list at `source`: the web from the web, files only beside or below a saved list.
fn within(url: &Url, source: &Url) -> bool {
    match (url.to_file_path(), source.to_file_path()) {
        (Err(()), Err(())) => true,
        (Ok(path), Ok(list)) => {
            let folder = list.parent().and_then(|p| p.canonicalize().ok());
            // One that is not there is said to be missing when it is read.
            let place = path.canonicalize().unwrap_or(path);
            folder.is_some_and(|folder| place.starts_with(folder)) || !place.exists()
        }
        _ => false,
    }
}

/// The sentence for a page that is larger than pages are.
fn too_large(bytes: usize) -> String {
    format!("the page has {} MB; pages of up to {} MB are read", bytes >> 20, MAX_PAGE_BYTES >> 20)
}

fn local(path: &Path, most: u64, charset: Option<&str>) -> Result<String, FeedError> {
    let fail = |reason: String| FeedError::new(path.display().to_string(), reason);
    let bytes = files::bytes(path, most).map_err(fail)?;
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(fail(too_large(bytes.len())));
    }
    Ok(decode(&bytes, None, charset).0)
}
