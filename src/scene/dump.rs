//! A scene as text, for tests: what stands where, without a GPU.

use super::{Colour, Fill, Motion, Primitive, Scene};
use crate::time::FrameTime;
use std::fmt;

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a < 255 { write!(f, "{:02x}", self.a) } else { Ok(()) }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "scene {}×{} on {}", self.width, self.height, self.background)?;
        for p in &self.placed {
            let c = p.clip;
            write!(f, "layer {}×{} at {},{}", p.layer.width, p.layer.height, p.x, p.y)?;
            writeln!(f, " clip {},{} {}×{} {:?}", c.x, c.y, c.w, c.h, p.motion)?;
            for primitive in &p.layer.primitives {
                writeln!(f, "  {primitive}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Primitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { rect, fill, radii, line, line_colour } => {
                write!(f, "shape {:.0},{:.0} {:.0}×{:.0} ", rect.x, rect.y, rect.w, rect.h)?;
                match fill {
                    Fill::Solid(c) => write!(f, "{c}")?,
                    Fill::Vertical(a, b) => write!(f, "{a}→{b}")?,
                }
                if radii.iter().any(|r| *r > 0.0) {
                    write!(f, " radii {radii:?}")?;
                }
                if *line > 0.0 { write!(f, " line {line} {line_colour}") } else { Ok(()) }
            }
            Self::Words { text, x, y, colour } => {
                let words = text.words("⏎");
                write!(f, "words {x:.0},{y:.0} {:.0}×{:.0} {colour} “{words}”", text.width, text.height)
            }
            Self::Image { picture, rect, .. } => {
                let (w, h) = (picture.width, picture.height);
                write!(f, "image {:.0},{:.0} {:.0}×{:.0} of {w}×{h}", rect.x, rect.y, rect.w, rect.h)
            }
            Self::Surface { slot, rect } => {
                let name = slot.name();
                write!(f, "surface {:.0},{:.0} {:.0}×{:.0} of {name}", rect.x, rect.y, rect.w, rect.h)
            }
        }
    }
}

impl Scene {
    /// All words with the canvas point at the middle of each, as they stand at `now`, lowest layer first.
    pub fn words_at(&self, now: FrameTime) -> impl Iterator<Item = (String, [f32; 2])> + '_ {
        self.placed.iter().flat_map(move |p| {
            let up = if let Motion::Scroll(glide) = p.motion { glide.at(now.at) } else { 0.0 };
            p.layer.primitives.iter().filter_map(move |primitive| match primitive {
                Primitive::Words { text, x, y, .. } => {
                    let words = text.words("\n");
                    let middle =
                        [p.x as f32 + x + text.width / 2.0, (f64::from(p.y) - up) as f32 + y + text.height / 2.0];
                    p.clip.contains(middle[0], middle[1]).then_some((words, middle))
                }
                _ => None,
            })
        })
    }

    /// The canvas point at the middle of the topmost words that contain `words`.
    pub fn find(&self, words: &str, now: FrameTime) -> Option<[f32; 2]> {
        self.words_at(now).filter(|(text, _)| text.contains(words)).last().map(|(_, place)| place)
    }
}
