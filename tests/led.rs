//! LED walls without a GPU: what stands where at fixed instants, and that tickers move by exact steps.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

#[path = "led/proof.rs"]
mod proof;
#[path = "led/rows.rs"]
mod rows;
#[path = "led/wall.rs"]
mod wall;

use gongshi::{
    check,
    config::{
        Config, Effect, PlaylistEntry, Screen, StandingCard, Zone, ZoneFrame,
        zones::{
            BoardZone, ClockZone, ListStyle, NoticeFilter, PictureZone, QrZone, TextStyle, TextZone, TickerZone,
            TotalsZone, ZoneContent,
        },
    },
    edition::{Edition, Faults, Sum, WallRows},
    model::{NoticeHead, NoticeId, ShowPeriod, UnitTotals},
    player::ScreenPipeline,
    scene::{Draw, Frame, Layer, Motion, Picture, Primitive, Scene, frame},
    schedule::snap_speed,
    stage::{LedStage, Moment, Stage},
    text::{FontPlace, ShapedText, Shaper},
    time::{FrameTime, Timestamp, WallTime, civil::Date},
};
use proptest::prelude::*;
use std::{path::Path, sync::Arc, time::Duration};

const AT: &str = "2026-11-23T01:42:07Z";

fn shaper() -> Shaper {
    Shaper::new(FontPlace::find(&[]).unwrap()).unwrap()
}

fn moment(frame: u64) -> Moment {
    later(frame, Duration::from_nanos(frame * 1_000_000_000 / 60))
}

fn later(frame: u64, at: Duration) -> Moment {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let instant = AT.parse::<Timestamp>().unwrap().checked_add(at).unwrap();
    Moment { frame: FrameTime { frame, at }, wall: WallTime::at(instant, &zone) }
}

fn notice(id: i64, title: &str, catalogue: &str, until: Option<&str>) -> Arc<NoticeHead> {
    let until = until.map(|d| d.parse::<Date>().unwrap());
    Arc::new(NoticeHead {
        id: NoticeId(id),
        version: 1,
        feed: "示例".into(),
        title: title.into(),
        kind: "".into(),
        catalogue: catalogue.into(),
        issuer: None,
        number: None,
        published: Some("2026-11-20T02:00:00Z".parse().unwrap()),
        show: ShowPeriod { from: None, until },
        summary: format!("{title}的要点").into(),
        last_seen: AT.parse().unwrap(),
    })
}

fn county() -> Arc<Edition> {
    let rows = [
        ("乡村道路改建工程（二标段）中标候选人", "trade.works", Some("2026-11-24")),
        ("拟任科级领导干部任前公示", "party", Some("2026-11-26")),
        ("城东片区控制性详细规划调整", "gov.plan", Some("2026-12-13")),
        ("示例镇土地征收补偿安置方案", "gov.land", Some("2026-12-18")),
        ("县农村饮水安全工程验收结果", "gov.works", Some("2026-11-28")),
        ("2026 年第三季度预算执行情况", "gov.budget", Some("2026-11-23")),
        ("已经过期的公示", "gov.budget", Some("2026-11-22")),
        ("示例村十月收支", "village.money", Some("2026-11-30")),
        ("没有期限的政策", "gov.policy", None),
    ];
    let heads = rows.iter().zip(1..).map(|((t, c, u), id)| notice(id, t, c, *u)).collect();
    Arc::new(Edition::new(1, heads, Vec::new()))
}

fn screen(zones: Vec<Zone>, width: u32, height: u32) -> Arc<Config> {
    let screen = Screen { width, height, zone: zones, ..Screen::default() };
    Arc::new(Config { screens: [("led".to_owned(), screen)].into(), ..Config::default() })
}

fn zone(content: impl Into<ZoneContent>, width: u32, height: u32) -> Zone {
    Zone::new(width, height, content)
}

/// The same zone so many pixels further down.
fn below(y: i32, zone: Zone) -> Zone {
    Zone { frame: ZoneFrame { y, ..zone.frame }, ..zone }
}

fn sized(size: f32) -> TextStyle {
    TextStyle { size, ..TextStyle::default() }
}

fn words(text: &str) -> TextZone {
    TextZone { text: text.into(), ..TextZone::default() }
}

fn ticker() -> TickerZone {
    TickerZone::default()
}

