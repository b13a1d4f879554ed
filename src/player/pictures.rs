//! Pictures of documents and rows: fetched within limits, kept in the store as they were sent, decoded off the drawing side.

use crate::{
    config::Config,
    edition::{Document, RowFile},
    feeds::{self, Client, DocumentCache, FeedError, PictureGate, Validators},
    model::{Block, Value},
    scene::Picture,
    store::{NewPicture, PictureOf, Store, StoreError, StoreHandle},
    time::{Clock, Timestamp},
};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use url::Url;

/// Bytes one picture's file may have.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// Longest edge a picture is shown with, pixels: no page shows it larger.
const MAX_EDGE_PIXELS: u32 = 1200;
/// Pixels the pictures of one document or row may have in all; what is beyond keeps its alternative text.
const MAX_TOTAL_PIXELS: u64 = 12_000_000;
/// Pictures fetched in one round, one after the other.
const MAX_PASS_PICTURES: usize = 1000;
/// How long a drive may take to say what lies on it.
const DRIVE_TIMEOUT: Duration = Duration::from_secs(15);
/// Failures in a row after which the rest waits for a later round.
const MAX_FAILURES: usize = 4;

/// Fetches pictures and keeps them.
pub struct ImageFetcher {
    /// What makes requests, within the site's limits.
    pub client: Client,
    /// Where they are kept.
    pub store: StoreHandle,
    /// The config in use.
    pub config: Arc<Config>,
    /// What dates a picture that was fetched.
    pub clock: Arc<dyn Clock>,
    /// What they are fetched through: those of all that ask are fetched once.
    pub gate: PictureGate,
}

/// What one round over a feed's pictures did.
#[derive(Debug, Default)]
pub struct FetchPass {
    /// Pictures fetched and kept.
    pub kept: usize,
    /// Those that could not be, each with its reason.
    pub faults: Vec<ImageFault>,
}

/// A picture that could not be fetched or shown.
#[derive(Debug)]
pub struct ImageFault {
    /// Why, with the mend.
    pub error: FeedError,
    /// Whether it did not fail before.
    pub is_news: bool,
}

/// Where a feed's pictures may come from.
struct Place {
    /// Reaches what the feed itself may.
    client: Client,
    /// Files lie below it.
    root: PathBuf,
}

/// What stands at a picture's address.
enum Got {
    /// What is kept already.
    Same,
    /// Other bytes, and whether there is room to keep them.
    Fresh(Picture, bool),
}

/// The pictures that a document or a row names, each once.
pub(super) struct ImageSet {
    of: PictureOf,
    feed: String,
    addresses: Vec<(String, Url)>,
}

impl ImageSet {
    /// Those of a document.
    pub fn of_document(document: &Document) -> Self {
        let named = document.notice.body.iter().filter_map(|block| match block {
            Block::Picture { src, .. } => Some(src),
            _ => None,
        });
        Self::new(document.head.id.into(), &document.head.feed, named)
    }

    /// Those of a row.
    pub fn of_row(file: &RowFile) -> Self {
        let named = file.kept.row.values.iter().filter_map(|value| match value {
            Value::Pictures(all) => Some(all),
            _ => None,
        });
        Self::new(file.kept.id.into(), &file.feed, named.flatten())
    }

    fn new<'a>(of: PictureOf, feed: &str, named: impl Iterator<Item = &'a String>) -> Self {
        let mut seen = HashSet::new();
        let new = named.filter(|address| seen.insert(address.as_str()));
        let addresses = new.filter_map(|a| Some((a.clone(), Url::parse(a).ok()?))).collect();
        Self { of, feed: feed.to_owned(), addresses }
    }

    /// Whether it names none.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The document or row that names them.
    pub fn of(&self) -> PictureOf {
        self.of
    }
}

/// The pictures of a document or a row as they are at hand.
#[derive(Default)]
pub(super) struct LoadedImages {
    pub pictures: HashMap<String, Arc<Picture>>,
    validators: HashMap<String, Validators>,
    pixels: u64,
}

impl LoadedImages {
    fn add(&mut self, address: &str, picture: Picture) {
        self.pixels += pixels(&picture);
        if let Some(before) = self.pictures.insert(address.to_owned(), Arc::new(picture)) {
            self.pixels -= pixels(&before);
        }
    }

    fn is_full(&self) -> bool {
        self.pixels >= MAX_TOTAL_PIXELS
    }
}

