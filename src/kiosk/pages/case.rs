//! 查进度: a case by its receipt number: how far it is, and how many working days are left.

use super::{Action, Content, Context, Outline, Page, keyboard, keyboard::For, note, open, register};
use crate::{
    config::{CaseRules, Heading, Register},
    edition::CaseFile,
    kiosk::{Keys, Reading},
    model::{Clocks, Lamp, Step},
    text::ems,
    time::civil::{Date, DateTime},
    ui::{
        Text, TextSpan, View,
        icons::Icon,
        widgets::{self, Point},
    },
};

/// Pixels between two steps.
pub(super) const APART: f32 = 28.0;

/// A receipt number as people read it: `SL2026 1109 0037`.
fn spaced(receipt: &str) -> String {
    let letters = receipt.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = receipt.get(letters..).unwrap_or_default();
    if letters > 4 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return receipt.to_owned();
    }
    let mut out = receipt.get(..letters).unwrap_or_default().to_owned();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// The page: breadcrumb, field, what there is to say, keys.
pub(super) fn outline(cx: &Context<'_>) -> Outline {
    let (look, f, low) = (cx.look, cx.frame(), cx.visit.low);
    let (entry, wide) = (&cx.visit.stop.entry, look.landscape());
    let whole = look.width - 2.0 * f.gutter;
    let gap = look.px(look.space().gap_large);
    let keys = if entry.keys == Keys::Away { Keys::First } else { entry.keys };
    let flat = wide && low;
    let pad_wide = match (wide, low, look.large) {
        (false, ..) => whole,
        (true, true, false) => look.px(900.0),
        (true, true, true) => look.px(1180.0),
        (true, false, false) => look.px(780.0),
        (true, false, true) => look.px(980.0),
    };
    let count = keyboard::rows(For::Receipt, keys, flat) as f32;
    let key_gap = look.px(14.0);
    let foot = if low && !wide { f.crumbs } else { look.px(if wide { 24.0 } else { 40.0 }) };
    let bottom = f.bottom - foot;
    let key = look.pt(if wide && !low { 120.0 } else { 92.0 });
    let room = match (wide, low) {
        (true, true) => bottom - cx.low_top(),
        (true, false) => bottom - f.top - f.crumbs,
        (false, _) => f32::MAX,
    };
    let pad_tall = (key * count + key_gap * (count - 1.0)).min(room).floor();
    let field_tall = look.pt(if wide { 100.0 } else { 112.0 });
    let top = if low { f.top + look.px(24.0) } else { f.top + f.crumbs };
    let left = if wide && !low { whole - pad_wide - look.px(40.0) } else { whole };
    let (pad_x, pad_y) = if wide && !low {
        (f.gutter + left + look.px(40.0), top)
    } else {
        (f.gutter + whole - pad_wide, bottom - pad_tall)
    };
    let crumbs = if low { f.bottom - f.crumbs } else { f.top };
    let crumbs_wide = if flat { whole - pad_wide - gap } else { whole };
    let (above, here) = trail(cx);
    let crumb = widgets::breadcrumb(look, (crumbs_wide, f.crumbs), above, &here).at(f.gutter, crumbs);
    let field = widgets::field(look, (left, field_tall), &spaced(&entry.text), &cx.say("case-hint"), "");
    let pad = keyboard::view(cx, (pad_wide, pad_tall), For::Receipt, keys, flat);
    let from = top + field_tall + gap;
    let to = match (wide, low) {
        (true, false) => f.bottom,
        (true, true) => cx.low_top() - look.px(16.0),
        (false, _) => pad_y - gap,
    };
    let mut outline = open(cx, from, to, Content::Case { is_split: false }, vec![to - from]);
    (outline.left, outline.width) = (f.gutter, left);
    outline.opening.w = f.gutter + left + look.px(4.0);
    outline.track.x = f.gutter + left + look.px(8.0);
    outline.under = outline.under.child(crumb).child(field.at(f.gutter, top)).child(pad.at(pad_x, pad_y));
    let below = pad_y + pad_tall + gap;
    if wide
        && !low
        && let Some(card) = beside(cx, (pad_wide, f.bottom - look.px(16.0) - below))
    {
        outline.under = outline.under.child(card.at(pad_x, below));
        outline.content = Content::Case { is_split: true };
    }
    outline
}

fn trail(cx: &Context<'_>) -> (Vec<(String, Action)>, String) {
    let Some(heading) = cx.case_heading() else {
        return (vec![(cx.say("crumb-home"), Action::Home)], cx.say("case-title"));
    };
    let mut trail = cx.trail(&heading.id);
    trail.pop();
    (trail, heading.title.clone())
}

