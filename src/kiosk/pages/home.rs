//! The home page: the search field, a card for each top heading, and what is on display now.

use crate::{
    config::{Accent, Heading},
    kiosk::{
        address::{Action, Page},
        kit::{Measure, PageContext, PageLayout, Room, StandIn, low_hint, on_display, open},
        page::KioskPage,
    },
    model::NoticeHead,
    scene::{Colour, Sampling},
    text::{TextAlign, ems},
    ui::{Role, Text, View, icons::Icon, widgets},
};
use std::sync::Arc;

/// Rows of 正在公示 at most.
const ROWS: usize = 6;

/// The home page. It has no state: what it shows is the edition's.
pub struct Home;

impl KioskPage for Home {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let f = cx.frame();
        if cx.edition.count("") == 0 {
            let standing = &cx.config.site.standing;
            let words = StandIn::Note(standing.title.clone(), standing.line.clone());
            return open(cx, cx.say("tab-home"), f.top, f.bottom).instead(words);
        }
        let top = if cx.low { cx.low_top() } else { f.top };
        let mut layout = open(cx, cx.say("tab-home"), top, f.bottom);
        if cx.low {
            layout.background = layout.background.child(low_hint(cx, f.top));
        }
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, _: usize, _: Measure<'_>) -> View<Action> {
        view(cx, room.tall)
    }

    /// What is typed here is meant for the search.
    fn key(&self, key: char) -> Option<Action> {
        key.is_alphanumeric().then_some(Action::Go(Page::Search))
    }
}

/// The whole page as one section, at least `tall` pixels high.
fn view(cx: &PageContext<'_>, tall: f32) -> View<Action> {
    let (look, f) = (cx.look, cx.frame());
    let whole = look.width - 2.0 * f.gutter;
    let headings: Vec<&Heading> = cx.config.catalogue.children("").collect();
    if look.landscape() {
        let side = look.px(484.0).max(look.pt(430.0).min(whole * 0.4));
        let left = whole - side - look.px(40.0);
        let below = look.px(if look.large { 28.0 } else { 55.0 });
        let inside = tall - look.px(28.0) - below;
        let rows = headings.len().div_ceil(3) as f32;
        let least = rows * look.pt(240.0) + (rows - 1.0).max(0.0) * look.px(26.0);
        let cards = (inside - look.pt(100.0) - look.px(28.0)).max(least);
        let column = View::column().wide(left).gap(look.px(28.0)).child(search(cx, left));
        let column = column.child(grid(cx, &headings, (left, cards), 3, look.px(26.0)));
        return View::row()
            .stretch()
            .at_least(tall)
            .pad(look.px(28.0), f.gutter, below, f.gutter)
            .gap(look.px(40.0))
            .child(column)
            .child(showing(cx, side, (inside, 4)));
    }
    let rows = headings.len().div_ceil(2) as f32;
    let cards = rows * look.pt(if look.large { 250.0 } else { 216.0 }) + (rows - 1.0).max(0.0) * look.px(28.0);
    let room = tall - look.px(40.0) * 2.0 - look.px(184.0) - cards;
    let fit = ((room - look.pt(104.0)) / look.pt(84.0)).max(3.0) as usize;
    View::column()
        .at_least(tall)
        .pad(look.px(40.0), f.gutter, look.px(40.0), f.gutter)
        .gap(look.px(36.0))
        .child(search(cx, whole))
        .child(grid(cx, &headings, (whole, cards), 2, look.px(look.space().gap_large)))
        .child(showing(cx, whole, (0.0, fit.min(ROWS))))
}

/// The field that leads to search.
fn search(cx: &PageContext<'_>, width: f32) -> View<Action> {
    let (look, wide) = (cx.look, cx.look.landscape());
    let red = look.readable(Accent::Red, Colour::WHITE);
    let icon = look.pt(40.0);
    let (tall, end) = if wide { (100.0, 24.0) } else { (112.0, 36.0) };
    let go = Text::new(cx.say("search-go"), look.pt(look.size().large), Colour::WHITE).bold();
    let side = look.px(34.0);
    let button = View::row().tall(look.pt(if wide { 70.0 } else { 77.0 })).pad(0.0, side, 0.0, side);
    let glass = cx.icons.get(Icon::Search, icon);
    let said: f32 = go.spans.iter().map(|s| ems(&s.text, s.bold)).sum();
    let taken = look.px(end + 38.0 + 32.0) + icon + said * go.size + 2.0 * side;
    let hint = Text::new(cx.say("search-hint"), look.pt(look.size().large), look.mute);
    let hint = widgets::shrink(hint, width - taken, 0.6);
    let button = button.fill(red).round(look.px(16.0)).child(View::text(go));
    View::row()
        .size(width, look.pt(tall))
        .pad(0.0, look.px(end), 0.0, look.px(38.0))
        .gap(look.px(16.0))
        .fill(look.card)
        .round(look.px(look.space().radius_large))
        .edge(look.px(2.0), look.line)
        .role(Role::Link)
        .on(Action::Go(Page::Search))
        .child(View::image(glass, icon, icon, look.mute, Sampling::Linear))
        .child(View::text(hint).grow(1.0))
        .child(button)
}

