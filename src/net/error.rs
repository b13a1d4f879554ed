//! Why a request brought nothing.

use super::guard::Refused;
use std::time::Duration;
use thiserror::Error;

/// Why a request brought nothing, in one phrase; the mend is for whoever knows what the request was for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetError {
    /// It would have led where none may go.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The server answers with an error.
    #[error("the server answers {text}")]
    Status {
        /// The code, such as 404.
        code: u16,
        /// The code with its words.
        text: String,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// There was no whole answer in time.
    #[error("no whole answer within {} s; the server is slow or down", .0.as_secs())]
    TimedOut(Duration),
    /// The answer is larger than so many bytes.
    #[error("it is larger than {} MB after decompression", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// The connection failed, or what it is made with.
    #[error("{0}")]
    Failed(String),
}
