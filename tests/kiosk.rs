//! The kiosk without a GPU: what stands where, what a finger does, what is left of a visit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

#[path = "kiosk/contrast.rs"]
mod contrast;
#[path = "kiosk/fixture.rs"]
mod fixture;
#[path = "kiosk/lists.rs"]
mod lists;
#[path = "kiosk/look.rs"]
mod look;
#[path = "kiosk/pictures.rs"]
mod pictures;
#[path = "kiosk/privacy.rs"]
mod privacy;
#[path = "kiosk/questions.rs"]
mod questions;
#[path = "kiosk/registers.rs"]
mod registers;
#[path = "kiosk/semantics.rs"]
mod semantics;
#[path = "kiosk/worst.rs"]
mod worst;

use fixture::{Kiosk, config, document};
use gongshi::{
    edition::{Faults, Response, TableQuery},
    kiosk::{Action, Page, Pick},
    model::{NoticeId, RowId},
    scene::Primitive,
    stage::{Input, Stage},
    text::ShapedText,
    time::EventTime,
};
use registers::RECEIPT;
use std::{sync::Arc, time::Duration};

fn pages() -> Vec<Page> {
    let query =
        |register: &str, place: &str| TableQuery { register: register.into(), place: place.into(), period: None };
    let money = || query("village-money", "990101");
    vec![
        Page::Home,
        Page::Find,
        Page::Browse("trade".into()),
        Page::List { heading: String::new(), showing: false },
        Page::List { heading: String::new(), showing: true },
        Page::List { heading: "party.organization".into(), showing: false },
        Page::List { heading: "trade.land".into(), showing: false },
        Page::Article(NoticeId(1)),
        Page::Browse("village".into()),
        Page::Register(money()),
        Page::Register(query("village-money", "990102")),
        Page::Register(query("village-money", "9901")),
        Page::Register(query("village-money", "")),
        Page::Register(query("grants", "990101")),
        Page::Register(query("grants", "9901")),
        Page::Pick(money(), Pick::Township),
        Page::Pick(money(), Pick::Village),
        Page::Pick(query("grants", ""), Pick::Village),
        Page::Row(RowId(2)),
        Page::Directory(String::new()),
        Page::Directory("示例镇人民政府".into()),
        Page::Case(String::new().into()),
        Page::Case(RECEIPT.into()),
        Page::Case("SL1".into()),
        Page::Search,
    ]
}

/// Every page, portrait and landscape, in every mix of the two toggles.
fn every_page(mut check: impl FnMut(&mut Kiosk, &str)) {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        for (large, low) in [(false, false), (true, false), (false, true), (true, true)] {
            for page in pages() {
                let mut kiosk = Kiosk::new(width, height, 40);
                for (on, action) in [(large, Action::Large), (low, Action::Low)] {
                    if on {
                        kiosk.tap_action(&action);
                    }
                }
                kiosk.go(&page);
                check(&mut kiosk, &format!("{page:?} {width}×{height} large {large} low {low}"));
            }
        }
    }
}

#[test]
fn every_target_is_big_enough_and_none_covers_another() {
    every_page(|kiosk, place| {
        let large = place.contains("large true");
        let targets = kiosk.stage.targets(kiosk.now);
        assert!(targets.len() >= 3, "{place}: {}", targets.len());
        for (i, hit) in targets.iter().enumerate() {
            let least = if large { 88.0 } else { 60.0 };
            assert!(hit.rect.w >= least && hit.rect.h >= least, "{place}: {:?} {:?}", hit.action, hit.rect);
            for other in targets.iter().skip(i + 1) {
                // The breadcrumb's short links are widened into the gap between them.
                let both = hit.rect.intersect(&other.rect);
                assert!(both.w.min(both.h) < 22.0, "{place}: {hit:?} {other:?}");
            }
        }
    });
}

#[test]
fn no_words_leave_their_boxes() {
    every_page(|kiosk, place| assert_eq!(kiosk.stage.overflows(), vec![], "{place}"));
}

