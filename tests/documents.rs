//! Word and PDF documents: what they say, what they show, and what hostile ones cost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "documents/pdf.rs"]
mod pdf;
#[path = "documents/word.rs"]
mod word;

use gongshi::{
    config::{Config, Feed, FeedFormat},
    feeds::{
        self, Client, DocumentCache, HarvestOutcome, Hint, PictureBytes, Validators, decode_picture, parse,
        pdf_picture, pdf_text,
    },
    model::{Block, Notice},
    time::{Clock, SystemClock},
};
use proptest::prelude::*;
use rstest::rstest;
use std::{
    fs,
    io::Write,
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
    time::Duration,
};
use url::Url;
use word::{cell, centred, document, item, p, part, with, zipped};

fn hint(name: &str) -> Hint {
    let base = Url::parse(&format!("http://portal.example/files/{name}")).ok();
    Hint { name: name.into(), base, ..Hint::default() }
}

fn one(bytes: &[u8], name: &str) -> Notice {
    let parsed = parse(bytes, &hint(name)).unwrap();
    assert_eq!(parsed.faults, []);
    let [notice] = parsed.items.as_slice() else { panic!("{parsed:?}") };
    notice.clone()
}

fn why(bytes: &[u8]) -> String {
    let reason = parse(bytes, &hint("x.docx")).unwrap_err().to_string();
    assert_eq!(reason.lines().count(), 1, "{reason}");
    reason
}

fn texts(notice: &Notice) -> Vec<String> {
    notice.body.iter().map(Block::plain_text).collect()
}

#[test]
fn an_official_document_gives_its_parts() {
    let body = [
        centred("示例县人民政府文件", 72),
        p("示政发〔2026〕12号"),
        centred("示例县人民政府", 44),
        centred("关于加强农村道路养护的通知", 44),
        p("各乡镇人民政府：现将有关事项通知如下。"),
        item(1, 0, "提高认识"),
        item(1, 0, "落实责任"),
        p("2026年11月20日"),
    ];
    let numbering = part(
        "numbering",
        "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>\
         <w:numFmt w:val='chineseCountingThousand'/><w:lvlText w:val='%1、'/></w:lvl></w:abstractNum>\
         <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>",
    );
    let core = "<cp:coreProperties xmlns:cp='u' xmlns:dc='v' xmlns:t='w'><dc:title>文档1</dc:title>\
        <dc:creator>县政府办</dc:creator><t:modified>2026-11-21T01:00:00Z</t:modified></cp:coreProperties>";
    let bytes = with(&body.concat(), &[("word/numbering.xml", &numbering), ("docProps/core.xml", core.as_bytes())]);
    let notice = one(&bytes, "a.docx");
    assert_eq!(notice.title, "示例县人民政府关于加强农村道路养护的通知");
    assert_eq!(notice.number.as_deref(), Some("示政发〔2026〕12号"));
    assert_eq!(notice.issuer.as_deref(), Some("示例县人民政府"));
    assert_eq!(notice.author.as_deref(), Some("县政府办"));
    assert_eq!(notice.published.unwrap().to_string(), "2026-11-19T16:00:00Z");
    assert_eq!(notice.updated.unwrap().to_string(), "2026-11-21T01:00:00Z");
    assert_eq!(
        texts(&notice),
        ["各乡镇人民政府：现将有关事项通知如下。", "一、提高认识", "二、落实责任", "2026年11月20日"]
    );
}

