//! A document's pictures: fetched and decoded off the drawing side, within limits.

use crate::{
    config::Config,
    edition::Document,
    feeds::{self, Client},
    model::Block,
    scene::Picture,
};
use std::{collections::HashMap, path::PathBuf, sync::Arc};
use url::Url;

/// Bytes one picture's file may have.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Longest edge a picture is kept at, pixels: no page shows it larger.
const MAX_EDGE: u32 = 1200;
/// Pixels the pictures of one document may have in all; what is beyond keeps its alternative text.
const MAX_PIXELS: u64 = 12_000_000;

/// Gets the pictures that `wanted` lets through. One that fails is said in the log and left out.
pub(super) async fn gather(
    client: &Client,
    config: &Config,
    document: &Document,
    wanted: impl Fn(&Url) -> bool,
) -> HashMap<String, Arc<Picture>> {
    let root = root(config, &document.head.feed);
    let mut pictures = HashMap::new();
    let mut pixels = 0;
    for block in &document.notice.body {
        let Block::Picture { src, .. } = block else { continue };
        let Some(url) = Url::parse(src).ok().filter(&wanted) else { continue };
        if pictures.contains_key(src) || pixels >= MAX_PIXELS {
            continue;
        }
        match feeds::picture(client, &url, &root, MAX_BYTES, MAX_EDGE).await {
            Ok(got) => {
                pixels += u64::from(got.width) * u64::from(got.height);
                let picture = Picture { width: got.width, height: got.height, rgba: got.rgba };
                pictures.insert(src.clone(), Arc::new(picture));
            }
            Err(error) => tracing::warn!("{error}"),
        }
    }
    pictures
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
