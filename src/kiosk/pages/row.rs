//! One row of a register: every column, what it was before, the notices tied to it, its pictures.

use crate::{
    config::{Accent, Register},
    edition::{Edition, Query, Response, RowFile, TableQuery},
    kiosk::{
        address::{Action, Page},
        kit::{
            APART, Measure, PageContext, PageLayout, Room, StandIn, Status, course, fact_row, fact_title, framed,
            gains, gone, is_figure, money, notice_row, quantity, register_trail, row_name, shown, skeleton, warning,
        },
        page::{Handed, KioskPage, Received},
    },
    model::{Row, RowId, Value},
    scene::{Colour, Picture, Sampling},
    text::{MAX_LINE_CHARS, MAX_TEXT_CHARS, TextAlign},
    ui::{Role, Text, View, icons::Icon, qr, widgets},
};
use std::sync::Arc;

/// Characters of all cells at most, each with its share.
const MAX_CELLS: usize = 12_000;
/// Earlier contents shown at most, characters of one cell of them, and of all.
const BEFORE: usize = 20;
const WAS: usize = 200;
const MAX_BEFORE: usize = 6_000;
/// Tied notices shown at most.
const TIED: usize = 20;

/// Pictures shown at most.
const PICTURES: usize = 24;
/// A small picture is shown larger, up to this.
const LARGER: f32 = 2.0;

/// The share of a wide page that what the row says has, its first picture beside it.
const FACTS: f32 = 0.44;

/// A row's page: what it says, each of its pictures, and all else, a section each.
pub struct RowPage {
    id: RowId,
    file: Option<Arc<RowFile>>,
    /// The addresses of the pictures shown.
    pictures: Vec<String>,
}

impl RowPage {
    /// The page of a row.
    pub fn new(id: RowId) -> Self {
        Self { id, file: None, pictures: Vec::new() }
    }

    /// One of the row's pictures, counted from 0.
    fn sheet(&self, cx: &PageContext<'_>, width: f32, file: &RowFile, index: usize) -> View<Action> {
        let Some(address) = self.pictures.get(index) else { return View::column() };
        sheet(cx, width, (file, address), (index + 1, self.pictures.len()))
    }
}

impl KioskPage for RowPage {
    fn query(&self) -> Option<Query> {
        Some(Query::Row(self.id))
    }

    fn take(&mut self, response: Response) -> Received {
        let Response::Row(mut file) = response else {
            (self.file, self.pictures) = (None, Vec::new());
            return Received::Gone;
        };
        // Asked again, its words come before its pictures; those that stand there stay until then.
        if let Some(old) = &self.file
            && file.pictures.is_empty()
            && !file.is_settled
            && !old.pictures.is_empty()
        {
            Arc::make_mut(&mut file).pictures.clone_from(&old.pictures);
        }
        let addresses = file.kept.row.values.iter().filter_map(|v| match v {
            Value::Pictures(all) => Some(all),
            _ => None,
        });
        self.pictures = addresses.flatten().take(PICTURES).cloned().collect();
        self.file = Some(file);
        Received::Shown
    }

    fn is_unfinished(&self) -> bool {
        self.file.as_ref().is_some_and(|file| !file.is_settled)
    }

    fn refresh(&mut self, _: &Edition) -> bool {
        self.file.is_some()
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let Some(file) = &self.file else {
            return match cx.status {
                Status::Gone => gone(cx),
                Status::Failed => framed(cx, cx.home(), "", 0.0, true).instead(StandIn::Failed),
                Status::Ready | Status::Asked(_) => framed(cx, cx.home(), "", 0.0, true),
            };
        };
        let (trail, here) = trail(cx, file);
        let mut layout = framed(cx, trail, &here, 0.0, true);
        let high = |a: &String| file.pictures.get(a).map_or(cx.look.pt(190.0), |p| larger(p, layout.width).1);
        if !self.pictures.is_empty() {
            let rest = cx.look.pt(400.0);
            let below = self.pictures.iter().skip(usize::from(is_beside(cx)));
            let heights: Vec<f32> = below.map(high).chain([rest]).collect();
            layout.heights.extend(heights);
        }
        layout
    }

