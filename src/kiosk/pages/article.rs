//! One document: where it comes from, what it says, how to take it along.

use crate::{
    config::Accent,
    edition::{Document, Edition, Query, Response},
    kiosk::{
        address::{Action, Page},
        kit::{
            Cut, DocumentPiece, LEADING, Measure, PageContext, PageLayout, Room, StandIn, Status, broken, framed,
            gains, shown, skeleton,
        },
        page::{Handed, KioskPage, Received},
    },
    model::{NoticeHead, NoticeId},
    scene::{Colour, Rect, Sampling},
    text::{MAX_TITLE_CHARS, TextAlign, cut_chars},
    ui::{Metrics, Role, Text, TextSpan, View, qr, widgets},
};
use std::{ops::Range, sync::Arc};

/// Characters of a document that are cut at once.
const CUT_CHARS: usize = 20_000;
/// What a piece without words costs, in characters.
const MIN_PIECE_CHARS: usize = 20;

/// A document's page.
pub struct ArticlePage {
    id: NoticeId,
    document: Option<Arc<Document>>,
    /// The document as far as it is cut, and the page it was cut for: its room, and whether its type is large.
    cut: Cut,
    cut_for: Option<(Room, bool)>,
    sections: Sections,
}

/// Pieces put together to sections of about a screen.
#[derive(Default)]
struct Sections {
    /// The pieces of each section.
    ranges: Vec<Range<usize>>,
    heights: Vec<f32>,
    /// The first piece of the section being put together, and its height so far.
    open: (usize, f32),
    is_complete: bool,
}

impl ArticlePage {
    /// The page of a notice.
    pub fn new(id: NoticeId) -> Self {
        Self { id, document: None, cut: Cut::default(), cut_for: None, sections: Sections::default() }
    }

    /// Cuts the document on by a bounded step.
    fn go_on(&mut self, look: &Metrics, room: Room) {
        let Some(document) = &self.document else { return };
        let (body, screen) = (&document.notice.body, room.tall.max(200.0) * 0.7);
        let (cut, sections) = (&mut self.cut, &mut self.sections);
        let mut left = CUT_CHARS;
        while !cut.is_complete(body) && left > 0 {
            let from = cut.pieces.len();
            cut.step(body, &document.pictures, look, room.width);
            left = left.saturating_sub(MIN_PIECE_CHARS);
            for (i, piece) in cut.pieces.iter().enumerate().skip(from) {
                sections.add(i, piece.estimate(look, room.width), screen);
                left = left.saturating_sub(piece.chars());
            }
        }
        if cut.is_complete(body) && !sections.is_complete {
            sections.close(cut.pieces.len(), look.px(90.0));
            sections.is_complete = true;
        }
    }

    /// The heights of the sections from one on, the last of them all that is not cut yet.
    fn heights(&self, look: &Metrics, room: Room, from: usize) -> Vec<f32> {
        let mut heights: Vec<f32> = self.sections.heights.iter().skip(from).copied().collect();
        if let (false, Some(document)) = (self.sections.is_complete, &self.document) {
            heights.push(self.sections.open.1 + self.cut.rest(&document.notice.body, look, room.width));
        }
        if let (0, Some(first)) = (from, heights.first_mut()) {
            *first += look.pt(312.0);
        }
        heights
    }
}

impl Sections {
    /// Takes in a piece.
    fn add(&mut self, piece: usize, height: f32, screen: f32) {
        if piece > self.open.0 && self.open.1 + height > screen {
            self.close(piece, 0.0);
        }
        self.open.1 += height;
    }

    /// Ends the section being put together before a piece.
    fn close(&mut self, piece: usize, more: f32) {
        self.ranges.push(self.open.0..piece);
        self.heights.push(self.open.1 + more);
        self.open = (piece, 0.0);
    }
}

impl KioskPage for ArticlePage {
    fn query(&self) -> Option<Query> {
        Some(Query::Notice(self.id))
    }

    fn take(&mut self, response: Response) -> Received {
        (self.cut, self.cut_for, self.sections) = (Cut::default(), None, Sections::default());
        self.document = match response {
            Response::Document(document) => Some(document),
            _ => None,
        };
        if self.document.is_some() { Received::Shown } else { Received::Gone }
    }

