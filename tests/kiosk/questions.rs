//! Registers, cases and search: what is asked, what is shown of the answers, what is left of them.

use super::{Kiosk, registers};
use gongshi::edition::TableQuery;
use gongshi::{
    kiosk::{Action, Facet, Keys, Page, Pick},
    model::RowId,
};
use registers::RECEIPT;

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
    let grants = |place: &str| TableQuery { register: "grants".into(), place: place.into(), period: None };
    let typed = |k: &mut Kiosk, words: &str| {
        k.go(&Page::Search);
        k.keys(words);
    };
    type Step = Box<dyn Fn(&mut Kiosk)>;
    let steps: Vec<(&str, Step)> = vec![
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
        ("case-idle", Box::new(|k| k.go(&Page::Case(String::new())))),
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
                k.go(&Page::Narrow(Facet::Catalogue));
            }),
        ),
    ];
    for (name, step) in steps.iter().filter(|(name, _)| only.split(',').any(|o| name.starts_with(o))) {
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
