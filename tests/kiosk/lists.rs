//! Long lists: read a window at a time, gone through by months, and kept in their place when they change.

use super::{
    Kiosk,
    fixture::{head, response},
};
use gongshi::{
    edition::{Answer, Query, Question, Response},
    kiosk::{Action, Page},
    model::{Month, NoticeHead, NoticeId},
    stage::{Input, Stage},
};
use std::{sync::Arc, time::Duration};

fn all() -> Page {
    Page::List { heading: String::new(), showing: false }
}

/// Notices with titles that say which they are, the newest first, so many days apart.
fn heads(count: i64, days: i64) -> Vec<Arc<NoticeHead>> {
    let newest: gongshi::time::Timestamp = "2026-11-20T08:00:00+08:00".parse().unwrap();
    let one = |n: i64| {
        let published = newest - Duration::from_secs(86_400) * u32::try_from((count - n) * days).unwrap();
        let title = format!("第{n:06}号公告");
        Arc::new(NoticeHead { title, published: Some(published), ..head(n) })
    };
    (1..=count).rev().map(one).collect()
}

/// The numbers of the notices on screen with the heights at which their titles stand, from the top.
fn on_screen(kiosk: &mut Kiosk) -> Vec<(i64, f32)> {
    let now = kiosk.moment().frame;
    let scene = kiosk.scene();
    let number = |words: &str| words.strip_prefix('第')?.strip_suffix("号公告")?.parse().ok();
    let mut all: Vec<_> = scene.words_at(now).filter_map(|(words, [_, y])| Some((number(&words)?, y))).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    all
}

/// Whether rows fill the opening with none missing between them.
fn is_whole(rows: &[(i64, f32)]) -> bool {
    let step = |pair: &[(i64, f32)]| pair[0].0 - 1 == pair[1].0 && pair[1].1 - pair[0].1 < 250.0;
    rows.len() >= 6 && rows.windows(2).all(step) && rows[0].1 < 560.0 && rows[rows.len() - 1].1 > 1_400.0
}

fn scroll(kiosk: &mut Kiosk, by: f32) {
    kiosk.input(Input::Wheel { x: 500.0, y: 900.0, by });
    kiosk.now += Duration::from_secs(1);
    kiosk.scene();
}

/// Answers a question as an archive of these notices does.
fn give(kiosk: &mut Kiosk, question: &Question) {
    let response = response(&kiosk.archive, &question.query, 5);
    kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response });
}

fn fail(kiosk: &mut Kiosk) -> Question {
    let question = kiosk.stage.question().expect("something is asked");
    kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Failed });
    kiosk.scene();
    question
}

#[test]
fn the_newest_are_on_screen_before_the_first_window_is_read() {
    let mut kiosk = Kiosk::with(1080, 1920, heads(3_000, 1));
    assert!(kiosk.edition.notices.len() < 200, "{}", kiosk.edition.notices.len());
    kiosk.open(&all());
    let months = kiosk.stage.question().expect("its months");
    assert!(matches!(months.query, Query::Months(..)));
    give(&mut kiosk, &months);
    assert!(is_whole(&on_screen(&mut kiosk)), "{:?}", on_screen(&mut kiosk));
    kiosk.settle();
    let scene = kiosk.scene().to_string();
    for words in ["全部内容（3,000 项）", "2026 年 11 月 · 20 项", "选年月"] {
        assert!(scene.contains(words), "{words} is not on\n{scene}");
    }
}

#[test]
fn a_list_of_200_000_costs_what_is_visible() {
    let cost = |notices: i64| {
        let mut kiosk = Kiosk::with(1080, 1920, heads(notices, 0));
        kiosk.go(&all());
        let before = kiosk.shaper().shaped();
        let most = (0..12).map(|_| kiosk.fling_cost(40)).max().unwrap();
        (most, kiosk.shaper().shaped() - before)
    };
    let (few, many) = (cost(1_000), cost(200_000));
    assert!(many.0 <= few.0 * 11 / 10 && many.0 < 1_200, "primitives: {few:?} {many:?}");
    assert!(many.1 <= few.1 * 12 / 10, "characters shaped: {few:?} {many:?}");
}

