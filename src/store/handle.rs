//! The store for async code: four threads of its own, one that writes, one that reads, one that makes editions and one
//! that searches, so that neither a citizen's document nor the screens' next edition waits for a harvest or a search.

use super::{Store, StoreError};
use crate::{
    config::Config,
    edition::{Query, Response},
    search::{SearchQuery, SearchResults},
};
use jiff::civil::Date;
use rusqlite::InterruptHandle;
use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};
use tokio::sync::{mpsc, oneshot};

/// Jobs that may wait for a thread before their askers do.
const QUEUE: usize = 64;

/// A handle on the store; clones share it. It ends with [`StoreHandle::shutdown`], or when the last clone is dropped.
#[derive(Clone)]
pub struct StoreHandle {
    writer: DbThread,
    reader: DbThread,
    editions: DbThread,
    searcher: DbThread,
    /// Stops what the searcher's SQLite is doing.
    interrupt: Arc<InterruptHandle>,
}

impl fmt::Debug for StoreHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreHandle").finish_non_exhaustive()
    }
}

impl StoreHandle {
    /// Opens the store as [`Store::open`] does, on the calling thread, and starts its threads.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let writer = Store::open(data_dir)?;
        let (reader, editions, searcher) = (writer.reader()?, writer.reader()?, writer.reader()?);
        let interrupt = Arc::new(searcher.conn.get_interrupt_handle());
        let index = |store: &mut Store| {
            let more = store.index_slice().unwrap_or_else(|error| {
                tracing::error!("{error}; the index of what was held before stays incomplete until the next start");
                false
            });
            more || free_pages(store)
        };
        Ok(Self {
            writer: DbThread::start("store", writer, index)?,
            reader: DbThread::start("store-reader", reader, |_| false)?,
            editions: DbThread::start("store-editions", editions, |store| free_pages(store))?,
            searcher: DbThread::start("store-search", searcher, |_| false)?,
            interrupt,
        })
    }

    /// The same store with all of its work done at once by whoever asks, in the order asked, and no threads: for
    /// simulations, which must find the same order of events at each run.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn inline(data_dir: &Path) -> Result<Self, StoreError> {
        let store = Store::open(data_dir)?;
        let interrupt = Arc::new(store.conn.get_interrupt_handle());
        let thread = DbThread::inline(store);
        let [writer, reader, editions] = std::array::from_fn(|_| thread.clone());
        Ok(Self { writer, reader, editions, searcher: thread, interrupt })
    }

    /// Has the writer do `work`. Once asked it is done, even if nobody awaits the answer any more.
    ///
    /// # Errors
    /// As `work`; [`StoreError::Closed`] after a shutdown, here and in all that follows.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(work).await
    }

    /// Has the reader do `work`, which never waits for a harvest. Dropped undone if its asker has gone meanwhile.
    ///
    /// # Errors
    /// As `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.reader.run_if_alive(|store| work(store)).await
    }

    /// Has the thread for editions do `work` that reads much: pages do not wait for it. Dropped undone if its asker has
    /// gone meanwhile.
    ///
    /// # Errors
    /// As `work`.
    pub async fn read_much<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.editions.run_if_alive(|store| work(store)).await
    }

    /// See [`Store::answer`]. Never waits for a harvest; dropped unread if its asker has gone meanwhile, and a search
    /// is then given up where it is.
    ///
    /// # Errors
    /// As [`Store::answer`].
    pub async fn answer(&self, query: Query, config: Arc<Config>, today: Date) -> Result<Response, StoreError> {
        if let Query::Search(query) = query {
            return self.find(query, config).await.map(|found| Response::Found(Arc::new(found)));
        }
        self.read(move |store| store.answer(&query, &config, today)).await
    }

    /// See [`Store::find`]. Never waits for a harvest nor keeps documents waiting; given up if its asker goes.
    ///
    /// # Errors
    /// As [`Store::find`].
    pub async fn find(&self, query: SearchQuery, config: Arc<Config>) -> Result<SearchResults, StoreError> {
        let mut guard = InterruptGuard { interrupt: Some(&self.interrupt) };
        let found = self
            .searcher
            .run_until(move |store, is_abandoned| {
                loop {
                    match store.find_unless(&query, &config, is_abandoned) {
                        // Meant for the search before this one.
                        Err(StoreError::Interrupted) if !is_abandoned() => {}
                        done => break done,
                    }
                }
            })
            .await;
        guard.interrupt = None;
        found
    }

    /// Ends the store: jobs already waiting are carried out, the files are closed, the threads joined.
    pub async fn shutdown(&self) {
        self.searcher.stop().await;
        self.reader.stop().await;
        self.editions.stop().await;
        self.writer.stop().await;
    }
}

