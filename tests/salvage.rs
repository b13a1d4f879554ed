//! Ill-formed feeds give their items all the same, and say what was wrong; well-formed ones give what feed-rs reads.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::{
    feeds::{Hint, Parsed, parse, stream},
    model::Notice,
};
use proptest::prelude::*;
use rstest::rstest;
use std::path::{Path, PathBuf};

fn read(document: &[u8]) -> Parsed {
    parse(document, &Hint { name: "feed.xml".into(), ..Hint::default() }).unwrap()
}

/// A feed of three items, of which the second one is this.
fn rss(second: &str) -> String {
    let item = |n: u8| format!("<item><title>公告{n}</title><link>http://example.invalid/{n}</link></item>\n");
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>示例镇</title>\n{}{second}\n{}</channel></rss>",
        item(1),
        item(3)
    )
}

fn titles(parsed: &Parsed) -> Vec<&str> {
    parsed.items.iter().map(|n| n.title.as_str()).collect()
}

const LINK: &str = "http://example.invalid/2";

#[rstest]
#[case::bare_ampersand("<item><title>甲 & 乙</title><link>http://example.invalid/2</link></item>", "甲 & 乙", "bare &")]
#[case::stray_less(
    "<item><title>误差 < 5% 的</title><link>http://example.invalid/2</link></item>",
    "误差 < 5% 的",
    "stray <"
)]
#[case::unclosed_title("<item><title>公告2<link>http://example.invalid/2</link></item>", "公告2", "without its end")]
#[case::mismatched(
    "<item><title>公告2</titel><link>http://example.invalid/2</link></item>",
    "公告2",
    "without its end"
)]
#[case::unclosed_item("<item><title>公告2</title><link>http://example.invalid/2</link>", "公告2", "without its end")]
#[case::entity(
    "<item><title>公告&nbsp;2&hellip;</title><link>http://example.invalid/2</link></item>",
    "公告 2…",
    "entity"
)]
#[case::control("<item><title>公\u{8}告2</title><link>http://example.invalid/2</link></item>", "公告2", "control")]
#[case::reference("<item><title>公告&#0;2</title><link>http://example.invalid/2</link></item>", "公告2", "cannot be")]
#[case::open_tag("<item><title>公告2</title<link>http://example.invalid/2</link></item>", "公告2", "without its >")]
#[case::open_cdata("<item><title><![CDATA[公告2</title><link>http://example.invalid/2</link></item>", "公告2", "]]>")]
#[case::open_comment(
    "<item><!-- 草稿 <title>公告2</title><link>http://example.invalid/2</link></item>",
    "公告2",
    "-->"
)]
#[case::open_quote(
    "<item rdf:about=\"x><title>公告2</title><link>http://example.invalid/2</link></item>",
    "公告2",
    "second quote"
)]
#[case::stray_end("<item><title>公告2</title></b><link>http://example.invalid/2</link></item>", "公告2", "not begun")]
#[case::prefix(
    "<item><title>公告2</title><link>http://example.invalid/2</link><dc:creator>张</dc:creator></item>",
    "公告2",
    "prefix"
)]
#[case::case("<ITEM><Title>公告2</TITLE><LINK>http://example.invalid/2</link></Item>", "公告2", "")]
#[case::html_in_title("<item><title>公告<b>2</b></title><link>http://example.invalid/2</link></item>", "公告2", "")]
#[case::empty_link("<item><title>公告2</title><link/>http://example.invalid/2</item>", "公告2", "")]
fn an_ill_formed_item_is_read_and_so_are_its_neighbours(#[case] item: &str, #[case] title: &str, #[case] note: &str) {
    let parsed = read(rss(item).as_bytes());
    assert_eq!(titles(&parsed), ["公告1", title, "公告3"], "{parsed:?}");
    assert_eq!(parsed.items[1].link.as_deref(), Some(LINK));
    if note.is_empty() {
        assert_eq!(parsed.faults, []);
    } else {
        let found = parsed.faults.iter().find(|f| f.reason.contains(note)).unwrap_or_else(|| panic!("{parsed:?}"));
        assert!(found.item.starts_with("feed.xml, line "), "{found:?}");
    }
}