/// A document with all that is read: styles, lists, changes, links, notes, tables, pictures.
fn rich() -> Vec<u8> {
    let styles = part(
        "styles",
        "<w:style w:type='paragraph' w:styleId='a1'><w:name w:val='heading 2'/></w:style>\
         <w:style w:type='paragraph' w:styleId='T'><w:name w:val='Title'/></w:style>\
         <w:style w:type='character' w:styleId='S'><w:name w:val='Strong'/><w:rPr><w:b/></w:rPr></w:style>",
    );
    let level = |id: u32, format: &str, text: &str| {
        format!(
            "<w:abstractNum w:abstractNumId='{id}'><w:lvl w:ilvl='0'><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>\
             <w:lvl w:ilvl='1'><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl></w:abstractNum>"
        )
    };
    let lists = level(0, "bullet", "·") + &level(1, "decimal", "%1.");
    let numbers = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>";
    let numbering = part("numbering", &(lists + numbers));
    let rels = "<Relationships><Relationship Id='r1' Type='x' Target='http://portal.example/a' TargetMode='External'/>\
        <Relationship Id='r2' Type='x' Target='media/image1.png'/><Relationship Id='r3' Type='x' Target='media/x.emf'/>\
        <Relationship Id='r4' Type='x' Target='javascript:x' TargetMode='External'/></Relationships>";
    let notes = part("footnotes", &format!("<w:footnote w:id='2'>{}</w:footnote>", p("见附表。")));
    let picture = |id: &str, alt: &str| {
        format!("<w:p><w:r><w:drawing><wp:docPr descr='{alt}'/><a:blip r:embed='{id}'/></w:drawing></w:r></w:p>")
    };
    let table = format!(
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
        cell("<w:gridSpan w:val='2'/>", "项目"),
        cell("", "金额"),
        cell("<w:vMerge w:val='restart'/>", "道路"),
        cell("", "甲"),
        cell("", "1"),
        cell("<w:vMerge/>", ""),
        cell("", "乙"),
        cell("", "2"),
    );
    let body = [
        "<w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:t>示例公示</w:t></w:r></w:p>".to_owned(),
        "<w:p><w:pPr><w:pStyle w:val='a1'/></w:pPr><w:r><w:t>一、概况</w:t></w:r></w:p>".to_owned(),
        "<w:p><w:r><w:t xml:space='preserve'>甲 &amp; </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>乙</w:t></w:r>\
         <w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>\
         <w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>\
         <w:r><w:br/><w:t>二行</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
            .to_owned(),
        "<w:p><w:hyperlink r:id='r1'><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:hyperlink r:id='r4'><w:r><w:t>坏</w:t></w:r></w:hyperlink>\
         <w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"http://portal.example/b\"</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>域</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
            .to_owned(),
        item(1, 0, "点一"),
        item(1, 1, "点二"),
        item(2, 0, "数一"),
        item(2, 0, "数二"),
        p("中间"),
        item(2, 0, "数三"),
        table,
        picture("r2", "示意图"),
        picture("r3", "矢量图"),
    ];
    let more: [(&str, &[u8]); 4] = [
        ("word/styles.xml", &styles),
        ("word/numbering.xml", &numbering),
        ("word/_rels/document.xml.rels", rels.as_bytes()),
        ("word/footnotes.xml", &notes),
    ];
    with(&body.concat(), &more)
}

#[test]
fn structure_is_kept() {
    let notice = one(&rich(), "b.docx");
    assert_eq!(notice.title, "示例公示");
    let body = &notice.body;
    assert!(matches!(&body[0], Block::Heading { level: 2, .. }), "{:?}", body[0]);
    let Block::Paragraph { spans } = &body[1] else { panic!() };
    assert_eq!(body[1].plain_text(), "甲 & 乙增\n二行[1]");
    assert!(spans.iter().any(|s| s.style.bold && s.text == "乙"), "{spans:?}");
    let Block::Paragraph { spans } = &body[2] else { panic!() };
    let links: Vec<_> = spans.iter().map(|s| (s.text.as_str(), s.link.as_deref())).collect();
    assert_eq!(
        links,
        [("链接", Some("http://portal.example/a")), ("坏", None), ("域", Some("http://portal.example/b"))]
    );
    assert!(matches!(&body[3], Block::List { ordered: false, items } if items.len() == 2 && items[1].depth == 1));
    assert!(matches!(&body[4], Block::List { ordered: true, items } if items.len() == 2));
    assert_eq!((body[5].plain_text().as_str(), body[6].plain_text().as_str()), ("中间", "3. 数三"));
    let Block::Table { rows } = &body[7] else { panic!("{:?}", body[7]) };
    assert_eq!((rows[0][0].colspan, rows[0][0].header, rows[1][0].rowspan), (2, true, 2));
    assert_eq!((rows[1].len(), rows[2].len(), rows[2][0].text.as_str()), (3, 2, "乙"));
    let Block::Picture { src, alt } = &body[8] else { panic!("{:?}", body[8]) };
    assert_eq!(
        (src.as_str(), alt.as_str()),
        ("http://portal.example/files/b.docx#part=word/media/image1.png", "示意图")
    );
    assert_eq!(body[9].plain_text(), "[矢量图]");
    assert!(matches!(&body[10], Block::Rule));
    assert_eq!(body[11].plain_text(), "[1] 见附表。");
    assert!(!format!("{notice:?}").contains('删') && !format!("{notice:?}").contains('隐'));
}