    /// A part of the row.
    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        let Some(file) = &self.file else { return skeleton(cx, width, None) };
        let Some(of) = cx.config.registers.get(&file.register) else { return View::column() };
        let count = self.pictures.len();
        let column = |top: f32, end: f32| View::column().wide(width).pad(cx.look.px(top), 0.0, cx.look.px(end), 0.0);
        let beside = usize::from(is_beside(cx) && count > 0);
        match (index, count) {
            (0, 0) => column(26.0, 40.0).children(cells(cx, width, of, file)).children(rest(cx, width, of, file)),
            (0, _) if beside > 0 => {
                let (left, gap) = ((width * FACTS).round(), cx.look.px(44.0));
                let said = View::column().wide(left).children(cells(cx, left, of, file));
                let first = View::column().child(self.sheet(cx, width - left - gap, file, 0));
                column(26.0, 20.0).child(View::row().stretch().gap(gap).child(said).child(first))
            }
            (0, _) => {
                let title = heading(cx, width, "row-pictures");
                column(26.0, 0.0).children(cells(cx, width, of, file)).child(title)
            }
            (n, _) if n + beside <= count => self.sheet(cx, width, file, n + beside - 1),
            _ => column(0.0, 40.0).children(rest(cx, width, of, file)),
        }
    }

    fn hand_on(&self) -> Handed {
        self.file.clone().map_or(Handed::Nothing, Handed::Row)
    }
}

/// Links down to the register a row is of, and what the row is called.
fn trail(cx: &PageContext<'_>, file: &RowFile) -> (Vec<(String, Action)>, String) {
    let Some(of) = cx.config.registers.get(&file.register) else { return (cx.home(), String::new()) };
    let mut trail = register_trail(cx, of);
    // The register as it was left, else the whole of it.
    let is_left = |page: &&&Page| matches!(page, Page::Register(q) if q.register == file.register);
    let left = cx.behind.iter().rev().find(is_left).map(|page| (*page).clone());
    let query = TableQuery { register: file.register.clone(), ..TableQuery::default() };
    trail.push((of.title.clone(), Action::Go(left.unwrap_or(Page::Register(query)))));
    (trail, row_name(cx, of, file))
}

/// The size a picture is shown in: as a document's, but a small one larger, since a voucher is there to be read.
fn larger(picture: &Picture, width: f32) -> (f32, f32) {
    let (w, h) = shown(picture, width);
    let factor = (width / w.max(1.0)).clamp(1.0, LARGER);
    ((w * factor).round(), (h * factor).round())
}

/// Whether the first picture stands beside what the row says.
fn is_beside(cx: &PageContext<'_>) -> bool {
    cx.look.landscape() && !cx.look.large
}

/// What the row says.
fn cells(cx: &PageContext<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    let look = cx.look;
    let size = look.pt(look.size().title);
    let title = Text::new(row_name(cx, of, file), size, look.ink).bold().lines(0).high((size * 1.35).round());
    let mut all = vec![View::text(title).role(Role::Heading).wide(width), View::row().tall(look.px(18.0))];
    all.extend(disagreements(cx, width, of, &file.kept.row));
    let max = (MAX_CELLS / of.column.len().max(1)).clamp(MAX_LINE_CHARS, MAX_TEXT_CHARS);
    for (column_of, value) in of.column.iter().zip(&file.kept.row.values) {
        if !value.is_empty() && !matches!(value, Value::Pictures(_)) {
            all.push(fact(cx, width, column_of, value, max));
        }
    }
    all.extend(steps(cx, width, file));
    all
}

/// The notices tied to the row, what it was before, where it comes from.
fn rest(cx: &PageContext<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    let mut all = Vec::new();
    let tied: Vec<_> = file.notices.iter().take(TIED).collect();
    if !tied.is_empty() {
        all.push(heading(cx, width, "row-notices"));
        all.extend(tied.into_iter().map(|head| notice_row(cx, width, head)));
    }
    all.extend(history(cx, width, of, file));
    all.push(proof(cx, width, file));
    all
}

