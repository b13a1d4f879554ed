//! A fault in a config file, as a person reads it: where, what, and the mend.

use std::{fmt, path::PathBuf};

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// The config is used, but something will not look as meant.
    Warning,
    /// The config cannot be used.
    Error,
}

impl Severity {
    /// The word printed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Characters of a message or a mend.
const QUOTED: usize = 1_000;

/// One fault of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it, without a full stop.
    pub mend: String,
}

impl Fault {
    /// A fault of a whole file.
    pub fn of_file(
        file: impl Into<PathBuf>,
        severity: Severity,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line: 1, column: 1, severity, message: message.into(), mend: mend.into() }
    }

    /// Cuts what it quotes of a file to a length that people read; a value may be as long as a file.
    pub fn shorten(&mut self) {
        for text in [&mut self.message, &mut self.mend] {
            if let Some((end, _)) = text.char_indices().nth(QUOTED) {
                text.truncate(end);
                text.push('…');
            }
        }
    }
}

/// `file:line:column: message; mend`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}; {}", self.file.display(), self.line, self.column, self.message, self.mend)
    }
}

/// Takes a fault of one struct: how bad it is, the key in it, the message and the mend.
pub(super) type Report<'a> = &'a mut dyn FnMut(Severity, &str, String, &str);

/// Faults for which a long list of known words is searched: beyond them the mend is the same for all.
const SEARCHES: usize = 200;

/// The known word nearest to a misspelt one, if any is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    // More than half of the longer one has to be typed anew: not near enough.
    let alike = |k: &&str| (k.chars().count().max(length)) <= 2 * k.chars().count().min(length);
    known
        .into_iter()
        .filter(alike)
        .map(|k| (strsim::normalized_damerau_levenshtein(&word, &k.to_lowercase()), k))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

/// The mend for a word that is not among the known ones.
pub fn choose_from(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(k) => format!("did you mean `{k}`?"),
        None if known.len() > 40 => "see the list in the file's schema".into(),
        None => format!("use one of: {}", known.join(", ")),
    }
}

/// As [`choose_from`], for the next of many faults: a list that the admin makes as long as they want is searched for the
/// first of them only, so that many faults do not cost each other's square.
pub fn choose_among(faults: &[Fault], word: &str, known: &[&str]) -> String {
    match faults.len() < SEARCHES || known.len() < SEARCHES {
        true => choose_from(word, known),
        false => "mend the faults before this one first; it may be the same".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(nearest("colur", ["colour", "width"]), Some("colour"));
        assert_eq!(nearest("zzz", ["colour", "width"]), None);
        assert!(choose_from("zzz", &["a", "b"]).contains("a, b"));
    }
}
