//! Search over everything: field, chips that narrow it, hits, keys.

use crate::{
    config::{Accent, Heading},
    edition::{Query, Response},
    kiosk::{
        address::{Action, Filter, Keys, Page, SearchFacet},
        kit::{
            For, Measure, PageContext, PageLayout, Room, Status, failed, figure, keyboard, low_hint, note, open,
            skeleton, typed,
        },
        page::{Filters, Handed, KioskPage, Near, PageChange, Received},
    },
    model::Private,
    scene::{Colour, Rect},
    search::{SearchHit, SearchItem, SearchQuery, SearchResults},
    text::{MAX_TITLE_CHARS, cut_chars},
    ui::{Role, Text, TextSpan, View, icons::Icon, widgets},
};
use std::{ops::Range, sync::Arc};

/// Characters a search holds at most.
const MAX_WORDS: usize = 60;
/// Hits asked for at once.
const BATCH: usize = 40;
/// Hits of one section.
const HITS: usize = 6;
/// Headings offered beside the choices.
const SHORT: usize = 2;

/// One chip: its words, whether it is chosen, what it does.
type Chip = (String, bool, Action);

/// Where the parts of the page stand, canvas pixels.
struct Plan {
    field: Rect,
    chips: Rect,
    hits: Rect,
    /// The keyboard's ground and the keys in it.
    ground: Option<(Rect, Rect)>,
    flat: bool,
    /// Whether chips stand one under another.
    column: bool,
}

impl Plan {
    fn new(cx: &PageContext<'_>, keys: Keys) -> Self {
        let (look, f, low) = (cx.look, cx.frame(), cx.low);
        let wide = look.landscape();
        let whole = look.width - 2.0 * f.gutter;
        let gap = look.px(if wide { 18.0 } else { 24.0 });
        let chip = widgets::chip_height(look);
        let (tall, top) = (look.pt(if wide { 96.0 } else { 118.0 }), f.top + look.px(if wide { 24.0 } else { 36.0 }));
        let away = keys == Keys::Away;
        let flat = wide && low;
        let mut field = Rect::new(f.gutter, top, whole, tall);
        let below = field.y + field.h + gap;
        if wide && !low {
            let pad = look.px(if look.large { 1000.0 } else { 820.0 });
            let ground = Rect::new(look.width - pad, f.top, pad, f.bottom - f.top);
            let edge = look.px(24.0);
            let height = (look.pt(150.0) * 4.0).min(ground.h - 2.0 * edge);
            let keys = Rect::new(ground.x + edge, ground.y + edge, ground.w - 2.0 * edge, height);
            if !away {
                field.w = ground.x - f.gutter - look.px(36.0);
            }
            let chips = Rect::new(f.gutter, below, field.w, chip);
            let hits = below + chip + gap;
            let hits = Rect::new(f.gutter, hits, field.w, f.bottom - hits);
            return Self { field, chips, hits, ground: (!away).then_some((ground, keys)), flat, column: false };
        }
        if flat {
            // Keys at the right end of the lower part, chips beside them, hits above; without keys hits below.
            let pad = look.px(if look.large { 1200.0 } else { 1000.0 });
            let edge = look.px(12.0);
            let ground = Rect::new(look.width - pad, cx.low_top(), pad, f.bottom - cx.low_top());
            let keys = Rect::new(ground.x + edge, ground.y + edge, ground.w - 2.0 * edge, ground.h - 2.0 * edge);
            let left = ground.x - f.gutter - look.px(36.0);
            let aside = look.px(if look.large { 460.0 } else { 360.0 });
            let chips = Rect::new(f.gutter, cx.low_top() + edge, if away { aside } else { left }, ground.h - edge);
            let hits = if away {
                let x = f.gutter + aside + gap;
                Rect::new(x, cx.low_top() + edge, look.width - f.gutter - x, ground.h - edge)
            } else {
                Rect::new(f.gutter, below, whole, cx.low_top() - below - edge)
            };
            return Self { field, chips, hits, ground: (!away).then_some((ground, keys)), flat, column: true };
        }
        let height = look.pt(108.0) * 4.0 + look.px(36.0);
        let height = if look.large { height.min(look.px(520.0)) } else { height };
        let edge = look.px(42.0);
        // In 低位操作 the chips have to stand in reach over the keys.
        let room = f.bottom - cx.low_top() - 2.0 * (edge + gap) - chip;
        let height = if low { height.min(room) } else { height };
        let ground = Rect::new(0.0, f.bottom - height - 2.0 * edge, look.width, height + 2.0 * edge);
        let keys = Rect::new(look.px(36.0), ground.y + edge, look.width - 2.0 * look.px(36.0), height);
        let foot = if away { f.bottom - look.px(12.0) } else { ground.y - gap };
        let (chips, hits) = if low {
            // Chips come down to the keys; what is found stands above and is touched once the keys are away.
            let chips = Rect::new(f.gutter, foot - chip, whole, chip);
            let from = if away { cx.low_top().max(below) } else { below };
            (chips, Rect::new(f.gutter, from, whole, chips.y - gap - from))
        } else {
            let from = below + chip + gap;
            (Rect::new(f.gutter, below, whole, chip), Rect::new(f.gutter, from, whole, foot - from))
        };
        Self { field, chips, hits, ground: (!away).then_some((ground, keys)), flat, column: false }
    }
}

