//! Cells to values, by what their column holds.

use super::{
    cell::SheetCell,
    day::{self, Years},
    place::{Lost, Places},
};
use crate::{
    config::{Column, ColumnKind},
    model::{Value, amount},
};
use url::Url;

/// Addresses one cell may hold.
const MAX_PICTURES: usize = 50;

/// What values are read by, besides their cells.
pub struct Reading<'a> {
    /// The regions.
    pub places: &'a Places,
    /// What relative addresses stand against.
    pub base: Option<&'a Url>,
    /// The year of dates without one.
    pub years: Years,
}

impl Reading<'_> {
    /// Reads a cell. `unit` is the unit that the table itself says its numbers have; `hints` are texts that may name
    /// the township of a village.
    ///
    /// # Errors
    /// What is wrong with it and the mend, in one phrase that begins with the cell's text.
    pub fn value<'h>(
        &self,
        column: &Column,
        unit: Option<&str>,
        cell: &SheetCell,
        hints: impl Fn() -> Vec<&'h str>,
    ) -> Result<Value, String> {
        let told = |what: &str| format!("`{}` {what}", short(&cell.text()));
        match cell {
            SheetCell::Empty => return Ok(Value::Empty),
            SheetCell::Broken(_) => return Err(told("is the error of a formula; mend the formula")),
            _ => {}
        }
        let text = cell.text();
        let is_counted =
            matches!(column.kind, ColumnKind::Money | ColumnKind::Quantity | ColumnKind::Date | ColumnKind::Month);
        if is_counted && amount::is_blank(&text) {
            return Ok(Value::Empty);
        }
        match column.kind {
            ColumnKind::Date => day::day(cell, &self.years)
                .map(|at| Value::Date(at.date()))
                .ok_or_else(|| told("is not a date; write it as 2026-11-23")),
            ColumnKind::Month => day::month(cell, &self.years).map(Value::Month).map_err(told),
            ColumnKind::Money => amount::money(&text, unit.unwrap_or(&column.unit))
                .map(Value::Money)
                .ok_or_else(|| told("is not an amount; write a number such as 1234.50")),
            ColumnKind::Quantity => amount::quantity(&text, &column.unit).map(Value::Quantity).ok_or_else(|| {
                told(&match column.unit.as_str() {
                    "" => "is not a number; write one such as 12.5".to_owned(),
                    unit => format!("is not a number of {unit}; write one such as 12.5"),
                })
            }),
            ColumnKind::Place => match self.places.find(&text, hints) {
                Ok(code) => Ok(Value::Text(code.to_owned())),
                Err(Lost::Unknown) => Err(told("is no region; write its name or code as in regions.csv")),
                Err(Lost::Several(n, full)) => {
                    Err(told(&format!("is the name of {n} regions; write {full}, or add a column with the township")))
                }
            },
            ColumnKind::Picture => self.pictures(cell),
            ColumnKind::Text | ColumnKind::Code | ColumnKind::Unit | ColumnKind::Person | ColumnKind::Status => {
                Ok(Value::Text(text.into_owned()))
            }
        }
    }

    fn pictures(&self, cell: &SheetCell) -> Result<Value, String> {
        let all = match cell {
            SheetCell::Text(text) => text.clone(),
            cell => cell.text().into_owned(),
        };
        let mut addresses = Vec::new();
        for word in all.split([';', '；', '\n', '\r', '|']).map(str::trim).filter(|w| !w.is_empty()).take(MAX_PICTURES)
        {
            addresses.push(address(word, self.base).ok_or_else(|| {
                format!(
                    "`{}` is no address of a picture; write one as https://…, or as a file beside the table",
                    short(word)
                )
            })?);
        }
        Ok(if addresses.is_empty() { Value::Empty } else { Value::Pictures(addresses) })
    }
}

/// An address made absolute; `None` for what can be no document or picture.
pub fn address(word: &str, base: Option<&Url>) -> Option<String> {
    let word = word.trim().replace('\\', "/");
    let url = Url::parse(&word).ok().or_else(|| base.and_then(|b| b.join(&word).ok()))?;
    let is_here = base.is_some_and(|b| b.scheme() == "file");
    let is_fit = matches!(url.scheme(), "http" | "https") || (url.scheme() == "file" && is_here);
    is_fit.then(|| url.to_string())
}

/// The beginning of a text, for messages.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(30) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A value as people write it, as keys and tables of rows show it.
pub fn words(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Month(month) => month.to_string(),
        Value::Money(fen) => amount::money_text(*fen),
        Value::Quantity(n) => amount::quantity_text(*n),
        Value::Pictures(all) => all.join(" "),
    }
}
