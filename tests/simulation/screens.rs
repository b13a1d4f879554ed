//! The screens: the real stages, scenes, frames and proofs, presented at instants that the simulation chooses.

use super::{account::Account, clock::SimClock};
use gongshi::{
    config::Config,
    edition::Edition,
    model::NoticeVersion,
    platform::Inbox,
    player::{ClockReading, Inbound, Outbound, ScreenPipeline, ScreenProof},
    scene::{Frame, Primitive, Rect},
    stage::{Input, Moment},
    text::{FontPlace, Shaper},
    time::{Clock, EventTime, FrameTime, WallTime},
};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::Arc,
    time::Duration,
};

/// How long a question may be without its answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
/// How far from its words the part of a layer may begin that says a notice, canvas pixels.
const MARK_MARGIN: f32 = 4.0;

thread_local! {
    /// Fonts are read once for all seeds.
    static SHAPER: RefCell<Shaper> = RefCell::new(Shaper::new(FontPlace::find(&[]).unwrap()).unwrap());
}

/// What is on a screen.
pub struct Seen {
    /// The screen's name.
    pub screen: String,
    /// Whether it is a wall.
    pub is_wall: bool,
    /// All words of which a pixel can be seen, one a line.
    pub text: String,
}

struct Output {
    index: usize,
    show: ScreenPipeline,
    frame: Frame,
    last: Option<FrameTime>,
    /// When a question was put that has no answer yet.
    asked: Option<(u64, Duration)>,
    /// What is noted of it, where anything is.
    proof: Option<ScreenProof>,
    /// Another window lies over it.
    is_covered: bool,
}

/// What screens tell the service.
pub type Give = dyn Fn(Outbound) -> bool + Send;

/// All screens of a player.
pub struct Screens {
    config: Arc<Config>,
    edition: Arc<Edition>,
    /// Names by index; one that is gone keeps its place.
    names: Vec<String>,
    outputs: BTreeMap<String, Output>,
}

impl Screens {
    /// The screens of a config.
    pub fn new(config: &Arc<Config>) -> Self {
        let mut screens =
            Self { config: Arc::clone(config), edition: Arc::default(), names: Vec::new(), outputs: BTreeMap::new() };
        screens.open();
        screens
    }

    /// Opens the screens of the config that are not open.
    fn open(&mut self) {
        let config = Arc::clone(&self.config);
        for name in config.screens.keys() {
            if self.outputs.contains_key(name) {
                continue;
            }
            let index = self.names.iter().position(|known| known == name).unwrap_or(self.names.len());
            if index == self.names.len() {
                self.names.push(name.clone());
            }
            let mut show = ScreenPipeline::new(index, name, &self.config).expect("it is in the config");
            show.refresh(&self.edition);
            let proof = show.is_journalled().then(|| ScreenProof::new(name));
            let frame = Frame::default();
            let output = Output { index, show, frame, last: None, asked: None, proof, is_covered: false };
            self.outputs.insert(name.clone(), output);
        }
    }

    /// Takes in what the service says, as the window side does.
    pub fn receive(&mut self, inbox: &Inbox<Inbound>, give: &Give, clock: &SimClock, account: &mut Account) {
        while let Some(message) = inbox.next() {
            match message {
                Inbound::Edition(edition) => {
                    assert!(edition.number >= self.edition.number, "editions count up");
                    self.edition = edition;
                    self.outputs.values_mut().for_each(|o| o.show.refresh(&self.edition));
                }
                Inbound::Config(config) => self.reconfigure(&config, give, clock, account),
                Inbound::Faults(faults) => self.outputs.values_mut().for_each(|o| o.show.faults(faults)),
                Inbound::Answer(answer) => {
                    let Some(output) = self.outputs.values_mut().find(|o| o.index == answer.screen) else { continue };
                    if output.asked.is_some_and(|(generation, _)| generation == answer.generation) {
                        output.asked = None;
                    }
                    output.show.answer(answer);
                }
                Inbound::Picture(request, picture) => {
                    self.outputs.values_mut().for_each(|o| o.show.picture(&request, &picture));
                }
                Inbound::Quit => panic!("nobody asked the program to end"),
            }
        }
    }

    fn reconfigure(&mut self, config: &Arc<Config>, give: &Give, clock: &SimClock, account: &mut Account) {
        self.config = Arc::clone(config);
        let gone: Vec<String> = self.outputs.keys().filter(|n| !config.screens.contains_key(*n)).cloned().collect();
        for name in gone {
            let Some(output) = self.outputs.remove(&name) else { continue };
            if let Some(mut proof) = output.proof {
                proof.end(clock.since_boot(), give);
                account.interrupted(&name);
            }
        }
        self.outputs.values_mut().for_each(|o| o.show.reconfigure(config));
        self.open();
    }

    fn moment(config: &Config, output: &Output, clock: &SimClock) -> Moment {
        let now = clock.monotonic();
        let frame = FrameTime { frame: output.show.number(output.last, now), at: now };
        Moment { frame, wall: WallTime::at(clock.wall(), &config.site.zone()) }
    }

    /// When one of them is to be presented again, as a proof that it still shows what it does.
    pub fn prove_at(&self) -> Option<Duration> {
        self.outputs.values().filter_map(|o| o.proof.as_ref()?.present_again_at()).min()
    }

