//! The shipped config is without fault, the documents' examples are read, and broken files are named by line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "config/edit.rs"]
mod edit;
#[path = "config/hostile.rs"]
mod hostile;

use gongshi::{
    check,
    config::{self, Severity},
    text::is_hidden,
};
use proptest::prelude::*;
use rstest::rstest;
use std::{fs, path::Path};

#[test]
fn the_shipped_county_has_no_fault() {
    let loaded = check::load(Path::new("kiosk-config"));
    assert_eq!(loaded.faults, []);
    let config = loaded.config.unwrap();
    assert!(config.feeds.len() >= 8 && config.screens.len() >= 4 && config.regions.len() > 3);
    assert_eq!(config.catalogue.children("").count(), 6);
}

#[test]
fn committed_schemas_are_current() {
    for (name, text) in gongshi::cli::schema::files() {
        let path = Path::new("kiosk-config/schema").join(name);
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{}: run `gongshi schema --out kiosk-config/schema`", path.display());
    }
}

#[test]
fn every_shipped_toml_names_its_schema() {
    let folders = fs::read_dir("kiosk-config").unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir());
    for dir in folders.chain([Path::new("kiosk-config").to_owned()]) {
        for entry in fs::read_dir(&dir).unwrap().flatten().filter(|e| e.path().extension().is_some_and(|x| x == "toml"))
        {
            let text = fs::read_to_string(entry.path()).unwrap();
            let schema = text.lines().next().and_then(|l| l.strip_prefix("#:schema ")).unwrap_or("none");
            assert!(dir.join(schema).is_file(), "{}: names no schema that exists", entry.path().display());
        }
    }
}

#[test]
fn a_picture_that_is_not_there_is_said_and_refuses_nothing() {
    let wall = format!("{ZONE}kind = \"picture\"\nfile = \"no.png\"\n");
    let dir = folder(&[("screens/wall.toml", &wall)]);
    let loaded = check::load(dir.path());
    let [fault] = &loaded.faults[..] else { panic!("{:?}", loaded.faults) };
    assert_eq!((fault.line, fault.column, fault.severity), (5, 8, Severity::Warning), "{fault}");
    assert!(fault.to_string().contains("`no.png` is not there") && loaded.config.is_some(), "{fault}");
}

/// What nobody sees in a text of the config reaches no wall: it is refused where it forges, else taken out.
#[test]
fn hidden_characters_are_refused_or_taken_out() {
    let hidden: Vec<char> = ('\0'..=char::MAX).filter(|c| is_hidden(*c)).collect();
    assert!(hidden.len() > 4_000);
    let escaped = |c: char| format!("\\U{:08X}", u32::from(c));
    let unit = |(n, c): (usize, &char)| format!("[[unit]]\nname = \"甲{}乙{n}\"\n", escaped(*c));
    let all: String = hidden.iter().enumerate().map(unit).collect();
    let dir = folder(&[("units.toml", &all)]);
    let loaded = check::load(dir.path());
    let refused: Vec<char> = loaded.faults.iter().map(|f| hidden[(f.line - 2) / 2]).collect();
    assert!(loaded.faults.iter().all(|f| f.column == 8 && f.severity == Severity::Error && f.mend.contains("anew")));
    let bidi = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    assert!(bidi.chars().chain(['\0', '\u{1b}', '\u{7f}', '\u{9b}']).all(|c| refused.contains(&c)), "{refused:?}");
    let kept: Vec<char> = hidden.iter().copied().filter(|c| !refused.contains(c)).collect();
    fs::write(dir.path().join("units.toml"), kept.iter().enumerate().map(unit).collect::<String>()).unwrap();
    let units = check::load(dir.path()).config.unwrap().units.unit;
    assert_eq!(units.len(), kept.len());
    for (c, unit) in kept.iter().zip(&units) {
        assert!(unit.name.chars().all(|c| !is_hidden(c)) || is_selector(*c), "{c:?}: {:?}", unit.name);
    }
    let csv = "code,name,parent,kind\n01,示例\u{202e}县,,county\n";
    let dir = folder(&[("regions.csv", csv)]);
    let said = check::load(dir.path()).faults[0].to_string();
    assert!(said.contains("regions.csv:2:1: ") && said.contains("U+202E") && !said.contains('\u{202e}'), "{said}");
    fs::write(dir.path().join("regions.csv"), csv.replace('\u{202e}', "\u{200b}")).unwrap();
    assert_eq!(check::load(dir.path()).config.unwrap().regions[0].name, "示例县");
}

