//! Work that several may want at the same time: done once, for as long as anybody wants it, and so much of it at once for
//! each place it asks.

use futures_util::{
    FutureExt,
    future::{BoxFuture, WeakShared},
};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Work under way, by key. Clones share it.
pub struct SharedWork<K, V>(Arc<Mutex<Running<K, V>>>);

type Running<K, V> = HashMap<K, WeakShared<BoxFuture<'static, V>>>;

impl<K, V> Clone for SharedWork<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for SharedWork<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, V> std::fmt::Debug for SharedWork<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedWork").finish_non_exhaustive()
    }
}

impl<K: Eq + Hash, V: Clone + Send + Sync + 'static> SharedWork<K, V> {
    /// What the work of this key gives: `work` begins where none is under way. It ends, be it done or not, with the last
    /// that waits for it.
    pub async fn join<F: Future<Output = V> + Send + 'static>(&self, key: K, work: impl FnOnce() -> F) -> V {
        let shared = {
            let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            running.retain(|_, work| work.upgrade().is_some());
            match running.get(&key).and_then(WeakShared::upgrade) {
                Some(shared) => shared,
                None => {
                    let shared = work().boxed().shared();
                    running.extend(shared.downgrade().map(|weak| (key, weak)));
                    shared
                }
            }
        };
        shared.await
    }
}

/// So many at once for each key. Clones share it.
#[derive(Debug, Clone)]
pub struct KeyedLimit {
    most: usize,
    keys: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

/// A place among those at work; dropped, it is free.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held for its drop")] Option<OwnedSemaphorePermit>);

impl KeyedLimit {
    /// At most `most` at once for each key.
    pub fn new(most: usize) -> Self {
        Self { most, keys: Arc::default() }
    }

    /// Waits for a place.
    pub async fn enter(&self, key: &str) -> Turn {
        let places = {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            keys.retain(|_, places| Arc::strong_count(places) > 1 || places.available_permits() < self.most);
            let fresh = || Arc::new(Semaphore::new(self.most));
            Arc::clone(keys.entry(key.to_owned()).or_insert_with(fresh))
        };
        // Nobody closes it.
        Turn(places.acquire_owned().await.ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };
    use tokio::{task::JoinSet, time::sleep};

    #[tokio::test]
    async fn work_is_done_once_for_all_and_ends_with_the_last_that_waits() {
        let (work, begun, done) = (SharedWork::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let job = |begun: &Arc<AtomicUsize>, done: &Arc<AtomicUsize>| {
            let (begun, done) = (Arc::clone(begun), Arc::clone(done));
            move || async move {
                begun.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(100)).await;
                done.fetch_add(1, Ordering::SeqCst) + 1
            }
        };
        let spawn = |tasks: &mut JoinSet<usize>, key: &'static str| {
            let (work, job) = (work.clone(), job(&begun, &done));
            tasks.spawn(async move { work.join(key, job).await })
        };
        let mut tasks = JoinSet::new();
        let first = spawn(&mut tasks, "a");
        spawn(&mut tasks, "a");
        sleep(Duration::from_millis(20)).await;
        first.abort();
        while let Some(got) = tasks.join_next().await {
            assert!(got.as_ref().is_err_and(|e| e.is_cancelled()) || got.is_ok_and(|n| n == 1));
        }
        assert_eq!((begun.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (1, 1));
        spawn(&mut tasks, "b");
        sleep(Duration::from_millis(20)).await;
        tasks.shutdown().await;
        sleep(Duration::from_millis(150)).await;
        assert_eq!((begun.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (2, 1), "nobody wanted it any more");
        assert_eq!(work.join("b", || async { 9 }).await, 9);
    }

    #[tokio::test]
    async fn so_many_at_once_for_each_key() {
        let (limit, now, most) = (KeyedLimit::new(4), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let (limit, now, most) = (limit.clone(), Arc::clone(&now), Arc::clone(&most));
            tasks.spawn(async move {
                let _turn = limit.enter("a").await;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(Duration::from_millis(5)).await;
                now.fetch_sub(1, Ordering::SeqCst);
            });
        }
        sleep(Duration::from_millis(2)).await;
        limit.enter("b").await;
        while tasks.join_next().await.is_some() {}
        assert_eq!(most.load(Ordering::SeqCst), 4);
        limit.enter("c").await;
        assert_eq!(limit.keys.lock().unwrap().len(), 1, "keys that nobody uses are forgotten");
    }
}
