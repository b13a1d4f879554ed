//! Fonts for what a document does not bring along: Chinese by the shipped family, the rest by the engine's own.

use crate::text::FontPlace;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use std::{path::Path, sync::Arc};

/// Parts of the names of Chinese fonts, as offices' programs write them.
const CHINESE: [&str; 16] = [
    "sim",
    "song",
    "hei",
    "kai",
    "fang",
    "ming",
    "yahei",
    "fz",
    "stx",
    "stz",
    "st-",
    "noto sans cjk",
    "sourcehan",
    "han",
    "dengxian",
    "gb2312",
];
/// Parts of the names of fonts that are drawn bold.
const BOLD: [&str; 4] = ["hei", "bold", "biaosong", "black"];

/// The two faces of the shipped family, as far as they can be read.
#[derive(Clone, Default)]
pub struct Fonts {
    faces: [Option<FontData>; 2],
}

impl Fonts {
    /// Reads the shipped fonts; documents that bring their own need none.
    pub fn load() -> Self {
        let read = |path: &Path| std::fs::read(path).ok().map(|bytes| Arc::new(bytes) as FontData);
        let place = FontPlace::find(&[]).ok();
        Self { faces: place.map(|p| p.bundled.each_ref().map(|path| read(path))).unwrap_or_default() }
    }

    /// The font for a query, and its number within the file.
    pub fn find(&self, query: &FontQuery) -> Option<(FontData, u32)> {
        match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => {
                let [regular, bold] = &self.faces;
                let name = names(font);
                let is_bold = font.is_bold || font.font_weight >= 600 || BOLD.iter().any(|part| name.contains(part));
                let face = if is_bold { bold.as_ref().or(regular.as_ref()) } else { regular.as_ref() };
                let own = || font.pick_standard_font().get_font_data();
                Some(face.filter(|_| is_chinese(font, &name)).map_or_else(own, |face| (face.clone(), 0)))
            }
        }
    }
}

fn names(font: &FallbackFontQuery) -> String {
    let names = [&font.post_script_name, &font.font_name, &font.font_family];
    names.into_iter().flatten().map(|n| n.to_lowercase()).collect::<Vec<_>>().join(" ")
}

/// A font of characters by code is one of a Chinese, Japanese or Korean collection; of others the name tells.
fn is_chinese(font: &FallbackFontQuery, name: &str) -> bool {
    font.character_collection.is_some() || !name.is_ascii() || CHINESE.iter().any(|part| name.contains(part))
}
