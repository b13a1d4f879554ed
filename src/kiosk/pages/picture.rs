//! One picture of a document or a row, as large as the screen has room for.

use crate::{
    kiosk::{
        address::Action,
        kit::{EDGE, Measure, PageContext, PageLayout, Room, enlarged, gone, open, register_trail, row_name, zoomed},
        page::{Handed, KioskPage, PageChange},
    },
    scene::{Colour, Picture, Sampling},
    ui::{Text, View, widgets},
};
use std::sync::Arc;

/// Height of the line with the button that enlarges it, and of the button, on a canvas whose short side is 1080.
const HINT: f32 = 92.0;
const BUTTON: f32 = 68.0;
/// Characters of what it belongs to.
const TITLE: usize = 16;

/// A picture's page.
pub struct PicturePage {
    /// The document or the row it belongs to.
    of: Handed,
    picture: Option<Arc<Picture>>,
    is_zoomed: bool,
}

impl PicturePage {
    /// The page of the picture from an address, as far as the page it is opened from has it.
    pub fn new(address: &str, of: Handed) -> Self {
        let picture = match &of {
            Handed::Document(document) => document.pictures.get(address),
            Handed::Row(file) => file.pictures.get(address),
            _ => None,
        };
        Self { picture: picture.cloned(), of, is_zoomed: false }
    }

    /// The size of the picture now, pixels.
    fn size(&self, cx: &PageContext<'_>, picture: &Picture) -> (f32, f32) {
        let zoomed = if self.is_zoomed { zoomed(cx.look, picture) } else { None };
        zoomed.unwrap_or_else(|| enlarged(cx.look, picture))
    }

    /// Links down to what the picture belongs to.
    fn trail(&self, cx: &PageContext<'_>) -> Vec<(String, Action)> {
        let (mut trail, name) = match &self.of {
            Handed::Document(document) => cx.trail_of(Some(&document.head)),
            Handed::Row(file) => match cx.config.registers.get(&file.register) {
                Some(of) => (register_trail(cx, of), row_name(cx, of, file)),
                None => (cx.home(), String::new()),
            },
            _ => (cx.home(), String::new()),
        };
        if let Some(page) = cx.behind.last() {
            trail.push((name.chars().take(TITLE).collect(), Action::Go((*page).clone())));
        }
        trail
    }
}

impl KioskPage for PicturePage {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let (look, f) = (cx.look, cx.frame());
        let Some(picture) = &self.picture else { return gone(cx) };
        let size = self.size(cx, picture);
        let hint = if zoomed(look, picture).is_some() { look.pt(HINT) } else { 0.0 };
        let (top, bottom, crumbs) = match cx.low {
            true => (f.top, f.bottom - f.crumbs - hint, f.bottom - f.crumbs),
            false => (f.top + f.crumbs, f.bottom - hint, f.top),
        };
        let edge = 2.0 * look.px(EDGE);
        let mut layout = open(cx, cx.say("picture-bare"), top, bottom);
        layout.heights = vec![size.1 + edge];
        layout.width = look.width.max(size.0 + edge);
        let across = look.width - 2.0 * f.gutter;
        let trail = widgets::breadcrumb(look, (across, f.crumbs), self.trail(cx), &layout.title);
        layout.background = layout.background.child(trail.at(f.gutter, crumbs));
        if hint > 0.0 {
            let words = cx.say(if self.is_zoomed { "picture-less" } else { "picture-closer" });
            let words = Text::new(words, look.pt(look.size().small), look.ink).lines(1);
            let side = look.px(40.0);
            let button = View::row().across().tall(look.pt(BUTTON)).pad(0.0, side, 0.0, side).fill(look.card);
            let button = button.round(look.pt(BUTTON) / 2.0).edge(look.px(2.0), look.line);
            let button = button.on(Action::Zoom).child(View::text(words));
            let line = View::row().middle().across().size(across, hint).child(button);
            layout.background = layout.background.child(line.at(f.gutter, bottom));
        }
        layout
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, _: usize, _: Measure<'_>) -> View<Action> {
        let Some(picture) = &self.picture else { return View::column() };
        let (look, (w, h)) = (cx.look, self.size(cx, picture));
        let image = View::image(Arc::clone(picture), w, h, Colour::WHITE, Sampling::Linear);
        let edge = look.px(EDGE);
        let column = View::column().across().middle().wide(room.width).at_least(room.tall).pad(edge, 0.0, edge, 0.0);
        let framed = View::row().fill(look.card).edge(look.px(2.0), look.line).child(image);
        if zoomed(look, picture).is_none() {
            return column.child(framed.named(cx.say("picture-bare")));
        }
        let name = cx.say(if self.is_zoomed { "picture-less" } else { "picture-closer" });
        column.child(framed.named(name).on(Action::Zoom))
    }

    fn act(&mut self, action: &Action) -> PageChange {
        if *action != Action::Zoom {
            return PageChange::Nothing;
        }
        self.is_zoomed = !self.is_zoomed;
        PageChange::Changed
    }
}
