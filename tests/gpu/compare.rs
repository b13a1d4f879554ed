//! Compares pictures with the ones kept in `tests/goldens`.

use image::{Rgba, RgbaImage};
use std::path::Path;

/// Largest difference of a channel that is not noise.
const DELTA: u8 = 4;

/// Pixels that differ by more than the noise, and a picture of them; `Err` where the sizes differ.
pub fn difference(expected: &RgbaImage, actual: &RgbaImage) -> Result<(usize, RgbaImage), String> {
    if expected.dimensions() != actual.dimensions() {
        return Err(format!("{:?} instead of {:?}", actual.dimensions(), expected.dimensions()));
    }
    let (mut outliers, mut shown) = (0, RgbaImage::new(expected.width(), expected.height()));
    for (x, y, a) in expected.enumerate_pixels() {
        let b = actual.get_pixel(x, y);
        let most = a.0.iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
        outliers += usize::from(most > DELTA);
        let strength = if most > DELTA { 255 } else { most * 16 };
        shown.put_pixel(x, y, Rgba([strength, 0, 0, 255]));
    }
    Ok((outliers, shown))
}

/// Fails unless the picture is the one kept under the name. `GONGSHI_BLESS=1` keeps it instead.
pub fn golden(name: &str, actual: &RgbaImage) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("tests/goldens").join(format!("{name}.png"));
    if std::env::var_os("GONGSHI_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        actual.save(&file).unwrap();
        return;
    }
    if let Err(told) = kept(&file, &root.join("target/goldens"), actual) {
        panic!("{told}");
    }
}

/// Compares with a kept file; where they differ, writes expected, actual and difference into `dir`.
pub fn kept(file: &Path, dir: &Path, actual: &RgbaImage) -> Result<(), String> {
    if !file.is_file() {
        return Err(format!("{} is missing; look at the picture and keep it with GONGSHI_BLESS=1", file.display()));
    }
    let expected = image::open(file).unwrap().into_rgba8();
    let verdict = difference(&expected, actual);
    if matches!(verdict, Ok((0, _))) {
        return Ok(());
    }
    let name = file.file_stem().unwrap().to_string_lossy();
    std::fs::create_dir_all(dir).unwrap();
    expected.save(dir.join(format!("{name}-expected.png"))).unwrap();
    actual.save(dir.join(format!("{name}-actual.png"))).unwrap();
    let told = match verdict {
        Ok((outliers, shown)) => {
            shown.save(dir.join(format!("{name}-difference.png"))).unwrap();
            format!("{outliers} pixels differ by more than {DELTA}")
        }
        Err(sizes) => sizes,
    };
    Err(format!("{name}: {told}; see {}", dir.display()))
}
