//! What is to be changed in a file, and why it was not.

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

    /// As a person wrote it, where they wrote it as TOML.
    pub fn written(&self) -> Option<&str> {
        self.written.as_deref()
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
