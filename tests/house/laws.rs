//! The laws of DESIGN §3, each a function from sources to the places that break it.

use super::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The map of DESIGN §3: a room may name only rooms of a lower level.
const LEVELS: [(u8, &[&str]); 8] = [
    (1, &["config", "text", "time"]),
    (2, &["schedule", "model", "calendar", "jobs", "net"]),
    (3, &["scene", "feeds", "search", "media"]),
    (4, &["ui", "gpu", "edition", "wording"]),
    (5, &["led", "kiosk", "store"]),
    (6, &["stage", "platform", "check"]),
    (7, &["player"]),
    (8, &["cli", "main"]),
];

/// Law 2: the crates that have a home, and the paths below `src/` that are it.
const HOMES: [(&str, &[&str]); 7] = [
    ("wgpu", &["gpu/", "gpu.rs"]),
    ("glyphon", &["gpu/", "gpu.rs"]),
    ("winit", &["player/app", "platform/", "platform.rs"]),
    ("rusqlite", &["store/", "store.rs"]),
    ("reqwest", &["net/"]),
    ("rustls", &["net/"]),
    ("tokio", &["player/service", "player/actors/", "jobs/", "net/", "store/", "admin/", "fleet/"]),
];

/// Rooms that draw: no lock may reach them (law 4).
const DRAWING: [&str; 5] = ["scene", "ui", "led", "kiosk", "stage"];

/// Lines a file may have (law 5).
const FILE_LINES: usize = 600;

/// Lines of code the body of a function may have (law 5), counted as clippy does.
const FUNCTION_LINES: usize = 80;

fn level(room: &str) -> Option<u8> {
    LEVELS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(level, _)| *level)
}

/// Every module path a file names through `crate` or `super`, from the crate's root, with its place.
pub fn imports(source: &Source) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for i in 0..source.tokens.len() {
        let mut base: Vec<String> = Vec::new();
        let mut next = i + 1;
        match source.at(i) {
            "crate" => {}
            "super" if source.before(i) != "::" => {
                let module = source.module();
                let mut up = 1;
                while source.at(next) == "::" && source.at(next + 1) == "super" {
                    up += 1;
                    next += 2;
                }
                base = module.iter().take(module.len().saturating_sub(up)).map(ToString::to_string).collect();
            }
            _ => continue,
        }
        if source.at(next) == "::" {
            for path in tree(source, next + 1).0 {
                found.push((base.iter().cloned().chain(path).collect(), source.place(i)));
            }
        }
    }
    found
}

/// The paths of a use tree that starts at token `i`, and the token after it.
fn tree(source: &Source, i: usize) -> (Vec<Vec<String>>, usize) {
    if source.at(i) == "{" {
        let (mut all, mut j) = (Vec::new(), i + 1);
        while !matches!(source.at(j), "}" | "") {
            let (paths, after) = tree(source, j);
            all.extend(paths);
            j = after.max(j + 1);
            while !matches!(source.at(j), "," | "}" | "") {
                j += 1;
            }
            j += usize::from(source.at(j) == ",");
        }
        return (all, j + 1);
    }
    let head = source.at(i).to_owned();
    if source.at(i + 1) == "::" && source.at(i + 2) != "<" {
        let (rest, after) = tree(source, i + 2);
        let paths = rest.into_iter().map(|path| std::iter::once(head.clone()).chain(path).collect()).collect();
        return (paths, after);
    }
    (vec![vec![head]], i + 1)
}

/// Law 1: imports point down; every room is on the map.
pub fn pointing_up(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| s.path != "lib.rs") {
        let room = source.room();
        let Some(own) = level(room) else {
            faults.push(format!("src/{}: the room {room} is not on the map of DESIGN §3", source.path));
            continue;
        };
        for (path, place) in imports(source) {
            let target = path.first().map_or("", String::as_str);
            if let Some(other) = level(target)
                && target != room
                && other >= own
            {
                faults.push(format!("{place}: {room} (level {own}) names {target} (level {other})"));
            }
        }
    }
    faults.dedup();
    faults
}

