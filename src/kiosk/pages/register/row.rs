//! One row of a register: every column, what it was before, the notices tied to it, its pictures.

use super::{Action, Context, Outline, Page, grid, register, warning};
use crate::{
    config::{Accent, Register},
    edition::{RowFile, TableQuery},
    kiosk::{
        Reading,
        pages::{Content, article, case, framed, list, picture, pieces, value},
    },
    model::{Row, Value},
    scene::{Colour, Picture, Sampling},
    text::TextAlign,
    ui::{Text, View, qr, widgets},
};
use std::sync::Arc;

/// Earlier contents shown at most.
const BEFORE: usize = 20;
/// Tied notices shown at most.
const TIED: usize = 20;

/// Pictures shown at most.
const PICTURES: usize = 24;
/// A small picture is shown larger, up to this.
const LARGER: f32 = 2.0;

/// The share of a wide page that what the row says has, its first picture beside it.
const FACTS: f32 = 0.44;

/// One row, in parts: what it says, each of its pictures, and all else.
pub struct Facts {
    file: Arc<RowFile>,
    pictures: Vec<String>,
}

/// What the row is called.
pub(in crate::kiosk::pages) fn name(cx: &Context<'_>, register: &Register, file: &RowFile) -> String {
    let index = grid::label(register);
    let said = register.column.get(index).zip(file.kept.row.values.get(index)).map(|(c, v)| cx.cell(c, v));
    said.filter(|s| !s.is_empty()).unwrap_or_else(|| file.kept.row.key.clone())
}

/// The outline of a row's page.
pub(in crate::kiosk::pages) fn outline(cx: &Context<'_>) -> Outline {
    let file = match &cx.visit.stop.reading {
        Reading::Row(file) => Some(file),
        Reading::Gone => return article::gone(cx),
        _ => None,
    };
    let home = || (vec![(cx.say("crumb-home"), Action::Home)], String::new());
    let (trail, here) = file.map_or_else(home, |file| trail(cx, file));
    let mut outline = framed(cx, trail, &here, 0.0, true);
    outline.heights = vec![outline.opening.h];
    if matches!(cx.visit.stop.reading, Reading::Failed) {
        outline.content = Content::Failed;
    }
    if let Some(file) = file {
        let addresses = file.kept.row.values.iter().filter_map(|v| match v {
            Value::Pictures(all) => Some(all),
            _ => None,
        });
        let pictures: Vec<String> = addresses.flatten().take(PICTURES).cloned().collect();
        let high = |a: &String| file.pictures.get(a).map_or(cx.look.pt(190.0), |p| shown(p, outline.width).1);
        if !pictures.is_empty() {
            let rest = cx.look.pt(400.0);
            let below = pictures.iter().skip(usize::from(is_beside(cx)));
            outline.heights.extend(below.map(high).chain([rest]));
        }
        outline.content = Content::Row(Facts { file: Arc::clone(file), pictures });
    }
    outline
}

/// Links down to the register a row is of, and what the row is called.
pub(in crate::kiosk::pages) fn trail(cx: &Context<'_>, file: &RowFile) -> (Vec<(String, Action)>, String) {
    let Some(of) = register(cx, &file.register) else {
        return (vec![(cx.say("crumb-home"), Action::Home)], String::new());
    };
    let mut trail = super::trail(cx, of);
    // The register as it was left, else the whole of it.
    let left = cx.visit.before.iter().rev().find_map(|s| match &s.page {
        Some(page @ Page::Register(q)) if q.register == file.register => Some(page.clone()),
        _ => None,
    });
    let query = TableQuery { register: file.register.clone(), ..TableQuery::default() };
    trail.push((of.title.clone(), Action::Go(left.unwrap_or(Page::Register(query)))));
    (trail, name(cx, of, file))
}

/// The size a picture is shown in: as a document's, but a small one larger, since a voucher is there to be read.
fn shown(picture: &Picture, width: f32) -> (f32, f32) {
    let (w, h) = pieces::shown(picture, width);
    let factor = (width / w.max(1.0)).clamp(1.0, LARGER);
    ((w * factor).round(), (h * factor).round())
}