impl ImageFetcher {
    /// Fetches the pictures of a feed's current notices, or of its newest rows, that are due by `by`, one at a time, and
    /// keeps them. Gives the rest up for now where several in a row fail: whoever sends them may be away.
    pub async fn fetch_pass(&self, feed: &str, by: Timestamp) -> FetchPass {
        let mut round = FetchPass::default();
        let room = self.room();
        let due = async {
            self.store.write(move |store| store.bound_pictures(room)).await?;
            let most = if room > 0 { MAX_PASS_PICTURES } else { 0 };
            let (feed, config) = (feed.to_owned(), Arc::clone(&self.config));
            let due = move |store: &Store| {
                let mut due = store.due_pictures(&feed, by, MAX_TOTAL_PIXELS, most)?;
                due.extend(store.due_row_pictures(&feed, &config, by, most)?);
                Ok(due)
            };
            self.store.read(due).await
        };
        let due = due.await.unwrap_or_else(|error: StoreError| {
            tracing::error!("{error}");
            Vec::new()
        });
        let Ok(place) = self.place(feed).await.inspect_err(|error| tracing::warn!("{error}")) else { return round };
        let (mut failing, mut fetched) = (0, HashMap::<PictureOf, u64>::new());
        let mut shelf = DocumentCache::new(self.gate.clone());
        for picture in due {
            let of_notice = fetched.entry(picture.of).or_default();
            if *of_notice >= MAX_TOTAL_PIXELS || failing >= MAX_FAILURES {
                continue;
            }
            match self.get(picture.of, &picture.address, &place, &picture.validators, &mut shelf).await {
                Ok(got) => {
                    failing = 0;
                    if let Got::Fresh(picture, is_kept) = got {
                        *of_notice += pixels(&picture);
                        round.kept += usize::from(is_kept);
                    }
                }
                Err(error) => {
                    failing += 1;
                    round.faults.push(self.missed(picture.of, &picture.address, error).await);
                }
            }
        }
        round
    }

    /// Shows the pictures of a set as they come: those kept, then all that could be had. What is shown last is said to be
    /// the last.
    pub(super) async fn load_images(
        &self,
        set: &ImageSet,
        mut show: impl FnMut(&HashMap<String, Arc<Picture>>, bool) + Send,
    ) {
        if set.is_empty() {
            return;
        }
        let mut at_hand = self.held(set).await;
        if !at_hand.pictures.is_empty() {
            show(&at_hand.pictures, false);
        }
        let came = self.renew(set, &mut at_hand).await;
        if came || at_hand.pictures.len() < set.addresses.len() {
            show(&at_hand.pictures, true);
        }
    }

    /// The pictures that the store holds.
    pub(super) async fn held(&self, set: &ImageSet) -> LoadedImages {
        let mut held = LoadedImages::default();
        for (address, _) in &set.addresses {
            if held.is_full() {
                break;
            }
            let (of, named) = (set.of, address.clone());
            let kept = self.store.read(move |store| store.picture(of, &named)).await.unwrap_or_else(|error| {
                tracing::error!("{error}");
                None
            });
            let Some(kept) = kept else { continue };
            match decoded(&self.client, address, kept.bytes).await {
                Ok((_, picture)) => {
                    held.add(address, picture);
                    held.validators.insert(address.clone(), kept.validators);
                }
                Err(error) => tracing::warn!("{error}"),
            }
        }
        held
    }

    /// Fetches what is not at hand, and what is no longer what stands at its address. Says whether anything came.
    pub(super) async fn renew(&self, set: &ImageSet, at_hand: &mut LoadedImages) -> bool {
        let (mut came, mut failing, mut shelf) = (false, 0, DocumentCache::new(self.gate.clone()));
        let Ok(place) = self.place(&set.feed).await.inspect_err(|error| tracing::debug!("{error}")) else {
            return false;
        };
        for (address, _) in &set.addresses {
            let is_held = at_hand.pictures.contains_key(address);
            if failing >= MAX_FAILURES || (at_hand.is_full() && !is_held) {
                continue;
            }
            let previous = at_hand.validators.get(address).cloned().unwrap_or_default();
            match self.get(set.of, address, &place, &previous, &mut shelf).await {
                Ok(Got::Same) => failing = 0,
                Ok(Got::Fresh(picture, _)) => {
                    failing = 0;
                    at_hand.add(address, picture);
                    came = true;
                }
                Err(error) if is_held => {
                    failing += 1;
                    tracing::debug!("{error}; what is kept is shown");
                }
                Err(error) => {
                    failing += 1;
                    self.missed(set.of, address, error).await.log();
                }
            }
        }
        came
    }

