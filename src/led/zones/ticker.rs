//! An endless line that moves to the left by whole pixels.
//!
//! The text is a row of slots, each a whole number of pixels wide, each its own layer. Only those around what is
//! visible exist: more are shaped at the right as the line moves, and those past the left edge are dropped. Positions
//! are counted from `start`, which moves along with every scene, so that they stay small and exact for ever.

use super::line::{Face, items, piece};
use crate::{
    config::{Screen, Standing, Zone},
    edition::Edition,
    led::{Context, Due, pick},
    scene::{Layer, Motion, Placed, Rect},
    schedule::{Step, snap_speed},
    text::{ShapedText, Shaper},
    time::civil::Date,
};
use std::{collections::VecDeque, sync::Arc};

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// A piece of an item; pieces of one item share the number.
    Words { run: u64, text: String },
    /// The mark between two items, where the one before it was placed without.
    Mark,
    /// Nothing, so that a short text is never seen twice.
    Blank,
}

/// A part of the line.
#[derive(Debug)]
struct Slot {
    x: i64,
    width: i64,
    /// How much of the width is the mark behind the words: one layer costs less in every frame than two.
    mark: i64,
    kind: Kind,
    layer: Option<Arc<Layer>>,
}

/// A ticker's line.
#[derive(Debug)]
pub struct Ticker {
    step: Step,
    canvas: i64,
    start: Option<u64>,
    items: Vec<String>,
    real: bool,
    by_day: bool,
    seen: Option<Date>,
    slots: VecDeque<Slot>,
    /// Where the next slot begins.
    end: i64,
    /// The next item, and how much of it has been shaped.
    item: usize,
    byte: usize,
    run: u64,
    /// The rest of an item that has been replaced while it was partly visible.
    tail: String,
    mark_next: bool,
    /// Width of this pass through the items so far.
    pass: i64,
}

impl Ticker {
    /// A line that has not begun.
    pub fn new(zone: &Zone, screen: &Screen) -> Self {
        Self {
            step: snap_speed(screen.refresh, zone.speed),
            canvas: i64::from(screen.width.max(1)),
            start: None,
            items: Vec::new(),
            real: false,
            by_day: false,
            seen: None,
            slots: VecDeque::new(),
            end: 0,
            item: 0,
            byte: 0,
            run: 0,
            tail: String::new(),
            mark_next: false,
            pass: 0,
        }
    }

    /// Looks at the edition again when next placed.
    pub fn refresh(&mut self) {
        self.seen = None;
    }

    /// Whether it has more than the standing line.
    pub fn has_something(&self) -> bool {
        self.real
    }

    /// Places what is visible and a little more.
    pub fn place(
        &mut self,
        zone: &Zone,
        area: Rect,
        standing: &Standing,
        context: &mut Context<'_>,
        out: &mut Vec<Placed>,
    ) -> Due {
        let frame = context.now.frame;
        let width = area.w as i64;
        let face = Face::new(zone, area);
        let side = face.overhang();
        if self.start.is_none() {
            // The first letter stands a little in from the edge.
            self.end = if zone.padding > 0 { i64::from(zone.padding) } else { (face.style.size / 4.0).round() as i64 };
        }
        self.rebase(frame, side);
        let day = context.wall.day();
        if self.seen != Some(day) {
            // What reaches out of its slot by the left must not show before its slot does.
            self.take(zone, context.edition, standing, day, width + side);
        }
        let due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        let margin = self.margin();
        let target = width + (self.canvas / 2).max(2 * margin);
        if self.slots.is_empty() && self.end < 0 {
            self.end = width + side;
        }
        while self.end < target && self.emit(&face, context.shaper) {}
        let start = self.start.unwrap_or(frame);
        for slot in &self.slots {
            let Some(layer) = &slot.layer else { continue };
            let x = i32::try_from(slot.x - side).unwrap_or(i32::MAX).saturating_add(area.x as i32);
            let motion = Motion::Ticker { step: self.step, start: i64::try_from(start).unwrap_or(i64::MAX) };
            out.push(Placed { layer: Arc::clone(layer), x, y: area.y as i32, clip: area, motion });
        }
        if self.slots.is_empty() {
            return due;
        }
        // With nothing to follow, the next scene is wanted when the last of it has gone.
        let left = if self.exhausted() { self.end + side } else { self.end - width - margin };
        let steps = left.max(1).unsigned_abs().div_ceil(u64::from(self.step.pixels.max(1)));
        let at = start.saturating_add(steps.saturating_mul(u64::from(self.step.hold.max(1))));
        due.or(Due { frame: Some(at), ..Due::default() })
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
        let start = *self.start.get_or_insert(frame);
        let hold = u64::from(self.step.hold.max(1));
        let steps = frame.saturating_sub(start) / hold;
        let moved = i64::try_from(steps.saturating_mul(u64::from(self.step.pixels))).unwrap_or(i64::MAX);
        self.start = Some(start + steps * hold);
        self.end = self.end.saturating_sub(moved);
        for slot in &mut self.slots {
            slot.x = slot.x.saturating_sub(moved);
        }
        while self.slots.front().is_some_and(|s| s.x + s.width + side <= 0) {
            self.slots.pop_front();
        }
    }

