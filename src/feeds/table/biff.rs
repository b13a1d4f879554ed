//! The records of an XLS workbook, written anew with only what a table is made of.
//!
//! The parser that reads them believes what they claim: extents for which it makes memory ready, texts that a thousand
//! cells share and each gets a copy of, sheets that are one and the same. Some of that would end the whole program. So
//! the book that it gets is one of records that were looked at: cells, their words, formats, merged regions. Formulas
//! become the values they have.
//!
//! Numbers of records and their layouts are those of MS-XLS 2.3 and 2.4.

use super::contract::{MAX_COLUMNS, MAX_SHEETS, too_many, too_wide};
use crate::feeds::StopToken;
use std::collections::HashSet;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const PASSWORD: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const WORDS: u16 = 0x00FC;
const MERGED: u16 = 0x00E5;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_LABEL: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const TRUTH: u16 = 0x0205;
const RK: u16 = 0x027E;
const RKS: u16 = 0x00BD;
/// Of the book as a whole: code page, the year dates count from, formats; each with the bytes it has at least.
const KEPT: [(u16, usize); 4] = [(0x0042, 2), (0x0022, 2), (0x041E, 5), (0x00E0, 4)];

/// Cells that the sheets of one book may span, empty ones counted: each takes memory.
const MAX_CELLS: u64 = 4_000_000;
/// Bytes that the words of all cells may take.
const MAX_WORDS: u64 = 256 * 1024 * 1024;
/// Pieces that the shared words may be in: 8 KB each.
const MAX_PIECES: usize = 20_000;
/// Records between two looks at whether to stop.
const EVERY: usize = 4_096;

/// Writes the records of a book anew.
///
/// # Errors
/// One sentence: damaged, protected, or larger than it may be.
pub fn rewritten(stream: &[u8], stop: &StopToken) -> Result<Vec<u8>, String> {
    let mut out = Out::default();
    let mut sheets: Vec<(usize, usize)> = Vec::new();
    let mut seen = HashSet::new();
    let mut lengths = Vec::new();
    let mut rest = stream;
    while let Some((kind, data, more)) = record(rest) {
        rest = more;
        match kind {
            PASSWORD if data.iter().take(2).any(|b| *b != 0) => {
                return Err("it is protected by a password; save it without".into());
            }
            // Its place in the stream, then what it is called; one that stands twice is another's copy.
            SHEET if data.len() >= 8 => {
                let Some(at) = number(data, 0, 4).and_then(|n| usize::try_from(n).ok()) else { continue };
                if !seen.insert(at) {
                    continue;
                }
                if seen.len() > MAX_SHEETS {
                    return Err(too_many());
                }
                sheets.push((at, out.bytes.len() + 4));
                out.record(SHEET, &[data]);
            }
            WORDS => {
                let mut pieces = vec![data];
                while let Some((CONTINUE, data, more)) = record(rest) {
                    // One that is empty would count as a word.
                    pieces.extend(Some(data).filter(|d| !d.is_empty()));
                    rest = more;
                }
                if pieces.len() > MAX_PIECES {
                    return Err(damaged());
                }
                lengths = words(&pieces).ok_or_else(damaged)?;
                for (n, piece) in pieces.iter().enumerate() {
                    out.record(if n == 0 { WORDS } else { CONTINUE }, &[piece]);
                }
            }
            BEGIN if data.len() >= 2 => out.record(BEGIN, &[data]),
            kind if KEPT.iter().any(|(k, least)| *k == kind && data.len() >= *least) => out.record(kind, &[data]),
            END => break,
            _ => {}
        }
    }
    out.record(END, &[]);
    // Sheets follow each other; records passed over again and again belong to none.
    let mut walked = 0;
    for (at, slot) in sheets {
        let begin = u32::try_from(out.bytes.len()).map_err(|_| damaged())?;
        if let Some(place) = out.bytes.get_mut(slot..slot + 4) {
            place.copy_from_slice(&begin.to_le_bytes());
        }
        let from = stream.get(at..).ok_or_else(damaged)?;
        walked += out.sheet(from, &lengths, stop)?;
        if walked > stream.len().saturating_mul(4) {
            return Err(damaged());
        }
    }
    Ok(out.bytes)
}

