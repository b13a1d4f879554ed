//! The upper part of a register's page: title, choices, sums, mismatches, the chart; and the places below.

use crate::{
    config::{Accent, RegionKind, Register},
    edition::{BalanceState, Table, TableQuery},
    kiosk::{
        address::{Action, Page, Pick},
        kit::{PageContext, card, figure, growth, money, quantity, warning},
    },
    ui::{Role, Text, View, widgets},
};

/// Columns of places.
pub fn columns(cx: &PageContext<'_>) -> usize {
    match (cx.look.landscape(), cx.look.large) {
        (true, _) => 4,
        (false, false) => 3,
        (false, true) => 2,
    }
}

/// What the page shows, in one line: place, period, and what it is.
pub fn title(cx: &PageContext<'_>, register: &Register, table: &Table) -> String {
    let place = match (table.query.place.as_str(), register.place.is_empty()) {
        (_, true) => String::new(),
        ("", false) => cx.config.site.place.clone(),
        (code, false) => cx.place(code),
    };
    let month = table.query.period.map_or_else(String::new, |m| cx.month(m));
    let what = if register.balance.is_some() { cx.say("flow") } else { register.title.clone() };
    match (place.is_empty(), month.is_empty()) {
        (false, false) => format!("{place} {month}{what}"),
        (false, true) => format!("{place} · {what}"),
        (true, false) => format!("{month}{what}"),
        (true, true) => what,
    }
}

/// The figures that sum the table up, each with its title.
pub fn figures(cx: &PageContext<'_>, register: &Register, table: &Table) -> Vec<(String, String)> {
    sums(cx, register, table).into_iter().map(|s| (s.title, s.figure)).collect()
}

/// One sum with what is said about it.
struct SumCard {
    title: String,
    figure: String,
    note: String,
    /// The note's accent; quiet without one.
    accent: Option<Accent>,
}

fn sums(cx: &PageContext<'_>, register: &Register, table: &Table) -> Vec<SumCard> {
    let mut all = Vec::new();
    if let [.., last] = table.flow.as_slice() {
        let before = table.flow.iter().rev().nth(1);
        for (key, now, before, up) in [
            ("sum-income", last.income, before.map(|f| f.income), Accent::Green),
            ("sum-expense", last.expense, before.map(|f| f.expense), Accent::Red),
        ] {
            let growth = growth(now, before);
            let note = growth.as_ref().map_or_else(String::new, |by| cx.words.say("since", &[("by", by)]));
            let accent = growth.filter(|by| by.starts_with('+')).map(|_| up);
            all.push(SumCard { title: cx.say(key), figure: money(now), note, accent });
        }
        if let Some(balance) = table.balance {
            let (note, accent) = agreement(cx, balance);
            let figure = money(balance.closing);
            all.push(SumCard { title: cx.say("sum-balance"), figure, note, accent });
        }
        return all;
    }
    let count = figure(table.count);
    all.push(SumCard {
        title: cx.say("sum-rows"),
        figure: cx.words.say("rows", &[("n", &count)]),
        note: String::new(),
        accent: None,
    });
    for sum in &table.sums {
        let Some(column) = register.column.get(sum.column) else { continue };
        let is_money = column.kind == crate::config::ColumnKind::Money;
        let figure = if is_money { money(sum.now) } else { quantity(sum.now) };
        let unit = match (is_money, column.unit.as_str()) {
            (true, _) => cx.say("yuan-bare"),
            (false, unit) => unit.to_owned(),
        };
        let title = if unit.is_empty() { column.title.clone() } else { format!("{}（{unit}）", column.title) };
        let note = growth(sum.now, sum.before).map(|by| cx.words.say("since", &[("by", &by)]));
        all.push(SumCard { title, figure, note: note.unwrap_or_default(), accent: None });
    }
    all
}

/// Whether the balance follows from income and expense, in a few words.
fn agreement(cx: &PageContext<'_>, balance: BalanceState) -> (String, Option<Accent>) {
    match (balance.opening, balance.off) {
        (None, _) => (cx.say("balance-open"), None),
        (Some(_), 0) => (cx.say("balance-agrees"), Some(Accent::Green)),
        (Some(_), off) => {
            let off = money(off.saturating_abs());
            (cx.words.say("balance-off-short", &[("off", &off)]), Some(Accent::Red))
        }
    }
}

