//! One look at a feed, from address to harvest.

use super::{
    Client, FeedError, Fetched, Harvest, HarvestOutcome, Harvested, Hint, Known, StopToken, Validators, dates, detect,
    folder::{self, Contents},
    json, page, parse,
    raw::Recorder,
    stamp,
    table::{SheetTask, TableOutcome},
};
use crate::{
    config::{Config, Feed, FeedFormat},
    model::ShowPeriod,
    net::without_login,
};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use url::Url;

const MEGABYTE: u64 = 1024 * 1024;
/// Raised whenever the same bytes come out otherwise, so that a source that did not change is read again.
const CLEANING: u32 = 2;
/// Failures push the next look away at most this far.
const FARTHEST: Duration = Duration::from_secs(6 * 3600);

/// Takes one look at a feed, with nothing known of it; see [`harvest_knowing`].
///
/// # Errors
/// As [`harvest_knowing`].
pub async fn harvest(
    client: &Client,
    name: &str,
    feed: &Feed,
    config: &Config,
    previous: &Validators,
    now: Timestamp,
) -> Result<Harvest, FeedError> {
    harvest_knowing(client, name, feed, config, previous, &Known::default(), now).await
}

/// Takes one look at a feed. Relative sources start in the folder of `config`, which also has the register that a
/// feed's rows go into; articles that are `known` are not fetched again.
///
/// # Errors
/// One sentence naming the source; what was harvested before stays with whoever keeps it.
pub async fn harvest_knowing(
    client: &Client,
    name: &str,
    feed: &Feed,
    config: &Config,
    previous: &Validators,
    known: &Known,
    now: Timestamp,
) -> Result<Harvest, FeedError> {
    let recorder = Recorder::new(now, Arc::clone(&known.raw));
    let client = client.for_feed(name, feed).noting(recorder.clone());
    let look =
        FetchContext { client: &client, name, feed, config, known, now, zone: config.site.zone(), recorder: &recorder };
    let (outcome, validators) = look.take(previous).await?;
    let title = feed.title.clone();
    Ok(Harvest { feed: name.into(), title, at: now, outcome, validators, raw: recorder.take() }.cleaned())
}

/// What a look works with.
struct FetchContext<'a> {
    client: &'a Client,
    name: &'a str,
    feed: &'a Feed,
    config: &'a Config,
    known: &'a Known,
    now: Timestamp,
    zone: TimeZone,
    recorder: &'a Recorder,
}

