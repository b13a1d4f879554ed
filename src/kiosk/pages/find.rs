//! 按栏目查找: the whole catalogue.

use crate::{
    config::Accent,
    kiosk::{
        address::{Action, Page},
        kit::{Measure, PageContext, PageLayout, Room, StandIn, columns, figure, framed, headings_as_tiles},
        page::KioskPage,
    },
    ui::{View, widgets},
};

/// The whole catalogue, a section each top heading.
pub struct Find;

impl KioskPage for Find {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let mut layout = framed(cx, cx.home(), &cx.say("find-title"), 0.0, true);
        let count = cx.config.catalogue.children("").count();
        if count == 0 {
            return layout.instead(StandIn::empty(cx));
        }
        layout.heights = vec![cx.look.pt(300.0); count];
        if !cx.config.units.unit.is_empty() {
            layout.heights.push(cx.look.pt(130.0));
        }
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        let width = room.width;
        let Some(heading) = cx.config.catalogue.children("").nth(index) else { return directory(cx, width) };
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

/// What leads to the directory of units.
fn directory(cx: &PageContext<'_>, width: f32) -> View<Action> {
    let n = figure(cx.config.units.unit.len());
    let count = format!("{} ›", cx.words.say("directory-count", &[("n", &n)]));
    let link = (&*count, Accent::Blue, Action::Go(Page::Directory(String::new())));
    let title = widgets::heading_row(cx.look, width, &cx.say("directory-title"), Some(link));
    View::column().wide(width).child(title).child(View::row().tall(cx.look.px(12.0)))
}
