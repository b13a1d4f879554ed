//! A copy of the shipped county, harvested.

use crate::desk::PROGRAM;
use gongshi::{
    check,
    config::Config,
    player::ScreenPipeline,
    scene::Frame,
    stage::Moment,
    store::Store,
    text::{FontPlace, Shaper},
    time::{Clock, FrameTime, SystemClock, WallTime},
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

/// A copy of the shipped county, harvested.
pub struct County {
    _dir: tempfile::TempDir,
    pub config: PathBuf,
    pub data: PathBuf,
}

impl County {
    pub fn new() -> Self {
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

    pub fn load(&self) -> Arc<Config> {
        Arc::new(check::load(&self.config).config.expect("the shipped config is valid"))
    }

    /// Where the words stand on the first page of a screen.
    pub fn find(&self, screen: &str, words: &str) -> [f32; 2] {
        let config = self.load();
        let mut show = ScreenPipeline::new(0, screen, &config).unwrap();
        let store = Store::open(&self.data).unwrap();
        let zone = jiff::tz::TimeZone::get(&config.site.timezone).unwrap();
        let wall = WallTime::at(SystemClock::default().wall(), &zone);
        show.refresh(&Arc::new(store.edition_on(1, &config, wall.day()).unwrap()));
        let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        show.frame(&Moment { frame: FrameTime::default(), wall }, &mut shaper, &mut Frame::default());
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
