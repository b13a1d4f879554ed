//! A fault in a config file, as a person reads it: where, what, and the mend.

use std::{fmt, ops::Range, path::PathBuf};

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
}

/// `file:line:column: message; mend`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}; {}", self.file.display(), self.line, self.column, self.message, self.mend)
    }
}

/// Line and column, both from 1, of where a span starts in a text.
pub(super) fn position(text: &str, span: &Range<usize>) -> (usize, usize) {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let before = text.get(..start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// The known word nearest to a misspelt one, if any is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::normalized_damerau_levenshtein(&word.to_lowercase(), &k.to_lowercase()), k))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let text = "a = 1\n标题 = \"x\"\n";
        let at = text.find('"').unwrap_or(0);
        assert_eq!(position(text, &(at..at + 1)), (2, 6));
        assert_eq!(position(text, &(0..1)), (1, 1));
        assert_eq!(position("", &(9..9)), (1, 1));
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(nearest("colur", ["colour", "width"]), Some("colour"));
        assert_eq!(nearest("zzz", ["colour", "width"]), None);
        assert!(choose_from("zzz", &["a", "b"]).contains("a, b"));
    }
}
