//! Tables fitted to a width, drawn row by row so that a long one costs what is visible.

use crate::{
    model::Cell,
    text::{cut_chars, ems},
    ui::{Metrics, Text, View},
};
use std::ops::Range;

/// Rows looked at to find the columns' widths.
const SAMPLE: usize = 200;

/// Rows that belong together at most; a cell that covers more ends there.
const GROUP: usize = 80;
/// Characters of a cell looked at to find how wide it is.
const WIDEST: usize = 200;

/// A table's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Width of each column, pixels.
    pub widths: Vec<f32>,
}

/// The rows from `start` on that belong together because cells cover them, so that no cell crosses the end.
pub fn row_group(rows: &[Vec<Cell>], start: usize) -> Range<usize> {
    let (mut end, last) = (start + 1, rows.len().min(start + GROUP));
    let mut i = start;
    while i < end.min(last) {
        let row = rows.get(i).map(Vec::as_slice).unwrap_or_default();
        let deep = row.iter().map(|c| usize::from(c.rowspan.max(1))).max().unwrap_or(1).min(40);
        end = end.max(i + deep);
        i += 1;
    }
    start..end.min(last)
}

/// How wide the longest line is in ems.
fn longest(cell: &Cell) -> f32 {
    cut_chars(&cell.text, WIDEST).lines().map(|line| ems(line.trim(), cell.header)).fold(0.0, f32::max)
}

/// How wide a column has to be for figures to stay whole, and Han not to stand one under another.
fn least(cell: &Cell) -> f32 {
    let text = cut_chars(&cell.text, WIDEST);
    let runs = text.split(|c: char| c.is_whitespace() || c as u32 >= 0x1100);
    let run = runs.map(|run| ems(run, cell.header)).fold(0.0, f32::max);
    run.max(longest(cell).min(3.0)).min(9.0)
}

fn cell_size(look: &Metrics) -> f32 {
    look.pt(look.size().row)
}

fn cell_pad(look: &Metrics) -> f32 {
    look.px(20.0)
}

/// Finds the columns of a table `width` pixels wide: as wide as its words where there is room; where there is not,
/// figures stay whole and Han wrap.
pub fn columns(look: &Metrics, rows: &[Vec<Cell>], width: f32) -> Columns {
    let count = rows.iter().take(SAMPLE).map(|r| r.iter().map(|c| usize::from(c.colspan.max(1))).sum()).max();
    let count: usize = count.unwrap_or(1).clamp(1, 24);
    let mut wanted = vec![(1.0_f32, 1.0_f32); count];
    for row in rows.iter().take(SAMPLE) {
        let mut at = 0;
        for cell in row {
            let span = usize::from(cell.colspan.max(1));
            if let (1, Some(most)) = (span, wanted.get_mut(at)) {
                let (low, high) = (least(cell), longest(cell).min(24.0));
                *most = (most.0.max(low), most.1.max(high).max(low));
            }
            at += span;
        }
    }
    // A pixel more, which rounding may take.
    let (size, pad) = (cell_size(look), cell_pad(look) * 2.0 + look.px(2.0) + 1.0);
    let sizes: Vec<(f32, f32)> = wanted.iter().map(|(low, high)| (low * size + pad, high * size + pad)).collect();
    let (low, high) = sizes.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.0, sum.1 + s.1));
    let fit = |(least, most): &(f32, f32)| {
        if high <= width {
            most * width / high
        } else if low <= width {
            least + (most - least) * (width - low) / (high - low).max(1.0)
        } else {
            least * width / low
        }
    };
    let mut widths: Vec<f32> = sizes.iter().map(|s| fit(s).floor()).collect();
    let rest = width - widths.iter().sum::<f32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    Columns { widths }
}

