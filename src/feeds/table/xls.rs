//! XLS of Excel 97 to 2003, and ET, which is the same. The whole book is held, so its extent is measured first.

use super::book::{MAX_COLUMNS, Take, too_wide};
use super::cell::Cell;
use super::xlsx::{merged, time};
use calamine::{Data, Reader, SheetType, SheetVisible, Xls};
use std::io::{Cursor, Read};

/// Cells that the sheets of one book may span, empty ones counted: each takes memory.
const MAX_CELLS: u64 = 4_000_000;
/// Record types of cells (MS-XLS 2.3.1): FORMULA, MULRK, MULBLANK excluded, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK.
const CELLS: [u16; 8] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];
/// The record that begins a sheet.
const BEGIN: u16 = 0x0809;

/// Hands over the sheets of a book.
pub fn walk(bytes: Vec<u8>, take: &mut dyn Take) -> Result<(), String> {
    measure(&bytes)?;
    let damaged = |e: &dyn std::fmt::Display| format!("it is damaged or protected ({e}); open it and save it as XLSX");
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    for (name, is_visible) in sheets {
        if !take.begin(&name, is_visible) {
            continue;
        }
        for merge in book.merge_cells_by_sheet_name(&name).map_err(|e| damaged(&e))? {
            take.merge(merged(merge));
        }
        let range = book.worksheet_range(&name).map_err(|e| damaged(&e))?;
        let Some((first, left)) = range.start() else {
            take.end();
            continue;
        };
        for (number, row) in (first + 1..).zip(range.rows()) {
            let mut cells = vec![Cell::Empty; left as usize];
            cells.extend(row.iter().map(cell));
            if cells.iter().rposition(|c| !c.is_empty()).is_some_and(|last| last >= MAX_COLUMNS) {
                return Err(too_wide(number));
            }
            if cells.iter().any(|c| !c.is_empty()) {
                take.row(number, cells)?;
            }
        }
        take.end();
    }
    Ok(())
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(n) => Cell::of(&n.to_string()),
        Data::Float(n) => Cell::Number(*n),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::of(text),
        Data::Bool(yes) => Cell::Truth(*yes),
        Data::DateTime(at) => time(*at),
        Data::Error(e) => Cell::Broken(e.to_string()),
    }
}

/// Walks the records of the book and refuses one whose sheets span more cells than memory is for.
fn measure(bytes: &[u8]) -> Result<(), String> {
    let damaged = |e: std::io::Error| format!("it is damaged ({e}); open it and save it as XLSX");
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err("it is protected by a password; save it without".into());
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|n| file.exists(n));
    let name = name.ok_or("it is an old office file, but no spreadsheet; save the table as XLSX")?;
    let mut stream = Vec::new();
    let most = bytes.len() as u64;
    file.open_stream(name).map_err(damaged)?.take(most).read_to_end(&mut stream).map_err(damaged)?;
    let mut rest = stream.as_slice();
    let (mut all, mut extent) = (0_u64, Extent::default());
    while let Some((kind, data, more)) = record(rest) {
        match kind {
            BEGIN => {
                all += extent.cells();
                extent = Extent::default();
            }
            kind if CELLS.contains(&kind) => extent.add(data),
            _ => {}
        }
        rest = more;
    }
    match all + extent.cells() {
        0..=MAX_CELLS => Ok(()),
        _ => {
            Err("a cell stands far from the table and makes it too large; delete it, or save the table as XLSX".into())
        }
    }
}

/// The first record: its type, its data, and what follows.
fn record(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let [a, b, c, d, rest @ ..] = bytes else { return None };
    let (data, more) = rest.split_at_checked(usize::from(u16::from_le_bytes([*c, *d])))?;
    Some((u16::from_le_bytes([*a, *b]), data, more))
}

/// The rows and columns between which cells stand.
#[derive(Default)]
struct Extent(Option<[u64; 4]>);

impl Extent {
    fn add(&mut self, data: &[u8]) {
        let [a, b, c, d, ..] = data else { return };
        let (row, column) = (u64::from(u16::from_le_bytes([*a, *b])), u64::from(u16::from_le_bytes([*c, *d])));
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, column, column]);
        self.0 = Some([top.min(row), bottom.max(row), left.min(column), right.max(column)]);
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_span_all_their_cells() {
        let mut extent = Extent::default();
        assert_eq!(extent.cells(), 0);
        extent.add(&[2, 0, 1, 0, 9]);
        extent.add(&[0xFF, 0xFF, 0xFF, 0]);
        assert_eq!(extent.cells(), (65_535 - 2 + 1) * (255 - 1 + 1));
    }
}
