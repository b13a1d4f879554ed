//! Pictures of every page, for whoever wants to look at them.

use super::{
    Kiosk,
    pictures::with_picture,
    registers::{self, RECEIPT},
};
use gongshi::{
    edition::TableQuery,
    kiosk::{Action, Keys, Page, Pick, SearchFacet},
    model::{NoticeId, RowId},
    stage::Stage,
};
use std::sync::Arc;

/// What leads to a page.
type Step = Box<dyn Fn(&mut Kiosk)>;

fn money(place: &str) -> TableQuery {
    TableQuery { register: "village-money".into(), place: place.into(), period: None }
}

/// With `GONGSHI_PICTURES=DIR` every page is drawn there, to be looked at.
#[test]
fn pictures_for_whoever_wants_to_look() {
    let Some(dir) = std::env::var_os("GONGSHI_PICTURES") else {
        eprintln!("SKIPPED: GONGSHI_PICTURES names no folder");
        return;
    };
    let dir = std::path::PathBuf::from(dir);
    let only = std::env::var("GONGSHI_ONLY").unwrap_or_default();
    if only.split(',').any(|o| o == "hall") {
        hall(&dir.join("hall.png"));
    }
    for (name, step) in steps().iter().filter(|(name, _)| only.split(',').any(|o| name.starts_with(o))) {
        for (mode, width, height, large, low) in [
            ("p", 1080, 1920, false, false),
            ("l", 1920, 1080, false, false),
            ("p-large", 1080, 1920, true, false),
            ("l-large", 1920, 1080, true, false),
            ("p-low", 1080, 1920, false, true),
            ("l-low", 1920, 1080, false, true),
            ("l-large-low", 1920, 1080, true, true),
        ] {
            let mut kiosk = Kiosk::new(width, height, 40);
            for (on, action) in [(large, Action::Large), (low, Action::Low)] {
                if on {
                    kiosk.tap_action(&action);
                }
            }
            step(&mut kiosk);
            kiosk.picture(&dir.join(format!("{name}-{mode}.png")));
        }
    }
}

/// The pages by name.
fn steps() -> Vec<(&'static str, Step)> {
    let grants = |place: &str| TableQuery { register: "grants".into(), place: place.into(), period: None };
    let typed = |k: &mut Kiosk, words: &str| {
        k.go(&Page::Search);
        k.keys(words);
    };
    vec![
        ("home", Box::new(|k| k.go(&Page::Home))),
        ("browse", Box::new(|k| k.go(&Page::Browse("village".into())))),
        ("register", Box::new(|k| k.go(&Page::Register(money("990101"))))),
        ("register-off", Box::new(|k| k.go(&Page::Register(money("990102"))))),
        ("register-town", Box::new(|k| k.go(&Page::Register(money("9901"))))),
        ("register-county", Box::new(|k| k.go(&Page::Register(money(""))))),
        ("grants", Box::new(move |k| k.go(&Page::Register(grants("990101"))))),
        ("pick-town", Box::new(|k| k.go(&Page::Pick(money("990101"), Pick::Township)))),
        (
            "pick-month",
            Box::new(|k| {
                k.go(&Page::Register(money("990101")));
                k.go(&Page::Pick(money("990101"), Pick::Month));
            }),
        ),
        ("row", Box::new(|k| k.go(&Page::Row(RowId(2))))),
        ("picture", Box::new(|k| enlarge(k, 900, 1270))),
        ("picture-low", Box::new(|k| enlarge(k, 700, 200))),
        (
            "picture-closer",
            Box::new(|k| {
                enlarge(k, 1800, 500);
                let (x, y) = k.find(|action| *action == Action::Zoom);
                k.tap(x, y);
            }),
        ),
        (
            "scan",
            Box::new(|k| {
                k.go_with(&Page::Article(NoticeId(1)), with_picture(900, 1270));
                (0..3).for_each(|_| k.fling());
                k.now += std::time::Duration::from_secs(2);
            }),
        ),
        ("directory", Box::new(|k| k.go(&Page::Directory(String::new())))),
        ("directory-unit", Box::new(|k| k.go(&Page::Directory("示例镇人民政府".into())))),
        ("find", Box::new(|k| k.go(&Page::Find))),
        ("failed", Box::new(|k| fail(k, &Page::Article(NoticeId(1))))),
        ("failed-register", Box::new(|k| fail(k, &Page::Register(money("990101"))))),
        ("failed-case", Box::new(|k| fail(k, &Page::Case(RECEIPT.into())))),
        (
            "failed-search",
            Box::new(|k| {
                k.go(&Page::Search);
                k.input(gongshi::stage::Input::Key('z'));
                lose(k);
            }),
        ),
        ("case-idle", Box::new(|k| k.go(&Page::Case(String::new().into())))),
        ("case", Box::new(|k| k.go(&Page::Case(RECEIPT.into())))),
        (
            "case-letters",
            Box::new(|k| {
                k.go(&Page::Case(RECEIPT.into()));
                k.tap_action(&Action::Keys(Keys::Second));
            }),
        ),
        ("case-none", Box::new(|k| k.go(&Page::Case("SL1".into())))),
        ("search-idle", Box::new(|k| k.go(&Page::Search))),
        ("search", Box::new(move |k| typed(k, "cwgk"))),
        ("search-away", Box::new(move |k| typed(k, "cwgk\n"))),
        ("search-none", Box::new(move |k| typed(k, "zzz"))),
        (
            "narrow",
            Box::new(move |k| {
                typed(k, "cwgk");
                k.go(&Page::Narrow(SearchFacet::Catalogue));
            }),
        ),
    ]
}

/// Opens a page whose question fails.
fn fail(kiosk: &mut Kiosk, page: &Page) {
    kiosk.open(page);
    lose(kiosk);
}

/// Has the question that waits fail.
fn lose(kiosk: &mut Kiosk) {
    let question = kiosk.stage.question().expect("a question");
    let (screen, generation) = (question.screen, question.generation);
    kiosk.stage.answer(gongshi::edition::Answer { screen, generation, response: gongshi::edition::Response::Failed });
}

fn enlarge(kiosk: &mut Kiosk, width: u32, height: u32) {
    kiosk.go_with(&Page::Article(NoticeId(1)), with_picture(width, height));
    kiosk.open(&Page::Picture("file:///x.png".into()));
}

/// The hall's wall with the units' totals on it.
fn hall(file: &std::path::Path) {
    let loaded = gongshi::check::load(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config")));
    let config = Arc::new(loaded.config.expect("the shipped config"));
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let mut edition = gongshi::edition::Edition::new(2, kiosk.archive.notices.clone(), Vec::new());
    edition.totals = registers::totals();
    let edition = Arc::new(edition);
    let mut wall = gongshi::stage::LedStage::new(0, "hall-led", config);
    wall.refresh(&edition);
    let moment = kiosk.moment();
    wall.present(&moment);
    let scene = wall.scene(&edition, kiosk.shaper(), &moment);
    kiosk.draw(&scene, file);
}
