//! What pages are to someone who does not see them: one list of nodes, read in order.

use super::{Kiosk, every_page};
use gongshi::{
    kiosk::{Action, Keys, Page},
    scene::Primitive,
    ui::{Node, Role},
};

/// Whether words say anything: a figure, a letter, a Han character.
fn says(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric)
}

fn bare(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_target_has_a_role_a_name_and_its_size() {
    every_page(|kiosk, place| {
        let least = if place.contains("large true") { 88.0 } else { 60.0 };
        let nodes = kiosk.stage.nodes(kiosk.now);
        let targets: Vec<&Node<Action>> = nodes.iter().filter(|node| node.action.is_some()).collect();
        assert!(targets.len() >= 3, "{place}: {nodes:?}");
        for node in &targets {
            assert!(!matches!(node.role, Role::Text | Role::Heading | Role::Image), "{place}: {node:?}");
            assert!(says(&node.name), "{place}: {node:?}");
            assert!(node.rect.w >= least && node.rect.h >= least, "{place}: {node:?}");
        }
        // What can be touched is on the list, and nothing on the list is touched elsewhere.
        for hit in kiosk.stage.targets(kiosk.now) {
            let same = |node: &&&Node<Action>| node.action.as_ref() == Some(&hit.action) && node.rect == hit.rect;
            assert!(targets.iter().any(|node| same(&node)), "{place}: {hit:?} is on no list");
        }
    });
}

#[test]
fn the_order_of_reading_leaves_nothing_out() {
    every_page(|kiosk, place| {
        let scene = kiosk.scene();
        let nodes = kiosk.stage.nodes(kiosk.now);
        let read: String = nodes.iter().map(|node| bare(&node.name)).collect::<Vec<_>>().join("\n");
        for primitive in scene.placed.iter().flat_map(|placed| &placed.layer.primitives) {
            let Primitive::Words { text, .. } = primitive else { continue };
            let words = text.words("");
            // A key that takes a letter back is called by a word, arrows are ornaments.
            assert!(!says(&words) || read.contains(&bare(&words)), "{place}: {words} is not read: {read}");
        }
        // The page's own name comes before its content, and the bar after all of it.
        let header = nodes.iter().position(|node| node.name.contains("政务公开查询"));
        let bar = nodes.iter().rposition(|node| node.role == Role::Tab);
        assert_eq!((header, bar), (Some(0), Some(nodes.len() - 1)), "{place}");
        let keys = nodes.iter().position(|node| node.role == Role::Key);
        let links = nodes.iter().rposition(|node| node.role == Role::Link && node.rect.y < kiosk.height);
        if let (Some(keys), Some(links)) = (keys, links) {
            assert!(keys > links, "{place}: the keys are read before what was found");
        }
    });
}

#[test]
fn states_are_told() {
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    let tab = |kiosk: &Kiosk, name: &str| {
        let nodes = kiosk.stage.nodes(kiosk.now);
        nodes.into_iter().find(|node| node.role == Role::Tab && node.name == name).unwrap()
    };
    assert!(tab(&kiosk, "首页").state.chosen && tab(&kiosk, "返回").state.disabled);
    assert!(!tab(&kiosk, "大字版").state.chosen);
    kiosk.tap_action(&Action::Large);
    assert!(tab(&kiosk, "标准字").state.chosen);
    kiosk.go(&Page::Search);
    assert!(!tab(&kiosk, "返回").state.disabled && !tab(&kiosk, "首页").state.chosen);
    let nodes = kiosk.stage.nodes(kiosk.now);
    assert!(nodes.iter().any(|node| node.role == Role::Field && node.name.contains("拼音")));
    assert!(nodes.iter().any(|node| node.role == Role::Key && node.name == "删除"), "an icon has a name");
    kiosk.tap_action(&Action::Keys(Keys::Second));
    kiosk.now += std::time::Duration::from_secs(61);
    kiosk.scene();
    let asked = kiosk.stage.nodes(kiosk.now);
    assert!(asked.iter().any(|node| node.role == Role::Dialog && node.name.contains("还在使用吗")), "{asked:?}");
    assert!(asked.iter().all(|node| node.role != Role::Tab), "nothing behind the question is read");
}