fn heading(cx: &PageContext<'_>, width: f32, key: &str) -> View<Action> {
    let title = widgets::heading_row(cx.look, width, &cx.say(key), None::<(&str, Accent, Action)>);
    View::column().wide(width).pad(cx.look.px(20.0), 0.0, cx.look.px(8.0), 0.0).child(title)
}

/// A column's title and what it holds.
fn fact(cx: &PageContext<'_>, width: f32, column: &crate::config::Column, value: &Value, max: usize) -> View<Action> {
    let look = cx.look;
    let size = look.pt(look.size().row);
    let right = width - fact_title(width);
    let said = match cx.status(column, value) {
        Some(accent) => View::row().child(widgets::badge(look, &cx.cell(column, value), accent)),
        None => {
            let text = Text::new(cx.whole_cell(column, value, max), size, look.ink).lines(0).high((size * 1.5).round());
            let text = if is_figure(column.kind) { text.bold() } else { text };
            View::row().child(View::text(text).wide(right))
        }
    };
    fact_row(cx, width, &column.title, said)
}

/// Totals that are not the sum of their parts.
fn disagreements(cx: &PageContext<'_>, width: f32, of: &Register, row: &Row) -> Vec<View<Action>> {
    let number = |id: &String| of.index(id).and_then(|i| row.values.get(i)).and_then(Value::number);
    let mut all = Vec::new();
    for agree in &of.agree {
        let parts: Option<Vec<i64>> = agree.parts.iter().map(number).collect();
        let (Some(total), Some(parts)) = (number(&agree.total), parts) else { continue };
        let off = parts.iter().fold(total, |left, part| left.saturating_sub(*part));
        if off != 0 {
            let is_money = of.find(&agree.total).is_some_and(|c| c.kind == crate::config::ColumnKind::Money);
            let off = off.saturating_abs();
            let off = if is_money { money(off) } else { quantity(off) };
            let title = of.find(&agree.total).map_or("", |c| c.title.as_str());
            let words = cx.words.say("disagree-of", &[("total", title), ("off", &off)]);
            all.push(View::column().pad(0.0, 0.0, cx.look.px(16.0), 0.0).child(warning(cx, width, &words, "")));
        }
    }
    all
}

/// The steps of a row that has some: a power's flow.
fn steps(cx: &PageContext<'_>, width: f32, file: &RowFile) -> Vec<View<Action>> {
    if file.kept.row.steps.is_empty() {
        return Vec::new();
    }
    let mut all = vec![heading(cx, width, "row-steps")];
    all.push(course(cx, width, &file.kept.row.steps, None, APART));
    all
}

/// What changed, and when that was seen.
fn history(cx: &PageContext<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    if file.before.is_empty() {
        return Vec::new();
    }
    let look = cx.look;
    let size = look.pt(look.size().small);
    let mut all = vec![heading(cx, width, "row-history")];
    let mut newer = &file.kept.row;
    let mut left = MAX_BEFORE;
    for (seen, older) in file.before.iter().take(BEFORE) {
        let since = cx.words.say("row-was", &[("time", &cx.moment(*seen))]);
        let mut entry = View::column().wide(width).pad(look.px(14.0), 0.0, look.px(14.0), 0.0).gap(look.px(4.0));
        entry = entry.child(View::text(Text::new(since, size, look.mute)).wide(width));
        let mut changed = 0;
        for (i, column) in of.column.iter().enumerate() {
            let (Some(new), Some(old)) = (newer.values.get(i), older.values.get(i)) else { continue };
            if new == old {
                continue;
            }
            changed += 1;
            let none = cx.say("row-empty");
            let said = |v: &Value| if v.is_empty() { none.clone() } else { cx.whole_cell(column, v, WAS) };
            let words = format!("{}：{} → {}", column.title, said(old), said(new));
            left = left.saturating_sub(words.chars().count());
            entry = entry.child(View::text(Text::new(words, size, look.ink).lines(0)).wide(width));
        }
        if changed == 0 {
            let words = cx.say("row-steps-changed");
            entry = entry.child(View::text(Text::new(words, size, look.ink)).wide(width));
        }
        all.push(entry.child(View::row().size(width, look.px(2.0)).fill(look.hair)));
        newer = older;
        if left == 0 {
            break;
        }
    }
    all
}

