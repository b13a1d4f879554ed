//! The offices: what they publish and withdraw, the servers and files it comes from with all their faults, the config on
//! disk, and what of all that must and must not be on the screens.

use super::run::STEP;
use super::{clock::SimClock, player::Player, screens::Seen};
use gongshi::net::{Exchange, Fetched, NetError, Transport, Validators};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use url::Url;

/// From the moment a file says something to the edition that says it too.
const FILE_GRACE: Duration = Duration::from_secs(60);
/// From a server's whole answer to the edition that says the same.
const SERVER_GRACE: Duration = Duration::from_secs(60);
/// After a crash or a set clock nothing is expected for so long.
const FORGIVEN: Duration = Duration::from_secs(1800);
/// Notices of one source.
const MOST: usize = 24;
/// In every text: what must be masked.
const PHONE: &str = "13800138000";

/// How a source behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Well,
    Late,
    Wrong,
    CutOff,
    Error,
    Gone,
    Empty,
    Hanging,
}

#[derive(Debug)]
struct Notice {
    title: String,
    /// Since when its source says so, as far as the player can know: a file at once, a server with its first whole answer.
    told: Option<Duration>,
}

#[derive(Debug)]
struct Source {
    name: &'static str,
    mode: Mode,
    current: Vec<Notice>,
    /// Withdrawn ones, and since when the player can know.
    withdrawn: BTreeMap<String, Option<Duration>>,
}

impl Source {
    fn new(name: &'static str) -> Self {
        Self { name, mode: Mode::Well, current: Vec::new(), withdrawn: BTreeMap::new() }
    }

    /// The player can know of all of it from now on.
    fn tell(&mut self, now: Duration) {
        self.current.iter_mut().for_each(|notice| notice.told = notice.told.or(Some(now)));
        self.withdrawn.values_mut().for_each(|told| *told = told.or(Some(now)));
    }

    fn rss(&self) -> String {
        let item = |notice: &Notice| {
            let title = &notice.title;
            format!(
                "<item><guid isPermaLink='false'>{title}</guid><title>{title}</title><pubDate>Mon, 23 Nov 2026 08:00:00 +0800\
                 </pubDate><description>正文，联系电话 {PHONE}。</description></item>\n"
            )
        };
        let items: String = self.current.iter().map(item).collect();
        format!(
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>示例网</title>{items}</channel></rss>"
        )
    }
}

/// What offices and servers share with the player's network.
#[derive(Debug)]
struct Shared {
    server: Source,
    clock_now: Duration,
}

/// The offices of a county.
pub struct Office {
    dir: PathBuf,
    clock: Arc<SimClock>,
    server: Arc<Mutex<Shared>>,
    file: Source,
    inbox: Source,
    next: u64,
    is_config_broken: bool,
    speed: u32,
    /// Nothing is expected before.
    strict_from: Duration,
}

impl Office {
    /// Founds them in a folder: config and sources.
    pub fn open(dir: &Path, clock: &Arc<SimClock>, rng: &mut fastrand::Rng) -> Self {
        let config = dir.join("kiosk-config");
        for folder in ["feeds", "screens", "sources/inbox"] {
            fs::create_dir_all(config.join(folder)).unwrap();
        }
        let shared = Shared { server: Source::new("server"), clock_now: Duration::ZERO };
        let mut office = Self {
            dir: config,
            clock: Arc::clone(clock),
            server: Arc::new(Mutex::new(shared)),
            file: Source::new("file"),
            inbox: Source::new("inbox"),
            next: 0,
            is_config_broken: false,
            speed: 120,
            strict_from: FORGIVEN,
        };
        office.save("site.toml", "title = \"政务公开\"\nplace = \"示例县\"\n");
        office.save("catalogue.toml", "[[heading]]\nid = \"news\"\ntitle = \"公示\"\n");
        office.save("feeds/server.toml", feed("http://office.example/rss.xml", 5));
        office.save("feeds/file.toml", feed("sources/file.rss.xml", 60));
        office.save("feeds/inbox.toml", feed("sources/inbox", 60));
        office.save("screens/kiosk.toml", "kind = \"kiosk\"\nwidth = 540\nheight = 960\n");
        office.save_wall();
        for _ in 0..24 {
            office.publish(rng);
        }
        office
    }

