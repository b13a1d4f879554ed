//! A thread for each job, a bound on those at work, and a list of those left behind.

use super::CancellationToken;
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::Builder,
    time::Duration,
};
use thiserror::Error;
use tokio::sync::{Notify, oneshot};

/// A job's stack, bytes. Nesting is bounded in every parser; this leaves room for what is not known.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// How much jobs give way to the threads that draw.
const NICE: i32 = 5;
/// Jobs at work at the same time that somebody waits for.
const MAX_RUNNING: usize = 64;
/// Of those, jobs of one owner.
const MAX_RUNNING_PER_OWNER: usize = 4;
/// Jobs that nobody waits for any more and that do not end: beyond this none is begun.
const MAX_STUCK: usize = 1024;
/// How long an owner's next job waits for an earlier one that was asked to end.
const STUCK_GRACE: Duration = Duration::from_secs(1);

/// Why a job brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JobError {
    /// It was asked to end after this time, and nobody waits for it any more.
    #[error("it took more than {} s", .0.as_secs())]
    TimedOut(Duration),
    /// An earlier job of the same owner was asked to end and goes on; `what` it is busy with.
    #[error("{what} still holds up what came before; see whether its drive answers")]
    Stuck {
        /// What the stuck job is busy with.
        what: String,
    },
    /// Its code panicked.
    #[error("the program broke down on it")]
    Panicked,
    /// Too many jobs were at work for all of its time.
    #[error("the machine is too busy with other work")]
    Busy,
    /// The system gives no further thread, or too many hang.
    #[error("the system gives no thread for it ({0})")]
    NoThread(String),
}

/// A job that nobody waits for any more and that goes on all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckJob {
    /// For whom it works: a feed, a folder, a part of the program.
    pub owner: String,
    /// What it is busy with: an address or a path.
    pub what: String,
}

/// Does blocking work on threads of its own. Clones share its bounds.
#[derive(Debug, Clone, Default)]
pub struct BlockingPool(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Told whenever a job ends or is given up.
    changed: Notify,
    /// Where jobs are done by whoever asks.
    simulated: Option<JobTime>,
}

/// How long a job of an owner, busy with something, takes in simulated time.
type Takes = dyn Fn(&str, &str) -> Duration + Send + Sync;

struct JobTime(Box<Takes>);

impl std::fmt::Debug for JobTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JobTime")
    }
}

#[derive(Debug, Default)]
struct State {
    begun: u64,
    /// Jobs whose threads live, by number.
    jobs: BTreeMap<u64, Job>,
}

#[derive(Debug)]
struct Job {
    owner: String,
    what: String,
    is_stuck: bool,
}

/// What an owner's next job finds.
enum Room {
    Free(u64),
    Full,
    Stuck(String),
    TooManyStuck,
}

impl State {
    /// Enters a job where there is room for one.
    fn enter(&mut self, owner: &str, what: &str) -> Room {
        let of_owner = || self.jobs.values().filter(|job| job.owner == owner);
        if let Some(stuck) = of_owner().find(|job| job.is_stuck) {
            return Room::Stuck(stuck.what.clone());
        }
        let stuck = self.jobs.values().filter(|job| job.is_stuck).count();
        if stuck >= MAX_STUCK {
            return Room::TooManyStuck;
        }
        if self.jobs.len() - stuck >= MAX_RUNNING || of_owner().count() >= MAX_RUNNING_PER_OWNER {
            return Room::Full;
        }
        self.begun += 1;
        self.jobs.insert(self.begun, Job { owner: owner.to_owned(), what: what.to_owned(), is_stuck: false });
        Room::Free(self.begun)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, number: u64) {
        if self.state().jobs.remove(&number).is_some() {
            self.changed.notify_waiters();
        }
    }
}

