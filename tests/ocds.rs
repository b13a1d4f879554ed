//! Procurement by the Open Contracting Data Standard.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::feeds::{Hint, Parsed, parse};

const TENDER: &str = r#"{"ocid":"ocds-zzzzzz-001","id":"r1","date":"2026-11-20T09:00:00+08:00","tag":["tender"],
 "buyer":{"id":"1","name":"示例县教育局"},
 "tender":{"id":"SLZC-2026-018","title":"示例镇小学课桌椅采购项目","description":"采购课桌椅600套。\n交货地点：示例镇。","status":"active",
  "procurementMethod":"open","value":{"amount":1234500.5,"currency":"CNY"},
  "tenderPeriod":{"startDate":"2026-11-20T00:00:00+08:00","endDate":"2026-12-10T09:30:00+08:00"},
  "items":[{"id":"1","description":"课桌椅","quantity":600,"unit":{"name":"套","value":{"amount":300,"currency":"CNY"}}}],
  "documents":[{"id":"1","title":"招标文件","url":"docs/a.pdf","format":"application/pdf"}]}}"#;
const AWARD: &str = r#"{"ocid":"ocds-zzzzzz-001","id":"r2","date":"2026-12-15T09:00:00+08:00","tag":["award","contract"],
 "parties":[{"name":"示例县教育局","roles":["buyer"]}],
 "awards":[{"id":"a1","status":"active","date":"2026-12-12T00:00:00+08:00","value":{"amount":1180000,"currency":"CNY"},"suppliers":[{"name":"示例家具公司"}]}],
 "contracts":[{"id":"c1","awardID":"a1","value":{"amount":1180000,"currency":"USD"},"dateSigned":"2026-12-14T00:00:00+08:00",
  "period":{"startDate":"2026-12-20T00:00:00+08:00","endDate":"2027-03-01T00:00:00+08:00"}}]}"#;

fn read(document: &str) -> Parsed {
    let base = Some("http://example.invalid/ocds/all.json".parse().unwrap());
    parse(document.as_bytes(), &Hint { name: "all.json".into(), base, ..Hint::default() }).unwrap()
}

fn package(releases: &[&str]) -> String {
    format!("{{\"uri\":\"x\",\"version\":\"1.1\",\"releases\":[{}]}}", releases.join(","))
}

#[test]
fn a_process_becomes_notices_tied_by_its_number() {
    let parsed = read(&package(&[TENDER, AWARD]));
    assert_eq!(parsed.faults, []);
    let rows: Vec<_> = parsed.items.iter().map(|n| (n.kind.as_str(), n.title.as_str(), n.number.as_deref())).collect();
    let number = Some("SLZC-2026-018");
    assert_eq!(
        rows,
        [
            ("招标公告", "示例镇小学课桌椅采购项目招标公告", number),
            ("中标结果", "SLZC-2026-018中标结果", number),
            ("合同", "SLZC-2026-018合同", number),
        ]
    );
    let tender = &parsed.items[0];
    assert_eq!(tender.issuer.as_deref(), Some("示例县教育局"));
    assert_eq!(tender.key, "ocds-zzzzzz-001/tender");
    assert_eq!(tender.published.unwrap().to_string(), "2026-11-20T01:00:00Z");
    assert_eq!(tender.show.until.unwrap().to_string(), "2026-12-10");
    assert_eq!(tender.attachments[0].url, "http://example.invalid/ocds/docs/a.pdf");
    let words = |n: usize| parsed.items[n].body.iter().map(|b| b.plain_text()).collect::<Vec<_>>().join("|");
    assert_eq!(
        words(0),
        "采购课桌椅600套。|交货地点：示例镇。|项目编号\tSLZC-2026-018\n采购人\t示例县教育局\n采购方式\t公开招标\n预算金额\t1,234,500.50 元\n\
         投标时间\t2026-11-20 至 2026-12-10 09:30|名称\t数量\t单位\t单价\n课桌椅\t600\t套\t300.00 元"
    );
    assert!(
        words(1).contains("中标供应商\t示例家具公司\n中标金额\t1,180,000.00 元\n中标日期\t2026-12-12"),
        "{}",
        words(1)
    );
    assert!(words(2).contains(
        "供应商\t示例家具公司\n合同金额\t1,180,000.00 USD\n签订日期\t2026-12-14\n合同期限\t2026-12-20 至 2027-03-01"
    ));
    assert_eq!(parsed.items[1].issuer.as_deref(), Some("示例县教育局"));
}

#[test]
fn records_and_single_releases_are_read() {
    let compiled = AWARD.replace("[\"award\",\"contract\"]", "[\"compiled\"]");
    let records = format!(
        "{{\"records\":[{{\"ocid\":\"ocds-zzzzzz-001\",\"compiledRelease\":{compiled}}},{{\"ocid\":\"x\",\"releases\":[{{\"url\":\"http://x.invalid\"}},{TENDER}]}}]}}"
    );
    let kinds = |parsed: &Parsed| parsed.items.iter().map(|n| n.kind.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(kinds(&read(&records)), "中标结果 合同 招标公告");
    assert_eq!(kinds(&read(TENDER)), "招标公告");
}

#[test]
fn of_several_releases_of_a_tender_the_newest_counts() {
    let update = TENDER.replace("[\"tender\"]", "[\"tenderUpdate\"]").replace("2026-11-20T09", "2026-11-25T09");
    for order in [[TENDER, &update], [&update, TENDER]] {
        let parsed = read(&package(&order));
        assert_eq!(parsed.items.len(), 1);
        assert_eq!(parsed.items[0].kind, "变更公告");
    }
    let cancelled = TENDER.replace("\"active\"", "\"cancelled\"");
    assert_eq!(read(&cancelled).items[0].kind, "终止公告");
}

#[test]
fn what_is_missing_is_said() {
    let parsed = read(&package(&[r#"{"id":"r"}"#, r#"{"ocid":"o","tag":["tender"]}"#]));
    assert_eq!(parsed.items, []);
    assert_eq!(parsed.faults.iter().map(|f| f.item.as_str()).collect::<Vec<_>>(), ["release 1", "o"]);
    let error = parse(b"{\"a\":1}", &Hint::default()).unwrap_err().to_string();
    assert!(error.contains("neither a JSON Feed"), "{error}");
}
