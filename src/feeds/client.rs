//! What fetches for a feed: the HTTP client, with the feed's reach, its login, its documents noted and its blocking work.

use super::{FeedError, blocking::run_blocking, raw::Recorder, stop::StopToken};
use crate::{
    config::Feed,
    jobs::BlockingPool,
    net::{Fetched, HttpClient, NetError, Refused, Validators, redacted},
};
use std::{sync::Arc, time::Duration};
use url::{Origin, Url};

/// How long packing one document for keeping may take.
const PACKING_TIMEOUT: Duration = Duration::from_secs(60);

/// What makes requests. Cheap to clone; all clones share connections.
///
/// It reaches the internet only, unless made for a feed that may reach the own network ([`Client::for_feed`]) or for
/// an address that a person typed ([`Client::for_typed`]).
#[derive(Debug, Clone)]
pub struct Client {
    http: HttpClient,
    reach: Reach,
    login: Option<Arc<Login>>,
    feed: Option<Arc<str>>,
    /// Whose jobs those of the feed are: its name with its source, since one whose source was corrected is not to wait
    /// for the old one.
    owner: Option<Arc<str>>,
    pool: BlockingPool,
    recorder: Option<Recorder>,
}

/// What of the own network is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Nothing,
    /// The host of the source, as its address writes it.
    Host(Arc<str>),
    /// Whatever host is asked for: the source is a folder, and staff put into it what names hosts.
    Asked,
}

/// A name and a password that one server is to know. They are kept apart from all addresses, so that none of those that
/// are made from the source's carries them on.
struct Login {
    origin: Origin,
    name: String,
    password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

impl Login {
    fn of(url: &Url) -> Option<Arc<Self>> {
        let is_any = !url.username().is_empty() || url.password().is_some();
        let [name, password] = [url.username(), url.password().unwrap_or_default()].map(str::to_owned);
        is_any.then(|| Arc::new(Self { origin: url.origin(), name, password }))
    }

    /// The address with the login, where it is one of its server's and has none of its own.
    fn put_into(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if url.origin() == self.origin && url.username().is_empty() && url.password().is_none() {
            // An address of a server can hold both.
            let _ = url.set_username(&self.name);
            let _ = url.set_password(Some(self.password.as_str()).filter(|p| !p.is_empty()));
        }
        url
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
        Self {
            http: HttpClient::new(),
            reach: Reach::Nothing,
            login: None,
            feed: None,
            owner: None,
            pool: BlockingPool::default(),
            recorder: None,
        }
    }

    /// The same with its requests made by `http`.
    #[must_use]
    pub fn with_http(self, http: HttpClient) -> Self {
        Self { http, ..self }
    }

    /// As [`Client::new`], for an address that a person typed: its host may be on the own network. Where it redirects
    /// to may not, since that is the server's word.
    #[must_use]
    pub fn for_typed(url: &Url) -> Self {
        let reach = url.host_str().map_or(Reach::Nothing, |host| Reach::Host(host.into()));
        Self { reach, login: Login::of(url), ..Self::new() }
    }

    /// Whether an address is on the own network, as far as this machine can tell now. Blocks while a name is resolved.
    pub fn is_private(url: &Url) -> bool {
        HttpClient::is_private(url)
    }