/// A selector behind an ideograph chooses its form, and stays.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}')
}

/// A folder with a small valid config in which some files are replaced.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let valid = [
        ("catalogue.toml", "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n"),
        ("screens/wall.toml", "[[zone]]\nkind = \"clock\"\nwidth = 100\nheight = 50\n"),
    ];
    for (name, text) in valid.iter().chain(files) {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const PAGE: &str = "title = \"a\"\nsource = \"http://x.example/\"\ncatalogue = \"gov\"\nformat = \"page\"\n";
const ZONE: &str = "[[zone]]\nwidth = 9\nheight = 9\n";

/// Each broken file with where its fault stands and words its message or mend says.
#[rstest]
#[case("site.toml", "title = \"a\ntimezone = 3", 1, 11, "invalid basic string")]
#[case("site.toml", "title = “政务”", 1, 9, "full-width mark “")]
#[case("site.toml", "title = \"a\"\ntitle = \"b\"", 2, 1, "keep one")]
#[case("site.toml", "[standing\ntitle = \"b\"", 1, 10, "close the square brackets")]
#[case("site.toml", "title", 1, 6, "key = value")]
#[case("site.toml", "titel = \"a\"", 1, 1, "did you mean `title`?")]
#[case("site.toml", "title = 7", 1, 9, "should be text but is a whole number")]
#[case("site.toml", "timezone = \"Asia/Shanghia\"", 1, 12, "Asia/Shanghai")]
#[case("site.toml", "timezone = \"UTC+8\"", 1, 12, "did you mean `Asia/Shanghai`?")]
#[case("site.toml", "timezone = \"北京时间\"", 1, 12, "did you mean `Asia/Shanghai`?")]
#[case("site.toml", "timezone = \"GMT+6\"", 1, 12, "did you mean `Asia/Urumqi`?")]
#[case("site.toml", "[standing]\nlines = \"x\"", 2, 1, "did you mean `line`?")]
#[case("theme.toml", "[colour]\nred = \"red\"", 2, 7, "#b3261e")]
#[case("theme.toml", "[size]\nbody = \"32\"", 2, 8, "a number")]
#[case("catalogue.toml", "[[heading]]\nid = \"a\"\ntitle = \"x\"\ncolour = \"gren\"", 4, 10, "did you mean `green`?")]
#[case("catalogue.toml", "[[heading]]\nid = \"gov.x\"\ntitle = \"x\"", 2, 6, "no parent `gov`")]
#[case("catalogue.toml", "[[heading]]\nid = \"甲\"\ntitle = \"x\"", 2, 6, "not a heading's id")]
#[case("calendar.toml", "[[holiday]]\nfrom = 2026-10-07\nuntil = 2026-10-01", 3, 9, "ends before")]
#[case("calendar.toml", "[[workday]]\nday = \"soon\"", 2, 7, "not a date")]
#[case("feeds/a.toml", "title = \"a\"\ncatalogue = \"gov\"", 1, 1, "no source")]
#[case(
    "feeds/a.toml",
    "title = \"a\"\nsource = \"http://x.example/\"\ncatalogue = \"gow\"",
    3,
    13,
    "did you mean `gov`?"
)]
#[case("feeds/a.toml", "title = \"a\"\nsource = \"ftp://x/\"\ncatalogue = \"gov\"", 2, 10, "can be fetched")]
#[case(
    "feeds/a.toml",
    "title = \"a\"\nsource = \"http://x.example/\"\ncatalogue = \"gov\"\nshow_days = -1",
    4,
    13,
    "too small"
)]
#[case(
    "feeds/a.toml",
    "title = \"a\"\nsource = \"http://x.example/\"\ncatalogue = \"gov\"\ncharset = \"gb18031\"",
    4,
    11,
    "gb18030"
)]
#[case("feeds/a.toml", &format!("{PAGE}[page]\nitem = \"ul > > li\""), 6, 8, "not a CSS selector")]
#[case("feeds/a.toml", &format!("{PAGE}[page]\nitem = \"li\"\ndate = \"span[\""), 7, 8, "as a stylesheet does")]
#[case("feeds/a.toml", &format!("{PAGE}[page]\ndate = \"span\""), 5, 1, "no rows")]
#[case("feeds/a.toml", PAGE, 4, 10, "add a [page] section")]
#[case("feeds/a.toml", &format!("{PAGE}[page]\nitem = \"li\"\nmax_pages = 900"), 7, 13, "up to 200")]
#[case("screens/wall.toml", "kind = \"ledd\"", 1, 8, "Allowed are: led, kiosk")]
#[case("screens/wall.toml", "width = 0", 1, 9, "cannot be drawn")]
#[case("screens/wall.toml", "width = 400\nwall_width = 600\nwall_x = 300", 3, 10, "write up to 200")]
#[case("screens/wall.toml", "wall_x = 300", 1, 10, "add wall_width")]
#[case("screens/wall.toml", "kind = \"kiosk\"\nwall_width = 9", 2, 14, "no part of a wall")]
#[case("screens/wall.toml", &format!("[[playlist]]\nfrom = \"8:00\"\n{ZONE}text = \"x\""), 2, 8, "HH:MM")]
#[case("screens/wall.toml", &format!("[[playlist]]\nweekdays = [1, 9]\n{ZONE}text = \"x\""), 2, 16, "1 for Monday")]
#[case("screens/wall.toml", &format!("{ZONE}text = \"x\"\ncolour = \"#12345g\""), 5, 10, "not a colour")]
#[case("screens/wall.toml", &format!("{ZONE}text = \"x\"\neffect = \"上一\""), 5, 10, "上移")]
#[case("screens/wall.toml", &format!("{ZONE}kind = \"clock\"\nformat = \"{{tiem}}\""), 5, 10, "did you mean `time`?")]
#[case("screens/wall.toml", &format!("{ZONE}kind = \"qr\""), 1, 1, "add address")]
#[case(
    "screens/wall.toml",
    "[[zone]]\nwidth = 30\nheight = 60\nkind = \"qr\"\naddress = \"https://www.example.gov.cn/gk\"",
    5,
    11,
    "the code needs 33 pixels along a side, the zone has 30"
)]
#[case("regions.csv", "code,name,parent,kind\n1,县,,county\n2,镇,7,township", 3, 1, "not in the file")]
fn a_broken_file_is_named_by_line(
    #[case] file: &str,
    #[case] text: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] says: &str,
) {
    let dir = folder(&[(file, text)]);
    let loaded = check::load(dir.path());
    assert!(loaded.config.is_none(), "the fault went unnoticed");
    let errors: Vec<_> = loaded.faults.iter().filter(|f| f.severity == Severity::Error).collect();
    let fault = errors.first().unwrap();
    assert_eq!(
        (fault.file.as_path(), fault.line, fault.column),
        (dir.path().join(file).as_path(), line, column),
        "{fault}"
    );
    assert!(fault.to_string().contains(says), "{fault}");
}

