//! How a page stands on the canvas: what is fixed, and the opening that its sections are seen through.

use super::{
    context::Context,
    standins::{self, StandIn},
};
use crate::{
    kiosk::address::Action,
    scene::Rect,
    ui::{Text, View, widgets},
};

/// Gives the height of words at a width, pixels.
pub type Measure<'a> = &'a mut dyn FnMut(&Text, f32) -> f32;

/// The room a section has, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Across.
    pub width: f32,
    /// Height of the opening: what a section that is the whole content fills at least.
    pub tall: f32,
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
pub fn framed(cx: &Context<'_>, above: Vec<(String, Action)>, here: &str, footer: f32, confined: bool) -> PageLayout {
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
    let trail = widgets::breadcrumb(look, (wide, f.crumbs), above, here).at(x, crumbs);
    let ground = View::row().at(card.x, card.y).size(card.w, card.h).fill(look.card);
    let ground = ground.round(look.px(look.space().radius_large)).edge(line, look.line);
    let mut background = View::column().size(look.width, look.height).child(ground).child(trail);
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
    }
}

/// A page whose cards scroll over the bare paper between two heights of the canvas; one section as high as the opening
/// until it is said otherwise.
pub fn open(cx: &Context<'_>, title: String, top: f32, bottom: f32) -> PageLayout {
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
    }
}

/// The page of something the store no longer has.
pub fn gone(cx: &Context<'_>) -> PageLayout {
    framed(cx, cx.home(), &cx.say("gone-title"), 0.0, true).instead(StandIn::gone(cx))
}