/// The whole upper part.
pub fn view(cx: &PageContext<'_>, width: f32, register: &Register, table: &Table) -> View<Action> {
    let look = cx.look;
    let gap = look.px(look.space().gap_large);
    let wide = look.landscape() && !table.flow.is_empty();
    let left = if wide { ((width - gap) * 0.54).round() } else { width };
    let size = look.pt(look.size().display);
    let words = Text::new(title(cx, register, table), size, look.ink).bold().lines(2).high((size * 1.3).round());
    let mut column = View::column().wide(left).gap(gap);
    column = column.child(View::text(words).role(Role::Heading).wide(left));
    column = column.children(choices(cx, left, register, table));
    column = column.child(cards(cx, left, sums(cx, register, table)));
    column = column.children(mismatches(cx, left, table));
    let top = look.px(if look.landscape() { 4.0 } else { 6.0 });
    if table.flow.is_empty() {
        return column.pad(top, 0.0, 0.0, 0.0);
    }
    let chart_wide = if wide { width - left - gap } else { width };
    let chart = chart(cx, chart_wide, table, if wide { 400.0 } else { 310.0 });
    if wide {
        return View::row().stretch().wide(width).gap(gap).pad(top, 0.0, 0.0, 0.0).child(column).child(chart);
    }
    column.pad(top, 0.0, 0.0, 0.0).child(chart)
}

/// The boxes that say which place and month are shown, and lead to others.
fn choices(cx: &PageContext<'_>, width: f32, register: &Register, table: &Table) -> Option<View<Action>> {
    let look = cx.look;
    let query = &table.query;
    let mut boxes: Vec<(String, String, Pick)> = Vec::new();
    if !register.place.is_empty() {
        let here = cx.region(&query.place);
        let (town, village) = match here.map(|r| r.kind) {
            Some(RegionKind::Township) => (here, None),
            Some(RegionKind::Village) => (here.and_then(|r| cx.region(&r.parent)), here),
            Some(RegionKind::County) | None => (None, None),
        };
        let name = |r: Option<&crate::config::Region>| r.map_or_else(|| cx.say("place-all"), |r| r.name.clone());
        boxes.push((cx.say("pick-township"), name(town), Pick::Township));
        // A register kept by township has nothing below one.
        if village.is_some() || town.is_none() || !table.below.is_empty() {
            boxes.push((cx.say("pick-village"), name(village), Pick::Village));
        }
    }
    if !register.period.is_empty() {
        let month = query.period.map_or_else(|| cx.say("place-all"), |m| m.to_string());
        boxes.push((cx.say("pick-month"), month, Pick::Month));
    }
    let count = boxes.len();
    if count == 0 {
        return None;
    }
    let gap = look.px(look.space().gap);
    let wide = ((width - gap * (count - 1) as f32) / count as f32).floor();
    let side = look.px(28.0);
    let one = |(label, words, pick): (String, String, Pick)| {
        let inner = wide - 2.0 * side;
        let arrow = Text::new("▼", look.pt(20.0), look.ink);
        let words = Text::new(words, look.pt(look.size().large), look.ink).bold();
        let words = widgets::shrink(words, inner - look.pt(34.0), 0.6);
        let line =
            View::row().wide(inner).gap(look.px(10.0)).child(View::text(words)).child(View::text(arrow).silent());
        View::column()
            .wide(wide)
            .pad(look.px(16.0), side, look.px(14.0), side)
            .fill(look.card)
            .round(look.px(look.space().radius))
            .edge(look.px(2.0), look.line)
            .on(Action::Go(Page::Pick(query.clone(), pick)))
            .child(View::text(Text::new(label, look.pt(look.size().fine), look.mute)).wide(inner))
            .child(line)
    };
    Some(View::row().stretch().wide(width).gap(gap).children(boxes.into_iter().map(one)))
}

/// The sums as cards: side by side, or one under another where type is large.
fn cards(cx: &PageContext<'_>, width: f32, sums: Vec<SumCard>) -> View<Action> {
    let look = cx.look;
    let gap = look.px(look.space().gap);
    let is_stacked = look.large && !look.landscape();
    let columns = if is_stacked { 1 } else { sums.len().clamp(1, 3) };
    let wide = ((width - gap * (columns - 1) as f32) / columns as f32).floor();
    let side = look.px(30.0);
    let inner = wide - 2.0 * side;
    let room = if is_stacked { inner * 0.58 } else { inner };
    let large = |sum: &SumCard| Text::new(sum.figure.as_str(), look.pt(50.0), look.ink).bold();
    // All of one size, so that none seems to matter less.
    let size = sums.iter().map(|s| widgets::shrink(large(s), room, 0.4).size).fold(look.pt(50.0), f32::min);
    let one = |sum: &SumCard| {
        let ink = sum.accent.map_or(look.mute, |a| look.readable(a, look.card));
        let title = Text::new(sum.title.as_str(), look.pt(look.size().small * 0.93), look.mute);
        let figure = Text { size, ..large(sum) }.high(look.pt(64.0));
        let note = Text::new(sum.note.as_str(), look.pt(look.size().fine), ink);
        let card = card(cx, wide).pad(look.px(24.0), side, look.px(20.0), side);
        if is_stacked {
            let mut words = View::column().grow(1.0).child(View::text(title));
            if !sum.note.is_empty() {
                words = words.child(View::text(note));
            }
            return card.child(View::row().wide(inner).child(words).child(View::text(figure)));
        }
        let lines = [Some(View::text(title).wide(inner)), Some(View::text(figure).wide(inner))];
        let note = (!sum.note.is_empty()).then(|| View::text(widgets::shrink(note, inner, 0.7)).wide(inner));
        card.children(lines.into_iter().flatten()).children(note)
    };
    let row = |chunk: &[SumCard]| View::row().stretch().wide(width).gap(gap).children(chunk.iter().map(one));
    View::column().wide(width).gap(gap).children(sums.chunks(columns).map(row))
}

