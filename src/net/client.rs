//! What makes requests.

use super::{
    NetError,
    address::without_login,
    guard::{self, Gate, Names, NetworkZone, Refused, refusal},
};
use reqwest::{StatusCode, header};
use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, SystemTime},
};
use url::Url;

/// Time to get a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may be silent within a document.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(15);
/// Room set aside for a document before its bytes come.
const PREALLOCATED_BYTES: u64 = 1024 * 1024;
/// Hosts of the own network whose connections are kept.
const MAX_PRIVATE_HOSTS: usize = 64;

/// What makes requests. Cheap to clone; all clones share connections.
///
/// It reaches the internet only, but for the one host of the own network that a request names. Multicast, link-local and
/// the clouds' metadata services are out of reach in any case.
#[derive(Debug, Clone)]
pub struct HttpClient {
    /// Hosts that may be on the own network whoever asks: the proxies.
    known: Arc<[String]>,
    public: Connections,
    private: Arc<Mutex<HashMap<String, Connections>>>,
    transport: Option<Arc<dyn Transport>>,
}

/// What stands in for a server says to one request.
#[derive(Debug)]
pub enum Reply {
    /// A document, or that it is as it was.
    Fetched(Fetched),
    /// That it is at another place.
    Redirect(Url),
}

/// A reply or why there is none, in the end.
pub type Exchange = Pin<Box<dyn Future<Output = Result<Reply, NetError>> + Send>>;

/// What stands in for the network: an answer to each request, as late as it likes. For simulations.
pub trait Transport: std::fmt::Debug + Send + Sync {
    /// Asks for the document at `url`, unless it is as it was when `previous` was given.
    fn get(&self, url: Url, previous: Validators) -> Exchange;
}

/// Connections behind one gate, set up with the first request: to read the system's root certificates takes longer than
/// to read the store, and who reads only files needs none.
#[derive(Debug, Clone)]
struct Connections {
    gate: Arc<Gate>,
    http: Arc<OnceLock<reqwest::Client>>,
}

/// HTTP validators of the last successful request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified`, verbatim.
    pub last_modified: Option<String>,
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
        /// Where it was found in the end; without a name and a password.
        url: Url,
        /// To be sent back next time.
        validators: Validators,
    },
}

impl Connections {
    fn new(gate: Gate) -> Self {
        Self { gate: Arc::new(gate), http: Arc::default() }
    }