#[test]
fn a_note_tells_the_line_and_how_often() {
    let parsed = read(rss("<item><title>a & b</title>\n<link>http://x.invalid/?a=1&b=2&c=3</link></item>").as_bytes());
    assert_eq!(parsed.items[1].link.as_deref(), Some("http://x.invalid/?a=1&b=2&c=3"));
    assert_eq!(parsed.faults.len(), 1);
    assert_eq!(parsed.faults[0].item, "feed.xml, line 4");
    assert_eq!(parsed.faults[0].reason, "a bare & was read as &amp; (3 times)");
}

#[test]
fn junk_before_the_declaration_is_left_out() {
    for junk in ["警告: 第 3 行\n", "<br />\n<b>Warning</b>: date() in x.php<br />\n", "\n\n", "\u{FEFF}"] {
        let document = format!("{junk}{}", rss("<item><title>公告2</title></item>"));
        let parsed = read(document.as_bytes());
        assert_eq!(titles(&parsed), ["公告1", "公告2", "公告3"], "{junk}");
        let is_said = parsed.faults.iter().any(|f| f.reason.contains("before the XML declaration"));
        assert_eq!(is_said, junk.contains("警告"), "{junk}: {:?}", parsed.faults);
    }
}

#[test]
fn wherever_a_document_breaks_off_the_items_before_are_kept() {
    let whole = rss("<item><title>公告2</title><description><![CDATA[<p>正文</p>]]></description></item>");
    let ends: Vec<usize> = whole.match_indices("</item>").map(|(at, tag)| at + tag.len()).collect();
    for cut in whole.find("<channel>").unwrap() + 9..whole.len() {
        let before = ends.iter().filter(|end| **end <= cut).count();
        let parsed = match parse(&whole.as_bytes()[..cut], &Hint { name: "feed.xml".into(), ..Hint::default() }) {
            Ok(parsed) => parsed,
            // What breaks off before its first item is no feed.
            Err(error) => {
                assert!(before == 0 && error.to_string().contains("breaks off"), "{cut}: {error}");
                continue;
            }
        };
        assert!(parsed.items.len() >= before, "{cut}: {parsed:?}");
        let is_whole = titles(&parsed).iter().zip(["公告1", "公告2", "公告3"]).all(|(a, b)| *a == b);
        assert!(is_whole, "{cut}: half a title is none: {parsed:?}");
        let said = parsed.faults.iter().filter(|f| f.reason.contains("breaks off")).count();
        let end = whole.rfind("</rss>").unwrap();
        assert!(said == usize::from(cut < end) || cut > end, "{cut}: {:?}", parsed.faults);
    }
}

#[test]
fn entities_that_a_document_declares_are_never_expanded() {
    let mut declared = String::from("<!ENTITY lol \"哈哈哈哈哈哈哈哈哈哈\">");
    for n in 1..30 {
        let inner = if n == 1 { "&lol;".to_owned() } else { format!("&lol{};", n - 1) };
        declared.push_str(&format!("<!ENTITY lol{n} \"{}\">", inner.repeat(10)));
    }
    let file = "<!ENTITY xxe SYSTEM \"file:///etc/passwd\">";
    let item = "<item><title>公告&lol29;</title><description>&xxe;</description></item>";
    let document = rss(item).replacen("<rss", &format!("<!DOCTYPE rss [{declared}{file}]>\n<rss"), 1);
    let parsed = read(document.as_bytes());
    assert_eq!(titles(&parsed), ["公告1", "公告&lol29;", "公告3"]);
    assert_eq!(parsed.items[1].summary, "&xxe;");
}

#[test]
fn atom_is_salvaged_as_well() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>\
        <entry><id>a</id><title type='html'>甲 & <b>乙</b></title><link href='http://x.invalid/?a=1&b=2'/>\
        <updated>2026-11-23T09:30:00+08:00</updated><content type='xhtml'><div><p>一<br/>二<p>三</div></content>\
        <entry><id>b</id><title>丙 &lt; 丁</title><summary>摘要</entry>";
    let parsed = read(feed.as_bytes());
    assert_eq!(titles(&parsed), ["甲 & 乙", "丙 < 丁"]);
    assert_eq!(parsed.items[0].link.as_deref(), Some("http://x.invalid/?a=1&b=2"));
    assert_eq!(parsed.items[0].published.unwrap().to_string(), "2026-11-23T01:30:00Z");
    assert_eq!(parsed.items[0].body.iter().map(|b| b.plain_text()).collect::<Vec<_>>(), ["一\n二", "三"]);
    assert_eq!(parsed.items[1].summary, "摘要");
}

