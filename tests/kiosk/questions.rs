//! Registers, cases and search: what is asked, what is shown of the answers, what is left of them.

use super::{
    Kiosk,
    registers::{self, RECEIPT},
};
use gongshi::{
    edition::{Answer, Response, TableQuery},
    kiosk::{Action, Page, Pick, SearchFacet},
    model::RowId,
    scene::{Picture, Primitive},
    stage::Stage,
};
use std::{sync::Arc, time::Duration};

fn money(place: &str) -> TableQuery {
    TableQuery { register: "village-money".into(), place: place.into(), period: None }
}

fn says(kiosk: &mut Kiosk, words: &[&str]) {
    let scene = kiosk.scene().to_string();
    for words in words {
        assert!(scene.contains(words), "{words} is not on\n{scene}");
    }
    assert_eq!(kiosk.stage.overflows(), vec![]);
}

fn tap(kiosk: &mut Kiosk, fits: impl Fn(&Action) -> bool) {
    let (x, y) = kiosk.find(fits);
    kiosk.tap(x, y);
    kiosk.answer();
    kiosk.scene();
}

#[test]
fn from_home_to_one_voucher_and_back() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    tap(&mut kiosk, |a| matches!(a, Action::Go(Page::Browse(id)) if id == "village"));
    says(&mut kiosk, &["村级资金账", "1,204,318 项", "惠农补贴发放", "88,204 条 · 更新到 10 月"]);
    tap(&mut kiosk, |a| matches!(a, Action::Go(Page::Register(q)) if q.register == "village-money"));
    says(&mut kiosk, &["示例县 10 月收支", "按地区查看", "示例镇", "2,001 条 ›"]);
    tap(&mut kiosk, |a| matches!(a, Action::Go(Page::Register(q)) if q.place == "9901"));
    tap(&mut kiosk, |a| matches!(a, Action::Go(Page::Pick(_, Pick::Village))));
    says(&mut kiosk, &["选择村（社区） · 示例镇", "示例镇全部"]);
    tap(&mut kiosk, |a| {
        *a == Action::Choose(Page::Register(TableQuery {
            period: gongshi::model::Month::new(2026, 10),
            ..money("990101")
        }))
    });
    says(
        &mut kiosk,
        &[
            "示例村 10 月收支",
            "84,000.00",
            "41,706.50",
            "312,118.75",
            "与收支相符",
            "24,000.00",
            "查看 3",
            "近 12 个月收入与支出（元）",
        ],
    );
    kiosk.stage.visit_page(&Page::Row(RowId(2)), gongshi::time::EventTime(kiosk.now));
    kiosk.answer();
    says(&mut kiosk, &["村道维修材料款", "18,260.00 元", "凭证与图片", "相关公告", "示例某"]);
    for _ in 0..4 {
        tap(&mut kiosk, |a| *a == Action::Back);
    }
    assert_eq!(kiosk.stage.page(), &Page::Home);
}

#[test]
fn what_does_not_agree_is_said_in_red() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Register(money("990102")));
    says(&mut kiosk, &["#b3261e “收支与结余不符，相差 120.00 元”", "不符，相差 120.00"]);
    kiosk.go(&Page::Register(TableQuery { register: "grants".into(), ..money("990101") }));
    says(&mut kiosk, &["有 1 行的合计与分项不符", "合计不符，相差 120.00"]);
    let mut wide = Kiosk::new(1920, 1080, 40);
    wide.go(&Page::Register(TableQuery { register: "grants".into(), ..money("990101") }));
    wide.fling();
    says(&mut wide, &["≠ 547.50"]);
}

#[test]
fn a_table_of_two_thousand_rows_costs_what_is_visible() {
    let cost = |rows: i64| {
        let mut kiosk = Kiosk::new(1080, 1920, 40);
        kiosk.rows = rows;
        kiosk.go(&Page::Register(money("990101")));
        kiosk.fling_cost(120)
    };
    let (few, many) = (cost(60), cost(2_000));
    assert!(many <= few * 13 / 10 && many < 1_500, "{few} {many}");
}

