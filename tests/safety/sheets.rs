//! Spreadsheets meant to burst, each met by a process that had a good one first: a reason or bounded rows, the last good
//! kept, memory and time in bounds.

use crate::child::{Run, Site};
use std::{fs, io::Write, time::Duration};

const REGISTER: &str = "title = \"账\"\ncatalogue = \"gov\"\nkey = [\"id\"]\nlabel = \"name\"\n\
    [[column]]\nid = \"id\"\ntitle = \"编号\"\nkind = \"code\"\n\
    [[column]]\nid = \"name\"\ntitle = \"名称\"\n\
    [[column]]\nid = \"sum\"\ntitle = \"金额\"\nkind = \"money\"\nsum = true\n";
const GOOD: &str = "编号,名称,金额\n1,示例项目,12.5\n2,示例道路,3\n";
/// Processor time one may take, without optimisation too.
const BUSY: Duration = Duration::from_secs(15);
/// Seconds a feed of these tests may take to be fetched; reading may take ten times as many.
const PATIENCE: u64 = 10;

fn site(more: &str) -> Site {
    let feed =
        format!("source = \"table\"\nregister = \"account\"\nformat = \"sheet\"\ntimeout_seconds = {PATIENCE}\n{more}");
    let site = Site::new(&feed);
    fs::create_dir(site.config().join("registers")).unwrap();
    fs::write(site.config().join("registers/account.toml"), REGISTER).unwrap();
    site
}

/// A table that was well once and then is not: what the second run says, after the checks that hold for all.
fn run(name: &str, more: &str, bytes: &[u8], most_mb: u64) -> (Site, Run) {
    let site = site(more);
    let place = site.config().join("table");
    fs::write(&place, GOOD).unwrap();
    let well = site.harvest();
    assert!(well.said.contains("  ok  "), "{name}: {}", well.said);
    fs::write(&place, bytes).unwrap();
    let run = site.harvest();
    println!("{name:28} {:9} bytes {:4} MB {:6.2} s", bytes.len(), run.peak_mb, run.busy.as_secs_f64());
    assert!(run.peak_mb > 0 && run.peak_mb <= most_mb, "{name} took {} MB", run.peak_mb);
    assert!(run.busy <= BUSY, "{name} took {:?}", run.busy);
    (site, run)
}

/// Refused for a reason that is named, and the rows of the good one stay.
fn refused(name: &str, bytes: &[u8], words: &str, most_mb: u64) {
    refused_of("", name, bytes, words, most_mb);
}

/// As [`refused`], with more in the feed's file.
fn refused_of(more: &str, name: &str, bytes: &[u8], words: &str, most_mb: u64) {
    let (site, run) = run(name, more, bytes, most_mb);
    assert!(run.said.contains("FAILED") && run.said.contains(words), "{name}: {}", run.said);
    assert!(run.said.contains("its last good notices stay"), "{name}: {}", run.said);
    assert!(!run.said.contains("broke down"), "{name}: {}", run.said);
    kept(name, &site, GOOD, "2");
}

/// Read all the same: as many rows as it says.
fn read(name: &str, bytes: &[u8], rows: &str, most_mb: u64) {
    let (site, run) = run(name, "", bytes, most_mb);
    assert!(run.said.contains("  ok  "), "{name}: {}", run.said);
    kept(name, &site, fs::read(site.config().join("table")).unwrap(), rows);
}

/// The same again changes nothing: all of its rows are there.
fn kept(name: &str, site: &Site, table: impl AsRef<[u8]>, rows: &str) {
    fs::write(site.config().join("table"), table).unwrap();
    let again = site.harvest();
    let line = again.said.lines().find(|l| l.starts_with("net")).unwrap_or_default();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells.get(1..6), Some(["ok", "0", "0", rows, "0"].as_slice()), "{name}: {}", again.said);
}

/// Bytes, each piece so many times.
type Pieces = Vec<(Vec<u8>, usize)>;

