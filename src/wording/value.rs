//! What a register's cells say: money, quantities, days, places, statuses.

use super::Wording;
use crate::{
    config::{Accent, Column, ColumnKind, Region},
    model::{
        Month, Value,
        figure::{money, quantity},
    },
    time::civil::Date,
};

impl<'a> Wording<'a> {
    /// The region of a code.
    pub fn region(&self, code: &str) -> Option<&'a Region> {
        self.config.regions.iter().find(|r| r.code == code)
    }

    /// A region's name; its code where `regions.csv` has none.
    pub fn place(&self, code: &str) -> String {
        self.region(code).map_or_else(|| code.to_owned(), |r| r.name.clone())
    }

    /// `10 月`, with its year where that is not this one.
    pub fn month(&self, month: Month) -> String {
        let (year, number) = (month.year().to_string(), month.month().to_string());
        let key = if month.year() == self.wall.day().year() { "month" } else { "month-of-year" };
        self.say(key, &[("year", &year), ("month", &number)])
    }

    /// A day as `11-23`, with its year where that is not this one.
    pub fn short_day(&self, day: Date) -> String {
        if day.year() == self.wall.day().year() {
            format!("{:02}-{:02}", day.month(), day.day())
        } else {
            format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
        }
    }

    /// What a cell says; days of this year without it. Empty for nothing.
    pub fn cell(&self, column: &Column, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Text(text) if column.kind == ColumnKind::Place => self.place(text),
            Value::Text(text) => text.trim().to_owned(),
            Value::Date(day) => self.short_day(*day),
            Value::Month(month) => month.to_string(),
            Value::Money(fen) => money(*fen),
            Value::Quantity(parts) => quantity(*parts),
            Value::Pictures(all) => self.say("picture-count", &[("n", &all.len().to_string())]),
        }
    }

    /// What the sum of a column says.
    pub fn sum(&self, column: &Column, sum: i64) -> String {
        if column.kind == ColumnKind::Money { money(sum) } else { quantity(sum) }
    }

    /// The accent of a status; `None` for a word the register does not know.
    pub fn status(&self, column: &Column, value: &Value) -> Option<Accent> {
        let word = value.text().filter(|_| column.kind == ColumnKind::Status)?.trim();
        column.status.iter().find(|s| s.word == word).map(|s| s.colour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Config, RegionKind},
        text::Words,
        time::{WallTime, civil::date},
    };

    #[test]
    fn this_year_is_not_said_and_a_place_has_its_name() {
        let wall = WallTime("2026-11-23T09:42:07+08:00[Asia/Shanghai]".parse().unwrap());
        let village = Region {
            code: "990001001".into(),
            name: "示例村".into(),
            parent: String::new(),
            kind: RegionKind::Village,
        };
        let config = Config { regions: vec![village], ..Config::default() };
        let said = |language: &str| {
            let words = Words::load(language);
            let wording = Wording { words: &words, config: &config, wall: &wall };
            let place = Column { kind: ColumnKind::Place, ..Column::default() };
            let day = Value::Date(date(2025, 3, 1));
            [
                wording.month("2026-10".parse().unwrap()),
                wording.month("2025-10".parse().unwrap()),
                wording.cell(&place, &Value::Text("990001001".into())),
                wording.cell(&place, &Value::Text("7".into())),
                wording.cell(&Column::default(), &day),
                wording.short_day(date(2026, 3, 1)),
            ]
        };
        assert_eq!(said("zh-CN"), ["10 月", "2025 年 10 月", "示例村", "7", "2025-03-01", "03-01"]);
        assert!(said("en").iter().all(|words| !words.contains(['年', '月'])), "{:?}", said("en"));
    }
}
