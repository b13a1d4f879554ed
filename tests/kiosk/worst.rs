//! The worst documents: none holds the screens up. Work is counted, not timed: characters shaped in one frame.

use super::{Kiosk, fixture::document, registers};
use gongshi::{
    edition::{Answer, Document, Edition, TableQuery, Told},
    kiosk::{Action, Page},
    model::{Block, Cell, NoticeId, RowId, Span, Value},
    stage::Stage,
};
use std::{sync::Arc, time::Duration};

/// Characters shaped in one frame at most: what a frame has time for, and the section that it stopped after.
const MOST: u64 = 12_000;

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
            let told = Told::Document(Arc::new(document.clone()));
            kiosk.stage.answer(Answer { screen: 0, generation: question.generation, told });
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
    let mut edition = Edition::new(2, heads.collect(), vec![]);
    registers::add_heads(&mut edition);
    kiosk.edition = Arc::new(edition);
    kiosk.stage.refresh(&Arc::clone(&kiosk.edition));
    let list = Page::List { heading: String::new(), showing: false };
    for page in [Page::Home, list, Page::Browse("trade".into())] {
        kiosk.open(&page);
        let (most, _) = settle(&mut kiosk);
        assert!(most <= MOST, "{page:?}: {most}");
        assert!(kiosk.scene().to_string().contains('…'), "{page:?}");
    }
    let mut fill = |page: Page| {
        kiosk.open(&page);
        let question = kiosk.stage.question().unwrap();
        let long = || Value::Text(long.clone());
        let told = match registers::told(&question.wanted, 60) {
            Told::Row(mut file) => {
                let file = Arc::make_mut(&mut file);
                file.kept.row.values.iter_mut().for_each(|value| *value = long());
                file.before.iter_mut().flat_map(|(_, row)| &mut row.values).for_each(|value| *value = long());
                Told::Row(Arc::new(file.clone()))
            }
            Told::Table(mut table) => {
                let rows = &mut Arc::make_mut(&mut table).rows;
                rows.iter_mut().flat_map(|kept| &mut kept.row.values).for_each(|value| *value = long());
                Told::Table(table)
            }
            other => panic!("{other:?}"),
        };
        kiosk.stage.answer(Answer { screen: 0, generation: question.generation, told });
        let (most, _) = settle(&mut kiosk);
        assert!(most <= MOST, "{page:?}: {most}");
    };
    fill(Page::Row(RowId(2)));
    fill(Page::Register(TableQuery { register: "village-money".into(), place: "990101".into(), period: None }));
}