    fn refresh(&mut self, edition: &Edition) -> bool {
        let same = |document: &Document| {
            edition.head(self.id).is_some_and(|head| {
                head.title == document.head.title
                    && head.show == document.head.show
                    && head.published == document.head.published
            })
        };
        self.document.as_ref().is_some_and(|document| !same(document))
    }

    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let look = cx.look;
        let head = self.document.as_ref().map(|d| &d.head).or_else(|| cx.edition.head(self.id).map(|h| &**h));
        let (trail, here) = cx.trail_of(head);
        let is_failed = self.document.is_none() && cx.status == Status::Failed;
        let footer = if self.document.is_some() { look.pt(136.0).max(look.px(136.0)) } else { 0.0 };
        let mut layout = framed(cx, trail, &here, footer, is_failed);
        let Some(document) = &self.document else {
            return match cx.status {
                Status::Gone => layout.instead(StandIn::gone(cx)),
                Status::Failed => layout.instead(StandIn::Failed),
                Status::Ready | Status::Asked(_) => layout,
            };
        };
        let opening = layout.opening;
        let fade = look.px(56.0);
        let over = Rect::new(opening.x, opening.y + opening.h - fade, opening.w, fade + footer + look.px(12.0));
        layout.overlay = Some((over, foot(cx, document, (over.w, over.h), fade)));
        let room = layout.room();
        if self.cut_for != Some((room, look.large)) {
            (self.cut, self.sections) = (Cut::default(), Sections::default());
            self.cut_for = Some((room, look.large));
            self.go_on(look, room);
        }
        layout.heights = self.heights(look, room, 0);
        layout
    }

    fn prepare(&mut self, cx: &PageContext<'_>, room: Room) -> Option<Vec<f32>> {
        if self.sections.is_complete || self.document.is_none() {
            return None;
        }
        let from = self.sections.ranges.len();
        self.go_on(cx.look, room);
        Some(self.heights(cx.look, room, from))
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, measure: Measure<'_>) -> View<Action> {
        let width = room.width;
        let Some(document) = &self.document else {
            let head = cx.edition.head(self.id);
            return skeleton(cx, width, head.map(|head| top(cx, width, head)));
        };
        let Some(range) = self.sections.ranges.get(index) else { return View::column() };
        let mut column = View::column().wide(width);
        if index == 0 {
            column = column.child(top(cx, width, &document.head));
        }
        let pieces = self.cut.pieces.get(range.clone()).unwrap_or_default();
        column = column.children(pieces.iter().map(|p| piece(cx, width, p, measure)));
        if self.sections.is_complete && index + 1 == self.sections.ranges.len() {
            column = column.child(attachments(cx, width, document));
            column = column.child(View::row().tall(cx.look.px(90.0)));
        }
        column
    }

    fn hand_on(&self) -> Handed {
        self.document.clone().map_or(Handed::Nothing, Handed::Document)
    }
}

/// Title, issuer, date, number, show period, and the red line.
fn top(cx: &PageContext<'_>, width: f32, head: &NoticeHead) -> View<Action> {
    let look = cx.look;
    let size = look.size();
    let title = cut_chars(&head.title, MAX_TITLE_CHARS);
    let title = Text::new(broken(&title, width / look.pt(size.title)), look.pt(size.title), look.ink).bold();
    let title = title.lines(0).high(look.pt(62.0)).align(TextAlign::Centre);
    let fine = |words: String| View::text(Text::new(words, look.pt(size.fine), look.mute));
    let mut facts: Vec<View<Action>> = Vec::new();
    facts.extend(head.issuer.as_deref().map(|i| fine(i.to_owned())));
    facts.extend(head.published.map(|at| fine(cx.day_of(at))));
    facts.extend(head.number.as_deref().map(|n| fine(cx.words.say("number", &[("number", n)]))));
    facts.extend(period(cx, head));
    View::column()
        .wide(width)
        .pad(look.pt(40.0), 0.0, look.pt(34.0), 0.0)
        .child(View::text(title).role(Role::Heading).wide(width))
        .child(
            View::row()
                .wrap()
                .middle()
                .wide(width)
                .gap(look.px(24.0))
                .pad(look.px(18.0), 0.0, look.px(28.0), 0.0)
                .children(facts),
        )
        .child(View::row().size(width, look.px(3.0)).fill(look.red))
}