const LEDGER: &str = "title = \"账\"\nkey = [\"id\"]\nplace = \"place\"\n[[column]]\nid = \"id\"\ntitle = \"编号\"
[[column]]\nid = \"money\"\ntitle = \"金额\"\nkind = \"money\"\n[[column]]\nid = \"place\"\ntitle = \"村\"\nkind = \"place\"\n";

/// Each fault of a zone that shows a register, in the line after `kind`, with what its mend says.
#[rstest]
#[case("", "kind = \"register\"", "add register")]
#[case("register = \"leger\"", "\"leger\"", "did you mean `ledger`?")]
#[case("register = \"ledger\"\ncolumns = [\"id\", \"mony\"]", "\"mony\"", "did you mean `money`?")]
#[case("register = \"ledger\"\nplace = \"示例村\"", "\"示例村\"", "write its code, \"990001001\"")]
#[case("register = \"ledger\"\nplace = \"990001002\"", "\"990001002\"", "did you mean `990001001`?")]
#[case("register = \"plain\"\nplace = \"990001\"", "\"990001\"", "take place out")]
#[case("register = \"ledger\"\nopen_only = true", "true", "a register with [case]")]
#[case("register = \"ledger\"\ncolumns = [\"id\"]\nwidths = [1, 2]", "[1, 2]", "one for each of columns")]
#[case("register = \"ledger\"\ncolumns = [\"id\"]\nwidths = [0]", "[0]", "more than 0")]
#[case("register = \"ledger\"\nperiod = \"newst\"", "\"newst\"", "did you mean `newest`?")]
#[case("register = \"ledger\"\ntitle = \"{mont}账\"", "\"{mont}账\"", "did you mean `month`?")]
fn a_zone_that_shows_a_register_is_checked(#[case] zone: &str, #[case] at: &str, #[case] mend: &str) {
    let wall = format!("{ZONE}kind = \"register\"\n{zone}\n");
    let plain = LEDGER.replace("place = \"place\"\n", "");
    let regions = "code,name,parent,kind\n990001,示例镇,,township\n990001001,示例村,990001,village\n";
    let files = [
        ("screens/wall.toml", wall.as_str()),
        ("registers/ledger.toml", LEDGER),
        ("registers/plain.toml", &plain),
        ("regions.csv", regions),
    ];
    let loaded = check::load(folder(&files).path());
    let errors: Vec<_> = loaded.faults.iter().filter(|f| f.severity == Severity::Error).collect();
    let [fault] = errors[..] else { panic!("{errors:?}") };
    assert!(fault.file.ends_with("screens/wall.toml") && fault.to_string().contains(mend), "{fault}");
    let line = wall.lines().position(|l| l.contains(at)).unwrap() + 1;
    // What is missing is told where the zone begins.
    assert_eq!(fault.line, if zone.is_empty() { 1 } else { line }, "{fault}");
}

