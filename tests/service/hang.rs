//! A share that hangs in `stat` and `open` costs its own feed and nothing else.

use super::{
    bench::{Place, Running},
    share::library,
};
use std::{path::PathBuf, process::Command, time::Duration};

#[test]
fn a_share_that_hangs_costs_its_own_feed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let Some(library) = library(dir.path()) else { return };
    let flag = dir.path().join("while");
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hang::beside_a_share_that_hangs", "--ignored", "--nocapture", "--test-threads", "1"])
        .env("LD_PRELOAD", library)
        .env("GONGSHI_HANG_PATH", "a-share-that-hangs")
        .env("GONGSHI_HANG_WHILE", flag)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

struct Ends(PathBuf);

impl Drop for Ends {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Run by the test above, with the library preloaded.
#[test]
#[ignore = "needs a preloaded library; the test above runs it"]
fn beside_a_share_that_hangs() {
    let flag = PathBuf::from(std::env::var_os("GONGSHI_HANG_WHILE").unwrap());
    let place = Place::new();
    place.document("a-share-that-hangs/1.md", "共享文件夹里的公告");
    place.document("box/1.md", "第一份公告");
    place.feed("box", &place.path("box"));
    place.feed("share", &place.path("a-share-that-hangs"));
    place.picture("a-share-that-hangs/p.png", 8, 10);
    place.picture("c/p.png", 8, 20);
    let zone = |file: &str| format!("[[zone]]\nkind = \"picture\"\nwidth = 8\nheight = 8\nfile = \"{file}\"\n");
    let share = place.path("a-share-that-hangs/p.png");
    place.write("c/screens/w.toml", &format!("{}{}", zone(share.to_str().unwrap()), zone("p.png")));
    let config = place.config();
    // However this ends, the share is to answer then: the folder is taken away.
    let _end = Ends(flag.clone());
    std::fs::write(&flag, "").unwrap();
    let hangs = std::thread::spawn({
        let path = place.path("a-share-that-hangs/1.md");
        move || path.metadata().map(|_| ())
    });
    std::thread::sleep(Duration::from_millis(200));
    assert!(!hangs.is_finished(), "the file system does hang");

    let mut running = Running::start_with(config, &place, std::sync::Arc::new(gongshi::time::SystemClock::default()));
    running.until("another feed is read", |r| r.has("第一份公告"));
    let shows = |r: &Running, grey: u8| r.walls.iter().any(|(_, picture)| picture.rgba[0] == grey);
    running.until("another picture of the wall is read", |r| shows(r, 20));
    assert!(!shows(&running, 10));
    let generation = running.ask(0, running.id("第一份公告"));
    running.until("a question is answered", |r| r.pictures(generation).is_some());
    place.document("box/2.md", "第二份公告");
    running.until("another edition is made", |r| r.has("第二份公告"));
    place.write("c/site.toml", "title = \"示例市\"\n");
    running.until("a saved config is read", |r| r.config.as_ref().is_some_and(|c| c.site.title == "示例市"));
    assert!(!running.has("共享文件夹里的公告"));

    // It comes back, and is read.
    std::fs::remove_file(&flag).unwrap();
    running.until("the share is read once it answers", |r| {
        // A changed file is a reason to look again at once.
        place.document("a-share-that-hangs/1.md", "共享文件夹里的公告");
        std::thread::sleep(Duration::from_millis(300));
        r.has("共享文件夹里的公告") && shows(r, 10)
    });
    // It hangs again, and the system asks the program to end.
    std::fs::write(&flag, "").unwrap();
    running.idle(Duration::from_secs(3));
    let id = std::process::id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let took = running.ended();
    assert!(took < Duration::from_secs(5), "{took:?}");
    println!("the end came after {took:?}");
}
