//! What readers of spreadsheets give and get: sheets come row by row, within bounds that hold for every format.

use super::cell::{Merge, SheetCell};
use crate::feeds::StopToken;
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
    fn row(&mut self, number: u32, cells: Vec<SheetCell>) -> Result<(), String>;
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
    pub stop: StopToken,
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
