//! `theme.toml`: the kiosk's look. Defaults are DESIGN's.

use super::changes::Changes;
use super::colour::is_colour;
use super::fault::{Fault, Severity};
use super::places::Section;
use super::section::ConfigSection;
use schemars::JsonSchema;
use serde::Deserialize;

/// `theme.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// Colours, `#rrggbb`.
    pub colour: Colours,
    /// Distances in pixels on a canvas 1080 wide.
    pub space: Spaces,
    /// Type sizes in pixels on a canvas 1080 wide.
    pub size: Sizes,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident: $ty:ty { $($(#[$fdoc:meta])* $field:ident = $value:expr),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
        impl Default for $name {
            fn default() -> Self { Self { $($field: $value.into()),* } }
        }
    };
}

section! {
    /// Colours, `#rrggbb`.
    Colours: String {
        /// Page background.
        paper = "#F7F4EE",
        /// Card background.
        card = "#FFFFFF",
        /// Lines and card borders.
        line = "#E4DED3",
        /// Text.
        ink = "#1D2127",
        /// Quiet text.
        mute = "#6A6F77",
        /// Red.
        red = "#B3261E",
        /// Dark end of the header's gradient.
        red_dark = "#8E1B15",
        /// Blue.
        blue = "#1E5AA0",
        /// Green.
        green = "#2C7A4B",
        /// Amber.
        amber = "#B7791F",
        /// Teal.
        teal = "#0F766E",
        /// Plum.
        plum = "#6B3FA0",
    }
}

section! {
    /// Distances in pixels on a canvas 1080 wide.
    Spaces: f32 {
        /// Page margin.
        gutter = 56.0_f32,
        /// Large gap.
        gap_large = 28.0_f32,
        /// Middle gap.
        gap = 20.0_f32,
        /// Small gap.
        gap_small = 12.0_f32,
        /// Radius of cards.
        radius_large = 28.0_f32,
        /// Radius of buttons.
        radius = 20.0_f32,
        /// Radius of badges.
        radius_small = 12.0_f32,
    }
}

section! {
    /// Type sizes in pixels on a canvas 1080 wide.
    Sizes: f32 {
        /// The clock.
        display = 52.0_f32,
        /// Page titles.
        title = 46.0_f32,
        /// Card titles.
        heading = 42.0_f32,
        /// Search field.
        large = 34.0_f32,
        /// Body text.
        body = 32.0_f32,
        /// List rows.
        row = 28.0_f32,
        /// Lines under titles.
        small = 26.0_f32,
        /// Fine print.
        fine = 22.0_f32,
    }
}

impl ConfigSection for Theme {
    fn check(theme: &Section<Self>, faults: &mut Vec<Fault>) {
        let c = &theme.value.colour;
        let colours = [
            ("paper", &c.paper),
            ("card", &c.card),
            ("line", &c.line),
            ("ink", &c.ink),
            ("mute", &c.mute),
            ("red", &c.red),
            ("red_dark", &c.red_dark),
            ("blue", &c.blue),
            ("green", &c.green),
            ("amber", &c.amber),
            ("teal", &c.teal),
            ("plum", &c.plum),
        ];
        for (name, colour) in colours {
            if !is_colour(colour) {
                let message = format!("`{colour}` is not a colour");
                let mend = "write # and six hexadecimal digits, such as #b3261e";
                faults.push(theme.fault(Severity::Error, &format!("colour.{name}"), message, mend));
            }
        }
        let s = &theme.value.size;
        let sizes = [
            ("display", s.display),
            ("title", s.title),
            ("heading", s.heading),
            ("large", s.large),
            ("body", s.body),
            ("row", s.row),
            ("small", s.small),
            ("fine", s.fine),
        ];
        for (name, size) in sizes {
            if !(8.0..=400.0).contains(&size) {
                let message = format!("a type size of {size} px cannot be read");
                faults.push(theme.fault(Severity::Error, &format!("size.{name}"), message, "write 8 to 400"));
            }
        }
    }

    /// Screens take it with the config.
    fn changed(_: &str, _: Option<&Self>, _: Option<&Self>, _: &mut Changes) {}
}
