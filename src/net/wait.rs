//! Waiting, for rooms that know nothing of an async runtime.

use std::{io, time::Duration};

/// Leaves a server alone for a while.
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Does two things at once, and gives what both end with.
pub async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    tokio::join!(one, other)
}

/// Waits for async work on the calling thread: for callers that have nothing else to do meanwhile.
///
/// # Errors
/// That the system gives no threads.
pub fn wait<T>(work: impl Future<Output = T>) -> io::Result<T> {
    Ok(tokio::runtime::Runtime::new()?.block_on(work))
}