#[test]
fn a_scanner_finds_a_case_and_another_number_wipes_it() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let (x, y) = kiosk.find(|a| matches!(a, Action::Go(Page::Case(_))));
    kiosk.tap(x, y);
    says(&mut kiosk, &["请输入受理编号", "查办件进度", "办结公告"]);
    kiosk.keys("sl2026-1109 0037");
    // A hyphen and a space are passed on or over; the store ignores them.
    kiosk.tap_action(&Action::Clear);
    kiosk.keys(&format!("{}\n", RECEIPT.to_lowercase()));
    says(
        &mut kiosk,
        &[
            "SL2026 1109 0037",
            "食品经营许可（新办）",
            "承诺 10 个工作日，法定 20 个工作日",
            "11 月 26 日（星期四）",
            "正常办理，还剩 3 个工作日",
            "现场核查（不计入时限）",
            "11-16 → 11-18",
            "进行中",
        ],
    );
    kiosk.tap_action(&Action::Type('5'.into()));
    let scene = kiosk.scene().to_string();
    assert!(!scene.contains("食品经营许可") && scene.contains("0037 5"), "{scene}");
    kiosk.tap_action(&Action::Erase);
    kiosk.tap_action(&Action::Erase);
    tap(&mut kiosk, |a| *a == Action::Submit);
    says(&mut kiosk, &["没有查到这个编号", "字母 O 和数字 0"]);
    kiosk.tap_action(&Action::Help);
    says(&mut kiosk, &["受理编号在哪里？"]);
    kiosk.tap_action(&Action::Leave);
    assert_eq!(kiosk.stage.page(), &Page::Home);
    kiosk.go(&Page::Case(String::new().into()));
    assert!(!kiosk.scene().to_string().contains("SL2026"));
}

#[test]
fn lamps_differ_by_words_too() {
    use gongshi::{
        edition::{Answer, Response},
        model::Lamp,
    };
    for (lamp, closed, words) in [
        (Lamp::Green, false, "正常办理，还剩 3 个工作日"),
        (Lamp::Yellow, false, "即将到期，还剩 1 个工作日"),
        (Lamp::Red, false, "已超期 4 个工作日"),
        (Lamp::Green, true, "按时办结"),
        (Lamp::Red, true, "超期办结"),
    ] {
        let mut kiosk = Kiosk::new(1080, 1920, 40);
        kiosk.open(&Page::Case(RECEIPT.into()));
        let question = kiosk.stage.question().unwrap();
        let response = Response::Case(Arc::new(registers::case(lamp, closed)));
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response });
        says(&mut kiosk, &[words]);
    }
}

#[test]
fn the_last_letters_typed_stay_in_sight() {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        for typed in ["2026-11-24/0037".repeat(4), "示例镇人民政府办公室".repeat(6), "WMwm".repeat(12)] {
            let mut kiosk = Kiosk::new(width, height, 40);
            kiosk.keys(&typed);
            let scene = kiosk.scene();
            let texts = scene.placed.iter().flat_map(|p| &p.layer.primitives).filter_map(|primitive| match primitive {
                Primitive::Words { text, .. } => Some(text),
                _ => None,
            });
            let drawn: Vec<String> =
                texts.map(|t| t.buffer.lines.iter().map(|l| l.text()).collect::<String>()).collect();
            let is_end = |text: &&String| text.starts_with('…') && typed.ends_with(text.trim_start_matches('…'));
            let end = drawn.iter().find(is_end).unwrap_or_else(|| panic!("{width}: {drawn:?}"));
            assert!(end.chars().count() > 12, "{width}: {end}");
            assert!(drawn.iter().any(|text| text == "找到 214 项 ・ 6 毫秒"), "{width}: {drawn:?}");
        }
    }
}