/// The page of a search: words typed, and what was found for them.
#[derive(Default)]
pub struct Search {
    text: Private<String>,
    keys: Keys,
    filters: Filters,
    /// The newest answer.
    found: Option<Arc<SearchResults>>,
    /// The hits so far.
    hits: Vec<SearchHit>,
    /// Whether further hits could not be had; they are not asked for again until someone says so.
    is_stalled: bool,
}

impl Search {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds a character; says whether the words changed.
    fn add(&mut self, c: char) -> bool {
        let fits = !c.is_control() && self.text.chars().count() < MAX_WORDS && !(c == ' ' && self.text.is_empty());
        if fits {
            self.text.push(c);
        }
        fits
    }

    /// The question for the hits from `offset` on.
    fn wanted(&self, offset: usize) -> Query {
        let Filters { catalogue, place, year } = self.filters.clone();
        let text = self.text.trim().into();
        Query::Search(SearchQuery { text, catalogue, unit: String::new(), place, year, limit: BATCH, offset })
    }

    /// Takes what was found; what is from further on is added to what is there. Says whether it is a new list.
    fn add_found(&mut self, found: Arc<SearchResults>) -> bool {
        self.is_stalled = false;
        let is_new = found.query.offset == 0;
        if is_new {
            self.hits.clear();
        }
        if found.query.offset == self.hits.len() {
            self.hits.extend_from_slice(&found.hits);
        }
        self.found = Some(found);
        is_new
    }

    fn forget(&mut self) {
        self.hits.clear();
        (self.found, self.is_stalled) = (None, false);
    }

    /// Narrows the search, or widens it where it was narrowed so.
    fn filter(&mut self, filter: &Filter) {
        let filters = &mut self.filters;
        match filter {
            Filter::Catalogue(id) if filters.catalogue == *id => filters.catalogue.clear(),
            Filter::Catalogue(id) => filters.catalogue.clone_from(id),
            Filter::Place(code) if filters.place == *code => filters.place.clear(),
            Filter::Place(code) => filters.place.clone_from(code),
            Filter::Year(year) => filters.year = if filters.year == *year { None } else { *year },
        }
    }

    /// How many were found and how fast.
    fn counted(&self, cx: &PageContext<'_>) -> String {
        match (&self.found, cx.status) {
            (_, Status::Asked(_)) if cx.late => cx.say("search-waits"),
            (Some(found), _) if !self.is_blank() => {
                let n = figure(found.total);
                let key = if found.total >= SearchResults::MAX_COUNTED { "search-many" } else { "search-found" };
                let ms = found.took.as_millis().max(1).to_string();
                cx.words.say(key, &[("n", &n), ("ms", &ms)])
            }
            _ => String::new(),
        }
    }