#[test]
fn the_three_walls_stand_as_drawn() {
    let config = check::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config")).config;
    let config = Arc::new(config.expect("the shipped config is sound"));
    let mut shaper = shaper();
    let mut all = String::new();
    let ledger = &config.registers["village-money"];
    let sum = |id: &str, now| Sum { column: ledger.index(id).unwrap(), now, before: None };
    let sums = vec![sum("income", 8_642_000), sum("expense", 5_130_650)];
    let rows = Arc::new(WallRows { month: "2026-10".parse().ok(), count: 9, sums, ..WallRows::default() });
    let mut edition = Edition::new(1, county().notices.clone(), Vec::new());
    let village = config.screens["door-led"].zone.iter().filter_map(Zone::wall_query);
    edition.walls = village.map(|query| (query, Arc::clone(&rows))).collect();
    let edition = Arc::new(edition);
    for name in ["hall-led", "street-led", "door-led"] {
        let scene = LedStage::new(0, name, Arc::clone(&config)).scene(&edition, &mut shaper, &moment(0));
        all.push_str(&format!("{name}\n{scene}\n"));
    }
    for seen in ["“剩 2 天”", "“今日”", "“2026年11月23日 星期一 09:42:07”", "“村务公开”", "“09:42”", "on #000000"]
    {
        assert!(all.contains(seen), "{seen} is missing in\n{all}");
    }
    assert!(!all.contains("过期"), "a notice past its days is never shown:\n{all}");
    assert!(all.contains("“11-20”"), "a notice without an end shows its date:\n{all}");
    insta::assert_snapshot!("walls", all);
}

#[test]
fn units_have_a_lamp_each_and_notices_stand_in_until_there_are_cases() {
    let unit = |unit: &str, in_hand, warned, late| UnitTotals {
        unit: unit.into(),
        in_hand,
        warned,
        late,
        ..UnitTotals::default()
    };
    let (title, text) = ("今日办件（{n} 个部门）".to_owned(), "最新公开".to_owned());
    let totals = TotalsZone { title, text, style: sized(40.0), ..TotalsZone::default() };
    let totals = zone(totals, 700, 500);
    let mut stage = LedStage::new(0, "led", screen(vec![totals], 700, 500));
    let mut shaper = shaper();
    let county = county();
    stage.refresh(&county);
    let scene = stage.scene(&county, &mut shaper, &moment(0));
    assert!(!visible(&scene, &moment(0)).is_empty(), "what stands in is shown, so it is journalled");
    let scene = scene.to_string();
    assert!(scene.contains("“最新公开”") && scene.contains("城东片区"), "{scene}");

    let mut busy = Edition::new(2, county.notices.clone(), Vec::new());
    busy.totals =
        vec![unit("市场监督管理局", 126, 0, 0), unit("住房城乡建设局", 61, 2, 0), unit("交通运输局", 33, 1, 1)];
    let busy = Arc::new(busy);
    stage.refresh(&busy);
    let scene = stage.scene(&busy, &mut shaper, &moment(1)).to_string();
    assert!(scene.contains("“今日办件（3 个部门）”") && !scene.contains("最新公开"), "{scene}");
    let at = |words: &str| scene.find(words).unwrap_or_else(|| panic!("{words} is not on\n{scene}"));
    assert!(at("“市场监督管理局”") < at("“住房城乡建设局”") && at("“126”") < at("“61”"));
    // Not by colour alone: a disc, a triangle, a square.
    assert!(scene.contains("#35d06e radii [15.0") && scene.contains("#ffc93c “▲”"), "{scene}");
    assert!(scene.contains("#ff4a3d radii [3.0") || scene.contains("#ff4a3d radii [2.0"), "{scene}");
}

fn board(effect: Effect) -> Zone {
    let list = ListStyle { effect, rows: 1, dwell_seconds: 6.0, ..ListStyle::default() };
    zone(BoardZone { style: sized(40.0), list, ..BoardZone::default() }, 400, 100)
}

