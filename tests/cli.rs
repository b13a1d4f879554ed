//! The subcommands as an admin uses them: what they print, how they end, what survives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use gongshi::store::{PlayerLock, Store};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn gongshi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongshi")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn parse_ends_with_one_sentence_on_what_it_cannot_read() {
    let dir = tempfile::tempdir().unwrap();
    let noise: Vec<u8> = (0..50_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(dir.path().join("noise.xml"), &noise).unwrap();
    fs::write(dir.path().join("noise.txt"), &noise[1..]).unwrap();
    fs::write(dir.path().join("empty.json"), " \n").unwrap();
    fs::write(dir.path().join("cut.xml"), "<rss version='2.0'><channel><item><guid>").unwrap();
    let cases = [
        (dir.path().to_owned(), "folder"),
        (dir.path().join("noise.xml"), "binary"),
        (dir.path().join("noise.txt"), "binary"),
        (dir.path().join("empty.json"), "empty"),
        (dir.path().join("cut.xml"), "well-formed"),
        (dir.path().join("missing"), "no such file"),
    ];
    for (file, words) in cases {
        let output = gongshi(&["parse", path(&file)]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(output.stdout.is_empty() && error.trim_end().lines().count() == 1, "{error}");
        assert!(error.contains(words) && error.contains(path(&file)), "{error}");
    }
}

#[test]
fn parse_prints_the_documented_keys_in_order() {
    let output = gongshi(&["parse", "kiosk-config/sources/trade-candidates.rss.xml"]);
    let first = String::from_utf8(output.stdout).unwrap().lines().next().unwrap().to_owned();
    let places: Vec<usize> =
        ["id", "title", "link", "published", "updated", "author", "summary", "body", "attachments"]
            .iter()
            .map(|key| first.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is missing in {first}")))
            .collect();
    assert!(places.is_sorted(), "{first}");
    let line: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert!(line["body"].as_str().unwrap().contains("3,286,114.20"));
}

#[test]
fn parse_shows_what_the_selectors_of_a_feed_yield() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("c");
    fs::create_dir_all(config.join("feeds")).unwrap();
    let feed = "title = \"网\"\nsource = \"http://portal.example/\"\nformat = \"page\"\n[page]\nitem = \"li\"\nbody = \".b\"\n";
    fs::write(config.join("feeds/gov.toml"), feed).unwrap();
    let list = dir.path().join("list.html");
    fs::write(&list, "<ul><li><a href=a.html>甲</a> 2026-11-20<li><a href=b.html>乙</a> 2026-11-19</ul>").unwrap();
    fs::write(dir.path().join("a.html"), "<p>别处</p><div class=b>正文甲</div>").unwrap();
    let output = gongshi(&["parse", path(&list), "--feed", "gov", "--config", path(&config)]);
    let lines: Vec<serde_json::Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{}", said(&output));
    assert_eq!((lines[0]["title"].as_str(), lines[0]["body"].as_str()), (Some("甲"), Some("正文甲")));
    assert_eq!(lines[1]["published"].as_str(), Some("2026-11-18T16:00:00Z"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("乙") && error.contains("b.html"), "{error}");
}

#[test]
fn check_names_each_fault_by_file_line_and_column() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("c");
    assert!(gongshi(&["sample", "--out", path(dir.path()), "--villages", "0"]).status.success());
    fs::rename(dir.path().join("kiosk-config"), &config).unwrap();
    assert!(gongshi(&["check", "--config", path(&config)]).status.success());
    fs::write(config.join("feeds/new.toml"), "title = \"新\"\nsorce = \"a.xml\"\nevery_minuts = 5\n").unwrap();
    let output = gongshi(&["check", "--config", path(&config)]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("new.toml:2:1") && text.contains("source"), "{text}");
    assert!(text.contains("new.toml:3:1") && text.contains("every_minutes"), "{text}");
}

#[test]
fn a_feed_that_turns_to_garbage_keeps_its_last_good_notices() {
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = (dir.path().join("c"), dir.path().join("d"));
    fs::create_dir_all(config.join("feeds")).unwrap();
    fs::write(config.join("site.toml"), "title = \"试\"\n").unwrap();
    fs::write(config.join("catalogue.toml"), "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n").unwrap();
    let feed = "title = \"网\"\nsource = \"feed.xml\"\ncatalogue = \"gov\"\n";
    fs::write(config.join("feeds/net.toml"), feed).unwrap();
    let source = config.join("feed.xml");
    let good =
        "<rss version='2.0'><channel><title>网</title><item><guid>1</guid><title>一</title></item></channel></rss>";
    let harvest = || said(&gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]));
    let titles = || {
        // Opened anew each time, as after a restart.
        let edition = Store::open(&data).unwrap().edition(1).unwrap();
        edition.notices.iter().map(|n| n.title.clone()).collect::<Vec<_>>()
    };
    fs::write(&source, good).unwrap();
    assert!(harvest().contains("net   ok"), "{}", harvest());
    for broken in ["", "<rss><channel><item>", "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}", "{\"version\": 7}"] {
        fs::write(&source, broken).unwrap();
        let text = harvest();
        assert!(text.contains("FAILED") && text.contains("last good notices stay"), "{text}");
        assert_eq!(titles(), ["一"]);
    }
    fs::remove_file(&source).unwrap();
    assert!(harvest().contains("no such file"));
    assert_eq!(titles(), ["一"]);
    fs::write(&source, good.replace('一', "二")).unwrap();
    assert!(harvest().contains("net   ok"));
    assert_eq!(titles(), ["二"]);
}

