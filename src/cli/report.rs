//! `gongshi report`: what the journal and the archive can prove.

use super::{folders::FolderArgs, report_shown::ShownReport};
use crate::{
    model::NoticeId,
    store::{SourceInfo, Store},
    text::printable,
};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde_json::json;
use std::{io::Write, path::PathBuf};

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Where a notice was shown, how often and how long.
    Shown(ShownArgs),
    /// What a notice was read from: address, time, digest, and the bytes themselves.
    Source(SourceArgs),
}

/// Arguments of `report shown`.
#[derive(Debug, Args)]
struct ShownArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The notice: its document number, its title or a part of it, or the store's number.
    #[arg(value_name = "NOTICE")]
    notice: String,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Arguments of `report source`.
#[derive(Debug, Args)]
struct SourceArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The notice: its document number, its title or a part of it, or the store's number.
    #[arg(value_name = "NOTICE")]
    notice: String,
    /// What an earlier version of it was read from [default: the present one].
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// Write the document to a file, as it was sent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Which of several documents to write, counted from 1.
    #[arg(long, value_name = "N", default_value_t = 1)]
    which: usize,
    /// One JSON object a document instead of a table.
    #[arg(long)]
    json: bool,
}

/// Prints the report.
///
/// # Errors
/// One sentence, where the store cannot be read or the words name no notice, or several.
pub fn run(args: &ReportArgs, out: &mut impl Write) -> Result<(), String> {
    match &args.what {
        What::Shown(args) => shown(args, out),
        What::Source(args) => source(args, out),
    }
}

fn source(args: &SourceArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    let store = Store::open(&args.places.data()).map_err(|e| e.to_string())?;
    let (id, title) = one(&store, &args.notice)?;
    let sources = store.sources(id, args.version).map_err(|e| e.to_string())?;
    let printed =
        if args.json { sources_json(&sources, out) } else { sources_table(&sources, &title, &config.site.zone(), out) };
    printed.map_err(|e| e.to_string())?;
    let Some(file) = &args.out else { return Ok(()) };
    let chosen = args.which.checked_sub(1).and_then(|n| sources.get(n));
    let chosen = chosen.ok_or_else(|| format!("there is no document {}; {} are noted", args.which, sources.len()))?;
    let bytes = store.raw(chosen.id).map_err(|e| e.to_string())?;
    let bytes = bytes.ok_or("its bytes had to make room; raise raw_space in site.toml to keep more of them")?;
    std::fs::write(file, bytes).map_err(|e| format!("{} cannot be written ({e})", file.display()))
}

fn sources_json(sources: &[SourceInfo], out: &mut impl Write) -> std::io::Result<()> {
    for s in sources {
        let line = json!({
            "address": s.address, "fetched_at": s.fetched_at, "type": s.media_type, "sha256": s.digest,
            "bytes": s.size, "kept": s.is_kept,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn sources_table(sources: &[SourceInfo], title: &str, zone: &TimeZone, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{title}")?;
    if sources.is_empty() {
        return writeln!(out, "it was harvested before sources were noted");
    }
    for (number, s) in sources.iter().enumerate() {
        let at = s.fetched_at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
        let kept = if s.is_kept { "kept" } else { "no longer kept" };
        writeln!(out, "{}  {}", number + 1, printable(&s.address))?;
        writeln!(
            out,
            "   fetched {at}, {} bytes, {kept}, {}",
            s.size,
            s.media_type.as_deref().unwrap_or("type unknown")
        )?;
        writeln!(out, "   sha256  {}", s.digest)?;
    }
    Ok(())
}

fn shown(args: &ShownArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    let store = Store::open(&args.places.data()).map_err(|e| e.to_string())?;
    let (id, title) = one(&store, &args.notice)?;
    let intervals = store.displays(id).map_err(|e| e.to_string())?;
    let period = store.period(id).map_err(|e| e.to_string())?.unwrap_or_default();
    let report = ShownReport { id, title, period, intervals, zone: config.site.zone() };
    let done = if args.json { report.json(out) } else { report.table(out) };
    done.map_err(|e| e.to_string())
}

fn one(store: &Store, words: &str) -> Result<(NoticeId, String), String> {
    let found = store.named(words).map_err(|e| e.to_string())?;
    match <[_; 1]>::try_from(found) {
        Ok([one]) => Ok(one),
        Err(none) if none.is_empty() => {
            Err(format!("no notice is called {words}; name its document number, its title or a part of it"))
        }
        Err(several) => {
            let list: Vec<String> = several.iter().map(|(id, title)| format!("\n  {}  {title}", id.0)).collect();
            Err(format!("{words} names several notices; give the number of one:{}", list.concat()))
        }
    }
}
