//! An endless line that moves to the left by whole pixels.
//!
//! The text is a row of slots, each a whole number of pixels wide. Slots that follow one another make a strip, which is
//! one layer, as a frame costs what its layers cost. Only what is around the visible part exists: the next strip is
//! shaped at the right as the line moves, and those past the left edge are dropped. Positions are counted from
//! `start`, which moves along with every scene, so that they stay small and exact for ever.

use super::{
    line::{Face, Glyphs, Item, Piece, Renewal, items, same_words},
    segment::piece,
};
use crate::{
    config::zones::TickerZone,
    led::{
        Due, ZoneContext, pick,
        zone::{Place, ZoneView},
    },
    scene::{Layer, Motion, Placed, Rect},
    schedule::{SpeedStep, snap_speed},
    text::Shaper,
    time::{FrameTime, civil::Date},
};
use std::{collections::VecDeque, sync::Arc};

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// A piece of an item; pieces of one item share the number.
    Words { run: u64, text: String },
    /// The mark between two items.
    Mark,
    /// Nothing, so that a short text is never seen twice.
    Blank,
}

/// A part of the line.
#[derive(Debug)]
struct Slot {
    x: i64,
    width: i64,
    kind: Kind,
    glyphs: Option<Glyphs>,
    /// What it says a piece of; `None` for marks and blanks.
    item: Option<Arc<Item>>,
}

impl Slot {
    /// Brings it in keeping with an edition; `is_after_gone`: what stood before it, unless that is told by a mark, is
    /// gone. Says whether it is drawn otherwise now.
    fn renew(&mut self, renewal: &Renewal<'_>, is_after_gone: &mut bool) -> bool {
        let Some(item) = &self.item else {
            // A mark stands for nothing where the item before it is gone.
            let goes = *is_after_gone && self.kind == Kind::Mark;
            if goes {
                (self.kind, self.glyphs) = (Kind::Blank, None);
            }
            return goes;
        };
        let new = renewal.of(item);
        *is_after_gone = new.is_none();
        let is_same = new.as_ref().is_some_and(|new| new.notice() == item.notice());
        if new.is_none() {
            (self.kind, self.glyphs) = (Kind::Blank, None);
        }
        self.item = new;
        !is_same
    }
}

/// Slots drawn as one layer.
#[derive(Debug)]
struct Strip {
    x: i64,
    width: i64,
    slots: usize,
    /// `None` until it is placed.
    layer: Option<Arc<Layer>>,
}

/// A line that moves left for ever, of one machine.
#[derive(Debug)]
pub(super) struct Ticker {
    zone: TickerZone,
    step: SpeedStep,
    canvas: i64,
    /// Space kept free before the first letter, pixels.
    padding: i64,
    start: Option<u64>,
    items: Vec<Arc<Item>>,
    real: bool,
    by_day: bool,
    seen: Option<Date>,
    slots: VecDeque<Slot>,
    /// All slots in order, but those of the end that are not in one yet.
    strips: VecDeque<Strip>,
    /// Where the next slot begins.
    end: i64,
    /// The next item, and how much of it has been shaped.
    item: usize,
    byte: usize,
    run: u64,
    /// The rest of an item that has been replaced while it was partly visible.
    tail: String,
    tail_item: Option<Arc<Item>>,
    mark_next: bool,
    /// Width of this pass through the items so far.
    pass: i64,
}

impl Ticker {
    /// A line that has not begun.
    pub fn new(zone: &TickerZone, Place { frame, screen, .. }: &Place<'_>) -> Self {
        let (canvas, padding) = (i64::from(screen.width.max(1)), i64::from(frame.padding));
        Self::begin(zone.clone(), snap_speed(screen.refresh, zone.speed), canvas, padding)
    }

    fn begin(zone: TickerZone, step: SpeedStep, canvas: i64, padding: i64) -> Self {
        Self {
            zone,
            step,
            canvas,
            padding,
            start: None,
            items: Vec::new(),
            real: false,
            by_day: false,
            seen: None,
            slots: VecDeque::new(),
            strips: VecDeque::new(),
            end: 0,
            item: 0,
            byte: 0,
            run: 0,
            tail: String::new(),
            tail_item: None,
            mark_next: false,
            pass: 0,
        }
    }

