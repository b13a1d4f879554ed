//! XLS of Excel 97 to 2003, and ET, which is the same. The whole book is held, so it is cleaned first.

use super::biff;
use super::cell::SheetCell;
use super::contract::{MAX_COLUMNS, Take, called, too_wide};
use super::xlsx::{merged, time};
use crate::feeds::StopToken;
use calamine::{Data, Reader, SheetType, SheetVisible, Xls};
use std::io::{Cursor, Read, Write};

/// Hands over the sheets of a book.
pub fn walk(bytes: Vec<u8>, stop: &StopToken, take: &mut dyn Take) -> Result<(), String> {
    let clean = cleaned(&bytes, stop)?;
    drop(bytes);
    let mut book = called(|| Xls::new(Cursor::new(clean)))?;
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
        for merge in called(|| book.merge_cells_by_sheet_name(&name))? {
            take.merge(merged(merge));
        }
        let range = called(|| book.worksheet_range(&name))?;
        let Some((first, left)) = range.start() else {
            take.end();
            continue;
        };
        for (number, row) in (first + 1..).zip(range.rows()) {
            let mut cells = vec![SheetCell::Empty; left as usize];
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

fn cell(data: &Data) -> SheetCell {
    match data {
        Data::Empty => SheetCell::Empty,
        Data::Int(n) => SheetCell::of(&n.to_string()),
        Data::Float(n) => SheetCell::Number(*n),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => SheetCell::of(text),
        Data::Bool(yes) => SheetCell::Truth(*yes),
        Data::DateTime(at) => time(*at),
        Data::Error(e) => SheetCell::Broken(e.to_string()),
    }
}

/// The book with only what a table is made of; see [`biff`].
fn cleaned(bytes: &[u8], stop: &StopToken) -> Result<Vec<u8>, String> {
    let damaged = |e: std::io::Error| format!("it is damaged ({e}); open it and save it as XLSX");
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err("it is protected by a password; save it without".into());
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|n| file.exists(n));
    let name = name.ok_or("it is an old office file, but no spreadsheet; save the table as XLSX")?;
    let mut stream = Vec::new();
    let most = bytes.len() as u64;
    stop.over(file.open_stream(name).map_err(damaged)?).take(most).read_to_end(&mut stream).map_err(damaged)?;
    let stream = biff::rewritten(&stream, stop)?;
    let mut book = cfb::CompoundFile::create(Cursor::new(Vec::new())).map_err(damaged)?;
    book.create_stream("/Workbook").and_then(|mut s| s.write_all(&stream)).map_err(damaged)?;
    book.flush().map_err(damaged)?;
    Ok(book.into_inner().into_inner())
}
