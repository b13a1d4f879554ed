//! `gongshi fonts`: what the fonts cover of GB 18030-2022, and of what the store holds.

use super::folders::{FolderArgs, shaper};
use crate::{
    store::Store,
    text::{Level, Shaper},
};
use clap::Args;
use serde::Serialize;
use std::{collections::BTreeMap, io::Write, path::PathBuf};

/// Arguments of `fonts`.
#[derive(Debug, Args)]
pub struct FontsArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Coverage of a set of characters.
#[derive(Debug, Serialize)]
struct Coverage {
    name: String,
    characters: usize,
    covered: usize,
    /// Characters each file draws.
    files: BTreeMap<PathBuf, usize>,
    /// The first characters nothing draws.
    missing: Vec<char>,
}

/// Missing characters named at most.
const MAX_NAMED: usize = 24;

/// Prints the coverage.
///
/// # Errors
/// Where the fonts or the store cannot be read.
pub fn run(args: &FontsArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    let mut shaper = shaper(&config)?;
    let mut rows = Vec::new();
    let mut below: Vec<char> = Vec::new();
    for (level, name) in
        Level::ALL.into_iter().zip(["GB 18030-2022 level 1", "GB 18030-2022 level 2", "GB 18030-2022 level 3"])
    {
        below.extend(level.added());
        rows.push(coverage(name, &below, &mut shaper));
    }
    let data = args.places.data();
    if data.is_dir() {
        let store = Store::open(&data).map_err(|e| e.to_string())?;
        let held = store.characters().map_err(|e| e.to_string())?;
        let drawn: Vec<char> = held.into_keys().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        rows.push(coverage("the store", &drawn, &mut shaper));
    }
    if args.json {
        let text = serde_json::to_string(&rows).map_err(|e| e.to_string())?;
        return writeln!(out, "{text}").map_err(|e| e.to_string());
    }
    rows.iter().try_for_each(|row| print(row, out)).map_err(|e| e.to_string())
}

fn coverage(name: &str, characters: &[char], shaper: &mut Shaper) -> Coverage {
    let mut found = Coverage {
        name: name.to_owned(),
        characters: characters.len(),
        covered: 0,
        files: BTreeMap::new(),
        missing: Vec::new(),
    };
    for &c in characters {
        if let Some(file) = shaper.file_for(c) {
            found.covered += 1;
            *found.files.entry(file).or_default() += 1;
        } else if found.missing.len() < MAX_NAMED {
            found.missing.push(c);
        }
    }
    found
}

fn print(row: &Coverage, out: &mut impl Write) -> std::io::Result<()> {
    let share = if row.characters == 0 { 100.0 } else { row.covered as f64 * 100.0 / row.characters as f64 };
    // Rounded down, so that 100.00 % means all.
    let share = (share * 100.0).floor() / 100.0;
    writeln!(out, "{:22} {:>7} of {:>7}  {share:6.2} %", row.name, row.covered, row.characters)?;
    for (file, count) in &row.files {
        writeln!(out, "    {count:>7} by {}", file.display())?;
    }
    if !row.missing.is_empty() {
        let missing = row.characters - row.covered;
        let named: Vec<String> = row.missing.iter().map(|c| format!("{c} U+{:04X}", u32::from(*c))).collect();
        writeln!(out, "    {missing:>7} missing: {}", named.join(", "))?;
        writeln!(
            out,
            "            mend: install fonts-hanazono, or name a font that has them in site.toml, fallback_fonts"
        )?;
    }
    Ok(())
}
