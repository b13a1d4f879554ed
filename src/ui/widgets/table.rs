//! Tables fitted to a width, drawn row by row so that a long one costs what is visible.

use crate::{
    model::Cell,
    ui::{Look, Text, View},
};
use std::ops::Range;

/// Rows looked at to find the columns' widths.
const SAMPLE: usize = 200;

/// A table's columns, and its rows in groups that no cell crosses.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Width of each column, pixels.
    pub widths: Vec<f32>,
    /// Rows that belong together because a cell covers them.
    pub groups: Vec<Range<usize>>,
}

/// How wide words are in ems: Han 1, others 0.56.
fn ems(words: &str) -> f32 {
    let line = |l: &str| l.chars().map(|c| if c as u32 >= 0x1100 { 1.0 } else { 0.56 }).sum::<f32>();
    words.lines().map(line).fold(0.0, f32::max)
}

fn cell_size(look: &Look) -> f32 {
    look.pt(look.size().row)
}

fn cell_pad(look: &Look) -> f32 {
    look.px(20.0)
}

/// Finds the columns of a table `width` pixels wide: shares follow the longest words, no column below three ems
/// where there is room.
pub fn columns(look: &Look, rows: &[Vec<Cell>], width: f32) -> Columns {
    let count = rows.iter().take(SAMPLE).map(|r| r.iter().map(|c| usize::from(c.colspan.max(1))).sum()).max();
    let count: usize = count.unwrap_or(1).clamp(1, 24);
    let mut wanted = vec![1.5_f32; count];
    for row in rows.iter().take(SAMPLE) {
        let mut at = 0;
        for cell in row {
            let span = usize::from(cell.colspan.max(1));
            if let (1, Some(most)) = (span, wanted.get_mut(at)) {
                *most = most.max(ems(&cell.text).min(16.0));
            }
            at += span;
        }
    }
    let (size, pad) = (cell_size(look), cell_pad(look) * 2.0 + look.px(2.0));
    let natural: Vec<f32> = wanted.iter().map(|e| e * size + pad).collect();
    let total: f32 = natural.iter().sum();
    let mut widths: Vec<f32> = natural.iter().map(|w| (w * width / total).floor()).collect();
    let rest = width - widths.iter().sum::<f32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    let mut groups = Vec::new();
    let (mut start, mut end) = (0, 0);
    for (i, row) in rows.iter().enumerate() {
        if i >= end && i > start {
            groups.push(start..i);
            start = i;
        }
        let reach = row.iter().map(|c| usize::from(c.rowspan.max(1))).max().unwrap_or(1).min(40);
        end = end.max(i + reach);
    }
    if start < rows.len() {
        groups.push(start..rows.len());
    }
    Columns { widths, groups }
}

/// The rows of one group; `first` draws the table's upper line. `measure` gives the height of words at a width.
pub fn table_rows<A>(
    look: &Look,
    columns: &Columns,
    rows: &[Vec<Cell>],
    first: bool,
    mut measure: impl FnMut(&Text, f32) -> f32,
) -> View<A> {
    let (line, pad) = (look.px(2.0), cell_pad(look));
    let (size, least) = (cell_size(look), look.pt(66.0));
    let text = |cell: &Cell| {
        let text = Text::new(cell.text.trim(), size, look.ink).lines(0).high(look.pt(40.0));
        if cell.header { text.bold() } else { text }
    };
    // Places: row, column, cell, width; `taken` marks columns still covered by a cell from above.
    let mut taken = vec![0_usize; columns.widths.len()];
    let mut placed = Vec::new();
    let mut heights = vec![least; rows.len()];
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
        let look = Look::new(&Theme::default(), 1080, 1920, false);
        let rows = vec![
            vec![cell("排序", 1, 1), cell("候选人", 1, 1), cell("报价", 1, 1)],
            vec![cell("1", 1, 2), cell("示例路桥有限公司", 1, 1), cell("3,286,114.20", 1, 1)],
            vec![cell("示例建设集团", 2, 1)],
            vec![cell("合计", 3, 1)],
        ];
        let columns = columns(&look, &rows, 852.0);
        assert_eq!(columns.groups, vec![0..1, 1..3, 3..4]);
        assert_eq!(columns.widths.iter().sum::<f32>(), 852.0);
        assert!(columns.widths[1] > columns.widths[0]);
    }
}