#[test]
fn search_answers_as_one_types_and_drops_what_is_stale() {
    use gongshi::{
        edition::{Answer, Query, Response},
        stage::Input,
    };
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    // A key on the home page begins a search.
    kiosk.input(Input::Key('c'));
    assert_eq!(kiosk.stage.page(), &Page::Search);
    kiosk.scene();
    let first = kiosk.stage.question().unwrap();
    kiosk.tap_action(&Action::Type('w'.into()));
    let second = kiosk.stage.question().unwrap();
    assert!(second.generation > first.generation && kiosk.stage.question().is_none());
    let Query::Search(query) = &second.query else { panic!("{second:?}") };
    assert_eq!(query.text.as_str(), "cw");
    let answer = |kiosk: &mut Kiosk, generation, text: &str| {
        let query = gongshi::search::SearchQuery { text: text.into(), limit: 40, ..Default::default() };
        let response = Response::Found(Arc::new(registers::found(&query)));
        kiosk.stage.answer(Answer { screen: 0, generation, response });
    };
    answer(&mut kiosk, first.generation, "c");
    assert!(!kiosk.scene().to_string().contains("找到"));
    kiosk.now += Duration::from_millis(150);
    assert!(kiosk.stage.stale(&kiosk.moment()));
    says(&mut kiosk, &["正在查找…"]);
    answer(&mut kiosk, second.generation, "cw");
    says(
        &mut kiosk,
        &["“cw”", "找到 214 项 ・ 6 毫秒", "财务公开", "示例镇人民政府 ・ 2026-10-12 ・ 村务与三资", "地区"],
    );
    tap(&mut kiosk, |a| matches!(a, Action::Go(Page::Narrow(SearchFacet::Year))));
    says(&mut kiosk, &["2026 年（150）"]);
    let (x, y) = kiosk.find(|a| matches!(a, Action::Filter(gongshi::kiosk::Filter::Year(Some(2025)))));
    kiosk.tap(x, y);
    let Some(Query::Search(query)) = kiosk.stage.question().map(|q| q.query) else { panic!("nothing asked") };
    assert_eq!((query.year, query.text.as_str()), (Some(2025), "cw"));
    kiosk.keys("zzz");
    kiosk.tap_action(&Action::Clear);
    kiosk.keys("zzz");
    says(&mut kiosk, &["没有找到"]);
    // Nobody there: nothing of it is left.
    kiosk.now += Duration::from_secs(60 + 16);
    kiosk.scene();
    assert_eq!(kiosk.stage.page(), &Page::Home);
    kiosk.go(&Page::Search);
    says(&mut kiosk, &["想找什么？"]);
    assert!(!kiosk.scene().to_string().contains("zzz"));
}

#[test]
fn further_hits_come_while_one_scrolls() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Search);
    kiosk.keys("cwgk\n");
    let mut asked = 0;
    for _ in 0..60 {
        kiosk.fling();
        for _ in 0..40 {
            kiosk.now += Duration::from_micros(16_667);
            if kiosk.stage.stale(&kiosk.moment()) {
                kiosk.scene();
            }
            if let Some(question) = kiosk.stage.question() {
                let gongshi::edition::Query::Search(query) = &question.query else { panic!("{question:?}") };
                asked = asked.max(query.offset);
                let response = registers::response(&question.query, 0);
                let (screen, generation) = (question.screen, question.generation);
                kiosk.stage.answer(gongshi::edition::Answer { screen, generation, response });
            }
        }
        assert_eq!(kiosk.stage.overflows(), vec![]);
    }
    assert_eq!(asked, 200);
    // All 214 hits of at least 142 pixels each were there to be scrolled over.
    assert!(kiosk.stage.scrolled(kiosk.now) > 200.0 * 142.0, "{}", kiosk.stage.scrolled(kiosk.now));
}

