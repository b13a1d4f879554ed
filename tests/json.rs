//! JSON services to rows and notices, from a real server on loopback and from files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::{
    check,
    config::{Config, Feed, FeedFormat, JsonMapping},
    feeds::{Client, FeedError, HarvestOutcome, Validators, harvest},
    model::Value,
};
use serde_json::json;
use std::path::Path;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{path, query_param},
};

fn fixtures() -> Config {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/config");
    check::load(&dir).config.unwrap()
}

async fn look(feed: &Feed) -> Result<HarvestOutcome, FeedError> {
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    Ok(harvest(&Client::new(), "test", feed, &fixtures(), &Validators::default(), now).await?.outcome)
}

fn feed(source: &str, register: &str, json: JsonMapping) -> Feed {
    let json = Some(JsonMapping { pause_ms: 0, ..json });
    Feed {
        source: source.into(),
        register: register.into(),
        format: FeedFormat::Json,
        json,
        private_network: true,
        ..Feed::default()
    }
}

async fn answer(server: &MockServer, page: &str, body: serde_json::Value) {
    Mock::given(path("/list"))
        .and(query_param("page", page))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(server)
        .await;
}

fn lease(number: u32) -> serde_json::Value {
    json!({"contractNo": format!("HT-{number}"), "village": "东坡村", "resource": {"name": "后山林地", "area": 12.5},
        "rent": 1234.5, "signedAt": 1_795_363_200_000_i64, "photos": [{"url": "/p/1.jpg"}, {"url": "/p/2.jpg"}],
        "steps": [{"name": "公示", "begin": "2026-11-02", "pause": true}]})
}

#[tokio::test]
async fn rows_come_from_all_pages() {
    let server = MockServer::start().await;
    answer(&server, "1", json!({"total": 3, "data": {"list": [lease(1), lease(2)]}})).await;
    answer(&server, "2", json!({"total": 3, "data": {"list": [lease(3)]}})).await;
    let source = format!("{}/list?size=2", server.uri());
    let paths = JsonMapping {
        items: "$.data.list[*]".into(),
        page_parameter: "page".into(),
        total: "total".into(),
        steps: "$.steps[*]".into(),
        ..JsonMapping::default()
    };
    let HarvestOutcome::Rows { rows, whole, faults, .. } = look(&feed(&source, "leases", paths.clone())).await.unwrap()
    else {
        panic!()
    };
    assert_eq!((rows.len(), whole, faults), (3, true, Vec::new()));
    assert_eq!(rows[2].key, "HT-3");
    assert_eq!(
        rows[0].values[2..6],
        [
            Value::Text("510102".into()),
            Value::Quantity(125_000),
            Value::Money(123_450),
            Value::Date(jiff::civil::date(2026, 11, 23)),
        ]
    );
    let Value::Pictures(pictures) = &rows[0].values[6] else { panic!() };
    assert_eq!(pictures[1], format!("{}/p/2.jpg", server.uri()));
    assert!(rows[0].steps[0].pause);
    let one = JsonMapping { max_pages: 1, ..paths };
    let HarvestOutcome::Rows { rows, whole, .. } = look(&feed(&source, "leases", one)).await.unwrap() else { panic!() };
    assert_eq!((rows.len(), whole), (2, false), "what is on further pages is not gone");
}

#[tokio::test]
async fn a_cursor_leads_on_and_a_source_that_repeats_itself_ends() {
    let server = MockServer::start().await;
    let first = json!({"items": [{"id": 1, "title": "甲"}], "next": "c2"});
    let second = json!({"items": [{"id": 2, "title": "乙"}], "next": null});
    let give = |body| ResponseTemplate::new(200).set_body_json(body);
    Mock::given(path("/c"))
        .and(query_param("cursor", "c2"))
        .respond_with(give(second))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/c")).respond_with(give(first)).mount(&server).await;
    let paths = JsonMapping {
        items: "$.items[*]".into(),
        next: "next".into(),
        cursor_parameter: "cursor".into(),
        ..JsonMapping::default()
    };
    let HarvestOutcome::Notices { items, faults, .. } =
        look(&feed(&format!("{}/c", server.uri()), "", paths)).await.unwrap()
    else {
        panic!()
    };
    assert_eq!((items.len(), faults), (2, Vec::new()));
    // A server that does not know the parameter gives the same page for ever.
    let paths = JsonMapping { items: "$.items[*]".into(), page_parameter: "p".into(), ..JsonMapping::default() };
    let HarvestOutcome::Notices { items, faults, .. } =
        look(&feed(&format!("{}/c", server.uri()), "", paths)).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(items.len(), 1);
    assert!(faults[0].reason.contains("repeats"), "{faults:?}");
    let asked = server.received_requests().await.unwrap().len();
    assert_eq!(asked, 4);
}

#[tokio::test]
async fn notices_are_clean_and_masked() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("list.json");
    let item = json!({"id": 7, "name": "<b>公示</b>", "time": "2026年11月20日", "html": "<p>电话138<i>1234</i>5678</p><script>x()</script>",
        "files": [{"fileUrl": "http://a.example/1.pdf", "fileName": "附件一"}], "dept": "示例县水务局"});
    std::fs::write(&file, json!([item, {"id": 8}]).to_string()).unwrap();
    let key = str::to_owned;
    let paths = JsonMapping {
        title: key("name"),
        published: key("time"),
        body: key("html"),
        attachments: key("$.files[*]"),
        issuer: key("dept"),
        ..JsonMapping::default()
    };
    let HarvestOutcome::Notices { items, faults, .. } = look(&feed(file.to_str().unwrap(), "", paths)).await.unwrap()
    else {
        panic!()
    };
    let notice = &items[0].notice;
    assert_eq!((items.len(), notice.key.as_str(), notice.title.as_str()), (1, "7", "公示"));
    assert_eq!(notice.body[0].plain_text(), "电话138****5678");
    assert_eq!((notice.body.len(), notice.summary.as_str()), (1, "电话138****5678"));
    assert_eq!(notice.attachments[0].title.as_deref(), Some("附件一"));
    assert_eq!(notice.published.unwrap().to_string(), "2026-11-19T16:00:00Z");
    assert!(faults[0].reason.contains("item 2: it has no title"), "{faults:?}");
}

#[tokio::test]
async fn what_is_no_answer_is_said_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    for (text, reason) in
        [("<html>登录</html>", "not JSON"), ("{\"data\": 1}", "finds nothing"), (&"[".repeat(100_000), "not JSON")]
    {
        let file = dir.path().join("a.json");
        std::fs::write(&file, text).unwrap();
        let paths = JsonMapping { items: "$.data.list[*]".into(), ..JsonMapping::default() };
        let error = look(&feed(file.to_str().unwrap(), "", paths)).await.unwrap_err();
        assert!(error.reason.contains(reason), "{error}");
    }
}
