//! Why a source could not be read, in one sentence a person can act on.

use crate::{net::redacted, text::printable};
use std::time::Duration;
use thiserror::Error;

/// Characters of a reason.
const LONGEST: usize = 600;

/// Why a look at a feed failed. Its notices stay as they were.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{source_name}: {reason}")]
pub struct FeedError {
    /// The address or file.
    pub source_name: String,
    /// What is wrong, and the mend.
    pub reason: String,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl FeedError {
    /// An error of `source` for `reason`.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        // A parser may quote half the document, line breaks and all.
        let mut reason = printable(&reason.into()).into_owned();
        if let Some((at, _)) = reason.char_indices().nth(LONGEST) {
            reason.truncate(at);
            reason.push('…');
        }
        Self { source_name: printable(&redacted(&source.into())).into_owned(), reason, retry_after: None }
    }
}

/// Why a document could not be read, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ParseError(pub String);