fn damaged() -> String {
    "it is damaged; open it and save it as XLSX".into()
}

/// The first record: its type, its data, and what follows.
fn record(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let [a, b, c, d, rest @ ..] = bytes else { return None };
    let (data, more) = rest.split_at_checked(usize::from(u16::from_le_bytes([*c, *d])))?;
    Some((u16::from_le_bytes([*a, *b]), data, more))
}

/// A number of so many bytes, the lowest first.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at, 2).and_then(|n| usize::try_from(n).ok())
}

/// How many bytes each of the shared words may take as UTF-8; `None` where they are damaged. A word goes on in the next
/// piece, which then begins with a byte that says how wide its letters are.
fn words(pieces: &[&[u8]]) -> Option<Vec<u64>> {
    let mut all = Vec::new();
    let mut pieces = pieces.iter();
    let mut data = pieces.next()?.get(8..)?;
    loop {
        while data.is_empty() {
            let Some(next) = pieces.next() else { return Some(all) };
            data = next;
        }
        let (count, flags) = (short(data, 0)?, *data.get(2)?);
        let (mut at, mut skipped) = (3, 0);
        if flags & 8 != 0 {
            skipped += short(data, at)? * 4;
            at += 2;
        }
        if flags & 4 != 0 {
            skipped += usize::try_from(number(data, at, 4)?).ok()?;
            at += 4;
        }
        data = data.get(at..)?;
        let (mut left, mut is_wide) = (count, flags & 1 != 0);
        while left > 0 {
            let width = if is_wide { 2 } else { 1 };
            let here = left.min(data.len() / width);
            data = data.get(here * width..)?;
            left -= here;
            if left > 0 {
                let (flag, more) = pieces.next()?.split_first()?;
                (is_wide, data) = (flag & 1 != 0, more);
            }
        }
        while skipped > 0 {
            if data.is_empty() {
                data = pieces.next()?;
            }
            let here = skipped.min(data.len());
            data = data.get(here..)?;
            skipped -= here;
        }
        all.push(count as u64 * 3);
    }
}

/// The book that is written.
#[derive(Default)]
struct Out {
    bytes: Vec<u8>,
    /// Cells that the sheets before span.
    cells: u64,
    /// Bytes of words so far.
    words: u64,
}

impl Out {
    fn record(&mut self, kind: u16, parts: &[&[u8]]) {
        let Ok(length) = u16::try_from(parts.iter().map(|p| p.len()).sum::<usize>()) else { return };
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        parts.iter().for_each(|p| self.bytes.extend(*p));
    }

    /// A sheet, from its first record to its last; charts within it are passed over. Gives how many bytes it took.
    fn sheet(&mut self, from: &[u8], lengths: &[u64], stop: &StopToken) -> Result<usize, String> {
        let Some((BEGIN, head @ [_, _, ..], mut rest)) = record(from) else { return Err(damaged()) };
        self.record(BEGIN, &[head]);
        let mut extent = Extent::default();
        // The place of a formula whose value, a text, comes in a record of its own.
        let mut waits: Option<&[u8]> = None;
        let (mut depth, mut count) = (0_u32, 0_usize);
        while let Some((kind, data, more)) = record(rest) {
            rest = more;
            count += 1;
            if count.is_multiple_of(EVERY) && stop.is_asked() {
                return Err("reading it takes too long; split it".into());
            }
            match kind {
                BEGIN => depth += 1,
                END if depth == 0 => break,
                END => depth -= 1,
                _ if depth > 0 => {}
                FORMULA => waits = self.formula(data, &mut extent)?,
                STRING => {
                    if let Some(place) = waits.take() {
                        self.label(place, data, &mut extent)?;
                    }
                }
                MERGED if short(data, 0).is_some_and(|n| 2 + n * 8 <= data.len()) => self.record(MERGED, &[data]),
                _ => self.cell(kind, data, lengths, &mut extent)?,
            }
        }
        self.cells += extent.cells();
        self.record(END, &[]);
        Ok(from.len() - rest.len())
    }

