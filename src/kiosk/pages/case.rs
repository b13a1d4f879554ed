//! 查进度: a case by its receipt number: how far it is, and how many working days are left.

use crate::{
    config::{Heading, Register},
    edition::{CaseFile, Edition, Query, Response},
    kiosk::{
        address::{Action, Keys, Page},
        kit::{
            APART, For, Measure, PageContext, PageLayout, Room, Status, broken, card, course, failed,
            headings_as_tiles, keyboard, keyboard_rows, note, open, row_name, skeleton, typed,
        },
        page::{KioskPage, PageChange, Received},
    },
    model::{Clocks, Lamp, Private},
    text::ems,
    time::civil::Date,
    ui::{Text, TextSpan, View, icons::Icon, widgets},
};
use std::sync::Arc;

/// Characters a receipt number holds at most.
const MAX_RECEIPT: usize = 40;

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

/// The page of a case: its receipt number as far as it is typed, and the case.
pub struct Case {
    receipt: Private<String>,
    keys: Keys,
    /// Whether the page explains itself.
    help: bool,
    file: Option<Arc<CaseFile>>,
    /// Whether the case's facts stand beside its steps, below the keys.
    is_split: bool,
}

impl Case {
    /// The page with a receipt number on it, which may be empty.
    pub fn new(receipt: &str) -> Self {
        let receipt = Private::from(receipt.chars().take(MAX_RECEIPT).collect::<String>());
        Self { receipt, keys: Keys::First, help: false, file: None, is_split: false }
    }

    fn is_blank(&self) -> bool {
        self.receipt.trim().is_empty()
    }

    /// Adds a character, letters as capitals; says whether the number changed.
    fn add(&mut self, c: char) -> bool {
        // What a scanner or a Chinese keyboard types at full width is meant as its plain twin.
        let plain = match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        let fits = (plain.is_alphanumeric() || plain == '-') && self.receipt.chars().count() < MAX_RECEIPT;
        if fits {
            self.receipt.extend(plain.to_uppercase());
        }
        fits
    }

    /// A case's lamp and facts to stand below the keys, where there is room and it has steps that then have the other
    /// column to themselves.
    fn beside(&self, cx: &PageContext<'_>, (width, room): (f32, f32)) -> Option<View<Action>> {
        let file = self.file.as_ref().filter(|file| !self.help && !file.file.kept.row.steps.is_empty())?;
        let register = cx.config.registers.get(&file.file.register);
        (facts_tall(cx, width, file, register) <= room).then(|| facts(cx, width, file, register))
    }

    /// A case: its lamp and facts, unless they stand elsewhere, then its steps.
    fn result(&self, cx: &PageContext<'_>, width: f32, file: &CaseFile) -> View<Action> {
        let look = cx.look;
        let gap = look.px(look.space().gap_large);
        let side = look.px(40.0);
        let rules = cx.config.registers.get(&file.file.register);
        let column = View::column().wide(width).gap(gap);
        let column = if self.is_split { column } else { column.child(facts(cx, width, file, rules)) };
        let steps = &file.file.kept.row.steps;
        if steps.is_empty() {
            return column;
        }
        // With a column to themselves the steps of most cases fit it, if they stand a little closer.
        let (top, end, apart) = if self.is_split { (24.0, 4.0, 20.0) } else { (30.0, 12.0, APART) };
        let card = card(cx, width).pad(look.px(top), side, look.px(end), side);
        let course = course(cx, width - 2.0 * side, steps, rules.and_then(|r| r.case.as_ref()), apart);
        column.child(card.child(course))
    }
}

impl KioskPage for Case {
    fn query(&self) -> Option<Query> {
        (!self.is_blank()).then(|| Query::Case(self.receipt.clone()))
    }

    fn take(&mut self, response: Response) -> Received {
        self.file = match response {
            Response::Case(file) => Some(file),
            _ => None,
        };
        if self.file.is_some() { Received::Shown } else { Received::Gone }
    }

    fn refresh(&mut self, _: &Edition) -> bool {
        self.file.is_some()
    }

