//! One whole lap of a shared line, measured: where each slot begins, so that any place of the endless repetition can
//! be found without walking to it.

use super::{
    line::{Face, Item, Renewal, same_words},
    segment::piece,
};
use crate::{model::NoticeVersion, text::Shaper};
use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};

/// Characters one lap holds at most. All of it has to be measured before anything can be placed, so what comes after
/// is left out: a first lap this long takes about a fifth of a second.
const MAX_LAP_CHARS: usize = 40_000;
/// About how wide a piece is, pixels; the same on every machine, whatever its canvas.
const PIECE_PIXELS: f32 = 512.0;

/// A slot of the lap.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Where it begins, from the lap's start.
    pub at: i64,
    /// Its width, canvas pixels.
    pub width: i64,
    /// The item that it is of; a mark is of the one before it.
    item: usize,
    /// Which part of the item stands in it; `None` for the mark.
    part: Option<Range<usize>>,
}

/// What stands in a slot.
pub(super) enum Content<'a> {
    /// A part of an item.
    Words(&'a str, Option<NoticeVersion>),
    /// What parts two items.
    Mark,
    /// Nothing: its item is gone.
    Nothing,
}

/// One lap: its items one after the other, and a mark or blank space behind the last.
#[derive(Debug)]
pub(super) struct Lap {
    items: Vec<Arc<Item>>,
    /// Items that are no longer to be shown; their slots stand empty, so that all else stays where it is.
    gone: BTreeSet<usize>,
    /// Whether it is more than the standing line.
    pub real: bool,
    cells: Vec<Cell>,
    /// The cells of each item measured so far.
    spans: Vec<Range<usize>>,
    /// Where the next cell begins, and how much of the item there has been measured.
    end: i64,
    byte: usize,
    /// Pixels from one lap's start to the next; 0 until all is measured, and where there is nothing.
    length: i64,
}

impl Lap {
    /// A lap of these items, as many as are shown, not measured yet.
    pub fn new(items: Vec<Arc<Item>>, real: bool) -> Self {
        let mut room = MAX_LAP_CHARS;
        let mut kept = Vec::with_capacity(items.len());
        for item in items {
            if let Some((at, _)) = item.words.char_indices().nth(room) {
                let words = format!("{}…", item.words.get(..at).unwrap_or_default());
                kept.push(Arc::new(Item { words, head: item.head.clone() }));
                break;
            }
            room -= item.words.chars().count();
            kept.push(item);
        }
        Self {
            items: kept,
            gone: BTreeSet::new(),
            real,
            cells: Vec::new(),
            spans: Vec::new(),
            end: 0,
            byte: 0,
            length: 0,
        }
    }

    /// Whether both say the same.
    pub fn same(&self, other: &Self) -> bool {
        same_words(&self.items, &other.items)
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Measures on, about `budget` characters; items that `old` has too cost nothing. Says whether all is measured.
    pub fn measure(&mut self, face: &Face, wall: i64, old: Option<&Self>, budget: usize, shaper: &mut Shaper) -> bool {
        let known: HashMap<&str, &Range<usize>> =
            old.into_iter().flat_map(|o| o.items.iter().map(|i| i.words.as_str()).zip(&o.spans)).collect();
        let mut left = budget;
        while let Some(item) = self.items.get(self.spans.len()).map(Arc::clone) {
            let item = item.words.as_str();
            let first = self.spans.last().map_or(0, |span| span.end);
            if self.byte == 0 && first > 0 && self.cells.len() == first {
                let item = self.spans.len() - 1;
                self.cells.push(Cell { at: self.end, width: face.mark_width(), item, part: None });
                self.end += face.mark_width();
            }
            let number = self.spans.len();
            let begin = first + usize::from(first > 0);
            let copied = known.get(item).and_then(|span| old?.cells.get((*span).clone()));
            if let (Some(cells), 0) = (copied, self.byte) {
                let by = self.end - cells.first().map_or(0, |c| c.at);
                for cell in cells {
                    self.cells.push(Cell { at: cell.at + by, item: number, part: cell.part.clone(), ..*cell });
                    self.end = cell.at + by + cell.width;
                }
            } else {
                while let Some(rest) = item.get(self.byte..).filter(|r| !r.is_empty()) {
                    if left == 0 {
                        return false;
                    }
                    let (bytes, width) = measured(rest, face, shaper);
                    left = left.saturating_sub(bytes / 3);
                    let part = Some(self.byte..self.byte + bytes);
                    self.cells.push(Cell { at: self.end, width, item: number, part });
                    self.end += width;
                    self.byte += bytes;
                }
                self.byte = 0;
            }
            self.spans.push(begin..self.cells.len());
        }
        self.close(face, wall);
        true
    }

    /// Says how long it is: one that fits on the wall is never seen twice at the same time.
    fn close(&mut self, face: &Face, wall: i64) {
        let mark = face.mark_width();
        if self.cells.is_empty() || self.length > 0 {
            return;
        }
        if self.end + mark <= wall {
            self.length = wall;
        } else {
            let item = self.items.len().saturating_sub(1);
            self.cells.push(Cell { at: self.end, width: mark, item, part: None });
            self.length = self.end + mark;
        }
    }

    /// What stands in a cell.
    pub fn content(&self, cell: &Cell) -> Content<'_> {
        match (self.items.get(cell.item).filter(|_| !self.gone.contains(&cell.item)), &cell.part) {
            (Some(item), Some(part)) => Content::Words(item.words.get(part.clone()).unwrap_or_default(), item.notice()),
            (Some(_), None) => Content::Mark,
            (None, _) => Content::Nothing,
        }
    }