/// A case's lamp and facts to stand below the keys, where there is room and it has steps that then have the other column
/// to themselves.
fn beside(cx: &Context<'_>, (width, room): (f32, f32)) -> Option<View<Action>> {
    let Reading::Case(file) = &cx.visit.stop.reading else { return None };
    if cx.visit.stop.entry.help || file.file.kept.row.steps.is_empty() {
        return None;
    }
    let register = cx.config.registers.get(&file.file.register);
    (facts_tall(cx, width, file, register) <= room).then(|| facts(cx, width, file, register))
}

/// What stands between field and keys. `is_split`: a case's facts stand elsewhere.
pub(super) fn view(cx: &Context<'_>, width: f32, tall: f32, is_split: bool) -> View<Action> {
    let entry = &cx.visit.stop.entry;
    let says = |title: &str, line: &str| note(cx, (width, tall), &cx.say(title), &cx.say(line));
    match &cx.visit.stop.reading {
        _ if entry.help => says("case-help-title", "case-help-line"),
        Reading::Case(file) => result(cx, width, file, is_split),
        Reading::Gone => says("case-none-title", "case-none-line"),
        // In 低位操作 this stands out of reach: 查询 asks again there.
        Reading::Failed => super::failed(cx, (width, tall), !cx.visit.low),
        Reading::Asked(_) if cx.late => super::article::waiting(cx, width),
        Reading::Asked(_) => View::column().wide(width),
        _ => idle(cx, width, tall),
    }
}

/// Nothing is asked yet: how to ask, and what else the heading has.
fn idle(cx: &Context<'_>, width: f32, tall: f32) -> View<Action> {
    let look = cx.look;
    let children = cx.case_heading().into_iter().flat_map(|h| cx.config.catalogue.children(&h.id));
    let others: Vec<&Heading> = children.filter(|h| !matches!(cx.page_of(&h.id), Page::Case(_))).collect();
    let rows = others.len().div_ceil(2) as f32;
    let below = if others.is_empty() { 0.0 } else { rows * (look.pt(128.0) + look.px(20.0)) + look.px(48.0) };
    let words = (&*cx.say("case-idle-title"), &*cx.say("case-idle-line"));
    let icon = cx.icons.get(Icon::Search, look.px(96.0));
    let line = super::article::broken(words.1, (width - look.px(80.0)) / look.pt(look.size().row));
    let note = widgets::note(look, (width, (tall - below).max(look.pt(220.0))), icon, (words.0, &line));
    let column = View::column().wide(width).child(note);
    if others.is_empty() {
        return column;
    }
    let side = look.px(24.0);
    let card = register::card(cx, width).pad(side, side, side, side);
    column.child(card.child(super::browse::tiles(cx, width - 2.0 * side, &others, 2)))
}

/// A case: its lamp and facts, unless they stand elsewhere, then its steps.
fn result(cx: &Context<'_>, width: f32, file: &CaseFile, is_split: bool) -> View<Action> {
    let look = cx.look;
    let gap = look.px(look.space().gap_large);
    let side = look.px(40.0);
    let rules = cx.config.registers.get(&file.file.register);
    let column = View::column().wide(width).gap(gap);
    let column = if is_split { column } else { column.child(facts(cx, width, file, rules)) };
    let steps = &file.file.kept.row.steps;
    if steps.is_empty() {
        return column;
    }
    // With a column to themselves the steps of most cases fit it, if they stand a little closer.
    let (top, end, apart) = if is_split { (24.0, 4.0, 20.0) } else { (30.0, 12.0, APART) };
    let card = register::card(cx, width).pad(look.px(top), side, look.px(end), side);
    let course = course(cx, width - 2.0 * side, steps, rules.and_then(|r| r.case.as_ref()), apart);
    column.child(card.child(course))
}

/// What the facts of a case say: its name, its unit and promises, its deadline, how it stands.
struct Facts {
    title: String,
    quiet: Vec<String>,
    deadline: Option<(String, String)>,
    state: String,
}

impl Facts {
    fn of(cx: &Context<'_>, file: &CaseFile, register: Option<&Register>) -> Self {
        let values = &file.file.kept.row.values;
        let cell = |id: &str| {
            let index = register?.index(id)?;
            let said = cx.cell(register?.column.get(index)?, values.get(index)?);
            (!said.is_empty()).then_some(said)
        };
        let title =
            register.map_or_else(|| file.file.kept.row.key.clone(), |r| super::register::row_name(cx, r, &file.file));
        let unit = register.and_then(|r| cell(&r.unit)).map(|unit| cx.words.say("case-unit", &[("unit", &unit)]));
        let mut quiet: Vec<String> = unit.into_iter().collect();
        let rules = register.and_then(|r| r.case.as_ref());
        let days =
            [("case-promised", rules.map(|r| &r.promised_days)), ("case-statutory", rules.map(|r| &r.statutory_days))];
        let days = days.into_iter().filter_map(|(key, id)| Some(cx.words.say(key, &[("n", &cell(id?)?)])));
        let days: Vec<String> = days.collect();
        if !days.is_empty() {
            quiet.push(days.join("，"));
        }
        Self { title, quiet, deadline: deadline(cx, &file.clocks), state: state(cx, &file.clocks) }
    }
}

