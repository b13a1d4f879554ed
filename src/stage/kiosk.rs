//! A kiosk's live state: who is there, where they are, what is under their finger. Its parts stand in files of their
//! own: the page as laid out, what frames it, the finger, the questions that are out.

mod chrome;
mod content;
mod hits;
mod questions;
mod scene;
mod setup;
mod touch;

use super::{Input, Moment, Stage};
use crate::{
    config::Config,
    edition::{Answer, Edition, Faults, Question},
    kiosk::{Action, AsOf, Idle, Page, ScrollTo, Session, Status, Visit},
    scene::{Rect, Scene},
    text::Shaper,
    time::{EventTime, FrameTime, WallTime, civil::Date},
    ui::{Gesture, Hit, Node, Overflow, Pointer, TextCache},
};
use chrome::Chrome;
use content::{LayoutPass, PageContent};
use hits::Seen;
use questions::{ANSWER_TIMEOUT, Questions};
use setup::Setup;
use std::{sync::Arc, time::Duration};
use touch::{Focus, Pressed, Touch};

/// A document that takes longer than this is announced by a skeleton.
const LATE: Duration = Duration::from_millis(100);

/// What was on screen in the last scene besides the page.
#[derive(Default)]
struct LastScene {
    minute: Option<(Date, i8, i8)>,
    idle: Option<Idle>,
    late: bool,
    edition: u64,
}

/// One kiosk's stage.
pub struct KioskStage {
    setup: Setup,
    visit: Visit,
    session: Session,
    touch: Touch,
    questions: Questions,
    content: Option<PageContent>,
    chrome: Chrome,
    cache: TextCache,
    last: LastScene,
    /// Something changed that the last scene does not show.
    dirty: bool,
    /// The page itself has to be laid out again.
    needs_layout: bool,
}

impl KioskStage {
    /// The stage of the kiosk `name`, the screen number `index`. A screen the config does not have gets defaults.
    pub fn new(index: usize, name: &str, config: Arc<Config>) -> Self {
        let setup = Setup::new(name, config);
        Self {
            visit: Visit::default(),
            session: Session::new(setup.screen.idle_seconds),
            touch: Touch::new(&setup.look),
            questions: Questions::new(index),
            content: None,
            chrome: Chrome::default(),
            cache: TextCache::default(),
            last: LastScene::default(),
            dirty: true,
            needs_layout: true,
            setup,
        }
    }

    /// The page the visitor is on.
    pub fn page(&self) -> &Page {
        self.visit.page()
    }

    /// Opens a page as a link to it would; `render` and tests go to pages this way.
    pub fn visit_page(&mut self, page: &Page, at: EventTime) {
        self.session.touch(at.0);
        self.apply(&Action::Go(page.clone()), at.0);
    }

    /// Where the page's content stands at an instant, pixels.
    pub fn scrolled(&self, at: Duration) -> f64 {
        self.visit.here.scroller.at(at)
    }

    /// What can be touched now: canvas pixels, and what it does. Only what can be seen whole.
    pub fn targets(&self, now: Duration) -> Vec<Hit<Action>> {
        let whole = |(hit, clip): &(Hit<Action>, Rect)| hit.rect.intersect(clip) == hit.rect;
        hits::hits(&self.seen(), now).into_iter().filter(whole).map(|(hit, _)| hit).collect()
    }

    /// What is on screen for someone who does not see it, in the order of reading. Of a long page what is near.
    pub fn nodes(&self, now: Duration) -> Vec<Node<Action>> {
        hits::nodes(&self.seen(), now)
    }

    /// Words of the last scene that stand outside their boxes: faults of a page, none on a good one.
    pub fn overflows(&self) -> Vec<Overflow> {
        let content = self.content.iter().flat_map(PageContent::layouts);
        content.chain(self.chrome.layouts()).flat_map(|layout| layout.overflows.clone()).collect()
    }

