//! Has what walls show written down, apart from everything else: no question waits for its writing.

use super::{Context, Ended, Inlet};
use crate::player::journal::{Journal, Showing};
use std::{sync::Arc, time::Duration};

/// Between two notes that screens still run.
const JOURNAL_HEARTBEAT: Duration = Duration::from_secs(60);

/// Runs the journal. When asked to end, it takes in what still waits and closes.
pub(in crate::player) async fn run(cx: Context, shows: Inlet<Showing>) -> Ended {
    let mut shows = shows.open().await;
    let mut journal = Journal::open(cx.store.clone(), Arc::clone(&cx.clock)).await;
    let mut beat_at = cx.clock.monotonic();
    loop {
        tokio::select! {
            () = cx.end.cancelled() => break,
            showing = shows.recv() => match showing {
                Some(showing) => journal.note(showing).await,
                None => break,
            },
            () = cx.sleep_until(Some(beat_at)) => {
                journal.beat().await;
                beat_at = cx.clock.monotonic() + JOURNAL_HEARTBEAT;
            }
        }
    }
    while let Ok(showing) = shows.try_recv() {
        journal.note(showing).await;
    }
    journal.end().await;
    Ended::Asked
}