fn draws(frame: &Frame, old: &Arc<Layer>) -> String {
    let one = |d: &Draw| {
        let which = if Arc::ptr_eq(&d.layer, old) { "old" } else { "new" };
        let [x, y, w, h] = d.clip;
        let veil = if d.veil > 0.0 { format!(" veil {:.2}", d.veil) } else { String::new() };
        format!("{which} at {},{} clip {x},{y} {w}×{h}{veil}", d.x, d.y)
    };
    frame.draws.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_effect_brings_in_the_next_page() {
    use Effect::{Blink, Close, CoverLeft, CoverRight, Down, Fade, Left, Open, Right, Still, Type, Up};
    let mut shaper = shaper();
    let mut all = String::new();
    for effect in [Still, Left, Right, Up, Down, Blink, CoverLeft, CoverRight, Open, Close, Fade, Type] {
        let mut stage = LedStage::new(0, "led", screen(vec![board(effect)], 400, 100));
        let first = stage.scene(&county(), &mut shaper, &moment(0));
        assert_eq!(first.next_change(moment(0).frame), None, "{effect:?}: a page stands still");
        let old = Arc::clone(&first.placed.last().unwrap().layer);
        let due = stage.due(&moment(0)).unwrap();
        assert_eq!(due.at, Duration::from_secs(6), "{effect:?}");
        let begin = later(360, due.at);
        assert!(stage.stale(&begin));
        let scene = stage.scene(&county(), &mut shaper, &begin);
        let length = gongshi::led::length(effect);
        for (word, at) in [("start", due.at), ("middle", due.at + length / 2), ("end", due.at + length)] {
            let drawn = draws(&frame(&scene, FrameTime { frame: 361, at }), &old);
            all.push_str(&format!("{effect:?} {word}: {drawn}\n"));
        }
        let ended = later(420, due.at + length);
        let scene = if stage.stale(&ended) { stage.scene(&county(), &mut shaper, &ended) } else { scene };
        assert_eq!(scene.placed.len(), 1, "{effect:?}: the old page is gone\n{scene}");
        assert_eq!(draws(&frame(&scene, ended.frame), &old), "new at 0,0 clip 0,0 400×100", "{effect:?}");
        assert_eq!(scene.next_change(ended.frame), None, "{effect:?}: then it stands");
    }
    insta::assert_snapshot!("effects", all);
}

/// The notices of which something is on screen in the frame of a moment, each once.
fn visible(scene: &Scene, now: &Moment) -> Vec<i64> {
    let mut seen = Vec::new();
    frame(scene, now.frame).visible_notices([scene.width, scene.height], &mut seen);
    seen.into_iter().map(|notice| notice.id.0).collect()
}

#[test]
fn a_board_shows_the_notices_of_the_page_that_stands() {
    let mut shaper = shaper();
    let mut stage = LedStage::new(0, "led", screen(vec![board(Effect::Up)], 400, 100));
    let scene = stage.scene(&county(), &mut shaper, &moment(0));
    assert_eq!(visible(&scene, &moment(0)), [1], "not those of later pages");
    let scene = stage.scene(&county(), &mut shaper, &later(360, Duration::from_secs(6)));
    assert_eq!(visible(&scene, &later(360, Duration::from_secs(6))), [1], "the next one is still outside");
    assert_eq!(visible(&scene, &later(372, Duration::from_millis(6200))), [1, 2], "one comes in, the other goes out");
    let stands = later(420, Duration::from_secs(7));
    let scene = stage.scene(&county(), &mut shaper, &stands);
    assert_eq!(visible(&scene, &stands), [2]);
    // Nothing of a notice is seen on the card that stands in for an empty wall.
    let empty = Arc::new(Edition::default());
    stage.refresh(&empty);
    let scene = stage.scene(&empty, &mut shaper, &later(430, Duration::from_secs(8)));
    assert_eq!(visible(&scene, &later(430, Duration::from_secs(8))), [0_i64; 0]);
}

#[test]
fn a_ticker_shows_a_notice_from_its_first_pixel_to_its_last() {
    let mut shaper = shaper();
    let two = ["示例镇土地征收补偿安置方案", "中标候选人"].iter().zip(1..).map(|(t, id)| notice(id, t, "gov", None));
    let edition = Arc::new(Edition::new(1, two.collect(), Vec::new()));
    let line = zone(TickerZone { style: sized(40.0), speed: 60.0, ..ticker() }, 300, 100);
    let mut stage = LedStage::new(0, "led", screen(vec![line], 300, 100));
    let mut scene = Scene::default();
    let mut agreed = 0;
    for n in 0..1500 {
        let now = moment(n);
        if stage.stale(&now) {
            scene = stage.scene(&edition, &mut shaper, &now);
        }
        let drawn = frame(&scene, now.frame).draws;
        // Glyphs fill their slots to within a few pixels; what is well inside or outside must agree.
        let says = |words: &str, least: i64| {
            drawn.iter().any(|draw| {
                draw.layer.primitives.iter().any(|primitive| match primitive {
                    Primitive::Words { text, x, .. } => {
                        let said: String = text.buffer.lines.iter().map(|l| l.text()).collect();
                        let left = i64::from(draw.x) + *x as i64;
                        words.contains(&said) && left < 300 - least && left + text.width as i64 > least
                    }
                    _ => false,
                })
            })
        };
        let seen = visible(&scene, &now);
        for (words, id) in [("示例镇土地征收补偿安置方案", 1), ("中标候选人", 2)] {
            assert!(!says(words, 2) || seen.contains(&id), "frame {n}: {id} is on screen and not told: {seen:?}");
            assert!(says(words, -2) || !seen.contains(&id), "frame {n}: {id} is told and not on screen");
            agreed += usize::from(says(words, 2));
        }
    }
    assert!(agreed > 1000 && visible(&scene, &moment(1499)).len() <= 2);
}

fn plain(side: u32, grey: u8) -> Arc<Picture> {
    Arc::new(Picture { width: side, height: side, rgba: [grey; 4].repeat((side * side) as usize) })
}

#[test]
fn a_picture_is_shown_when_it_comes_and_stays_until_the_next_is_there() {
    let mut shaper = shaper();
    let shown = PictureZone { file: "标志.png".into(), effect: Effect::Up, ..PictureZone::default() };
    let config = screen(vec![zone(shown, 200, 100)], 200, 100);
    let [request] = &gongshi::led::picture_requests(&config)[..] else { panic!("one zone shows one picture") };
    let mut stage = LedStage::new(0, "led", Arc::clone(&config));
    let card = stage.scene(&county(), &mut shaper, &moment(0)).to_string();
    assert!(card.contains(&StandingCard::default().title), "as long as there is nothing else: {card}");
    let (first, second) = (plain(100, 90), plain(100, 200));
    stage.picture(request, &first);
    assert!(stage.stale(&moment(1)));
    let scene = stage.scene(&county(), &mut shaper, &moment(1));
    let images = |scene: &Scene| -> Vec<Arc<Picture>> {
        let primitives = scene.placed.iter().flat_map(|p| &p.layer.primitives);
        let images = primitives.filter_map(|p| match p {
            Primitive::Image { picture, rect, .. } => Some((picture, rect)),
            _ => None,
        });
        images.inspect(|(_, rect)| assert_eq!((rect.x, rect.w), (50.0, 100.0))).map(|(p, _)| Arc::clone(p)).collect()
    };
    assert_eq!(images(&scene), std::slice::from_ref(&first));
    // Response again, as after a new config, it stands.
    stage.picture(request, &first);
    let again = stage.scene(&county(), &mut shaper, &moment(2));
    assert!(Arc::ptr_eq(&again.placed[0].layer, &scene.placed[0].layer));
    // The next comes in while the old one goes out.
    stage.picture(request, &second);
    assert_eq!(images(&stage.scene(&county(), &mut shaper, &moment(60))), [first, Arc::clone(&second)]);
    let ended = stage.scene(&county(), &mut shaper, &moment(120));
    assert_eq!(images(&ended), std::slice::from_ref(&second));
    let other = gongshi::media::PictureRequest { width: 7, ..request.clone() };
    stage.picture(&other, &plain(7, 1));
    assert!(!stage.stale(&moment(121)), "of another size or another zone");
}

#[test]
fn a_picture_stays_until_that_of_a_changed_config_is_there() {
    let mut shaper = shaper();
    let named = |file: &str| {
        let shown = PictureZone { file: file.into(), ..PictureZone::default() };
        let text = TextZone { text: "公示".into(), style: sized(24.0), ..TextZone::default() };
        screen(vec![zone(shown, 200, 100), zone(text, 200, 100)], 200, 100)
    };
    let (first, second) = (plain(100, 90), plain(100, 200));
    let shows = |scene: &Scene| -> Vec<Arc<Picture>> {
        let image = |p: &Primitive| match p {
            Primitive::Image { picture, .. } => Some(Arc::clone(picture)),
            _ => None,
        };
        scene.placed.iter().flat_map(|p| &p.layer.primitives).filter_map(image).collect()
    };
    let says = |scene: &Scene| scene.to_string().contains(&StandingCard::default().title);
    let mut stage = LedStage::new(0, "led", named("a.png"));
    let scene = stage.scene(&county(), &mut shaper, &moment(0));
    assert!(shows(&scene).is_empty() && !says(&scene), "for a moment there is nothing");
    let due = stage.due(&moment(1)).expect("then there is");
    assert_eq!(due.at, Duration::from_secs(5));
    let late = later(300, Duration::from_secs(5));
    assert!(stage.stale(&late));
    assert!(says(&stage.scene(&county(), &mut shaper, &late)), "a file that does not come has the standing card");
    stage.picture(&gongshi::led::picture_requests(&named("a.png"))[0], &first);
    let scene = stage.scene(&county(), &mut shaper, &later(301, Duration::from_secs(6)));
    assert!(shows(&scene) == [Arc::clone(&first)] && !says(&scene));
    stage.reconfigure(&named("b.png"));
    for second in [7, 60] {
        let scene = stage.scene(&county(), &mut shaper, &later(302, Duration::from_secs(second)));
        assert!(shows(&scene) == [Arc::clone(&first)] && !says(&scene), "until the other is there");
    }
    stage.picture(&gongshi::led::picture_requests(&named("b.png"))[0], &second);
    let scene = stage.scene(&county(), &mut shaper, &later(400, Duration::from_secs(61)));
    assert_eq!(shows(&scene).last(), Some(&second));
}

/// A pipe that nobody writes to holds whoever opens it for ever, as a share does that is gone.
#[test]
fn a_picture_that_cannot_be_read_holds_no_window() {
    let dir = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("p.png")).status().unwrap();
    assert!(made.success());
    let shown = PictureZone { file: "p.png".into(), ..PictureZone::default() };
    let mut config = Arc::unwrap_or_clone(screen(vec![zone(shown, 200, 100)], 200, 100));
    config.dir = dir.path().to_owned();
    let (done, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let config = Arc::new(config);
        let mut stage = LedStage::new(0, "led", Arc::clone(&config));
        stage.reconfigure(&config);
        stage.scene(&county(), &mut shaper(), &moment(0));
        let _ = done.send(());
    });
    assert!(wait.recv_timeout(Duration::from_secs(20)).is_ok(), "the window side waits for a file");
}

