//! `gongshi parse`: what a file or an address yields, one JSON object a line.

use crate::{
    config::{self, Feed, FeedFormat},
    feeds::{self, Catch, Client, Fetched, Hint, ItemFault, Parsed, Validators, stream},
    model::{Attachment, Block, Notice, Warning},
    time::{Clock, SystemClock},
};
use clap::Args;
use serde::Serialize;
use std::{
    fs::File,
    io::{Cursor, Read, Write},
    path::PathBuf,
    time::Duration,
};
use url::Url;

/// Bytes of one document at most; XML read from a file is streamed and may be longer.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a Warning>,
}

/// Prints what it yields; what could not be read goes to standard error.
///
/// # Errors
/// One sentence.
pub fn run(args: &ParseArgs, out: &mut impl Write) -> Result<(), String> {
    let mut failed = None;
    let mut print = |notice: Notice| {
        let written = serde_json::to_string(&line(&notice)).map_err(|e| e.to_string());
        if let Err(e) = written.and_then(|line| writeln!(out, "{line}").map_err(|e| e.to_string())) {
            failed.get_or_insert(e);
        }
    };
    let faults = read(args, &mut print).map_err(|reason| format!("{}: {reason}", args.source))?;
    for fault in &faults {
        eprintln!("gongshi: {}: {}", fault.item, fault.reason);
    }
    failed.map_or(Ok(()), Err)
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
        number: notice.number.as_deref(),
        warning: notice.warning.as_ref(),
    }
}

/// Hands on what is read; gives what was not, or was ill-formed.
fn read(args: &ParseArgs, sink: &mut dyn FnMut(Notice)) -> Result<Vec<ItemFault>, String> {
    let mut hint = Hint { content_type: args.content_type.clone(), name: args.source.clone(), ..Hint::default() };
    if let Some(name) = &args.feed {
        let dir = config::find_dir(args.config.clone());
        let config =
            config::load(&dir).config.ok_or_else(|| format!("{} has faults; see `gongshi check`", dir.display()))?;
        let feed = config.feeds.get(name).ok_or_else(|| format!("the config has no feed {name}"))?;
        if feed.format == FeedFormat::Page {
            let parsed = list_page(args, name, feed)?;
            parsed.items.into_iter().for_each(sink);
            return Ok(parsed.faults);
        }
        (hint.format, hint.charset) = (feed.format, feed.charset.clone());
    }
    let mut source = source(&args.source, &mut hint)?;
    if args.base.is_some() {
        hint.base.clone_from(&args.base);
    }
    stream(&mut *source, &hint, MOST, sink).map_err(|e| e.to_string())
}

/// Reads a file or an address whole; see [`source`].
pub(super) fn fetched(name: &str, hint: &mut Hint) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source(name, hint)?.take(MOST + 1).read_to_end(&mut bytes).map_err(|e| format!("it cannot be read ({e})"))?;
    if bytes.len() as u64 > MOST { Err(format!("it is larger than {} MB", MOST >> 20)) } else { Ok(bytes) }
}

/// Opens a file or an address; where it was found and what it is said to be go into the hint.
fn source(name: &str, hint: &mut Hint) -> Result<Box<dyn Read>, String> {
    let Some(url) = Url::parse(name).ok().filter(|u| matches!(u.scheme(), "http" | "https")) else {
        return Ok(Box::new(local(name, hint)?));
    };
    let client = Client::new().map_err(|e| e.to_string())?;
    let patience = Duration::from_secs(60);
    match feeds::wait(client.get(&url, &Validators::default(), MOST, patience)).map_err(|e| e.reason)? {
        Fetched::Document { bytes, content_type, url, .. } => {
            hint.content_type = hint.content_type.take().or(content_type);
            url.path().clone_into(&mut hint.name);
            hint.base = Some(url);
            Ok(Box::new(Cursor::new(bytes)))
        }
        Fetched::Unchanged => Err("the server sends nothing".into()),
    }
}

/// A list page and the articles behind it, as a look at the feed would read them, with the store knowing none.
fn list_page(args: &ParseArgs, name: &str, feed: &Feed) -> Result<Parsed, String> {
    let here = std::env::current_dir().map_err(|e| format!("this folder cannot be read ({e})"))?;
    let feed = Feed { source: args.source.clone(), ..feed.clone() };
    let client = Client::new().map_err(|e| e.to_string())?;
    let now = SystemClock::default().wall();
    let none = Validators::default();
    let look = feeds::harvest(&client, name, &feed, &here, &none, now);
    match feeds::wait(look).map_err(|e| e.reason)?.catch {
        Catch::Unchanged => Err("the server sends nothing".into()),
        Catch::Rows { .. } => Err("a list page gives notices, not rows; take register out of the feed's file".into()),
        Catch::Notices { items, faults, .. } => {
            Ok(Parsed { items: items.into_iter().map(|h| h.notice).collect(), faults })
        }
    }
}

fn local(source: &str, hint: &mut Hint) -> Result<File, String> {
    let meta = std::fs::metadata(source).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
        _ => format!("it cannot be read ({e})"),
    })?;
    if meta.is_dir() {
        return Err("it is a folder; name one file in it, or make it a feed and use `gongshi harvest`".into());
    }
    hint.base = std::path::absolute(source).ok().and_then(|p| Url::from_file_path(p).ok());
    File::open(source).map_err(|e| format!("it cannot be read ({e})"))
}
