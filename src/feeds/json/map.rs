//! One answer's items to rows or notices, by paths.

use crate::{
    config::{ColumnKind, JsonMapping, Register, json_path},
    feeds::{
        Harvested, StopToken, dates, sanitize,
        table::{
            RawTables, Reading, SheetCell, SheetTask, Years, address, body, day, entry_key, epoch, instant, is_yes,
            short,
        },
        words,
    },
    model::{Attachment, Block, Notice, Row, Step, Value as Kept},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;
use serde_json_path::JsonPath;
use url::Url;

/// Items one answer may have.
const MAX_ITEMS: usize = 1_000_000;
/// Steps one case may have.
const MAX_STEPS: usize = 200;
/// Characters of a summary.
const SUMMARY: usize = 400;

/// The paths of a feed, ready to be used; those left empty find nothing.
pub struct Paths<'a> {
    items: JsonPath,
    total: Option<JsonPath>,
    next: Option<JsonPath>,
    fields: Vec<Option<JsonPath>>,
    steps: Option<JsonPath>,
    step: Vec<Option<JsonPath>>,
    columns: Vec<Vec<JsonPath>>,
    register: Option<&'a Register>,
}

/// What an answer says of itself.
pub struct Found {
    /// How many items it has.
    pub count: usize,
    /// How many there are in all.
    pub total: Option<u64>,
    /// The next page or cursor.
    pub next: Option<String>,
}

fn path(text: &str) -> Result<Option<JsonPath>, String> {
    match text.trim() {
        "" => Ok(None),
        text => json_path(text)
            .map(Some)
            .map_err(|e| format!("`{}` is not a JSONPath ({e}); mend it in [json]", words::cut(text, 100))),
    }
}

impl<'a> Paths<'a> {
    /// Makes the paths ready.
    pub fn new(json: &JsonMapping, register: Option<&'a Register>) -> Result<Self, String> {
        let items = path(&json.items)?.ok_or("the feed's file says no path of items; add items to [json]")?;
        let fields = [
            &json.id,
            &json.title,
            &json.link,
            &json.published,
            &json.updated,
            &json.body,
            &json.summary,
            &json.issuer,
            &json.number,
            &json.attachments,
        ];
        let step = [&json.step.name, &json.step.begin, &json.step.end, &json.step.pause, &json.step.note];
        let all = |paths: &[&String]| paths.iter().map(|p| path(p)).collect::<Result<Vec<_>, _>>();
        let columns = register.map(|r| {
            let of = |c: &crate::config::Column| {
                c.header.iter().chain([&c.title, &c.id]).filter_map(|p| json_path(p).ok()).collect()
            };
            r.column.iter().map(of).collect()
        });
        Ok(Self {
            items,
            total: path(&json.total)?,
            next: path(&json.next)?,
            fields: all(&fields)?,
            steps: path(&json.steps)?,
            step: all(&step)?,
            columns: columns.unwrap_or_default(),
            register,
        })
    }

    /// Takes the items of an answer.
    ///
    /// # Errors
    /// One sentence, where the path of the items leads nowhere.
    pub fn take(
        &self,
        task: &SheetTask,
        answer: &Value,
        url: &Url,
        out: &mut RawTables,
        stop: &StopToken,
    ) -> Result<Found, String> {
        let items = self.items.query(answer).all();
        let total = self.total.as_ref().and_then(|p| p.query(answer).first().and_then(whole));
        let next = self.next.as_ref().and_then(|p| p.query(answer).first()).map(|v| text(v).into_owned());
        if items.is_empty() && total != Some(0) && !self.has_list(answer) {
            return Err("items of [json] finds nothing in the answer; mend the path, or the address".into());
        }
        let name = url.path_segments().and_then(|mut s| s.next_back()).filter(|s| !s.is_empty()).unwrap_or("answer");
        let file = out.files.len();
        out.files.push(name.to_owned());
        let years = task.years(None);
        let reading = Reading { places: &task.places, base: Some(url), years };
        let count = items.len();
        for (number, item) in (1_u32..).zip(items.into_iter().take(MAX_ITEMS)) {
            task.go_on(out, stop)?;
            match self.register {
                Some(register) => self.row(register, &reading, item, (file, number), out),
                None => self.notice(&reading, item, (name, number, stop), out),
            }
        }
        Ok(Found { count, total, next })
    }

