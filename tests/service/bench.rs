//! A service on a workbench: a config folder, a store, and an inbox in place of windows.

use gongshi::{
    check,
    config::Config,
    edition::{Answer, Edition, Faults, Query, Question, Response},
    media::PictureRequest,
    model::NoticeId,
    platform::{self, Inbox},
    player::{Inbound, Outbound, Service, orders},
    scene::Picture,
    time::{Clock, SystemClock},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

/// A config folder and a data folder.
pub struct Place {
    pub dir: tempfile::TempDir,
}

impl Place {
    /// With a site and a kiosk.
    pub fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.write("c/site.toml", "title = \"示例县\"\n");
        place.write("c/catalogue.toml", "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n");
        place.write("c/screens/k.toml", "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n");
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file as careful programs do: another name first.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let part = path.with_file_name(".part");
        fs::write(&part, text).unwrap();
        fs::rename(part, path).unwrap();
    }

    /// A feed of the documents in a folder.
    pub fn feed(&self, name: &str, source: &Path) {
        let text = format!("title = \"{name}\"\nsource = \"{}\"\ncatalogue = \"gov\"\n", source.display());
        self.write(&format!("c/feeds/{name}.toml"), &text);
    }

    /// A document in a folder.
    pub fn document(&self, name: &str, title: &str) {
        self.write(name, &format!("# {title}\n\n示例正文。\n"));
    }

    /// A picture file of one colour, saved as careful programs do; `wide` pixels across and down.
    pub fn picture(&self, name: &str, wide: u32, grey: u8) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let part = path.with_file_name(".part.png");
        image::RgbaImage::from_pixel(wide, wide, image::Rgba([grey, grey, grey, 255])).save(&part).unwrap();
        fs::rename(part, path).unwrap();
    }

    pub fn config(&self) -> Arc<Config> {
        let loaded = check::load(&self.path("c"));
        Arc::new(loaded.config.unwrap_or_else(|| panic!("{:?}", loaded.faults)))
    }
}

/// A running service, and what it told so far.
pub struct Running {
    order: Box<dyn Fn(Outbound) -> bool + Send>,
    inbox: Inbox<Inbound>,
    thread: JoinHandle<Result<(), String>>,
    pub edition: Arc<Edition>,
    pub config: Option<Arc<Config>>,
    pub faults: Faults,
    pub answers: Vec<Answer>,
    pub walls: Vec<(PictureRequest, Arc<Picture>)>,
    generation: u64,
}

impl Running {
    pub fn start(place: &Place) -> Self {
        Self::start_with(place.config(), place, Arc::new(SystemClock::default()))
    }

    pub fn start_with(config: Arc<Config>, place: &Place, clock: Arc<dyn Clock>) -> Self {
        let (waker, inbox) = platform::inbox(256, || {});
        let (order, taken) = orders();
        let service = Service { config, broken: 0, data: place.path("d"), waker, clock };
        let thread = std::thread::spawn(move || service.serve(taken));
        Self {
            order,
            inbox,
            thread,
            edition: Arc::default(),
            config: None,
            faults: Faults::default(),
            answers: Vec::new(),
            walls: Vec::new(),
            generation: 0,
        }
    }

    /// Takes in what was told.
    pub fn pump(&mut self) {
        while let Some(message) = self.inbox.next() {
            match message {
                Inbound::Edition(edition) => self.edition = edition,
                Inbound::Config(config) => self.config = Some(config),
                Inbound::Faults(faults) => self.faults = faults,
                Inbound::Answer(answer) => self.answers.push(answer),
                Inbound::Picture(request, picture) => self.walls.push((request, picture)),
                Inbound::Quit => {}
            }
        }
    }

    /// Waits for up to 20 s until `done` likes what was told; gives how long it took.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) -> Duration {
        let clock = SystemClock::default();
        while clock.monotonic() < Duration::from_secs(20) {
            self.pump();
            if done(self) {
                return clock.monotonic();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("{what}: it did not happen; the edition has {:?}, faults are {:?}", self.titles(), self.faults)
    }

    /// Takes in what is told for a while.
    pub fn idle(&mut self, time: Duration) {
        let clock = SystemClock::default();
        while clock.monotonic() < time {
            self.pump();
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn titles(&self) -> Vec<String> {
        let mut titles: Vec<String> = self.edition.notices.iter().map(|n| n.title.to_string()).collect();
        titles.sort();
        titles
    }

    pub fn has(&self, title: &str) -> bool {
        self.edition.notices.iter().any(|n| *n.title == *title)
    }

    pub fn id(&self, title: &str) -> NoticeId {
        self.edition.notices.iter().find(|n| *n.title == *title).expect(title).id
    }

    /// Asks for a notice on a screen.
    pub fn ask(&mut self, screen: usize, notice: NoticeId) -> u64 {
        self.generation += 1;
        let question = Question { screen, generation: self.generation, query: Query::Notice(notice) };
        assert!((self.order)(Outbound::Ask(question)));
        self.generation
    }

    /// The page is left.
    pub fn leave(&self, screen: usize) {
        assert!((self.order)(Outbound::Left { screen }));
    }

    /// How many pictures the last answer to a question has; `None` before any.
    pub fn pictures(&self, generation: u64) -> Option<usize> {
        let told = self.answers.iter().rev().find(|answer| answer.generation == generation).map(|a| &a.response)?;
        match told {
            Response::Document(document) => Some(document.pictures.len()),
            other => panic!("{other:?}"),
        }
    }

    /// Tells it to quit; gives how long that took.
    pub fn quit(self) -> Duration {
        (self.order)(Outbound::Quit);
        self.ended()
    }

    /// Waits for its end; gives how long that took.
    pub fn ended(self) -> Duration {
        let clock = SystemClock::default();
        self.thread.join().unwrap().unwrap();
        clock.monotonic()
    }
}