/// The chip that says whether the notice is within its show period.
fn period(cx: &PageContext<'_>, head: &NoticeHead) -> Option<View<Action>> {
    let (look, today) = (cx.look, cx.wall.day());
    let (words, accent) = match (head.show.from, head.show.until) {
        (Some(from), _) if from > today => {
            (cx.words.say("begins", &[("day", &cx.short_day(from))]), Some(Accent::Blue))
        }
        (_, Some(until)) if until < today => (cx.words.say("ended", &[("day", &cx.short_day(until))]), None),
        (_, Some(until)) => {
            let n = cx.days(&head.show).unwrap_or_default();
            (cx.words.say("until", &[("day", &cx.short_day(until)), ("n", &n)]), Some(Accent::Amber))
        }
        _ => return None,
    };
    let ground = accent.map_or(look.paper, |a| look.tint(a));
    let ink = accent.map_or(look.mute, |a| look.readable(a, ground));
    let side = look.px(14.0);
    let chip = View::row().tall(look.pt(44.0)).pad(0.0, side, 0.0, side).fill(ground);
    let words = Text::new(words, look.pt(look.size().fine), ink);
    Some(chip.round(look.px(look.space().radius_small * 0.83)).child(View::text(words)))
}

fn running(look: &Metrics, spans: Vec<TextSpan>) -> Text {
    let size = look.pt(look.size().body);
    Text { spans, ..Text::new("", size, look.ink) }.lines(0).high((size * LEADING).round())
}

fn piece(
    cx: &PageContext<'_>,
    width: f32,
    piece: &DocumentPiece,
    measure: &mut dyn FnMut(&Text, f32) -> f32,
) -> View<Action> {
    let look = cx.look;
    let size = look.pt(look.size().body);
    match piece {
        DocumentPiece::Heading(spans, level) => {
            let big = look.pt(if *level <= 1 { 38.0 } else { 34.0 });
            let text = Text { spans: spans.clone(), ..Text::new("", big, look.ink) };
            let text = text.bold().lines(0).high(look.pt(54.0));
            View::column()
                .wide(width)
                .pad(look.px(16.0), 0.0, look.px(8.0), 0.0)
                .child(View::text(text).role(Role::Heading).wide(width))
        }
        DocumentPiece::Words { spans, opens, .. } => {
            let mut spans = spans.clone();
            if let (true, Some(first)) = (*opens, spans.first_mut()) {
                first.text.insert_str(0, "\u{3000}\u{3000}");
            }
            View::text(running(look, spans)).wide(width)
        }
        DocumentPiece::Item(mark, depth, spans) => {
            let lead = size * 1.6 * (1.0 + f32::from(*depth));
            let mark = Text::new(mark.as_str(), size, look.mute).high((size * LEADING).round());
            let mark_wide = size * 1.4;
            View::row()
                .stretch()
                .wide(width)
                .pad(0.0, 0.0, 0.0, (lead - mark_wide).max(0.0))
                .child(View::text(mark).wide(mark_wide))
                .child(View::text(running(look, spans.clone())).wide(width - lead.max(mark_wide)))
        }
        DocumentPiece::Rows { columns, rows, first, last } => {
            let table = widgets::table_rows(look, columns, rows, *first, measure);
            let gap = look.px(16.0);
            let (top, bottom) = (if *first { gap } else { 0.0 }, if *last { gap } else { 0.0 });
            View::column().wide(width).pad(top, 0.0, bottom, 0.0).child(table)
        }
        DocumentPiece::Picture { address, picture: Some(picture), .. } => {
            let (w, h) = shown(picture, width);
            let image = View::image(Arc::clone(picture), w, h, Colour::WHITE, Sampling::Linear);
            let column = View::column().across().wide(width).gap(look.px(6.0));
            let column = column.pad(look.px(16.0), 0.0, look.px(16.0), 0.0).child(image);
            if !gains(cx, picture, w) {
                return column;
            }
            let hint = Text::new(cx.say("picture-enlarge"), look.pt(look.size().small), look.mute);
            column.child(View::text(hint)).on(Action::Go(Page::Picture(address.clone())))
        }
        DocumentPiece::Picture { alt, picture: None, .. } => {
            let words = if alt.trim().is_empty() {
                cx.say("picture-bare")
            } else {
                cx.words.say("picture", &[("alt", alt.trim())])
            };
            let inner = width - look.px(64.0);
            let words = Text::new(words, look.pt(look.size().small), look.mute).lines(4).align(TextAlign::Centre);
            let frame = View::column().middle().across().wide(width).at_least(look.pt(120.0)).fill(look.paper);
            let frame = frame.round(look.px(look.space().radius_small)).edge(look.px(2.0), look.line);
            let frame = frame.pad(look.px(16.0), 0.0, look.px(16.0), 0.0).child(View::text(words).wide(inner));
            View::column().wide(width).pad(look.px(16.0), 0.0, look.px(16.0), 0.0).child(frame)
        }
        DocumentPiece::Plain(text) => {
            let side = look.px(20.0);
            let words = Text::new(text.as_str(), look.pt(look.size().row), look.ink).lines(0).high(look.pt(42.0));
            let frame = View::column().wide(width).pad(side, side, side, side).fill(look.paper);
            frame.child(View::text(words).wide(width - 2.0 * side))
        }
        DocumentPiece::Rule => {
            let gap = look.px(24.0);
            let line = View::row().size(width, look.px(2.0)).fill(look.line);
            View::column().wide(width).pad(gap, 0.0, gap, 0.0).child(line)
        }
    }
}

