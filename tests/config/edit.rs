//! Changes of the shipped config: whatever is set, nothing else changes.

use gongshi::{
    check::{self, Draft, DraftError},
    config::edit::{Edit, KeyPath, NewValue, apply},
};
use std::{fs, path::Path};
use toml::Value;

fn files() -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for folder in ["", "feeds", "registers", "screens"] {
        let entries = fs::read_dir(Path::new("kiosk-config").join(folder)).unwrap().flatten();
        all.extend(entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")));
    }
    all.sort();
    all
}

/// Every value of a file that is no table, by its path.
fn leaves(value: &Value, path: &[String], out: &mut Vec<(KeyPath, Value)>) {
    let below = |key: String| -> Vec<String> { path.iter().cloned().chain([key]).collect() };
    match value {
        Value::Table(table) => table.iter().for_each(|(key, value)| leaves(value, &below(key.clone()), out)),
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(i, value)| leaves(value, &below(i.to_string()), out));
        }
        _ => out.push((KeyPath::of(path.iter().cloned()), value.clone())),
    }
}

fn other(value: &Value) -> Value {
    match value {
        Value::String(words) => format!("{words}改 \"\\").into(),
        Value::Integer(n) => (n + 1).into(),
        Value::Float(n) => (n + 0.5).into(),
        Value::Boolean(b) => (!b).into(),
        Value::Datetime(_) => Value::Datetime("2031-02-03".parse().unwrap()),
        Value::Array(_) | Value::Table(_) => vec![1].into(),
    }
}

