//! `gongshi harvest` as a process of its own, with the memory and the time it took.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A config folder with one feed, and a data folder.
pub struct Site {
    pub dir: tempfile::TempDir,
}

/// How a run went.
pub struct Run {
    pub said: String,
    pub peak_mb: u64,
    pub took: Duration,
    /// Processor time, which other work of the machine hardly changes.
    pub busy: Duration,
}

impl Site {
    pub fn new(feed: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["c/feeds", "c/screens"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        let write = |name: &str, text: &str| fs::write(dir.path().join("c").join(name), text).unwrap();
        write("site.toml", "title = \"试\"\n");
        write("catalogue.toml", "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n");
        write("screens/k.toml", "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n");
        write("feeds/net.toml", &format!("title = \"网\"\ncatalogue = \"gov\"\n{feed}"));
        Self { dir }
    }

    pub fn config(&self) -> PathBuf {
        self.dir.path().join("c")
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("d")
    }

    pub fn harvest(&self) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongshi"));
        command.args(["harvest", "--config"]).arg(self.config()).arg("--data").arg(self.data());
        measured(command)
    }
}

/// Runs a program to its end.
pub fn measured(mut command: Command) -> Run {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let stat = PathBuf::from(format!("/proc/{}/stat", child.id()));
    let (mut peak_mb, mut busy) = (0, Duration::ZERO);
    while child.try_wait().unwrap().is_none() {
        peak_mb = peak_mb.max(peak(&status).unwrap_or(0));
        busy = busy.max(used(&stat).unwrap_or_default());
        assert!(begun.elapsed() < Duration::from_secs(120), "it does not end");
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed();
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    Run { said, peak_mb, took, busy }
}

/// The processor time of a process and all its threads so far, to a hundredth of a second.
fn used(stat: &Path) -> Option<Duration> {
    let text = fs::read_to_string(stat).ok()?;
    // Behind the name in brackets, which may hold anything: the 12th and 13th field, in ticks of 1/100 s.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

/// The most memory a process ever had resident, megabytes.
fn peak(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok().map(|kb| kb / 1024)
}
