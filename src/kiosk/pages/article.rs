//! One document: where it comes from, what it says, how to take it along.

use super::{
    Action, Content, Context, Outline, Page, framed, picture,
    pieces::{LEADING, Piece, cut, shown},
};
use crate::{
    config::Accent,
    edition::Document,
    kiosk::Reading,
    model::{NoticeHead, NoticeId},
    scene::{Colour, Rect, Sampling},
    text::{TextAlign, ems},
    ui::{Look, Text, TextSpan, View, qr, widgets},
};
use std::{ops::Range, sync::Arc};

/// A document cut into chunks of about a screen.
pub struct Prepared {
    document: Arc<Document>,
    pieces: Vec<Piece>,
    chunks: Vec<Range<usize>>,
}

/// The outline of a document's page.
pub(super) fn outline(cx: &Context<'_>, id: NoticeId) -> Outline {
    let look = cx.look;
    let document = match &cx.visit.stop.reading {
        Reading::Here(document) => Some(document),
        _ => None,
    };
    let head = document.map(|d| &d.head).or_else(|| cx.edition.head(id).map(|h| &**h));
    let (trail, here) = trail(cx, head);
    let footer = if document.is_some() { look.pt(136.0).max(look.px(136.0)) } else { 0.0 };
    let is_failed = matches!(cx.visit.stop.reading, Reading::Failed);
    let mut outline = framed(cx, trail, &here, footer, is_failed);
    let Some(document) = document else {
        outline.heights = vec![outline.opening.h];
        outline.content = match cx.visit.stop.reading {
            Reading::Gone => Content::Note { title: cx.say("gone-title"), line: cx.say("gone-line") },
            Reading::Failed => Content::Failed,
            _ => Content::Waiting,
        };
        return outline;
    };
    let (width, opening) = (outline.width, outline.opening);
    let fade = look.px(56.0);
    let over = Rect::new(opening.x, opening.y + opening.h - fade, opening.w, fade + footer + look.px(12.0));
    outline.over = Some((over, foot(cx, document, (over.w, over.h), fade)));
    let pieces = cut(&document.notice.body, &document.pictures, look, width);
    let screen = opening.h.max(200.0) * 0.7;
    let (mut chunks, mut start, mut sum) = (Vec::new(), 0, 0.0);
    for (i, piece) in pieces.iter().enumerate() {
        let height = piece.estimate(look, width);
        if i > start && sum + height > screen {
            chunks.push(start..i);
            outline.heights.push(sum);
            (start, sum) = (i, 0.0);
        }
        sum += height;
    }
    chunks.push(start..pieces.len());
    outline.heights.push(sum + look.px(90.0));
    if let Some(first) = outline.heights.first_mut() {
        *first += look.pt(312.0);
    }
    outline.content = Content::Article(Prepared { document: Arc::clone(document), pieces, chunks });
    outline
}

/// Links down to a document, and what its page is called: the heading it stands under, or without one its own title.
pub(super) fn trail(cx: &Context<'_>, head: Option<&NoticeHead>) -> (Vec<(String, Action)>, String) {
    let mut trail = cx.trail(head.map_or("", |h| &h.catalogue));
    let heading = if trail.len() > 1 { trail.pop().map(|(title, _)| title) } else { None };
    let here = heading.or_else(|| head.map(|h| h.title.clone())).unwrap_or_default();
    (trail, here)
}

/// The page of something the store no longer has.
pub(super) fn gone(cx: &Context<'_>) -> Outline {
    let mut outline = framed(cx, vec![(cx.say("crumb-home"), Action::Home)], &cx.say("gone-title"), 0.0, true);
    outline.heights = vec![outline.opening.h];
    outline.content = Content::Note { title: cx.say("gone-title"), line: cx.say("gone-line") };
    outline
}

/// What stands while the document is fetched: its title, then a skeleton.
pub(super) fn waiting(cx: &Context<'_>, width: f32) -> View<Action> {
    let look = cx.look;
    let head = match cx.visit.page() {
        Page::Article(id) => cx.edition.head(*id),
        _ => None,
    };
    let mut column = View::column().wide(width);
    if let Some(head) = head {
        column = column.child(top(cx, width, head));
    }
    if cx.late {
        let words = Text::new(cx.say("loading"), look.pt(look.size().small), look.mute).align(TextAlign::Centre);
        let bar = |share: f32| View::row().wide(width * share).tall(look.pt(30.0)).fill(look.hair).round(look.px(8.0));
        let bars = View::column().gap(look.pt(30.0)).children([1.0, 0.96, 1.0, 0.62].map(bar));
        column = column.gap(look.px(30.0)).child(bars).child(View::text(words).wide(width));
    }
    column
}

