//! What a document is has one answer, whether it lies in a folder, is a source by itself or comes from a server: it is
//! read, or refused with a sentence that names the mend.

#[path = "../tables/books.rs"]
#[allow(dead_code, reason = "made for another test as well")]
mod books;
#[path = "../documents/pdf.rs"]
#[allow(dead_code, reason = "made for another test as well")]
mod pdf;
#[path = "../documents/word.rs"]
#[allow(dead_code, reason = "made for another test as well")]
mod word;

use gongshi::{
    config::{Config, Feed},
    feeds::{Client, Harvest, HarvestOutcome, Hint, Validators, guess, harvest, parse},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

/// One document: its name, its content type, its bytes, and what must come of it.
struct Sample {
    name: &'static str,
    media: &'static str,
    bytes: Vec<u8>,
    wanted: Result<usize, &'static str>,
}

const RSS: &str = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>网</title>\
    <item><guid>1</guid><title>公示甲</title><description>正文</description></item></channel></rss>";
const ATOM: &str =
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>网</title><entry><id>1</id><title>公示甲</title></entry></feed>";
const JSON_FEED: &str = r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"公示甲"}]}"#;
const OCDS: &str = r#"{"releases":[{"ocid":"o-1","date":"2026-11-23T09:30:00Z","tag":["tender"],"tender":{"id":"T1","title":"公示甲"}}]}"#;
const JSON: &str = r#"{"data":{"list":[{"t":"公示甲"}]}}"#;
const PAGE: &str = "<!DOCTYPE html><html><head><meta charset='utf-8'><title>公示甲</title></head><body><h1>公示甲</h1><p>正文</p></body></html>";
const TABLE: &str = "标题,发布日期\n公示甲,2026-11-23\n公示乙,2026-11-22\n";

/// A portal's list page.
fn list() -> String {
    let row = |n: u32| {
        format!("<li><a href='/gk/{n}.html'>关于示例镇第{n}号道路改建工程的公示</a><span>2026-11-{n:02}</span></li>")
    };
    let rows: String = (10..22).map(row).collect();
    PAGE.replace("<p>正文</p>", &format!("<ul class='list'>{rows}</ul>"))
}

fn cap(headline: &str) -> String {
    format!(
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>1</identifier><sent>2026-11-23T09:30:00+08:00</sent>\
         <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>\
         <info><event>暴雨</event><severity>Severe</severity><headline>{headline}</headline></info></alert>"
    )
}

