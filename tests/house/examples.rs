//! The config files that a README shows, checked against the structs that read them.

use gongshi::config::{Catalogue, Feed, Register, Screen, Site};
use serde::de::DeserializeOwned;

/// The `toml` blocks of a Markdown text that start with `# file: NAME`: their names and texts.
pub fn blocks(markdown: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in markdown.split("```toml\n").skip(1) {
        let block = part.split("```").next().unwrap_or_default();
        if let Some(name) = block.lines().next().and_then(|line| line.strip_prefix("# file: ")) {
            found.push((name.trim().to_owned(), block.to_owned()));
        }
    }
    found
}

/// Reads a block by the struct that its name asks for; the fault where that fails.
pub fn fault(name: &str, text: &str) -> Option<String> {
    match name.split('/').next().unwrap_or_default() {
        "site.toml" => read::<Site>(name, text),
        "catalogue.toml" => read::<Catalogue>(name, text),
        "feeds" => read::<Feed>(name, text),
        "registers" => read::<Register>(name, text),
        "screens" => read::<Screen>(name, text),
        _ => Some(format!("{name}: no such file belongs in a config folder")),
    }
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Option<String> {
    toml::from_str::<T>(text).err().map(|error| format!("{name}: {error}"))
}