/// What does not agree, plainly.
fn mismatches(cx: &PageContext<'_>, width: f32, table: &Table) -> Vec<View<Action>> {
    let mut all = Vec::new();
    if let Some(BalanceState { opening: Some(_), off, .. }) = table.balance.filter(|b| b.off != 0) {
        let off = money(off.saturating_abs());
        all.push(warning(cx, width, &cx.words.say("balance-off", &[("off", &off)]), &cx.say("balance-off-line")));
    }
    if !table.disagree.is_empty() {
        let n = figure(table.disagree.len());
        all.push(warning(cx, width, &cx.words.say("disagree", &[("n", &n)]), &cx.say("disagree-line")));
    }
    all
}

/// Income and expense of twelve months.
fn chart(cx: &PageContext<'_>, width: f32, table: &Table, tall: f32) -> View<Action> {
    /// From this much on the axis counts in ten thousands, fen.
    const LARGE: i64 = 10_000_000;
    let look = cx.look;
    let most = table.flow.iter().flat_map(|f| [f.income, f.expense]).max().unwrap_or(0);
    let is_large = most >= LARGE;
    let key = if is_large { "unit-wan" } else { "yuan-bare" };
    let side = look.px(30.0);
    let inner = width - 2.0 * side;
    let title = cx.words.say("chart-title", &[("n", &table.flow.len().to_string()), ("unit", &cx.say(key))]);
    let title = Text::new(title, look.pt(look.size().small), look.ink).bold();
    let legend = widgets::legend(look, [&cx.say("income"), &cx.say("expense")]);
    let pairs: Vec<(String, [i64; 2])> = table
        .flow
        .iter()
        .map(|f| (cx.words.say("chart-month", &[("n", &f.month.month().to_string())]), [f.income, f.expense]))
        .collect();
    // A quantity counts in ten-thousandths: of a yuan, or of ten thousand yuan.
    let axis = |fen: i64| quantity(if is_large { fen / 100 } else { fen.saturating_mul(100) });
    let bars = widgets::bars(look, (inner, look.px(tall)), &pairs, axis);
    let head = View::row().wrap().apart().wide(inner).gap(look.px(12.0)).child(View::text(title)).child(legend);
    card(cx, width).pad(look.px(24.0), side, look.px(16.0), side).gap(look.px(14.0)).child(head).child(bars)
}

/// Places below with how many rows each has.
pub fn places(cx: &PageContext<'_>, width: f32, table: &Table, below: &[(String, u64)], first: bool) -> View<Action> {
    let look = cx.look;
    let gap = look.px(look.space().gap);
    let count = columns(cx);
    let wide = ((width - gap * (count - 1) as f32) / count as f32).floor();
    let tile = |(code, rows): &(String, u64)| {
        let query = TableQuery { place: code.clone(), ..table.query.clone() };
        let side = look.px(28.0);
        let inner = wide - 2.0 * side;
        let name = widgets::shrink(Text::new(cx.place(code), look.pt(look.size().body), look.ink).bold(), inner, 0.6);
        let n = figure(*rows);
        let words = format!("{} ›", cx.words.say("rows", &[("n", &n)]));
        let words = Text::new(words, look.pt(look.size().fine), look.mute);
        View::column()
            .wide(wide)
            .pad(look.px(16.0), side, look.px(14.0), side)
            .fill(look.card)
            .round(look.px(look.space().radius))
            .edge(look.px(2.0), look.line)
            .role(Role::Link)
            .on(Action::Go(Page::Register(query)))
            .child(View::text(name).wide(inner))
            .child(View::text(words).wide(inner))
    };
    let mut column = View::column().wide(width).gap(gap).pad(if first { look.px(28.0) } else { gap }, 0.0, 0.0, 0.0);
    if first {
        let title = Text::new(cx.say("places-below"), look.pt(look.size().body), look.ink).bold();
        column = column.child(View::text(title).role(Role::Heading).wide(width));
    }
    column.children(below.chunks(count).map(|row| View::row().wide(width).gap(gap).children(row.iter().map(tile))))
}