/// Words may name what of a register adds up, and nothing else.
#[rstest]
#[case("{place} {month} {m} {n} {money}", None)]
#[case("{mony}", Some("did you mean `money`?"))]
#[case("{id}", Some("{id}"))]
fn words_that_name_a_register_s_figures_are_checked(#[case] words: &str, #[case] mend: Option<&str>) {
    let wall = format!("{ZONE}kind = \"text\"\nregister = \"ledger\"\ntext = \"{words}\"\n");
    let ledger = LEDGER.replace("kind = \"money\"\n", "kind = \"money\"\nsum = true\n");
    let loaded = check::load(folder(&[("screens/wall.toml", &wall), ("registers/ledger.toml", &ledger)]).path());
    let errors: Vec<_> = loaded.faults.iter().filter(|f| f.severity == Severity::Error).collect();
    match (mend, &errors[..]) {
        (None, []) => {}
        (Some(mend), [fault]) => {
            assert!(fault.to_string().contains(mend), "{fault}");
            assert_eq!(fault.line, wall.lines().position(|l| l.starts_with("text")).unwrap() + 1);
        }
        other => panic!("{other:?}"),
    }
}

/// What another kind of zone would understand does nothing; it is said where it stands, and the rest is used.
#[test]
fn a_key_of_another_kind_of_zone_is_said_and_left_out() {
    let wall = format!("{ZONE}kind = \"clock\"\nspeed = 120\nformat = \"{{hm}}\"\ntitle = \"x\"\n");
    let loaded = check::load(folder(&[("screens/wall.toml", &wall)]).path());
    let said: Vec<_> = loaded.faults.iter().map(|f| (f.severity, f.line, f.column)).collect();
    assert_eq!(said, [(Severity::Warning, 5, 1), (Severity::Warning, 7, 1)], "{:?}", loaded.faults);
    let [speed, title] = &loaded.faults[..] else { panic!("{:?}", loaded.faults) };
    assert!(speed.message.contains("`speed` belongs to kind = \"ticker\"; this is a clock"), "{speed}");
    assert!(speed.mend.contains("remove it, or write kind = \"ticker\""), "{speed}");
    assert!(title.message.contains("\"board\" or \"totals\" or \"register\""), "{title}");
    let zone = &loaded.config.unwrap().screens["wall"].zone[0];
    let clock = config::zones::ClockZone { format: "{hm}".into(), ..Default::default() };
    assert_eq!(zone.content, clock.into());
    // A zone that names no kind is one of words.
    let bare = check::load(folder(&[("screens/wall.toml", &format!("{ZONE}text = \"x\"\nfile = \"y\"\n"))]).path());
    assert!(bare.faults.len() == 1 && bare.faults[0].message.contains("this is a text"), "{:?}", bare.faults);
}