#[test]
fn a_cards_lines_are_whole_and_of_one_size() {
    for (width, height, large) in [(1080, 1920, false), (1080, 1920, true), (1920, 1080, false), (1920, 1080, true)] {
        let mut kiosk = Kiosk::new(width, height, 40);
        if large {
            kiosk.tap_action(&Action::Large);
        }
        let scene = kiosk.scene();
        let texts: Vec<_> = scene.placed.iter().flat_map(|p| &p.layer.primitives).filter_map(words).collect();
        for (one, other) in [
            ("政策文件 · 行政许可", "行政处罚 · 年度报告"),
            ("资金 · 资产 · 资源", "48 乡镇 522 村逐月账目"),
            ("阳光热线问答 · 我要反映", "窗口服务评价"),
        ] {
            let sizes = [one, other].map(|line| {
                let text = texts.iter().find(|text| text.words("") == line).unwrap();
                let drawn: String = text.buffer.lines.iter().map(|l| l.text()).collect();
                assert_eq!(drawn, line, "{width}×{height} large {large}");
                text.buffer.metrics().font_size
            });
            assert!(sizes.iter().all(|size| *size == sizes[0]), "{width}×{height} large {large}: {one} {sizes:?}");
        }
    }
}

fn words(primitive: &Primitive) -> Option<&ShapedText> {
    match primitive {
        Primitive::Words { text, .. } => Some(text),
        _ => None,
    }
}

#[test]
fn low_reach_brings_every_control_down() {
    every_page(|kiosk, place| {
        if place.contains("low true") {
            for hit in kiosk.stage.targets(kiosk.now) {
                assert!(hit.rect.y >= kiosk.height * 0.55, "{place}: {hit:?}");
                let (x, y) = (hit.rect.x + hit.rect.w / 2.0, kiosk.height * 0.54);
                assert!(!kiosk.answers(x, y), "{place}: {hit:?} answers above the lower 45 %");
            }
        }
    });
}

#[test]
fn the_home_page_says_what_there_is() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let scene = kiosk.scene().to_string();
    for words in ["政务公开查询", "公共资源交易", "公示中 ", "正在公示", "全部 ›", "09:42", "农历十月十五", "还剩 2 天"]
    {
        assert!(scene.contains(words), "{words} is not on\n{scene}");
    }
    assert!(!scene.contains("朗读"));
}

#[test]
fn a_press_shows_in_the_next_scene_and_keeps_every_other_layer() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let before = kiosk.scene();
    let card = kiosk.find(|a| matches!(a, Action::Go(Page::Browse(id)) if id == "trade"));
    kiosk.input(Input::Down { finger: 0, x: card.0, y: card.1 });
    assert!(kiosk.stage.stale(&kiosk.moment()));
    let pressed = kiosk.scene();
    assert_eq!(pressed.placed.len(), before.placed.len() + 1);
    for (a, b) in before.placed.iter().zip(&pressed.placed) {
        assert!(Arc::ptr_eq(&a.layer, &b.layer));
    }
    kiosk.input(Input::Up { finger: 0, x: card.0 + 9.0, y: card.1 - 9.0 });
    assert_eq!(kiosk.stage.page(), &Page::Browse("trade".into()));
}

#[test]
fn an_untouched_home_waits_for_the_minute_only() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.scene();
    let moment = kiosk.moment();
    assert!(!kiosk.stage.stale(&moment));
    let due = kiosk.stage.due(&moment).expect("the clock");
    assert_eq!(due.at - moment.frame.at, Duration::from_secs(60 - 7));
    kiosk.now += Duration::from_secs(3600);
    assert_eq!(kiosk.scene().placed.len(), kiosk.scene().placed.len());
    assert!(!kiosk.scene().to_string().contains("还在使用吗"));
}

#[test]
fn nobody_there_wipes_the_visit() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.tap_action(&Action::Large);
    kiosk.go(&Page::Article(NoticeId(1)));
    kiosk.scene();
    kiosk.now += Duration::from_secs(61);
    let asking = kiosk.scene().to_string();
    assert!(asking.contains("继续使用") && asking.contains("14 秒") || asking.contains("15 秒"), "{asking}");
    let due = kiosk.stage.due(&kiosk.moment()).expect("the next second");
    assert!(due.at - kiosk.now <= Duration::from_secs(1));
    // Touching beside the buttons does not count; 继续使用 does.
    let stay = kiosk.find(|a| *a == Action::Stay);
    kiosk.tap(stay.0, stay.1);
    assert!(!kiosk.scene().to_string().contains("继续使用"));
    assert_eq!(kiosk.stage.page(), &Page::Article(NoticeId(1)));
    kiosk.now += Duration::from_secs(60 + 16);
    let home = kiosk.scene().to_string();
    assert_eq!(kiosk.stage.page(), &Page::Home);
    assert!(home.contains("大字版") && !home.contains("标准字"), "the toggles are wiped");
    assert!(kiosk.stage.question().is_none());
}

