//! A register's rows as a table: its columns' titles over the rows, their sums and where they come from below. The
//! board turns its pages.

use super::{
    board::{QUIET, RULE, Row},
    totals,
};
use crate::{
    config::{Accent, Align, Column, ColumnKind, Config, Register, Zone},
    edition::{Edition, WallQuery, WallRow, WallRows},
    led::{
        Context,
        paint::{self, Style},
    },
    model::{Clocks, Lamp, Month, Value, figure},
    scene::{Colour, Layer, Primitive, Rect},
    text::{Shaper, ems},
    time::{WallTime, civil::Date},
};
use std::sync::Arc;

/// Space between columns, in sizes.
const GAP: f32 = 0.8;
/// Ems that words keep at least.
const LEAST: f32 = 4.0;
/// Share of the zone's size that titles and the foot have, and the least pixels they have.
const SMALL: f32 = 0.72;
const SMALLEST: f32 = 12.0;
/// The smallest share of its size a figure is drawn with before it is cut.
const SHRUNK: f32 = 0.5;

/// What one cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    words: String,
    tone: Tone,
}

/// How a cell's words are coloured; the words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Status(Accent),
    /// A total that is not the sum of its parts.
    Off,
    Left(Lamp),
}

/// One column as it is drawn.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    title: String,
    /// What it needs, in ems.
    wants: f32,
    /// Its share of the width, where shares are given.
    share: Option<f32>,
    is_figure: bool,
    /// Whether its words may be cut.
    is_words: bool,
}

/// All of the table but its rows.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sheet {
    /// The title over it.
    pub title: String,
    columns: Vec<Shown>,
    sums: Vec<Cell>,
    foot: String,
    has_lamp: bool,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot {
    x: f32,
    width: f32,
    is_figure: bool,
}

impl Sheet {
    /// The zone's table and its rows; empty where the edition has none.
    pub fn read(zone: &Zone, context: &Context<'_>) -> (Self, Vec<Row>) {
        let Some((register, rows)) = found(zone, context.config, context.edition) else {
            let none = WallRows::default();
            let title = fill(&zone.title, zone, context.config, &none, context.wall);
            return (Self { title, ..Self::default() }, Vec::new());
        };
        let said = Said { register, config: context.config, today: context.wall.day() };
        let chosen = chosen(zone, register);
        let is_cases = register.case.is_some();
        let lines: Vec<Row> = rows.rows.iter().map(|row| said.row(&chosen, row)).collect();
        let mut columns: Vec<Shown> = Vec::new();
        for (at, &index) in chosen.iter().enumerate() {
            let Some(column) = register.column.get(index) else { continue };
            columns.push(shown(at, heading(column), column.kind, zone.widths.get(at).copied(), &lines));
        }
        if is_cases {
            // Where shares are given, the clocks have theirs beside them.
            let share = |n: f32| {
                let all: f32 = zone.widths.iter().sum();
                (!zone.widths.is_empty()).then_some(all / zone.widths.len() as f32 * n)
            };
            let at = columns.len();
            columns.push(shown(at, "期限".into(), ColumnKind::Date, share(0.7), &lines));
            columns.push(shown(at + 1, "剩余".into(), ColumnKind::Quantity, share(0.9), &lines));
        }
        let sums = said.sums(&chosen, &rows);
        for (column, cell) in columns.iter_mut().zip(&sums) {
            column.wants = column.wants.max(ems(&cell.words, true) * 1.02);
        }
        let title = fill(&zone.title, zone, context.config, &rows, context.wall);
        let sheet = Self { title, columns, sums, foot: foot(&rows, context.wall), has_lamp: is_cases };
        (sheet, lines)
    }

    /// Height of the columns' titles, of the sums, and of the foot, for a zone of this size and height.
    pub fn rims(&self, size: f32, pitch: f32, tall: f32) -> (f32, f32, f32) {
        // A wall of a few rows has no room for more than rows.
        if self.columns.is_empty() || tall < pitch * 4.0 {
            return (0.0, 0.0, 0.0);
        }
        let small = small(size);
        let sums = if self.sums.is_empty() { 0.0 } else { pitch };
        ((small * 2.1).round(), sums, (small * 2.0).round())
    }

