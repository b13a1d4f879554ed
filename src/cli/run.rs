//! `gongshi run`: the windows on one thread, the feeds and the store on others.

use super::places::{Places, shaper};
use crate::{
    gpu::Gpu,
    platform::{Placement, event_loop, inbox},
    player::{App, Service, Wake, orders},
    store::PlayerLock,
    time::{Clock, SystemClock},
};
use clap::Args;
use std::sync::Arc;

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    places: Places,
    /// A screen to show; may be given several times [default: all].
    #[arg(long = "screen", value_name = "NAME")]
    screens: Vec<String>,
    /// Ordinary windows instead of covering the outputs.
    #[arg(long)]
    windowed: bool,
}

/// Runs until the windows are closed or the system asks the program to end.
pub fn run(args: &RunArgs) -> Result<(), String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let _drivers = Gpu::load_ahead();
    let (config, broken) = args.places.config_or_kept()?;
    let screens = if args.screens.is_empty() { config.screens.keys().cloned().collect() } else { args.screens.clone() };
    if let Some(name) = screens.iter().find(|n| !config.screens.contains_key(*n)) {
        let known = config.screens.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(format!("no screen is called {name}; the config has {known}"));
    }
    // Held to the end: two players would end each other's proof of showing.
    let _lock = PlayerLock::take(&args.places.data()).map_err(|e| e.to_string())?;
    let placement = if args.windowed { Placement::Windowed } else { Placement::Exact };
    let (events, proxy) = event_loop::<Wake>()?;
    let (waker, inbox) = inbox(256, move || {
        // Once the loop has ended there is nothing left to wake.
        let _ = proxy.send_event(Wake);
    });
    let (orders, taken) = orders();
    let (config_used, clock_used) = (Arc::clone(&config), Arc::clone(&clock));
    let service = Service { config: config_used, broken, data: args.places.data(), waker, clock: clock_used };
    let background = std::thread::Builder::new()
        .name("service".into())
        .spawn(move || service.serve(taken))
        .map_err(|e| format!("no thread for the service: {e}"))?;
    let shaper = shaper(&config)?;
    let mut app = App::new(config, screens, placement, clock, shaper, inbox, orders);
    let ran = events.run_app(&mut app).map_err(|e| format!("the display went away: {e}"));
    let failure = app.failure.take();
    drop(app);
    let served = background.join().unwrap_or_else(|_| Err("the service stopped".into()));
    ran.and(failure.map_or(Ok(()), Err)).and(served)
}
