//! Every released step stays as it is, and brings an older file up.

use super::*;
use crate::store::{Store, rows};

/// One line a released step; a step is appended together with its line, and no line is ever changed.
const RELEASED: &[&str] = &[
    "690174762560e342554d9dc95a984952925fce1128379324cbab40baf5056557",
    "f47172e0242a8ea51e1944ac7bae7ad6a49dbcf4c2da4877c45b346c4ab2c768",
    "2fd7396fc91b0fcf8ea6d18318d96f2b55b88212745ee1b6a528d149d94dccc0",
    "4696cc476ba8b74245d9b14658ebb2d8943f47782a1e54ae657d2267726a164e",
    "43f6563a039a27bed020617010e5bcfa9c8f52c9596fd70bd15c18cc14b25036",
    "65e35e6c2db4dabb5b42ae9a4114482fccaf78357e19fd15bd587b5e631cf223",
    "7b586c9e2f30b0efc3e262526c4efd5659dcf9919697c4a4678c7b109ea8b7ee",
    "6d2b7408b20e7be0313e3fe177538ebbcedbee47171b1dd3e7a5d67d4eb215bb",
    "46324c6f5eb18abb964a8a69fcaa37b1d4d349dc15f7482390b1ea7ba37c80e6",
    "e31c4f46a49ff4a35fc3871dd2638ce6e5617be16e8f365bcd1f580b4af24b47",
    "6be89b10ee5c1a44a402777b000feaa343ba3b06fee518f6bc77c3c0d84fd726",
    "ab55f68b1418eaff6a5714df8c3f53a3f5e8e6ec65d0cb455372cfaf53054642",
    "6b51a1c6e3d65187a3197207303d0d00f35f639e48538407fa690f7261ee380f",
    "1b41146f55eeb5540686e02d9ef17b3d9b8d23b6834d0e1bb6fdaf996f40395b",
    "30ca37b9b869575f5508e4120cfbc54018b75bfd10ac0a8d92c319d18b51de9f",
    "16e52347430787bdfeebd541ebf163fd0052586b071ebb1bbb5e81e9b14ec247",
];

#[test]
fn released_steps_are_never_edited() {
    let now: Vec<String> = STEPS.iter().map(|s| rows::hex(&rows::sha256(s.as_bytes()))).collect();
    assert_eq!(now, RELEASED);
}

#[test]
fn an_older_file_is_brought_up_and_keeps_what_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    let path = dir.path().join("gongshi.db");
    let mut conn = Connection::open(&path).unwrap();
    conn.execute("INSERT INTO feed (name, title) VALUES ('a', '示例镇')", []).unwrap();
    let mut later = STEPS.to_vec();
    later.push("ALTER TABLE feed ADD COLUMN extra TEXT NOT NULL DEFAULT 'added'");
    migrate(&mut conn, &path, &later).unwrap();
    migrate(&mut conn, &path, &later).unwrap();
    let row: (String, String) =
        conn.query_row("SELECT title, extra FROM feed", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    assert_eq!(row, ("示例镇".to_owned(), "added".to_owned()));
    assert_eq!(taken(&conn).unwrap(), later.len() as i64);
}

#[test]
fn an_older_file_keeps_what_its_programmes_noted_and_nothing_of_it_goes_on() {
    let mut conn = Connection::open_in_memory().unwrap();
    let path = Path::new("x.db");
    migrate(&mut conn, path, &STEPS[..12]).unwrap();
    conn.execute_batch(
        "INSERT INTO feed (id, name, title) VALUES (1, 'a', '示例镇');
         INSERT INTO notice (id, feed, key, look, first_seen, last_seen, sorted_at, version, digest, source, title,
             kind, catalogue) VALUES (7, 1, 'k', 1, 0, 0, 0, 2, x'00', '', '', '', '');
         INSERT INTO shown (screen, notice, version, began, ended) VALUES
             ('hall', 7, 1, 10, 20), ('hall', 7, 2, 30, NULL), ('door', 7, 2, 30, NULL);
         INSERT INTO screen_alive VALUES ('hall', 90);",
    )
    .unwrap();
    migrate(&mut conn, path, STEPS).unwrap();
    let mut query = conn.prepare("SELECT began, ended FROM shown ORDER BY id").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let rows: Vec<(i64, Option<i64>)> = rows.map(Result::unwrap).collect();
    assert_eq!(rows, [(10, Some(20)), (30, Some(90)), (30, Some(30))]);
}

