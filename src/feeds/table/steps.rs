//! The lines of a sheet as steps of cases.

use super::{
    cell::SheetRow,
    day,
    sink::{OpenSheet, SheetSink},
    typed::short,
};
use crate::model::Step;
use jiff::civil::DateTime;

/// Takes a line below the titles.
pub fn take(sink: &mut SheetSink<'_>, open: &OpenSheet, line: &SheetRow) {
    let at = |i: usize| open.header.columns.get(i).copied().flatten();
    let text = |i: usize| at(i).map(|at| line.text(at)).unwrap_or_default();
    let (receipt, name) = (text(0).into_owned(), text(1).into_owned());
    if receipt.is_empty() || name.is_empty() {
        let what = if receipt.is_empty() { "receipt number" } else { "name" };
        sink.fault(open, line.number, &format!(": the step has no {what}; fill it in"));
        return;
    }
    let mut faults = Vec::new();
    let mut time = |i: usize| -> Option<DateTime> {
        let cell = at(i).map(|at| line.cell(at)).filter(|c| !c.is_empty())?;
        let read = day::day(cell, &open.years);
        if read.is_none() && !crate::model::amount::is_blank(&cell.text()) {
            faults.push(format!(": `{}` is not a time; write it as 2026-11-23 09:30", short(&cell.text())));
        }
        read
    };
    let (from, until) = (time(2), time(3));
    let step = Step { name, from, until, pause: is_yes(&text(4)), note: text(5).into_owned() };
    for fault in faults {
        sink.fault(open, line.number, &fault);
    }
    sink.out.step(receipt, step);
}

/// Whether a cell says yes.
pub fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "是" | "有" | "暂停" | "√" | "✓" | "y" | "yes" | "true" | "1")
}
