//! Changes of made-up files.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn path(written: &str) -> KeyPath {
    KeyPath::parse(written).unwrap()
}

fn set(text: &str, key: &str, value: impl Into<Value>) -> String {
    apply(text, &Edit::Set(path(key), value.into().into())).unwrap()
}

const WALL: &str = "#:schema ../schema/screen.json\n# 大厅 / hall\n\nwidth = 96   # 像素\nheight=48\n\n# 时钟\n[[zone]]\n\
                    kind = \"clock\" # a clock\nwidth = 48\n# height = 9\n\n# ---- below ----\n\n# 字\n[[zone]]\n  \
                    text = 'C:\\x'\n  border = [ \"top\",\n    \"left\", # two\n  ]\n\n[standing]\nline.a = 1\n";

#[rstest]
#[case("width", Value::from(128), "width = 96", "width = 128")]
#[case("zone.0.kind", Value::from("text"), "kind = \"clock\"", "kind = \"text\"")]
#[case("zone.1.text", Value::from("D:\\y"), "'C:\\x'", "'D:\\y'")]
#[case("zone.1.text", Value::from("it's"), "'C:\\x'", "\"it's\"")]
#[case("zone.1.border.0", Value::from("right"), "\"top\"", "\"right\"")]
#[case("standing.line.a", Value::from(2.5), "line.a = 1", "line.a = 2.5")]
#[case("refresh", Value::from(50), "height=48\n", "height=48\nrefresh = 50\n")]
#[case("zone.0.height", Value::from(9), "width = 48\n", "width = 48\nheight = 9\n")]
#[case("zone.1.padding", Value::from(3), "  ]\n", "  ]\n  padding = 3\n")]
#[case("standing.line.b", Value::from(true), "line.a = 1\n", "line.a = 1\nline.b = true\n")]
#[case("标题", Value::from("x"), "height=48\n", "height=48\n\"标题\" = \"x\"\n")]
#[case("other.key", Value::from("x"), "line.a = 1\n", "line.a = 1\n\n[other]\nkey = \"x\"\n")]
fn one_change_changes_one_place(
    #[case] key: &str,
    #[case] value: Value,
    #[case] before: &str,
    #[case] after: &str,
    #[values("\n", "\r\n")] newline: &str,
    #[values("", "\u{feff}")] mark: &str,
) {
    let file = |text: &str| format!("{mark}{}", text.replace('\n', newline));
    let changed = set(&file(WALL), key, value);
    assert_eq!(changed, file(&WALL.replacen(before, after, 1)));
}

#[test]
fn an_entry_goes_with_its_own_comment_and_comes_at_the_end() {
    let removed = apply(WALL, &Edit::Remove(path("zone.0"))).unwrap();
    let own = "# 时钟\n[[zone]]\nkind = \"clock\" # a clock\nwidth = 48\n# height = 9\n\n";
    assert_eq!(removed, WALL.replace(own, ""));
    let entry = vec![("kind".to_owned(), "clock".into()), ("width".to_owned(), 9.into())];
    let added = apply(WALL, &Edit::Append(path("zone"), entry.clone())).unwrap();
    assert_eq!(added, WALL.replace("  ]\n\n", "  ]\n\n[[zone]]\nkind = \"clock\"\nwidth = 9\n\n"));
    assert_eq!(apply(&added, &Edit::Remove(path("zone.2"))).unwrap(), WALL);
    for text in ["", "a = 1\n", "a = 1", "\n\n", "[a]\r\nb = 1\r\n\r\n"] {
        let added = apply(text, &Edit::Append(path("zone"), entry.clone())).unwrap();
        assert!(added.contains("[[zone]]"), "{added:?}");
        assert_eq!(added.ends_with('\n'), text.is_empty() || text.ends_with('\n'), "{added:?}");
        let gone = apply(&added, &Edit::Remove(path("zone.0"))).unwrap();
        assert_eq!(gone.trim_end(), text.trim_end(), "{gone:?}");
    }
}

#[rstest]
#[case("a = [ { x = 1 }, { x = 2 } ]\n", "a = [ { x = 1 }, { x = 2 }, { x = 3 } ]\n")]
#[case(
    "a = [\n  { x = 1 }, # one\n  { x = 2 }, # two\n]\n",
    "a = [\n  { x = 1 }, # one\n  { x = 2 }, # two\n  { x = 3 },\n]\n"
)]
#[case("a = [\n  { x = 1 },\n  { x = 2 }\n]\n", "a = [\n  { x = 1 },\n  { x = 2 },\n  { x = 3 }\n]\n")]
#[case("a = []\n", "a = [{ x = 3 }]\n")]
fn an_item_joins_a_list_in_brackets_as_the_others_stand(#[case] text: &str, #[case] wanted: &str) {
    let added = apply(text, &Edit::Append(path("a"), vec![("x".to_owned(), 3.into())])).unwrap();
    assert_eq!(added, wanted);
    let last = wanted.matches('x').count() - 1;
    let gone = apply(&added, &Edit::Remove(path(&format!("a.{last}")))).unwrap();
    assert_eq!(gone.replace(",\n]", "\n]"), text.replace(",\n]", "\n]"));
    assert_eq!(set("a = { b = 1 } # c\n", "a.d", 2), "a = { b = 1, d = 2 } # c\n");
    assert_eq!(apply("a = { b = 1, d = 2 } # c", &Edit::Remove(path("a.b"))).unwrap(), "a = { d = 2 } # c");
}