/// A part of the row.
pub(in crate::kiosk::pages) fn chunk(cx: &Context<'_>, width: f32, facts: &Facts, index: usize) -> View<Action> {
    let Some(of) = register(cx, &facts.file.register) else { return View::column() };
    let count = facts.pictures.len();
    let column = |top: f32, end: f32| View::column().wide(width).pad(cx.look.px(top), 0.0, cx.look.px(end), 0.0);
    let beside = usize::from(is_beside(cx) && count > 0);
    match (index, count) {
        (0, 0) => {
            column(26.0, 40.0).children(cells(cx, width, of, &facts.file)).children(rest(cx, width, of, &facts.file))
        }
        (0, _) if beside > 0 => {
            let (left, gap) = ((width * FACTS).round(), cx.look.px(44.0));
            let said = View::column().wide(left).children(cells(cx, left, of, &facts.file));
            let first = View::column().child(sheet(cx, width - left - gap, facts, 0));
            column(26.0, 20.0).child(View::row().stretch().gap(gap).child(said).child(first))
        }
        (0, _) => {
            let title = heading(cx, width, "row-pictures");
            column(26.0, 0.0).children(cells(cx, width, of, &facts.file)).child(title)
        }
        (n, _) if n + beside <= count => sheet(cx, width, facts, n + beside - 1),
        _ => column(0.0, 40.0).children(rest(cx, width, of, &facts.file)),
    }
}

/// Whether the first picture stands beside what the row says.
fn is_beside(cx: &Context<'_>) -> bool {
    cx.look.landscape() && !cx.look.large
}

/// What the row says.
fn cells(cx: &Context<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    let look = cx.look;
    let size = look.pt(look.size().title);
    let title = Text::new(name(cx, of, file), size, look.ink).bold().lines(0).high((size * 1.35).round());
    let mut all = vec![View::text(title).wide(width), View::row().tall(look.px(18.0))];
    all.extend(disagreements(cx, width, of, &file.kept.row));
    for (column_of, value) in of.column.iter().zip(&file.kept.row.values) {
        if !value.is_empty() && !matches!(value, Value::Pictures(_)) {
            all.push(fact(cx, width, column_of, value));
        }
    }
    all.extend(steps(cx, width, file));
    all
}

/// The notices tied to the row, what it was before, where it comes from.
fn rest(cx: &Context<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    let mut all = Vec::new();
    let tied: Vec<_> = file.notices.iter().filter_map(|id| cx.edition.head(*id)).take(TIED).collect();
    if !tied.is_empty() {
        all.push(heading(cx, width, "row-notices"));
        all.extend(tied.into_iter().map(|head| list::row(cx, width, head)));
    }
    all.extend(history(cx, width, of, file));
    all.push(proof(cx, width, file));
    all
}

fn heading(cx: &Context<'_>, width: f32, key: &str) -> View<Action> {
    let title = widgets::heading_row(cx.look, width, &cx.say(key), None::<(&str, Accent, Action)>);
    View::column().wide(width).pad(cx.look.px(20.0), 0.0, cx.look.px(8.0), 0.0).child(title)
}

/// A column's title and what it holds.
fn fact(cx: &Context<'_>, width: f32, column: &crate::config::Column, value: &Value) -> View<Action> {
    let look = cx.look;
    let size = look.pt(look.size().row);
    let left = (width * 0.3).round();
    let right = width - left;
    let pad = look.px(16.0);
    let title = Text::new(column.title.as_str(), size, look.mute).lines(2);
    let said = match cx.status(column, value) {
        Some(accent) => View::row().child(widgets::badge(look, &cx.cell(column, value), accent)),
        None => {
            let text = Text::new(cx.whole_cell(column, value), size, look.ink).lines(0).high((size * 1.5).round());
            let text = if value::is_figure(column.kind) { text.bold() } else { text };
            View::row().child(View::text(text).wide(right))
        }
    };
    let row = View::row().wide(width).at_least(look.pt(72.0)).pad(pad, 0.0, pad, 0.0);
    let row = row.child(View::row().wide(left).child(View::text(title).wide(left - look.px(16.0)))).child(said);
    View::column().wide(width).child(row).child(View::row().size(width, look.px(2.0)).fill(look.hair))
}

