//! Sees actors end or panic, and starts them anew.

use super::{Context, Ended, PublishNote};
use std::{collections::HashMap, pin::Pin, time::Duration};
use tokio::{
    sync::mpsc,
    task::{Id, JoinError, JoinSet},
};

/// Before the first new start of an actor; doubled with each further one.
const FIRST_RESTART_DELAY: Duration = Duration::from_secs(1);
/// Between two starts at most.
const MAX_RESTART_DELAY: Duration = Duration::from_secs(60);
/// An actor that ran for so long is well again: the next fault counts as its first.
const WELL_AFTER: Duration = Duration::from_secs(600);
/// How long actors have to come to an end.
pub(super) const END_GRACE: Duration = Duration::from_millis(1500);

type Run = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// An actor and how it is started.
pub(in crate::player) struct Actor {
    name: &'static str,
    start: Box<dyn Fn() -> Run + Send>,
    failures: u32,
    started: Duration,
}

impl Actor {
    /// The actor called `name`, which `start` makes.
    pub fn new<F: Future<Output = Ended> + Send + 'static>(
        name: &'static str,
        start: impl Fn() -> F + Send + 'static,
    ) -> Self {
        let start = Box::new(move || -> Run { Box::pin(start()) });
        Self { name, start, failures: 0, started: Duration::ZERO }
    }
}

/// Runs actors until they are asked to end or the store is gone. One that panics is started anew after a while that
/// grows, and said to `notes`, for the badge; none is left when this returns, but for those that do not end in time.
pub(in crate::player) async fn supervise(
    mut actors: Vec<Actor>,
    cx: &Context,
    notes: &mpsc::Sender<PublishNote>,
) -> Ended {
    let mut set = JoinSet::new();
    let mut running: HashMap<Id, usize> = HashMap::new();
    for (index, actor) in actors.iter_mut().enumerate() {
        actor.started = cx.clock.monotonic();
        running.insert(set.spawn((actor.start)()).id(), index);
    }
    let ended = loop {
        let joined = tokio::select! {
            biased;
            () = cx.end.cancelled() => break Ended::Asked,
            joined = set.join_next_with_id() => joined,
        };
        let Some(joined) = joined else { break Ended::Asked };
        let id = joined.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(index) = running.remove(&id) else { continue };
        let Some(actor) = actors.get_mut(index) else { continue };
        match joined {
            Ok((_, Ended::StoreClosed)) => {
                tracing::error!("the store's threads are gone; it is opened anew");
                break Ended::StoreClosed;
            }
            Ok((_, Ended::Asked)) => {}
            Err(_) => {
                let now = cx.clock.monotonic();
                actor.failures = if now.saturating_sub(actor.started) > WELL_AFTER { 1 } else { actor.failures + 1 };
                let delay = restart_delay(actor.failures);
                tracing::error!(
                    "{} broke down and is started anew in {} s; please report this",
                    actor.name,
                    delay.as_secs()
                );
                actor.started = now + delay;
                let (at, run, cx) = (now + delay, (actor.start)(), cx.clone());
                let run = async move {
                    tokio::select! {
                        biased;
                        () = cx.end.cancelled() => return Ended::Asked,
                        () = cx.sleep_until(Some(at)) => {}
                    }
                    run.await
                };
                running.insert(set.spawn(run).id(), index);
                // Where there is no room, the next fault says it.
                drop(notes.try_send(PublishNote::BrokeDown));
            }
        }
    };
    cx.end.cancel();
    let all = async { while set.join_next().await.is_some() {} };
    if tokio::time::timeout(END_GRACE, all).await.is_err() {
        tracing::warn!("some of the work could not be ended in time");
    }
    ended
}

/// How long an actor that broke down so often in a row is left alone.
pub(in crate::player) fn restart_delay(failures: u32) -> Duration {
    FIRST_RESTART_DELAY.saturating_mul(1 << failures.saturating_sub(1).min(6)).min(MAX_RESTART_DELAY)
}
