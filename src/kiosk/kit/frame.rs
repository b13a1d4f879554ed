//! How a page stands on the canvas: what is fixed, and the opening that its sections are seen through.

use super::{
    context::PageContext,
    room::Room,
    standins::{self, StandIn},
};
use crate::{
    config::Accent,
    kiosk::address::Action,
    scene::Rect,
    ui::{Text, View, widgets},
};

/// Where content goes with a layout.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ScrollTo {
    /// It stays.
    #[default]
    Stay,
    /// So many pixels further down: what is above grew by as much, so that what is seen stays on screen.
    By(f64),
    /// To so many pixels below the top of a section.
    Section(usize, f64),
}

/// A page before its sections are laid out.
pub struct PageLayout {
    /// What the page is called.
    pub title: String,
    /// What stands fixed below the content, over the whole canvas.
    pub background: View<Action>,
    /// What stands fixed over the content, and where.
    pub overlay: Option<(Rect, View<Action>)>,
    /// The opening the content is seen through, canvas pixels.
    pub opening: Rect,
    /// Left edge of the content on the canvas, pixels.
    pub left: f32,
    /// Width of the content, pixels.
    pub width: f32,
    /// Estimated heights of the content's sections, pixels.
    pub heights: Vec<f32>,
    /// The scrollbar's track, canvas pixels.
    pub track: Rect,
    /// What stands in place of the sections.
    pub stand_in: Option<StandIn>,
    /// Where the content goes.
    pub scroll: ScrollTo,
}

impl PageLayout {
    /// The room a section has.
    pub fn room(&self) -> Room {
        Room { width: self.width, tall: self.opening.h }
    }

    /// The same with words in place of its sections.
    pub fn instead(mut self, stand_in: StandIn) -> Self {
        self.heights = vec![self.opening.h];
        self.stand_in = Some(stand_in);
        self
    }
}

/// A page with a breadcrumb over (in 低位操作 under) a white card whose content scrolls; `footer` is kept free at
/// the card's lower edge. `confined`: the content has controls, so 低位操作 keeps it in reach.
pub fn framed(
    cx: &PageContext<'_>,
    above: Vec<(String, Action)>,
    here: &str,
    footer: f32,
    confined: bool,
) -> PageLayout {
    framed_with(cx, above, here, (footer, confined), None)
}

/// The same with something at the end of the breadcrumb: its width in pixels, and its view.
pub fn framed_with(
    cx: &PageContext<'_>,
    above: Vec<(String, Action)>,
    here: &str,
    (footer, confined): (f32, bool),
    beside: Option<(f32, View<Action>)>,
) -> PageLayout {
    let (look, f, low) = (cx.look, cx.frame(), cx.low);
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
    let taken = beside.as_ref().map_or(0.0, |(wide, _)| wide + look.px(look.space().gap));
    let trail = widgets::breadcrumb(look, (wide - taken, f.crumbs), above, here);
    let row = View::row().at(x, crumbs).size(wide, f.crumbs).apart().child(trail);
    let row = row.children(beside.map(|(_, view)| view));
    let ground = View::row().at(card.x, card.y).size(card.w, card.h).fill(look.card);
    let ground = ground.round(look.px(look.space().radius_large)).edge(line, look.line);
    let mut background = View::column().size(look.width, look.height).child(ground).child(row);
    if low && confined {
        background = background.child(standins::low_hint(cx, f.top));
    }
    let edge = look.px(14.0);
    let opening = Rect::new(card.x + line, card.y + edge, card.w - 2.0 * line, card.h - 2.0 * edge - footer);
    let bar = look.px(8.0);
    PageLayout {
        title: here.to_owned(),
        background,
        overlay: None,
        opening,
        left: card.x + inset,
        width: card.w - 2.0 * inset,
        heights: vec![opening.h],
        track: Rect::new(card.x + card.w - look.px(24.0), opening.y + look.px(26.0), bar, opening.h - look.px(52.0)),
        stand_in: None,
        scroll: ScrollTo::Stay,
    }
}

/// A page whose cards scroll over the bare paper between two heights of the canvas; one section as high as the opening
/// until it is said otherwise.
pub fn open(cx: &PageContext<'_>, title: String, top: f32, bottom: f32) -> PageLayout {
    let look = cx.look;
    let opening = Rect::new(0.0, top, look.width, bottom - top);
    let bar = look.px(8.0);
    PageLayout {
        title,
        background: View::column().size(look.width, look.height),
        overlay: None,
        opening,
        left: 0.0,
        width: look.width,
        heights: vec![opening.h],
        track: Rect::new(look.width - look.px(22.0), top + look.px(20.0), bar, opening.h - look.px(40.0)),
        stand_in: None,
        scroll: ScrollTo::Stay,
    }
}

/// The page of something the store no longer has.
pub fn gone(cx: &PageContext<'_>) -> PageLayout {
    framed(cx, cx.home(), &cx.say("gone-title"), 0.0, true).instead(StandIn::gone(cx))
}

/// What stands at the foot of a page, `height` pixels high, where something of it cannot be had now: it asks again.
pub fn retry_bar(cx: &PageContext<'_>, layout: &PageLayout, height: f32) -> (Rect, View<Action>) {
    let (look, opening) = (cx.look, layout.opening);
    let words = Text::new(cx.say("retry-rows"), look.pt(look.size().row), look.readable(Accent::Red, look.card)).bold();
    let line = View::row().size(opening.w, look.px(2.0)).fill(look.line);
    let button = View::row().middle().size(opening.w, height - look.px(2.0)).on(Action::Retry).child(View::text(words));
    (Rect::new(opening.x, opening.y + opening.h, opening.w, height), View::column().child(line).child(button))
}
