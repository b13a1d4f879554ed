//! Merged cells: what stands in the first of them stands in all.

use super::cell::{Merge, SheetCell, SheetRow};
use super::contract::MAX_COLUMNS;
use std::collections::BTreeMap;

/// The merged regions of a sheet that is read row by row.
#[derive(Debug, Default)]
pub struct Merges {
    waiting: BTreeMap<u32, Vec<Merge>>,
    open: Vec<(Merge, SheetCell)>,
}

impl Merges {
    /// Adds a region, before the first of its rows.
    pub fn add(&mut self, merge: Merge) {
        self.waiting.entry(merge.rows.0).or_default().push(merge);
    }

    /// Fills the cells below the first one of each region, which is what data means by them.
    pub fn fill(&mut self, line: &mut SheetRow) {
        self.open.retain(|(merge, _)| merge.rows.1 >= line.number);
        while let Some(first) = self.waiting.first_entry().filter(|e| *e.key() <= line.number) {
            for merge in first.remove() {
                let cell =
                    if merge.rows.0 == line.number { line.cell(merge.columns.0).clone() } else { SheetCell::Empty };
                // Regions do not overlap: no more of them lie beside each other than there are columns.
                if !cell.is_empty() && merge.rows.1 >= line.number && self.open.len() < MAX_COLUMNS {
                    self.open.push((merge, cell));
                }
            }
        }
        for (merge, cell) in &self.open {
            let from = merge.columns.0;
            if merge.rows.0 < line.number && from < MAX_COLUMNS && line.cell(from).is_empty() {
                if line.cells.len() <= from {
                    line.cells.resize(from + 1, SheetCell::Empty);
                }
                if let Some(slot) = line.cells.get_mut(from) {
                    slot.clone_from(cell);
                    line.repeated.push(from);
                }
            }
        }
    }

    /// The cells beside the first one of each region that lies over the row just filled, which only titles mean so.
    pub fn across(&self) -> Vec<(usize, SheetCell)> {
        let beside = |(merge, cell): &(Merge, SheetCell)| {
            let to = merge.columns.1.min(MAX_COLUMNS - 1);
            (merge.columns.0 + 1..=to).map(|at| (at, cell.clone())).collect::<Vec<_>>()
        };
        self.open.iter().flat_map(beside).take(MAX_COLUMNS).collect()
    }
}
