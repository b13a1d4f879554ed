//! Pictures that rows name: the newest rows' are fetched, the others' when they are opened, and what is not held is said.

use super::{GREEN, PLUM, ROOM, at, gongshi, new, path, png, said, stop};
use gongshi::{
    check,
    config::{Column, ColumnKind, Config, Feed, Register},
    edition::{Query, Question, Response, RowFile, TableQuery},
    feeds::{Harvest, HarvestOutcome, Validators},
    model::{Row, RowId, Value},
    platform,
    player::{Inbound, Outbound, Service, orders},
    store::{PictureRoom, Store},
    time::{Clock, SystemClock, civil::date},
};
use std::{fs, path::Path, path::PathBuf, sync::Arc, time::Duration};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path as at_path},
};

fn county() -> Config {
    let column = |id: &str, kind| Column { id: id.into(), title: id.into(), kind, ..Column::default() };
    let register = Register {
        key: vec!["id".into()],
        period: "day".into(),
        column: vec![
            column("id", ColumnKind::Code),
            column("day", ColumnKind::Date),
            column("pictures", ColumnKind::Picture),
        ],
        ..Register::default()
    };
    let feed = |register: &str| Feed { register: register.into(), ..Feed::default() };
    Config {
        registers: [("ledger".into(), register)].into(),
        feeds: [("甲".into(), feed("ledger")), ("乙".into(), feed("ledger"))].into(),
        ..Config::default()
    }
}

fn row(id: &str, day: i8, pictures: &[&str]) -> Row {
    let pictures = match pictures {
        [] => Value::Empty,
        all => Value::Pictures(all.iter().map(|p| (*p).to_owned()).collect()),
    };
    let values = vec![Value::Text(id.into()), Value::Date(date(2026, 10, day)), pictures];
    Row { key: id.into(), values, steps: Vec::new() }
}

fn take(store: &mut Store, feed: &str, second: i64, rows: Vec<Row>) {
    let harvest = Harvest {
        feed: feed.into(),
        title: feed.into(),
        at: at(second),
        outcome: HarvestOutcome::Rows { register: "ledger".into(), rows, whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    };
    store.ingest_with(&harvest, &county()).unwrap();
}

fn id(store: &Store, key: &str) -> RowId {
    let query = TableQuery { register: "ledger".into(), ..TableQuery::default() };
    let told = store.answer(&Query::Table(query), &county(), date(2026, 11, 23)).unwrap();
    let Response::Table(table) = told else { panic!() };
    table.rows.iter().find(|r| r.row.key == key).expect(key).id
}

fn due(store: &Store, feed: &str, second: i64) -> Vec<String> {
    let due = store.due_row_pictures(feed, &county(), at(second), 99).unwrap();
    due.into_iter().map(|d| d.address).collect()
}

fn open() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    take(&mut store, "甲", 0, vec![row("old", 1, &["http://x/1", "http://x/2"]), row("new", 9, &["http://x/3"])]);
    take(&mut store, "乙", 0, vec![row("other", 20, &["http://x/9"])]);
    (dir, store)
}

#[test]
fn the_newest_rows_pictures_are_due_and_kept_across_a_restart() {
    let (dir, mut store) = open();
    assert_eq!(due(&store, "甲", 0), ["http://x/3", "http://x/1", "http://x/2"], "the newest first, this feed's only");
    let (old, fresh) = (id(&store, "old"), id(&store, "new"));
    assert!(store.keep_picture(fresh, "http://x/3", &new(3, 500), ROOM).unwrap());
    assert!(!store.keep_picture(fresh, "http://x/3", &new(3, 500), ROOM).unwrap(), "the same bytes");
    assert_eq!(due(&store, "甲", 0), ["http://x/1", "http://x/2"]);
    // One address is one picture, whichever row names it; one of another feed is not.
    assert!(store.picture(old, "http://x/3").unwrap().is_some());
    assert!(store.picture(id(&store, "other"), "http://x/3").unwrap().is_none());
    store.bound_pictures(ROOM).unwrap();
    drop(store);
    let mut store = Store::open(dir.path()).unwrap();
    let kept = store.picture(fresh, "http://x/3").unwrap().expect("kept");
    assert_eq!((kept.bytes, kept.validators.etag.as_deref()), (vec![3; 500], Some("\"3\"")));
    take(&mut store, "甲", 60, vec![row("old", 1, &["http://x/1"])]);
    assert!(store.picture(fresh, "http://x/3").unwrap().is_none(), "withdrawn");
}

#[test]
fn a_rows_picture_that_fails_is_news_once_and_tried_ever_later() {
    let (_dir, mut store) = open();
    let old = id(&store, "old");
    assert!(store.miss_picture(old, "http://x/1", at(0)).unwrap());
    assert!(!store.miss_picture(old, "http://x/1", at(0)).unwrap());
    assert_eq!(due(&store, "甲", 1199), ["http://x/3", "http://x/2"], "twenty minutes after the second");
    assert_eq!(due(&store, "甲", 1200), ["http://x/3", "http://x/2", "http://x/1"], "after those never tried");
    store.keep_picture(old, "http://x/1", &new(1, 9), ROOM).unwrap();
    assert!(store.miss_picture(old, "http://x/1", at(0)).unwrap(), "after a success it is news again");
    store.confirm_picture(old, "http://x/1").unwrap();
    assert_eq!(due(&store, "甲", 9_999), ["http://x/3", "http://x/2"]);
}

