//! Fetching over HTTP: conditional, bounded in time, size and redirects, and never where no feed may go.

mod guard;

use super::{FeedError, Validators, blocking::run_blocking, raw::Recorder, stop::Stop};
use crate::{config::Feed, jobs::BlockingPool};
use guard::{Gate, Names, refusal};
use reqwest::{StatusCode, header};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use url::Url;

/// Time to get a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent within a document.
const SILENCE: Duration = Duration::from_secs(15);
/// How long packing one document for keeping may take.
const PACKING: Duration = Duration::from_secs(60);
/// Room set aside for a document before its bytes come.
const AHEAD: u64 = 1024 * 1024;

/// What makes requests. Cheap to clone; all clones share connections.
///
/// It reaches the internet only, unless made for a feed that may reach the own network ([`Client::for_feed`]) or for
/// an address that a person typed ([`Client::for_typed`]). Multicast, link-local and the clouds' metadata services are
/// out of reach in any case.
#[derive(Debug, Clone)]
pub struct Client {
    /// By whether the own network is open.
    lines: [Line; 2],
    is_open: bool,
    feed: Option<Arc<str>>,
    /// Whose jobs those of the feed are: its name with its source, since one whose source was corrected is not to wait
    /// for the old one.
    owner: Option<Arc<str>>,
    pool: BlockingPool,
    recorder: Option<Recorder>,
}

/// Connections behind one gate, set up with the first request: to read the system's root certificates takes longer than
/// to read the store, and who reads only files needs none.
#[derive(Debug, Clone)]
struct Line {
    gate: Arc<Gate>,
    http: Arc<OnceLock<reqwest::Client>>,
}

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

impl Line {
    fn new(gate: Gate) -> Self {
        Self { gate: Arc::new(gate), http: Arc::default() }
    }

    fn http(&self) -> Result<&reqwest::Client, FeedError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let provider = rustls::crypto::ring::default_provider();
        // A second client in one process finds the provider installed already, which is as good.
        drop(rustls::crypto::CryptoProvider::install_default(provider));
        let http = reqwest::Client::builder()
            .user_agent(concat!("gongshi/", env!("CARGO_PKG_VERSION")))
            .redirect(Gate::clone(&self.gate).redirects())
            .dns_resolver(Arc::new(Names(Arc::clone(&self.gate))))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .min_tls_version(reqwest::tls::Version::TLS_1_2)
            .build()
            .map_err(|e| FeedError::new("network", format!("requests cannot be set up: {}", causes(&e))))?;
        Ok(self.http.get_or_init(|| http))
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// What makes requests; set up in full with the first one.
    #[must_use]
    pub fn new() -> Self {
        Self::knowing(guard::proxies())
    }

    /// As [`Client::new`], for an address that a person typed: its host may be on the own network. Where it redirects
    /// to may not, since that is the server's word.
    #[must_use]
    pub fn for_typed(url: &Url) -> Self {
        Self::knowing(guard::proxies().into_iter().chain(url.host_str().map(str::to_owned)).collect())
    }

    fn knowing(known: Vec<String>) -> Self {
        let open = Gate { private: true, known: known.clone() };
        let lines = [Line::new(Gate { private: false, known }), Line::new(open)];
        Self { lines, is_open: false, feed: None, owner: None, pool: BlockingPool::default(), recorder: None }
    }

    /// Whether an address is on the own network, as far as this machine can tell now. Blocks while a name is resolved.
    pub fn is_private(url: &Url) -> bool {
        let found = url.socket_addrs(|| None).unwrap_or_default();
        found.iter().any(|address| guard::region(address.ip()) == guard::Region::Private)
    }

    /// The same for the feed called `name`: it reaches the own network where the feed's file says so.
    #[must_use]
    pub fn for_feed(&self, name: &str, feed: &Feed) -> Self {
        let owner = Some(format!("{name} {}", feed.source).into());
        Self { is_open: feed.private_network, feed: Some(name.into()), owner, ..self.clone() }
    }

    /// The same for one look, whose documents are noted.
    pub(super) fn noting(self, recorder: Recorder) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    /// The same with its blocking work done by `pool`.
    #[must_use]
    pub fn with_pool(self, pool: BlockingPool) -> Self {
        Self { pool, ..self }
    }

    /// The feed it asks for; see [`Client::for_feed`].
    pub(super) fn feed(&self) -> Option<&str> {
        self.feed.as_deref()
    }

    /// What does its blocking work.
    pub fn pool(&self) -> &BlockingPool {
        &self.pool
    }

