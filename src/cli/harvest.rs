//! `gongshi harvest`: one look at every feed, and a table of what came.

use super::places::Places;
use crate::{
    feeds::{self, Catch, Client},
    store::Store,
    time::{Clock, SystemClock},
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;

/// Arguments of `harvest`.
#[derive(Debug, Args)]
pub struct HarvestArgs {
    #[command(flatten)]
    pub(super) places: Places,
    /// A feed to look at; may be given several times [default: all that are enabled].
    #[arg(long = "feed", value_name = "NAME")]
    pub(super) feeds: Vec<String>,
}

struct Row {
    feed: String,
    cells: [String; 5],
    remarks: Vec<String>,
}

/// Looks once at every feed. A feed that fails keeps its last good notices and is named.
///
/// # Errors
/// Where nothing could be looked at; a failing feed is a row of the table, and the exit status is 0.
pub fn run(args: &HarvestArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    let store = Store::open(&args.places.data()).map_err(|e| e.to_string())?;
    if let Some(name) = args.feeds.iter().find(|n| !config.feeds.contains_key(*n)) {
        return Err(format!(
            "no feed is called {name}; there are {}",
            config.feeds.keys().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    let rows = look(args, &config, store)?;
    table(&rows, out).map_err(|e| e.to_string())
}

fn look(args: &HarvestArgs, config: &crate::config::Config, mut store: Store) -> Result<Vec<Row>, String> {
    let client = Client::new().map_err(|e| e.to_string())?;
    let clock = SystemClock::default();
    let chosen: Vec<_> = config
        .feeds
        .iter()
        .filter(|(name, feed)| if args.feeds.is_empty() { feed.enabled } else { args.feeds.contains(name) })
        .collect();
    let bar = ProgressBar::new(chosen.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    let mut rows = Vec::new();
    for (name, feed) in chosen {
        bar.set_message(name.clone());
        let previous = store.validators(name).map_err(|e| e.to_string())?;
        let now = clock.wall();
        let row = match feeds::wait(feeds::harvest(&client, name, feed, &config.dir, &previous, now)) {
            Ok(harvest) => {
                let remarks = match &harvest.catch {
                    Catch::Unchanged => vec!["unchanged".to_owned()],
                    Catch::Notices { faults, .. } => {
                        faults.iter().map(|f| format!("{}: {}", f.item, f.reason)).collect()
                    }
                };
                let took = store.ingest(&harvest).map_err(|e| e.to_string())?;
                let counts = [took.new, took.changed, took.same, took.withdrawn].map(|n| n.to_string());
                let [new, changed, same, withdrawn] = counts;
                Row { feed: name.clone(), cells: ["ok".into(), new, changed, same, withdrawn], remarks }
            }
            Err(error) => {
                let reason = error.to_string();
                store.record_fault(name, &feed.title, now, &reason).map_err(|e| e.to_string())?;
                let cells = ["FAILED".to_owned(), String::new(), String::new(), String::new(), String::new()];
                Row { feed: name.clone(), cells, remarks: vec![reason, "its last good notices stay".into()] }
            }
        };
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

fn table(rows: &[Row], out: &mut impl Write) -> std::io::Result<()> {
    let width = rows.iter().map(|r| r.feed.chars().count()).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{:width$}  {:6}  {:>6}  {:>7}  {:>6}  {:>9}",
        "feed", "result", "new", "changed", "same", "withdrawn"
    )?;
    for Row { feed, cells: [result, new, changed, same, withdrawn], remarks } in rows {
        writeln!(out, "{feed:width$}  {result:6}  {new:>6}  {changed:>7}  {same:>6}  {withdrawn:>9}")?;
        for remark in remarks {
            writeln!(out, "{:width$}    {remark}", "")?;
        }
    }
    Ok(())
}
