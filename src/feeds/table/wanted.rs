//! The titles that are looked for above the columns of a sheet.

use super::header::ColumnTitles;
use crate::config::{Column, NoticeTitles, Register, SheetMapping, StepTitles};

/// What is looked for: the register's columns, those of its key required unless they are filled in.
pub fn of_rows(register: &Register, sheet: &SheetMapping) -> Vec<ColumnTitles> {
    let want = |column: &Column| ColumnTitles {
        titles: std::iter::once(&column.title).chain(&column.header).chain([&column.id]).cloned().collect(),
        required: register.key.contains(&column.id) && !sheet.fill.contains_key(&column.id),
    };
    register.column.iter().map(want).collect()
}

/// What is looked for, in the order in which a line of notices is taken.
pub fn of_notices(titles: &NoticeTitles) -> Vec<ColumnTitles> {
    let t = titles;
    let want = |titles: &[String], required| ColumnTitles { titles: titles.to_vec(), required };
    vec![
        want(&t.title, true),
        want(&t.id, false),
        want(&t.link, false),
        want(&t.published, false),
        want(&t.updated, false),
        want(&t.body, false),
        want(&t.summary, false),
        want(&t.issuer, false),
        want(&t.number, false),
        want(&t.attachments, false),
    ]
}

/// What is looked for, in the order in which a line of steps is taken.
pub fn of_steps(titles: &StepTitles, register: Option<&Register>) -> Vec<ColumnTitles> {
    let key = register.and_then(|r| r.find(r.key.first()?));
    let own = key.into_iter().flat_map(|c| std::iter::once(&c.title).chain(&c.header).chain([&c.id]));
    let receipt = own.chain(&titles.receipt).cloned().collect();
    let want = |titles: &[String], required| ColumnTitles { titles: titles.to_vec(), required };
    vec![
        ColumnTitles { titles: receipt, required: true },
        want(&titles.name, true),
        want(&titles.begin, false),
        want(&titles.end, false),
        want(&titles.pause, false),
        want(&titles.note, false),
    ]
}
