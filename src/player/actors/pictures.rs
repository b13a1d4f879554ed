//! Fetches the pictures that a feed's notices name, after each of its fetches that went well.

use super::{Context, Ended, Inlet, PublishNote};
use crate::player::pictures::ImageFault;
use std::collections::VecDeque;
use tokio::{sync::mpsc, task::JoinSet};

/// Feeds whose pictures are fetched at the same time, those of each one by one.
const MAX_CONCURRENT_PASSES: usize = 2;
/// Feeds that may wait for their turn, each once; one that finds no room comes with its next fetch.
const MAX_WAITING: usize = 4096;

/// Runs passes over the pictures of feeds whose names come in.
pub(in crate::player) async fn run(cx: Context, feeds: Inlet<String>, notes: mpsc::Sender<PublishNote>) -> Ended {
    let mut feeds = feeds.open().await;
    let mut waiting: VecDeque<String> = VecDeque::new();
    let mut passes: JoinSet<()> = JoinSet::new();
    loop {
        while passes.len() < MAX_CONCURRENT_PASSES
            && let Some(feed) = waiting.pop_front()
        {
            let images = cx.images();
            passes.spawn(async move {
                let pass = images.fetch_pass(&feed, images.clock.wall()).await;
                pass.faults.iter().for_each(ImageFault::log);
                if pass.kept > 0 {
                    tracing::info!(feed, kept = pass.kept, "pictures");
                }
            });
        }
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            feed = feeds.recv() => match feed {
                Some(feed) if waiting.len() < MAX_WAITING && !waiting.contains(&feed) => waiting.push_back(feed),
                Some(_) => {}
                None => return Ended::Asked,
            },
            Some(done) = passes.join_next() => if done.is_err() {
                tracing::error!("a feed's pictures could not be fetched, the program broke down on them; please report this");
                // Where there is no room, the badge says something else that is wrong already.
                drop(notes.try_send(PublishNote::BrokeDown));
            },
        }
    }
}