#[test]
fn a_code_is_drawn_in_whole_pixels_a_module_in_the_middle_of_its_zone() {
    let code = QrZone { address: "https://www.example.gov.cn/gk".into(), ..QrZone::default() };
    let mut stage = LedStage::new(0, "led", screen(vec![zone(code, 300, 192)], 300, 192));
    let scene = stage.scene(&county(), &mut shaper(), &moment(0));
    let [placed] = &scene.placed[..] else { panic!("{scene}") };
    let [Primitive::Image { picture, rect, sampling, .. }] = &placed.layer.primitives[..] else { panic!("{scene}") };
    let module = rect.w / picture.width as f32;
    assert!(module.fract() == 0.0 && module >= 5.0 && rect.w == rect.h, "{rect:?} of {} modules", picture.width);
    assert!(rect.h <= 192.0 && rect.h > 192.0 - picture.height as f32, "as large as the zone allows: {rect:?}");
    assert_eq!((rect.x, rect.y), (((300.0 - rect.w) / 2.0).floor(), ((192.0 - rect.h) / 2.0).floor()));
    assert_eq!(*sampling, gongshi::scene::Sampling::Nearest);
    assert_eq!((stage.due(&moment(0)), scene.next_change(moment(0).frame)), (None, None), "it stands");
}

