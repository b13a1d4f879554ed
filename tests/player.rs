//! The running program in real windows under Xvfb: clicked, watched, broken and ended.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use gongshi::{
    config::{self, Config},
    player::Show,
    stage::Moment,
    store::Store,
    text::{FontPlace, Shaper},
    time::{Clock, FrameTime, SystemClock, WallTime},
};
use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, ImageFormat},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gongshi");

/// Ends a child it started when dropped.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// An X server of its own.
struct Display {
    _server: Guard,
    name: String,
}

impl Display {
    /// `None`, and said so, where Xvfb or xdotool are not installed and `GONGSHI_REQUIRE_GPU` is not set.
    fn start(size: &str) -> Option<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]);
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let tool = Command::new("xdotool").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        let (Ok(mut server), Ok(_)) = (spawned, tool) else {
            assert!(std::env::var_os("GONGSHI_REQUIRE_GPU").is_none(), "Xvfb and xdotool are required: make setup");
            eprintln!("SKIPPED: Xvfb or xdotool is not installed");
            return None;
        };
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { _server: Guard(server), name: format!(":{}", line.trim()) })
    }

    /// The root window's pixels as rows of `0xRRGGBB`.
    fn shot(&self, [x, y, w, h]: [u16; 4]) -> Vec<Vec<u32>> {
        let (connection, screen) = x11rb::connect(Some(&self.name)).unwrap();
        let root = connection.setup().roots[screen].root;
        let image = connection.get_image(ImageFormat::Z_PIXMAP, root, x as i16, y as i16, w, h, !0).unwrap();
        let data = image.reply().unwrap().data;
        let pixel = |p: &[u8]| u32::from_le_bytes([p[0], p[1], p[2], 0]);
        data.chunks(usize::from(w) * 4).map(|row| row.chunks(4).map(pixel).collect()).collect()
    }

    fn xdotool(&self, words: &[String]) {
        let status = Command::new("xdotool").env("DISPLAY", &self.name).args(words).status().unwrap();
        assert!(status.success(), "xdotool {words:?}");
    }

    fn click(&self, [x, y]: [f32; 2]) {
        let (x, y) = (x.round().to_string(), y.round().to_string());
        self.xdotool(
            &["mousemove", &x, &y, "sleep", "0.05", "mousedown", "1", "sleep", "0.06", "mouseup", "1"]
                .map(str::to_owned),
        );
    }
}

/// The program, running, with what it says.
struct Running {
    child: Guard,
    said: Arc<Mutex<String>>,
}

impl Running {
    fn start(display: &Display, county: &County, screen: &str) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["run", "--screen", screen, "--config"]).arg(&county.config).arg("--data").arg(&county.data);
        command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY").env("NO_COLOR", "1");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (mut errors, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = errors.read(&mut buffer) {
                heard.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        });
        let running = Self { child: Guard(child), said };
        running.wait_for("first frame");
        running
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    fn wait_for(&self, words: &str) {
        assert!(until(|| self.said().contains(words)), "it never said “{words}”, but: {}", self.said());
    }

    fn end(mut self) -> String {
        let id = self.child.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut status = None;
        assert!(until(|| {
            status = self.child.0.try_wait().unwrap();
            status.is_some()
        }));
        assert!(status.unwrap().success(), "SIGTERM must end it cleanly: {}", self.said());
        self.said()
    }
}

/// Tries for up to 15 s.
fn until(mut done: impl FnMut() -> bool) -> bool {
    (0..300).any(|_| {
        let is = done();
        if !is {
            std::thread::sleep(Duration::from_millis(50));
        }
        is
    })
}

/// A copy of the shipped county, harvested.
struct County {
    _dir: tempfile::TempDir,
    config: PathBuf,
    data: PathBuf,
}

impl County {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (config, data) = (dir.path().join("kiosk-config"), dir.path().join("data"));
        copy(Path::new("kiosk-config"), &config);
        for screen in ["lobby-kiosk", "street-led"] {
            // The shipped screens stand side by side on one desktop; each test has a desktop of its own.
            let file = config.join(format!("screens/{screen}.toml"));
            let text = std::fs::read_to_string(&file).unwrap();
            let (head, zones) = text.split_at(text.find("[[zone]]").unwrap_or(text.len()));
            let head = head.lines().filter(|l| !l.starts_with("x = ") && !l.starts_with("y = "));
            std::fs::write(&file, head.collect::<Vec<_>>().join("\n") + "\n" + zones).unwrap();
        }
        let mut command = Command::new(PROGRAM);
        command.arg("harvest").arg("--config").arg(&config).arg("--data").arg(&data);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { _dir: dir, config, data }
    }

    fn load(&self) -> Arc<Config> {
        Arc::new(config::load(&self.config).config.expect("the shipped config is valid"))
    }

    /// Where the words stand on the first page of a screen.
    fn find(&self, screen: &str, words: &str) -> [f32; 2] {
        let config = self.load();
        let mut show = Show::new(0, screen, &config).unwrap();
        let store = Store::open(&self.data).unwrap();
        let feeds: Vec<&str> = config.feeds.keys().map(String::as_str).collect();
        show.refresh(&Arc::new(store.edition_for(1, &feeds).unwrap()));
        let zone = jiff::tz::TimeZone::get(&config.site.timezone).unwrap();
        let wall = WallTime::at(SystemClock::default().wall(), &zone);
        let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        show.frame(&Moment { frame: FrameTime::default(), wall }, &mut shaper);
        show.scene().unwrap().find(words, FrameTime::default()).unwrap_or_else(|| panic!("no {words} on {screen}"))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            assert!(std::fs::copy(entry.path(), target).is_ok())
        }
    }
}

