//! The store for async code: four threads of its own, one that writes, one that reads, one that makes editions and one
//! that searches, so that neither a citizen's document nor the screens' next edition waits for a harvest or a search.

use super::{DuePicture, Ingested, KeptPicture, NewPicture, PictureOf, PictureRoom, Store, StoreError, VersionInfo};
use crate::{
    config::Config,
    edition::{Document, Edition, Told, Wanted},
    feeds::{Harvest, RawDigest, Validators},
    model::{Notice, NoticeId},
    search::{Found, Query},
};
use jiff::{Timestamp, civil::Date};
use rusqlite::InterruptHandle;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};
use tokio::sync::{mpsc, oneshot};

/// Orders that may wait before the asker does.
const QUEUE: usize = 64;

/// A handle on the store; clones share it. It ends with [`StoreHandle::shutdown`], or when the last clone is dropped.
#[derive(Clone)]
pub struct StoreHandle {
    writer: Lane,
    reader: Lane,
    editions: Lane,
    searcher: Lane,
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
            writer: Lane::start("store", writer, index)?,
            reader: Lane::start("store-reader", reader, |_| false)?,
            editions: Lane::start("store-editions", editions, |store| free_pages(store))?,
            searcher: Lane::start("store-search", searcher, |_| false)?,
            interrupt,
        })
    }

    /// See [`Store::ingest`]. Once asked it is done, even if the answer is no longer awaited.
    ///
    /// # Errors
    /// As [`Store::ingest`]; [`StoreError::Closed`] after a shutdown, here and in all that follows.
    pub async fn ingest(&self, harvest: Harvest) -> Result<Ingested, StoreError> {
        self.writer.order(true, move |store| store.ingest(&harvest)).await
    }

    /// See [`Store::ingest_with`]. Once asked it is done, even if the answer is no longer awaited.
    ///
    /// # Errors
    /// As [`Store::ingest_with`].
    pub async fn ingest_with(&self, harvest: Harvest, config: Arc<Config>) -> Result<Ingested, StoreError> {
        self.writer.order(true, move |store| store.ingest_with(&harvest, &config)).await
    }

    /// See [`Store::settle`]. Once asked it is done.
    ///
    /// # Errors
    /// As [`Store::settle`].
    pub async fn settle(&self, config: Arc<Config>) -> Result<usize, StoreError> {
        self.writer.order(true, move |store| store.settle(&config)).await
    }

    /// See [`Store::record_fault`].
    ///
    /// # Errors
    /// As [`Store::record_fault`].
    pub async fn record_fault(&self, feed: &str, title: &str, at: Timestamp, reason: &str) -> Result<(), StoreError> {
        let [feed, title, reason] = [feed, title, reason].map(str::to_owned);
        self.writer.order(true, move |store| store.record_fault(&feed, &title, at, &reason)).await
    }

    /// See [`Store::validators`].
    ///
    /// # Errors
    /// As [`Store::validators`].
    pub async fn validators(&self, feed: &str) -> Result<Validators, StoreError> {
        let feed = feed.to_owned();
        self.reader.order(false, move |store| store.validators(&feed)).await
    }

    /// See [`Store::known`].
    ///
    /// # Errors
    /// As [`Store::known`].
    pub async fn known(&self, feed: &str) -> Result<HashMap<String, Notice>, StoreError> {
        let feed = feed.to_owned();
        self.reader.order(false, move |store| store.known(&feed)).await
    }

    /// See [`Store::edition`].
    ///
    /// # Errors
    /// As [`Store::edition`].
    pub async fn edition(&self, number: u64) -> Result<Edition, StoreError> {
        self.editions.order(false, move |store| store.edition(number)).await
    }

    /// See [`Store::edition_on`].
    ///
    /// # Errors
    /// As [`Store::edition_on`].
    pub async fn edition_on(&self, number: u64, config: Arc<Config>, today: Date) -> Result<Edition, StoreError> {
        self.editions.order(false, move |store| store.edition_on(number, &config, today)).await
    }

    /// See [`Store::answer`]. Never waits for a harvest; dropped unread if its asker has gone meanwhile, and a search
    /// is then given up where it is.
    ///
    /// # Errors
    /// As [`Store::answer`].
    pub async fn answer(&self, wanted: Wanted, config: Arc<Config>, today: Date) -> Result<Told, StoreError> {
        if let Wanted::Search(query) = wanted {
            return self.find(query, config).await.map(|found| Told::Found(Arc::new(found)));
        }
        self.reader.order(false, move |store| store.answer(&wanted, &config, today)).await
    }

    /// See [`Store::find`]. Never waits for a harvest nor keeps documents waiting; given up if its asker goes.
    ///
    /// # Errors
    /// As [`Store::find`].
    pub async fn find(&self, query: Query, config: Arc<Config>) -> Result<Found, StoreError> {
        let mut stop = Stop { interrupt: Some(&self.interrupt) };
        let found = self
            .searcher
            .order_until(move |store, stop| {
                loop {
                    match store.find_unless(&query, &config, stop) {
                        // Meant for the search before this one.
                        Err(StoreError::Interrupted) if !stop() => {}
                        done => break done,
                    }
                }
            })
            .await;
        stop.interrupt = None;
        found
    }

    /// See [`Store::document`]. Never waits for a harvest; dropped unread if its asker has gone meanwhile.
    ///
    /// # Errors
    /// As [`Store::document`].
    pub async fn document(&self, id: NoticeId) -> Result<Option<Document>, StoreError> {
        self.reader.order(false, move |store| store.document(id)).await
    }

    /// See [`Store::versions`].
    ///
    /// # Errors
    /// As [`Store::versions`].
    pub async fn versions(&self, id: NoticeId) -> Result<Vec<VersionInfo>, StoreError> {
        self.reader.order(false, move |store| store.versions(id)).await
    }

    /// See [`Store::characters`].
    ///
    /// # Errors
    /// As [`Store::characters`].
    pub async fn characters(&self) -> Result<BTreeMap<char, u64>, StoreError> {
        self.editions.order(false, |store| store.characters()).await
    }

    /// See [`Store::due_pictures`].
    ///
    /// # Errors
    /// As [`Store::due_pictures`].
    pub async fn due_pictures(
        &self,
        feed: &str,
        at: Timestamp,
        pixels: u64,
        most: usize,
    ) -> Result<Vec<DuePicture>, StoreError> {
        let feed = feed.to_owned();
        self.reader.order(false, move |store| store.due_pictures(&feed, at, pixels, most)).await
    }

    /// See [`Store::due_row_pictures`].
    ///
    /// # Errors
    /// As [`Store::due_row_pictures`].
    pub async fn due_row_pictures(
        &self,
        feed: &str,
        config: Arc<Config>,
        at: Timestamp,
        most: usize,
    ) -> Result<Vec<DuePicture>, StoreError> {
        let feed = feed.to_owned();
        self.reader.order(false, move |store| store.due_row_pictures(&feed, &config, at, most)).await
    }

    /// See [`Store::picture`]. Never waits for a harvest.
    ///
    /// # Errors
    /// As [`Store::picture`].
    pub async fn picture(&self, of: PictureOf, address: &str) -> Result<Option<KeptPicture>, StoreError> {
        let address = address.to_owned();
        self.reader.order(false, move |store| store.picture(of, &address)).await
    }

    /// See [`Store::keep_picture`].
    ///
    /// # Errors
    /// As [`Store::keep_picture`].
    pub async fn keep_picture(
        &self,
        of: PictureOf,
        address: &str,
        picture: NewPicture,
        room: u64,
    ) -> Result<bool, StoreError> {
        let address = address.to_owned();
        self.writer.order(true, move |store| store.keep_picture(of, &address, &picture, room)).await
    }

    /// See [`Store::confirm_picture`].
    ///
    /// # Errors
    /// As [`Store::confirm_picture`].
    pub async fn confirm_picture(&self, of: PictureOf, address: &str) -> Result<(), StoreError> {
        let address = address.to_owned();
        self.writer.order(true, move |store| store.confirm_picture(of, &address)).await
    }

    /// See [`Store::miss_picture`].
    ///
    /// # Errors
    /// As [`Store::miss_picture`].
    pub async fn miss_picture(&self, of: PictureOf, address: &str, at: Timestamp) -> Result<bool, StoreError> {
        let address = address.to_owned();
        self.writer.order(true, move |store| store.miss_picture(of, &address, at)).await
    }

    /// See [`Store::bound_pictures`].
    ///
    /// # Errors
    /// As [`Store::bound_pictures`].
    pub async fn bound_pictures(&self, room: u64) -> Result<usize, StoreError> {
        self.writer.order(true, move |store| store.bound_pictures(room)).await
    }

    /// See [`Store::raw_held`].
    ///
    /// # Errors
    /// As [`Store::raw_held`].
    pub async fn raw_held(&self, feed: &str) -> Result<HashSet<RawDigest>, StoreError> {
        let feed = feed.to_owned();
        self.reader.order(false, move |store| store.raw_held(&feed)).await
    }

    /// See [`Store::bound_raw`].
    ///
    /// # Errors
    /// As [`Store::bound_raw`].
    pub async fn bound_raw(&self, room: u64) -> Result<usize, StoreError> {
        self.writer.order(true, move |store| store.bound_raw(room)).await
    }

    /// See [`Store::picture_room`].
    ///
    /// # Errors
    /// As [`Store::picture_room`].
    pub async fn picture_room(&self) -> Result<PictureRoom, StoreError> {
        self.reader.order(false, |store| store.picture_room()).await
    }

    /// See [`Store::show`].
    ///
    /// # Errors
    /// As [`Store::show`].
    pub async fn show(&self, screen: String, notices: Arc<[NoticeId]>, at: Timestamp) -> Result<(), StoreError> {
        self.writer.order(true, move |store| store.show(&screen, &notices, at)).await
    }

    /// See [`Store::still_shown`].
    ///
    /// # Errors
    /// As [`Store::still_shown`].
    pub async fn still_shown(&self, screens: Vec<String>, at: Timestamp) -> Result<(), StoreError> {
        self.writer.order(true, move |store| store.still_shown(&screens, at)).await
    }

    /// See [`Store::close_journal`].
    ///
    /// # Errors
    /// As [`Store::close_journal`].
    pub async fn close_journal(&self) -> Result<(), StoreError> {
        self.writer.order(true, Store::close_journal).await
    }

    /// Ends the store: orders already waiting are carried out, the files are closed, the threads joined.
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
struct Stop<'a> {
    interrupt: Option<&'a InterruptHandle>,
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        if let Some(interrupt) = self.interrupt {
            interrupt.interrupt();
        }
    }
}

