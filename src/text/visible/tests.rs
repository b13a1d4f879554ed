//! What is taken out of a text, by ranges written down apart from the code, and what is left in it.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

/// Default_Ignorable_Code_Point of Unicode 17, DerivedCoreProperties.txt, copied by hand.
const IGNORABLE: [(u32, u32); 17] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];
/// Format characters (Cf) that are not default-ignorable and not drawn: annotation marks and controls of hieroglyphs.
const FORMAT: [(u32, u32); 2] = [(0xFFF9, 0xFFFB), (0x13430, 0x1343F)];
/// Format characters that are drawn.
const DRAWN: [(u32, u32); 7] = [
    (0x600, 0x605),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
];

fn chars(ranges: &[(u32, u32)]) -> impl Iterator<Item = char> + '_ {
    ranges.iter().flat_map(|(from, to)| (*from..=*to).filter_map(char::from_u32))
}

/// All that may never be seen between two ordinary letters: ignorable and format characters, controls, noncharacters.
fn all_hidden() -> Vec<char> {
    let nonchars = (0..=16).flat_map(|plane| [plane << 16 | 0xFFFE, plane << 16 | 0xFFFF]).chain(0xFDD0..=0xFDEF);
    let controls = (0..0x20).chain(0x7F..=0x9F).filter_map(char::from_u32).filter(|c| !is_white_control(*c));
    chars(&IGNORABLE)
        .chain(chars(&FORMAT))
        .chain(controls)
        .chain(nonchars.filter_map(char::from_u32))
        .chain(['\u{2800}', '\u{FFFC}'])
        .collect()
}

#[test]
fn of_all_code_points_none_that_is_hidden_is_left_between_letters_and_digits() {
    let hidden = all_hidden();
    assert!(hidden.len() > 4_000, "{}", hidden.len());
    for c in hidden {
        assert!(is_hidden(c), "U+{:04X}", u32::from(c));
        for (left, right) in [("金额1", "0.5元"), ("a", "b"), ("", "公"), ("·", "")] {
            let text = format!("{left}{c}{right}");
            assert_eq!(visible(&text), format!("{left}{right}"), "U+{:04X}", u32::from(c));
        }
        assert!(!printable(&format!("a{c}b")).contains(c), "U+{:04X}", u32::from(c));
    }
}

#[test]
fn of_all_code_points_none_that_is_seen_is_lost() {
    let hidden: std::collections::HashSet<char> = all_hidden().into_iter().chain(BLANK).collect();
    for c in ('\0'..=char::MAX).filter(|c| !hidden.contains(c) && !is_white_control(*c)) {
        let text = format!("a{c}b");
        assert!(matches!(visible(&text), Cow::Borrowed(_)), "U+{:04X}", u32::from(c));
    }
    assert!(chars(&DRAWN).all(|c| !is_hidden(c)));
}

#[rstest]
#[case::forged_figure("中标金额\u{202e}00.001\u{202c}元", "中标金额00.001元")]
#[case::isolate("\u{2067}abc\u{2069}", "abc")]
#[case::tags("公示\u{E0041}\u{E007F}", "公示")]
#[case::mark_within("公\u{FEFF}示", "公示")]
#[case::selector_behind_a_digit("1\u{FE0F}3\u{FE0E}8", "138")]
#[case::selector_behind_a_letter("a\u{FE00}", "a")]
#[case::two_selectors("葛\u{E0100}\u{E0101}", "葛\u{E0100}")]
#[case::joiner_between_han("公\u{200D}示", "公示")]
#[case::non_joiner_between_latin("a\u{200C}b", "ab")]
#[case::filler("\u{3164}公\u{115F}示\u{FFA0}", "公示")]
#[case::control("公\u{1b}[31m示\u{7}", "公[31m示")]
#[case::breaks("一\r\n二\r三\u{2028}四\u{85}五\t六", "一\n二\n三\n四\n五\t六")]
fn what_is_hidden_is_taken_out(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(visible(text), wanted);
}

#[rstest]
#[case::plain("示政发〔2026〕1号　关于……的公告")]
#[case::virama_joiner("क\u{94D}\u{200D}ष")]
#[case::virama_non_joiner("क\u{94D}\u{200C}ष")]
#[case::persian("می\u{200C}خواهم")]
#[case::family("👨\u{200D}👩\u{200D}👧")]
#[case::heart("❤\u{FE0F}\u{200D}🔥")]
#[case::skin("👩🏽\u{200D}🚒")]
#[case::keycap("1\u{FE0F}\u{20E3}")]
#[case::ideographic_variation("葛\u{E0100}")]
#[case::standard_variation("慨\u{FE00}")]
#[case::mongolian("ᠭ\u{180B}ᠠ")]
#[case::tibetan("བོད་ལྗོངས")]
#[case::uyghur("ئۇيغۇر")]
#[case::private_use("\u{E816}\u{F0000}")]
#[case::spaces("a\u{A0}b\u{3000}c\u{2003}d")]
fn what_shapes_a_script_is_left(#[case] text: &str) {
    assert_eq!(visible(text), text);
}

#[test]
fn one_line_has_no_breaks_and_a_terminal_no_controls() {
    assert_eq!(visible_line("一\r\n二\t三\u{2029}四"), "一 二 三 四");
    assert_eq!(printable("a\u{1b}[2J\u{202e}b\nc"), "a\\u{1b}[2J\\u{202e}b c");
    assert!(matches!(printable("公示.csv"), Cow::Borrowed(_)));
}

proptest! {
    #[test]
    fn once_is_enough(text in "(?s)[a1公क\u{94D}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{FE00}-\u{FE0F}\u{20E3}\u{E0100}👨👩ی\u{300}\r\n\t\u{180B}ᠭ\u{FFFC}]{0,12}") {
        let once = visible(&text).into_owned();
        prop_assert_eq!(visible(&once), once.as_str());
        prop_assert!(!visible_line(&text).contains(['\n', '\t', '\r']));
        let never = ['\u{202E}', '\u{200B}'];
        prop_assert!(!once.contains(never));
    }
}