    /// Where the columns stand in this width.
    pub fn slots(&self, style: &Style, left: f32, width: f32) -> Vec<Slot> {
        let width = width - if self.has_lamp { totals::taken(style) } else { 0.0 };
        let gap = (style.size * GAP).round();
        let room = (width - gap * self.columns.len().saturating_sub(1) as f32).max(1.0);
        let size = style.size + style.spacing;
        let mut widths: Vec<f32> = self.columns.iter().map(|c| c.wants * size).collect();
        let shares: f32 = self.columns.iter().filter_map(|c| c.share).sum();
        if shares > 0.0 {
            widths = self.columns.iter().map(|c| room * c.share.unwrap_or(0.0) / shares).collect();
        } else {
            self.fit(&mut widths, room, size);
        }
        let mut x = left;
        let one = |(column, width): (&Shown, f32)| {
            let slot = Slot { x: x.round(), width: width.floor().max(1.0), is_figure: column.is_figure };
            x += width + gap;
            slot
        };
        self.columns.iter().zip(widths).map(one).collect()
    }

    /// What is missing is taken from words, then from all; what is left goes to the first words.
    fn fit(&self, widths: &mut [f32], room: f32, size: f32) {
        let wanted: f32 = widths.iter().sum();
        let slack = |c: &Shown, w: f32| if c.is_words { (w - LEAST * size).max(0.0) } else { 0.0 };
        let all: f32 = self.columns.iter().zip(&*widths).map(|(c, w)| slack(c, *w)).sum();
        if wanted > room {
            let excess = wanted - room;
            let taken = excess.min(all);
            for (column, width) in self.columns.iter().zip(widths.iter_mut()) {
                *width -= if all > 0.0 { taken * slack(column, *width) / all } else { 0.0 };
            }
            let factor = room / (wanted - taken).max(1.0);
            widths.iter_mut().for_each(|w| *w *= factor.min(1.0));
            return;
        }
        let spare = room - wanted;
        let count = widths.len().max(1) as f32;
        match self.columns.iter().position(|c| c.is_words).and_then(|i| widths.get_mut(i)) {
            Some(width) => *width += spare,
            None => widths.iter_mut().for_each(|w| *w += spare / count),
        }
    }

    /// The titles over the columns, in a layer of this height.
    pub fn titles(&self, zone: &Zone, area: Rect, slots: &[Slot], shaper: &mut Shaper) -> Arc<Layer> {
        let ink = paint::colour(&zone.colour, Colour::WHITE);
        let style = Style { size: small(paint::size(zone)), bold: false, spacing: 0.0 };
        let rule = rule(zone);
        let mut out = vec![Primitive::fill(under(zone, area, rule), ink.alpha(RULE))];
        for (column, slot) in self.columns.iter().zip(slots) {
            words(&mut out, &style, (&column.title, ink.alpha(QUIET)), *slot, (0.0, area.h - rule), shaper);
        }
        paint::layer(area.w, area.h, out)
    }

    /// The sums and the line that says where the rows come from.
    pub fn foot(&self, zone: &Zone, area: Rect, sums: f32, slots: &[Slot], shaper: &mut Shaper) -> Arc<Layer> {
        let ink = paint::colour(&zone.colour, Colour::WHITE);
        let accent = paint::colour(&zone.accent, Colour::rgb(0xff, 0xd2, 0x4a));
        let rule = rule(zone);
        let mut out = vec![Primitive::fill(Rect { y: 0.0, ..under(zone, area, rule) }, ink.alpha(RULE * 2.0))];
        if sums > 0.0 {
            let style = Style { bold: true, ..Style::of(zone) };
            for (cell, slot) in self.sums.iter().zip(slots) {
                words(&mut out, &style, (&cell.words, accent), *slot, (rule, sums - rule), shaper);
            }
        }
        let style = Style { size: small(paint::size(zone)), bold: false, spacing: 0.0 };
        let pad = zone.padding as f32;
        let line = Slot { x: pad, width: (area.w - 2.0 * pad).max(1.0), is_figure: false };
        let top = sums.max(rule);
        words(&mut out, &style, (&self.foot, ink.alpha(QUIET)), line, (top, area.h - top), shaper);
        paint::layer(area.w, area.h, out)
    }
}

/// The cells of a row, in the slots of its columns.
pub(super) fn cells(
    out: &mut Vec<Primitive>,
    (style, ink): (&Style, Colour),
    cells: &[Cell],
    slots: &[Slot],
    band: (f32, f32),
    shaper: &mut Shaper,
) {
    for (cell, slot) in cells.iter().zip(slots) {
        let colour = match cell.tone {
            Tone::Plain => ink,
            Tone::Status(accent) => bright(accent),
            Tone::Off | Tone::Left(Lamp::Red) => bright(Accent::Red),
            Tone::Left(Lamp::Yellow) => bright(Accent::Amber),
            Tone::Left(Lamp::Green) => ink,
        };
        words(out, style, (&cell.words, colour), *slot, band, shaper);
    }
}

