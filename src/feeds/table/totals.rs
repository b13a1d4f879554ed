//! Total rows (合计, 小计, 总计): not data, but compared with it.

use super::cell::SheetRow;

/// Words that make a row a total.
const WORDS: [&str; 5] = ["合计", "小计", "总计", "共计", "累计"];
/// Characters of a total's name, such as 示例镇合计.
const LONGEST: usize = 12;
/// Total rows of one sheet that are compared.
const MAX_TOTALS: usize = 5_000;

/// The word that makes a row a total row; it stands in one of the first three cells that hold something.
pub fn word(line: &SheetRow) -> Option<&'static str> {
    line.filled().take(3).find_map(|(_, cell)| {
        let text: String = cell.text().chars().filter(|c| !c.is_whitespace() && !"：:.()（）".contains(*c)).collect();
        let is_short = text.chars().count() <= LONGEST;
        WORDS.into_iter().find(|w| text == *w || (is_short && (text.ends_with(w) || text.starts_with(w))))
    })
}

/// Adds up the rows of one sheet, and holds its total rows against them.
#[derive(Debug, Default)]
pub struct Totals {
    /// Sums of all rows so far, by counted column.
    sums: Vec<i64>,
    /// The total rows met.
    met: Vec<Met>,
}

#[derive(Debug)]
struct Met {
    line: u32,
    word: &'static str,
    /// What it says, by counted column; `None` where it says nothing.
    says: Vec<Option<i64>>,
    /// Sums of all rows before it.
    before: Vec<i64>,
}

/// A total that does not agree with its rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Off {
    /// The number of the total row.
    pub line: u32,
    /// Which of the counted columns.
    pub column: usize,
    /// The word of the row.
    pub word: &'static str,
    /// What it says, and what its rows add up to.
    pub says: i64,
    /// What its rows add up to.
    pub sum: i64,
}

impl Totals {
    /// For so many counted columns.
    pub fn new(columns: usize) -> Self {
        Self { sums: vec![0; columns], met: Vec::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, column: usize, value: i64) {
        if let Some(sum) = self.sums.get_mut(column) {
            *sum = sum.saturating_add(value);
        }
    }

    /// Notes a total row.
    pub fn meet(&mut self, line: u32, word: &'static str, says: Vec<Option<i64>>) {
        if self.met.len() < MAX_TOTALS {
            self.met.push(Met { line, word, says, before: self.sums.clone() });
        }
    }

    /// The totals that fit neither the whole sheet, nor the rows up to them, nor those since or until the next total.
    pub fn off(&self) -> Vec<Off> {
        let mut off = Vec::new();
        for (i, met) in self.met.iter().enumerate() {
            // A year's running total counts what other sheets hold.
            if met.word == "累计" {
                continue;
            }
            let earlier = self.met.get(..i).unwrap_or_default();
            let last = earlier.last().map(|m| &m.before);
            let same = earlier.iter().rev().find(|m| m.word == met.word).map(|m| &m.before);
            let next = self.met.get(i + 1).map_or(&self.sums, |m| &m.before);
            for (column, says) in met.says.iter().enumerate() {
                let at = |sums: &[i64]| sums.get(column).copied().unwrap_or(0);
                let since = |from: Option<&Vec<i64>>| at(&met.before) - from.map_or(0, |f| at(f));
                let (Some(says), sum) = (*says, since(last)) else { continue };
                let following = at(next) - at(&met.before);
                let fits = [sum, at(&self.sums), at(&met.before), since(same), following];
                if !fits.contains(&says) {
                    let sum = if met.word == "小计" { sum } else { at(&self.sums) };
                    off.push(Off { line: met.line, column, word: met.word, says, sum });
                }
            }
        }
        off
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::table::cell::SheetCell;

    fn totals(rows: &[(&'static str, i64)]) -> Vec<(u32, i64)> {
        let mut totals = Totals::new(1);
        for (i, (word, n)) in rows.iter().enumerate() {
            match *word {
                "" => totals.add(0, *n),
                word => totals.meet(u32::try_from(i).unwrap() + 1, word, vec![Some(*n)]),
            }
        }
        totals.off().into_iter().map(|o| (o.line, o.sum)).collect()
    }

    #[test]
    fn totals_above_and_below_their_rows_fit() {
        assert_eq!(totals(&[("", 1), ("", 2), ("小计", 3), ("", 4), ("小计", 4), ("合计", 7)]), []);
        assert_eq!(totals(&[("总计", 7), ("小计", 3), ("", 1), ("", 2), ("小计", 4), ("", 4)]), []);
        assert_eq!(totals(&[("", 1), ("", 2), ("合计", 4)]), [(3, 3)]);
        assert_eq!(totals(&[("", 1), ("", 2), ("小计", 5), ("合计", 3)]), [(3, 3)]);
    }

    #[test]
    fn total_rows_are_told_by_their_word() {
        let row = |cells: &[&str]| SheetRow {
            cells: cells.iter().map(|c| SheetCell::of(c)).collect(),
            ..SheetRow::default()
        };
        for cells in [&["合 计", "3"], &["", "小计："], &["示例镇合计", "1"]] {
            assert!(word(&row(cells)).is_some(), "{cells:?}");
        }
        for cells in [&["1", "甲"], &["关于2026年度工程款合计支付情况的说明", "1"], &["", ""]] {
            assert_eq!(word(&row(cells)), None, "{cells:?}");
        }
    }
}
