//! The kiosk's scene: fixed layers, the chunks of the page that are near, and what lies over them.

use super::{Built, Focus, Kept, KioskStage, Shown, minute};
use crate::{
    edition::Edition,
    kiosk::{self, Action, Idle, Outline, Page},
    scene::{Colour, Fill, Layer, Motion, Placed, Primitive, Rect, Scene},
    stage::Moment,
    text::Shaper,
    time::WallTime,
    ui::{
        self, Laid, Look, Text,
        icons::Icon,
        widgets::{self, Tab},
    },
    wording::Wording,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

impl KioskStage {
    pub(super) fn paint(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, moment: &Moment) -> Scene {
        let (now, wall) = (moment.frame.at, &WallTime(moment.wall.0.with_time_zone(self.zone.clone())));
        self.cache.sweep();
        let late = self.late(now);
        let turned = late != self.shown.late;
        self.shown.late = late;
        let today = self.shown.minute.is_some_and(|(day, ..)| day == wall.day());
        if self.turn || !today || turned || edition.number != self.shown.edition {
            self.turn_page(edition, shaper, wall, now);
        }
        self.fill(edition, shaper, wall, now);
        self.ask_further(now);
        self.paint_header(shaper, wall);
        self.paint_bar(shaper);
        self.paint_badge(shaper);
        let idle = self.idle(now);
        if self.shown.idle != Some(idle) || self.dialog.is_some() != matches!(idle, Idle::Asking(_)) {
            self.paint_dialog(idle, shaper);
        }
        self.shown = Shown { minute: Some(minute(&moment.wall)), idle: Some(idle), late, edition: edition.number };
        (self.dirty, self.turn) = (false, false);
        self.assemble()
    }

    /// Makes the page again; what it shows stays where it stands.
    fn turn_page(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, wall: &WallTime, now: Duration) {
        let share = {
            let scroller = &self.visit.stop.scroller;
            scroller.at(now) / scroller.content().max(1.0)
        };
        let resized = self.look.large != self.visit.large;
        if resized {
            self.look = Look::new(&self.config.theme, self.screen.width, self.screen.height, self.visit.large);
        }
        let outline = kiosk::outline(&self.context(edition, wall, self.late(now)));
        let target = self.look.target();
        let size = (self.look.width, Some(self.look.height));
        let under = ui::lay(&outline.under, size, target, &mut self.cache, shaper);
        let over = outline
            .over
            .as_ref()
            .map(|(rect, view)| (*rect, ui::lay(view, (rect.w, Some(rect.h)), target, &mut self.cache, shaper)));
        let scroller = &mut self.visit.stop.scroller;
        scroller.set(outline.heights.clone(), outline.opening.h, now);
        if resized {
            scroller.jump((share * scroller.content()).round());
        }
        let focus = self.focus.take();
        if let Some(Focus { share, at }) = &focus {
            scroller.jump((share.1 * scroller.content() - (at.1 - outline.opening.y)).round());
        }
        let aside = focus.map_or(self.visit.stop.aside, |focus| focus.share.0 * outline.width - focus.at.0);
        self.built = Some(Built { outline, under, over, chunks: BTreeMap::new() });
        self.shift(aside);
    }

    /// Lays out the chunks that are near and lets go of those that are far.
    fn fill(&mut self, edition: &Arc<Edition>, shaper: &mut Shaper, wall: &WallTime, now: Duration) {
        let Some(mut built) = self.built.take() else { return };
        // A corrected height can bring another chunk near; it settles at once on real pages.
        for _ in 0..4 {
            let view = self.visit.stop.scroller.view();
            let near = self.visit.stop.scroller.seen(now, view * 0.6);
            let missing: Vec<usize> = near.filter(|i| !built.chunks.contains_key(i)).collect();
            if missing.is_empty() {
                break;
            }
            for i in missing {
                let laid = self.lay_chunk(&built.outline, i, edition, shaper, wall);
                self.visit.stop.scroller.correct(i, laid.height.ceil().max(1.0), now);
                built.chunks.insert(i, laid);
            }
        }
        let scroller = &self.visit.stop.scroller;
        let keep = scroller.seen(now, scroller.view() * 2.0);
        built.chunks.retain(|i, _| keep.contains(i));
        self.built = Some(built);
    }

    fn lay_chunk(
        &mut self,
        outline: &Outline,
        index: usize,
        edition: &Arc<Edition>,
        shaper: &mut Shaper,
        wall: &WallTime,
    ) -> Laid<Action> {
        let mut cache = std::mem::take(&mut self.cache);
        let cx = self.context(edition, wall, self.shown.late);
        let mut measure = |text: &Text, width: f32| cache.shape(text, Some(width), shaper).height;
        let view = kiosk::chunk(&cx, outline, index, &mut measure);
        let laid = ui::lay(&view, (outline.width, None), self.look.target(), &mut cache, shaper);
        self.cache = cache;
        laid
    }

    fn paint_header(&mut self, shaper: &mut Shaper, wall: &WallTime) {
        let wording = Wording { words: &self.words, config: &self.config, wall };
        let (date, clock) = (wording.clock("{md} {weekday} {lunar}"), wording.clock("{hm}"));
        let key = [self.config.site.title.clone(), self.screen.place.clone(), clock, date.trim_end().to_owned()];
        if self.header.as_ref().is_some_and(|kept| kept.key == key) {
            return;
        }
        let [title, place, clock, date] = &key;
        let view = widgets::header(&self.look, (title, place), (clock, date));
        let laid = ui::lay(&view, (self.look.width, None), 0.0, &mut self.cache, shaper);
        self.header = Some(Kept { key, laid });
    }

    fn paint_bar(&mut self, shaper: &mut Shaper) {
        let back = !self.visit.before.is_empty();
        let key = (self.visit.page().clone(), back, self.visit.large, self.visit.low);
        if self.bar.as_ref().is_some_and(|kept| kept.key == key) {
            return;
        }
        let (words, icons, size) = (&self.words, &self.icons, self.look.px(42.0));
        let tab = |icon: Icon, key: &str, chosen: bool, action: Option<Action>| Tab {
            icon: icons.get(icon, size),
            words: words.say(key, &[]),
            chosen,
            action,
        };
        let home = *self.visit.page() == Page::Home;
        let (large, low) = (self.visit.large, self.visit.low);
        let tabs = vec![
            tab(Icon::Home, "tab-home", home, Some(Action::Home)),
            tab(Icon::Back, "tab-back", back, back.then_some(Action::Back)),
            tab(Icon::Large, if large { "tab-normal" } else { "tab-large" }, large, Some(Action::Large)),
            tab(Icon::Low, if low { "tab-high" } else { "tab-low" }, low, Some(Action::Low)),
        ];
        let view = widgets::bar(&self.look, tabs);
        let laid = ui::lay(&view, (self.look.width, None), self.look.target(), &mut self.cache, shaper);
        self.bar = Some(Kept { key, laid });
    }

    fn paint_badge(&mut self, shaper: &mut Shaper) {
        let faults = self.faults;
        if !faults.any() || !self.screen.fault_badge {
            self.badge = None;
            return;
        }
        if self.badge.as_ref().is_some_and(|kept| kept.key == faults) {
            return;
        }
        let say = |key: &str, n: usize| (n > 0).then(|| self.words.say(key, &[("n", &n.to_string())]));
        let words = [
            say("fault-config", faults.config),
            say("fault-data", faults.data.into()),
            say("fault-program", faults.program.into()),
            say("fault-feeds", faults.feeds),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        let view = widgets::fault_badge(&self.look, &words.join("　"));
        let laid = ui::lay(&view, (self.look.width, None), 0.0, &mut self.cache, shaper);
        self.badge = Some(Kept { key: faults, laid });
    }

    fn paint_dialog(&mut self, idle: Idle, shaper: &mut Shaper) {
        let Idle::Asking(left) = idle else {
            self.dialog = None;
            return;
        };
        // What the finger was on is behind the question now.
        self.pressed = None;
        let (look, n) = (&self.look, left.to_string());
        let say = |key: &str| self.words.say(key, &[("n", &n)]);
        let ring = self.icons.ring(left, kiosk::COUNTDOWN, look.px(180.0));
        let width = look.px(760.0).max(look.pt(640.0)).min(look.width - look.px(80.0));
        let (title, line) = (say("idle-title"), say("idle-line"));
        let (leave, stay) = (say("idle-home"), say("idle-stay"));
        let buttons = [(leave.as_str(), Action::Leave), (stay.as_str(), Action::Stay)];
        let view = widgets::dialog(look, width, (ring, &n), (&title, &line), buttons);
        let laid = ui::lay(&view, (width, None), look.target(), &mut self.cache, shaper);
        let x = ((look.width - width) / 2.0).round();
        let y = if self.visit.low {
            look.height - laid.height - look.px(40.0)
        } else {
            ((look.height - laid.height) / 2.0).round()
        };
        self.dialog = Some((Rect::new(x, y, width, laid.height), laid));
    }

    fn assemble(&mut self) -> Scene {
        let look = &self.look;
        let whole = Rect::new(0.0, 0.0, look.width, look.height);
        let mut scene = Scene {
            width: self.screen.width,
            height: self.screen.height,
            refresh: self.screen.refresh,
            background: look.paper,
            placed: Vec::with_capacity(16),
        };
        let placed = &mut scene.placed;
        if let Some(built) = &self.built {
            let (scroller, outline) = (&self.visit.stop.scroller, &built.outline);
            put(placed, &built.under, (0.0, 0.0), whole, Motion::Still);
            let motion = Motion::Scroll(scroller.glide());
            for (i, laid) in &built.chunks {
                let at = (outline.left - self.visit.stop.aside, outline.opening.y + scroller.top(*i));
                put(placed, laid, at, outline.opening, motion);
            }
            if let Some((rect, laid)) = &built.over {
                put(placed, laid, (rect.x, rect.y), whole, Motion::Still);
            }
            if let Some((length, glide)) = scroller.thumb(outline.track.h, look.px(60.0)) {
                let (wide, tall) = (outline.track.w, length.round());
                let layer = match &self.thumb {
                    Some((kept, layer)) if *kept == tall as u32 => Arc::clone(layer),
                    _ => plain(Rect::new(0.0, 0.0, wide, tall), look.line, wide / 2.0),
                };
                self.thumb = Some((tall as u32, Arc::clone(&layer)));
                let (x, y) = (outline.track.x.round() as i32, outline.track.y.round() as i32);
                placed.push(Placed { layer, x, y, clip: outline.track, motion: Motion::Scroll(glide) });
            }
        }
        if let Some(header) = &self.header {
            put(placed, &header.laid, (0.0, 0.0), whole, Motion::Still);
        }
        if let Some(bar) = &self.bar {
            let top = look.height - bar.laid.height;
            put(placed, &bar.laid, (0.0, top), whole, Motion::Still);
            if let Some(badge) = &self.badge {
                put(placed, &badge.laid, (0.0, top - badge.laid.height), whole, Motion::Still);
            }
        }
        if let Some((rect, laid)) = &self.dialog {
            let dim = self.dim.get_or_insert_with(|| plain(whole, look.ink.alpha(0.55), 0.0));
            placed.push(Placed { layer: Arc::clone(dim), x: 0, y: 0, clip: whole, motion: Motion::Still });
            put(placed, laid, (rect.x, rect.y), whole, Motion::Still);
        }
        if let Some(pressed) = &self.pressed {
            let rect = pressed.rect;
            let layer = plain(Rect::new(0.0, 0.0, rect.w, rect.h), look.pressed(), pressed.radius);
            let (x, y) = (rect.x.round() as i32, rect.y.round() as i32);
            placed.push(Placed { layer, x, y, clip: pressed.clip, motion: Motion::Still });
        }
        scene
    }
}

fn put(placed: &mut Vec<Placed>, laid: &Laid<Action>, (x, y): (f32, f32), clip: Rect, motion: Motion) {
    for (top, layer) in &laid.layers {
        let (x, y) = (x.round() as i32, (y + top).round() as i32);
        placed.push(Placed { layer: Arc::clone(layer), x, y, clip, motion });
    }
}

/// A layer that is one rectangle.
fn plain(rect: Rect, colour: Colour, radius: f32) -> Arc<Layer> {
    let fill = Fill::Solid(colour);
    let shape = Primitive::Shape { rect, fill, radii: [radius; 4], line: 0.0, line_colour: colour };
    let side = |v: f32| (v.ceil().max(1.0) as u32).min(Layer::MAX);
    Arc::new(Layer { width: side(rect.w), height: side(rect.h), primitives: vec![shape] })
}
