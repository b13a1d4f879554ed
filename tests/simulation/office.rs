//! The offices: what they publish and withdraw, the files it comes from with all their faults, and the config on disk.

use super::{
    clock::SimClock,
    ledger::{REGISTERS, Sheet},
    network::{FEED, Network},
    source::{Mode, Source},
};
use gongshi::net::Transport;
use jiff::civil::Date;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

/// From the moment a file says something to the edition that says it too.
pub const FILE_GRACE: Duration = Duration::from_secs(60);
/// After a crash or a set clock nothing is expected for so long.
const FORGIVEN: Duration = Duration::from_secs(1800);
/// Days that notices of documents are shown.
const SHOW_DAYS: i64 = 2;
/// What was said once and is gone is looked for on walls for so long.
const REMEMBERED: Duration = Duration::from_secs(3 * 86_400);

/// The offices of a county.
pub struct Office {
    dir: PathBuf,
    pub clock: Arc<SimClock>,
    pub server: Arc<Mutex<Source>>,
    pub file: Source,
    pub inbox: Source,
    pub sheets: Vec<Sheet>,
    network: Arc<Network>,
    /// A part of the paths that lie on a share that hangs.
    pub hanging: Arc<Mutex<Option<&'static str>>>,
    next: u64,
    is_config_broken: bool,
    speed: u32,
    has_hall: bool,
    /// Since when the config on disk says so.
    pub hall_since: Duration,
    /// Nothing is expected before.
    pub strict_from: Duration,
}

impl Office {
    /// Founds them in a folder: config and sources.
    pub fn open(dir: &Path, clock: &Arc<SimClock>, rng: &mut fastrand::Rng) -> Self {
        let config = dir.join("kiosk-config");
        for folder in ["feeds", "registers", "screens", "sources/inbox"] {
            fs::create_dir_all(config.join(folder)).unwrap();
        }
        let server = Arc::new(Mutex::new(Source::new("server", SHOW_DAYS)));
        let network = Arc::new(Network::new(&server, clock));
        let mut office = Self {
            dir: config,
            clock: Arc::clone(clock),
            server,
            file: Source::new("file", SHOW_DAYS),
            inbox: Source::new("inbox", 0),
            sheets: REGISTERS.map(|(name, _)| Sheet::new(name)).into(),
            network,
            hanging: Arc::default(),
            next: 0,
            is_config_broken: false,
            speed: 120,
            has_hall: false,
            hall_since: Duration::ZERO,
            strict_from: FORGIVEN,
        };
        office.save("site.toml", "title = \"政务公开\"\nplace = \"示例县\"\n");
        let heading = |id: &str| format!("[[heading]]\nid = \"{id}\"\ntitle = \"公示\"\n");
        office.save("catalogue.toml", ["news", "assets", "cases"].map(heading).concat());
        office.save("feeds/server.toml", feed(FEED, 5, SHOW_DAYS));
        office.save("feeds/file.toml", feed("sources/file.rss.xml", 60, SHOW_DAYS));
        office.save("feeds/inbox.toml", feed("sources/inbox", 60, 0));
        for (name, text) in REGISTERS {
            office.save(&format!("registers/{name}.toml"), text);
            let source = format!("title = \"示例台账\"\nsource = \"sources/{name}.csv\"\nformat = \"sheet\"\n");
            office.save(&format!("feeds/{name}.toml"), format!("{source}register = \"{name}\"\nevery_minutes = 60\n"));
        }
        office.save("screens/kiosk.toml", "kind = \"kiosk\"\nx = 700\nwidth = 540\nheight = 960\n");
        office.save_wall();
        office.change_poster(rng);
        for _ in 0..24 {
            office.publish(rng);
            office.change_row(rng);
        }
        office
    }

    /// What stands in for the network.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::clone(&self.network) as _
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

