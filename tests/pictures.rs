//! Pictures of documents and rows: kept once, within a bound, across restarts; shown with the network gone; lost one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "pictures/rows.rs"]
mod rows;

use gongshi::{
    check,
    edition::{Document, Query, Question, Response},
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Block, Notice, NoticeId, ShowPeriod},
    platform,
    player::{Inbound, Outbound, Service, orders},
    store::{DuePicture, NewPicture, PictureRoom, Store},
    time::{SystemClock, Timestamp},
};
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    time::Duration,
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path as at_path},
};

const ROOM: u64 = 1 << 20;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_000_000 + second).unwrap()
}

fn notice(key: &str, day: i64, pictures: &[&str]) -> Notice {
    Notice {
        key: key.to_owned(),
        title: format!("公告{key}"),
        kind: "公告".to_owned(),
        catalogue: "gov".to_owned(),
        issuer: None,
        number: None,
        author: None,
        published: Some(at(day * 86_400)),
        updated: None,
        show: ShowPeriod::default(),
        summary: String::new(),
        body: pictures.iter().map(|&src| Block::Picture { src: src.into(), alt: "图".into() }).collect(),
        attachments: Vec::new(),
        link: None,
        warning: None,
    }
}

fn harvest(feed: &str, notices: Vec<Notice>) -> Harvest {
    let items = notices.into_iter().map(|notice| Harvested { notice, source: "示例".into() }).collect();
    let outcome = HarvestOutcome::Notices { items, whole: true, faults: Vec::new() };
    Harvest {
        feed: feed.into(),
        title: feed.into(),
        at: at(0),
        outcome,
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

fn new(byte: u8, size: usize) -> NewPicture {
    let validators = Validators { etag: Some(format!("\"{byte}\"")), last_modified: None };
    NewPicture { bytes: vec![byte; size], validators, pixels: 100 }
}

fn id(store: &Store, key: &str) -> NoticeId {
    let edition = store.edition(1).unwrap();
    edition.notices.iter().find(|h| h.title == format!("公告{key}")).expect(key).id
}

fn due(store: &Store, feed: &str) -> Vec<String> {
    let due = store.due_pictures(feed, at(0), 1000, 99).unwrap();
    due.into_iter().map(|DuePicture { address, .. }| address).collect()
}

fn first_byte(store: &Store, key: &str, address: &str) -> Option<u8> {
    store.picture(id(store, key), address).unwrap().map(|kept| kept.bytes[0])
}

fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

#[test]
fn equal_bytes_are_kept_once_and_survive_a_restart() {
    let (dir, mut store) = open();
    store.ingest(&harvest("甲", vec![notice("a", 1, &["http://x/1", "http://x/2", "http://x/1"])])).unwrap();
    store.ingest(&harvest("乙", vec![notice("b", 2, &["http://y/1"])])).unwrap();
    assert_eq!(due(&store, "甲"), ["http://x/1", "http://x/2"]);
    for (key, address) in [("a", "http://x/1"), ("a", "http://x/2"), ("b", "http://y/1")] {
        assert!(store.keep_picture(id(&store, key), address, &new(7, 500), ROOM).unwrap(), "new to {address}");
        assert!(!store.keep_picture(id(&store, key), address, &new(7, 500), ROOM).unwrap(), "the same bytes");
    }
    assert_eq!(store.picture_room().unwrap(), PictureRoom { pictures: 1, bytes: 500 });
    assert!(due(&store, "甲").is_empty());
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    let kept = store.picture(id(&store, "b"), "http://y/1").unwrap().unwrap();
    assert_eq!((kept.bytes, kept.validators.etag.as_deref()), (vec![7; 500], Some("\"7\"")));
    assert_eq!(store.picture(id(&store, "b"), "http://x/1").unwrap(), None, "it does not name this one");
    store.check().unwrap();
}

#[test]
fn a_changed_notice_fetches_again_and_shows_the_old_until_then() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", vec![notice("a", 1, &["http://x/1", "http://x/2"])])).unwrap();
    let a = id(&store, "a");
    store.keep_picture(a, "http://x/1", &new(1, 9), ROOM).unwrap();
    store.keep_picture(a, "http://x/2", &new(2, 9), ROOM).unwrap();
    store.ingest(&harvest("甲", vec![notice("a", 2, &["http://x/3", "http://x/1"])])).unwrap();
    assert_eq!(due(&store, "甲"), ["http://x/3", "http://x/1"], "in the order of the document");
    let renewed = &store.due_pictures("甲", at(0), 1000, 99).unwrap()[1];
    assert_eq!(renewed.validators.etag.as_deref(), Some("\"1\""), "asked whether it is still the same");
    assert_eq!(first_byte(&store, "a", "http://x/1"), Some(1));
    assert_eq!(first_byte(&store, "a", "http://x/2"), None, "no longer named");
    store.confirm_picture(a, "http://x/1").unwrap();
    assert_eq!(due(&store, "甲"), ["http://x/3"]);
    // A further notice by the same address has the picture at once.
    let both = vec![notice("a", 2, &["http://x/3", "http://x/1"]), notice("b", 3, &["http://x/1"])];
    store.ingest(&harvest("甲", both)).unwrap();
    assert_eq!(first_byte(&store, "b", "http://x/1"), Some(1));
    store.keep_picture(id(&store, "b"), "http://x/1", &new(5, 9), ROOM).unwrap();
    assert_eq!(first_byte(&store, "a", "http://x/1"), Some(5), "one address, one picture");
    assert_eq!(store.bound_pictures(ROOM).unwrap(), 2, "what nothing names any more goes");
    store.ingest(&harvest("甲", Vec::new())).unwrap();
    assert_eq!(store.picture(a, "http://x/1").unwrap(), None, "withdrawn");
    assert!(due(&store, "甲").is_empty());
}

#[test]
fn what_no_notice_shows_goes_first_and_then_what_the_oldest_show() {
    let (_dir, mut store) = open();
    let three =
        || vec![notice("1", 1, &["http://x/1"]), notice("2", 2, &["http://x/2"]), notice("3", 3, &["http://x/3"])];
    store.ingest(&harvest("甲", three())).unwrap();
    for byte in [3_u8, 1, 2] {
        let (key, address) = (byte.to_string(), format!("http://x/{byte}"));
        store.keep_picture(id(&store, &key), &address, &new(byte, 100), 300).unwrap();
    }
    let mut notices = three();
    notices.remove(2);
    notices.push(notice("4", 0, &["http://x/4", "http://x/5"]));
    store.ingest(&harvest("甲", notices)).unwrap();
    let shown = |store: &Store| {
        ["1", "2", "4"].map(|key| first_byte(store, key, &format!("http://x/{key}")).unwrap_or_default())
    };
    let four = id(&store, "4");
    store.keep_picture(four, "http://x/4", &new(4, 100), 300).unwrap();
    assert_eq!(shown(&store), [1, 2, 4], "the withdrawn one's went");
    store.keep_picture(four, "http://x/5", &new(5, 100), 300).unwrap();
    assert_eq!(shown(&store), [1, 2, 0], "the oldest notice's other picture went");
    assert_eq!(store.picture_room().unwrap(), PictureRoom { pictures: 3, bytes: 300 });
    assert!(due(&store, "甲").is_empty(), "what went for want of room is not fetched again and again");
    store.keep_picture(four, "http://x/4", &new(4, 301), 300).unwrap();
    assert_eq!(shown(&store), [1, 2, 0], "what is larger than all the room is not kept and costs nothing else");
    assert_eq!(store.bound_pictures(150).unwrap(), 2);
    assert_eq!(shown(&store), [0, 2, 0]);
    assert_eq!(store.bound_pictures(0).unwrap(), 1);
    store.check().unwrap();
}

#[test]
fn a_picture_that_fails_is_news_once_and_tried_ever_later() {
    let (_dir, mut store) = open();
    store.ingest(&harvest("甲", vec![notice("a", 1, &["http://x/1"]), notice("b", 2, &["http://x/2"])])).unwrap();
    let a = id(&store, "a");
    let when = |store: &Store, second: i64| store.due_pictures("甲", at(second), 1000, 99).unwrap().len();
    assert!(store.miss_picture(a, "http://x/1", at(0)).unwrap());
    assert_eq!((when(&store, 599), when(&store, 600)), (1, 2));
    assert!(!store.miss_picture(a, "http://x/1", at(0)).unwrap());
    assert_eq!((when(&store, 1199), when(&store, 1200)), (1, 2));
    assert!((0..40).all(|_| !store.miss_picture(a, "http://x/1", at(0)).unwrap()));
    assert_eq!((when(&store, 86_399), when(&store, 86_400)), (1, 2), "once a day at least");
    let order: Vec<_> = store.due_pictures("甲", Timestamp::MAX, 1000, 99).unwrap();
    assert_eq!(order[0].address, "http://x/2", "those not tried yet come first");
    store.keep_picture(a, "http://x/1", &new(1, 9), ROOM).unwrap();
    assert!(store.miss_picture(a, "http://x/1", at(0)).unwrap(), "after a success it is news again");
    assert_eq!(store.due_pictures("甲", Timestamp::MAX, 100, 99).unwrap().len(), 1, "no more pixels for this notice");
}

fn gongshi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongshi")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn png(width: u32, height: u32, rgb: [u8; 3]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = image::RgbaImage::from_pixel(width, height, image::Rgba([rgb[0], rgb[1], rgb[2], 255]));
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A PNG that says it is 16,000 pixels wide and high, which is a gigabyte.
fn bomb() -> Vec<u8> {
    let mut bytes = png(8, 8, [0; 3]);
    bytes[16..24].copy_from_slice(&[0, 0, 0x3e, 0x80, 0, 0, 0x3e, 0x80]);
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    bytes
}

const GREEN: [u8; 3] = [10, 200, 30];
const PLUM: [u8; 3] = [107, 63, 160];

/// A config with one feed on `server`, whose one notice names `pictures`, and a kiosk.
async fn site(dir: &Path, server: &MockServer, pictures: &[(&str, Vec<u8>)]) -> (PathBuf, PathBuf) {
    let (config, data) = (dir.join("c"), dir.join("d"));
    for folder in ["feeds", "screens"] {
        fs::create_dir_all(config.join(folder)).unwrap();
    }
    fs::write(config.join("site.toml"), "title = \"试\"\n").unwrap();
    fs::write(config.join("catalogue.toml"), "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n").unwrap();
    let feed = format!(
        "title = \"网\"\nsource = \"{}/feed.xml\"\ncatalogue = \"gov\"\nprivate_network = true\n",
        server.uri()
    );
    fs::write(config.join("feeds/net.toml"), feed).unwrap();
    fs::write(config.join("screens/k.toml"), "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n").unwrap();
    let mut words = String::from("正文。");
    for (name, bytes) in pictures {
        words += &format!("<p><img src=\"/{name}\" alt=\"{name}\"></p>");
        let answer = ResponseTemplate::new(200).insert_header("ETag", "\"1\"").set_body_bytes(bytes.clone());
        Mock::given(method("GET")).and(at_path(format!("/{name}"))).respond_with(answer).mount(server).await;
    }
    let body = format!(
        "<rss version='2.0'><channel><title>网</title><link>{0}/</link><item><guid>1</guid><title>带图的公告</title>\
         <link>{0}/1</link><pubDate>Fri, 20 Nov 2026 08:00:00 +0800</pubDate>\
         <description><![CDATA[{words}]]></description></item></channel></rss>",
        server.uri()
    );
    let answer = ResponseTemplate::new(200).set_body_raw(body, "application/rss+xml");
    Mock::given(method("GET")).and(at_path("/feed.xml")).respond_with(answer).mount(server).await;
    (config, data)
}

/// Ends a server and waits until nobody listens there.
fn stop(server: MockServer) {
    let address = *server.address();
    drop(server);
    let is_gone = || std::net::TcpStream::connect(address).is_err();
    let is_stopped = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        is_gone()
    });
    assert!(is_stopped, "the server still listens");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_shows_its_pictures_after_the_server_is_gone_and_bad_ones_lose_only_themselves() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let pictures = [
        ("bomb.png", bomb()),
        ("huge.png", vec![0; 17 << 20]),
        ("good.png", png(300, 200, GREEN)),
        ("also.png", png(120, 100, PLUM)),
        ("page.png", b"<html>404</html>".to_vec()),
        ("cut.png", png(300, 200, [200, 0, 0])[..60].to_vec()),
    ];
    let (config, data) = site(dir.path(), &server, &pictures).await;
    let places = ["--config", path(&config), "--data", path(&data)];
    let text = said(&gongshi(&[&["harvest"][..], &places].concat()));
    assert!(text.lines().any(|l| l.starts_with("net") && l.trim_end().ends_with("  2")), "{text}");
    for name in ["bomb.png", "huge.png", "page.png", "cut.png"] {
        assert_eq!(text.matches(name).count(), 1, "{name} is named once: {text}");
    }
    stop(server);
    let draw = |name: &str| {
        let out = dir.path().join(name);
        let script = ["--frames", "16", "--fps", "10", "--at", "2026-11-23T09:42:07+08:00", "--tap", "400,720@100"];
        let output = gongshi(&[&["render", "--screen", "k", "--out", path(&out)][..], &places, &script].concat());
        assert!(output.status.success(), "{}", said(&output));
        let picture = image::open(out.join("frame-00015.png")).unwrap().into_rgba8();
        [GREEN, PLUM].map(|rgb| picture.pixels().filter(|p| p.0[..3] == rgb).count())
    };
    let shown = draw("o");
    assert_eq!(shown, [300 * 200, 120 * 100], "shown pixel for pixel from the store");
    fs::write(config.join("site.toml"), "title = \"试\"\npicture_space = 0\n").unwrap();
    gongshi(&[&["harvest"][..], &places].concat());
    assert_eq!(draw("same"), shown, "a feed that fails loses nothing");
}

