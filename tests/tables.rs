//! Spreadsheets and JSON to rows and notices: folders, books made here, and what is wrong with them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "tables/books.rs"]
mod books;

use gongshi::{
    check,
    config::{Config, Feed, FeedFormat, SheetMapping},
    feeds::{Client, FeedError, HarvestOutcome, Harvested, ItemFault, Validators, harvest},
    model::{Month, Row, Value},
};
use std::path::{Path, PathBuf};

fn fixtures() -> Config {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/config");
    let loaded = check::load(&dir);
    // It has no screens, which `check` would like it to have.
    let faults: Vec<_> = loaded.faults.iter().filter(|f| !f.file.ends_with("screens")).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    loaded.config.unwrap()
}

async fn look(config: &Config, feed: &Feed) -> Result<HarvestOutcome, FeedError> {
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    Ok(harvest(&Client::new(), "test", feed, config, &Validators::default(), now).await?.outcome)
}

async fn rows(config: &Config, feed: &Feed) -> (Vec<Row>, bool, Vec<String>) {
    match look(config, feed).await.unwrap() {
        HarvestOutcome::Rows { rows, whole, faults, .. } => (rows, whole, told(&faults)),
        other => panic!("{other:?}"),
    }
}

async fn notices(config: &Config, feed: &Feed) -> (Vec<Harvested>, Vec<String>) {
    match look(config, feed).await.unwrap() {
        HarvestOutcome::Notices { items, faults, .. } => (items, told(&faults)),
        other => panic!("{other:?}"),
    }
}

fn told(faults: &[ItemFault]) -> Vec<String> {
    faults.iter().map(|f| format!("{}: {}", f.item, f.reason)).collect()
}

/// The value of a column.
fn value<'a>(config: &Config, register: &str, row: &'a Row, id: &str) -> &'a Value {
    &row.values[config.registers[register].index(id).unwrap()]
}

/// A feed of the register of village accounts at a file.
fn money(place: PathBuf) -> Feed {
    let fill = ["use", "handler", "balance", "voucher-picture", "expense"].map(|id| (id.to_owned(), String::new()));
    let fill = fill.into_iter().chain([("voucher".to_owned(), "1".to_owned())]).collect();
    let sheet = SheetMapping { fill, ..SheetMapping::default() };
    Feed { source: place.to_str().unwrap().into(), register: "money".into(), sheet: Some(sheet), ..Feed::default() }
}

#[tokio::test]
async fn a_folder_of_tables_is_one_register() {
    let config = fixtures();
    let (rows, whole, faults) = rows(&config, &config.feeds["money"]).await;
    let keys: Vec<&str> = rows.iter().map(|r| r.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "510101/2026-10/1",
            "510101/2026-10/2",
            "510102/2026-10/1",
            "510102/2026-10/2",
            "510201/2026-10/1",
            "510201/2026-10/2"
        ]
    );
    assert!(!whole, "a row that is left out may be any");
    let of = |row: usize, id: &str| value(&config, "money", &rows[row], id);
    assert_eq!(*of(0, "month"), Value::Month(Month::new(2026, 10).unwrap()));
    assert_eq!((of(0, "income"), of(0, "expense")), (&Value::Money(1_200_000), &Value::Empty));
    assert_eq!(
        (of(1, "expense"), of(2, "income"), of(3, "expense")),
        (&Value::Money(-300_050), &Value::Money(1_200_000), &Value::Money(50_000))
    );
    assert_eq!(*of(2, "handler"), Value::Text("李示例 138****5678".into()));
    assert_eq!(*of(5, "use"), Value::Text("慰问金（身份证110101********4514）".into()));
    assert_eq!(*of(5, "expense"), Value::Text("12o0".into()), "what cannot be read stays as it is");
    assert_eq!(
        faults,
        [
            "西河镇.csv: sheet 西河镇, row 3, column 支出 (F3): `12o0` is not an amount; write a number such as 1234.50",
            "西河镇.csv: sheet 西河镇, row 4, column 月份 (B4): is empty, but tells this row from others; fill it in; the row is left out",
            "西河镇.csv: sheet 西河镇, row 5, column 收入: 合计 says 900.00, but its rows add up to 800.00; the office must mend the table",
        ]
    );
}

#[tokio::test]
async fn cases_have_the_steps_of_the_file_beside() {
    let config = fixtures();
    let (rows, whole, faults) = rows(&config, &config.feeds["approvals"]).await;
    assert_eq!((rows.len(), whole), (2, true));
    let first = &rows[0];
    assert_eq!((first.key.as_str(), first.steps.len()), ("SL20261102001", 3));
    assert_eq!(first.steps[0].from.unwrap().to_string(), "2026-11-02T09:30:00");
    assert_eq!(first.steps[2].note, "联系人138****5678");
    assert_eq!(*value(&config, "approvals", first, "promised"), Value::Quantity(50_000));
    assert_eq!(value(&config, "approvals", first, "closed"), &Value::Date(jiff::civil::date(2026, 11, 9)));
    let second = &rows[1];
    assert!(second.steps[1].pause && second.steps[1].until.is_none());
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("SL99999999999"), "{faults:?}");
}

#[tokio::test]
async fn a_table_of_notices_gives_one_a_row() {
    let config = fixtures();
    let (items, faults) = notices(&config, &config.feeds["tenders"]).await;
    assert_eq!(items.len(), 2);
    let first = &items[0].notice;
    assert_eq!((first.key.as_str(), first.number.as_deref()), ("http://trade.example/1.html", Some("SL-2026-001")));
    assert_eq!(first.published.unwrap().to_string(), "2026-11-19T16:00:00Z");
    assert_eq!((first.body.len(), first.body[1].plain_text().as_str()), (2, "第二段，联系电话138-****-5678"));
    assert_eq!((first.attachments.len(), first.kind.as_str(), first.catalogue.as_str()), (2, "招标公告", "trade"));
    assert_eq!(items[1].notice.body[0].plain_text(), "正文");
    assert_eq!(items[1].notice.body.len(), 1, "no script");
    assert!(faults[0].contains("no title"), "{faults:?}");
}