/// The files that come with it, by name.
fn attachments(cx: &PageContext<'_>, width: f32, document: &Document) -> View<Action> {
    let look = cx.look;
    let mut column = View::column().wide(width);
    if document.notice.attachments.is_empty() {
        return column;
    }
    column = column.child(widgets::heading_row(look, width, &cx.say("attachments"), None::<(&str, Accent, Action)>));
    for (i, file) in document.notice.attachments.iter().take(50).enumerate() {
        let name = file.url.rsplit('/').next().filter(|n| !n.is_empty() && !n.contains('%')).map(str::to_owned);
        let number = (i + 1).to_string();
        let title = file.title.clone().filter(|t| !t.trim().is_empty()).or(name);
        let title = title.unwrap_or_else(|| cx.words.say("attachment", &[("n", &number)]));
        let words = Text::new(format!("{number}. {title}"), look.pt(look.size().row), look.ink).lines(2);
        let row = View::column().wide(width).pad(look.px(10.0), 0.0, look.px(10.0), 0.0);
        column = column.child(row.child(View::text(words).wide(width)));
    }
    column
}

/// Where the document comes from, when that was last confirmed, and a code that opens it elsewhere; above it the
/// text fades out.
fn foot(cx: &PageContext<'_>, document: &Document, (width, tall): (f32, f32), fade: f32) -> View<Action> {
    let look = cx.look;
    let (side, size) = (look.px(56.0), look.size());
    let updated = document.notice.updated.or(document.notice.published);
    let digest = match (document.digest.get(..4), document.digest.get(document.digest.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if document.digest.len() > 8 => format!("{head}…{tail}"),
        _ => document.digest.clone(),
    };
    let source = if document.source_title.is_empty() { &document.source } else { &document.source_title };
    let mut facts = vec![cx.words.say("source", &[("source", source)])];
    facts.extend(updated.map(|at| cx.words.say("updated", &[("time", &cx.moment(at))])));
    let code = document.notice.link.as_deref().filter(|l| l.starts_with("http")).and_then(qr::code);
    let mut proof = vec![
        cx.words.say("confirmed", &[("time", &cx.moment(document.head.last_seen))]),
        cx.words.say("digest", &[("digest", &digest)]),
    ];
    proof.extend(code.is_some().then(|| cx.say("scan")));
    let first = Text::new(facts.join(" ・ "), look.pt(size.small), look.mute).lines(2);
    let second = Text::new(proof.join(" ・ "), look.pt(size.fine), look.mute).lines(2);
    let words = View::column().middle().grow(1.0).child(View::text(first)).child(View::text(second));
    let mut row =
        View::row().size(width, tall - fade).pad(0.0, look.px(44.0), 0.0, side).gap(look.px(12.0)).child(words);
    if let Some(code) = code {
        let modules = code.width as f32;
        // Whole pixels a module, or the code blurs.
        let side = (look.px(128.0) / modules).floor().max(2.0) * modules;
        row = row.child(View::image(Arc::new(code), side, side, Colour::WHITE, Sampling::Nearest));
    }
    let clear = View::row().size(width, fade).gradient(look.card.alpha(0.0), look.card);
    let radius = look.px(look.space().radius_large - 2.0);
    View::column().size(width, tall).child(clear).child(row.fill(look.card).corners([0.0, 0.0, radius, radius]))
}
