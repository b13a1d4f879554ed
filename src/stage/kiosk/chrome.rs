//! What frames every page of a kiosk: header, bar, badge, and the question whether anyone is there.

use super::setup::Setup;
use crate::{
    edition::Faults,
    kiosk::{Action, COUNTDOWN, Idle, Page, Visit},
    scene::{Layer, Rect},
    text::Shaper,
    time::WallTime,
    ui::{
        self, Layout, TextCache,
        icons::Icon,
        widgets::{self, Tab},
    },
    wording::Wording,
};
use std::sync::Arc;

/// A layout kept until its key changes.
struct Kept<K> {
    key: K,
    layout: Layout<Action>,
}

impl<K: PartialEq> Kept<K> {
    fn is(kept: Option<&Self>, key: &K) -> bool {
        kept.is_some_and(|kept| kept.key == *key)
    }
}

/// What frames a page, as far as it is laid out.
#[derive(Default)]
pub(super) struct Chrome {
    header: Option<Kept<[String; 4]>>,
    bar: Option<Kept<(Page, bool, bool, bool)>>,
    /// What staff should mend.
    pub faults: Faults,
    badge: Option<Kept<Faults>>,
    pub dialog: Option<(Rect, Layout<Action>)>,
    /// The scrollbar's thumb by its height, and what dims the page behind the dialog.
    pub thumb: Option<(u32, Arc<Layer>)>,
    pub dim: Option<Arc<Layer>>,
}

impl Chrome {
    /// Lets go of all that depends on the config.
    pub fn forget(&mut self) {
        let faults = self.faults;
        let dialog = self.dialog.take();
        *self = Self { faults, dialog, ..Self::default() };
    }

    /// The header.
    pub fn header(&self) -> Option<&Layout<Action>> {
        self.header.as_ref().map(|kept| &kept.layout)
    }

    /// The bar.
    pub fn bar(&self) -> Option<&Layout<Action>> {
        self.bar.as_ref().map(|kept| &kept.layout)
    }

    /// The badge.
    pub fn badge(&self) -> Option<&Layout<Action>> {
        self.badge.as_ref().map(|kept| &kept.layout)
    }

    /// All that is laid out of it.
    pub fn layouts(&self) -> impl Iterator<Item = &Layout<Action>> {
        let dialog = self.dialog.iter().map(|(_, layout)| layout);
        self.header().into_iter().chain(self.bar()).chain(self.badge()).chain(dialog)
    }

    /// Lays out whose kiosk this is, and what time it is.
    pub fn lay_header(&mut self, setup: &Setup, cache: &mut TextCache, shaper: &mut Shaper, wall: &WallTime) {
        let wording = Wording { words: &setup.words, config: &setup.config, wall };
        let (date, clock) = (wording.clock("{md} {weekday} {lunar}"), wording.clock("{hm}"));
        let key = [setup.config.site.title.clone(), setup.screen.place.clone(), clock, date.trim_end().to_owned()];
        if Kept::is(self.header.as_ref(), &key) {
            return;
        }
        let [title, place, clock, date] = &key;
        let view = widgets::header(&setup.look, (title, place), (clock, date));
        let layout = ui::layout(&view, (setup.look.width, None), 0.0, cache, shaper);
        self.header = Some(Kept { key, layout });
    }

    /// Lays out the bar that is always there.
    pub fn lay_bar(&mut self, setup: &Setup, cache: &mut TextCache, shaper: &mut Shaper, visit: &Visit) {
        let back = !visit.behind.is_empty();
        let key = (visit.page().clone(), back, visit.large, visit.low);
        if Kept::is(self.bar.as_ref(), &key) {
            return;
        }
        let (words, icons, size) = (&setup.words, &setup.icons, setup.look.px(42.0));
        let tab = |icon: Icon, key: &str, chosen: bool, action: Option<Action>| Tab {
            icon: icons.get(icon, size),
            words: words.say(key, &[]),
            chosen,
            action,
        };
        let home = *visit.page() == Page::Home;
        let (large, low) = (visit.large, visit.low);
        let tabs = vec![
            tab(Icon::Home, "tab-home", home, Some(Action::Home)),
            tab(Icon::Back, "tab-back", back, back.then_some(Action::Back)),
            tab(Icon::Large, if large { "tab-normal" } else { "tab-large" }, large, Some(Action::Large)),
            tab(Icon::Low, if low { "tab-high" } else { "tab-low" }, low, Some(Action::Low)),
        ];
        let view = widgets::bar(&setup.look, tabs);
        let layout = ui::layout(&view, (setup.look.width, None), setup.look.target(), cache, shaper);
        self.bar = Some(Kept { key, layout });
    }

    /// Lays out what staff should know.
    pub fn lay_badge(&mut self, setup: &Setup, cache: &mut TextCache, shaper: &mut Shaper) {
        let faults = self.faults;
        if !faults.any() || !setup.screen.fault_badge {
            self.badge = None;
            return;
        }
        if Kept::is(self.badge.as_ref(), &faults) {
            return;
        }
        let say = |key: &str, n: usize| (n > 0).then(|| setup.words.say(key, &[("n", &n.to_string())]));
        let words = [
            say("fault-config", faults.config),
            say("fault-data", faults.data.into()),
            say("fault-program", faults.program.into()),
            say("fault-feeds", faults.feeds),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        let view = widgets::fault_badge(&setup.look, &words.join("　"));
        let layout = ui::layout(&view, (setup.look.width, None), 0.0, cache, shaper);
        self.badge = Some(Kept { key: faults, layout });
    }

    /// Lays out the question whether anyone is there; `low`: in reach.
    pub fn lay_dialog(&mut self, setup: &Setup, cache: &mut TextCache, shaper: &mut Shaper, (idle, low): (Idle, bool)) {
        let Idle::Asking(left) = idle else {
            self.dialog = None;
            return;
        };
        let (look, n) = (&setup.look, left.to_string());
        let say = |key: &str| setup.words.say(key, &[("n", &n)]);
        let ring = setup.icons.ring(left, COUNTDOWN, look.px(180.0));
        let width = look.px(760.0).max(look.pt(640.0)).min(look.width - look.px(80.0));
        let (title, line) = (say("idle-title"), say("idle-line"));
        let (leave, stay) = (say("idle-home"), say("idle-stay"));
        let buttons = [(leave.as_str(), Action::Leave), (stay.as_str(), Action::Stay)];
        let view = widgets::dialog(look, width, (ring, &n), (&title, &line), buttons);
        let layout = ui::layout(&view, (width, None), look.target(), cache, shaper);
        let x = ((look.width - width) / 2.0).round();
        let y = if low {
            look.height - layout.height - look.px(40.0)
        } else {
            ((look.height - layout.height) / 2.0).round()
        };
        self.dialog = Some((Rect::new(x, y, width, layout.height), layout));
    }
}
