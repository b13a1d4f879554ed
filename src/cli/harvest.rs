//! `gongshi harvest`: one look at every feed and its pictures, and a table of what came.

use super::folders::FolderArgs;
use crate::{
    config::Feed,
    feeds::{self, Client, PictureGate},
    player::{FetchAttempt, Fetcher, ImageFetcher},
    store::StoreHandle,
    text::printable,
    time::{SystemClock, Timestamp},
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{io::Write, sync::Arc};

/// Arguments of `harvest`.
#[derive(Debug, Args)]
pub struct HarvestArgs {
    #[command(flatten)]
    pub(super) places: FolderArgs,
    /// A feed to look at; may be given several times [default: all that are enabled].
    #[arg(long = "feed", value_name = "NAME")]
    pub(super) feeds: Vec<String>,
    /// Let through what a feed's source says, even if most of what it held is gone; may be given several times.
    #[arg(long, value_name = "FEED")]
    pub(super) accept: Vec<String>,
}

struct Row {
    feed: String,
    cells: [String; 6],
    remarks: Vec<String>,
}

/// Looks once at every feed and fetches the pictures its notices name. A feed that fails keeps its last good notices
/// and is named; a picture that fails is a remark.
///
/// # Errors
/// Where nothing could be looked at; a failing feed is a row of the table, and the exit status is 0.
pub fn run(args: &HarvestArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    if let Some(name) = args.feeds.iter().chain(&args.accept).find(|n| !config.feeds.contains_key(*n)) {
        return Err(format!(
            "no feed is called {name}; there are {}",
            config.feeds.keys().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    let store = StoreHandle::open(&args.places.data()).map_err(|e| e.to_string())?;
    let client = Client::new();
    let clock = Arc::new(SystemClock::default());
    let images = ImageFetcher { client, store, config, clock, gate: PictureGate::default() };
    let rows = feeds::wait(async {
        let rows = look(args, &images).await;
        images.store.shutdown().await;
        Ok(rows)
    });
    let rows = rows.map_err(|e| e.to_string())??;
    table(&rows, out).map_err(|e| e.to_string())
}

async fn look(args: &HarvestArgs, images: &ImageFetcher) -> Result<Vec<Row>, String> {
    let ImageFetcher { client, store, config, clock, .. } = images;
    let fetcher =
        Fetcher { client: client.clone(), store: store.clone(), config: Arc::clone(config), clock: Arc::clone(clock) };
    let named: Vec<&String> = args.feeds.iter().chain(&args.accept).collect();
    let chosen: Vec<_> = config
        .feeds
        .iter()
        .filter(|(name, feed)| if named.is_empty() { feed.enabled } else { named.contains(name) })
        .collect();
    let bar = ProgressBar::new(chosen.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    // Whoever names a feed wants it read whole.
    let anew = !named.is_empty();
    let fetch = async |name: &str, feed: &Feed| fetcher.fetch(name, feed, anew).await.map_err(|e| e.to_string());
    let (mut rows, mut chosen) = (Vec::new(), chosen.into_iter());
    let mut turn = match chosen.next() {
        Some((name, feed)) => Some((name, fetch(name, feed).await?)),
        None => None,
    };
    // The next feed is read while one is stored.
    while let Some((name, attempt)) = turn {
        bar.set_message(name.clone());
        let ahead = async {
            let Some((name, feed)) = chosen.next() else { return Ok(None) };
            fetch(name, feed).await.map(|attempt| Some((name, attempt)))
        };
        let (row, next) = feeds::both(keep(images, &fetcher, (name, args.accept.contains(name)), attempt), ahead).await;
        rows.push(row?);
        turn = next?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

/// Keeps what a feed brought and fetches its pictures; its row of the table.
async fn keep(
    images: &ImageFetcher,
    fetcher: &Fetcher,
    (name, is_accepted): (&str, bool),
    attempt: FetchAttempt,
) -> Result<Row, String> {
    let outcome = fetcher.keep(attempt, is_accepted).await.map_err(|e| e.to_string())?;
    let took = match outcome.done {
        Ok(took) => took,
        Err(failure) => {
            let mut cells = <[String; 6]>::default();
            cells[0] = if failure.is_held { "HELD" } else { "FAILED" }.into();
            let remarks = vec![failure.reason, "its last good notices stay".into()];
            return Ok(Row { feed: name.into(), cells, remarks });
        }
    };
    let mut remarks: Vec<String> = outcome.is_unchanged.then(|| "unchanged".to_owned()).into_iter().collect();
    remarks.extend(outcome.faults.iter().map(|f| format!("{}: {}", f.item, f.reason)));
    // Whoever asks by hand wants those tried again that failed before.
    let round = images.fetch_pass(name, Timestamp::MAX).await;
    remarks.extend(round.faults.iter().map(|fault| fault.error.to_string()));
    if took.elsewhere > 0 {
        remarks.push(format!("{} rows are passed over: another feed of the register brings them", took.elsewhere));
    }
    let counts = [took.new, took.changed, took.same, took.withdrawn, round.kept].map(|n| n.to_string());
    let [new, changed, same, withdrawn, kept] = counts;
    Ok(Row { feed: name.into(), cells: ["ok".into(), new, changed, same, withdrawn, kept], remarks })
}

fn table(rows: &[Row], out: &mut impl Write) -> std::io::Result<()> {
    let width = rows.iter().map(|r| r.feed.chars().count()).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{:width$}  {:6}  {:>6}  {:>7}  {:>6}  {:>9}  {:>8}",
        "feed", "result", "new", "changed", "same", "withdrawn", "pictures"
    )?;
    for Row { feed, cells: [result, new, changed, same, withdrawn, pictures], remarks } in rows {
        writeln!(out, "{feed:width$}  {result:6}  {new:>6}  {changed:>7}  {same:>6}  {withdrawn:>9}  {pictures:>8}")?;
        for remark in remarks {
            writeln!(out, "{:width$}    {}", "", printable(remark))?;
        }
    }
    Ok(())
}
