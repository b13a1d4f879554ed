//! Brings together what came of all files of a feed: masks the rows, gives them their keys and their steps.

use super::{
    task::RawTables,
    typed::{short, words},
};
use crate::{
    config::{ColumnKind, Register},
    feeds::{
        Harvested, ItemFault,
        bound::{MAX_CELL, MAX_NAME, bound_line},
    },
    model::{Row, Step, Value, mask, mask_code},
    text::visible,
};
use std::{borrow::Cow, collections::HashMap};

/// Keys told that stand more than once.
const TOLD: usize = 200;
/// What a reader counts of a step's line for the public.
const MAX_NOTE: usize = 1_000;
/// Receipts named in one fault.
const NAMED: usize = 3;

/// What a look at a feed of tables came to.
#[derive(Debug, Default)]
pub(in crate::feeds) struct TableOutcome {
    /// Its rows, with keys, masked.
    pub rows: Vec<Row>,
    /// Its notices.
    pub notices: Vec<Harvested>,
    /// What could not be read.
    pub faults: Vec<ItemFault>,
    /// Whether a whole file or page is missing from it.
    pub is_partial: bool,
}

impl RawTables {
    /// Brings it together.
    pub fn finish(mut self, register: Option<&Register>) -> TableOutcome {
        if let Some(register) = register {
            let mut cuts = Vec::new();
            for (i, row) in self.rows.iter_mut().enumerate() {
                cuts.extend(row_cleaned(row, register).map(|column| (i, column)));
            }
            self.tell_cuts(&cuts);
            self.part_equals();
            self.attach_steps(register);
        }
        if self.untold > 0 {
            let reason = format!("and {} more of the same kinds; mend those named first", self.untold);
            self.faults.push(ItemFault { item: self.files.first().cloned().unwrap_or_default(), reason });
        }
        let Self { rows, notices, faults, is_partial, .. } = self;
        TableOutcome { rows, notices, faults, is_partial }
    }

    /// Says what was cut, by the row's place and its column's title.
    fn tell_cuts(&mut self, cuts: &[(usize, String)]) {
        for (i, column) in cuts {
            let (file, line) = self.origins.get(*i).copied().unwrap_or_default();
            let file = self.files.get(file).cloned().unwrap_or_default();
            self.fault(&file, format!("row {line}, column {column}: the cell is too long for a screen and is cut"));
        }
    }

    /// Rows of one key are all kept, since leaving one out would falsify sums; the later ones get a number behind it.
    fn part_equals(&mut self) {
        let mut seen: HashMap<&str, (usize, u32)> = HashMap::with_capacity(self.rows.len());
        let mut again = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            let (first, times) = seen.entry(&row.key).or_insert((i, 0));
            *times += 1;
            if *times > 1 {
                again.push((i, *first, *times));
            }
        }
        let place = |i: usize| {
            let (file, line) = self.origins.get(i).copied().unwrap_or_default();
            (self.files.get(file).cloned().unwrap_or_default(), line)
        };
        let mut faults = Vec::new();
        // More of them than are told need no words.
        for (i, first, _) in again.iter().take(TOLD) {
            let ((file, line), (other, there)) = (place(*i), place(*first));
            let of = if file == other { String::new() } else { format!(" of {other}") };
            let key = self.rows.get(*i).map_or(String::new(), |r| short(&r.key));
            faults.push((
                file,
                format!("row {line}: its key `{key}` is also that of row {there}{of}; mend the table, or add a column to key in the register's file"),
            ));
        }
        let untold = again.len().saturating_sub(TOLD);
        for (i, _, times) in again {
            if let Some(row) = self.rows.get_mut(i) {
                row.key = format!("{}#{times}", row.key);
            }
        }
        for (file, reason) in faults {
            self.fault(&file, reason);
        }
        self.untold += untold;
    }

    fn attach_steps(&mut self, register: &Register) {
        if self.steps.is_empty() {
            return;
        }
        let mut by_receipt: HashMap<String, Vec<Step>> = HashMap::new();
        let mut is_cut = false;
        for (receipt, mut step) in std::mem::take(&mut self.steps) {
            is_cut |= step_cleaned(&mut step);
            by_receipt.entry(key_masked(&receipt, register)).or_default().push(step);
        }
        for row in &mut self.rows {
            if let Some(steps) = by_receipt.remove(&row.key) {
                row.steps.extend(steps);
            }
        }
        if is_cut {
            let item = self.files.last().cloned().unwrap_or_default();
            self.fault(&item, "the name or the note of a step is too long for a screen and is cut");
        }
        let mut lost: Vec<String> = by_receipt.into_keys().collect();
        if !lost.is_empty() {
            lost.sort();
            let count = lost.len();
            lost.truncate(NAMED);
            let reason = format!(
                "{count} receipts of its steps have no case, such as {}; mend the receipt numbers",
                lost.join(", ")
            );
            let item = self.files.last().cloned().unwrap_or_default();
            self.fault(&item, reason);
        }
    }
}

fn key_masked(receipt: &str, register: &Register) -> String {
    match register.key.first() {
        Some(id) if is_code(register, id) => seen(mask_code(receipt)),
        _ => seen(mask(receipt)),
    }
}

/// Masks a step and cuts what is too long; gives whether something was.
fn step_cleaned(step: &mut Step) -> bool {
    let mut is_cut = false;
    for (text, most) in [(&mut step.name, MAX_NAME), (&mut step.note, MAX_NOTE)] {
        bound_line(text, most * 2);
        *text = seen(mask(text));
        is_cut |= bound_line(text, most);
    }
    is_cut
}

/// What can be seen of a text that is masked.
fn seen(masked: Cow<'_, str>) -> String {
    match visible(&masked) {
        Cow::Owned(seen) => seen,
        Cow::Borrowed(_) => masked.into_owned(),
    }
}

/// Whether the config says that a column holds receipt, document or project numbers, which look like others.
fn is_code(register: &Register, id: &str) -> bool {
    register.number == id || (register.case.is_some() && register.key.iter().any(|k| k == id))
}

/// Masks a row's texts and its steps, cuts what is too long, and makes its key of its key columns. Gives the title of a
/// column that was cut.
fn row_cleaned(row: &mut Row, register: &Register) -> Option<String> {
    let mut cut = None;
    for (column, value) in register.column.iter().zip(&mut row.values) {
        if let Value::Text(text) = value {
            let most = match column.kind {
                ColumnKind::Text => MAX_CELL,
                _ => MAX_NAME,
            };
            // Far more than is kept, so that a number is masked before it is cut.
            bound_line(text, most * 2);
            let masked = if is_code(register, &column.id) { mask_code(text) } else { mask(text) };
            if let Cow::Owned(masked) = masked {
                *text = masked;
            }
            if bound_line(text, most) {
                cut = Some(column.title.clone());
            }
        }
    }
    for step in &mut row.steps {
        if step_cleaned(step) {
            cut = Some("steps".to_owned());
        }
    }
    let keys = register.key.iter().filter_map(|id| row.values.get(register.index(id)?));
    row.key = keys.map(words).collect::<Vec<_>>().join("/");
    cut
}