/// The cards in so many columns.
fn grid(
    cx: &PageContext<'_>,
    headings: &[&Heading],
    (width, tall): (f32, f32),
    columns: usize,
    gap: f32,
) -> View<Action> {
    let rows = headings.len().div_ceil(columns).max(1);
    let wide = ((width - gap * (columns - 1) as f32) / columns as f32).floor();
    let high = ((tall - gap * (rows - 1) as f32) / rows as f32).floor();
    let row = |chunk: &[&Heading]| {
        View::row().stretch().wide(width).gap(gap).children(chunk.iter().map(|h| card(cx, h, wide, high)))
    };
    View::column().wide(width).gap(gap).children(headings.chunks(columns).map(row))
}

/// One heading's card.
fn card(cx: &PageContext<'_>, heading: &Heading, wide: f32, high: f32) -> View<Action> {
    let look = cx.look;
    let stacked = look.landscape() || look.large;
    let radius = look.px(look.space().radius_large);
    let line = look.px(2.0);
    let (left, right) = (look.px(if look.landscape() { 36.0 } else { 38.0 }), look.px(34.0));
    let inner = wide - left - right;
    let mut count_words = cx.count(heading);
    if stacked {
        count_words.push_str(" ›");
    }
    let ink = look.readable(heading.colour, look.card);
    let taken = ems(&count_words, true);
    let count = Text::new(count_words, look.pt(look.size().small), ink).bold();
    let room = if stacked { inner } else { inner - taken * count.size - look.px(16.0) };
    let title = Text::new(heading.title.as_str(), look.pt(look.size().heading), look.ink).bold();
    let title = widgets::shrink(title, room, 0.8).high(look.pt(60.0));
    // In large type about as small as without it, where they fit no other way.
    let least = if look.large { 0.74 } else { 0.8 };
    let quiet = |line: &String| {
        let text = Text::new(line.as_str(), look.pt(look.size().small), look.mute);
        widgets::shrink(text, inner, least)
    };
    let lines: Vec<Text> = heading.lines.iter().take(2).map(quiet).collect();
    // Both of one size, the smaller.
    let size = lines.iter().map(|line| line.size).fold(f32::INFINITY, f32::min);
    let even = |line: Text| View::text(Text { size, ..line }.high(look.pt(38.0))).wide(inner);
    let lines = View::column().children(lines.into_iter().map(even));
    let bar = look.px(12.0);
    let cover = View::row()
        .at(bar + line, line)
        .size(wide - bar - 2.0 * line, high - 2.0 * line)
        .fill(look.card)
        .corners([0.0, radius - line, radius - line, 0.0]);
    let top = look.pt(if look.landscape() { 36.0 } else { 39.0 }).min(high * 0.18).round();
    let mut words = View::column().at(0.0, 0.0).size(wide, high).pad(top, right, look.px(20.0), left);
    if stacked {
        words = words.child(View::text(title).wide(inner)).child(View::row().tall(look.px(10.0)));
        words = words.child(lines).child(View::spring()).child(View::text(count).wide(inner));
    } else {
        let count = View::text(count.high(look.pt(46.0)));
        let first = View::row().apart().wide(inner).child(View::text(title)).child(count);
        words = words.child(first).child(View::row().tall(look.px(11.0))).child(lines);
    }
    View::row()
        .size(wide, high)
        .fill(look.accent(heading.colour))
        .round(radius)
        .edge(line, look.line)
        .role(Role::Link)
        .on(Action::Go(cx.page_of(&heading.id)))
        .child(cover)
        .child(words)
}

/// 正在公示, or the newest where nothing is on display.
fn showing(cx: &PageContext<'_>, width: f32, (least, rows): (f32, usize)) -> View<Action> {
    let look = cx.look;
    let mut heads = on_display(cx, &cx.screen.catalogue);
    let display = !heads.is_empty();
    if !display {
        heads = cx.edition.under(&cx.screen.catalogue).take(rows).collect();
    }
    let stacked = look.landscape() || look.large;
    let side = look.px(if look.landscape() { 34.0 } else { 38.0 });
    let inner = width - 2.0 * side;
    let all = Action::Go(Page::List { heading: cx.screen.catalogue.clone(), showing: display });
    let title = cx.say(if display { "showing-title" } else { "newest-title" });
    let count = heads.len().min(rows);
    let row = |(i, head): (usize, &Arc<NoticeHead>)| {
        let end = if display {
            cx.days_left(&head.show)
        } else {
            head.published.map_or_else(String::new, |at| cx.day_of(at))
        };
        let ends = (stacked, i + 1 == count);
        widgets::short_row(look, inner, cx.mark(head), (&head.title, &end), ends).on(Action::Go(Page::Article(head.id)))
    };
    let rows: Vec<_> = heads.iter().take(rows).copied().enumerate().map(row).collect();
    let (above, below) = if look.landscape() { (0.0, 0.0) } else { (look.px(2.0), look.px(14.0)) };
    let card = View::column()
        .wide(width)
        .at_least(least)
        .pad(above, side, below, side)
        .fill(look.card)
        .round(look.px(look.space().radius_large))
        .edge(look.px(2.0), look.line)
        .child(widgets::heading_row(look, inner, &title, Some((&cx.say("all"), Accent::Red, all))));
    if rows.is_empty() {
        let words = Text::new(cx.say("empty-title"), look.pt(look.size().row), look.mute);
        let line = View::text(words.align(TextAlign::Centre)).wide(inner);
        return card.child(View::column().middle().tall(look.pt(120.0)).child(line));
    }
    card.children(rows)
}