/// Space at the sides of the facts, the lamp's, and what is left for words.
fn facts_wide(cx: &Context<'_>, width: f32) -> (f32, f32, f32) {
    let (side, disc) = (cx.look.px(40.0), cx.look.px(if cx.look.large { 190.0 } else { 168.0 }));
    (side, disc, width - 3.0 * side - disc)
}

/// How high the facts are at most.
fn facts_tall(cx: &Context<'_>, width: f32, file: &CaseFile, register: Option<&Register>) -> f32 {
    let look = cx.look;
    let (_, disc, inner) = facts_wide(cx, width);
    let said = Facts::of(cx, file, register);
    let lines = |words: &str, size: f32, most: f32| (ems(words, true) * size / inner).ceil().clamp(1.0, most);
    let row = look.pt(look.size().row);
    let due = said.deadline.map(|(label, day)| format!("{label} {day}"));
    let rows: f32 = said.quiet.iter().chain(&due).chain([&said.state]).map(|w| lines(w, row, 2.0)).sum();
    let title = lines(&said.title, look.pt(look.size().heading), 3.0) * look.pt(58.0);
    let words = title + rows * look.pt(42.0) + look.px(6.0 + 2.0 * 6.0);
    words.max(disc) + look.px(28.0 + 26.0)
}

fn facts(cx: &Context<'_>, width: f32, file: &CaseFile, register: Option<&Register>) -> View<Action> {
    let look = cx.look;
    let (side, disc, inner) = facts_wide(cx, width);
    let (size, high) = (look.pt(look.size().row), look.pt(42.0));
    let said = Facts::of(cx, file, register);
    let title = Text::new(said.title, look.pt(look.size().heading), look.ink).bold().lines(3).high(look.pt(58.0));
    let quiet = |words: String| View::text(Text::new(words, size, look.mute).lines(2).high(high)).wide(inner);
    let mut words = View::column().gap(look.px(2.0)).child(View::text(title).wide(inner));
    words = words.child(View::row().tall(look.px(6.0)));
    words = words.children(said.quiet.into_iter().map(quiet));
    words = words.children(said.deadline.map(|(label, day)| {
        let span = |text: String, bold: bool, colour| TextSpan { text, bold, colour };
        let spans = vec![span(format!("{label} "), false, None), span(day, true, Some(look.ink))];
        View::text(Text { spans, ..Text::new("", size, look.mute) }.lines(2).high(high)).wide(inner)
    }));
    let accent = widgets::lamp_accent(file.clocks.lamp);
    let state = Text::new(said.state, size, look.readable(accent, look.card)).bold().lines(2).high(high);
    words = words.child(View::text(state).wide(inner));
    let (large, small) = left(cx, &file.clocks);
    let lamp = widgets::lamp(look, disc, file.clocks.lamp, (&large, &small));
    let row = View::row().gap(side).child(lamp).child(words);
    register::card(cx, width).pad(look.px(28.0), side, look.px(26.0), side).child(row)
}

/// What stands in the lamp.
fn left(cx: &Context<'_>, clocks: &Clocks) -> (String, String) {
    match (clocks.closed, clocks.days_left) {
        (Some(_), Some(..0)) => (cx.say("lamp-closed"), cx.say("lamp-late")),
        (Some(_), _) => (cx.say("lamp-closed"), cx.say("lamp-on-time")),
        (None, Some(0)) => (cx.say("lamp-today"), cx.say("lamp-due")),
        (None, Some(days @ ..0)) => (days.unsigned_abs().to_string(), cx.say("lamp-over")),
        (None, Some(days)) => (days.to_string(), cx.say("lamp-days")),
        (None, None) => (clocks.used.to_string(), cx.say("lamp-used")),
    }
}

/// How it stands, in words.
fn state(cx: &Context<'_>, clocks: &Clocks) -> String {
    let n = clocks.days_left.map(|d| d.unsigned_abs().to_string()).unwrap_or_default();
    let closed = |key: &str, day: Date| cx.words.say(key, &[("day", &cx.short_day(day))]);
    match (clocks.closed, clocks.days_left, clocks.lamp) {
        (Some(day), Some(..0), _) => closed("case-closed-late", day),
        (Some(day), ..) => closed("case-closed", day),
        (None, Some(0), _) => cx.say("case-today"),
        (None, Some(..0), _) => cx.words.say("case-over", &[("n", &n)]),
        (None, Some(_), Lamp::Green) => cx.words.say("case-green", &[("n", &n)]),
        (None, Some(_), _) => cx.words.say("case-yellow", &[("n", &n)]),
        (None, None, _) => cx.say("case-no-deadline"),
    }
}