    fn seen(&self) -> Seen<'_> {
        Seen { setup: &self.setup, visit: &self.visit, content: self.content.as_ref(), chrome: &self.chrome }
    }

    fn idle(&self, now: Duration) -> Idle {
        self.session.idle(now, self.visit.clean(now) && self.touch.pressed.is_none())
    }

    fn late(&self, now: Duration) -> bool {
        matches!(self.visit.here.status, Status::Asked(at) if now >= at + LATE)
    }

    fn apply(&mut self, action: &Action, now: Duration) {
        self.visit.apply(action, now);
        if *action == Action::Leave {
            // Shaped words are words of the visit too.
            self.cache = TextCache::default();
        }
        (self.dirty, self.needs_layout) = (true, true);
        self.questions.ask(&mut self.visit.here);
    }

    /// A character of a keyboard, or of a scanner that types as one.
    fn key(&mut self, key: char, now: Duration) {
        let Some(action) = self.visit.here.page.key(key) else { return };
        let leads_on = matches!(action, Action::Go(_));
        self.apply(&action, now);
        // Where it leads to another page it is meant for that one.
        if leads_on && let Some(action) = self.visit.here.page.key(key) {
            self.apply(&action, now);
        }
    }

    /// Applies what a finger did.
    fn gesture(&mut self, gesture: Gesture, now: Duration) {
        self.dirty = true;
        match gesture {
            Gesture::Press(x, y) => {
                let press = |(hit, clip): (Hit<Action>, Rect)| Pressed { rect: hit.rect, clip, radius: hit.radius };
                self.touch.pressed = hits::hit(&self.seen(), (x, y), now).map(press);
            }
            Gesture::Release => self.touch.pressed = None,
            Gesture::Tap(x, y) => {
                self.touch.pressed = None;
                if let Some((hit, _)) = hits::hit(&self.seen(), (x, y), now) {
                    let opening = self.content.as_ref().map(|content| content.page.opening);
                    self.apply(&hit.action, now);
                    self.touch.focus =
                        (hit.action == Action::Zoom).then(|| Focus::new(opening.unwrap_or(hit.rect), hit.rect, (x, y)));
                }
            }
            // Nothing scrolls behind the question whether anyone is there.
            Gesture::Drag(..) | Gesture::Fling(_) if self.chrome.dialog.is_some() => {}
            Gesture::Drag(across, down) => {
                self.visit.here.scroller.drag(down, now);
                self.scroll_across(self.visit.here.scroll_x - across);
            }
            Gesture::Fling(speed) => {
                self.touch.pressed = None;
                self.visit.here.scroller.fling(speed, now);
            }
        }
    }

    /// Moves content that is wider than the screen so far to the left, within its bounds.
    fn scroll_across(&mut self, to: f32) {
        let beyond = self.content.as_ref().map_or(0.0, |content| content.page.width - content.page.opening.w);
        self.visit.here.scroll_x = to.clamp(0.0, beyond.max(0.0));
    }

    fn wipe_if_over(&mut self, now: Duration) {
        if self.idle(now) == Idle::Over {
            self.touch.reset();
            self.apply(&Action::Leave, now);
        }
    }

    /// Gives up what nobody answered in time; an answer that comes after all is still taken.
    fn give_up(&mut self, now: Duration) {
        if questions::is_overdue(&self.visit.here, now) {
            self.visit.here.fail();
            (self.dirty, self.needs_layout) = (true, true);
        }
    }

    fn paint(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene {
        let now = moment.frame.at;
        let wall = &WallTime(moment.wall.0.with_time_zone(self.setup.zone.clone()));
        self.cache.sweep();
        self.visit.as_of = AsOf { day: wall.day(), instant: edition.as_of };
        // A page that was left may know an older edition.
        self.questions.ask_again(&mut self.visit.here, edition);
        let late = self.late(now);
        let is_new_day = self.last.minute.is_none_or(|(day, ..)| day != wall.day());
        let is_other = late != self.last.late || edition.number != self.last.edition;
        if self.needs_layout || is_new_day || is_other {
            self.lay_out_page(edition, shaper, wall, moment);
        }
        if let Some(mut content) = self.content.take() {
            let (setup, cache) = (&self.setup, &mut self.cache);
            let mut pass = LayoutPass { setup, edition, wall, now, late, cache, shaper };
            content.fill(&mut pass, &mut self.visit);
            self.content = Some(content);
        }
        self.questions.ask_further(&mut self.visit.here, now);
        self.chrome.lay_header(&self.setup, &mut self.cache, shaper, wall);
        self.chrome.lay_bar(&self.setup, &mut self.cache, shaper, &self.visit);
        self.chrome.lay_badge(&self.setup, &mut self.cache, shaper);
        let idle = self.idle(now);
        let is_asking = matches!(idle, Idle::Asking(_));
        if self.last.idle != Some(idle) || self.chrome.dialog.is_some() != is_asking {
            self.chrome.lay_dialog(&self.setup, &mut self.cache, shaper, (idle, self.visit.low));
            if is_asking {
                // What the finger was on is behind the question now.
                self.touch.pressed = None;
            }
        }
        self.last = LastScene { minute: Some(minute(&moment.wall)), idle: Some(idle), late, edition: edition.number };
        (self.dirty, self.needs_layout) = (false, false);
        let pressed = self.touch.pressed.as_ref();
        scene::assemble(&self.setup, &self.visit, self.content.as_ref(), &mut self.chrome, pressed)
    }

    /// Lays the page out again; what it shows stays where it stands.
    fn lay_out_page(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, wall: &WallTime, moment: &Moment) {
        let now = moment.frame.at;
        let share = {
            let scroller = &self.visit.here.scroller;
            scroller.at(now) / scroller.content().max(1.0)
        };
        let resized = self.setup.look.large != self.visit.large;
        if resized {
            self.setup.resize(self.visit.large);
        }
        let late = self.late(now);
        let (setup, cache) = (&self.setup, &mut self.cache);
        let mut pass = LayoutPass { setup, edition, wall, now, late, cache, shaper };
        let content = PageContent::new(&mut pass, &mut self.visit);
        let (page, here) = (&content.page, &mut self.visit.here);
        if let ScrollTo::By(by) = page.scroll {
            here.scroller.shift(by);
        }
        here.scroller.set(&page.heights, page.opening.h, now);
        if let ScrollTo::Section(section, below) = page.scroll {
            here.scroller.jump(here.scroller.top(section) + below);
        }
        if resized {
            here.scroller.jump((share * here.scroller.content()).round());
        }
        let focus = self.touch.focus.take();
        if let Some(Focus { share, at }) = &focus {
            let to = f64::from(share.1) * here.scroller.content() - f64::from(at.1 - page.opening.y);
            here.scroller.jump(to.round());
        }
        let scroll_x = focus.map_or(here.scroll_x, |focus| focus.share.0 * page.width - focus.at.0);
        self.content = Some(content);
        self.scroll_across(scroll_x);
    }
}