/// Words in a slot, in the middle of a band from its top and height: figures at its end and smaller where they are too
/// long, since a figure that is cut says something else.
fn words(
    out: &mut Vec<Primitive>,
    style: &Style,
    (said, colour): (&str, Colour),
    slot: Slot,
    (top, height): (f32, f32),
    shaper: &mut Shaper,
) {
    if said.is_empty() {
        return;
    }
    let mut style = *style;
    if slot.is_figure {
        let width = style.line(shaper, said, None).width;
        if width > slot.width {
            style.size = (style.size * (slot.width / width).max(SHRUNK)).floor().max(1.0);
        }
    }
    let text = style.line(shaper, said, Some(slot.width));
    let align = if slot.is_figure { Align::Right } else { Align::Left };
    let x = style.across(&text, align, slot.x, slot.width);
    let y = style.middle(&text, top, height);
    out.push(paint::words(text, x, y, colour));
}

/// An accent bright enough for black.
fn bright(accent: Accent) -> Colour {
    match accent {
        Accent::Red => Colour::rgb(0xff, 0x6b, 0x5e),
        Accent::Blue => Colour::rgb(0x6c, 0xb4, 0xff),
        Accent::Green => Colour::rgb(0x35, 0xd0, 0x6e),
        Accent::Amber => Colour::rgb(0xff, 0xc9, 0x3c),
        Accent::Teal => Colour::rgb(0x43, 0xd3, 0xc6),
        Accent::Plum => Colour::rgb(0xc6, 0xa0, 0xff),
    }
}

fn small(size: f32) -> f32 {
    (size * SMALL).round().max(SMALLEST).min(size)
}

fn rule(zone: &Zone) -> f32 {
    (paint::size(zone) / 24.0).round().max(1.0)
}

/// The line along the lower edge of an area.
fn under(zone: &Zone, area: Rect, rule: f32) -> Rect {
    let pad = zone.padding as f32;
    Rect::new(pad, area.h - rule, (area.w - 2.0 * pad).max(1.0), rule)
}

/// What the edition has for a zone.
fn found<'a>(zone: &Zone, config: &'a Config, edition: &Edition) -> Option<(&'a Register, Arc<WallRows>)> {
    let rows = edition.walls.get(&WallQuery::of(zone)?)?;
    Some((config.registers.get(&zone.register)?, Arc::clone(rows)))
}

/// The columns shown, by their indices.
fn chosen(zone: &Zone, register: &Register) -> Vec<usize> {
    if !zone.columns.is_empty() {
        return zone.columns.iter().filter_map(|id| register.index(id)).collect();
    }
    let is_listed = |c: &Column| !c.detail && c.kind != ColumnKind::Picture;
    (0..).zip(&register.column).filter(|(_, c)| is_listed(c)).map(|(i, _)| i).collect()
}

fn heading(column: &Column) -> String {
    let is_told = column.kind == ColumnKind::Quantity && !column.unit.is_empty();
    if is_told { format!("{}（{}）", column.title, column.unit) } else { column.title.clone() }
}

/// The `at`th column with what its cells need.
fn shown(at: usize, title: String, kind: ColumnKind, share: Option<f32>, rows: &[Row]) -> Shown {
    let widest = rows.iter().filter_map(|r| r.cells.get(at)).map(|c| ems(&c.words, false)).fold(0.0, f32::max);
    Shown {
        wants: widest.max(ems(&title, false) * SMALL).clamp(1.0, 30.0) * 1.02,
        title,
        share,
        is_figure: matches!(kind, ColumnKind::Money | ColumnKind::Quantity),
        is_words: matches!(kind, ColumnKind::Text | ColumnKind::Unit | ColumnKind::Code | ColumnKind::Person),
    }
}

/// Words with what they name of a register filled in: place, month, number of rows, and the sums of columns by their
/// ids; `None` where the edition has no rows for the zone.
pub(super) fn told(zone: &Zone, context: &Context<'_>) -> Option<String> {
    let (register, rows) = found(zone, context.config, context.edition)?;
    if rows.count == 0 && !zone.open_only {
        return None;
    }
    let mut words = fill(&zone.text, zone, context.config, &rows, context.wall);
    for sum in &rows.sums {
        let Some(column) = register.column.get(sum.column) else { continue };
        words = words.replace(&format!("{{{}}}", column.id), &amount(column, sum.now));
    }
    Some(words)
}

fn amount(column: &Column, sum: i64) -> String {
    if column.kind == ColumnKind::Money { figure::money(sum) } else { figure::quantity(sum) }
}

