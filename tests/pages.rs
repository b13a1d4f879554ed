//! Portals without a feed: list pages and their articles, from a real server on loopback and from saved files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::{
    config::{Config, Feed, FeedFormat, PortalSelectors},
    feeds::{Client, FeedError, Harvest, HarvestOutcome, Harvested, ItemFault, Known, Validators, harvest_knowing},
};
use std::path::Path;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, path},
};

fn page() -> PortalSelectors {
    PortalSelectors {
        item: "ul.list > li".into(),
        date: "span".into(),
        body: "#zoom".into(),
        next: "a.next".into(),
        pause_ms: 0,
        ..PortalSelectors::default()
    }
}

fn feed(source: &str, page: PortalSelectors) -> Feed {
    let format = FeedFormat::Page;
    let issuer = "示例县人民政府".into();
    Feed {
        source: source.into(),
        title: "网".into(),
        timeout_seconds: 2,
        issuer,
        format,
        page: Some(page),
        private_network: true,
        ..Feed::default()
    }
}

async fn look_at(feed: &Feed, dir: &Path, previous: &Validators, known: &Known) -> Result<Harvest, FeedError> {
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    let config = Config { dir: dir.into(), ..Config::default() };
    harvest_knowing(&Client::new(), "gov", feed, &config, previous, known, now).await
}

async fn look(feed: &Feed, known: &Known) -> Result<(Vec<Harvested>, Vec<ItemFault>), FeedError> {
    match look_at(feed, Path::new("."), &Validators::default(), known).await?.outcome {
        HarvestOutcome::Notices { items, faults, whole } => {
            assert!(!whole, "a list names only its newest");
            Ok((items, faults))
        }
        HarvestOutcome::Unchanged | HarvestOutcome::Rows { .. } => panic!("a list page was asked for, unconditionally"),
    }
}

fn list(rows: &[(&str, &str, &str)], next: &str) -> String {
    let rows = rows.iter().map(|(l, t, d)| format!("<li><a href='{l}'>{t}</a><span>{d}</span></li>"));
    let next = if next.is_empty() { String::new() } else { format!("<a class=next href='{next}'>下一页</a>") };
    format!("<html><ul class=nav><li><a href='/'>首页</a></ul><ul class=list>{}</ul>{next}", rows.collect::<String>())
}

fn article(words: &str) -> String {
    format!("<html><nav>导航</nav><h1>题</h1><div id=zoom><p>{words}</p><a href='f.pdf'>附件</a></div>")
}

async fn serve(server: &MockServer, place: &str, page: impl Into<Vec<u8>>) {
    let answer = ResponseTemplate::new(200).set_body_raw(page, "text/html");
    Mock::given(path(place)).respond_with(answer).mount(server).await;
}

async fn asked(server: &MockServer) -> Vec<String> {
    server.received_requests().await.unwrap().iter().map(|r| r.url.path().to_owned()).collect()
}

#[tokio::test]
async fn a_portal_in_gbk_gives_its_notices_with_their_articles() {
    let server = MockServer::start().await;
    let one = list(&[("a.html", "关于东河镇道路改建的公示", "11-23"), ("javascript:go()", "弹窗", "11-22")], "2.html");
    let two = list(&[("a.html", "关于东河镇道路改建的公示", "11-23"), ("/x/b.html", "乙", "昨天")], "");
    serve(&server, "/gk/", encoding_rs::GBK.encode(&one).0.into_owned()).await;
    serve(&server, "/gk/2.html", encoding_rs::GBK.encode(&two).0.into_owned()).await;
    serve(&server, "/gk/a.html", encoding_rs::GBK.encode(&article("正文甲")).0.into_owned()).await;
    serve(&server, "/x/b.html", article("正文乙")).await;
    let feed = feed(&format!("{}/gk/", server.uri()), page());
    let (items, faults) = look(&feed, &Known::default()).await.unwrap();
    assert_eq!(faults, []);
    let [a, b] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(
        (a.notice.title.as_str(), a.notice.body[0].plain_text().as_str()),
        ("关于东河镇道路改建的公示", "正文甲")
    );
    assert_eq!(a.notice.published.unwrap().to_string(), "2026-11-22T16:00:00Z");
    assert_eq!(a.notice.link.as_deref(), Some(format!("{}/gk/a.html", server.uri()).as_str()));
    assert_eq!(a.notice.attachments[0].url, format!("{}/gk/f.pdf", server.uri()));
    assert_eq!(a.notice.issuer.as_deref(), Some("示例县人民政府"));
    assert_eq!(b.notice.published.unwrap().to_string(), "2026-11-21T16:00:00Z");
    assert_eq!(asked(&server).await, ["/gk/", "/gk/2.html", "/gk/a.html", "/x/b.html"]);
}

