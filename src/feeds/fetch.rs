//! Fetching over HTTP: conditional, bounded in time, size and redirects.

use super::{FeedError, Validators};
use reqwest::{StatusCode, header, redirect};
use std::time::Duration;
use url::Url;

/// Redirects followed.
const HOPS: usize = 8;
/// Time to get a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent within a document.
const SILENCE: Duration = Duration::from_secs(15);

/// What makes requests. Cheap to clone; all clones share connections.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Nothing changed since the validators were given.
    Unchanged,
    /// A document, decompressed.
    Document {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Its content type, as the server says.
        content_type: Option<String>,
        /// Where it was found in the end.
        url: Url,
        /// To be sent back next time.
        validators: Validators,
    },
}

impl Client {
    /// Sets up requests.
    ///
    /// # Errors
    /// Where the system's root certificates or the TLS library cannot be used.
    pub fn new() -> Result<Self, FeedError> {
        let provider = rustls::crypto::ring::default_provider();
        // A second client in one process finds the provider installed already, which is as good.
        drop(rustls::crypto::CryptoProvider::install_default(provider));
        reqwest::Client::builder()
            .user_agent(concat!("gongshi/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::limited(HOPS))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .min_tls_version(reqwest::tls::Version::TLS_1_2)
            .build()
            .map(Self)
            .map_err(|e| FeedError::new("network", format!("requests cannot be set up: {}", causes(&e))))
    }

    /// Gets a document unless it is unchanged.
    ///
    /// # Errors
    /// One sentence: no connection, an error status, too slow, too large, too many redirects.
    pub async fn get(
        &self,
        url: &Url,
        previous: &Validators,
        most: u64,
        patience: Duration,
    ) -> Result<Fetched, FeedError> {
        let fail = |reason: String| FeedError::new(url.as_str(), reason);
        match tokio::time::timeout(patience, self.exchange(url, previous, most)).await {
            Ok(done) => done,
            Err(_) => Err(fail(format!("no whole answer within {} s; the server is slow or down", patience.as_secs()))),
        }
    }

    async fn exchange(&self, url: &Url, previous: &Validators, most: u64) -> Result<Fetched, FeedError> {
        let fail = |reason: String| FeedError::new(url.as_str(), reason);
        let mut request = self.0.get(url.clone());
        if let Some(etag) = &previous.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = &previous.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, since);
        }
        let mut answer = request.send().await.map_err(|e| fail(told(&e)))?;
        let said =
            |name: header::HeaderName| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let status = answer.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        if !status.is_success() {
            let retry_after = said(header::RETRY_AFTER).and_then(|s| s.trim().parse().ok()).map(Duration::from_secs);
            return Err(FeedError { retry_after, ..fail(format!("the server answers {status}; {}", mend(status))) });
        }
        let (content_type, url) = (said(header::CONTENT_TYPE), answer.url().clone());
        let validators = Validators { etag: said(header::ETAG), last_modified: said(header::LAST_MODIFIED) };
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| fail(told(&e)))? {
            if (bytes.len() + chunk.len()) as u64 > most {
                let most = most / 1024 / 1024;
                return Err(fail(format!(
                    "it is larger than {most} MB after decompression; make it smaller, or raise max_megabytes if it is a feed"
                )));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched::Document { bytes, content_type, url, validators })
    }
}

fn mend(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => "ask the office to allow this machine",
        404 | 410 => {
            "the address is wrong or the page is gone: mend source in the feed's file, or the notice that names it"
        }
        429 => "it is asked too often: raise every_minutes",
        500.. => "it is the server's own fault and is tried again later",
        _ => "mend source in the feed's file, or the notice that names it",
    }
}

fn told(error: &reqwest::Error) -> String {
    let what = if error.is_redirect() {
        "the redirects lead nowhere"
    } else if error.is_timeout() {
        "the server fell silent"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_decode() || error.is_body() {
        "the answer breaks off or is damaged"
    } else {
        "the request failed"
    };
    format!("{what} ({}); it is tried again later", causes(error))
}

/// The innermost cause, which names the system's own error.
fn causes(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// Runs blocking work on a thread of its own, bounded in time.
pub(super) async fn apart<T: Send + 'static>(
    source: &str,
    patience: Duration,
    work: impl FnOnce() -> Result<T, FeedError> + Send + 'static,
) -> Result<T, FeedError> {
    match tokio::time::timeout(patience, tokio::task::spawn_blocking(work)).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(FeedError::new(source, "its parser broke down on it; please report this source")),
        Err(_) => Err(FeedError::new(source, format!("reading it took more than {} s; split it", patience.as_secs()))),
    }
}

/// Leaves a server alone for a while.
pub(super) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Waits for a look or a fetch on the calling thread: for callers that have nothing else to do meanwhile.
///
/// # Errors
/// What the work ends with, or that the system gives no threads.
pub fn wait<T>(work: impl Future<Output = Result<T, FeedError>>) -> Result<T, FeedError> {
    let runtime = tokio::runtime::Runtime::new();
    runtime.map_err(|e| FeedError::new("network", format!("no threads to work on: {e}")))?.block_on(work)
}