    /// Breadcrumb, field, what there is to say, keys.
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let (look, f, low) = (cx.look, cx.frame(), cx.low);
        let plan = Plan::new(cx, if self.keys == Keys::Away { Keys::First } else { self.keys });
        let (above, here) = trail(cx);
        let crumb = widgets::breadcrumb(look, (plan.crumbs_wide, f.crumbs), above, &here).at(f.gutter, plan.crumbs);
        let size = (plan.left, plan.field_tall);
        let field = widgets::field(look, size, &spaced(&self.receipt), &cx.say("case-hint"), "");
        let (pad_x, pad_y) = plan.pad;
        let pad = keyboard(cx, plan.pad_size, For::Receipt, plan.keys, plan.flat);
        let mut layout = open(cx, here, plan.from, plan.to);
        (layout.left, layout.width) = (f.gutter, plan.left);
        layout.opening.w = f.gutter + plan.left + look.px(4.0);
        layout.track.x = f.gutter + plan.left + look.px(8.0);
        let background = layout.background.child(crumb).child(field.at(f.gutter, plan.top));
        layout.background = background.child(pad.at(pad_x, pad_y));
        self.is_split = false;
        let below = pad_y + plan.pad_size.1 + plan.gap;
        if look.landscape()
            && !low
            && let Some(card) = self.beside(cx, (plan.pad_size.0, f.bottom - look.px(16.0) - below))
        {
            layout.background = layout.background.child(card.at(pad_x, below));
            self.is_split = true;
        }
        layout
    }

    /// What stands between field and keys.
    fn section(&self, cx: &PageContext<'_>, room: Room, _: usize, _: Measure<'_>) -> View<Action> {
        let says = |title: &str, line: &str| note(cx, room, &cx.say(title), &cx.say(line));
        match (&self.file, cx.status) {
            _ if self.help => says("case-help-title", "case-help-line"),
            (Some(file), _) => self.result(cx, room.width, file),
            (None, Status::Gone) => says("case-none-title", "case-none-line"),
            // In 低位操作 this stands out of reach: 查询 asks again there.
            (None, Status::Failed) => failed(cx, room, !cx.low),
            (None, Status::Asked(_)) => skeleton(cx, room.width, None),
            (None, Status::Ready) => idle(cx, room),
        }
    }

    fn act(&mut self, action: &Action) -> PageChange {
        let changed = match action {
            Action::Type(c) => self.add(**c),
            Action::Erase => self.receipt.pop().is_some(),
            Action::Clear => !std::mem::take(&mut *self.receipt).is_empty(),
            Action::Submit if !self.is_blank() => {
                self.file = None;
                return PageChange::AskAnew;
            }
            Action::Keys(keys) => {
                self.keys = *keys;
                return PageChange::Changed;
            }
            Action::Help => {
                self.help = !self.help;
                return PageChange::Changed;
            }
            _ => false,
        };
        if !changed {
            return PageChange::Nothing;
        }
        // What stood there answers another number.
        (self.help, self.file) = (false, None);
        PageChange::Cleared
    }

    fn key(&self, key: char) -> Option<Action> {
        typed(key)
    }
}

/// Where the parts of the page stand, canvas pixels.
struct Plan {
    keys: Keys,
    flat: bool,
    gap: f32,
    /// Top of the field, and of the breadcrumb.
    top: f32,
    crumbs: f32,
    crumbs_wide: f32,
    /// Width of the column with the field.
    left: f32,
    field_tall: f32,
    pad: (f32, f32),
    pad_size: (f32, f32),
    /// Upper and lower edge of what is between field and keys.
    from: f32,
    to: f32,
}

impl Plan {
    fn new(cx: &PageContext<'_>, keys: Keys) -> Self {
        let (look, f, low) = (cx.look, cx.frame(), cx.low);
        let wide = look.landscape();
        let whole = look.width - 2.0 * f.gutter;
        let gap = look.px(look.space().gap_large);
        let flat = wide && low;
        let pad_wide = match (wide, low, look.large) {
            (false, ..) => whole,
            (true, true, false) => look.px(900.0),
            (true, true, true) => look.px(1180.0),
            (true, false, false) => look.px(780.0),
            (true, false, true) => look.px(980.0),
        };
        let count = keyboard_rows(For::Receipt, keys, flat) as f32;
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
        let to = match (wide, low) {
            (true, false) => f.bottom,
            (true, true) => cx.low_top() - look.px(16.0),
            (false, _) => pad_y - gap,
        };
        Self {
            keys,
            flat,
            gap,
            top,
            crumbs: if low { f.bottom - f.crumbs } else { f.top },
            crumbs_wide: if flat { whole - pad_wide - gap } else { whole },
            left,
            field_tall,
            pad: (pad_x, pad_y),
            pad_size: (pad_wide, pad_tall),
            from: top + field_tall + gap,
            to,
        }
    }
}

fn trail(cx: &PageContext<'_>) -> (Vec<(String, Action)>, String) {
    let Some(heading) = cx.case_heading() else { return (cx.home(), cx.say("case-title")) };
    let mut trail = cx.trail(&heading.id);
    trail.pop();
    (trail, heading.title.clone())
}

