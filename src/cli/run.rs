//! `gongshi run`: the windows on one thread, the feeds and the store on others; the main one waits for both, so that
//! neither a display nor a drive that hangs keeps the program from ending.

use super::folders::{FolderArgs, shaper};
use crate::{
    config::Config,
    gpu::Gpu,
    platform::{WindowMode, event_loop, inbox, on_display_lost},
    player::{App, Outbound, Service, Wake, orders},
    store::PlayerLock,
    time::{Clock, SystemClock},
};
use clap::Args;
use std::{
    path::PathBuf,
    rc::Rc,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::Builder,
    time::Duration,
};

/// What is said where there is no display any more. Whoever supervises the program starts it again.
const DISPLAY_LOST: &str = "the display went away: its server ended, or cut this program off";
/// How long the service may take to end after the windows: its own bounds are closer.
const SERVICE_GRACE: Duration = Duration::from_millis(4500);
/// The windows' stack, bytes: a main thread's, twice over.
const WINDOWS_STACK_BYTES: usize = 16 << 20;
/// How long the windows may take to end after the service, which waited for them already.
const WINDOWS_GRACE: Duration = Duration::from_millis(300);

/// How long a font that a character needs for the first time may hold up the windows.
const FONT_WAIT: Duration = Duration::from_millis(200);

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// A screen to show; may be given several times [default: all, also those that come later].
    #[arg(long = "screen", value_name = "NAME")]
    screens: Vec<String>,
    /// Ordinary windows instead of covering the outputs.
    #[arg(long)]
    windowed: bool,
}

/// One side of the program has ended.
enum Ended {
    Windows(Result<(), String>),
    Service(Result<(), String>),
}

/// Runs until the windows are closed or the system asks the program to end.
pub fn run(args: &RunArgs) -> Result<(), String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let _drivers = Gpu::preload_drivers();
    let (config, broken) = args.places.config_or_kept()?;
    if let Some(name) = args.screens.iter().find(|n| !config.screens.contains_key(*n)) {
        let known = config.screens.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(format!("no screen is called {name}; the config has {known}"));
    }
    // Held to the end: two players would end each other's proof of showing.
    let _lock = PlayerLock::take(&args.places.data()).map_err(|e| e.to_string())?;
    let placement = if args.windowed { WindowMode::Windowed } else { WindowMode::Exact };
    let (sides, ended) = channel();
    let both =
        Sides { config, broken, screens: args.screens.clone(), placement, clock, data: args.places.data(), sides };
    let end =
        EndReporter { sides: both.sides.clone(), ended: Some(Ended::Windows(Err("the windows broke down".into()))) };
    let spawned = Builder::new()
        .name("windows".into())
        .stack_size(WINDOWS_STACK_BYTES)
        .spawn(move || end.with(Ended::Windows(both.show())));
    spawned.map_err(|e| format!("no thread for the windows: {e}"))?;
    wait(&ended)
}

/// Says how a side ended, also where that is by a panic.
struct EndReporter {
    sides: Sender<Ended>,
    ended: Option<Ended>,
}

impl EndReporter {
    fn with(mut self, ended: Ended) {
        self.ended = Some(ended);
    }
}

impl Drop for EndReporter {
    fn drop(&mut self) {
        if let Some(ended) = self.ended.take() {
            // Whoever waits may have gone.
            let _ = self.sides.send(ended);
        }
    }
}

/// What both sides are made of.
struct Sides {
    config: Arc<Config>,
    broken: usize,
    screens: Vec<String>,
    placement: WindowMode,
    clock: Arc<dyn Clock>,
    data: PathBuf,
    sides: Sender<Ended>,
}

impl Sides {
    /// Starts the service and shows the windows on the calling thread, until they are closed or the program is to end.
    fn show(self) -> Result<(), String> {
        let Self { config, broken, screens, placement, clock, data, sides } = self;
        let (events, proxy) = event_loop::<Wake>()?;
        let (waker, inbox) = inbox(256, move || {
            // Once the loop has ended there is nothing left to wake.
            let _ = proxy.send_event(Wake);
        });
        let (orders, taken) = orders();
        let service = Service { config: Arc::clone(&config), broken, data, waker, clock: Arc::clone(&clock) };
        let lost = sides.clone();
        let end = EndReporter { sides, ended: Some(Ended::Service(Err("the service broke down".into()))) };
        let spawned =
            Builder::new().name("service".into()).spawn(move || end.with(Ended::Service(service.serve(taken))));
        spawned.map_err(|e| format!("no thread for the service: {e}"))?;
        let orders: Rc<dyn Fn(Outbound) -> bool + Send> = Rc::from(orders);
        let last_order = Rc::clone(&orders);
        on_display_lost(&events, move || {
            // The service closes the journal, and whoever waits for both sides ends the program.
            last_order(Outbound::Quit);
            let _ = lost.send(Ended::Windows(Err(DISPLAY_LOST.to_owned())));
        });
        let mut shaper = shaper(&config)?;
        shaper.set_font_wait(FONT_WAIT);
        let mut app = App::new(config, screens, placement, clock, shaper, inbox, Box::new(move |order| orders(order)));
        let ran = events.run_app(&mut app).map_err(|e| format!("{DISPLAY_LOST} ({e})"));
        let failure = app.failure.take();
        ran.and(failure.map_or(Ok(()), Err))
    }
}

/// Waits for both sides; for the second not longer than it may take.
fn wait(ended: &Receiver<Ended>) -> Result<(), String> {
    let gone = || Err("the program stopped".to_owned());
    match ended.recv() {
        Ok(Ended::Windows(shown)) => match ended.recv_timeout(SERVICE_GRACE) {
            Ok(Ended::Service(served)) => shown.and(served),
            // Without a display no service was begun.
            Ok(Ended::Windows(_)) | Err(_) => shown,
        },
        Ok(Ended::Service(served)) => {
            if ended.recv_timeout(WINDOWS_GRACE).is_err() {
                tracing::warn!("the display does not answer; the windows are left");
            }
            served
        }
        Err(_) => gone(),
    }
}