fn minute(wall: &WallTime) -> (Date, i8, i8) {
    (wall.day(), wall.0.hour(), wall.0.minute())
}

impl Stage for KioskStage {
    fn update(&mut self, input: Input, at: EventTime, _: &Edition) {
        let now = at.0;
        self.wipe_if_over(now);
        let asking = matches!(self.idle(now), Idle::Asking(_));
        // While the question is up only its buttons count as use.
        if !asking {
            self.session.touch(now);
        }
        let gliding = self.visit.here.scroller.gliding(now);
        // A finger on the header or the bar is not on what moves, so it taps.
        let opening = self.content.as_ref().map(|content| content.page.opening);
        let is_on_content = |x, y| opening.is_none_or(|opening| opening.contains(x, y));
        let pointer = match input {
            Input::Down { finger, x, y } => Pointer::Down(finger, x, y),
            Input::Move { finger, x, y } => Pointer::Move(finger, x, y),
            Input::Up { finger, x, y } => Pointer::Up(finger, x, y),
            Input::Cancel { finger } => Pointer::Cancel(finger),
            Input::Wheel { by, .. } => {
                if !asking && by.is_finite() {
                    self.visit.here.scroller.wheel(by, now);
                    self.dirty = true;
                }
                return;
            }
            Input::Key(key) => {
                self.session.touch(now);
                self.dirty = true;
                if !asking {
                    self.key(key, now);
                }
                return;
            }
        };
        let gliding = gliding && !matches!(pointer, Pointer::Down(_, x, y) if !is_on_content(x, y));
        if let (Pointer::Down(..), true, false) = (pointer, gliding, self.touch.fingers.active()) {
            self.visit.here.scroller.stop(now);
            self.dirty = true;
        }
        if let Some(gesture) = self.touch.fingers.feed(pointer, now, gliding) {
            let tapped = matches!(gesture, Gesture::Tap(..));
            self.gesture(gesture, now);
            if asking && tapped {
                self.session.touch(now);
            }
        }
    }