/// The rows of one group; `first` draws the table's upper line. `measure` gives the height of words at a width.
pub fn table_rows<A>(
    look: &Metrics,
    columns: &Columns,
    rows: &[Vec<Cell>],
    first: bool,
    mut measure: impl FnMut(&Text, f32) -> f32,
) -> View<A> {
    let (line, pad) = (look.px(2.0), cell_pad(look));
    let (size, low) = (cell_size(look), look.pt(66.0));
    let text = |cell: &Cell| {
        let text = Text::new(cell.text.trim(), size, look.ink).lines(0).high(look.pt(40.0));
        if cell.header { text.bold() } else { text }
    };
    // Places: row, column, cell, width; `taken` marks columns still covered by a cell from above.
    let mut taken = vec![0_usize; columns.widths.len()];
    let mut placed = Vec::new();
    let mut heights = vec![low; rows.len()];
    for (r, row) in rows.iter().enumerate() {
        let mut at = 0;
        for cell in row {
            while taken.get(at).is_some_and(|t| *t > r) {
                at += 1;
            }
            let span = usize::from(cell.colspan.max(1));
            let width: f32 = columns.widths.iter().skip(at).take(span).sum();
            if width <= 0.0 {
                break;
            }
            let deep = usize::from(cell.rowspan.max(1)).min(rows.len() - r);
            taken.iter_mut().skip(at).take(span).for_each(|t| *t = r + deep);
            let words = text(cell);
            let inner = (width - 2.0 * pad - line).max(size);
            let tall = measure(&words, inner) + look.px(26.0);
            if let (1, Some(height)) = (deep, heights.get_mut(r)) {
                *height = height.max(tall);
            }
            placed.push((r, at, deep, width, words, cell.header, tall));
            at += span;
        }
    }
    for (r, _, deep, .., tall) in &placed {
        let have: f32 = heights.iter().skip(*r).take(*deep).sum::<f32>() + line * (*deep as f32 - 1.0);
        if let (true, Some(last)) = (have < *tall, heights.get_mut(r + deep - 1)) {
            *last += tall - have;
        }
    }
    let top = if first { line } else { 0.0 };
    let bottom_of = |r: usize| top + heights.iter().take(r).map(|h| h + line).sum::<f32>();
    let width: f32 = columns.widths.iter().sum();
    let mut all = View::column().size(width, bottom_of(rows.len())).fill(look.line);
    for (r, at, deep, wide, words, header, _) in placed {
        let x: f32 = columns.widths.iter().take(at).sum();
        let last = x + wide >= width - 0.5;
        let cell_wide = wide - line - if last { line } else { 0.0 };
        let tall = bottom_of(r + deep) - bottom_of(r) - line;
        let ground = if header { look.paper } else { look.card };
        let inner = (wide - 2.0 * pad - line).max(size);
        let cell = View::column().at(x + line, bottom_of(r)).size(cell_wide, tall).fill(ground).middle();
        all = all.child(cell.pad(0.0, 0.0, 0.0, pad).child(View::text(words).wide(inner)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Theme;

    fn cell(text: &str, colspan: u16, rowspan: u16) -> Cell {
        Cell { text: text.into(), header: false, colspan, rowspan }
    }

    #[test]
    fn columns_fill_the_width_and_groups_follow_spans() {
        let look = Metrics::new(&Theme::default(), 1080, 1920, false);
        let rows = vec![
            vec![cell("排序", 1, 1), cell("候选人", 1, 1), cell("报价", 1, 1)],
            vec![cell("1", 1, 2), cell("示例路桥有限公司", 1, 1), cell("3,286,114.20", 1, 1)],
            vec![cell("示例建设集团", 2, 1)],
            vec![cell("合计", 3, 1)],
        ];
        let columns = columns(&look, &rows, 852.0);
        let groups: Vec<_> = [0, 1, 3].map(|start| row_group(&rows, start)).into();
        assert_eq!(groups, vec![0..1, 1..3, 3..4]);
        let tall = vec![vec![cell("1", 1, 60)]; 1_000];
        assert_eq!(row_group(&tall, 0), 0..GROUP);
        assert_eq!(row_group(&tall, 960), 960..1_000);
        assert_eq!(columns.widths.iter().sum::<f32>(), 852.0);
        assert!(columns.widths[1] > columns.widths[0]);
    }
}
