//! A register's rows as a table in pages.

use super::{
    figures::{fill, found},
    notices::empty,
    pager::{Pager, PagerLook},
    table::{Cell, ColumnLayout, SMALL_SHARE, Sheet, TableRow, Tone},
};
use crate::{
    config::{
        Column, ColumnKind, Register, WallQuery,
        zones::{RegisterZone, ZoneSettings},
    },
    edition::{WallRow, WallRows},
    led::{
        Due, ZoneContext,
        paint::{self, Style},
        zone::{Place, ZoneView},
    },
    model::{Clocks, Value, figure},
    scene::{Layer, Placed, Rect},
    text::ems,
    time::{FrameTime, civil::Date},
    wording::Wording,
};
use std::sync::Arc;

/// A table, its page and its layers.
#[derive(Debug)]
pub(super) struct RegisterTable {
    zone: RegisterZone,
    query: WallQuery,
    look: PagerLook,
    pager: Pager<TableRow>,
    sheet: Sheet,
    /// The layers of its columns' titles and of its foot.
    rims: Option<[Arc<Layer>; 2]>,
    seen: Option<Date>,
}

impl RegisterTable {
    /// A table that has not been shown yet.
    pub fn new(zone: &RegisterZone, place: &Place<'_>) -> Self {
        let look = PagerLook { text: zone.style.clone(), list: zone.list.clone(), padding: place.frame.padding };
        Self {
            zone: zone.clone(),
            query: zone.register().map(|register| register.query).unwrap_or_default(),
            pager: Pager::new(look.clone()),
            look,
            sheet: Sheet::default(),
            rims: None,
            seen: None,
        }
    }

    /// Takes from the edition what the table says.
    fn read(&self, context: &ZoneContext<'_>) -> (Sheet, Vec<TableRow>) {
        let (zone, query, wording) = (&self.zone, &self.query, context.wording());
        let Some((register, rows)) = found(query, context.config, context.edition) else {
            let none = WallRows::default();
            let title = fill(&zone.title, &query.place, &wording, &none);
            return (Sheet { title, ..Sheet::default() }, Vec::new());
        };
        let said = Said { register, wording };
        let chosen = chosen(zone, register);
        let is_cases = register.case.is_some();
        let lines: Vec<TableRow> = rows.rows.iter().map(|row| said.row(&chosen, row)).collect();
        let mut columns: Vec<ColumnLayout> = Vec::new();
        for (at, &index) in chosen.iter().enumerate() {
            let Some(column) = register.column.get(index) else { continue };
            columns.push(column_layout(
                at,
                heading(column, &wording),
                column.kind,
                zone.widths.get(at).copied(),
                &lines,
            ));
        }
        if is_cases {
            // Where shares are given, the clocks have theirs beside them.
            let share = |n: f32| {
                let all: f32 = zone.widths.iter().sum();
                (!zone.widths.is_empty()).then_some(all / zone.widths.len() as f32 * n)
            };
            let at = columns.len();
            columns.push(column_layout(at, wording.say("wall-deadline", &[]), ColumnKind::Date, share(0.7), &lines));
            columns.push(column_layout(
                at + 1,
                wording.say("wall-left", &[]),
                ColumnKind::Quantity,
                share(0.9),
                &lines,
            ));
        }
        let sums = said.sums(&chosen, &rows);
        for (column, cell) in columns.iter_mut().zip(&sums) {
            column.wants = column.wants.max(ems(&cell.words, true) * 1.02);
        }
        let title = fill(&zone.title, &query.place, &wording, &rows);
        let sheet = Sheet { title, columns, sums, foot: foot(&rows, &wording), has_lamp: is_cases };
        (sheet, lines)
    }
}

impl ZoneView for RegisterTable {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let (day, now) = (context.wall.day(), context.now.at);
        if self.seen != Some(day) {
            let (sheet, rows) = self.read(context);
            if self.sheet != sheet {
                (self.sheet, self.rims) = (sheet, None);
            }
            self.pager.rows = rows;
            self.seen = Some(day);
        }
        let (sheet, size, pitch) = (&self.sheet, paint::size(&self.look.text), self.pager.pitch());
        let plan = self.pager.plan(area, !sheet.title.is_empty(), now, |tall| sheet.rims(size, pitch, tall));
        self.pager.place_head(&plan, &sheet.title, context.shaper, out);
        let across = self.pager.across(plan.body.w);
        let slots = sheet.slots(&Style::of(&self.look.text), across.0, across.1);
        if !plan.titles.is_empty() {
            let (look, shaper, foot) = (&self.look, &mut *context.shaper, (plan.foot, plan.sums));
            let layers = self.rims.get_or_insert_with(|| {
                [
                    sheet.paint_titles(look, plan.titles, across, &slots, shaper),
                    sheet.paint_foot(look, foot, across, &slots, shaper),
                ]
            });
            let areas = [plan.titles, plan.foot];
            out.extend(layers.iter().zip(areas).map(|(layer, area)| paint::still(Arc::clone(layer), area)));
        }
        let empty = empty(context, false);
        self.pager.place_body(&plan, slots, || empty, (now, context.shaper), out)
    }

    fn refresh(&mut self) {
        self.seen = None;
    }

    fn restart(&mut self, now: FrameTime) {
        self.pager.restart(now.at);
    }

    fn has_something(&self) -> bool {
        !self.pager.rows.is_empty()
    }
}

/// The columns shown, by their indices.
fn chosen(zone: &RegisterZone, register: &Register) -> Vec<usize> {
    if !zone.columns.is_empty() {
        return zone.columns.iter().filter_map(|id| register.index(id)).collect();
    }
    let is_listed = |c: &Column| !c.detail && c.kind != ColumnKind::Picture;
    (0..).zip(&register.column).filter(|(_, c)| is_listed(c)).map(|(i, _)| i).collect()
}

