//! The rows of a register: columns fitted to the width, or, where they do not fit, rows of two lines.

use crate::{
    config::{Accent, Column, ColumnKind, Register},
    edition::Table,
    kiosk::{
        address::{Action, Page},
        kit::{PageContext, figure, is_figure, money},
    },
    model::{KeptRow, Value},
    scene::Colour,
    text::{TextAlign, ems},
    ui::{Role, Text, View, widgets},
};

/// Rows looked at to find the columns' widths.
const MAX_SAMPLED_ROWS: usize = 200;
/// Ems words keep at least in a column of their own.
const MIN_COLUMN_EMS: f32 = 5.5;

/// One column shown.
#[derive(Debug, Clone, PartialEq)]
struct GridColumn {
    index: usize,
    width: f32,
    is_figure: bool,
}

/// The columns shown and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    columns: Vec<GridColumn>,
    width: f32,
    /// Whether each row is two lines instead of columns.
    stacked: bool,
    /// Height of a row, pixels.
    pub row: f32,
}

impl Grid {
    /// Fits the columns of a register to a width.
    pub fn new(cx: &PageContext<'_>, register: &Register, table: &Table, width: f32) -> Self {
        let look = cx.look;
        let is_one_place = table.below.is_empty() && cx.region(&table.query.place).is_some();
        let is_shown = |c: &Column| {
            let tells = c.id != register.place || !is_one_place;
            // A month says nothing where all rows are of that month.
            !c.detail && tells && !(c.id == register.period && c.kind == ColumnKind::Month)
        };
        let (size, pad) = (look.pt(look.size().row), pad(cx));
        let label = register.label_index();
        // A pixel more, which rounding may take.
        let rim = 2.0 * pad + 1.0;
        let mut columns = Vec::new();
        let mut least = 0.0;
        let mut wanted = 0.0;
        for (index, column) in register.column.iter().enumerate().filter(|(_, c)| is_shown(c)) {
            let values = table.rows.iter().take(MAX_SAMPLED_ROWS).filter_map(|r| r.row.values.get(index));
            let widest = values.map(|v| ems(&cx.cell(column, v), false)).fold(0.0, f32::max);
            let title = ems(&column.title, true);
            let chip = if column.kind == ColumnKind::Status { look.px(28.0) / size } else { 0.0 };
            let most = widest.max(title).clamp(1.5, 26.0) + chip;
            let is_words = matches!(column.kind, ColumnKind::Text | ColumnKind::Unit | ColumnKind::Code);
            let low = if is_words || index == label { most.min(MIN_COLUMN_EMS) } else { most };
            least += low * size + rim;
            wanted += most * size + rim;
            let is_figure = is_figure(column.kind);
            columns.push((GridColumn { index, width: most * size + rim, is_figure }, (most - low) * size));
        }
        let stacked = columns.len() > 1 && least > width;
        // What is missing is taken from words, what is left is given to the row's name.
        let excess = (wanted - width).max(0.0);
        let slack: f32 = columns.iter().map(|(_, slack)| slack).sum();
        let spare = (width - wanted).max(0.0);
        let has_label = columns.iter().any(|(c, _)| c.index == label);
        let count = columns.len().max(1) as f32;
        let fit = |(mut shown, slack_here): (GridColumn, f32)| {
            shown.width -= if slack > 0.0 { excess * slack_here / slack } else { 0.0 };
            shown.width += match has_label {
                true if shown.index == label => spare,
                true => 0.0,
                false => spare / count,
            };
            shown.width = shown.width.floor();
            shown
        };
        let columns = columns.into_iter().map(fit).collect();
        Self { columns, width, stacked, row: look.pt(if stacked { 158.0 } else { 78.0 }) }
    }

    /// The titles over the columns.
    pub fn head(&self, cx: &PageContext<'_>, register: &Register, table: &Table) -> View<Action> {
        let look = cx.look;
        let radius = look.px(look.space().radius);
        let bar = View::row().size(self.width, look.pt(72.0)).fill(look.shade()).corners([radius, radius, 0.0, 0.0]);
        let size = look.pt(look.size().row * 0.93);
        if self.stacked {
            let n = figure(table.count);
            let words = Text::new(cx.words.say("rows", &[("n", &n)]), size, look.ink).bold();
            return bar.pad(0.0, pad(cx), 0.0, pad(cx)).child(View::text(words));
        }
        let title = |shown: &GridColumn| {
            let inner = shown.width - 2.0 * pad(cx);
            let words = register.column.get(shown.index).map_or("", |c| c.title.as_str());
            let text = widgets::shrink(Text::new(words, size, look.ink).bold(), inner, 0.7);
            cell(cx, shown.width).child(View::text(stand(text, shown.is_figure)).wide(inner))
        };
        bar.children(self.columns.iter().map(title))
    }

