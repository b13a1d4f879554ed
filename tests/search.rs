//! The archive searched: what is in it is found, by words, sounds and numbers, and nothing else is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use gongshi::{
    config::{Column, ColumnKind, Config, Feed, Region, RegionKind, Register},
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Block, Notice, Row, RowId, ShowPeriod, Span, Value},
    search::{SearchItem, SearchQuery, SearchResults, append},
    store::{IndexEntry, Store, StoreHandle},
    time::{Timestamp, civil::date},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, process::Command, sync::Arc, time::Duration};

const HOUR: i64 = 3_600_000_000;

fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

fn notice(key: &str, title: &str, body: &str) -> Notice {
    Notice {
        key: key.to_owned(),
        title: title.to_owned(),
        kind: "公告".to_owned(),
        catalogue: "trade.works".to_owned(),
        issuer: Some("示例镇人民政府".to_owned()),
        number: Some("示政发〔2026〕12号".to_owned()),
        author: None,
        published: Timestamp::from_second(1_763_000_000).ok(),
        updated: None,
        show: ShowPeriod::default(),
        summary: String::new(),
        body: vec![Block::Paragraph { spans: vec![Span::plain(body)] }],
        attachments: Vec::new(),
        link: None,
        warning: None,
    }
}

fn harvest(notices: Vec<Notice>) -> Harvest {
    let items = notices.into_iter().map(|n| Harvested { source: format!("/示例/{}.md", n.key), notice: n }).collect();
    Harvest {
        feed: "甲".to_owned(),
        title: "甲网".to_owned(),
        at: Timestamp::from_second(1_764_000_000).unwrap(),
        outcome: HarvestOutcome::Notices { items, whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

fn typed(text: &str) -> SearchQuery {
    SearchQuery { text: text.into(), limit: 50, ..SearchQuery::default() }
}

fn titles(store: &Store, text: &str) -> Vec<String> {
    let found = store.find(&typed(text), &Config::default()).unwrap();
    assert_eq!(found.total, found.hits.len());
    found.hits.into_iter().map(|h| h.title).collect()
}

#[test]
fn a_notice_is_found_by_its_words_its_sound_and_its_number() {
    let (_dir, mut store) = open();
    let title = "重庆路社区财务公开情况";
    let body = "村级道路维修工程竣工结算，合同金额３４５６元。";
    store.ingest(&harvest(vec![notice("a", title, body), notice("b", "示例", "无关")])).unwrap();
    for words in [
        "财务公开",
        "财务 公开",
        "维修工程",
        "3456",
        "竣",
        "公告 道路",
        "cwgk",
        "caiwugongkai",
        "caiwu gk",
        "财务gk",
        "财务 gk",
        "chongqinglu",
        "zhongqinglu",
        "cql",
        "shequ 道路",
        "cáiwù",
    ] {
        assert_eq!(titles(&store, words), [title], "{words}");
    }
    for words in [
        "示政发〔2026〕12号",
        "示政发(2026)12号",
        "示政发［２０２６］１２号",
        "示政发202612号",
        "示政发2026 12号",
        "〔2026〕1",
    ] {
        assert_eq!(titles(&store, words).len(), 2, "{words}");
    }
    for words in ["财务工程", "结算合同", "345 67", "gkcw", "示政发〔2026〕2号", "财务 无关"] {
        assert_eq!(titles(&store, words), [""; 0], "{words}");
    }
}

#[test]
fn hits_say_where_they_match() {
    let (_dir, mut store) = open();
    store.ingest(&harvest(vec![notice("a", "村级财务公开", &format!("{}道路维修结算。", "前文".repeat(40)))])).unwrap();
    let found = store.find(&typed("cwgk 维修"), &Config::default()).unwrap();
    let hit = &found.hits[0];
    assert_eq!(hit.marks.iter().map(|m| &hit.title[m.clone()]).collect::<Vec<_>>(), ["财务公开"]);
    assert_eq!(hit.snippet_marks.iter().map(|m| &hit.snippet[m.clone()]).collect::<Vec<_>>(), ["维修"]);
    assert!(hit.snippet.starts_with('…') && hit.snippet.contains("道路维修结算"), "{}", hit.snippet);
    assert_eq!((hit.catalogue.as_str(), hit.unit.as_str()), ("trade.works", "示例镇人民政府"));
    assert_eq!(hit.day, Some(date(2025, 11, 13)));
    assert!(store.find(&typed("财务"), &Config::default()).unwrap().hits[0].snippet.is_empty());
}

/// Ten past one in Beijing is the evening before in Urumqi's own time, and the afternoon before in UTC.
#[test]
fn days_are_those_of_the_site() {
    let (_dir, mut store) = open();
    let new_year: Timestamp = "2026-01-01T01:10:00+08:00".parse().unwrap();
    let late: Timestamp = "2026-01-01T01:50:00+08:00".parse().unwrap();
    let mut notices = vec![notice("a", "早", "公示"), notice("b", "晚", "公示")];
    (notices[0].published, notices[1].published) = (Some(new_year), Some(late));
    let at = |zone: &str| {
        let mut config = Config::default();
        config.site.timezone = zone.to_owned();
        let column = |id: &str, kind| Column { id: id.into(), title: id.into(), kind, ..Column::default() };
        let register = Register {
            title: "账".into(),
            key: vec!["words".into()],
            label: "words".into(),
            period: "day".into(),
            column: vec![column("words", ColumnKind::Text), column("day", ColumnKind::Date)],
            ..Register::default()
        };
        config.registers.insert("r".into(), register);
        let feed = Feed { register: "r".into(), source: "r.csv".into(), ..Feed::default() };
        config.feeds.insert("账".into(), feed);
        config
    };
    let value = Value::Date(date(2026, 1, 1));
    let row =
        Row { key: "账目公示".into(), values: vec![Value::Text("账目公示".into()), value], steps: Vec::new() };
    let rows = HarvestOutcome::Rows { register: "r".into(), rows: vec![row], whole: true, faults: Vec::new() };
    let rows = Harvest { feed: "账".into(), outcome: rows, ..harvest(Vec::new()) };
    store.ingest(&harvest(notices)).unwrap();
    store.ingest_with(&rows, &at("Asia/Shanghai")).unwrap();
    // A row stands where its day begins: in Shanghai before both notices, in Urumqi and UTC behind both.
    for (zone, order, day) in [
        ("Asia/Shanghai", ["晚", "早", "账目公示"], date(2026, 1, 1)),
        ("Asia/Urumqi", ["账目公示", "晚", "早"], date(2025, 12, 31)),
        ("UTC", ["账目公示", "晚", "早"], date(2025, 12, 31)),
        ("Asia/Shanghai", ["晚", "早", "账目公示"], date(2026, 1, 1)),
    ] {
        let config = at(zone);
        store.rebuild_derived(&config).unwrap();
        while store.index_slice().unwrap() {}
        let found = store.find(&typed("公示"), &config).unwrap();
        let titles: Vec<&str> = found.hits.iter().map(|hit| hit.title.as_str()).collect();
        assert_eq!((titles.as_slice(), found.partial), (order.as_slice(), false), "{zone}");
        for hit in found.hits.iter().filter(|hit| hit.title != "账目公示") {
            assert_eq!(hit.day, Some(day), "{zone}");
        }
        let in_year = SearchQuery { year: Some(day.year()), ..typed("公示") };
        assert!(store.find(&in_year, &config).unwrap().total >= 2, "{zone}");
    }
}

#[test]
fn changes_and_withdrawals_reach_the_index() {
    let (_dir, mut store) = open();
    store.ingest(&harvest(vec![notice("a", "旧题", "旧文"), notice("b", "他题", "他文")])).unwrap();
    assert_eq!(titles(&store, "旧文"), ["旧题"]);
    store.ingest(&harvest(vec![notice("a", "新题", "新文")])).unwrap();
    assert_eq!((titles(&store, "旧文").len(), titles(&store, "他文").len()), (0, 0));
    assert_eq!(titles(&store, "新文"), ["新题"]);
    store.ingest(&harvest(vec![notice("a", "新题", "新文"), notice("b", "他题", "他文")])).unwrap();
    assert_eq!(titles(&store, "他文"), ["他题"], "what came back is found again");
    store.check().unwrap();
}

#[test]
fn odd_queries_are_answered() {
    let (_dir, mut store) = open();
    store.ingest(&harvest(vec![notice("a", "村级财务公开", "正文 near and or not")])).unwrap();
    let long = "公开".repeat(5_000);
    for words in ["", " ", "，。！", "\"", "*", "()", "-", "'", "%_", "\0", "^", "{}:", &long, &"x".repeat(10_000)] {
        assert_eq!(titles(&store, words), [""; 0], "{words:?}");
    }
    for words in ["AND", "near", "NOT and", "公", "开\"", "\"公开\"*", "t:公开 OR", "公开;DROP TABLE notice"] {
        let found = store.find(&typed(words), &Config::default()).unwrap();
        assert!(found.total <= 1, "{words:?}");
    }
    assert_eq!(titles(&store, "near").len() + titles(&store, "开\"").len() + titles(&store, "\"公开\"*").len(), 3);
    let query = SearchQuery { limit: usize::MAX, offset: usize::MAX, ..typed("公开") };
    assert_eq!(store.find(&query, &Config::default()).unwrap().hits, []);
}

#[test]
fn counting_ends_at_a_thousand_and_pages_follow_each_other() {
    let (_dir, mut store) = open();
    let entries: Vec<IndexEntry> = (0..1_500).map(|n| entry(n, &format!("示例{n}号"), "公示", n / 7)).collect();
    store.index(&entries).unwrap();
    let found = store.find(&typed("公示"), &Config::default()).unwrap();
    assert_eq!((found.total, found.hits.len()), (SearchResults::MAX_COUNTED, 50));
    let ids = |offset: usize| -> Vec<SearchItem> {
        let found = store.find(&SearchQuery { offset, limit: 400, ..typed("公示") }, &Config::default()).unwrap();
        found.hits.into_iter().map(|h| h.item).collect()
    };
    let all: Vec<SearchItem> = [0, 400, 800, 1_200].into_iter().flat_map(ids).collect();
    let wanted: Vec<SearchItem> = (0..1_500).rev().map(|n| SearchItem::Row(RowId(n))).collect();
    assert_eq!(all, wanted);
}

/// A row of hour `hour`, with facets that follow from its number.
fn entry(n: i64, title: &str, words: &str, hour: i64) -> IndexEntry {
    IndexEntry {
        item: SearchItem::Row(RowId(n)),
        sorted_at: hour * HOUR,
        title: title.to_owned(),
        words: words.to_owned(),
        number: String::new(),
        catalogue: ["", "trade", "trade.works", "trade.land", "village.funds"][n as usize % 5].to_owned(),
        unit: ["", "示例局", "示例办"][n as usize % 3].to_owned(),
        place: ["", "01", "0101", "010101", "0102"][n as usize % 5].to_owned(),
        day: (n % 4 > 0).then(|| date(2020 + (n % 4) as i16, 5, 1)),
    }
}

#[test]
fn an_hour_with_more_than_its_share_spills_into_those_after_it() {
    let (_dir, mut store) = open();
    // Two full hours that run into a third, told in turns within one transaction, and more of each in the next one.
    let hour = |n: i64| n % 3;
    let all = |numbers: std::ops::Range<i64>| -> Vec<IndexEntry> {
        numbers.map(|n| entry(n, &format!("第{n}号公示"), "", if n < 13_000 { hour(n) } else { 0 })).collect()
    };
    store.index(&all(0..13_000)).unwrap();
    store.index(&all(13_000..13_100)).unwrap();
    store.index(&all(40..41)).unwrap();
    for n in [0, 1, 2, 40, 4_095, 12_288, 12_300, 12_999, 13_000, 13_099] {
        assert_eq!(titles(&store, &format!("第{n}号")), [format!("第{n}号公示")]);
    }
}

fn regions() -> Vec<Region> {
    let region = |code: &str, parent: &str, kind| Region {
        code: code.to_owned(),
        name: format!("示例{code}"),
        parent: parent.to_owned(),
        kind,
    };
    vec![
        region("01", "", RegionKind::County),
        region("0101", "01", RegionKind::Township),
        region("0102", "01", RegionKind::Township),
        region("010101", "0101", RegionKind::Village),
    ]
}

/// Whether an entry has all words of a query, by its folded text.
fn has(entry: &IndexEntry, text: &str) -> bool {
    let folded = |text: &str| {
        let mut chars = Vec::new();
        append(&mut chars, text);
        chars.pop();
        chars.into_iter().collect::<String>()
    };
    let fields = [folded(&entry.title), folded(&entry.words)];
    let mut words = text.split_whitespace().map(folded).filter(|w| !w.is_empty()).peekable();
    words.peek().is_some() && words.all(|w| fields.iter().any(|f| f.contains(&w)))
}

fn is_below(code: &str, above: &str) -> bool {
    above.is_empty() || code.starts_with(above)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn searches_agree_with_a_plain_look_at_everything(
        puts in prop::collection::vec((0i64..24, "[公示财务12，〇]{1,8}", "[公示开财务0-2b，\u{20000}]{0,24}", 0i64..5), 1..40),
        texts in prop::collection::vec("[公示开财务0-2b， ]{1,5}", 12),
        catalogue in prop::sample::select(vec!["", "trade", "trade.works", "village", "none"]),
        unit in prop::sample::select(vec!["", "示例局"]),
        place in prop::sample::select(vec!["", "01", "0101", "0102"]),
        year in prop::option::of(2020i16..2023),
    ) {
        let (_dir, mut store) = open();
        let mut model: BTreeMap<i64, IndexEntry> = BTreeMap::new();
        for some in puts.chunks(7) {
            let entries: Vec<IndexEntry> = some.iter().map(|(n, title, words, hour)| entry(*n, title, words, *hour)).collect();
            store.index(&entries).unwrap();
            model.extend(some.iter().map(|p| p.0).zip(entries));
        }
        let config = Config { regions: regions(), ..Config::default() };
        let filter = |e: &IndexEntry| {
            (catalogue.is_empty() || e.catalogue == catalogue || e.catalogue.starts_with(&format!("{catalogue}.")))
                && (unit.is_empty() || e.unit == unit)
                && is_below(&e.place, place)
                && year.is_none_or(|y| e.day.is_some_and(|d| d.year() == y))
        };
        for text in &texts {
            let query = SearchQuery {
                catalogue: catalogue.to_owned(), unit: unit.to_owned(), place: place.to_owned(), year, limit: 100,
                ..typed(text)
            };
            let found = store.find(&query, &config).unwrap();
            let mut rows: Vec<i64> = found.hits.iter().map(|h| match h.item {
                SearchItem::Row(RowId(id)) => id,
                _ => panic!(),
            }).collect();
            prop_assert!(rows.iter().map(|id| model[id].sorted_at).is_sorted_by(|a, b| a >= b));
            rows.sort_unstable();
            let is_blank = text.chars().all(|c| c == '，' || c == ' ');
            let wanted: Vec<i64> =
                model.iter().filter(|(_, e)| (is_blank || has(e, text)) && filter(e)).map(|(id, _)| *id).collect();
            let is_open = is_blank && catalogue.is_empty() && unit.is_empty() && place.is_empty() && year.is_none();
            prop_assert_eq!(&rows, &if is_open { Vec::new() } else { wanted }, "{:?}", &query);
            prop_assert_eq!(found.total, rows.len());
            for (place, count) in found.facets.places.iter().take(3) {
                let narrowed = store.find(&SearchQuery { place: place.clone(), ..query.clone() }, &config).unwrap();
                prop_assert!(narrowed.total == *count || !query.place.is_empty());
            }
            for (catalogue, count) in found.facets.catalogues.iter().filter(|_| query.catalogue.is_empty()) {
                let narrowed = store.find(&SearchQuery { catalogue: catalogue.clone(), ..query.clone() }, &config).unwrap();
                prop_assert_eq!(narrowed.total, *count);
            }
        }
    }

    #[test]
    fn every_part_of_every_text_is_found(
        texts in prop::collection::vec("[a-zA-Z0-9\u{4E00}-\u{4E20}示例镇公开，。〔〕Ａ０㎡é \u{20000}-\u{20010}]{6,40}", 1..6),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 2usize..=6), 20),
    ) {
        let (_dir, mut store) = open();
        store.index(&texts.iter().enumerate().map(|(n, t)| entry(n as i64, "题", t, 0)).collect::<Vec<_>>()).unwrap();
        for (which, start, length) in cuts {
            let n = which.index(texts.len());
            let chars: Vec<char> = texts[n].chars().collect();
            let part: String = chars.iter().skip(start.index(chars.len() - 5)).take(length).collect();
            let found = store.find(&typed(&part), &Config::default()).unwrap();
            let is_blank = part.chars().all(|c| !c.is_alphanumeric() && c != '㎡');
            prop_assert!(is_blank || found.hits.iter().any(|h| h.item == SearchItem::Row(RowId(n as i64))), "{:?} of {:?}", part, texts[n]);
        }
    }
}

#[tokio::test]
async fn a_store_from_before_the_index_is_indexed_beside_its_work() {
    let (dir, mut store) = open();
    let notices = (0..180).map(|n| notice(&n.to_string(), &format!("第{n}号公示"), "道路维修")).collect();
    store.ingest(&harvest(notices)).unwrap();
    drop(store);
    let raw = rusqlite::Connection::open(dir.path().join("gongshi.db")).unwrap();
    raw.execute_batch(
        "INSERT INTO search_text (search_text) VALUES ('delete-all');
         INSERT INTO search_key (search_key) VALUES ('delete-all');
         DELETE FROM search_entry; DELETE FROM search_word;
         INSERT INTO search_todo (below) SELECT max(id) + 1 FROM notice;",
    )
    .unwrap();
    drop(raw);
    let mut store = Store::open(dir.path()).unwrap();
    assert!(store.find(&typed("公示"), &Config::default()).unwrap().partial);
    assert!(store.index_slice().unwrap());
    let found = store.find(&typed("公示"), &Config::default()).unwrap();
    assert!(found.partial && found.total == 50 && found.hits[0].title == "第0号公示", "newest first: {found:?}");
    drop(store);
    let handle = StoreHandle::open(dir.path()).unwrap();
    let config = Arc::new(Config::default());
    let settled = Arc::clone(&config);
    handle.write(move |store| store.rebuild_derived(&settled)).await.unwrap();
    for _ in 0..2_000 {
        let found = handle.find(typed("维修"), Arc::clone(&config)).await.unwrap();
        if !found.partial {
            assert_eq!(found.total, 180);
            handle.shutdown().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the index is never complete");
}

#[tokio::test]
async fn a_search_whose_asker_has_gone_stops_and_the_next_is_answered() {
    let (dir, mut store) = open();
    let entries: Vec<IndexEntry> = (0..5_000).map(|n| entry(n, "财务公开", &"示公示 ".repeat(5), n / 9)).collect();
    store.index(&entries).unwrap();
    drop(store);
    let handle = StoreHandle::open(dir.path()).unwrap();
    let config = Arc::new(Config::default());
    for _ in 0..40 {
        let (first, config_too) = (handle.clone(), Arc::clone(&config));
        let task = tokio::spawn(async move { first.find(typed("公 示 cwgk"), config_too).await });
        tokio::task::yield_now().await;
        task.abort();
        assert_eq!(handle.find(typed("财务"), Arc::clone(&config)).await.unwrap().total, SearchResults::MAX_COUNTED);
    }
    handle.shutdown().await;
}

#[test]
fn the_command_prints_marks_and_counts() {
    let (dir, mut store) = open();
    store.ingest(&harvest(vec![notice("a", "村级财务公开", "道路维修"), notice("b", "他题", "他文")])).unwrap();
    drop(store);
    let run = |arguments: &[&str]| {
        let data = dir.path().to_str().unwrap();
        let nowhere = dir.path().join("none");
        let output = Command::new(env!("CARGO_BIN_EXE_gongshi"))
            .args(["search", "--data", data, "--config", nowhere.to_str().unwrap()])
            .args(arguments)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = run(&["cwgk", "维修"]);
    assert!(said.contains("2025-11-13  村级【财务公开】") && said.contains("道路【维修】"), "{said}");
    assert!(said.contains("1 hit, ") && said.contains("示例镇人民政府 1"), "{said}");
    assert!(run(&["没有"]).starts_with("0 hits"));
    assert!(run(&["公告", "--year", "2024"]).starts_with("0 hits"));
    let json: serde_json::Value =
        serde_json::from_str(&run(&["公告", "--json", "--limit", "1", "--year", "2025"])).unwrap();
    assert_eq!((json["total"].as_u64(), json["hits"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert_eq!(json["facets"]["catalogues"][0], serde_json::json!(["trade", 2]));
}
