//! Every notice tells where its words came from, and the bytes are there to compare.

use crate::{
    child::Site,
    server::{GOOD, Server, whole},
};
use gongshi::store::{SourceInfo, Store};
use std::process::Command;

fn only(site: &Site) -> (Store, gongshi::model::NoticeId, Vec<SourceInfo>) {
    let store = Store::open(&site.data()).unwrap();
    let edition = store.edition(1).unwrap();
    assert_eq!(edition.notices.len(), 1);
    let id = edition.notices[0].id;
    let sources = store.sources(id, None).unwrap();
    (store, id, sources)
}

fn report(site: &Site, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongshi"));
    command.args(["report", "source", "道路改建", "--config"]).arg(site.config()).arg("--data").arg(site.data());
    let output = command.args(args).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_feeds_document_is_kept_as_it_was_sent_once() {
    let later = GOOD.replace("正文", "改过的正文");
    let changed = later.clone();
    let server = Server::start(2, move |s, _| whole(s, "Content-Type: text/xml\r\n", changed.as_bytes()));
    let site = Site::new(&format!("source = \"{}\"\nprivate_network = true\n", server.uri()));
    assert!(site.harvest().said.contains("  ok  "));
    let (store, id, first) = only(&site);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].address.as_str(), first[0].size), (server.uri().as_str(), GOOD.len() as u64));
    assert_eq!(store.raw(first[0].id).unwrap().unwrap(), GOOD.as_bytes());
    let document = store.document(id).unwrap().unwrap();
    assert_eq!(document.fetched_at, Some(first[0].fetched_at));
    drop(store);
    // The same again changes nothing; other bytes make another version with a source of its own.
    site.harvest();
    assert_eq!(only(&site).2, first);
    site.harvest();
    let (store, id, second) = only(&site);
    assert_ne!(second[0].digest, first[0].digest);
    assert_eq!(second[0].media_type.as_deref(), Some("text/xml"));
    assert_eq!(store.raw(second[0].id).unwrap().unwrap(), later.as_bytes());
    assert_eq!(store.sources(id, Some(1)).unwrap(), first);
    drop(store);
    let said = report(&site, &[]);
    for part in [server.uri(), second[0].digest.clone(), later.len().to_string()] {
        assert!(said.contains(&part), "{said}");
    }
    let file = site.dir.path().join("proof.xml");
    report(&site, &["--version", "1", "--out", file.to_str().unwrap(), "--json"]);
    assert_eq!(std::fs::read(&file).unwrap(), GOOD.as_bytes());
}

#[test]
fn an_article_comes_from_its_page_and_from_the_list() {
    let server = Server::start(0, |s, path| {
        let list = "<ul><li><a href='/a.html'>关于道路改建的公示</a></li></ul>";
        let page = "<h1>关于道路改建的公示</h1><article><p>正文";
        whole(s, "Content-Type: text/html\r\n", if path == "/a.html" { page } else { list }.as_bytes())
    });
    let page = "format = \"page\"\n[page]\nitem = \"li\"\npause_ms = 0\n";
    let site = Site::new(&format!("source = \"{}\"\nprivate_network = true\n{page}", server.uri()));
    let run = site.harvest();
    let (store, _, sources) = only(&site);
    assert_eq!(sources.len(), 2, "{}", run.said);
    assert!(sources[0].address.ends_with("/a.html") && sources[1].address.ends_with("/feed"));
    assert!(String::from_utf8(store.raw(sources[0].id).unwrap().unwrap()).unwrap().contains("<article>"));
}

#[test]
fn files_of_a_folder_are_each_their_notices_source_and_the_bound_holds() {
    let site = Site::new("source = \"docs\"\n");
    let write = |name: &str, size: usize| {
        let folder = site.config().join("docs/sub");
        std::fs::create_dir_all(&folder).unwrap();
        // Digits of no order pack to somewhat less than half.
        let words: String = (0..size as u64).map(|n| (n * n % 1_000_003 * 26_544 % 999_983).to_string()).collect();
        std::fs::write(folder.join(name), format!("关于{name}的公示\n{words}")).unwrap();
    };
    write("甲(2026-11-01).txt", 100_000);
    write("乙(2026-11-02).txt", 100_000);
    site.harvest();
    let mut store = Store::open(&site.data()).unwrap();
    let kept = |store: &Store| -> Vec<(String, bool)> {
        let edition = store.edition(1).unwrap();
        let sources = edition.notices.iter().flat_map(|n| store.sources(n.id, None).unwrap());
        sources.map(|s| (s.address, s.is_kept)).collect()
    };
    let both = kept(&store);
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|(address, is_kept)| *is_kept && address.starts_with("sub/")), "{both:?}");
    assert_eq!(store.raw_held("net").unwrap().len(), 2);
    assert_eq!(store.bound_raw(u64::MAX).unwrap(), 0);
    assert_eq!(store.bound_raw(400_000).unwrap(), 1);
    let one = kept(&store);
    assert_eq!(one, [("sub/乙(2026-11-02).txt".to_owned(), true), ("sub/甲(2026-11-01).txt".to_owned(), false)]);
    assert_eq!(store.bound_raw(0).unwrap(), 1);
    store.check().unwrap();
    drop(store);
    // What is gone is not packed in vain, and comes back only with news; none is kept where none is wanted.
    std::fs::write(site.config().join("site.toml"), "title = \"试\"\nraw_space = 0\n").unwrap();
    write("丙(2026-11-03).txt", 10);
    site.harvest();
    let store = Store::open(&site.data()).unwrap();
    let none = kept(&store);
    assert!(none.len() == 3 && none.iter().all(|(_, is_kept)| !is_kept), "{none:?}");
}
