//! Whatever breaks outside, the wall goes on showing the last good edition, pixel for pixel.

use crate::{
    desk::until,
    office::{Answer, Wall, document, rss},
};
use gongshi::time::{Clock, SystemClock};
use std::time::Duration;

const FIRST: [&str; 2] = ["样例县图书馆修缮项目公示", "样例镇道路养护采购公告"];
const SECOND: [&str; 3] = [FIRST[0], FIRST[1], "样例村水渠改造中标结果"];
const THIRD: [&str; 4] = [FIRST[0], FIRST[1], SECOND[2], "样例县年度预算公开"];

fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..4000).map(|_| byte()).collect()
}

#[test]
fn the_wall_keeps_the_last_good_edition_whatever_its_source_does() {
    let Some(mut wall) = Wall::new(rss(&FIRST)) else { return };
    let running = wall.run();
    let first = wall.first_picture(&running);
    wall.office.set(rss(&SECOND));
    wall.ask_again();
    let good = wall.changed(&running, &first, "a changed feed changes the wall");

    let mut mark = running.said().len();
    wall.office.close();
    wall.ask_again();
    running.wait_past(mark, "no connection");
    wall.keeps(&good, "the server is gone");
    wall.office.reopen();

    let login =
        "<!DOCTYPE html><html><head><title>请登录</title></head><body><h1>请登录</h1><p>网络认证</p></body></html>";
    let text = "502 upstream sent too big header while reading response header from upstream";
    for (kind, body, said) in [
        ("application/rss+xml", noise(), "not text"),
        ("application/rss+xml", [0xFF; 3000].to_vec(), "neither a feed nor text"),
        ("text/plain", text.into(), "plain text, not a feed"),
        ("text/html", login.into(), "a web page, not a feed"),
        ("text/xml", b"<rss version='2.0'><channel><item><guid>".to_vec(), "not a well-formed feed"),
        ("application/json", b"{\"error\": 1}".to_vec(), "feed"),
    ] {
        mark = running.said().len();
        wall.office.set(Answer::Whole(kind, body));
        wall.ask_again();
        running.wait_past(mark, said);
        wall.keeps(&good, said);
    }

    mark = running.said().len();
    wall.office.set(Answer::Silence);
    let asked = wall.office.asked();
    wall.ask_again();
    assert!(until(|| wall.office.asked() > asked));
    wall.keeps(&good, "the server says nothing");
    running.wait_past(mark, "no whole answer within 2 s");
    wall.keeps(&good, "the server said nothing");

    wall.office.set(rss(&THIRD));
    wall.ask_again();
    wall.changed(&running, &good, "once the server is well, the wall follows it");
    running.end();
}

#[test]
fn a_source_that_is_corrected_while_the_old_one_hangs_is_read_at_once() {
    let Some(mut wall) = Wall::new(rss(&FIRST)) else { return };
    let running = wall.run();
    let good = wall.first_picture(&running);
    wall.office.set(Answer::Silence);
    let asked = wall.office.asked();
    wall.ask_again();
    assert!(until(|| wall.office.asked() > asked));
    wall.office.set(rss(&SECOND));
    wall.ask_again();
    let clock = SystemClock::default();
    wall.changed(&running, &good, "the corrected feed is read");
    let took = clock.monotonic();
    assert!(took < Duration::from_secs(10), "{took:?}");
    running.end();
}

#[test]
fn a_broken_config_changes_nothing_and_a_good_save_shows_within_a_second() {
    let Some(wall) = Wall::new(rss(&FIRST)) else { return };
    let running = wall.run();
    let mut good = wall.first_picture(&running);
    let mut fastest = Duration::MAX;
    for (round, name) in ["screens/wall.toml", "feeds/office.toml", "site.toml"].into_iter().enumerate() {
        let file = wall.file(name);
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        let mark = running.said().len();
        std::fs::write(&file, format!("{before}\ntitle = [not toml\n")).unwrap();
        running.wait_past(mark, "the last good one stays");
        let file_name = file.file_name().unwrap().to_string_lossy();
        assert!(running.said()[mark..].contains(&*file_name), "{}", running.said());
        wall.keeps(&good, name);
        // The mended file and another title, so that its coming can be seen.
        std::fs::write(&file, before).unwrap();
        let screen = Wall::SCREEN.replace("样例公示", &format!("样例公示之{round}"));
        let clock = SystemClock::default();
        std::fs::write(wall.file("screens/wall.toml"), screen).unwrap();
        assert!(until(|| wall.display.shot(Wall::ALL) != good), "a good save after a bad one takes effect");
        fastest = fastest.min(clock.monotonic());
        good = wall.display.still(Wall::ALL);
    }
    // The fastest of three: a machine that does much else may be late once.
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
    running.end();
}

#[test]
fn started_with_a_broken_config_it_shows_the_last_good_one_until_it_is_mended() {
    let Some(wall) = Wall::new(rss(&FIRST)) else { return };
    let running = wall.run();
    let good = wall.first_picture(&running);
    running.kill();
    let screen = wall.file("screens/wall.toml");
    std::fs::write(&screen, "width = [not toml").unwrap();
    let running = wall.run();
    assert!(until(|| wall.display.shot(Wall::ALL) == good), "the last good config shows again");
    assert!(running.said().contains("the last good config is in use"), "{}", running.said());
    std::fs::write(&screen, Wall::SCREEN.replace("样例公示", "样例公示之二")).unwrap();
    wall.changed(&running, &good, "a good save takes effect");
    running.end();
}

#[test]
fn killed_in_mid_harvest_and_started_with_the_server_gone_it_shows_the_last_good_edition() {
    let Some(mut wall) = Wall::new(rss(&SECOND)) else { return };
    let running = wall.run();
    let good = wall.first_picture(&running);
    wall.office.set(Answer::Half(document(&THIRD)));
    let asked = wall.office.asked();
    wall.ask_again();
    assert!(until(|| wall.office.asked() > asked), "it asks");
    running.kill();
    wall.office.close();
    let blank = wall.display.still(Wall::ALL);
    assert!(blank != good, "a killed program shows nothing, so what comes is new");

    let running = wall.run();
    assert!(until(|| wall.display.shot(Wall::ALL) == good), "the last good edition shows again");
    running.wait_for("no connection");
    wall.keeps(&good, "the server is still gone");

    wall.office.set(rss(&THIRD));
    wall.office.reopen();
    wall.ask_again();
    wall.changed(&running, &good, "the whole feed changes the wall");
    running.end();
}