    /// Whether the list that the items are of is there, only empty: the path without its last step leads to it.
    fn has_list(&self, answer: &Value) -> bool {
        let whole = self.items.to_string();
        let list = whole.trim_end_matches("[*]");
        let found = JsonPath::parse(list).ok().and_then(|p| p.query(answer).first().cloned());
        list.len() < whole.len() && found.is_some_and(|v| v.is_array() || v.is_null())
    }

    fn row(&self, register: &Register, reading: &Reading<'_>, item: &Value, at: (usize, u32), out: &mut RawTables) {
        let name = out.files.get(at.0).cloned().unwrap_or_default();
        let texts: Vec<String> = strings(item);
        let mut values = Vec::with_capacity(register.column.len());
        let mut is_bad = false;
        let mut faults = Vec::new();
        for (column, paths) in register.column.iter().zip(&self.columns) {
            let found = paths.iter().map(|p| p.query(item).all()).find(|all| all.iter().any(|v| !v.is_null()));
            let cell = cell(&found.unwrap_or_default(), column.kind, &reading.years.zone);
            let is_key = register.key.contains(&column.id);
            let hints = || texts.iter().map(String::as_str).collect();
            let (value, wrong) = match reading.value(column, None, &cell, hints) {
                Ok(value) if is_key && value.is_empty() => {
                    (value, Some("is empty, but tells this row from others; check the path".into()))
                }
                Ok(value) => (value, None),
                Err(reason) => (Kept::Text(cell.text().into_owned()), Some(reason)),
            };
            if let Some(reason) = wrong {
                is_bad |= is_key;
                let end = if is_key { "; the row is left out" } else { "" };
                faults.push(format!("item {}, column {}: {reason}{end}", at.1, column.title));
            }
            values.push(value);
        }
        for fault in faults {
            out.fault(&name, fault);
        }
        // Which row is missing is not known, so none is taken for gone.
        out.is_partial |= is_bad;
        if !is_bad {
            let steps = self.steps_of(reading, item);
            out.row(Row { values, steps, ..Row::default() }, at);
        }
    }

    fn steps_of(&self, reading: &Reading<'_>, item: &Value) -> Vec<Step> {
        let Some(steps) = &self.steps else { return Vec::new() };
        let step = |value: &Value| {
            let at = |i: usize| self.step.get(i)?.as_ref()?.query(value).first();
            let words = |i: usize| at(i).map(|v| text(v).trim().to_owned()).unwrap_or_default();
            let name = words(0);
            let time = |i: usize| at(i).and_then(|v| civil(v, &reading.years));
            let pause = at(3).is_some_and(|v| v.as_bool() == Some(true) || is_yes(&text(v)));
            (!name.is_empty()).then(|| Step { name, from: time(1), until: time(2), pause, note: words(4) })
        };
        steps.query(item).all().into_iter().take(MAX_STEPS).filter_map(step).collect()
    }