    /// A screen's file comes, or goes.
    pub fn change_hall(&mut self) -> bool {
        self.has_hall = !self.has_hall;
        self.hall_since = self.clock.elapsed();
        if self.has_hall {
            let table = |y: u32, name: &str, more: &str| {
                format!(
                    "[[zone]]\nkind = \"register\"\ny = {y}\nwidth = 480\nheight = 160\nsize = 20\nregister = \"{name}\"\n\
                     period = \"all\"\ncolumns = [\"item\", \"note\"]\n{more}"
                )
            };
            let picture =
                "[[zone]]\nkind = \"picture\"\nx = 480\nwidth = 160\nheight = 160\nfile = \"sources/poster.png\"\n";
            let list = "[[zone]]\nkind = \"board\"\ny = 320\nwidth = 640\nheight = 160\nsize = 24\nrows = 4\n";
            let tables = table(0, "assets", "") + &table(160, "cases", "open_only = true\n");
            self.save(
                "screens/hall.toml",
                format!("kind = \"led\"\ny = 400\nwidth = 640\nheight = 480\n{tables}{picture}{list}"),
            );
        } else {
            fs::remove_file(self.dir.join("screens/hall.toml")).unwrap();
        }
        true
    }

    /// Whether there is to be a second wall: `None` while nobody can know.
    pub fn wants_hall(&self) -> Option<bool> {
        (!self.is_config_broken).then_some(self.has_hall)
    }

    /// What files said before this the player has read.
    fn known(&self) -> Duration {
        self.clock.elapsed().saturating_sub(FILE_GRACE)
    }

    fn today(&self) -> Date {
        self.clock.right().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
    }

    /// Publishes a notice somewhere; says whether there was room.
    pub fn publish(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.next += 1;
        let (number, today, which) = (self.next, self.today(), rng.u8(..3));
        let done = match which {
            0 => self.server.lock().unwrap().publish(number, today, rng),
            1 => self.file.publish(number, today, rng),
            _ => self.inbox.publish(number, today, rng),
        };
        if done {
            self.write(which);
        }
        done
    }

    /// Puts a new version of a notice in the place of the one before.
    pub fn revise(&mut self, rng: &mut fastrand::Rng) -> bool {
        let which = rng.u8(..3);
        let done = match which {
            0 => self.server.lock().unwrap().revise(rng),
            1 => self.file.revise(rng),
            _ => self.inbox.revise(rng),
        };
        if done {
            self.write(which);
        }
        done
    }

    /// Withdraws a notice of the inbox, never so many that a person would have to look. What is missing from a feed's
    /// document just grew old, so only a folder withdraws.
    pub fn withdraw(&mut self, rng: &mut fastrand::Rng) -> bool {
        let Some(notice) = self.inbox.withdraw(rng) else { return false };
        fs::remove_file(self.dir.join(inbox_file(notice.number))).unwrap();
        self.write(2);
        true
    }

    /// A row of a register comes, changes or vanishes.
    pub fn change_row(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.next += 1;
        let (number, today, now) = (self.next, self.today(), self.clock.elapsed());
        let at = rng.usize(..self.sheets.len());
        self.sheets[at].change(number, today, rng);
        let (name, text) = (self.sheets[at].name, self.sheets[at].csv());
        self.save(&format!("sources/{name}.csv"), text);
        self.sheets[at].tell(now);
        true
    }

    /// The poster on a wall is another picture, or none that can be shown.
    pub fn change_poster(&mut self, rng: &mut fastrand::Rng) -> bool {
        let whole = &self.network.picture;
        let bytes = if rng.bool() { whole.len() } else { rng.usize(..whole.len()) };
        self.save("sources/poster.png", &whole[..bytes]);
        true
    }

    /// Writes what a source says, unless it is ill.
    fn write(&mut self, which: u8) {
        let now = self.clock.elapsed();
        match which {
            1 if self.file.mode == Mode::Well => {
                self.save("sources/file.rss.xml", self.file.rss(""));
                self.file.tell(now);
            }
            2 if self.inbox.mode == Mode::Well => {
                for notice in self.inbox.current.iter().filter(|notice| notice.told.is_none()) {
                    let text = format!("# {}\n\n{}\n", notice.headline(), notice.text());
                    self.save(&inbox_file(notice.number), text);
                }
                self.inbox.tell(now);
            }
            _ => {}
        }
        let before = now.saturating_sub(REMEMBERED);
        let forget = |source: &mut Source| source.withdrawn.retain(|_, told| told.is_none_or(|at| at > before));
        forget(&mut self.file);
        forget(&mut self.inbox);
        forget(&mut self.server.lock().unwrap());
        self.sheets.iter_mut().for_each(|sheet| sheet.forget(before));
    }

