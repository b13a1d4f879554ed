//! The pages: what stands fixed, what scrolls, and the views of the scrolled chunks.

mod article;
mod browse;
mod case;
mod choices;
mod home;
mod keyboard;
mod list;
mod picture;
mod pieces;
mod register;
mod say;
mod search;
mod value;

pub use article::Prepared;
pub use choices::Choices;

use super::{Action, Page, Visit};
use crate::{
    config::{Accent, Config, Heading, Register, Screen},
    edition::Edition,
    scene::{Colour, Picture, Rect},
    text::{Words, ems},
    time::WallTime,
    ui::{
        Look, Text, View,
        icons::{Icon, Icons},
        widgets,
    },
};
use std::sync::Arc;

/// The share of the screen above the controls in 低位操作.
pub const LOW_FROM: f32 = 0.55;

/// All a page is made from.
pub struct Context<'a> {
    /// The config.
    pub config: &'a Config,
    /// This screen's section of it.
    pub screen: &'a Screen,
    /// What can be shown.
    pub edition: &'a Edition,
    /// The look.
    pub look: &'a Look,
    /// The words.
    pub words: &'a Words,
    /// The icons.
    pub icons: &'a Icons,
    /// Civil time.
    pub wall: &'a WallTime,
    /// Where the visitor is.
    pub visit: &'a Visit,
    /// Whether a document asked for is so late that a skeleton stands in.
    pub late: bool,
}

/// A page before its content is laid out.
pub struct Outline {
    /// What stands fixed below the content, over the whole canvas.
    pub under: View<Action>,
    /// What stands fixed over the content, and where.
    pub over: Option<(Rect, View<Action>)>,
    /// The opening the content is seen through, canvas pixels.
    pub opening: Rect,
    /// Left edge of the content on the canvas, pixels.
    pub left: f32,
    /// Width of the content, pixels.
    pub width: f32,
    /// Estimated heights of the content's chunks, pixels.
    pub heights: Vec<f32>,
    /// The scrollbar's track, canvas pixels.
    pub track: Rect,
    /// What the content is.
    pub content: Content,
}

/// The content of a page.
pub enum Content {
    /// The home page.
    Home,
    /// The catalogue, one chunk a top heading.
    Find,
    /// One heading.
    Browse(String),
    /// Notices by their index in the edition, under a title.
    Rows {
        /// Indices, in the order shown.
        rows: Vec<u32>,
        /// The title over them.
        title: String,
    },
    /// A document that is being fetched.
    Waiting,
    /// A document.
    Article(Prepared),
    /// A register's rows.
    Register(register::Prepared),
    /// One row.
    Row(register::Facts),
    /// One picture.
    Picture(Arc<Picture>),
    /// Tiles to choose from.
    Choices(Choices),
    /// A case, or how to ask for one.
    Case {
        /// Whether the case's facts stand beside it.
        is_split: bool,
    },
    /// Hits, or how to search.
    Search,
    /// That what was asked for cannot be had now, and a button to ask again.
    Failed,
    /// Words in place of content.
    Note {
        /// Large line.
        title: String,
        /// Small line.
        line: String,
    },
}

/// The heights the pages share, canvas pixels.
struct Frame {
    top: f32,
    bottom: f32,
    crumbs: f32,
    margin: f32,
    gutter: f32,
}

impl<'a> Context<'a> {
    fn say(&self, key: &str) -> String {
        self.words.say(key, &[])
    }

