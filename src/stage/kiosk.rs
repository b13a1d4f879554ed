//! A kiosk's live state: who is there, where they are, what is under their finger.

mod ask;
mod paint;

use ask::ANSWER_TIMEOUT;

use super::{Input, Moment, Stage};
use crate::{
    config::{Config, Screen},
    edition::{Answer, Edition, Faults, Question},
    kiosk::{self, Action, Context, Idle, Outline, Page, Reading, Session, Visit},
    scene::{Layer, Rect, Scene},
    text::{Shaper, Words},
    time::{EventTime, FrameTime, WallTime, civil::Date},
    ui::{Gesture, Hit, Laid, Look, Pointer, Recognizer, TextCache, icons::Icons},
};
use jiff::tz::TimeZone;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How far a tap may stray on a canvas whose short side is 1080, pixels.
const SLOP: f32 = 16.0;
/// A document that takes longer than this is announced by a skeleton.
const LATE: Duration = Duration::from_millis(100);
/// How far ahead a glide is looked at.
const AHEAD: Duration = Duration::from_secs(6);

/// A page as laid out.
struct Built {
    outline: Outline,
    under: Laid<Action>,
    over: Option<(Rect, Laid<Action>)>,
    chunks: BTreeMap<usize, Laid<Action>>,
}

/// What was on screen in the last scene besides the page.
#[derive(Default)]
struct Shown {
    minute: Option<(Date, i8, i8)>,
    idle: Option<Idle>,
    late: bool,
    edition: u64,
}

/// A layer kept until its key changes.
struct Kept<K> {
    key: K,
    laid: Laid<Action>,
}

/// What a finger is on.
struct Pressed {
    rect: Rect,
    clip: Rect,
    radius: f32,
}

/// A spot of a picture that stays under the finger while the picture changes its size.
struct Focus {
    /// Shares of the picture's width and height.
    share: (f32, f32),
    /// Where it stands on the canvas.
    at: (f32, f32),
}

/// One kiosk's stage.
pub struct KioskStage {
    index: usize,
    name: String,
    config: Arc<Config>,
    screen: Screen,
    zone: TimeZone,
    words: Words,
    icons: Icons,
    look: Look,
    cache: TextCache,
    visit: Visit,
    session: Session,
    fingers: Recognizer,
    pressed: Option<Pressed>,
    focus: Option<Focus>,
    built: Option<Built>,
    header: Option<Kept<[String; 4]>>,
    bar: Option<Kept<(Page, bool, bool, bool)>>,
    faults: Faults,
    badge: Option<Kept<Faults>>,
    dialog: Option<(Rect, Laid<Action>)>,
    thumb: Option<(u32, Arc<Layer>)>,
    dim: Option<Arc<Layer>>,
    question: Option<Question>,
    generation: u64,
    shown: Shown,
    /// Something changed that the last scene does not show.
    dirty: bool,
    /// The page itself has to be made again.
    turn: bool,
}