/// A zip of parts, each of pieces.
fn zip(parts: &[(&str, Pieces)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, pieces) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        for (piece, times) in pieces {
            // Many at once, or packing takes longer than all else.
            if piece.is_empty() {
                continue;
            }
            let some = piece.repeat((1 << 16) / piece.len() + 1);
            let (whole, rest) = (times * piece.len() / some.len(), times * piece.len() % some.len());
            (0..whole).for_each(|_| zip.write_all(&some).unwrap());
            zip.write_all(&some[..rest]).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

fn once(text: impl Into<String>) -> Pieces {
    vec![(text.into().into_bytes(), 1)]
}

const TITLES: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>编号</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>名称</t>\
    </is></c><c r=\"C1\" t=\"inlineStr\"><is><t>金额</t></is></c></row>";

/// A workbook of one sheet, of its pieces, and of what else it has.
fn workbook(sheet: Pieces, more: Vec<(&str, Pieces)>) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut parts = vec![
        (
            "[Content_Types].xml",
            once("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ),
        (
            "_rels/.rels",
            once(format!(
                "<Relationships xmlns=\"{rels}\"><Relationship Id=\"r1\" Type=\"{doc}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            )),
        ),
        (
            "xl/workbook.xml",
            once(format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{doc}\"><sheets><sheet name=\"账\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            )),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            once(format!(
                "<Relationships xmlns=\"{rels}\"><Relationship Id=\"r1\" Type=\"{doc}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            )),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend(more);
    zip(&parts)
}

/// A sheet whose data is these pieces.
fn sheet(before: &str, data: Pieces, after: Pieces) -> Pieces {
    let mut pieces = once(format!("<worksheet>{before}<sheetData>{TITLES}"));
    pieces.extend(data);
    pieces.extend(once("</sheetData>"));
    pieces.extend(after);
    pieces.extend(once("</worksheet>"));
    pieces
}

/// Cells of ten thousand columns.
fn wide() -> String {
    (0..10_000).map(|_| "<c t=\"inlineStr\"><is><t>1</t></is></c>").collect()
}

fn row(number: u32) -> String {
    format!(
        "<row r=\"{number}\"><c r=\"A{number}\"><v>{number}</v></c><c r=\"B{number}\" t=\"inlineStr\"><is><t>示例</t></is></c></row>"
    )
}

#[test]
fn sheets_that_are_too_wide() {
    let cells = vec!["1"; 10_000].join(",");
    refused("CSV of 10,000 columns", format!("{GOOD}{cells}\n").as_bytes(), "row 4 has more than 1000 columns", 120);
    let commas = ",".repeat(30_000_000);
    refused("CSV of 30 million columns", format!("{GOOD}{commas}\n").as_bytes(), "row 4 has more than", 250);
    let xlsx = workbook(sheet("", once(format!("<row r=\"2\">{}</row>", wide())), Vec::new()), Vec::new());
    refused("XLSX of 10,000 columns", &xlsx, "row 2 has more than 1000 columns", 120);
    let html = "<table><tr><th>编号<th>名称<tr><td colspan=1000000>1<td>甲</table>";
    refused("HTML colspan=1000000", html.as_bytes(), "row 2 has more than 1000 columns", 120);
    let cells = "<td>1".repeat(10_000);
    let html = format!("<table><tr><th>编号<th>名称<tr>{cells}</table>");
    refused("HTML of 10,000 columns", html.as_bytes(), "row 2 has more than 1000 columns", 120);
}

#[test]
fn workbooks_that_unpack_to_more_than_is_allowed() {
    let blank = |mb: usize| vec![(b" ".to_vec(), mb << 20)];
    let bomb = workbook(sheet("", blank(600), Vec::new()), Vec::new());
    assert!(bomb.len() < 1 << 20);
    refused("XLSX bomb, sheet", &bomb, "unpacks to more than 200 times its size", 120);
    let strings = vec![(b"<sst>".to_vec(), 1), (b"<si><t>a</t></si>".to_vec(), 30_000_000)];
    let bomb = workbook(sheet("", once(row(2)), Vec::new()), vec![("xl/sharedStrings.xml", strings)]);
    refused("XLSX bomb, words", &bomb, "holds more words than can be read", 120);
    let content = vec![(b"<office:document-content>".to_vec(), 1), (b" ".to_vec(), 600 << 20)];
    refused("ODS bomb", &zip(&[("content.xml", content)]), "unpacks to more than", 120);
    let inner = workbook(sheet("", blank(300), Vec::new()), Vec::new());
    let nested = zip(&[("table.xlsx", vec![(inner.clone(), 1)])]);
    refused("zip in a zip", &nested, "it is an archive, no spreadsheet", 120);
    let within = workbook(sheet("", once(row(2)), Vec::new()), vec![("xl/embeddings/a.xlsx", vec![(inner, 1)])]);
    read("XLSX with a bomb within", &within, "1", 120);
}

#[test]
fn workbooks_that_claim_more_than_they_hold() {
    let xlsx = |before: &str, after: &str| workbook(sheet(before, once(row(2)), once(after)), Vec::new());
    read("dimension A1:XFD1048576", &xlsx("<dimension ref=\"A1:XFD1048576\"/>", ""), "1", 120);
    let strings = once("<sst uniqueCount=\"99999999999\"><si><t>a</t></si></sst>");
    let claimed = workbook(sheet("", once(row(2)), Vec::new()), vec![("xl/sharedStrings.xml", strings)]);
    refused("100 billion words claimed", &claimed, "claims more words", 120);
    let far = xlsx("", "").len();
    assert!(far < 4096);
    let far = workbook(
        sheet("", once("<row r=\"4294967295\"><c r=\"A4294967295\"><v>1</v></c></row>"), Vec::new()),
        Vec::new(),
    );
    refused("a cell in row 4294967295", &far, "", 120);
}

#[test]
fn workbooks_of_a_million_merged_cells() {
    let merge = |n: u32| format!("<mergeCell ref=\"A{n}:XFD1048576\"/>");
    let different: String = (2..1_000_002).map(merge).collect();
    let rows: String = (2..20_002).map(row).collect();
    let sheet = sheet("", once(rows), once(format!("<mergeCells>{different}</mergeCells>")));
    read("a million merged cells", &workbook(sheet, Vec::new()), "20000", 350);
}

/// What is one row many times, or one word: the file is small, its rows would not be.
#[test]
fn tables_that_repeat_without_end() {
    let ods = |row: &str| {
        let cell = |text: &str| {
            format!("<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>")
        };
        let titles = format!("<table:table-row>{}{}</table:table-row>", cell("编号"), cell("名称"));
        let table = format!(
            "<office:document-content><table:table table:name='账'>{titles}{row}</table:table></office:document-content>"
        );
        zip(&[("content.xml", once(table))])
    };
    let cell = "<table:table-cell office:value-type='float' office:value='1'/>";
    let rows =
        |times: &str| format!("<table:table-row table:number-rows-repeated='{times}'>{cell}{cell}</table:table-row>");
    refused("ODS rows repeated", &ods(&rows("1048575")), "row 2 stands 1048575 times", 120);
    refused("ODS rows repeated far", &ods(&rows("4294967295")), "more than 1048576 rows", 120);
    let wide = "<table:table-row><table:table-cell table:number-columns-repeated='4294967295' office:value-type='float' office:value='1'/></table:table-row>";
    refused("ODS columns repeated", &ods(wide), "row 2 has more than 1000 columns", 120);
    let empty = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
    read("ODS, empty ones repeated", &ods(&format!("{}{empty}", rows("1"))), "1", 120);

    // A text of 20,000 letters in each of 40,000 rows: 200 KB packed.
    let strings = once(format!("<sst><si><t>{}</t></si></sst>", "公".repeat(20_000)));
    let long = |n: u32| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>{n}</v></c><c r=\"B{n}\" t=\"s\"><v>0</v></c></row>");
    let rows: String = (2..40_002).map(long).collect();
    let shared = workbook(sheet("", once(rows), Vec::new()), vec![("xl/sharedStrings.xml", strings)]);
    // Eight times as much as a file may have.
    let small = "max_megabytes = 1\n";
    refused_of(small, "one long word in all rows", &shared, "take more than 8 MB of memory", 100);
}

#[test]
fn web_pages_of_spans() {
    let spans = "<tr><td rowspan=1000000 colspan=999>x<td>y".repeat(100);
    let html = format!("<table><tr><th>编号<th>名称{spans}</table>");
    refused("HTML of spans over spans", html.as_bytes(), "columns", 120);
    let nested = format!("<table><tr><th>编号<th>名称<tr><td>1<td>{}甲", "<table><tr><td>".repeat(100_000));
    let (_, nested) = run("100,000 nested tables", "", nested.as_bytes(), 400);
    assert!(!nested.said.contains("broke down"), "{}", nested.said);
}