    /// One row, which leads to all that is known of it. `off`: by how much its sums do not agree.
    pub fn line(
        &self,
        cx: &PageContext<'_>,
        register: &Register,
        kept: &KeptRow,
        off: Option<i64>,
        last: bool,
    ) -> View<Action> {
        let look = cx.look;
        let line = look.px(2.0);
        let radius = if last { look.px(look.space().radius) } else { 0.0 };
        let inside =
            if self.stacked { self.two_lines(cx, register, kept, off) } else { self.cells(cx, register, kept, off) };
        let row = View::column()
            .size(self.width, self.row)
            .fill(look.card)
            .corners([0.0, 0.0, radius, radius])
            .role(Role::Link)
            .on(Action::Go(Page::Row(kept.id)))
            .child(inside.size(self.width, self.row - line));
        if last { row } else { row.child(View::row().size(self.width, line).fill(look.hair)) }
    }

    fn cells(&self, cx: &PageContext<'_>, register: &Register, kept: &KeptRow, off: Option<i64>) -> View<Action> {
        let one = |shown: &GridColumn| {
            let empty = Value::Empty;
            let value = kept.row.values.get(shown.index).unwrap_or(&empty);
            let Some(column) = register.column.get(shown.index) else { return View::row() };
            let inner = shown.width - 2.0 * pad(cx);
            let view = match cx.status(column, value) {
                Some(accent) => widgets::badge(cx.look, &cx.cell(column, value), accent),
                None => {
                    let is_off = off.is_some() && register.agree.iter().any(|a| a.total == column.id);
                    let text = stand(words(cx, column, value, is_off), shown.is_figure);
                    View::text(if shown.is_figure { widgets::shrink(text, inner, 0.6) } else { text }).wide(inner)
                }
            };
            cell(cx, shown.width).child(view)
        };
        View::row().children(self.columns.iter().map(one))
    }

    /// The row's name over all else it says.
    fn two_lines(&self, cx: &PageContext<'_>, register: &Register, kept: &KeptRow, off: Option<i64>) -> View<Action> {
        let look = cx.look;
        let inner = self.width - 2.0 * pad(cx);
        let label = register.label_index();
        let mut badge = None;
        let mut parts = Vec::new();
        for shown in self.columns.iter().filter(|s| s.index != label) {
            let (Some(column), Some(value)) = (register.column.get(shown.index), kept.row.values.get(shown.index))
            else {
                continue;
            };
            let said = cx.cell(column, value);
            match cx.status(column, value) {
                Some(accent) if badge.is_none() => badge = Some(widgets::badge(look, &said, accent)),
                _ if said.is_empty() => {}
                _ if matches!(column.kind, ColumnKind::Unit | ColumnKind::Place | ColumnKind::Date) => parts.push(said),
                _ => parts.push(format!("{} {said}", column.title)),
            }
        }
        if let Some(off) = off {
            parts.insert(0, cx.words.say("disagree-row", &[("off", &money(off.saturating_abs()))]));
        }
        let name = register.column.get(label).zip(kept.row.values.get(label));
        let name = name.map_or_else(|| kept.row.key.clone(), |(c, v)| cx.cell(c, v));
        let name = Text::new(name, look.pt(look.size().row * 1.07), look.ink).bold();
        let ink = if off.is_some() { look.readable(Accent::Red, look.card) } else { look.mute };
        let rest = Text::new(parts.join(" · "), look.pt(look.size().fine * 1.09), ink).lines(2).high(look.pt(36.0));
        let first = View::row().wide(inner).gap(look.px(16.0)).child(View::text(name).grow(1.0)).children(badge);
        View::column()
            .middle()
            .pad(0.0, pad(cx), 0.0, pad(cx))
            .gap(look.pt(4.0))
            .child(first)
            .child(View::text(rest).wide(inner))
    }
}

fn pad(cx: &PageContext<'_>) -> f32 {
    cx.look.px(20.0)
}

fn cell(cx: &PageContext<'_>, width: f32) -> View<Action> {
    View::row().wide(width).pad(0.0, pad(cx), 0.0, pad(cx))
}

fn stand(text: Text, at_end: bool) -> Text {
    if at_end { text.align(TextAlign::End) } else { text }
}

/// A cell's words: what leads on in blue, what does not agree in red and marked.
fn words(cx: &PageContext<'_>, column: &Column, value: &Value, is_off: bool) -> Text {
    let look = cx.look;
    let size = look.pt(look.size().row);
    let said = cx.cell(column, value);
    let text = |said: String, colour: Colour| Text::new(said, size, colour);
    match value {
        _ if is_off => text(format!("≠ {said}"), look.readable(Accent::Red, look.card)).bold(),
        Value::Pictures(_) => {
            Text::new(said, look.pt(look.size().small * 0.93), look.readable(Accent::Blue, look.card))
        }
        _ => text(said, look.ink),
    }
}