#[test]
fn withdrawn_rows_pictures_go_first_and_then_the_oldest() {
    let (_dir, mut store) = open();
    let (old, fresh, other) = (id(&store, "old"), id(&store, "new"), id(&store, "other"));
    store.keep_picture(other, "http://x/9", &new(9, 100), 300).unwrap();
    store.keep_picture(fresh, "http://x/3", &new(3, 100), 300).unwrap();
    store.keep_picture(old, "http://x/1", &new(1, 100), 300).unwrap();
    assert_eq!(store.picture_room().unwrap(), PictureRoom { pictures: 3, bytes: 300 });
    take(&mut store, "乙", 60, Vec::new());
    let has = |store: &Store| {
        [(fresh, "3"), (old, "1")].map(|(r, n)| store.picture(r, &format!("http://x/{n}")).unwrap().is_some())
    };
    store.bound_pictures(250).unwrap();
    assert_eq!((has(&store), store.picture_room().unwrap().pictures), ([true, true], 2), "what no row shows");
    store.bound_pictures(150).unwrap();
    assert_eq!(has(&store), [true, false], "then the oldest row's");
    assert_eq!(due(&store, "甲", 9_999), ["http://x/2"], "what went for want of room is not fetched again");
}

/// A config with one table on `server`, whose one row names three pictures, one of them not there.
async fn site(dir: &Path, server: &MockServer) -> (PathBuf, PathBuf) {
    let (config, data) = (dir.join("c"), dir.join("d"));
    for folder in ["feeds", "registers", "screens"] {
        fs::create_dir_all(config.join(folder)).unwrap();
    }
    fs::write(config.join("site.toml"), "title = \"试\"\n").unwrap();
    let register = "title = \"账\"\nkey = [\"id\"]\n[[column]]\nid = \"id\"\ntitle = \"凭证号\"\n\
                    [[column]]\nid = \"pictures\"\ntitle = \"凭证\"\nkind = \"picture\"\n";
    fs::write(config.join("registers/ledger.toml"), register).unwrap();
    let feed = format!(
        "title = \"网\"\nsource = \"{}/table.csv\"\nregister = \"ledger\"\nprivate_network = true\n",
        server.uri()
    );
    fs::write(config.join("feeds/net.toml"), feed).unwrap();
    fs::write(config.join("screens/k.toml"), "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n").unwrap();
    let table = "凭证号,凭证\nA-1,good.png;also.png;none.png\n";
    let pictures = [
        ("table.csv", table.as_bytes().to_vec()),
        ("good.png", png(300, 200, GREEN)),
        ("also.png", png(120, 100, PLUM)),
    ];
    for (name, bytes) in pictures {
        let kind = if name.ends_with("csv") { "text/csv; charset=utf-8" } else { "image/png" };
        let answer = ResponseTemplate::new(200).insert_header("ETag", "\"1\"").set_body_raw(bytes, kind);
        Mock::given(method("GET")).and(at_path(format!("/{name}"))).respond_with(answer).mount(server).await;
    }
    (config, data)
}

/// Asks the running service for the row until `done` likes the answer.
fn ask(dir: &Path, row: RowId, done: impl Fn(&RowFile) -> bool) -> Arc<RowFile> {
    let config = Arc::new(check::load(&dir.join("c")).config.unwrap());
    let (waker, inbox) = platform::inbox(64, || {});
    let (order, taken) = orders();
    let service = Service { config, broken: 0, data: dir.join("d"), waker, clock: Arc::new(SystemClock::default()) };
    let running = std::thread::spawn(move || service.serve(taken));
    let (mut found, mut generation) = (None, 0);
    for turn in 0..600 {
        while let Some(message) = inbox.next() {
            if let Inbound::Answer(answer) = message
                && let Response::Row(file) = answer.response
                && done(&file)
            {
                found = Some(file);
            }
        }
        if found.is_some() {
            break;
        }
        if turn % 20 == 5 {
            generation += 1;
            order(Outbound::Ask(Question { screen: 0, generation, query: Query::Row(row) }));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    order(Outbound::Quit);
    running.join().unwrap().unwrap();
    found.expect("no such answer came")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_shows_what_is_held_with_the_network_gone_and_says_what_is_not() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = site(dir.path(), &server).await;
    let text = said(&gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]));
    assert!(text.lines().any(|l| l.starts_with("net") && l.trim_end().ends_with("  2")), "{text}");
    assert_eq!(text.matches("none.png").count(), 1, "{text}");
    let store = Store::open(&data).unwrap();
    assert!(
        store
            .due_row_pictures("net", &check::load(&config).config.unwrap(), SystemClock::default().wall(), 9)
            .unwrap()
            .is_empty()
    );
    drop(store);
    stop(server);
    let place = dir.path().to_owned();
    let file = tokio::task::spawn_blocking(move || ask(&place, RowId(1), |f| f.is_settled)).await.unwrap();
    let mut sizes: Vec<_> = file.pictures.values().map(|p| (p.width, p.height)).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [(120, 100), (300, 200)], "those held, and no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_opened_fetches_what_is_not_held() {
    let server = MockServer::builder().start().await;
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = site(dir.path(), &server).await;
    gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]);
    Store::open(&data).unwrap().bound_pictures(0).unwrap();
    let place = dir.path().to_owned();
    tokio::task::spawn_blocking(move || ask(&place, RowId(1), |f| f.pictures.len() == 2)).await.unwrap();
    assert_eq!(Store::open(&data).unwrap().picture_room().unwrap().pictures, 2, "and keeps it");
}
