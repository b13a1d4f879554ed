//! One screen's way from edition to frame. Windows and offscreen pictures go the same way.

use crate::{
    config::{Config, ScreenKind},
    edition::{Answer, Edition, Question},
    scene::{Frame, Rect, Scene, frame},
    stage::{Input, KioskStage, LedStage, Moment, Stage},
    text::Shaper,
    time::EventTime,
};
use std::{sync::Arc, time::Duration};

/// One screen's way from edition to frame.
pub struct Show {
    stage: Box<dyn Stage>,
    edition: Arc<Edition>,
    scene: Option<Scene>,
    wanted: bool,
    due: Option<Duration>,
}

impl Show {
    /// Sets up the screen `name` of `config`, the `index`th one shown; `None` where the config has no such screen.
    pub fn new(index: usize, name: &str, config: &Arc<Config>) -> Option<Self> {
        let stage: Box<dyn Stage> = match config.screens.get(name)?.kind {
            ScreenKind::Led => Box::new(LedStage::new(index, name, Arc::clone(config))),
            ScreenKind::Kiosk => Box::new(KioskStage::new(index, name, Arc::clone(config))),
        };
        Some(Self { stage, edition: Arc::new(Edition::default()), scene: None, wanted: true, due: None })
    }

    /// Applies an input at once.
    pub fn update(&mut self, input: Input, at: EventTime) {
        self.stage.update(input, at, &self.edition);
    }

    /// Takes a new snapshot.
    pub fn refresh(&mut self, edition: &Arc<Edition>) {
        self.edition = Arc::clone(edition);
        self.stage.refresh(edition);
    }

    /// Takes a new config. Says whether the screen's own part changed.
    pub fn reconfigure(&mut self, config: &Arc<Config>) {
        self.stage.reconfigure(config);
    }

    /// Takes an answer from the archive.
    pub fn answer(&mut self, answer: Answer) {
        self.stage.answer(answer);
    }

    /// The next question to the archive.
    pub fn question(&mut self) -> Option<Question> {
        self.stage.question()
    }

    /// What can be touched now, canvas pixels.
    pub fn touchable(&self, moment: &Moment) -> Vec<Rect> {
        self.stage.touchable(moment)
    }

    /// Wants a frame even if nothing changed: the window was uncovered, resized or rebuilt.
    pub fn expose(&mut self) {
        self.wanted = true;
    }

    /// Whether a frame drawn now would differ from the last one.
    pub fn changed(&self, moment: &Moment) -> bool {
        self.wanted
            || self.scene.is_none()
            || self.stage.stale(moment)
            || self.due.is_some_and(|due| due <= moment.frame.at)
    }

    /// The frame of this moment; builds a new scene first where one is wanted.
    pub fn frame(&mut self, moment: &Moment, shaper: &mut Shaper) -> Frame {
        let due = self.stage.due(moment).is_some_and(|t| t.at <= moment.frame.at);
        let scene = match self.scene.take() {
            Some(scene) if !due && !self.stage.stale(moment) => scene,
            _ => self.stage.scene(&self.edition, shaper, moment),
        };
        let picture = frame(&scene, moment.frame);
        let next = [scene.next_change(moment.frame), self.stage.due(moment)];
        self.due = next.into_iter().flatten().map(|t| t.at).min();
        self.scene = Some(scene);
        self.wanted = false;
        picture
    }

    /// When the picture next differs from the last frame; `None` until something happens.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }

    /// The snapshot its frames show; number 0 until the store has given one.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The scene last built.
    pub fn scene(&self) -> Option<&Scene> {
        self.scene.as_ref()
    }
}
