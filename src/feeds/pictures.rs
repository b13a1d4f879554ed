//! Pictures: fetched and decoded off the render thread, within limits.

use super::{
    Client, FeedError, Fetched, Validators, blocking::run_blocking, files::unreadable, formats::docx, pdf,
    worker::PAGE_EDGE,
};
use crate::jobs::{BlockingPool, KeyedLimit, SharedWork};
use image::{ImageReader, Limits, imageops::FilterType};
use std::{
    io::Cursor,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};
use url::Url;

/// Pixels along an edge that are decoded at all.
const LARGEST: u32 = 16_384;
/// How long getting or decoding one picture may take.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes a decoder may allocate.
const ALLOC: u64 = 256 * 1024 * 1024;

/// A decoded picture, straight alpha, top row first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureBytes {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height * 4` bytes, RGBA.
    pub rgba: Vec<u8>,
}

/// A picture's file, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// To be sent back when asking whether it is still the same.
    pub validators: Validators,
}

/// Bytes a document may have of which pages or parts are shown as pictures.
const MAX_DOCUMENT: u64 = 128 * 1024 * 1024;

/// Pictures fetched from one host, or one folder, at the same time.
const MAX_CONCURRENT_PER_HOST: usize = 4;

/// What pictures are fetched through: one fetch a picture, whoever asks, for as long as somebody does, and at most four at
/// once a host. Clones share it.
#[derive(Debug, Clone)]
pub struct PictureGate {
    work: SharedWork<Fetch, Result<Option<Arc<Encoded>>, FeedError>>,
    hosts: KeyedLimit,
}

impl Default for PictureGate {
    fn default() -> Self {
        Self { work: SharedWork::default(), hosts: KeyedLimit::new(MAX_CONCURRENT_PER_HOST) }
    }
}

/// What is asked for, by whom, and what is held of it. Another feed may go where this one may not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Fetch {
    feed: Option<String>,
    url: Url,
    root: PathBuf,
    etag: Option<String>,
    last_modified: Option<String>,
    max_bytes: u64,
}

impl PictureGate {
    async fn get(
        &self,
        client: &Client,
        url: &Url,
        root: &Path,
        previous: &Validators,
        max_bytes: u64,
    ) -> Result<Option<Encoded>, FeedError> {
        let Validators { etag, last_modified } = previous.clone();
        let feed = client.feed().map(str::to_owned);
        let fetch = Fetch { feed, url: url.clone(), root: root.to_owned(), etag, last_modified, max_bytes };
        let (client, hosts) = (client.clone(), self.hosts.clone());
        let work = || {
            let fetch = fetch.clone();
            async move {
                let host = fetch.url.host_str().map_or_else(|| fetch.root.display().to_string(), str::to_owned);
                let _turn = hosts.enter(&host).await;
                fetch.fetch(&client).await.map(|got| got.map(Arc::new))
            }
        };
        self.work.join(fetch.clone(), work).await.map(|got| got.map(Arc::unwrap_or_clone))
    }
}

impl Fetch {
    async fn fetch(self, client: &Client) -> Result<Option<Encoded>, FeedError> {
        let Self { url, root, etag, last_modified, max_bytes, .. } = self;
        let previous = Validators { etag, last_modified };
        if url.scheme() == "file" {
            let source = url.to_string();
            // A drive that is gone holds up one picture of its folder, and all others with that one.
            let who = root.display().to_string();
            let read = move |_: &super::StopToken| {
                file(&url, &root, &previous, max_bytes).map_err(|e| FeedError::new(url.as_str(), e))
            };
            return client.apart(&who, &source, PICTURE_TIMEOUT, read).await;
        }
        Ok(match client.get(&url, &previous, max_bytes, PICTURE_TIMEOUT).await? {
            Fetched::Document { bytes, validators, .. } => Some(Encoded { bytes, validators }),
            Fetched::Unchanged if previous == Validators::default() => {
                return Err(FeedError::new(url.as_str(), "the server sends no picture"));
            }
            Fetched::Unchanged => None,
        })
    }
}

/// The document that was asked for last, so that its pages and pictures do not each ask for it again; and what it is
/// fetched through.
#[derive(Debug, Default)]
pub struct DocumentCache {
    held: Option<Held>,
    gate: PictureGate,
}

impl DocumentCache {
    /// An empty one that fetches through `gate`.
    pub fn new(gate: PictureGate) -> Self {
        Self { held: None, gate }
    }
}

#[derive(Debug)]
struct Held {
    place: Url,
    /// `None` where it was said to be unchanged.
    bytes: Option<Arc<[u8]>>,
    validators: Validators,
}