impl KioskStage {
    /// The stage of the kiosk `name`, the screen number `index`. A screen the config does not have gets defaults.
    pub fn new(index: usize, name: &str, config: Arc<Config>) -> Self {
        let screen = config.screens.get(name).cloned().unwrap_or_default();
        let look = Look::new(&config.theme, screen.width, screen.height, false);
        Self {
            index,
            name: name.to_owned(),
            zone: zone(&config),
            words: Words::load(&config.site.language),
            icons: Icons::default(),
            cache: TextCache::default(),
            visit: Visit::default(),
            session: Session::new(screen.idle_seconds),
            fingers: Recognizer::new(look.px(SLOP)),
            pressed: None,
            focus: None,
            built: None,
            header: None,
            bar: None,
            faults: Faults::default(),
            badge: None,
            dialog: None,
            thumb: None,
            dim: None,
            question: None,
            generation: 0,
            shown: Shown::default(),
            dirty: true,
            turn: true,
            config,
            screen,
            look,
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
    pub fn scrolled(&self, at: Duration) -> f32 {
        self.visit.stop.scroller.at(at)
    }

    /// What can be touched now: canvas pixels, and what it does. Only what can be seen whole.
    pub fn targets(&self, now: Duration) -> Vec<Hit<Action>> {
        let whole = |(hit, clip): &(Hit<Action>, Rect)| hit.rect.intersect(clip) == hit.rect;
        self.hits(now).into_iter().filter(whole).map(|(hit, _)| hit).collect()
    }

    /// Words of the last scene that stand outside their boxes: faults of a page, none on a good one.
    pub fn spills(&self) -> Vec<crate::ui::Spill> {
        let page = self.built.iter().flat_map(|b| {
            let over = b.over.iter().map(|(_, laid)| laid);
            b.chunks.values().chain([&b.under]).chain(over)
        });
        let kept = self.header.iter().map(|k| &k.laid).chain(self.bar.iter().map(|k| &k.laid));
        let kept = kept.chain(self.badge.iter().map(|k| &k.laid));
        let dialog = self.dialog.iter().map(|(_, laid)| laid);
        page.chain(kept).chain(dialog).flat_map(|laid| laid.spills.clone()).collect()
    }

    fn idle(&self, now: Duration) -> Idle {
        self.session.idle(now, self.visit.clean(now) && self.pressed.is_none())
    }

    fn late(&self, now: Duration) -> bool {
        matches!(self.visit.stop.reading, Reading::Asked(at) if now >= at + LATE)
    }

    /// Every region with the part of the canvas it can be seen in, the topmost first.
    fn hits(&self, now: Duration) -> Vec<(Hit<Action>, Rect)> {
        let whole = Rect::new(0.0, 0.0, self.look.width, self.look.height);
        let moved = |laid: &Laid<Action>, dx: f32, dy: f32, clip: Rect| {
            let shift = move |hit: &Hit<Action>| (Hit { rect: hit.rect.moved(dx, dy), ..hit.clone() }, clip);
            laid.hits.iter().rev().map(shift).collect::<Vec<_>>()
        };
        if let Some((rect, laid)) = &self.dialog {
            return moved(laid, rect.x, rect.y, whole);
        }
        let mut all = Vec::new();
        let reach = if self.visit.low { (self.look.height * kiosk::LOW_FROM).ceil() } else { 0.0 };
        if let Some(bar) = &self.bar {
            all.extend(moved(&bar.laid, 0.0, self.look.height - bar.laid.height, whole));
        }
        if let Some(built) = &self.built {
            all.extend(moved(&built.under, 0.0, 0.0, whole));
            let (scroller, outline) = (&self.visit.stop.scroller, &built.outline);
            let top = outline.opening.y - scroller.at(now);
            // What the footer covers cannot be touched.
            let mut clip = outline.opening;
            if let Some((over, _)) = &built.over {
                clip.h = clip.h.min(over.y - clip.y);
            }
            // In 低位操作 what stands higher can be read, but is not touched.
            clip = clip.intersect(&Rect::new(0.0, reach, self.look.width, self.look.height));
            for (i, laid) in &built.chunks {
                all.extend(moved(laid, outline.left - self.visit.stop.aside, top + scroller.top(*i), clip));
            }
        }
        all.retain(|(hit, clip)| !hit.rect.intersect(clip).is_empty());
        all
    }

    fn hit(&self, x: f32, y: f32, now: Duration) -> Option<(Hit<Action>, Rect)> {
        self.hits(now).into_iter().find(|(hit, clip)| hit.rect.contains(x, y) && clip.contains(x, y))
    }

    fn apply(&mut self, action: &Action, now: Duration) {
        self.visit.apply(action, now);
        if *action == Action::Leave {
            // Shaped words are words of the visit too.
            self.cache = TextCache::default();
        }
        (self.dirty, self.turn) = (true, true);
        self.ask();
    }

    fn gesture(&mut self, gesture: Gesture, now: Duration) {
        self.dirty = true;
        match gesture {
            Gesture::Press(x, y) => {
                let press = |(hit, clip): (Hit<Action>, Rect)| Pressed { rect: hit.rect, clip, radius: hit.radius };
                self.pressed = self.hit(x, y, now).map(press);
            }
            Gesture::Release => self.pressed = None,
            Gesture::Tap(x, y) => {
                self.pressed = None;
                if let Some((hit, _)) = self.hit(x, y, now) {
                    self.apply(&hit.action, now);
                    self.focus = (hit.action == Action::Closer).then(|| self.spot(hit.rect, (x, y)));
                }
            }
            // Nothing scrolls behind the question whether anyone is there.
            Gesture::Drag(..) | Gesture::Fling(_) if self.dialog.is_some() => {}
            Gesture::Drag(across, down) => {
                self.visit.stop.scroller.drag(down, now);
                self.shift(self.visit.stop.aside - across);
            }
            Gesture::Fling(speed) => {
                self.pressed = None;
                self.visit.stop.scroller.fling(speed, now);
            }
        }
    }

    /// The spot of the picture at `rect` that was touched; its middle where a button was.
    fn spot(&self, rect: Rect, (x, y): (f32, f32)) -> Focus {
        let opening = self.built.as_ref().map_or(rect, |built| built.outline.opening);
        if opening.contains(x, y) {
            return Focus { share: ((x - rect.x) / rect.w, (y - rect.y) / rect.h), at: (x, y) };
        }
        Focus { share: (0.5, 0.5), at: (opening.x + opening.w / 2.0, opening.y + opening.h / 2.0) }
    }

    /// Moves content that is wider than the screen so far to the left, within its bounds.
    fn shift(&mut self, aside: f32) {
        let beyond = self.built.as_ref().map_or(0.0, |built| built.outline.width - built.outline.opening.w);
        self.visit.stop.aside = aside.clamp(0.0, beyond.max(0.0));
    }

    /// Whether a chunk that is or soon will be seen is not laid out.
    fn wants_chunks(&self, now: Duration) -> bool {
        let scroller = &self.visit.stop.scroller;
        let chunks = self.built.as_ref().map(|b| &b.chunks);
        scroller.seen(now, scroller.view() * 0.25).any(|i| !chunks.is_some_and(|c| c.contains_key(&i)))
    }

    /// When the glide comes near the end of what is laid out.
    fn runs_out(&self, now: Duration) -> Option<Duration> {
        let scroller = &self.visit.stop.scroller;
        let chunks = &self.built.as_ref()?.chunks;
        let seen = scroller.seen(now, 0.0);
        let (mut first, mut last) = (seen.start, seen.end);
        while first > 0 && chunks.contains_key(&(first - 1)) {
            first -= 1;
        }
        while chunks.contains_key(&last) {
            last += 1;
        }
        let (near, top, bottom) = (scroller.view() * 0.25, scroller.top(first), scroller.top(last));
        let top = if first == 0 { 0.0 } else { top + near };
        let bottom = if bottom >= scroller.content() { bottom } else { bottom - near };
        scroller.leaves(top, bottom, now, AHEAD)
    }

    fn wipe_if_over(&mut self, now: Duration) {
        if self.idle(now) == Idle::Over {
            self.fingers.reset();
            self.pressed = None;
            self.apply(&Action::Leave, now);
        }
    }

    fn context<'a>(&'a self, edition: &'a Edition, wall: &'a WallTime, late: bool) -> Context<'a> {
        Context {
            config: &self.config,
            screen: &self.screen,
            edition,
            look: &self.look,
            words: &self.words,
            icons: &self.icons,
            wall,
            visit: &self.visit,
            late,
        }
    }
}