    /// Takes the items of a new edition or day.
    fn take(&mut self, zone: &Zone, edition: &Edition, standing: &Standing, day: Date, width: i64) {
        let first = self.items.is_empty() && self.slots.is_empty();
        self.seen = Some(day);
        self.by_day = pick::depends_on_day(zone, edition);
        let (items, real) = items(zone, edition, standing, day, false);
        self.real = real;
        if items == self.items {
            return;
        }
        if !first {
            self.follow(width);
        }
        self.items = items;
        (self.item, self.byte, self.pass) = (0, 0, 0);
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
            let rest = self.items.get(self.item).and_then(|i| i.get(self.byte..)).unwrap_or("");
            // Much more than fits once is not worth waiting for.
            let most = usize::try_from(width / 16).unwrap_or(64).clamp(16, 120);
            self.tail = match rest.char_indices().nth(most) {
                Some((at, _)) => format!("{}…", rest.get(..at).unwrap_or("")),
                None => rest.to_owned(),
            };
        }
        if self.tail.is_empty() {
            self.run += 1;
        }
        let has_mark = self.slots.back().is_some_and(|last| last.mark > 0);
        self.mark_next = last_run.is_some() && self.tail.is_empty() && !has_mark;
        if let Some(last) = self.slots.back_mut() {
            if last.kind == Kind::Blank {
                last.width = last.width.min((width - last.x).max(0));
            }
            self.end = last.x + last.width;
        }
    }

    /// Adds one slot at the end; false where there is nothing to add.
    fn emit(&mut self, face: &Face, shaper: &mut Shaper) -> bool {
        if std::mem::take(&mut self.mark_next) {
            if self.exhausted() {
                return false;
            }
            match self.blank(face) {
                Some(width) => {
                    self.count_mark(width);
                    self.push((width, 0), Kind::Blank, None);
                }
                None => {
                    let (width, layer) = (face.mark_width(), self.mark(face, shaper));
                    self.count_mark(width);
                    self.push((width, 0), Kind::Mark, Some(layer));
                }
            }
            return true;
        }
        let from_tail = !self.tail.is_empty();
        let item = if from_tail { Some(self.tail.as_str()) } else { self.items.get(self.item).map(String::as_str) };
        let Some(rest) = item.and_then(|i| i.get(if from_tail { 0 } else { self.byte }..)) else { return false };
        let (text, width, shaped) = self.piece(rest, face.most(self.canvas as f32 / 2.0), face, shaper);
        let (taken, ended) = (text.len(), text.len() == rest.len());
        let run = self.run;
        if from_tail {
            self.tail.drain(..taken);
        } else {
            self.byte += taken;
            self.pass += width;
        }
        let mut mark = 0;
        if ended {
            self.run += 1;
            if !from_tail {
                self.byte = 0;
                self.item = (self.item + 1) % self.items.len().max(1);
            }
            if self.exhausted() || self.blank(face).is_some() {
                self.mark_next = true;
            } else {
                mark = face.mark_width();
                self.count_mark(mark);
            }
        }
        let layer = self.layer(&text, (width, mark), shaped, face, shaper);
        self.push((width + mark, mark), Kind::Words { run, text }, Some(layer));
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

    /// Adds a slot of this width, of which the mark has so much.
    fn push(&mut self, (width, mark): (i64, i64), kind: Kind, layer: Option<Arc<Layer>>) {
        self.slots.push_back(Slot { x: self.end, width, mark, kind, layer });
        self.end += width;
    }

    /// The next piece of `rest`: its text, its width, and the words where they had to be shaped.
    fn piece(
        &self,
        rest: &str,
        most: usize,
        face: &Face,
        shaper: &mut Shaper,
    ) -> (String, i64, Option<Arc<ShapedText>>) {
        let mut most = most.max(1);
        loop {
            let text = rest.get(..piece(rest, most)).unwrap_or(rest);
            if let Some(slot) = self.shown(text).next() {
                return (text.to_owned(), slot.width - slot.mark, None);
            }
            let (shaped, width) = face.shape(text, shaper);
            if face.fits(width) || most == 1 {
                return (text.to_owned(), width, Some(shaped));
            }
            most /= 2;
        }
    }

    /// Slots on the line that say this.
    fn shown(&self, text: &str) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |s| matches!(&s.kind, Kind::Words { text: t, .. } if t == text))
    }

    /// The layer of a piece and its mark, taken over where the same is still on the line.
    fn layer(
        &self,
        text: &str,
        (width, mark): (i64, i64),
        shaped: Option<Arc<ShapedText>>,
        face: &Face,
        shaper: &mut Shaper,
    ) -> Arc<Layer> {
        if let Some(layer) = self.shown(text).find(|s| s.mark == mark).and_then(|s| s.layer.clone()) {
            return layer;
        }
        let shaped = shaped.unwrap_or_else(|| face.shape(text, shaper).0);
        face.words(shaped, width, (mark > 0).then_some(shaper))
    }

    fn mark(&self, face: &Face, shaper: &mut Shaper) -> Arc<Layer> {
        let shown = self.slots.iter().find(|s| s.kind == Kind::Mark).and_then(|s| s.layer.clone());
        shown.unwrap_or_else(|| face.mark(shaper))
    }
}
