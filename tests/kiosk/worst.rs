//! The worst documents: none holds the screens up. Work is counted, not timed: characters shaped in one frame.

use super::{Kiosk, fixture::document, registers};
use gongshi::{
    config::{
        Config, Screen, Zone,
        zones::{TextStyle, TickerZone},
    },
    edition::{Answer, Document, Edition, Response, TableQuery},
    kiosk::{Action, Page},
    model::{Block, Cell, NoticeId, RowId, Span, Value},
    scene::{Primitive, Scene, frame},
    schedule::snap_speed,
    stage::{LedStage, Moment, Stage},
    text::ShapedText,
    time::FrameTime,
};
use std::{sync::Arc, time::Duration};

/// Characters shaped in one frame at most: what a frame has time for, and the section that it stopped after.
const MOST: u64 = 12_000;

/// Characters that a ticker shapes in one frame at most, to be ready before they come in.
const AHEAD: u64 = 2_000;

/// Lets frames pass as long as each wants another; the most that one of them shaped, and how many there were.
fn settle(kiosk: &mut Kiosk) -> (u64, usize) {
    let (mut most, mut frames) = (0, 0);
    while frames == 0 || kiosk.stage.stale(&kiosk.moment()) {
        let before = kiosk.shaper().shaped();
        kiosk.scene();
        most = most.max(kiosk.shaper().shaped() - before);
        kiosk.now += Duration::from_micros(16_667);
        frames += 1;
        assert!(frames < 400, "it never comes to rest");
    }
    (most, frames)
}

fn with(body: Vec<Block>) -> Document {
    let mut document = document(1, "完。");
    document.notice.body = body;
    document
}

fn paragraph(text: String) -> Block {
    Block::Paragraph { spans: vec![Span::plain(text)] }
}

fn worst() -> Vec<(&'static str, Document)> {
    let long = || "示例镇人民政府公开本年度预算。".repeat(670_000);
    let marks = || format!("示例{}", "\u{301}".repeat(1_000_000));
    let cell = |text: String| Cell { text, header: false, colspan: 1, rowspan: 1 };
    let titled = |title: String| {
        let mut document = document(1, "完。");
        document.head.title.clone_from(&title);
        document.notice.title = title;
        document
    };
    vec![
        ("a paragraph of ten million characters", with(vec![paragraph(long())])),
        ("one without an end of a sentence", with(vec![paragraph("字".repeat(5_000_000))])),
        ("a paragraph of a million runs", with(vec![Block::Paragraph { spans: vec![Span::plain("字"); 1_000_000] }])),
        ("a paragraph of combining marks", with(vec![paragraph(marks())])),
        ("a million paragraphs", with(vec![paragraph("示例镇公开。".into()); 1_000_000])),
        ("a heading", with(vec![Block::Heading { level: 1, spans: vec![Span::plain(long())] }])),
        ("a cell", with(vec![Block::Table { rows: vec![vec![cell(long()), cell("1".into())]; 2] }])),
        ("a row of cells", with(vec![Block::Table { rows: vec![vec![cell("字".repeat(9_000)); 24]; 40] }])),
        ("lines as they are", with(vec![Block::Preformatted { text: "x".repeat(8_000_000) }])),
        ("a title of a million characters", titled("公".repeat(1_000_000))),
        ("a title of combining marks", titled(marks())),
    ]
}

#[test]
fn no_document_costs_a_frame_more_than_it_has_time_for() {
    for (name, document) in worst() {
        for (width, height, large) in [(1080, 1920, false), (1920, 1080, true)] {
            let mut kiosk = Kiosk::new(width, height, 40);
            if large {
                kiosk.tap_action(&Action::Large);
            }
            kiosk.open(&Page::Article(NoticeId(1)));
            let question = kiosk.stage.question().unwrap();
            let response = Response::Document(Arc::new(document.clone()));
            kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response });
            let (opening, frames) = settle(&mut kiosk);
            assert!(opening <= MOST && frames <= 8, "{name} {width}: {opening} in one of {frames} frames");
            for _ in 0..10 {
                kiosk.fling();
                for _ in 0..40 {
                    let (most, _) = settle(&mut kiosk);
                    assert!(most <= MOST, "{name} {width}: {most} while scrolling");
                }
            }
            kiosk.tap_action(&Action::Large);
            let (turned, _) = settle(&mut kiosk);
            assert!(turned <= MOST, "{name} {width}: {turned} in other type");
            assert!(kiosk.scene().to_string().contains("words"), "{name} {width}: nothing is shown");
        }
    }
}

