//! Pictures: fetched and decoded off the render thread, within limits.

use super::{Client, FeedError, Fetched, Validators, blocking::run_blocking, folder::unreadable, formats::docx, pdf};
use crate::jobs::BlockingPool;
use image::{ImageReader, Limits, imageops::FilterType};
use std::{
    io::Cursor,
    path::Path,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};
use url::Url;

/// Pixels along an edge that are decoded at all.
const LARGEST: u32 = 16_384;
/// How long getting or decoding one picture may take.
const PATIENCE: Duration = Duration::from_secs(30);
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

/// The document that was asked for last, so that its pages and pictures do not each ask for it again.
#[derive(Debug, Default)]
pub struct Shelf(Option<Held>);

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
    shelf: &mut Shelf,
) -> Result<Option<Encoded>, FeedError> {
    if let Some(inner) = Inner::of(url) {
        return inner.get(client, url, root, previous, shelf).await;
    }
    if url.scheme() == "file" {
        let (url, folder, previous) = (url.clone(), root.to_owned(), previous.clone());
        let source = url.to_string();
        let read = move || file(&url, &folder, &previous, max_bytes).map_err(|e| FeedError::new(url.as_str(), e));
        // A drive that is gone holds up one picture of its folder, and all others with that one.
        let who = root.display().to_string();
        return client.apart(&who, &source, PATIENCE, move |_| read()).await;
    }
    Ok(match client.get(url, previous, max_bytes, PATIENCE).await? {
        Fetched::Document { bytes, validators, .. } => Some(Encoded { bytes, validators }),
        Fetched::Unchanged if *previous == Validators::default() => {
            return Err(FeedError::new(url.as_str(), "the server sends no picture"));
        }
        Fetched::Unchanged => None,
    })
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
        shelf: &mut Shelf,
    ) -> Result<Option<Encoded>, FeedError> {
        let mut place = url.clone();
        place.set_fragment(None);
        let held = shelf.0.as_ref().filter(|held| held.place == place);
        if held.is_some_and(|held| held.validators == *previous && *previous != Validators::default()) {
            return Ok(None);
        }
        let (document, validators) = match held {
            Some(Held { bytes: Some(bytes), validators, .. }) => (bytes.clone(), validators.clone()),
            _ => {
                let mut none = Shelf::default();
                let fetch = Box::pin(picture(client, &place, root, previous, MAX_DOCUMENT, &mut none));
                let Some(sent) = fetch.await? else {
                    *shelf = Shelf(Some(Held { place, bytes: None, validators: previous.clone() }));
                    return Ok(None);
                };
                let document: Arc<[u8]> = sent.bytes.into();
                let validators = sent.validators;
                *shelf = Shelf(Some(Held { place, bytes: Some(document.clone()), validators: validators.clone() }));
                (document, validators)
            }
        };
        let name = url.to_string();
        let draw = move |_: &super::Stop| {
            let drawn = match self {
                Self::Page(page) => pdf::picture(&document, page, pdf::PAGE_EDGE),
                Self::Part(part) => docx::part(&document, &part),
            };
            drawn.map_err(|reason| FeedError::new(name, reason))
        };
        let bytes = client.apart(url.as_str(), url.as_str(), PATIENCE, draw).await?;
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
    let work = move |_: &super::Stop| match decode(&bytes, max_edge) {
        Ok(picture) => Ok((bytes, picture)),
        Err(reason) => Err(FeedError::new(name, reason)),
    };
    run_blocking(pool, source, source, PATIENCE, work).await
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
