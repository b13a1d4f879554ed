//! One document in every charset an office may send it in, rightly and wrongly declared.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use encoding_rs::{BIG5, Encoding, GB18030, GBK, WINDOWS_1252};
use gongshi::feeds::{Hint, parse, stream};
use rstest::rstest;

const SIMPLIFIED: &str = "关于示例镇乡村道路改建工程的公示";
const TRADITIONAL: &str = "關於示例鎮鄉村道路改建工程的公示";
/// Characters of level 3 of GB 18030, four bytes each: outside the basic plane, and in its extension A.
const RARE: &str = "示例镇𠀀𪛖㐀㑇公示";
const FRENCH: &str = "Avis d’enquête “été” – 5 €";

/// A feed with a title that says nothing of its charset, or this.
fn feed(title: &str, declared: &str) -> String {
    let said = if declared.is_empty() { String::new() } else { format!(" encoding=\"{declared}\"") };
    let item = format!("<item><title>{title}</title><description>{title} / {title}</description></item>");
    format!("<?xml version=\"1.0\"{said}?><rss version=\"2.0\"><channel><title>{title}</title>{item}</channel></rss>")
}

fn encoded(title: &str, declared: &str, encoding: &'static Encoding) -> Vec<u8> {
    let text = feed(title, declared);
    let (bytes, _, lossy) = encoding.encode(&text);
    assert!(!lossy, "{title} cannot be said in {}", encoding.name());
    bytes.into_owned()
}

fn utf16(title: &str, declared: &str, little: bool, mark: bool) -> Vec<u8> {
    let text = format!("{}{}", if mark { "\u{FEFF}" } else { "" }, feed(title, declared));
    text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
}

#[rstest]
#[case::utf8(feed(SIMPLIFIED, "utf-8").into(), "", SIMPLIFIED)]
#[case::utf8_undeclared(feed(SIMPLIFIED, "").into(), "", SIMPLIFIED)]
#[case::utf8_mark(format!("\u{FEFF}{}", feed(SIMPLIFIED, "gbk")).into(), "", SIMPLIFIED)]
#[case::gb2312(encoded(SIMPLIFIED, "gb2312", GBK), "", SIMPLIFIED)]
#[case::gbk(encoded(TRADITIONAL, "GBK", GBK), "", TRADITIONAL)]
#[case::gbk_said_to_be_gb2312(encoded(TRADITIONAL, "gb2312", GBK), "", TRADITIONAL)]
#[case::gbk_undeclared(encoded(SIMPLIFIED, "", GBK), "", SIMPLIFIED)]
#[case::four_bytes(encoded(RARE, "gb18030", GB18030), "", RARE)]
#[case::four_bytes_said_to_be_gbk(encoded(RARE, "gbk", GB18030), "", RARE)]
#[case::big5(encoded(TRADITIONAL, "big5", BIG5), "", TRADITIONAL)]
#[case::big5_by_header(encoded(TRADITIONAL, "", BIG5), "text/xml; charset=big5", TRADITIONAL)]
#[case::utf16_le(utf16(SIMPLIFIED, "utf-16", true, true), "", SIMPLIFIED)]
#[case::utf16_be(utf16(SIMPLIFIED, "utf-16", false, true), "", SIMPLIFIED)]
#[case::utf16_le_without_mark(utf16(SIMPLIFIED, "utf-16le", true, false), "", SIMPLIFIED)]
#[case::utf16_be_without_mark(utf16(SIMPLIFIED, "", false, false), "", SIMPLIFIED)]
#[case::utf16_said_of_utf8(feed(SIMPLIFIED, "utf-16").into(), "", SIMPLIFIED)]
#[case::utf8_said_to_be_gbk(feed(SIMPLIFIED, "gbk").into(), "text/xml; charset=GBK", SIMPLIFIED)]
#[case::gbk_said_to_be_utf8(encoded(SIMPLIFIED, "utf-8", GBK), "text/xml; charset=utf-8", SIMPLIFIED)]
#[case::header_over_declaration(encoded(SIMPLIFIED, "big5", GBK), "text/xml; charset=gbk", SIMPLIFIED)]
#[case::latin_header_of_a_server_that_does_not_know(
    encoded(SIMPLIFIED, "gb2312", GBK),
    "text/xml; charset=iso-8859-1",
    SIMPLIFIED
)]
#[case::windows_said_to_be_latin(encoded(FRENCH, "iso-8859-1", WINDOWS_1252), "", FRENCH)]
#[case::unknown_declaration(feed(SIMPLIFIED, "x-none").into(), "", SIMPLIFIED)]
fn every_charset_is_read(#[case] bytes: Vec<u8>, #[case] header: &str, #[case] title: &str) {
    let content_type = (!header.is_empty()).then(|| header.to_owned());
    let hint = Hint { name: "feed.xml".into(), content_type, ..Hint::default() };
    let parsed = parse(&bytes, &hint).unwrap();
    assert_eq!(parsed.items[0].title, title);
    assert_eq!(parsed.faults, []);
    let mut streamed = Vec::new();
    stream(&mut bytes.as_slice(), &hint, 1 << 20, &mut |notice| streamed.push(notice)).unwrap();
    assert_eq!(streamed, parsed.items);
}

#[test]
fn the_six_private_positions_become_characters_in_streams_too() {
    let mut bytes = encoded("示例镇", "gbk", GBK);
    let at = bytes.windows(7).position(|w| w == b"<title>").unwrap() + 7;
    let item = at + bytes[at..].windows(7).position(|w| w == b"<title>").unwrap() + 7;
    bytes.splice(item..item, [0xFE, 0x51, 0xFE, 0x52, 0xFE, 0x53, 0xFE, 0x6C, 0xFE, 0x76, 0xFE, 0x91]);
    let parsed = parse(&bytes, &Hint { name: "feed.xml".into(), ..Hint::default() }).unwrap();
    assert_eq!(parsed.items[0].title, "\u{20087}\u{20089}\u{200CC}\u{215D7}\u{2298F}\u{241FE}示例镇");
}

#[test]
fn an_admins_charset_outranks_what_is_declared() {
    let bytes = encoded(TRADITIONAL, "gbk", BIG5);
    let hint = Hint { name: "feed.xml".into(), charset: Some("big5".into()), ..Hint::default() };
    assert_eq!(parse(&bytes, &hint).unwrap().items[0].title, TRADITIONAL);
}
