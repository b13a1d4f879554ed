//! `gongshi parse`: what a file or an address yields, one JSON object a line.

use super::rows;
use crate::{
    check,
    config::{self, Config, Feed, FeedFormat},
    feeds::{self, Client, Fetched, HarvestOutcome, Hint, ItemFault, Parsed, Validators, parse, stream},
    model::{Attachment, Block, Notice, Row, Warning},
    text::printable,
    time::{Clock, SystemClock},
};
use clap::Args;
use serde::Serialize;
use std::{
    fs::File,
    io::{Read, Write},
    path::PathBuf,
    time::Duration,
};
use url::Url;

/// Bytes of one document at most; an XML feed read from a file is streamed and may be longer.
const MAX_DOCUMENT_BYTES: u64 = 256 * 1024 * 1024;

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
    let mut printed = Ok(());
    let mut print = |notice: &Notice| {
        let mut notice = notice.clone();
        feeds::show_notice(&mut notice);
        let text = serde_json::to_string(&line(&notice)).map_err(|e| e.to_string());
        if printed.is_ok() {
            printed = text.and_then(|text| writeln!(out, "{text}").map_err(|e| e.to_string()));
        }
    };
    let yielded = read(args, &mut print).map_err(|reason| format!("{}: {reason}", args.source))?;
    let faults = match yielded {
        ParseOutcome::Printed(faults) => faults,
        ParseOutcome::Notices(parsed) => {
            parsed.items.iter().for_each(print);
            parsed.faults
        }
        ParseOutcome::Rows { config, register, rows, faults } => {
            rows::print(&config, &register, &rows, out)?;
            faults
        }
    };
    for fault in faults {
        eprintln!("gongshi: {}", printable(&format!("{}: {}", fault.item, fault.reason)));
    }
    printed
}

/// What a source yields.
enum ParseOutcome {
    /// Notices, printed as they were read.
    Printed(Vec<ItemFault>),
    Notices(Parsed),
    Rows {
        config: Box<Config>,
        register: String,
        rows: Vec<Row>,
        faults: Vec<ItemFault>,
    },
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

fn read(args: &ParseArgs, print: &mut impl FnMut(&Notice)) -> Result<ParseOutcome, String> {
    let now = SystemClock::default().wall();
    let mut hint = Hint {
        content_type: args.content_type.clone(),
        name: args.source.clone(),
        now: now.to_zoned(config::time_zone("")),
        ..Hint::default()
    };
    if let Some(name) = &args.feed {
        let dir = config::find_dir(args.config.clone());
        let config =
            check::load(&dir).config.ok_or_else(|| format!("{} has faults; see `gongshi check`", dir.display()))?;
        let feed = config.feeds.get(name).ok_or_else(|| format!("the config has no feed {name}"))?;
        if feed.format == FeedFormat::Page || feed.is_sheet() || feed.is_json() {
            return look(args, name, feed, &config);
        }
        (hint.format, hint.charset) = (feed.format, feed.charset.clone());
        hint.now = now.to_zoned(config.site.zone());
    }
    let is_remote = Url::parse(&args.source).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    if !is_remote {
        let mut file = open(&args.source, &mut hint)?;
        hint.base = args.base.clone().or(hint.base);
        let faults =
            stream(&mut file, &hint, MAX_DOCUMENT_BYTES, &mut |notice| print(&notice)).map_err(|e| e.to_string())?;
        return Ok(ParseOutcome::Printed(faults));
    }
    let bytes = fetched(&args.source, &args.source, &mut hint)?;
    hint.base = args.base.clone().or(hint.base);
    parse(&bytes, &hint).map(ParseOutcome::Notices).map_err(|e| e.to_string())
}

/// Reads a file or an address; where it was found and what it is said to be go into the hint. The host of what was
/// `typed` may be on the own network; any other may not.
pub(super) fn fetched(source: &str, typed: &str, hint: &mut Hint) -> Result<Vec<u8>, String> {
    let Some(url) = Url::parse(source).ok().filter(|u| matches!(u.scheme(), "http" | "https")) else {
        return local(source, hint);
    };
    let typed = Url::parse(typed).ok();
    let client = typed.map_or_else(Client::new, |url| Client::for_typed(&url));
    let patience = Duration::from_secs(60);
    match feeds::wait(client.get(&url, &Validators::default(), MAX_DOCUMENT_BYTES, patience)).map_err(|e| e.reason)? {
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
fn look(args: &ParseArgs, name: &str, feed: &Feed, config: &Config) -> Result<ParseOutcome, String> {
    let here = std::env::current_dir().map_err(|e| format!("this folder cannot be read ({e})"))?;
    let feed = Feed { source: args.source.clone(), ..feed.clone() };
    let typed = Url::parse(&feed.source).ok();
    let client = typed.map_or_else(Client::new, |url| Client::for_typed(&url));
    let now = SystemClock::default().wall();
    let none = Validators::default();
    let config = Config { dir: here, ..config.clone() };
    let look = feeds::harvest(&client, name, &feed, &config, &none, now);
    match feeds::wait(look).map_err(|e| e.reason)?.outcome {
        HarvestOutcome::Unchanged => Err("the server sends nothing".into()),
        HarvestOutcome::Rows { register, rows, faults, .. } => {
            Ok(ParseOutcome::Rows { config: Box::new(config), register, rows, faults })
        }
        HarvestOutcome::Notices { items, faults, .. } => {
            Ok(ParseOutcome::Notices(Parsed { items: items.into_iter().map(|h| h.notice).collect(), faults }))
        }
    }
}

fn local(source: &str, hint: &mut Hint) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = open(source, hint)?;
    file.take(MAX_DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(|e| format!("it cannot be read ({e})"))?;
    if bytes.len() as u64 > MAX_DOCUMENT_BYTES {
        Err(format!("it is larger than {} MB", MAX_DOCUMENT_BYTES >> 20))
    } else {
        Ok(bytes)
    }
}

fn open(source: &str, hint: &mut Hint) -> Result<File, String> {
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