#[test]
fn several_faults_come_in_one_run() {
    let dir = folder(&[
        ("site.toml", "titel = \"a\"\nplase = \"b\"\nlanguage = 3\n"),
        ("screens/wall.toml", "widht = 5\n[[zone]]\nkind = \"tiker\"\nhieght = 3\n"),
    ]);
    let faults = check::load(dir.path()).faults;
    let lines: Vec<usize> = faults.iter().map(|f| f.line).collect();
    assert_eq!(lines, [1, 3, 4, 1, 2, 3], "{faults:#?}");
}

#[test]
fn warnings_do_not_stop_a_config() {
    let wall = "[[zone]]\nwidth = 3000\nheight = 9\ntext = \"x\"\n";
    let dir = folder(&[("screens/a.toml", wall), ("screens/b.toml", wall)]);
    let loaded = check::load(dir.path());
    assert!(loaded.config.is_some());
    let said = loaded.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("reaches beyond the canvas") && said.contains("the same spot"), "{said}");
    assert!(loaded.faults.iter().all(|f| f.severity == Severity::Warning));
}

#[test]
fn a_missing_folder_is_one_fault_and_an_empty_one_is_defaults() {
    let missing = check::load(Path::new("/no/such/folder"));
    assert_eq!((missing.faults.len(), missing.config.is_none()), (1, true));
    let empty = tempfile::tempdir().unwrap();
    let loaded = check::load(empty.path());
    assert_eq!(loaded.config.unwrap().site, config::Site::default());
}