#[test]
fn nothing_is_due_where_nothing_changes() {
    let mut shaper = shaper();
    let text = zone(words("公示"), 400, 100);
    let mut stage = LedStage::new(0, "led", screen(vec![text.clone()], 400, 200));
    let scene = stage.scene(&county(), &mut shaper, &moment(0));
    assert_eq!((scene.next_change(moment(0).frame), stage.due(&moment(0))), (None, None));
    assert!(!stage.stale(&later(99, Duration::from_secs(900_000))));

    let clock = below(100, zone(ClockZone { format: "{hm}".into(), ..ClockZone::default() }, 400, 100));
    let mut stage = LedStage::new(0, "led", screen(vec![text, clock], 400, 200));
    let before = stage.scene(&county(), &mut shaper, &moment(0));
    assert_eq!(stage.due(&moment(0)).unwrap().at, Duration::from_secs(53), "the clock says 09:42:07");
    let minute = later(1, Duration::from_secs(53));
    assert!(stage.stale(&minute) && !stage.stale(&later(1, Duration::from_millis(52_999))));
    let after = stage.scene(&county(), &mut shaper, &minute);
    assert!(Arc::ptr_eq(&before.placed[0].layer, &after.placed[0].layer), "the words are not built again");
    assert!(after.to_string().contains("09:43"), "{after}");
}

#[test]
fn a_playlist_switches_by_the_clock() {
    let mut shaper = shaper();
    let show = |program: &str| {
        let zone = zone(words(&format!("{program}节目")), 400, 100);
        Zone { frame: ZoneFrame { program: program.into(), ..zone.frame }, ..zone }
    };
    let entry = |program: &str, from: &str, until: &str| PlaylistEntry {
        program: program.into(),
        from: from.into(),
        until: until.into(),
        ..PlaylistEntry::default()
    };
    let mut config = Arc::unwrap_or_clone(screen(vec![show("早"), show("晚")], 400, 100));
    config.screens.get_mut("led").unwrap().playlist = vec![entry("早", "08:00", "10:00"), entry("晚", "10:00", "")];
    let mut stage = LedStage::new(0, "led", Arc::new(config));
    let morning = stage.scene(&county(), &mut shaper, &moment(0)).to_string();
    assert!(morning.contains("早节目") && !morning.contains("晚节目"), "{morning}");
    let due = stage.due(&moment(0)).unwrap();
    assert_eq!(due.at, Duration::from_secs(17 * 60 + 53), "09:42:07 to 10:00");
    let ten = stage.scene(&county(), &mut shaper, &later(9, due.at)).to_string();
    assert!(ten.contains("晚节目") && !ten.contains("早节目"), "{ten}");
}

