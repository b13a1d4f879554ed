//! Changing one thing in a TOML file of the config, and not a byte of anything else.
//!
//! The file is never written anew from what was read. It is parsed for the places of its keys and values alone
//! (`outline`), and the change is a splice of the text at such a place: comments, blank lines, order, quotes, line ends
//! and what an editor put before the first line stay because nothing touches them. The result is then read and compared
//! with what the change was to give; where both differ, the file is left as it was.

mod node;
mod outline;
mod put;
mod take_out;
mod written;

use std::fmt;
use thiserror::Error;
use toml::{Table, Value};
use toml_edit::Document;

/// Where a value stands in a file, as in `standing.title` or `zone.0.speed`: keys, and the numbers of entries from 0.
/// The same words name places in faults.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(Vec<String>);

impl KeyPath {
    /// Reads a path as a person writes it; a key with other characters than letters, digits, `-` and `_` stands in quotes.
    ///
    /// # Errors
    /// [`EditError::Path`].
    pub fn parse(written: &str) -> Result<Self, EditError> {
        let wrong = || EditError::Path(written.to_owned());
        // Keys of other scripts come without quotes where nothing else does.
        if !written.contains(['"', '\'']) {
            let keys: Vec<String> = written.split('.').map(|key| key.trim().to_owned()).collect();
            return if keys.iter().any(String::is_empty) { Err(wrong()) } else { Ok(Self(keys)) };
        }
        let keys = toml_edit::Key::parse(written).map_err(|_| wrong())?;
        Ok(Self(keys.iter().map(|key| key.get().to_owned()).collect()))
    }

    /// The path of these keys and numbers.
    pub fn of(keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(keys.into_iter().map(Into::into).collect())
    }

    /// Its keys and numbers.
    pub fn keys(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// One change of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Gives a key a value, whether the file has it or not.
    Set(KeyPath, NewValue),
    /// Takes out a key, a table or an entry of a list of tables. An entry's own comment goes with it.
    Remove(KeyPath),
    /// Adds an entry at the end of a list of tables, such as `zone`; its keys stand in this order.
    Append(KeyPath, Vec<(String, NewValue)>),
}

/// A value that is to stand in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct NewValue {
    value: Value,
    /// How a person wrote it, where they wrote it as TOML.
    written: Option<String>,
}

impl NewValue {
    /// Reads a value that a person wrote as TOML: `30`, `true`, `["top", "bottom"]`.
    ///
    /// # Errors
    /// What is wrong with it, without a full stop.
    pub fn parse(written: &str) -> Result<Self, String> {
        let line = format!("value = {written}");
        let document = Document::parse(line.as_str()).map_err(|e| e.message().trim().to_owned())?;
        let mut table: Table = line.parse().map_err(|e: toml::de::Error| e.message().trim().to_owned())?;
        let span = document.get("value").and_then(toml_edit::Item::span);
        match (table.remove("value"), span.and_then(|span| line.get(span))) {
            (Some(value), Some(text)) if table.is_empty() => Ok(Self { value, written: Some(text.to_owned()) }),
            _ => Err("it is more than one value".to_owned()),
        }
    }

    /// What it says.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl<T: Into<Value>> From<T> for NewValue {
    fn from(value: T) -> Self {
        Self { value: value.into(), written: None }
    }
}

/// Why a file was not changed; each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The path is none.
    #[error("`{0}` names no key; write keys parted by dots, such as zone.0.speed")]
    Path(String),
    /// The file cannot be read.
    #[error("the file is not TOML ({0}); mend it by hand first")]
    Syntax(String),
    /// There is nothing at the path.
    #[error("the file has no `{0}`")]
    Missing(String),
    /// The path goes on where there is no table.
    #[error("`{0}` has no keys below it")]
    NoTable(String),
    /// A table stands where a value was to be put.
    #[error("`{0}` is a table; name one of its keys")]
    IsTable(String),
    /// The path is no list of tables.
    #[error("`{0}` is no list of tables")]
    NoList(String),
    /// A number is beyond the list's end.
    #[error("`{path}` has {count} entries, counted from 0")]
    NoEntry {
        /// The list.
        path: String,
        /// Its entries.
        count: usize,
    },
    /// The file is written in a way that this cannot change without touching something else.
    #[error("`{0}` cannot be changed without touching something else in the file; change it by hand")]
    Unsafe(String),
}