    /// A cell that is no formula; anything else is left out.
    fn cell(&mut self, kind: u16, data: &[u8], lengths: &[u64], extent: &mut Extent) -> Result<(), String> {
        match kind {
            NUMBER if data.len() >= 14 => self.put(kind, data, extent),
            RK if data.len() >= 10 => self.put(kind, data, extent),
            TRUTH if data.len() >= 8 => self.put(kind, data, extent),
            SHARED_LABEL if data.len() >= 10 => {
                let word = number(data, 6, 4).and_then(|n| usize::try_from(n).ok()).and_then(|n| lengths.get(n));
                self.say(word.copied().unwrap_or(0))?;
                self.put(kind, data, extent)
            }
            LABEL | RICH_LABEL => match (data.get(..6), data.get(6..)) {
                (Some(place), Some(words)) => self.label(place, words, extent),
                _ => Ok(()),
            },
            RKS => {
                // Row, first column, six bytes a cell, last column.
                let (Some(first), Some(last)) = (short(data, 2), short(data, data.len().saturating_sub(2))) else {
                    return Ok(());
                };
                if last < first || data.len() != 6 + 6 * (last - first + 1) {
                    return Ok(());
                }
                extent.add(short(data, 0).unwrap_or(0), last)?;
                self.put(kind, data, extent)
            }
            _ => Ok(()),
        }
    }

    /// A formula as its value; where that is a text, gives the place it is of.
    fn formula<'d>(&mut self, data: &'d [u8], extent: &mut Extent) -> Result<Option<&'d [u8]>, String> {
        let (Some(place), Some(value)) = (data.get(..6), data.get(6..14)) else { return Ok(None) };
        match *value {
            [0, .., 0xFF, 0xFF] => return Ok(Some(place)),
            [1, _, yes, .., 0xFF, 0xFF] => {
                extent.at(place)?;
                self.record(TRUTH, &[place, &[yes, 0]]);
            }
            [2, _, error, .., 0xFF, 0xFF] => {
                extent.at(place)?;
                self.record(TRUTH, &[place, &[error, 1]]);
            }
            [.., 0xFF, 0xFF] => {}
            _ => {
                extent.at(place)?;
                self.record(NUMBER, &[place, value]);
            }
        }
        self.bounded(extent)?;
        Ok(None)
    }

    /// A text of a cell's own, which may claim more letters than it has.
    fn label(&mut self, place: &[u8], words: &[u8], extent: &mut Extent) -> Result<(), String> {
        let (Some(count), Some(rest)) = (short(words, 0), words.get(2..)) else { return Ok(()) };
        let count = count.min(rest.len());
        let Ok(told) = u16::try_from(count) else { return Ok(()) };
        extent.at(place)?;
        self.say(count as u64 * 3)?;
        self.record(LABEL, &[place, &told.to_le_bytes(), rest]);
        self.bounded(extent)
    }

    fn put(&mut self, kind: u16, data: &[u8], extent: &mut Extent) -> Result<(), String> {
        extent.at(data)?;
        self.record(kind, &[data]);
        self.bounded(extent)
    }

    fn say(&mut self, bytes: u64) -> Result<(), String> {
        self.words = self.words.saturating_add(bytes);
        match self.words {
            0..=MAX_WORDS => Ok(()),
            _ => Err(format!(
                "the words of its cells take more than {} MB; split it, or save it as XLSX",
                MAX_WORDS / 1024 / 1024
            )),
        }
    }

    fn bounded(&self, extent: &Extent) -> Result<(), String> {
        match self.cells.saturating_add(extent.cells()) {
            0..=MAX_CELLS => Ok(()),
            _ => {
                Err("a cell stands far from the table and makes it too large; delete it, or save the table as XLSX"
                    .into())
            }
        }
    }
}

/// The rows and columns between which cells stand.
#[derive(Default)]
struct Extent(Option<[u64; 4]>);

impl Extent {
    /// Takes the cell whose row and column the data begins with.
    fn at(&mut self, data: &[u8]) -> Result<(), String> {
        self.add(short(data, 0).unwrap_or(0), short(data, 2).unwrap_or(0))
    }

