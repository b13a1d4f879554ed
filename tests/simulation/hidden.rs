//! Numbers of persons in the forms in which sources hide them, and whether a screen shows one all the same.

use unicode_normalization::UnicodeNormalization;

/// A telephone number and an ID number; neither is anybody's.
const NUMBERS: [&str; 2] = ["13800138000", "11010519491231002X"];

/// One of the numbers in one of the forms.
pub fn planted(rng: &mut fastrand::Rng) -> String {
    let number = NUMBERS[rng.usize(..NUMBERS.len())];
    let between = |mark: char| number.chars().flat_map(|c| [c, mark]).collect::<String>();
    let digits = |zero: u32| {
        let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero + d)).unwrap_or(c);
        number.chars().map(digit).collect::<String>()
    };
    match rng.u8(..10) {
        0 => between('\u{ad}'),
        1 => between('\u{2060}'),
        2 => between('\u{fe0f}'),
        3 => between('\u{e0041}'),
        4 => between('\u{3164}'),
        5 => digits(0xff10),
        6 => digits(0x1d7ce),
        7 => number.replace('X', "Х"),
        8 => format!("\u{202e}{}\u{202c}", number.chars().rev().collect::<String>()),
        _ => number.to_owned(),
    }
}

/// The number that can be read in a text, if one can.
pub fn readable(text: &str) -> Option<&'static str> {
    let plain = |line: &str| -> String {
        let line: String = line.nfkc().map(|c| if matches!(c, 'Х' | 'х' | 'x') { 'X' } else { c }).collect();
        line.chars().filter(|c| c.is_ascii_digit() || *c == 'X').collect()
    };
    let is_in = |line: &str, number: &str| {
        let line = plain(line);
        line.contains(number) || line.contains(&number.chars().rev().collect::<String>())
    };
    NUMBERS.into_iter().find(|number| text.lines().any(|line| is_in(line, number)))
}

#[test]
fn every_form_can_be_read() {
    let mut rng = fastrand::Rng::with_seed(1);
    for _ in 0..200 {
        let text = format!("联系电话 {}。", planted(&mut rng));
        assert!(readable(&text).is_some(), "{text}");
    }
    assert_eq!(readable("联系电话 138****8000，2026-11-23"), None);
}