fn samples() -> Vec<Sample> {
    let gbk = |text: &str| encoding_rs::GBK.encode(&text.replace("utf-8", "gbk")).0.into_owned();
    let mark = |text: &str| format!("\u{FEFF}{text}").into_bytes();
    let wide = |text: &str| -> Vec<u8> {
        format!("\u{FEFF}{}", text.replace("utf-8", "utf-16")).encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let sample = |name, media, bytes: Vec<u8>, wanted| Sample { name, media, bytes, wanted };
    let in_atom = ATOM.replace("</entry>", &format!("<content type='text/xml'>{}</content></entry>", cap("公示甲")));
    let docx = word::document(&format!("{}{}", word::centred("公示甲", 44), word::p("正文")));
    let paper = pdf::document(&[pdf::lines(&[("公示甲", 30, 200, 700), ("正文", 12, 100, 500)])]);
    let book = |name: &str| books::all(TABLE).into_iter().find(|(n, _)| *n == name).unwrap().1;
    let old_word = {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    vec![
        sample("a.xml", "application/rss+xml", RSS.into(), Ok(1)),
        sample("a.rss", "text/xml", mark(RSS), Ok(1)),
        sample("gbk.xml", "text/xml", gbk(RSS), Ok(1)),
        sample("wide.xml", "text/xml", wide(RSS), Ok(1)),
        sample("a.atom", "application/atom+xml", ATOM.into(), Ok(1)),
        sample("a.cap", "application/cap+xml", cap("公示甲").into(), Ok(1)),
        sample("alert.xml", "text/xml", cap("公示甲").into(), Ok(1)),
        sample("cap.atom", "application/atom+xml", in_atom.into(), Ok(1)),
        sample("feed.json", "application/feed+json", JSON_FEED.into(), Ok(1)),
        sample("ocds.json", "application/json", mark(OCDS), Ok(1)),
        sample("other.json", "application/json", JSON.into(), Err("neither a JSON Feed")),
        sample("a.csv", "text/csv", TABLE.into(), Ok(2)),
        sample("gbk.csv", "text/csv", gbk(TABLE), Ok(2)),
        sample("a.tsv", "text/tab-separated-values", TABLE.replace(',', "\t").into(), Ok(2)),
        sample("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book("book.xlsx"), Ok(2)),
        sample("a.xls", "application/vnd.ms-excel", book("book.xls"), Ok(2)),
        sample("a.ods", "application/vnd.oasis.opendocument.spreadsheet", book("book.ods"), Ok(2)),
        sample("empty.csv", "text/csv", "标题,发布日期\n".into(), Err("holds no row")),
        sample("a.docx", "application/octet-stream", docx.clone(), Ok(1)),
        sample("a.pdf", "application/pdf", paper.clone(), Ok(1)),
        sample("a.md", "text/markdown", "# 公示甲\n\n正文 <b>粗</b>\n".into(), Ok(1)),
        sample("links.md", "text/markdown", "[公示](http://a.example/)\n\n# 公示甲\n".into(), Ok(1)),
        sample("a.txt", "text/plain", "公示甲\n正文".into(), Ok(1)),
        sample("gbk.txt", "text/plain", gbk("公示甲\n第一条 正文，由示例镇人民政府负责解释"), Ok(1)),
        sample("tag.txt", "text/plain", "公示甲\n<p>是一个标签".into(), Ok(1)),
        sample("a.html", "text/html", PAGE.into(), Ok(1)),
        sample("list.html", "text/html", list().into(), Ok(1)),
        // A person's wrong ending, and a server's wrong type.
        sample("feed.txt", "text/plain", RSS.into(), Ok(1)),
        sample("feed.html", "text/html", ATOM.into(), Ok(1)),
        sample("feed.csv", "text/html", JSON_FEED.into(), Ok(1)),
        sample("alert.txt", "text/plain", cap("公示甲").into(), Ok(1)),
        sample("word.pdf", "application/pdf", docx.clone(), Ok(1)),
        sample("paper.docx", "text/html", paper.clone(), Ok(1)),
        sample("page.docx", "application/msword", PAGE.into(), Ok(1)),
        sample("book.csv", "text/csv", book("book.xlsx"), Ok(2)),
        sample("table.xls", "application/vnd.ms-excel", TABLE.into(), Ok(2)),
        sample("page.txt", "text/plain", PAGE.into(), Ok(1)),
        // No ending.
        sample("feed", "application/octet-stream", RSS.into(), Ok(1)),
        sample("word", "application/octet-stream", docx.clone(), Ok(1)),
        sample("table", "application/octet-stream", book("book.ods"), Ok(2)),
        sample("words", "application/octet-stream", "公示甲\n正文".into(), Err("its name does not end in")),
        // What is known and not read.
        sample("a.doc", "application/msword", old_word, Err("save it as .docx")),
        sample("a.zip", "application/zip", word::zipped(&[("a.txt", b"a")]), Err("unpack it")),
        sample("a.ofd", "application/ofd", word::zipped(&[("OFD.xml", b"<a/>")]), Err("save it as PDF")),
        sample(
            "a.pptx",
            "application/octet-stream",
            word::zipped(&[("ppt/presentation.xml", b"<a/>")]),
            Err("save it as PDF"),
        ),
        sample("noise.bin", "application/octet-stream", vec![1; 5000], Err("binary data")),
        sample("noise.xlsx", "application/octet-stream", vec![1; 5000], Err("save it anew")),
        sample("empty.xml", "text/xml", Vec::new(), Err("it is empty")),
        sample("cut.docx", "application/octet-stream", docx[..docx.len() / 2].to_vec(), Err("save it")),
    ]
}

/// What came of a harvest: how many notices, or what was said.
fn came(harvest: Result<Harvest, gongshi::feeds::FeedError>) -> Result<(usize, String), String> {
    let HarvestOutcome::Notices { items, faults, .. } = harvest.map_err(|e| e.to_string())?.outcome else {
        return Err("?".into());
    };
    match (items.first(), faults.first()) {
        (Some(first), _) => Ok((items.len(), first.notice.title.clone())),
        (None, Some(fault)) => Err(format!("{}: {}", fault.item, fault.reason)),
        (None, None) => Err("nothing came, and nothing was said".into()),
    }
}

fn check(way: &str, sample: &Sample, came: Result<(usize, String), String>, is_named: bool) {
    let Sample { name, wanted, .. } = sample;
    match (came, wanted) {
        (Ok((count, title)), Ok(wanted)) => {
            // The PDF is called so by its properties.
            let is_title = title.contains("公示甲") || title == "示例县预算公开";
            assert!(count == *wanted && is_title, "{name} {way}: {count} {title}");
        }
        (Err(reason), Err(wanted)) => {
            assert!(reason.contains(wanted) && (!is_named || reason.contains(name)), "{name} {way}: {reason}");
        }
        (came, wanted) => panic!("{name} {way}: {came:?}, not {wanted:?}"),
    }
}

#[tokio::test]
async fn a_document_is_the_same_wherever_it_comes_from() {
    let server = MockServer::start().await;
    let (client, none) = (Client::new(), Validators::default());
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    for sample in samples() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("inbox")).unwrap();
        let inbox = format!("inbox/{}", sample.name);
        std::fs::write(dir.path().join(&inbox), &sample.bytes).unwrap();
        let config = Config { dir: dir.path().to_owned(), ..Config::default() };
        for (way, source) in [("in a folder", "inbox"), ("as a file", inbox.as_str())] {
            let feed = Feed { source: source.into(), ..Feed::default() };
            check(way, &sample, came(harvest(&client, "a", &feed, &config, &none, now).await), true);
        }
        let answer = ResponseTemplate::new(200).set_body_raw(sample.bytes.clone(), sample.media);
        Mock::given(path(format!("/{}", sample.name))).respond_with(answer).mount(&server).await;
        let source = format!("{}/{}", server.uri(), sample.name);
        let feed = Feed { source, private_network: true, ..Feed::default() };
        let fetched = came(harvest(&client, "a", &feed, &config, &none, now).await);
        // In a feed's place a page or a text is a server's excuse, unless the address names a document.
        let is_excuse = fetched.as_ref().is_err_and(|reason| reason.contains("a login or an error"));
        assert!(!is_excuse || !(sample.name.ends_with("html") || sample.name.ends_with("txt")), "{}", sample.name);
        if !is_excuse {
            check("from a server", &sample, fetched, true);
        }
    }
}

/// `parse` and `feeds guess` give the same answer: what is read is proposed, what is refused is refused.
#[test]
fn what_is_guessed_is_what_is_read() {
    for sample in samples() {
        let content_type = Some(sample.media.to_owned());
        let hint = Hint { name: sample.name.into(), content_type, ..Hint::default() };
        let parsed = parse(&sample.bytes, &hint);
        let came = match parsed {
            Ok(parsed) => match (parsed.items.first(), parsed.faults.first()) {
                (Some(first), _) => Ok((parsed.items.len(), first.title.clone())),
                (None, fault) => Err(fault.map(|f| f.reason.clone()).unwrap_or_default()),
            },
            Err(error) => Err(error.to_string()),
        };
        check("parsed", &sample, came, false);
        let wanted = match (sample.name, &sample.wanted) {
            ("other.json", _) => Some("json"),
            ("empty.csv", _) => Some("sheet"),
            ("cut.docx", _) => Some("docx"),
            (_, Err(_)) => None,
            (_, Ok(2)) => Some("sheet"),
            ("a.cap" | "alert.xml" | "alert.txt", _) => Some("cap"),
            ("ocds.json", _) => Some("ocds"),
            ("a.docx" | "word.pdf" | "word", _) => Some("docx"),
            ("a.pdf" | "paper.docx", _) => Some("pdf"),
            ("a.md" | "links.md", _) => Some("markdown"),
            ("a.txt" | "gbk.txt" | "tag.txt", _) => Some("text"),
            ("list.html", _) => Some("page"),
            // An article is no list of links.
            ("a.html" | "page.docx" | "page.txt", _) => None,
            _ => Some("feed"),
        };
        assert_eq!(guess(&sample.bytes, &hint).ok().map(|g| g.format), wanted, "{}", sample.name);
    }
}

/// What belongs to other files and to the system is passed over without a word; what is not read is named.
#[test]
fn a_folder_says_what_it_did_not_read() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("a.md", "# 公示甲"), ("a.png", "\u{89}PNG"), ("Thumbs.db", "x"), ("style.css", "a{}"), (".hidden", "x")]
    {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    std::fs::write(dir.path().join("b.rar"), b"Rar!\x1a\x07").unwrap();
    let (client, none) = (Client::new(), Validators::default());
    let config = Config { dir: dir.path().to_owned(), ..Config::default() };
    let feed = Feed { source: ".".into(), ..Feed::default() };
    let look = harvest(&client, "a", &feed, &config, &none, "2026-11-23T01:42:00Z".parse().unwrap());
    let HarvestOutcome::Notices { items, faults, .. } = gongshi::feeds::wait(look).unwrap().outcome else { panic!() };
    assert_eq!(items.len(), 1);
    assert_eq!(faults.iter().map(|f| f.item.as_str()).collect::<Vec<_>>(), ["b.rar"]);
    assert!(faults[0].reason.contains("unpack it"));
}

