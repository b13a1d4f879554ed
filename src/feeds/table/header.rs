//! Finds the row of column titles by the titles, and what stands in which column.

use super::cell::SheetRow;
use crate::text::is_hidden;

/// Rows in which the titles are looked for.
pub const WITHIN: usize = 50;
/// Rows that titles may be spread over.
const DEEPEST: usize = 3;
/// Units that a title may say in brackets, such as 金额（万元）.
const UNITS: [&str; 5] = ["元", "千元", "万元", "百万元", "亿元"];

/// Characters of a title; what is longer is none.
const LONGEST: usize = 200;
/// Cells above the titles whose words are kept.
const MOST_ABOVE: usize = 100;

/// A column that is looked for.
#[derive(Debug, Clone, Default)]
pub struct ColumnTitles {
    /// The titles it may have, best first.
    pub titles: Vec<String>,
    /// Whether a table without it is not the one that is meant.
    pub required: bool,
}

/// Where the columns stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The line of the last titles among those looked at.
    pub last: usize,
    /// For each wanted column, where it stands.
    pub columns: Vec<Option<usize>>,
    /// For each wanted column, the unit its title says.
    pub units: Vec<Option<String>>,
    /// The titles over all columns, as they stand.
    pub titles: Vec<String>,
    /// The words of the lines above.
    pub above: String,
}

/// One title over a column.
struct Title {
    /// All its rows, folded, without what is in brackets.
    joined: String,
    /// All its rows, folded.
    whole: String,
    /// Its lowest row, folded, without what is in brackets.
    last: String,
    unit: Option<String>,
}

/// Looks for the titles. `line` is the number of the row they must be in; 0 for any.
///
/// # Errors
/// The nearest that was found, in one phrase: what row has some of the titles and which are missing.
pub fn find(lines: &[SheetRow], wanted: &[ColumnTitles], line: u32) -> Result<Header, String> {
    let mut best: Option<(usize, Header)> = None;
    let mut nearest: Option<(usize, u32, Vec<String>)> = None;
    for depth in 1..=DEEPEST {
        for (first, window) in lines.windows(depth).take(WITHIN).enumerate() {
            let number = window.first().map_or(0, |l| l.number);
            let is_one = window.iter().zip(number..).all(|(l, n)| l.number == n);
            if !is_one || (line > 0 && number != line) {
                continue;
            }
            let titles = titles(window);
            let (columns, units) = assign(&titles, wanted);
            let found = columns.iter().flatten().count();
            let missing = wanted.iter().zip(&columns).filter(|(w, c)| w.required && c.is_none());
            let missing: Vec<String> = missing.filter_map(|(w, _)| w.titles.first().cloned()).collect();
            if found == 0 {
                continue;
            }
            if !missing.is_empty() {
                if nearest.as_ref().is_none_or(|(n, ..)| *n < found) {
                    nearest = Some((found, number, missing));
                }
            } else if best.as_ref().is_none_or(|(n, _)| *n < found) {
                let above = lines.get(..first).unwrap_or_default();
                let above: Vec<String> = above
                    .iter()
                    .flat_map(|l| l.filled().map(|(_, c)| head(&c.text()).to_owned()))
                    .take(MOST_ABOVE)
                    .collect();
                let header = Header {
                    last: first + depth - 1,
                    columns,
                    units,
                    titles: titles.into_iter().map(|t| t.whole).collect(),
                    above: above.join(" "),
                };
                best = Some((found, header));
            }
        }
    }
    best.map(|(_, header)| header).ok_or_else(|| match nearest {
        Some((_, number, missing)) => {
            format!("row {number} has some of the column titles, but not {}", missing.join(", "))
        }
        None => {
            let names: Vec<&str> = wanted.iter().filter_map(|w| w.titles.first()).map(String::as_str).take(6).collect();
            format!("none of its first rows has the column titles {}", names.join(", "))
        }
    })
}

/// Letters, digits and Han of a title in one width and case.
pub fn fold(text: &str) -> String {
    let narrow = |c| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let is_kept = |c: &char| !c.is_whitespace() && !is_hidden(*c) && !"*:/-—–·_、\"'“”.".contains(*c);
    text.chars().map(narrow).filter(is_kept).flat_map(char::to_lowercase).collect()
}

/// A folded title without what is in brackets, and what is in them.
fn bracketed(folded: &str) -> (String, Option<&str>) {
    let open = folded.find(['(', '[', '【']);
    let Some((at, rest)) = open.and_then(|at| Some((at, folded.get(at..)?))) else { return (folded.to_owned(), None) };
    let inner = rest.trim_start_matches(['(', '[', '【']);
    let end = inner.find([')', ']', '】']).unwrap_or(inner.len());
    let after = inner.get(end..).unwrap_or_default().trim_start_matches([')', ']', '】']);
    (format!("{}{after}", folded.get(..at).unwrap_or_default()), inner.get(..end))
}