#[test]
fn render_draws_the_same_picture_at_the_same_instant_and_taps_through() {
    let dir = tempfile::tempdir().unwrap();
    let (data, at) = (dir.path().join("d"), "2026-11-23T09:42:07+08:00");
    assert!(gongshi(&["harvest", "--data", path(&data)]).status.success());
    let draw = |screen: &str, out: &str, more: &[&str]| {
        let out = dir.path().join(out);
        let mut arguments = vec!["render", "--data", path(&data), "--screen", screen, "--at", at, "--out", path(&out)];
        arguments.extend(more);
        let output = gongshi(&arguments);
        assert!(output.status.success(), "{}", said(&output));
        let mut files: Vec<_> = fs::read_dir(&out).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        files.iter().map(|f| image::open(f).unwrap().into_rgba8()).collect::<Vec<_>>()
    };
    assert_eq!(draw("door-led", "a", &[]), draw("door-led", "b", &[]));
    let more = ["--frames", "16", "--fps", "10", "--tap", "790,700@200"];
    let frames = draw("lobby-kiosk", "c", &more);
    assert_eq!(frames.len(), 16);
    let differ = |a: usize, b: usize| frames[a].pixels().zip(frames[b].pixels()).filter(|(a, b)| a != b).count();
    assert_eq!(differ(0, 1), 0, "nothing moves before the tap");
    assert!(differ(1, 2) > 1_000, "the press shows in the next frame");
    assert!(differ(1, 15) > 100_000, "the page opens");
    let wrong = gongshi(&["render", "--data", path(&data), "--screen", "nowhere", "--out", path(dir.path())]);
    assert!(said(&wrong).contains("no screen is called nowhere") && !wrong.status.success());
}

