//! What is masked, what is not, and that nothing survives.

use super::*;
use crate::model::SpanStyle;
use proptest::prelude::*;
use rstest::rstest;

/// A made-up ID number with its right check character.
fn id(region: u32, year: u32, month: u32, day: u32, order: u32) -> String {
    let body = format!("{region:06}{year:04}{month:02}{day:02}{order:03}");
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
}

/// A number of so many digits with its Luhn check digit.
fn card(body: &str) -> String {
    (0..10)
        .map(|n| format!("{body}{n}"))
        .find(|c| is_card(&c.chars().map(|c| c.to_digit(10).unwrap()).collect::<Vec<_>>(), &[16]))
        .unwrap()
}

#[rstest]
#[case("身份证110101199003074514", "身份证110101********4514")]
#[case("11010119900307451X", "110101********451X")]
#[case("１１０１０１１９９００３０７４５１４", "１１０１０１********４５１４")]
#[case("张三，110101900307451，男", "张三，110101******451，男")]
#[case("电话13812345678。", "电话138****5678。")]
#[case("138 1234 5678", "138 **** 5678")]
#[case("138-1234-5678", "138-****-5678")]
#[case("１３８１２３４５６７８", "１３８****５６７８")]
#[case("+86 13812345678", "+86 138****5678")]
#[case("8613812345678", "86138****5678")]
#[case("2026-11-23 13812345678", "2026-11-23 138****5678")]
#[case("13812345678、13987654321", "138****5678、139****4321")]
#[case("tel13812345678", "tel138****5678")]
#[case("aaaa13812345678aaa", "aaaa138****5678aaa")]
#[case("5A13812345678MA6CB", "5A138****5678MA6CB")]
#[case("aaaa138 1234 5678a，", "aaaa138 **** 5678a，")]
#[case("aaa130 0000 0000aa", "aaa130 **** 0000aa")]
#[case("卡号6222021234567890128", "卡号***************0128")]
fn what_identifies_a_person_is_masked(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(mask(text), wanted);
    assert_eq!(mask(wanted), wanted, "a mask is masked once");
}

#[rstest]
#[case::short("1381234567")]
#[case::longer("138123456789")]
#[case::landline("0830-1234567")]
#[case::no_mobile("12012345678")]
#[case::hotline("12345")]
#[case::document("示政发〔2026〕13812345678号")]
#[case::project("项目编号：510101199003074514")]
#[case::letters("N5101012026000123")]
#[case::region_and_year("5101012026000123")]
#[case::credit("5A13812345678MA6CA")]
#[case::credit_digits("统一社会信用代码 915101001990030745")]
#[case::money("金额13812345678.00元")]
#[case::yuan("￥13812345678")]
#[case::area("13812345678亩")]
#[case::dates("2026-11-23 2026-11-24 09:30:15")]
#[case::month_13("110101199013074514")]
#[case::serial("202611230001")]
#[case::date_made("510101202611230012")]
fn what_does_not_is_left(#[case] text: &str) {
    assert_eq!(mask(text), text);
}

#[test]
fn letters_after_an_id_do_not_hide_it() {
    let text = format!("{}x", id(110_528, 1901, 1, 1, 71));
    assert!(!mask(&text).contains("19010101"));
}

#[test]
fn cards_show_their_last_four() {
    let number = card("622202123456789");
    assert_eq!(mask(&number), format!("************{}", &number[12..]));
    let parted: String =
        number.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(" ");
    assert_eq!(mask(&parted), format!("**** **** **** {}", &number[12..]));
}

#[test]
fn a_number_over_several_styles_is_one_number() {
    let bold = SpanStyle { bold: true };
    let mut spans =
        [Span::plain("电话138"), Span { text: "1234".into(), style: bold, ..Span::default() }, Span::plain("5678。")];
    mask_spans(&mut spans);
    let told: Vec<&str> = spans.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(told, ["电话138", "****", "5678。"]);
}

#[test]
fn codes_keep_their_digits_unless_they_are_surely_an_id() {
    assert_eq!(mask_code("13812345678"), "13812345678");
    assert_eq!(mask_code("110101200003074514"), "110101200003074514", "wrong check character");
    let sure = id(110_101, 1990, 3, 7, 451);
    assert_ne!(mask_code(&sure), sure);
}

type Disguise = Box<dyn Fn(&str) -> String>;

