//! Bytes to text: byte order mark, then HTTP header, then the document's own declaration, then detection.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The document's own declaration is looked for in this many bytes.
const HEAD: usize = 2048;
/// Detection looks at this many bytes.
const SAMPLE: usize = 256 * 1024;
/// Damage within so many bytes is one spot.
const SPOT: usize = 32;

/// Six positions of GB 18030-2005 that still decode to private use, and the characters they stand for.
const PRIVATE: [(char, char); 6] = [
    ('\u{E816}', '\u{20087}'),
    ('\u{E817}', '\u{20089}'),
    ('\u{E818}', '\u{200CC}'),
    ('\u{E831}', '\u{215D7}'),
    ('\u{E83B}', '\u{2298F}'),
    ('\u{E855}', '\u{241FE}'),
];

/// How a document is to be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodingChoice {
    /// Its encoding; GB2312 and GBK are read as their superset.
    pub encoding: &'static Encoding,
    /// Bytes of its byte order mark, to be passed over.
    pub mark: usize,
}

/// Decodes a document. `charset` is an admin's word and outranks all but a byte order mark; `content_type` is the
/// HTTP header. Malformed sequences become U+FFFD. Gives the text and the encoding's name.
pub fn decode(bytes: &[u8], content_type: Option<&str>, charset: Option<&str>) -> (String, &'static str) {
    let EncodingChoice { encoding, mark } = choose(bytes, content_type, charset);
    run(encoding, bytes.get(mark..).unwrap_or_default())
}

/// Chooses the encoding of a document by its first bytes, all of them if they are at hand; see [`decode`].
pub fn choose(head: &[u8], content_type: Option<&str>, charset: Option<&str>) -> EncodingChoice {
    // GB2312 and GBK are read as their superset.
    let choice = |encoding, mark| EncodingChoice { encoding: if encoding == GBK { GB18030 } else { encoding }, mark };
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return choice(encoding, mark);
    }
    let named = |label: &str| Encoding::for_label(label.trim().as_bytes());
    if let Some(encoding) = charset.and_then(named) {
        return choice(encoding, 0);
    }
    if let Some(encoding) = wide(head) {
        return choice(encoding, 0);
    }
    let header = content_type.and_then(|t| after(t, "charset=")).and_then(|l| named(&l));
    let declared = declared(head);
    // Servers say Latin 1 of everything by default; a document that says otherwise knows better.
    let header = header.filter(|h| *h != WINDOWS_1252 || declared.is_none());
    let is_utf8 = is_utf8(head);
    for encoding in [header, declared].into_iter().flatten() {
        // UTF-16 that has no zero bytes is not UTF-16, whatever it says.
        if encoding == UTF_16BE || encoding == UTF_16LE {
            continue;
        }
        // A wrong declaration shows: text that is valid UTF-8 and not ASCII is UTF-8 to all likelihood.
        if encoding != UTF_8 && !head.is_ascii() && is_utf8 {
            return choice(UTF_8, 0);
        }
        if encoding != UTF_8 || is_utf8 || mostly_utf8(head, 1) {
            return choice(encoding, 0);
        }
    }
    // XML that says nothing is UTF-8 (XML 1.0, 4.3.3).
    let times = if head.trim_ascii_start().starts_with(b"<?xml") { 1 } else { 2 };
    choice(if is_utf8 || mostly_utf8(head, times) { UTF_8 } else { guess(head) }, 0)
}

/// Whether all of it is UTF-8; the last character may be cut.
fn is_utf8(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|e| e.error_len().is_none(), |_| true)
}

/// Whether it is UTF-8 but for a few bytes, as when texts are cut by their length in bytes or a transfer was damaged:
/// it has so many times more evidence of UTF-8 than malformed sequences, or all of these stand in one spot and there
/// is evidence elsewhere.
fn mostly_utf8(head: &[u8], times: usize) -> bool {
    let (mut good, mut bad, mut at) = (0_usize, 0_usize, 0_usize);
    // Evidence before the first malformed sequence and after the last one, and where these are.
    let (mut before, mut after, mut spot) = (0_usize, 0_usize, None::<(usize, usize)>);
    for chunk in head.get(..SAMPLE).unwrap_or(head).utf8_chunks() {
        let found: usize = chunk.valid().chars().map(evidence).sum();
        good += found;
        after += found;
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            bad += 1;
            (before, after) = (if spot.is_none() { good } else { before }, 0);
            spot = Some((spot.map_or(at, |(first, _)| first), at));
        }
        at += chunk.invalid().len();
    }
    let is_one_spot = spot.is_some_and(|(first, last)| last - first < SPOT);
    (good > 0 && good >= times * bad) || (is_one_spot && before + after >= times)
}

/// How much a character says that its bytes are UTF-8. By chance GBK gives three bytes that are a character of UTF-8
/// once in some 250 of its characters, and two bytes once in six: 元, 亩 and 女 are such. So two bytes count only
/// where they are of a script that is written, and not of the blocks that those fall into.
fn evidence(c: char) -> usize {
    match c {
        '\u{A0}'..='\u{FF}' | '\u{370}'..='\u{3FF}' | '\u{400}'..='\u{45F}' | '\u{600}'..='\u{6FF}' => 1,
        '\u{800}'.. => 8,
        _ => 0,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..SAMPLE).unwrap_or(bytes), true);
    let found = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    // Where even detection finds nothing Chinese, the bytes decide between GB 18030 and Latin.
    if found == WINDOWS_1252 && !GB18030.decode_without_bom_handling(bytes).1 { GB18030 } else { found }
}