/// Law 1: no circle among rooms.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let rooms: BTreeSet<&str> = sources.iter().filter(|s| s.path != "lib.rs").map(Source::room).collect();
    for source in sources.iter().filter(|s| s.path != "lib.rs") {
        let targets = imports(source).into_iter().filter_map(|(path, _)| path.into_iter().next());
        let own = source.room();
        names.entry(own).or_default().extend(targets.filter(|t| t != own && rooms.contains(t.as_str())));
    }
    let reaches_itself = |start: &str| {
        let mut seen = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(room) = open.pop() {
            for next in names.get(room.as_str()).into_iter().flatten() {
                if next == start {
                    return true;
                }
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        false
    };
    rooms.iter().filter(|r| reaches_itself(r)).map(|r| format!("{r} is part of a circle of rooms")).collect()
}

/// Law 1: the window side and the service side of the player never name each other, nor the feeds the store, nor one
/// kiosk page another; what pages share stands below them.
pub fn strangers(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let module = source.module();
        for (path, place) in imports(source) {
            let names: Vec<&str> = path.iter().take(3).map(String::as_str).collect();
            let is_other_page = match (module.as_slice(), names.as_slice()) {
                (["kiosk", "pages", own, ..], ["kiosk", "pages", other]) => own != other,
                (["kiosk", "kit", ..], ["kiosk", other, ..]) => !matches!(*other, "kit" | "address"),
                _ => false,
            };
            let is_stranger = matches!(
                (module.as_slice(), names.as_slice()),
                (["player", "app", ..], ["player", "service" | "actors", ..])
                    | (["player", "actors", ..], ["player", "app", ..])
                    | (["player", "service", ..], ["player", "app", ..])
                    | (["feeds", ..], ["store", ..])
            );
            let forbidden = is_other_page || is_stranger;
            if forbidden {
                faults.push(format!("{place}: {} names {}", module.join("::"), path.join("::")));
            }
        }
    }
    faults
}

/// Law 2: crates that stay in their homes.
pub fn strays(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for i in 0..source.tokens.len() {
            let Some((name, homes)) = HOMES.iter().find(|(name, _)| *name == source.at(i)) else { continue };
            let parent = if source.before(i) == "::" { source.before(i - 1) } else { "" };
            let within_a_path = parent.starts_with(char::is_alphabetic) && parent != "use";
            let is_crate = !within_a_path && (source.at(i + 1) == "::" || source.before(i) == "use");
            if is_crate && !homes.iter().any(|home| source.path.starts_with(home)) {
                faults.push(format!("{}: {name} belongs in {}", source.place(i), homes.join(", ")));
            }
        }
    }
    faults
}

/// Law 3: clocks are read in one file.
pub fn clocks(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| s.path != "time/clock.rs") {
        for i in 0..source.tokens.len() {
            let clock = matches!(source.at(i), "Instant" | "SystemTime" | "Timestamp" | "Zoned" | "Utc" | "Local");
            if clock && source.at(i + 1) == "::" && source.at(i + 2) == "now" {
                faults.push(format!("{}: {}::now is for time/clock.rs only", source.place(i), source.at(i)));
            }
        }
    }
    faults
}

/// Law 4: nothing that draws waits for a lock.
pub fn locks(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let drawing = |s: &&Source| DRAWING.contains(&s.room()) || s.path.starts_with("player/app");
    for source in sources.iter().filter(drawing) {
        for i in 0..source.tokens.len() {
            if matches!(source.at(i), "Mutex" | "RwLock" | "Condvar") {
                faults.push(format!("{}: {} in a room that draws", source.place(i), source.at(i)));
            }
        }
    }
    faults
}

/// Law 5: no state that hangs in the air.
pub fn globals(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for i in 0..source.tokens.len() {
            let word = source.at(i);
            let declared = (i + 1..source.tokens.len()).take_while(|j| !matches!(source.at(*j), "=" | ";"));
            let global = match word {
                "static" => source.at(i + 1) == "mut" || declared.map(|j| source.at(j)).any(holds_state),
                "lazy_static" | "thread_local" => source.at(i + 1) == "!",
                _ => false,
            };
            if global {
                faults.push(format!("{}: a global; pass it in instead", source.place(i)));
            }
        }
    }
    faults
}

fn holds_state(kind: &str) -> bool {
    kind.starts_with("Atomic")
        || matches!(
            kind,
            "LazyLock" | "OnceLock" | "Lazy" | "LazyCell" | "OnceCell" | "Mutex" | "RwLock" | "Cell" | "RefCell"
        )
}

/// Law 5: long files, long functions.
pub fn too_long(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > FILE_LINES {
            faults.push(format!("src/{}: {lines} lines, {FILE_LINES} at most", source.path));
        }
        for i in (0..source.tokens.len()).filter(|i| source.at(*i) == "fn") {
            let lines = body_lines(source, i);
            if lines > FUNCTION_LINES {
                let name = source.at(i + 1);
                faults.push(format!("{}: {name} has {lines} lines, {FUNCTION_LINES} at most", source.place(i)));
            }
        }
    }
    faults
}

