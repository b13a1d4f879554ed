//! Keys on the screen: rows of them over a width, whatever they type.

use crate::{
    config::Accent,
    scene::{Colour, Picture, Sampling},
    text::{TextAlign, ems},
    ui::{Metrics, Role, Text, View},
};
use std::sync::Arc;

/// What stands on a key.
pub enum Face {
    /// Words.
    Words(String),
    /// An icon, a white mask.
    Icon(Arc<Picture>),
}

/// One key.
pub struct Key<A> {
    /// What stands on it.
    pub face: Face,
    /// What it is called, in place of what stands on it.
    pub name: Option<String>,
    /// How many plain keys it is as wide as.
    pub share: f32,
    /// Whether it is the one that matters: in the main colour.
    pub strong: bool,
    /// What it does.
    pub action: A,
}

impl<A> Key<A> {
    /// A plain key.
    pub fn new(words: impl Into<String>, share: f32, action: A) -> Self {
        Self { face: Face::Words(words.into()), name: None, share, strong: false, action }
    }
}

/// How keys are set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Pixels across.
    pub width: f32,
    /// Pixels down.
    pub height: f32,
    /// Pixels between keys.
    pub gap: f32,
    /// Plain keys in the widest row.
    pub units: f32,
}

/// The rows one under another, each in the middle.
pub fn keys<A>(look: &Metrics, set: Setting, rows: Vec<Vec<Key<A>>>) -> View<A> {
    let unit = (set.width - (set.units - 1.0).max(0.0) * set.gap) / set.units.max(1.0);
    let count = rows.len().max(1) as f32;
    let tall = ((set.height - (count - 1.0) * set.gap) / count).floor();
    let row = |row: Vec<Key<A>>| {
        let keys = row.into_iter().map(|key| {
            let wide = (unit * key.share + set.gap * (key.share - 1.0)).floor();
            one(look, key, wide, tall)
        });
        View::row().middle().wide(set.width).gap(set.gap).children(keys)
    };
    View::column().wide(set.width).gap(set.gap).children(rows.into_iter().map(row))
}

/// One key with the edge that makes it look like one.
fn one<A>(look: &Metrics, key: Key<A>, wide: f32, tall: f32) -> View<A> {
    let (deep, radius) = (look.px(3.0), look.px(16.0));
    let red = look.readable(Accent::Red, Colour::WHITE);
    let (ground, below, ink) =
        if key.strong { (red, look.red_dark, Colour::WHITE) } else { (look.card, look.shadow(), look.ink) };
    let inner = wide - look.px(8.0);
    let face = match key.face {
        Face::Words(words) => {
            // One letter stands large, words smaller, and none wider than its key.
            let size = look.pt(if words.chars().count() == 1 { 44.0 } else { 34.0 });
            let size = size.min(tall * 0.62).min(inner / ems(&words, key.strong).max(1.0)).floor();
            let text = Text::new(words, size, ink).align(TextAlign::Centre);
            View::text(if key.strong { text.bold() } else { text }).wide(inner)
        }
        Face::Icon(icon) => {
            let side = look.pt(44.0).min(tall * 0.6).floor();
            View::image(icon, side, side, ink, Sampling::Linear)
        }
    };
    let face =
        View::column().at(0.0, 0.0).size(wide, tall - deep).middle().across().fill(ground).round(radius).child(face);
    let view = View::row().size(wide, tall).fill(below).round(radius).role(Role::Key).on(key.action).child(face);
    match key.name {
        Some(name) => view.named(name),
        None => view,
    }
}