    /// Shaped text kept in hand, pixels: a scene that is built a few frames late shows no gap.
    fn margin(&self) -> i64 {
        (self.canvas / 8).max(i64::from(self.step.pixels) * 4)
    }

    fn exhausted(&self) -> bool {
        self.items.is_empty() && self.tail.is_empty()
    }

    /// Counts positions from `frame`, or from the last step before it, and drops what has gone past the left edge.
    fn rebase(&mut self, frame: u64, side: i64) {
        let Some(start) = self.start else { return };
        let hold = u64::from(self.step.hold.max(1));
        let steps = frame.saturating_sub(start) / hold;
        let moved = i64::try_from(steps.saturating_mul(u64::from(self.step.pixels))).unwrap_or(i64::MAX);
        self.start = Some(start + steps * hold);
        self.end = self.end.saturating_sub(moved);
        for slot in &mut self.slots {
            slot.x = slot.x.saturating_sub(moved);
        }
        for strip in &mut self.strips {
            strip.x = strip.x.saturating_sub(moved);
        }
        while let Some(gone) = self.strips.front().filter(|s| s.x + s.width + side <= 0) {
            self.slots.drain(..gone.slots.min(self.slots.len()));
            self.strips.pop_front();
        }
    }

    /// Makes strips of the slots that are in none, and the layers that are missing.
    fn gather(&mut self, face: &Face) {
        let mut next: usize = self.strips.iter().map(|strip| strip.slots).sum();
        while let Some(slot) = self.slots.get(next) {
            match self.strips.back_mut().filter(|last| face.holds(last.width + slot.width)) {
                Some(last) if last.layer.is_none() => {
                    (last.width, last.slots) = (last.width + slot.width, last.slots + 1)
                }
                _ => self.strips.push_back(Strip { x: slot.x, width: slot.width, slots: 1, layer: None }),
            }
            next += 1;
        }
        let mut first = 0;
        for strip in &mut self.strips {
            let slots = self.slots.range(first..first + strip.slots);
            first += strip.slots;
            let piece = |slot: &Slot| {
                let (at, width, notice) = (slot.x - strip.x, slot.width, slot.item.as_ref().and_then(|i| i.notice()));
                slot.glyphs.clone().map(|glyphs| Piece { at, width, glyphs, notice })
            };
            strip.layer.get_or_insert_with(|| face.strip(strip.width, slots.filter_map(piece)));
        }
    }

    /// Takes the items of a new edition or day.
    fn take(&mut self, context: &ZoneContext<'_>, day: Date, width: i64) {
        let first = self.items.is_empty() && self.slots.is_empty();
        self.seen = Some(day);
        self.by_day = pick::depends_on_day(&self.zone.notices, context.edition);
        let (items, real) = items(&self.zone, context, false);
        self.real = real;
        let is_emptied = self.renew(&Renewal::new(&self.zone.clone(), context, &items), width);
        if same_words(&items, &self.items) && !is_emptied {
            self.items = items;
            return;
        }
        if is_emptied {
            // Nothing worth finishing stands there: the new line stands at once.
            self.clear();
        } else if !first {
            self.follow(width);
        }
        self.items = items;
        (self.item, self.byte, self.pass) = (0, 0, 0);
    }

    /// Brings what stands on the line in keeping with an edition: an item that is no longer public, or says something
    /// else now, leaves a blank of its width, so that nothing beside it jumps. Says whether nothing is left to be seen
    /// within `width` pixels.
    fn renew(&mut self, renewal: &Renewal<'_>, width: i64) -> bool {
        let (mut is_any_gone, mut is_after_gone, mut first) = (false, false, 0);
        for strip in &mut self.strips {
            for slot in self.slots.iter_mut().skip(first).take(strip.slots) {
                let is_changed = slot.renew(renewal, &mut is_after_gone);
                if is_changed {
                    strip.layer = None;
                }
                is_any_gone |= is_after_gone;
            }
            first += strip.slots;
        }
        self.tail_item = self.tail_item.take().and_then(|item| renewal.of(&item));
        if self.tail_item.is_none() {
            self.tail.clear();
        }
        let is_seen =
            |slot: &Slot| slot.x < width && slot.x + slot.width > 0 && matches!(slot.kind, Kind::Words { .. });
        is_any_gone && !self.slots.iter().any(is_seen)
    }

