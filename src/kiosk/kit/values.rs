//! What a register's cells say: money, quantities, days, places, statuses.

use super::context::PageContext;
use crate::{
    config::{Accent, Column, ColumnKind, Region},
    model::{Month, Value},
    text::{MAX_LINE_CHARS, cut_chars},
    wording::Wording,
};

pub use crate::model::figure::{money, quantity};

/// By how much a figure grew, as `+12.4%`; `None` where there is nothing to compare with.
pub fn growth(now: i64, before: Option<i64>) -> Option<String> {
    let before = before.filter(|b| *b != 0)?;
    let share = (now as f64 - before as f64) / before.unsigned_abs() as f64 * 100.0;
    Some(if share.abs() >= 1_000.0 { format!("{share:+.0}%") } else { format!("{share:+.1}%") })
}

/// Whether figures of this kind stand at the end of their column.
pub fn is_figure(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Money | ColumnKind::Quantity)
}

impl<'a> PageContext<'a> {
    /// What walls say as well.
    pub fn wording(&self) -> Wording<'a> {
        Wording { words: self.words, config: self.config, wall: self.wall }
    }

    /// The region of a code.
    pub fn region(&self, code: &str) -> Option<&'a Region> {
        self.wording().region(code)
    }

    /// A region's name; its code where `regions.csv` has none.
    pub fn place(&self, code: &str) -> String {
        self.wording().place(code)
    }

    /// `10 月`, with its year where that is not this one.
    pub fn month(&self, month: Month) -> String {
        self.wording().month(month)
    }

    /// What a cell says on one line; days of this year without it. Empty for nothing.
    pub fn cell(&self, column: &Column, value: &Value) -> String {
        self.said(column, value, MAX_LINE_CHARS)
    }

    fn said(&self, column: &Column, value: &Value, max: usize) -> String {
        match value {
            Value::Pictures(all) => match all.len() {
                0 => String::new(),
                1 => self.say("pictures-one"),
                n => self.words.say("pictures", &[("n", &n.to_string())]),
            },
            Value::Text(text) if column.kind != ColumnKind::Place => cut_chars(text.trim(), max).into_owned(),
            _ => self.wording().cell(column, value),
        }
    }

    /// The same with its unit, as a single row says it, over several lines and up to `max` characters.
    pub fn whole_cell(&self, column: &Column, value: &Value, max: usize) -> String {
        let words = self.said(column, value, max);
        match value {
            Value::Money(_) => self.words.say("yuan", &[("n", &words)]),
            Value::Quantity(_) if !column.unit.is_empty() => format!("{words} {}", column.unit),
            Value::Date(day) => day.to_string(),
            _ => words,
        }
    }

    /// The accent of a status; `None` for a word the register does not know.
    pub fn status(&self, column: &Column, value: &Value) -> Option<Accent> {
        self.wording().status(column, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_said_with_its_sign() {
        assert_eq!(growth(1124, Some(1000)).as_deref(), Some("+12.4%"));
        assert_eq!(growth(-500, Some(-1000)).as_deref(), Some("+50.0%"));
        assert_eq!((growth(5, None), growth(5, Some(0))), (None, None));
    }
}