    /// The chips that there are to show.
    fn wanted_chips(&self, cx: &PageContext<'_>) -> Vec<Chip> {
        let mut all: Vec<Chip> = Vec::new();
        if self.keys == Keys::Away {
            all.push((cx.say("chip-keys"), false, Action::Keys(Keys::First)));
        }
        if self.is_blank() {
            all.push((cx.say("chip-find"), false, Action::Go(Page::Find)));
            if !cx.config.units.unit.is_empty() {
                all.push((cx.say("chip-directory"), false, Action::Go(Page::Directory(String::new()))));
            }
            return all;
        }
        let Some(found) = &self.found else { return all };
        let title = |id: &str| cx.heading(id).map_or_else(|| id.to_owned(), |h| h.title.clone());
        if self.filters.catalogue.is_empty() {
            let deepest = found.facets.catalogues.iter().filter(|(id, _)| cx.heading(id).is_some());
            for (id, _) in deepest.filter(|(id, _)| id.contains('.')).take(SHORT) {
                all.push((title(id), false, Action::Filter(Filter::Catalogue(id.clone()))));
            }
        } else {
            all.push((
                format!("{} ×", title(&self.filters.catalogue)),
                true,
                Action::Filter(Filter::Catalogue(self.filters.catalogue.clone())),
            ));
        }
        if !self.filters.place.is_empty() {
            all.push((
                format!("{} ×", cx.place(&self.filters.place)),
                true,
                Action::Filter(Filter::Place(self.filters.place.clone())),
            ));
        }
        if let Some(year) = self.filters.year {
            all.push((format!("{year} ×"), true, Action::Filter(Filter::Year(Some(year)))));
        }
        let choices = [
            (
                "chip-catalogue",
                SearchFacet::Catalogue,
                found.facets.catalogues.len(),
                self.filters.catalogue.is_empty(),
            ),
            ("chip-year", SearchFacet::Year, found.facets.years.len(), self.filters.year.is_none()),
            ("chip-place", SearchFacet::Place, found.facets.places.len(), self.filters.place.is_empty()),
        ];
        for (key, facet, count, open) in choices {
            if open && count > 0 {
                all.push((cx.say(key), false, Action::Go(Page::Narrow(facet))));
            }
        }
        all
    }

    /// What stands where hits would.
    fn instead(&self, cx: &PageContext<'_>, room: Room) -> View<Action> {
        if self.is_blank() {
            let icon = cx.icons.get(Icon::Search, cx.look.px(96.0));
            let words = (&*cx.say("search-idle-title"), &*cx.say("search-idle-line"));
            return widgets::note(cx.look, (room.width, room.tall), icon, words);
        }
        match cx.status {
            Status::Asked(_) => skeleton(cx, room.width, None),
            // In 低位操作 this stands out of reach as long as the keys are up: each of them asks again.
            Status::Failed => failed(cx, room, !cx.low || self.keys == Keys::Away),
            Status::Ready | Status::Gone => note(cx, room, &cx.say("search-none-title"), &cx.say("search-none-line")),
        }
    }
}

impl KioskPage for Search {
    fn query(&self) -> Option<Query> {
        (!self.is_blank()).then(|| self.wanted(0))
    }

    fn take(&mut self, response: Response) -> Received {
        let Response::Found(found) = response else {
            self.forget();
            return Received::Gone;
        };
        if self.add_found(found) { Received::Anew } else { Received::Shown }
    }

    fn fail(&mut self) {
        // Hits for other words would be taken for hits of these.
        self.forget();
    }

    fn more(&mut self, near: &Near) -> Option<Query> {
        let whole =
            |found: &Arc<SearchResults>| found.hits.len() >= found.query.limit.max(1) && self.hits.len() < found.total;
        let has_more = near.is_end && !self.is_stalled && !self.is_blank() && self.found.as_ref().is_some_and(whole);
        has_more.then(|| self.wanted(self.hits.len()))
    }

