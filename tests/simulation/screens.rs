//! The screens: the real stages and scenes, presented at instants that the simulation chooses.

use super::clock::SimClock;
use gongshi::{
    config::Config,
    edition::Edition,
    platform::Inbox,
    player::{Inbound, Outbound, ScreenPipeline},
    scene::Frame,
    stage::{Input, Moment},
    text::{FontPlace, Shaper},
    time::{Clock, EventTime, FrameTime, WallTime},
};
use std::{cell::RefCell, sync::Arc, time::Duration};

/// How long a question may be without its answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);

thread_local! {
    /// Fonts are read once for all seeds.
    static SHAPER: RefCell<Shaper> = RefCell::new(Shaper::new(FontPlace::find(&[]).unwrap()).unwrap());
}

/// What is on a screen.
pub struct Seen {
    /// The screen's name.
    pub screen: &'static str,
    /// All words whose middle can be seen, one a line.
    pub text: String,
}

struct Output {
    name: &'static str,
    show: ScreenPipeline,
    frame: Frame,
    last: Option<FrameTime>,
    /// When a question was put that has no answer yet.
    asked: Option<(u64, Duration)>,
}

/// All screens of a player.
pub struct Screens {
    config: Arc<Config>,
    edition: Arc<Edition>,
    outputs: Vec<Output>,
}

impl Screens {
    /// The wall and the kiosk of a config.
    pub fn new(config: &Arc<Config>) -> Self {
        let output = |(index, name): (usize, &'static str)| Output {
            name,
            show: ScreenPipeline::new(index, name, config).expect("the screens stay in the config"),
            frame: Frame::default(),
            last: None,
            asked: None,
        };
        let outputs = ["wall", "kiosk"].into_iter().enumerate().map(output).collect();
        Self { config: Arc::clone(config), edition: Arc::default(), outputs }
    }

    /// Takes in what the service says, as the window side does.
    pub fn receive(&mut self, inbox: &Inbox<Inbound>) {
        while let Some(message) = inbox.next() {
            match message {
                Inbound::Edition(edition) => {
                    assert!(edition.number >= self.edition.number, "editions count up");
                    self.edition = edition;
                    self.outputs.iter_mut().for_each(|o| o.show.refresh(&self.edition));
                }
                Inbound::Config(config) => {
                    self.outputs.iter_mut().for_each(|o| o.show.reconfigure(&config));
                    self.config = config;
                }
                Inbound::Faults(faults) => self.outputs.iter_mut().for_each(|o| o.show.faults(faults)),
                Inbound::Answer(answer) => {
                    let Some(output) = self.outputs.get_mut(answer.screen) else { continue };
                    if output.asked.is_some_and(|(generation, _)| generation == answer.generation) {
                        output.asked = None;
                    }
                    output.show.answer(answer);
                }
                Inbound::Picture(request, picture) => {
                    self.outputs.iter_mut().for_each(|o| o.show.picture(&request, &picture));
                }
                Inbound::Quit => panic!("nobody asked the program to end"),
            }
        }
    }

    fn moment(config: &Config, output: &Output, clock: &SimClock) -> Moment {
        let now = clock.monotonic();
        let frame = FrameTime { frame: output.show.number(output.last, now), at: now };
        Moment { frame, wall: WallTime::at(clock.wall(), &config.site.zone()) }
    }

    /// Presents a frame of each screen on which something changed; gives what is on those.
    pub fn present(&mut self, clock: &SimClock) -> Vec<Seen> {
        let mut seen = Vec::new();
        for output in &mut self.outputs {
            let moment = Self::moment(&self.config, output, clock);
            if !output.show.changed(&moment) {
                continue;
            }
            SHAPER.with_borrow_mut(|shaper| output.show.frame(&moment, shaper, &mut output.frame));
            output.last = Some(moment.frame);
            let scene = output.show.scene().expect("a frame is one of a scene");
            let text = scene.words_at(moment.frame).map(|(words, _)| words).collect::<Vec<_>>().join("\n");
            seen.push(Seen { screen: output.name, text });
        }
        seen
    }

    /// Passes on the questions of the pages, and sees that each is answered in time.
    pub fn ask(&mut self, give: &dyn Fn(Outbound) -> bool, clock: &SimClock) {
        let now = clock.monotonic();
        for output in &mut self.outputs {
            if let Some(screen) = output.show.left() {
                output.asked = None;
                give(Outbound::Left { screen });
            }
            let asked = std::cell::Cell::new(output.asked);
            output.show.ask(|question| {
                asked.set(Some((question.generation, now)));
                give(Outbound::Ask(question))
            });
            output.asked = asked.get();
            let late = output.asked.filter(|(_, at)| now > *at + ANSWERED_WITHIN + super::run::STEP);
            assert!(late.is_none(), "a question waits since {late:?}");
        }
    }

    /// Touches the kiosk somewhere; says whether there was anything to touch.
    pub fn touch(&mut self, clock: &SimClock, rng: &mut fastrand::Rng) -> bool {
        let Some(output) = self.outputs.get_mut(1) else { return false };
        let moment = Self::moment(&self.config, output, clock);
        let Some(rect) = rng.choice(output.show.touchable(&moment)) else { return false };
        let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
        let at = clock.monotonic();
        output.show.update(Input::Down { finger: 0, x, y }, EventTime(at));
        output.show.update(Input::Up { finger: 0, x, y }, EventTime(at + Duration::from_millis(60)));
        true
    }

    /// Whether the edition on the screens has a notice of this title.
    pub fn holds(&self, title: &str) -> bool {
        self.edition.notices.iter().any(|notice| notice.title == title)
    }
}