#[test]
fn every_key_of_the_shipped_config_is_changed_by_one_line_and_back_by_none() {
    let mut count = 0;
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let mut keys = Vec::new();
        leaves(&text.parse::<toml::Table>().unwrap().into(), &[], &mut keys);
        let set = |text: &str, path: &KeyPath, value: Value| {
            let edit = Edit::Set(path.clone(), NewValue::from(value));
            apply(text, &edit).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
        };
        for form in [text.clone(), format!("\u{feff}{}", text.replace('\n', "\r\n")), text.trim_end().to_owned()] {
            // All of them in the file as it is; in other forms of it a part of them, since each is read several times.
            let step = if form == text { 1 } else { 9 };
            for (path, value) in keys.iter().step_by(step) {
                assert_eq!(set(&form, path, value.clone()), form, "{} {path}", file.display());
                let changed = set(&form, path, other(value));
                let lines = form.split('\n').zip(changed.split('\n')).filter(|(a, b)| a != b).count();
                assert_eq!((lines, changed.matches('\n').count()), (1, form.matches('\n').count()), "{path}");
                assert_eq!(set(&changed, path, value.clone()), form, "{} {path}", file.display());
                count += 1;
            }
        }
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn entries_of_every_shipped_list_come_and_go_without_a_trace() {
    let mut count = 0;
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let table: toml::Table = text.parse().unwrap();
        for (key, value) in &table {
            let Some(items) = value.as_array().filter(|items| items.iter().all(Value::is_table)) else { continue };
            let path = KeyPath::of([key]);
            let entry = vec![("title".to_owned(), NewValue::from("新"))];
            let added = apply(&text, &Edit::Append(path, entry)).unwrap();
            let gone = Edit::Remove(KeyPath::of([key, &items.len().to_string()]));
            assert_eq!(apply(&added, &gone).unwrap(), text, "{} {key}", file.display());
            for i in 0..items.len() {
                let left = apply(&text, &Edit::Remove(KeyPath::of([key, &i.to_string()]))).unwrap();
                let kept = |line: &str| !line.trim().is_empty();
                let (all, few) = (text.lines().filter(|l| kept(l)), left.lines().filter(|l| kept(l)));
                assert!(few.count() < all.count());
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

fn county() -> tempfile::TempDir {
    let dir = super::folder(&[("site.toml", "# 站点\ntitle = \"甲\"\n")]);
    assert!(check::load(dir.path()).config.is_some());
    dir
}

fn set(dir: &Path, file: &str, key: &str, value: &str) -> Result<Draft, DraftError> {
    let mut draft = Draft::open(dir, Path::new(file))?;
    draft.set(&KeyPath::parse(key).unwrap(), value)?;
    Ok(draft)
}

#[test]
fn what_someone_else_saved_meanwhile_is_not_written_over() {
    let dir = county();
    let draft = set(dir.path(), "site.toml", "title", "乙").unwrap();
    let stamp = draft.stamp();
    fs::write(dir.path().join("site.toml"), "title = \"丙\"\n").unwrap();
    let said = draft.save().unwrap_err().to_string();
    assert!(said.contains("site.toml: the file was changed by someone else"), "{said}");
    assert_eq!(fs::read_to_string(dir.path().join("site.toml")).unwrap(), "title = \"丙\"\n");
    assert!(Draft::open(dir.path(), Path::new("site.toml")).unwrap().expect(&stamp).is_err());
    // A file that came meanwhile is as much someone else's.
    let draft = set(dir.path(), "theme.toml", "colour.red", "#112233").unwrap();
    fs::write(dir.path().join("theme.toml"), "").unwrap();
    assert!(matches!(draft.save(), Err(DraftError::Changed(_))));
}

#[test]
fn what_would_not_load_is_refused_with_its_places() {
    let dir = county();
    let said = set(dir.path(), "screens/wall.toml", "zone.0.width", "0").unwrap().save().unwrap_err().to_string();
    assert!(said.contains("wall.toml:3:9: the zone has no width"), "{said}");
    // Rules over several files count as well.
    let said = set(dir.path(), "screens/wall.toml", "catalogue", "gow").unwrap().save().unwrap_err().to_string();
    assert!(said.contains("did you mean `gov`?"), "{said}");
    for (file, key, says) in [
        ("screens/wall.toml", "zone.0.fromat", "did you mean `format`?"),
        ("screens/wall.toml", "zone.0.speed", "unknown key `speed`"),
        ("screens/wall.toml", "zone.width", "write zone.0"),
        ("screens/wall.toml", "zone.7.width", "`zone` has 1 entries"),
        ("regions.csv", "a", "no such TOML file"),
        ("screens/a/b.toml", "a", "no such TOML file"),
    ] {
        let said = set(dir.path(), file, key, "5").unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }
    // Two faults are mended one by one.
    fs::write(dir.path().join("site.toml"), "timezone = \"Mars\"\nlanguage = 3\n").unwrap();
    set(dir.path(), "site.toml", "language", "en").unwrap().save().unwrap();
    set(dir.path(), "site.toml", "timezone", "Asia/Urumqi").unwrap().save().unwrap();
    assert!(set(dir.path(), "site.toml", "timezone", "Venus").unwrap().save().is_err());
    assert!(check::load(dir.path()).config.is_some());
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay_and_nothing_is_left_beside() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = county();
    let real = tempfile::tempdir().unwrap();
    let (link, target) = (dir.path().join("site.toml"), real.path().join("our-site.txt"));
    fs::rename(&link, &target).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&target, &link).unwrap();
    set(dir.path(), "site.toml", "title", "乙").unwrap().save().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(&target).unwrap(), "# 站点\ntitle = \"乙\"\n");
    let mut made = Draft::open(dir.path(), Path::new("feeds/new.toml")).unwrap();
    for (key, value) in [("title", "新"), ("source", "http://x.example/"), ("catalogue", "gov")] {
        made.set(&KeyPath::parse(key).unwrap(), value).unwrap();
    }
    made.save().unwrap();
    let text = fs::read_to_string(dir.path().join("feeds/new.toml")).unwrap();
    assert_eq!(
        text,
        "#:schema ../schema/feed.json\ntitle = \"新\"\nsource = \"http://x.example/\"\ncatalogue = \"gov\"\n"
    );
    for folder in [dir.path(), real.path(), &dir.path().join("feeds")] {
        let hidden = |e: &fs::DirEntry| e.file_name().to_string_lossy().starts_with('.');
        assert!(!fs::read_dir(folder).unwrap().flatten().any(|e| hidden(&e)));
    }
}
