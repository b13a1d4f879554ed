//! A cell as its spreadsheet keeps it, before it is read as what its column holds.

use crate::{
    model::{amount, mask},
    text::visible,
};
use jiff::civil::{DateTime, Time};
use std::borrow::Cow;

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SheetCell {
    /// Nothing.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// A number, as spreadsheets keep all of theirs.
    Number(f64),
    /// A day, or a day with a time.
    Time(DateTime),
    /// Yes or no.
    Truth(bool),
    /// A formula's error, such as `#REF!`.
    Broken(String),
}

impl SheetCell {
    /// A cell of a text without what is hidden in it, empty where it is blank. Numbers that marks turn round are masked
    /// here: what the marks say is gone afterwards.
    pub fn of(text: &str) -> Self {
        let masked = if text.contains('\u{202E}') { mask(text) } else { Cow::Borrowed(text) };
        let seen = visible(&masked);
        match seen.trim() {
            "" => Self::Empty,
            words => Self::Text(words.to_owned()),
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// What people see in it, on one line.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) if text.contains(['\n', '\r', '\t']) || text.contains("  ") => {
                Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Self::Text(text) | Self::Broken(text) => Cow::Borrowed(text.trim()),
            Self::Number(n) => Cow::Owned(amount::decimal(*n).unwrap_or_default()),
            Self::Time(at) if at.time() == Time::midnight() => Cow::Owned(at.date().to_string()),
            Self::Time(at) => Cow::Owned(at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            Self::Truth(yes) => Cow::Borrowed(if *yes { "是" } else { "否" }),
        }
    }
}

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetRow {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Its cells, from the first column on.
    pub cells: Vec<SheetCell>,
    /// Columns that only repeat a merged cell from a row above.
    pub repeated: Vec<usize>,
}

impl SheetRow {
    /// The cell of a column.
    pub fn cell(&self, column: usize) -> &SheetCell {
        self.cells.get(column).unwrap_or(&SheetCell::Empty)
    }

    /// The words of a column.
    pub fn text(&self, column: usize) -> Cow<'_, str> {
        self.cell(column).text()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(SheetCell::is_empty)
    }

    /// Its cells that hold something, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &SheetCell)> {
        self.cells.iter().enumerate().filter(|(_, c)| !c.is_empty())
    }
}

/// A cell's place as spreadsheets name it: the third column of row 7 is `C7`.
pub fn place(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0) + b'A';
        letters.push(char::from(letter));
        rest = (rest - 1) / 26;
    }
    format!("{}{row}", letters.into_iter().rev().collect::<String>())
}

/// Cells that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First and last row, from 1.
    pub rows: (u32, u32),
    /// First and last column, from 0.
    pub columns: (usize, usize),
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_are_named_as_spreadsheets_do() {
        assert_eq!(
            [place(0, 1), place(25, 2), place(26, 3), place(701, 4), place(702, 5)],
            ["A1", "Z2", "AA3", "ZZ4", "AAA5"]
        );
    }
}