    fn refresh(&mut self, edition: &Arc<Edition>) {
        if edition.number == self.last.edition {
            return;
        }
        (self.dirty, self.needs_layout) = (true, true);
        self.visit.as_of.instant = edition.as_of;
        self.questions.ask_again(&mut self.visit.here, edition);
    }

    fn reconfigure(&mut self, config: &Arc<Config>) {
        self.setup.reconfigure(config, self.visit.large);
        self.session.patience(self.setup.screen.idle_seconds);
        self.touch = Touch::new(&self.setup.look);
        self.chrome.forget();
        self.content = None;
        (self.dirty, self.needs_layout) = (true, true);
        if !self.visit.here.page.survives(config) {
            self.apply(&Action::Home, Duration::ZERO);
        }
    }

    fn reshape(&mut self) {
        self.chrome.forget();
        self.content = None;
        (self.dirty, self.needs_layout) = (true, true);
    }

    fn faults(&mut self, faults: Faults) {
        self.dirty |= self.chrome.faults != faults && self.setup.screen.fault_badge;
        self.chrome.faults = faults;
    }

    fn answer(&mut self, answer: Answer) {
        if self.questions.is_stale(&answer) {
            return;
        }
        self.questions.answered();
        self.visit.here.take(answer.response);
        (self.dirty, self.needs_layout) = (true, true);
    }

    fn question(&mut self) -> Option<Question> {
        self.questions.next()
    }

    fn generation(&self) -> u64 {
        self.questions.generation
    }

    fn touchable(&self, moment: &Moment) -> Vec<Rect> {
        self.targets(moment.frame.at).into_iter().map(|hit| hit.rect).collect()
    }

    fn stale(&self, moment: &Moment) -> bool {
        let now = moment.frame.at;
        self.dirty
            || self.last.minute != Some(minute(&moment.wall))
            || self.last.idle != Some(self.idle(now))
            || self.last.late != self.late(now)
            || questions::is_overdue(&self.visit.here, now)
            || content::wants_sections(self.content.as_ref(), &self.visit.here.scroller, now)
    }

    fn due(&self, moment: &Moment) -> Option<FrameTime> {
        let now = moment.frame.at;
        if self.stale(moment) {
            return Some(moment.frame);
        }
        let second = u64::try_from(moment.wall.0.second()).unwrap_or(0).min(59);
        let part = Duration::from_nanos(u64::try_from(moment.wall.0.subsec_nanosecond()).unwrap_or(0));
        let mut next = now + Duration::from_secs(60 - second).saturating_sub(part);
        let here = &self.visit.here;
        let clean = self.visit.clean(now) && self.touch.pressed.is_none();
        let late = match here.status {
            Status::Asked(at) if now < at + LATE => Some(at + LATE),
            _ => None,
        };
        let given_up = here.waits_since().map(|since| since + ANSWER_TIMEOUT);
        let runs_out = self.content.as_ref().and_then(|content| content.runs_out(&here.scroller, now));
        for at in [self.session.next(now, clean), late, given_up, runs_out].into_iter().flatten() {
            next = next.min(at.max(now));
        }
        // A glide that ends on a touched home makes it clean or not: the session looks again then.
        let frames = (next - now).as_secs_f64() * f64::from(self.setup.screen.refresh.max(1));
        Some(FrameTime { frame: moment.frame.frame + frames.ceil() as u64, at: next })
    }

    fn scene(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene {
        self.wipe_if_over(moment.frame.at);
        self.give_up(moment.frame.at);
        self.paint(edition, shaper, moment)
    }
}
