//! Walks a parsed TOML file beside its JSON Schema, so that all misspelt keys and wrong values are reported at once.

use super::fault::{Severity, choose_from, nearest};
use serde_json::{Map, Value};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    ops::Range,
};
use toml::{Spanned, de::DeTable, de::DeValue};

/// Takes the span, how bad it is, the message and the mend of a fault. A warning stands at a key that does nothing where
/// it stands; the rest of the file can be used without it.
pub(super) type Report<'a> = &'a mut dyn FnMut(Range<usize>, Severity, String, String);

/// Compares a file with its schema.
pub(super) fn check(table: &Spanned<DeTable<'_>>, schema: &Value, report: Report<'_>) {
    let walk = Walk { root: schema };
    walk.table(table.get_ref(), schema, report);
}

/// Takes the keys out that begin at these bytes of the file.
pub(super) fn without(table: &mut DeTable<'_>, keys: &HashSet<usize>) {
    let idle = |key: &&Spanned<Cow<'_, str>>| keys.contains(&key.span().start);
    let gone: Vec<String> = table.keys().filter(idle).map(|key| key.get_ref().to_string()).collect();
    for key in gone {
        table.remove(key.as_str());
    }
    for (_, value) in table.iter_mut() {
        match value.get_mut() {
            DeValue::Table(table) => without(table, keys),
            DeValue::Array(items) => {
                for item in items.iter_mut() {
                    if let DeValue::Table(table) = item.get_mut() {
                        without(table, keys);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a file's schema says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Text, or one of a list of words.
    Text,
    /// A day, which may also stand without quotes.
    Day,
    /// Something else: what a person calls it, and how it is written.
    Other(&'static str, &'static str),
}

/// What the schema wants at a path of keys and numbers in a file that says `values` now.
///
/// # Errors
/// What is unknown, and the mend.
pub fn expected(schema: &Value, values: &toml::Table, path: &[String]) -> Result<Expected, (String, String)> {
    let walk = Walk { root: schema };
    let (mut at, mut value) = (schema, None);
    for (depth, key) in path.iter().enumerate() {
        at = walk.resolve(at);
        let table = if depth == 0 { Some(values) } else { value.and_then(toml::Value::as_table) };
        if kind(at) == "array" {
            let items = value.and_then(toml::Value::as_array);
            let number = key.parse::<usize>().map_err(|_| {
                let above = path.get(..depth).unwrap_or_default().join(".");
                (format!("`{above}` is a list"), format!("write {above}.0 for its first entry"))
            })?;
            at = at.get("items").unwrap_or(&Value::Null);
            value = items.and_then(|items| items.get(number));
            continue;
        }
        at = walk.key(at, table, key)?;
        value = table.and_then(|table| table.get(key));
    }
    let at = walk.resolve(at);
    Ok(match kind(at) {
        _ if allowed(at).is_some() => Expected::Text,
        "string" if at.get("format").and_then(Value::as_str) == Some("date") => Expected::Day,
        "string" => Expected::Text,
        other => {
            let (what, mend) = describe(other);
            Expected::Other(what, mend)
        }
    })
}

struct Walk<'a> {
    root: &'a Value,
}

/// A table of one of several kinds, which its `kind` names; each knows other keys.
struct Kinds<'a> {
    /// The keys of each by its name, in the schema's order.
    all: Vec<(&'a str, &'a Map<String, Value>)>,
    /// The kind of a table that names none.
    default: Option<&'a str>,
}

impl<'a> Kinds<'a> {
    /// The kinds that a schema lists; `None` where it lists none.
    fn of(schema: &'a Value) -> Option<Self> {
        let (mut all, mut default) = (Vec::new(), None);
        for variant in schema.get("oneOf")?.as_array()? {
            let keys = variant.get("properties")?.as_object()?;
            let name = keys.get("kind")?.get("const")?.as_str()?;
            let is_required = variant.get("required").and_then(Value::as_array).is_some_and(|r| !r.is_empty());
            default = default.or((!is_required).then_some(name));
            all.push((name, keys));
        }
        Some(Self { all, default })
    }

    fn keys(&self, kind: &str) -> Option<&'a Map<String, Value>> {
        self.all.iter().find(|(name, _)| *name == kind).map(|(_, keys)| *keys)
    }

    /// Names of the kinds that know a key.
    fn knowing(&self, key: &str) -> Vec<&'a str> {
        self.all.iter().filter(|(_, keys)| keys.contains_key(key)).map(|(name, _)| *name).collect()
    }
}

impl<'a> Walk<'a> {
    /// Follows references and unwraps options until the schema says something itself.
    fn resolve(&self, mut schema: &'a Value) -> &'a Value {
        for _ in 0..8 {
            let next = if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
                self.root.pointer(path.trim_start_matches('#'))
            } else if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
                all.first()
            } else if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
                any.iter().find(|s| s.get("type").and_then(Value::as_str) != Some("null"))
            } else {
                None
            };
            match next {
                Some(s) => schema = s,
                None => break,
            }
        }
        schema
    }

    fn table(&self, table: &DeTable<'_>, schema: &'a Value, report: Report<'_>) {
        if let Some(kinds) = Kinds::of(schema) {
            return self.of_a_kind(table, &kinds, report);
        }
        let empty = Map::new();
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        for (key, value) in table {
            if let Some(schema) = known.get(key.get_ref().as_ref()) {
                self.value(key.get_ref(), value, self.resolve(schema), report);
            } else if let Some(any) = schema.get("additionalProperties").filter(|s| s.is_object()) {
                // A table whose keys are names of the admin's own.
                self.value(key.get_ref(), value, self.resolve(any), report);
            } else {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                unknown(key, &names, report);
            }
        }
    }

    /// The schema of a key of a table; what is unknown and the mend where there is no such key.
    fn key(&self, schema: &'a Value, table: Option<&toml::Table>, key: &str) -> Result<&'a Value, (String, String)> {
        let unknown = |names: &[&str]| Err((format!("unknown key `{key}`"), choose_from(key, names)));
        if let Some(kinds) = Kinds::of(schema) {
            let named = table.and_then(|t| t.get("kind")).map_or(kinds.default, toml::Value::as_str);
            let own = named.and_then(|name| kinds.keys(name)).or_else(|| kinds.all.first().map(|(_, keys)| *keys));
            return match own.and_then(|keys| keys.get(key)) {
                Some(found) => Ok(found),
                None => {
                    unknown(&own.map(|keys| keys.keys().map(String::as_str).collect::<Vec<_>>()).unwrap_or_default())
                }
            };
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let any = || schema.get("additionalProperties").filter(|s| s.is_object());
        match known.and_then(|known| known.get(key)).or_else(any) {
            Some(found) => Ok(found),
            None => unknown(&known.map(|keys| keys.keys().map(String::as_str).collect::<Vec<_>>()).unwrap_or_default()),
        }
    }

    /// A table whose keys depend on its `kind`. A key of another kind does nothing here; it is said and left out.
    fn of_a_kind(&self, table: &DeTable<'_>, kinds: &Kinds<'a>, report: Report<'_>) {
        let named = table.get("kind").map_or(kinds.default, |value| value.get_ref().as_str());
        let own = named.and_then(|name| kinds.keys(name));
        let every: BTreeMap<&str, &'a Value> =
            kinds.all.iter().flat_map(|(_, keys)| keys.iter()).map(|(key, schema)| (key.as_str(), schema)).collect();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name == "kind" {
                let words: Vec<&str> = kinds.all.iter().map(|(kind, _)| *kind).collect();
                one_of(name, value, &words, report);
            } else if let Some(schema) = own.map_or_else(|| every.get(name).copied(), |own| own.get(name)) {
                self.value(name, value, self.resolve(schema), report);
            } else if let (Some(kind), Some(_)) = (named, every.get(name)) {
                let others = kinds.knowing(name).iter().map(|k| format!("\"{k}\"")).collect::<Vec<_>>().join(" or ");
                let message =
                    format!("`{name}` belongs to kind = {others}; this is a {kind}, which does nothing with it");
                report(key.span(), Severity::Warning, message, format!("remove it, or write kind = {others}"));
            } else {
                let names: Vec<&str> = match own {
                    Some(own) => own.keys().map(String::as_str).collect(),
                    None => every.keys().copied().collect(),
                };
                unknown(key, &names, report);
            }
        }
    }

    fn value(&self, key: &str, value: &Spanned<DeValue<'_>>, schema: &'a Value, report: Report<'_>) {
        if let Some(allowed) = allowed(schema) {
            one_of(key, value, &allowed, report);
            return;
        }
        match (kind(schema), value.get_ref()) {
            ("object", DeValue::Table(t)) => self.table(t, schema, report),
            ("array", DeValue::Array(items)) => {
                let Some(item) = schema.get("items") else { return };
                for v in items.iter() {
                    self.value(key, v, self.resolve(item), report);
                }
            }
            ("string", DeValue::Datetime(_)) if schema.get("format").and_then(Value::as_str) == Some("date") => {}
            ("string", DeValue::String(_)) | ("boolean", DeValue::Boolean(_)) | ("", _) => {}
            ("integer" | "number", DeValue::Integer(n)) => within(key, value, &n.to_string(), schema, report),
            ("number", DeValue::Float(n)) => within(key, value, &n.to_string(), schema, report),
            (wanted, found) => {
                let (what, mend) = describe(wanted);
                report(value.span(), Severity::Error, wrong(key, what, found), mend.into());
            }
        }
    }
}

