//! A ticker that runs on across machines which share one wall.
//!
//! The line is an endless repetition of one [`Lap`], and lies on an endless ruler of pixels. At a shared frame index
//! the wall's left edge stands at that index's advance on the ruler, so what a machine shows follows from UTC, the
//! refresh rate, the edition and the config alone, whenever it started.
//!
//! A new edition enters at the wall's right edge: not when it comes, which differs from machine to machine, but with
//! the next frame index that is a multiple of ten seconds. Machines that had both editions by then break the old line
//! off and begin the new one at the same pixel. What is no longer public, or says something else now, leaves the line as
//! soon as a machine knows: its slots stand empty, and nothing moves for it. One that had not shows the old line ten seconds longer, or, started
//! later, the new line all over: they agree again when the place of the change has left the wall.

use super::{
    lap::{Cell, Content, Lap},
    line::{Face, Glyphs, Piece, Renewal, items},
};
use crate::{
    config::zones::TickerZone,
    led::{
        Due, ZoneContext, pick,
        zone::{Place as ViewPlace, ZoneView},
    },
    scene::{Layer, Motion, Placed, Rect},
    schedule::{SpeedStep, snap_speed},
    text::Shaper,
    time::{FrameTime, civil::Date},
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Seconds between two instants at which a new edition may enter.
const ENTRY_PERIOD_SECONDS: u64 = 10;
/// Stretch of the ruler whose slots make one strip, pixels: the same whenever a scene is built.
const STRIP_PIXELS: i64 = Layer::MAX_PIXELS as i64 * 3 / 4;
/// Characters measured for one scene, so that no frame waits for a new edition.
const MAX_MEASURED_CHARS: usize = 256;

/// A lap and the part of the ruler it holds: slots that begin from `from` on, before `until`.
#[derive(Debug)]
struct Stretch {
    id: u64,
    from: i64,
    until: i64,
    lap: Lap,
}

/// Where a strip lies: its stretch, and where on the ruler its first slot begins and its last one ends.
type Place = (u64, i64, i64);

/// A ticker's line that several machines show one wall of.
#[derive(Debug)]
pub(super) struct SharedTicker {
    zone: TickerZone,
    step: SpeedStep,
    refresh: u64,
    canvas: i64,
    /// The wall's width, and its pixel at the canvas's left edge.
    wall: i64,
    left: i64,
    seen: Option<Date>,
    by_day: bool,
    stretches: VecDeque<Stretch>,
    /// What is to follow, and the frame index with which it may enter.
    next: Option<(Lap, u64)>,
    count: u64,
    /// Strips of the last scene.
    layers: HashMap<Place, Arc<Layer>>,
    mark: Option<Glyphs>,
}

impl SharedTicker {
    /// A line that has not begun.
    pub fn new(zone: &TickerZone, ViewPlace { screen, .. }: &ViewPlace<'_>) -> Self {
        Self {
            zone: zone.clone(),
            step: snap_speed(screen.refresh, zone.speed),
            refresh: u64::from(screen.refresh.max(1)),
            canvas: i64::from(screen.width.max(1)),
            wall: i64::from(screen.wall_width.max(screen.width)),
            left: i64::from(screen.wall_x),
            seen: None,
            by_day: false,
            stretches: VecDeque::new(),
            next: None,
            count: 0,
            layers: HashMap::new(),
            mark: None,
        }
    }

    /// Shaped text kept in hand, pixels: a scene that is built a few frames late shows no gap.
    fn margin(&self) -> i64 {
        (self.canvas / 8).max(i64::from(self.step.pixels) * 4)
    }

    /// Where the wall's left edge stands on the ruler.
    fn advance(&self, index: u64) -> i64 {
        // Fits for millions of years.
        i64::try_from(self.step.advanced(index)).unwrap_or(i64::MAX / 4)
    }

    /// The next index at which an edition may enter.
    fn gate(&self, index: u64) -> u64 {
        let every = self.refresh * ENTRY_PERIOD_SECONDS;
        (index / every + 1) * every
    }

    /// Takes the items of a new edition or day.
    fn take(&mut self, mut lap: Lap, face: &Face, index: u64, shaper: &mut Shaper) {
        match self.stretches.back() {
            Some(last) if last.lap.same(&lap) => self.next = None,
            Some(last) if last.lap.real && !last.lap.is_gone() => {
                if !self.next.as_ref().is_some_and(|(next, _)| next.same(&lap)) {
                    self.next = Some((lap, self.gate(index)));
                }
            }
            // Nothing worth finishing stands there.
            _ => {
                lap.measure(face, self.wall, None, usize::MAX, shaper);
                self.count += 1;
                self.next = None;
                self.stretches = [Stretch { id: self.count, from: i64::MIN, until: i64::MAX, lap }].into();
            }
        }
    }

    /// Measures what is to follow, and lets it enter with its frame. Gives the frames until this is wanted again.
    fn follow(&mut self, face: &Face, index: u64, shaper: &mut Shaper) -> Option<u64> {
        let (mut lap, gate) = self.next.take()?;
        let old = self.stretches.back_mut()?;
        if !lap.measure(face, self.wall, Some(&old.lap), MAX_MEASURED_CHARS, shaper) {
            let gate = if index < gate { gate } else { self.gate(index) };
            self.next = Some((lap, gate));
            return Some(1);
        }
        if index < gate {
            self.next = Some((lap, gate));
            return Some(gate - index);
        }
        let patience = self.wall / 2;
        let edge = i64::try_from(self.step.advanced(gate)).unwrap_or(i64::MAX / 4);
        let edge = edge.saturating_add(self.wall + face.overhang()).max(old.from);
        old.until = old.lap.exit(edge, patience);
        let from = lap.entry(old.until + face.mark_width(), patience);
        self.count += 1;
        self.stretches.push_back(Stretch { id: self.count, from, until: i64::MAX, lap });
        None
    }

    /// Drops the stretches that have gone past the left edge; the first that is left holds all before it too.
    fn forget(&mut self, left: i64) {
        while self.stretches.get(1).is_some_and(|s| s.from <= left) {
            self.stretches.pop_front();
        }
        if let Some(first) = self.stretches.front_mut().filter(|s| s.from <= left) {
            first.from = i64::MIN;
        }
    }

    /// The strips of the slots that end after `left` and begin before `right`.
    fn strips(&mut self, left: i64, right: i64, face: &Face, shaper: &mut Shaper) -> Vec<(Place, Arc<Layer>)> {
        let mut out = Vec::new();
        for stretch in &self.stretches {
            for cells in gathered(stretch, left, right, face) {
                let (Some((begin, _)), Some((last, end))) = (cells.first(), cells.last()) else { continue };
                let place = (stretch.id, *begin, last + end.width);
                let layer = self.layers.get(&place).cloned().unwrap_or_else(|| {
                    let piece = |(at, cell): &(i64, &Cell)| {
                        let (glyphs, notice) = match stretch.lap.content(cell) {
                            Content::Words(text, notice) => (Glyphs::Words(face.shape(text, shaper).0), notice),
                            Content::Mark => (self.mark.get_or_insert_with(|| face.mark(shaper)).clone(), None),
                            Content::Nothing => return None,
                        };
                        Some(Piece { at: at - begin, width: cell.width, glyphs, notice })
                    };
                    face.strip(place.2 - begin, cells.iter().filter_map(piece))
                });
                out.push((place, layer));
            }
        }
        out
    }
}

impl ZoneView for SharedTicker {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let (frame, index) = (context.now.frame, context.index);
        let face = Face::new(&self.zone, area);
        let day = context.wall.day();
        if self.seen != Some(day) {
            self.seen = Some(day);
            self.by_day = pick::depends_on_day(&self.zone.notices, context.edition);
            let (items, real) = items(&self.zone, context, true);
            let lap = Lap::new(items, real);
            let renewal = Renewal::new(&self.zone, context, lap.items());
            let laps = self.stretches.iter_mut().map(|s| &mut s.lap).chain(self.next.iter_mut().map(|(lap, _)| lap));
            // All of them, not only the first that changes.
            if laps.filter_map(|lap| lap.renew(&renewal).then_some(())).count() > 0 {
                self.layers.clear();
            }
            self.take(lap, &face, index, context.shaper);
        }
        let mut due = if self.by_day { Due::midnight(context.wall) } else { Due::default() };
        if let Some(wait) = self.follow(&face, index, context.shaper) {
            due = due.or(Due { frame: Some(frame.saturating_add(wait)), ..Due::default() });
        }
        // What stood in the step that holds now; frames before the first are fine.
        let held = index % u64::from(self.step.hold.max(1));
        let start = i64::try_from(frame).unwrap_or(i64::MAX).saturating_sub_unsigned(held);
        let (side, width) = (face.overhang(), area.w as i64);
        let origin = self.advance(index).saturating_add(self.left);
        let left = origin.saturating_add(area.x as i64).saturating_sub(side);
        let right = left + width + 2 * side + (self.canvas / 2).max(2 * self.margin());
        self.forget(left);
        let mut layers = HashMap::new();
        for (place, layer) in self.strips(left, right, &face, context.shaper) {
            let x = i32::try_from(place.1 - side - origin).unwrap_or(i32::MAX);
            let motion = Motion::Ticker { step: self.step, start };
            if !layer.primitives.is_empty() {
                out.push(Placed { layer: Arc::clone(&layer), x, y: area.y as i32, clip: area, motion });
            }
            layers.insert(place, layer);
        }
        self.layers = layers;
        if self.stretches.iter().all(|s| s.lap.is_empty()) {
            return due;
        }
        let reach = (right - left - width - 2 * side - self.margin()).max(1).unsigned_abs();
        let steps = reach.div_ceil(u64::from(self.step.pixels.max(1)));
        let frames = steps.saturating_mul(u64::from(self.step.hold.max(1))) - held;
        due.or(Due { frame: Some(frame.saturating_add(frames.max(1))), ..Due::default() })
    }

    fn refresh(&mut self) {
        self.seen = None;
    }

    fn restart(&mut self, _: FrameTime) {
        self.stretches.clear();
        (self.seen, self.next) = (None, None);
        self.layers.clear();
    }

    fn has_something(&self) -> bool {
        self.stretches.back().is_some_and(|s| s.lap.real)
    }
}