    /// Its items, as many as are shown.
    pub fn items(&self) -> &[Arc<Item>] {
        &self.items
    }

    /// Brings its items in keeping with an edition; no slot moves. Says whether what is drawn or marked changes.
    pub fn renew(&mut self, renewal: &Renewal<'_>) -> bool {
        let mut is_changed = false;
        for (number, item) in self.items.iter_mut().enumerate() {
            match renewal.of(item) {
                Some(new) => {
                    is_changed |= self.gone.remove(&number) || new.notice() != item.notice();
                    *item = new;
                }
                None => is_changed |= self.gone.insert(number),
            }
        }
        is_changed
    }

    /// Whether none of its items is to be shown any more.
    pub fn is_gone(&self) -> bool {
        self.gone.len() == self.items.len()
    }

    /// The cells of the endless repetition from the first that ends after `x`, each with where it begins.
    pub fn cells(&self, x: i64) -> impl Iterator<Item = (i64, &Cell)> {
        let (mut lap, rest) = (x.div_euclid(self.length.max(1)), x.rem_euclid(self.length.max(1)));
        let mut next = self.cells.partition_point(|c| c.at + c.width <= rest);
        std::iter::from_fn(move || {
            if self.length == 0 {
                return None;
            }
            if next >= self.cells.len() {
                (lap, next) = (lap + 1, 0);
            }
            let cell = self.cells.get(next)?;
            next += 1;
            Some((lap.saturating_mul(self.length).saturating_add(cell.at), cell))
        })
    }

    /// Where the line can be broken off at or after `x`: at the end of the item there, or of its piece where the item
    /// goes on for longer than `patience` pixels.
    pub fn exit(&self, x: i64, patience: i64) -> i64 {
        let Some((at, cell)) = self.cells(x).next().filter(|(at, _)| *at < x) else { return x };
        let whole = cell.part.as_ref().and_then(|_| self.cells.get(self.spans.get(cell.item)?.end.checked_sub(1)?));
        let item_end = whole.map_or(at, |last| at - cell.at + last.at + last.width);
        if item_end >= x && item_end - x <= patience { item_end } else { at + cell.width }
    }

    /// Where the line can begin at or after `x`: with an item, or with a piece of one where that would leave more than
    /// `patience` pixels empty.
    pub fn entry(&self, x: i64, patience: i64) -> i64 {
        let mut piece = None;
        for (at, cell) in self.cells(x).filter(|(at, _)| *at >= x) {
            if at - x > patience {
                break;
            }
            match &cell.part {
                Some(part) if part.start == 0 => return at,
                Some(_) => piece = piece.or(Some(at)),
                None => {}
            }
        }
        let next = || self.cells(x).find(|(at, cell)| *at >= x && cell.part.is_some()).map(|(at, _)| at);
        piece.or_else(next).unwrap_or(x)
    }
}

/// Bytes and width of the first piece of `rest`.
fn measured(rest: &str, face: &Face, shaper: &mut Shaper) -> (usize, i64) {
    let mut most = face.most(PIECE_PIXELS).max(1);
    loop {
        let text = rest.get(..piece(rest, most)).unwrap_or(rest);
        let (_, width) = face.shape(text, shaper);
        if face.holds(width) || most == 1 {
            return (text.len(), width);
        }
        most /= 2;
    }
}