/// Totals that are not the sum of their parts.
fn disagreements(cx: &Context<'_>, width: f32, of: &Register, row: &Row) -> Vec<View<Action>> {
    let number = |id: &String| of.index(id).and_then(|i| row.values.get(i)).and_then(Value::number);
    let mut all = Vec::new();
    for agree in &of.agree {
        let parts: Option<Vec<i64>> = agree.parts.iter().map(number).collect();
        let (Some(total), Some(parts)) = (number(&agree.total), parts) else { continue };
        let off = parts.iter().fold(total, |left, part| left.saturating_sub(*part));
        if off != 0 {
            let is_money = of.find(&agree.total).is_some_and(|c| c.kind == crate::config::ColumnKind::Money);
            let off = off.saturating_abs();
            let off = if is_money { value::money(off) } else { value::quantity(off) };
            let title = of.find(&agree.total).map_or("", |c| c.title.as_str());
            let words = cx.words.say("disagree-of", &[("total", title), ("off", &off)]);
            all.push(View::column().pad(0.0, 0.0, cx.look.px(16.0), 0.0).child(warning(cx, width, &words, "")));
        }
    }
    all
}

/// The steps of a row that has some: a power's flow.
fn steps(cx: &Context<'_>, width: f32, file: &RowFile) -> Vec<View<Action>> {
    if file.kept.row.steps.is_empty() {
        return Vec::new();
    }
    let mut all = vec![heading(cx, width, "row-steps")];
    all.push(case::course(cx, width, &file.kept.row.steps, None, case::APART));
    all
}

/// One of the row's pictures with its number, or that it is not held here.
fn sheet(cx: &Context<'_>, width: f32, facts: &Facts, index: usize) -> View<Action> {
    let look = cx.look;
    let column = View::column().wide(width).across().gap(look.px(10.0)).pad(look.px(8.0), 0.0, look.px(20.0), 0.0);
    let Some(address) = facts.pictures.get(index) else { return column };
    let (n, all) = ((index + 1).to_string(), facts.pictures.len().to_string());
    let mut number = cx.words.say("picture-number", &[("n", &n), ("all", &all)]);
    let held = facts.file.pictures.get(address).map(|held| (held, shown(held, width)));
    let gains = held.is_some_and(|(held, (w, _))| picture::gains(cx, held, w));
    if gains {
        number = format!("{number} ・ {}", cx.say("picture-enlarge"));
    }
    let number = Text::new(number, look.pt(look.size().small), look.mute);
    let column = column.child(View::text(number).wide(width));
    if let Some((held, (w, h))) = held {
        let image = View::image(Arc::clone(held), w, h, Colour::WHITE, Sampling::Linear);
        let column = column.child(View::row().edge(look.px(2.0), look.line).child(image));
        return if gains { column.on(Action::Go(Page::Picture(address.clone()))) } else { column };
    }
    let name = address.rsplit('/').next().unwrap_or_default();
    let key = if facts.file.is_settled { "picture-missing" } else { "picture-waiting" };
    let words = cx.words.say(key, &[("name", name)]);
    let icon = look.px(56.0);
    let sheet = cx.icons.get(crate::ui::icons::Icon::Empty, icon);
    let words = Text::new(words, look.pt(look.size().small), look.mute).lines(3).align(TextAlign::Centre);
    let frame = View::column().middle().across().size(width, look.pt(170.0)).gap(look.px(8.0)).fill(look.paper);
    let frame = frame.round(look.px(look.space().radius_small)).edge(look.px(2.0), look.line);
    let frame = frame.child(View::image(sheet, icon, icon, look.mute, Sampling::Linear));
    column.child(frame.child(View::text(words).wide(width - look.px(64.0))))
}

/// What changed, and when that was seen.
fn history(cx: &Context<'_>, width: f32, of: &Register, file: &RowFile) -> Vec<View<Action>> {
    if file.before.is_empty() {
        return Vec::new();
    }
    let look = cx.look;
    let size = look.pt(look.size().small);
    let mut all = vec![heading(cx, width, "row-history")];
    let mut newer = &file.kept.row;
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
            let said = |v: &Value| if v.is_empty() { none.clone() } else { cx.whole_cell(column, v) };
            let words = format!("{}：{} → {}", column.title, said(old), said(new));
            entry = entry.child(View::text(Text::new(words, size, look.ink).lines(0)).wide(width));
        }
        if changed == 0 {
            let words = cx.say("row-steps-changed");
            entry = entry.child(View::text(Text::new(words, size, look.ink)).wide(width));
        }
        all.push(entry.child(View::row().size(width, look.px(2.0)).fill(look.hair)));
        newer = older;
    }
    all
}

/// Where it comes from, when that was confirmed, whom to ask.
fn proof(cx: &Context<'_>, width: f32, file: &RowFile) -> View<Action> {
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