#[test]
fn a_stale_answer_is_dropped_and_a_lost_document_says_so() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.open(&Page::Article(NoticeId(1)));
    let first = kiosk.stage.question().expect("asked once");
    assert!(kiosk.stage.question().is_none());
    kiosk.tap_action(&Action::Back);
    kiosk.open(&Page::Article(NoticeId(2)));
    let second = kiosk.stage.question().expect("asked");
    kiosk.stage.answer(gongshi::edition::Answer {
        screen: 0,
        generation: first.generation,
        response: Response::Document(Arc::new(document(1, "旧"))),
    });
    kiosk.scene();
    // Not late yet: no skeleton; late: the skeleton.
    assert!(!kiosk.scene().to_string().contains("正在打开"));
    kiosk.now += Duration::from_millis(120);
    assert!(kiosk.stage.stale(&kiosk.moment()));
    assert!(kiosk.scene().to_string().contains("正在打开"));
    kiosk.stage.answer(gongshi::edition::Answer {
        screen: 0,
        generation: second.generation,
        response: Response::Nothing,
    });
    assert!(kiosk.scene().to_string().contains("已撤下"));
    assert_eq!(kiosk.stage.overflows(), vec![]);
}

#[test]
fn an_article_says_where_it_comes_from() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Article(NoticeId(1)));
    let scene = kiosk.scene().to_string();
    for words in [
        "公共资源交易中心",
        "编号 GC2026-118-2",
        "公示至 11-24，剩 2 天",
        "来源：公共资源交易网",
        "原文摘要 4f1c…a92e",
        "最后核对 09:30",
        "首页",
        "工程招标",
    ] {
        assert!(scene.contains(words), "{words} is not on\n{scene}");
    }
    assert!(scene.contains("image"), "the code to take along");
}

#[test]
fn a_fling_never_shows_what_is_not_laid_out() {
    let mut kiosk = Kiosk::new(1080, 1920, 5_000);
    kiosk.go(&Page::List { heading: String::new(), showing: false });
    kiosk.fling();
    let mut scene = kiosk.scene();
    for _ in 0..300 {
        let due = kiosk.stage.due(&kiosk.moment()).expect("the clock at least");
        kiosk.now += Duration::from_micros(16_667);
        if due.at <= kiosk.now {
            scene = kiosk.scene();
            kiosk.answer();
        }
        let frame = gongshi::scene::frame(&scene, kiosk.moment().frame);
        let middle = |y: u32| {
            let covers = |d: &gongshi::scene::Draw| d.clip[1] <= y && y < d.clip[1] + d.clip[3];
            frame.draws.iter().any(|d| covers(d) && d.layer.primitives.len() > 15)
        };
        assert!(middle(400) && middle(1500), "nothing at {}", kiosk.stage.scrolled(kiosk.now));
    }
}

#[test]
fn a_long_document_opens_fast_and_scrolls_to_its_end() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let text = "示例镇人民政府应当公开本条规定的事项，并接受社会监督。".repeat(4_000);
    let clock = gongshi::time::SystemClock::default();
    let from = gongshi::time::Clock::monotonic(&clock);
    kiosk.go_with(&Page::Article(NoticeId(1)), document(1, &text));
    let took = gongshi::time::Clock::monotonic(&clock) - from;
    println!("a document of 100,000 characters opens in {took:?}");
    assert!(took < Duration::from_millis(1_000), "{took:?}");
    let first: usize = kiosk.scene().placed.iter().map(|p| p.layer.primitives.len()).sum();
    assert!(first < 400, "{first}");
    let mut slowest = Duration::ZERO;
    for _ in 0..60 {
        kiosk.fling();
        for _ in 0..60 {
            kiosk.now += Duration::from_micros(16_667);
            if kiosk.stage.stale(&kiosk.moment()) {
                let from = gongshi::time::Clock::monotonic(&clock);
                kiosk.scene();
                slowest = slowest.max(gongshi::time::Clock::monotonic(&clock) - from);
            }
        }
    }
    println!("the slowest scene while scrolling took {slowest:?}");
    assert!(kiosk.stage.scrolled(kiosk.now) > 20_000.0);
    assert_eq!(kiosk.stage.overflows(), vec![]);
}

