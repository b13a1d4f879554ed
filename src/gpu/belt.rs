//! A line that moves sideways by whole pixels over one colour: drawn once into memory, then only copied.
//!
//! A ticker's strips lie on a belt that runs behind a window of the canvas. Each strip that comes in is drawn once, by
//! the renderer, with all that is on the belt there, and kept as rows of pixels; a frame copies what of the belt is
//! behind its window. A place on the belt is counted from where the belt began, so that it stays the same while the
//! belt runs. What lies under the window must be one colour, which is looked at and not guessed; what lies over it is
//! cut out and left to the renderer. The pixels are those the renderer would draw.

use super::{GpuError, Pixels};
use crate::scene::{Colour, Draw, Frame, Layer, PixelRect, PixelRegion, area, common, overlap};
use std::{
    ops::Range,
    sync::{Arc, Weak},
};

/// Draws a frame by the renderer and gives its pixels, row by row.
pub(super) type Paint<'a> = dyn FnMut(&Frame) -> Result<Vec<u32>, GpuError> + 'a;

/// A draw as it was, without keeping its layer alive. The weak handle keeps the layer's address from being given to
/// another.
struct Trace {
    layer: Weak<Layer>,
    x: i32,
    y: i32,
    clip: PixelRect,
    veil: f32,
    surfaces: u64,
}

impl Trace {
    fn of(draw: &Draw) -> Self {
        let Draw { layer, x, y, clip, veil, surfaces, .. } = draw;
        let layer = Arc::downgrade(layer);
        Self { layer, x: *x, y: *y, clip: *clip, veil: *veil, surfaces: *surfaces }
    }

    fn is(&self, draw: &Draw) -> bool {
        std::ptr::eq(self.layer.as_ptr(), Arc::as_ptr(&draw.layer))
            && (self.x, self.y, self.clip, self.veil) == (draw.x, draw.y, draw.clip, draw.veil)
            && self.surfaces == draw.surfaces
    }
}

/// A strip on the belt, drawn.
struct Segment {
    layer: Weak<Layer>,
    y: i32,
    /// Its left edge on the belt.
    left: i64,
    width: u32,
    /// Rows of the window that hold more than the colour underneath, counted from the window's top.
    rows: Range<u32>,
    /// Their pixels as a window takes them, 0x00RRGGBB.
    pixels: Vec<u32>,
}

/// What lies under the window.
enum Ground {
    /// Not looked at yet; it changed so lately that it may do so again before so many frames have passed.
    Unknown { wait: u32 },
    /// One colour, 0x00RRGGBB.
    Plain(u32),
    /// More than one: the belt is left to the renderer.
    Uneven,
}

/// One line of strips that moves by whole pixels.
struct Belt {
    window: PixelRect,
    ground: Ground,
    /// What makes the ground: the background, and what is drawn over it.
    under: (Colour, Vec<Trace>),
    /// In the order drawn: a later one holds all that the earlier ones have in its place.
    segments: Vec<Segment>,
    /// Where the belt's beginning stands on the canvas.
    origin: i64,
    /// Rows of the window that hold more than the ground.
    inked: Range<u32>,
    /// Its pixels were copied for the frame before, so that what stays as it was is right already.
    is_running: bool,
    /// It is in this frame.
    is_seen: bool,
}

/// The belts of one target.
#[derive(Default)]
pub(super) struct Belts {
    belts: Vec<Belt>,
    /// Part of a row that no segment covers.
    gaps: Vec<Range<i64>>,
}