    /// Presents a frame of each screen on which something changed; gives what is on those.
    pub fn present(&mut self, give: &Give, clock: &SimClock, account: &mut Account) -> Vec<Seen> {
        let mut seen = Vec::new();
        for (name, output) in &mut self.outputs {
            let again = output.proof.as_ref().and_then(ScreenProof::present_again_at);
            if again.is_some_and(|at| at <= clock.monotonic()) {
                output.show.expose();
            }
            let moment = Self::moment(&self.config, output, clock);
            if !output.show.changed(&moment) {
                continue;
            }
            SHAPER.with_borrow_mut(|shaper| output.show.frame(&moment, shaper, &mut output.frame));
            output.last = Some(moment.frame);
            seen.push(Seen { screen: name.clone(), is_wall: output.proof.is_some(), text: words(&output.frame) });
            if let Some(proof) = &mut output.proof {
                let size = [output.frame.width, output.frame.height];
                let reading = ClockReading { since_boot: clock.since_boot(), wall: clock.wall() };
                proof.presented(&output.show, &output.frame, moment.frame, size, reading);
                proof.report(reading.since_boot, give);
                if !output.is_covered {
                    let visible = visible(&output.frame, output.show.edition());
                    account.presented(name, reading.since_boot, reading.wall, &visible);
                }
            }
        }
        seen
    }

    /// Passes on the questions of the pages, and sees that each is answered in time.
    pub fn ask(&mut self, give: &Give, clock: &SimClock) {
        let now = clock.monotonic();
        for output in self.outputs.values_mut() {
            if let Some(screen) = output.show.left() {
                output.asked = None;
                give(Outbound::Left { screen });
            }
            let asked = Cell::new(output.asked);
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
        let Some(output) = self.outputs.get_mut("kiosk") else { return false };
        let moment = Self::moment(&self.config, output, clock);
        let Some(rect) = rng.choice(output.show.touchable(&moment)) else { return false };
        let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
        let at = clock.monotonic();
        output.show.update(Input::Down { finger: 0, x, y }, EventTime(at));
        output.show.update(Input::Up { finger: 0, x, y }, EventTime(at + Duration::from_millis(60)));
        true
    }

    /// A window is laid over the wall, or taken away.
    pub fn cover(&mut self, account: &mut Account) -> bool {
        let Some((output, proof)) =
            self.outputs.get_mut("wall").and_then(|o| Some((&mut o.is_covered, o.proof.as_mut()?)))
        else {
            return false;
        };
        *output = !*output;
        proof.covered(*output);
        account.interrupted("wall");
        true
    }

    /// The program ends: all windows are closed.
    pub fn end(&mut self, give: &Give, clock: &SimClock, account: &mut Account) {
        for (name, output) in &mut self.outputs {
            if let Some(proof) = &mut output.proof {
                proof.end(clock.since_boot(), give);
                account.interrupted(name);
            }
        }
    }

    /// Whether the edition on the screens has a notice of this title.
    pub fn holds(&self, title: &str) -> bool {
        self.edition.notices.iter().any(|notice| notice.title.starts_with(title))
    }

    /// The titles of the notices in it.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.edition.notices.iter().map(|notice| &*notice.title)
    }

    /// What the registers' rows for walls say in it.
    pub fn wall_rows(&self) -> String {
        let rows = self.edition.walls.values().flat_map(|rows| &rows.rows);
        rows.map(|row| format!("{row:?}\n")).collect()
    }

    /// Whether a screen is open.
    pub fn has(&self, name: &str) -> bool {
        self.outputs.contains_key(name)
    }
}

/// The words of which a pixel can be seen, with where they stand.
fn said(frame: &Frame) -> impl Iterator<Item = (String, Rect)> + '_ {
    frame.draws.iter().filter(|draw| draw.veil < 1.0).flat_map(|draw| {
        let [x, y, w, h] = draw.clip.map(|side| side as f32);
        let clip = Rect::new(x, y, w, h);
        draw.layer.primitives.iter().filter_map(move |primitive| match primitive {
            Primitive::Words { text, x, y, .. } => {
                let place = Rect::new(draw.x as f32 + x, draw.y as f32 + y, text.width, text.height);
                let place = place.intersect(&clip);
                (!place.is_empty()).then(|| (text.words("\n"), place))
            }
            _ => None,
        })
    })
}

fn words(frame: &Frame) -> String {
    said(frame).map(|(words, _)| words).collect::<Vec<_>>().join("\n")
}

/// The notices that can be seen in a frame, by its marks: each must be in the edition in that version, each that is said
/// in words must be marked, and what is marked must be said somewhere.
fn visible(frame: &Frame, edition: &Edition) -> Vec<NoticeVersion> {
    let mut visible = Vec::new();
    frame.visible_notices([frame.width, frame.height], &mut visible);
    let of_edition = |notice: &NoticeVersion| {
        edition.notices.iter().find(|head| head.id == notice.id && head.version == notice.version)
    };
    let text = words(frame);
    for notice in &visible {
        let head = of_edition(notice).unwrap_or_else(|| panic!("{notice:?} is on a wall and not in the edition"));
        assert!(text.contains(&*head.title) || is_cut(frame), "{notice:?} is noted as visible and not said:\n{text}");
    }
    for (said, place) in said(frame).filter(|(_, place)| place.w > MARK_MARGIN && place.h > MARK_MARGIN) {
        let mut named = edition.notices.iter().filter(|head| said.contains(&*head.title));
        // A line of several says by its words alone not which of them can be seen.
        let (Some(head), None) = (named.next(), named.next()) else { continue };
        let is_marked = visible.iter().any(|notice| notice.id == head.id);
        assert!(is_marked, "{} can be seen at {place:?} and is not noted", head.title);
    }
    visible
}

/// Whether a line moves through the frame, of which a piece may be seen that is less than a title.
fn is_cut(frame: &Frame) -> bool {
    frame.draws.iter().any(|draw| draw.window.is_some())
}
