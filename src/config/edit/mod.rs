//! Changing one thing in a TOML file of the config, and not a byte of anything else.
//!
//! The file is never written anew from what was read. It is parsed for the places of its keys and values alone
//! (`outline`), and the change is a splice of the text at such a place: comments, blank lines, order, quotes, line ends
//! and what an editor put before the first line stay because nothing touches them. The result is then read and compared
//! with what the change was to give; where both differ, the file is left as it was.

mod change;
mod node;
mod outline;
mod put;
mod take_out;
mod written;

pub use change::{Edit, EditError, KeyPath, NewValue};

use toml::{Table, Value};
use toml_edit::Document;

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
            set(&mut after, path, new.value().clone())?;
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
    KeyPath::of(path.keys().iter().take(length).cloned()).to_string()
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
    for (depth, key) in path.keys().iter().take(length).enumerate() {
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
    path.keys().last().map(|key| (key.as_str(), path.keys().len() - 1)).ok_or_else(|| EditError::Path(String::new()))
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
    let table: Table = entry.iter().map(|(key, new)| (key.clone(), new.value().clone())).collect();
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