type Work = Box<dyn FnOnce(&mut Store) + Send>;

enum Order {
    Do(Work),
    Stop,
}

/// One thread with one connection.
#[derive(Debug, Clone)]
struct Lane {
    orders: mpsc::Sender<Order>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Lane {
    /// Between two orders, while none waits, the thread does `idle` for as long as that says there is more to do; never
    /// before the first order, which makes the first frame.
    fn start(
        name: &str,
        mut store: Store,
        mut idle: impl FnMut(&mut Store) -> bool + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (orders, mut waiting) = mpsc::channel(QUEUE);
        let path = store.path().to_owned();
        let thread = Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let mut is_idle = false;
                loop {
                    match if is_idle { waiting.try_recv().ok() } else { waiting.blocking_recv() } {
                        Some(Order::Do(work)) => {
                            work(&mut store);
                            is_idle = true;
                        }
                        None if is_idle => is_idle = idle(&mut store),
                        Some(Order::Stop) | None => break,
                    }
                }
            })
            .map_err(|e| StoreError::Failed { path, reason: e.to_string() })?;
        Ok(Self { orders, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Has the thread do `work` and awaits what comes of it; unless `always`, not if the asker has gone meanwhile.
    async fn order<T: Send + 'static>(
        &self,
        always: bool,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, wait) = oneshot::channel();
        let work: Work = Box::new(move |store| {
            if always || !answer.is_closed() {
                // An asker that has gone wants no answer.
                let _ = answer.send(work(store));
            }
        });
        self.orders.send(Order::Do(work)).await.map_err(|_| StoreError::Closed)?;
        wait.await.map_err(|_| StoreError::Closed)?
    }

    /// Has the thread do `work`, which is told whether its asker has gone meanwhile.
    async fn order_until<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, &dyn Fn() -> bool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, wait) = oneshot::channel();
        let work: Work = Box::new(move |store| {
            let done = work(store, &|| answer.is_closed());
            // An asker that has gone wants no answer.
            let _ = answer.send(done);
        });
        self.orders.send(Order::Do(work)).await.map_err(|_| StoreError::Closed)?;
        wait.await.map_err(|_| StoreError::Closed)?
    }

    async fn stop(&self) {
        // A thread that has ended already takes no order and joins all the same.
        let _ = self.orders.send(Order::Stop).await;
        let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        match tokio::task::spawn_blocking(move || thread.join()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => {
                tracing::error!("the store's thread ended in a fault; what was acknowledged is kept")
            }
        }
    }
}