#[test]
fn an_empty_wall_shows_the_standing_card_and_an_empty_board_says_so() {
    let mut shaper = shaper();
    let empty = Arc::new(Edition::default());
    let mut zones = vec![board(Effect::Still), below(100, zone(ticker(), 400, 100))];
    let scene = LedStage::new(0, "led", screen(zones.clone(), 400, 200)).scene(&empty, &mut shaper, &moment(0));
    let StandingCard { title, line } = StandingCard::default();
    assert!(scene.to_string().contains(&title) && scene.to_string().contains(&line), "{scene}");
    assert_eq!(scene.next_change(moment(0).frame), None);

    zones[1].content = TickerZone { text: "欢迎监督".into(), ..ticker() }.into();
    let notices = NoticeFilter { catalogue: "nowhere".into(), ..NoticeFilter::default() };
    zones[0].content = BoardZone { notices, ..BoardZone::default() }.into();
    let scene = LedStage::new(0, "led", screen(zones, 400, 200)).scene(&county(), &mut shaper, &moment(0));
    assert!(scene.to_string().contains("暂无内容"), "{scene}");
}

#[test]
fn the_standing_card_fits_every_shape_of_wall_and_can_be_read() {
    let mut shaper = shaper();
    let empty = Arc::new(Edition::default());
    let StandingCard { title, line } = StandingCard::default();
    for (width, height) in [(2048, 1152), (1920, 192), (288, 144), (640, 64), (96, 320)] {
        let moving = zone(ticker(), width, height);
        let scene = LedStage::new(0, "led", screen(vec![moving], width, height)).scene(&empty, &mut shaper, &moment(0));
        assert!(scene.to_string().contains(&title) && scene.to_string().contains(&line), "{scene}");
        for primitive in &scene.placed[0].layer.primitives {
            let Primitive::Words { text, x, y, .. } = primitive else { continue };
            let words: f32 = text.buffer.layout_runs().map(|run| run.glyphs.len() as f32).sum();
            assert!(words == 4.0 || words == 9.0, "nothing is cut at {width}×{height}: {scene}");
            assert!(text.buffer.metrics().font_size >= 14.0, "{width}×{height}: {scene}");
            assert!(*x >= 0.0 && x + text.width <= width as f32 && *y + text.height <= height as f32 * 1.1, "{scene}");
        }
    }
}

#[test]
fn a_config_that_leaves_a_ticker_alone_does_not_move_it() {
    let mut shaper = shaper();
    let line = zone(ticker(), 400, 100);
    let text = |t: &str| below(100, zone(words(t), 400, 100));
    let mut stage = LedStage::new(0, "led", screen(vec![line.clone(), text("甲")], 400, 200));
    let first = stage.scene(&county(), &mut shaper, &moment(0)).placed[0].x;
    stage.reconfigure(&screen(vec![line, text("乙")], 400, 200));
    let scene = stage.scene(&county(), &mut shaper, &moment(30));
    assert_eq!(frame(&scene, moment(30).frame).draws[0].x, first - 60, "30 frames of 2 px on");
    assert!(scene.to_string().contains("乙"));
}

type Seen = (*const ShapedText, i64, i64);

/// Words on screen: which, left edge, width.
fn seen(scene: &Scene, now: &Moment) -> Vec<Seen> {
    let all = frame(scene, now.frame).draws;
    let words = |draw: &Draw| {
        let at = i64::from(draw.x);
        let layer = Arc::clone(&draw.layer);
        let words = layer.primitives.iter().filter_map(|primitive| match primitive {
            Primitive::Words { text, x, .. } => Some((Arc::as_ptr(text), at + *x as i64, text.width.round() as i64)),
            _ => None,
        });
        words.filter(|(_, x, w)| *x < i64::from(scene.width) && x + w > 0).collect::<Vec<_>>()
    };
    all.iter().flat_map(words).collect()
}

fn editions(lengths: &[usize], salt: u64) -> Arc<Edition> {
    let han: Vec<char> = "关于县级预算执行情况的公告示例镇土地征收补偿安置方案2026 Abg".chars().collect();
    let letter = |k: usize, i: usize| han[(k * 7 + i * 3 + salt as usize) % han.len()];
    // No notice's title is blank: a wall of those alone shows its standing card.
    let title = |i: usize, n: usize| -> String {
        let words: String = (0..n).map(|k| letter(k, i)).collect();
        if words.trim().is_empty() { "公".repeat(n) } else { words }
    };
    let head = |(i, &n): (usize, &usize)| {
        let head = notice((salt * 100) as i64 + i as i64, &title(i, n), "gov", None);
        let published = head.published.map(|at| at + Duration::from_secs(salt));
        Arc::new(NoticeHead { published, ..Arc::unwrap_or_clone(head) })
    };
    Arc::new(Edition::new(salt + 1, lengths.iter().enumerate().map(head).collect(), Vec::new()))
}