fn heading(column: &Column, wording: &Wording<'_>) -> String {
    match column.kind == ColumnKind::Quantity && !column.unit.is_empty() {
        true => wording.say("column-unit", &[("title", &column.title), ("unit", &column.unit)]),
        false => column.title.clone(),
    }
}

/// The `at`th column with what its cells need.
fn column_layout(at: usize, title: String, kind: ColumnKind, share: Option<f32>, rows: &[TableRow]) -> ColumnLayout {
    let widest = rows.iter().filter_map(|r| r.cells.get(at)).map(|c| ems(&c.words, false)).fold(0.0, f32::max);
    ColumnLayout {
        wants: widest.max(ems(&title, false) * SMALL_SHARE).clamp(1.0, 30.0) * 1.02,
        title,
        share,
        is_figure: matches!(kind, ColumnKind::Money | ColumnKind::Quantity),
        is_words: matches!(kind, ColumnKind::Text | ColumnKind::Unit | ColumnKind::Code | ColumnKind::Person),
    }
}

/// Where the rows come from and when that was last confirmed.
fn foot(rows: &WallRows, wording: &Wording<'_>) -> String {
    let mut parts = Vec::new();
    if rows.rows.iter().any(|r| r.off.is_some()) {
        parts.push(wording.say("wall-disagree", &[]));
    }
    let shown = rows.rows.len() as u64;
    if rows.count > shown {
        let (count, shown) = (figure::grouped(rows.count), figure::grouped(shown));
        parts.push(wording.say("wall-more", &[("count", &count), ("shown", &shown)]));
    }
    if !rows.source_title.is_empty() {
        parts.push(wording.say("source", &[("source", &rows.source_title)]));
    }
    if let Some(at) = rows.last_ok {
        let at = at.to_zoned(wording.wall.0.time_zone().clone());
        parts.push(wording.say("confirmed", &[("time", &at.strftime("%Y-%m-%d %H:%M").to_string())]));
    }
    parts.join(" ・ ").replace(char::is_control, " ")
}

/// What cells are said by.
struct Said<'a> {
    register: &'a Register,
    wording: Wording<'a>,
}

impl Said<'_> {
    fn row(&self, chosen: &[usize], row: &WallRow) -> TableRow {
        let marked = self.marked(chosen, row);
        let mut cells: Vec<Cell> = Vec::with_capacity(chosen.len() + 2);
        for &index in chosen {
            let Some(column) = self.register.column.get(index) else { continue };
            let mut cell = self.cell(column, row.kept.row.values.get(index).unwrap_or(&Value::Empty));
            if marked == Some(index) {
                cell = Cell { words: format!("≠ {}", cell.words), tone: Tone::Off };
            }
            cells.push(cell);
        }
        if let Some(clocks) = &row.clocks {
            cells.extend(self.clocks(clocks));
        }
        TableRow { cells, lamp: row.clocks.map(|c| c.lamp) }
    }

    /// The column that a row which does not agree is marked in: its total, else the first that is shown.
    fn marked(&self, chosen: &[usize], row: &WallRow) -> Option<usize> {
        row.off?;
        let totals = self.register.agree.iter().filter_map(|a| self.register.index(&a.total));
        totals.into_iter().find(|i| chosen.contains(i)).or_else(|| chosen.first().copied())
    }

    fn cell(&self, column: &Column, value: &Value) -> Cell {
        let words = self.wording.cell(column, value).replace(char::is_control, " ");
        Cell { tone: self.wording.status(column, value).map_or(Tone::Plain, Tone::Status), words }
    }

    /// The deadline, and what is left of it.
    fn clocks(&self, clocks: &Clocks) -> [Cell; 2] {
        let due = clocks.promised.or(clocks.statutory);
        let days = |key: &str, n: i64| self.wording.say(key, &[("n", &n.unsigned_abs().to_string())]);
        let bare = |key: &str| self.wording.say(key, &[]);
        let left = match (clocks.closed, clocks.days_left.map(i64::from)) {
            (Some(_), Some(..0)) => bare("wall-closed-late"),
            (Some(_), _) => bare("wall-closed"),
            (None, Some(n @ ..0)) => days("wall-days-over", n),
            (None, Some(0)) => bare("wall-today"),
            (None, Some(n)) => days("wall-days-left", n),
            (None, None) => bare("wall-no-deadline"),
        };
        let day = due.map(|d| self.wording.short_day(d)).unwrap_or_default();
        [Cell { words: day, tone: Tone::Plain }, Cell { words: left, tone: Tone::Left(clocks.lamp) }]
    }

    /// What the columns add up to, under them; nothing where none of those shown do.
    fn sums(&self, chosen: &[usize], rows: &WallRows) -> Vec<Cell> {
        let sum = |index: &usize| rows.sums.iter().find(|s| s.column == *index);
        if !chosen.iter().any(|i| sum(i).is_some()) {
            return Vec::new();
        }
        let plain = |words: String| Cell { words, tone: Tone::Plain };
        let mut cells: Vec<Cell> = Vec::with_capacity(chosen.len());
        for index in chosen {
            let column = self.register.column.get(*index);
            cells.push(plain(column.zip(sum(index)).map(|(c, sum)| self.wording.sum(c, sum.now)).unwrap_or_default()));
        }
        if let Some(first) = cells.iter_mut().find(|c| c.words.is_empty()) {
            first.words = self.wording.say("wall-sum", &[]);
        }
        cells
    }
}