/// Changes a file's text. What is set to its own value comes back byte for byte.
///
/// # Errors
/// See [`EditError`]; nothing is changed then.
pub fn apply(text: &str, edit: &Edit) -> Result<String, EditError> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let syntax = |message: &str| EditError::Syntax(message.trim().replace('\n', ", "));
    let document = Document::parse(body).map_err(|e| syntax(e.message()))?;
    let before: Table = body.parse().map_err(|e: toml::de::Error| syntax(e.message()))?;
    let mut after = Value::Table(before.clone());
    let (candidates, path) = match edit {
        Edit::Set(path, new) => {
            set(&mut after, path, new.value.clone())?;
            if after == Value::Table(before) {
                return Ok(text.to_owned());
            }
            (put::set(body, &document, path, new)?, path)
        }
        Edit::Remove(path) => {
            remove(&mut after, path)?;
            (take_out::remove(body, &document, path)?, path)
        }
        Edit::Append(path, entry) => {
            append(&mut after, path, entry)?;
            (put::append(body, &document, path, entry)?, path)
        }
    };
    without_empty_lists(&mut after);
    let is_right = |text: &String| {
        let mut found = text.parse::<Table>().map(Value::Table);
        found.iter_mut().for_each(without_empty_lists);
        found.is_ok_and(|found| found == after)
    };
    let changed = candidates.into_iter().find(is_right).ok_or_else(|| EditError::Unsafe(path.to_string()))?;
    Ok(format!("{mark}{changed}"))
}

fn up_to(path: &KeyPath, length: usize) -> String {
    KeyPath(path.0.iter().take(length).cloned().collect()).to_string()
}

/// A list of tables under headers that has lost its last entry is no longer there.
fn without_empty_lists(value: &mut Value) {
    match value {
        Value::Table(table) => {
            table.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
            table.iter_mut().for_each(|(_, value)| without_empty_lists(value));
        }
        Value::Array(items) => items.iter_mut().for_each(without_empty_lists),
        _ => {}
    }
}

/// The entry of a list that a number names.
fn entry<'v>(items: &'v mut [Value], key: &str, path: &KeyPath, depth: usize) -> Result<&'v mut Value, EditError> {
    let count = items.len();
    let found = key.parse::<usize>().ok().and_then(|n| items.get_mut(n));
    found.ok_or_else(|| EditError::NoEntry { path: up_to(path, depth), count })
}

/// The value at a path; tables on the way are made where `is_made`.
fn find<'v>(
    root: &'v mut Value,
    path: &KeyPath,
    length: usize,
    is_made: bool,
) -> Result<Option<&'v mut Value>, EditError> {
    let mut at = root;
    for (depth, key) in path.0.iter().take(length).enumerate() {
        at = match at {
            Value::Table(table) => {
                if is_made && !table.contains_key(key) {
                    table.insert(key.clone(), Value::Table(Table::new()));
                }
                match table.get_mut(key) {
                    Some(value) => value,
                    None => return Ok(None),
                }
            }
            Value::Array(items) => entry(items, key, path, depth)?,
            _ => return Err(EditError::NoTable(up_to(path, depth))),
        };
    }
    Ok(Some(at))
}

fn last(path: &KeyPath) -> Result<(&str, usize), EditError> {
    path.0.last().map(|key| (key.as_str(), path.0.len() - 1)).ok_or_else(|| EditError::Path(String::new()))
}

fn set(root: &mut Value, path: &KeyPath, value: Value) -> Result<(), EditError> {
    let (key, depth) = last(path)?;
    match find(root, path, depth, true)? {
        Some(Value::Table(table)) => match table.get(key) {
            Some(Value::Table(_)) if !value.is_table() => return Err(EditError::IsTable(path.to_string())),
            _ => drop(table.insert(key.to_owned(), value)),
        },
        Some(Value::Array(items)) => *entry(items, key, path, depth)? = value,
        _ => return Err(EditError::NoTable(up_to(path, depth))),
    }
    Ok(())
}

fn remove(root: &mut Value, path: &KeyPath) -> Result<(), EditError> {
    let (key, depth) = last(path)?;
    let missing = || EditError::Missing(path.to_string());
    match find(root, path, depth, false)? {
        Some(Value::Table(table)) => table.remove(key).map(drop).ok_or_else(missing),
        Some(Value::Array(items)) => {
            entry(items, key, path, depth)?;
            let index = key.parse::<usize>().map_err(|_| missing())?;
            items.remove(index);
            Ok(())
        }
        _ => Err(missing()),
    }
}

/// A list that is not there has no entry.
fn append(root: &mut Value, path: &KeyPath, entry: &[(String, NewValue)]) -> Result<(), EditError> {
    let (key, depth) = last(path)?;
    let table: Table = entry.iter().map(|(key, new)| (key.clone(), new.value.clone())).collect();
    let not_a_list = || EditError::NoList(path.to_string());
    let Some(Value::Table(parent)) = find(root, path, depth, true)? else { return Err(not_a_list()) };
    match parent.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(items) => items.push(Value::Table(table)),
        _ => return Err(not_a_list()),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
