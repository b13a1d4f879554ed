//! What panics is started anew, and said on the badge; nothing else notices.

use super::bench::{Place, Running};
use gongshi::{
    feeds::Client,
    platform,
    player::{Inbound, Outbound, Service, orders},
    store::{StoreError, StoreHandle},
    time::{Clock, SystemClock, Timestamp},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// A clock that breaks down when asked for the wall time, so many times.
#[derive(Default)]
struct Broken {
    clock: SystemClock,
    times: AtomicU32,
}

impl Clock for Broken {
    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }
    fn wall(&self) -> Timestamp {
        let breaks = self.times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        assert!(breaks.is_err(), "on purpose: the clock broke down");
        self.clock.wall()
    }
}

#[test]
fn what_panics_is_started_anew_and_said() {
    let place = Place::new();
    place.document("box/0.md", "最初的公告");
    place.feed("box", &place.path("box"));
    let clock = Arc::new(Broken::default());
    let mut running = Running::start_with(place.config(), &place, clock.clone());
    running.until("the folder is read", |r| r.has("最初的公告"));
    running.idle(Duration::from_secs(1));
    assert!(!running.faults.program);
    for round in 1..=3 {
        // Whoever asks first breaks down: the publisher, a fetch, a question.
        clock.times.store(2, Ordering::SeqCst);
        let generation = running.ask(0, running.id("最初的公告"));
        let title = format!("第 {round} 份公告");
        let mut turn = 0;
        running.until("its feed is read again", |r| {
            turn += 1;
            if turn % 100 == 1 {
                place.document(&format!("box/{round}.md"), &title);
            }
            r.has(&title)
        });
        assert_eq!(clock.times.load(Ordering::SeqCst), 0, "it did break down");
        running.until("the badge says it", |r| r.faults.program);
        let _ = generation;
    }
    let generation = running.ask(0, running.id("最初的公告"));
    running.until("questions are answered", |r| r.pictures(generation).is_some());
    running.quit();
}

#[test]
fn a_store_whose_threads_are_gone_is_opened_anew() {
    let place = Place::new();
    place.document("box/0.md", "最初的公告");
    place.feed("box", &place.path("box"));
    let config = place.config();
    let (waker, inbox) = platform::inbox(256, || {});
    let (order, taken) = orders();
    let data = place.path("d");
    let store = StoreHandle::open(&data).unwrap();
    let clock = Arc::new(SystemClock::default());
    let service = Service { config, broken: 0, data, waker, clock };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let served = runtime.spawn(service.run(store.clone(), taken, Client::new()));
    let shows = |title: &str| {
        (0..2000).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            std::iter::from_fn(|| inbox.next()).any(|message| match message {
                Inbound::Edition(edition) => edition.notices.iter().any(|n| *n.title == *title),
                _ => false,
            })
        })
    };
    assert!(shows("最初的公告"));
    let broken =
        runtime.block_on(store.write(|_| -> Result<(), StoreError> { panic!("on purpose: the store broke down") }));
    assert!(matches!(broken, Err(StoreError::Closed)));
    let broken =
        runtime.block_on(store.read_much(|_| -> Result<(), StoreError> { panic!("on purpose: the store broke down") }));
    assert!(matches!(broken, Err(StoreError::Closed)));
    place.document("box/1.md", "又一份公告");
    assert!(shows("又一份公告"), "the store is opened anew, and what came meanwhile is read");
    order(Outbound::Quit);
    runtime.block_on(served).unwrap();
}
