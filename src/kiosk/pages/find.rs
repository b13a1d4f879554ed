//! 按栏目查找: the whole catalogue.

use crate::{
    kiosk::{
        address::Action,
        kit::{Context, Measure, PageLayout, Room, StandIn, columns, framed, headings_as_tiles},
        page::KioskPage,
    },
    ui::{View, widgets},
};

/// The whole catalogue, a section each top heading.
pub struct Find;

impl KioskPage for Find {
    fn layout(&mut self, cx: &Context<'_>) -> PageLayout {
        let mut layout = framed(cx, cx.home(), &cx.say("find-title"), 0.0, true);
        let count = cx.config.catalogue.children("").count();
        if count == 0 {
            return layout.instead(StandIn::empty(cx));
        }
        layout.heights = vec![cx.look.pt(300.0); count];
        layout
    }

    fn section(&self, cx: &Context<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        let Some(heading) = cx.config.catalogue.children("").nth(index) else { return View::column() };
        let link = Action::Go(cx.page_of(&heading.id));
        let count = format!("{} ›", cx.count(heading));
        let title = widgets::heading_row(cx.look, width, &heading.title, Some((&count, heading.colour, link)));
        let column = View::column().wide(width).gap(cx.look.px(20.0)).child(title);
        let children: Vec<_> = cx.config.catalogue.children(&heading.id).collect();
        let own = [heading];
        let tiles = headings_as_tiles(cx, width, if children.is_empty() { &own } else { &children }, columns(cx));
        column.child(tiles).child(View::row().tall(cx.look.px(12.0)))
    }
}