impl Belts {
    /// Pixels of one strip at most, 16 MB: a larger one is left to the renderer.
    const MAX_STRIP_PIXELS: u64 = 4 << 20;

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.belts.clear();
    }

    /// Windows of belts that run on from the frame before: where they differ from it is told by [`Belts::follow`].
    pub(super) fn running(&self) -> impl Iterator<Item = PixelRect> + Clone {
        self.belts.iter().filter(|belt| belt.is_running).map(|belt| belt.window)
    }

    /// Follows the belts to where they are in a frame, drawing by `paint` what comes in. Adds to `changed` where those
    /// that run on differ from the frame before.
    pub(super) fn follow(
        &mut self,
        frame: &Frame,
        changed: &mut PixelRegion,
        paint: &mut Paint<'_>,
    ) -> Result<(), GpuError> {
        self.belts.iter_mut().for_each(|belt| belt.is_seen = false);
        let mut start = 0;
        while let Some(draw) = frame.draws.get(start) {
            let rest = frame.draws.get(start..).unwrap_or_default();
            let count = rest.iter().take_while(|next| next.window.is_some() && next.window == draw.window).count();
            if let Some(window) = draw.window {
                self.follow_one(frame, start..start + count, window, changed, paint)?;
            }
            start += count.max(1);
        }
        self.belts.retain(|belt| belt.is_seen);
        Ok(())
    }

    fn follow_one(
        &mut self,
        frame: &Frame,
        run: Range<usize>,
        window: PixelRect,
        changed: &mut PixelRegion,
        paint: &mut Paint<'_>,
    ) -> Result<(), GpuError> {
        let draws = frame.draws.get(run.clone()).unwrap_or_default();
        let is_large = |draw: &Draw| u64::from(draw.layer.width) * u64::from(window[3]) > Self::MAX_STRIP_PIXELS;
        if draws.iter().any(|draw| is_large(draw) || draw.veil > 0.0 || draw.surfaces > 0) {
            return Ok(());
        }
        let known = self.belts.iter().position(|belt| belt.window == window);
        let mut belt = known.map_or_else(|| Belt::new(window), |index| self.belts.swap_remove(index));
        if belt.is_seen {
            // Two lines behind one window: what one is over the other is not worth finding out.
            (belt.ground, belt.is_running) = (Ground::Uneven, false);
        } else {
            belt.is_seen = true;
            belt.look_under(frame, frame.draws.get(..run.start).unwrap_or_default(), paint)?;
            if let Ground::Plain(ground) = belt.ground {
                belt.follow(draws, ground, changed, paint)?;
            }
        }
        self.belts.push(belt);
        Ok(())
    }

    /// Copies what of the belts lies in `stale`, and takes it out there. What something else lies over is left.
    pub(super) fn copy(&mut self, frame: &Frame, stale: &mut PixelRegion, pixels: &mut Pixels<'_>) {
        for belt in &mut self.belts {
            let Ground::Plain(ground) = belt.ground else { continue };
            let last = frame.draws.iter().rposition(|draw| draw.window == Some(belt.window)).unwrap_or(0);
            let above = frame.draws.iter().skip(last + 1).filter(|draw| overlap(draw.clip, belt.window));
            let mut own = PixelRegion::of(common(belt.window, pixels.all()));
            above.clone().for_each(|draw| own.remove(draw.clip));
            // Too many things lie over it to be told apart: see `PixelRegion`.
            belt.is_running = !above.clone().any(|draw| own.rects().iter().any(|rect| overlap(*rect, draw.clip)));
            if !belt.is_running {
                continue;
            }
            let pairs = own.rects().iter().flat_map(|own| stale.rects().iter().map(|stale| common(*own, *stale)));
            let wanted: Vec<_> = pairs.filter(|rect| area(*rect) > 0).collect();
            for rect in wanted {
                belt.copy(rect, ground, &mut self.gaps, pixels);
                stale.remove(rect);
            }
        }
    }
}

impl Belt {
    /// Frames that what lies under a belt must stand before it is looked at again.
    const STEADY_FRAMES: u32 = 30;

    fn new(window: PixelRect) -> Self {
        Self {
            window,
            ground: Ground::Unknown { wait: 0 },
            under: (Colour::default(), Vec::new()),
            segments: Vec::new(),
            origin: 0,
            inked: 0..0,
            is_running: false,
            is_seen: false,
        }
    }

