//! The network: one server of an office with all its faults, and another it leads to. Nobody may ask for anything else.

use super::{
    clock::SimClock,
    source::{Mode, Source},
};
use gongshi::net::{Exchange, Fetched, NetError, Reply, Transport, Validators};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use url::{Host, Url};

/// Where the feed is said to be, and where it leads to.
pub const FEED: &str = "http://office.example/rss.xml";
const MOVED: &str = "http://other.example/moved.xml";
/// In front of a notice's number: the address of its picture.
pub const PICTURES: &str = "http://office.example/pictures/";

/// What offices and servers share with the player's network.
#[derive(Debug)]
pub struct Network {
    pub server: Arc<Mutex<Source>>,
    pub clock: Arc<SimClock>,
    /// A picture as servers send it.
    pub picture: Vec<u8>,
}

impl std::fmt::Debug for SimClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimClock")
    }
}

impl Network {
    /// A server whose pictures are all the same.
    pub fn new(server: &Arc<Mutex<Source>>, clock: &Arc<SimClock>) -> Self {
        let mut picture = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(8, 8).write_to(&mut picture, image::ImageFormat::Png).unwrap();
        Self { server: Arc::clone(server), clock: Arc::clone(clock), picture: picture.into_inner() }
    }
}

fn document(bytes: Vec<u8>, kind: &str, url: &Url, etag: Option<String>) -> Reply {
    Reply::Fetched(Fetched::Document {
        bytes,
        content_type: Some(kind.to_owned()),
        url: url.clone(),
        validators: Validators { etag, last_modified: None },
    })
}

/// A number for what a document says.
fn etag(text: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("\"{:x}\"", hasher.finish())
}

impl Transport for Network {
    fn get(&self, url: Url, previous: Validators) -> Exchange {
        assert!(matches!(url.host(), Some(Host::Domain(_))), "{url} is in the own network and was asked for");
        let (server, clock, picture) = (Arc::clone(&self.server), Arc::clone(&self.clock), self.picture.clone());
        Box::pin(async move {
            let mode = server.lock().unwrap().mode;
            let wait = match mode {
                Mode::Late => Duration::from_secs(12),
                Mode::Hanging => Duration::from_secs(86_400),
                _ => Duration::from_millis(80),
            };
            tokio::time::sleep(wait).await;
            let mut server = server.lock().unwrap();
            let rss = "application/rss+xml";
            let is_picture = url.as_str().starts_with(PICTURES);
            match mode {
                Mode::Moved if url.as_str() != MOVED && !is_picture => Ok(Reply::Redirect(MOVED.parse().unwrap())),
                Mode::Looping => Ok(Reply::Redirect(url)),
                Mode::Inward => Ok(Reply::Redirect("http://192.168.7.7/rss.xml".parse().unwrap())),
                Mode::Well | Mode::Late | Mode::Hanging | Mode::Moved if is_picture => {
                    Ok(document(picture, "image/png", &url, None))
                }
                Mode::Well | Mode::Late | Mode::Hanging | Mode::Moved | Mode::Lost => {
                    server.tell(clock.elapsed());
                    let text = server.rss(PICTURES);
                    let etag = etag(&text);
                    Ok(match previous.etag {
                        Some(known) if known == etag => Reply::Fetched(Fetched::Unchanged),
                        _ => document(text.into_bytes(), rss, &url, Some(etag)),
                    })
                }
                Mode::Wrong => {
                    let page = b"<!DOCTYPE html><html><body><form>login</form></body></html>".to_vec();
                    Ok(document(page, rss, &url, None))
                }
                Mode::CutOff => {
                    let mut bytes = if is_picture { picture } else { server.rss(PICTURES).into_bytes() };
                    bytes.truncate(bytes.len() / 3);
                    Ok(document(bytes, rss, &url, None))
                }
                Mode::Empty => {
                    let empty =
                        "<?xml version='1.0'?><rss version='2.0'><channel><title>示例网</title></channel></rss>";
                    Ok(document(empty.into(), rss, &url, None))
                }
                Mode::Error => Err(NetError::Status {
                    code: 503,
                    text: "503 Service Unavailable".into(),
                    retry_after: Some(Duration::from_secs(600)),
                }),
                Mode::Gone => Err(NetError::Status { code: 404, text: "404 Not Found".into(), retry_after: None }),
            }
        })
    }
}