/// Gives back what a harvest or a snapshot left in the page cache: the next one is minutes away. Nothing more to do then.
fn free_pages(store: &Store) -> bool {
    if let Err(error) = store.free_pages() {
        tracing::warn!("{error}; the page cache stays as large as it is");
    }
    false
}

/// Interrupts the search under way when its asker goes before the answer is there.
struct InterruptGuard<'a> {
    interrupt: Option<&'a InterruptHandle>,
}

impl Drop for InterruptGuard<'_> {
    fn drop(&mut self) {
        if let Some(interrupt) = self.interrupt {
            interrupt.interrupt();
        }
    }
}

type Work = Box<dyn FnOnce(&mut Store) + Send>;

enum Job {
    Run(Work),
    End,
}

/// One thread with one connection.
#[derive(Debug, Clone)]
struct DbThread {
    jobs: mpsc::Sender<Job>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    /// Where there is no thread: the store, until the end.
    inline: Option<Arc<Mutex<Option<Store>>>>,
}

impl DbThread {
    /// Between two jobs, while none waits, the thread does `idle` for as long as that says there is more to do; never
    /// before the first job, which makes the first frame.
    fn start(
        name: &str,
        mut store: Store,
        mut idle: impl FnMut(&mut Store) -> bool + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (jobs, mut waiting) = mpsc::channel(QUEUE);
        let path = store.path().to_owned();
        let thread = Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let mut is_idle = false;
                loop {
                    match if is_idle { waiting.try_recv().ok() } else { waiting.blocking_recv() } {
                        Some(Job::Run(work)) => {
                            work(&mut store);
                            is_idle = true;
                        }
                        None if is_idle => is_idle = idle(&mut store),
                        Some(Job::End) | None => break,
                    }
                }
            })
            .map_err(|e| StoreError::Failed { path, reason: e.to_string() })?;
        Ok(Self { jobs, thread: Arc::new(Mutex::new(Some(thread))), inline: None })
    }

    /// Does each job at once on the asker's thread.
    fn inline(store: Store) -> Self {
        let (jobs, _) = mpsc::channel(1);
        Self { jobs, thread: Arc::default(), inline: Some(Arc::new(Mutex::new(Some(store)))) }
    }

    /// Has the thread do `work` and awaits what comes of it.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run_until(|store, _| work(store)).await
    }

    /// The same, unless the asker has gone by the time the thread comes to it.
    async fn run_if_alive<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        // Whoever reads this has gone.
        self.run_until(|store, is_abandoned| if is_abandoned() { Err(StoreError::Interrupted) } else { work(store) })
            .await
    }

    /// Has the thread do `work`, which is told whether its asker has gone meanwhile.
    async fn run_until<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, &dyn Fn() -> bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(inline) = &self.inline {
            let mut store = inline.lock().unwrap_or_else(PoisonError::into_inner);
            let store = store.as_mut().ok_or(StoreError::Closed)?;
            let done = work(store, &|| false);
            while store.index_slice()? {}
            return done;
        }
        let (answer, wait) = oneshot::channel();
        let work: Work = Box::new(move |store| {
            let done = work(store, &|| answer.is_closed());
            // An asker that has gone wants no answer.
            let _ = answer.send(done);
        });
        self.jobs.send(Job::Run(work)).await.map_err(|_| StoreError::Closed)?;
        wait.await.map_err(|_| StoreError::Closed)?
    }

    async fn stop(&self) {
        if let Some(inline) = &self.inline {
            *inline.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        // A thread that has ended already takes no job and joins all the same.
        let _ = self.jobs.send(Job::End).await;
        let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        match tokio::task::spawn_blocking(move || thread.join()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => {
                tracing::error!("the store's thread ended in a fault; what was acknowledged is kept")
            }
        }
    }
}
