//! Files dropped into a folder are read at once, once; what changes nothing makes no edition.

use super::bench::{Place, Running};
use std::time::Duration;

#[test]
fn what_is_dropped_into_a_folder_is_shown_within_two_seconds_and_taken_away_again() {
    let place = Place::new();
    place.document("box/0.md", "最初的公告");
    place.feed("box", &place.path("box"));
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.has("最初的公告"));
    running.idle(Duration::from_secs(2));
    let took: Vec<Duration> = (1..=3)
        .map(|i| {
            let title = format!("第 {i} 份公告");
            place.document(&format!("box/{i}.md"), &title);
            let took = running.until("a dropped file is read", |r| r.has(&title));
            running.idle(Duration::from_millis(1300));
            took
        })
        .collect();
    println!("shown after {took:?}");
    // The fastest of three: a machine that does much else may be late once.
    assert!(took.iter().min().unwrap() < &Duration::from_secs(2), "{took:?}");
    std::fs::remove_file(place.path("box/1.md")).unwrap();
    running.until("a file taken away is withdrawn", |r| !r.has("第 1 份公告"));
    assert_eq!(running.titles(), ["最初的公告", "第 2 份公告", "第 3 份公告"]);
    running.quit();
}

#[cfg(unix)]
#[test]
fn a_link_to_its_own_folder_and_to_a_file_in_it_doubles_nothing() {
    let place = Place::new();
    place.document("box/1.md", "一份公告");
    std::os::unix::fs::symlink(place.path("box"), place.path("box/自己")).unwrap();
    std::os::unix::fs::symlink(place.path("box/1.md"), place.path("box/0.md")).unwrap();
    place.feed("box", &place.path("box"));
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.has("一份公告"));
    running.idle(Duration::from_secs(1));
    assert_eq!(running.titles(), ["一份公告"]);
    running.quit();
}

#[test]
fn a_fetch_that_changes_nothing_makes_no_edition() {
    let place = Place::new();
    place.document("box/1.md", "一份公告");
    place.feed("box", &place.path("box"));
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.has("一份公告"));
    running.idle(Duration::from_secs(1));
    let number = running.edition.number;
    for _ in 0..2 {
        // The same again, at another time: it is read, and says nothing new.
        place.document("box/1.md", "一份公告");
        running.idle(Duration::from_secs(4));
    }
    assert_eq!(running.edition.number, number, "nothing changed, and yet another edition was made");
    place.document("box/2.md", "又一份公告");
    running.until("what changes is shown", |r| r.has("又一份公告"));
    assert_eq!(running.edition.number, number + 1);
    running.quit();
}

#[test]
fn a_store_that_was_taken_away_is_said() {
    let place = Place::new();
    place.document("box/1.md", "一份公告");
    place.feed("box", &place.path("box"));
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.has("一份公告"));
    running.idle(Duration::from_secs(3));
    assert!(!running.faults.data);
    std::fs::rename(place.path("d"), place.path("away")).unwrap();
    running.until("the badge says it", |r| r.faults.data);
    std::fs::rename(place.path("away"), place.path("d")).unwrap();
    running.until("and that it is back", |r| !r.faults.data);
    running.quit();
}

#[test]
fn a_folder_that_is_suddenly_empty_is_held_for_a_person_and_said() {
    let place = Place::new();
    for i in 0..12 {
        place.document(&format!("box/{i}.md"), &format!("第 {i} 份公告"));
    }
    place.feed("box", &place.path("box"));
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.edition.count("") == 12);
    assert!(!running.faults.is_at_sources());
    // The share that was mounted there is gone.
    std::fs::rename(place.path("box"), place.path("away")).unwrap();
    std::fs::create_dir(place.path("box")).unwrap();
    running.until("the badge says it", |r| r.faults.is_at_sources());
    running.idle(Duration::from_secs(1));
    assert_eq!(running.edition.count(""), 12, "the last good notices stay");
    // A person lets it through, from another program beside this one.
    let harvest = |options: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gongshi"));
        command.arg("harvest").arg("--config").arg(place.path("c")).arg("--data").arg(place.path("d")).args(options);
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    let said = harvest(&[]);
    assert!(said.lines().any(|line| line.starts_with("box") && line.contains("HELD")), "{said}");
    let said = harvest(&["--accept", "box"]);
    assert!(said.lines().any(|line| line.starts_with("box") && line.contains("ok") && line.contains("12")), "{said}");
    place.document("box/new.md", "新的公告");
    running.until("what comes then is shown", |r| r.titles() == ["新的公告"] && !r.faults.is_at_sources());
    running.quit();
}