#[test]
fn a_folders_picture_is_kept_when_the_folder_is_away() {
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = (dir.path().join("c"), dir.path().join("d"));
    fs::create_dir_all(config.join("feeds")).unwrap();
    fs::create_dir_all(config.join("box")).unwrap();
    fs::write(config.join("site.toml"), "title = \"试\"\n").unwrap();
    fs::write(config.join("catalogue.toml"), "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n").unwrap();
    let feed = "title = \"夹\"\nsource = \"box\"\ncatalogue = \"gov\"\n";
    fs::write(config.join("feeds/box.toml"), feed).unwrap();
    fs::create_dir_all(config.join("screens")).unwrap();
    fs::write(config.join("screens/k.toml"), "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n").unwrap();
    fs::write(config.join("box/in.png"), png(30, 20, GREEN)).unwrap();
    fs::write(dir.path().join("out.png"), png(30, 20, PLUM)).unwrap();
    fs::write(config.join("box/图.md"), "# 公告图\n\n![里](in.png)\n\n![外](../../out.png)\n").unwrap();
    let text = said(&gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]));
    assert!(text.contains("outside"), "{text}");
    let store = Store::open(&data).unwrap();
    assert_eq!(store.picture_room().unwrap(), PictureRoom { pictures: 1, bytes: png(30, 20, GREEN).len() as u64 });
    drop(store);
    // Written over, the new one is shown; with the folder away, the last one.
    fs::write(config.join("box/in.png"), png(40, 20, PLUM)).unwrap();
    ask(dir.path(), |d| d.pictures.values().any(|p| p.width == 40));
    fs::rename(config.join("box"), dir.path().join("away")).unwrap();
    let document = ask(dir.path(), |d| !d.pictures.is_empty());
    assert!(document.pictures.values().all(|p| p.width == 40 && p.rgba.chunks(4).all(|p| p[..3] == PLUM)));
}