#[test]
fn no_figure_loses_its_end() {
    super::every_page(|kiosk, place| {
        let scene = kiosk.scene();
        for primitive in scene.placed.iter().flat_map(|p| &p.layer.primitives) {
            let Primitive::Words { text, .. } = primitive else { continue };
            let words = text.words("\n");
            let is_figure = words.contains(|c: char| c.is_ascii_digit())
                && words.chars().all(|c| c.is_ascii_digit() || ",.-+% ≠".contains(c));
            let laid: String = text.buffer.lines.iter().map(|l| l.text()).collect();
            assert!(!is_figure || laid == words, "{place}: {words} is shown as {laid}");
        }
    });
}

#[test]
fn every_word_of_every_page_can_be_read() {
    super::every_page(|kiosk, place| {
        let scene = kiosk.scene();
        for (words, contrast) in super::contrast::of(&scene) {
            assert!(contrast >= 4.5, "{place}: {words} has a contrast of {contrast}");
        }
    });
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_tapped_the_way_home_is_open(
        taps in proptest::collection::vec(0..997usize, 1..40),
        wide in proptest::bool::ANY,
    ) {
        let (width, height) = if wide { (1920, 1080) } else { (1080, 1920) };
        let mut kiosk = Kiosk::new(width, height, 60);
        for n in taps {
            let targets = kiosk.stage.targets(kiosk.now);
            let Some(hit) = targets.get(n % targets.len().max(1)) else { break };
            kiosk.now += Duration::from_millis(300);
            kiosk.tap(hit.rect.x + hit.rect.w / 2.0, hit.rect.y + hit.rect.h / 2.0);
            kiosk.answer();
            kiosk.scene();
            proptest::prop_assert!(kiosk.stage.overflows().is_empty(), "{:?} {:?}", kiosk.stage.page(), kiosk.stage.overflows());
        }
        for _ in 0..40 {
            if *kiosk.stage.page() == Page::Home {
                break;
            }
            tap(&mut kiosk, |a| *a == Action::Back);
        }
        proptest::prop_assert_eq!(kiosk.stage.page(), &Page::Home);
    }
}

#[test]
fn a_rows_pictures_are_shown_as_they_come_and_what_is_not_held_is_said() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.stage.visit_page(&Page::Row(RowId(2)), gongshi::time::EventTime(kiosk.now));
    let question = kiosk.stage.question().expect("it asks");
    let tell = |kiosk: &mut Kiosk, pictures: &[&str], is_settled| {
        let Response::Row(mut file) = registers::response(&question.query, 5) else { panic!() };
        let shown = Arc::make_mut(&mut file);
        let picture = || Arc::new(Picture { width: 480, height: 300, rgba: vec![90; 480 * 300 * 4] });
        shown.pictures = pictures.iter().map(|p| (format!("https://example.invalid/v/{p}.jpg"), picture())).collect();
        shown.is_settled = is_settled;
        let (screen, generation) = (question.screen, question.generation);
        kiosk.stage.answer(Answer { screen, generation, response: Response::Row(file) });
        kiosk.scene().to_string()
    };
    let scene = tell(&mut kiosk, &[], false);
    assert!(scene.contains("图片 1 / 3") && scene.contains("2-1.jpg 本机还没有，正在取"), "{scene}");
    let scene = tell(&mut kiosk, &["2-1"], false);
    let of_page = scene.lines().filter(|l| l.contains("picture") || l.contains("image")).count();
    assert!(of_page > 0 && !scene.contains("2-1.jpg"), "{scene}");
    // Asked again after a new edition, the words come first: the picture stays meanwhile.
    let scene = tell(&mut kiosk, &[], false);
    assert!(!scene.contains("2-1.jpg"), "{scene}");
    let scene = tell(&mut kiosk, &["2-2"], true);
    assert!(scene.contains("2-1.jpg 没有存在本机，现在取不到"), "{scene}");
    assert_eq!(kiosk.stage.overflows(), vec![]);
}