#[test]
fn hostile_documents_are_one_sentence_and_cost_little() {
    let clock = SystemClock::default();
    let zeros = vec![b' '; 200 << 20];
    let open = "<w:p>".repeat(100_000);
    let many: Vec<(String, Vec<u8>)> = (0..5000).map(|n| (format!("p{n}"), Vec::new())).collect();
    let mut many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let document_part: (&str, &[u8]) = ("word/document.xml", b"<d/>");
    many.push(document_part);
    let entity = b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>\
        <d><body><p><r><t>x&b;y</t></r></p></body></d>";
    let cases: [(Vec<u8>, &str); 5] = [
        (zipped(&[("word/document.xml", &zeros)]), "unpacks to more"),
        (document(&open), "nests or holds more"),
        (document(""), "no text"),
        (document(&p("x"))[..300].to_vec(), "damaged"),
        (
            [
                b"\xD0\xCF\x11\xE0".as_slice(),
                &"WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            ]
            .concat(),
            "save it as .docx",
        ),
    ];
    for (bytes, words) in cases {
        let reason = why(&bytes);
        assert!(reason.contains(words), "{words}: {reason}");
    }
    assert!(parse(&zipped(&many), &hint("x.docx")).is_err());
    // No entity of the document's own is expanded.
    assert_eq!(texts(&one(&zipped(&[("word/document.xml", entity)]), "e.docx")), ["xy"]);
    assert!(clock.monotonic() < Duration::from_secs(180), "{:?}", clock.monotonic());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Damage anywhere, packed or not, ends in a notice or in one sentence.
    #[test]
    fn damaged_documents_end(at in 0usize..4000, to in any::<u8>(), cut in 0usize..4000, text in "[<>/wprtbl&; 公示]{0,40}") {
        let body = [centred("关于示例的公示", 44), p("正文"), format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("", "甲"))].concat();
        let mut bytes = document(&body);
        let n = at % bytes.len();
        bytes[n] = to;
        bytes.truncate(bytes.len() - cut % bytes.len());
        drop(parse(&bytes, &hint("x.docx")));
        drop(parse(&document(&(body.clone() + &text)), &hint("x.docx")));
        let split = (0..=body.len()).rev().find(|n| *n <= at % body.len() && body.is_char_boundary(*n)).unwrap();
        drop(parse(&document(&body[..split]), &hint("x.docx")));
    }
}