    /// Takes all off the line; what comes next stands where a line begins.
    fn clear(&mut self) {
        self.slots.clear();
        self.strips.clear();
        self.tail.clear();
        (self.tail_item, self.mark_next, self.start) = (None, false, None);
        self.run += 1;
    }

    /// Lets what is visible go on, to the end of the item at the right edge, and clears the way for new items.
    /// `width` is that of the zone with what may reach out of a slot, pixels.
    fn follow(&mut self, width: i64) {
        let visible = self.slots.iter().take_while(|s| s.x < width).count();
        let last_run = match self.slots.get(visible.wrapping_sub(1)).map(|s| &s.kind) {
            Some(Kind::Words { run, .. }) => Some(*run),
            _ => None,
        };
        let same = |s: &Slot| matches!(&s.kind, Kind::Words { run, .. } if Some(*run) == last_run);
        let keep = visible + self.slots.iter().skip(visible).take_while(|s| same(s)).count();
        self.slots.truncate(keep);
        if last_run != Some(self.run) {
            self.tail.clear();
        } else if self.tail.is_empty() && self.byte > 0 {
            let item = self.items.get(self.item);
            let rest = item.and_then(|i| i.words.get(self.byte..)).unwrap_or("");
            // Much more than fits once is not worth waiting for.
            let most = usize::try_from(width / 16).unwrap_or(64).clamp(16, 120);
            self.tail = match rest.char_indices().nth(most) {
                Some((at, _)) => format!("{}…", rest.get(..at).unwrap_or("")),
                None => rest.to_owned(),
            };
            self.tail_item = item.cloned();
        }
        if self.tail.is_empty() {
            self.run += 1;
        }
        self.mark_next = last_run.is_some() && self.tail.is_empty();
        if let Some(last) = self.slots.back_mut() {
            if last.kind == Kind::Blank {
                last.width = last.width.min((width - last.x).max(0));
            }
            self.end = last.x + last.width;
        }
        self.cut();
    }

    /// Takes apart the strip that the line now ends in, to be made anew.
    fn cut(&mut self) {
        let mut left = self.slots.len();
        let whole = |strip: &&Strip| {
            let is_whole = strip.slots < left;
            left -= strip.slots.min(left);
            is_whole
        };
        self.strips.truncate(self.strips.iter().take_while(whole).count());
    }

    /// Adds one slot at the end; false where there is nothing to add.
    fn emit(&mut self, face: &Face, shaper: &mut Shaper) -> bool {
        if std::mem::take(&mut self.mark_next) {
            if self.exhausted() {
                return false;
            }
            let (width, kind, glyphs) = match self.blank(face) {
                Some(width) => (width, Kind::Blank, None),
                None => (face.mark_width(), Kind::Mark, Some(self.mark(face, shaper))),
            };
            self.count_mark(width);
            self.push(width, kind, glyphs, None);
            return true;
        }
        let from_tail = !self.tail.is_empty();
        let item = if from_tail { self.tail_item.clone() } else { self.items.get(self.item).cloned() };
        let said = if from_tail { Some(self.tail.as_str()) } else { item.as_ref().map(|item| item.words.as_str()) };
        let Some(rest) = said.and_then(|s| s.get(if from_tail { 0 } else { self.byte }..)) else { return false };
        let (text, width, glyphs) = self.piece(rest, face.most(self.canvas as f32 / 2.0), face, shaper);
        let (taken, ended) = (text.len(), text.len() == rest.len());
        let run = self.run;
        if from_tail {
            self.tail.drain(..taken);
        } else {
            self.byte += taken;
            self.pass += width;
        }
        if ended {
            self.run += 1;
            if !from_tail {
                self.byte = 0;
                self.item = (self.item + 1) % self.items.len().max(1);
            }
            self.mark_next = true;
        }
        self.push(width, Kind::Words { run, text }, Some(glyphs), item);
        true
    }

    /// Width of the blank space that comes next instead of a mark: a line shorter than the zone is seen once at a time.
    fn blank(&self, face: &Face) -> Option<i64> {
        let room = face.area.w as i64;
        let is_around = self.item == 0 && self.tail.is_empty();
        (is_around && self.pass > 0 && self.pass + face.mark_width() <= room).then_some(room - self.pass)
    }