    fn heading(&self, id: &str) -> Option<&'a Heading> {
        self.config.catalogue.find(id)
    }

    /// The registers that belong to a heading itself, by name.
    fn registers_of<'b>(&'b self, id: &'b str) -> impl Iterator<Item = (&'b String, &'b Register)> {
        self.config.registers.iter().filter(move |(_, r)| r.catalogue == id)
    }

    /// The top heading under which most registers of cases are: its card asks for a receipt number.
    fn case_heading(&self) -> Option<&'a Heading> {
        let cases = |heading: &Heading| {
            let under = |r: &&Register| r.case.is_some() && r.catalogue.split('.').next() == Some(&heading.id);
            self.config.registers.values().filter(under).count()
        };
        // The first of several with as many.
        let counted = self.config.catalogue.children("").map(|h| (cases(h), h)).filter(|(n, _)| *n > 0);
        counted.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, heading)| heading)
    }

    /// Where a heading leads: to its cases, to what is under it, to its only register, or to its list.
    fn page_of(&self, id: &str) -> Page {
        let is_asked = !id.contains('.') && self.case_heading().is_some_and(|h| h.id == id);
        if is_asked || self.registers_of(id).any(|(_, r)| r.case.is_some()) {
            return Page::Case(String::new());
        }
        if self.config.catalogue.children(id).next().is_some() {
            return Page::Browse(id.to_owned());
        }
        let mut registers = self.registers_of(id);
        match (registers.next(), registers.next()) {
            (Some((name, only)), None) if self.edition.under(id).next().is_none() => register::page(only, name),
            _ => Page::List { heading: id.to_owned(), showing: false },
        }
    }

    fn frame(&self) -> Frame {
        let look = self.look;
        let wide = look.landscape();
        Frame {
            top: widgets::header_height(look),
            bottom: look.height - widgets::bar_height(look),
            crumbs: look.pt(if wide { 76.0 } else { 94.0 }),
            margin: look.px(if wide { 24.0 } else { 40.0 }),
            gutter: look.px(look.space().gutter),
        }
    }

    /// Links from home down to a heading, the heading itself included.
    fn trail(&self, id: &str) -> Vec<(String, Action)> {
        let mut links = vec![(self.say("crumb-home"), Action::Home)];
        let ends = id.match_indices('.').map(|(i, _)| i).chain((!id.is_empty()).then_some(id.len()));
        for heading in ends.filter_map(|end| self.heading(id.get(..end)?)) {
            links.push((heading.title.clone(), Action::Go(self.page_of(&heading.id))));
        }
        links
    }

    fn low_top(&self) -> f32 {
        (self.look.height * LOW_FROM).ceil()
    }

    /// Words that fill the upper part in 低位操作.
    fn low_hint(&self, top: f32) -> View<Action> {
        let tall = self.low_top() - top;
        let words = Text::new(self.say("low-hint"), self.look.pt(self.look.size().large), self.look.mute);
        let box_ = View::column().at(0.0, top).size(self.look.width, tall).middle().across();
        let icon = self.look.px(96.0);
        let picture = self.icons.get(Icon::Low, icon);
        box_.gap(self.look.px(20.0))
            .child(View::image(picture, icon, icon, self.look.mute, crate::scene::Sampling::Linear))
            .child(View::text(words))
    }
}

/// The outline of the page the visitor is on.
pub fn outline(cx: &Context<'_>) -> Outline {
    match cx.visit.page() {
        Page::Home => home::outline(cx),
        Page::Find => browse::find(cx),
        Page::Browse(heading) => browse::outline(cx, heading),
        Page::List { heading, showing } => list::outline(cx, heading, *showing),
        Page::Article(id) => article::outline(cx, *id),
        Page::Register(query) => register::outline(cx, query),
        Page::Pick(query, pick) => register::pick_outline(cx, query, *pick),
        Page::Row(_) => register::row_outline(cx),
        Page::Picture(address) => picture::outline(cx, address),
        Page::Case(_) => case::outline(cx),
        Page::Search => search::outline(cx),
        Page::Narrow(facet) => search::narrow_outline(cx, *facet),
    }
}

/// The view of one chunk of a page's content. `measure` gives the height of words at a width, pixels.
pub fn chunk(
    cx: &Context<'_>,
    outline: &Outline,
    index: usize,
    measure: &mut dyn FnMut(&Text, f32) -> f32,
) -> View<Action> {
    let width = outline.width;
    match &outline.content {
        Content::Home => home::view(cx, outline.opening.h),
        Content::Find => browse::find_chunk(cx, width, index),
        Content::Browse(heading) => browse::view(cx, width, heading),
        Content::Rows { rows, title } => list::chunk(cx, width, rows, title, index),
        Content::Waiting => article::waiting(cx, width),
        Content::Article(prepared) => article::chunk(cx, width, prepared, index, measure),
        Content::Register(prepared) => register::chunk(cx, width, prepared, index),
        Content::Row(facts) => register::row_chunk(cx, width, facts, index),
        Content::Picture(picture) => picture::chunk(cx, width, picture, outline.opening.h),
        Content::Choices(choices) => choices::chunk(cx, width, choices, index),
        Content::Case { is_split } => case::view(cx, width, outline.opening.h, *is_split),
        Content::Search => search::chunk(cx, width, outline.opening.h, index),
        Content::Failed => failed(cx, (width, outline.opening.h), true),
        Content::Note { title, line } => note(cx, (width, outline.opening.h), title, line),
    }
}

fn note(cx: &Context<'_>, size: (f32, f32), title: &str, line: &str) -> View<Action> {
    let icon = cx.icons.get(Icon::Empty, cx.look.px(96.0));
    let line = article::broken(line, (size.0 - cx.look.px(80.0)) / cx.look.pt(cx.look.size().row));
    widgets::note(cx.look, size, icon, (title, &line))
}