/// A pattern with its place, month and count.
fn fill(pattern: &str, zone: &Zone, config: &Config, rows: &WallRows, wall: &WallTime) -> String {
    let place = match zone.place.as_str() {
        "" => config.site.place.clone(),
        code => place(config, code),
    };
    let month = rows.month.map(|m| month(m, wall.day())).unwrap_or_default();
    let number = rows.month.map(|m| m.month().to_string()).unwrap_or_default();
    let words = pattern.replace("{place}", &place).replace("{month}", &month).replace("{m}", &number);
    words.replace("{n}", &figure::grouped(rows.count)).trim().to_owned()
}

fn place(config: &Config, code: &str) -> String {
    config.regions.iter().find(|r| r.code == code).map_or_else(|| code.to_owned(), |r| r.name.clone())
}

fn month(month: Month, today: Date) -> String {
    let year = if month.year() == today.year() { String::new() } else { format!("{} 年 ", month.year()) };
    format!("{year}{} 月", month.month())
}

/// Where the rows come from and when that was last confirmed.
fn foot(rows: &WallRows, wall: &WallTime) -> String {
    let mut parts = Vec::new();
    if rows.rows.iter().any(|r| r.off.is_some()) {
        parts.push("≠ 合计与分项不符".to_owned());
    }
    if rows.count > rows.rows.len() as u64 {
        parts.push(format!("共 {} 条，显示 {} 条", figure::grouped(rows.count), rows.rows.len()));
    }
    if !rows.source_title.is_empty() {
        parts.push(format!("来源：{}", rows.source_title));
    }
    if let Some(at) = rows.last_ok {
        let at = at.to_zoned(wall.0.time_zone().clone());
        parts.push(format!("最后核对 {}", at.strftime("%Y-%m-%d %H:%M")));
    }
    parts.join(" ・ ").replace(char::is_control, " ")
}

/// What cells are said by.
struct Said<'a> {
    register: &'a Register,
    config: &'a Config,
    today: Date,
}

impl Said<'_> {
    fn row(&self, chosen: &[usize], row: &WallRow) -> Row {
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
        Row { cells, lamp: row.clocks.map(|c| c.lamp), ..Row::default() }
    }

    /// The column that a row which does not agree is marked in: its total, else the first that is shown.
    fn marked(&self, chosen: &[usize], row: &WallRow) -> Option<usize> {
        row.off?;
        let totals = self.register.agree.iter().filter_map(|a| self.register.index(&a.total));
        totals.into_iter().find(|i| chosen.contains(i)).or_else(|| chosen.first().copied())
    }

    fn cell(&self, column: &Column, value: &Value) -> Cell {
        let words = match value {
            Value::Empty => String::new(),
            Value::Text(code) if column.kind == ColumnKind::Place => place(self.config, code),
            Value::Text(text) => text.trim().replace(char::is_control, " "),
            Value::Date(day) => self.day(*day),
            Value::Month(month) => month.to_string(),
            Value::Money(fen) => figure::money(*fen),
            Value::Quantity(parts) => figure::quantity(*parts),
            Value::Pictures(all) => format!("{} 张", all.len()),
        };
        let status = column.status.iter().find(|s| column.kind == ColumnKind::Status && s.word == words);
        Cell { tone: status.map_or(Tone::Plain, |s| Tone::Status(s.colour)), words }
    }

    fn day(&self, day: Date) -> String {
        day.strftime(if day.year() == self.today.year() { "%m-%d" } else { "%Y-%m-%d" }).to_string()
    }

    /// The deadline, and what is left of it.
    fn clocks(&self, clocks: &Clocks) -> [Cell; 2] {
        let due = clocks.promised.or(clocks.statutory);
        let left = match (clocks.closed, clocks.days_left) {
            (Some(_), Some(..0)) => "超期办结".to_owned(),
            (Some(_), _) => "已办结".to_owned(),
            (None, Some(days @ ..0)) => format!("超 {} 天", days.unsigned_abs()),
            (None, Some(0)) => "今日".to_owned(),
            (None, Some(days)) => format!("剩 {days} 天"),
            (None, None) => "无期限".to_owned(),
        };
        let day = due.map(|d| self.day(d)).unwrap_or_default();
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
            cells.push(plain(column.zip(sum(index)).map(|(c, sum)| amount(c, sum.now)).unwrap_or_default()));
        }
        if let Some(first) = cells.iter_mut().find(|c| c.words.is_empty()) {
            first.words = "合计".to_owned();
        }
        cells
    }
}
