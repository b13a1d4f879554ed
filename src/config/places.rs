//! One TOML file read: its value, and where in the file each of its keys stands.

use super::fault::{Fault, Severity};
use super::files::FolderView;
use super::lines::Lines;
use super::seen::{self, Visible};
use super::shape;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};
use toml::{Spanned, de::DeTable, de::DeValue};

/// A section of the config with the places of its keys.
#[derive(Debug, Default)]
pub struct Section<T> {
    /// What was read.
    pub value: T,
    /// The file, as named to people.
    pub file: PathBuf,
    /// Line and column of each value by dotted path, such as `zone.3.colour`.
    pub places: HashMap<String, (usize, usize)>,
}

impl<T> Section<T> {
    /// A fault at the value of a dotted path, or at its nearest parent that the file spells out.
    pub fn fault(&self, severity: Severity, path: &str, message: impl Into<String>, mend: impl Into<String>) -> Fault {
        let mut at = path;
        let (line, column) = loop {
            if let Some(place) = self.places.get(at) {
                break *place;
            }
            match at.rsplit_once('.') {
                Some((parent, _)) => at = parent,
                None => break (1, 1),
            }
        };
        Fault { file: self.file.clone(), line, column, severity, message: message.into(), mend: mend.into() }
    }
}

/// Reads a TOML file against its schema. Every misspelt key and wrong value is reported; `None` where any is an error.
pub(super) fn read<T: DeserializeOwned>(
    folder: &FolderView<'_>,
    file: &Path,
    schema: &Value,
    faults: &mut Vec<Fault>,
) -> Option<Section<T>> {
    match folder.read_text(file) {
        Ok(text) => parse(file, &text, folder.visible, schema, faults),
        Err(why) => {
            faults.push(Fault::of_file(file, Severity::Error, why.to_string(), why.mend()));
            None
        }
    }
}

/// As [`read`], from text at hand.
fn parse<T: DeserializeOwned>(
    file: &Path,
    text: &str,
    visible: Visible,
    schema: &Value,
    faults: &mut Vec<Fault>,
) -> Option<Section<T>> {
    let lines = Lines::new(text);
    let fault_at = |span, message: String, mend: String| {
        let (line, column) = lines.position(&span);
        Fault { file: file.to_owned(), line, column, severity: Severity::Error, message, mend }
    };
    let (mut table, errors) = DeTable::parse_recoverable(text);
    let mut found: Vec<Fault> = errors
        .iter()
        .map(|e| {
            let message = e.message().trim().replace('\n', ", ");
            let mut fault = fault_at(e.span().unwrap_or(0..0), message, String::new());
            fault.mend = syntax_mend(lines.line(fault.line), &fault.message);
            fault
        })
        .collect();
    // One slip on a line often makes the parser complain several times.
    found.dedup_by_key(|f| f.line);
    let mut idle = HashSet::new();
    if found.is_empty() {
        shape::check(&table, schema, &mut |span, severity, message, mend| {
            if severity < Severity::Error {
                idle.insert(span.start);
            }
            found.push(Fault { severity, ..fault_at(span, message, mend) });
        });
        seen::clean(table.get_mut(), visible, &mut |span, message, mend| found.push(fault_at(span, message, mend)));
    }
    if found.iter().all(|fault| fault.severity < Severity::Error) {
        let mut places = HashMap::new();
        collect(table.get_ref(), "", &lines, &mut places);
        if !idle.is_empty() {
            shape::without(table.get_mut(), &idle);
        }
        match T::deserialize(toml::de::Deserializer::from(table)) {
            Ok(value) => {
                found.sort_by_key(|f| (f.line, f.column));
                faults.append(&mut found);
                return Some(Section { value, file: file.to_owned(), places });
            }
            Err(e) => {
                let message = e.message().trim().replace('\n', ", ");
                found.push(fault_at(e.span().unwrap_or(0..0), message, "write the value the schema describes".into()));
            }
        }
    }
    found.sort_by_key(|f| (f.line, f.column));
    faults.append(&mut found);
    None
}

/// The mend for a line that is not TOML.
fn syntax_mend(line: &str, message: &str) -> String {
    const FULL_WIDTH: [char; 9] = ['“', '”', '‘', '’', '＝', '，', '［', '］', '＃'];
    let outside = line.split('"').step_by(2).collect::<String>();
    if let Some(mark) = outside.chars().find(|c| FULL_WIDTH.contains(c)) {
        return format!("the line has the full-width mark {mark}: type it in half width");
    }
    let hint = if message.contains("duplicate key") {
        "keep one of the two"
    } else if message.contains("unclosed array") {
        "close the square brackets with ]"
    } else if message.contains("string") {
        "put text in double quotes and close them on the same line"
    } else if line.trim_start().starts_with('[') {
        "close the square brackets, and leave nothing else on the line"
    } else {
        "write the line as key = value, text in double quotes"
    };
    hint.into()
}

fn collect(table: &DeTable<'_>, prefix: &str, lines: &Lines<'_>, places: &mut HashMap<String, (usize, usize)>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        collect_value(value, path, lines, places);
    }
}

fn collect_value(
    value: &Spanned<DeValue<'_>>,
    path: String,
    lines: &Lines<'_>,
    places: &mut HashMap<String, (usize, usize)>,
) {
    match value.get_ref() {
        DeValue::Table(t) => collect(t, &path, lines, places),
        DeValue::Array(a) => {
            for (i, v) in a.iter().enumerate() {
                collect_value(v, format!("{path}.{i}"), lines, places);
            }
        }
        _ => {}
    }
    places.insert(path, lines.position(&value.span()));
}
