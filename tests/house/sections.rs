//! A section of the config is said in one line of `config/sections.rs` and in its struct's file, and nowhere else.

use super::{Source, laws::imports};

/// The registry's lines as (field, layout, struct).
fn registry(sources: &[Source]) -> Vec<(String, String, String)> {
    let Some(file) = sources.iter().find(|s| s.path == "config/sections.rs") else { return Vec::new() };
    let starts = |i: &usize| file.at(*i) == "sections" && file.at(i + 1) == "!" && file.at(i + 2) == "{";
    let Some(start) = (0..file.tokens.len()).find(starts) else { return Vec::new() };
    let end = (start + 3..file.tokens.len()).find(|i| file.at(*i) == "}").unwrap_or(start + 3);
    (start + 3..end)
        .filter(|i| file.at(*i) == ":" && file.at(i + 2) == "<")
        .map(|i| (file.before(i).to_owned(), file.at(i + 1).to_owned(), file.at(i + 3).to_owned()))
        .collect()
}

/// Places below `config/` that know a section although its line and its struct are enough.
pub fn said_elsewhere(sources: &[Source]) -> Vec<String> {
    let registry = registry(sources);
    if registry.is_empty() {
        return vec!["config/sections.rs: no registry was found".into()];
    }
    let mut faults = Vec::new();
    for (field, layout, name) in &registry {
        let own = |s: &&Source| has(s, &["ConfigSection", "for", name]) || has(s, &["ConfigTable", "for", name]);
        let Some(own) = sources.iter().find(own).map(|s| s.path.as_str()) else {
            faults.push(format!("no file below config/ says what {name} is"));
            continue;
        };
        for source in sources.iter().filter(|s| s.room() == "config" && s.path != own) {
            let named = imports(source).into_iter().filter(|(path, _)| path.last() == Some(name));
            if source.path != "config/sections.rs" {
                faults.extend(named.map(|(_, place)| format!("{place}: {name} is the registry's to name")));
            }
            let ends: &[&str] = if layout == "Folder" { &["", "/"] } else { &[".toml", ".csv"] };
            let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
            for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
                if ends.iter().any(|end| line.contains(&format!("\"{field}{end}\""))) {
                    faults.push(format!("src/{}:{}: \"{field}\" is the registry's to say", source.path, n + 1));
                }
            }
        }
    }
    faults
}

fn has(source: &Source, words: &[&str]) -> bool {
    (0..source.tokens.len()).any(|i| words.iter().enumerate().all(|(k, word)| source.at(i + k) == *word))
}