#[test]
fn a_wide_screen_shows_a_case_whole_beside_its_keys() {
    let mut kiosk = Kiosk::new(1920, 1080, 40);
    kiosk.go(&Page::Case(RECEIPT.into()));
    says(&mut kiosk, &["食品经营许可（新办）", "受理", "决定", "制证与送达", "可邮寄或到窗口领取"]);
    let scene = kiosk.scene();
    let name = scene.find("食品经营许可", kiosk.moment().frame).expect("its name");
    let steps = ["受理", "制证与送达"].map(|s| scene.find(s, kiosk.moment().frame).expect("a step"));
    assert!(steps.iter().all(|s| s[0] < 1000.0) && name[0] > 1000.0, "{name:?} {steps:?}");
    assert!(steps[1][1] < 948.0, "the last step stands above the bar: {steps:?}");
}

/// The pages that wait for the archive.
fn waiting_pages() -> [Page; 6] {
    [
        Page::List { heading: String::new(), showing: false },
        Page::List { heading: String::new(), showing: true },
        Page::Article(gongshi::model::NoticeId(1)),
        Page::Register(money("990101")),
        Page::Row(RowId(2)),
        Page::Case(RECEIPT.into()),
    ]
}

#[test]
fn what_cannot_be_read_is_never_said_to_be_gone_and_can_be_asked_for_again() {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        for (large, low) in [(false, false), (true, false), (false, true), (true, true)] {
            for page in waiting_pages() {
                let mut kiosk = Kiosk::new(width, height, 40);
                for (on, action) in [(large, Action::Large), (low, Action::Low)] {
                    if on {
                        kiosk.tap_action(&action);
                    }
                }
                kiosk.open(&page);
                let first = kiosk.stage.question().unwrap();
                kiosk.stage.answer(Answer { screen: 0, generation: first.generation, response: Response::Failed });
                let scene = kiosk.scene().to_string();
                let place = format!("{page:?} {width} large {large} low {low}");
                assert!(scene.contains("暂时读不到"), "{place}: {scene}");
                for wrong in ["已撤下", "没有查到", "暂时没有内容", "没有找到"] {
                    assert!(!scene.contains(&format!("“{wrong}")), "{place}: {wrong}");
                }
                assert_eq!(kiosk.stage.overflows(), vec![], "{place}");
                // Where the page's words stand out of reach the key that asks is in reach.
                let again = if matches!(page, Page::Case(_)) && low { Action::Submit } else { Action::Retry };
                let (x, y) = kiosk.find(|a| *a == again);
                kiosk.tap(x, y);
                let second = kiosk.stage.question().unwrap_or_else(|| panic!("{place}: nothing is asked again"));
                assert!(second.generation > first.generation && second.query == first.query, "{place}");
                let response = match &second.query {
                    gongshi::edition::Query::Notice(_) => {
                        Response::Document(Arc::new(super::fixture::document(1, "完。")))
                    }
                    other => super::fixture::response(&kiosk.archive, other, 5),
                };
                kiosk.stage.answer(Answer { screen: 0, generation: second.generation, response });
                assert!(!kiosk.scene().to_string().contains("暂时读不到"), "{place}");
            }
        }
    }
}

#[test]
fn a_question_nobody_answers_ends_within_its_time_limit() {
    for page in waiting_pages() {
        let mut kiosk = Kiosk::new(1080, 1920, 40);
        kiosk.open(&page);
        let question = kiosk.stage.question().unwrap();
        kiosk.now += Duration::from_secs(9);
        kiosk.scene();
        assert!(!kiosk.scene().to_string().contains("暂时读不到"), "{page:?}: too early");
        let due = kiosk.stage.due(&kiosk.moment()).expect("the end of waiting");
        assert!(due.at <= kiosk.now + Duration::from_secs(1), "{page:?}: {due:?}");
        kiosk.now += Duration::from_secs(1);
        assert!(kiosk.stage.stale(&kiosk.moment()));
        says(&mut kiosk, &["暂时读不到", "再试一次"]);
        // What comes late is still taken.
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Nothing });
        assert!(!kiosk.scene().to_string().contains("暂时读不到"), "{page:?}");
    }
}

