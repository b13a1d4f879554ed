//! One LED canvas: its zones, each with its own layers, drawn one over the other.

use super::{badge, card, due::Due, paint, pick, zones::Content};
use crate::{
    config::{Config, Screen, Standing, Zone, ZoneKind},
    edition::{Edition, Faults},
    model::NoticeId,
    scene::{Colour, Placed, Scene},
    schedule::{next_switch, program_at},
    text::Shaper,
    time::{FrameTime, WallTime, civil::Date},
};
use std::{path::PathBuf, sync::Arc};

/// What zones are built from.
pub struct Context<'a> {
    /// The config.
    pub config: &'a Config,
    /// The snapshot.
    pub edition: &'a Edition,
    /// Shapes words.
    pub shaper: &'a mut Shaper,
    /// The frame the scene is for.
    pub now: FrameTime,
    /// That frame's index on a wall that machines share.
    pub index: u64,
    /// Its civil time.
    pub wall: &'a WallTime,
}

/// One zone and what it last built.
#[derive(Debug)]
struct ZoneState {
    zone: Zone,
    base: Vec<Placed>,
    content: Content,
    playing: bool,
}

/// A canvas and its zones; keeps layers from one scene to the next while they are unchanged.
#[derive(Debug)]
pub struct Canvas {
    screen: Screen,
    dir: PathBuf,
    standing: Standing,
    zones: Vec<ZoneState>,
    card: Option<Vec<Placed>>,
    faults: Faults,
    badge: Option<Placed>,
    /// The day and the program that the last scene was for, and the notices of its zones.
    programme: Option<(Date, String, Arc<[NoticeId]>)>,
    started: bool,
}

impl Canvas {
    /// A canvas; pictures are read here. A screen that the config lacks is an empty one.
    pub fn new(name: &str, config: &Config) -> Self {
        let screen = config.screens.get(name).cloned().unwrap_or_default();
        let mut canvas = Self {
            screen: Screen { zone: Vec::new(), ..Screen::default() },
            dir: config.dir.clone(),
            standing: config.site.standing.clone(),
            zones: Vec::new(),
            card: None,
            faults: Faults::default(),
            badge: None,
            programme: None,
            started: false,
        };
        canvas.take(screen);
        canvas
    }

    /// Takes a new config; zones that are the same go on undisturbed.
    pub fn reconfigure(&mut self, name: &str, config: &Config) {
        self.card = None;
        // What a table says of its rows is the register's.
        self.zones.iter_mut().filter(|z| z.zone.kind == ZoneKind::Register).for_each(|z| z.content.refresh());
        if self.standing != config.site.standing || self.dir != config.dir {
            self.standing = config.site.standing.clone();
            self.dir.clone_from(&config.dir);
            self.zones.iter_mut().for_each(|z| z.content.refresh());
        }
        self.take(config.screens.get(name).cloned().unwrap_or_default());
    }

    fn take(&mut self, mut screen: Screen) {
        self.programme = None;
        let mut old = std::mem::take(&mut self.zones);
        let frame = |s: &Screen| (s.width, s.refresh, s.wall_width, s.wall_x);
        let same = frame(&self.screen) == frame(&screen);
        for zone in std::mem::take(&mut screen.zone) {
            let kept = old.iter().position(|z| same && z.zone == zone).map(|i| old.swap_remove(i));
            self.zones.push(kept.unwrap_or_else(|| ZoneState {
                base: paint::base(&zone),
                content: Content::new(&zone, &screen, &self.dir),
                playing: false,
                zone,
            }));
        }
        self.badge = badge::placed(&screen, self.faults);
        self.screen = screen;
    }

    /// Takes what staff should mend; says whether that changes the picture.
    pub fn faults(&mut self, faults: Faults) -> bool {
        let old = std::mem::replace(&mut self.faults, faults);
        if (old.config > 0, old.feeds > 0) == (faults.config > 0, faults.feeds > 0) {
            return false;
        }
        self.badge = badge::placed(&self.screen, faults);
        self.screen.fault_badge
    }

    /// Refresh rate, hertz.
    pub fn refresh_rate(&self) -> u32 {
        self.screen.refresh
    }

    /// Whether its tickers follow the frame index that machines share.
    pub fn shared(&self) -> bool {
        self.screen.wall_width > 0
    }

    /// Has every zone look at the edition again.
    pub fn refresh(&mut self) {
        self.programme = None;
        self.zones.iter_mut().for_each(|z| z.content.refresh());
    }

    /// The notices of the zones that play, as of the last scene.
    pub fn showing(&self) -> Arc<[NoticeId]> {
        self.programme.as_ref().map_or_else(|| Arc::from([]), |(.., notices)| Arc::clone(notices))
    }

    /// Notes the notices of the zones that play; looked up once a day, edition and program.
    fn note_programme(&mut self, program: &str, context: &Context<'_>) {
        let day = context.wall.day();
        if self.programme.as_ref().is_some_and(|(d, p, _)| (*d, p.as_str()) == (day, program)) {
            return;
        }
        let playing = self.zones.iter().filter(|state| state.playing).map(|state| &state.zone);
        let notices = pick::programme(playing, context.edition, day, self.screen.wall_width > 0);
        self.programme = Some((day, program.to_owned(), notices));
    }

    /// The scene of this moment, and when another is wanted.
    pub fn compose(&mut self, context: &mut Context<'_>) -> (Scene, Due) {
        let program = program_at(&self.screen.playlist, context.wall).unwrap_or("").to_owned();
        let mut due = next_switch(&self.screen.playlist, context.wall)
            .map_or_else(Due::default, |after| Due::after(context.wall, after));
        let mut placed = Vec::new();
        let mut anything = false;
        let screen = &self.screen;
        for state in &mut self.zones {
            let playing = state.zone.program.is_empty() || state.zone.program == program;
            if playing && !state.playing && self.started {
                state.content.restart(&state.zone, screen, context.now);
            }
            state.playing = playing;
            if !playing {
                continue;
            }
            placed.extend(state.base.iter().cloned());
            let area = paint::inner(&state.zone);
            if !area.is_empty() {
                let zone_due = state.content.place(&state.zone, area, &self.standing, context, &mut placed);
                due = due.or(zone_due);
                anything |= state.content.has_something();
            }
        }
        self.started = true;
        self.note_programme(&program, context);
        let screen = &self.screen;
        if !anything {
            let card = self.card.get_or_insert_with(|| card::placed(screen, &self.standing, context.shaper));
            placed.clone_from(card);
        }
        placed.extend(self.badge.clone());
        let scene = Scene {
            width: self.screen.width,
            height: self.screen.height,
            refresh: self.screen.refresh,
            background: Colour::BLACK,
            placed,
        };
        (scene, due)
    }
}
