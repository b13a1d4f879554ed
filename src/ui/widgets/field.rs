//! What was typed, and chips that narrow it.

use crate::{
    config::Accent,
    text::{em, ems},
    ui::{Metrics, Role, Text, View},
};

/// Words a little smaller where they are too long for `room` pixels, never below `least` of their size.
pub(crate) fn shrink(text: Text, room: f32, least: f32) -> Text {
    let wide: f32 = text.spans.iter().map(|s| ems(&s.text, s.bold)).sum();
    // What rounding may take: what was measured by the same rule must come out as it was.
    let size = ((room + 0.5) / wide.max(1.0)).floor().clamp((text.size * least).floor(), text.size);
    Text { size, ..text }
}

/// The end of words that fit `room` ems, `spacing` ems after each letter; what is left out is marked.
fn tail(words: &str, room: f32, spacing: f32) -> String {
    let wide = |c: char| em(c, false) + spacing;
    if words.chars().map(wide).sum::<f32>() <= room {
        return words.to_owned();
    }
    let mut left = room - wide('…');
    let kept = words.chars().rev().take_while(|c| {
        left -= wide(*c);
        left >= 0.0
    });
    let kept: Vec<char> = kept.collect();
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

/// A field with the words typed so far, a caret after them, and quiet words at its end; `hint` where it is empty.
pub fn field<A>(look: &Metrics, (width, tall): (f32, f32), typed: &str, hint: &str, end: &str) -> View<A> {
    let (side, size) = (look.px(36.0), look.pt(46.0));
    let red = look.readable(Accent::Red, look.card);
    let quiet = look.pt(look.size().small);
    let taken = if end.is_empty() { 0.0 } else { ems(end, false) * quiet + look.px(24.0) };
    let caret = View::row().size(look.px(3.0), (size * 1.1).round()).fill(red);
    let mut row = View::row()
        .role(Role::Field)
        .size(width, tall)
        .pad(0.0, side, 0.0, side)
        .gap(look.px(6.0))
        .fill(look.card)
        .round(look.px(look.space().radius))
        .edge(look.px(3.0), red);
    if typed.is_empty() {
        let room = width - 2.0 * side - look.px(12.0);
        let hint = shrink(Text::new(hint, look.pt(look.size().large), look.mute), room, 0.7);
        row = row.child(caret).child(View::text(hint).grow(1.0));
    } else {
        // The caret and the gaps beside it.
        let room = width - 2.0 * side - taken - look.px(18.0);
        let spacing = look.px(1.0);
        let words = Text::new(tail(typed, room / size, spacing / size), size, look.ink).spaced(spacing);
        row = row.child(View::text(words)).child(caret).child(View::spring());
    }
    if end.is_empty() {
        return row;
    }
    row.child(View::text(Text::new(end, quiet, look.mute)))
}

/// Height of a chip, pixels.
pub(crate) fn chip_height(look: &Metrics) -> f32 {
    look.pt(66.0).max(look.target())
}

/// About how wide a chip is, pixels.
pub(crate) fn chip_width(look: &Metrics, words: &str) -> f32 {
    ems(words, false) * look.pt(look.size().row) + 2.0 * look.px(28.0) + look.px(4.0)
}

/// A chip; a chosen one is marked by its colour and by whatever its words say. `opens`: it leads to a choice.
pub fn chip<A>(look: &Metrics, words: &str, (chosen, opens): (bool, bool), action: A) -> View<A> {
    let (tall, side) = (chip_height(look), look.px(28.0));
    let ground = if chosen { look.tint(Accent::Red) } else { look.card };
    let red = look.readable(Accent::Red, ground);
    let (ink, line) = if chosen { (red, red) } else { (look.ink, look.line) };
    View::row()
        .role(Role::Choice)
        .chosen(chosen)
        .middle()
        .tall(tall)
        .pad(0.0, side, 0.0, side)
        .fill(ground)
        .round(tall / 2.0)
        .edge(look.px(2.0), line)
        .gap(look.px(10.0))
        .on(action)
        .child(View::text(Text::new(words, look.pt(look.size().row), ink)))
        .children(opens.then(|| View::text(Text::new("▼", look.pt(18.0), ink)).silent()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_long_words_stays() {
        assert_eq!(tail("cwgk", 10.0, 0.0), "cwgk");
        assert_eq!(tail("示例县人民政府办公室", 4.5, 0.0), "…办公室");
        assert_eq!(tail("示例县人民政府办公室", 4.5, 0.2), "…公室");
    }
}
