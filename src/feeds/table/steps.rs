//! The lines of a sheet as steps of cases.

use super::{
    cell::Line,
    day,
    header::Wanted,
    reader::{Open, Reader},
    typed::short,
};
use crate::{
    config::{Register, StepTitles},
    model::Step,
};
use jiff::civil::DateTime;

/// What is looked for, in the order of [`take`].
pub fn wanted(titles: &StepTitles, register: Option<&Register>) -> Vec<Wanted> {
    let key = register.and_then(|r| r.find(r.key.first()?));
    let own = key.into_iter().flat_map(|c| std::iter::once(&c.title).chain(&c.header).chain([&c.id]));
    let receipt = own.chain(&titles.receipt).cloned().collect();
    let want = |titles: &[String], required| Wanted { titles: titles.to_vec(), required };
    vec![
        Wanted { titles: receipt, required: true },
        want(&titles.name, true),
        want(&titles.begin, false),
        want(&titles.end, false),
        want(&titles.pause, false),
        want(&titles.note, false),
    ]
}

/// Takes a line below the titles.
pub fn take(reader: &mut Reader<'_>, open: &Open, line: &Line) {
    let at = |i: usize| open.header.columns.get(i).copied().flatten();
    let text = |i: usize| at(i).map(|at| line.text(at)).unwrap_or_default();
    let (receipt, name) = (text(0).into_owned(), text(1).into_owned());
    if receipt.is_empty() || name.is_empty() {
        let what = if receipt.is_empty() { "receipt number" } else { "name" };
        reader.fault(open, line.number, &format!(": the step has no {what}; fill it in"));
        return;
    }
    let mut faults = Vec::new();
    let mut time = |i: usize| -> Option<DateTime> {
        let cell = at(i).map(|at| line.cell(at)).filter(|c| !c.is_empty())?;
        let read = day::day(cell, open.years);
        if read.is_none() && !crate::model::amount::is_blank(&cell.text()) {
            faults.push(format!(": `{}` is not a time; write it as 2026-11-23 09:30", short(&cell.text())));
        }
        read
    };
    let (from, until) = (time(2), time(3));
    let step = Step { name, from, until, pause: is_yes(&text(4)), note: text(5).into_owned() };
    for fault in faults {
        reader.fault(open, line.number, &fault);
    }
    reader.out.step(receipt, step);
}

/// Whether a cell says yes.
pub fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "是" | "有" | "暂停" | "√" | "✓" | "y" | "yes" | "true" | "1")
}