fn unknown(key: &Spanned<Cow<'_, str>>, names: &[&str], report: Report<'_>) {
    let message = format!("unknown key `{}`", key.get_ref());
    report(key.span(), Severity::Error, message, choose_from(key.get_ref(), names));
}

/// Reports a value that is none of the allowed words.
fn one_of(key: &str, value: &Spanned<DeValue<'_>>, allowed: &[&str], report: Report<'_>) {
    match value.get_ref() {
        DeValue::String(s) if allowed.contains(&s.as_ref()) => {}
        DeValue::String(s) => {
            let list = allowed.join(", ");
            let mend = match nearest(s, allowed.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? Allowed are: {list}"),
                None => format!("use one of: {list}"),
            };
            report(value.span(), Severity::Error, format!("`{key}` does not know the value `{s}`"), mend);
        }
        other => {
            let mend = format!("write one of these in quotes: {}", allowed.join(", "));
            report(value.span(), Severity::Error, wrong(key, "one of a list of words", other), mend);
        }
    }
}

/// The words a schema allows; `None` where it is not a list of words.
fn allowed(schema: &Value) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    words.extend(listed.filter_map(Value::as_str));
    for option in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        words.extend(option.get("const").and_then(Value::as_str));
        words.extend(option.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
    }
    (!words.is_empty()).then_some(words)
}

