//! Times that name no zone are those of the site, whatever wrote them.

use gongshi::{
    config::{Config, Feed, FeedFormat, JsonMapping, NoticeTitles, PortalSelectors, SheetMapping, Site},
    feeds::{Client, Harvest, HarvestOutcome, Validators, harvest, wait},
};
use rstest::rstest;

const RSS: &str = "<rss version='2.0'><channel><title>网</title><item><guid>1</guid><title>公示甲</title>\
    <pubDate>2026年11月23日 09时30分</pubDate></item></channel></rss>";
const CSV: &str = "标题,发布日期\n公示甲,2026-11-23 09:30\n";
const LIST: &str = "<ul><li><a href='a.pdf'>关于示例镇道路改建的公示</a> <span>2026-11-23 09:30</span></li></ul>";
const OCDS: &str = r#"{"releases":[{"ocid":"o-1","date":"2026-11-23T09:30:00","tag":["tender"],
    "tender":{"id":"T1","title":"道路","tenderPeriod":{"endDate":"2026-12-01T09:30:00"}}}]}"#;
const JSON: &str = r#"{"list":[{"t":"公示甲","d":"2026-11-23 09:30"}]}"#;
const PAGE: &str = "<html><head><title>公示</title><meta name='PubDate' content='2026-11-23 09:30'></head><body><h1>公示甲</h1><p>正文</p></body></html>";
const JSON_FEED: &str = r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"公示甲","date_published":"2026-11-23 09:30"}]}"#;

fn config(zone: &str, dir: &std::path::Path) -> Config {
    let site = Site { timezone: zone.into(), ..Site::default() };
    Config { dir: dir.to_owned(), site, ..Config::default() }
}

fn look(name: &str, text: &str, zone: &str, feed: Feed) -> (Harvest, Config) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(name), text).unwrap();
    let config = config(zone, dir.path());
    let feed = Feed { source: name.into(), show_days: 1, ..feed };
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let (client, none) = (Client::new(), Validators::default());
    let look = harvest(&client, "test", &feed, &config, &none, now);
    (wait(look).unwrap(), config)
}

fn sheet() -> Feed {
    let notice =
        NoticeTitles {
            title: vec!["标题".into()], published: vec!["发布日期".into()], ..NoticeTitles::default()
        };
    Feed {
        format: FeedFormat::Sheet,
        sheet: Some(SheetMapping { notice, ..SheetMapping::default() }),
        ..Feed::default()
    }
}

fn json() -> Feed {
    let json = JsonMapping {
        items: "$.list[*]".into(),
        title: "$.t".into(),
        published: "$.d".into(),
        ..JsonMapping::default()
    };
    Feed { format: FeedFormat::Json, json: Some(json), ..Feed::default() }
}

fn list() -> Feed {
    let page = PortalSelectors { item: "li".into(), max_articles: 0, ..PortalSelectors::default() };
    Feed { format: FeedFormat::Page, page: Some(page), ..Feed::default() }
}

#[rstest]
#[case::rss("a.xml", RSS, Feed::default())]
#[case::json_feed("a.json", JSON_FEED, Feed::default())]
#[case::ocds("a.json", OCDS, Feed::default())]
#[case::sheet("a.csv", CSV, sheet())]
#[case::json("a.json", JSON, json())]
#[case::list("a.html", LIST, list())]
#[case::page("a.html", PAGE, Feed::default())]
fn a_time_without_a_zone_is_the_sites(#[case] name: &str, #[case] text: &str, #[case] feed: Feed) {
    for (zone, at) in [
        ("Asia/Shanghai", "2026-11-23T01:30:00Z"),
        ("Asia/Urumqi", "2026-11-23T03:30:00Z"),
        ("UTC", "2026-11-23T09:30:00Z"),
    ] {
        let (harvest, _) = look(name, text, zone, feed.clone());
        let HarvestOutcome::Notices { items, .. } = harvest.outcome else { panic!("{zone}") };
        let notice = &items[0].notice;
        assert_eq!(notice.published.map(|t| t.to_string()).as_deref(), Some(at), "{zone}: {}", notice.title);
        assert_eq!(notice.show.from, Some(jiff::civil::date(2026, 11, 23)), "{zone}");
    }
}

/// 18:30 in UTC is the next day in Urumqi and in Beijing; a document's day is its midnight where the site is.
#[test]
fn days_are_the_sites() {
    let rss = RSS.replace("2026年11月23日 09时30分", "2026-11-22T18:30:00Z");
    for (zone, day) in [("Asia/Urumqi", 23), ("UTC", 22)] {
        let (harvest, _) = look("a.xml", &rss, zone, Feed::default());
        let HarvestOutcome::Notices { items, .. } = harvest.outcome else { panic!("{zone}") };
        assert_eq!(items[0].notice.show.until, Some(jiff::civil::date(2026, 11, day)), "{zone}");
    }
    for (zone, at) in [("Asia/Urumqi", "2026-11-19T18:00:00Z"), ("UTC", "2026-11-20T00:00:00Z")] {
        let (harvest, _) = look("公告-2026-11-20.txt", "公告\n正文", zone, Feed::default());
        let HarvestOutcome::Notices { items, .. } = harvest.outcome else { panic!("{zone}") };
        assert_eq!(items[0].notice.published.map(|t| t.to_string()).as_deref(), Some(at), "{zone}");
    }
}

/// The Chinese profile of alerts leaves out Beijing's offset, wherever the site is.
#[test]
fn an_alert_without_an_offset_is_beijings() {
    let cap = "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>1</identifier><sent>2026-11-23 01:30:00</sent>\
        <status>Actual</status><info><event>暴雨</event><headline>暴雨蓝色预警</headline></info></alert>";
    let (harvest, _) = look("a.xml", cap, "UTC", Feed { show_days: 0, ..Feed::default() });
    let HarvestOutcome::Notices { items, .. } = harvest.outcome else { panic!() };
    assert_eq!(items[0].notice.published.unwrap().to_string(), "2026-11-22T17:30:00Z");
}