/// One chunk of a document.
pub(super) fn chunk(
    cx: &Context<'_>,
    width: f32,
    prepared: &Prepared,
    index: usize,
    measure: &mut dyn FnMut(&Text, f32) -> f32,
) -> View<Action> {
    let Some(range) = prepared.chunks.get(index) else { return View::column() };
    let mut column = View::column().wide(width);
    if index == 0 {
        column = column.child(top(cx, width, &prepared.document.head));
    }
    let pieces = prepared.pieces.get(range.clone()).unwrap_or_default();
    column = column.children(pieces.iter().map(|p| piece(cx, width, p, measure)));
    if index + 1 == prepared.chunks.len() {
        column = column.child(attachments(cx, width, &prepared.document));
        column = column.child(View::row().tall(cx.look.px(90.0)));
    }
    column
}

/// Title, issuer, date, number, show period, and the red line.
fn top(cx: &Context<'_>, width: f32, head: &NoticeHead) -> View<Action> {
    let look = cx.look;
    let size = look.size();
    let title = Text::new(broken(&head.title, width / look.pt(size.title)), look.pt(size.title), look.ink).bold();
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
        .child(View::text(title).wide(width))
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

/// Words too long for one line of so many ems, broken after a mark where both parts then fit, in bold type as well.
pub(super) fn broken(title: &str, room: f32) -> String {
    let ems = |part: &str| ems(part, true);
    if ems(title) <= room {
        return title.to_owned();
    }
    let after = title.char_indices().filter(|(_, c)| matches!(c, '）' | '》' | '：' | '，' | '、' | ' '));
    let parts = after.filter_map(|(i, c)| title.split_at_checked(i + c.len_utf8()));
    let fits = parts.filter(|(a, b)| ems(a) <= room && ems(b) <= room && b.chars().count() > 2);
    let even = |(a, b): &(&str, &str)| (ems(a) - ems(b)).abs();
    let best = fits.min_by(|x, y| even(x).total_cmp(&even(y)));
    best.map_or_else(|| title.to_owned(), |(a, b)| format!("{}\n{}", a.trim_end(), b))
}

/// The chip that says whether the notice is within its show period.
fn period(cx: &Context<'_>, head: &NoticeHead) -> Option<View<Action>> {
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

fn running(look: &Look, spans: Vec<TextSpan>) -> Text {
    let size = look.pt(look.size().body);
    Text { spans, ..Text::new("", size, look.ink) }.lines(0).high((size * LEADING).round())
}

fn piece(cx: &Context<'_>, width: f32, piece: &Piece, measure: &mut dyn FnMut(&Text, f32) -> f32) -> View<Action> {
    let look = cx.look;
    let size = look.pt(look.size().body);
    match piece {
        Piece::Heading(spans, level) => {
            let big = look.pt(if *level <= 1 { 38.0 } else { 34.0 });
            let text = Text { spans: spans.clone(), ..Text::new("", big, look.ink) };
            let text = text.bold().lines(0).high(look.pt(54.0));
            View::column().wide(width).pad(look.px(16.0), 0.0, look.px(8.0), 0.0).child(View::text(text).wide(width))
        }
        Piece::Words { spans, opens, .. } => {
            let mut spans = spans.clone();
            if let (true, Some(first)) = (*opens, spans.first_mut()) {
                first.text.insert_str(0, "\u{3000}\u{3000}");
            }
            View::text(running(look, spans)).wide(width)
        }
        Piece::Item(mark, depth, spans) => {
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
        Piece::Rows { columns, rows, first, last } => {
            let table = widgets::table_rows(look, columns, rows, *first, measure);
            let gap = look.px(16.0);
            let (top, bottom) = (if *first { gap } else { 0.0 }, if *last { gap } else { 0.0 });
            View::column().wide(width).pad(top, 0.0, bottom, 0.0).child(table)
        }
        Piece::Picture { address, picture: Some(picture), .. } => {
            let (w, h) = shown(picture, width);
            let image = View::image(Arc::clone(picture), w, h, Colour::WHITE, Sampling::Linear);
            let column = View::column().across().wide(width).gap(look.px(6.0));
            let column = column.pad(look.px(16.0), 0.0, look.px(16.0), 0.0).child(image);
            if !picture::gains(cx, picture, w) {
                return column;
            }
            let hint = Text::new(cx.say("picture-enlarge"), look.pt(look.size().small), look.mute);
            column.child(View::text(hint)).on(Action::Go(Page::Picture(address.clone())))
        }
        Piece::Picture { alt, picture: None, .. } => {
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
        Piece::Plain(text) => {
            let side = look.px(20.0);
            let words = Text::new(text.as_str(), look.pt(look.size().row), look.ink).lines(0).high(look.pt(42.0));
            let frame = View::column().wide(width).pad(side, side, side, side).fill(look.paper);
            frame.child(View::text(words).wide(width - 2.0 * side))
        }
        Piece::Rule => {
            let gap = look.px(24.0);
            let line = View::row().size(width, look.px(2.0)).fill(look.line);
            View::column().wide(width).pad(gap, 0.0, gap, 0.0).child(line)
        }
    }
}

/// The files that come with it, by name.
fn attachments(cx: &Context<'_>, width: f32, document: &Document) -> View<Action> {
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
fn foot(cx: &Context<'_>, document: &Document, (width, tall): (f32, f32), fade: f32) -> View<Action> {
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
