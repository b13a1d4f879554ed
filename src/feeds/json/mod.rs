//! JSON by JSONPath: rows of a register, or notices, one an item, over as many pages as the source has.
//!
//! Requests go out one at a time with a pause between them, and never more than the feed's file allows.

mod map;

use super::{
    Client, FeedError, Fetched, Harvested, StopToken, Validators,
    decode::decode,
    detect::{self, DocumentFormat},
    files::{list, unreadable},
    table::{RawTables, SheetTask, TableOutcome},
    tree,
};
use crate::{config::JsonMapping, net::pause};
use map::Paths;
use serde_json::Value;
use std::{collections::HashSet, path::Path, sync::Arc, time::Duration};
use url::Url;

/// A look at a JSON source on the web; `None` where the server says that nothing changed.
///
/// # Errors
/// One sentence, where the first page cannot be read or has no items at the path.
pub(super) async fn fetch(
    client: &Client,
    task: SheetTask,
    json: &JsonMapping,
    source: &Url,
    previous: &Validators,
) -> Result<Option<(TableOutcome, Validators)>, FeedError> {
    let feed = task.feed.clone();
    let most = u64::from(feed.max_megabytes) * 1024 * 1024;
    let patience = Duration::from_secs(feed.timeout_seconds.max(1).into());
    let (task, json) = (Arc::new(task), Arc::new(json.clone()));
    let is_paged = [&json.next, &json.page_parameter, &json.offset_parameter].into_iter().any(|p| !p.is_empty());
    let none = Validators::default();
    let mut out = RawTables::default();
    let mut validators = Validators::default();
    let mut next = Some(first(source, &json));
    let (mut asked, mut count) = (HashSet::new(), 0);
    for number in 1..=json.max_pages.max(1) {
        let Some(url) = next.take() else { break };
        asked.insert(url.clone());
        if number > 1 {
            pause(Duration::from_millis(json.pause_ms.into())).await;
        }
        // The first page of several says nothing of the others.
        let known = if is_paged { &none } else { previous };
        let got = match client.get(&url, known, most, patience).await {
            Ok(got) => got,
            Err(error) if number == 1 => return Err(error),
            Err(error) => {
                (out.is_partial, next) = (true, None);
                out.fault(url.as_str(), error.reason);
                break;
            }
        };
        let Fetched::Document { bytes, content_type, url, validators: fresh } = got else { return Ok(None) };
        if number == 1 && !is_paged {
            validators = fresh;
        }
        let (work, paths, place) = (task.clone(), json.clone(), url.clone());
        let charset = feed.charset.clone();
        let read = move |stop: &StopToken| {
            let text = decode(&bytes, content_type.as_deref(), charset.as_deref()).0;
            page(&work, &paths, &text, (&place, stop), out).map_err(|reason| FeedError::new(place.as_str(), reason))
        };
        let page = client.apart(&task.name, &feed.source, patience, read).await?;
        out = page.out;
        let before = count;
        count += page.items;
        if page.is_repeated {
            out.fault(url.as_str(), format!("page {number} repeats the one before it; check the paging of [json]"));
            break;
        }
        let is_all = page.total.is_some_and(|total| count as u64 >= total);
        next = following(&url, &json, number, count, page.next.as_deref())
            .filter(|n| !is_all && count > before && !asked.contains(n));
    }
    // What was left out for their number is not gone.
    out.is_partial |= next.is_some();
    Ok(Some((finish(&task, out), validators)))
}

/// A look at a JSON file, or at all of a folder. Blocks.
///
/// # Errors
/// Where the place cannot be read at all; a single bad file of a folder is a fault of its own.
pub(super) fn place(
    task: &SheetTask,
    json: &JsonMapping,
    place: &Path,
    stop: &StopToken,
) -> Result<TableOutcome, FeedError> {
    let fail = |reason: String| FeedError::new(place.display().to_string(), reason);
    let meta = std::fs::metadata(place).map_err(|e| fail(unreadable(&e)))?;
    if meta.is_file() {
        return file(task, json, (place, stop), RawTables::default())
            .map(|out| finish(task, out))
            .map_err(|(reason, _)| fail(reason));
    }
    let mut files = Vec::new();
    list(place, 0, &mut files).map_err(|e| fail(unreadable(&e)))?;
    files.sort();
    let mut out = RawTables::default();
    for path in files {
        if stop.is_asked() {
            return Err(fail("reading it takes too long; split it".into()));
        }
        // What is called something else is no part of the source: nothing is missing for it.
        if let Some(kind) = detect::by_name(&path.to_string_lossy()).filter(|kind| kind.format != DocumentFormat::Json)
        {
            let reason = format!("its name says that it is {}, not JSON; put it into a folder of its own", kind.name);
            out.fault(&path.file_name().unwrap_or_default().to_string_lossy(), reason);
            continue;
        }
        out = match file(task, json, (&path, stop), out) {
            Ok(out) => out,
            Err((reason, mut out)) => {
                out.is_partial = true;
                out.fault(&path.file_name().unwrap_or_default().to_string_lossy(), reason);
                *out
            }
        };
    }
    Ok(finish(task, out))
}

