//! Documents that are one notice each: Markdown, HTML pages, plain text.

use crate::{
    feeds::{
        ParseError, dates, dom,
        hint::{Hint, Parsed, named},
        sanitize,
        words::cut,
        worker::{WorkerJob, ask},
    },
    model::{Block, Notice, Span},
};
use pulldown_cmark::{Options, Parser, html};
use scraper::Selector;

/// What ends a line; a return alone did once.
const ENDS: [char; 2] = ['\n', '\r'];
/// Bytes from which on a page is read by a worker.
const WORKER_BYTES: usize = 512 * 1024;
/// Characters of a summary.
const SUMMARY: usize = 400;

/// Reads Markdown (CommonMark with tables). The first heading is the title.
pub fn markdown(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut page = String::with_capacity(text.len() * 2);
    html::push_html(&mut page, Parser::new_ext(text, options));
    let mut blocks = sanitize::blocks_until(&page, hint.base.as_ref(), &hint.stop);
    let title = take_title(&mut blocks);
    Ok(one(title, blocks, hint))
}

/// Reads an HTML page: its `article` or `main` where it has one. `<h1>`, else `<title>`, is the title.
/// A large page is read by a worker, which can be ended.
pub fn html(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    if text.len() < WORKER_BYTES {
        return html_here(text, hint);
    }
    let zone = hint.zone().iana_name().unwrap_or_default().to_owned();
    let job = WorkerJob::Html { name: hint.name.clone(), base: hint.base.clone(), zone };
    let answer = ask(text.as_bytes(), &job, &hint.stop).map_err(ParseError)?;
    serde_json::from_slice(&answer).map_err(|_| ParseError(job.broken().into()))
}

/// As [`html`], in this process.
///
/// # Errors
/// As [`html`].
pub fn html_here(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let page = dom::prose(text, &hint.stop).map_err(|e| ParseError(e.to_string()))?;
    let find = |css: &str| Selector::parse(css).ok().and_then(|s| page.select(&s).next());
    let part = ["article", "main", "body"].into_iter().find_map(find);
    let mut blocks = part.map(|p| sanitize::within(*p, hint.base.as_ref())).unwrap_or_default();
    let headline = find("title").map(|t| sanitize::plain(&t.inner_html())).filter(|t| !t.is_empty());
    let title = take_title(&mut blocks).or(headline);
    if blocks.is_empty() && title.is_none() {
        return Err(ParseError("the page holds no text; it may build itself by scripts, which are not run".into()));
    }
    let meta = |name: &str| {
        let element = find(&format!("meta[name='{name}' i]"))?;
        element.attr("content").map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned)
    };
    // The names of 政府网站发展指引 (2017), annex 2.
    let published = meta("PubDate").or_else(|| meta("date")).and_then(|d| dates::parse(&d, hint.zone()));
    let mut parsed = one(title, blocks, hint);
    for notice in &mut parsed.items {
        notice.published = published.or(notice.published);
        notice.issuer = meta("ContentSource");
        notice.author = meta("Author");
    }
    Ok(parsed)
}

/// Reads plain text: the first line is the title, every further line a paragraph.
pub fn plain(text: &str, hint: &Hint) -> Result<Parsed, ParseError> {
    let mut lines = text.trim_start_matches('\u{FEFF}').split(ENDS).map(str::trim).filter(|l| !l.is_empty());
    let title = lines.next().filter(|l| l.chars().count() <= 120).map(str::to_owned);
    let rest = if title.is_some() { lines.collect::<Vec<_>>() } else { text.split(ENDS).collect() };
    let blocks = rest
        .into_iter()
        .map(|line| sanitize::tidy(vec![Span::plain(line)]))
        .filter(|spans| !spans.is_empty())
        .map(|spans| Block::Paragraph { spans })
        .collect();
    Ok(one(title, blocks, hint))
}

fn take_title(blocks: &mut Vec<Block>) -> Option<String> {
    let at = blocks.iter().take(3).position(|b| matches!(b, Block::Heading { .. }))?;
    Some(blocks.remove(at).plain_text().split_whitespace().collect::<Vec<_>>().join(" "))
}

fn one(title: Option<String>, body: Vec<Block>, hint: &Hint) -> Parsed {
    let (key, name, day) = named(hint);
    let words = body.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
    let notice = Notice {
        key,
        title: title.filter(|t| !t.is_empty()).unwrap_or(name),
        published: day,
        summary: cut(&words, SUMMARY),
        body,
        link: hint.base.as_ref().filter(|b| b.scheme() != "file").map(ToString::to_string),
        ..Notice::default()
    };
    Parsed { items: vec![notice], faults: Vec::new() }
}
