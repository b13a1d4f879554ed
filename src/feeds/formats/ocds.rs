//! Procurement by the Open Contracting Data Standard 1.0 and 1.1 (standard.open-contracting.org): release packages,
//! record packages and single releases. A tender, each award and each contract is a notice; all of one process have
//! the tender's number, by which they are found together.

use super::entry::{absolute, paragraphs};
use crate::{
    feeds::{
        ItemFault, ParseError, dates,
        hint::{Hint, Parsed},
        words::cut,
    },
    model::{Attachment, Block, Cell, Notice, ShowPeriod},
};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::HashMap;

/// Characters of a summary.
const SUMMARY: usize = 400;
/// Rows of a list of items that are shown.
const ITEMS: usize = 200;

/// Whether a document says of itself that it is one.
pub fn is(document: &Value) -> bool {
    let list = |key: &str| document.get(key).and_then(Value::as_array);
    let has_ocid = |all: &Vec<Value>| all.iter().take(20).any(|r| r.get("ocid").is_some());
    document.get("ocid").is_some() || ["releases", "records"].into_iter().filter_map(list).any(has_ocid)
}

/// Reads a package or a release.
///
/// # Errors
/// One sentence, where it is neither.
pub fn read(document: &Value, hint: &Hint) -> Result<Parsed, ParseError> {
    let releases = releases(document);
    if releases.is_empty() {
        return Err(ParseError("no OCDS release is in it; releases, or records with a release each, are read".into()));
    }
    // The tender's own number, also for releases that speak only of its award.
    let mut numbers: HashMap<&str, String> = HashMap::new();
    for release in &releases {
        let number = release.get("tender").and_then(|t| text(t, "id"));
        if let (Some(ocid), Some(number)) = (release.get("ocid").and_then(Value::as_str), number) {
            numbers.entry(ocid).or_insert(number);
        }
    }
    let mut parsed = Parsed::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, release) in releases.iter().enumerate() {
        let Some(ocid) = text(release, "ocid") else {
            parsed.faults.push(ItemFault { item: format!("release {}", place + 1), reason: "it has no ocid".into() });
            continue;
        };
        let number = numbers.get(ocid.as_str()).cloned().unwrap_or_else(|| ocid.clone());
        let release = Release { value: release, ocid, number, hint };
        let made = release.notices();
        if made.is_empty() {
            parsed.faults.push(ItemFault {
                item: release.ocid.clone(),
                reason: "its release has neither a tender nor an award nor a contract".into(),
            });
        }
        for notice in made {
            // Of several releases of one thing the newest counts.
            match places.get(&notice.key).and_then(|at| parsed.items.get_mut(*at)) {
                Some(known) if known.published <= notice.published => *known = notice,
                Some(_) => {}
                None => {
                    places.insert(notice.key.clone(), parsed.items.len());
                    parsed.items.push(notice);
                }
            }
        }
    }
    Ok(parsed)
}

/// The releases of a document; of a record its compiled one, else those that it holds.
fn releases(document: &Value) -> Vec<&Value> {
    let releases = list(document, "releases");
    if !releases.is_empty() {
        return releases.iter().collect();
    }
    let records = list(document, "records");
    if !records.is_empty() {
        return records.iter().flat_map(of_record).collect();
    }
    if document.get("ocid").is_some() { vec![document] } else { Vec::new() }
}

fn of_record(record: &Value) -> Vec<&Value> {
    match record.get("compiledRelease") {
        Some(compiled) => vec![compiled],
        // Links to releases elsewhere have no ocid of their own.
        None => list(record, "releases").iter().filter(|r| r.get("ocid").is_some()).collect(),
    }
}

