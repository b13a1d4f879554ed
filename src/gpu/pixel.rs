//! Glyphs for LED walls: outlines at whole pixels, each pixel on or off.

use crate::text::{ShapedText, Shaper};
use glyphon::{
    CacheKey, Color, ContentType, CustomGlyph, RasterizeCustomGlyphRequest, RasterizedCustomGlyph, SwashContent,
};
use std::collections::HashMap;

/// The numbered bitmaps of one atlas. The first is a blank.
pub(super) struct PixelGlyphs {
    /// `None` for glyphs without ink.
    numbers: HashMap<CacheKey, Option<u16>>,
    bitmaps: Vec<Bitmap>,
}

struct Bitmap {
    left: i32,
    top: i32,
    width: u32,
    height: u32,
    mask: Vec<u8>,
}

/// All numbers are given out.
pub(super) struct Exhausted;

impl PixelGlyphs {
    /// None yet but a blank one pixel high and `length` long.
    pub(super) fn new(length: u32) -> Self {
        let blank = Bitmap { left: 0, top: 0, width: length, height: 1, mask: vec![0; length as usize] };
        Self { numbers: HashMap::new(), bitmaps: vec![blank] }
    }

    /// The glyph of the blank bitmap.
    pub(super) fn blank(&self) -> CustomGlyph {
        let [width, height] = self.bitmaps.first().map_or([0.0; 2], |b| [b.width as f32, b.height as f32]);
        CustomGlyph { width, height, snap_to_physical_pixel: true, ..CustomGlyph::default() }
    }

    /// The glyphs of a text, from its upper left corner.
    pub(super) fn place(&mut self, shaper: &mut Shaper, text: &ShapedText) -> Result<Vec<CustomGlyph>, Exhausted> {
        let mut placed = Vec::new();
        for glyph in text.places() {
            let Some(id) = self.number(shaper, glyph.key)? else { continue };
            let Some(bitmap) = self.bitmaps.get(usize::from(id)) else { continue };
            placed.push(CustomGlyph {
                id,
                left: (glyph.x + bitmap.left) as f32,
                top: (glyph.y - bitmap.top) as f32,
                width: bitmap.width as f32,
                height: bitmap.height as f32,
                color: glyph.colour.map(|[r, g, b, a]| Color::rgba(r, g, b, a)),
                snap_to_physical_pixel: true,
                metadata: 0,
            });
        }
        Ok(placed)
    }

    /// The bitmap the atlas asks for.
    pub(super) fn raster(&self, asked: RasterizeCustomGlyphRequest) -> Option<RasterizedCustomGlyph> {
        let bitmap = self.bitmaps.get(usize::from(asked.id))?;
        Some(RasterizedCustomGlyph { data: bitmap.mask.clone(), content_type: ContentType::Mask })
    }

    fn number(&mut self, shaper: &mut Shaper, key: CacheKey) -> Result<Option<u16>, Exhausted> {
        if let Some(&known) = self.numbers.get(&key) {
            return Ok(known);
        }
        let number = match outline(shaper, key) {
            Some(bitmap) => {
                let id = u16::try_from(self.bitmaps.len()).map_err(|_| Exhausted)?;
                self.bitmaps.push(bitmap);
                Some(id)
            }
            None => None,
        };
        self.numbers.insert(key, number);
        Ok(number)
    }
}

fn outline(shaper: &mut Shaper, key: CacheKey) -> Option<Bitmap> {
    let (fonts, swash) = shaper.raster();
    let image = swash.get_image_uncached(fonts, key)?;
    let place = image.placement;
    if place.width == 0 || place.height == 0 {
        return None;
    }
    let on = |coverage: u8| if coverage >= 128 { 255 } else { 0 };
    let mask: Vec<u8> = match image.content {
        SwashContent::Mask => image.data.iter().map(|&a| on(a)).collect(),
        SwashContent::Color | SwashContent::SubpixelMask => {
            image.data.iter().skip(3).step_by(4).map(|&a| on(a)).collect()
        }
    };
    let whole = mask.len() == place.width as usize * place.height as usize;
    whole.then_some(Bitmap { left: place.left, top: place.top, width: place.width, height: place.height, mask })
}
