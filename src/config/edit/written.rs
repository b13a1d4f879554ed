//! How keys and values are written.

use super::change::NewValue;
use toml::Value;
use toml_edit::Key;
use toml_writer::{ToTomlValue as _, TomlStringBuilder};

/// The ways to write a value in place of `old`, the one most like it first.
pub(super) fn ways(new: &NewValue, old: &str) -> Vec<String> {
    let Value::String(words) = new.value() else { return vec![plain(new)] };
    let builder = TomlStringBuilder::new(words);
    let literal = builder.as_literal().map(|way| way.to_toml_value());
    let multi_line = builder.as_ml_basic().to_toml_value();
    let basic = builder.as_basic().to_toml_value();
    let first = if old.starts_with("\"\"\"") || old.starts_with("'''") {
        Some(multi_line)
    } else {
        literal.filter(|_| old.starts_with('\''))
    };
    first.into_iter().chain([basic]).collect()
}

/// A value where nothing says how: as a person wrote it, else text in double quotes.
pub(super) fn plain(new: &NewValue) -> String {
    match (new.written(), new.value()) {
        (Some(written), _) => written.to_owned(),
        (None, Value::String(words)) => TomlStringBuilder::new(words).as_basic().to_toml_value(),
        (None, value) => value.to_string(),
    }
}

/// Keys joined by dots, in quotes where they need them.
pub(super) fn keys(keys: &[String]) -> String {
    keys.iter().map(|key| Key::new(key.as_str()).display_repr().into_owned()).collect::<Vec<_>>().join(".")
}