fn text(of: &Value, key: &str) -> Option<String> {
    match of.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// `1,234,500.00 元`; other currencies by their code.
fn money(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let amount = text(value, "amount")?;
    let currency = text(value, "currency").unwrap_or_default();
    let (whole, cents) = amount.split_once('.').unwrap_or((&amount, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let is_plain = !digits.is_empty() && [digits, cents].iter().all(|d| d.bytes().all(|b| b.is_ascii_digit()));
    if !is_plain {
        return Some(format!("{amount} {currency}").trim().to_owned());
    }
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let amount = format!("{sign}{grouped}.{cents:0<2}");
    Some(match currency.as_str() {
        "CNY" | "RMB" => format!("{amount} 元"),
        _ => format!("{amount} {currency}").trim().to_owned(),
    })
}

/// A day and, where it is not midnight, its time, in the zone.
fn moment(of: &Value, key: &str, zone: &TimeZone) -> Option<String> {
    let said = text(of, key)?;
    let Some(at) = dates::parse(&said, zone) else { return Some(said) };
    let at = at.to_zoned(zone.clone());
    let form = if at.hour() == 0 && at.minute() == 0 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    Some(at.strftime(form).to_string())
}

fn period(of: &Value, key: &str, zone: &TimeZone) -> Option<String> {
    let period = of.get(key)?;
    match (moment(period, "startDate", zone), moment(period, "endDate", zone)) {
        (Some(from), Some(until)) => Some(format!("{from} 至 {until}")),
        (Some(from), None) => Some(format!("{from} 起")),
        (None, Some(until)) => Some(format!("至 {until}")),
        (None, None) => None,
    }
}

/// The names of organisations, however they are listed.
fn names(all: &[Value]) -> Option<String> {
    let names: Vec<String> = all.iter().filter_map(|one| text(one, "name")).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn method(tender: &Value) -> Option<String> {
    let named = text(tender, "procurementMethodDetails");
    named.or_else(|| {
        let words = match text(tender, "procurementMethod")?.as_str() {
            "open" => "公开招标",
            "selective" => "邀请招标",
            "limited" => "有限竞争",
            "direct" => "单一来源",
            _ => return None,
        };
        Some(words.to_owned())
    })
}

/// One release.
struct Release<'a> {
    value: &'a Value,
    ocid: String,
    number: String,
    hint: &'a Hint,
}

/// One notice before it has its frame.
struct Part<'a> {
    key: String,
    kind: &'static str,
    of: &'a Value,
    facts: Vec<(&'static str, Option<String>)>,
    until: Option<jiff::civil::Date>,
}

impl Release<'_> {
    fn notices(&self) -> Vec<Notice> {
        let tags: Vec<&str> = list(self.value, "tag").iter().filter_map(Value::as_str).collect();
        // A release says by its tags what it is about; a compiled one, and one without tags, is about all it holds.
        let is_all = tags.is_empty() || tags.contains(&"compiled");
        let about = |what: &str| is_all || tags.iter().any(|tag| tag.starts_with(what));
        let mut parts = Vec::new();
        if let Some(tender) = self.value.get("tender").filter(|_| about("tender") || about("planning")) {
            parts.push(self.tender(tender, &tags));
        }
        let awards = list(self.value, "awards");
        if about("award") {
            parts.extend(awards.iter().enumerate().map(|(n, award)| self.award(award, n)));
        }
        if about("contract") || about("implementation") {
            parts.extend(list(self.value, "contracts").iter().enumerate().map(|(n, c)| self.contract(c, n, awards)));
        }
        parts.into_iter().map(|part| self.notice(part)).collect()
    }

    fn buyer(&self) -> Option<String> {
        let of = |role: &str| {
            let mut parties = list(self.value, "parties").iter();
            let holds = |p: &&Value| list(p, "roles").iter().any(|r| r.as_str() == Some(role));
            parties.find(holds).and_then(|p| text(p, "name"))
        };
        let named = |of: Option<&Value>| of.and_then(|b| text(b, "name"));
        named(self.value.get("buyer"))
            .or_else(|| of("buyer"))
            .or_else(|| named(self.value.get("tender").and_then(|t| t.get("procuringEntity"))))
            .or_else(|| of("procuringEntity"))
    }

    fn tender<'b>(&self, tender: &'b Value, tags: &[&str]) -> Part<'b> {
        let status = text(tender, "status").unwrap_or_default();
        let has = |tag: &str| tags.contains(&tag);
        let kind = if has("tenderCancellation") || matches!(status.as_str(), "cancelled" | "unsuccessful" | "withdrawn")
        {
            "终止公告"
        } else if has("tenderUpdate") || has("tenderAmendment") {
            "变更公告"
        } else if has("planning") || has("planningUpdate") || matches!(status.as_str(), "planning" | "planned") {
            "采购意向"
        } else {
            "招标公告"
        };
        let zone = self.hint.zone();
        let end = tender.get("tenderPeriod").and_then(|p| text(p, "endDate")).and_then(|d| dates::parse(&d, zone));
        Part {
            key: format!("{}/tender", self.ocid),
            kind,
            of: tender,
            facts: vec![
                ("采购方式", method(tender)),
                ("预算金额", money(tender.get("value"))),
                ("投标时间", period(tender, "tenderPeriod", zone)),
                ("咨询时间", period(tender, "enquiryPeriod", zone)),
                ("合同期限", period(tender, "contractPeriod", zone)),
                ("投标人", names(list(tender, "tenderers"))),
            ],
            until: end.map(|at| dates::day(at, zone)),
        }
    }

    fn award<'b>(&self, award: &'b Value, place: usize) -> Part<'b> {
        let status = text(award, "status").unwrap_or_default();
        let id = text(award, "id").unwrap_or_else(|| (place + 1).to_string());
        Part {
            key: format!("{}/award/{id}", self.ocid),
            kind: if matches!(status.as_str(), "cancelled" | "unsuccessful") { "终止公告" } else { "中标结果" },
            of: award,
            facts: vec![
                ("中标供应商", names(list(award, "suppliers"))),
                ("中标金额", money(award.get("value"))),
                ("中标日期", moment(award, "date", self.hint.zone())),
                ("合同期限", period(award, "contractPeriod", self.hint.zone())),
            ],
            until: None,
        }
    }

    fn contract<'b>(&self, contract: &'b Value, place: usize, awards: &[Value]) -> Part<'b> {
        let id = text(contract, "id").unwrap_or_else(|| (place + 1).to_string());
        let award = text(contract, "awardID");
        let award = awards.iter().find(|a| award.is_some() && text(a, "id") == award);
        Part {
            key: format!("{}/contract/{id}", self.ocid),
            kind: "合同",
            of: contract,
            facts: vec![
                ("供应商", award.and_then(|a| names(list(a, "suppliers")))),
                ("合同金额", money(contract.get("value"))),
                ("签订日期", moment(contract, "dateSigned", self.hint.zone())),
                ("合同期限", period(contract, "period", self.hint.zone())),
            ],
            until: None,
        }
    }

    fn notice(&self, part: Part<'_>) -> Notice {
        let tender = self.value.get("tender");
        let project = tender.and_then(|t| text(t, "title")).or_else(|| text(self.value, "title"));
        let named = text(part.of, "title").or(project).unwrap_or_else(|| self.number.clone());
        let named = named.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if named.contains(part.kind) { named } else { format!("{named}{}", part.kind) };
        let description = text(part.of, "description").or_else(|| tender.and_then(|t| text(t, "description")));
        let buyer = self.buyer();
        let mut facts = vec![("项目编号", Some(self.number.clone())), ("采购人", buyer.clone())];
        facts.extend(part.facts);
        let facts: Vec<(&str, String)> = facts.into_iter().filter_map(|(name, v)| Some((name, v?))).collect();
        let told = |(name, value): &(&str, String)| format!("{name}：{value}");
        let line = facts.iter().map(told).collect::<Vec<_>>().join("；");
        let zone = self.hint.zone();
        let published = text(self.value, "date").and_then(|d| dates::parse(&d, zone));
        let published = published.or_else(|| text(part.of, "date").and_then(|d| dates::parse(&d, zone)));
        let mut body = description.as_deref().map(paragraphs).unwrap_or_default();
        let cell = |text: &str, header| Cell { text: text.to_owned(), header, colspan: 1, rowspan: 1 };
        let rows = facts.iter().map(|(name, value)| vec![cell(name, true), cell(value, false)]).collect();
        body.push(Block::Table { rows });
        body.extend(items(list(part.of, "items")));
        Notice {
            key: part.key,
            title,
            kind: part.kind.into(),
            issuer: buyer,
            number: Some(self.number.clone()),
            published,
            show: ShowPeriod {
                from: published.map(|at| dates::day(at, zone)).filter(|_| part.until.is_some()),
                until: part.until,
            },
            summary: cut(description.as_deref().unwrap_or(&line), SUMMARY),
            body,
            attachments: self.files(list(part.of, "documents")),
            ..Notice::default()
        }
    }

    fn files(&self, documents: &[Value]) -> Vec<Attachment> {
        let file = |document: &Value| {
            Some(Attachment {
                url: absolute(&text(document, "url")?, self.hint.base.as_ref())?.into(),
                media_type: text(document, "format"),
                title: text(document, "title"),
            })
        };
        documents.iter().filter_map(file).collect()
    }
}

/// What is bought, as a table.
fn items(items: &[Value]) -> Option<Block> {
    let cell = |text: String, header| Cell { text, header, colspan: 1, rowspan: 1 };
    let row = |item: &Value| {
        let unit = item.get("unit");
        let name = text(item, "description")?;
        let count = text(item, "quantity").unwrap_or_default();
        let measure = unit.and_then(|u| text(u, "name")).unwrap_or_default();
        let price = unit.and_then(|u| money(u.get("value"))).unwrap_or_default();
        Some([name, count, measure, price].map(|t| cell(t, false)).to_vec())
    };
    let found: Vec<_> = items.iter().take(ITEMS).filter_map(row).collect();
    if found.is_empty() {
        return None;
    }
    let head = ["名称", "数量", "单位", "单价"].map(|t| cell(t.to_owned(), true)).to_vec();
    Some(Block::Table { rows: std::iter::once(head).chain(found).collect() })
}