    /// Does blocking work for `who`, a feed or a folder; see [`run_blocking`].
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        who: &str,
        source: &str,
        patience: Duration,
        work: impl FnOnce(&Stop) -> Result<T, FeedError> + Send + 'static,
    ) -> Result<T, FeedError> {
        let own = self.owner.as_deref().filter(|_| self.feed.as_deref() == Some(who));
        run_blocking(&self.pool, own.unwrap_or(who), source, patience, work).await
    }

    /// Gets a document unless it is unchanged.
    ///
    /// # Errors
    /// One sentence: no connection, an error status, too slow, too large, too many redirects, or that the system's root
    /// certificates or the TLS library cannot be used.
    pub async fn get(
        &self,
        url: &Url,
        previous: &Validators,
        most: u64,
        patience: Duration,
    ) -> Result<Fetched, FeedError> {
        let fail = |reason: String| FeedError::new(url.as_str(), reason);
        match tokio::time::timeout(patience, self.exchange(url, previous, most)).await {
            Ok(done) => self.note(url, done?).await,
            Err(_) => Err(fail(format!("no whole answer within {} s; the server is slow or down", patience.as_secs()))),
        }
    }

    /// Notes a document as it came, away from what must not wait: packing takes a second for 50 MB.
    async fn note(&self, asked: &Url, fetched: Fetched) -> Result<Fetched, FeedError> {
        let Some(recorder) = self.recorder.clone() else { return Ok(fetched) };
        let Fetched::Document { bytes, content_type, url, validators } = fetched else { return Ok(fetched) };
        let (place, name) = (asked.clone(), asked.to_string());
        let who = self.feed.as_deref().unwrap_or(&name).to_owned();
        let note = move |_: &Stop| {
            recorder.note(url.as_str(), Some(place.as_str()), content_type.as_deref(), &bytes);
            Ok(Fetched::Document { bytes, content_type, url, validators })
        };
        self.apart(&who, &name, PACKING, note).await
    }

    async fn exchange(&self, url: &Url, previous: &Validators, most: u64) -> Result<Fetched, FeedError> {
        let fail = |reason: String| FeedError::new(url.as_str(), reason);
        let [closed, open] = &self.lines;
        let line = if self.is_open { open } else { closed };
        line.gate.check(url).map_err(|refused| refused.told(url, self.feed.as_deref()))?;
        let mut request = line.http()?.get(url.clone());
        if let Some(etag) = &previous.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = &previous.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, since);
        }
        let mut answer = request.send().await.map_err(|e| match refusal(&e) {
            Some(refused) => refused.told(url, self.feed.as_deref()),
            None => fail(told(&e)),
        })?;
        let said =
            |name: header::HeaderName| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let status = answer.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        // A place that is no address of the web at all comes back as it was sent.
        let place = said(header::LOCATION).filter(|_| status.is_redirection());
        if let Some(place) = place.and_then(|place| answer.url().join(&place).ok()) {
            line.gate.check(&place).map_err(|refused| refused.told(url, self.feed.as_deref()))?;
        }
        if !status.is_success() {
            let retry_after = said(header::RETRY_AFTER).and_then(|s| s.trim().parse().ok()).map(Duration::from_secs);
            return Err(FeedError { retry_after, ..fail(format!("the server answers {status}; {}", mend(status))) });
        }
        let (content_type, url) = (said(header::CONTENT_TYPE), answer.url().clone());
        let validators = Validators { etag: said(header::ETAG), last_modified: said(header::LAST_MODIFIED) };
        let large = || {
            let most = most / 1024 / 1024;
            fail(format!(
                "it is larger than {most} MB after decompression; make it smaller, or raise max_megabytes if it is a feed"
            ))
        };
        // Of what is compressed the length is not known.
        let length = answer.content_length().unwrap_or(0);
        if length > most {
            return Err(large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(AHEAD)).unwrap_or(0));
        while let Some(chunk) = answer.chunk().await.map_err(|e| fail(told(&e)))? {
            if (bytes.len() + chunk.len()) as u64 > most {
                return Err(large());
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

/// Leaves a server alone for a while.
pub(super) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Does two things at once, and gives what both end with.
pub async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    tokio::join!(one, other)
}

/// Waits for a look or a fetch on the calling thread: for callers that have nothing else to do meanwhile.
///
/// # Errors
/// What the work ends with, or that the system gives no threads.
pub fn wait<T>(work: impl Future<Output = Result<T, FeedError>>) -> Result<T, FeedError> {
    let runtime = tokio::runtime::Runtime::new();
    runtime.map_err(|e| FeedError::new("network", format!("no threads to work on: {e}")))?.block_on(work)
}
