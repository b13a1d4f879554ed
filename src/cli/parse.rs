//! `gongshi parse`: what a file or an address yields, one JSON object a line.

use super::rows;
use crate::{
    config::{self, Config, Feed, FeedFormat},
    feeds::{self, Catch, Client, Fetched, Hint, ItemFault, Parsed, Validators, parse},
    model::{Attachment, Block, Notice, Row},
    time::{Clock, SystemClock},
};
use clap::Args;
use serde::Serialize;
use std::{io::Write, path::PathBuf, time::Duration};
use url::Url;

/// Bytes of one document at most.
const MOST: u64 = 256 * 1024 * 1024;

/// Arguments of `parse`.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// A file or an `http(s)` address.
    #[arg(value_name = "FILE-OR-URL")]
    source: String,
    /// Read it as this feed of the config would.
    #[arg(long, value_name = "NAME")]
    feed: Option<String>,
    /// The config folder that has the feed.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// The content type, as a server would say it.
    #[arg(long, value_name = "T")]
    content_type: Option<String>,
    /// What relative addresses stand against.
    #[arg(long, value_name = "URL")]
    base: Option<Url>,
}

/// One line of output.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: &'a str,
    title: &'a str,
    link: Option<&'a str>,
    published: Option<String>,
    updated: Option<String>,
    author: Option<&'a str>,
    summary: &'a str,
    body: String,
    attachments: &'a [Attachment],
}

/// Prints what it yields; what could not be read goes to standard error.
///
/// # Errors
/// One sentence.
pub fn run(args: &ParseArgs, out: &mut impl Write) -> Result<(), String> {
    let yielded = read(args).map_err(|reason| format!("{}: {reason}", args.source))?;
    let faults = match &yielded {
        Yielded::Notices(parsed) => {
            for notice in &parsed.items {
                let line = serde_json::to_string(&line(notice)).map_err(|e| e.to_string())?;
                writeln!(out, "{line}").map_err(|e| e.to_string())?;
            }
            &parsed.faults
        }
        Yielded::Rows { config, register, rows, faults } => {
            rows::print(config, register, rows, out)?;
            faults
        }
    };
    for fault in faults {
        eprintln!("gongshi: {}: {}", fault.item, fault.reason);
    }
    Ok(())
}

/// What a source yields.
enum Yielded {
    Notices(Parsed),
    Rows { config: Box<Config>, register: String, rows: Vec<Row>, faults: Vec<ItemFault> },
}

fn line(notice: &Notice) -> Line<'_> {
    Line {
        id: &notice.key,
        title: &notice.title,
        link: notice.link.as_deref(),
        published: notice.published.map(|t| t.to_string()),
        updated: notice.updated.map(|t| t.to_string()),
        author: notice.author.as_deref(),
        summary: &notice.summary,
        body: notice.body.iter().map(Block::plain_text).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n"),
        attachments: &notice.attachments,
    }
}

fn read(args: &ParseArgs) -> Result<Yielded, String> {
    let mut hint = Hint { content_type: args.content_type.clone(), name: args.source.clone(), ..Hint::default() };
    if let Some(name) = &args.feed {
        let dir = config::find_dir(args.config.clone());
        let config =
            config::load(&dir).config.ok_or_else(|| format!("{} has faults; see `gongshi check`", dir.display()))?;
        let feed = config.feeds.get(name).ok_or_else(|| format!("the config has no feed {name}"))?;
        if feed.format == FeedFormat::Page || feed.is_sheet() || feed.is_json() {
            return look(args, name, feed, &config);
        }
        (hint.format, hint.charset) = (feed.format, feed.charset.clone());
    }
    let bytes = fetched(&args.source, &args.source, &mut hint)?;
    if args.base.is_some() {
        hint.base.clone_from(&args.base);
    }
    parse(&bytes, &hint).map(Yielded::Notices).map_err(|e| e.to_string())
}

/// Reads a file or an address; where it was found and what it is said to be go into the hint. The host of what was
/// `typed` may be on the own network; any other may not.
pub(super) fn fetched(source: &str, typed: &str, hint: &mut Hint) -> Result<Vec<u8>, String> {
    let Some(url) = Url::parse(source).ok().filter(|u| matches!(u.scheme(), "http" | "https")) else {
        return local(source, hint);
    };
    let typed = Url::parse(typed).ok();
    let client = typed.map_or_else(Client::new, |url| Client::for_typed(&url)).map_err(|e| e.to_string())?;
    let patience = Duration::from_secs(60);
    match feeds::wait(client.get(&url, &Validators::default(), MOST, patience)).map_err(|e| e.reason)? {
        Fetched::Document { bytes, content_type, url, .. } => {
            hint.content_type = hint.content_type.take().or(content_type);
            url.path().clone_into(&mut hint.name);
            hint.base = Some(url);
            Ok(bytes)
        }
        Fetched::Unchanged => Err("the server sends nothing".into()),
    }
}

/// A list page and the articles behind it, a spreadsheet or JSON, as a look at the feed would read it, with the store
/// knowing nothing.
fn look(args: &ParseArgs, name: &str, feed: &Feed, config: &Config) -> Result<Yielded, String> {
    let here = std::env::current_dir().map_err(|e| format!("this folder cannot be read ({e})"))?;
    let feed = Feed { source: args.source.clone(), ..feed.clone() };
    let typed = Url::parse(&feed.source).ok();
    let client = typed.map_or_else(Client::new, |url| Client::for_typed(&url)).map_err(|e| e.to_string())?;
    let now = SystemClock::default().wall();
    let none = Validators::default();
    let config = Config { dir: here, ..config.clone() };
    let look = feeds::harvest(&client, name, &feed, &config, &none, now);
    match feeds::wait(look).map_err(|e| e.reason)?.catch {
        Catch::Unchanged => Err("the server sends nothing".into()),
        Catch::Rows { register, rows, faults, .. } => {
            Ok(Yielded::Rows { config: Box::new(config), register, rows, faults })
        }
        Catch::Notices { items, faults, .. } => {
            Ok(Yielded::Notices(Parsed { items: items.into_iter().map(|h| h.notice).collect(), faults }))
        }
    }
}

fn local(source: &str, hint: &mut Hint) -> Result<Vec<u8>, String> {
    let meta = std::fs::metadata(source).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
        _ => format!("it cannot be read ({e})"),
    })?;
    if meta.is_dir() {
        return Err("it is a folder; name one file in it, or make it a feed and use `gongshi harvest`".into());
    }
    if meta.len() > MOST {
        return Err(format!("it is larger than {} MB", MOST >> 20));
    }
    hint.base = std::path::absolute(source).ok().and_then(|p| Url::from_file_path(p).ok());
    std::fs::read(source).map_err(|e| format!("it cannot be read ({e})"))
}
