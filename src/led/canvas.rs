//! One LED canvas: its zones, each with its own layers, drawn one over the other.

use super::{
    badge, card,
    due::Due,
    paint,
    zone::{Place, ZoneContext, ZoneView},
    zones,
};
use crate::{
    config::{Config, Screen, Zone},
    edition::Faults,
    media::PictureRequest,
    scene::{Colour, Picture, Placed, Scene},
    schedule::{next_switch, programme_at},
};
use std::{path::PathBuf, sync::Arc};

/// One zone and what it last built.
#[derive(Debug)]
struct ZoneState {
    zone: Zone,
    base: Vec<Placed>,
    view: Box<dyn ZoneView>,
    playing: bool,
}

/// A canvas and its zones; keeps layers from one scene to the next while they are unchanged.
#[derive(Debug)]
pub struct Canvas {
    screen: Screen,
    dir: PathBuf,
    zones: Vec<ZoneState>,
    card: Option<Vec<Placed>>,
    faults: Faults,
    badge: Option<Placed>,
    started: bool,
}

impl Canvas {
    /// A canvas; its pictures are still to come. A screen that the config lacks is an empty one.
    pub fn new(name: &str, config: &Config) -> Self {
        let screen = config.screens.get(name).cloned().unwrap_or_default();
        let mut canvas = Self {
            screen: Screen { zone: Vec::new(), ..Screen::default() },
            dir: config.dir.clone(),
            zones: Vec::new(),
            card: None,
            faults: Faults::default(),
            badge: None,
            started: false,
        };
        canvas.take(screen);
        canvas
    }

    /// Takes a new config; zones that are the same go on undisturbed.
    pub fn reconfigure(&mut self, name: &str, config: &Config) {
        self.card = None;
        if self.dir != config.dir {
            self.dir.clone_from(&config.dir);
            self.zones.clear();
        }
        // What a zone says may come from other files as well: columns, regions, the standing line.
        self.zones.iter_mut().for_each(|z| z.view.refresh());
        self.take(config.screens.get(name).cloned().unwrap_or_default());
    }

    /// Makes the views of all zones anew.
    pub fn reshape(&mut self) {
        self.card = None;
        let mut screen = std::mem::take(&mut self.screen);
        screen.zone = self.zones.drain(..).map(|state| state.zone).collect();
        self.take(screen);
    }

    fn take(&mut self, mut screen: Screen) {
        let mut old = std::mem::take(&mut self.zones);
        let frame = |s: &Screen| (s.width, s.refresh, s.wall_width, s.wall_x);
        let same = frame(&self.screen) == frame(&screen);
        for zone in std::mem::take(&mut screen.zone) {
            let kept = old.iter().position(|z| same && z.zone == zone).map(|i| old.swap_remove(i));
            self.zones.push(kept.unwrap_or_else(|| ZoneState {
                base: paint::base(&zone.frame),
                view: zones::view(&zone, &Place { frame: &zone.frame, screen: &screen, dir: &self.dir }),
                playing: false,
                zone,
            }));
        }
        // What is left of the old ones was changed: another picture at the same place keeps the one that stands there.
        for state in self.zones.iter_mut().filter(|state| state.view.picture().is_some()) {
            let area = paint::inner(&state.zone.frame);
            let before = old.iter().find(|z| paint::inner(&z.zone.frame) == area && z.view.picture_layer().is_some());
            if let Some(layer) = before.and_then(|z| z.view.picture_layer()) {
                state.view.keep_picture(layer);
            }
        }
        self.badge = badge::placed(&screen, self.faults);
        self.screen = screen;
    }

    /// Takes what staff should mend; says whether that changes the picture.
    pub fn faults(&mut self, faults: Faults) -> bool {
        let old = std::mem::replace(&mut self.faults, faults);
        if (old.is_here(), old.is_at_sources()) == (faults.is_here(), faults.is_at_sources()) {
            return false;
        }
        self.badge = badge::placed(&self.screen, faults);
        self.screen.fault_badge
    }

    /// Takes a picture of a zone; says whether one shows it.
    pub fn picture(&mut self, request: &PictureRequest, picture: &Arc<Picture>) -> bool {
        let mut is_shown = false;
        for state in self.zones.iter_mut().filter(|state| state.view.picture() == Some(request)) {
            state.view.take_picture(picture);
            is_shown = true;
        }
        is_shown
    }

    /// The screen's refresh rate, hertz.
    pub fn refresh_rate(&self) -> u32 {
        self.screen.refresh
    }

    /// Whether its tickers follow the frame index that machines share.
    pub fn shared(&self) -> bool {
        self.screen.wall_width > 0
    }

    /// Has every zone look at the edition again.
    pub fn refresh(&mut self) {
        self.zones.iter_mut().for_each(|z| z.view.refresh());
    }

    /// The scene of this moment, and when another is wanted.
    pub fn compose(&mut self, context: &mut ZoneContext<'_>) -> (Scene, Due) {
        let program = programme_at(&self.screen.playlist, context.wall).unwrap_or("").to_owned();
        let mut due = next_switch(&self.screen.playlist, context.wall)
            .map_or_else(Due::default, |after| Due::after(context.wall, after));
        let mut placed = Vec::new();
        let mut anything = false;
        for state in &mut self.zones {
            let playing = state.zone.frame.plays(&program);
            if playing && !state.playing && self.started {
                state.view.restart(context.now);
            }
            state.playing = playing;
            if !playing {
                continue;
            }
            placed.extend(state.base.iter().cloned());
            let area = paint::inner(&state.zone.frame);
            if !area.is_empty() {
                due = due.or(state.view.place(area, context, &mut placed));
                anything |= state.view.has_something();
            }
        }
        self.started = true;
        let screen = &self.screen;
        if !anything {
            let standing = &context.config.site.standing;
            let card = self.card.get_or_insert_with(|| card::placed(screen, standing, context.shaper));
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