impl BlockingPool {
    /// A pool that does each job on the calling thread, for simulations, which must find the same order of events at each
    /// run. A job is done after as long as `takes` says of its owner and of what it is busy with, by the runtime's clock;
    /// one that takes longer than it may is not done at all, and its time is up.
    pub fn simulated(takes: impl Fn(&str, &str) -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared { simulated: Some(JobTime(Box::new(takes))), ..Shared::default() }))
    }

    /// Whether it is one of [`BlockingPool::simulated`].
    pub fn is_simulated(&self) -> bool {
        self.0.simulated.is_some()
    }

    /// Has a thread do `work` for `owner`, for `limit` at most once it has begun; `what` it is busy with is said of it
    /// where it gets stuck. Dropping the future asks the work to end.
    ///
    /// # Errors
    /// See [`JobError`].
    pub async fn run_blocking<T: Send + 'static>(
        &self,
        owner: &str,
        what: &str,
        limit: Duration,
        work: impl FnOnce(&CancellationToken) -> T + Send + 'static,
    ) -> Result<T, JobError> {
        if let Some(JobTime(takes)) = &self.0.simulated {
            let takes = takes(owner, what);
            tokio::time::sleep(takes.min(limit)).await;
            if takes > limit {
                return Err(JobError::TimedOut(limit));
            }
            return catch_unwind(AssertUnwindSafe(|| work(&CancellationToken::new()))).map_err(|_| JobError::Panicked);
        }
        let number = self.enter(owner, what, limit).await?;
        let guard = JobGuard { pool: Arc::clone(&self.0), number, token: CancellationToken::new() };
        let (answer, wait) = oneshot::channel();
        let (token, end) = (guard.token.clone(), RunningJob { pool: Arc::clone(&self.0), number });
        let spawned = Builder::new().name("job".to_owned()).stack_size(STACK_BYTES).spawn(move || {
            // Dropped in the opposite order, also by a panic: whoever gets the answer finds the job ended.
            let answer = answer;
            let end = end;
            // Where the system refuses, it just shares as it always does.
            let _ = rustix::process::nice(NICE);
            let result = work(&token);
            drop(end);
            // Whoever waited may have gone.
            let _ = answer.send(result);
        });
        spawned.map_err(|e| JobError::NoThread(e.to_string()))?;
        let done = tokio::time::timeout(limit, wait).await;
        drop(guard);
        match done {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(JobError::Panicked),
            Err(_) => Err(JobError::TimedOut(limit)),
        }
    }

    /// Waits for room: for a stuck job of the same owner a moment, for others as long as the job may take. Both are
    /// counted from the start, however often others come and go meanwhile.
    async fn enter(&self, owner: &str, what: &str, limit: Duration) -> Result<u64, JobError> {
        let mut whole = pin!(tokio::time::sleep(limit));
        let mut grace = pin!(tokio::time::sleep(STUCK_GRACE.min(limit)));
        loop {
            // Listened to before looking, so that no end is missed.
            let changed = self.0.changed.notified();
            let refused = match self.0.state().enter(owner, what) {
                Room::Free(number) => return Ok(number),
                Room::TooManyStuck => return Err(JobError::NoThread(format!("{MAX_STUCK} hang"))),
                Room::Full => JobError::Busy,
                Room::Stuck(what) => JobError::Stuck { what },
            };
            let is_stuck = refused != JobError::Busy;
            tokio::select! {
                () = changed => {}
                () = &mut grace, if is_stuck => return Err(refused),
                () = &mut whole => return Err(refused),
            }
        }
    }

    /// The jobs that nobody waits for any more and that go on, the oldest first.
    pub fn stuck(&self) -> Vec<StuckJob> {
        let state = self.0.state();
        let stuck = state.jobs.values().filter(|job| job.is_stuck);
        stuck.map(|job| StuckJob { owner: job.owner.clone(), what: job.what.clone() }).collect()
    }
}

/// Held by whoever waits; however the waiting ends, the work is to end with it.
struct JobGuard {
    pool: Arc<Shared>,
    number: u64,
    token: CancellationToken,
}

impl Drop for JobGuard {
    fn drop(&mut self) {
        self.token.cancel();
        if let Some(job) = self.pool.state().jobs.get_mut(&self.number) {
            job.is_stuck = true;
        }
        self.pool.changed.notify_waiters();
    }
}

/// Held by the thread; however that ends, the job is stuck no more.
struct RunningJob {
    pool: Arc<Shared>,
    number: u64,
}

impl Drop for RunningJob {
    fn drop(&mut self) {
        self.pool.remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    };

    const SOON: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(20);

    /// Work that ends when told to, whatever it is asked, and says that it has begun.
    fn held() -> (impl FnOnce(&CancellationToken) + Send + 'static, Sender<()>, Receiver<()>) {
        let (go, wait) = channel::<()>();
        let (begun, begins) = channel();
        let work = move |_: &CancellationToken| {
            let _ = begun.send(());
            // Told, or forgotten: either ends it.
            let _ = wait.recv();
        };
        (work, go, begins)
    }

    async fn until(done: impl Fn() -> bool) {
        for _ in 0..500 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not happen");
    }