#[tokio::test]
async fn the_same_table_in_every_format_gives_the_same_rows() {
    let config = fixtures();
    let dir = tempfile::tempdir().unwrap();
    let text = "示例县,,\n村名,月份,收入（万元）\n510101,2026-10,1.2\n东坡村,2026-11,-0.05\n";
    let mut seen = Vec::new();
    for (name, bytes) in books::all(text) {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (rows, whole, faults) = rows(&config, &money(path)).await;
        assert!(whole, "{name}");
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        assert_eq!(rows.len(), 2, "{name}");
        seen.push((name, rows));
    }
    let first = seen[0].1.clone();
    assert_eq!(first[1].key, "510102/2026-11/1");
    assert_eq!(*value(&config, "money", &first[1], "income"), Value::Money(-50_000));
    for (name, rows) in seen {
        assert_eq!(rows, first, "{name}");
    }
}

#[tokio::test]
async fn a_workbook_has_merged_titles_hidden_sheets_dates_and_steps() {
    let config = fixtures();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("办件.xlsx");
    std::fs::write(&path, books::cases()).unwrap();
    let sheet = SheetMapping { steps: "步骤".into(), ..SheetMapping::default() };
    let feed = Feed {
        source: path.to_str().unwrap().into(),
        register: "approvals".into(),
        format: FeedFormat::Sheet,
        sheet: Some(sheet),
        ..Feed::default()
    };
    let (rows, whole, faults) = rows(&config, &feed).await;
    assert_eq!((rows.len(), whole, faults), (2, true, Vec::new()));
    let of = |row: usize, id: &str| value(&config, "approvals", &rows[row], id).clone();
    assert_eq!((rows[0].key.as_str(), of(0, "unit")), ("SL1", Value::Text("水务局".into())));
    assert_eq!((rows[1].key.as_str(), of(1, "unit")), ("SL2", Value::Text("水务局".into())), "merged over two rows");
    assert_eq!(of(0, "accepted"), Value::Date(jiff::civil::date(2026, 11, 2)));
    assert_eq!(of(0, "closed"), Value::Date(jiff::civil::date(2026, 11, 9)));
    assert_eq!(of(1, "promised"), Value::Quantity(75_000));
    assert_eq!(rows[0].steps.len(), 1);
    assert_eq!(rows[0].steps[0].from.unwrap().to_string(), "2026-11-02T09:30:00");
}

#[tokio::test]
async fn what_is_no_table_is_refused_in_one_sentence() {
    let config = fixtures();
    let dir = tempfile::tempdir().unwrap();
    let wide = format!("村名,月份,收入\n{}\n", vec!["1"; 10_000].join(","));
    let bomb = vec![b' '; 100_000_000];
    let sheet = b"<worksheet/>".as_slice();
    let encrypted = {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        drop(file.create_stream("/EncryptedPackage").unwrap());
        file.into_inner().into_inner()
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("wide.csv", wide.clone().into(), "columns"),
        ("wide.xlsx", books::xlsx(&wide), "columns"),
        ("bomb.xlsx", books::zipped(&[("xl/workbook.xml", sheet), ("xl/worksheets/sheet1.xml", &bomb)]), "unpacks"),
        ("strings.xlsx", books::zipped(&[("xl/workbook.xml", sheet), ("xl/sharedStrings.xml", &bomb)]), "unpacks"),
        ("cut.xlsx", books::xlsx("村名,月份\n1,2\n")[..900].to_vec(), "damaged"),
        ("other.zip.xlsx", books::zipped(&[("a.txt", b"x")]), "no spreadsheet"),
        (
            "far.ods",
            books::document(
                "<table:table table:name='a'><table:table-row table:number-rows-repeated='900000000'><table:table-cell office:value-type='float' office:value='1'/></table:table-row></table:table>",
            ),
            "rows",
        ),
        ("secret.xls", encrypted, "password"),
        ("a.csv", b"%PDF-1.7".to_vec(), "PDF"),
        ("b.csv", b"{\"a\":1}".to_vec(), "JSON"),
        ("c.csv", " \n".into(), "empty"),
        ("d.csv", "姓名,电话\n甲,1\n".into(), "none of its first rows has the column titles"),
        ("e.csv", "村名,收入\n甲,1\n".into(), "row 1 has some of the column titles, but not 月份"),
    ];
    for (name, bytes, reason) in cases {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = look(&config, &money(path)).await.unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_bad_file_of_a_folder_leaves_the_others_and_is_named() {
    let config = fixtures();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.csv"), "村名,月份,收入\n东坡村,2026-10,1\n东坡村,2026-10,2\n").unwrap();
    std::fs::write(dir.path().join("b.xlsx"), "noise").unwrap();
    std::fs::write(dir.path().join("~$c.xlsx"), "noise").unwrap();
    let (rows, whole, faults) = rows(&config, &money(dir.path().to_owned())).await;
    let keys: Vec<&str> = rows.iter().map(|r| r.key.as_str()).collect();
    assert_eq!((keys, whole), (vec!["510102/2026-10/1", "510102/2026-10/1#2"], false));
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].starts_with("b.xlsx: ") && faults[1].contains("is also that of row 2"), "{faults:?}");
}
