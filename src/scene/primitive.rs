//! What a layer holds.

use super::{picture::Picture, surface::SurfaceSlot};
use crate::text::ShapedText;
use std::sync::Arc;

/// A colour as displayed: sRGB, straight alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Alpha, 255 opaque.
    pub a: u8,
}

impl Default for Colour {
    fn default() -> Self {
        Self::BLACK
    }
}

impl Colour {
    /// Black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self::rgb(255, 255, 255);

    /// An opaque colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// Reads `#rrggbb` or `#rrggbbaa`.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|h| h.is_ascii() && matches!(h.len(), 6 | 8))?;
        let byte = |i: usize| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok();
        Some(Self { r: byte(0)?, g: byte(2)?, b: byte(4)?, a: if hex.len() == 8 { byte(6)? } else { 255 } })
    }

    /// The same colour with another alpha, 0 to 1.
    pub fn alpha(self, alpha: f32) -> Self {
        Self { a: (alpha.clamp(0.0, 1.0) * 255.0).round() as u8, ..self }
    }
}

/// A rectangle in pixels, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge, pixels.
    pub x: f32,
    /// Top edge, pixels.
    pub y: f32,
    /// Pixels across.
    pub w: f32,
    /// Pixels down.
    pub h: f32,
}

impl Rect {
    /// A rectangle.
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// Whether the point lies within; right and lower edges excluded.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.w && y < self.y + self.h
    }

    /// What both cover; empty (zero size) where they do not meet.
    pub fn intersect(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (r, b) = ((self.x + self.w).min(other.x + other.w), (self.y + self.h).min(other.y + other.h));
        Self { x, y, w: (r - x).max(0.0), h: (b - y).max(0.0) }
    }

    /// The same size, moved.
    pub fn moved(&self, dx: f32, dy: f32) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..*self }
    }

    /// Whether nothing lies within.
    pub fn is_empty(&self) -> bool {
        self.w <= 0.0 || self.h <= 0.0
    }
}

/// How a shape is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// One colour.
    Solid(Colour),
    /// From the top colour to the bottom colour.
    Vertical(Colour, Colour),
}

impl Fill {
    /// Whether nothing below it shows through.
    pub fn is_opaque(&self) -> bool {
        match self {
            Self::Solid(colour) => colour.a == 255,
            Self::Vertical(top, bottom) => top.a == 255 && bottom.a == 255,
        }
    }
}

/// How a picture is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sampling {
    /// Smoothly, between neighbouring pixels.
    #[default]
    Linear,
    /// Pixel by pixel: codes and pixel art.
    Nearest,
}

/// One thing to draw, in layer pixels.
#[derive(Debug, Clone)]
pub enum Primitive {
    /// A rectangle with rounded corners and a line inside its edge.
    Shape {
        /// Where it stands, layer pixels.
        rect: Rect,
        /// What is inside its edge.
        fill: Fill,
        /// Corner radii: upper left, upper right, lower right, lower left.
        radii: [f32; 4],
        /// Width of the line, 0 for none.
        line: f32,
        /// Colour of the line.
        line_colour: Colour,
    },
    /// Shaped words; `x`, `y` is the upper left corner of the first line.
    Words {
        /// The words, shaped; not shaped again when they move.
        text: Arc<ShapedText>,
        /// Left edge, layer pixels.
        x: f32,
        /// Top edge, layer pixels.
        y: f32,
        /// Colour of glyphs that have none of their own.
        colour: Colour,
    },
    /// A picture stretched over a rectangle.
    Image {
        /// The pixels; its texture is shared by all that show the same `Arc`.
        picture: Arc<Picture>,
        /// Where it stands, layer pixels.
        rect: Rect,
        /// Part of the picture shown, in its own pixels; `None` for all.
        part: Option<Rect>,
        /// Multiplies the picture: white leaves it as it is.
        tint: Colour,
        /// Corner radius, pixels.
        radius: f32,
        /// How it is scaled.
        sampling: Sampling,
    },
    /// The latest picture of a slot, stretched over a rectangle; nothing before its first. A new picture needs no new
    /// layer.
    Surface {
        /// Whose latest picture it shows.
        slot: Arc<SurfaceSlot>,
        /// Where it stands, layer pixels.
        rect: Rect,
    },
}

impl Primitive {
    /// A filled rectangle.
    pub fn fill(rect: Rect, colour: Colour) -> Self {
        Self::rounded(rect, colour, 0.0)
    }

    /// A filled rectangle with round corners.
    pub fn rounded(rect: Rect, colour: Colour, radius: f32) -> Self {
        Self::Shape { rect, fill: Fill::Solid(colour), radii: [radius; 4], line: 0.0, line_colour: colour }
    }
}