#[tokio::test]
async fn known_articles_are_not_fetched_again_and_no_look_fetches_more_than_it_may() {
    let server = MockServer::start().await;
    let rows: Vec<_> = ["1", "2", "3", "4", "5"].map(|n| (format!("{n}.html"), format!("第{n}号"))).into();
    let rows: Vec<_> = rows.iter().map(|(l, t)| (l.as_str(), t.as_str(), "2026-11-20")).collect();
    let answer = ResponseTemplate::new(200).insert_header("etag", "\"v1\"").set_body_raw(list(&rows, ""), "text/html");
    Mock::given(path("/"))
        .and(header("if-none-match", "\"v1\""))
        .respond_with(ResponseTemplate::new(304))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/")).respond_with(answer).mount(&server).await;
    for n in 1..=5 {
        serve(&server, &format!("/{n}.html"), article(&format!("文{n}"))).await;
    }
    let feed = feed(&server.uri(), PortalSelectors { max_articles: 2, ..page() });
    let (mut known, mut validators) = (Known::default(), Validators::default());
    for (round, texts) in [(1, 2), (2, 4), (3, 5), (4, 5)] {
        let harvest = look_at(&feed, Path::new("."), &validators, &known).await.unwrap();
        validators = harvest.validators.clone();
        let HarvestOutcome::Notices { items, faults, .. } = harvest.outcome else {
            assert_eq!(round, 4, "the list is asked for whole until every article is there");
            continue;
        };
        assert_eq!((items.len(), faults.len()), (5, 0));
        assert_eq!(items.iter().filter(|h| !h.notice.body.is_empty()).count(), texts, "round {round}");
        known.notices = items.into_iter().map(|h| (h.notice.key.clone(), h.notice)).collect();
    }
    let articles = asked(&server).await.iter().filter(|p| p.len() > 1).count();
    assert_eq!(articles, 5, "each once");
    known.anew = true;
    let (items, _) = look(&feed, &known).await.unwrap();
    assert_eq!(asked(&server).await.iter().filter(|p| p.len() > 1).count(), 7, "anew, within the bound");
    assert!(items.iter().all(|h| !h.notice.body.is_empty()), "what is beyond the bound keeps its text");
}

#[tokio::test]
async fn a_row_that_changed_is_read_again() {
    let server = MockServer::start().await;
    serve(&server, "/", list(&[("a.html", "甲", "11-20")], "")).await;
    serve(&server, "/a.html", article("新文")).await;
    let feed = feed(&server.uri(), page());
    let (items, _) = look(&feed, &Known::default()).await.unwrap();
    let mut old = items[0].notice.clone();
    old.title = "甲（旧）".into();
    let known = Known { notices: [(old.key.clone(), old)].into(), ..Known::default() };
    assert_eq!(look(&feed, &known).await.unwrap().0[0].notice.title, "甲");
    assert_eq!(asked(&server).await.iter().filter(|p| *p == "/a.html").count(), 2);
}

#[tokio::test]
async fn paging_ends_where_the_server_repeats_itself_or_leads_in_a_circle() {
    let server = MockServer::start().await;
    let rows = [("/a.html", "甲", "11-20")];
    // Whatever page is asked for, the first one comes, with a next link that is new each time.
    for n in 1..50 {
        serve(&server, &format!("/same/{n}"), list(&rows, &format!("/same/{}", n + 1))).await;
    }
    serve(&server, "/circle/1", list(&rows, "/circle/2")).await;
    serve(&server, "/circle/2", list(&[("/b.html", "乙", "11-19")], "/circle/1")).await;
    serve(&server, "/long/1", list(&rows, "/long/2")).await;
    serve(&server, "/long/2", list(&[("/b.html", "乙", "11-19")], "/long/3")).await;
    let bound = |max_pages| PortalSelectors { max_pages, max_articles: 0, ..page() };
    let (items, faults) =
        look(&feed(&format!("{}/same/1", server.uri()), bound(100)), &Known::default()).await.unwrap();
    assert_eq!(items.len(), 1);
    assert!(faults.len() == 1 && faults[0].reason.contains("page.next"), "{faults:?}");
    assert_eq!(asked(&server).await, ["/same/1", "/same/2"]);
    let (items, faults) =
        look(&feed(&format!("{}/circle/1", server.uri()), bound(100)), &Known::default()).await.unwrap();
    assert_eq!((items.len(), faults.len()), (2, 0));
    assert_eq!(asked(&server).await.len(), 4);
    let (items, faults) = look(&feed(&format!("{}/long/1", server.uri()), bound(2)), &Known::default()).await.unwrap();
    assert_eq!((items.len(), faults.len()), (2, 0));
    assert_eq!(asked(&server).await.len(), 6, "the bound holds");
    let (items, faults) = look(&feed(&format!("{}/long/1", server.uri()), bound(3)), &Known::default()).await.unwrap();
    assert_eq!(items.len(), 2, "a page that is gone costs only itself");
    assert!(faults[0].reason.contains("404"), "{faults:?}");
}

