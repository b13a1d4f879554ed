//! One look at a feed, from address to harvest.

use super::{
    Catch, Client, FeedError, Fetched, Harvest, Harvested, Hint, Validators, dates,
    fetch::apart,
    folder::{self, Contents},
    page, parse,
};
use crate::{
    config::{Feed, FeedFormat},
    model::{Notice, ShowPeriod},
};
use jiff::{Timestamp, ToSpan};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::Duration,
};
use url::Url;

const MEGABYTE: u64 = 1024 * 1024;
/// Failures push the next look away at most this far.
const FARTHEST: Duration = Duration::from_secs(6 * 3600);

/// What the store holds of a feed already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Its notices, by key.
    pub notices: HashMap<String, Notice>,
    /// Whether they are to be fetched all the same, as far as a look may: the feed's file was saved, or staff asked.
    pub anew: bool,
}

/// Takes one look at a feed, with nothing known of it; see [`harvest_knowing`].
///
/// # Errors
/// As [`harvest_knowing`].
pub async fn harvest(
    client: &Client,
    name: &str,
    feed: &Feed,
    dir: &Path,
    previous: &Validators,
    now: Timestamp,
) -> Result<Harvest, FeedError> {
    harvest_knowing(client, name, feed, dir, previous, &Known::default(), now).await
}

/// Takes one look at a feed. `dir` is the config folder, where relative sources start; articles
/// that are `known` are not fetched again.
///
/// # Errors
/// One sentence naming the source; what was harvested before stays with whoever keeps it.
pub async fn harvest_knowing(
    client: &Client,
    name: &str,
    feed: &Feed,
    dir: &Path,
    previous: &Validators,
    known: &Known,
    now: Timestamp,
) -> Result<Harvest, FeedError> {
    if let Some(page) = feed.page.as_ref().filter(|_| feed.format == FeedFormat::Page) {
        let ask = page::Ask { client, name, feed, page, known, now };
        return listed(&ask, dir, previous).await;
    }
    let most = u64::from(feed.max_megabytes) * MEGABYTE;
    let patience = Duration::from_secs(feed.timeout_seconds.max(1).into());
    let hint = Hint {
        format: feed.format,
        charset: feed.charset.clone(),
        name: feed.source.clone(),
        most: Some(feed.max_notices as usize),
        ..Hint::default()
    };
    let remote = Url::parse(&feed.source).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    let (contents, whole, validators) = match remote {
        Some(url) => match client.get(&url, previous, most, patience).await? {
            Fetched::Unchanged => {
                let validators = previous.clone();
                return Ok(Harvest {
                    feed: name.into(),
                    title: feed.title.clone(),
                    at: now,
                    catch: Catch::Unchanged,
                    validators,
                });
            }
            Fetched::Document { bytes, content_type, url, validators } => {
                let feed_only = !names_document(&feed.source);
                let hint =
                    Hint { feed_only, content_type, base: Some(url.clone()), name: url.path().to_owned(), ..hint };
                let source = url.to_string();
                let contents = apart(&feed.source, patience, move || {
                    let parsed = parse(&bytes, &hint).map_err(|e| FeedError::new(&source, e.to_string()))?;
                    let with = |notice| Harvested { notice, source: source.clone() };
                    Ok(Contents { items: parsed.items.into_iter().map(with).collect(), faults: parsed.faults })
                });
                (contents.await?, false, validators)
            }
        },
        None => {
            let place = local(&feed.source, dir);
            let is_dir = place.is_dir();
            let contents = apart(&feed.source, patience * 10, move || folder::read(&place, &hint, most)).await?;
            (contents, is_dir, Validators::default())
        }
    };
    let mut items = contents.items;
    items.iter_mut().for_each(|h| fill(h, feed));
    items = newest(items, feed.max_notices as usize);
    let catch = Catch::Notices { items, whole, faults: contents.faults };
    Ok(Harvest { feed: name.into(), title: feed.title.clone(), at: now, catch, validators })
}