#[test]
fn what_stands_on_a_page_outlives_a_question_that_fails() {
    for page in waiting_pages() {
        let mut kiosk = Kiosk::new(1080, 1920, 40);
        kiosk.go(&page);
        let before = kiosk.scene().to_string();
        let mut edition = gongshi::edition::Edition::new(2, vec![], vec![]);
        registers::add_heads(&mut edition);
        kiosk.stage.refresh(&Arc::new(edition));
        let Some(question) = kiosk.stage.question() else { panic!("{page:?}: a new edition asks again") };
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Failed });
        kiosk.now += Duration::from_secs(20);
        let after = kiosk.scene().to_string();
        assert!(
            !after.contains("暂时读不到") && after.lines().count() + 3 > before.lines().count(),
            "{page:?}: {after}"
        );
    }
}

#[test]
fn a_search_that_fails_says_so_and_shows_no_hits_for_other_words() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Search);
    kiosk.keys("cw");
    says(&mut kiosk, &["财务公开"]);
    kiosk.input(gongshi::stage::Input::Key('z'));
    let question = kiosk.stage.question().unwrap();
    kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Failed });
    says(&mut kiosk, &["暂时读不到"]);
    let scene = kiosk.scene().to_string();
    assert!(!scene.contains("财务公开") && !scene.contains("没有找到"), "{scene}");
    tap(&mut kiosk, |a| *a == Action::Retry);
    assert!(!kiosk.scene().to_string().contains("暂时读不到"));
}

#[test]
fn further_hits_that_fail_are_asked_for_again_by_hand_only() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Search);
    kiosk.keys(
        "cwgk
",
    );
    let mut asked = 0;
    for _ in 0..400 {
        if asked == 0 && kiosk.stage.scrolled(kiosk.now) < 60_000.0 {
            kiosk.fling();
        }
        kiosk.now += Duration::from_micros(16_667);
        if kiosk.stage.stale(&kiosk.moment()) {
            kiosk.scene();
        }
        if let Some(question) = kiosk.stage.question() {
            asked += 1;
            kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response: Response::Failed });
        }
    }
    assert_eq!(asked, 1, "asked again by itself");
    (0..30).for_each(|_| kiosk.fling());
    kiosk.now += Duration::from_secs(5);
    says(&mut kiosk, &["后面的暂时读不到"]);
    let (x, y) = kiosk.find(|a| *a == Action::Retry);
    kiosk.tap(x, y);
    kiosk.scene();
    assert!(kiosk.stage.question().is_some());
}

#[test]
fn the_directory_leads_to_a_unit_and_to_what_it_published() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Search);
    tap(&mut kiosk, |a| *a == Action::Go(Page::Directory(String::new())));
    says(&mut kiosk, &["单位名录", "政务公开（4 个）", "县财政局", "0000-1234567 · 示例县示例路 1 号"]);
    tap(&mut kiosk, |a| *a == Action::Go(Page::Directory("县自然资源局".into())));
    says(&mut kiosk, &["办公时间", "示例某", "农村集体资金、资产、资源监管", "最近发布", "城东片区控制性详细规划调整"]);
    tap(&mut kiosk, |a| *a == Action::Back);
    assert_eq!(kiosk.stage.page(), &Page::Directory(String::new()));
    // A config without the unit leaves its page; one without any leaves no way to it.
    kiosk.go(&Page::Directory("县财政局".into()));
    let mut without = super::fixture::config(1080, 1920);
    without.units.unit.clear();
    kiosk.stage.reconfigure(&Arc::new(without));
    assert_eq!(kiosk.stage.page(), &Page::Home);
    kiosk.go(&Page::Search);
    assert!(!kiosk.scene().to_string().contains("单位名录"));
}