/// The JSON type a schema asks for; empty where it asks for none.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(s)) => s,
        Some(Value::Array(a)) => a.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or(""),
        _ => "",
    }
}

fn within(key: &str, value: &Spanned<DeValue<'_>>, number: &str, schema: &Value, report: Report<'_>) {
    let Ok(n) = number.parse::<f64>() else { return };
    let low = schema.get("minimum").and_then(Value::as_f64);
    let high = schema.get("maximum").and_then(Value::as_f64);
    let whole = match schema.get("format").and_then(Value::as_str) {
        Some("uint32") => (Some(0.0), Some(f64::from(u32::MAX))),
        Some("int32") => (Some(f64::from(i32::MIN)), Some(f64::from(i32::MAX))),
        _ => (None, None),
    };
    if let Some(low) = low.or(whole.0).filter(|low| n < *low) {
        report(
            value.span(),
            Severity::Error,
            format!("`{key}` is too small: {number}"),
            format!("write {low} or more"),
        );
    }
    if let Some(high) = high.or(whole.1).filter(|high| n > *high) {
        report(
            value.span(),
            Severity::Error,
            format!("`{key}` is too large: {number}"),
            format!("write {high} or less"),
        );
    }
}

fn wrong(key: &str, wanted: &str, found: &DeValue<'_>) -> String {
    let found = match found {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    format!("`{key}` should be {wanted} but is {found}")
}

fn describe(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "string" => ("text", "put it in double quotes"),
        "integer" => ("a whole number", "write digits without quotes and without a fraction"),
        "number" => ("a number", "write digits without quotes"),
        "boolean" => ("true or false", "write true or false without quotes"),
        "array" => ("a list", "put the values in square brackets, parted by commas"),
        _ => ("a table", "start it with its name in square brackets on a line of its own"),
    }
}
