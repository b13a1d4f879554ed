//! XLSX, cell by cell: a sheet is never held whole.

use super::cell::{Merge, SheetCell};
use super::contract::{MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Take, called, too_long, too_many, too_wide};
use crate::feeds::StopToken;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::DateTime;
use std::io::Cursor;

/// Merged regions one sheet may have; what is beyond is not filled.
const MAX_MERGES: usize = 200_000;

/// Hands over the sheets of a workbook.
pub fn walk(bytes: Vec<u8>, stop: &StopToken, take: &mut dyn Take) -> Result<(), String> {
    let mut book = called(|| Xlsx::new(stop.over(Cursor::new(bytes))))?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    if sheets.len() > MAX_SHEETS {
        return Err(too_many());
    }
    for (name, is_visible) in sheets {
        if !take.begin(&name, is_visible) {
            continue;
        }
        for merge in called(|| book.merge_cells_by_sheet_name(&name))?.into_iter().take(MAX_MERGES) {
            take.merge(merged(merge));
        }
        let mut cells = called(|| book.worksheet_cells_reader(&name))?;
        let mut row: Vec<SheetCell> = Vec::new();
        let mut number = 0;
        while let Some(found) = called(|| cells.next_cell())? {
            let ((at, column), value) = (found.get_position(), cell(found.get_value()));
            if value.is_empty() {
                continue;
            }
            if at + 1 != number {
                if !row.is_empty() {
                    take.row(number, std::mem::take(&mut row))?;
                }
                number = at + 1;
            }
            if number > MAX_ROWS {
                return Err(too_long());
            }
            put(&mut row, column as usize, value, number)?;
        }
        if !row.is_empty() {
            take.row(number, row)?;
        }
        take.end();
    }
    Ok(())
}

/// Puts a cell into its column.
pub fn put(row: &mut Vec<SheetCell>, column: usize, value: SheetCell, number: u32) -> Result<(), String> {
    if column >= MAX_COLUMNS {
        return Err(too_wide(number));
    }
    if row.len() <= column {
        row.resize(column + 1, SheetCell::Empty);
    }
    if let Some(slot) = row.get_mut(column) {
        *slot = value;
    }
    Ok(())
}

/// A merged region, rows from 1.
pub fn merged(d: Dimensions) -> Merge {
    Merge {
        rows: (d.start.0.saturating_add(1), d.end.0.saturating_add(1)),
        columns: (d.start.1 as usize, (d.end.1 as usize).min(MAX_COLUMNS)),
    }
}

fn cell(data: &DataRef<'_>) -> SheetCell {
    match data {
        DataRef::Empty => SheetCell::Empty,
        DataRef::Int(n) => SheetCell::of(&n.to_string()),
        DataRef::Float(n) => SheetCell::Number(*n),
        DataRef::String(text) => SheetCell::of(text),
        DataRef::SharedString(text) => SheetCell::of(text),
        DataRef::Bool(yes) => SheetCell::Truth(*yes),
        DataRef::DateTime(at) => time(*at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => SheetCell::of(text),
        DataRef::Error(e) => SheetCell::Broken(e.to_string()),
    }
}

/// A date; a time of day or a duration, which no column holds, stays a number.
pub fn time(at: ExcelDateTime) -> SheetCell {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let small = |n: u8| i8::try_from(n).ok();
    let civil = || {
        DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            0,
        )
        .ok()
    };
    match civil() {
        Some(civil) if at.is_datetime() && at.as_f64() >= 1.0 => SheetCell::Time(civil),
        _ => SheetCell::Number(at.as_f64()),
    }
}