/// What the bounds left out of a document that is read all the same is a remark of its harvest.
#[test]
fn what_is_left_out_is_said() {
    let many: String = (0..1000).map(|n| format!(" a{n}='x'")).collect();
    let page = PAGE.replace("<p>", &format!("<p{many}>"));
    let rss = RSS.replace("正文", &format!("&lt;p{many}&gt;正文"));
    let long = format!("<h1>公示甲</h1><p>{}", "公示".repeat(2_000_000));
    let table = format!("<table><tr><td{many}>标题<tr><td>公示甲</table>");
    for (name, text, said) in [
        ("a.html", page.as_str(), "attributes"),
        ("a.xml", rss.as_str(), "attributes"),
        ("long.html", long.as_str(), "more than 8 MB of words"),
        ("long.md", long.as_str(), "it has 11 MB, of which the first 8 are read"),
    ] {
        let parsed = parse(text.as_bytes(), &Hint { name: name.into(), ..Hint::default() }).unwrap();
        assert!(parsed.items[0].title.contains("公示甲"), "{name}");
        let reasons: Vec<_> = parsed.faults.iter().map(|f| f.reason.as_str()).collect();
        assert!(reasons.len() == 1 && reasons[0].contains(said), "{name}: {reasons:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.xls"), table).unwrap();
    let (client, none) = (Client::new(), Validators::default());
    let config = Config { dir: dir.path().to_owned(), ..Config::default() };
    let feed = Feed { source: "a.xls".into(), format: gongshi::config::FeedFormat::Sheet, ..Feed::default() };
    let look = harvest(&client, "a", &feed, &config, &none, "2026-11-23T01:42:00Z".parse().unwrap());
    let HarvestOutcome::Notices { items, faults, .. } = gongshi::feeds::wait(look).unwrap().outcome else { panic!() };
    assert_eq!((items.len(), faults.len()), (1, 1), "{faults:?}");
    assert!(faults[0].reason.contains("attributes"));
}