    /// What stands in for the network.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(Network { shared: Arc::clone(&self.server), clock: Arc::clone(&self.clock) })
    }

    /// The machine or its clock was disturbed: what was owed is owed from now on.
    pub fn forgive(&mut self) {
        self.strict_from = self.clock.elapsed() + FORGIVEN;
    }

    /// Writes a file as the simulation's file system would: its time is that of the simulation.
    fn save(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.dir.join(name);
        fs::write(&path, text).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(self.clock.of_files()).unwrap();
    }

    fn save_wall(&self) {
        let zones = format!(
            "kind = \"led\"\nwidth = 640\nheight = 360\n[[zone]]\nkind = \"board\"\nwidth = 640\nheight = 260\nsize = 28\nrows = 6\n\
             [[zone]]\nkind = \"ticker\"\ny = 260\nwidth = 640\nheight = 60\nsize = 40\nspeed = {}\n\
             [[zone]]\nkind = \"clock\"\ny = 320\nwidth = 640\nheight = 40\nsize = 24\n",
            self.speed
        );
        self.save("screens/wall.toml", zones);
    }

    /// Publishes a notice somewhere; says whether there was room.
    pub fn publish(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.next += 1;
        let notice = Notice { title: format!("示例公告第{}号", self.next), told: None };
        let which = rng.u8(..3);
        let done = match which {
            0 => push(&mut self.server.lock().unwrap().server, notice),
            1 => push(&mut self.file, notice),
            _ => push(&mut self.inbox, notice),
        };
        if done {
            self.write(which);
        }
        done
    }

    /// Withdraws a notice of the inbox, never so many that a person would have to look. What is missing from a feed's
    /// document just grew old, so only a folder withdraws.
    pub fn withdraw(&mut self, rng: &mut fastrand::Rng) -> bool {
        let done = withdraw(&mut self.inbox, rng.usize(..MOST));
        if done {
            self.write(2);
        }
        done
    }

    /// Writes what a source says, unless it is ill.
    fn write(&mut self, which: u8) {
        let now = self.clock.elapsed();
        match which {
            0 => {}
            1 if self.file.mode == Mode::Well => {
                self.save("sources/file.rss.xml", self.file.rss());
                self.file.tell(now);
            }
            2 if self.inbox.mode == Mode::Well => {
                let folder = self.dir.join("sources/inbox");
                fs::create_dir_all(&folder).unwrap();
                for title in self.inbox.withdrawn.keys() {
                    // Removed by an earlier call, mostly.
                    drop(fs::remove_file(folder.join(format!("{title}.md"))));
                }
                let new: Vec<&Notice> = self.inbox.current.iter().filter(|notice| notice.told.is_none()).collect();
                for Notice { title, .. } in new {
                    self.save(&format!("sources/inbox/{title}.md"), format!("# {title}\n\n正文，联系电话 {PHONE}。\n"));
                }
                self.inbox.tell(now);
            }
            _ => {}
        }
    }

    /// A server falls ill.
    pub fn server_fault(&mut self, rng: &mut fastrand::Rng) -> bool {
        let ills = [Mode::Late, Mode::Wrong, Mode::CutOff, Mode::Error, Mode::Gone, Mode::Empty, Mode::Hanging];
        self.server.lock().unwrap().server.mode = ills[rng.usize(..ills.len())];
        true
    }

    /// It is well again.
    pub fn server_well(&mut self) -> bool {
        let mut shared = self.server.lock().unwrap();
        std::mem::replace(&mut shared.server.mode, Mode::Well) != Mode::Well
    }

    /// A file is written half, comes back empty, or vanishes; so does the inbox.
    pub fn file_fault(&mut self, rng: &mut fastrand::Rng) -> bool {
        let which = rng.bool();
        let source = if which { &mut self.file } else { &mut self.inbox };
        if source.mode != Mode::Well {
            return false;
        }
        source.mode = [Mode::CutOff, Mode::Empty, Mode::Gone][rng.usize(..3)];
        let mode = source.mode;
        if which {
            match mode {
                Mode::CutOff => {
                    let whole = self.file.rss().into_bytes();
                    self.save("sources/file.rss.xml", &whole[..rng.usize(..whole.len())]);
                }
                Mode::Empty => self.save("sources/file.rss.xml", ""),
                _ => fs::remove_file(self.dir.join("sources/file.rss.xml")).unwrap(),
            }
        } else {
            // An unmounted share: its folder is empty, or not there.
            let (folder, away) = (self.dir.join("sources/inbox"), self.dir.join("sources/away"));
            fs::rename(&folder, away).unwrap();
            if mode == Mode::Empty {
                fs::create_dir(folder).unwrap();
            }
        }
        true
    }

    /// Files are whole again.
    pub fn file_well(&mut self) -> bool {
        let is_ill = self.file.mode != Mode::Well || self.inbox.mode != Mode::Well;
        if std::mem::replace(&mut self.inbox.mode, Mode::Well) != Mode::Well {
            let (folder, away) = (self.dir.join("sources/inbox"), self.dir.join("sources/away"));
            if folder.exists() {
                fs::remove_dir_all(&folder).unwrap();
            }
            fs::rename(away, folder).unwrap();
            self.inbox.current.iter_mut().for_each(|notice| notice.told = None);
        }
        if std::mem::replace(&mut self.file.mode, Mode::Well) != Mode::Well {
            self.file.current.iter_mut().for_each(|notice| notice.told = None);
        }
        self.write(1);
        self.write(2);
        is_ill
    }

    /// A config file is saved broken.
    pub fn break_config(&mut self, rng: &mut fastrand::Rng) -> bool {
        let broken =
            ["kind = \"led\"\nwidth = ", "knid = \"led\"\n", "kind = \"led\"\nwidth = 0\nheight = 360\n", "\u{0}\u{1}"];
        self.save("screens/wall.toml", broken[rng.usize(..broken.len())]);
        !std::mem::replace(&mut self.is_config_broken, true)
    }

    /// It is mended.
    pub fn mend_config(&mut self) -> bool {
        self.save_wall();
        std::mem::take(&mut self.is_config_broken)
    }

    /// A config file is saved with another value.
    pub fn change_config(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.speed = rng.u32(40..240);
        self.save_wall();
        self.is_config_broken = false;
        true
    }

    /// What must hold after every step.
    pub fn check(&self, seen: &[Seen], player: &Player) {
        for Seen { screen, text } in seen {
            assert!(text.chars().any(char::is_alphanumeric), "{screen} is blank");
            assert!(!text.contains(PHONE), "{screen} shows what is masked:\n{text}");
        }
        let now = self.clock.elapsed();
        if now < self.strict_from {
            return;
        }
        let shared = self.server.lock().unwrap();
        self.check_source(&shared.server, SERVER_GRACE, now, seen, player);
        self.check_source(&self.file, FILE_GRACE, now, seen, player);
        self.check_source(&self.inbox, FILE_GRACE, now, seen, player);
    }

    fn check_source(&self, source: &Source, grace: Duration, now: Duration, seen: &[Seen], player: &Player) {
        let owed = |told: Option<Duration>| told.is_some_and(|at| at.max(self.strict_from) + grace + STEP < now);
        for (title, told) in &source.withdrawn {
            if owed(*told) {
                assert!(!player.holds(title), "{}: {title} was withdrawn at {told:?}, it is {now:?}", source.name);
                for Seen { screen, text } in seen.iter().filter(|seen| seen.screen == "wall") {
                    assert!(
                        !text.contains(title.as_str()),
                        "{screen} shows {title}, withdrawn at {told:?}, at {now:?}"
                    );
                }
            }
        }
        for Notice { title, told } in &source.current {
            // What a source said once stays, however ill it is now.
            assert!(
                !owed(*told) || player.holds(title),
                "{} ({:?}): {title} was published at {told:?} and is not there at {now:?}",
                source.name,
                source.mode
            );
        }
    }
}