/// The day it is due, the one promised before the one by law.
fn deadline(cx: &Context<'_>, clocks: &Clocks) -> Option<(String, String)> {
    let (key, day) = match (clocks.promised, clocks.statutory) {
        (Some(day), _) => ("case-until-promised", day),
        (None, Some(day)) => ("case-until-statutory", day),
        (None, None) => return None,
    };
    Some((cx.say(key), long_day(cx, day)))
}

/// `11 月 26 日（星期四）`.
fn long_day(cx: &Context<'_>, day: Date) -> String {
    let (year, month, number) = (day.year().to_string(), day.month().to_string(), day.day().to_string());
    let key = if day.year() == cx.wall.day().year() { "day" } else { "day-of-year" };
    let said = cx.words.say(key, &[("year", &year), ("month", &month), ("day", &number)]);
    format!("{said}（{}）", cx.wording().weekday(day))
}

/// Steps from the first to the last, so far apart, with the time that does not count in grey.
pub(super) fn course(
    cx: &Context<'_>,
    width: f32,
    steps: &[Step],
    rules: Option<&CaseRules>,
    apart: f32,
) -> View<Action> {
    let look = cx.look;
    let (side, gap) = (look.px(36.0), look.px(32.0));
    let inner = width - side - gap;
    let mut column = View::column().wide(width);
    for (i, step) in steps.iter().enumerate() {
        let pauses = step.pause || rules.is_some_and(|r| r.pauses.iter().any(|p| step.name.contains(p.as_str())));
        let point = match (step.from, step.until) {
            (None, None) => Point::Later,
            _ if pauses => Point::Pause,
            (_, Some(_)) => Point::Done,
            (Some(_), None) => Point::Now,
        };
        let below = (i + 1 < steps.len()).then_some(apart);
        column = column.child(step_view(cx, (side, gap, inner), step, point, pauses, below));
    }
    column
}

fn step_view(
    cx: &Context<'_>,
    (side, gap, inner): (f32, f32, f32),
    step: &Step,
    point: Point,
    pauses: bool,
    below: Option<f32>,
) -> View<Action> {
    let look = cx.look;
    let name = if pauses { cx.words.say("step-pause", &[("name", &step.name)]) } else { step.name.clone() };
    let name = Text::new(name, look.pt(look.size().large), look.ink).bold().lines(2).high(look.pt(48.0));
    let time = when(cx, step, pauses);
    let time = Text::new(time, look.pt(look.size().row * 0.93), look.mute);
    let first = View::row().wide(inner).gap(look.px(16.0)).child(View::text(name).grow(1.0)).child(View::text(time));
    let mut words = View::column().gap(look.px(4.0)).child(first);
    if !step.note.is_empty() {
        let note = Text::new(step.note.as_str(), look.pt(look.size().small), look.mute).lines(4);
        words = words.child(View::text(note).wide(inner));
    }
    let words = words.pad(0.0, 0.0, look.px(below.unwrap_or(10.0)), 0.0);
    // The line from this point to the next, as high as the words between them.
    let line = look.px(4.0);
    let mut rail = View::column().wide(side).across().pad(look.px(6.0), 0.0, 0.0, 0.0);
    rail = rail.child(widgets::point(look, side, point));
    if below.is_some() {
        rail = rail.child(View::row().wide(line).grow(1.0).fill(look.line));
    }
    View::row().stretch().gap(gap).child(rail).child(words)
}

/// When a step was: its end, its stretch, or that it goes on.
fn when(cx: &Context<'_>, step: &Step, pauses: bool) -> String {
    let day = |at: DateTime| cx.short_day(at.date());
    let time = |at: DateTime| {
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.time() == jiff::civil::Time::midnight() { day(at) } else { format!("{} {clock}", day(at)) }
    };
    match (step.from, step.until) {
        (None, None) => String::new(),
        (Some(from), Some(until)) if pauses && from.date() != until.date() => format!("{} → {}", day(from), day(until)),
        (_, Some(until)) => time(until),
        (Some(from), None) if pauses => cx.words.say("step-since", &[("day", &day(from))]),
        (Some(_), None) => cx.say("step-now"),
    }
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn a_receipt_number_is_read_in_fours() {
        assert_eq!(spaced("SL202611090037"), "SL2026 1109 0037");
        assert_eq!(["", "SL", "20261109", "A-17", "办2026"].map(spaced), ["", "SL", "2026 1109", "A-17", "办2026"]);
    }
}