/// Pixels that are darker than half, within a part of a picture given in hundredths.
fn dark(picture: &PictureBytes, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> usize {
    let within = |n: usize| {
        let (px, py) = (n as u32 % picture.width, n as u32 / picture.width);
        x.contains(&(px * 100 / picture.width)) && y.contains(&(py * 100 / picture.height))
    };
    picture.rgba.chunks(4).enumerate().filter(|(n, p)| within(*n) && p[..3].iter().all(|c| *c < 128)).count()
}

fn drawn(bytes: &[u8], page: u32) -> PictureBytes {
    decode_picture(&pdf_picture(bytes, page, 1200).unwrap(), 4096).unwrap()
}

fn budget() -> Vec<u8> {
    pdf::document(&[
        pdf::lines(&[
            ("示例县二〇二六年预算公开说明", 26, 120, 740),
            ("一、部门职责与机构设置", 14, 80, 640),
            ("负责全县道路的养护工作。", 14, 80, 610),
        ]),
        pdf::lines(&[("第二页：收入支出情况", 14, 80, 700)]),
        "q 200 0 0 200 100 500 cm /I1 Do Q".to_owned(),
    ])
}

#[test]
fn a_pdf_becomes_its_pages_with_their_text() {
    let notice = one(&budget(), "b.pdf");
    assert_eq!(notice.title, "示例县预算公开");
    assert_eq!(notice.published.unwrap().to_string(), "2026-11-20T01:30:00Z");
    assert!(notice.summary.starts_with("示例县二〇二六年预算公开说明 一、部门职责"), "{}", notice.summary);
    let pages = notice.body.iter().map(|b| match b {
        Block::Picture { src, alt } => (src.as_str(), alt.lines().next().unwrap_or_default()),
        other => panic!("{other:?}"),
    });
    let pages: Vec<_> = pages.collect();
    assert_eq!(
        pages,
        [
            ("http://portal.example/files/b.pdf#page=1", "示例县二〇二六年预算公开说明"),
            ("http://portal.example/files/b.pdf#page=2", "第二页：收入支出情况"),
            ("http://portal.example/files/b.pdf#page=3", ""),
        ]
    );
    let told = pdf_text(&budget()).unwrap();
    assert_eq!((told.pages, told.headline.as_deref()), (3, Some("示例县二〇二六年预算公开说明")));
}

#[test]
fn a_chinese_font_that_is_not_in_the_document_is_drawn_all_the_same() {
    let page = drawn(&budget(), 1);
    assert_eq!((page.width, page.height), (847, 1200));
    // The title stands at 740 of 842 points, 14 characters of 26 points from 120 on.
    assert!(dark(&page, 20..82, 8..13) > 2500, "{}", dark(&page, 20..82, 8..13));
    assert!(dark(&page, 13..42, 22..28) > 800, "{}", dark(&page, 13..42, 22..28));
    assert_eq!(dark(&page, 0..100, 40..100), 0, "the rest is blank");
    // Different characters are different pictures: no boxes that stand for missing glyphs.
    let glyph = |text: &str| drawn(&pdf::document(&[pdf::lines(&[(text, 200, 100, 400)])]), 1).rgba;
    assert_ne!(glyph("公"), glyph("示"));
}

#[test]
fn a_picture_in_a_page_is_drawn_where_it_stands() {
    let page = drawn(&budget(), 3);
    let at = |x: u32, y: u32| {
        let n = ((y * page.height / 842) * page.width + x * page.width / 595) as usize * 4;
        [page.rgba[n], page.rgba[n + 1], page.rgba[n + 2]]
    };
    // 200 × 200 points with its lower left corner at (100, 500): red, green above blue, yellow.
    assert_eq!(
        (at(120, 170), at(280, 170), at(120, 320), at(280, 320)),
        ([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0])
    );
    assert_eq!(at(50, 50), [255, 255, 255]);
}

#[rstest]
#[case::cut(budget()[..400].to_vec())]
#[case::noise([b"%PDF-1.7\n".as_slice(), &(0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 9) as u8).collect::<Vec<_>>()].concat())]
#[case::no_pages(pdf::file(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Count 0 /Kids [] >>".to_vec()], None))]
#[case::pages_in_a_circle(pdf::file(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>".to_vec()], None))]
fn what_is_wrong_with_a_pdf_is_one_sentence(#[case] bytes: Vec<u8>) {
    match parse(&bytes, &hint("x.pdf")) {
        Ok(parsed) => assert!(parsed.items[0].body.len() < 10, "{parsed:?}"),
        Err(error) => assert!(error.to_string().contains("PDF") && error.to_string().lines().count() == 1, "{error}"),
    }
}

#[test]
fn a_page_that_is_not_there_is_said() {
    assert!(pdf_picture(&budget(), 9, 1200).unwrap_err().contains("3 pages, no page 9"));
    assert!(pdf_picture(&budget(), 0, 1200).is_err());
}

/// Forms that draw forms ten times each, eight deep.
fn endless() -> Vec<u8> {
    let form = |n: usize| {
        let inner = "/X0 Do ".repeat(10);
        let next = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /X0 {} 0 R >> >>",
            6 + n
        );
        pdf::stream(&next, inner.as_bytes())
    };
    let mut more: Vec<Vec<u8>> = (0..9).map(form).collect();
    more.push(pdf::stream("/Type /XObject /Subtype /Form /BBox [0 0 600 900]", b"0 0 500 800 re f"));
    pdf::plain(pdf::stream("", b"/X0 Do"), &more)
}