    /// Looks what lies under the window, where that is not known or no longer the same.
    fn look_under(&mut self, frame: &Frame, under: &[Draw], paint: &mut Paint<'_>) -> Result<(), GpuError> {
        let window = self.window;
        let met = || under.iter().filter(|draw| overlap(draw.clip, window));
        let (background, traces) = &self.under;
        let is_same = *background == frame.background
            && traces.len() == met().count()
            && traces.iter().zip(met()).all(|(trace, draw)| trace.is(draw));
        if !is_same {
            let is_new = traces.is_empty() && self.segments.is_empty();
            self.under = (frame.background, met().map(Trace::of).collect());
            self.ground = Ground::Unknown { wait: if is_new { 0 } else { Self::STEADY_FRAMES } };
            self.segments.clear();
            self.is_running = false;
        }
        match self.ground {
            Ground::Unknown { wait: 0 } => {
                let found = paint(&cut(frame.background, met(), window.map(i64::from), false))?;
                let first = found.first().copied();
                let plain = first.filter(|first| found.iter().all(|pixel| pixel == first));
                self.ground = plain.map_or(Ground::Uneven, Ground::Plain);
            }
            Ground::Unknown { wait } => self.ground = Ground::Unknown { wait: wait - 1 },
            Ground::Plain(_) | Ground::Uneven => {}
        }
        Ok(())
    }

    /// Goes on to where the belt is now, and draws the strips that came in.
    fn follow(
        &mut self,
        draws: &[Draw],
        ground: u32,
        changed: &mut PixelRegion,
        paint: &mut Paint<'_>,
    ) -> Result<(), GpuError> {
        let before = (self.origin, self.segments.len(), self.inked.clone());
        let mut is_moved = false;
        match self.origin(draws) {
            Some(origin) => self.origin = origin,
            None => self.segments.clear(),
        }
        let (origin, edge) = (self.origin, i64::from(self.window[0]));
        let is_there = |segment: &Segment, draw: &Draw| segment.is(draw) && segment.start(origin) == i64::from(draw.x);
        let is_drawn = |segment: &Segment| draws.iter().any(|draw| is_there(segment, draw));
        // One that went before it was past may have left its edge in its neighbours.
        if self.segments.iter().any(|segment| !is_drawn(segment) && segment.end(origin) > edge) {
            self.segments.clear();
        }
        self.segments.retain(is_drawn);
        let [_, top, _, height] = self.window.map(i64::from);
        for draw in draws {
            if self.segments.iter().any(|segment| is_there(segment, draw)) {
                continue;
            }
            let area = [i64::from(draw.x), top, i64::from(draw.layer.width), height];
            let painted = paint(&cut(colour(ground), draws.iter(), area, true))?;
            self.segments.push(Segment::new(draw, origin, ground, painted));
            is_moved = true;
        }
        is_moved |= before.0 != origin || before.1 != self.segments.len();
        let rows = self.segments.iter().map(|segment| segment.rows.clone());
        self.inked = rows.reduce(around).unwrap_or(0..0);
        if self.is_running && is_moved {
            let rows = around(before.2, self.inked.clone());
            let [x, y, w, _] = self.window;
            changed.add([x, y + rows.start, w, rows.end - rows.start]);
        }
        Ok(())
    }

    /// Where the belt's beginning is now; `None` where these are other strips, or the belt ran to the right.
    fn origin(&self, draws: &[Draw]) -> Option<i64> {
        draws.iter().find_map(|draw| {
            let same = self.segments.iter().filter(|segment| segment.is(draw));
            same.map(|segment| i64::from(draw.x) - segment.left).filter(|origin| *origin <= self.origin).max()
        })
    }

    /// Copies what of the belt lies in a rectangle of the window.
    fn copy(&self, [x, y, w, h]: PixelRect, ground: u32, gaps: &mut Vec<Range<i64>>, pixels: &mut Pixels<'_>) {
        let (left, right) = (i64::from(x), i64::from(x) + i64::from(w));
        gaps.clear();
        gaps.push(left..right);
        for segment in &self.segments {
            let (start, end) = (segment.start(self.origin), segment.end(self.origin));
            let (from, to) = (start.max(left), end.min(right));
            if from >= to {
                continue;
            }
            for index in 0..gaps.len() {
                let Some(gap) = gaps.get_mut(index) else { continue };
                let after = to.max(gap.start)..gap.end;
                gap.end = from.min(gap.end);
                if after.start < after.end {
                    gaps.push(after);
                }
            }
            let skip = (from - start) as usize;
            for down in y..y + h {
                let row = pixels.row(from as u32, down, (to - from) as u32);
                match segment.row(down - self.window[1]).and_then(|line| line.get(skip..skip + row.len())) {
                    Some(line) => row.copy_from_slice(line),
                    None => row.fill(ground),
                }
            }
        }
        for gap in gaps.iter().filter(|gap| gap.start < gap.end) {
            pixels.fill([gap.start as u32, y, (gap.end - gap.start) as u32, h], ground);
        }
    }
}