fn differing(a: &[Vec<u32>], b: &[Vec<u32>]) -> usize {
    a.iter().flatten().zip(b.iter().flatten()).filter(|(a, b)| a != b).count()
}

#[test]
fn a_citizen_clicks_through_the_kiosk() {
    let Some(display) = Display::start("1080x1920x24") else { return };
    let county = County::new();
    let card = county.find("lobby-kiosk", "公共资源交易");
    let back = county.find("lobby-kiosk", "首页");
    let running = Running::start(&display, &county, "lobby-kiosk");
    // Below the header, whose clock changes, and above the bottom bar.
    let page = [0, 200, 1080, 1500];
    let mut home = display.shot(page);
    assert!(until(|| {
        let before = std::mem::replace(&mut home, display.shot(page));
        std::thread::sleep(Duration::from_millis(300));
        differing(&before, &home) == 0 && home.iter().flatten().filter(|p| **p == 0xFFFFFF).count() > 300_000
    }));
    display.click(card);
    assert!(until(|| differing(&home, &display.shot(page)) > 100_000), "the card opens its page");
    display.click(back);
    assert!(until(|| differing(&home, &display.shot(page)) == 0), "首页 brings the same page back");
    running.end();
}

#[test]
fn the_wall_scrolls_by_whole_pixels_and_survives_a_broken_config() {
    let Some(display) = Display::start("1920x400x24") else { return };
    let county = County::new();
    let running = Running::start(&display, &county, "street-led");
    let strip = [400, 0, 1400, 192];
    let is_moved = |a: &[Vec<u32>], b: &[Vec<u32>]| {
        (1..1200).find(|&by| a.iter().zip(b).all(|(a, b)| a[by..] == b[..b.len() - by]))
    };
    assert!(until(|| display.shot(strip).iter().flatten().any(|p| *p != 0)));
    let moves = || {
        let before = display.shot(strip);
        std::thread::sleep(Duration::from_millis(250));
        is_moved(&before, &display.shot(strip)).is_some()
    };
    assert!(until(moves), "the strip moves by whole pixels, unchanged in itself");
    assert!(display.shot([0, 192, 1920, 208]).iter().flatten().all(|p| *p == 0), "black outside the canvas");
    let file = county.config.join("screens/street-led.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "kind = [not toml").unwrap();
    running.wait_for("the last good one stays");
    assert!(until(moves), "a broken config changes nothing on screen");
    let badge = || display.shot([1915, 0, 5, 5]).iter().flatten().any(|p| *p == 0xFF_A0_20);
    assert!(until(badge), "but for a few amber pixels");
    let clock = SystemClock::default();
    let saved = clock.monotonic();
    std::fs::write(&file, good.replace("speed = ", "speed = 60.0 #")).unwrap();
    assert!(until(|| !badge()), "which go with a good save");
    let took = clock.monotonic() - saved;
    println!("the badge went {took:?} after the save");
    assert!(took < Duration::from_secs(3), "within a second, but for a busy machine: {took:?}");
    assert!(until(moves));
    running.end();
}

#[test]
fn nothing_is_drawn_while_nothing_moves() {
    let Some(display) = Display::start("640x400x24") else { return };
    let county = County::new();
    let screen = "width = 320\nheight = 160\n[[zone]]\nwidth = 320\nheight = 160\nsize = 48\ntext = \"公示\"\n";
    std::fs::write(county.config.join("screens/still.toml"), screen).unwrap();
    let running = Running::start(&display, &county, "still");
    std::thread::sleep(Duration::from_secs(4));
    let said = running.end();
    let frames = said.split("frames=").nth(1).and_then(|s| s.split(' ').next()).map(str::parse::<u32>);
    // One for each edition that came at start, and for the window's first exposures.
    assert!(matches!(frames, Some(Ok(1..=20))), "{said}");
}