#[test]
fn an_older_file_learns_which_pictures_its_notices_name() {
    let mut conn = Connection::open_in_memory().unwrap();
    let path = Path::new("x.db");
    migrate(&mut conn, path, &STEPS[..2]).unwrap();
    conn.execute_batch(
        "INSERT INTO feed (id, name, title) VALUES (1, 'a', '示例镇');
         INSERT INTO notice (id, feed, key, look, first_seen, last_seen, sorted_at, version, digest, source, title,
             kind, catalogue) VALUES (7, 1, 'k', 1, 0, 0, 0, 2, x'00', '', '', '', ''),
             (8, 1, 'l', 1, 0, 0, 0, 1, x'00', '', '', '', '')",
    )
    .unwrap();
    let body = |names: &[&str]| {
        let named = names.iter().map(|n| format!(r#"{{"type":"picture","src":"http://x/{n}","alt":""}}"#));
        let all: Vec<String> = std::iter::once(r#"{"type":"rule"}"#.to_owned()).chain(named).collect();
        format!(r#"{{"title":"题","body":[{}]}}"#, all.join(",")).into_bytes()
    };
    for (notice, number, content) in [(7, 1, body(&["old"])), (7, 2, body(&["b", "a", "b"])), (8, 1, body(&[]))] {
        conn.execute("INSERT INTO version VALUES (?1, ?2, 0, x'00', ?3)", (notice, number, content)).unwrap();
    }
    migrate(&mut conn, path, STEPS).unwrap();
    let mut query = conn.prepare("SELECT notice, address, due FROM named_picture ORDER BY place").unwrap();
    let named = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    let named: Vec<(i64, String, i64)> = named.collect::<Result<_, _>>().unwrap();
    assert_eq!(named, [(7, "http://x/b".to_owned(), 0), (7, "http://x/a".to_owned(), 0)]);
}

/// A file from before the step that says `word`, with notice 7.
fn older(word: &str) -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    let before = STEPS.iter().position(|s| s.contains(word)).unwrap();
    migrate(&mut conn, Path::new("x.db"), &STEPS[..before]).unwrap();
    conn.execute_batch(
        "INSERT INTO feed (id, name, title) VALUES (1, 'a', '示例镇');
         INSERT INTO notice (id, feed, key, look, first_seen, last_seen, sorted_at, version, digest, source, title,
             kind, catalogue) VALUES (7, 1, 'k', 1, 0, 0, 0, 1, x'00', '', '', '', '')",
    )
    .unwrap();
    conn
}

#[test]
fn an_older_file_has_its_notices_indexed_later() {
    let path = Path::new("x.db");
    let mut conn = older("search_todo");
    migrate(&mut conn, path, STEPS).unwrap();
    let below: i64 = conn.query_row("SELECT below FROM search_todo", [], |r| r.get(0)).unwrap();
    assert_eq!(below, 8);
    let mut conn = Connection::open_in_memory().unwrap();
    migrate(&mut conn, path, STEPS).unwrap();
    let todo: i64 = conn.query_row("SELECT count(*) FROM search_todo", [], |r| r.get(0)).unwrap();
    assert_eq!(todo, 0, "a new file has nothing to index");
}

#[test]
fn an_index_of_older_tokens_is_made_anew() {
    let path = Path::new("x.db");
    let mut conn = older("delete-all");
    conn.execute_batch(
        "INSERT INTO search_word (id, word) VALUES (1, '');
         INSERT INTO search_entry VALUES (5, 0, 7, '题', 1, 1, 1, NULL);
         INSERT INTO search_text (rowid, t) VALUES (5, '旧词');
         INSERT INTO search_key (rowid, k) VALUES (5, '旧词');
         INSERT INTO register (id, name, made_by) VALUES (3, 'r', x'01')",
    )
    .unwrap();
    migrate(&mut conn, path, STEPS).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT below FROM search_todo"), 8);
    assert_eq!(count("SELECT count(*) FROM search_entry"), 0);
    assert_eq!(count("SELECT count(*) FROM search_text WHERE search_text MATCH '旧词'"), 0);
    assert_eq!(count("SELECT count(*) FROM search_key WHERE search_key MATCH '旧词'"), 0);
    assert_eq!(count("SELECT count(*) FROM register WHERE made_by IS NULL"), 1);
}

#[test]
fn an_older_file_takes_registers_too() {
    use crate::{config::Config, feeds};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("gongshi.db");
    let mut conn = Connection::open(&path).unwrap();
    migrate(&mut conn, &path, &STEPS[..4]).unwrap();
    conn.execute("INSERT INTO feed (name, title, look) VALUES ('a', '示例镇', 3)", []).unwrap();
    drop(conn);
    let mut store = Store::open(dir.path()).unwrap();
    let config = Config { registers: [("r".into(), Default::default())].into(), ..Config::default() };
    let rows = vec![crate::model::Row { key: "k".into(), ..Default::default() }];
    let harvest = feeds::Harvest {
        feed: "a".into(),
        title: "示例镇".into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        outcome: feeds::HarvestOutcome::Rows { register: "r".into(), rows, whole: true, faults: Vec::new() },
        validators: feeds::Validators::default(),
        raw: Vec::new(),
    };
    assert_eq!(store.ingest_with(&harvest, &config).unwrap().new, 1);
    store.check().unwrap();
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    let path = dir.path().join("gongshi.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let said = Store::open(dir.path()).unwrap_err().to_string();
    assert!(said.contains("gongshi.db was written by a newer gongshi (schema 99"), "{said}");
    assert!(said.contains("--data"), "{said}");
    assert_eq!(taken(&Connection::open(&path).unwrap()).unwrap(), 99);
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let mut conn = Connection::open_in_memory().unwrap();
    let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); SELECT nonsense"];
    assert!(migrate(&mut conn, Path::new("x.db"), &steps).is_err());
    assert_eq!(taken(&conn).unwrap(), 0);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
    assert_eq!(tables, 0);
}
