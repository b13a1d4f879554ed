//! `screens/*.toml`: one screen a file.

use super::changes::Changes;
use super::section::ConfigSection;
use super::zones::Zone;
use schemars::JsonSchema;
use serde::Deserialize;

/// One `screens/NAME.toml`; the screen's name is the file's.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// LED wall or kiosk.
    pub kind: ScreenKind,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Left edge of the canvas on the desktop, in pixels.
    pub x: i32,
    /// Top edge of the canvas on the desktop, in pixels.
    pub y: i32,
    /// Connector name of the monitor to cover, such as `HDMI-1`; empty: placed by `x` and `y`.
    pub monitor: String,
    /// Refresh rate of the output in hertz; tickers snap to it.
    pub refresh: u32,
    /// LED only: pixels across of the whole wall, where several machines share one; 0: this screen is a wall of its
    /// own. Tickers then stand where the clock says, so that they run on across the seams; machines with the same
    /// zone, feeds, fonts and `refresh`, whose clocks are kept by a time server, agree without talking. One line holds
    /// 40,000 characters at most.
    pub wall_width: u32,
    /// LED only: the wall's pixel at the left edge of this screen's canvas.
    pub wall_x: u32,
    /// Whether staff are told in a corner of the screen, by a few amber pixels or a short line, that the config on disk
    /// has faults or a feed has been failing for long.
    pub fault_badge: bool,
    /// Second line of a kiosk's header, such as 县政务服务中心 · 一楼大厅 1 号机.
    pub place: String,
    /// Seconds without a touch before a kiosk asks whether anyone is there.
    pub idle_seconds: u32,
    /// Kiosk only: whether `正在公示` lists notices of this heading only; empty for all.
    pub catalogue: String,
    /// LED only: what plays when; the first entry that matches plays, else the zones without a program.
    pub playlist: Vec<PlaylistEntry>,
    /// LED only: the zones, later ones drawn over earlier ones.
    pub zone: Vec<Zone>,
}

/// LED wall or kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScreenKind {
    /// An LED wall: zones on an exact canvas.
    #[default]
    Led,
    /// A touch kiosk: pages.
    Kiosk,
}

impl ConfigSection for Screen {
    /// Its zones ask for content. Windows and stages compare their own screen's file.
    fn changed(_: &str, _: Option<&Self>, _: Option<&Self>, changes: &mut Changes) {
        changes.edition = true;
    }
}

/// When a program plays.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlaylistEntry {
    /// The program's name; zones with the same `program` show.
    pub program: String,
    /// Days of the week, 1 Monday to 7 Sunday; empty for every day.
    pub weekdays: Vec<u8>,
    /// From this time of day, `HH:MM`; empty for midnight.
    pub from: String,
    /// Until this time of day, `HH:MM`, not included; before `from` it means the next morning; empty for midnight.
    pub until: String,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            kind: ScreenKind::Led,
            width: 1920,
            height: 1080,
            x: 0,
            y: 0,
            monitor: String::new(),
            refresh: 60,
            wall_width: 0,
            wall_x: 0,
            fault_badge: true,
            place: String::new(),
            idle_seconds: 60,
            catalogue: String::new(),
            playlist: Vec::new(),
            zone: Vec::new(),
        }
    }
}
