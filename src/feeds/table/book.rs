//! Opens a spreadsheet by its content and hands its sheets over row by row.

use super::cell::{Cell, Merge};
use super::{csv, html, ods, xls, xlsx, zipped};
use crate::feeds::Stop;
use std::{
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Columns that one sheet may have.
pub const MAX_COLUMNS: usize = 1_000;
/// Rows that one sheet may have: as many as spreadsheets allow.
pub const MAX_ROWS: u32 = 1_048_576;

/// Sheets one book may have.
pub const MAX_SHEETS: usize = 1_000;

/// What takes the sheets of a book.
pub trait Take {
    /// A sheet begins; `false` passes over it.
    fn begin(&mut self, sheet: &str, is_visible: bool) -> bool;
    /// Cells of the sheet are merged; said before the first of their rows.
    fn merge(&mut self, merge: Merge);
    /// A row with its number, from 1, in the order of the sheet.
    ///
    /// # Errors
    /// Where nothing more of this book is wanted, and why.
    fn row(&mut self, number: u32, cells: Vec<Cell>) -> Result<(), String>;
    /// The sheet ends.
    fn end(&mut self);
}

/// How a book is opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Its name without the folder, which is the name of its sheet where it has only one without a name.
    pub name: String,
    /// The charset of text, by an admin's word.
    pub charset: Option<String>,
    /// The content type, as a server says.
    pub content_type: Option<String>,
    /// What parts the cells of text; 0 finds it out.
    pub delimiter: Option<u8>,
    /// Bytes one part of it may have.
    pub most: u64,
    /// Looked at by the parsers.
    pub stop: Stop,
}

/// Walks the sheets of a book.
///
/// # Errors
/// One sentence: it is no spreadsheet, damaged, protected, or larger than it may be.
pub fn walk(bytes: Vec<u8>, options: &Options, take: &mut dyn Take) -> Result<(), String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".into());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return match zipped::measure(&bytes, options.most, &options.stop)? {
            zipped::Kind::Xlsx => xlsx::walk(bytes, &options.stop, take),
            zipped::Kind::Ods => ods::walk(bytes, &options.stop, take),
        };
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return xls::walk(bytes, &options.stop, take);
    }
    if bytes.starts_with(b"%PDF") {
        return Err("it is a PDF, not a spreadsheet; ask the office for the table as XLSX or CSV".into());
    }
    if crate::feeds::formats::binary(&bytes) {
        return Err("it is neither a spreadsheet nor text; save it as XLSX or CSV".into());
    }
    let (text, _) = crate::feeds::decode::decode(&bytes, options.content_type.as_deref(), options.charset.as_deref());
    drop(bytes);
    let head: String =
        text.trim_start_matches('\u{FEFF}').trim_start().chars().take(2000).collect::<String>().to_lowercase();
    if head.starts_with('<') {
        if head.contains("schemas-microsoft-com:office:spreadsheet") && head.starts_with("<?xml") {
            return Err("it is an XML spreadsheet of 2003; save it as XLSX".into());
        }
        return html::walk(&text, options, take);
    }
    if head.starts_with(['{', '[']) {
        return Err("it is JSON, not a spreadsheet; write format = \"json\" and a section [json]".into());
    }
    csv::walk(&text, options, take)
}

/// Calls the library that reads workbooks: it counts columns and rows without a bound, and panics where they overflow.
///
/// # Errors
/// One sentence, where it fails or panics.
pub fn called<T, E: Display>(call: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    let damaged = |e: &dyn Display| format!("it is damaged or protected ({e}); open it and save it anew as XLSX");
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|_| damaged(&"it names what no workbook has"))?
        .map_err(|e| damaged(&e))
}

/// The sentence for a row that is too wide.
pub fn too_wide(row: u32) -> String {
    format!("row {row} has more than {MAX_COLUMNS} columns; delete what stands to the right of the table")
}

/// The sentence for a book of too many sheets.
pub fn too_many() -> String {
    format!("it has more than {MAX_SHEETS} sheets; split it")
}

/// The sentence for a sheet that is too long.
pub fn too_long() -> String {
    format!("it has more than {MAX_ROWS} rows; split it")
}