    fn add(&mut self, row: usize, column: usize) -> Result<(), String> {
        if column >= MAX_COLUMNS {
            return Err(too_wide(u32::try_from(row + 1).unwrap_or(u32::MAX)));
        }
        let (row, column) = (row as u64, column as u64);
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, column, column]);
        self.0 = Some([top.min(row), bottom.max(row), left.min(column), right.max(column)]);
        Ok(())
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut out = Out::default();
        out.record(kind, &[data]);
        out.bytes
    }

    /// A book of these sheets, each of records.
    fn book(shared: &[Vec<u8>], sheets: &[Vec<u8>]) -> Vec<u8> {
        let mut globals = one(BEGIN, &[0, 6, 5, 0]);
        shared.iter().for_each(|r| globals.extend(r));
        let head = |at: usize| one(SHEET, &[&(at as u32).to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
        let mut at = globals.len() + sheets.len() * head(0).len() + 4;
        for sheet in sheets {
            globals.extend(head(at));
            at += sheet.len();
        }
        globals.extend(one(END, &[]));
        sheets.iter().for_each(|s| globals.extend(s));
        globals
    }

    fn sheet(records: &[Vec<u8>]) -> Vec<u8> {
        [one(BEGIN, &[0, 6, 16, 0]), records.concat(), one(END, &[])].concat()
    }

    fn said(bytes: &[u8]) -> String {
        rewritten(bytes, &StopToken::default()).unwrap_err()
    }

    #[test]
    fn what_a_table_is_made_of_stays_and_all_else_goes() {
        let number = one(NUMBER, &[1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]);
        let mut formula = vec![1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F];
        formula.extend([0; 8]);
        let text = [1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
        let chart = [one(BEGIN, &[0, 6, 32, 0]), number.clone(), one(END, &[])].concat();
        let claim = one(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
        let records = [
            claim,
            number.clone(),
            chart,
            one(FORMULA, &formula),
            one(FORMULA, &text),
            one(STRING, &[2, 0, 0, b'o', b'k']),
        ];
        let kept = [number.clone(), one(NUMBER, &formula[..14]), one(LABEL, &[1, 0, 4, 0, 0, 0, 2, 0, 0, b'o', b'k'])];
        let out = rewritten(&book(&[one(0x0018, &[0; 20])], &[sheet(&records)]), &StopToken::default()).unwrap();
        assert_eq!(out, book(&[], &[sheet(&kept)]));
        assert_eq!(rewritten(&out, &StopToken::default()).unwrap(), out);
    }

    #[test]
    fn what_would_take_memory_without_end_is_refused() {
        let far = sheet(&[one(NUMBER, &[0; 14]), one(NUMBER, &[255, 255, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);
        assert!(said(&book(&[], &[far])).contains("stands far from the table"));
        let wide = sheet(&[one(RKS, &[[0, 0, 0xE6, 3].to_vec(), vec![0; 18], vec![0xE8, 3]].concat())]);
        assert!(said(&book(&[], &[wide])).contains("row 1 has more than 1000 columns"));
        let word = [vec![0; 8], 40_000_u16.to_le_bytes().to_vec(), vec![0], vec![b'a'; 40_000]].concat();
        let label = one(SHARED_LABEL, &[0; 10]);
        let shared = book(&[one(WORDS, &word)], &[sheet(&vec![label; 3_000])]);
        assert!(said(&shared).contains("more than 256 MB"));
        let begin = one(BEGIN, &[0, 6, 16, 0]).repeat(200);
        let inner: Vec<Vec<u8>> = vec![begin; 8];
        assert!(rewritten(&book(&[], &inner), &StopToken::default()).is_err(), "sheets that never end");
    }

    #[test]
    fn shared_words_may_part_anywhere() {
        let first = [&[0; 8][..], &[3, 0, 0, b'a']].concat();
        assert_eq!(words(&[&first, &[1, b'b', 0, b'c', 0, 1, 0, 8, 1, 0], &[]]), None, "its end is missing");
        let rich = [1, b'b', 0, b'c', 0, 1, 0, 8, 1, 0, b'x', 0, 0];
        assert_eq!(words(&[&first, &rich, &[0, 0]]), Some(vec![9, 3]));
        assert_eq!(words(&[&[0; 8]]), Some(Vec::new()));
        assert_eq!(words(&[&[0; 4]]), None);
    }
}