    /// The same for the feed called `name`: it reaches its source's host on the own network where the feed's file says
    /// so, and any that is named where its source is a folder.
    #[must_use]
    pub fn for_feed(&self, name: &str, feed: &Feed) -> Self {
        let owner = Some(format!("{name} {}", redacted(&feed.source)).into());
        let source = Url::parse(&feed.source).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let reach = match (&source, feed.private_network) {
            // Of an address that a person typed the host is open whatever the file says.
            (_, false) => self.reach.clone(),
            (Some(url), true) => url.host_str().map_or(Reach::Nothing, |host| Reach::Host(host.into())),
            (None, true) => Reach::Asked,
        };
        let login = source.as_ref().and_then(Login::of).or_else(|| self.login.clone());
        Self { reach, login, feed: Some(name.into()), owner, ..self.clone() }
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
        work: impl FnOnce(&StopToken) -> Result<T, FeedError> + Send + 'static,
    ) -> Result<T, FeedError> {
        let own = self.owner.as_deref().filter(|_| self.feed.as_deref() == Some(who));
        run_blocking(&self.pool, own.unwrap_or(who), &redacted(source), patience, work).await
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
        let asked = self.login.as_ref().map_or_else(|| url.clone(), |login| login.put_into(url));
        let private_host = match &self.reach {
            Reach::Nothing => None,
            Reach::Host(host) => url.host_str().filter(|asked| **asked == **host),
            Reach::Asked => url.host_str(),
        };
        let fetched = self.http.get(&asked, previous, (most, patience), private_host).await;
        self.note(url, fetched.map_err(|error| self.fault(url, &error))?).await
    }

    /// Notes a document as it came, away from what must not wait: packing takes a second for 50 MB.
    async fn note(&self, asked: &Url, fetched: Fetched) -> Result<Fetched, FeedError> {
        let Some(recorder) = self.recorder.clone() else { return Ok(fetched) };
        let Fetched::Document { bytes, content_type, url, validators } = fetched else { return Ok(fetched) };
        let (place, name) = (asked.clone(), asked.to_string());
        let who = self.feed.as_deref().unwrap_or(&name).to_owned();
        let note = move |_: &StopToken| {
            recorder.note(url.as_str(), Some(place.as_str()), content_type.as_deref(), &bytes);
            Ok(Fetched::Document { bytes, content_type, url, validators })
        };
        self.apart(&who, &name, PACKING_TIMEOUT, note).await
    }

    /// Why a request brought nothing, with the mend.
    fn fault(&self, url: &Url, error: &NetError) -> FeedError {
        let mend = match (error, self.feed.as_deref()) {
            (NetError::Refused(Refused::Private { .. }), Some(feed)) if self.reach == Reach::Nothing => {
                format!("; write private_network = true in feeds/{feed}.toml if that is meant")
            }
            (NetError::Refused(Refused::Private { .. }), Some(feed)) => {
                format!(
                    "; private_network opens the host of the source alone: mend source in feeds/{feed}.toml if it moved"
                )
            }
            (NetError::Refused(Refused::Private { .. }), None) => {
                "; a feed may go there by private_network = true in its file".to_owned()
            }
            (NetError::Refused(_), _) => {
                "; mend source in the feed's file, or ask the office what its server is doing".to_owned()
            }
            (NetError::Status { code, .. }, _) => format!("; {}", mend(*code)),
            (NetError::TooLarge(_), _) => "; make it smaller, or raise max_megabytes if it is a feed".to_owned(),
            (NetError::TimedOut(_) | NetError::Failed(_), _) => String::new(),
        };
        let retry_after = match error {
            NetError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        FeedError { retry_after, ..FeedError::new(url.as_str(), format!("{error}{mend}")) }
    }
}

fn mend(status: u16) -> &'static str {
    match status {
        401 | 403 => "ask the office to allow this machine",
        404 | 410 => {
            "the address is wrong or the page is gone: mend source in the feed's file, or the notice that names it"
        }
        429 => "it is asked too often: raise every_minutes",
        500.. => "it is the server's own fault and is tried again later",
        _ => "mend source in the feed's file, or the notice that names it",
    }
}

/// Waits for a look or a fetch on the calling thread: for callers that have nothing else to do meanwhile.
///
/// # Errors
/// What the work ends with, or that the system gives no threads.
pub fn wait<T>(work: impl Future<Output = Result<T, FeedError>>) -> Result<T, FeedError> {
    crate::net::wait(work).map_err(|e| FeedError::new("network", format!("no threads to work on: {e}")))?
}
