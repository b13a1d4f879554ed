//! Laws about files and names: no circle among files, no two public types of one name, no name of the kind that says
//! nothing to whoever greps.
//!
//! What a path names is the file that defines it: re-exports are followed, so a face that only hands on is no file
//! here. A parent's `mod child;` names nothing; what a child takes from its parent's own file counts.

use super::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The sources by module path, and what each binds.
struct Tree<'a> {
    sources: &'a [Source],
    files: BTreeMap<Vec<String>, usize>,
    bound: Vec<Bound>,
}

/// What the top level of one file binds.
#[derive(Default)]
struct Bound {
    defined: BTreeSet<String>,
    used: Vec<Use>,
}

/// One name of a `use`.
struct Use {
    name: String,
    path: Vec<String>,
    is_public: bool,
    line: usize,
}

/// Where a path leads.
enum Target {
    Item(usize),
    Module,
    Outside,
}

impl<'a> Tree<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let owned = |s: &Source| s.module().into_iter().map(String::from).collect::<Vec<_>>();
        let files =
            sources.iter().enumerate().filter(|(_, s)| s.path != "main.rs").map(|(i, s)| (owned(s), i)).collect();
        let bound = sources.iter().map(|s| Bound { defined: defined(s), used: used(s) }).collect();
        Self { sources, files, bound }
    }

    /// Follows an absolute path to what it names.
    fn resolve(&self, path: &[String], depth: usize) -> Target {
        let mut module: Vec<String> = Vec::new();
        for (i, part) in path.iter().enumerate() {
            module.push(part.clone());
            if self.files.contains_key(&module) {
                continue;
            }
            module.pop();
            let Some(file) = self.files.get(&module).copied() else { return Target::Outside };
            if self.bound[file].defined.contains(part) {
                return Target::Item(file);
            }
            let Some(handed) = self.bound[file].used.iter().find(|u| u.name == *part && depth < 8) else {
                return self.by_glob(file, part, depth);
            };
            let rest = handed.path.iter().chain(&path[i + 1..]).cloned().collect::<Vec<_>>();
            return self.resolve(&rest, depth + 1);
        }
        if module.is_empty() { Target::Outside } else { Target::Module }
    }

    fn by_glob(&self, file: usize, part: &str, depth: usize) -> Target {
        let globs = self.bound[file].used.iter().filter(|u| u.name == "*" && u.is_public && depth < 8);
        for glob in globs {
            let path = glob.path.iter().cloned().chain([part.to_owned()]).collect::<Vec<_>>();
            if let Target::Item(found) = self.resolve(&path, depth + 1) {
                return Target::Item(found);
            }
        }
        Target::Outside
    }

    /// The other files that a file's own code names, each with one place.
    fn named_by(&self, file: usize) -> BTreeMap<usize, String> {
        let source = &self.sources[file];
        let mut found = BTreeMap::new();
        let mut note = |path: &[String], line: usize| {
            if let Target::Item(other) = self.resolve(path, 0)
                && other != file
            {
                found.entry(other).or_insert_with(|| format!("line {line} names {}", path.join("::")));
            }
        };
        let outside_uses = outside_uses(source);
        let said: BTreeSet<&str> = outside_uses.iter().map(|i| source.at(*i)).collect();
        for name in &self.bound[file].used {
            if !name.is_public || said.contains(name.name.as_str()) {
                note(&name.path, name.line);
            }
        }
        for i in outside_uses.into_iter().filter(|i| source.at(i + 1) == "::" && source.before(*i) != "::") {
            let path = written_path(source, i);
            let modules = self.bound[file].used.iter().find(|u| u.name == path[0]);
            let absolute = match modules {
                Some(name) => name.path.iter().chain(&path[1..]).cloned().collect(),
                None => absolute(source, &path),
            };
            note(&absolute, source.tokens[i].line);
        }
        found
    }
}

/// The names that a file defines at its top level.
fn defined(source: &Source) -> BTreeSet<String> {
    const KINDS: [&str; 9] = ["struct", "enum", "trait", "type", "fn", "const", "static", "union", "mod"];
    let mut found = BTreeSet::new();
    let mut depth = 0usize;
    for i in 0..source.tokens.len() {
        match source.at(i) {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            "macro_rules" => _ = found.insert(source.at(i + 2).to_owned()),
            // `mod child;` is another file.
            "mod" if source.at(i + 2) == ";" => {}
            word if depth == 0 && KINDS.contains(&word) => _ = found.insert(source.at(i + 1).to_owned()),
            _ => {}
        }
    }
    found
}

/// The `use` items of a file as names and absolute paths.
fn used(source: &Source) -> Vec<Use> {
    let mut found = Vec::new();
    for i in (0..source.tokens.len()).filter(|i| source.at(*i) == "use") {
        let is_public = matches!(source.before(i), "pub" | ")");
        let line = source.tokens[i].line;
        let mut paths = Vec::new();
        branches(source, i + 1, &mut Vec::new(), &mut paths);
        for (path, name) in paths {
            found.push(Use { name, path: absolute(source, &path), is_public, line });
        }
    }
    found
}