/// The unit of money that a text says, in brackets or after 单位：.
pub fn unit(text: &str) -> Option<String> {
    let folded: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let after = folded.split("单位").nth(1).map(|rest| rest.trim_start_matches([':', '：']));
    let word = after.map(|rest| rest.chars().take_while(|c| "元千万百亿".contains(*c)).collect::<String>());
    word.filter(|w| UNITS.contains(&w.as_str()))
}

/// The beginning of a text, which is enough to tell a title.
pub fn head(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn titles(window: &[SheetRow]) -> Vec<Title> {
    let width = window.iter().map(|l| l.cells.len()).max().unwrap_or(0);
    let title = |column: usize| {
        let mut levels: Vec<String> =
            window.iter().map(|l| fold(head(&l.text(column)))).filter(|t| !t.is_empty()).collect();
        levels.dedup();
        let parts: Vec<(String, Option<&str>)> = levels.iter().map(|l| bracketed(l)).collect();
        let inner = parts.iter().rev().find_map(|(_, inner)| *inner).map(|i| i.trim_start_matches("单位"));
        Title {
            joined: parts.iter().map(|(name, _)| name.as_str()).collect(),
            whole: levels.concat(),
            last: parts.last().map(|(name, _)| name.clone()).unwrap_or_default(),
            unit: inner.filter(|i| UNITS.contains(i)).map(str::to_owned),
        }
    };
    (0..width).map(title).collect()
}

/// For each wanted column, the first that has one of its titles and is not another's; whole titles come before lowest
/// rows.
fn assign(titles: &[Title], wanted: &[ColumnTitles]) -> (Vec<Option<usize>>, Vec<Option<String>>) {
    let names: Vec<Vec<String>> = wanted.iter().map(|w| w.titles.iter().map(|t| fold(t)).collect()).collect();
    let mut columns: Vec<Option<usize>> = vec![None; wanted.len()];
    let ways: [fn(&Title, &str) -> bool; 3] =
        [|t, name| t.whole == name, |t, name| t.joined == name, |t, name| t.last == name];
    for is_named in ways {
        for (i, names) in names.iter().enumerate() {
            if columns.get(i).copied().flatten().is_some() {
                continue;
            }
            let free = |at: &usize| !columns.contains(&Some(*at));
            let found = names.iter().filter(|n| !n.is_empty()).find_map(|name| {
                titles.iter().enumerate().filter(|(_, t)| is_named(t, name)).map(|(at, _)| at).find(free)
            });
            if let Some(slot) = columns.get_mut(i) {
                *slot = found;
            }
        }
    }
    let unit = |at: &Option<usize>| at.and_then(|at| titles.get(at)).and_then(|t| t.unit.clone());
    let units = columns.iter().map(unit).collect();
    (columns, units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::table::cell::SheetCell;

    fn lines(rows: &[&[&str]]) -> Vec<SheetRow> {
        let line = |(i, row): (usize, &&[&str])| SheetRow {
            number: u32::try_from(i).unwrap() + 1,
            cells: row.iter().map(|t| SheetCell::of(t)).collect(),
            ..SheetRow::default()
        };
        rows.iter().enumerate().map(line).collect()
    }

    fn wanted(titles: &[&str]) -> Vec<ColumnTitles> {
        titles.iter().map(|t| ColumnTitles { titles: vec![(*t).to_owned()], required: true }).collect()
    }

    #[test]
    fn titles_are_found_below_others_and_say_their_unit() {
        let lines = lines(&[
            &["示例村2026年收支"],
            &["单位：万元"],
            &["序号", "月 份", "收入（万元）", "备注"],
            &["1", "10月", "3", ""],
        ]);
        let header = find(&lines, &wanted(&["月份", "收入"]), 0).unwrap();
        assert_eq!((header.last, &header.columns), (2, &vec![Some(1), Some(2)]));
        assert_eq!(header.units, [None, Some("万元".to_owned())]);
        assert_eq!(unit(&header.above).as_deref(), Some("万元"));
    }

    #[test]
    fn titles_over_several_rows_are_joined() {
        let lines = lines(&[
            &["月份", "收入", "收入", "支出", "支出"],
            &["月份", "现金", "小计", "现金", "小计"],
            &["10月", "1", "2", "3", "4"],
        ]);
        let header = find(&lines, &wanted(&["月份", "收入/小计", "支出小计", "现金"]), 0).unwrap();
        assert_eq!((header.last, header.columns), (1, vec![Some(0), Some(2), Some(4), Some(1)]));
    }

    #[test]
    fn what_is_missing_is_named() {
        let lines = lines(&[&["月份", "支出"]]);
        assert!(
            find(&lines, &wanted(&["月份", "收入"]), 0)
                .unwrap_err()
                .contains("row 1 has some of the column titles, but not 收入")
        );
        assert!(find(&lines, &wanted(&["甲"]), 0).unwrap_err().contains("甲"));
        assert!(find(&lines, &wanted(&["月份"]), 2).is_err(), "another row is asked for");
    }
}