#[test]
fn a_fling_meets_rows_that_are_there() {
    for down in [true, false] {
        let mut kiosk = Kiosk::with(1080, 1920, heads(20_000, 0));
        kiosk.go(&all());
        if !down {
            scroll(&mut kiosk, 2_000_000.0);
            kiosk.settle();
        }
        // Each answer takes three frames.
        let mut out: Option<(Question, u32)> = None;
        for n in 0..900 {
            if n % 45 == 0 {
                let to = if down { -1.0 } else { 1.0 };
                kiosk.input(Input::Down { finger: 0, x: 500.0, y: 1_000.0 });
                for i in 1..=6_u8 {
                    kiosk.now += Duration::from_millis(16);
                    kiosk.input(Input::Move { finger: 0, x: 500.0, y: 1_000.0 + to * 90.0 * f32::from(i) });
                }
                kiosk.now += Duration::from_millis(16);
                kiosk.input(Input::Up { finger: 0, x: 500.0, y: 1_000.0 + to * 630.0 });
            }
            kiosk.now += Duration::from_micros(16_667);
            if let Some((question, _)) = out.take_if(|(_, frames)| *frames == 0) {
                give(&mut kiosk, &question);
            }
            out.iter_mut().for_each(|(_, frames)| *frames -= 1);
            let rows = on_screen(&mut kiosk);
            assert!(is_whole(&rows), "at {}: {rows:?}", kiosk.stage.scrolled(kiosk.now));
            if let Some(question) = kiosk.stage.question() {
                out = Some((question, 3));
            }
        }
        let moved = kiosk.stage.scrolled(kiosk.now);
        assert!(if down { moved > 30_000.0 } else { moved < 3_300_000.0 }, "{moved}");
    }
}

#[test]
fn any_month_is_one_choice_away_and_its_rows_take_the_place_kept_for_them() {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        for (large, low) in [(false, false), (true, false), (false, true), (true, true)] {
            let place = format!("{width} large {large} low {low}");
            let mut kiosk = Kiosk::with(width, height, heads(4_000, 1));
            for (on, action) in [(large, Action::Large), (low, Action::Low)] {
                if on {
                    kiosk.tap_action(&action);
                }
            }
            kiosk.go(&all());
            kiosk.tap_action(&Action::Go(Page::PickMonth(String::new())));
            let scene = kiosk.scene().to_string();
            assert!(scene.contains("2026 年") && scene.contains("✓ 11 月（20）"), "{place}: {scene}");
            assert_eq!(kiosk.stage.overflows(), vec![], "{place}");
            // The choice is as long as the years are: it is scrolled to the month.
            let month = Action::Month(Month::new(2019, 3).unwrap());
            let mut tries = 0;
            while !kiosk.stage.targets(kiosk.now).iter().any(|hit| hit.action == month) {
                scroll(&mut kiosk, 300.0);
                tries += 1;
                assert!(tries < 60, "{place}: no such month");
            }
            kiosk.tap_action(&month);
            assert_eq!(kiosk.stage.page(), &all(), "{place}");
            let scene = kiosk.scene().to_string();
            assert!(scene.contains("“2019 年 3 月 · 31 项”"), "{place}: {scene}");
            assert_eq!(on_screen(&mut kiosk), [], "{place}: not read yet");
            let (stands, heights) = (kiosk.stage.scrolled(kiosk.now), kiosk.scene().placed.len());
            kiosk.settle();
            let rows = on_screen(&mut kiosk);
            let last = "2019-03-31".parse::<jiff::civil::Date>().unwrap();
            let first = 4_000 - (jiff::civil::date(2026, 11, 20) - last).get_days() as i64;
            assert_eq!(rows.first().map(|row| row.0), Some(first), "{place}: {rows:?}");
            assert!(rows.len() >= if low || large { 1 } else { 3 }, "{place}: {rows:?}");
            assert_eq!((kiosk.stage.scrolled(kiosk.now), kiosk.scene().placed.len()), (stands, heights), "{place}");
            assert_eq!(kiosk.stage.overflows(), vec![], "{place}");
            // Back from there it stands where it stood.
            let article = |hit: &gongshi::ui::Hit<Action>| matches!(hit.action, Action::Go(Page::Article(_)));
            if (height, large, low) == (1080, true, true) {
                // A row of large type is higher than the lower part of a wide screen.
                continue;
            }
            for _ in 0..20 {
                if !kiosk.stage.targets(kiosk.now).iter().any(article) {
                    scroll(&mut kiosk, 50.0);
                }
            }
            kiosk.settle();
            let rows = on_screen(&mut kiosk);
            let (x, y) = kiosk.find(|action| matches!(action, Action::Go(Page::Article(_))));
            kiosk.tap(x, y);
            kiosk.settle();
            kiosk.tap_action(&Action::Back);
            assert_eq!(on_screen(&mut kiosk), rows, "{place}");
        }
    }
}

