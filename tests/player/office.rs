//! An office's server on loopback, well or unwell, and a wall that shows its one feed.

use crate::desk::{Display, Running, Shot, until};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// What the server does when asked.
#[derive(Clone)]
pub enum Answer {
    /// 200 and these bytes, said to be of this type.
    Whole(&'static str, Vec<u8>),
    /// Takes the request and says nothing.
    Silence,
    /// 200 and the first half of these bytes, then nothing.
    Half(Vec<u8>),
}

/// A feed of these titles.
pub fn rss(titles: &[&str]) -> Answer {
    Answer::Whole("application/rss+xml; charset=utf-8", document(titles))
}

pub fn document(titles: &[&str]) -> Vec<u8> {
    let item = |(i, title): (usize, &&str)| {
        let day = i + 1;
        format!(
            "<item><guid>{title}</guid><title>{title}</title><link>/{i}</link>\
            <pubDate>Fri, {day:02} Nov 2024 08:00:00 +0800</pubDate><description>样例正文。</description></item>\n"
        )
    };
    let items: String = titles.iter().enumerate().map(item).collect();
    format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>样例</title>\n{items}</channel></rss>")
        .into_bytes()
}

/// The server.
pub struct Office {
    port: u16,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicU32>,
    open: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Office {
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer = Arc::new(Mutex::new(answer));
        let mut office = Self { port, answer, asked: Arc::default(), open: None };
        office.serve(listener);
        office
    }

    fn serve(&mut self, listener: TcpListener) {
        let is_open = Arc::new(AtomicBool::new(true));
        let (open, answer, asked) = (Arc::clone(&is_open), Arc::clone(&self.answer), Arc::clone(&self.asked));
        let thread = std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                if !open.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                let answer = answer.lock().unwrap().clone();
                // A client that goes away in the middle is its own business.
                drop(exchange(&mut stream, &answer));
                asked.fetch_add(1, Ordering::SeqCst);
                held.push(stream);
            }
        });
        self.open = Some((is_open, thread));
    }

    pub fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Requests answered so far.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Closes the socket and every connection.
    pub fn close(&mut self) {
        if let Some((open, thread)) = self.open.take() {
            open.store(false, Ordering::SeqCst);
            drop(TcpStream::connect(("127.0.0.1", self.port)));
            thread.join().unwrap();
            assert!(TcpStream::connect(("127.0.0.1", self.port)).is_err());
        }
    }

    /// Opens the same socket again.
    pub fn reopen(&mut self) {
        self.serve(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.close();
    }
}

fn exchange(stream: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let (mut request, mut buffer) = (Vec::new(), [0; 1024]);
    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            n => request.extend_from_slice(&buffer[..n]),
        }
    }
    let mut send = |kind: &str, body: &[u8], upto: usize| {
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )?;
        stream.write_all(&body[..upto])
    };
    match answer {
        Answer::Whole(kind, body) => send(kind, body, body.len()),
        Answer::Half(body) => send("application/rss+xml", body, body.len() / 2),
        Answer::Silence => Ok(()),
    }
}

/// A still wall that lists what the office publishes.
pub struct Wall {
    dir: tempfile::TempDir,
    pub display: Display,
    pub office: Office,
    saves: u32,
}

impl Wall {
    /// Pixels across and down.
    pub const SIZE: [u16; 2] = [480, 240];
    /// All of it.
    pub const ALL: [u16; 4] = [0, 0, Self::SIZE[0], Self::SIZE[1]];
    /// Its screen's file.
    /// Without the badge that tells staff of faults, so that a fault changes no pixel.
    pub const SCREEN: &str = "width = 480\nheight = 240\nfault_badge = false\n[[zone]]\nkind = \"board\"\nwidth = 480\nheight = 240\n\
        size = 24\ntitle = \"样例公示\"\ncatalogue = \"\"\n";

    pub fn new(answer: Answer) -> Option<Self> {
        let display = Display::start("800x600x24")?;
        let dir = tempfile::tempdir().unwrap();
        for folder in ["config/feeds", "config/screens", "data"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let mut wall = Self { dir, display, office: Office::start(answer), saves: 0 };
        std::fs::write(wall.file("screens/wall.toml"), Self::SCREEN).unwrap();
        wall.ask_again();
        Some(wall)
    }

    /// A file of the config.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join("config").join(name)
    }

    /// One of its folders: `config` or `data`.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn run(&self) -> Running {
        let config = self.dir.path().join("config");
        Running::start(&self.display, [&config, &self.folder("data")], "wall", &["--windowed"])
    }

    /// Saves the feed's file with another `every_minutes`: a changed feed is looked at at once.
    pub fn ask_again(&mut self) {
        self.saves += 1;
        let text = format!(
            "title = \"样例网\"\nsource = \"http://127.0.0.1:{}/feed.xml\"\nevery_minutes = {}\ntimeout_seconds = 2\nprivate_network = true\n",
            self.office.port,
            100 + self.saves
        );
        std::fs::write(self.file("feeds/office.toml"), text).unwrap();
    }

    /// The wall's picture of what its office publishes, two titles or more: with no edition it looks otherwise.
    pub fn first_picture(&self, running: &Running) -> Shot {
        running.wait_for("harvested");
        let words = |shot: &Shot| shot[60..].iter().flatten().filter(|p| **p != 0).count();
        let mut shot = self.display.still(Self::ALL);
        assert!(until(|| {
            shot = self.display.still(Self::ALL);
            words(&shot) > 2000
        }));
        shot
    }

    /// What the wall shows once it shows anything but `old`.
    pub fn changed(&self, running: &Running, old: &[Vec<u32>], why: &str) -> Vec<Vec<u32>> {
        assert!(until(|| self.display.shot(Self::ALL) != old), "{why}: {}", running.said());
        self.display.still(Self::ALL)
    }

    /// The wall shows exactly this, for a while.
    pub fn keeps(&self, picture: &[Vec<u32>], why: &str) {
        for _ in 0..6 {
            assert!(self.display.shot(Self::ALL) == picture, "{why}: the wall shows something else");
            std::thread::sleep(Duration::from_millis(80));
        }
    }
}