/// Gets a picture's file by `http(s)` address, or by `file` address below `root`; `None` where it is still what
/// `previous` came with. `#page=3` behind an address is that page of a PDF, `#part=word/media/image1.png` a picture
/// within a Word document.
///
/// # Errors
/// One sentence: unreachable, outside `root`, or larger than `max_bytes`.
pub async fn picture(
    client: &Client,
    url: &Url,
    root: &Path,
    previous: &Validators,
    max_bytes: u64,
    shelf: &mut DocumentCache,
) -> Result<Option<Encoded>, FeedError> {
    if let Some(inner) = Inner::of(url) {
        return inner.get(client, url, root, previous, shelf).await;
    }
    shelf.gate.get(client, url, root, previous, max_bytes).await
}

/// What stands within a document.
enum Inner {
    Page(u32),
    Part(String),
}

impl Inner {
    fn of(url: &Url) -> Option<Self> {
        let fragment = url.fragment()?;
        if let Some(page) = fragment.strip_prefix("page=") {
            return page.parse().ok().map(Self::Page);
        }
        fragment.strip_prefix("part=").map(|part| Self::Part(part.to_owned()))
    }

    async fn get(
        self,
        client: &Client,
        url: &Url,
        root: &Path,
        previous: &Validators,
        shelf: &mut DocumentCache,
    ) -> Result<Option<Encoded>, FeedError> {
        let mut place = url.clone();
        place.set_fragment(None);
        let held = shelf.held.as_ref().filter(|held| held.place == place);
        if held.is_some_and(|held| held.validators == *previous && *previous != Validators::default()) {
            return Ok(None);
        }
        let (document, validators) = match held {
            Some(Held { bytes: Some(bytes), validators, .. }) => (bytes.clone(), validators.clone()),
            _ => {
                let mut none = DocumentCache::new(shelf.gate.clone());
                let fetch = Box::pin(picture(client, &place, root, previous, MAX_DOCUMENT, &mut none));
                let Some(sent) = fetch.await? else {
                    shelf.held = Some(Held { place, bytes: None, validators: previous.clone() });
                    return Ok(None);
                };
                let document: Arc<[u8]> = sent.bytes.into();
                let validators = sent.validators;
                shelf.held = Some(Held { place, bytes: Some(document.clone()), validators: validators.clone() });
                (document, validators)
            }
        };
        let name = url.to_string();
        let draw = move |_: &super::StopToken| {
            let drawn = match self {
                Self::Page(page) => pdf::picture(&document, page, PAGE_EDGE),
                Self::Part(part) => docx::part(&document, &part),
            };
            drawn.map_err(|reason| FeedError::new(name, reason))
        };
        let bytes = client.apart(url.as_str(), url.as_str(), PICTURE_TIMEOUT, draw).await?;
        Ok(Some(Encoded { bytes, validators }))
    }
}

/// As [`picture`], of a file. Blocks.
fn file(url: &Url, root: &Path, previous: &Validators, max_bytes: u64) -> Result<Option<Encoded>, String> {
    let path = url.to_file_path().map_err(|()| "it is no file's address".to_owned())?;
    let path = path.canonicalize().map_err(|e| unreadable(&e))?;
    let root = root.canonicalize().map_err(|e| unreadable(&e))?;
    if !path.starts_with(&root) {
        return Err("it lies outside the config folder; move it there".into());
    }
    let meta = path.metadata().map_err(|e| unreadable(&e))?;
    if meta.len() > max_bytes {
        return Err(format!("it is larger than {} MB; make it smaller", max_bytes >> 20));
    }
    let written = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let validators = Validators { etag: Some(format!("{}-{}", meta.len(), written.as_nanos())), last_modified: None };
    if validators == *previous {
        return Ok(None);
    }
    std::fs::read(&path).map(|bytes| Some(Encoded { bytes, validators })).map_err(|e| unreadable(&e))
}

/// Decodes a picture's file as [`decode`] does, as a job of `pool`; gives the bytes back with it.
///
/// # Errors
/// One sentence, where it is no picture or too large.
pub async fn decoded(
    pool: &BlockingPool,
    source: &str,
    bytes: Vec<u8>,
    max_edge: u32,
) -> Result<(Vec<u8>, PictureBytes), FeedError> {
    let name = source.to_owned();
    let work = move |_: &super::StopToken| match decode(&bytes, max_edge) {
        Ok(picture) => Ok((bytes, picture)),
        Err(reason) => Err(FeedError::new(name, reason)),
    };
    run_blocking(pool, source, source, PICTURE_TIMEOUT, work).await
}

/// Decodes a picture within limits and scales it down to `max_edge`.
///
/// # Errors
/// One sentence, where it is no picture or too large.
pub fn decode(bytes: &[u8], max_edge: u32) -> Result<PictureBytes, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| e.to_string())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(ALLOC);
    reader.limits(limits);
    let picture = reader.decode().map_err(|e| format!("it is no picture that can be shown ({e}); use PNG or JPEG"))?;
    let picture = if picture.width().max(picture.height()) > max_edge {
        picture.resize(max_edge, max_edge, FilterType::Triangle)
    } else {
        picture
    };
    let rgba = picture.into_rgba8();
    Ok(PictureBytes { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() })
}
