//! How wide words are before they are shaped: where columns, buttons and cards stand is decided by it.

/// What `' '` to `'~'` take in the bundled regular and bold face, in thousandths of an em; figures are tabular.
#[rustfmt::skip]
const WIDTHS: [[u16; 2]; 95] = [
    [224, 227], [323, 370], [474, 574], [555, 590], [555, 590], [921, 963], [680, 740], [278, 325], [338, 378],
    [338, 378], [467, 507], [555, 590], [278, 325], [347, 370], [278, 325], [392, 387], [555, 590], [555, 590],
    [555, 590], [555, 590], [555, 590], [555, 590], [555, 590], [555, 590], [555, 590], [555, 590], [278, 325],
    [278, 325], [555, 590], [555, 590], [555, 590], [474, 514], [946, 1007], [608, 641], [657, 681], [638, 656],
    [688, 714], [589, 615], [552, 585], [689, 717], [728, 757], [293, 330], [535, 568], [646, 686], [543, 578],
    [812, 853], [723, 749], [742, 770], [633, 667], [742, 770], [635, 682], [596, 624], [599, 625], [721, 748],
    [575, 619], [878, 915], [573, 627], [531, 580], [603, 613], [338, 378], [392, 387], [338, 378], [555, 590],
    [559, 567], [606, 626], [563, 591], [618, 644], [510, 527], [620, 644], [554, 581], [325, 372], [564, 597],
    [607, 640], [275, 304], [275, 306], [552, 604], [284, 315], [926, 964], [610, 641], [606, 626], [620, 644],
    [620, 644], [388, 436], [468, 495], [377, 421], [607, 637], [521, 576], [802, 863], [498, 562], [521, 574],
    [475, 511], [338, 378], [270, 296], [338, 378], [555, 590],
];

/// How wide a character is, in ems: exactly for ASCII, Han and what Chinese fonts draw as wide as Han; of other
/// letters about as wide as the usual one.
pub fn em(c: char, bold: bool) -> f32 {
    let ascii = (c as usize).checked_sub(' ' as usize).and_then(|at| WIDTHS.get(at));
    match (ascii, c) {
        (Some([regular, heavy]), _) => f32::from(if bold { *heavy } else { *regular }) / 1000.0,
        (_, '\u{A0}') => em(' ', bold),
        // The marks of Latin-1 that Chinese fonts draw as wide as Han.
        (_, '§' | '±' | '¶' | '·' | '×' | '÷') => 1.0,
        (_, c) if (c as u32) < 0x1100 => 0.65,
        _ => 1.0,
    }
}

/// How wide words on one line are, in ems.
pub fn ems(words: &str, bold: bool) -> f32 {
    words.chars().map(|c| em(c, bold)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FontPlace, RichText, Shaper};

    /// Between two Han, where nothing is kerned.
    fn measured(shaper: &mut Shaper, c: char, bold: bool) -> f32 {
        (shaper.shape(&RichText::line(&format!("公{c}示"), 1000.0, bold)).width - 2000.0) / 1000.0
    }

    #[test]
    fn characters_are_as_wide_as_the_font_says() {
        let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        for bold in [false, true] {
            let exact = (' '..='~').chain("\u{A0}§±¶·×÷公〇，。（》“…①Ⅳ㎡℃→".chars());
            for c in exact {
                let (table_width, real) = (em(c, bold), measured(&mut shaper, c, bold));
                assert!((table_width - real).abs() < 0.001, "{c:?} {bold}: {table_width}, not {real}");
            }
            for c in "éüñαжя°ǎ".chars() {
                assert!((em(c, bold) - measured(&mut shaper, c, bold)).abs() < 0.3, "{c:?} {bold}");
            }
        }
    }

    #[test]
    fn words_are_as_wide_as_their_characters() {
        let mut shaper = Shaper::new(FontPlace::find(&[]).unwrap()).unwrap();
        for words in ["示例镇2026年第3号公告", "1,234,567.89 元", "No. 12345 · 88%"] {
            for bold in [false, true] {
                let real = shaper.shape(&RichText::line(words, 100.0, bold)).width / 100.0;
                assert!((ems(words, bold) - real).abs() < 0.1, "{words} {bold}: {}, not {real}", ems(words, bold));
            }
        }
    }
}
