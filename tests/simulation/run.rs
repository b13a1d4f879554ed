//! One simulated player: what happens to it, and what must hold after every step.

use super::{clock::SimClock, invariants::Invariants, office::Office, player::Player};
use std::{
    collections::BTreeMap,
    fmt,
    hash::{DefaultHasher, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The longest step between two checks.
pub const STEP: Duration = Duration::from_secs(45);
/// Between two frames of a wall that moves.
const FRAME: Duration = Duration::from_millis(17);

/// What may happen in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// An office publishes a notice.
    Publish,
    /// An office withdraws one.
    Withdraw,
    /// A notice has a new version.
    Revise,
    /// A row of a register comes, changes or vanishes.
    Row,
    /// A server answers late, wrongly, cut off, with an error, with nothing, or not at all.
    ServerFault,
    /// It leads elsewhere: to another host, to itself, or into the own network.
    Redirect,
    /// It is well again.
    ServerWell,
    /// A file is written half, comes back empty, or vanishes.
    FileFault,
    /// Most of a folder is gone.
    Loss,
    /// The drive of a file does not answer.
    Hang,
    /// Files are whole again.
    FileWell,
    /// A wall's picture is another, or damaged.
    Poster,
    /// A config file is saved broken.
    ConfigBroken,
    /// It is mended.
    ConfigMended,
    /// A config file is saved with another value.
    ConfigChanged,
    /// A screen's file comes, or goes.
    Hall,
    /// The wall clock is set, by seconds or by decades.
    ClockJump,
    /// The program is killed and started again.
    Crash,
    /// The window side stands still for minutes.
    Freeze,
    /// Another window is laid over the wall, or taken away.
    Cover,
    /// Somebody touches the kiosk.
    Touch,
}

impl Event {
    const ALL: [(Self, u32); 21] = [
        (Self::Publish, 12),
        (Self::Withdraw, 6),
        (Self::Revise, 4),
        (Self::Row, 6),
        (Self::ServerFault, 8),
        (Self::Redirect, 3),
        (Self::ServerWell, 8),
        (Self::FileFault, 8),
        (Self::Loss, 2),
        (Self::Hang, 2),
        (Self::FileWell, 8),
        (Self::Poster, 2),
        (Self::ConfigBroken, 2),
        (Self::ConfigMended, 3),
        (Self::ConfigChanged, 3),
        (Self::Hall, 2),
        (Self::ClockJump, 2),
        (Self::Crash, 1),
        (Self::Freeze, 1),
        (Self::Cover, 2),
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
    /// Intervals of the proof compared with the frames.
    pub compared: u64,
    /// Memory of the process after each simulated day.
    pub resident_bytes: Vec<u64>,
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
        self.compared += other.compared;
        self.resident_bytes.clone_from(&other.resident_bytes);
        for (event, count) in &other.faults {
            *self.faults.entry(*event).or_default() += count;
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.time.as_secs_f64() / 86_400.0;
        let Self { seeds, steps, scenes, compared, .. } = self;
        write!(f, "{seeds} seeds, {days:.1} days, {steps} steps, {scenes} frames, {compared} intervals compared:")?;
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
                "seed {seed}, step {}, after {:?}: make simulate SEED={seed}",
                self.step,
                self.last,
                seed = self.seed
            );
        }
    }
}

/// What is run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// Time simulated.
    pub length: Duration,
    /// The number from which on a notice's showing is taken for a fault, to see one found.
    pub trap: Option<u64>,
    /// The step that is run.
    pub step: Arc<AtomicU64>,
}

/// Runs a plan; panics where something does not hold.
pub fn run(plan: &Plan) -> Totals {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(simulate(plan))
}

async fn simulate(plan: &Plan) -> Totals {
    let Plan { seed, length, .. } = *plan;
    let mut place = Where { seed, step: 0, last: None };
    let mut rng = fastrand::Rng::with_seed(seed);
    let clock = Arc::new(SimClock::new());
    let dir = scratch();
    let mut office = Office::open(dir.path(), &clock, &mut rng);
    let mut player = Player::start(dir.path(), &clock, &office);
    let mut invariants = Invariants::new(plan.trap);
    let mut totals = Totals { seeds: 1, time: length, ..Totals::default() };
    for event in Event::ALL {
        totals.faults.insert(event.0, 0);
    }
    let mut digest = DefaultHasher::new();
    let (begin, mut compared_on) = (clock.elapsed(), 0);
    while clock.elapsed() - begin < length {
        place.step += 1;
        plan.step.store(place.step, Ordering::Relaxed);
        if rng.u8(..3) == 0 {
            let event = Event::draw(&mut rng);
            place.last = Some(event);
            tracing::info!(step = place.step, at = clock.elapsed().as_secs(), "{event:?}");
            if happen(event, &mut office, &mut player, &clock, &mut rng).await {
                *totals.faults.entry(event).or_default() += 1;
            }
        }
        rest(&player, &clock, &mut rng).await;
        // Now and then the frames follow each other as on a wall.
        let frames = if rng.u8(..24) == 0 { rng.u32(2..60) } else { 1 };
        for frame in 0..frames {
            let seen = player.present();
            // What is noted of a frame is compared in each; what may be on it changes with editions only.
            if frame == 0 || frame + 1 == frames {
                invariants.check(&office, &seen, &player);
            }
            // How long a search took is real time.
            let lines = seen.iter().flat_map(|seen| seen.text.lines()).filter(|line| !line.contains("毫秒"));
            lines.for_each(|line| digest.write(line.as_bytes()));
            totals.scenes += seen.len() as u64;
            if frames > 1 {
                tokio::time::sleep(FRAME).await;
            }
        }
        let day = clock.elapsed().as_secs() / 86_400;
        if std::mem::replace(&mut compared_on, day) != day {
            player.compare();
            totals.resident_bytes.push(resident_bytes());
        }
    }
    (totals.steps, totals.digest) = (place.step, digest.finish());
    totals.compared = player.stop().await;
    totals
}

/// Memory of this process.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// A folder in memory where there is one: what is written is to be lost with a simulated machine only.
fn scratch() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// Lets time pass, to the next frame that is due at the latest.
async fn rest(player: &Player, clock: &SimClock, rng: &mut fastrand::Rng) {
    let rest = STEP.mul_f64(rng.f64()) + Duration::from_millis(20);
    let due = player.prove_at().map_or(rest, |at| at.saturating_sub(clock.elapsed()));
    tokio::time::sleep(rest.min(due.max(Duration::from_millis(20)))).await;
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
        Event::Revise => office.revise(rng),
        Event::Row => office.change_row(rng),
        Event::Redirect => office.redirect(rng),
        Event::Loss => office.lose(),
        Event::Hang => office.hang(rng),
        Event::Poster => office.change_poster(rng),
        Event::Hall => office.change_hall(),
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
        Event::Freeze => {
            tokio::time::sleep(Duration::from_secs(rng.u64(60..600))).await;
            true
        }
        Event::Cover => player.cover(),
        Event::Touch => player.touch(rng),
    }
}
