//! The running program in real windows: clicked, watched, broken and ended.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "player/county.rs"]
mod county;
#[path = "player/desk.rs"]
mod desk;
#[path = "player/ends.rs"]
mod ends;
#[path = "player/faults.rs"]
mod faults;
#[path = "player/office.rs"]
mod office;
#[path = "service/share.rs"]
mod share;
#[path = "player/windows.rs"]
mod windows;

use county::County;
use desk::{Display, Running, differing, until};
use gongshi::time::{Clock, SystemClock};
use std::time::Duration;

#[test]
fn a_citizen_clicks_through_the_kiosk() {
    let Some(display) = Display::start("1080x1920x24") else { return };
    let county = County::new();
    let card = county.find("lobby-kiosk", "公共资源交易");
    let back = county.find("lobby-kiosk", "首页");
    let running = Running::start(&display, [&county.config, &county.data], "lobby-kiosk", &[]);
    // Below the header, whose clock changes, and above the bottom bar.
    let page = [0, 200, 1080, 1500];
    let mut home = display.shot(page);
    assert!(until(|| {
        let before = std::mem::replace(&mut home, display.shot(page));
        std::thread::sleep(Duration::from_millis(300));
        differing(&before, &home) == 0 && home.iter().flatten().filter(|p| **p == 0xFFFFFF).count() > 300_000
    }));
    display.click(card);
    assert!(until(|| differing(&home, &display.shot(page)) > 100_000), "the card opens its page");
    display.click(back);
    assert!(until(|| differing(&home, &display.shot(page)) == 0), "首页 brings the same page back");
    running.end();
}

#[test]
fn the_wall_scrolls_by_whole_pixels_and_survives_a_broken_config() {
    let Some(display) = Display::start("1920x400x24") else { return };
    let county = County::new();
    let running = Running::start(&display, [&county.config, &county.data], "street-led", &[]);
    let strip = [400, 0, 1400, 192];
    let is_moved = |a: &[Vec<u32>], b: &[Vec<u32>]| {
        (1..1200).find(|&by| a.iter().zip(b).all(|(a, b)| a[by..] == b[..b.len() - by]))
    };
    assert!(until(|| display.shot(strip).iter().flatten().any(|p| *p != 0)));
    let moves = || {
        let before = display.shot(strip);
        std::thread::sleep(Duration::from_millis(250));
        is_moved(&before, &display.shot(strip)).is_some()
    };
    assert!(until(moves), "the strip moves by whole pixels, unchanged in itself");
    assert!(display.shot([0, 192, 1920, 208]).iter().flatten().all(|p| *p == 0), "black outside the canvas");
    let file = county.config.join("screens/street-led.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "kind = [not toml").unwrap();
    running.wait_for("the last good one stays");
    assert!(until(moves), "a broken config changes nothing on screen");
    let badge = || display.shot([1915, 0, 5, 5]).iter().flatten().any(|p| *p == 0xFF_A0_20);
    assert!(until(badge), "but for a few amber pixels");
    let clock = SystemClock::default();
    let saved = clock.monotonic();
    std::fs::write(&file, good.replace("speed = ", "speed = 60.0 #")).unwrap();
    assert!(until(|| !badge()), "which go with a good save");
    let took = clock.monotonic() - saved;
    println!("the badge went {took:?} after the save");
    assert!(took < Duration::from_secs(3), "within a second, but for a busy machine: {took:?}");
    assert!(until(moves));
    running.end();
}

#[test]
fn nothing_is_drawn_while_nothing_moves() {
    let Some(display) = Display::start("640x400x24") else { return };
    let county = County::new();
    let screen = "width = 320\nheight = 160\n[[zone]]\nwidth = 320\nheight = 160\nsize = 48\ntext = \"公示\"\n";
    std::fs::write(county.config.join("screens/still.toml"), screen).unwrap();
    let running = Running::start(&display, [&county.config, &county.data], "still", &[]);
    std::thread::sleep(Duration::from_secs(4));
    let said = running.end();
    let after = |line: &str| {
        let line = said.lines().find(|l| l.contains(line)).unwrap_or_else(|| panic!("no {line} in {said}"));
        let number = |key: &str| line.split(key).nth(1).and_then(|s| s.split(' ').next()?.parse::<u64>().ok());
        (number("after_ms="), number("notices="))
    };
    let (any, filled) = (after("first frame screen"), after("first frame with the store's edition"));
    assert!(any.0.is_some() && any.0 <= filled.0, "{said}");
    assert!(filled.1 > Some(20), "{said}");
    let frames = said.split("frames=").nth(1).and_then(|s| s.split(' ').next()).map(str::parse::<u32>);
    // One for each edition that came at start, and for the window's first exposures.
    assert!(matches!(frames, Some(Ok(1..=20))), "{said}");
}

#[test]
fn what_the_wall_showed_can_be_proved() {
    let Some(display) = Display::start("640x400x24") else { return };
    let county = County::new();
    let screen =
        "width = 320\nheight = 160\n[[zone]]\nkind = \"board\"\nwidth = 320\nheight = 160\nsize = 24\nlimit = 500\n";
    std::fs::write(county.config.join("screens/proof.toml"), screen).unwrap();
    let store = gongshi::store::Store::open(&county.data).unwrap();
    // The board has six rows a page: what is on its second page is not shown before eight seconds are over.
    let edition = store.edition(1).unwrap();
    let seen_first: Vec<_> =
        edition.notices.iter().filter(|head| head.show.until.is_none()).map(|head| head.id).collect();
    let running = Running::start(&display, [&county.config, &county.data], "proof", &[]);
    let intervals = |id| store.displays(id).unwrap();
    let shown =
        || seen_first.iter().copied().find(|id| intervals(*id).iter().any(|i| i.is_open && i.screen == "proof"));
    assert!(until(|| shown().is_some()), "the journal follows the screen");
    let shown = shown().unwrap();
    running.kill();
    let proven = edition.notices.iter().filter(|head| !intervals(head.id).is_empty()).count();
    assert!(
        (1..=12).contains(&proven),
        "what stood on a page, not the programme's {}: {proven}",
        edition.notices.len()
    );
    for head in &edition.notices {
        assert!(intervals(head.id).iter().all(|i| i.version == head.version), "the version that was presented");
    }
    let running = Running::start(&display, [&county.config, &county.data], "proof", &[]);
    assert!(until(|| intervals(shown).len() == 2), "after a crash a new interval begins");
    running.end();
    assert!(intervals(shown).iter().all(|i| !i.is_open), "an ended program shows nothing: {:?}", intervals(shown));
    let report = |words: &str| {
        let mut command = std::process::Command::new(desk::PROGRAM);
        command.args(["report", "shown", words, "--config"]).arg(&county.config).arg("--data").arg(&county.data);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (is_done, said) = report(&shown.0.to_string());
    let line = said.lines().find(|line| line.starts_with("proof ")).unwrap_or_default();
    assert!(is_done && line.split_whitespace().nth(6) == Some("2"), "it appeared twice: {said}");
    assert!(!report("没有这样的公示").0);
}