/// Asks the running service for its one notice until `done` likes the answer.
fn ask(dir: &Path, done: impl Fn(&Document) -> bool) -> Arc<Document> {
    let config = Arc::new(check::load(&dir.join("c")).config.unwrap());
    let (waker, inbox) = platform::inbox(64, || {});
    let (order, taken) = orders();
    let service = Service { config, broken: 0, data: dir.join("d"), waker, clock: Arc::new(SystemClock::default()) };
    let running = std::thread::spawn(move || service.serve(taken));
    let (mut found, mut generation, mut last) = (None, 0, None);
    for turn in 0..600 {
        while let Some(message) = inbox.next() {
            match message {
                Inbound::Edition(edition) => last = edition.notices.first().map(|n| n.id).or(last),
                Inbound::Answer(answer) => {
                    if let Response::Document(document) = answer.response
                        && done(&document)
                    {
                        found = Some(document);
                    }
                }
                _ => {}
            }
        }
        if found.is_some() {
            break;
        }
        if let Some(notice) = last.filter(|_| turn % 20 == 5) {
            generation += 1;
            order(Outbound::Ask(Question { screen: 0, generation, query: Query::Notice(notice) }));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    order(Outbound::Quit);
    running.join().unwrap().unwrap();
    found.expect("no such answer came")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_keeps_pictures_after_a_look_and_answers_with_them_when_the_network_is_gone() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let pictures = [("good.png", png(300, 200, GREEN)), ("page.png", b"<html>404</html>".to_vec())];
    site(dir.path(), &server, &pictures).await;
    let has_both = |d: &Document| d.pictures.keys().any(|k| k.ends_with("good.png"));
    let place = dir.path().to_owned();
    let document = tokio::task::spawn_blocking(move || ask(&place, has_both)).await.unwrap();
    assert_eq!(document.pictures.len(), 1, "the page that is no picture loses only itself");
    let requests = server.received_requests().await.unwrap();
    let asked = |name: &str| requests.iter().filter(|r| r.url.path() == name).count();
    assert!((1..=12).contains(&asked("/page.png")), "{} times", asked("/page.png"));
    stop(server);
    let place = dir.path().to_owned();
    let document = tokio::task::spawn_blocking(move || ask(&place, has_both)).await.unwrap();
    let picture = document.pictures.values().next().unwrap();
    assert_eq!((picture.width, picture.height), (300, 200));
    assert!(picture.rgba.chunks(4).all(|p| p[..3] == GREEN), "pixel by pixel");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_opens_before_its_picture_came_fetches_and_keeps_it() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = site(dir.path(), &server, &[("good.png", png(300, 200, GREEN))]).await;
    assert!(gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]).status.success());
    Store::open(&data).unwrap().bound_pictures(0).unwrap();
    // The feed is not due for long, and what went for want of room is not fetched by a look.
    let place = dir.path().to_owned();
    tokio::task::spawn_blocking(move || ask(&place, |d| !d.pictures.is_empty())).await.unwrap();
    assert_eq!(Store::open(&data).unwrap().picture_room().unwrap().pictures, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_replaced_at_its_source_is_shown_anew() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = site(dir.path(), &server, &[("good.png", png(300, 200, GREEN))]).await;
    assert!(gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]).status.success());
    server.reset().await;
    let answer = ResponseTemplate::new(200).set_body_bytes(png(60, 50, PLUM));
    Mock::given(method("GET")).and(at_path("/good.png")).respond_with(answer).mount(&server).await;
    let place = dir.path().to_owned();
    let is_new = |d: &Document| d.pictures.values().any(|p| p.width == 60);
    tokio::task::spawn_blocking(move || ask(&place, is_new)).await.unwrap();
    let store = Store::open(&data).unwrap();
    let kept = store.picture(store.edition(1).unwrap().notices[0].id, &format!("{}/good.png", server.uri())).unwrap();
    assert_eq!(kept.unwrap().bytes, png(60, 50, PLUM));
    let requests = server.received_requests().await.unwrap();
    assert!(requests.iter().any(|r| r.headers.get("if-none-match").is_some_and(|v| v == "\"1\"")));
}
