//! Pictures of documents and rows, enlarged by a touch.

use super::{
    Kiosk,
    fixture::document,
    registers::{self},
};
use gongshi::{
    edition::{Answer, Document, Response},
    kiosk::{Action, Page},
    model::{NoticeId, RowId},
    scene::{Picture, Primitive},
    stage::{Input, Stage},
};
use std::{sync::Arc, time::Duration};

const SCAN: &str = "file:///x.png";

fn picture(width: u32, height: u32) -> Arc<Picture> {
    Arc::new(Picture { width, height, rgba: vec![90; (width * height * 4) as usize] })
}

/// A document whose picture is so large.
pub fn with_picture(width: u32, height: u32) -> Document {
    let mut document = document(1, "完。");
    document.pictures.insert(SCAN.into(), picture(width, height));
    document
}

/// Pixels across and down of the pictures on screen that are larger than an icon.
fn shown(kiosk: &mut Kiosk) -> Vec<[f32; 2]> {
    let scene = kiosk.scene();
    let images = scene.placed.iter().flat_map(|p| &p.layer.primitives).filter_map(|p| match p {
        Primitive::Image { rect, .. } if rect.w > 150.0 => Some([rect.w, rect.h]),
        _ => None,
    });
    images.collect()
}

#[test]
fn a_long_picture_is_read_by_scrolling() {
    for (width, height, large) in [(1080, 1920, false), (1920, 1080, false), (1080, 1920, true)] {
        let mut kiosk = Kiosk::new(width, height, 40);
        if large {
            kiosk.tap_action(&Action::Large);
        }
        kiosk.go_with(&Page::Article(NoticeId(1)), with_picture(800, 6000));
        kiosk.open(&Page::Picture(SCAN.into()));
        let wide = width as f32 - 48.0;
        let expected = [wide, (wide * 7.5).round()];
        // It is in more than one layer, and in each whole.
        assert!(shown(&mut kiosk).iter().all(|size| *size == expected), "{:?}", shown(&mut kiosk));
        let scene = kiosk.scene().to_string();
        assert!(scene.contains("工程招标") && scene.contains("图片"), "{scene}");
        for _ in 0..30 {
            kiosk.fling();
            kiosk.now += Duration::from_secs(1);
            kiosk.scene();
        }
        let end = kiosk.stage.scrolled(kiosk.now) as f32;
        assert!(end > expected[1] - height as f32 && end < expected[1], "{end}");
        assert_eq!(kiosk.stage.overflows(), vec![]);
        kiosk.tap_action(&Action::Back);
        assert_eq!(kiosk.stage.page(), &Page::Article(NoticeId(1)));
        assert!(kiosk.scene().to_string().contains("公示时间"));
    }
}

/// Where the picture stands on the canvas: left, top, width and height.
fn standing(kiosk: &mut Kiosk) -> [f32; 4] {
    let (scene, up) = (kiosk.scene(), kiosk.stage.scrolled(kiosk.now) as f32);
    let mut images = scene.placed.iter().flat_map(|placed| {
        placed.layer.primitives.iter().filter_map(|primitive| match primitive {
            Primitive::Image { rect, .. } if rect.w > 150.0 => {
                Some([placed.x as f32 + rect.x, placed.y as f32 + rect.y - up, rect.w, rect.h])
            }
            _ => None,
        })
    });
    images.next().expect("a picture")
}

fn drag(kiosk: &mut Kiosk, from: (f32, f32), to: (f32, f32)) {
    kiosk.input(Input::Down { finger: 0, x: from.0, y: from.1 });
    for step in 1..=20 {
        let part = step as f32 / 20.0;
        kiosk.now += Duration::from_millis(20);
        let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        kiosk.input(Input::Move { finger: 0, x, y });
        kiosk.scene();
    }
    // It rests before it leaves, so that nothing glides on.
    kiosk.now += Duration::from_secs(1);
    kiosk.input(Input::Up { finger: 0, x: to.0, y: to.1 });
    kiosk.scene();
}