    fn stall(&mut self) {
        self.is_stalled = true;
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let (look, low) = (cx.look, cx.low);
        let plan = Plan::new(cx, self.keys);
        let size = (plan.field.w, plan.field.h);
        let field = widgets::field(look, size, &self.text, &cx.say("search-hint"), &self.counted(cx));
        let field = field.at(plan.field.x, plan.field.y);
        let opens = self.keys == Keys::Away && !low;
        let field = if opens { field.on(Action::Keys(Keys::First)) } else { field };
        let mut layout = open(cx, cx.say("search-title"), plan.hits.y, plan.hits.y + plan.hits.h);
        (layout.left, layout.width) = (plan.hits.x, plan.hits.w);
        layout.opening = Rect { w: plan.hits.w + look.px(4.0), ..plan.hits };
        layout.track.x = plan.hits.x + plan.hits.w + look.px(8.0);
        let mut background = layout.background.child(field).child(chips(cx, &plan, self.wanted_chips(cx)));
        if low && self.keys == Keys::Away {
            let hint = plan.field.y + plan.field.h;
            background = background.child(low_hint(cx, hint));
        }
        if let Some((ground, keys)) = plan.ground {
            let board = keyboard(cx, (keys.w, keys.h), For::Words, self.keys, plan.flat);
            let board = board.at(keys.x - ground.x, keys.y - ground.y);
            let ground = View::column().at(ground.x, ground.y).size(ground.w, ground.h).fill(look.shade()).child(board);
            background = background.child(ground);
        }
        layout.background = background;
        if !self.hits.is_empty() {
            layout.heights = vec![look.pt(146.0) * HITS as f32; self.hits.len().div_ceil(HITS)];
        }
        layout
    }

    /// What stands where the hits do: hits, or words.
    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        if self.hits.is_empty() {
            return self.instead(cx, room);
        }
        let look = cx.look;
        let (side, radius) = (look.px(38.0), look.px(look.space().radius_large));
        let inner = width - 2.0 * side;
        let last = self.hits.len().saturating_sub(1);
        let first = if index == 0 { radius } else { 0.0 };
        let end = if (index + 1) * HITS > last { radius } else { 0.0 };
        let edge = look.px(12.0);
        let (above, below) = (if index == 0 { edge } else { 0.0 }, if end > 0.0 { edge } else { 0.0 });
        let card =
            View::column().wide(width).pad(above, side, below, side).fill(look.card).corners([first, first, end, end]);
        let hits = self.hits.iter().enumerate().skip(index * HITS).take(HITS);
        let card = card.children(hits.map(|(i, hit)| row(cx, inner, hit, i == last)));
        let card = if end > 0.0 && self.is_stalled { card.child(stalled(cx, inner)) } else { card };
        if end > 0.0 { View::column().wide(width).child(card).child(View::row().tall(look.px(20.0))) } else { card }
    }

    fn act(&mut self, action: &Action) -> PageChange {
        let changed = match action {
            Action::Type(c) => self.add(**c),
            Action::Erase => self.text.pop().is_some(),
            Action::Clear => !std::mem::take(&mut *self.text).is_empty(),
            Action::Filter(filter) => {
                self.filter(filter);
                true
            }
            Action::Submit => {
                self.keys = Keys::Away;
                return PageChange::Changed;
            }
            Action::Keys(keys) => {
                self.keys = *keys;
                return PageChange::Changed;
            }
            Action::Retry => {
                self.is_stalled = false;
                return PageChange::Changed;
            }
            _ => false,
        };
        match (changed, self.is_blank()) {
            (false, _) => PageChange::Nothing,
            (true, true) => {
                self.forget();
                PageChange::Cleared
            }
            (true, false) => PageChange::Ask,
        }
    }

    fn key(&self, key: char) -> Option<Action> {
        typed(key)
    }

    fn hand_on(&self) -> Handed {
        self.found.clone().map_or(Handed::Nothing, |found| Handed::Found(found, self.filters.clone()))
    }
}

