//! Pictures: fetched and decoded off the render thread, within limits.

use super::{Client, FeedError, Fetched, Validators, fetch::apart, folder::unreadable};
use image::{ImageReader, Limits, imageops::FilterType};
use std::{io::Cursor, path::Path, time::Duration};
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

/// Gets a picture by `http(s)` address, or by `file` address below `root`, scaled down to `max_edge` pixels.
///
/// # Errors
/// One sentence: unreachable, outside `root`, larger than `max_bytes`, or no picture.
pub async fn picture(
    client: &Client,
    url: &Url,
    root: &Path,
    max_bytes: u64,
    max_edge: u32,
) -> Result<PictureBytes, FeedError> {
    let fail = |reason: String| FeedError::new(url.as_str(), reason);
    let bytes = if url.scheme() == "file" {
        let path = url.to_file_path().map_err(|()| fail("it is no file's address".into()))?;
        let path = path.canonicalize().map_err(|e| fail(unreadable(&e)))?;
        let root = root.canonicalize().map_err(|e| fail(unreadable(&e)))?;
        if !path.starts_with(&root) {
            return Err(fail("it lies outside the config folder; move it there".into()));
        }
        let size = path.metadata().map_err(|e| fail(unreadable(&e)))?.len();
        if size > max_bytes {
            return Err(fail(format!("it is larger than {} MB; make it smaller", max_bytes >> 20)));
        }
        let source = url.to_string();
        let read = move || std::fs::read(&path).map_err(|e| FeedError::new(source, unreadable(&e)));
        apart(url.as_str(), PATIENCE, read).await?
    } else {
        match client.get(url, &Validators::default(), max_bytes, PATIENCE).await? {
            Fetched::Document { bytes, .. } => bytes,
            Fetched::Unchanged => return Err(fail("the server sends no picture".into())),
        }
    };
    let source = url.to_string();
    apart(url.as_str(), PATIENCE, move || decode(&bytes, max_edge).map_err(|e| FeedError::new(source, e))).await
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