#[rstest]
#[case("a = [", Edit::Set(path("a"), 1.into()), "not TOML")]
#[case("a = 1", Edit::Set(path("a.b"), 1.into()), "`a` has no keys")]
#[case("[a]\nb = 1", Edit::Set(path("a"), 1.into()), "`a` is a table")]
#[case("[[a]]\n[[a]]", Edit::Set(path("a.2.b"), 1.into()), "`a` has 2 entries")]
#[case("a = 1", Edit::Remove(path("b")), "no `b`")]
#[case("a = 1", Edit::Append(path("a"), Vec::new()), "`a` is no list")]
fn what_cannot_be_is_said(#[case] text: &str, #[case] edit: Edit, #[case] says: &str) {
    let said = apply(text, &edit).unwrap_err().to_string();
    assert!(said.contains(says), "{said}");
}

#[test]
fn values_are_one_value_and_paths_are_read() {
    assert!(NewValue::parse("1\nb = 2").is_err() && NewValue::parse("").is_err() && NewValue::parse("x").is_err());
    assert_eq!(NewValue::parse("[1, 2] # c").unwrap().written(), Some("[1, 2]"));
    assert_eq!(path("a.\"b.c\".0").keys(), ["a", "b.c", "0"]);
    assert!(["", "a..b", ".", "a.\"b"].iter().all(|written| KeyPath::parse(written).is_err()));
}

/// A line of a file's top, with a name that no other line has.
fn line(n: usize) -> impl Strategy<Value = (String, Value, String)> {
    let value = prop_oneof![
        any::<i32>().prop_map(|n| (Value::from(n), n.to_string())),
        any::<bool>().prop_map(|b| (Value::from(b), b.to_string())),
        "[a-z 公示#\\[\\]=]{0,9}".prop_map(|s| (Value::from(s.as_str()), format!("\"{s}\""))),
        "[a-z 公示#\\\\]{0,9}".prop_map(|s| (Value::from(s.as_str()), format!("'{s}'"))),
    ];
    let blank = "[ \t]{0,3}";
    (value, blank, blank, blank, blank, prop::option::of("[ -~公示]{0,9}"), "(\n|[ ]{0,2}\n|# [ -~公示]{0,9}\n){0,3}")
        .prop_map(move |((value, written), a, b, c, d, comment, after)| {
            let comment = comment.map_or_else(String::new, |words| format!("#{words}"));
            (format!("key{n}"), value, format!("{a}key{n}{b}={c}{written}{d}{comment}\n{after}"))
        })
}

fn lines() -> impl Strategy<Value = Vec<(String, Value, String)>> {
    (0usize..4).prop_flat_map(|count| (0..count).map(line).collect::<Vec<_>>())
}

proptest! {
    /// Whatever stands around it: a key set to its own value changes no byte; set to another, only its value; set back,
    /// nothing. A key that is new is one line more, an entry that comes and goes leaves no trace.
    #[test]
    fn nothing_else_changes(
        parts in prop::collection::vec(lines(), 1..5),
        mark in prop::bool::ANY,
        newline in prop::bool::ANY,
        open in prop::bool::ANY,
        other in prop_oneof![any::<i64>().prop_map(Value::from), "[ -~公示\\n]{0,9}".prop_map(Value::from)],
    ) {
        let mut text: String = "# 头\n".into();
        let mut keys = Vec::new();
        for (i, lines) in parts.iter().enumerate() {
            if i > 0 {
                text.push_str("# 区\n[[zone]]  # it\n");
            }
            for (key, value, line) in lines {
                text.push_str(line);
                keys.push((if i == 0 { key.clone() } else { format!("zone.{}.{key}", i - 1) }, value.clone()));
            }
        }
        if open {
            text.truncate(text.trim_end().len());
        }
        if newline {
            text = text.replace('\n', "\r\n");
        }
        if mark {
            text.insert(0, '\u{feff}');
        }
        for (key, value) in &keys {
            prop_assert_eq!(&set(&text, key, value.clone()), &text);
            let changed = set(&text, key, other.clone());
            let common = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
            let back = |a: &str, b: &str| a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
            let same = common(&text, &changed) + back(&text, &changed);
            prop_assert!(same + value.to_string().len() + 4 >= text.len(), "{text:?} {changed:?}");
            if value.as_str().is_none_or(|words| !words.contains('\\') && other.is_str()) && !text.contains('\'') {
                prop_assert_eq!(&set(&changed, key, value.clone()), &text);
            }
            prop_assert_eq!(changed.matches('\n').count(), text.matches('\n').count());
        }
        let added = set(&text, "new", 1);
        prop_assert_eq!(added.len(), text.len() + "new = 1".len() + if text.contains("\r\n") { 2 } else { 1 } + indent(&added));
        prop_assert_eq!(&apply(&added, &Edit::Remove(path("new"))).unwrap(), &text);
        let entry = vec![("a".to_owned(), 1.into())];
        let added = apply(&text, &Edit::Append(path("zone"), entry)).unwrap();
        prop_assert_eq!(&apply(&added, &Edit::Remove(path(&format!("zone.{}", parts.len() - 1)))).unwrap(), &text);
    }
}

/// By how much the new line is further in, as the one before it.
fn indent(text: &str) -> usize {
    let line = text.lines().find(|line| line.trim_start_matches([' ', '\t']).starts_with("new = 1")).unwrap_or("");
    line.len() - line.trim_start().len()
}