#[test]
fn a_document_shows_its_pictures_and_none_from_outside_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (config, data, out) = (dir.path().join("c"), dir.path().join("d"), dir.path().join("o"));
    for folder in ["feeds", "screens", "box"] {
        fs::create_dir_all(config.join(folder)).unwrap();
    }
    fs::write(config.join("site.toml"), "title = \"试\"\n").unwrap();
    fs::write(config.join("catalogue.toml"), "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n").unwrap();
    let feed = "title = \"夹\"\nsource = \"box\"\ncatalogue = \"gov\"\nshow_days = 9000\n";
    fs::write(config.join("feeds/box.toml"), feed).unwrap();
    fs::write(config.join("screens/k.toml"), "kind = \"kiosk\"\nwidth = 1080\nheight = 1920\n").unwrap();
    image::RgbaImage::from_pixel(300, 200, image::Rgba([10, 200, 30, 255])).save(config.join("box/in.png")).unwrap();
    image::RgbaImage::from_pixel(300, 200, image::Rgba([200, 10, 230, 255])).save(dir.path().join("out.png")).unwrap();
    let words = "# 带图的公告\n\n正文。\n\n![里](in.png)\n\n![外](../../out.png)\n";
    fs::write(config.join("box/图(2026-11-20).md"), words).unwrap();
    assert!(gongshi(&["harvest", "--config", path(&config), "--data", path(&data)]).status.success());
    let arguments = ["--frames", "16", "--fps", "10", "--at", "2026-11-23T09:42:07+08:00", "--tap", "400,720@100"];
    let places = ["--config", path(&config), "--data", path(&data), "--screen", "k", "--out", path(&out)];
    let output = gongshi(&[&["render"][..], &places, &arguments].concat());
    assert!(output.status.success(), "{}", said(&output));
    let picture = image::open(out.join("frame-00015.png")).unwrap().into_rgba8();
    let count = |rgb: [u8; 3]| picture.pixels().filter(|p| p.0[..3] == rgb).count();
    assert_eq!(count([10, 200, 30]), 300 * 200, "shown pixel for pixel: {}", said(&output));
    assert_eq!(count([200, 10, 230]), 0);
    assert!(said(&output).contains("outside"), "{}", said(&output));
}

#[test]
fn the_demo_draws_every_screen_every_programme_and_every_page() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("demo");
    let output = gongshi(&["demo", "--at", "2026-11-23T09:42:00+08:00", "--out", path(&out)]);
    let said = said(&output);
    if said.contains("no graphics driver") && std::env::var_os("GONGSHI_REQUIRE_GPU").is_none() {
        eprintln!("SKIPPED: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    let walls = ["hall-led", "hall-led-registers", "street-led", "door-led", "door-led-notices"].map(str::to_owned);
    let pages = [
        "",
        "-find",
        "-search",
        "-browse-village",
        "-list-village",
        "-register-county",
        "-register",
        "-row",
        "-voucher",
        "-voucher-closer",
        "-case",
        "-browse",
        "-list",
        "-article",
        "-article-large-type",
        "-home-large-type",
        "-home-low-reach",
        "-directory",
        "-directory-unit",
    ];
    let kiosks = ["lobby-kiosk", "lobby-kiosk-wide"].into_iter();
    let mut expected: Vec<String> =
        kiosks.flat_map(|kiosk| pages.map(|page| format!("{kiosk}{page}"))).chain(walls).collect();
    expected.sort_unstable();
    let files = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let mut drawn: Vec<_> = files.filter(|file| file.extension().is_some_and(|e| e == "png")).collect();
    drawn.sort_unstable_by_key(|file| file.file_stem().unwrap().to_owned());
    assert_eq!(drawn.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect::<Vec<_>>(), expected);
    let mut seen = std::collections::HashSet::new();
    for file in drawn {
        let picture = image::open(&file).unwrap().into_rgb8();
        let colours: std::collections::HashSet<_> = picture.pixels().copied().collect();
        assert!(colours.len() > 8, "{} is blank", file.display());
        assert!(seen.insert(picture.into_raw()), "{} is another page's picture", file.display());
    }
    assert!(fs::read(out.join("street-led.gif")).unwrap().starts_with(b"GIF89a"));
}

#[test]
fn a_second_player_ends_with_one_sentence_and_all_else_works_beside_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = PlayerLock::take(&data).unwrap();
    let places = ["--config", "kiosk-config", "--data", path(&data)];
    let output = gongshi(&[&["run", "--windowed"][..], &places].concat());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{error}");
    let last = error.trim_end().lines().last().unwrap();
    assert!(last.contains("another gongshi run") && last.contains(&std::process::id().to_string()), "{error}");
    assert!(last.contains(path(&data)) && last.contains("--data"), "{error}");
    assert!(!data.join("gongshi.db").exists(), "it touched nothing");
    let harvest = gongshi(&[&["harvest", "--feed", "trade-candidates"][..], &places].concat());
    assert!(harvest.status.success(), "{}", said(&harvest));
    let search = gongshi(&[&["search", "公示"][..], &places].concat());
    assert!(search.status.success() && said(&search).contains("公示"), "{}", said(&search));
    drop(first);
}
