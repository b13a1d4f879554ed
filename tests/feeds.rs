//! Feeds against real servers on loopback and, where they are at hand, against real documents.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "feeds/formats.rs"]
mod formats;
#[path = "feeds/zones.rs"]
mod zones;

use gongshi::{
    config::{Config, Feed},
    feeds::{Client, FeedError, Harvest, HarvestOutcome, Hint, Validators, harvest, parse},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

const RSS: &str = "<rss version='2.0'><channel><title>网</title><item><guid>1</guid><title>公示&lt;b&gt;甲&lt;/b&gt;</title>\
    <link>/a</link><pubDate>2026年11月23日</pubDate><description>&lt;p&gt;正文&lt;/p&gt;</description></item></channel></rss>";

fn here() -> Config {
    Config { dir: ".".into(), ..Config::default() }
}

async fn look(feed: &Feed, previous: &Validators) -> Result<Harvest, FeedError> {
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    harvest(&Client::new(), "test", feed, &here(), previous, now).await
}

fn feed(source: String) -> Feed {
    Feed {
        source,
        title: "网".into(),
        timeout_seconds: 2,
        max_megabytes: 2,
        show_days: 3,
        private_network: true,
        ..Feed::default()
    }
}

fn count(harvest: &Harvest) -> (usize, usize) {
    match &harvest.outcome {
        HarvestOutcome::Unchanged => (0, 0),
        HarvestOutcome::Rows { rows, faults, .. } => (rows.len(), faults.len()),
        HarvestOutcome::Notices { items, faults, .. } => (items.len(), faults.len()),
    }
}

/// Serves one answer to every connection, as raw bytes sent piece by piece.
async fn raw(pieces: Vec<Vec<u8>>, pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let pieces = pieces.clone();
            tokio::spawn(async move {
                let mut request = [0; 2048];
                drop(stream.read(&mut request).await);
                for piece in pieces {
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    format!("http://{address}/feed")
}

#[tokio::test]
async fn a_feed_gives_its_notices_and_is_asked_conditionally_afterwards() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(header("if-none-match", "\"v1\""))
        .respond_with(ResponseTemplate::new(304))
        .with_priority(1)
        .mount(&server)
        .await;
    let answer =
        ResponseTemplate::new(200).insert_header("etag", "\"v1\"").set_body_raw(RSS, "text/xml; charset=gb2312");
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let mut feed = feed(server.uri());
    let first = look(&feed, &Validators::default()).await.unwrap();
    let HarvestOutcome::Notices { items, whole, .. } = &first.outcome else { panic!("{first:?}") };
    let notice = &items[0].notice;
    assert_eq!((notice.title.as_str(), notice.key.as_str(), *whole), ("公示甲", "1", false));
    assert_eq!(notice.link.as_deref(), Some(format!("{}/a", server.uri()).as_str()));
    assert_eq!(notice.show.until.unwrap().to_string(), "2026-11-25");
    assert_eq!(notice.body[0].plain_text(), "正文");
    assert_eq!(look(&feed, &first.validators).await.unwrap().outcome, HarvestOutcome::Unchanged);
    feed.kind = "公告".into();
    assert_eq!(count(&look(&feed, &first.validators).await.unwrap()), (1, 0), "what is said of it changed");
}

#[tokio::test]
async fn each_fault_of_a_server_is_named_in_one_sentence() {
    let server = MockServer::start().await;
    for (place, status) in [("/500", 500), ("/404", 404)] {
        Mock::given(path(place)).respond_with(ResponseTemplate::new(status)).mount(&server).await;
    }
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "120");
    Mock::given(path("/429")).respond_with(busy).mount(&server).await;
    let round = ResponseTemplate::new(302).insert_header("location", "/loop");
    Mock::given(path("/loop")).respond_with(round).mount(&server).await;
    let big = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 3 << 20]);
    Mock::given(path("/big")).respond_with(big).mount(&server).await;
    let empty = ResponseTemplate::new(200);
    Mock::given(path("/empty")).respond_with(empty).mount(&server).await;
    let other = ResponseTemplate::new(200).set_body_string("<?xml version='1.0'?><catalog><book/></catalog>");
    Mock::given(path("/other")).respond_with(other).mount(&server).await;
    let ok = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let endless: Vec<Vec<u8>> = std::iter::once(ok.clone())
        .chain((0..100).map(|_| b"10000\r\n".iter().copied().chain([b' '; 0x10000]).chain(*b"\r\n").collect()))
        .collect();
    let broken = raw(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>".to_vec()], Duration::ZERO).await;
    let cases = [
        (format!("{}/500", server.uri()), "500"),
        (format!("{}/404", server.uri()), "mend source"),
        (format!("{}/429", server.uri()), "raise every_minutes"),
        (format!("{}/loop", server.uri()), "redirect"),
        (format!("{}/big", server.uri()), "larger than 2 MB"),
        (format!("{}/empty", server.uri()), "empty"),
        (format!("{}/other", server.uri()), "<catalog> is no feed's"),
        (raw(vec![ok.clone(), b"400\r\n".to_vec()], Duration::from_secs(30)).await, "within 2 s"),
        (raw(endless, Duration::ZERO).await, "larger than 2 MB"),
        (raw(bomb(), Duration::ZERO).await, "larger than 2 MB"),
        (broken, "breaks off"),
        ("http://127.0.0.1:1/".into(), "no connection"),
        ("missing/folder".into(), "no such file or folder"),
    ];
    for (source, words) in cases {
        let error = look(&feed(source.clone()), &Validators::default()).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(words) && said.contains(source.split('?').next().unwrap()), "{source}: {said}");
        assert!(!said.contains('\n'));
        assert_eq!(error.retry_after.is_some(), source.ends_with("/429"));
    }
}