#[test]
fn a_picture_comes_closer_where_it_is_touched_and_is_dragged_about() {
    for (width, height) in [(1080, 1920), (1920, 1080)] {
        let mut kiosk = Kiosk::new(width, height, 40);
        kiosk.go_with(&Page::Article(NoticeId(1)), with_picture(2000, 1500));
        kiosk.open(&Page::Picture(SCAN.into()));
        assert!(kiosk.scene().to_string().contains("点按图片再放大"));
        let wide = standing(&mut kiosk);
        assert_eq!([wide[0], wide[2]], [24.0, width as f32 - 48.0]);
        let (x, y) = (width as f32 * 0.6, height as f32 * 0.5);
        kiosk.tap(x, y);
        let near = standing(&mut kiosk);
        assert!(near[2] > wide[2] * 2.0 && kiosk.scene().to_string().contains("拖动查看"), "{near:?}");
        let spot = |at: [f32; 4]| ((x - at[0]) / at[2], (y - at[1]) / at[3]);
        let (before, after) = (spot(wide), spot(near));
        assert!((before.0 - after.0).abs() * near[2] < 30.0, "{before:?} {after:?}");
        assert!((before.1 - after.1).abs() * near[3] < 60.0, "{before:?} {after:?}");
        assert_eq!(kiosk.stage.overflows(), vec![]);

        // One step of the drag is within the slop and tells a drag from a tap.
        drag(&mut kiosk, (x, y), (x - 200.0, y - 100.0));
        let moved = standing(&mut kiosk);
        assert_eq!([near[0] - moved[0], near[1] - moved[1]], [180.0, 90.0], "{near:?} {moved:?}");
        // A finger so slow that each step is less than a pixel moves it all the same.
        kiosk.input(Input::Down { finger: 0, x, y });
        kiosk.input(Input::Move { finger: 0, x: x - 20.0, y });
        for step in 1..=50_u8 {
            kiosk.input(Input::Move { finger: 0, x: x - 20.0 - 0.4 * f32::from(step), y });
        }
        kiosk.now += Duration::from_secs(1);
        kiosk.input(Input::Up { finger: 0, x: x - 40.0, y });
        let slow = moved[0] - standing(&mut kiosk)[0];
        assert!((slow - 20.0).abs() <= 1.0, "{slow}");
        for _ in 0..12 {
            drag(&mut kiosk, (900.0, 600.0), (100.0, 600.0));
        }
        let right = standing(&mut kiosk);
        assert_eq!(right[0] + right[2], width as f32 - 24.0, "no further than its edge");
        kiosk.tap(x, y);
        assert_eq!(standing(&mut kiosk)[0], 24.0);
        drag(&mut kiosk, (900.0, 600.0), (100.0, 600.0));
        assert_eq!(standing(&mut kiosk)[0], 24.0, "what fits stays");
    }
}

#[test]
fn only_what_gains_by_it_is_enlarged() {
    for (size, gains) in [((800, 6000), true), ((2400, 1000), true), ((64, 64), false)] {
        let mut kiosk = Kiosk::new(1080, 1920, 40);
        kiosk.go_with(&Page::Article(NoticeId(1)), with_picture(size.0, size.1));
        let mut seen = false;
        for _ in 0..4 {
            kiosk.fling();
            kiosk.now += Duration::from_secs(2);
            seen |= kiosk.scene().to_string().contains("点按图片可放大");
        }
        assert_eq!(seen, gains, "{size:?}");
    }
}

#[test]
fn a_row_left_for_its_picture_asks_again_for_the_others() {
    let mut kiosk = Kiosk::new(1920, 1080, 40);
    kiosk.stage.visit_page(&Page::Row(RowId(2)), gongshi::time::EventTime(kiosk.now));
    let question = kiosk.stage.question().expect("it asks");
    let Response::Row(mut file) = registers::response(&question.query, 5) else { panic!() };
    let address = "https://example.invalid/v/2-1.jpg";
    Arc::make_mut(&mut file).pictures = [(address.to_owned(), picture(480, 300))].into();
    let (screen, generation) = (question.screen, question.generation);
    kiosk.stage.answer(Answer { screen, generation, response: Response::Row(file) });
    kiosk.scene();
    let (x, y) = kiosk.find(|a| *a == Action::Go(Page::Picture(address.into())));
    kiosk.tap(x, y);
    assert_eq!(shown(&mut kiosk), [[1440.0, 900.0]]);
    assert_eq!(kiosk.stage.overflows(), vec![]);
    assert!(kiosk.stage.question().is_none());
    kiosk.tap_action(&Action::Back);
    assert_eq!(kiosk.stage.page(), &Page::Row(RowId(2)));
    assert!(kiosk.stage.question().is_some_and(|again| again.query == question.query));
}