/// Collects the paths of a use tree that starts at token `i`, each with the name it binds; gives the token after it.
fn branches(source: &Source, i: usize, start: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) -> usize {
    let (length, mut j) = (start.len(), i);
    loop {
        match source.at(j) {
            "{" => {
                j += 1;
                while !matches!(source.at(j), "}" | "") {
                    j = branches(source, j, start, found);
                    j += usize::from(source.at(j) == ",");
                }
                j += 1;
                break;
            }
            "*" => {
                found.push((start.clone(), "*".into()));
                j += 1;
                break;
            }
            word => {
                if word != "self" || start.is_empty() {
                    start.push(word.to_owned());
                }
                j += 1;
                if source.at(j) == "::" {
                    j += 1;
                    continue;
                }
                let mut name = start.last().cloned().unwrap_or_default();
                if source.at(j) == "as" {
                    name = source.at(j + 1).to_owned();
                    j += 2;
                }
                found.push((start.clone(), name));
                break;
            }
        }
    }
    start.truncate(length);
    j
}

/// The tokens that stand in no `use`.
fn outside_uses(source: &Source) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut i = 0;
    while i < source.tokens.len() {
        if source.at(i) == "use" {
            while !matches!(source.at(i), ";" | "") {
                i += 1;
            }
        } else {
            kept.push(i);
        }
        i += 1;
    }
    kept
}

/// The words of a path that starts at token `i`.
fn written_path(source: &Source, i: usize) -> Vec<String> {
    let mut path = vec![source.at(i).to_owned()];
    let mut j = i;
    while source.at(j + 1) == "::" && source.at(j + 2).starts_with(|c: char| c.is_alphabetic() || c == '_') {
        path.push(source.at(j + 2).to_owned());
        j += 2;
    }
    path
}

/// A path as written, from the root of the crate.
fn absolute(source: &Source, path: &[String]) -> Vec<String> {
    let module: Vec<String> = source.module().into_iter().map(String::from).collect();
    let ups = path.iter().take_while(|p| *p == "super").count();
    match path.first().map(String::as_str) {
        Some("crate") => path[1..].to_vec(),
        Some("self") => module.iter().chain(&path[1..]).cloned().collect(),
        Some("super") => module[..module.len().saturating_sub(ups)].iter().chain(&path[ups..]).cloned().collect(),
        _ => module.iter().chain(path).cloned().collect(),
    }
}

/// Law 1: no circle of files. One line a circle: its files, and what makes each name the next.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let tree = Tree::new(sources);
    let edges: Vec<BTreeMap<usize, String>> = (0..sources.len()).map(|i| tree.named_by(i)).collect();
    let reached = |start: usize| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(file) = open.pop() {
            open.extend(edges[file].keys().filter(|next| seen.insert(**next)));
        }
        seen
    };
    let reach: Vec<BTreeSet<usize>> = (0..sources.len()).map(reached).collect();
    let mut faults = Vec::new();
    let mut told = BTreeSet::new();
    for file in 0..sources.len() {
        let circle: Vec<usize> = reach[file].iter().copied().filter(|other| reach[*other].contains(&file)).collect();
        if circle.len() < 2 || !told.insert(circle.clone()) {
            continue;
        }
        let names: Vec<&str> = circle.iter().map(|i| sources[*i].path.as_str()).collect();
        let mut fault = names.join(" + ");
        for from in &circle {
            for (to, why) in edges[*from].iter().filter(|(to, _)| circle.contains(to)) {
                fault += &format!("\n    src/{} -> {}: {why}", sources[*from].path, sources[*to].path);
            }
        }
        faults.push(fault);
    }
    faults
}

/// No two public types of one name in two files.
pub fn namesakes(sources: &[Source]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for source in sources {
        for i in (0..source.tokens.len()).filter(|i| source.before(*i) == "pub") {
            if matches!(source.at(i), "struct" | "enum" | "trait" | "type" | "union") {
                places.entry(source.at(i + 1)).or_default().push((&source.path, source.place(i)));
            }
        }
    }
    let in_two_files = |found: &[(&str, String)]| found.iter().any(|(path, _)| *path != found[0].0);
    places
        .into_iter()
        .filter(|(_, found)| in_two_files(found))
        .map(|(name, found)| {
            format!("{name}: {}", found.into_iter().map(|(_, place)| place).collect::<Vec<_>>().join(", "))
        })
        .collect()
}

/// Names of types that gave way to the field's terms.
const TYPE_NAMES: [&str; 31] = [
    "Ahead", "Album", "AtHand", "Beside", "Catch", "Caught", "Choice", "Closer", "Desk", "Dice", "End", "Gathered",
    "Hold", "Keeper", "Laid", "Lane", "Look", "Making", "Narrow", "Seat", "Shelf", "Show", "Showing", "Shown", "Shows",
    "Spill", "Stop", "Ticket", "Told", "Wanted", "Yield",
];

/// Names of constants that say neither quantity nor unit.
const CONSTANT_NAMES: [&str; 13] = [
    "ABREAST", "AHEAD", "BEAT", "CALM", "HEAVY", "LATER", "LEAST", "LONG", "LOOKS", "MOST", "NEVER", "PATIENCE",
    "REACH",
];

/// No type and no constant of a name that gave way to another.
pub fn unsearchable(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for i in 0..source.tokens.len() {
            let name = source.at(i + 1);
            let is_old = match source.at(i) {
                "struct" | "enum" | "trait" | "type" => TYPE_NAMES.contains(&name),
                "const" | "static" => CONSTANT_NAMES.contains(&name),
                _ => false,
            };
            if is_old {
                faults
                    .push(format!("{name}: {}: say it in the field's term, a constant with its unit", source.place(i)));
            }
        }
    }
    faults
}