/// 64 MB of spaces in a few kilobytes of gzip, by stored header and repeated deflate of zero-entropy data.
fn bomb() -> Vec<Vec<u8>> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        encoder.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let body = encoder.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    vec![head.into_bytes(), body]
}

#[test]
fn a_folder_gives_its_documents_and_names_the_bad_ones() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
    write("甲(2026-11-20).md", "# 关于甲\n\n第一条 正文。\n\n| 一 | 二 |\n|---|---|\n| 1 | 2 |\n".as_bytes());
    write("乙.txt", &encoding_rs::GBK.encode("关于乙的公告\n　　正文乙").0);
    write("丙.html", "<html><head><title>丙</title><meta name=PubDate content='2026-11-01 08:00'></head><body><p>丙文</p></body></html>".as_bytes());
    write("空.md", b"");
    write("噪.txt", &[7; 5000]);
    write("~锁.md", b"# x");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let harvest = runtime.block_on(look(&feed(dir.path().display().to_string()), &Validators::default())).unwrap();
    let HarvestOutcome::Notices { items, whole, faults } = harvest.outcome else { panic!() };
    let mut titles: Vec<&str> = items.iter().map(|h| h.notice.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["丙", "关于乙的公告", "关于甲"]);
    assert!(whole && faults.len() == 2, "{faults:?}");
    let first = items.iter().find(|h| h.notice.title == "关于甲").unwrap();
    assert_eq!(first.notice.published.unwrap().to_string(), "2026-11-19T16:00:00Z");
    assert!(matches!(first.notice.body[1], gongshi::model::Block::Table { .. }));
}

#[test]
fn files_that_are_as_they_were_are_not_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, words: &str, age: u64| {
        let path = dir.path().join(name);
        std::fs::write(&path, words).unwrap();
        let at = std::time::UNIX_EPOCH + Duration::from_secs(1_795_000_000 - age);
        std::fs::File::open(&path).unwrap().set_modified(at).unwrap();
        std::fs::File::open(dir.path()).unwrap().set_modified(at).unwrap();
    };
    let mut feed = feed(dir.path().display().to_string());
    let take = |feed: &Feed, previous: &Validators| gongshi::feeds::wait(look(feed, previous)).unwrap();
    write("甲.md", "# 甲\n\n正文", 60);
    let first = take(&feed, &Validators::default());
    assert_eq!(count(&first), (1, 0));
    assert_eq!(take(&feed, &first.validators).outcome, HarvestOutcome::Unchanged);
    write("乙.md", "# 乙\n\n正文", 50);
    let second = take(&feed, &first.validators);
    assert_eq!(count(&second), (2, 0));
    feed.kind = "公告".into();
    assert_eq!(count(&take(&feed, &second.validators)), (2, 0), "what is said of it changed");
    write("丙.doc", "no document", 40);
    let third = take(&feed, &second.validators);
    assert_eq!(count(&third), (2, 1));
    assert_eq!(count(&take(&feed, &third.validators)), (2, 1), "a file that cannot be read is named again");
}

fn files(dir: &str) -> Option<Vec<PathBuf>> {
    let root = Path::new("../shared/real").join(dir);
    if !root.is_dir() {
        eprintln!("SKIPPED: real documents are not at hand");
        return None;
    }
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "xml" || e == "json" || e == "md") {
                found.push(path);
            }
        }
    }
    Some(found)
}

#[tokio::test]
async fn every_real_feed_served_over_http_gives_notices_or_a_reason() {
    let Some(files) = files("feeds") else { return };
    let server = MockServer::start().await;
    let (mut notices, mut reasons) = (0, Vec::new());
    for (number, file) in files.iter().enumerate() {
        let place = format!("/{number}");
        let answer = ResponseTemplate::new(200).set_body_bytes(std::fs::read(file).unwrap());
        Mock::given(path(place.as_str())).respond_with(answer).mount(&server).await;
        match look(&feed(format!("{}{place}", server.uri())), &Validators::default()).await {
            Ok(harvest) => {
                let (items, faults) = count(&harvest);
                assert!(items + faults > 0, "{}", file.display());
                notices += items;
                if items == 0 {
                    reasons.push(format!("{}: {:?}", file.display(), harvest.outcome));
                }
            }
            Err(error) => reasons.push(format!("{}: {error}", file.display())),
        }
    }
    println!("{} feeds, {notices} notices; without notices:\n{}", files.len(), reasons.join("\n"));
    assert!(reasons.len() * 6 <= files.len(), "{reasons:#?}");
}

#[test]
fn every_real_regulation_is_read_whole() {
    let Some(files) = files("laws") else { return };
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.display().to_string();
        let parsed = parse(&bytes, &Hint { name: name.clone(), ..Hint::default() }).unwrap();
        let notice = &parsed.items[0];
        let read: usize =
            notice.body.iter().map(|b| b.plain_text().chars().filter(|c| !c.is_whitespace()).count()).sum();
        let source = String::from_utf8(bytes).unwrap();
        let text = source.lines().filter(|l| !l.starts_with('#') && !l.starts_with("<!--"));
        let held: usize = text.map(|l| l.chars().filter(|c| !c.is_whitespace()).count()).sum();
        assert!(read * 100 >= held * 97, "{name}: {read} of {held} characters");
        assert!(notice.published.is_some() && !notice.title.contains('('), "{name}: {}", notice.title);
    }
}