    /// A server falls ill.
    pub fn server_fault(&mut self, rng: &mut fastrand::Rng) -> bool {
        let ills = [Mode::Late, Mode::Wrong, Mode::CutOff, Mode::Error, Mode::Gone, Mode::Empty, Mode::Hanging];
        self.server.lock().unwrap().mode = ills[rng.usize(..ills.len())];
        true
    }

    /// A server leads elsewhere: where the same is to be had, to itself, or into the own network.
    pub fn redirect(&mut self, rng: &mut fastrand::Rng) -> bool {
        let ways = [Mode::Moved, Mode::Looping, Mode::Inward];
        self.server.lock().unwrap().mode = ways[rng.usize(..ways.len())];
        true
    }

    /// It is well again.
    pub fn server_well(&mut self) -> bool {
        std::mem::replace(&mut self.server.lock().unwrap().mode, Mode::Well) != Mode::Well
    }

    /// A file is written half, comes back empty, or vanishes; so does the inbox.
    pub fn file_fault(&mut self, rng: &mut fastrand::Rng) -> bool {
        let (which, known) = (rng.bool(), self.known());
        let source = if which { &mut self.file } else { &mut self.inbox };
        if source.mode != Mode::Well {
            return false;
        }
        let mode = [Mode::CutOff, Mode::Empty, Mode::Gone][rng.usize(..3)];
        source.fall_ill(mode, known);
        if which {
            match mode {
                Mode::CutOff => {
                    let whole = self.file.rss("").into_bytes();
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

    /// Most of the inbox is gone at once: that is held for a person, and all of it stays on the screens.
    pub fn lose(&mut self) -> bool {
        if self.inbox.mode != Mode::Well || self.inbox.current.len() < 8 {
            return false;
        }
        let known = self.known();
        self.inbox.fall_ill(Mode::Lost, known);
        for notice in self.inbox.current.iter().skip(3) {
            fs::remove_file(self.dir.join(inbox_file(notice.number))).unwrap();
        }
        true
    }

    /// The drive of a file or of the inbox does not answer.
    pub fn hang(&mut self, rng: &mut fastrand::Rng) -> bool {
        let (which, known) = (rng.bool(), self.known());
        let source = if which { &mut self.file } else { &mut self.inbox };
        if source.mode != Mode::Well {
            return false;
        }
        source.fall_ill(Mode::Hanging, known);
        *self.hanging.lock().unwrap() = Some(if which { "sources/file.rss.xml" } else { "sources/inbox" });
        true
    }

    /// Files are whole again.
    pub fn file_well(&mut self) -> bool {
        let is_ill = self.file.mode != Mode::Well || self.inbox.mode != Mode::Well;
        *self.hanging.lock().unwrap() = None;
        let folder = self.dir.join("sources/inbox");
        match std::mem::replace(&mut self.inbox.mode, Mode::Well) {
            Mode::Well => {}
            Mode::Empty | Mode::Gone | Mode::CutOff => {
                if folder.exists() {
                    fs::remove_dir_all(&folder).unwrap();
                }
                fs::rename(self.dir.join("sources/away"), folder).unwrap();
                self.inbox.untell();
            }
            _ => self.inbox.untell(),
        }
        if std::mem::replace(&mut self.file.mode, Mode::Well) != Mode::Well {
            self.file.untell();
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
        self.hall_since = self.clock.elapsed();
        std::mem::take(&mut self.is_config_broken)
    }

    /// A config file is saved with another value.
    pub fn change_config(&mut self, rng: &mut fastrand::Rng) -> bool {
        self.speed = rng.u32(40..240);
        self.mend_config();
        true
    }
}

fn inbox_file(number: u64) -> String {
    format!("sources/inbox/{number}.md")
}

fn feed(source: &str, minutes: u32, show_days: i64) -> String {
    format!(
        "title = \"示例来源\"\nsource = \"{source}\"\ncatalogue = \"news\"\nkind = \"公告\"\nevery_minutes = {minutes}\n\
         show_days = {show_days}\n"
    )
}