/// Lines with code between the braces of the function whose `fn` is token `i`; 0 where it has no body.
fn body_lines(source: &Source, i: usize) -> usize {
    let (mut round, mut curly) = (0usize, 0usize);
    let mut lines = BTreeSet::new();
    for token in source.tokens.iter().skip(i) {
        match token.text.as_str() {
            "(" | "[" if curly == 0 => round += 1,
            ")" | "]" if curly == 0 => match round.checked_sub(1) {
                Some(less) => round = less,
                None => return 0,
            },
            ";" if curly == 0 && round == 0 => return 0,
            "{" if curly > 0 || round == 0 => curly += 1,
            "}" if curly > 0 => curly -= 1,
            _ => {}
        }
        if curly > 0 {
            lines.insert(token.line);
        } else if token.text == "}" && round == 0 {
            break;
        }
    }
    lines.len().saturating_sub(1)
}

/// Every file says at its top what it is for.
pub fn headless(sources: &[Source]) -> Vec<String> {
    let lacks = |s: &&Source| !s.text.trim_start().starts_with("//! ");
    sources.iter().filter(lacks).map(|s| format!("src/{}: starts without a //! line", s.path)).collect()
}

/// Law 11: the files that may ask whether something was withdrawn, and those that may read the tables below the public
/// views, each for a reason: the schema defines them; harvests are compared with all that is held; what is derived is
/// made of all rows; the proof of showing, the sources and the pictures of a notice outlive its withdrawal; and a probe
/// for damage reads every page.
const ASKS_WITHDRAWN: [&str; 4] =
    ["store/schema.rs", "store/ingest.rs", "store/registers/ingest.rs", "store/registers/withdraw.rs"];
const READS_TABLES: [&str; 6] = [
    "store/registers/rebuild.rs",
    "store/displays.rs",
    "store/journal.rs",
    "store/raw.rs",
    "store/pictures.rs",
    "store/open.rs",
];

/// Law 11: what is public is said once, in the views `public_notice`, `public_row` and `public_case`.
pub fn unpublic(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let tests_only = |s: &Source| s.path.ends_with("/tests.rs") || s.path.contains("/tests/");
    for source in sources.iter().filter(|s| !ASKS_WITHDRAWN.contains(&s.path.as_str()) && !tests_only(s)) {
        let (mut before, mut last) = (String::new(), String::new());
        for (index, line) in source.text.lines().enumerate() {
            if line.starts_with("#[cfg(test)]") {
                break;
            }
            if line.trim_start().starts_with("//") {
                continue;
            }
            for word in line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()) {
                let reads = matches!(last.as_str(), "FROM" | "JOIN") && before != "DELETE";
                let table = matches!(word, "notice" | "register_row" | "case_clock");
                let place = format!("src/{}:{}", source.path, index + 1);
                if word == "withdrawn_at" {
                    faults.push(format!("{place}: asks for withdrawn_at; read from a public view"));
                } else if reads && table && !READS_TABLES.contains(&source.path.as_str()) {
                    faults.push(format!("{place}: reads {word}; read from its public view"));
                }
                before = std::mem::replace(&mut last, word.to_owned());
            }
        }
    }
    faults
}

/// How the house grows: a kind of zone is named in its two files, and in the two lists of kinds, nowhere else.
pub fn zone_kinds_named_elsewhere(sources: &[Source]) -> Vec<String> {
    const HOMES: [&str; 2] = ["config/zones/", "led/zones/"];
    let list = sources.iter().find(|s| s.path == "config/zones/mod.rs").map_or("", |s| s.text.as_str());
    // A line of the list: "ticker" => Ticker(ticker::TickerZone),
    let settings: BTreeSet<&str> = list
        .lines()
        .filter(|line| line.trim_start().starts_with('"'))
        .filter_map(|line| Some(line.split_once("=> ")?.1.split_once("::")?.1.split_once(')')?.0))
        .collect();
    let mut faults = Vec::new();
    if settings.is_empty() {
        faults.push("src/config/zones/mod.rs: lists no kinds of zone".to_owned());
    }
    for source in sources.iter().filter(|s| !HOMES.iter().any(|home| s.path.starts_with(home))) {
        for i in 0..source.tokens.len() {
            let word = source.at(i);
            if settings.contains(word) || word == "ZoneContent" {
                faults.push(format!("{}: {word} is known in {} only", source.place(i), HOMES.join(" and ")));
            }
        }
    }
    faults
}