    #[tokio::test]
    async fn work_that_hangs_holds_one_thread_and_no_other_owner() {
        let pool = BlockingPool::default();
        let (work, go, begins) = held();
        assert_eq!(pool.run_blocking("a", "a.xml", SOON, work).await, Err(JobError::TimedOut(SOON)));
        begins.recv().unwrap();
        let stuck = StuckJob { owner: "a".into(), what: "a.xml".into() };
        for _ in 0..3 {
            let refused = pool.run_blocking("a", "b.xml", SOON, |_| ()).await;
            assert_eq!(refused, Err(JobError::Stuck { what: "a.xml".into() }));
            assert_eq!(pool.stuck(), std::slice::from_ref(&stuck));
        }
        pool.run_blocking("b", "b.xml", LONG, |_| ()).await.unwrap();
        drop(go);
        until(|| pool.stuck().is_empty()).await;
        pool.run_blocking("a", "a.xml", LONG, |_| ()).await.unwrap();
    }

    #[tokio::test]
    async fn what_waits_for_a_stuck_job_is_told_so_however_often_others_end() {
        let pool = BlockingPool::default();
        let (work, go, begins) = held();
        assert_eq!(pool.run_blocking("a", "share", SOON, work).await, Err(JobError::TimedOut(SOON)));
        begins.recv().unwrap();
        let others = tokio::spawn({
            let pool = pool.clone();
            async move {
                loop {
                    pool.run_blocking("b", "b", LONG, |_| ()).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        });
        // Longer than the moment it waits, so that it is told apart from a machine that is busy.
        let refused = pool.run_blocking("a", "a", STUCK_GRACE * 2, |_| ()).await;
        assert_eq!(refused, Err(JobError::Stuck { what: "share".into() }));
        others.abort();
        drop(go);
    }

    #[tokio::test]
    async fn work_is_asked_to_end_when_its_time_is_over_or_nobody_waits() {
        let pool = BlockingPool::default();
        let endless = |token: &CancellationToken| {
            while !token.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        assert!(pool.run_blocking("a", "a", SOON, endless).await.is_err());
        // It heeds the request, so the next waits for it and is done.
        pool.run_blocking("a", "a", LONG, |_| ()).await.unwrap();
        let task = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run_blocking("a", "a", LONG, endless).await }
        });
        tokio::time::sleep(SOON).await;
        task.abort();
        assert!(task.await.is_err());
        until(|| pool.0.state().jobs.is_empty()).await;
    }

    #[tokio::test]
    async fn a_panic_is_said_and_leaves_nothing_behind() {
        for pool in [BlockingPool::default(), BlockingPool::simulated(|_, _| Duration::ZERO)] {
            let broken = |_: &CancellationToken| panic!("on purpose");
            assert_eq!(pool.run_blocking("a", "a", LONG, broken).await, Err(JobError::Panicked));
            until(|| pool.0.state().jobs.is_empty()).await;
            assert_eq!(pool.run_blocking("a", "a", LONG, |_| 7).await, Ok(7));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_than_so_many_work_at_once_in_all_and_for_one_owner() {
        let pool = BlockingPool::default();
        let counts: Arc<[AtomicUsize; 4]> = Arc::default();
        let mut tasks = tokio::task::JoinSet::new();
        for i in 0..300_usize {
            let (pool, counts) = (pool.clone(), Arc::clone(&counts));
            tasks.spawn(async move {
                let owner = if i % 10 == 0 { "one".to_owned() } else { format!("owner {i}") };
                let work = move |_: &CancellationToken| {
                    let bounds = if i % 10 == 0 { &counts[..] } else { &counts[..2] };
                    for pair in bounds.chunks(2) {
                        pair[1].fetch_max(pair[0].fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    }
                    std::thread::sleep(Duration::from_millis(20));
                    for now in bounds.iter().step_by(2) {
                        now.fetch_sub(1, Ordering::SeqCst);
                    }
                };
                pool.run_blocking(&owner, "x", LONG, work).await.unwrap();
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let most = |i: usize| counts[i].load(Ordering::SeqCst);
        assert!((2..=MAX_RUNNING).contains(&most(1)), "{}", most(1));
        assert!((2..=MAX_RUNNING_PER_OWNER).contains(&most(3)), "{}", most(3));
        assert!(pool.0.state().jobs.is_empty());
    }

    #[tokio::test]
    async fn stuck_jobs_take_no_room_from_others() {
        let pool = BlockingPool::default();
        let mut held_up = Vec::new();
        for i in 0..MAX_RUNNING + 8 {
            let (work, go, _begins) = held();
            let done = pool.run_blocking(&format!("{i}"), "share", Duration::from_millis(1), work).await;
            assert_eq!(done, Err(JobError::TimedOut(Duration::from_millis(1))));
            held_up.push(go);
        }
        assert_eq!(pool.stuck().len(), MAX_RUNNING + 8);
        pool.run_blocking("another", "x", LONG, |_| ()).await.unwrap();
    }
}