/// What one answer comes to; see [`super::trial`].
///
/// # Errors
/// As [`fetch`].
pub(super) fn trial(task: &SheetTask, json: &JsonMapping, text: &str, url: &Url) -> Result<TableOutcome, String> {
    page(task, json, text, (url, &StopToken::default()), RawTables::default()).map(|page| finish(task, page.out))
}

fn finish(task: &SheetTask, out: RawTables) -> TableOutcome {
    out.finish(task.register.as_ref())
}

fn file(
    task: &SheetTask,
    json: &JsonMapping,
    (path, stop): (&Path, &StopToken),
    out: RawTables,
) -> Result<RawTables, (String, Box<RawTables>)> {
    let most = u64::from(task.feed.max_megabytes) * 1024 * 1024;
    let read = || {
        let size = std::fs::metadata(path).map_err(|e| unreadable(&e))?.len();
        if size > most {
            return Err(format!("it is larger than {} MB; raise max_megabytes if that is right", most / 1024 / 1024));
        }
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let url = Url::from_file_path(full).map_err(|()| "its path is no address".to_owned())?;
        let bytes = std::fs::read(path).map_err(|e| unreadable(&e))?;
        if let Some(recorder) = &task.recorder {
            recorder.note(&path.display().to_string(), None, None, &bytes);
        }
        Ok((decode(&bytes, None, task.feed.charset.as_deref()).0, url))
    };
    match read() {
        Err(reason) => Err((reason, Box::new(out))),
        Ok((text, url)) => match value(&text, stop) {
            Err(reason) => Err((reason, Box::new(out))),
            Ok(value) => {
                let mut out = out;
                match take(task, json, &value, (&url, stop), &mut out) {
                    Ok(_) => Ok(out),
                    Err(reason) => Err((reason, Box::new(out))),
                }
            }
        },
    }
}

/// What one page came to.
struct Page {
    out: RawTables,
    items: usize,
    total: Option<u64>,
    next: Option<String>,
    is_repeated: bool,
}

fn value(text: &str, stop: &StopToken) -> Result<Value, String> {
    tree::read(text, stop)
        .map_err(|e| format!("it is not JSON ({e}); mend source in the feed's file, or ask the office"))
}

fn page(
    task: &SheetTask,
    json: &JsonMapping,
    text: &str,
    (url, stop): (&Url, &StopToken),
    mut out: RawTables,
) -> Result<Page, String> {
    let value = value(text, stop)?;
    let (rows, notices) = (out.rows.len(), out.notices.len());
    let paths = take(task, json, &value, (url, stop), &mut out)?;
    let items = paths.count;
    let is_repeated = items > 0
        && ((rows >= items && out.rows.get(rows..) == out.rows.get(rows - items..rows))
            || (notices >= items && same_notices(&out.notices, notices - items, notices)))
        && out.rows.len() + out.notices.len() > rows + notices;
    if is_repeated {
        out.rows.truncate(rows);
        out.origins.truncate(rows);
        out.notices.truncate(notices);
    }
    Ok(Page { out, items, total: paths.total, next: paths.next, is_repeated })
}

/// Whether the notices from `second` on are those from `first` on, wherever they were read.
fn same_notices(all: &[Harvested], first: usize, second: usize) -> bool {
    let of = |range: &[Harvested]| range.iter().map(|h| h.notice.clone()).collect::<Vec<_>>();
    let (before, after) = (all.get(first..second).unwrap_or_default(), all.get(second..).unwrap_or_default());
    of(before) == of(after)
}

/// Maps the items of one answer.
fn take(
    task: &SheetTask,
    json: &JsonMapping,
    value: &Value,
    (url, stop): (&Url, &StopToken),
    out: &mut RawTables,
) -> Result<map::Found, String> {
    let paths = Paths::new(json, task.register.as_ref())?;
    let found = paths.take(task, value, url, out, stop);
    if let Some(reason) = stop.take_omission() {
        out.fault(url.as_str(), reason);
    }
    found
}

fn with(url: &Url, parameter: &str, value: &str) -> Url {
    let mut url = url.clone();
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(k, _)| k != parameter).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(kept).append_pair(parameter, value);
    url
}

fn first(source: &Url, json: &JsonMapping) -> Url {
    let mut url = source.clone();
    if !json.page_parameter.is_empty() {
        url = with(&url, &json.page_parameter, &json.first_page.to_string());
    }
    if !json.offset_parameter.is_empty() {
        url = with(&url, &json.offset_parameter, "0");
    }
    url
}

fn following(url: &Url, json: &JsonMapping, number: u32, count: usize, next: Option<&str>) -> Option<Url> {
    if !json.next.is_empty() {
        let next = next.filter(|n| !n.trim().is_empty())?;
        return match json.cursor_parameter.as_str() {
            "" => url.join(next).ok().filter(|u| matches!(u.scheme(), "http" | "https")),
            parameter => Some(with(url, parameter, next)),
        };
    }
    if !json.page_parameter.is_empty() {
        let page = json.first_page.saturating_add(number);
        return Some(with(url, &json.page_parameter, &page.to_string()));
    }
    (!json.offset_parameter.is_empty()).then(|| with(url, &json.offset_parameter, &count.to_string()))
}