/// Nothing is asked yet: how to ask, and what else the heading has.
fn idle(cx: &PageContext<'_>, Room { width, tall }: Room) -> View<Action> {
    let look = cx.look;
    let children = cx.case_heading().into_iter().flat_map(|h| cx.config.catalogue.children(&h.id));
    let others: Vec<&Heading> = children.filter(|h| !matches!(cx.page_of(&h.id), Page::Case(_))).collect();
    let rows = others.len().div_ceil(2) as f32;
    let below = if others.is_empty() { 0.0 } else { rows * (look.pt(128.0) + look.px(20.0)) + look.px(48.0) };
    let words = (&*cx.say("case-idle-title"), &*cx.say("case-idle-line"));
    let icon = cx.icons.get(Icon::Search, look.px(96.0));
    let line = broken(words.1, (width - look.px(80.0)) / look.pt(look.size().row));
    let note = widgets::note(look, (width, (tall - below).max(look.pt(220.0))), icon, (words.0, &line));
    let column = View::column().wide(width).child(note);
    if others.is_empty() {
        return column;
    }
    let side = look.px(24.0);
    let card = card(cx, width).pad(side, side, side, side);
    column.child(card.child(headings_as_tiles(cx, width - 2.0 * side, &others, 2)))
}

/// What the facts of a case say: its name, its unit and promises, its deadline, how it stands.
struct Facts {
    title: String,
    quiet: Vec<String>,
    deadline: Option<(String, String)>,
    state: String,
}

impl Facts {
    fn of(cx: &PageContext<'_>, file: &CaseFile, register: Option<&Register>) -> Self {
        let values = &file.file.kept.row.values;
        let cell = |index: Option<usize>| {
            let index = index?;
            let said = cx.cell(register?.column.get(index)?, values.get(index)?);
            (!said.is_empty()).then_some(said)
        };
        let title = register.map_or_else(|| file.file.kept.row.key.clone(), |r| row_name(cx, r, &file.file));
        // Nothing else of it: what a search quotes goes by the same.
        let shown = register.and_then(Register::case_columns);
        let unit = cell(shown.and_then(|s| s.unit)).map(|unit| cx.words.say("case-unit", &[("unit", &unit)]));
        let mut quiet: Vec<String> = unit.into_iter().collect();
        let promised = ("case-promised", shown.and_then(|s| s.promised_days));
        let days = [promised, ("case-statutory", shown.and_then(|s| s.statutory_days))];
        let days = days.into_iter().filter_map(|(key, at)| Some(cx.words.say(key, &[("n", &cell(at)?)])));
        let days: Vec<String> = days.collect();
        if !days.is_empty() {
            quiet.push(days.join("，"));
        }
        Self { title, quiet, deadline: deadline(cx, &file.clocks), state: state(cx, &file.clocks) }
    }
}

/// Space at the sides of the facts, the lamp's, and what is left for words.
fn facts_wide(cx: &PageContext<'_>, width: f32) -> (f32, f32, f32) {
    let (side, disc) = (cx.look.px(40.0), cx.look.px(if cx.look.large { 190.0 } else { 168.0 }));
    (side, disc, width - 3.0 * side - disc)
}

/// How high the facts are at most.
fn facts_tall(cx: &PageContext<'_>, width: f32, file: &CaseFile, register: Option<&Register>) -> f32 {
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

fn facts(cx: &PageContext<'_>, width: f32, file: &CaseFile, register: Option<&Register>) -> View<Action> {
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
    card(cx, width).pad(look.px(28.0), side, look.px(26.0), side).child(row)
}

/// What stands in the lamp.
fn left(cx: &PageContext<'_>, clocks: &Clocks) -> (String, String) {
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
fn state(cx: &PageContext<'_>, clocks: &Clocks) -> String {
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
fn deadline(cx: &PageContext<'_>, clocks: &Clocks) -> Option<(String, String)> {
    let (key, day) = match (clocks.promised, clocks.statutory) {
        (Some(day), _) => ("case-until-promised", day),
        (None, Some(day)) => ("case-until-statutory", day),
        (None, None) => return None,
    };
    Some((cx.say(key), long_day(cx, day)))
}

/// `11 月 26 日（星期四）`.
fn long_day(cx: &PageContext<'_>, day: Date) -> String {
    let (year, month, number) = (day.year().to_string(), day.month().to_string(), day.day().to_string());
    let key = if day.year() == cx.wall.day().year() { "day" } else { "day-of-year" };
    let said = cx.words.say(key, &[("year", &year), ("month", &month), ("day", &number)]);
    format!("{said}（{}）", cx.wording().weekday(day))
}

#[cfg(test)]
mod tests {
    use super::{Case, MAX_RECEIPT, spaced};

    #[test]
    fn a_receipt_number_is_capital_and_plain_however_it_is_typed() {
        let mut case = Case::new("");
        "sl２０２６ ?1109\u{7}".chars().for_each(|c| {
            case.add(c);
        });
        assert_eq!(*case.receipt, "SL20261109");
        (0..200).for_each(|_| {
            case.add('9');
        });
        assert_eq!(case.receipt.chars().count(), MAX_RECEIPT);
    }

    #[test]
    fn a_receipt_number_is_read_in_fours() {
        assert_eq!(spaced("SL202611090037"), "SL2026 1109 0037");
        assert_eq!(["", "SL", "20261109", "A-17", "办2026"].map(spaced), ["", "SL", "2026 1109", "A-17", "办2026"]);
    }
}
