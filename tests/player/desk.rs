//! A desktop with the program on it: what is seen there and what the program says.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, ImageFormat, Window},
    rust_connection::RustConnection,
};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_gongshi");

/// Rows of `0xRRGGBB`.
pub type Shot = Vec<Vec<u32>>;

/// Ends a child it started when dropped.
pub struct Guard(pub Child);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// An X server of its own.
pub struct Display {
    _server: Guard,
    pub name: String,
}

impl Display {
    /// `None`, and said so, where Xvfb or xdotool are not installed and `GONGSHI_REQUIRE_GPU` is not set.
    pub fn start(size: &str) -> Option<Self> {
        let tool = Command::new("xdotool").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        let mut command = Command::new("Xvfb");
        command.args(["-screen", "0", size]);
        Self::serve(command, tool.is_ok())
    }

    /// Starts an X server; `is_equipped`: the tools that go with it are installed.
    pub fn serve(mut command: Command, is_equipped: bool) -> Option<Self> {
        command.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"]);
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let (Ok(mut server), true) = (spawned, is_equipped) else {
            assert!(std::env::var_os("GONGSHI_REQUIRE_GPU").is_none(), "X servers and tools are required: make setup");
            eprintln!("SKIPPED: {} or its tools are not installed", command.get_program().display());
            return None;
        };
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "{} ended at once", command.get_program().display());
        Some(Self { _server: Guard(server), name: format!(":{}", line.trim()) })
    }

    /// Stops the server where it is, or has it go on.
    pub fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &self._server.0.id().to_string()]).status().unwrap().success());
    }

    /// A connection and the root window.
    pub fn connect(&self) -> (RustConnection, Window) {
        let (connection, screen) = x11rb::connect(Some(&self.name)).unwrap();
        let root = connection.setup().roots[screen].root;
        (connection, root)
    }

    /// The root window's pixels.
    pub fn shot(&self, [x, y, w, h]: [u16; 4]) -> Shot {
        let (connection, root) = self.connect();
        let image = connection.get_image(ImageFormat::Z_PIXMAP, root, x as i16, y as i16, w, h, !0).unwrap();
        let data = image.reply().unwrap().data;
        let pixel = |p: &[u8]| u32::from_le_bytes([p[0], p[1], p[2], 0]);
        data.chunks(usize::from(w) * 4).map(|row| row.chunks(4).map(pixel).collect()).collect()
    }

    /// What stands there once it no longer moves.
    pub fn still(&self, area: [u16; 4]) -> Shot {
        let mut shot = self.shot(area);
        assert!(
            until(|| {
                let before = std::mem::replace(&mut shot, self.shot(area));
                std::thread::sleep(Duration::from_millis(150));
                before == shot && shot == self.shot(area)
            }),
            "the picture never came to rest"
        );
        shot
    }

    fn xdotool(&self, words: &[String]) {
        let status = Command::new("xdotool").env("DISPLAY", &self.name).args(words).status().unwrap();
        assert!(status.success(), "xdotool {words:?}");
    }

    pub fn click(&self, [x, y]: [f32; 2]) {
        let (x, y) = (x.round().to_string(), y.round().to_string());
        self.xdotool(
            &["mousemove", &x, &y, "sleep", "0.05", "mousedown", "1", "sleep", "0.06", "mouseup", "1"]
                .map(str::to_owned),
        );
    }
}

/// The program, running, with what it says.
pub struct Running {
    child: Guard,
    said: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it with what `options` add, and waits for its first frame.
    pub fn start(display: &Display, places: [&Path; 2], screen: &str, options: &[&str]) -> Self {
        Self::start_with(display, places, &[&["--screen", screen], options].concat(), &[])
    }

    /// Starts it with options and with variables of the environment, and waits for its first frame.
    pub fn start_with(
        display: &Display,
        [config, data]: [&Path; 2],
        options: &[&str],
        variables: &[(&str, &Path)],
    ) -> Self {
        let mut command = Command::new(PROGRAM);
        command.arg("run").arg("--config").arg(config).arg("--data").arg(data).args(options);
        command.envs(variables.iter().copied());
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
        running.wait_for("first frame with the store's edition");
        running
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn wait_for(&self, words: &str) {
        self.wait_past(0, words);
    }

    /// Waits until it says the words after the first `mark` bytes of what it said.
    pub fn wait_past(&self, mark: usize, words: &str) {
        assert!(until(|| self.said()[mark..].contains(words)), "it never said “{words}”, but: {}", self.said());
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.0.kill().unwrap();
        assert!(!self.child.0.wait().unwrap().success());
    }

    /// What it said until it ended of itself, not well.
    pub fn ended(mut self) -> String {
        let mut status = None;
        assert!(until(|| {
            status = self.child.0.try_wait().unwrap();
            status.is_some()
        }));
        assert!(!status.unwrap().success(), "{}", self.said());
        self.said()
    }

    /// Asks it to end as the system does; gives how long that took.
    pub fn end_in_time(mut self) -> Duration {
        use gongshi::time::{Clock, SystemClock};
        let clock = SystemClock::default();
        let id = self.child.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut status = None;
        assert!(
            until(|| {
                status = self.child.0.try_wait().unwrap();
                status.is_some()
            }),
            "it never ended: {}",
            self.said()
        );
        assert!(status.unwrap().success(), "SIGTERM must end it cleanly: {}", self.said());
        clock.monotonic()
    }

    pub fn end(mut self) -> String {
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
pub fn until(mut done: impl FnMut() -> bool) -> bool {
    (0..500).any(|_| {
        let is = done();
        if !is {
            std::thread::sleep(Duration::from_millis(30));
        }
        is
    })
}

pub fn differing(a: &[Vec<u32>], b: &[Vec<u32>]) -> usize {
    a.iter().flatten().zip(b.iter().flatten()).filter(|(a, b)| a != b).count()
}
