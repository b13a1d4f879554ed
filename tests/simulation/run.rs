//! One simulated player: what happens to it, and what must hold after every step.

use super::clock::SimClock;
use super::office::Office;
use super::player::Player;
use std::{
    collections::BTreeMap,
    fmt,
    hash::{DefaultHasher, Hasher},
    sync::Arc,
    time::Duration,
};

/// The longest step between two checks.
pub const STEP: Duration = Duration::from_secs(45);

/// What may happen in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// An office publishes a notice.
    Publish,
    /// An office withdraws one.
    Withdraw,
    /// A server answers late, wrongly, cut off, with an error, with nothing, or not at all.
    ServerFault,
    /// It is well again.
    ServerWell,
    /// A file is written half, comes back empty, or vanishes.
    FileFault,
    /// It is whole again.
    FileWell,
    /// A config file is saved broken.
    ConfigBroken,
    /// It is mended.
    ConfigMended,
    /// A config file is saved with another value.
    ConfigChanged,
    /// The wall clock is set, by seconds or by decades.
    ClockJump,
    /// The program is killed and started again.
    Crash,
    /// Somebody touches the kiosk.
    Touch,
}

impl Event {
    const ALL: [(Self, u32); 12] = [
        (Self::Publish, 12),
        (Self::Withdraw, 6),
        (Self::ServerFault, 8),
        (Self::ServerWell, 8),
        (Self::FileFault, 8),
        (Self::FileWell, 8),
        (Self::ConfigBroken, 2),
        (Self::ConfigMended, 3),
        (Self::ConfigChanged, 3),
        (Self::ClockJump, 2),
        (Self::Crash, 1),
        (Self::Touch, 24),
    ];

    fn draw(rng: &mut fastrand::Rng) -> Self {
        let sum: u32 = Self::ALL.iter().map(|(_, weight)| weight).sum();
        let mut at = rng.u32(..sum);
        for (event, weight) in Self::ALL {
            match at.checked_sub(weight) {
                Some(rest) => at = rest,
                None => return event,
            }
        }
        Self::Touch
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Totals {
    /// Seeds run.
    pub seeds: u64,
    /// Time simulated.
    pub time: Duration,
    /// Steps checked.
    pub steps: u64,
    /// Scenes looked at.
    pub scenes: u64,
    /// What happened, by kind.
    pub faults: BTreeMap<Event, u64>,
    /// Of all that was on screen: the same for the same seed.
    pub digest: u64,
}

impl Totals {
    /// Adds another run.
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.time += other.time;
        self.steps += other.steps;
        self.scenes += other.scenes;
        for (event, count) in &other.faults {
            *self.faults.entry(*event).or_default() += count;
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.time.as_secs_f64() / 86_400.0;
        write!(f, "{} seeds, {days:.1} days, {} steps, {} scenes:", self.seeds, self.steps, self.scenes)?;
        self.faults.iter().try_for_each(|(event, count)| write!(f, " {event:?} {count}"))
    }
}

/// Names the seed and the step where something fails to hold.
struct Where {
    seed: u64,
    step: u64,
    last: Option<Event>,
}

impl Drop for Where {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "seed {}, step {}, after {:?}: make simulate SEED={}",
                self.seed, self.step, self.last, self.seed
            );
        }
    }
}

/// Runs one seed for so long; panics where something does not hold.
pub fn run(seed: u64, length: Duration) -> Totals {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(simulate(seed, length))
}

async fn simulate(seed: u64, length: Duration) -> Totals {
    let mut place = Where { seed, step: 0, last: None };
    let mut rng = fastrand::Rng::with_seed(seed);
    let clock = Arc::new(SimClock::new());
    let dir = tempfile::tempdir().unwrap();
    let mut office = Office::open(dir.path(), &clock, &mut rng);
    let mut player = Player::start(dir.path(), &clock, &office);
    let mut totals = Totals { seeds: 1, time: length, ..Totals::default() };
    for event in Event::ALL {
        totals.faults.insert(event.0, 0);
    }
    let mut digest = DefaultHasher::new();
    let begin = clock.elapsed();
    while clock.elapsed() - begin < length {
        place.step += 1;
        if rng.u8(..3) == 0 {
            let event = Event::draw(&mut rng);
            place.last = Some(event);
            tracing::info!(step = place.step, at = clock.elapsed().as_secs(), "{event:?}");
            if happen(event, &mut office, &mut player, &clock, &mut rng).await {
                *totals.faults.entry(event).or_default() += 1;
            }
        }
        let rest = STEP.mul_f64(rng.f64()) + Duration::from_millis(20);
        tokio::time::sleep(rest).await;
        let seen = player.present();
        office.check(&seen, &player);
        seen.iter().for_each(|words| digest.write(words.text.as_bytes()));
        totals.scenes += seen.len() as u64;
    }
    (totals.steps, totals.digest) = (place.step, digest.finish());
    player.stop().await;
    totals
}

/// Makes something happen; says whether it did.
async fn happen(
    event: Event,
    office: &mut Office,
    player: &mut Player,
    clock: &Arc<SimClock>,
    rng: &mut fastrand::Rng,
) -> bool {
    match event {
        Event::Publish => office.publish(rng),
        Event::Withdraw => office.withdraw(rng),
        Event::ServerFault => office.server_fault(rng),
        Event::ServerWell => office.server_well(),
        Event::FileFault => office.file_fault(rng),
        Event::FileWell => office.file_well(),
        Event::ConfigBroken => office.break_config(rng),
        Event::ConfigMended => office.mend_config(),
        Event::ConfigChanged => office.change_config(rng),
        Event::ClockJump => {
            clock.jump(rng);
            office.forgive();
            true
        }
        Event::Crash => {
            player.crash(office).await;
            office.forgive();
            true
        }
        Event::Touch => player.touch(rng),
    }
}
