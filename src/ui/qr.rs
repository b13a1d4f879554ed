//! QR codes as pictures.

use crate::scene::Picture;
use fast_qr::{ECL, QRBuilder};

/// The code of some words, one pixel a module with a quiet zone of two; `None` where they are too long to be
/// scanned from a screen.
pub fn code(words: &str) -> Option<Picture> {
    const QUIET: usize = 2;
    const LARGEST: usize = 57;
    let code = [ECL::M, ECL::L]
        .into_iter()
        .find_map(|level| QRBuilder::new(words).ecl(level).build().ok().filter(|c| c.size <= LARGEST))?;
    let side = code.size + 2 * QUIET;
    let mut rgba = vec![255; side * side * 4];
    for (y, row) in code.data.chunks(code.size).take(code.size).enumerate() {
        for (x, module) in row.iter().enumerate() {
            if module.value() {
                let at = ((y + QUIET) * side + x + QUIET) * 4;
                rgba.iter_mut().skip(at).take(3).for_each(|v| *v = 0);
            }
        }
    }
    let side = u32::try_from(side).ok()?;
    Some(Picture { width: side, height: side, rgba })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_its_three_eyes_and_a_limit() {
        let picture = code("https://example.invalid/notice/118-2").expect("fits");
        let dark = |x: u32, y: u32| picture.rgba[((y * picture.width + x) * 4) as usize] == 0;
        let far = picture.width - 3;
        assert!(dark(2, 2) && dark(far, 2) && dark(2, far) && !dark(far, 0) && !dark(1, 1));
        assert_eq!(code(&"x".repeat(3000)), None);
    }
}
