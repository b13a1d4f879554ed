//! Reads Rust sources as far as the laws of the house need it: tokens without comments, strings and tests.

pub mod examples;
pub mod files;
pub mod laws;
pub mod licences;
pub mod sections;

use std::{fs, path::Path};

/// One token and the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// An identifier, `::`, or a single character.
    pub text: String,
    /// Its line.
    pub line: usize,
}

/// A source file.
#[derive(Debug)]
pub struct Source {
    /// Its path below `src/`, such as `feeds/fetch.rs`.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// Its tokens, tests left out.
    pub tokens: Vec<Token>,
}

impl Source {
    /// Reads a file from its text.
    pub fn new(path: &str, text: &str) -> Self {
        let tests_only = path.ends_with("/tests.rs") || path.contains("/tests/");
        let tokens = if tests_only { Vec::new() } else { without_tests(&tokens(&blank(text))) };
        Self { path: path.into(), text: text.into(), tokens }
    }

    /// The room it stands in: its folder, or its own name at the top.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Its module path: `feeds/fetch/cache.rs` is `feeds`, `fetch`, `cache`.
    pub fn module(&self) -> Vec<&str> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        stem.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
    }

    /// The text of token `i`, empty past the end.
    pub fn at(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.text.as_str())
    }

    /// The text of the token before `i`, empty at the start.
    pub fn before(&self, i: usize) -> &str {
        i.checked_sub(1).map_or("", |j| self.at(j))
    }

    /// `path:line` of token `i`.
    pub fn place(&self, i: usize) -> String {
        format!("src/{}:{}", self.path, self.tokens.get(i).map_or(0, |t| t.line))
    }
}

/// Every `.rs` file under a folder, ordered by path.
pub fn read_all(root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The text with comments, literals and lifetimes blanked out, every line kept.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = literal_end(&chars, i).unwrap_or(i);
        if end == i {
            out.push(chars[i]);
            i += 1;
        } else {
            out.extend(chars[i..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            i = end;
        }
    }
    out
}

/// Where a comment, literal or lifetime that starts at `i` ends; `None` where there is none.
fn literal_end(chars: &[char], i: usize) -> Option<usize> {
    let at = |j: usize| chars.get(j).copied().unwrap_or('\0');
    let until =
        |from: usize, stop: &dyn Fn(usize) -> bool| (from..chars.len()).find(|j| stop(*j)).unwrap_or(chars.len());
    let in_word = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
    match (at(i), at(i + 1)) {
        ('/', '/') => Some(until(i, &|j| at(j) == '\n')),
        ('/', '*') => {
            let (mut depth, mut j) = (1, i + 2);
            while depth > 0 && j < chars.len() {
                let step = match (at(j), at(j + 1)) {
                    ('/', '*') => 1,
                    ('*', '/') => -1,
                    _ => 0,
                };
                depth += step;
                j += if step == 0 { 1 } else { 2 };
            }
            Some(j.min(chars.len()))
        }
        ('r', '"' | '#') if !in_word || at(i - 1) == 'b' => {
            let open = until(i + 1, &|j| at(j) != '#');
            let hashes = open - i - 1;
            let closes = |j: usize| at(j) == '"' && (1..=hashes).all(|k| at(j + k) == '#');
            (at(open) == '"').then(|| (until(open + 1, &closes) + 1 + hashes).min(chars.len()))
        }
        ('"', _) => Some(quoted_end(chars, i, '"')),
        ('\'', '\\') => Some(quoted_end(chars, i, '\'')),
        ('\'', _) if at(i + 2) == '\'' => Some(i + 3),
        ('\'', _) => Some(until(i + 1, &|j| !(at(j).is_alphanumeric() || at(j) == '_'))),
        _ => None,
    }
}

/// One past the closing quote of a literal with escapes that opens at `i`.
fn quoted_end(chars: &[char], i: usize, quote: char) -> usize {
    let mut j = i + 1;
    while j < chars.len() && chars[j] != quote {
        j += if chars[j] == '\\' { 2 } else { 1 };
    }
    (j + 1).min(chars.len())
}

/// Cuts blanked text into tokens.
fn tokens(blanked: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for (index, line) in blanked.lines().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let mut i = 0;
        while i < chars.len() {
            let word = chars[i..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
            let length = if word > 0 {
                word
            } else if chars[i] == ':' && chars.get(i + 1) == Some(&':') {
                2
            } else {
                1
            };
            if !chars[i].is_whitespace() {
                found.push(Token { text: chars[i..i + length].iter().collect(), line: index + 1 });
            }
            i += length;
        }
    }
    found
}

/// Leaves out every item that is marked `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let marked = tokens.len() >= i + MARK.len() && MARK.iter().zip(&tokens[i..]).all(|(m, t)| *m == t.text);
        if marked {
            i = item_end(tokens, i + MARK.len());
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    kept
}

/// One past the item that starts at `i`: past its `;`, or past the braces of its body.
fn item_end(tokens: &[Token], i: usize) -> usize {
    let ends_with_semicolon = tokens[i..]
        .iter()
        .map(|t| t.text.as_str())
        .find(|t| matches!(*t, "use" | "const" | "static" | "type" | "fn" | "mod" | "struct" | "enum" | "impl"))
        .is_some_and(|t| matches!(t, "use" | "const" | "static" | "type"));
    let mut depth = 0usize;
    for (j, token) in tokens.iter().enumerate().skip(i) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" && !ends_with_semicolon {
                    return j + 1;
                }
            }
            ";" if depth == 0 => return j + 1,
            _ => {}
        }
    }
    tokens.len()
}
