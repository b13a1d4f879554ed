//! `gongshi feeds guess`: proposes the file of a feed for an address or a file.

use super::parse;
use crate::{
    config::{Config, Feed, FeedFormat, PortalSelectors, time_zone},
    feeds::{self, Client, Guess, HarvestOutcome, Hint, ListGuess, Validators},
    text::printable,
    time::{Clock, SystemClock, WallTime},
};
use clap::{Args, Subcommand};
use std::io::Write;
use url::Url;

/// Rows a preview shows.
const PREVIEW_ROWS: usize = 10;
/// Articles that are read to try the selectors.
const TRIED_ARTICLES: u32 = 3;
/// Characters of a preview's cell.
const MAX_CELL_CHARS: usize = 40;

/// Arguments of `feeds`.
#[derive(Debug, Args)]
pub struct FeedsArgs {
    #[command(subcommand)]
    command: FeedsCommand,
}

#[derive(Debug, Subcommand)]
enum FeedsCommand {
    /// Propose the file of a feed: its format and, for a portal's list page, the selectors.
    Guess(GuessArgs),
}

/// Arguments of `feeds guess`.
#[derive(Debug, Args)]
pub struct GuessArgs {
    /// A list page's address, or a saved page.
    #[arg(value_name = "URL-OR-FILE")]
    source: String,
    /// The feed's name, that of its file in feeds/ [default: from the address].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Take the page's Nth list, where the first is not the one that is meant.
    #[arg(long, value_name = "N", default_value_t = 1)]
    list: usize,
}

/// Prints the file on standard output and the preview on standard error, so that the first can be redirected.
///
/// # Errors
/// One sentence: it cannot be read, or nothing in it can be a feed.
pub fn run(args: &FeedsArgs, out: &mut impl Write) -> Result<(), String> {
    let FeedsCommand::Guess(args) = &args.command;
    guess(args, out).map_err(|reason| format!("{}: {reason}", args.source))
}

fn guess(args: &GuessArgs, out: &mut impl Write) -> Result<(), String> {
    let name = args.name.clone().unwrap_or_else(|| name(&args.source));
    if std::path::Path::new(&args.source).is_dir() {
        let (format, what) = (
            "auto",
            "a folder: its documents (.docx .pdf .md .txt .html, feeds, alerts and tables) are a feed".to_owned(),
        );
        let guess = Guess { format, what, title: String::new(), lists: Vec::new() };
        eprintln!("{}: {}", args.source, guess.what);
        return out.write_all(file(&args.source, &name, &guess, None).as_bytes()).map_err(|e| e.to_string());
    }
    let now = SystemClock::default().wall();
    let mut hint = Hint { name: args.source.clone(), now: now.to_zoned(time_zone("")), ..Hint::default() };
    let bytes = parse::fetched(&args.source, &args.source, &mut hint)?;
    let guess = feeds::guess(&bytes, &hint).map_err(|e| e.to_string())?;
    let say = |line: &str| eprintln!("{}", printable(line));
    say(&format!("{}: {}", args.source, guess.what));
    if guess.lists.is_empty() {
        let text = file(&args.source, &name, &guess, None);
        return out.write_all(text.as_bytes()).map_err(|e| e.to_string());
    }
    for (n, list) in guess.lists.iter().enumerate() {
        let chosen = if n + 1 == args.list { '*' } else { ' ' };
        let first = list.rows.first().map_or("", |r| r.0.as_str());
        say(&format!("{chosen} list {}: `{}`: {}; its first is {}", n + 1, list.page.item, list.why, cut(first)));
    }
    let chosen = args.list.checked_sub(1).and_then(|n| guess.lists.get(n));
    let chosen = chosen.ok_or_else(|| format!("there are {} lists; name one of them by --list", guess.lists.len()))?;
    let mut page = chosen.page.clone();
    if let Some(problem) = article(&mut page, chosen, hint.base.as_ref(), &args.source) {
        say(&format!("its first article could not be read, so its selectors are left to the program: {problem}"));
    }
    preview(&args.source, &page)?;
    let text = file(&args.source, &name, &guess, Some(&page));
    say(&format!("save what follows as feeds/{name}.toml, and see by `gongshi parse {} --feed {name}`:", args.source));
    out.write_all(text.as_bytes()).map_err(|e| e.to_string())
}

/// Reads the first article of a list that is a page and takes its selectors; says what went wrong.
fn article(page: &mut PortalSelectors, list: &ListGuess, base: Option<&Url>, typed: &str) -> Option<String> {
    let is_local = base.is_none_or(|b| b.scheme() == "file");
    let mut problem = None;
    for (_, address) in list.rows.iter().take(TRIED_ARTICLES as usize) {
        let url = Url::parse(address).ok()?;
        let is_file = url.scheme() == "file";
        if is_file && !is_local {
            continue;
        }
        let source = match url.to_file_path() {
            Ok(path) => path.display().to_string(),
            Err(()) => address.clone(),
        };
        let mut hint = Hint { name: source.clone(), ..Hint::default() };
        match parse::fetched(&source, typed, &mut hint) {
            Ok(bytes) if feeds::is_packed(&bytes) => {}
            Ok(bytes) => {
                let place = hint.base.clone().unwrap_or(url);
                feeds::guess_article(page, &bytes, hint.content_type.as_deref(), &place);
                return None;
            }
            Err(reason) => problem = problem.or(Some(format!("{address}: {reason}"))),
        }
    }
    problem
}

