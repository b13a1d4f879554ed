//! Has what walls showed written down, apart from everything else: no question waits for its writing.

use super::{Context, Ended, Inlet};
use crate::{model::DisplayReport, player::journal::Journal};
use std::time::Duration;

/// Between two tries to write what the store could not take.
const JOURNAL_RETRY_DELAY: Duration = Duration::from_secs(5);

/// Runs the journal. When asked to end, it takes in what still waits and closes.
pub(in crate::player) async fn run(cx: Context, displays: Inlet<DisplayReport>) -> Ended {
    let mut displays = displays.open().await;
    let mut journal = Journal::open(cx.store.clone(), cx.pool.clone(), cx.data.clone()).await;
    let mut retry_at = cx.clock.monotonic();
    loop {
        tokio::select! {
            biased;
            () = cx.end.cancelled() => break,
            report = displays.recv() => match report {
                Some(report) => journal.note(report).await,
                None => break,
            },
            () = cx.sleep_until(Some(retry_at)) => {
                journal.retry().await;
                retry_at = cx.clock.monotonic() + JOURNAL_RETRY_DELAY;
            }
        }
    }
    while let Ok(report) = displays.try_recv() {
        journal.take(report);
    }
    journal.end().await;
    Ended::Asked
}