/// A look at a portal's list page.
async fn listed(ask: &page::Ask<'_>, dir: &Path, previous: &Validators) -> Result<Harvest, FeedError> {
    let feed = ask.feed;
    let place = || std::path::absolute(local(&feed.source, dir)).ok().and_then(|p| Url::from_file_path(p).ok());
    let web = Url::parse(&feed.source).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    let source = web.or_else(place).ok_or_else(|| FeedError::new(&feed.source, "it is no address and no path"))?;
    let (catch, validators) = match page::read(ask, &source, previous).await? {
        None => (Catch::Unchanged, previous.clone()),
        Some((contents, validators)) => {
            let mut items = contents.items;
            items.iter_mut().for_each(|h| fill(h, feed));
            let items = newest(items, feed.max_notices as usize);
            (Catch::Notices { items, whole: false, faults: contents.faults }, validators)
        }
    };
    Ok(Harvest { feed: ask.name.into(), title: feed.title.clone(), at: ask.now, catch, validators })
}

/// Whether an address ends as those of pages and texts do.
fn names_document(source: &str) -> bool {
    let path = Url::parse(source).map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    [".html", ".htm", ".shtml", ".md", ".markdown", ".txt", ".docx", ".pdf"].iter().any(|end| path.ends_with(end))
}

fn local(source: &str, dir: &Path) -> PathBuf {
    let file = Url::parse(source).ok().filter(|u| u.scheme() == "file").and_then(|u| u.to_file_path().ok());
    file.unwrap_or_else(|| dir.join(source))
}

/// What the source leaves open is filled in from the feed's file.
fn fill(harvested: &mut Harvested, feed: &Feed) {
    let notice = &mut harvested.notice;
    if notice.catalogue.is_empty() {
        notice.catalogue.clone_from(&feed.catalogue);
    }
    if notice.kind.is_empty() {
        notice.kind.clone_from(&feed.kind);
    }
    if notice.issuer.is_none() && !feed.issuer.is_empty() {
        notice.issuer = Some(feed.issuer.clone());
    }
    if feed.ids_are_numbers && notice.number.is_none() {
        notice.number = Some(notice.key.clone());
    }
    if feed.show_days > 0
        && let Some(published) = notice.published
    {
        let from = dates::day(published);
        let until = from.checked_add((i64::from(feed.show_days) - 1).days()).ok();
        notice.show = ShowPeriod { from: Some(from), until };
    }
}

/// The newest of them, first of each identity, in the source's order.
fn newest(items: Vec<Harvested>, most: usize) -> Vec<Harvested> {
    let mut seen = std::collections::HashSet::new();
    let mut items: Vec<Harvested> = items.into_iter().filter(|h| seen.insert(h.notice.key.clone())).collect();
    if items.len() > most {
        items.sort_by_key(|h| std::cmp::Reverse(h.notice.published));
        items.truncate(most);
    }
    items
}

/// Time until the next look: `every_minutes` with a jitter of ±10 % (`jitter` from -1 to 1), doubled with each failure
/// in a row up to 6 hours, and never before a server's `Retry-After`.
pub fn next_delay(feed: &Feed, failures: u32, jitter: f64, retry_after: Option<Duration>) -> Duration {
    let every = Duration::from_secs(u64::from(feed.every_minutes.max(1)) * 60);
    let first = if failures > 0 { every.min(Duration::from_secs(60)) } else { every };
    let backed = first.saturating_mul(1 << failures.saturating_sub(1).min(12)).min(FARTHEST.max(every));
    let spread = backed.mul_f64(1.0 + 0.1 * jitter.clamp(-1.0, 1.0));
    spread.max(retry_after.unwrap_or_default().min(Duration::from_secs(24 * 3600)))
}

#[cfg(test)]
mod tests {
    use super::next_delay;
    use crate::config::Feed;
    use proptest::prelude::*;
    use std::time::Duration;

    proptest! {
        #[test]
        fn delays_are_polite(every in 0u32..100_000, failures in 0u32..100, jitter in -2f64..2.0, wait in 0u64..1_000_000) {
            let feed = Feed { every_minutes: every, ..Feed::default() };
            let delay = next_delay(&feed, failures, jitter, None);
            prop_assert!(delay >= Duration::from_secs(54));
            prop_assert!(delay <= Duration::from_secs(6 * 3600).max(Duration::from_secs(60 * u64::from(every))).mul_f64(1.1));
            let asked = Duration::from_secs(wait);
            prop_assert!(next_delay(&feed, failures, jitter, Some(asked)) >= asked.min(Duration::from_secs(24 * 3600)));
        }
    }
}