    fn notice(&self, reading: &Reading<'_>, item: &Value, at: (&str, u32, &StopToken), out: &mut RawTables) {
        let found =
            |i: usize| self.fields.get(i).and_then(Option::as_ref).map(|p| p.query(item).all()).unwrap_or_default();
        let first = |i: usize| found(i).into_iter().find(|v| !v.is_null());
        let words = |i: usize| first(i).map(|v| sanitize::plain(&text(v))).filter(|w| !w.is_empty());
        let base = reading.base;
        let Some(title) = words(1) else {
            out.fault(at.0, format!("item {}: it has no title; check the path title of [json]", at.1));
            return;
        };
        let link = first(2).and_then(|v| address(&text(v), base));
        let page = link.as_deref().and_then(|l| Url::parse(l).ok());
        let inner = page.as_ref().or(base);
        let body = first(5).map(|v| body(&text(v), inner, at.2)).unwrap_or_default();
        let plain = body.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
        let time = |i: usize| first(i).and_then(|v| stamp(v, &reading.years));
        for i in [3, 4] {
            if let Some(value) = first(i).filter(|v| !text(v).trim().is_empty() && stamp(v, &reading.years).is_none()) {
                out.fault(at.0, format!("item {}: `{}` is not a date", at.1, short(&text(value))));
            }
        }
        let notice = Notice {
            key: entry_key([first(0).map(|v| text(v).into_owned()), link.clone(), words(8)], &title),
            title,
            issuer: words(7),
            number: words(8),
            published: time(3),
            updated: time(4),
            summary: words::cut(&words(6).unwrap_or(plain), SUMMARY),
            body,
            attachments: found(9).into_iter().flat_map(|v| attachments(v, inner)).collect(),
            link,
            ..Notice::default()
        };
        let source = notice.link.clone().or_else(|| base.map(ToString::to_string)).unwrap_or_default();
        out.notice(Harvested { notice, source });
    }
}

fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A scalar as people read it.
fn text(value: &Value) -> std::borrow::Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.as_str().into(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.into(),
        Value::Number(n) => n.to_string().into(),
        Value::Array(all) => all.iter().map(|v| text(v).into_owned()).collect::<Vec<_>>().join("\n").into(),
        Value::Object(_) => value.to_string().into(),
    }
}

/// The texts of an item, which may name the township of a village.
fn strings(item: &Value) -> Vec<String> {
    match item {
        Value::Object(all) => all.values().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn cell(found: &[&Value], kind: ColumnKind, zone: &TimeZone) -> SheetCell {
    let is_time = matches!(kind, ColumnKind::Date | ColumnKind::Month);
    match found {
        [] => SheetCell::Empty,
        [one] if is_time && seconds(one, zone).is_some() => {
            seconds(one, zone).map_or(SheetCell::Empty, SheetCell::Time)
        }
        // Numbers stay decimal text: no step of an amount goes through floating point.
        [Value::Number(n)] => SheetCell::of(&n.to_string()),
        all => SheetCell::of(&all.iter().map(|v| text(v).into_owned()).collect::<Vec<_>>().join("\n")),
    }
}

fn seconds(value: &Value, zone: &TimeZone) -> Option<DateTime> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).and_then(|n| epoch(n, zone))
}

fn civil(value: &Value, years: &Years) -> Option<DateTime> {
    seconds(value, &years.zone).or_else(|| day(&SheetCell::of(&text(value)), years))
}

fn stamp(value: &Value, years: &Years) -> Option<Timestamp> {
    civil(value, years).and_then(|at| instant(at, &years.zone)).or_else(|| dates::parse(&text(value), &years.zone))
}

fn attachments(value: &Value, base: Option<&Url>) -> Vec<Attachment> {
    match value {
        Value::Array(all) => all.iter().flat_map(|v| attachments(v, base)).collect(),
        Value::Object(all) => {
            let said = |keys: &[&str]| {
                let is = |key: &String| keys.iter().any(|k| k.eq_ignore_ascii_case(key));
                all.iter().find(|(k, v)| is(k) && v.is_string()).and_then(|(_, v)| v.as_str())
            };
            let url = said(&["url", "href", "link", "src", "fileUrl", "downloadUrl", "path"]);
            let title = said(&["name", "title", "fileName"]).map(str::to_owned);
            let url = url.and_then(|u| address(u, base));
            url.map(|url| Attachment { url, media_type: None, title }).into_iter().collect()
        }
        value => {
            let words = text(value);
            let each = words.split([';', '；', '\n']).map(str::trim).filter(|w| !w.is_empty());
            each.filter_map(|w| Some(Attachment { url: address(w, base)?, media_type: None, title: None })).collect()
        }
    }
}
