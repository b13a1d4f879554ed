//! `gongshi harvest`: one look at every feed and its pictures, and a table of what came.

use super::places::Places;
use crate::{
    config::{Config, Feed},
    feeds::{self, Catch, Client, Harvest, Known},
    player::Keeper,
    store::{StoreError, StoreHandle},
    text::printable,
    time::{SystemClock, Timestamp},
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{collections::HashMap, io::Write, sync::Arc};

/// Arguments of `harvest`.
#[derive(Debug, Args)]
pub struct HarvestArgs {
    #[command(flatten)]
    pub(super) places: Places,
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
    let keeper = Keeper { client, store, config, clock };
    let rows = feeds::wait(async {
        let rows = look(args, &keeper).await;
        keeper.store.shutdown().await;
        Ok(rows)
    });
    let rows = rows.map_err(|e| e.to_string())??;
    table(&rows, out).map_err(|e| e.to_string())
}

async fn look(args: &HarvestArgs, keeper: &Keeper) -> Result<Vec<Row>, String> {
    let config: &Config = &keeper.config;
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
    let anew = !named.is_empty();
    let (mut rows, mut chosen) = (Vec::new(), chosen.into_iter());
    let mut turn = match chosen.next() {
        Some((name, feed)) => Some((name, feed, catch(keeper, name, feed, anew).await?)),
        None => None,
    };
    // The next feed is read while one is stored.
    while let Some((name, feed, caught)) = turn {
        bar.set_message(name.clone());
        let ahead = async {
            let Some((name, feed)) = chosen.next() else { return Ok(None) };
            catch(keeper, name, feed, anew).await.map(|caught| Some((name, feed, caught)))
        };
        let is_accepted = args.accept.contains(name);
        let (row, next) = feeds::both(keep(keeper, (name, feed), caught, is_accepted), ahead).await;
        rows.push(row?);
        turn = next?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

/// What a feed brought, or why it failed.
struct Caught {
    harvest: Result<Harvest, String>,
    at: Timestamp,
}

/// Looks at a feed; `anew` reads it whole.
async fn catch(keeper: &Keeper, name: &str, feed: &Feed, anew: bool) -> Result<Caught, String> {
    let Keeper { client, store, config, clock } = keeper;
    let (feed_name, has_page) = (name.to_owned(), feed.page.is_some());
    let held = store.read(move |store| {
        let notices = if has_page { store.known(&feed_name)? } else { HashMap::new() };
        Ok((store.validators(&feed_name)?, store.raw_held(&feed_name)?, notices))
    });
    let (previous, raw, notices) = held.await.map_err(|e| e.to_string())?;
    let at = clock.wall();
    // Whoever names a feed wants it read whole.
    let known = Known { notices, raw: Arc::new(raw), anew };
    let harvest = feeds::harvest_knowing(client, name, feed, config, &previous, &known, at).await;
    Ok(Caught { harvest: harvest.map_err(|e| e.to_string()), at })
}

/// The row of a feed from which nothing was taken.
fn left(name: &str, result: &str, reason: String) -> Row {
    let mut cells = <[String; 6]>::default();
    cells[0] = result.into();
    Row { feed: name.into(), cells, remarks: vec![reason, "its last good notices stay".into()] }
}

async fn keep(keeper: &Keeper, (name, feed): (&str, &Feed), caught: Caught, is_accepted: bool) -> Result<Row, String> {
    let Keeper { store, config, .. } = keeper;
    let mut harvest = match caught.harvest {
        Ok(harvest) => harvest,
        Err(reason) => {
            let (name_too, title, said) = (name.to_owned(), feed.title.clone(), reason.clone());
            let noted = store.write(move |store| store.record_fault(&name_too, &title, caught.at, &said));
            noted.await.map_err(|e| e.to_string())?;
            return Ok(left(name, "FAILED", reason));
        }
    };
    let mut remarks = match &harvest.catch {
        Catch::Unchanged => vec!["unchanged".to_owned()],
        Catch::Notices { faults, .. } | Catch::Rows { faults, .. } => {
            faults.iter().map(|f| format!("{}: {}", f.item, f.reason)).collect()
        }
    };
    harvest.set_periods(config);
    let (config_too, room) = (Arc::clone(config), u64::from(config.site.raw_space) << 20);
    let kept = store.write(move |store| {
        let took = match is_accepted {
            true => store.ingest_accepted(&harvest, &config_too)?,
            false => store.ingest_with(&harvest, &config_too)?,
        };
        store.bound_raw(room)?;
        Ok(took)
    });
    let took = match kept.await {
        Ok(took) => took,
        Err(held @ StoreError::Held { .. }) => return Ok(left(name, "HELD", held.to_string())),
        Err(error) => return Err(error.to_string()),
    };
    // Whoever asks by hand wants those tried again that failed before.
    let round = keeper.round(name, Timestamp::MAX).await;
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
