//! `gongshi check`: every fault of the config folder, with its place and its mend.

use crate::config::{self, Config, Fault, Severity};
use crate::schedule::snap_speed;
use crate::text::printable;
use serde_json::json;
use std::{io::Write, path::PathBuf};

/// Arguments of `gongshi check`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CheckArgs {
    /// The config folder; without it `./kiosk-config`, then the installed one.
    #[arg(long, value_name = "DIR")]
    pub config: Option<PathBuf>,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
}

/// Checks the folder and prints what was found. `true` where the config can be used.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<bool, String> {
    let dir = config::find_dir(args.config.clone());
    let mut loaded = crate::check::load(&dir);
    if let Some(config) = &loaded.config {
        loaded.faults.extend(snapped(config));
    }
    let ok = !loaded.failed();
    let printed = match args.json {
        true => print_json(out, &dir, ok, &loaded.faults),
        false => print_lines(out, &dir, loaded.config.as_ref(), &loaded.faults),
    };
    printed.map_err(|e| format!("the result could not be printed ({e})"))?;
    Ok(ok)
}

/// A note for each ticker whose speed is not on the ladder.
fn snapped(config: &Config) -> Vec<Fault> {
    let mut notes = Vec::new();
    for (name, screen) in &config.screens {
        for (i, zone) in screen.zone.iter().enumerate() {
            let Some(asked) = zone.content.settings().speed() else { continue };
            let plays = snap_speed(screen.refresh, asked).speed(screen.refresh);
            if (plays - asked).abs() > 0.05 {
                let file = config.dir.join("screens").join(format!("{name}.toml"));
                let (line, column) = place_of_speed(&file, i);
                let message = format!("speed {asked} px/s plays as {plays} px/s at {} Hz", screen.refresh);
                let mend = format!("write speed = {plays} to say what is shown");
                notes.push(Fault { file, line, column, severity: Severity::Note, message, mend });
            }
        }
    }
    notes
}

/// Where a zone's speed stands in its file; the file's start where it is left at its default.
fn place_of_speed(file: &std::path::Path, zone: usize) -> (usize, usize) {
    let span = || {
        let text = std::fs::read_to_string(file).ok()?;
        let document = toml_edit::Document::parse(text.as_str()).ok()?;
        let span = document.get("zone")?.as_array_of_tables()?.get(zone)?.get("speed")?.span()?;
        let before = text.get(..span.start)?;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((before.matches('\n').count() + 1, column))
    };
    span().unwrap_or((1, 1))
}

fn print_lines(
    out: &mut dyn Write,
    dir: &std::path::Path,
    config: Option<&Config>,
    faults: &[Fault],
) -> std::io::Result<()> {
    for fault in faults {
        let (file, line, column) = (fault.file.display().to_string(), fault.line, fault.column);
        let file = printable(&file);
        writeln!(out, "{file}:{line}:{column}: {}: {}", fault.severity.word(), printable(&fault.message))?;
        writeln!(out, "    {}", printable(&fault.mend))?;
    }
    let count = |s: Severity| faults.iter().filter(|f| f.severity == s).count();
    let said = format!("{}, {}", many(count(Severity::Error), "error"), many(count(Severity::Warning), "warning"));
    match config {
        Some(c) => {
            let (feeds, screens) = (many(c.feeds.len(), "feed"), many(c.screens.len(), "screen"));
            let headings = many(c.catalogue.heading.len(), "heading");
            let regions = many(c.regions.len(), "region");
            writeln!(out, "{}: {said}. {screens}, {feeds}, {headings}, {regions}.", dir.display())
        }
        None => writeln!(out, "{}: {said}. This config cannot be used; mend the errors above.", dir.display()),
    }
}

fn many(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn print_json(out: &mut dyn Write, dir: &std::path::Path, ok: bool, faults: &[Fault]) -> std::io::Result<()> {
    let faults: Vec<_> = faults
        .iter()
        .map(|f| {
            json!({
                "file": f.file.display().to_string(), "line": f.line, "column": f.column,
                "severity": f.severity.word(), "message": printable(&f.message), "mend": printable(&f.mend),
            })
        })
        .collect();
    writeln!(out, "{}", json!({ "config": dir.display().to_string(), "ok": ok, "faults": faults }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: bool, screen: &str) -> (bool, String) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("screens")).unwrap();
        std::fs::write(dir.path().join("screens/wall.toml"), screen).unwrap();
        let mut out = Vec::new();
        let ok = run(&CheckArgs { config: Some(dir.path().into()), json }, &mut out).unwrap();
        (ok, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_snapped_speed_is_noted_at_its_place() {
        let (ok, text) = check(false, "[[zone]]\nkind = \"ticker\"\nwidth = 1920\nheight = 100\nspeed = 100\n");
        assert!(ok);
        assert!(text.contains("wall.toml:5:9: note: speed 100 px/s plays as 120 px/s at 60 Hz"), "{text}");
        assert!(text.contains("0 errors, 0 warnings. 1 screen, "), "{text}");
    }

    #[test]
    fn errors_fail_and_come_as_json() {
        let (ok, text) = check(true, "widht = 3\n");
        assert!(!ok);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value.pointer("/faults/0/mend").and_then(|v| v.as_str()), Some("did you mean `width`?"));
        assert_eq!(value.pointer("/ok"), Some(&json!(false)));
    }
}