/// Shows what a look at the feed would yield, by the same code.
fn preview(source: &str, page: &PortalSelectors) -> Result<(), String> {
    let page = PortalSelectors { max_pages: page.max_pages.min(2), max_articles: TRIED_ARTICLES, ..page.clone() };
    let feed = Feed { source: source.into(), format: FeedFormat::Page, page: Some(page), ..Feed::default() };
    let here = std::env::current_dir().map_err(|e| format!("this folder cannot be read ({e})"))?;
    let client = Url::parse(source).map_or_else(|_| Client::new(), |url| Client::for_typed(&url));
    let now = SystemClock::default().wall();
    let none = Validators::default();
    let config = Config { dir: here, ..Config::default() };
    let look = feeds::harvest(&client, "guess", &feed, &config, &none, now);
    let HarvestOutcome::Notices { items, faults, .. } = feeds::wait(look).map_err(|e| e.reason)?.outcome else {
        return Err("the server sends nothing".into());
    };
    eprintln!("{:10}  {:12}  {:>5}  {:>5}  title", "date", "number", "text", "files");
    for notice in items.iter().take(PREVIEW_ROWS).map(|h| &h.notice) {
        let date = notice.published.map(|t| WallTime::at(t, &config.site.zone()).day().to_string()).unwrap_or_default();
        let number = notice.number.as_deref().map(cut).unwrap_or_default();
        let text: usize = notice.body.iter().map(|b| b.plain_text().chars().count()).sum();
        eprintln!("{date:10}  {number:12}  {text:>5}  {:>5}  {}", notice.attachments.len(), cut(&notice.title));
    }
    if items.len() > PREVIEW_ROWS {
        eprintln!("… {} in all on the pages looked at; the text of {TRIED_ARTICLES} was read", items.len());
    }
    for fault in faults {
        eprintln!("{}", printable(&format!("{}: {}", fault.item, fault.reason)));
    }
    Ok(())
}

fn cut(text: &str) -> String {
    match text.chars().count() > MAX_CELL_CHARS {
        true => text.chars().take(MAX_CELL_CHARS).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// A feed's name from its address: `www.portal.example/gk/tz/` is `portal-gk-tz`.
fn name(source: &str) -> String {
    let url = Url::parse(source).ok().filter(|u| u.has_host());
    let words = match &url {
        Some(url) => {
            let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
            format!("{}/{}", host.split('.').next().unwrap_or_default(), url.path())
        }
        None => source.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
    };
    let stem = words.rsplit_once('.').map_or(words.as_str(), |(stem, end)| if end.len() < 6 { stem } else { &words });
    let parts: Vec<String> = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty() && *part != "index")
        .map(str::to_ascii_lowercase)
        .collect();
    if parts.is_empty() { "feed".into() } else { parts.join("-") }
}

/// The TOML of a feed that reads what was guessed.
fn file(source: &str, name: &str, guess: &Guess, page: Option<&PortalSelectors>) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let is_web = source.starts_with("http://") || source.starts_with("https://");
    let place = if is_web { source.to_owned() } else { absolute(source) };
    let title = if guess.title.is_empty() { name } else { &guess.title };
    let mut lines = vec![
        "#:schema ../schema/feed.json".to_owned(),
        format!("title = {}   # 公众看到的来源名称 / the source's name as the public sees it", quoted(title)),
        format!("source = {}", quoted(&place)),
        format!("format = {}", quoted(guess.format)),
        "catalogue = \"\"   # 归入哪个栏目，见 catalogue.toml / the heading it belongs to".to_owned(),
        "kind = \"\"   # 条目前的标签 / the badge".to_owned(),
        "every_minutes = 30   # 几分钟看一次有没有更新 / minutes between two looks".to_owned(),
    ];
    if Url::parse(source).is_ok_and(|url| is_web && Client::is_private(&url)) {
        lines.push("private_network = true   # 来源在内网 / it is on the own network".to_owned());
    }
    let Some(page) = page else { return lines.join("\n") + "\n" };
    lines.extend([String::new(), "[page]".to_owned()]);
    let note = |key: &str| match key {
        "item" => "列表的每一行 / the rows of the list",
        "title" => "行里的标题 / in a row: the title",
        "link" => "行里的链接 / in a row: the link",
        "date" => "行里的日期 / in a row: the date",
        "issuer" => "正文页的发布单位 / in the article: who issued it",
        "number" => "正文页的文号 / in the article: its number",
        "body" => "正文页的正文 / in the article: its text",
        "attachments" => "正文页的附件 / in the article: its files",
        "next_text" => "下一页的文字 / the words of the link to the next page",
        _ => "第二页的地址 / the address of the second page, its number in braces",
    };
    let others = [("next_text", page.next_text.as_str()), ("next_address", page.next_address.as_str())];
    for (key, value) in page.selectors().into_iter().chain(others).filter(|(_, value)| !value.is_empty()) {
        lines.push(format!("{key} = {}   # {}", quoted(value), note(key)));
    }
    lines.join("\n") + "\n"
}

fn absolute(source: &str) -> String {
    std::path::absolute(source).map_or_else(|_| source.to_owned(), |path| path.display().to_string())
}