#[test]
fn a_place_far_down_a_long_document_is_found_again_frame_by_frame() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go_with(&Page::Article(NoticeId(1)), with(vec![paragraph("示例镇公开本年度预算。".repeat(100_000))]));
    settle(&mut kiosk);
    for _ in 0..60 {
        kiosk.fling();
        (0..60).for_each(|_| {
            settle(&mut kiosk);
        });
    }
    let stood = kiosk.stage.scrolled(kiosk.now);
    assert!(stood > 20_000.0, "{stood}");
    // Other type means other lines: it is cut again, up to where the visitor was.
    kiosk.tap_action(&Action::Large);
    let (most, _) = settle(&mut kiosk);
    assert!(most <= MOST, "{most}");
    assert!(kiosk.stage.scrolled(kiosk.now) > stood, "larger type stands further down");
    let scene = kiosk.scene().to_string();
    assert!(scene.contains("示例镇公开本年度预算"), "{scene}");
}

#[test]
fn rows_and_lists_with_endless_cells_and_titles_are_cut_and_say_so() {
    let long: String = "示例".repeat(500_000);
    let mut kiosk = Kiosk::new(1080, 1920, 0);
    let heads = (1..=40).map(|id| {
        let mut head = super::fixture::head(id);
        head.title.clone_from(&long);
        Arc::new(head)
    });
    kiosk.publish(heads.collect());
    let list = Page::List { heading: String::new(), showing: false };
    for page in [Page::Home, list, Page::Browse("trade".into())] {
        kiosk.open(&page);
        for _ in 0..6 {
            let (most, _) = settle(&mut kiosk);
            assert!(most <= MOST, "{page:?}: {most}");
            kiosk.answer();
        }
        assert!(kiosk.scene().to_string().contains('…'), "{page:?}");
    }
    let mut fill = |page: Page| {
        kiosk.open(&page);
        let question = kiosk.stage.question().unwrap();
        let long = || Value::Text(long.clone());
        let response = match registers::response(&question.query, 60) {
            Response::Row(mut file) => {
                let file = Arc::make_mut(&mut file);
                file.kept.row.values.iter_mut().for_each(|value| *value = long());
                file.before.iter_mut().flat_map(|(_, row)| &mut row.values).for_each(|value| *value = long());
                Response::Row(Arc::new(file.clone()))
            }
            Response::Table(mut table) => {
                let rows = &mut Arc::make_mut(&mut table).rows;
                rows.iter_mut().flat_map(|kept| &mut kept.row.values).for_each(|value| *value = long());
                Response::Table(table)
            }
            other => panic!("{other:?}"),
        };
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response });
        let (most, _) = settle(&mut kiosk);
        assert!(most <= MOST, "{page:?}: {most}");
    };
    fill(Page::Row(RowId(2)));
    fill(Page::Register(TableQuery { register: "village-money".into(), place: "990101".into(), period: None }));
}

/// A wall of one ticker that shares its machine, and so its shaper, with a kiosk.
struct Beside {
    wall: LedStage,
    edition: Arc<Edition>,
    scene: Scene,
    presented: u64,
    /// Places that were held to the step.
    compared: u64,
    /// The words seen in the last frame, kept alive so that an address stands for one text only, and their left edges.
    before: Vec<(Arc<ShapedText>, i64)>,
}

const WALL_WIDTH: u32 = 1920;
const SPEED: f32 = 180.0;