impl FetchContext<'_> {
    /// What is as it was is not read again, unless what is said of it in the config has changed since, be it while the
    /// program did not run.
    async fn take(&self, previous: &Validators) -> Result<(HarvestOutcome, Validators), FeedError> {
        let by = self.read_by();
        // A list page leads to files that nobody knows before it is read.
        if remote(&self.feed.source).is_none() && self.feed.format != FeedFormat::Page {
            return self.files(previous, by).await;
        }
        let by = stamp::digest(&by);
        let (outcome, validators) = self.read(&stamp::without(previous, &by)).await?;
        let is_same = outcome == HarvestOutcome::Unchanged;
        Ok((outcome, if is_same { previous.clone() } else { stamp::with(validators, &by) }))
    }

    async fn files(&self, previous: &Validators, by: String) -> Result<(HarvestOutcome, Validators), FeedError> {
        let mut places = vec![local(&self.feed.source, &self.config.dir)];
        if let Some(steps) = self.task().ok().and_then(|task| task.steps_beside(places.first()?)) {
            places.push(steps);
        }
        let (now, patience) = (self.now, Duration::from_secs(self.feed.timeout_seconds.max(1).into()));
        // The day as well, since a date may lack its year.
        let by = format!("{} {by}", dates::day(now, &self.zone));
        let stamp = move |_: &StopToken| Ok(stamp::of(&places, &by, now));
        let stamp = self.client.apart(self.name, &self.feed.source, patience, stamp).await?;
        if stamp.is_some() && stamp == previous.etag && !self.known.anew {
            return Ok((HarvestOutcome::Unchanged, previous.clone()));
        }
        let (outcome, _) = self.read(&Validators::default()).await?;
        // What could not be read is tried, and named, again.
        let is_clean = match &outcome {
            HarvestOutcome::Unchanged => false,
            HarvestOutcome::Notices { faults, .. } => faults.is_empty(),
            HarvestOutcome::Rows { faults, whole, .. } => faults.is_empty() && *whole,
        };
        let etag = if is_clean { stamp } else { None };
        Ok((outcome, Validators { etag, last_modified: None }))
    }

    /// All that decides what a source is read as, besides itself: what is said of it, and how long kinds are shown.
    fn read_by(&self) -> String {
        let Self { feed, config, .. } = *self;
        let (program, register) = (env!("CARGO_PKG_VERSION"), config.registers.get(&feed.register));
        let rules = CLEANING;
        let Config { regions, catalogue, calendar, site, .. } = config;
        let zone = &site.timezone;
        format!("{program} {rules} {zone} {feed:?} {register:?} {regions:?} {catalogue:?} {calendar:?}")
    }

    async fn read(&self, previous: &Validators) -> Result<(HarvestOutcome, Validators), FeedError> {
        let Self { client, name, feed, now, .. } = *self;
        if feed.is_sheet() {
            return tables(client, self.task()?, &self.config.dir, previous).await;
        }
        if feed.is_json() {
            return mapped(client, self.task()?, &self.config.dir, previous).await;
        }
        if let Some(page) = feed.page.as_ref().filter(|_| feed.format == FeedFormat::Page) {
            let ask = page::Ask { client, name, feed, page, known: self.known, now: now.to_zoned(self.zone.clone()) };
            return self.listed(&ask, previous).await;
        }
        let patience = Duration::from_secs(feed.timeout_seconds.max(1).into());
        let most = u64::from(feed.max_megabytes) * MEGABYTE;
        let hint = Hint {
            format: feed.format,
            charset: feed.charset.clone(),
            name: feed.source.clone(),
            most: Some(feed.max_notices as usize),
            now: now.to_zoned(self.zone.clone()),
            ..Hint::default()
        };
        let Some(url) = remote(&feed.source) else {
            let place = local(&feed.source, &self.config.dir);
            let is_dir = place.is_dir();
            let hint = Hint { recorder: Some(self.recorder.clone()), ..hint };
            let read = move |stop: &StopToken| folder::read(&place, &Hint { stop: stop.clone(), ..hint }, most);
            let contents = client.apart(name, &feed.source, patience * 10, read).await?;
            return Ok((self.caught(contents, is_dir), Validators::default()));
        };
        let Fetched::Document { bytes, content_type, url, validators } =
            client.get(&url, previous, most, patience).await?
        else {
            return Ok((HarvestOutcome::Unchanged, previous.clone()));
        };
        let path = Url::parse(&feed.source).map(|url| url.path().to_owned()).unwrap_or_default();
        let feed_only = !detect::names_document(&path);
        let hint = Hint { feed_only, content_type, base: Some(url.clone()), name: url.path().to_owned(), ..hint };
        let source = url.to_string();
        let read = move |stop: &StopToken| {
            let hint = Hint { stop: stop.clone(), ..hint };
            let parsed = parse(&bytes, &hint).map_err(|e| FeedError::new(&source, e.to_string()))?;
            let with = |notice| Harvested { notice, source: source.clone() };
            Ok(Contents { items: parsed.items.into_iter().map(with).collect(), faults: parsed.faults })
        };
        let contents = client.apart(name, &feed.source, patience, read).await?;
        Ok((self.caught(contents, false), validators))
    }

    /// A look at a portal's list page.
    async fn listed(
        &self,
        ask: &page::Ask<'_>,
        previous: &Validators,
    ) -> Result<(HarvestOutcome, Validators), FeedError> {
        let source = &self.feed.source;
        let place = || {
            let path = std::path::absolute(local(source, &self.config.dir)).ok()?;
            Url::from_file_path(path).ok()
        };
        let url =
            remote(source).or_else(place).ok_or_else(|| FeedError::new(source, "it is no address and no path"))?;
        Ok(match page::read(ask, &url, previous).await? {
            None => (HarvestOutcome::Unchanged, previous.clone()),
            Some((contents, validators)) => (self.caught(contents, false), validators),
        })
    }

    fn task(&self) -> Result<SheetTask, FeedError> {
        let mut task = SheetTask::new(self.name, self.feed, self.config, self.now)?;
        task.recorder = Some(self.recorder.clone());
        Ok(task)
    }

    fn caught(&self, contents: Contents, whole: bool) -> HarvestOutcome {
        let mut items = contents.items;
        items.iter_mut().for_each(|h| fill(h, self.feed, &self.zone));
        HarvestOutcome::Notices { items: newest(items, self.feed.max_notices as usize), whole, faults: contents.faults }
    }
}

