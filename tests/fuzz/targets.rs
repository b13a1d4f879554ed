//! What is fuzzed: one function a format. Each takes any bytes; it fails by panicking. Shared by `tests/fuzz.rs`, which
//! any toolchain runs, and by the targets of `fuzz_targets/`, which cargo-fuzz runs.

use gongshi::{
    config::{
        Calendar, Catalogue, Config, Feed, FeedFormat, JsonMapping, NoticeTitles, PortalSelectors, Region, RegionKind,
        Register, Screen, SheetMapping, Site,
    },
    feeds::{
        Hint, ParseError, Parsed, decode_picture, parse,
        trial::{self, Taken},
        unpack,
    },
    model::{Block, Month, Value, amount},
    search,
};
use std::{collections::HashSet, sync::OnceLock};
use url::Url;

/// A target: its name, which is that of its folder in `tests/corpus`, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 20] = [
    ("feed", feed),
    ("json", json),
    ("html", html),
    ("page", page),
    ("markdown", markdown),
    ("text", text),
    ("dates", dates),
    ("config", files),
    ("picture", picture),
    ("docx", docx),
    ("csv", csv),
    ("xlsx", xlsx),
    ("ods", ods),
    ("xls", xls),
    ("table", table_page),
    ("cap", cap),
    ("ocds", ocds),
    ("mapped", mapped),
    ("amounts", amounts),
    ("query", query),
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
    for link in trial::links(&String::from_utf8_lossy(bytes)) {
        let scheme = Url::parse(&link).map(|url| url.scheme().to_owned()).unwrap_or_default();
        assert!(
            ["http", "https", "ftp", "mailto", "tel"].contains(&scheme.as_str()),
            "scripts stand nowhere but in words"
        );
    }
}

/// A list page and an article by selectors.
pub fn page(bytes: &[u8]) {
    let selectors =
        PortalSelectors { item: "li, tr".into(), next_text: "下一页".into(), ..PortalSelectors::default() };
    let text = String::from_utf8_lossy(bytes);
    trial::pages(&text, &selectors);
    // Selectors are typed by people.
    let (css, rest) = text.split_once('\n').unwrap_or((&text, ""));
    trial::pages(
        rest,
        &PortalSelectors { item: css.into(), date: css.into(), body: css.into(), ..PortalSelectors::default() },
    );
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
pub fn files(bytes: &[u8]) {
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

/// A zip with these bytes as a document's body.
fn packed(body: &[u8]) -> Vec<u8> {
    let types = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
    zipped(&[("[Content_Types].xml", types), ("word/document.xml", body)])
}

/// A zip of these parts, stored as they are.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut list, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, bytes) in parts {
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
        out.extend(*bytes);
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

/// The register of the tables that are fuzzed: a column of each kind.
fn config() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let column =
            |(id, title): (&str, &str)| format!("[[column]]\nid = \"{id}\"\ntitle = \"{title}\"\nkind = \"{id}\"\n");
        let kinds = [
            ("code", "编号"),
            ("text", "名称"),
            ("date", "日期"),
            ("month", "月份"),
            ("quantity", "数量"),
            ("place", "村名"),
            ("picture", "照片"),
            ("person", "经办人"),
        ];
        let columns: String = kinds.into_iter().map(column).collect();
        let money = "[[column]]\nid = \"money\"\ntitle = \"金额\"\nkind = \"money\"\nsum = true\n";
        let text = format!("title = \"账\"\ncatalogue = \"gov\"\nkey = [\"code\"]\nlabel = \"text\"\n{columns}{money}");
        let regions = [
            ("990001", "示例县", "", RegionKind::County),
            ("990001100", "示例镇", "990001", RegionKind::Township),
            ("990001101", "东坡村", "990001100", RegionKind::Village),
        ];
        let region = |(code, name, parent, kind): (&str, &str, &str, RegionKind)| Region {
            code: code.into(),
            name: name.into(),
            parent: parent.into(),
            kind,
        };
        Config {
            registers: [("account".to_owned(), toml::from_str(&text).unwrap())].into(),
            regions: regions.map(region).into(),
            ..Config::default()
        }
    })
}

/// What a spreadsheet comes to, as rows and as notices.
fn table(bytes: &[u8], name: &str) {
    let titles = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let notice = NoticeTitles { title: titles(&["名称"]), body: titles(&["经办人"]), ..NoticeTitles::default() };
    let sheet = SheetMapping { notice, ..SheetMapping::default() };
    for register in ["account", ""] {
        let feed = Feed { register: register.into(), sheet: Some(sheet.clone()), max_megabytes: 1, ..Feed::default() };
        fit(trial::sheet(bytes, name, &feed, config()));
    }
}

/// What is taken of a table or an answer must be fit to keep.
fn fit(taken: Result<Taken, String>) {
    let taken = match taken {
        Ok(taken) => taken,
        Err(said) => {
            assert!(!said.contains("broke down"), "a parser panicked");
            assert!(!said.is_empty() && !said.contains('\n') && said.len() < 4096, "{said:?} is no sentence");
            return;
        }
    };
    let mut keys = HashSet::new();
    for row in &taken.rows {
        assert_eq!(row.values.len(), 9);
        assert!(!row.key.is_empty() && keys.insert(&row.key), "the key {:?} is another's", row.key);
        for value in &row.values {
            if let Value::Pictures(all) = value {
                assert!(all.iter().all(|a| a.starts_with("http")), "{all:?}");
            }
        }
    }
    assert!(taken.faults.len() <= 202, "{} faults", taken.faults.len());
    for fault in &taken.faults {
        assert!(fault.reason.len() < 8192, "{:?} is no sentence", fault.reason);
    }
    for notice in &taken.notices {
        let mut addresses = notice.attachments.iter().map(|a| a.url.as_str()).chain(notice.link.as_deref());
        assert!(!notice.title.trim().is_empty() && addresses.all(|a| a.starts_with("http")), "{notice:?}");
    }
}

