//! The laws of the house (DESIGN §3), read from the sources; the licences of what is built in; the READMEs' examples.
//!
//! Every law has two tests: the house keeps it, and a made-up file that breaks it is caught.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod house;

use house::{Source, examples, files, laws, licences, read_all, sections};
use std::{path::Path, process::Command};

fn keeps(law: fn(&[Source]) -> Vec<String>) {
    let sources = read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.len() > 20, "only {} sources were found", sources.len());
    let faults = law(&sources);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// What a law says of made-up files.
fn told(law: fn(&[Source]) -> Vec<String>, files: &[(&str, &str)]) -> Vec<String> {
    law(&files.iter().map(|(path, text)| Source::new(path, text)).collect::<Vec<_>>())
}

#[test]
fn imports_point_down() {
    keeps(laws::pointing_up);
}

#[test]
fn an_import_that_points_up_is_caught() {
    for text in [
        "use crate::stage::Stage;",
        "use crate::{time::Clock, stage::{Stage, Input as In}};",
        "fn f() { crate::stage::start(); }",
        "use super::super::stage::Stage;",
        "pub use crate :: stage\n:: *;",
        "use crate::ui::View;",
    ] {
        assert_eq!(told(laws::pointing_up, &[("scene/frame.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(told(laws::pointing_up, &[("gpu/mod.rs", "use super::ui::View;")]).len(), 1, "a room of its own level");
    assert_eq!(told(laws::pointing_up, &[("attic/mod.rs", "")]).len(), 1, "a room that is not on the map");
}

#[test]
fn what_points_down_or_is_no_import_passes() {
    for text in [
        "use crate::{model::Notice, time::{Clock, FrameTime}}; use super::frame::Frame; use self::dump::dump;",
        "// use crate::stage::Stage;\n/* crate::stage::x /* nested */ crate::stage::y */",
        "const A: &str = \"crate::stage::Stage \\\" \"; const B: &str = r#\"\" crate::stage::Stage\"#;",
        "#[cfg(test)]\nmod tests { use crate::stage::Stage; fn f() {} }",
        "#[cfg(test)]\nuse crate::{stage::Stage, cli::run};",
        "fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' } // \"",
    ] {
        assert_eq!(told(laws::pointing_up, &[("scene/frame.rs", text)]), Vec::<String>::new(), "{text}");
    }
    let after_tests = "#[cfg(test)]\nmod tests { fn f() {} }\nuse crate::stage::Stage;";
    assert_eq!(told(laws::pointing_up, &[("scene/frame.rs", after_tests)]).len(), 1, "code after the tests counts");
}

#[test]
fn there_is_no_circle_of_rooms() {
    keeps(laws::circles);
}

#[test]
fn a_circle_of_rooms_is_caught() {
    let files = [
        ("ui/mod.rs", "use crate::led::Canvas;"),
        ("led/mod.rs", "use crate::stage::Stage;"),
        ("stage/mod.rs", "use crate::ui::View; use crate::time::Clock;"),
        ("time/mod.rs", ""),
    ];
    assert_eq!(told(laws::circles, &files).len(), 3);
    assert_eq!(told(laws::circles, &files[1..]).len(), 0);
}

#[test]
fn there_is_no_circle_of_files() {
    keeps(files::circles);
}

#[test]
fn a_circle_of_files_is_caught() {
    let face = ("ui/mod.rs", "mod view;\nmod layout;\npub use view::View;\npub use layout::{Layout as Placed, self};");
    let view = ("ui/view.rs", "pub struct View;");
    let laid = |text| ("ui/layout.rs", text);
    for (view, layout) in [
        ("use super::Placed; pub struct View;", "use crate::ui::View; pub struct Layout;"),
        ("use super::layout; pub struct View; fn f() { layout::make(); }", "use super::View; pub fn make() {}"),
        ("pub struct View; fn f() -> super::layout::Layout {}", "use super::view::*; pub struct Layout(super::View);"),
    ] {
        assert_eq!(told(files::circles, &[face, ("ui/view.rs", view), laid(layout)]).len(), 1, "{view} {layout}");
    }
    let parent = |text| told(files::circles, &[("ui/mod.rs", text), ("ui/view.rs", "use super::Size;")]);
    assert_eq!(parent("mod view;\npub struct Size;\npub fn f() { view::draw(); }").len(), 0, "it names nothing there");
    let drawn = ("ui/view.rs", "use super::Size; pub fn draw() {}");
    for text in
        ["use view::draw; fn f() { draw(); }", "pub use view::draw; fn f() { draw(); }", "fn f() { view::draw(); }"]
    {
        let text = format!("mod view;\npub struct Size;\n{text}");
        assert_eq!(told(files::circles, &[("ui/mod.rs", &text), drawn]).len(), 1, "{text}");
    }
    let chain = [("ui/a.rs", "use super::b::B; pub struct A;"), ("ui/b.rs", "use crate::ui::c::C; pub struct B;")];
    let last = ("ui/c.rs", "use crate::{ui::{a::A}}; pub struct C;");
    assert_eq!(told(files::circles, &[face, chain[0], chain[1], last]).len(), 1);
    assert_eq!(told(files::circles, &[face, chain[0], chain[1], ("ui/c.rs", "pub struct C;")]).len(), 0);
    for text in ["pub struct Layout;", "use super::View;", "#[cfg(test)]\nmod tests { use crate::ui::View; }"] {
        assert_eq!(told(files::circles, &[face, view, laid(text)]).len(), 0, "{text}");
    }
    let handed = ("ui/mod.rs", "mod view;\npub struct Size;\npub use view::View;");
    assert_eq!(told(files::circles, &[handed, ("ui/view.rs", "use super::Size; pub struct View;")]).len(), 0, "a face");
}

#[test]
fn no_two_public_types_have_one_name() {
    keeps(files::namesakes);
}

#[test]
fn two_public_types_of_one_name_are_caught() {
    let view = ("ui/view.rs", "pub struct Row { pub kind: u8 }");
    for text in ["pub enum Row {}", "pub trait Row {}", "pub type Row = u8;", "mod inner { pub struct Row; }"] {
        assert_eq!(told(files::namesakes, &[view, ("model/row.rs", text)]).len(), 1, "{text}");
    }
    for text in ["struct Row;", "pub(super) struct Row;", "pub use crate::ui::Row;", "#[cfg(test)] pub struct Row;"] {
        assert_eq!(told(files::namesakes, &[view, ("model/row.rs", text)]).len(), 0, "{text}");
    }
}

#[test]
fn names_can_be_searched_for() {
    keeps(files::unsearchable);
}

#[test]
fn a_name_that_gave_way_is_caught() {
    for text in
        ["pub struct Told;", "enum Desk {}", "type Laid = u8;", "const MOST: usize = 1;", "static CALM: u8 = 1;"]
    {
        assert_eq!(told(files::unsearchable, &[("text/mod.rs", text)]).len(), 1, "{text}");
    }
    for text in ["fn told() { let end = End; }", "impl X { type Item = u8; }", "const MOST_ROWS: usize = 1;"] {
        assert!(told(files::unsearchable, &[("text/mod.rs", text)]).is_empty(), "{text}");
    }
}

#[test]
fn strangers_stay_strangers() {
    keeps(laws::strangers);
}

#[test]
fn strangers_that_meet_are_caught() {
    for (path, text) in [
        ("player/app.rs", "use super::service::Service;"),
        ("player/app/inbox.rs", "use crate::player::{message::Inbound, service::Service};"),
        ("player/service.rs", "use crate::player::app::App;"),
        ("player/actors/answer.rs", "use crate::player::app::App;"),
        ("player/app/output.rs", "use crate::player::actors::answer::Asked;"),
        ("feeds/fetch.rs", "use crate::store::Store;"),
        ("kiosk/pages/home.rs", "use crate::kiosk::pages::article::Article;"),
        ("kiosk/pages/home.rs", "use super::article;"),
        ("kiosk/kit/frame.rs", "use crate::kiosk::{kit::Context, page::KioskPage};"),
    ] {
        assert_eq!(told(laws::strangers, &[(path, text)]).len(), 1, "{path}: {text}");
    }
    assert!(told(laws::strangers, &[("player/app.rs", "use super::message::Inbound;")]).is_empty());
    assert!(
        told(laws::strangers, &[("kiosk/pages/register/mod.rs", "use super::super::pages::register::grid;")])
            .is_empty()
    );
    assert!(told(laws::strangers, &[("player/mod.rs", "use self::{app::App, service::Service};")]).is_empty());
}

#[test]
fn crates_stay_in_their_homes() {
    keeps(laws::strays);
}

#[test]
fn a_stray_crate_is_caught() {
    for (path, text) in [
        ("ui/view.rs", "use wgpu::Device;"),
        ("ui/view.rs", "fn f(d: &wgpu::Device) {}"),
        ("stage/mod.rs", "use winit;"),
        ("player/service.rs", "use winit::window::Window;"),
        ("edition.rs", "fn f(c: rusqlite::Connection) {}"),
        ("feeds/sanitize.rs", "use ::tokio::fs;"),
        ("text/mod.rs", "use glyphon::Shaping;"),
    ] {
        assert_eq!(told(laws::strays, &[(path, text)]).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("gpu/context.rs", "use wgpu::Device;"),
        ("platform/window.rs", "use winit::window::Window;"),
        ("net/http.rs", "use tokio::fs;"),
        ("cli/run.rs", "fn f() { let wgpu = 1; crate::platform::winit::f(); }"),
    ] {
        assert!(told(laws::strays, &[(path, text)]).is_empty(), "{path}: {text}");
    }
}

#[test]
fn clocks_are_read_in_one_file() {
    keeps(laws::clocks);
}

#[test]
fn a_clock_read_elsewhere_is_caught() {
    for text in ["std::time::Instant::now()", "SystemTime::now()", "jiff::Zoned::now()", "jiff::Timestamp :: now ()"] {
        assert_eq!(told(laws::clocks, &[("stage/led.rs", text)]).len(), 1, "{text}");
        assert!(told(laws::clocks, &[("time/clock.rs", text)]).is_empty(), "{text}");
    }
    assert!(
        told(laws::clocks, &[("stage/led.rs", "#[cfg(test)] mod tests { fn f() { Instant::now(); } }")]).is_empty()
    );
}

#[test]
fn nothing_that_draws_takes_a_lock() {
    keeps(laws::locks);
}

#[test]
fn a_lock_where_things_are_drawn_is_caught() {
    for path in ["stage/kiosk.rs", "scene/frame.rs", "player/app.rs"] {
        assert_eq!(told(laws::locks, &[(path, "use std::sync::Mutex;")]).len(), 1, "{path}");
    }
    assert!(told(laws::locks, &[("store/mod.rs", "use std::sync::Mutex;")]).is_empty());
}

#[test]
fn there_are_no_globals() {
    keeps(laws::globals);
}

#[test]
fn a_global_is_caught() {
    for text in [
        "static mut COUNT: u32 = 0;",
        "static WORDS: std::sync::LazyLock<Vec<String>> = LazyLock::new(Vec::new);",
        "pub static COUNT: AtomicU64 = AtomicU64::new(0);",
        "thread_local! { static X: u8 = 1; }",
    ] {
        assert_eq!(told(laws::globals, &[("text/mod.rs", text)]).len(), 1, "{text}");
    }
    let fixed =
        "static NAMES: [&'static str; 2] = [\"甲\", \"乙\"]; fn f(x: &'static Mutex<u8>) { let y = Cell::new(1); }";
    assert!(told(laws::globals, &[("text/mod.rs", fixed)]).is_empty());
}

#[test]
fn files_and_functions_are_short() {
    keeps(laws::too_long);
}

#[test]
fn what_is_too_long_is_caught() {
    let body =
        |lines: usize| format!("fn f(a: [u8; 2]) -> u8\nwhere u8: Copy,\n{{\n{}}}\n", "    g();\n".repeat(lines));
    assert!(told(laws::too_long, &[("text/mod.rs", &body(80))]).is_empty());
    assert_eq!(told(laws::too_long, &[("text/mod.rs", &body(81))]).len(), 1);
    let spaced = body(80).replacen("g();\n", "g();\n\n // why.\n", 40);
    assert!(told(laws::too_long, &[("text/mod.rs", &spaced)]).is_empty(), "blank lines and comments are free");
    let two = format!("trait T {{ fn declared(&self) -> u8; }}\nstruct S {{ f: fn(u8) -> u8 }}\n{}", body(81));
    assert_eq!(told(laws::too_long, &[("text/mod.rs", &two)]).len(), 1);
    assert!(told(laws::too_long, &[("text/mod.rs", &"//! x\n".repeat(600))]).is_empty());
    assert_eq!(told(laws::too_long, &[("text/mod.rs", &"//! x\n".repeat(601))]).len(), 1);
}

#[test]
fn a_kind_of_zone_is_known_to_its_own_files_only() {
    keeps(laws::zone_kinds_named_elsewhere);
}

#[test]
fn a_kind_of_zone_that_is_known_elsewhere_is_caught() {
    let list = ("config/zones/mod.rs", "kinds! {\n    \"ticker\" => Ticker(ticker::TickerZone),\n}");
    let own = ("led/zones/ticker.rs", "use crate::config::zones::TickerZone;");
    assert!(told(laws::zone_kinds_named_elsewhere, &[list, own]).is_empty());
    for text in
        ["use crate::config::zones::TickerZone;", "fn f(z: &Zone) { if let ZoneContent::Clock(_) = z.content {} }"]
    {
        assert_eq!(told(laws::zone_kinds_named_elsewhere, &[list, own, ("cli/check.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(told(laws::zone_kinds_named_elsewhere, &[own]).len(), 1, "a list that is not found says nothing");
}

#[test]
fn every_file_says_what_it_is_for() {
    keeps(laws::headless);
}

#[test]
fn a_file_without_a_header_is_caught() {
    assert_eq!(told(laws::headless, &[("text/mod.rs", "// A comment.\nfn f() {}")]).len(), 1);
    assert!(told(laws::headless, &[("text/mod.rs", "//! Text.\n")]).is_empty());
}

#[test]
fn what_is_public_is_said_once() {
    keeps(laws::unpublic);
}

#[test]
fn a_statement_that_asks_by_itself_is_caught() {
    for text in [
        "const A: &str = \"SELECT id FROM public_notice n WHERE n.withdrawn_at IS NULL\";",
        "const A: &str = \"SELECT id FROM notice WHERE id = ?1\";",
        "const A: &str = \"SELECT 1 FROM feed f\n JOIN register_row r ON r.feed = f.id\";",
        "const A: &str = \"SELECT unit FROM case_clock\";",
    ] {
        assert_eq!(told(laws::unpublic, &[("store/find.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(told(laws::unpublic, &[("store/journal.rs", "f(\"UPDATE notice SET withdrawn_at = 1\");")]).len(), 1);
    for (path, text) in [
        ("store/find.rs", "// FROM notice\nconst A: &str = \"SELECT id FROM public_notice\";"),
        ("store/cases.rs", "const A: &str = \"DELETE FROM case_clock WHERE row = ?1\";"),
        ("store/find.rs", "#[cfg(test)]\nmod tests { const A: &str = \"SELECT 1 FROM notice\"; }"),
        ("store/ingest.rs", "const A: &str = \"SELECT id FROM notice WHERE withdrawn_at IS NULL\";"),
    ] {
        assert!(told(laws::unpublic, &[(path, text)]).is_empty(), "{path}: {text}");
    }
}

/// The licences that `deny.toml` allows.
fn allow_list() -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table["licenses"]["allow"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_dependency_has_a_licence_on_the_list() {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages were listed", packages.len());
    let allow = allow_list();
    let refused: Vec<String> = packages
        .iter()
        .map(|p| (p["name"].as_str().unwrap(), p["license"].as_str().unwrap_or("no licence")))
        .filter(|(_, licence)| !licences::allowed(licence, &allow))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert!(refused.is_empty(), "not in deny.toml's list:\n{}\n", refused.join("\n"));
}

#[test]
fn a_licence_that_is_not_on_the_list_is_refused() {
    let allow: Vec<String> =
        ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(String::from).into();
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-2.0-only OR Apache-2.0",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(licences::allowed(good, &allow), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "", "no licence", "MIT GPL-3.0", "(MIT OR BSD-3-Clause", "MIT WITH odd"] {
        assert!(!licences::allowed(bad, &allow), "{bad}");
    }
}

#[test]
fn the_readmes_show_configs_that_are_read_and_the_same_in_both_languages() {
    let shown = ["README.md", "README.zh-CN.md"].map(|readme| {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).unwrap();
        let blocks = examples::blocks(&text);
        assert!(blocks.len() >= 5, "{readme} shows only {} files", blocks.len());
        let faults: Vec<String> = blocks.iter().filter_map(|(name, text)| examples::fault(name, text)).collect();
        assert!(faults.is_empty(), "{readme}:\n{}\n", faults.join("\n"));
        blocks.into_iter().map(|(name, text)| (name, text.parse::<toml::Table>().unwrap())).collect::<Vec<_>>()
    });
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn a_wrong_config_in_a_readme_is_caught() {
    let blocks = examples::blocks("x\n```toml\n# file: feeds/a.toml\ntitel = \"x\"\n```\n```toml\nfree = 1\n```\n");
    assert_eq!(blocks.len(), 1);
    assert!(examples::fault(&blocks[0].0, &blocks[0].1).unwrap().starts_with("feeds/a.toml: "));
    assert!(examples::fault("attic/a.toml", "").is_some());
    assert_eq!(examples::fault("feeds/a.toml", "title = \"x\""), None);
}

#[test]
fn a_section_of_the_config_is_said_once() {
    keeps(sections::said_elsewhere);
}

#[test]
fn a_section_said_twice_is_caught() {
    let registry = "use super::Units;\nsections! {\n/// `units.toml`.\nunits: File<Units>,\n}";
    let own = ("config/units.rs", "pub struct Units; impl ConfigSection for Units {}");
    let said = |other: (&str, &str)| told(sections::said_elsewhere, &[("config/sections.rs", registry), own, other]);
    assert_eq!(said(("config/mod.rs", "pub use units::Units;")), Vec::<String>::new());
    assert_eq!(said(("config/keep.rs", "// units.toml\n")), Vec::<String>::new());
    assert_eq!(said(("config/keep.rs", "const READ: [&str; 1] = [\"units.toml\"];")).len(), 1);
    assert_eq!(said(("config/load.rs", "fn f(units: super::Units) {}")).len(), 1);
    assert_eq!(told(sections::said_elsewhere, &[("config/sections.rs", registry)]).len(), 1, "no struct");
    assert_eq!(told(sections::said_elsewhere, &[own]).len(), 1, "no registry");
}
