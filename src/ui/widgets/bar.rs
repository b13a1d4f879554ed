//! The bar at the bottom: always there, always the same.

use crate::{
    config::Accent,
    scene::{Picture, Sampling},
    ui::{Metrics, Role, Text, View},
};
use std::sync::Arc;

/// One tab of the bar.
pub struct Tab<A> {
    /// Its icon, a white mask.
    pub icon: Arc<Picture>,
    /// Its words.
    pub words: String,
    /// Whether it is the one in use.
    pub chosen: bool,
    /// What it does; a tab that would do nothing now is quiet.
    pub action: Option<A>,
}

/// Height of the bar, canvas pixels.
pub(crate) fn height(look: &Metrics) -> f32 {
    look.px(if look.landscape() { 132.0 } else { 152.0 })
}

/// The bar, laid out from the canvas's left edge.
pub fn bar<A>(look: &Metrics, tabs: Vec<Tab<A>>) -> View<A> {
    let tab = |tab: Tab<A>| {
        let colour = match (tab.chosen, &tab.action) {
            (true, _) => look.readable(Accent::Red, look.tint(Accent::Red)),
            (false, Some(_)) => look.ink,
            (false, None) => look.mute,
        };
        let icon = look.px(42.0);
        let mut words = Text::new(tab.words, look.pt(look.size().small), colour);
        if tab.chosen {
            words = words.bold();
        }
        let ground = if tab.chosen { look.tint(Accent::Red) } else { look.card };
        let wide = look.px(if look.large { 220.0 } else { 160.0 });
        let view = View::column()
            .size(wide, look.px(112.0))
            .middle()
            .across()
            .gap(look.px(if look.large { 0.0 } else { 8.0 }))
            .fill(ground)
            .round(look.px(look.space().radius))
            .child(View::image(tab.icon, icon, icon, colour, Sampling::Linear))
            .child(View::text(words));
        let view = view.role(Role::Tab).chosen(tab.chosen).disabled(tab.action.is_none());
        match tab.action {
            Some(action) => view.on(action),
            None => view,
        }
    };
    let side = look.px(40.0);
    View::column()
        .size(look.width, height(look))
        .fill(look.card)
        .child(View::row().tall(look.px(2.0)).fill(look.line))
        .child(View::row().grow(1.0).apart().pad(0.0, side, 0.0, side).children(tabs.into_iter().map(tab)))
}
