//! The lines of a sheet as rows of a register.

use super::{
    cell::{SheetCell, SheetRow, place},
    header::{fold, head},
    sink::{OpenSheet, SheetSink},
    totals,
};
use crate::{
    config::{Column, ColumnKind, Register},
    model::{Row, Value, amount},
};

/// Words with which lines below or above the data begin that are not data.
const NOTES: [&str; 22] = [
    "注:",
    "注：",
    "备注:",
    "备注：",
    "说明:",
    "说明：",
    "填表",
    "制表",
    "填报",
    "审核人",
    "审核:",
    "审核：",
    "复核",
    "单位负责人",
    "负责人:",
    "负责人：",
    "经办人:",
    "经办人：",
    "打印",
    "栏次",
    "列次",
    "甲",
];

/// Takes a line below the titles.
pub fn take(sink: &mut SheetSink<'_>, open: &mut OpenSheet, line: &SheetRow) {
    let Some(register) = sink.task.register.as_ref() else { return };
    if let Some(word) = totals::word(line) {
        let says = counted(sink, open, register, line);
        open.totals.meet(line.number, word, says);
        return;
    }
    if is_aside(open, register, line) {
        return;
    }
    let reading = sink.reading(&open.years);
    let mut values = Vec::with_capacity(register.column.len());
    let (mut faults, mut is_bad) = (Vec::new(), false);
    for (i, column) in register.column.iter().enumerate() {
        let at = open.header.columns.get(i).copied().flatten();
        let is_repeated = column.sum && at.is_some_and(|at| line.repeated.contains(&at));
        let cell = at.filter(|_| !is_repeated).map_or(&SheetCell::Empty, |at| line.cell(at));
        let filled = if cell.is_empty() { fill(sink, open, column) } else { None };
        let cell = filled.as_ref().unwrap_or(cell);
        let is_key = register.key.contains(&column.id);
        match reading.value(column, unit(open, i, column), cell, || hints(sink, open, line)) {
            Ok(value) => {
                if is_key && value.is_empty() {
                    faults.push(told(column, at, line.number, "is empty, but tells this row from others; fill it in"));
                    is_bad = true;
                }
                values.push(value);
            }
            Err(reason) => {
                is_bad |= is_key;
                faults.push(told(column, at, line.number, &reason));
                values.push(Value::Text(cell.text().into_owned()));
            }
        }
    }
    for fault in faults {
        let fault = if is_bad { format!("{fault}; the row is left out") } else { fault };
        sink.fault(open, line.number, &fault);
    }
    if is_bad {
        // Which row is missing is not known, so none is taken for gone.
        sink.out.is_partial = true;
        return;
    }
    for (i, (column, value)) in register.column.iter().zip(&values).enumerate() {
        if column.sum
            && let Some(n) = value.number()
        {
            open.totals.add(i, n);
        }
    }
    sink.out.row(Row { values, ..Row::default() }, (sink.number, line.number));
}

/// Holds the sheet's total rows against its rows.
pub fn end(sink: &mut SheetSink<'_>, open: &OpenSheet) {
    let Some(register) = sink.task.register.as_ref() else { return };
    for off in open.totals.off() {
        let Some(column) = register.column.get(off.column) else { continue };
        let text = |n| if column.kind == ColumnKind::Money { amount::money_text(n) } else { amount::quantity_text(n) };
        let (says, sum) = (text(off.says), text(off.sum));
        let reason = format!(
            ", column {}: {} says {says}, but its rows add up to {sum}; the office must mend the table",
            column.title, off.word
        );
        sink.fault(open, off.line, &reason);
    }
}

fn told(column: &Column, at: Option<usize>, line: u32, what: &str) -> String {
    match at {
        Some(at) => format!(", column {} ({}): {what}", column.title, place(at, line)),
        None => format!(", column {}: {what}", column.title),
    }
}

/// The unit of a column's numbers: its title's, else that of its register, else what stands above the table.
fn unit<'a>(open: &'a OpenSheet, i: usize, column: &Column) -> Option<&'a str> {
    let said = open.header.units.get(i).and_then(Option::as_deref);
    said.or_else(|| open.unit.as_deref().filter(|_| column.unit.is_empty()))
}

/// What the feed's file says of a column that the table does not have.
fn fill(sink: &SheetSink<'_>, open: &OpenSheet, column: &Column) -> Option<SheetCell> {
    let text = sink.task.sheet.fill.get(&column.id)?;
    let (file, sheet) = (sink.file, &open.sheet);
    Some(SheetCell::of(&text.replace("{sheet}", sheet).replace("{file}", &file.stem).replace("{folder}", &file.folder)))
}

/// Texts that may name the township of a village.
fn hints<'h>(sink: &'h SheetSink<'_>, open: &'h OpenSheet, line: &'h SheetRow) -> Vec<&'h str> {
    let cells = line.filled().filter_map(|(_, cell)| match cell {
        SheetCell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let file = sink.file;
    let around = [open.sheet.as_str(), &open.header.above, &file.stem, &file.folder];
    cells.chain(around).collect()
}

/// What a total row says of the columns that the register adds up.
fn counted(sink: &SheetSink<'_>, open: &OpenSheet, register: &Register, line: &SheetRow) -> Vec<Option<i64>> {
    let reading = sink.reading(&open.years);
    let says = |(i, column): (usize, &Column)| {
        let at = open.header.columns.get(i).copied().flatten().filter(|_| column.sum)?;
        reading.value(column, unit(open, i, column), line.cell(at), Vec::new).ok()?.number()
    };
    register.column.iter().enumerate().map(says).collect()
}

/// Whether a line is a note, a repeated title or numbers of columns rather than data.
fn is_aside(open: &OpenSheet, register: &Register, line: &SheetRow) -> bool {
    let Some((_, first)) = line.filled().next() else { return true };
    let first = first.text();
    // 甲 alone is the number of a column; a word that begins so is a name.
    if NOTES.iter().any(|note| if *note == "甲" { first == "甲" && open.lines == 0 } else { first.starts_with(note) })
    {
        return true;
    }
    let column = |id: &String| register.index(id).and_then(|i| open.header.columns.get(i).copied().flatten());
    let keys: Vec<usize> = register.key.iter().filter_map(column).collect();
    let mapped = open.header.columns.iter().flatten().filter(|at| !line.cell(**at).is_empty()).count();
    if !keys.is_empty() && keys.iter().all(|at| line.cell(*at).is_empty()) && mapped <= 1 {
        return true;
    }
    let is_title = |at: &&usize| {
        let title = open.header.titles.get(**at).map_or("", String::as_str);
        !title.is_empty() && title.ends_with(&fold(head(&line.text(**at)))) && !line.cell(**at).is_empty()
    };
    let titled = open.header.columns.iter().flatten().filter(is_title).count();
    titled >= 2 && titled == mapped
}