    /// Counts a mark, or a blank space that ends a pass, to the pass it is of.
    fn count_mark(&mut self, width: i64) {
        if self.item == 0 && self.tail.is_empty() {
            self.pass = 0;
        } else if self.pass > 0 {
            self.pass += width;
        }
    }

    fn push(&mut self, width: i64, kind: Kind, glyphs: Option<Glyphs>, item: Option<Arc<Item>>) {
        self.slots.push_back(Slot { x: self.end, width, kind, glyphs, item });
        self.end += width;
    }

    /// The next piece of `rest`: its text, its width and its glyphs, taken over where the same is still on the line.
    fn piece(&self, rest: &str, most: usize, face: &Face, shaper: &mut Shaper) -> (String, i64, Glyphs) {
        let mut most = most.max(1);
        loop {
            let text = rest.get(..piece(rest, most)).unwrap_or(rest);
            let says_it = |s: &&Slot| matches!(&s.kind, Kind::Words { text: t, .. } if t == text);
            let shaped = self.slots.iter().find(says_it).and_then(|s| Some((s.width, s.glyphs.clone()?)));
            let (width, glyphs) = shaped.unwrap_or_else(|| {
                let (shaped, width) = face.shape(text, shaper);
                (width, Glyphs::Words(shaped))
            });
            if face.holds(width) || most == 1 {
                return (text.to_owned(), width, glyphs);
            }
            most /= 2;
        }
    }

    fn mark(&self, face: &Face, shaper: &mut Shaper) -> Glyphs {
        let shaped = self.slots.iter().find(|s| s.kind == Kind::Mark).and_then(|s| s.glyphs.clone());
        shaped.unwrap_or_else(|| face.mark(shaper))
    }
}

impl ZoneView for Ticker {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let frame = context.now.frame;
        let width = area.w as i64;
        let face = Face::new(&self.zone, area);
        let side = face.overhang();
        self.rebase(frame, side);
        let day = context.wall.day();
        if self.seen != Some(day) {
            // What reaches out of its slot by the left must not show before its slot does.
            self.take(context, day, width + side);
        }
        if self.slots.is_empty() && self.start.is_none() {
            // The first letter stands a little in from the edge.
            self.end = if self.padding > 0 { self.padding } else { (face.style.size / 4.0).round() as i64 };
        }
        self.start.get_or_insert(frame);
        let due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        let margin = self.margin();
        let target = width + (self.canvas / 2).max(2 * margin);
        if self.slots.is_empty() && self.end < 0 {
            self.end = width + side;
        }
        if self.end < target {
            let goal = target.max(self.end.saturating_add(face.reach()));
            while self.end < goal && self.emit(&face, context.shaper) {}
        }
        self.gather(&face);
        let start = i64::try_from(self.start.unwrap_or(frame)).unwrap_or(i64::MAX);
        let motion = Motion::Ticker { step: self.step, start };
        for strip in &self.strips {
            let Some(layer) = strip.layer.as_ref().filter(|layer| !layer.primitives.is_empty()) else { continue };
            let x = i32::try_from(strip.x - side).unwrap_or(i32::MAX).saturating_add(area.x as i32);
            out.push(Placed { layer: Arc::clone(layer), x, y: area.y as i32, clip: area, motion });
        }
        if self.slots.is_empty() {
            return due;
        }
        // With nothing to follow, the next scene is wanted when the last of it has gone.
        let left = if self.exhausted() { self.end + side } else { self.end - width - margin };
        let steps = left.max(1).unsigned_abs().div_ceil(u64::from(self.step.pixels.max(1)));
        let at = self.start.unwrap_or(frame).saturating_add(steps.saturating_mul(u64::from(self.step.hold.max(1))));
        due.or(Due { frame: Some(at), ..Due::default() })
    }

    fn refresh(&mut self) {
        self.seen = None;
    }

    fn restart(&mut self, _: FrameTime) {
        *self = Self::begin(self.zone.clone(), self.step, self.canvas, self.padding);
    }

    fn has_something(&self) -> bool {
        self.real
    }
}
