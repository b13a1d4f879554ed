//! The keys of the pages that are typed on. Four rows of ten upright; three of twelve where there is less height.

use super::context::PageContext;
use crate::{
    kiosk::address::{Action, Keys},
    ui::{
        View,
        icons::Icon,
        widgets::{self, Face, Key, Setting},
    },
};

const LETTERS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// Digits, and what document numbers and names of places are written with.
const SIGNS: [&str; 3] = ["1234567890", "-/()〔〕第号年", "月日村乡镇局县"];
const DIGITS: [&str; 2] = ["123456", "7890"];

/// What the keys are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// A receipt number.
    Receipt,
    /// Words to be searched.
    Words,
}

/// Rows the keys take.
pub fn rows(to: For, keys: Keys, flat: bool) -> usize {
    match (to, keys) {
        (For::Receipt, Keys::First) => 3,
        _ if flat => 3,
        _ => 4,
    }
}

fn plain(signs: &str) -> Vec<Key<Action>> {
    signs.chars().map(|c| Key::new(c.to_string(), 1.0, Action::Type(c.into()))).collect()
}

fn strong(words: String, share: f32) -> Key<Action> {
    Key { strong: true, ..Key::new(words, share, Action::Submit) }
}

fn erase(cx: &PageContext<'_>, share: f32) -> Key<Action> {
    let icon = cx.icons.get(Icon::Erase, cx.look.pt(44.0));
    Key { face: Face::Icon(icon), name: Some(cx.say("key-erase")), share, strong: false, action: Action::Erase }
}

/// The keys in an area of so many pixels. `flat`: in three rows.
pub fn keyboard(cx: &PageContext<'_>, size: (f32, f32), to: For, keys: Keys, flat: bool) -> View<Action> {
    board(cx, size, to, keys, flat).read_last()
}

fn board(cx: &PageContext<'_>, (width, height): (f32, f32), to: For, keys: Keys, flat: bool) -> View<Action> {
    let gap = cx.look.px(if flat || cx.look.landscape() { 10.0 } else { 12.0 });
    if (to, keys) == (For::Receipt, Keys::First) {
        let mut second = DIGITS.get(1).map(|row| plain(row)).unwrap_or_default();
        second.push(Key::new(cx.say("key-letters"), 1.0, Action::Keys(Keys::Second)));
        second.push(erase(cx, 1.0));
        let third = vec![
            Key::new(cx.say("key-clear"), 1.0, Action::Clear),
            strong(cx.say("key-ask"), 3.0),
            Key::new(cx.say("key-help"), 1.0, Action::Help),
            Key::new(cx.say("key-leave"), 1.0, Action::Leave),
        ];
        let first = DIGITS.first().map(|row| plain(row)).unwrap_or_default();
        let gap = cx.look.px(14.0);
        return widgets::keys(cx.look, Setting { width, height, gap, units: 6.0 }, vec![first, second, third]);
    }
    let is_letters = (to == For::Words) == (keys == Keys::First);
    let [first, middle, last] = if is_letters { LETTERS } else { SIGNS };
    let capital = |row: &str| if to == For::Receipt { row.to_uppercase() } else { row.to_owned() };
    let [mut first, mut middle, mut last] = [first, middle, last].map(|row| plain(&capital(row)));
    let (other, key) = match keys {
        Keys::First => (Keys::Second, "key-digits"),
        _ => (Keys::First, if to == For::Words { "key-abc" } else { "key-digits" }),
    };
    let other = |share| Key::new(cx.say(key), share, Action::Keys(other));
    let clear = |share| Key::new(cx.say("key-clear"), share, Action::Clear);
    let aside = |share| match to {
        For::Words => Key::new(cx.say("key-space"), share, Action::Type(' '.into())),
        For::Receipt => Key::new(cx.say("key-leave"), share, Action::Leave),
    };
    let go = |share| strong(cx.say(if to == For::Words { "key-search" } else { "key-ask" }), share);
    if flat {
        first.push(erase(cx, 2.0));
        middle.push(go(3.0));
        last.insert(0, other(1.5));
        last.extend([aside(2.0), clear(1.5)]);
        return widgets::keys(cx.look, Setting { width, height, gap, units: 12.0 }, vec![first, middle, last]);
    }
    last.push(erase(cx, 2.0));
    let ends = vec![other(2.0), clear(2.0), aside(3.0), go(3.0)];
    widgets::keys(cx.look, Setting { width, height, gap, units: 10.0 }, vec![first, middle, last, ends])
}

/// What a keyboard or a scanner sends at the end of what it typed.
const ENTER: [char; 2] = ['\n', '\r'];
/// What takes a character back.
const ERASE: [char; 2] = ['\u{8}', '\u{7f}'];

/// What a character of a keyboard or a scanner does on a page that is typed on.
pub fn typed(key: char) -> Option<Action> {
    match key {
        c if ENTER.contains(&c) => Some(Action::Submit),
        c if ERASE.contains(&c) => Some(Action::Erase),
        c if c.is_control() => None,
        c => Some(Action::Type(c.into())),
    }
}
