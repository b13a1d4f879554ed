//! `screens/*.toml`: one screen a file.

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

/// A rectangle of an LED canvas and what it shows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Zone {
    /// Left edge, pixels.
    pub x: i32,
    /// Top edge, pixels.
    pub y: i32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The program it belongs to; empty: always shown.
    pub program: String,
    /// What it shows.
    pub kind: ZoneKind,
    /// Text size, pixels.
    pub size: f32,
    /// Bold face.
    pub bold: bool,
    /// Letter spacing, pixels.
    pub spacing: f32,
    /// Text colour, `#rrggbb`.
    pub colour: String,
    /// Second colour: a board's countdown, `#rrggbb`.
    pub accent: String,
    /// Background colour, `#rrggbb`; empty for none.
    pub background: String,
    /// Lines at the edges: `top`, `bottom`, `left`, `right`.
    pub border: Vec<Edge>,
    /// Colour of the border, `#rrggbb`.
    pub border_colour: String,
    /// Width of the border, pixels.
    pub border_width: u32,
    /// Space kept free at the left and right, pixels.
    pub padding: u32,
    /// Where the text stands.
    pub align: Align,
    /// How content comes in: 固定 左移 右移 上移 下移 闪烁 左覆 右覆 中开 中合 淡入 打字.
    pub effect: Effect,
    /// Seconds one page of content stays.
    pub dwell_seconds: f32,
    /// `ticker`: pixels per second, snapped to a whole number of pixels a frame.
    pub speed: f32,
    /// `text`: the words; where the zone names a register, `{place}`, `{month}`, `{m}` (the month's number), `{n}` (the
    /// number of rows) and the ids of columns that are summed are filled in, and it says nothing as long as there are no
    /// rows. `ticker`: words used where there is no notice. `totals`: the title of the notices that stand
    /// in as long as no cases are known.
    pub text: String,
    /// `board`, `totals`, `register`: its title; empty for none. In that of `totals`, `{n}` is the number of units; in
    /// that of `register`, `{place}`, `{month}`, `{m}` and `{n}`, the number of rows there are, are filled in.
    pub title: String,
    /// `board`, `totals`, `register`: the title's colour, `#rrggbb`.
    pub title_colour: String,
    /// `board`, `totals`, `register`: rows on one page; 0 fits as many as there is room for.
    pub rows: u32,
    /// `register`: the register whose rows it lists, by the name of its file without `.toml`. `text`: the one whose figures
    /// of the newest month it says.
    pub register: String,
    /// `register`: the columns shown, by their ids; empty for those that the kiosk's lists show. Cases have their
    /// deadline, what is left of it and their lamp after these.
    pub columns: Vec<String>,
    /// `register`: how wide each of the columns is, in shares of the whole, such as `[3, 1, 1]`; empty gives each what
    /// it needs.
    pub widths: Vec<f32>,
    /// `register`, `text`: the code of a region in `regions.csv`: only rows there and below it; empty for everywhere.
    pub place: String,
    /// `register`: the rows of which time.
    pub period: RowPeriod,
    /// `register`, `text`: only cases that are not closed yet, the one due soonest first, of whatever time.
    pub open_only: bool,
    /// `board`, `ticker`, and what stands in for `totals`: notices of this heading and below; empty for all.
    pub catalogue: String,
    /// `board`, `ticker`: only notices that are in a closed show period today.
    pub showing_only: bool,
    /// `board`, `ticker`: notices taken at most. `register`: rows taken at most, up to 200; the newest, where there are
    /// more.
    pub limit: u32,
    /// `ticker`: with the first lines of each notice after its title.
    pub with_summary: bool,
    /// `clock`: what it says; `{date}`, `{md}`, `{weekday}`, `{lunar}`, `{time}`, `{hm}` are filled in.
    pub format: String,
    /// `picture`: the file, relative to the config folder.
    pub file: String,
    /// `picture`: how it fits.
    pub fit: Fit,
}

/// What a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneKind {
    /// Fixed words.
    #[default]
    Text,
    /// One endless line that moves to the left.
    Ticker,
    /// A paged list of notices.
    Board,
    /// A paged list of units with the cases each has in hand and a lamp: green, yellow where one is nearly due, red where
    /// one is late. As long as no cases are known it is a board.
    Totals,
    /// A paged table of a register's rows.
    Register,
    /// Date and time.
    Clock,
    /// A picture file.
    Picture,
}

/// The rows of which time a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowPeriod {
    /// Those of the newest month that has rows, by day, with their sums.
    #[default]
    Newest,
    /// Those of all months, the newest first.
    All,
}

/// An edge of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Upper edge.
    Top,
    /// Lower edge.
    Bottom,
    /// Left edge.
    Left,
    /// Right edge.
    Right,
}

/// Where text stands within its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How a picture fits its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Whole picture, bars where the shapes differ.
    #[default]
    Contain,
    /// Whole zone, edges cut where the shapes differ.
    Cover,
    /// Pixel for pixel, from the upper left corner.
    Exact,
}

/// How content comes in, by the names LED operators use (English names are understood too).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[schemars(transform = super::schema::effect_aliases)]
pub enum Effect {
    /// 固定: stands at once.
    #[default]
    #[serde(rename = "固定", alias = "still")]
    Still,
    /// 左移: moves in to the left, pushing the old content out.
    #[serde(rename = "左移", alias = "left")]
    Left,
    /// 右移: moves in to the right.
    #[serde(rename = "右移", alias = "right")]
    Right,
    /// 上移: moves in upwards.
    #[serde(rename = "上移", alias = "up")]
    Up,
    /// 下移: moves in downwards.
    #[serde(rename = "下移", alias = "down")]
    Down,
    /// 闪烁: blinks.
    #[serde(rename = "闪烁", alias = "blink")]
    Blink,
    /// 左覆: is uncovered towards the left.
    #[serde(rename = "左覆", alias = "cover-left")]
    CoverLeft,
    /// 右覆: is uncovered towards the right.
    #[serde(rename = "右覆", alias = "cover-right")]
    CoverRight,
    /// 中开: opens from the middle.
    #[serde(rename = "中开", alias = "open")]
    Open,
    /// 中合: closes in from both sides.
    #[serde(rename = "中合", alias = "close")]
    Close,
    /// 淡入: fades in.
    #[serde(rename = "淡入", alias = "fade")]
    Fade,
    /// 打字: appears character by character.
    #[serde(rename = "打字", alias = "type")]
    Type,
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

impl Default for Zone {
    fn default() -> Self {
        Self {
            x: 0,
            y: 0,
            width: 0,
            height: 0,
            program: String::new(),
            kind: ZoneKind::Text,
            size: 48.0,
            bold: false,
            spacing: 0.0,
            colour: "#ffffff".into(),
            accent: "#ffd24a".into(),
            background: String::new(),
            border: Vec::new(),
            border_colour: "#b3261e".into(),
            border_width: 3,
            padding: 0,
            align: Align::Left,
            effect: Effect::Still,
            dwell_seconds: 8.0,
            speed: 120.0,
            text: String::new(),
            title: String::new(),
            title_colour: "#ff6b5e".into(),
            rows: 0,
            register: String::new(),
            columns: Vec::new(),
            widths: Vec::new(),
            place: String::new(),
            period: RowPeriod::Newest,
            open_only: false,
            catalogue: String::new(),
            showing_only: false,
            limit: 200,
            with_summary: false,
            format: "{date} {weekday} {time}".into(),
            file: String::new(),
            fit: Fit::Contain,
        }
    }
}
