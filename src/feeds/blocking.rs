//! Reading and parsing as jobs, with faults that name the source.

use super::{FeedError, StopToken};
use crate::jobs::{BlockingPool, JobError};
use std::time::Duration;

/// Does work for `owner`, a feed or a folder, on a thread of its own, for `limit` at most; `source` is what a fault is
/// said of.
///
/// # Errors
/// What the work ends with; or that it broke down, took too long, or still goes on from an earlier time.
pub(super) async fn run_blocking<T: Send + 'static>(
    pool: &BlockingPool,
    owner: &str,
    source: &str,
    limit: Duration,
    work: impl FnOnce(&StopToken) -> Result<T, FeedError> + Send + 'static,
) -> Result<T, FeedError> {
    let work = move |token: &crate::jobs::CancellationToken| work(&StopToken::from(token.clone()));
    pool.run_blocking(owner, source, limit, work).await.unwrap_or_else(|error| {
        let reason = match error {
            JobError::Stuck { what } => {
                format!("an earlier look is still held up by {what}; see whether its drive answers")
            }
            JobError::Panicked => "its parser broke down on it; please report this source".to_owned(),
            JobError::TimedOut(limit) => format!("reading it took more than {} s; split it", limit.as_secs()),
            error @ (JobError::Busy | JobError::NoThread(_)) => format!("{error}; it is tried again later"),
        };
        Err(FeedError::new(source, reason))
    })
}
