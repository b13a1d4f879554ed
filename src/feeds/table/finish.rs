//! Brings together what came of all files of a feed: masks the rows, gives them their keys and their steps.

use super::{
    Yield,
    typed::{short, words},
};
use crate::{
    config::Register,
    feeds::{Harvested, ItemFault},
    model::{Row, Step, Value, mask, mask_code},
};
use std::collections::HashMap;

/// Keys told that stand more than once.
const TOLD: usize = 200;
/// Receipts named in one fault.
const NAMED: usize = 3;

/// What a look at a feed of tables came to.
#[derive(Debug, Default)]
pub(in crate::feeds) struct Gathered {
    /// Its rows, with keys, masked.
    pub rows: Vec<Row>,
    /// Its notices.
    pub notices: Vec<Harvested>,
    /// What could not be read.
    pub faults: Vec<ItemFault>,
    /// Whether a whole file or page is missing from it.
    pub is_partial: bool,
}

impl Yield {
    /// Brings it together.
    pub fn finish(mut self, register: Option<&Register>) -> Gathered {
        if let Some(register) = register {
            for row in &mut self.rows {
                row_masked(row, register);
            }
            self.part_equals();
            self.attach_steps(register);
        }
        if self.untold > 0 {
            let reason = format!("and {} more of the same kinds; mend those named first", self.untold);
            self.faults.push(ItemFault { item: self.files.first().cloned().unwrap_or_default(), reason });
        }
        let Self { rows, notices, faults, is_partial, .. } = self;
        Gathered { rows, notices, faults, is_partial }
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
        for (receipt, mut step) in std::mem::take(&mut self.steps) {
            step_masked(&mut step);
            by_receipt.entry(key_masked(&receipt, register)).or_default().push(step);
        }
        for row in &mut self.rows {
            if let Some(steps) = by_receipt.remove(&row.key) {
                row.steps.extend(steps);
            }
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
        Some(id) if is_code(register, id) => mask_code(receipt).into_owned(),
        _ => mask(receipt).into_owned(),
    }
}

fn step_masked(step: &mut Step) {
    for text in [&mut step.name, &mut step.note] {
        if let std::borrow::Cow::Owned(masked) = mask(text) {
            *text = masked;
        }
    }
}

/// Whether the config says that a column holds receipt, document or project numbers, which look like others.
fn is_code(register: &Register, id: &str) -> bool {
    register.number == id || (register.case.is_some() && register.key.iter().any(|k| k == id))
}

/// Masks a row's texts and its steps, and makes its key of its key columns.
fn row_masked(row: &mut Row, register: &Register) {
    for (column, value) in register.column.iter().zip(&mut row.values) {
        if let Value::Text(text) = value {
            let masked = if is_code(register, &column.id) { mask_code(text) } else { mask(text) };
            if let std::borrow::Cow::Owned(masked) = masked {
                *text = masked;
            }
        }
    }
    row.steps.iter_mut().for_each(step_masked);
    let keys = register.key.iter().filter_map(|id| row.values.get(register.index(id)?));
    row.key = keys.map(words).collect::<Vec<_>>().join("/");
}
