//! The theme as drawn: parsed colours, distances and type sizes scaled to a canvas.

use crate::{
    config::{Accent, Theme},
    scene::Colour,
};

/// Contrast the public must get between words and what is behind them (WCAG 2.2, 1.4.3).
const READABLE: f32 = 4.5;
/// How much larger 大字版 is.
const LARGE: f32 = 1.35;

/// The look of one canvas.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// Canvas width, pixels.
    pub width: f32,
    /// Canvas height, pixels.
    pub height: f32,
    /// Whether 大字版 is on.
    pub large: bool,
    /// Page background.
    pub paper: Colour,
    /// Card background.
    pub card: Colour,
    /// Card borders.
    pub line: Colour,
    /// Lines between rows, between `line` and `card`.
    pub hair: Colour,
    /// Text.
    pub ink: Colour,
    /// Quiet text.
    pub mute: Colour,
    /// Red.
    pub red: Colour,
    /// Dark end of the header's gradient.
    pub red_dark: Colour,
    accents: [Colour; 6],
    scale: f32,
    theme: Theme,
}

impl Metrics {
    /// Scales a theme to a canvas: its short side is the theme's 1080. A colour that cannot be read is the default's.
    pub fn new(theme: &Theme, width: u32, height: u32, large: bool) -> Self {
        let usual = Theme::default().colour;
        let read = |text: &str, otherwise: &str| {
            Colour::parse(text).or_else(|| Colour::parse(otherwise)).unwrap_or(Colour::BLACK)
        };
        let c = &theme.colour;
        let (card, line) = (read(&c.card, &usual.card), read(&c.line, &usual.line));
        let accents = [
            read(&c.red, &usual.red),
            read(&c.blue, &usual.blue),
            read(&c.green, &usual.green),
            read(&c.amber, &usual.amber),
            read(&c.teal, &usual.teal),
            read(&c.plum, &usual.plum),
        ];
        Self {
            width: width as f32,
            height: height as f32,
            large,
            paper: read(&c.paper, &usual.paper),
            card,
            line,
            hair: mix(line, card, 0.45),
            ink: read(&c.ink, &usual.ink),
            mute: read(&c.mute, &usual.mute),
            red: accents[0],
            red_dark: read(&c.red_dark, &usual.red_dark),
            accents,
            scale: width.min(height).max(1) as f32 / 1080.0,
            theme: theme.clone(),
        }
    }

    /// The same without 大字版.
    pub fn usual(&self) -> Self {
        Self { large: false, ..self.clone() }
    }

    /// The theme's distances, unscaled.
    pub fn space(&self) -> &crate::config::Spaces {
        &self.theme.space
    }

    /// The theme's type sizes, unscaled.
    pub fn size(&self) -> &crate::config::Sizes {
        &self.theme.size
    }

    /// Whether the canvas is wider than high.
    pub fn landscape(&self) -> bool {
        self.width > self.height
    }

    /// A distance of the theme in canvas pixels.
    pub fn px(&self, distance: f32) -> f32 {
        (distance * self.scale).round()
    }

    /// A type size, or a height that follows the type, in canvas pixels.
    pub fn pt(&self, size: f32) -> f32 {
        (size * self.scale * if self.large { LARGE } else { 1.0 }).round()
    }

    /// The least size of a target, canvas pixels.
    pub fn target(&self) -> f32 {
        self.px(if self.large { 88.0 } else { 60.0 })
    }

    /// An accent as a field of colour without words on it.
    pub fn accent(&self, accent: Accent) -> Colour {
        let [red, blue, green, amber, teal, plum] = self.accents;
        match accent {
            Accent::Red => red,
            Accent::Blue => blue,
            Accent::Green => green,
            Accent::Amber => amber,
            Accent::Teal => teal,
            Accent::Plum => plum,
        }
    }

    /// An accent dark enough for words in it on `ground`, or for `ground` as words on it.
    pub fn readable(&self, accent: Accent, ground: Colour) -> Colour {
        let mut colour = self.accent(accent);
        for _ in 0..40 {
            if contrast(colour, ground) >= READABLE {
                break;
            }
            colour = mix(colour, Colour::BLACK, 0.96);
        }
        colour
    }

    /// A pale ground of an accent: chips, the chosen tab.
    pub fn tint(&self, accent: Accent) -> Colour {
        mix(self.accent(accent), self.card, if accent == Accent::Amber { 0.2 } else { 0.1 })
    }

    /// The ground of keyboards and of tables' heads.
    pub fn shade(&self) -> Colour {
        mix(self.line, self.paper, 0.6)
    }

    /// The edge below a key.
    pub fn shadow(&self) -> Colour {
        mix(self.line, self.ink, 0.85)
    }

    /// The dark end of a ground that is `colour` at its top.
    pub fn darker(&self, colour: Colour) -> Colour {
        mix(colour, Colour::BLACK, 0.82)
    }

    /// Quiet words on the header.
    pub fn header_mute(&self) -> Colour {
        mix(Colour::WHITE, self.red_dark, 0.88)
    }

    /// The darkening of a pressed target.
    pub fn pressed(&self) -> Colour {
        self.ink.alpha(0.12)
    }
}

/// `share` of `a`, the rest of `b`.
fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    let one = |a: u8, b: u8| (f32::from(a) * share + f32::from(b) * (1.0 - share)).round() as u8;
    Colour::rgb(one(a.r, b.r), one(a.g, b.g), one(a.b, b.b))
}

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2 relative luminance).
pub fn contrast(a: Colour, b: Colour) -> f32 {
    let light = |c: Colour| {
        let one = |v: u8| {
            let v = f32::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * one(c.r) + 0.7152 * one(c.g) + 0.0722 * one(c.b) + 0.05
    };
    let (a, b) = (light(a), light(b));
    a.max(b) / a.min(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_words_and_ground_can_be_read() {
        let look = Metrics::new(&Theme::default(), 1080, 1920, false);
        let mut pairs = vec![
            (look.ink, look.paper),
            (look.ink, look.card),
            (look.mute, look.paper),
            (look.mute, look.card),
            (look.ink, look.shade()),
            (Colour::WHITE, look.red),
            (Colour::WHITE, look.red_dark),
            (look.header_mute(), look.red),
            (look.header_mute(), look.red_dark),
        ];
        for accent in [Accent::Red, Accent::Blue, Accent::Green, Accent::Amber, Accent::Teal, Accent::Plum] {
            pairs.push((look.readable(accent, look.card), look.card));
            pairs.push((look.readable(accent, Colour::WHITE), Colour::WHITE));
            pairs.push((look.readable(accent, look.tint(accent)), look.tint(accent)));
        }
        for (words, ground) in pairs {
            assert!(contrast(words, ground) >= READABLE, "{words} on {ground}: {}", contrast(words, ground));
        }
        // The raw amber is not readable: the test can fail.
        assert!(contrast(look.accent(Accent::Amber), Colour::WHITE) < READABLE);
    }

    #[test]
    fn scales_by_the_short_side() {
        let look = Metrics::new(&Theme::default(), 3840, 2160, true);
        assert_eq!((look.px(56.0), look.pt(20.0), look.target()), (112.0, 54.0, 176.0));
    }
}
