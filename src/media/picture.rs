//! A picture file, scaled once to the size it is shown at.

use crate::config::Fit;
use image::{ImageReader, Limits, RgbaImage, imageops};
use std::{fs::Metadata, io::Cursor, path::PathBuf, time::SystemTime};
use thiserror::Error;

/// Pixels a picture may have.
const MAX_PIXELS: u64 = 16_000_000;
/// Bytes its file may have.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// Bytes decoding may take.
const MAX_DECODE_BYTES: u64 = 128 << 20;

/// Why a picture is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read ({reason}); put the picture there or correct `file` of the zone")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system or the decoder said.
        reason: String,
    },
    /// Not a picture in a format that is known.
    #[error("{file}: is no PNG, JPEG, WebP, GIF or BMP picture that can be read ({reason}); save it again as PNG")]
    Broken {
        /// The file.
        file: PathBuf,
        /// What the system or the decoder said.
        reason: String,
    },
    /// More pixels than a wall could show.
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

/// A picture file, and the size at which it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureRequest {
    /// The file, relative paths taken from the config folder.
    pub file: PathBuf,
    /// How it fits into its zone, which says how far it is scaled.
    pub fit: Fit,
    /// Pixels across of the area it fits.
    pub width: u32,
    /// Pixels down of the area it fits.
    pub height: u32,
}

/// By what a file is known to be another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

impl PictureRequest {
    /// The file as it stands now. Only a regular file is one: nothing else is opened.
    ///
    /// # Errors
    /// [`PictureError::Unreadable`].
    pub fn stamp(&self) -> Result<FileStamp, PictureError> {
        let found = std::fs::metadata(&self.file).map_err(|e| self.unreadable(e))?;
        if !found.is_file() {
            return Err(self.unreadable("it is no file"));
        }
        Ok(FileStamp { modified: found.modified().ok(), bytes: found.len(), inode: inode(&found) })
    }

    /// Reads the file, decodes it and scales it to the pixels that it covers; it is drawn one to one.
    ///
    /// # Errors
    /// See [`PictureError`].
    pub fn load(&self) -> Result<RgbaImage, PictureError> {
        let stamp = self.stamp()?;
        if stamp.bytes > MAX_FILE_BYTES {
            return Err(self.unreadable("it has more than 64 MB"));
        }
        // Whole at once, so that dimensions and pixels are of the same file whoever replaces it.
        let bytes = std::fs::read(&self.file).map_err(|e| self.unreadable(e))?;
        let broken = |e: image::ImageError| PictureError::Broken { file: self.file.clone(), reason: e.to_string() };
        let open = || {
            let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
            reader.map_err(|e| self.unreadable(e))
        };
        let (width, height) = open()?.into_dimensions().map_err(broken)?;
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(PictureError::Large { file: self.file.clone(), width, height });
        }
        let mut reader = open()?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_DECODE_BYTES);
        reader.limits(limits);
        Ok(self.scale(&reader.decode().map_err(broken)?.into_rgba8()))
    }

    fn unreadable(&self, reason: impl ToString) -> PictureError {
        PictureError::Unreadable { file: self.file.clone(), reason: reason.to_string() }
    }

    fn scale(&self, source: &RgbaImage) -> RgbaImage {
        let (w, h) = (self.width.max(1) as f32, self.height.max(1) as f32);
        let (sw, sh) = (source.width().max(1) as f32, source.height().max(1) as f32);
        let filter = imageops::FilterType::CatmullRom;
        match self.fit {
            Fit::Exact => {
                imageops::crop_imm(source, 0, 0, source.width().min(w as u32), source.height().min(h as u32)).to_image()
            }
            Fit::Contain => {
                let scale = (w / sw).min(h / sh);
                let side = |v: f32, limit: f32| (v * scale).round().clamp(1.0, limit) as u32;
                imageops::resize(source, side(sw, w), side(sh, h), filter)
            }
            Fit::Cover => {
                let scale = (w / sw).max(h / sh);
                let (cw, ch) = ((w / scale).round().clamp(1.0, sw), (h / scale).round().clamp(1.0, sh));
                let (x, y) = (((sw - cw) / 2.0).floor() as u32, ((sh - ch) / 2.0).floor() as u32);
                let part = imageops::crop_imm(source, x, y, cw as u32, ch as u32).to_image();
                imageops::resize(&part, w as u32, h as u32, filter)
            }
        }
    }
}

#[cfg(unix)]
fn inode(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn request(file: &Path, fit: Fit, width: u32, height: u32) -> PictureRequest {
        PictureRequest { file: file.to_owned(), fit, width, height }
    }

    #[test]
    fn pictures_are_scaled_to_what_they_cover() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.png");
        RgbaImage::from_pixel(100, 50, image::Rgba([1, 2, 3, 255])).save(&file).unwrap();
        let size = |fit, width, height| request(&file, fit, width, height).load().unwrap().dimensions();
        assert_eq!(size(Fit::Contain, 200, 200), (200, 100));
        assert_eq!(size(Fit::Cover, 40, 40), (40, 40));
        assert_eq!(size(Fit::Exact, 60, 60), (60, 50));
    }

    #[test]
    fn faults_name_the_file_and_the_mend() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("图.png");
        let says = |file: &Path| request(file, Fit::Contain, 9, 9).load().unwrap_err().to_string();
        assert!(says(&file).contains("图.png: cannot be read"));
        assert!(says(dir.path()).contains("it is no file"));
        std::fs::write(&file, b"\x89PNG\r\n\x1a\nnonsense").unwrap();
        assert!(says(&file).contains("save it again as PNG"));
        RgbaImage::new(5000, 4000).save(&file).unwrap();
        assert!(says(&file).contains("5000×4000"));
    }

    #[test]
    fn a_replaced_file_has_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let (file, other) = (dir.path().join("a.png"), dir.path().join("b.png"));
        for (path, size) in [(&file, 8), (&other, 8)] {
            RgbaImage::new(size, size).save(path).unwrap();
        }
        let request = request(&file, Fit::Contain, 9, 9);
        let before = request.stamp().unwrap();
        assert_eq!(request.stamp().unwrap(), before);
        std::fs::rename(&other, &file).unwrap();
        assert_ne!(request.stamp().unwrap(), before, "of the same size and maybe of the same second");
    }
}