/// What a new edition is that has the notices of `new` and, still public, those of `old`.
fn after(old: &Edition, new: &Edition) -> Arc<Edition> {
    let heads = new.notices.iter().chain(&old.notices).cloned().collect();
    Arc::new(Edition::new(new.number, heads, Vec::new()))
}

/// A line with room for so many notices, the newest.
fn newest(limit: usize, line: TickerZone) -> TickerZone {
    TickerZone { notices: NoticeFilter { limit: limit as u32, ..line.notices.clone() }, ..line }
}

#[test]
fn a_new_edition_follows_what_is_on_screen() {
    let mut shaper = shaper();
    let one = |id: i64, title: &str| Arc::new(Edition::new(1, vec![notice(id, title, "gov", None)], Vec::new()));
    let line = newest(1, TickerZone { style: sized(40.0), with_summary: true, ..ticker() });
    let line = zone(line, 400, 100);
    let mut stage = LedStage::new(0, "led", screen(vec![line], 400, 100));
    let old = "示例镇关于二〇二六年第三季度村级财务收支情况";
    stage.scene(&one(1, old), &mut shaper, &moment(0));
    // The old one has to make room, but nobody took it back.
    let new = after(&one(1, old), &one(2, "新"));
    stage.refresh(&new);
    // By the place on the line: where it would stand had nothing moved.
    let mut line = std::collections::BTreeMap::new();
    for n in (0..1500).filter(|n| n % 10 == 0) {
        for p in stage.scene(&new, &mut shaper, &moment(n)).placed {
            let words = Scene { placed: vec![p.clone()], ..Scene::default() }.to_string();
            let said: String = words.split(['“', '”']).skip(1).step_by(2).collect();
            line.insert(p.x + 2 * n as i32, said);
        }
    }
    let said: String = line.into_values().collect();
    assert!(said.starts_with(old), "the old item goes on: {said}");
    let after = said.find("新：新的要点").expect("the new item comes");
    assert!(said[..after].ends_with('◆'), "parted from the old one: {said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ticker_moves_by_its_step_and_nothing_else(
        width in 64_u32..1400,
        size in 12_u32..90,
        speed in 10.0_f32..900.0,
        first in prop_oneof![Just(0_u64), Just(1_000_000_000), Just(40_000_000_000)],
        lengths in prop::collection::vec(1_usize..160, 1..5),
        changes in prop::collection::vec(40_u64..400, 0..4),
    ) {
        let mut shaper = shaper();
        let side = i64::from(size.div_ceil(8));
        let line = newest(lengths.len(), TickerZone { style: sized(size as f32), speed, ..ticker() });
        let line = zone(line, width, 100);
        let step = snap_speed(60, speed);
        let mut stage = LedStage::new(0, "led", screen(vec![line], width, 100));
        let mut edition = editions(&lengths, 0);
        let mut scene = Scene::default();
        let mut before: Vec<Seen> = Vec::new();
        let width = i64::from(width);
        for n in 0..500_u64 {
            let now = later(first + n, Duration::from_millis(n * 16));
            if changes.contains(&n) {
                edition = after(&edition, &editions(&lengths, n));
                stage.refresh(&edition);
            }
            // Words of the last scene live on, so that an address stands for one text only.
            let _held = scene.placed.clone();
            if stage.stale(&now) {
                scene = stage.scene(&edition, &mut shaper, &now);
                let strips = || scene.placed.iter().map(|p| (i64::from(p.x), i64::from(p.layer.width)));
                for ((x, w), (next, _)) in strips().zip(strips().skip(1)) {
                    let gap = next - x - w + 2 * side;
                    prop_assert!((0..=width).contains(&gap), "strips overlap or part: {gap}");
                    let long = lengths.iter().sum::<usize>() as i64 * i64::from(size) > 3 * width;
                    prop_assert!(gap == 0 || !long, "a long line has no gap: {gap}");
                }
                let reach = strips().next_back().map_or(0, |(x, w)| x + w);
                let piece = 34 * i64::from(size);
                prop_assert!(reach <= 4 * width + piece + 8 * i64::from(step.pixels), "shaped too far: {reach}");
            }
            let after = seen(&scene, &now);
            if n > 0 {
                let by = (step.advanced(n) - step.advanced(n - 1)) as i64;
                for (layer, x, w) in &before {
                    let gone = x - by + w <= 0;
                    prop_assert!(gone || after.contains(&(*layer, x - by, *w)), "frame {n}: lost at {x}");
                }
                for (layer, x, w) in &after {
                    let entered = x + by >= width;
                    prop_assert!(entered || before.contains(&(*layer, x + by, *w)), "frame {n}: appeared at {x}");
                }
            }
            before = after;
        }
    }
}

