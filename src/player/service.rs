//! The source side: starts the actors, hands them what the window side says, and ends with them. It never touches a
//! window. What it is made of stands in [`super::actors`].

use super::{
    actors::{
        Actor, Conditions, Context, Ended, INLET_MESSAGES, Inlet, Orders, answer, config, harvest, journal, pictures,
        publish, restart_delay, sources, supervise, zone_pictures,
    },
    message::Inbound,
};
use crate::{
    config::Config,
    feeds::{Client, PictureGate},
    jobs::CancellationToken,
    platform::Mailbox,
    store::StoreHandle,
    time::Clock,
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use tokio::sync::watch;

/// How long the windows may take to end once the system asks the program to: what they showed last is still noted.
const WINDOWS_GRACE: Duration = Duration::from_millis(1500);
/// How long the store may take to close its files.
const STORE_GRACE: Duration = Duration::from_millis(1000);
/// How long opening the store anew may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);

/// What the service works with.
pub struct Service {
    /// The config at start.
    pub config: Arc<Config>,
    /// Errors of the config on disk, where that is not the one in use.
    pub broken: usize,
    /// Where the store lives.
    pub data: PathBuf,
    /// Where messages to the drawing side go.
    pub waker: Mailbox<Inbound>,
    /// What the actors tell the time by.
    pub clock: Arc<dyn Clock>,
}

impl Service {
    /// Runs until told to quit or until a signal asks the program to end, and then ends within five seconds whatever hangs.
    ///
    /// # Errors
    /// One sentence, where the store cannot be opened.
    pub fn serve(self, orders: Orders) -> Result<(), String> {
        let waker = self.waker.clone();
        let served = self.work(orders);
        // However it ended, the windows end with it.
        drop(waker.send(Inbound::Quit));
        served
    }

    fn work(self, orders: Orders) -> Result<(), String> {
        let store = StoreHandle::open(&self.data).map_err(|e| e.to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| format!("no threads for the service: {e}"))?;
        let (quit, waker) = (orders.quit.clone(), self.waker.clone());
        runtime.spawn(async move {
            stopped().await;
            drop(waker.send(Inbound::Quit));
            // They say that they ended; where the display hangs, nobody does.
            tokio::time::sleep(WINDOWS_GRACE).await;
            quit.cancel();
        });
        runtime.block_on(self.run(store, orders, Client::new()));
        // Threads that hang in the kernel are left.
        runtime.shutdown_background();
        Ok(())
    }

    /// Does all the service does, on the runtime of the caller, until told to quit: with a clock, a client and its pool
    /// of the caller's own, and no windows. Tests and simulations start here.
    pub async fn run(self, store: StoreHandle, orders: Orders, client: Client) {
        let (config, config_seen) = watch::channel(Arc::clone(&self.config));
        let broken = Conditions { config_errors: self.broken, ..Conditions::default() };
        let (conditions, conditions_seen) = watch::channel(broken);
        let editions = Arc::new(AtomicU64::new(0));
        let mut store = store;
        for failures in 1.. {
            let cx = Context {
                client: client.clone(),
                pool: client.pool().clone(),
                gate: PictureGate::default(),
                clock: Arc::clone(&self.clock),
                mailbox: self.waker.clone(),
                data: self.data.clone(),
                config: config_seen.clone(),
                conditions: conditions_seen.clone(),
                editions: Arc::clone(&editions),
                end: orders.quit.child_token(),
                store: store.clone(),
            };
            let ended = Self::supervise(&cx, &orders, (&config, &conditions)).await;
            if tokio::time::timeout(STORE_GRACE, store.shutdown()).await.is_err() {
                tracing::warn!("the store did not close in time; what was acknowledged is kept");
            }
            if ended == Ended::Asked {
                return;
            }
            match self.reopen(&orders.quit, failures).await {
                Some(opened) => store = opened,
                None => return,
            }
        }
    }

    async fn supervise(
        cx: &Context,
        orders: &Orders,
        (config, conditions): (&watch::Sender<Arc<Config>>, &watch::Sender<Conditions>),
    ) -> Ended {
        let (notes, notes_inlet) = Inlet::channel(INLET_MESSAGES);
        let (changed, changed_inlet) = Inlet::channel(INLET_MESSAGES);
        let (pictured, pictured_inlet) = Inlet::channel(INLET_MESSAGES);
        let (ready, is_ready) = watch::channel(None);
        let is_kept_from = is_ready.clone();
        let actors = vec![
            Actor::new("the publisher", {
                let cx = cx.clone();
                move || publish::run(cx.clone(), notes_inlet.clone(), ready.clone())
            }),
            Actor::new("the answering side", {
                let (cx, asked, notes) = (cx.clone(), orders.asked.clone(), notes.clone());
                move || answer::run(cx.clone(), asked.clone(), notes.clone())
            }),
            Actor::new("the journal", {
                let (cx, displays) = (cx.clone(), orders.displays.clone());
                move || journal::run(cx.clone(), displays.clone())
            }),
            Actor::new("the harvester", {
                let (cx, notes) = (cx.clone(), notes.clone());
                move || {
                    let (notes, is_ready) = (notes.clone(), is_ready.clone());
                    harvest::run(cx.clone(), changed_inlet.clone(), notes, pictured.clone(), is_ready)
                }
            }),
            Actor::new("the look at sources' files", {
                let cx = cx.clone();
                move || sources::run(cx.clone(), changed.clone())
            }),
            Actor::new("the fetching of pictures", {
                let (cx, notes) = (cx.clone(), notes.clone());
                move || pictures::run(cx.clone(), pictured_inlet.clone(), notes.clone())
            }),
            Actor::new("the look at walls' pictures", {
                let cx = cx.clone();
                move || zone_pictures::run(cx.clone())
            }),
            Actor::new("the reader of the config", {
                let (cx, config, conditions, notes) = (cx.clone(), config.clone(), conditions.clone(), notes.clone());
                move || config::run(cx.clone(), config.clone(), conditions.clone(), notes.clone(), is_kept_from.clone())
            }),
        ];
        supervise(actors, cx, &notes).await
    }

    /// Opens the store anew after its threads were gone, with ever longer waits; `None` where the program is to end.
    async fn reopen(&self, quit: &CancellationToken, failures: u32) -> Option<StoreHandle> {
        for failures in failures.. {
            tokio::select! {
                biased;
                () = quit.cancelled() => return None,
                () = tokio::time::sleep(restart_delay(failures)) => {}
            }
            let data = self.data.clone();
            let open = tokio::task::spawn_blocking(move || StoreHandle::open(&data));
            match tokio::time::timeout(OPEN_TIMEOUT, open).await {
                Ok(Ok(Ok(store))) => return Some(store),
                Ok(Ok(Err(error))) => tracing::error!("{error}"),
                Ok(Err(_)) | Err(_) => tracing::error!("{}: the store cannot be opened anew", self.data.display()),
            }
        }
        None
    }
}

/// Resolves when the system asks the program to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
}