#[test]
fn a_new_edition_leaves_what_is_read_where_it_stands() {
    let mut kiosk = Kiosk::with(1080, 1920, heads(2_000, 1));
    kiosk.go(&all());
    scroll(&mut kiosk, 100_000.0);
    kiosk.settle();
    let before = on_screen(&mut kiosk);
    assert!(is_whole(&before), "{before:?}");
    // Five new ones above, of a month that was not there, and three above gone; one on screen says something else.
    let mut after = heads(2_000, 1);
    after.drain(100..103);
    let new = (3_001..=3_005).rev().map(|n| {
        let published = Some("2026-12-01T08:00:00+08:00".parse().unwrap());
        Arc::new(NoticeHead { title: format!("第{n}号公告"), published, ..head(n) })
    });
    after.splice(0..0, new);
    let changed = before[2].0;
    let at = after.iter().position(|head| head.id == NoticeId(changed)).unwrap();
    after[at] = Arc::new(NoticeHead { title: "改过的公告".into(), ..NoticeHead::clone(&after[at]) });
    kiosk.publish(after);
    assert_eq!(on_screen(&mut kiosk), before, "nothing moves before the answer");
    for _ in 0..6 {
        kiosk.answer();
        let mut rows = on_screen(&mut kiosk);
        let own = before.iter().filter(|(n, _)| *n != changed).copied();
        rows.retain(|(n, _)| *n != changed);
        assert_eq!(rows, own.collect::<Vec<_>>(), "what is read stays");
    }
    assert!(kiosk.stage.question().is_none());
    let scene = kiosk.scene().to_string();
    assert!(scene.contains("改过的公告"), "{scene}");
    // At the very beginning what is new is seen.
    scroll(&mut kiosk, -1_000_000.0);
    kiosk.settle();
    assert_eq!(on_screen(&mut kiosk)[0].0, 3_005);
    kiosk.publish(heads(2_000, 1));
    kiosk.settle();
    assert_eq!(on_screen(&mut kiosk)[0].0, 2_000);
}

#[test]
fn rows_that_cannot_be_read_say_so_and_are_asked_for_again_by_hand() {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        for (large, low) in [(false, false), (true, false), (false, true), (true, true)] {
            let place = format!("{width} large {large} low {low}");
            let mut kiosk = Kiosk::with(width, height, heads(2_000, 1));
            for (on, action) in [(large, Action::Large), (low, Action::Low)] {
                if on {
                    kiosk.tap_action(&action);
                }
            }
            kiosk.go(&all());
            scroll(&mut kiosk, 100_000.0);
            let first = fail(&mut kiosk);
            assert!(matches!(first.query, Query::List(..)), "{place}");
            let scene = kiosk.scene().to_string();
            assert!(scene.contains("暂时读不到，点这里再试"), "{place}: {scene}");
            assert_eq!((kiosk.stage.question(), kiosk.stage.overflows()), (None, vec![]), "{place}");
            kiosk.tap_action(&Action::Retry);
            let second = kiosk.stage.question().expect("asked again");
            assert_eq!(second.query, first.query, "{place}");
            give(&mut kiosk, &second);
            kiosk.settle();
            assert!(!kiosk.scene().to_string().contains("暂时读不到"), "{place}");
            assert!(!on_screen(&mut kiosk).is_empty(), "{place}");
        }
    }
}

#[test]
fn a_window_that_nobody_gives_is_given_up_and_one_that_comes_late_is_not_taken_for_another() {
    let mut kiosk = Kiosk::with(1080, 1920, heads(2_000, 1));
    kiosk.go(&all());
    scroll(&mut kiosk, 100_000.0);
    let first = kiosk.stage.question().expect("the rows there");
    // Going elsewhere asks for what is there at once; the answer for the first place is stale.
    scroll(&mut kiosk, 100_000.0);
    let second = kiosk.stage.question().expect("the rows here");
    assert!(second.generation > first.generation && second.query != first.query);
    give(&mut kiosk, &first);
    assert_eq!(on_screen(&mut kiosk), []);
    assert_eq!(kiosk.stage.question(), None, "it is asked once");
    kiosk.now += Duration::from_secs(10);
    assert!(kiosk.stage.stale(&kiosk.moment()));
    assert!(kiosk.scene().to_string().contains("暂时读不到"));
    // What comes after all is shown.
    give(&mut kiosk, &second);
    assert!(is_whole(&on_screen(&mut kiosk)));
    assert!(!kiosk.scene().to_string().contains("暂时读不到"));
}

#[test]
fn a_list_of_what_is_on_display_is_read_by_windows_too() {
    let mut kiosk = Kiosk::with(1080, 1920, heads(1_000, 0));
    kiosk.go(&Page::List { heading: String::new(), showing: true });
    let scene = kiosk.scene().to_string();
    assert!(scene.contains("正在公示（800 项）") && !scene.contains("选年月"), "{scene}");
    let first = on_screen(&mut kiosk);
    assert!(first.len() >= 6, "{first:?}");
    scroll(&mut kiosk, 60_000.0);
    kiosk.settle();
    let later = on_screen(&mut kiosk);
    assert!(later.len() >= 6 && later[0].0 != first[0].0, "{later:?}");
    let before = later.clone();
    kiosk.publish(heads(1_000, 0).into_iter().filter(|head| head.id.0 > 20).collect());
    kiosk.settle();
    assert_eq!(on_screen(&mut kiosk), before, "what is read stays");
}

#[test]
fn a_page_that_was_left_is_asked_for_again_where_an_edition_came_meanwhile() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Article(NoticeId(1)));
    kiosk.go(&Page::Find);
    kiosk.publish(heads(40, 1).into_iter().filter(|head| head.id != NoticeId(1)).collect());
    kiosk.settle();
    kiosk.tap_action(&Action::Back);
    let question = kiosk.stage.question().expect("it may be gone");
    kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Nothing });
    assert!(kiosk.scene().to_string().contains("已撤下"));
}
