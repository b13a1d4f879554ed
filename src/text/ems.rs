//! How wide words are before they are shaped: where columns, buttons and cards stand is decided by it.

/// What `' '` to `'~'` take in the bundled face, in thousandths of an em; figures are tabular.
const REGULAR: [u16; 95] = [
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555,
    555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812,
    723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620,
    554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338,
    270, 338, 555,
];
/// The same of the bold face.
const BOLD: [u16; 95] = [
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590, 590, 590, 590, 590,
    590, 590, 590, 325, 325, 590, 590, 590, 514, 1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853,
    749, 770, 667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567, 626, 591, 644, 527, 644,
    581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626, 644, 644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378,
    296, 378, 590,
];

/// How wide a character is, in ems: exactly for ASCII, Han and what Chinese fonts draw as wide as Han; of other
/// letters about as wide as the usual one.
pub fn em(c: char, bold: bool) -> f32 {
    let table = if bold { &BOLD } else { &REGULAR };
    let ascii = (c as usize).checked_sub(' ' as usize).and_then(|at| table.get(at));
    match (ascii, c) {
        (Some(thousandths), _) => f32::from(*thousandths) / 1000.0,
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
                let (told, real) = (em(c, bold), measured(&mut shaper, c, bold));
                assert!((told - real).abs() < 0.001, "{c:?} {bold}: {told}, not {real}");
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