fn feed(source: &str, minutes: u32) -> String {
    format!(
        "title = \"示例来源\"\nsource = \"{source}\"\ncatalogue = \"news\"\nkind = \"公告\"\nevery_minutes = {minutes}\n"
    )
}

fn push(source: &mut Source, notice: Notice) -> bool {
    let has_room = source.current.len() < MOST;
    if has_room {
        source.current.push(notice);
    }
    has_room
}

/// Removes one of at least eight, and no more than one between two answers.
fn withdraw(source: &mut Source, at: usize) -> bool {
    if source.mode != Mode::Well || source.current.len() < 8 || source.withdrawn.values().any(Option::is_none) {
        return false;
    }
    let Notice { title, .. } = source.current.remove(at % source.current.len());
    source.withdrawn.insert(title, None);
    true
}

#[derive(Debug)]
struct Network {
    shared: Arc<Mutex<Shared>>,
    clock: Arc<SimClock>,
}

impl std::fmt::Debug for SimClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimClock")
    }
}

impl Transport for Network {
    fn get(&self, url: Url, _: Validators) -> Exchange {
        let (shared, clock) = (Arc::clone(&self.shared), Arc::clone(&self.clock));
        Box::pin(async move {
            let mode = shared.lock().unwrap().server.mode;
            let wait = match mode {
                Mode::Late => Duration::from_secs(12),
                Mode::Hanging => Duration::from_secs(86_400),
                _ => Duration::from_millis(80),
            };
            tokio::time::sleep(wait).await;
            let mut shared = shared.lock().unwrap();
            shared.clock_now = clock.elapsed();
            let document = |bytes: Vec<u8>| Fetched::Document {
                bytes,
                content_type: Some("application/rss+xml".into()),
                url: url.clone(),
                validators: Validators::default(),
            };
            match mode {
                Mode::Well | Mode::Late | Mode::Hanging => {
                    let now = shared.clock_now;
                    shared.server.tell(now);
                    Ok(document(shared.server.rss().into_bytes()))
                }
                Mode::Wrong => Ok(document(b"<!DOCTYPE html><html><body><form>login</form></body></html>".to_vec())),
                Mode::CutOff => {
                    let mut bytes = shared.server.rss().into_bytes();
                    bytes.truncate(bytes.len() / 3);
                    Ok(document(bytes))
                }
                Mode::Empty => Ok(document(
                    "<?xml version='1.0'?><rss version='2.0'><channel><title>示例网</title></channel></rss>".into(),
                )),
                Mode::Error => Err(NetError::Status {
                    code: 503,
                    text: "503 Service Unavailable".into(),
                    retry_after: Some(Duration::from_secs(600)),
                }),
                Mode::Gone => Err(NetError::Status { code: 404, text: "404 Not Found".into(), retry_after: None }),
            }
        })
    }
}