#[test]
fn a_file_nothing_reads_is_named() {
    let dir = folder(&[("sites.toml", "title = \"x\"")]);
    let said: Vec<String> = check::load(dir.path()).faults.iter().map(ToString::to_string).collect();
    assert!(said.len() == 1 && said.concat().contains("did you mean `site.toml`?"), "{said:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a file: a config or a reason, at a place that exists.
    #[test]
    fn damaged_files_are_refused_with_a_reason(
        which in 0_usize..4, at in 0.0_f64..1.0, cut in 0_usize..40, put in "[\\PC\n]{0,12}",
    ) {
        let name = ["site.toml", "catalogue.toml", "calendar.toml", "screens/door-led.toml"][which];
        let whole: Vec<char> = fs::read_to_string(Path::new("kiosk-config").join(name)).unwrap().chars().collect();
        let start = (at * whole.len() as f64) as usize;
        let end = (start + cut).min(whole.len());
        let text: String = whole[..start].iter().chain(&put.chars().collect::<Vec<_>>()).chain(&whole[end..]).collect();
        let dir = folder(&[(name, &text)]);
        let loaded = check::load(dir.path());
        prop_assert_eq!(loaded.config.is_none(), loaded.failed());
        for fault in &loaded.faults {
            let lines = fs::read_to_string(&fault.file).map_or(1, |t| t.split('\n').count());
            prop_assert!(fault.line >= 1 && fault.line <= lines && fault.column >= 1, "{fault}");
            prop_assert!(!fault.message.is_empty() && !fault.mend.is_empty());
        }
    }
}

/// Fenced `toml` blocks whose first line is `# file: NAME` are whole files of a config folder.
#[test]
fn examples_in_the_documents_are_read() {
    let mut documents: Vec<_> = ["README.md", "README.zh-CN.md"].map(|f| Path::new(f).to_owned()).into();
    documents.extend(fs::read_dir("docs").into_iter().flatten().flatten().map(|e| e.path()));
    for document in documents.iter().filter(|d| d.extension().is_some_and(|e| e == "md")) {
        let Ok(text) = fs::read_to_string(document) else { continue };
        let blocks = text.split("```toml\n").skip(1).filter_map(|b| b.split("```").next());
        let named = blocks.filter_map(|b| Some((b.lines().next()?.strip_prefix("# file: ")?.trim(), b)));
        let named: Vec<(&str, &str)> = named.collect();
        let registers: Vec<_> = named.iter().filter(|(name, _)| name.starts_with("registers/")).copied().collect();
        for (name, block) in named {
            let catalogue = fs::read_to_string("kiosk-config/catalogue.toml").unwrap();
            // A feed's register is shown beside it.
            let files = [&registers[..], &[("catalogue.toml", catalogue.as_str()), (name, block)]].concat();
            let dir = folder(&files);
            let file = dir.path().join(name);
            // Files that the example only names need not be there.
            let faults: Vec<_> = check::load(dir.path())
                .faults
                .into_iter()
                .filter(|f| f.file == file && !f.message.ends_with("is not there"))
                .collect();
            assert_eq!(faults, [], "{}: the example {name} has faults", document.display());
        }
    }
}

#[test]
fn a_source_that_is_away_is_said_and_stops_nothing() {
    let dir = folder(&[("feeds/a.toml", "title = \"a\"\ncatalogue = \"gov\"\nsource = \"no.xml\"")]);
    let loaded = check::load(dir.path());
    assert!(loaded.config.is_some());
    let fault = loaded.faults.iter().find(|f| f.message.contains("not there")).unwrap();
    assert_eq!((fault.line, fault.column, fault.severity), (3, 10, Severity::Warning));
}

#[test]
fn a_folder_nothing_reads_is_named() {
    let dir = folder(&[("feed/a.toml", "title = \"x\""), ("pictures/b.png", ""), ("feeds/.toml", "")]);
    let said: Vec<String> = check::load(dir.path()).faults.iter().map(ToString::to_string).collect();
    assert!(said.len() == 1 && said.concat().contains("did you mean `feeds`?"), "{said:?}");
}

/// What each change of the shipped config makes anew: a save of one file leaves the rest alone.
#[rstest]
#[case("theme.toml", "", &[], "")]
#[case("site.toml", "hotline = \"12346\"", &[], "edition")]
#[case("site.toml", "timezone = \"Asia/Urumqi\"", &[], "edition derived")]
#[case("calendar.toml", "[[workday]]\nday = 2026-10-10", &["a", "b", "rows"], "edition derived")]
#[case("catalogue.toml", "[[heading]]\nid = \"gov\"\ntitle = \"政务\"", &[], "edition")]
#[case("catalogue.toml", "[[heading]]\nid = \"gov\"\ntitle = \"政务公开\"\n[[period]]\ndays = 5", &["a", "b", "rows"], "edition")]
#[case("regions.csv", "code,name,parent,kind\n1,示例县,,county", &["rows"], "edition derived")]
#[case("feeds/a.toml", "title = \"甲\"\nsource = \"http://a.example/\"\ncatalogue = \"gov\"\nkind = \"公告\"", &["a"], "edition derived")]
#[case("feeds/c.toml", "title = \"丙\"\nsource = \"http://c.example/\"\ncatalogue = \"gov\"", &["c"], "edition derived")]
#[case("registers/ledger.toml", &format!("{LEDGER}detail = true"), &["rows"], "edition derived")]
#[case("screens/wall.toml", "[[zone]]\nkind = \"clock\"\nwidth = 90\nheight = 50", &[], "edition")]
fn a_change_names_what_was_made_from_it(
    #[case] file: &str,
    #[case] text: &str,
    #[case] feeds: &[&str],
    #[case] also: &str,
) {
    let feed = |name: &str| format!("title = \"甲\"\nsource = \"http://{name}.example/\"\ncatalogue = \"gov\"");
    let (a, b) = (feed("a"), feed("b"));
    let rows = format!("{}\nregister = \"ledger\"", feed("rows"));
    let files = [
        ("feeds/a.toml", a.as_str()),
        ("feeds/b.toml", b.as_str()),
        ("feeds/rows.toml", rows.as_str()),
        ("registers/ledger.toml", LEDGER),
    ];
    let dir = folder(&files);
    let read = || check::load(dir.path()).config.unwrap();
    let before = read();
    assert_eq!(read().changes_since(&before), config::Changes::default());
    fs::write(dir.path().join(file), text).unwrap();
    let changes = read().changes_since(&before);
    assert_eq!(changes.feeds.iter().collect::<Vec<_>>(), feeds);
    assert_eq!((changes.edition, changes.derived), (also.contains("edition"), also.contains("derived")));
}