/// Runs the worker by itself and says how it ended.
fn worker(arguments: &[&str], bytes: &[u8]) -> (std::process::ExitStatus, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongshi"))
        .arg("worker")
        .arg(r#"{"kind":"pdf-text"}"#)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feed = std::thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    (output.status, output.stdout)
}

#[test]
fn a_document_that_goes_on_for_ever_is_ended_by_its_bound_of_time() {
    // Its text only: to draw it takes memory as well, and a quick machine would meet that bound first.
    let (status, out) = worker(&["--seconds", "2"], &endless());
    // The system's own signal for it, or the one that follows; a busy machine takes longer by the clock on the wall.
    assert!(matches!(status.signal(), Some(9 | 24)) && out.is_empty(), "{status:?}");
}

#[test]
fn a_document_that_unpacks_to_gigabytes_is_ended_by_its_bound_of_memory() {
    let bomb = pdf::packed((0..1500).map(|_| vec![b' '; 1 << 20]));
    let bytes = pdf::plain(pdf::stream("/Filter /FlateDecode", &bomb), &[]);
    assert!(bytes.len() < 16 << 20);
    match parse(&bytes, &hint("x.pdf")) {
        Ok(parsed) => assert!(parsed.items[0].summary.is_empty()),
        Err(error) => assert!(["memory", "took more"].iter().any(|w| error.to_string().contains(w)), "{error}"),
    }
}

#[tokio::test]
async fn a_folder_of_documents_is_a_feed_and_their_pictures_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let red = {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(3, 2, image::Rgb([200, 0, 0])).write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    };
    let rels = "<Relationships><Relationship Id='r2' Type='x' Target='media/image1.png'/></Relationships>";
    let body = centred("示例村道路照片公示", 44)
        + &p("见图。")
        + "<w:p><w:r><w:drawing><a:blip r:embed='r2'/></w:drawing></w:r></w:p>";
    let more: [(&str, &[u8]); 2] = [("word/_rels/document.xml.rels", rels.as_bytes()), ("word/media/image1.png", &red)];
    fs::write(dir.path().join("照片-2026-11-20.docx"), with(&body, &more)).unwrap();
    fs::write(dir.path().join("预算.pdf"), budget()).unwrap();
    fs::write(dir.path().join("旧.doc"), [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).unwrap();
    let feed = Feed { source: ".".into(), format: FeedFormat::Auto, ..Feed::default() };
    let client = Client::new();
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    let config = Config { dir: dir.path().into(), ..Config::default() };
    let found = feeds::harvest(&client, "x", &feed, &config, &Validators::default(), now).await.unwrap();
    let HarvestOutcome::Notices { items, faults, .. } = found.outcome else { panic!() };
    let titles: Vec<&str> = items.iter().map(|h| h.notice.title.as_str()).collect();
    assert_eq!(titles, ["示例村道路照片公示", "示例县预算公开"]);
    assert_eq!(items[0].notice.published.unwrap().to_string(), "2026-11-19T16:00:00Z");
    assert!(faults.len() == 1 && faults[0].item == "旧.doc" && faults[0].reason.contains(".docx"), "{faults:?}");
    let mut shelf = DocumentCache::default();
    let none = Validators::default();
    let pictures = items.iter().flat_map(|h| &h.notice.body).filter_map(|b| match b {
        Block::Picture { src, .. } => Url::parse(src).ok(),
        _ => None,
    });
    let mut sizes = Vec::new();
    for url in pictures {
        let got = feeds::picture(&client, &url, dir.path(), &none, 1 << 24, &mut shelf).await.unwrap().unwrap();
        let again = feeds::picture(&client, &url, dir.path(), &got.validators, 1 << 24, &mut shelf).await.unwrap();
        assert!(again.is_none(), "what is unchanged is not drawn again");
        let picture = decode_picture(&got.bytes, 4096).unwrap();
        sizes.push((picture.width, picture.height));
    }
    assert_eq!(sizes, [(3, 2), (847, 1200), (847, 1200), (847, 1200)]);
    let outside = Url::from_file_path(dir.path().join("预算.pdf")).unwrap();
    let outside = Url::parse(&format!("{outside}#page=1")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let error =
        feeds::picture(&client, &outside, elsewhere.path(), &none, 1 << 24, &mut DocumentCache::default()).await;
    assert!(error.unwrap_err().to_string().contains("outside"));
}

#[tokio::test]
async fn the_pages_of_a_pdf_on_the_web_fetch_it_once() {
    let server = wiremock::MockServer::start().await;
    let answer =
        wiremock::ResponseTemplate::new(200).insert_header("etag", "\"v1\"").set_body_raw(budget(), "application/pdf");
    let asked = wiremock::Mock::given(wiremock::matchers::path("/b.pdf"));
    asked
        .and(wiremock::matchers::header("if-none-match", "\"v1\""))
        .respond_with(wiremock::ResponseTemplate::new(304))
        .with_priority(1)
        .mount(&server)
        .await;
    wiremock::Mock::given(wiremock::matchers::path("/b.pdf")).respond_with(answer).mount(&server).await;
    let source = format!("{}/b.pdf", server.uri());
    let feed = Feed { source: source.clone(), private_network: true, ..Feed::default() };
    let client = Client::new().for_feed("x", &feed);
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    let dir = std::path::Path::new(".");
    let config = Config { dir: dir.into(), ..Config::default() };
    let found = feeds::harvest(&client, "x", &feed, &config, &Validators::default(), now).await.unwrap();
    let HarvestOutcome::Notices { items, .. } = found.outcome else { panic!() };
    assert_eq!((items[0].notice.body.len(), items[0].notice.link.as_deref()), (3, Some(source.as_str())));
    let mut shelf = DocumentCache::default();
    for page in 1..=3 {
        let url = Url::parse(&format!("{source}#page={page}")).unwrap();
        let got =
            feeds::picture(&client, &url, dir, &Validators::default(), 1 << 24, &mut shelf).await.unwrap().unwrap();
        assert_eq!(got.validators.etag.as_deref(), Some("\"v1\""));
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 2, "one look, one for all pages");
    let (mut shelf, known) =
        (DocumentCache::default(), Validators { etag: Some("\"v1\"".into()), last_modified: None });
    for page in 1..=3 {
        let url = Url::parse(&format!("{source}#page={page}")).unwrap();
        assert!(feeds::picture(&client, &url, dir, &known, 1 << 24, &mut shelf).await.unwrap().is_none());
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 3, "one question whether it is still the same");
}

/// A large page is read in a process of its own: the same comes of it, remarks included, and it ends when nobody waits.
#[test]
fn a_large_page_is_read_by_a_worker() {
    let many: String = (0..1000).map(|n| format!(" a{n}")).collect();
    let page = |n: usize| {
        let rows = "<p>示例镇人民政府关于道路改建的<a href='a.pdf'>公示</a></p>".repeat(n);
        format!("<html><title>公示</title><body><h1>道路改建的公示</h1><p{many}>{rows}</body></html>")
    };
    let (small, large) = (page(10), page(10_000));
    assert!(large.len() > 512 * 1024);
    let read = |text: &str, stop: gongshi::feeds::StopToken| parse(text.as_bytes(), &Hint { stop, ..hint("x.html") });
    let (small, whole) = (read(&small, Default::default()).unwrap(), read(&large, Default::default()).unwrap());
    assert_eq!(small.faults, whole.faults);
    assert!(whole.faults.len() == 1 && whole.faults[0].reason.contains("attributes"), "{:?}", whole.faults);
    assert_eq!((&small.items[0].title, small.items[0].body.len()), (&whole.items[0].title, 10));
    assert_eq!(whole.items[0].body.len(), 10_000);
    assert_eq!(small.items[0].body[3], whole.items[0].body[9_000]);
    let stop = gongshi::feeds::StopToken::default();
    stop.ask();
    assert!(read(&large, stop).is_err());
}