#[test]
fn a_short_line_is_seen_once_and_comes_again() {
    let mut shaper = shaper();
    let edition = editions(&[4], 3);
    let mut stage = LedStage::new(0, "led", screen(vec![zone(ticker(), 800, 100)], 800, 100));
    let mut scene = Scene::default();
    let (mut passes, mut last) = (0, i64::MIN);
    for n in 0..2000 {
        let now = moment(n);
        if stage.stale(&now) {
            scene = stage.scene(&edition, &mut shaper, &now);
        }
        let whole: Vec<_> = seen(&scene, &now).into_iter().filter(|(_, x, w)| *x >= 0 && x + w <= 800).collect();
        assert!(whole.len() <= 1, "frame {n}: {whole:?}");
        if let Some((_, x, _)) = whole.first() {
            passes += usize::from(*x > last);
            last = *x;
        }
    }
    assert!(passes >= 4, "{passes} passes in 4000 pixels");
    assert!(scene.placed.len() < 8 && matches!(scene.placed[0].motion, Motion::Ticker { .. }));
}

#[test]
fn a_slow_line_keeps_its_speed_though_only_its_steps_are_drawn() {
    let mut shaper = shaper();
    let line = zone(TickerZone { speed: 20.0, ..ticker() }, 800, 100);
    let mut show = ScreenPipeline::new(0, "led", &screen(vec![line], 800, 100)).unwrap();
    show.refresh(&editions(&[90], 3));
    let mut present = |show: &mut ScreenPipeline, last: Option<FrameTime>, at: Duration| {
        let now = Moment { frame: FrameTime { frame: show.number(last, at), at }, ..moment(0) };
        let mut frame = Frame::default();
        show.frame(&now, &mut shaper, &mut frame);
        (frame.draws[0].x, now.frame)
    };
    let (first, mut last) = present(&mut show, None, Duration::ZERO);
    for _ in 0..20 {
        let due = show.due().unwrap();
        last = present(&mut show, Some(last), due).1;
    }
    assert_eq!(last.frame, 60, "20 steps of three frames");
    let due = show.due().unwrap();
    assert!(due.abs_diff(Duration::from_millis(1050)) < Duration::from_millis(1), "{due:?}");
    let (x, last) = present(&mut show, Some(last), due + Duration::from_millis(400));
    assert_eq!((x, last.frame), (first - 21, 63), "a late frame is no reason to jump");
}

#[test]
fn faults_show_as_a_few_amber_pixels_and_go_again() {
    let mut shaper = shaper();
    let text = zone(words("公示"), 288, 144);
    let mut stage = LedStage::new(0, "led", screen(vec![text.clone()], 288, 144));
    let clean = stage.scene(&county(), &mut shaper, &moment(0));
    stage.faults(Faults::default());
    assert!(!stage.stale(&moment(1)), "nothing changed");
    stage.faults(Faults { config: 3, ..Faults::default() });
    assert!(stage.stale(&moment(1)));
    let scene = stage.scene(&county(), &mut shaper, &moment(1));
    let dump = scene.to_string();
    assert!(dump.contains("layer 5×5 at 283,0") && dump.contains("shape 1,1 3×3 #ffa020"), "{dump}");
    assert!(Arc::ptr_eq(&scene.placed[0].layer, &clean.placed[0].layer), "nothing else is built again");
    stage.faults(Faults { config: 2, ..Faults::default() });
    assert!(!stage.stale(&moment(2)), "the count is not on a wall");
    stage.faults(Faults { config: 2, feeds: 1, ..Faults::default() });
    let both = stage.scene(&county(), &mut shaper, &moment(3)).to_string();
    assert!(both.contains("layer 9×5 at 279,0") && both.contains("shape 6,2 1×1 #000000"), "{both}");
    stage.faults(Faults::default());
    assert!(stage.stale(&moment(4)));
    assert_eq!(stage.scene(&county(), &mut shaper, &moment(4)).to_string(), clean.to_string());

    let mut hidden = Arc::unwrap_or_clone(screen(vec![text], 288, 144));
    hidden.screens.get_mut("led").unwrap().fault_badge = false;
    stage.reconfigure(&Arc::new(hidden));
    stage.scene(&county(), &mut shaper, &moment(5));
    stage.faults(Faults { config: 1, feeds: 1, ..Faults::default() });
    assert!(!stage.stale(&moment(6)));
    stage.refresh(&county());
    assert!(!stage.scene(&county(), &mut shaper, &moment(7)).to_string().contains("#ffa020"));
}
