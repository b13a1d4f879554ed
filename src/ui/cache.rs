//! Shaped words kept from one rebuild to the next.

use super::{Text, TextSpan};
use crate::text::{RichText, ShapedText, Shaper, StyledSpan, TextAlign};
use std::{collections::HashMap, sync::Arc};

/// Rebuilds an unused entry survives.
const KEEP: u64 = 6;
/// Nothing is dropped while there are no more entries than this.
const FEW: usize = 256;

#[derive(PartialEq, Eq, Hash)]
struct Key {
    spans: Vec<TextSpan>,
    numbers: [u32; 4],
    max_lines: usize,
    align: u8,
}

/// Shaped words by what was shaped.
#[derive(Default)]
pub struct TextCache {
    kept: HashMap<Key, (Arc<ShapedText>, u64)>,
    rebuild: u64,
}

impl TextCache {
    /// Shapes words at a width, or finds them shaped. Words longer than its lines can show are cut before.
    pub fn shape(&mut self, text: &Text, width: Option<f32>, shaper: &mut Shaper) -> Arc<ShapedText> {
        if let Some(short) = text.shortened() {
            return self.shape(&short, width, shaper);
        }
        let bits = [text.size, text.line_height, text.spacing, width.unwrap_or(-1.0)].map(f32::to_bits);
        let align = match (width, text.align) {
            (None, _) | (_, TextAlign::Start) => TextAlign::Start,
            (_, other) => other,
        };
        let key = Key { spans: text.spans.clone(), numbers: bits, max_lines: text.max_lines, align: align as u8 };
        let rebuild = self.rebuild;
        let shape = || {
            let spans = text.spans.iter().map(|s| StyledSpan {
                text: &s.text,
                bold: s.bold,
                colour: s.colour.map(|c| [c.r, c.g, c.b, c.a]),
            });
            let (size, line_height) = (text.size, text.line_height);
            let (spacing, max_lines) = (text.spacing, text.max_lines);
            let spans = spans.collect();
            let rich = RichText { spans, size, line_height, spacing, width, max_lines, align, pixel: false };
            (Arc::new(shaper.shape(&rich)), rebuild)
        };
        let entry = self.kept.entry(key).or_insert_with(shape);
        entry.1 = rebuild;
        Arc::clone(&entry.0)
    }

    /// Counts a rebuild and drops what went unused for several.
    pub fn sweep(&mut self) {
        self.rebuild += 1;
        if self.kept.len() > FEW {
            let oldest = self.rebuild.saturating_sub(KEEP);
            self.kept.retain(|_, (_, used)| *used >= oldest);
        }
    }
}
