//! The program ends when it is asked to, whatever hangs; and its windows come and go with the config.

use crate::{
    desk::{Display, Running, until},
    share::library,
};
use std::{path::Path, time::Duration};
use x11rb::protocol::xproto::ConnectionExt;

const SCREEN: &str = "width = 320\nheight = 160\n[[zone]]\nwidth = 320\nheight = 160\nsize = 48\ntext = \"公示\"\n";

/// A config folder with one screen, and a data folder.
fn places(dir: &Path) -> [std::path::PathBuf; 2] {
    let [config, data] = ["config", "data"].map(|name| dir.join(name));
    std::fs::create_dir_all(config.join("screens")).unwrap();
    std::fs::create_dir_all(config.join("feeds")).unwrap();
    std::fs::write(config.join("screens/one.toml"), SCREEN).unwrap();
    [config, data]
}

#[test]
fn it_ends_in_time_while_a_share_hangs() {
    let Some(display) = Display::start("640x400x24") else { return };
    let dir = tempfile::tempdir().unwrap();
    let Some(library) = library(dir.path()) else { return };
    let [config, data] = places(dir.path());
    let (share, flag) = (dir.path().join("a-share-that-hangs"), dir.path().join("while"));
    std::fs::create_dir_all(&share).unwrap();
    std::fs::write(&flag, "").unwrap();
    std::fs::write(share.join("1.md"), "# 公告\n\n正文。\n").unwrap();
    let feed = format!("title = \"共享\"\nsource = \"{}\"\n", share.display());
    std::fs::write(config.join("feeds/share.toml"), feed).unwrap();
    let variables = [
        ("LD_PRELOAD", library.as_path()),
        ("GONGSHI_HANG_PATH", Path::new("a-share-that-hangs")),
        ("GONGSHI_HANG_WHILE", flag.as_path()),
    ];
    let running = Running::start_with(&display, [&config, &data], &["--screen", "one"], &variables);
    running.wait_for("does not answer");
    let took = running.end_in_time();
    println!("it ended after {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn it_ends_in_time_while_the_display_stands_still() {
    let Some(display) = Display::start("640x400x24") else { return };
    let dir = tempfile::tempdir().unwrap();
    let [config, data] = places(dir.path());
    let moving = "width = 320\nheight = 160\n[[zone]]\nkind = \"ticker\"\nwidth = 320\nheight = 160\nsize = 48\ntext = \"公示公示公示公示\"\n";
    std::fs::write(config.join("screens/one.toml"), moving).unwrap();
    let running = Running::start(&display, [&config, &data], "one", &[]);
    display.freeze(true);
    std::thread::sleep(Duration::from_secs(2));
    let took = running.end_in_time();
    display.freeze(false);
    println!("it ended after {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn screens_come_and_go_with_their_files() {
    let Some(display) = Display::start("800x600x24") else { return };
    let dir = tempfile::tempdir().unwrap();
    let [config, data] = places(dir.path());
    let running = Running::start_with(&display, [&config, &data], &[], &[]);
    let is_open = |size: [u16; 2]| {
        let (connection, root) = display.connect();
        let children = connection.query_tree(root).unwrap().reply().unwrap().children;
        children.into_iter().any(|child| {
            let geometry = connection.get_geometry(child).unwrap().reply();
            let attributes = connection.get_window_attributes(child).unwrap().reply();
            let is_shown = attributes.is_ok_and(|a| a.map_state == x11rb::protocol::xproto::MapState::VIEWABLE);
            geometry.is_ok_and(|g| [g.width, g.height] == size) && is_shown
        })
    };
    assert!(until(|| is_open([320, 160])));
    let other = format!("y = 200\n{}", SCREEN.replace("width = 320", "width = 240"));
    std::fs::write(config.join("screens/two.toml"), other).unwrap();
    assert!(until(|| is_open([240, 160])), "a new file opens its screen: {}", running.said());
    assert!(is_open([320, 160]));
    std::fs::remove_file(config.join("screens/one.toml")).unwrap();
    assert!(until(|| !is_open([320, 160])), "a removed one closes it: {}", running.said());
    assert!(is_open([240, 160]));
    std::fs::write(config.join("screens/one.toml"), SCREEN).unwrap();
    assert!(until(|| is_open([320, 160])), "and it comes back: {}", running.said());
    running.end();
}