/// That the archive cannot be read now, which says nothing of what it holds, with a button that asks it again where one
/// is in reach.
fn failed(cx: &Context<'_>, (width, tall): (f32, f32), has_button: bool) -> View<Action> {
    let look = cx.look;
    let (side, gap) = (look.px(64.0), look.px(look.space().gap_large));
    let high = look.pt(88.0).max(look.target());
    let icon = cx.icons.get(Icon::Retry, look.px(96.0));
    let (title, line) = (cx.say("failed-title"), cx.say("failed-line"));
    let line = article::broken(&line, (width - look.px(80.0)) / look.pt(look.size().row));
    if !has_button {
        return widgets::note(look, (width, tall), icon, (&title, &line));
    }
    let words = Text::new(cx.say("retry"), look.pt(look.size().large), Colour::WHITE).bold();
    let wide = ems(&cx.say("retry"), true) * words.size + 2.0 * side;
    let red = look.readable(Accent::Red, Colour::WHITE);
    let button =
        View::row().middle().tall(high).pad(0.0, side, 0.0, side).fill(red).round(look.px(look.space().radius));
    let button = button.on(Action::Retry).child(View::text(words));
    if tall < high + gap + look.pt(190.0) {
        // Too low for one under the other.
        let note = widgets::note(look, (width - wide - gap, tall), icon, (&title, &line));
        return View::row().wide(width).child(note).child(button);
    }
    // High enough for the ring where there is room for it, and no higher, so that the button stands by the words.
    let above = (tall - high - 2.0 * gap).min(look.px(352.0) + look.pt(110.0));
    let note = widgets::note(look, (width, above), icon, (&title, &line));
    View::column().middle().across().wide(width).at_least(tall).gap(gap).child(note).child(button)
}

/// A page with a breadcrumb over (in 低位操作 under) a white card whose content scrolls; `footer` is kept free at
/// the card's lower edge. `confined`: the content has controls, so 低位操作 keeps it in reach.
fn framed(cx: &Context<'_>, above: Vec<(String, Action)>, here: &str, footer: f32, confined: bool) -> Outline {
    let (look, f, low) = (cx.look, cx.frame(), cx.visit.low);
    let (crumbs, bottom) = if low { (f.bottom - f.crumbs, f.bottom - f.crumbs) } else { (f.top, f.bottom - f.margin) };
    let top = match (low, confined) {
        (true, true) => cx.low_top(),
        (true, false) => f.top + f.margin,
        (false, _) => f.top + f.crumbs,
    };
    let wide = (look.width - 2.0 * f.gutter).min(look.px(1440.0));
    let x = ((look.width - wide) / 2.0).round();
    let card = Rect::new(x, top, wide, bottom - top);
    let (line, inset) = (look.px(2.0), look.px(if confined { 38.0 } else { 58.0 }));
    let trail = widgets::breadcrumb(look, (wide, f.crumbs), above, here).at(x, crumbs);
    let ground = View::row().at(card.x, card.y).size(card.w, card.h).fill(look.card);
    let ground = ground.round(look.px(look.space().radius_large)).edge(line, look.line);
    let mut under = View::column().size(look.width, look.height).child(ground).child(trail);
    if low && confined {
        under = under.child(cx.low_hint(f.top));
    }
    let edge = look.px(14.0);
    let opening = Rect::new(card.x + line, card.y + edge, card.w - 2.0 * line, card.h - 2.0 * edge - footer);
    let bar = look.px(8.0);
    Outline {
        under,
        over: None,
        opening,
        left: card.x + inset,
        width: card.w - 2.0 * inset,
        heights: Vec::new(),
        track: Rect::new(card.x + card.w - look.px(24.0), opening.y + look.px(26.0), bar, opening.h - look.px(52.0)),
        content: Content::Waiting,
    }
}

/// A page whose cards scroll over the bare paper.
fn open(cx: &Context<'_>, top: f32, bottom: f32, content: Content, heights: Vec<f32>) -> Outline {
    let look = cx.look;
    let opening = Rect::new(0.0, top, look.width, bottom - top);
    let bar = look.px(8.0);
    Outline {
        under: View::column().size(look.width, look.height),
        over: None,
        opening,
        left: 0.0,
        width: look.width,
        heights,
        track: Rect::new(look.width - look.px(22.0), top + look.px(20.0), bar, opening.h - look.px(40.0)),
        content,
    }
}