/// Comma-separated values, in any charset.
pub fn csv(bytes: &[u8]) {
    table(bytes, "table.csv");
}

/// Tables of web pages.
pub fn table_page(bytes: &[u8]) {
    table(bytes, "table.xls");
}

/// XLSX: whole books, and the XML within one. A zero parts the sheet from the words it shares and those from the list of
/// sheets.
pub fn xlsx(bytes: &[u8]) {
    table(bytes, "table.xlsx");
    let mut parts = bytes.splitn(3, |b| *b == 0);
    let sheet = parts.next().unwrap_or_default();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let root = format!(
        "<Relationships xmlns='{rels}'><Relationship Id='r1' Type='{doc}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
    );
    let list = format!(
        "<workbook xmlns='{main}' xmlns:r='{doc}'><sheets><sheet name='账' sheetId='1' r:id='r1'/></sheets></workbook>"
    );
    let of_list = format!(
        "<Relationships xmlns='{rels}'><Relationship Id='r1' Type='{doc}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
    );
    let mut all = vec![
        ("_rels/.rels", root.as_bytes()),
        ("xl/_rels/workbook.xml.rels", of_list.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    all.extend(parts.next().filter(|p| !p.is_empty()).map(|p| ("xl/sharedStrings.xml", p)));
    all.push(("xl/workbook.xml", parts.next().unwrap_or(list.as_bytes())));
    table(&zipped(&all), "table.xlsx");
}

/// ODS: whole books, and the XML within one.
pub fn ods(bytes: &[u8]) {
    table(bytes, "table.ods");
    table(&zipped(&[("content.xml", bytes)]), "table.ods");
}

/// XLS: whole books, and the records within one.
pub fn xls(bytes: &[u8]) {
    table(bytes, "table.xls");
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").and_then(|mut s| std::io::Write::write_all(&mut s, bytes)).unwrap();
    file.flush().unwrap();
    table(&file.into_inner().into_inner(), "table.xls");
}

/// Alerts.
pub fn cap(bytes: &[u8]) {
    read(bytes, FeedFormat::Cap, "alert.xml");
    read(bytes, FeedFormat::Auto, "alert");
}

/// Procurement by the Open Contracting Data Standard.
pub fn ocds(bytes: &[u8]) {
    let base = Url::parse("http://portal.example/gk/all.json").ok();
    let hint = Hint { format: FeedFormat::Ocds, base, name: "all.json".into(), ..Hint::default() };
    // One release may come to several notices, each with the words of all.
    match parse(bytes, &hint) {
        Err(error) => assert!(!error.to_string().contains("broke down"), "a parser panicked"),
        Ok(parsed) => assert!(parsed.items.iter().all(|n| !n.title.contains(['\n', '\r']))),
    }
}

/// Answers by paths; the first line is the path of the items, which people type.
pub fn mapped(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (path, rest) = text.split_once('\n').unwrap_or(("$[*]", &text));
    let key = str::to_owned;
    for items in [path, "$.data[*]"] {
        let json = JsonMapping {
            items: key(items),
            title: key("name"),
            body: key("body"),
            link: key("link"),
            published: key("date"),
            attachments: key("files"),
            steps: key("$.steps[*]"),
            next: key("next"),
            total: key("total"),
            ..JsonMapping::default()
        };
        for register in ["account", ""] {
            let feed = Feed { register: register.into(), max_megabytes: 1, ..Feed::default() };
            fit(trial::mapped(rest, &json, &feed, config()));
        }
    }
}

/// Amounts, days and months of cells.
pub fn amounts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines().take(64) {
        trial::cell(line);
        for unit in ["", "元", "万元", "亿元", line] {
            if let Some(fen) = amount::money(line, unit) {
                assert_eq!(amount::money(&amount::money_text(fen), ""), Some(fen), "{line} in {unit}");
            }
        }
        for unit in ["", "亩", line] {
            if let Some(n) = amount::quantity(line, unit) {
                assert_eq!(amount::quantity(&amount::quantity_text(n), ""), Some(n), "{line} in {unit}");
            }
        }
        if let Ok(n) = line.trim().parse::<f64>() {
            drop(amount::decimal(n));
        }
        amount::is_blank(line);
    }
}

/// What is typed (the first line), looked for in a title (the second) and a body.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (typed, rest) = text.split_once('\n').unwrap_or((&text, &text));
    let (title, body) = rest.split_once('\n').unwrap_or((rest, rest));
    let wants = search::search_terms(typed);
    let known = search::MarkedText::title(title);
    let (marks, _) = known.marks(&wants);
    let fit = |marks: &[std::ops::Range<usize>], words: &str| {
        assert!(marks.iter().all(|m| words.get(m.clone()).is_some_and(|w| !w.is_empty())), "{marks:?} in {words:?}");
        assert!(marks.windows(2).all(|w| w[0].end < w[1].start), "{marks:?}");
    };
    fit(&marks, title);
    let (words, marks) = search::snippet(body, &wants, &known);
    assert!(!words.contains('\n'));
    fit(&marks, &words);
}