fn zone(config: &Config) -> TimeZone {
    TimeZone::get(&config.site.timezone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
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
        let gliding = self.visit.stop.scroller.gliding(now);
        let pointer = match input {
            Input::Down { finger, x, y } => Pointer::Down(finger, x, y),
            Input::Move { finger, x, y } => Pointer::Move(finger, x, y),
            Input::Up { finger, x, y } => Pointer::Up(finger, x, y),
            Input::Cancel { finger } => Pointer::Cancel(finger),
            Input::Wheel { by, .. } => {
                if !asking && by.is_finite() {
                    self.visit.stop.scroller.wheel(by, now);
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
        if let (Pointer::Down(..), true, false) = (pointer, gliding, self.fingers.active()) {
            self.visit.stop.scroller.stop(now);
            self.dirty = true;
        }
        if let Some(gesture) = self.fingers.feed(pointer, now, gliding) {
            let tapped = matches!(gesture, Gesture::Tap(..));
            self.gesture(gesture, now);
            if asking && tapped {
                self.session.touch(now);
            }
        }
    }

    fn refresh(&mut self, edition: &Arc<Edition>) {
        if edition.number == self.shown.edition {
            return;
        }
        (self.dirty, self.turn) = (true, true);
        self.ask_again(edition);
    }

    fn reconfigure(&mut self, config: &Arc<Config>) {
        let screen = config.screens.get(&self.name).cloned().unwrap_or_default();
        self.zone = zone(config);
        self.words = Words::load(&config.site.language);
        self.session.patience(screen.idle_seconds);
        self.look = Look::new(&config.theme, screen.width, screen.height, self.visit.large);
        self.fingers = Recognizer::new(self.look.px(SLOP));
        self.pressed = None;
        (self.header, self.bar, self.thumb, self.dim, self.built) = (None, None, None, None, None);
        let lost = |id: &String| !id.is_empty() && config.catalogue.find(id).is_none();
        let gone = match self.visit.page() {
            Page::Browse(id) | Page::List { heading: id, .. } => lost(id),
            Page::Register(query) | Page::Pick(query, _) => !config.registers.contains_key(&query.register),
            _ => false,
        };
        self.badge = None;
        (self.config, self.screen) = (Arc::clone(config), screen);
        (self.dirty, self.turn) = (true, true);
        if gone {
            self.apply(&Action::Home, Duration::ZERO);
        }
    }

    fn faults(&mut self, faults: Faults) {
        self.dirty |= self.faults != faults && self.screen.fault_badge;
        self.faults = faults;
    }

    fn answer(&mut self, answer: Answer) {
        if answer.screen != self.index || answer.generation != self.generation {
            return;
        }
        self.visit.stop.take(answer.told);
        (self.dirty, self.turn) = (true, true);
    }

    fn question(&mut self) -> Option<Question> {
        self.question.take()
    }

    fn generation(&self) -> u64 {
        self.generation
    }

    fn touchable(&self, moment: &Moment) -> Vec<Rect> {
        self.targets(moment.frame.at).into_iter().map(|hit| hit.rect).collect()
    }

    fn stale(&self, moment: &Moment) -> bool {
        let now = moment.frame.at;
        self.dirty
            || self.shown.minute != Some(minute(&moment.wall))
            || self.shown.idle != Some(self.idle(now))
            || self.shown.late != self.late(now)
            || self.is_overdue(now)
            || self.wants_chunks(now)
    }

    fn due(&self, moment: &Moment) -> Option<FrameTime> {
        let now = moment.frame.at;
        if self.stale(moment) {
            return Some(moment.frame);
        }
        let second = u64::try_from(moment.wall.0.second()).unwrap_or(0).min(59);
        let part = Duration::from_nanos(u64::try_from(moment.wall.0.subsec_nanosecond()).unwrap_or(0));
        let mut next = now + Duration::from_secs(60 - second).saturating_sub(part);
        let clean = self.visit.clean(now) && self.pressed.is_none();
        let late = match self.visit.stop.reading {
            Reading::Asked(at) if now < at + LATE => Some(at + LATE),
            _ => None,
        };
        let given_up = self.visit.stop.waits_since().map(|since| since + ANSWER_TIMEOUT);
        for at in [self.session.next(now, clean), late, given_up, self.runs_out(now)].into_iter().flatten() {
            next = next.min(at.max(now));
        }
        // A glide that ends on a touched home makes it clean or not: the session looks again then.
        let frames = (next - now).as_secs_f64() * f64::from(self.screen.refresh.max(1));
        Some(FrameTime { frame: moment.frame.frame + frames.ceil() as u64, at: next })
    }

    fn scene(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene {
        self.wipe_if_over(moment.frame.at);
        self.give_up(moment.frame.at);
        self.paint(edition, shaper, moment)
    }
}
