//! Merged cells: what stands in the first of them stands in all.

use super::book::MAX_COLUMNS;
use super::cell::{Cell, Line, Merge};
use std::collections::BTreeMap;

/// The merged regions of a sheet that is read row by row.
#[derive(Debug, Default)]
pub struct Merges {
    waiting: BTreeMap<u32, Vec<Merge>>,
    open: Vec<(Merge, Cell)>,
}

impl Merges {
    /// Adds a region, before the first of its rows.
    pub fn add(&mut self, merge: Merge) {
        self.waiting.entry(merge.rows.0).or_default().push(merge);
    }

    /// Fills the cells below the first one of each region, which is what data means by them. Gives the cells beside it,
    /// which only titles mean so.
    pub fn fill(&mut self, line: &mut Line) -> Vec<(usize, Cell)> {
        self.open.retain(|(merge, _)| merge.rows.1 >= line.number);
        while let Some(first) = self.waiting.first_entry().filter(|e| *e.key() <= line.number) {
            for merge in first.remove() {
                let cell = if merge.rows.0 == line.number { line.cell(merge.columns.0).clone() } else { Cell::Empty };
                if !cell.is_empty() && merge.rows.1 >= line.number {
                    self.open.push((merge, cell));
                }
            }
        }
        let mut across = Vec::new();
        for (merge, cell) in &self.open {
            let (from, to) = (merge.columns.0, merge.columns.1.min(MAX_COLUMNS - 1));
            if merge.rows.0 < line.number && from < MAX_COLUMNS && line.cell(from).is_empty() {
                if line.cells.len() <= from {
                    line.cells.resize(from + 1, Cell::Empty);
                }
                if let Some(slot) = line.cells.get_mut(from) {
                    slot.clone_from(cell);
                    line.repeated.push(from);
                }
            }
            across.extend((from + 1..=to).map(|at| (at, cell.clone())));
        }
        across
    }
}