/// The ways in which a number is written so that a reader takes it for what it is and a program does not.
fn disguises() -> Vec<(String, Disguise)> {
    let mut all: Vec<(String, Disguise)> = Vec::new();
    let hidden = [
        0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A,
        0x202D, 0x2060, 0x2061, 0x2064, 0x2066, 0x2069, 0x206A, 0x2800, 0x3164, 0xFE00, 0xFE0E, 0xFE0F, 0xFEFF, 0xFFA0,
        0xFFF9, 0x1BCA0, 0x1D173, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF, 0x1, 0x7F, 0x9B, 0xFFFE, 0xFDD0, 0x301,
        0x336, 0x20E3,
    ];
    for c in hidden.map(|n| char::from_u32(n).unwrap()) {
        let between = move |text: &str| text.chars().flat_map(|d| [d, c]).collect::<String>();
        all.push((format!("U+{:04X} behind each", u32::from(c)), Box::new(between)));
        let once = move |text: &str| format!("{}{c}{}", &text[..5], &text[5..]);
        all.push((format!("U+{:04X} once", u32::from(c)), Box::new(once)));
    }
    // The zeros of other digits: wide, of mathematics, of other scripts.
    let zeros = [
        0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1FBF0, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xE50, 0xF20,
        0x1810, 0x19D0, 0xA620, 0x104A0,
    ];
    for zero in zeros {
        let with = move |c: char| c.to_digit(10).map_or(c, |d| char::from_u32(zero + d).unwrap());
        all.push((format!("digits from U+{zero:04X}"), Box::new(move |text: &str| text.chars().map(with).collect())));
        let some = move |text: &str| {
            text.chars().enumerate().map(|(i, c)| if i % 2 == 0 { with(c) } else { c }).collect::<String>()
        };
        all.push((format!("every other from U+{zero:04X}"), Box::new(some)));
    }
    for x in "xХхΧχ×✕✖✗✘⨯╳乂ｘＸⅩⅹ𝐗𝚡𝖷".chars() {
        all.push((format!("{x} as X"), Box::new(move |text: &str| text.replace('X', &x.to_string()))));
    }
    for (digit, like) in [('0', "OoОоΟο〇"), ('1', "lI|ІіӀ丨")] {
        for c in like.chars() {
            let last = move |text: &str| {
                let at = text[1..text.len() - 1].rfind(digit).map_or(0, |at| at + 1);
                let is_one = |i: usize| i == at && at > 0;
                text.chars().enumerate().map(|(i, d)| if is_one(i) { c } else { d }).collect::<String>()
            };
            all.push((format!("{c} as {digit}"), Box::new(last)));
            // Two and more in a row among them.
            let every = move |text: &str| {
                let inner = |i: usize| i > 0 && i + 1 < text.len();
                text.chars().enumerate().map(|(i, d)| if d == digit && inner(i) { c } else { d }).collect::<String>()
            };
            all.push((format!("{c} as every {digit}"), Box::new(every)));
        }
    }
    for zero in ['\u{24FF}', '\u{24EA}', '\u{2070}', '\u{2080}'] {
        let circled = move |c: char| match (zero, c.to_digit(10)) {
            ('\u{24FF}', Some(d @ 1..)) => char::from_u32(0x2775 + d).unwrap(),
            ('\u{24EA}', Some(d @ 1..)) => char::from_u32(0x245F + d).unwrap(),
            ('\u{2070}', Some(d @ 1..)) => ['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][d as usize - 1],
            ('\u{2080}', Some(d @ 1..)) => char::from_u32(0x2080 + d).unwrap(),
            (zero, Some(_)) => zero,
            _ => c,
        };
        all.push((format!("in circles {zero}"), Box::new(move |text: &str| text.chars().map(circled).collect())));
    }
    let back = |text: &str| text.chars().rev().collect::<String>();
    all.push(("turned by marks".into(), Box::new(move |text: &str| format!("\u{202E}{}\u{202C}", back(text)))));
    all.push(("turned, no end".into(), Box::new(move |text: &str| format!("\u{202E}{}", back(text)))));
    let half = move |text: &str| format!("{}\u{202E}{}\u{202C}", &text[..7], back(&text[7..]));
    all.push(("half turned".into(), Box::new(half)));
    all
}

/// The digits of a text as a reader takes them.
fn read(text: &str) -> String {
    View::new(text, true).chars.into_iter().filter(char::is_ascii_alphanumeric).collect()
}

#[test]
fn no_disguise_hides_a_number() {
    let disguises = disguises();
    assert!(disguises.len() >= 140, "{}", disguises.len());
    let numbers = ["110101199003074514", "11010119900307011X", "13810345678", "6222021234567890128"];
    let mut forms = 0;
    for (name, disguise) in &disguises {
        for number in numbers {
            let text = format!("张三，{}。", disguise(number));
            if name.ends_with("as X") && !number.ends_with('X') {
                continue;
            }
            let masked = mask(&text);
            let hidden = masked.chars().filter(|c| *c == '*').count();
            assert!(hidden >= if number.len() == 11 { 2 } else { 4 }, "{name}: {text} {masked}");
            assert!(!read(&masked).contains(number), "{name}: {masked}");
            assert_eq!(masked.chars().count(), text.chars().count(), "{name}");
            forms += 1;
        }
    }
    assert!(forms >= 500, "{forms}");
}

#[test]
fn an_id_number_is_masked_from_either_end() {
    let number = id(110_101, 1990, 3, 7, 11);
    let back: String = number.chars().rev().collect();
    assert!(mask(&back).contains("********"), "{back}");
    assert_eq!(mask("43215678931"), "43215678931", "a phone only where marks turn it round");
}

#[rstest]
#[case::list_number("①13812345678", "①138****5678")]
#[case::footnote("甲¹13812345678", "甲¹138****5678")]
#[case::fraction("½ 12345678901", "½ 12345678901")]
#[case::letters("O13812345678O", "O138****5678O")]
#[case::wide_document("示政发〔２０２６〕１３８１２３４５６７８号", "示政发〔２０２６〕１３８１２３４５６７８号")]
#[case::hidden_in_a_document("项目编号：510101\u{AD}199003074514", "项目编号：510101\u{AD}199003074514")]
#[case::landline("0830\u{2060}-1234567", "0830\u{2060}-1234567")]
fn a_reader_takes_it_so(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(mask(text), wanted);
}

fn around() -> impl Strategy<Value = String> {
    "[甲乙 ，。：（）a-z\\-]{0,6}".prop_filter("no label", |s| !LABELS.iter().any(|l| s.ends_with(l)))
}

proptest! {
    #[test]
    fn no_id_survives(
        before in around(), after in around(), region in 0usize..34, place in 0u32..10_000, year in 1900u32..2026,
        month in 1u32..=12, day in 1u32..=28, order in 0u32..1000,
    ) {
        let id = id(PROVINCES[region] * 10_000 + place, year, month, day, order);
        let text = format!("{before}{id}{after}");
        let masked = mask(&text);
        prop_assert!(!masked.contains(&id), "{}", masked);
        prop_assert!(!masked.contains(&id[6..14]) || before.contains(&id[6..14]), "{}", masked);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
    }

    #[test]
    fn no_phone_survives(before in around(), after in around(), second in 3u32..=9, rest in 0u32..1_000_000_000, joint in 0usize..6) {
        let digits = format!("1{second}{rest:09}");
        let joint = ["", " ", "-", "\u{3000}", "－", "."][joint];
        let phone = format!("{}{joint}{}{joint}{}", &digits[..3], &digits[3..7], &digits[7..]);
        let text = format!("{before}{phone}{after}");
        let masked = mask(&text);
        prop_assert!(!masked.contains(&phone), "{}", masked);
        let twice = mask(&masked).into_owned();
        prop_assert_eq!(twice, masked.into_owned());
    }

    #[test]
    fn any_text_keeps_its_length(text in "[0-9０-９ \\-.Xx甲A元〕]{0,60}") {
        let masked = mask(&text);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        prop_assert!(masked.chars().zip(text.chars()).all(|(m, c)| m == c || (m == '*' && (c.is_ascii_digit() || ('０'..='９').contains(&c)))));
    }
}

#[test]
fn letters_in_a_row_are_read() {
    for text in ["证号1101011990O3O74514", "证号110101199OO3074514", "证号11010119900307ОllX", "电话13810ОО5678"]
    {
        let masked = mask(text);
        assert!(masked.contains("****"), "{text}: {masked}");
    }
    for text in ["第12345678号OO集团", "型号12345678901lO", "ISO9001和OIML", "20261123OK", "2026OO年"] {
        assert_eq!(mask(text), text);
    }
    // What stands at the edge is a letter, and hides nothing.
    assert_eq!(mask("l13812345678O"), mask("13812345678").replace("138", "l138") + "O");
}