/// A look at spreadsheets.
async fn tables(
    client: &Client,
    task: SheetTask,
    dir: &Path,
    previous: &Validators,
) -> Result<(HarvestOutcome, Validators), FeedError> {
    let (feed, zone) = (task.feed.clone(), task.now.time_zone().clone());
    let most = u64::from(feed.max_megabytes) * MEGABYTE;
    let patience = Duration::from_secs(feed.timeout_seconds.max(1).into());
    let Some(url) = remote(&feed.source) else {
        let place = local(&feed.source, dir);
        let name = task.name.clone();
        let read = move |stop: &StopToken| task.place(&place, stop);
        let gathered = client.apart(&name, &feed.source, patience * 10, read).await?;
        return Ok((caught(&feed, &zone, gathered), Validators::default()));
    };
    // Steps that stand apart may change while the table does not.
    let steps = task.steps_file().and_then(|name| url.join(name).ok());
    let previous = if steps.is_some() { &Validators::default() } else { previous };
    let Fetched::Document { bytes, content_type, url, validators } = client.get(&url, previous, most, patience).await?
    else {
        return Ok((HarvestOutcome::Unchanged, previous.clone()));
    };
    let steps = match steps {
        None => None,
        Some(at) => match client.get(&at, &Validators::default(), most, patience).await? {
            Fetched::Document { bytes, .. } => Some((at, bytes)),
            Fetched::Unchanged => None,
        },
    };
    let name = task.name.clone();
    let read = move |stop: &StopToken| task.fetched(&url, bytes, content_type, steps, stop);
    let gathered = client.apart(&name, &feed.source, patience * 10, read).await?;
    // What could not be read is to be tried again.
    let validators = if gathered.is_partial { Validators::default() } else { validators };
    Ok((caught(&feed, &zone, gathered), validators))
}

/// A look at a JSON source.
async fn mapped(
    client: &Client,
    task: SheetTask,
    dir: &Path,
    previous: &Validators,
) -> Result<(HarvestOutcome, Validators), FeedError> {
    let (feed, zone) = (task.feed.clone(), task.now.time_zone().clone());
    let paths = feed.json.clone().unwrap_or_default();
    let Some(url) = remote(&feed.source) else {
        let patience = Duration::from_secs(feed.timeout_seconds.max(1).into());
        let place = local(&feed.source, dir);
        let name = task.name.clone();
        let read = move |stop: &StopToken| json::place(&task, &paths, &place, stop);
        let gathered = client.apart(&name, &feed.source, patience * 10, read).await?;
        return Ok((caught(&feed, &zone, gathered), Validators::default()));
    };
    let Some((mut gathered, validators)) = json::fetch(client, task, &paths, &url, previous).await? else {
        return Ok((HarvestOutcome::Unchanged, previous.clone()));
    };
    // A service answers with its newest notices; what is missing just grew old.
    gathered.is_partial |= feed.register.is_empty();
    Ok((caught(&feed, &zone, gathered), validators))
}

/// What tables or JSON hold, as a catch of rows or of notices. All that the source has now is in it.
fn caught(feed: &Feed, zone: &TimeZone, gathered: TableOutcome) -> HarvestOutcome {
    let TableOutcome { rows, notices, faults, is_partial } = gathered;
    let whole = !is_partial;
    if !feed.register.is_empty() {
        return HarvestOutcome::Rows { register: feed.register.clone(), rows, whole, faults };
    }
    let mut items = notices;
    items.iter_mut().for_each(|h| fill(h, feed, zone));
    let whole = whole && items.len() <= feed.max_notices as usize;
    HarvestOutcome::Notices { items: newest(items, feed.max_notices as usize), whole, faults }
}

/// Whether a feed is read from files.
pub fn is_local(feed: &Feed) -> bool {
    remote(&feed.source).is_none()
}

/// A number for what the files of a feed are like now: their names, sizes and times; `None` where there are none.
/// Blocks.
pub fn file_stamp(feed: &Feed, config: &Config) -> Option<u64> {
    is_local(feed).then(|| stamp::glance(&local(&feed.source, &config.dir)))?
}

/// Bytes of the one file that a feed is read from; 0 for an address or a folder, and where there is no such file.
pub fn file_size(feed: &Feed, config: &Config) -> u64 {
    let place = remote(&feed.source).is_none().then(|| local(&feed.source, &config.dir));
    place.and_then(|place| place.metadata().ok()).filter(std::fs::Metadata::is_file).map_or(0, |file| file.len())
}

/// The address of a source on the web, without its login, which the client has; `None` for a file or folder.
fn remote(source: &str) -> Option<Url> {
    Url::parse(source).ok().filter(|u| matches!(u.scheme(), "http" | "https")).map(without_login)
}

fn local(source: &str, dir: &Path) -> PathBuf {
    let file = Url::parse(source).ok().filter(|u| u.scheme() == "file").and_then(|u| u.to_file_path().ok());
    file.unwrap_or_else(|| dir.join(source))
}

/// What the source leaves open is filled in from the feed's file.
fn fill(harvested: &mut Harvested, feed: &Feed, zone: &TimeZone) {
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
        let from = dates::day(published, zone);
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