#[tokio::test]
async fn a_missing_article_leaves_its_row_and_a_wrong_selector_names_its_key() {
    let server = MockServer::start().await;
    let rows = [("gone.html", "甲", "11-20"), ("b.html", "乙", "11-19"), ("c.pdf", "丙", "11-18")];
    serve(&server, "/", list(&rows, "")).await;
    serve(&server, "/b.html", article("文乙")).await;
    let source = server.uri();
    let (items, faults) = look(&feed(&source, page()), &Known::default()).await.unwrap();
    assert_eq!(items.iter().map(|h| h.notice.title.as_str()).collect::<Vec<_>>(), ["甲", "乙", "丙"]);
    assert!(items[0].notice.body.is_empty() && items[0].notice.published.is_some());
    assert_eq!(items[2].notice.attachments[0].url, format!("{source}/c.pdf"));
    assert!(faults.len() == 1 && faults[0].item == "甲" && faults[0].reason.contains("404"), "{faults:?}");
    let (_, faults) =
        look(&feed(&source, PortalSelectors { body: "#no".into(), ..page() }), &Known::default()).await.unwrap();
    assert!(faults.iter().any(|f| f.item == "乙" && f.reason.contains("page.body `#no`")), "{faults:?}");
    let wrong = PortalSelectors { item: "table tr".into(), ..page() };
    let error = look(&feed(&source, wrong), &Known::default()).await.unwrap_err().to_string();
    assert!(error.contains("page.item `table tr` matches nothing") && error.contains("feeds/gov.toml"), "{error}");
}

#[tokio::test]
async fn a_server_that_fails_thrice_is_left_alone() {
    let server = MockServer::start().await;
    let rows: Vec<_> = (0..9).map(|n| (format!("{n}.html"), format!("第{n}号"))).collect();
    let rows: Vec<_> = rows.iter().map(|(l, t)| (l.as_str(), t.as_str(), "11-20")).collect();
    serve(&server, "/", list(&rows, "")).await;
    let (items, faults) = look(&feed(&server.uri(), page()), &Known::default()).await.unwrap();
    assert_eq!((items.len(), faults.len(), asked(&server).await.len()), (9, 3, 4));
}

#[tokio::test]
async fn a_saved_list_is_read_with_the_articles_beside_it_and_nothing_above_it() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("site");
    std::fs::create_dir_all(site.join("art")).unwrap();
    std::fs::write(dir.path().join("secret.html"), article("机密")).unwrap();
    std::fs::write(site.join("art/a b.html"), article("正文甲")).unwrap();
    let rows = [
        ("art/a%20b.html", "甲", "2026年11月20日"),
        ("../secret.html", "乙", "11-19"),
        ("http://portal.example/c.html", "丙", "11-18"),
        ("art/no.html", "丁", "11-17"),
    ];
    std::fs::write(site.join("list.html"), list(&rows, "")).unwrap();
    let feed = feed("site/list.html", page());
    let harvest = look_at(&feed, dir.path(), &Validators::default(), &Known::default()).await.unwrap();
    let HarvestOutcome::Notices { items, faults, .. } = harvest.outcome else { panic!() };
    let told: Vec<_> =
        items.iter().map(|h| (h.notice.key.as_str(), h.notice.body.len(), h.notice.link.as_deref())).collect();
    let web = "http://portal.example/c.html";
    assert_eq!(
        told,
        [("art/a%20b.html", 2, None), ("../secret.html", 0, None), (web, 0, Some(web)), ("art/no.html", 0, None)]
    );
    assert!(faults.len() == 1 && faults[0].item == "丁", "{faults:?}");
}