/// Where it comes from, when that was confirmed, whom to ask.
fn proof(cx: &PageContext<'_>, width: f32, file: &RowFile) -> View<Action> {
    let look = cx.look;
    let source = if file.source_title.is_empty() { &file.source } else { &file.source_title };
    let mut facts = vec![
        cx.words.say("source", &[("source", source)]),
        cx.words.say("confirmed", &[("time", &cx.moment(file.kept.last_seen))]),
    ];
    let digest = match (file.digest.get(..4), file.digest.get(file.digest.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if file.digest.len() > 8 => format!("{head}…{tail}"),
        _ => file.digest.clone(),
    };
    if !digest.is_empty() {
        facts.push(cx.words.say("digest", &[("digest", &digest)]));
    }
    let hotline = cx.config.site.hotline.trim();
    if !hotline.is_empty() {
        facts.push(cx.words.say("hotline", &[("number", hotline)]));
    }
    let words = Text::new(facts.join(" ・ "), look.pt(look.size().fine), look.mute).lines(4);
    let row = View::row().wide(width).pad(look.px(24.0), 0.0, 0.0, 0.0).gap(look.px(24.0));
    let row = row.child(View::text(words).grow(1.0));
    let Some(code) = Some(&file.source).filter(|s| s.starts_with("http")).and_then(|s| qr::code(s)) else { return row };
    let modules = code.width as f32;
    // Whole pixels a module, or the code blurs.
    let side = (look.px(128.0) / modules).floor().max(2.0) * modules;
    row.child(View::image(Arc::new(code), side, side, Colour::WHITE, Sampling::Nearest))
}

/// One of the row's pictures with its number, or that it is not held here.
fn sheet(
    cx: &PageContext<'_>,
    width: f32,
    (file, address): (&RowFile, &str),
    (n, all): (usize, usize),
) -> View<Action> {
    let look = cx.look;
    let column = View::column().wide(width).across().gap(look.px(10.0)).pad(look.px(8.0), 0.0, look.px(20.0), 0.0);
    let (n, all) = (n.to_string(), all.to_string());
    let mut number = cx.words.say("picture-number", &[("n", &n), ("all", &all)]);
    let held = file.pictures.get(address).map(|held| (held, larger(held, width)));
    let gains = held.is_some_and(|(held, (w, _))| gains(cx, held, w));
    if gains {
        number = format!("{number} ・ {}", cx.say("picture-enlarge"));
    }
    let number = Text::new(number, look.pt(look.size().small), look.mute);
    let column = column.child(View::text(number).wide(width));
    if let Some((held, (w, h))) = held {
        let image = View::image(Arc::clone(held), w, h, Colour::WHITE, Sampling::Linear);
        let column = column.child(View::row().edge(look.px(2.0), look.line).child(image));
        return if gains { column.on(Action::Go(Page::Picture(address.to_owned()))) } else { column };
    }
    let name = address.rsplit('/').next().unwrap_or_default();
    let key = if file.is_settled { "picture-missing" } else { "picture-waiting" };
    let words = cx.words.say(key, &[("name", name)]);
    let icon = look.px(56.0);
    let sheet = cx.icons.get(Icon::Empty, icon);
    let words = Text::new(words, look.pt(look.size().small), look.mute).lines(3).align(TextAlign::Centre);
    let frame = View::column().middle().across().size(width, look.pt(170.0)).gap(look.px(8.0)).fill(look.paper);
    let frame = frame.round(look.px(look.space().radius_small)).edge(look.px(2.0), look.line);
    let frame = frame.child(View::image(sheet, icon, icon, look.mute, Sampling::Linear));
    column.child(frame.child(View::text(words).wide(width - look.px(64.0))))
}