    fn http(&self) -> Result<&reqwest::Client, NetError> {
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
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            .min_tls_version(reqwest::tls::Version::TLS_1_2)
            .build()
            .map_err(|e| NetError::Failed(format!("requests cannot be set up: {}", innermost(&e))))?;
        Ok(self.http.get_or_init(|| http))
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpClient {
    /// What makes requests; set up in full with the first one.
    #[must_use]
    pub fn new() -> Self {
        let known: Arc<[String]> = guard::proxies().into();
        let public = Connections::new(Gate { known: known.to_vec() });
        Self { known, public, private: Arc::default(), transport: None }
    }

    /// The same with all documents from `transport` in place of the network; where requests may go and how long they may
    /// take is judged as ever.
    #[must_use]
    pub fn over(transport: Arc<dyn Transport>) -> Self {
        Self { transport: Some(transport), ..Self::new() }
    }

    /// Whether an address is on the own network, as far as this machine can tell now. Blocks while a name is resolved.
    pub fn is_private(url: &Url) -> bool {
        let found = url.socket_addrs(|| None).unwrap_or_default();
        found.iter().any(|address| NetworkZone::of(address.ip()) == NetworkZone::Private)
    }

    /// Gets a document of `max_bytes` at most within `timeout`, unless it is unchanged. A name and a password in the
    /// address are sent to its host alone. `private_host`, as an address writes it, may be on the own network; where it
    /// redirects to may not.
    ///
    /// # Errors
    /// No connection, an error status, too slow, too large, a forbidden place, too many redirects, or that the system's
    /// root certificates or the TLS library cannot be used.
    pub async fn get(
        &self,
        url: &Url,
        previous: &Validators,
        (max_bytes, timeout): (u64, Duration),
        private_host: Option<&str>,
    ) -> Result<Fetched, NetError> {
        let connections = private_host.map_or_else(|| self.public.clone(), |host| self.private(host));
        if let Some(transport) = &self.transport {
            let exchange = connections.gate.exchange_over(&**transport, url, previous);
            return tokio::time::timeout(timeout, exchange).await.unwrap_or(Err(NetError::TimedOut(timeout)));
        }
        let exchange = connections.exchange(url, previous, max_bytes);
        tokio::time::timeout(timeout, exchange).await.unwrap_or(Err(NetError::TimedOut(timeout)))
    }

    fn private(&self, host: &str) -> Connections {
        let mut all = self.private.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_PRIVATE_HOSTS && !all.contains_key(host) {
            all.clear();
        }
        let gate = || Gate { known: self.known.iter().cloned().chain([host.to_owned()]).collect() };
        all.entry(host.to_owned()).or_insert_with(|| Connections::new(gate())).clone()
    }
}

impl Gate {
    /// Gets a document from what stands in for the network; redirects are judged and followed as they are on the network.
    async fn exchange_over(
        &self,
        transport: &dyn Transport,
        url: &Url,
        previous: &Validators,
    ) -> Result<Fetched, NetError> {
        self.check(url)?;
        let mut url = url.clone();
        for requests in 1.. {
            match transport.get(url, previous.clone()).await? {
                Reply::Fetched(fetched) => return Ok(fetched),
                Reply::Redirect(to) => {
                    self.check_redirect(&to, requests)?;
                    url = to;
                }
            }
        }
        Err(Refused::Hops.into())
    }
}

impl Connections {
    async fn exchange(&self, url: &Url, previous: &Validators, max_bytes: u64) -> Result<Fetched, NetError> {
        self.gate.check(url)?;
        let mut request = self.http()?.get(url.clone());
        if let Some(etag) = &previous.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = &previous.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, since);
        }
        let failed = |error: reqwest::Error| NetError::Failed(failure(&error));
        let mut answer = request.send().await.map_err(|error| match refusal(&error) {
            Some(refused) => NetError::Refused(refused.clone()),
            None => failed(error),
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
            self.gate.check(&place)?;
        }
        if !status.is_success() {
            let wait = said(header::RETRY_AFTER).and_then(|wait| retry_after(&wait, said(header::DATE).as_deref()));
            return Err(NetError::Status { code: status.as_u16(), text: status.to_string(), retry_after: wait });
        }
        let (content_type, found) = (said(header::CONTENT_TYPE), answer.url().clone());
        let validators = Validators { etag: said(header::ETAG), last_modified: said(header::LAST_MODIFIED) };
        // Of what is compressed the length is not known.
        let length = answer.content_length().unwrap_or(0);
        if length > max_bytes {
            return Err(NetError::TooLarge(max_bytes));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(PREALLOCATED_BYTES)).unwrap_or(0));
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if (bytes.len() + chunk.len()) as u64 > max_bytes {
                return Err(NetError::TooLarge(max_bytes));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched::Document { bytes, content_type, url: without_login(found), validators })
    }
}

/// How long a server asks to be left alone: in seconds, or until a time by its own clock, which `date` tells.
fn retry_after(wait: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = wait.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = |text: &str| httpdate::parse_http_date(text.trim()).ok();
    let (until, now): (SystemTime, SystemTime) = (time(wait)?, time(date?)?);
    Some(until.duration_since(now).unwrap_or_default())
}

fn failure(error: &reqwest::Error) -> String {
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
    format!("{what} ({}); it is tried again later", innermost(error))
}

/// The innermost cause, which names the system's own error.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_names_seconds_or_a_time_by_its_own_clock() {
        let at = |second: u32| format!("Mon, 23 Nov 2026 01:42:{second:02} GMT");
        assert_eq!(retry_after(" 120 ", None), Some(Duration::from_secs(120)));
        assert_eq!(retry_after(&at(30), Some(&at(10))), Some(Duration::from_secs(20)));
        assert_eq!(retry_after(&at(10), Some(&at(30))), Some(Duration::ZERO));
        assert_eq!([retry_after(&at(30), None), retry_after("soon", Some(&at(1)))], [None; 2]);
    }

    #[test]
    fn connections_to_the_own_network_are_kept_for_few_hosts_and_shared() {
        let client = HttpClient::new();
        for n in 0..200 {
            client.private(&format!("host{n}.example"));
        }
        assert!(client.private.lock().unwrap().len() <= MAX_PRIVATE_HOSTS);
        let [one, other] = [(); 2].map(|()| client.clone().private("a.example"));
        assert!(Arc::ptr_eq(&one.http, &other.http));
    }
}
