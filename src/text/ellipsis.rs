//! Where words that do not fit are closed: the longest beginning that fits together with its `…`.

use super::rich::{RichText, StyledSpan};
use cosmic_text::Buffer;

/// What closes words that do not fit.
const ELLIPSIS: &str = "…";

/// The ends in bytes of the beginnings worth trying, shortest first, none within what is drawn as one; the last is one
/// that does not fit. `buffer` holds the whole words shaped out. With it the index of a beginning about as long as fits.
pub(super) fn ends(text: &RichText<'_>, buffer: &Buffer) -> (Vec<usize>, usize) {
    let words: String = text.spans.iter().map(|s| s.text).collect();
    let starts = starts(&words, buffer);
    let most = text.width.unwrap_or(f32::INFINITY);
    let (mut ends, mut guess) = (vec![0], 0);
    // One line more than there is room for: a part of its first word may still fit on the line before.
    for (line, run) in buffer.layout_runs().take(text.max_lines + 1).enumerate() {
        let Some(start) = starts.get(run.line_i) else { break };
        // In the order they are read, which is not where they stand for words that run to the left.
        let mut glyphs: Vec<(usize, f32)> = run.glyphs.iter().map(|g| (start + g.end, g.w)).collect();
        glyphs.sort_by_key(|(end, _)| *end);
        let mut width = 0.0;
        for (end, w) in glyphs {
            width += w;
            let is_spaced = words.get(..end).is_none_or(|beginning| beginning.ends_with(char::is_whitespace));
            if !is_spaced && ends.last().is_some_and(|last| *last < end) {
                ends.push(end);
            }
            if line < text.max_lines && width + text.size <= most {
                guess = ends.len() - 1;
            }
            if width > most + TOLERANCE && !is_spaced {
                return (ends, guess);
            }
        }
    }
    ends.push(words.len() + 1);
    (ends, guess)
}

/// Pixels by which a line may stand out: no more than rounding makes of it.
pub(super) const TOLERANCE: f32 = 0.5;

/// Where each paragraph of the buffer starts in the words, in bytes.
fn starts(words: &str, buffer: &Buffer) -> Vec<usize> {
    let mut starts = Vec::with_capacity(buffer.lines.len());
    let mut at = 0;
    for line in &buffer.lines {
        if !words.get(at..).is_some_and(|rest| rest.starts_with(line.text())) {
            break;
        }
        starts.push(at);
        at += line.text().len();
        let rest = words.get(at..).unwrap_or_default();
        at += if rest.starts_with("\r\n") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
    }
    starts
}

/// The first `end` bytes of the words, and what closes them in the style of their last run.
pub(super) fn closed<'a>(spans: &[StyledSpan<'a>], end: usize) -> Vec<StyledSpan<'a>> {
    let mut room = end;
    let mut beginning: Vec<StyledSpan<'a>> = Vec::new();
    for span in spans {
        let text = span.text.get(..room.min(span.text.len())).unwrap_or_default();
        room -= text.len();
        if !text.is_empty() {
            beginning.push(StyledSpan { text, ..span.clone() });
        }
    }
    if let Some(style) = beginning.last().or(spans.first()).cloned() {
        beginning.push(StyledSpan { text: ELLIPSIS, ..style });
    }
    beginning
}

/// What `layout` gives for the longest beginning that it can fit, and for the shortest where it can fit none. The search
/// spreads from a guess that is seldom far off, since each try lays words out.
pub(super) fn longest<T>(ends: &[usize], guess: usize, mut layout: impl FnMut(usize) -> (T, bool)) -> Option<T> {
    let mut best = None;
    let (mut fitting, mut failing) = (0, ends.len().checked_sub(1)?);
    let (mut next, mut step) = (guess, 1);
    while failing - fitting > 1 {
        let place = next.clamp(fitting + 1, failing - 1);
        let (shaped, fits) = layout(*ends.get(place)?);
        if fits {
            (best, fitting) = (Some(shaped), place);
        } else {
            failing = place;
        }
        next = match (best.is_some(), failing < ends.len() - 1) {
            (true, true) => fitting.midpoint(failing),
            (true, false) => place + step,
            (false, _) => place.saturating_sub(step),
        };
        step *= 2;
    }
    best.or_else(|| Some(layout(*ends.first()?).0))
}
