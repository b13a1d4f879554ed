//! A picture file, scaled once to the size it is shown at.

use crate::{
    config::{Fit, zones::PictureZone},
    led::{
        Context, Due,
        effects::{self, Turn},
        paint,
        zone::{Place, ZoneView},
    },
    scene::{Colour, Layer, Picture, Placed, Primitive, Rect, Sampling},
    time::FrameTime,
};
use image::{ImageReader, Limits, RgbaImage, imageops};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use thiserror::Error;

/// Pixels a picture may have.
const MOST_PIXELS: u64 = 16_000_000;
/// Bytes decoding may take.
const MOST_BYTES: u64 = 128 << 20;

/// Why a picture is not shown.
#[derive(Debug, Error)]
pub enum PictureError {
    /// Not readable.
    #[error("{file}: cannot be read ({reason}); put the picture there or correct `file` of the zone")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// Not a picture in a format that is known.
    #[error("{file}: is no PNG, JPEG, WebP, GIF or BMP picture that can be read ({reason}); save it again as PNG")]
    Broken {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// Too large.
    #[error("{file}: has {width}×{height} pixels, over the limit of 16 million; make it smaller")]
    Large {
        /// The file.
        file: PathBuf,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

/// A picture and its layer.
#[derive(Debug)]
pub(super) struct PictureView {
    zone: PictureZone,
    layer: Option<Arc<Layer>>,
    turn: Option<Turn>,
}

impl PictureView {
    /// Reads the zone's picture; one that cannot be read shows nothing and is named in the log.
    pub fn new(zone: &PictureZone, place: &Place<'_>) -> Self {
        let area = paint::inner(place.frame);
        let layer = if zone.file.is_empty() || area.is_empty() {
            None
        } else {
            match read(&place.dir.join(&zone.file)) {
                Ok(picture) => Some(build(&picture, zone.fit, area)),
                Err(error) => {
                    tracing::warn!("{error}");
                    None
                }
            }
        };
        Self { zone: zone.clone(), layer, turn: None }
    }
}

impl ZoneView for PictureView {
    fn place(&mut self, area: Rect, context: &mut Context<'_>, out: &mut Vec<Placed>) -> Due {
        match &self.layer {
            Some(layer) => effects::place(&mut self.turn, self.zone.effect, layer, area, context.now.at, out),
            None => Due::default(),
        }
    }

    fn restart(&mut self, now: FrameTime) {
        self.turn = Some(Turn { start: now.at, old: None });
    }

    fn has_something(&self) -> bool {
        self.layer.is_some()
    }
}

fn read(file: &Path) -> Result<RgbaImage, PictureError> {
    let unreadable = |e: std::io::Error| PictureError::Unreadable { file: file.to_owned(), reason: e.to_string() };
    let broken = |e: image::ImageError| PictureError::Broken { file: file.to_owned(), reason: e.to_string() };
    let open = || ImageReader::open(file).and_then(ImageReader::with_guessed_format);
    let (width, height) = open().map_err(unreadable)?.into_dimensions().map_err(broken)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureError::Large { file: file.to_owned(), width, height });
    }
    let mut reader = open().map_err(unreadable)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    Ok(reader.decode().map_err(broken)?.into_rgba8())
}

/// Scales the picture to the pixels it covers; it is drawn one to one.
fn build(source: &RgbaImage, fit: Fit, area: Rect) -> Arc<Layer> {
    let most = Layer::MAX as f32;
    let (w, h) = (area.w.min(most), area.h.min(most));
    let (sw, sh) = (source.width().max(1) as f32, source.height().max(1) as f32);
    let scaled = |scale: f32| {
        let side = |v: f32, limit: f32| (v * scale).round().clamp(1.0, limit) as u32;
        (side(sw, w), side(sh, h))
    };
    let picture = match fit {
        Fit::Exact => {
            imageops::crop_imm(source, 0, 0, source.width().min(w as u32), source.height().min(h as u32)).to_image()
        }
        Fit::Contain => {
            let (w, h) = scaled((w / sw).min(h / sh));
            imageops::resize(source, w, h, imageops::FilterType::CatmullRom)
        }
        Fit::Cover => {
            let scale = (w / sw).max(h / sh);
            let (cw, ch) = ((w / scale).round().clamp(1.0, sw), (h / scale).round().clamp(1.0, sh));
            let (x, y) = (((sw - cw) / 2.0).floor() as u32, ((sh - ch) / 2.0).floor() as u32);
            let part = imageops::crop_imm(source, x, y, cw as u32, ch as u32).to_image();
            imageops::resize(&part, w as u32, h as u32, imageops::FilterType::CatmullRom)
        }
    };
    let (pw, ph) = (picture.width(), picture.height());
    let place = match fit {
        Fit::Exact => (0.0, 0.0),
        Fit::Contain | Fit::Cover => (((w - pw as f32) / 2.0).floor(), ((h - ph as f32) / 2.0).floor()),
    };
    let image = Primitive::Image {
        picture: Arc::new(Picture { width: pw, height: ph, rgba: picture.into_raw() }),
        rect: Rect::new(place.0, place.1, pw as f32, ph as f32),
        part: None,
        tint: Colour::WHITE,
        radius: 0.0,
        sampling: Sampling::Nearest,
    };
    paint::layer(w, h, vec![image])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Screen, ZoneFrame};

    fn shown(fit: Fit, source: (u32, u32), area: (f32, f32)) -> Rect {
        let picture = RgbaImage::from_pixel(source.0, source.1, image::Rgba([1, 2, 3, 255]));
        let layer = build(&picture, fit, Rect::new(0.0, 0.0, area.0, area.1));
        match layer.primitives.first() {
            Some(Primitive::Image { rect, picture, .. }) => {
                assert_eq!((picture.width as f32, picture.height as f32), (rect.w, rect.h), "drawn one to one");
                *rect
            }
            other => panic!("no image: {other:?}"),
        }
    }

    #[test]
    fn fits() {
        assert_eq!(shown(Fit::Contain, (100, 50), (200.0, 200.0)), Rect::new(0.0, 50.0, 200.0, 100.0));
        assert_eq!(shown(Fit::Cover, (100, 50), (40.0, 40.0)), Rect::new(0.0, 0.0, 40.0, 40.0));
        assert_eq!(shown(Fit::Exact, (100, 50), (60.0, 60.0)), Rect::new(0.0, 0.0, 60.0, 50.0));
    }

    #[test]
    fn faults_name_the_file_and_the_mend() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("图.png");
        let says = |file: &Path| read(file).unwrap_err().to_string();
        assert!(says(&file).contains("图.png: cannot be read"));
        std::fs::write(&file, b"\x89PNG\r\n\x1a\nnonsense").unwrap();
        assert!(says(&file).contains("save it again as PNG"));
        RgbaImage::new(5000, 4000).save(&file).unwrap();
        assert!(says(&file).contains("5000×4000"));
        let zone = PictureZone { file: "图.png".into(), ..PictureZone::default() };
        let (frame, screen) = (ZoneFrame { width: 9, height: 9, ..ZoneFrame::default() }, Screen::default());
        let place = Place { frame: &frame, screen: &screen, dir: dir.path() };
        assert!(!PictureView::new(&zone, &place).has_something());
    }
}
