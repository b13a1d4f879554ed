//! Pairs of bars over time, with figures on the axis.

use crate::{
    config::Accent,
    scene::Colour,
    text::{TextAlign, ems},
    ui::{Metrics, Text, View},
};

/// The distance of the axis's lines for figures up to `most`: one, two or five of a power of ten.
pub fn step(most: i64) -> i64 {
    let least = (most.max(1) + 2) / 3;
    let mut ten = 1_i64;
    while ten.saturating_mul(10) <= least {
        ten = ten.saturating_mul(10);
    }
    [1, 2, 5, 10].into_iter().map(|n| ten.saturating_mul(n)).find(|s| *s >= least).unwrap_or(ten)
}

/// Bars of two kinds side by side, a pair for each label, the first filled, the second an outline, so that they differ
/// without colour too. `axis` puts a figure into words.
pub fn bars<A>(
    look: &Metrics,
    (width, tall): (f32, f32),
    pairs: &[(String, [i64; 2])],
    axis: impl Fn(i64) -> String,
) -> View<A> {
    let most = pairs.iter().flat_map(|(_, pair)| pair.iter().copied()).max().unwrap_or(0).max(1);
    let step = step(most);
    let lines = (most + step - 1) / step;
    let size = look.pt(look.size().fine);
    let figures: Vec<String> = (0..=lines).map(|i| axis(i * step)).collect();
    let left = figures.iter().map(|f| ems(f, false)).fold(0.0, f32::max) * size + look.px(18.0);
    let (top, foot) = (size * 0.8, look.pt(44.0));
    let (high, wide) = (tall - top - foot, width - left);
    let y = |value: f64| top + high - (high * (value / (lines * step) as f64) as f32);
    let mut chart = View::column().size(width, tall);
    for (i, figure) in figures.into_iter().enumerate() {
        let at = y((i as i64 * step) as f64).round();
        let words = Text::new(figure, size, look.mute).align(TextAlign::End).high((size * 1.5).round());
        let room = left - look.px(14.0);
        chart = chart
            .child(View::row().at(left, at).size(wide, look.px(2.0)).fill(if i == 0 { look.line } else { look.hair }))
            .child(View::text(words).wide(room).at(0.0, (at - size * 0.75).round()));
    }
    let pitch = wide / pairs.len().max(1) as f32;
    let bar = (pitch * 0.32).floor().min(look.px(40.0));
    let fills = [look.accent(Accent::Green), look.tint(Accent::Red)];
    let edges = [look.accent(Accent::Green), look.readable(Accent::Red, Colour::WHITE)];
    // Labels that would touch leave every other one out, the last always there.
    let longest = pairs.iter().map(|(label, _)| ems(label, false)).fold(0.0, f32::max) * size;
    let every = (longest * 1.15 / pitch.max(1.0)).ceil().max(1.0) as usize;
    for (i, (label, pair)) in pairs.iter().enumerate() {
        let middle = left + pitch * (i as f32 + 0.5);
        for (k, value) in pair.iter().enumerate() {
            let (Some(fill), Some(edge)) = (fills.get(k), edges.get(k)) else { continue };
            let at = y((*value).max(0) as f64).round();
            let (x, h) = (middle + (k as f32 - 1.0) * (bar + 1.0), (top + high - at).max(0.0));
            if h >= 1.0 {
                let bar = View::row().at(x.round(), at).size(bar, h.round()).fill(*fill);
                chart = chart.child(bar.edge(look.px(3.0).min(h / 2.0), *edge));
            }
        }
        if (pairs.len() - 1 - i).is_multiple_of(every) {
            let room = longest * 1.2;
            let words = Text::new(label.as_str(), size, look.mute).align(TextAlign::Centre);
            let x = (middle - room / 2.0).clamp(0.0, (width - room).max(0.0));
            chart = chart.child(View::text(words).wide(room).at(x.round(), top + high + look.px(8.0)));
        }
    }
    chart
}

/// What the two kinds of bar are.
pub fn legend<A>(look: &Metrics, words: [&str; 2]) -> View<A> {
    let (side, size) = (look.pt(24.0), look.pt(look.size().fine));
    let red = look.readable(Accent::Red, Colour::WHITE);
    let green = look.accent(Accent::Green);
    let mark = [(green, green), (look.tint(Accent::Red), red)];
    let one = |(words, (fill, edge)): (&str, (Colour, Colour))| {
        let square = View::row().size(side, side).fill(fill).edge(look.px(3.0), edge);
        View::row().gap(look.px(10.0)).child(square).child(View::text(Text::new(words, size, look.ink)))
    };
    View::row().gap(look.px(24.0)).children(words.into_iter().zip(mark).map(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_axis_has_few_round_lines(most in 1i64..i64::MAX / 20) {
            let step = step(most);
            let lines = (most - 1) / step + 1;
            prop_assert!((1..=4).contains(&lines), "{most} {step}");
            let digits = step.to_string();
            prop_assert!(matches!(digits.trim_end_matches('0'), "1" | "2" | "5"), "{step}");
        }
    }
}