impl Beside {
    fn new() -> Self {
        let style = TextStyle { size: 72.0, ..TextStyle::default() };
        let line = Zone::new(WALL_WIDTH, 100, TickerZone { style, speed: SPEED, ..TickerZone::default() });
        let screen = Screen { width: WALL_WIDTH, height: 100, zone: vec![line], ..Screen::default() };
        let config = Config { screens: [("street".to_owned(), screen)].into(), ..Config::default() };
        let titled = |id: i64| {
            let mut head = super::fixture::head(id);
            head.title = format!("第 {id} 号：{}", head.title);
            Arc::new(head)
        };
        let heads = (1..=400).map(titled).collect();
        Self {
            wall: LedStage::new(1, "street", Arc::new(config)),
            edition: Arc::new(Edition::new(1, heads, vec![])),
            scene: Scene::default(),
            presented: 0,
            compared: 0,
            before: Vec::new(),
        }
    }

    /// Presents one frame of both screens; the characters that it shaped.
    fn present(&mut self, kiosk: &mut Kiosk) -> u64 {
        let before = kiosk.shaper().shaped();
        if kiosk.stage.stale(&kiosk.moment()) {
            kiosk.scene();
        }
        let at = FrameTime { frame: self.presented, at: Duration::from_nanos(self.presented * 1_000_000_000 / 60) };
        let now = Moment { frame: at, wall: kiosk.moment().wall };
        if self.wall.stale(&now) {
            self.scene = self.wall.scene(&self.edition, kiosk.shaper(), &now);
        }
        let seen = self.seen(at);
        let step = i64::from(snap_speed(60, SPEED).pixels);
        // What stands between two titles is one text in many places.
        let places = |of: &[(Arc<ShapedText>, i64)], text: &Arc<ShapedText>| -> Vec<i64> {
            of.iter().filter(|(other, _)| Arc::ptr_eq(text, other)).map(|(_, left)| *left).collect()
        };
        for (text, _) in &self.before {
            if let ([left], [now]) = (places(&self.before, text).as_slice(), places(&seen, text).as_slice()) {
                assert_eq!(left - now, step, "frame {}", self.presented);
                self.compared += 1;
            }
        }
        assert!(self.before.is_empty() || !seen.is_empty(), "frame {}: the wall is empty", self.presented);
        self.before = seen;
        self.presented += 1;
        kiosk.now += Duration::from_micros(16_667);
        kiosk.shaper().shaped() - before
    }

    fn seen(&self, now: FrameTime) -> Vec<(Arc<ShapedText>, i64)> {
        let mut all = Vec::new();
        for draw in frame(&self.scene, now).draws {
            for primitive in &draw.layer.primitives {
                if let Primitive::Words { text, x, .. } = primitive {
                    let left = i64::from(draw.x) + *x as i64;
                    if left < i64::from(WALL_WIDTH) && left + text.width as i64 > 0 {
                        all.push((Arc::clone(text), left));
                    }
                }
            }
        }
        all
    }
}

#[test]
fn a_ticker_keeps_its_steps_while_the_worst_documents_are_opened_beside_it() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let mut wall = Beside::new();
    // Until the line has come in from the right.
    (0..900).for_each(|_| {
        wall.present(&mut kiosk);
    });
    for (name, document) in worst() {
        kiosk.open(&Page::Article(NoticeId(1)));
        let question = kiosk.stage.question().expect(name);
        let response = Response::Document(Arc::new(document));
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, response });
        for n in 0..60 {
            if n % 20 == 10 {
                kiosk.fling();
            }
            let shaped = wall.present(&mut kiosk);
            assert!(shaped <= MOST + AHEAD, "{name}: {shaped} characters in one frame of both");
        }
        kiosk.tap_action(&Action::Home);
        // The button is no part of what glides: it leads home at once.
        assert!(kiosk.scene().to_string().contains("村务与三资"), "{name}");
    }
    assert!(wall.compared > wall.presented, "only {} places in {} frames", wall.compared, wall.presented);
}
