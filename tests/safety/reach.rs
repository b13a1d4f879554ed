//! Where requests may go.

use crate::{
    child::Site,
    server::{GOOD, Server, redirect, whole},
};
use gongshi::{
    config::{Config, Feed, FeedFormat, PortalSelectors},
    feeds::{Client, FeedError, Fetched, Harvest, HarvestOutcome, Validators, harvest},
    store::Store,
};
use std::{path::Path, time::Duration};
use url::Url;

async fn look(feed: &Feed, dir: &Path) -> Result<Harvest, FeedError> {
    let now = "2026-11-23T01:42:00Z".parse().unwrap();
    let config = Config { dir: dir.to_owned(), ..Config::default() };
    harvest(&Client::new(), "gov", feed, &config, &Validators::default(), now).await
}

fn feed(source: &str, private_network: bool) -> Feed {
    Feed { source: source.into(), timeout_seconds: 5, private_network, ..Feed::default() }
}

async fn said(source: &str, private_network: bool) -> String {
    look(&feed(source, private_network), Path::new(".")).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_address_of_the_own_network_is_refused_with_the_mend_and_never_asked() {
    let server = Server::start(usize::MAX, |_, _| Ok(()));
    let port = server.port();
    for host in ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "127.0.0.1.", "a@127.1"] {
        let said = said(&format!("http://{host}:{port}/feed"), false).await;
        assert!(said.contains("is on a private network"), "{host}: {said}");
        assert!(said.contains("private_network = true in feeds/gov.toml if that is meant"), "{host}: {said}");
    }
    assert_eq!(server.asked(), 0, "nothing may have reached the server");
    look(&feed(&server.uri(), true), Path::new(".")).await.unwrap();
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn what_no_source_can_be_is_refused_even_where_the_own_network_is_open() {
    for host in ["169.254.169.254", "0.0.0.0", "0", "[::]", "[fe80::1]", "[::ffff:a9fe:a9fe]", "100.100.100.200"] {
        let said = said(&format!("http://{host}/latest/meta-data/"), true).await;
        assert!(said.contains("where no source can be"), "{host}: {said}");
    }
}

#[tokio::test]
async fn a_redirect_goes_nowhere_a_feed_may_not() {
    for (place, words) in [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://127.0.0.1/x", "only http and https"),
        ("gopher://127.0.0.1:70/_x", "only http and https"),
        ("http://169.254.169.254/latest/", "where no source can be"),
        ("http://[fe80::1]/", "where no source can be"),
        ("//0.0.0.0/", "where no source can be"),
    ] {
        let server = Server::start(0, move |stream, _| redirect(stream, place));
        let said = said(&server.uri(), true).await;
        assert!(said.contains(words) && said.contains(&server.uri()) && !said.contains('\n'), "{place}: {said}");
    }
}

#[tokio::test]
async fn an_address_that_was_typed_is_reached_but_not_what_it_redirects_to() {
    let hidden = Server::start(usize::MAX, |_, _| Ok(()));
    let port = hidden.port();
    let server = Server::start(0, move |stream, path| match path {
        "/feed" => redirect(stream, "/there"),
        "/there" => whole(stream, "", GOOD.as_bytes()),
        "/name" => redirect(stream, &format!("http://localhost:{port}/feed")),
        "/hops" => redirect(stream, "/name"),
        _ => redirect(stream, &format!("http://[::ffff:127.0.0.1]:{port}/feed")),
    });
    let typed = Url::parse(&server.uri()).unwrap();
    let client = Client::for_typed(&typed);
    let get = async |path: &str| {
        let url = typed.join(path).unwrap();
        client.get(&url, &Validators::default(), 1 << 20, Duration::from_secs(5)).await
    };
    assert!(matches!(get("/feed").await, Ok(Fetched::Document { .. })));
    for path in ["/name", "/hops", "/other"] {
        let said = get(path).await.unwrap_err().to_string();
        assert!(said.contains("private network"), "{path}: {said}");
    }
    assert_eq!(hidden.asked(), 0);
}

#[tokio::test]
async fn the_own_network_is_open_for_the_host_of_the_source_alone() {
    let hidden = Server::start(usize::MAX, |_, _| Ok(()));
    let port = hidden.port();
    for place in [format!("http://localhost:{port}/feed"), format!("http://127.0.0.2:{port}/feed")] {
        let server = Server::start(0, move |stream, _| redirect(stream, &place));
        let said = said(&server.uri(), true).await;
        assert!(said.contains("is on a private network") && said.contains("the host of the source alone"), "{said}");
    }
    assert_eq!(hidden.asked(), 0, "nothing may have reached the other host");
    let server = Server::start(0, move |stream, path| match path {
        "/there" => whole(stream, "", GOOD.as_bytes()),
        _ => redirect(stream, "/there"),
    });
    look(&feed(&server.uri(), true), Path::new(".")).await.unwrap();
}

/// A login in a source's address goes to its server, and nowhere else: into no message, no harvest and no file of the
/// store.
#[tokio::test]
async fn a_login_in_an_address_is_for_its_server_alone() {
    let (password, token) = ("geheim-4711", "geheim-0815");
    let server = wiremock::MockServer::start().await;
    let rss = "<rss version='2.0'><channel><item><title>公告</title><link>a.html</link>\
               <description>&lt;a href='b.html'&gt;附件&lt;/a&gt;</description></item></channel></rss>";
    let answer = wiremock::ResponseTemplate::new(200).set_body_raw(rss, "application/rss+xml");
    wiremock::Mock::given(wiremock::matchers::basic_auth("staff", password))
        .and(wiremock::matchers::query_param("token", token))
        .respond_with(answer)
        .mount(&server)
        .await;
    let address = |password: &str| {
        server.uri().replace("http://", &format!("http://staff:{password}@")) + &format!("/feed?token={token}")
    };
    let dir = tempfile::tempdir().unwrap();
    let found = look(&feed(&address(password), true), dir.path()).await.unwrap();
    let HarvestOutcome::Notices { items, .. } = &found.outcome else { panic!("{found:?}") };
    assert_eq!(items[0].notice.link.as_deref(), Some(format!("{}/a.html", server.uri()).as_str()));
    let mut store = Store::open(dir.path()).unwrap();
    store.ingest(&found).unwrap();
    drop(store);
    let refused = look(&feed(&address("geheim-wrong"), true), dir.path()).await.unwrap_err();
    let stored = std::fs::read_dir(dir.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let stored: Vec<u8> = stored.flatten().collect();
    for told in [format!("{found:?}"), refused.to_string(), String::from_utf8_lossy(&stored).into_owned()] {
        assert!(!told.contains("geheim"), "{told:.400}");
    }
    assert!(refused.to_string().contains("404") && refused.to_string().contains("token=***"), "{refused}");
}

#[tokio::test]
async fn a_long_way_of_redirects_ends_soon() {
    let server = Server::start(0, |stream, path| {
        let number: u64 = path.trim_start_matches('/').parse().unwrap_or(0);
        redirect(stream, &format!("/{}", number + 1))
    });
    let said = said(&server.uri(), true).await;
    assert!(said.contains("redirects lead nowhere"), "{said}");
    assert!(server.asked() <= 9, "{}", server.asked());
}

/// A page of a folder names pictures; the feed may not reach the own network, so they are not asked for.
#[test]
fn pictures_are_fetched_only_where_their_feed_may_go() {
    let server = Server::start(usize::MAX, |_, _| Ok(()));
    let source = "source = \"docs\"\n";
    let site = Site::new(source);
    let docs = site.config().join("docs");
    std::fs::create_dir(&docs).unwrap();
    let page = format!("<h1>公告</h1><p>正文<img src='{}' alt=图>", server.uri());
    std::fs::write(docs.join("a.html"), page).unwrap();
    let run = site.harvest();
    assert!(run.said.contains("private_network = true in feeds/net.toml"), "{}", run.said);
    assert_eq!(server.asked(), 0);
    let open = format!("title = \"网\"\ncatalogue = \"gov\"\n{source}private_network = true\n");
    std::fs::write(site.config().join("feeds/net.toml"), open).unwrap();
    let run = site.harvest();
    assert!(server.asked() > 0, "{}", run.said);
}

/// A list whose articles stand elsewhere in the house.
#[tokio::test]
async fn articles_are_read_only_where_their_feed_may_go() {
    let dir = tempfile::tempdir().unwrap();
    let list = "<ul><li><a href='http://127.0.0.1:1/a.html'>公示甲</a></li><li><a href='file:///etc/passwd'>乙</a></li>\
        <li><a href='../out.html'>丙</a></li></ul>";
    std::fs::create_dir(dir.path().join("saved")).unwrap();
    std::fs::write(dir.path().join("saved/list.html"), list).unwrap();
    std::fs::write(dir.path().join("out.html"), "<p>不该公开").unwrap();
    let page = PortalSelectors { item: "li".into(), pause_ms: 0, ..PortalSelectors::default() };
    let feed = Feed {
        source: "saved/list.html".into(),
        format: FeedFormat::Page,
        page: Some(page),
        timeout_seconds: 5,
        ..Feed::default()
    };
    let harvest = look(&feed, dir.path()).await.unwrap();
    let HarvestOutcome::Notices { items, .. } = harvest.outcome else { panic!() };
    assert_eq!(items.len(), 3);
    assert!(items.iter().all(|h| h.notice.body.is_empty()), "{items:?}");
}

/// Nothing that comes from the web, and nothing outside its own folder, is read from this machine.
#[tokio::test]
async fn links_to_files_lead_nowhere() {
    let server = Server::start(0, |stream, _| {
        let item = "<item><guid>1</guid><title>甲</title><link>file:///etc/passwd</link>\
            <enclosure url='file:///etc/shadow' type='text/plain'/><description>&lt;p&gt;文&lt;a href='file:///etc/hosts'&gt;链\
            &lt;/a&gt;&lt;img src='file:///etc/logo.png'&gt;</description></item>";
        whole(stream, "", format!("<rss version='2.0'><channel><title>网</title>{item}</channel></rss>").as_bytes())
    });
    let harvest = look(&feed(&server.uri(), true), Path::new(".")).await.unwrap();
    let said = format!("{harvest:?}");
    assert!(said.contains("甲") && !said.contains("file:"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_a_folder_is_not_followed() {
    let site = Site::new("source = \"docs\"\n");
    let docs = site.config().join("docs");
    std::fs::create_dir_all(docs.join("sub")).unwrap();
    std::fs::write(site.dir.path().join("secret.txt"), "不该公开的内容").unwrap();
    std::fs::write(docs.join("sub/ok.txt"), "可以公开的内容").unwrap();
    std::os::unix::fs::symlink(site.dir.path().join("secret.txt"), docs.join("a.txt")).unwrap();
    std::os::unix::fs::symlink(site.dir.path(), docs.join("all")).unwrap();
    std::os::unix::fs::symlink(docs.join("sub/ok.txt"), docs.join("within.txt")).unwrap();
    let run = site.harvest();
    assert!(run.said.contains("secret.txt: it is a link that leads out of the folder"), "{}", run.said);
    let edition = Store::open(&site.data()).unwrap().edition(1).unwrap();
    let titles: Vec<&str> = edition.notices.iter().map(|n| n.title.as_str()).collect();
    assert_eq!(titles, ["可以公开的内容"], "a link to a file that is read anyway brings nothing more");
}
