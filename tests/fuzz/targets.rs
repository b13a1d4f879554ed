//! What is fuzzed: one function a format. Each takes any bytes; it fails by panicking. Shared by `tests/fuzz.rs`, which
//! any toolchain runs, and by the targets of `fuzz/`, which cargo-fuzz runs.

use gongshi::{
    config::{Calendar, Catalogue, Feed, FeedFormat, Page, Register, Screen, Site},
    feeds::{Hint, ParseError, Parsed, decode_picture, parse, trial, unpack},
    model::{Block, Month},
};
use url::Url;

/// A target: its name, which is that of its folder in `tests/corpus`, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 10] = [
    ("feed", feed),
    ("json", json),
    ("html", html),
    ("page", page),
    ("markdown", markdown),
    ("text", text),
    ("dates", dates),
    ("config", config),
    ("picture", picture),
    ("docx", docx),
];

/// Reads a document; whatever comes of it must be fit to show.
fn read(bytes: &[u8], format: FeedFormat, name: &str) {
    let base = Url::parse("http://portal.example/gk/feed.xml").ok();
    let hint = Hint { format, base, name: name.to_owned(), ..Hint::default() };
    sound(parse(bytes, &hint), bytes.len());
}

fn sound(read: Result<Parsed, ParseError>, length: usize) {
    let parsed = match read {
        Ok(parsed) => parsed,
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains("broke down"), "a parser panicked");
            assert!(!said.is_empty() && !said.contains('\n'), "{said:?} is no sentence");
            return;
        }
    };
    for notice in &parsed.items {
        assert!(!notice.title.contains(['\n', '\r']), "a title is one line: {:?}", notice.title);
        let addresses = notice.attachments.iter().map(|a| a.url.as_str()).chain(notice.link.as_deref());
        let pictures = notice.body.iter().filter_map(|b| match b {
            Block::Picture { src, .. } => Some(src.as_str()),
            _ => None,
        });
        for address in addresses.chain(pictures) {
            let scheme = Url::parse(address).map(|url| url.scheme().to_owned()).unwrap_or_default();
            let is_known = ["http", "https", "ftp", "mailto", "tel"].contains(&scheme.as_str());
            assert!(is_known, "{address} is no address of the web");
        }
    }
    let words: usize = parsed.items.iter().flat_map(|n| &n.body).map(|b| b.plain_text().len()).sum();
    // An entity may be a little longer than what names it, an item's words may stand in summary and body.
    assert!(words <= length * 16 + 4096, "{words} bytes of words from {length}");
}

/// RSS, RDF, Atom, and whatever is taken for one.
pub fn feed(bytes: &[u8]) {
    read(bytes, FeedFormat::Feed, "feed.xml");
    read(bytes, FeedFormat::Auto, "feed");
}

/// JSON Feed.
pub fn json(bytes: &[u8]) {
    read(bytes, FeedFormat::Auto, "feed.json");
}

/// A page that is one document.
pub fn html(bytes: &[u8]) {
    read(bytes, FeedFormat::Html, "a.html");
    let words = trial::words(&String::from_utf8_lossy(bytes));
    assert!(!words.contains("javascript:"), "scripts stand nowhere but in words");
}

/// A list page and an article by selectors.
pub fn page(bytes: &[u8]) {
    let selectors = Page { item: "li, tr".into(), next_text: "下一页".into(), ..Page::default() };
    let text = String::from_utf8_lossy(bytes);
    trial::pages(&text, &selectors);
    // Selectors are typed by people.
    let (css, rest) = text.split_once('\n').unwrap_or((&text, ""));
    trial::pages(rest, &Page { item: css.into(), date: css.into(), body: css.into(), ..Page::default() });
}

/// A Markdown document.
pub fn markdown(bytes: &[u8]) {
    read(bytes, FeedFormat::Markdown, "a.md");
}

/// Text of any charset.
pub fn text(bytes: &[u8]) {
    read(bytes, FeedFormat::Text, "2026-11-01a.txt");
    for charset in ["gb18030", "big5", "utf-16le"] {
        trial::text(bytes, None, Some(charset));
    }
    let label = String::from_utf8_lossy(bytes.get(..16).unwrap_or(bytes));
    trial::text(bytes, Some(&format!("text/plain; charset={label}")), None);
    drop(unpack(bytes, 1 << 16));
}

/// Dates as people write them.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    trial::date(&text);
    drop(text.parse::<Month>());
}

/// Files of the config folder.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    drop(toml::from_str::<Feed>(&text));
    drop(toml::from_str::<Site>(&text));
    drop(toml::from_str::<Screen>(&text));
    drop(toml::from_str::<Register>(&text));
    drop(toml::from_str::<Catalogue>(&text));
    drop(toml::from_str::<Calendar>(&text));
}

/// Word documents. Their parts are packed, so that changes to bytes seldom get past the packing: the XML in them is what
/// the corpus of this format holds, and it is packed here.
pub fn docx(bytes: &[u8]) {
    read(bytes, FeedFormat::Docx, "a.docx");
    read(&packed(bytes), FeedFormat::Docx, "a.docx");
}

/// A zip with these bytes as a document's body, stored as they are.
fn packed(body: &[u8]) -> Vec<u8> {
    let types = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
    let (mut out, mut list, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, bytes) in [("[Content_Types].xml", types.as_slice()), ("word/document.xml", body)] {
        let (length, at) = ((bytes.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58];
        head.extend(crc.sum().to_le_bytes());
        head.extend([length, length].concat());
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(bytes);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&head);
        list.extend([0; 10]);
        list.extend(at);
        list.extend(name.as_bytes());
        count += 1;
    }
    let (size, at) = ((list.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes());
    out.extend(list);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size, at].concat());
    out.extend([0, 0]);
    out
}

/// Pictures.
pub fn picture(bytes: &[u8]) {
    if let Ok(picture) = decode_picture(bytes, 64) {
        assert!(picture.width <= 64 && picture.height <= 64);
        assert_eq!(picture.rgba.len(), (picture.width * picture.height * 4) as usize);
    }
}
