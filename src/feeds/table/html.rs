//! Tables of web pages: what office systems call `.xls` is often one.

use super::cell::{Merge, SheetCell};
use super::contract::{MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Options, Take, too_long, too_many};
use super::xlsx::put;
use crate::feeds::dom;
use scraper::{ElementRef, Selector};

/// Bytes a page may have: its tree takes many times as much.
const MAX_PAGE_BYTES: usize = 24 * 1024 * 1024;

/// Hands over each table of a page that lies in no other as one sheet.
pub fn walk(text: &str, options: &Options, take: &mut dyn Take) -> Result<(), String> {
    if text.len() > MAX_PAGE_BYTES {
        return Err(format!("it is a web page of more than {} MB; save it as XLSX", MAX_PAGE_BYTES / 1024 / 1024));
    }
    let page = dom::document(text, &options.stop)
        .map_err(|_| "its markup is too much to be read; save it as XLSX".to_owned())?;
    let select = |css: &str| Selector::parse(css).map_err(|e| e.to_string());
    let (tables, rows) = (select("table")?, select("tr")?);
    let name = options.name.as_str();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut found = 0_u32;
    for table in page.select(&tables).filter(|t| !within_table(*t)) {
        found += 1;
        if found as usize > MAX_SHEETS {
            return Err(too_many());
        }
        let sheet = if found == 1 { stem.to_owned() } else { format!("{stem} {found}") };
        if !take.begin(&sheet, true) {
            continue;
        }
        // Columns that a cell from above still covers, and the last row it does so.
        let mut covered: Vec<u32> = Vec::new();
        for (number, row) in (1_u32..).zip(table.select(&rows)) {
            if number > MAX_ROWS {
                return Err(too_long());
            }
            let mut line = Vec::new();
            let mut column = 0;
            for cell in cells(row) {
                while covered.get(column).is_some_and(|last| *last >= number) {
                    column += 1;
                }
                let span = |name: &str| {
                    cell.attr(name).and_then(|n| n.trim().parse::<u32>().ok()).unwrap_or(1).clamp(1, MAX_ROWS)
                };
                let wide = (span("colspan") as usize).min(MAX_COLUMNS);
                let last = number.saturating_add(span("rowspan") - 1);
                put(&mut line, column, words(cell), number)?;
                if wide > 1 || last > number {
                    take.merge(Merge { rows: (number, last), columns: (column, column + wide - 1) });
                }
                for at in column..(column + wide).min(MAX_COLUMNS) {
                    if covered.len() <= at {
                        covered.resize(at + 1, 0);
                    }
                    if let Some(slot) = covered.get_mut(at) {
                        *slot = last;
                    }
                }
                column += wide;
            }
            take.row(number, line)?;
        }
        take.end();
    }
    match found {
        0 => Err("it is a web page without a table; save the table itself, as XLSX or CSV".into()),
        _ => Ok(()),
    }
}

fn within_table(table: ElementRef<'_>) -> bool {
    table.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "table")
}

/// The cells of a row, but not those of tables in them: looking through those again for every table around them would
/// take the square of their number.
fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut found = Vec::new();
    let mut open = vec![row.children()];
    while let Some(children) = open.last_mut() {
        let Some(child) = children.next() else {
            open.pop();
            continue;
        };
        match ElementRef::wrap(child) {
            Some(element) if matches!(element.value().name(), "td" | "th") => found.push(element),
            Some(element) if element.value().name() != "table" => open.push(element.children()),
            _ => {}
        }
    }
    found
}

fn words(cell: ElementRef<'_>) -> SheetCell {
    let text: String = cell.text().collect();
    SheetCell::of(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
