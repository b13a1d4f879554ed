//! An LED wall's live state: its canvas, and when it wants to be built again.

use super::{Input, Moment, Stage, instant};
use crate::{
    config::Config,
    edition::{Answer, Edition, Faults, Question},
    led::{Canvas, Due, ZoneContext},
    media::PictureRequest,
    scene::{Picture, Rect, Scene},
    schedule::FrameLock,
    text::{Shaper, Words},
    time::{EventTime, FrameTime, Timestamp},
};
use std::sync::Arc;

/// A wall clock set back by more than this has the scene built again, seconds.
const SET_BACK: i64 = 2;

/// One LED wall.
#[derive(Debug)]
pub struct LedStage {
    index: usize,
    name: String,
    config: Arc<Config>,
    canvas: Canvas,
    words: Words,
    lock: FrameLock,
    due: Due,
    built: Option<Timestamp>,
}

impl LedStage {
    /// The stage of the screen `name`, the `index`th of this player. The pictures of its zones are still to come.
    pub fn new(index: usize, name: &str, config: Arc<Config>) -> Self {
        let canvas = Canvas::new(name, &config);
        let words = Words::load(&config.site.language);
        let (lock, due) = (FrameLock::default(), Due::default());
        Self { index, name: name.to_owned(), config, canvas, words, lock, due, built: None }
    }

    /// Which screen of this player it is.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The screen's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Stage for LedStage {
    fn update(&mut self, _: Input, _: EventTime, _: &Edition) {}

    fn refresh(&mut self, _: &Arc<Edition>) {
        self.canvas.refresh();
        self.built = None;
    }

    fn reconfigure(&mut self, config: &Arc<Config>) {
        if self.config.site.language != config.site.language {
            self.words = Words::load(&config.site.language);
        }
        self.canvas.reconfigure(&self.name, config);
        self.config = Arc::clone(config);
        self.built = None;
    }

    fn reshape(&mut self) {
        self.canvas.reshape();
        self.built = None;
    }

    fn faults(&mut self, faults: Faults) {
        if self.canvas.faults(faults) {
            self.built = None;
        }
    }

    fn answer(&mut self, _: Answer) {}

    fn picture(&mut self, request: &PictureRequest, picture: &Arc<Picture>) {
        if self.canvas.picture(request, picture) {
            self.built = None;
        }
    }

    fn present(&mut self, moment: &Moment) {
        let refresh = self.canvas.refresh_rate();
        if self.canvas.shared() && self.lock.follow(moment.frame.frame, instant(&moment.wall), refresh) {
            self.built = None;
        }
    }

    fn question(&mut self) -> Option<Question> {
        None
    }

    fn touchable(&self, _: &Moment) -> Vec<Rect> {
        Vec::new()
    }

    fn is_journalled(&self) -> bool {
        true
    }

    fn stale(&self, moment: &Moment) -> bool {
        let set_back = |built: Timestamp| instant(&moment.wall).as_second() + SET_BACK < built.as_second();
        self.built.is_none_or(set_back) || self.due.passed(moment.frame, &moment.wall)
    }

    fn due(&self, moment: &Moment) -> Option<FrameTime> {
        if self.stale(moment) {
            return Some(moment.frame);
        }
        self.due.when(moment.frame, &moment.wall, self.canvas.refresh_rate())
    }

    fn scene(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene {
        self.present(moment);
        let index = self.lock.index(moment.frame.frame);
        let (config, words, wall) = (&*self.config, &self.words, &moment.wall);
        let mut context = ZoneContext { config, edition, shaper, words, now: moment.frame, index, wall };
        let (scene, due) = self.canvas.compose(&mut context);
        self.due = due;
        self.built = Some(instant(&moment.wall));
        scene
    }
}