    /// Where a feed's pictures may come from.
    ///
    /// # Errors
    /// Where the drive that its source lies on does not answer.
    async fn place(&self, feed: &str) -> Result<Place, FeedError> {
        let found = self.config.feeds.get(feed);
        let client = found.map_or_else(|| self.client.clone(), |config| self.client.for_feed(feed, config));
        let Some(local) = found.filter(|found| feeds::is_local(found)) else {
            return Ok(Place { client, root: self.config.dir.clone() });
        };
        let (config, name, owner) = (Arc::clone(&self.config), feed.to_owned(), format!("pictures of {feed}"));
        let root = move |_: &_| root(&config, &name);
        let root = client.pool().run_blocking(&owner, &local.source, DRIVE_TIMEOUT, root).await;
        root.map(|root| Place { client, root }).map_err(|error| FeedError::new(&local.source, error.to_string()))
    }

    /// Gets one picture and keeps it.
    async fn get(
        &self,
        of: PictureOf,
        address: &str,
        place: &Place,
        previous: &Validators,
        shelf: &mut DocumentCache,
    ) -> Result<Got, FeedError> {
        let fail = |reason: String| FeedError::new(address, reason);
        let url = Url::parse(address).map_err(|e| fail(format!("it is no address ({e})")))?;
        let named = address.to_owned();
        let kept = match feeds::picture(&place.client, &url, &place.root, previous, MAX_FILE_BYTES, shelf).await? {
            None => self.store.write(move |store| store.confirm_picture(of, &named)).await.map(|()| Got::Same),
            Some(sent) => {
                let (bytes, picture) = decoded(&self.client, address, sent.bytes).await?;
                let room = self.room();
                let has_room = bytes.len() as u64 <= room;
                let new = NewPicture { bytes, validators: sent.validators, pixels: pixels(&picture) };
                let kept = self.store.write(move |store| store.keep_picture(of, &named, &new, room)).await;
                kept.map(|is_other| if is_other { Got::Fresh(picture, has_room) } else { Got::Same })
            }
        };
        kept.map_err(|e| fail(e.to_string()))
    }

    async fn missed(&self, of: PictureOf, address: &str, error: FeedError) -> ImageFault {
        let (named, now) = (address.to_owned(), self.clock.wall());
        let noted = self.store.write(move |store| store.miss_picture(of, &named, now)).await;
        let is_news = noted.unwrap_or_else(|error| {
            tracing::error!("{error}");
            true
        });
        ImageFault { error, is_news }
    }

    /// Bytes the pictures of all feeds may take.
    fn room(&self) -> u64 {
        u64::from(self.config.site.picture_space) << 20
    }
}

impl ImageFault {
    /// Says it once: what fails again and again is no news.
    pub fn log(&self) {
        let error = &self.error;
        if self.is_news { tracing::warn!("{error}") } else { tracing::debug!("{error}") }
    }
}

/// The pictures of a set without asking the network: files, and what `kept` gives for the others and for files that
/// are gone.
pub(super) async fn at_hand(
    client: &Client,
    config: &Config,
    set: &ImageSet,
    kept: impl Fn(&str) -> Option<Vec<u8>>,
) -> HashMap<String, Arc<Picture>> {
    let root = root(config, &set.feed);
    let (mut found, mut shelf) = (LoadedImages::default(), DocumentCache::default());
    for (address, url) in &set.addresses {
        if found.is_full() {
            break;
        }
        let file = if url.scheme() == "file" {
            feeds::picture(client, url, &root, &Validators::default(), MAX_FILE_BYTES, &mut shelf).await
        } else {
            Ok(None)
        };
        let bytes = match (file, kept(address)) {
            (Ok(Some(file)), _) => file.bytes,
            (_, Some(kept)) => kept,
            (Ok(None), None) => continue,
            (Err(error), None) => {
                tracing::warn!("{error}");
                continue;
            }
        };
        match decoded(client, address, bytes).await {
            Ok((_, picture)) => found.add(address, picture),
            Err(error) => tracing::warn!("{error}"),
        }
    }
    found.pictures
}

async fn decoded(client: &Client, address: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Picture), FeedError> {
    let (bytes, got) = feeds::decoded(client.pool(), address, bytes, MAX_EDGE_PIXELS).await?;
    Ok((bytes, Picture { width: got.width, height: got.height, rgba: got.rgba }))
}

fn pixels(picture: &Picture) -> u64 {
    u64::from(picture.width) * u64::from(picture.height)
}

/// The folder a feed's file pictures must lie in: its own, or the config's.
fn root(config: &Config, feed: &str) -> PathBuf {
    let source = config.feeds.get(feed).map(|f| config.dir.join(&f.source));
    match source {
        Some(folder) if folder.is_dir() => folder,
        Some(file) if file.is_file() => file.parent().map_or_else(|| config.dir.clone(), PathBuf::from),
        _ => config.dir.clone(),
    }
}