fn run(encoding: &'static Encoding, bytes: &[u8]) -> (String, &'static str) {
    let text = encoding.decode_without_bom_handling(bytes).0;
    let mended = if encoding == GB18030 { mend_private(&text) } else { None };
    (mended.unwrap_or_else(|| text.into_owned()), encoding.name())
}

/// Text decoded from GB 18030 with the characters that its six positions of private use stand for; `None` where it
/// has none.
pub fn mend_private(text: &str) -> Option<String> {
    // All of them begin with one byte in UTF-8.
    if !text.as_bytes().contains(&0xEE) || !text.chars().any(|c| matches!(c, '\u{E816}'..='\u{E855}')) {
        return None;
    }
    let mend = |c| PRIVATE.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    Some(text.chars().map(mend).collect())
}

/// UTF-16 without a mark, told by where the zero bytes of `<` or of a letter stand.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, a, 0, b] if *a != 0 && *b != 0 => Some(UTF_16BE),
        [a, 0, b, 0] if *a != 0 && *b != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// What an XML declaration or an HTML `meta` says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head: String = head.iter().map(|b| char::from(*b)).collect();
    let label = if head.trim_start().starts_with("<?xml") {
        after(head.split("?>").next()?, "encoding=")?
    } else {
        let at = head.find("<meta")?;
        after(head.get(at..)?, "charset=")?
    };
    Encoding::for_label(label.as_bytes())
}

/// The word after a key, quotes aside.
fn after(text: &str, key: &str) -> Option<String> {
    let at = text.to_ascii_lowercase().find(key)? + key.len();
    let rest = text.get(at..)?.trim_start_matches([' ', '"', '\'']);
    let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use encoding_rs::{BIG5, GBK};
    use rstest::rstest;

    const TEXT: &str = "政务公开：关于乡村道路改建工程的公示，二〇二六年十一月";

    fn utf16(little: bool, mark: bool) -> Vec<u8> {
        let text = format!("{}<p>{TEXT}", if mark { "\u{FEFF}" } else { "" });
        text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[rstest]
    #[case::utf8(TEXT.into(), None)]
    #[case::gbk_by_header(GBK.encode(TEXT).0.into(), Some("text/html; charset=gb2312"))]
    #[case::gbk_detected(GBK.encode(TEXT).0.into(), None)]
    #[case::utf8_said_to_be_gbk(TEXT.into(), Some("text/html;charset=GBK"))]
    #[case::gbk_said_to_be_utf8(GBK.encode(TEXT).0.into(), Some("text/html;charset=utf-8"))]
    #[case::big5_by_meta([b"<meta charset=big5>".as_slice(), &BIG5.encode("政務公開").0].concat(), None)]
    #[case::utf16_le_mark(utf16(true, true), None)]
    #[case::utf16_be_mark(utf16(false, true), Some("text/xml; charset=utf-8"))]
    #[case::utf16_le(utf16(true, false), None)]
    #[case::utf16_said_of_utf8(format!("<?xml version='1.0' encoding='utf-16'?>{TEXT}").into(), None)]
    fn reads(#[case] bytes: Vec<u8>, #[case] header: Option<&str>) {
        let (text, name) = decode(&bytes, header, None);
        assert!(text.contains(TEXT) || text.contains("政務公開"), "{name}: {text}");
    }

    /// Prose in UTF-8 with a single character that shows it, and damage at another place.
    #[rstest]
    #[case::pairs("caf\u{E9}", b"\xFF\xE5<\xE5\xE5\xAC\x85")]
    #[case::triples("the end\u{2026}", b"\xE5\xE5\xE5\xE5\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")]
    #[case::valid_as_gbk("caf\u{E9}", b"\xAC\x85")]
    fn damage_in_one_spot_does_not_change_the_charset(#[case] word: &str, #[case] noise: &[u8]) {
        for prolog in ["<?xml version='1.0' encoding='utf-8'?>", "<?xml version='1.0'?>"] {
            let prose = "plain words of an item ".repeat(9);
            let bytes = [format!("{prolog}{word} {prose}").as_bytes(), noise, prose.as_bytes()].concat();
            let (text, name) = decode(&bytes, None, None);
            assert!(text.contains(word), "{name}: {text}");
        }
    }

    /// A sheet of figures in GBK whose unit is, by chance, two bytes of UTF-8.
    #[rstest]
    fn a_unit_of_money_does_not_make_gbk_utf8(
        #[values("元", "亩", "女")] unit: &str,
        #[values("", "; charset=utf-8")] said: &str,
    ) {
        let rows: String = (0..500).map(|i| format!("{i},{}.00{unit}\r\n", i * 7)).collect();
        let bytes = GBK.encode(&format!("编号,金额\r\n{rows}")).0.into_owned();
        let (text, name) = decode(&bytes, Some(&format!("text/csv{said}")), None);
        assert!(text.starts_with("编号,金额") && text.contains(unit), "{name}");
    }

    #[test]
    fn the_six_private_positions_become_characters() {
        let bytes = [0xFE, 0x51, 0xFE, 0x52, 0xFE, 0x53, 0xFE, 0x6C, 0xFE, 0x76, 0xFE, 0x91];
        let (text, _) = decode(&bytes, None, Some("gb18030"));
        assert_eq!(text, "\u{20087}\u{20089}\u{200CC}\u{215D7}\u{2298F}\u{241FE}");
    }

    #[test]
    fn four_byte_gb18030_is_read() {
        assert_eq!(decode(&[0x95, 0x32, 0x82, 0x36], None, Some("gb2312")).0, "\u{20000}");
    }
}