#[test]
fn a_touch_stops_a_fling_without_opening_what_is_under_it() {
    let mut kiosk = Kiosk::new(1080, 1920, 500);
    let list = Page::List { heading: String::new(), showing: false };
    kiosk.go(&list);
    kiosk.fling();
    kiosk.now += Duration::from_millis(100);
    kiosk.tap(500.0, 900.0);
    let stood = kiosk.stage.scrolled(kiosk.now);
    kiosk.now += Duration::from_millis(500);
    assert_eq!(kiosk.stage.scrolled(kiosk.now), stood);
    assert_eq!(kiosk.stage.page(), &list);
}

#[test]
fn an_empty_edition_shows_the_standing_card() {
    let mut kiosk = Kiosk::new(1080, 1920, 0);
    assert!(kiosk.scene().to_string().contains("内容更新中，请稍候"));
    let mut config = config(1080, 1920);
    config.site.standing.line = "设备调试中".into();
    kiosk.stage.reconfigure(&Arc::new(config));
    assert!(kiosk.scene().to_string().contains("设备调试中"));
}

#[test]
fn pages_come_within_their_time() {
    let mut kiosk = Kiosk::new(1080, 1920, 10_000);
    kiosk.scene();
    let clock = gongshi::time::SystemClock::default();
    let mut slowest = Duration::ZERO;
    for page in pages() {
        let from = gongshi::time::Clock::monotonic(&clock);
        kiosk.go(&page);
        slowest = slowest.max(gongshi::time::Clock::monotonic(&clock) - from);
    }
    println!("slowest page: {slowest:?}");
    // A debug build on a busy machine; the release figure is the benches'.
    assert!(slowest < Duration::from_millis(1_000), "{slowest:?}");
}

#[test]
fn faults_show_as_a_short_line_and_go_again() {
    let faults = Faults { config: 3, feeds: 2, ..Faults::default() };
    let words = "配置有误 · 3 处　来源中断 · 2 个";
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let clean = kiosk.scene();
    kiosk.stage.faults(Faults::default());
    assert!(!kiosk.stage.stale(&kiosk.moment()), "nothing changed");
    kiosk.stage.faults(faults);
    assert!(kiosk.stage.stale(&kiosk.moment()));
    let scene = kiosk.scene();
    assert!(scene.to_string().contains(words), "{scene}");
    for placed in &clean.placed {
        assert!(scene.placed.iter().any(|p| Arc::ptr_eq(&p.layer, &placed.layer)), "nothing else is built again");
    }
    kiosk.stage.faults(faults);
    assert!(!kiosk.stage.stale(&kiosk.moment()));
    kiosk.stage.faults(Faults { config: 0, ..faults });
    assert!(kiosk.scene().to_string().contains("“来源中断 · 2 个”"));
    kiosk.stage.faults(Faults::default());
    assert_eq!(kiosk.scene().to_string(), clean.to_string());

    let mut hidden = config(1080, 1920);
    hidden.screens.get_mut("lobby").unwrap().fault_badge = false;
    kiosk.stage.reconfigure(&Arc::new(hidden));
    kiosk.scene();
    kiosk.stage.faults(faults);
    assert!(!kiosk.stage.stale(&kiosk.moment()));
    assert!(!kiosk.scene().to_string().contains("配置有误"));
    every_page(|kiosk, place| {
        let targets = kiosk.stage.targets(kiosk.now).len();
        kiosk.stage.faults(faults);
        assert!(kiosk.scene().to_string().contains(words), "{place}");
        assert_eq!((kiosk.stage.overflows(), kiosk.stage.targets(kiosk.now).len()), (vec![], targets), "{place}");
    });
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_fingers_do_the_kiosk_stands(ops in proptest::collection::vec((0..6u8, 0..2u64, -50.0..1200f32, -50.0..2000f32, 1..400u64), 1..40)) {
        let mut kiosk = Kiosk::new(1080, 1920, 60);
        for (kind, finger, x, y, wait) in ops {
            kiosk.now += Duration::from_millis(wait);
            let input = match kind {
                0 | 1 => Input::Down { finger, x, y },
                2 => Input::Move { finger, x, y },
                3 | 4 => Input::Up { finger, x, y },
                _ => Input::Wheel { x, y, by: y - x },
            };
            let at = EventTime(kiosk.now);
            let edition = Arc::clone(&kiosk.edition);
            kiosk.stage.update(input, at, &edition);
            kiosk.answer();
            kiosk.scene();
            proptest::prop_assert!(kiosk.stage.overflows().is_empty(), "{:?}", kiosk.stage.overflows());
        }
    }
}