/// The chips that fit, in the order of their use.
fn chips(cx: &PageContext<'_>, plan: &Plan, all: Vec<Chip>) -> View<Action> {
    let look = cx.look;
    let gap = look.px(16.0);
    let chip = |(words, chosen, action): Chip| {
        let opens = matches!(action, Action::Go(Page::Narrow(_)));
        widgets::chip(look, &words, (chosen, opens), action)
    };
    if plan.column {
        // One under another, two a row where they fit.
        let mut rows =
            View::column().at(plan.chips.x, plan.chips.y).size(plan.chips.w, plan.chips.h).gap(look.px(10.0));
        let (mut row, mut left) = (View::row().wide(plan.chips.w).gap(gap), plan.chips.w);
        let mut height = widgets::chip_height(look);
        for one in all {
            let wide = wide_of(cx, &one);
            if wide > left && left < plan.chips.w {
                height += widgets::chip_height(look) + look.px(10.0);
                rows = rows.child(std::mem::replace(&mut row, View::row().wide(plan.chips.w).gap(gap)));
                left = plan.chips.w;
            }
            if height > plan.chips.h || wide > left {
                continue;
            }
            left -= wide + gap;
            row = row.child(chip(one));
        }
        return rows.child(row);
    }
    let mut left = plan.chips.w;
    let row = View::row().at(plan.chips.x, plan.chips.y).size(plan.chips.w, plan.chips.h).gap(gap);
    // Shortcuts stand first, but give way to the choices.
    let needed: f32 = all.iter().filter(|c| !is_shortcut(c)).map(|c| wide_of(cx, c) + gap).sum();
    left -= needed;
    let fits = |c: &Chip| {
        if !is_shortcut(c) {
            return true;
        }
        left -= wide_of(cx, c) + gap;
        left >= 0.0
    };
    let shown: Vec<Chip> = all.into_iter().filter(fits).collect();
    let mut left = plan.chips.w;
    let fits = |c: &Chip| {
        left -= wide_of(cx, c);
        let fits = left >= 0.0;
        left -= gap;
        fits
    };
    row.children(shown.into_iter().filter(fits).map(chip))
}

/// About how wide a chip is, pixels.
fn wide_of(cx: &PageContext<'_>, (words, _, action): &Chip) -> f32 {
    let arrow = if matches!(action, Action::Go(Page::Narrow(_))) { cx.look.px(10.0) + cx.look.pt(20.0) } else { 0.0 };
    widgets::chip_width(cx.look, words) + arrow
}

fn is_shortcut((_, _, action): &Chip) -> bool {
    matches!(action, Action::Filter(_))
}

/// What stands after the hits where further ones could not be had.
fn stalled(cx: &PageContext<'_>, width: f32) -> View<Action> {
    let look = cx.look;
    let words = Text::new(cx.say("retry-more"), look.pt(look.size().row), look.readable(Accent::Red, look.card));
    View::row().middle().wide(width).tall(look.pt(96.0)).on(Action::Retry).child(View::text(words))
}

/// One hit: its title with what matched in red, words around a match, who, when, where.
fn row(cx: &PageContext<'_>, width: f32, hit: &SearchHit, is_last: bool) -> View<Action> {
    let look = cx.look;
    let title = marked(&hit.title, &hit.marks, look.readable(Accent::Red, look.card), true);
    let title = Text { spans: title, ..Text::new("", look.pt(look.size().large * 0.97), look.ink) };
    let title = title.lines(2).high(look.pt(46.0));
    let heading = cx.heading(&hit.catalogue).map(|h: &Heading| h.title.clone());
    let place = (!hit.place.is_empty()).then(|| cx.place(&hit.place));
    let unit = Some(&hit.unit).filter(|u| !u.is_empty()).cloned().or(place);
    let parts: Vec<String> = unit.into_iter().chain(hit.day.map(|d| d.to_string())).chain(heading).collect();
    let meta = Text::new(parts.join(" ・ "), look.pt(look.size().small), look.mute);
    let mut words = View::column().middle().wide(width).at_least(look.pt(142.0)).gap(look.pt(4.0));
    words = words.pad(look.px(12.0), 0.0, look.px(12.0), 0.0).child(View::text(title).wide(width));
    if !hit.snippet.is_empty() {
        let spans = marked(&hit.snippet, &hit.snippet_marks, look.readable(Accent::Red, look.card), false);
        let snippet = Text { spans, ..Text::new("", look.pt(look.size().small), look.ink) }.lines(2);
        words = words.child(View::text(snippet).wide(width));
    }
    let words = words.child(View::text(meta).wide(width)).role(Role::Link).on(action(&hit.item));
    let column = View::column().wide(width).child(words);
    if is_last { column } else { column.child(View::row().size(width, look.px(2.0)).fill(look.hair)) }
}