#[test]
fn a_stream_gives_what_the_whole_document_gives() {
    let items: String = (0..3000)
        .map(|n| format!("<item><guid>{n}</guid><title>第{n}号 & 公示</title><description>&lt;p&gt;文{n}&lt;/p&gt;</description></item>"))
        .collect();
    let document = rss(&items);
    let mut found = Vec::new();
    let hint = Hint { name: "feed.xml".into(), ..Hint::default() };
    let faults = stream(&mut document.as_bytes(), &hint, 1 << 30, &mut |n: Notice| found.push(n)).unwrap();
    let parsed = read(document.as_bytes());
    assert_eq!(found.len(), 3002);
    assert_eq!((found, faults), (parsed.items, parsed.faults));
}

#[test]
fn of_many_items_the_newest_are_taken_in_their_order() {
    let item = |day: u32| format!("<item><title>第{day}日</title><pubDate>2026-01-{:02}</pubDate></item>", day);
    let document = rss(&[5, 9, 1, 7, 3].map(item).concat());
    let hint = Hint { name: "feed.xml".into(), most: Some(2), ..Hint::default() };
    let parsed = parse(document.as_bytes(), &hint).unwrap();
    assert_eq!(titles(&parsed), ["第9日", "第7日"]);
}

/// Real feeds, with their names.
fn real() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new("../shared/real/feeds");
    if !root.is_dir() {
        eprintln!("SKIPPED: real documents are not at hand");
        return Vec::new();
    }
    let mut found = Vec::new();
    for folder in ["atom", "rss0", "rss1", "rss2", "jsonfeed"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            found.push((path.clone(), std::fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Where we read more or otherwise than feed-rs, and why.
const OTHERWISE: [(&str, &str, &str); 5] = [
    ("rss_2.0_spec_1.xml", "link", "a guid that is a permanent link is the item's address where it has no other"),
    ("atom_example_5.xml", "published", "fractions of seconds are kept"),
    ("atom_entry_1.xml", "published", "fractions of seconds are kept"),
    ("rss_2.0_spiegel.xml", "files", "an enclosure counts beside media:content"),
    ("rss_2.0_invalid_1.xml", "count", "a document that breaks off before its first item is no error"),
];

#[test]
fn real_feeds_give_at_least_what_feed_rs_reads() {
    let mut compared = 0;
    for (path, bytes) in real() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let base = "http://base.example.invalid/feeds/feed.xml";
        let hint = Hint { name: name.clone(), base: Some(base.parse().unwrap()), ..Hint::default() };
        let Ok(theirs) = feed_rs::parser::Builder::new()
            .base_uri(Some(base))
            .sanitize_content(false)
            .id_generator(|_, _, _| String::new())
            .build()
            .parse(bytes.as_slice())
        else {
            continue;
        };
        let ours = parse(&bytes, &hint).unwrap();
        let differs = |field: &str| OTHERWISE.iter().any(|(file, f, _)| *file == name && *f == field);
        assert!(ours.items.len() == theirs.entries.len() || differs("count"), "{name}");
        for (ours, theirs) in ours.items.iter().zip(&theirs.entries) {
            compared += 1;
            let link = theirs.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"));
            if !theirs.id.is_empty() {
                assert_eq!(ours.key, theirs.id.trim(), "{name}");
            }
            if let Some(link) = link.filter(|l| l.href.contains(':') && !differs("link")) {
                let wanted = url::Url::parse(link.href.trim()).unwrap().to_string();
                assert_eq!(ours.link.as_deref(), Some(wanted.as_str()), "{name}");
            }
            let words = |text: &str| text.split_whitespace().collect::<String>();
            if let Some(title) = theirs.title.as_ref().filter(|t| !t.content.contains(['<', '&'])) {
                assert_eq!(words(&ours.title), words(&title.content), "{name}");
            }
            if let Some(at) = theirs.published.or(theirs.updated).filter(|_| !differs("published")) {
                // A day without a time begins at Beijing's midnight, not at Greenwich's.
                let [ours, theirs] = [ours.published.unwrap().as_second(), at.timestamp()];
                assert!(ours == theirs || (theirs % 86_400 == 0 && theirs - ours == 8 * 3600), "{name}");
            }
            let is_said = |text: Option<&str>| text.is_some_and(|t| t.chars().any(char::is_alphanumeric));
            if is_said(theirs.summary.as_ref().map(|t| t.content.as_str())) {
                assert!(!ours.summary.is_empty(), "{name}");
            }
            for file in theirs.media.iter().flat_map(|m| &m.content).filter_map(|c| c.url.as_ref()) {
                let has = ours.attachments.iter().any(|a| a.url == file.as_str());
                assert!(has || differs("files"), "{name}: {file}");
            }
        }
    }
    println!("{compared} items compared");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a feed's bytes, the items before it are read as if nothing had.
    #[test]
    fn damage_never_costs_the_items_before_it(
        pick in any::<prop::sample::Index>(),
        place in 0.0f64..1.0,
        noise in prop::collection::vec(prop::sample::select(b"<>&\"'/![]-?;= \0x\xE5\x85\xAC\xFF".to_vec()), 0..12),
        gone in 0usize..40,
    ) {
        let mut feeds = real();
        feeds.push(("made.xml".into(), rss(&format!("<item><title><![CDATA[公告2]]></title><description>{}</description></item>", "示例镇公示".repeat(20))).into_bytes()));
        let (path, bytes) = &feeds[pick.index(feeds.len())];
        let at = (bytes.len() as f64 * place) as usize;
        let mut damaged = bytes[..at].to_vec();
        damaged.extend(noise);
        damaged.extend(&bytes[(at + gone).min(bytes.len())..]);
        let hint = Hint { name: path.display().to_string(), format: gongshi::config::FeedFormat::Feed, ..Hint::default() };
        let whole = parse(bytes, &hint);
        let read = parse(&damaged, &hint);
        let is_xml = path.extension().is_some_and(|e| e == "xml");
        if is_xml && let (Ok(whole), Ok(read)) = (whole, read) {
            let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let before = head.matches("</item>").count().max(head.matches("</entry>").count());
            // What the document says of itself stands before its first item; damage there may change addresses.
            let is_head = !head.contains("<item") && !head.contains("<entry");
            for (a, b) in whole.items.iter().zip(&read.items).take(if is_head { 0 } else { before }) {
                prop_assert_eq!(&a.key, &b.key);
                prop_assert_eq!(&a.title, &b.title);
                prop_assert_eq!(&a.body, &b.body);
            }
            prop_assert!(is_head || read.items.len() >= before.min(whole.items.len()));
        }
    }

    /// Noise of the characters that matter ends, soon, without a panic.
    #[test]
    fn any_text_ends(text in "(<|>|&|<!\\[CDATA\\[|\\]\\]>|<!--|-->|<item>|</item>|<title>|</title>|<a b=\"|'|\\?|公|;|/|<rss>|<\\?){0,60}") {
        let document = format!("<rss><channel>{text}");
        drop(parse(document.as_bytes(), &Hint { format: gongshi::config::FeedFormat::Feed, ..Hint::default() }));
    }
}

/// Patterns that make careless readers take the square of their time.
#[rstest]
#[case("<!--")]
#[case("<![CDATA[")]
#[case("<t><![CDATA[x</t>")]
#[case("<!doctype [")]
#[case("<?")]
#[case("<title>")]
#[case("<a b=\"")]
#[case("</a>")]
#[case("<")]
#[case("&")]
#[case("<item><title>x")]
#[case("<a><b></a></b>")]
fn patterns_that_never_end_are_read_in_linear_time(#[case] part: &str) {
    let document = format!(
        "<rss version='2.0'><channel><item><title>公告1</title></item><item>{}",
        part.repeat((2 << 20) / part.len())
    );
    // Megabytes of each: what is not linear does not come to an end here.
    let parsed = read(document.as_bytes());
    assert_eq!(parsed.items[0].title, "公告1");
}
