//! One screen's way from edition to frame. Windows and offscreen pictures go the same way.

use crate::{
    config::{Config, ScreenKind},
    edition::{Answer, Edition, Faults, Question, Response},
    media::PictureRequest,
    scene::{Frame, Picture, Rect, Scene, SurfaceSlot},
    stage::{Input, KioskStage, LedStage, Moment, Stage},
    text::Shaper,
    time::{EventTime, FrameTime},
};
use std::{sync::Arc, time::Duration};

/// One screen's way from edition to frame.
pub struct ScreenPipeline {
    index: usize,
    stage: Box<dyn Stage>,
    edition: Arc<Edition>,
    scene: Option<Scene>,
    /// Scenes built so far.
    scene_number: u64,
    wanted: bool,
    due: Option<FrameTime>,
    /// The question given out last.
    asked: Option<u64>,
    /// The slots of its scene's surfaces, with the pictures each had had at the last frame.
    slots: Vec<(Arc<SurfaceSlot>, u64)>,
}

impl ScreenPipeline {
    /// Sets up the screen `name` of `config`, the `index`th one shown; `None` where the config has no such screen.
    pub fn new(index: usize, name: &str, config: &Arc<Config>) -> Option<Self> {
        let stage: Box<dyn Stage> = match config.screens.get(name)?.kind {
            ScreenKind::Led => Box::new(LedStage::new(index, name, Arc::clone(config))),
            ScreenKind::Kiosk => Box::new(KioskStage::new(index, name, Arc::clone(config))),
        };
        let edition = Arc::new(Edition::default());
        let slots = Vec::new();
        Some(Self { index, stage, edition, scene: None, scene_number: 0, wanted: true, due: None, asked: None, slots })
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

    /// Shapes all it shows anew, with fonts that came late.
    pub fn reshape(&mut self) {
        self.stage.reshape();
    }

    /// Takes what staff should mend.
    pub fn faults(&mut self, faults: Faults) {
        self.stage.faults(faults);
    }

    /// Takes an answer from the archive; a frame is due at once.
    pub fn answer(&mut self, answer: Answer) {
        self.stage.answer(answer);
        self.due = Some(FrameTime { frame: 0, at: Duration::ZERO });
    }

    /// Gives out every question to the archive. One that `give` says it could not pass on is answered at once: it failed,
    /// or its page would wait for nothing.
    pub fn ask(&mut self, give: impl Fn(Question) -> bool) {
        while let Some(question) = self.question() {
            let (screen, generation) = (question.screen, question.generation);
            if !give(question) {
                self.answer(Answer { screen, generation, response: Response::Failed });
            }
        }
    }

    /// Takes a picture of a wall's zone.
    pub fn picture(&mut self, request: &PictureRequest, picture: &Arc<Picture>) {
        self.stage.picture(request, picture);
    }

    /// The next question to the archive.
    pub fn question(&mut self) -> Option<Question> {
        let question = self.stage.question();
        self.asked = question.as_ref().map(|question| question.generation).or(self.asked);
        question
    }

    /// The screen's index, once after the page was left that asked last: nothing it asked for is wanted any more.
    pub fn left(&mut self) -> Option<usize> {
        let is_left = self.asked.is_some_and(|asked| asked != self.stage.generation());
        is_left.then(|| {
            self.asked = None;
            self.index
        })
    }

    /// Whether what it shows is noted for the proof of it.
    pub fn is_journalled(&self) -> bool {
        self.stage.is_journalled()
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
            || self.due.is_some_and(|due| due.at <= moment.frame.at)
            || self.slots.iter().any(|(slot, drawn)| slot.version() != *drawn)
    }

    /// The number of a frame presented now after `last` was: one more, or as many more as have passed of those during
    /// which the picture was meant to stand. A late frame is no reason to skip a number.
    pub fn number(&self, last: Option<FrameTime>, now: Duration) -> u64 {
        let Some(last) = last else { return 0 };
        let next = last.frame + 1;
        let (Some(due), Some(scene)) = (self.due.filter(|due| due.frame > next), &self.scene) else { return next };
        let passed = now.saturating_sub(last.at).as_secs_f64() * f64::from(scene.refresh);
        last.frame.saturating_add(passed.round() as u64).clamp(next, due.frame)
    }

    /// Makes `frame`, which may be the one before, that of this moment; builds a new scene first where one is wanted.
    pub fn frame(&mut self, moment: &Moment, shaper: &mut Shaper, frame: &mut Frame) {
        self.stage.present(moment);
        let mut due = self.stage.due(moment);
        let scene = match self.scene.take() {
            Some(scene) if due.is_none_or(|due| due.at > moment.frame.at) => scene,
            _ => {
                let scene = self.stage.scene(&self.edition, shaper, moment);
                self.scene_number += 1;
                due = self.stage.due(moment);
                self.slots.clear();
                self.slots.extend(scene.slots().map(|slot| (Arc::clone(slot), 0)));
                scene
            }
        };
        // Before the frame: a picture that comes in between is drawn at once and again, not missed.
        self.slots.iter_mut().for_each(|(slot, drawn)| *drawn = slot.version());
        frame.update(&scene, moment.frame);
        let next = [scene.next_change(moment.frame), due];
        self.due = next.into_iter().flatten().min_by_key(|t| (t.at, t.frame));
        self.scene = Some(scene);
        self.wanted = false;
    }

    /// When the picture next differs from the last frame; `None` until something happens.
    pub fn due(&self) -> Option<Duration> {
        self.due.map(|due| due.at)
    }

    /// The snapshot its frames show; number 0 until the store has given one.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Which scene was last built, counted from 1; 0 before the first.
    pub fn scene_number(&self) -> u64 {
        self.scene_number
    }

    /// The scene last built.
    pub fn scene(&self) -> Option<&Scene> {
        self.scene.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Screen,
        text::FontPlace,
        time::{Timestamp, WallTime},
    };

    #[test]
    fn a_question_that_is_lost_is_answered_as_failed_and_drawn_at_once() {
        let mut config = Config::default();
        config.screens.insert("lobby".into(), Screen { kind: ScreenKind::Kiosk, ..Screen::default() });
        let mut pipeline = ScreenPipeline::new(0, "lobby", &Arc::new(config)).unwrap();
        let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        let mut frame = Frame::default();
        let wall = || WallTime::at(Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC);
        let moment =
            |ms: u64| Moment { frame: FrameTime { frame: ms / 16, at: Duration::from_millis(ms) }, wall: wall() };
        pipeline.frame(&moment(0), &mut shaper, &mut frame);
        "c".chars().for_each(|c| pipeline.update(Input::Key(c), EventTime(Duration::from_millis(20))));
        pipeline.frame(&moment(32), &mut shaper, &mut frame);
        pipeline.ask(|_| false);
        assert!(pipeline.due().is_some_and(|due| due <= Duration::from_millis(32)));
        pipeline.frame(&moment(48), &mut shaper, &mut frame);
        let said = pipeline.scene().unwrap().to_string();
        assert!(said.contains("暂时读不到"), "{said}");
    }
}