fn action(item: &SearchItem) -> Action {
    Action::Go(match item {
        SearchItem::Notice(id) => Page::Article(*id),
        SearchItem::Row(id) => Page::Row(*id),
        SearchItem::Case(receipt) => Page::Case(receipt.clone().into()),
    })
}

/// Words with those within the ranges in a colour. Ranges that are none of the words' are passed over.
fn marked(words: &str, marks: &[Range<usize>], colour: Colour, bold: bool) -> Vec<TextSpan> {
    let words = &*cut_chars(words, MAX_TITLE_CHARS);
    let mut spans = Vec::new();
    let mut push = |text: &str, mark: bool| {
        if !text.is_empty() {
            let colour = mark.then_some(colour);
            spans.push(TextSpan { text: text.replace(char::is_control, " "), bold: bold || mark, colour });
        }
    };
    let mut done = 0;
    for mark in marks {
        let (Some(before), Some(found)) = (words.get(done..mark.start), words.get(mark.clone())) else { continue };
        push(before, false);
        push(found, true);
        done = mark.end;
    }
    push(words.get(done..).unwrap_or_default(), false);
    if spans.is_empty() {
        spans.push(TextSpan { text: String::new(), bold, colour: None });
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(offset: usize, hits: usize, total: usize) -> Arc<SearchResults> {
        let hit = SearchHit {
            item: SearchItem::Case("SL1".into()),
            title: "示例".into(),
            marks: Vec::new(),
            snippet: String::new(),
            snippet_marks: Vec::new(),
            catalogue: String::new(),
            unit: String::new(),
            place: String::new(),
            day: None,
        };
        let query = SearchQuery { limit: BATCH, offset, ..SearchQuery::default() };
        Arc::new(SearchResults { query, hits: vec![hit; hits], total, ..SearchResults::default() })
    }

    #[test]
    fn further_hits_are_added_until_all_are_there() {
        let near = Near { is_end: true, ..Near::default() };
        assert!(Search::default().more(&near).is_none());
        let mut search = Search { text: "a".into(), ..Search::default() };
        assert!(search.add_found(found(0, BATCH, 50)) && search.more(&near).is_some());
        assert!(search.more(&Near::default()).is_none(), "the end is far");
        search.stall();
        assert!(search.more(&near).is_none());
        assert!(!search.add_found(found(BATCH, 10, 50)));
        assert_eq!((search.hits.len(), search.more(&near)), (50, None));
        // An answer that does not follow on what is there adds nothing.
        search.add_found(found(7, 3, 50));
        assert_eq!(search.hits.len(), 50);
        assert!(search.add_found(found(0, 2, 2)));
        assert_eq!(search.hits.len(), 2);
    }

    #[test]
    fn narrowing_twice_widens() {
        let mut search = Search::default();
        for filter in [Filter::Catalogue("gov".into()), Filter::Place("990001".into()), Filter::Year(Some(2026))] {
            search.filter(&filter);
        }
        assert_eq!((search.filters.catalogue.as_str(), search.filters.year), ("gov", Some(2026)));
        search.filter(&Filter::Year(Some(2026)));
        search.filter(&Filter::Catalogue("gov".into()));
        let Filters { catalogue, place, year } = search.filters;
        assert_eq!((catalogue.as_str(), place.as_str(), year), ("", "990001", None));
    }

    proptest! {
        #[test]
        fn marking_loses_no_word(words in "[a示例公开 ]{0,30}", marks in proptest::collection::vec((0usize..90, 0usize..90), 0..5)) {
            let marks: Vec<Range<usize>> = marks.into_iter().map(|(a, b)| a..b).collect();
            let spans = marked(&words, &marks, Colour::BLACK, true);
            let all: String = spans.iter().map(|s| s.text.as_str()).collect();
            prop_assert_eq!(all, words);
        }
    }

    #[test]
    fn what_matched_is_marked() {
        let spans = marked("县财务公开目录", std::slice::from_ref(&(3..15)), Colour::BLACK, false);
        assert_eq!(
            spans.iter().map(|s| (s.text.as_str(), s.bold)).collect::<Vec<_>>(),
            [("县", false), ("财务公开", true), ("目录", false)]
        );
    }
}