/// The slots of a stretch that end after `left` and begin before `right`, and those that make strips with them.
fn gathered<'a>(stretch: &'a Stretch, left: i64, right: i64, face: &Face) -> Vec<Vec<(i64, &'a Cell)>> {
    let cells = |from: i64| stretch.lap.cells(from.max(stretch.from)).filter(|(at, _)| *at >= stretch.from);
    let Some((first, _)) = cells(left).next() else { return Vec::new() };
    let until = right.div_euclid(STRIP_PIXELS).saturating_add(1).saturating_mul(STRIP_PIXELS).min(stretch.until);
    let mut strips: Vec<Vec<(i64, &Cell)>> = Vec::new();
    let from = first.div_euclid(STRIP_PIXELS) * STRIP_PIXELS;
    for (at, cell) in cells(from).skip_while(|(at, _)| *at < from).take_while(|(at, _)| *at < until) {
        let begun = |strip: &&mut Vec<(i64, &Cell)>| strip.first().map(|(begin, _)| *begin);
        let joins = |begin: i64| {
            begin.div_euclid(STRIP_PIXELS) == at.div_euclid(STRIP_PIXELS) && face.holds(at + cell.width - begin)
        };
        match strips.last_mut().filter(|strip| begun(strip).is_some_and(joins)) {
            Some(strip) => strip.push((at, cell)),
            None => strips.push(vec![(at, cell)]),
        }
    }
    strips
}