impl Segment {
    /// Keeps of a strip's pixels the rows that hold more than the ground.
    fn new(draw: &Draw, origin: i64, ground: u32, mut pixels: Vec<u32>) -> Self {
        let width = draw.layer.width;
        let is_inked = |row: &[u32]| row.iter().any(|pixel| *pixel != ground);
        let mut rows = pixels.chunks(width.max(1) as usize).map(is_inked);
        let first = rows.position(|inked| inked).unwrap_or(0);
        let last = rows.rposition(|inked| inked).map_or(first, |after| first + 1 + after);
        drop(rows);
        let kept = first * width as usize..(last + 1) * width as usize;
        pixels.truncate(kept.end);
        pixels.drain(..kept.start.min(pixels.len()));
        pixels.shrink_to_fit();
        let rows = first as u32..last as u32 + 1;
        Self { layer: Arc::downgrade(&draw.layer), y: draw.y, left: i64::from(draw.x) - origin, width, rows, pixels }
    }

    /// Whether it was made of this draw, wherever it is now.
    fn is(&self, draw: &Draw) -> bool {
        std::ptr::eq(self.layer.as_ptr(), Arc::as_ptr(&draw.layer)) && self.y == draw.y
    }

    /// Its left edge on the canvas.
    fn start(&self, origin: i64) -> i64 {
        self.left + origin
    }

    /// Its right edge on the canvas.
    fn end(&self, origin: i64) -> i64 {
        self.start(origin) + i64::from(self.width)
    }

    /// A row of the window; `None` where it is all ground.
    fn row(&self, row: u32) -> Option<&[u32]> {
        let index = row.checked_sub(self.rows.start).filter(|_| row < self.rows.end)? as usize;
        self.pixels.chunks(self.width.max(1) as usize).nth(index)
    }
}

/// The smallest range around both; an empty one counts for nothing.
fn around(a: Range<u32>, b: Range<u32>) -> Range<u32> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b,
        (_, true) => a,
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

/// Draws as a frame of their own: what of them lies in `[x, y, w, h]` of the canvas, which may reach beyond it.
/// `is_whole`: with what is hidden at present.
fn cut<'a>(background: Colour, draws: impl Iterator<Item = &'a Draw>, [x, y, w, h]: [i64; 4], is_whole: bool) -> Frame {
    let side = |length: i64| u32::try_from(length.max(0)).unwrap_or(0);
    let moved = |at: i32, by: i64| i32::try_from(i64::from(at) - by).unwrap_or(i32::MIN);
    let draws = draws.filter_map(|draw| {
        let (left, top) = (moved(draw.x, x), moved(draw.y, y));
        let [clip_x, clip_y, clip_w, clip_h] = draw.clip.map(i64::from);
        let clip = match is_whole {
            true => [left, top, draw.layer.width as i32, draw.layer.height as i32].map(i64::from),
            false => [clip_x - x, clip_y - y, clip_w, clip_h],
        };
        let (from_x, from_y) = (clip[0].clamp(0, w), clip[1].clamp(0, h));
        let (to_x, to_y) = ((clip[0] + clip[2]).clamp(0, w), (clip[1] + clip[3]).clamp(0, h));
        let clip = [from_x, from_y, to_x - from_x, to_y - from_y].map(side);
        let is_seen = clip[2] > 0 && clip[3] > 0;
        is_seen.then(|| Draw { x: left, y: top, clip, window: None, ..draw.clone() })
    });
    Frame { width: side(w), height: side(h), background, draws: draws.collect() }
}

/// The colour of a pixel.
fn colour(pixel: u32) -> Colour {
    let [b, g, r, _] = pixel.to_le_bytes();
    Colour::rgb(r, g, b)
}
