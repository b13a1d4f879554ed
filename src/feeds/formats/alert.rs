//! Alerts of the Common Alerting Protocol 1.0 to 1.2 (OASIS), and its Chinese profile, in which times are Beijing's
//! without an offset and levels are colours (GB/T 35965).

mod level;

use super::{
    entry::absolute,
    warning_days::period,
    xml::{Field, Next, Record, Records, Window, XmlFaults, local},
};
use crate::{
    feeds::{ItemFault, ParseError, dates, hint::Hint, sanitize, words::cut},
    model::{Attachment, Block, ListItem, Notice, Span, Warning, WarningLevel, WarningStage},
};
use encoding_rs::Encoding;
use jiff::{
    Timestamp,
    tz::{TimeZone, offset},
};
use std::io::Read;

/// Characters of a summary.
const SUMMARY: usize = 400;

/// Reads a document of one alert or several, handing on each as a notice.
///
/// # Errors
/// One sentence, where the source fails, or holds no alert.
pub fn read(
    source: &mut dyn Read,
    encoding: &'static Encoding,
    hint: &Hint,
    sink: &mut dyn FnMut(Notice),
) -> Result<Vec<ItemFault>, ParseError> {
    let holders = |n: &str| ["alerts", "feed", "EDXLDistribution"].contains(&n);
    let mut records = Records::new(Window::new(source, encoding), |n| n == "alert", holders);
    let (mut record, mut found, mut faults) = (Record::default(), 0, Vec::new());
    loop {
        match records.next(&mut record) {
            Next::End => break,
            Next::Between(_) => {}
            Next::Record => {
                let mut marks = XmlFaults::default();
                let fields = record.fields(records.text(), record.inner(), is_field, &mut marks);
                let read = notice(&fields, hint.zone(), &mut marks);
                records.absorb(marks);
                found += 1;
                match read {
                    Some(notice) => sink(notice),
                    None => faults.push(ItemFault {
                        item: format!("alert {found}"),
                        reason: "it has neither an identifier nor words".into(),
                    }),
                }
            }
        }
    }
    let (failed, notes) = records.finish();
    if let Some(error) = failed {
        return Err(ParseError(format!("it cannot be read to its end ({error})")));
    }
    if found == 0 {
        return Err(ParseError("no alert is in it; the sender must mend what it publishes".into()));
    }
    faults.extend(notes.faults(&hint.name));
    Ok(faults)
}

/// The alert that a field of a feed's entry is; its days are those of the zone.
pub fn in_field(field: &Field<'_>, zone: &TimeZone, marks: &mut XmlFaults) -> Option<Box<Notice>> {
    let fields = field.fields(is_field, marks);
    let is_alert = fields.iter().any(|f| local(f.name()) == "identifier");
    is_alert.then(|| notice(&fields, zone, marks)).flatten().map(Box::new)
}

/// The warning that fields of an entry beside its own say, as indexes of alerts do; `id` is the entry's.
pub fn beside(fields: &[Field<'_>], id: &str, marks: &mut XmlFaults) -> Option<Warning> {
    let has = |name: &str| fields.iter().any(|f| local(f.name()) == name);
    if !has("event") || !(has("severity") || has("expires")) {
        return None;
    }
    let mut info = Info::read(fields, marks);
    info.areas.extend(Some(said(fields, "areaDesc", marks)).filter(|a| !a.is_empty()));
    info.codes.extend(pairs(fields, "geocode", marks).into_iter().map(|(name, value)| format!("{name}={value}")));
    let status = said(fields, "status", marks);
    let status = if status.is_empty() { "Actual" } else { &status };
    let own = said(fields, "identifier", marks);
    let id = if own.is_empty() { id.to_owned() } else { own };
    Some(warning(id, status, fields, &[info], marks))
}

/// Elements of an alert: where one of them begins, one of them that has no end is over.
fn is_field(name: &str) -> bool {
    const FIELDS: [&str; 14] = [
        "identifier",
        "sender",
        "sent",
        "status",
        "msgType",
        "source",
        "scope",
        "restriction",
        "addresses",
        "code",
        "note",
        "references",
        "incidents",
        "info",
    ];
    FIELDS.contains(&name)
}

/// The same of an `<info>`.
fn is_detail(name: &str) -> bool {
    const DETAILS: [&str; 23] = [
        "language",
        "category",
        "event",
        "eventType",
        "responseType",
        "urgency",
        "severity",
        "certainty",
        "audience",
        "eventCode",
        "effective",
        "onset",
        "expires",
        "senderName",
        "headline",
        "description",
        "instruction",
        "web",
        "contact",
        "parameter",
        "resource",
        "area",
        "info",
    ];
    DETAILS.contains(&name)
}

/// A time of an alert. The protocol demands an offset; the Chinese profile leaves out Beijing's, wherever the site is.
fn instant(text: &str) -> Option<Timestamp> {
    dates::parse(text, &TimeZone::fixed(offset(8)))
}

/// The words of the first field of a name, on one line.
fn said(fields: &[Field<'_>], name: &str, marks: &mut XmlFaults) -> String {
    let field = fields.iter().find(|f| local(f.name()) == name);
    field.map(|f| one_line(&f.words(marks))).unwrap_or_default()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names with values: `<valueName>` and `<value>`, in CAP 1.0 `name=value`.
fn pairs(fields: &[Field<'_>], name: &str, marks: &mut XmlFaults) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for field in fields.iter().filter(|f| local(f.name()) == name) {
        let pair = if field.has_elements() {
            let inner = field.fields(|n| n == "valueName" || n == "value", marks);
            (said(&inner, "valueName", marks), said(&inner, "value", marks))
        } else {
            let words = one_line(&field.words(marks));
            words.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap_or((String::new(), words))
        };
        if !pair.1.is_empty() {
            found.push(pair);
        }
    }
    found
}

/// One `<info>`.
#[derive(Debug, Default)]
struct Info {
    language: String,
    event: String,
    headline: String,
    sender: String,
    description: String,
    instruction: String,
    web: String,
    level: Option<WarningLevel>,
    effective: Option<Timestamp>,
    expires: Option<Timestamp>,
    areas: Vec<String>,
    codes: Vec<String>,
    files: Vec<Attachment>,
}

impl Info {
    fn read(fields: &[Field<'_>], marks: &mut XmlFaults) -> Self {
        let text = |name: &str, marks: &mut XmlFaults| {
            let field = fields.iter().find(|f| local(f.name()) == name);
            field.map(|f| f.words(marks).trim().to_owned()).unwrap_or_default()
        };
        let mut info = Self {
            language: said(fields, "language", marks),
            event: said(fields, "event", marks),
            headline: said(fields, "headline", marks),
            sender: said(fields, "senderName", marks),
            description: text("description", marks),
            instruction: text("instruction", marks),
            web: said(fields, "web", marks),
            effective: instant(&said(fields, "effective", marks)),
            expires: instant(&said(fields, "expires", marks)),
            ..Self::default()
        };
        let event_type = said(fields, "eventType", marks);
        info.level = level::of(&level::Said {
            severity: &said(fields, "severity", marks),
            parameters: &pairs(fields, "parameter", marks),
            words: &[&info.headline, &info.event, &event_type],
        });
        if info.event.is_empty() || level::is_code(&info.event) {
            let named = [event_type, level::event(&info.headline).unwrap_or_default()];
            if let Some(name) = named.into_iter().find(|n| !n.is_empty() && !level::is_code(n)) {
                info.event = name;
            }
        }
        for area in fields.iter().filter(|f| local(f.name()) == "area") {
            let inner = area.fields(|n| ["areaDesc", "geocode", "polygon", "circle"].contains(&n), marks);
            let described = said(&inner, "areaDesc", marks);
            if !described.is_empty() && !info.areas.contains(&described) {
                info.areas.push(described);
            }
            for (name, value) in pairs(&inner, "geocode", marks) {
                // China's own codes go without saying.
                let is_plain = name.is_empty() || !name.is_ascii();
                info.codes.push(if is_plain { value } else { format!("{name}={value}") });
            }
        }
        for resource in fields.iter().filter(|f| local(f.name()) == "resource") {
            let inner = resource.fields(|n| ["resourceDesc", "mimeType", "uri", "derefUri"].contains(&n), marks);
            let [title, media_type] = ["resourceDesc", "mimeType"].map(|n| said(&inner, n, marks));
            if let Some(url) = absolute(&said(&inner, "uri", marks), None) {
                let some = |text: String| Some(text).filter(|t| !t.is_empty());
                info.files.push(Attachment { url: url.into(), media_type: some(media_type), title: some(title) });
            }
        }
        info
    }

    fn is_chinese(&self) -> bool {
        let words = [&self.headline, &self.event, &self.description];
        let has_han = || words.iter().any(|w| w.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)));
        self.language.to_ascii_lowercase().starts_with("zh") || (self.language.is_empty() && has_han())
    }
}

fn notice(fields: &[Field<'_>], zone: &TimeZone, marks: &mut XmlFaults) -> Option<Notice> {
    let identifier = said(fields, "identifier", marks);
    let mut infos: Vec<Info> = Vec::new();
    for field in fields.iter().filter(|f| local(f.name()) == "info").take(64) {
        infos.push(Info::read(&field.fields(is_detail, marks), marks));
    }
    // Chinese first; those of one language in their order.
    infos.sort_by_key(|info| !info.is_chinese());
    let first = infos.first().map(|i| i.language.to_ascii_lowercase()).unwrap_or_default();
    let own = infos.iter().take_while(|i| i.language.to_ascii_lowercase() == first).count();
    let (own, others) = infos.split_at(own);
    let status = said(fields, "status", marks);
    let warning = warning(identifier.clone(), &status, fields, own, marks);
    let none = Info::default();
    let main = own.first().unwrap_or(&none);
    let note = said(fields, "note", marks);
    let bare = if identifier.is_empty() { String::new() } else { level::badge(&warning) };
    let title = [main.headline.clone(), level::title(&warning), cut(&main.description, 40), note, bare]
        .into_iter()
        .find(|t| !t.is_empty())?;
    let sent = instant(&said(fields, "sent", marks));
    let words = if main.description.is_empty() { &main.instruction } else { &main.description };
    Some(Notice {
        key: if identifier.is_empty() { title.clone() } else { identifier },
        title: format!("{}{title}", level::status_words(&status)),
        kind: level::badge(&warning),
        issuer: Some(main.sender.clone()).filter(|s| !s.is_empty()),
        published: sent,
        show: period(&warning, sent, zone),
        summary: cut(words, SUMMARY),
        body: body(own, others),
        attachments: own.iter().flat_map(|i| i.files.clone()).collect(),
        link: absolute(&main.web, None).map(Into::into),
        warning: Some(warning),
        ..Notice::default()
    })
}

fn warning(id: String, status: &str, fields: &[Field<'_>], infos: &[Info], marks: &mut XmlFaults) -> Warning {
    let message = said(fields, "msgType", marks).to_ascii_lowercase();
    let scope = said(fields, "scope", marks).to_ascii_lowercase();
    // Acknowledgements and errors are for systems; what is restricted or private is for those it names.
    let is_public = !matches!(message.as_str(), "ack" | "error") && !matches!(scope.as_str(), "restricted" | "private");
    let is_actual = status.eq_ignore_ascii_case("actual") || status == "实际";
    let first = |of: fn(&Info) -> &str| infos.iter().map(of).find(|w| !w.is_empty()).unwrap_or_default().to_owned();
    let mut areas: Vec<String> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    for info in infos {
        let fresh: Vec<_> = info.areas.iter().filter(|a| !areas.contains(a)).cloned().collect();
        areas.extend(fresh);
        let fresh: Vec<_> = info.codes.iter().filter(|c| !codes.contains(c)).cloned().collect();
        codes.extend(fresh);
    }
    Warning {
        identifier: id,
        stage: match message.as_str() {
            "update" => WarningStage::Update,
            "cancel" => WarningStage::Cancel,
            _ => WarningStage::Alert,
        },
        actual: is_public && is_actual,
        level: infos.iter().filter_map(|i| i.level).max(),
        event: first(|i| &i.event),
        areas,
        codes,
        onset: infos.iter().filter_map(|i| i.effective).min(),
        expires: if infos.iter().all(|i| i.expires.is_some()) {
            infos.iter().filter_map(|i| i.expires).max()
        } else {
            None
        },
        instruction: first(|i| &i.instruction),
        references: references(&said(fields, "references", marks)),
    }
}

/// The identifiers of `sender,identifier,sent` triples parted by spaces; in the Chinese profile the time itself holds
/// a space, and CAP 1.0 wrote `identifier/sender`.
fn references(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let id = match word.split(',').collect::<Vec<_>>().as_slice() {
            [_, id, ..] => id,
            // The hours of a time.
            [only] if only.contains(':') && only.bytes().all(|b| b.is_ascii_digit() || b == b':') => continue,
            [only] => only.split_once('/').map_or(*only, |(id, _)| id),
            [] => continue,
        };
        let id = id.trim_matches('"');
        if !id.is_empty() && !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
        }
    }
    found
}

/// What happens, what to do, and where; then the same in other languages.
fn body(own: &[Info], others: &[Info]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let heading = |words: &str| Block::Heading { level: 2, spans: vec![Span::plain(words)] };
    for (place, info) in own.iter().enumerate() {
        if place > 0 && !info.headline.is_empty() {
            blocks.push(heading(&info.headline));
        }
        blocks.extend(paragraphs(&info.description));
        let todo = paragraphs(&info.instruction);
        if !todo.is_empty() {
            blocks.push(heading("防御指南"));
            blocks.extend(todo);
        }
        if !info.areas.is_empty() {
            blocks.push(heading("影响区域"));
            let item = |area: &String| ListItem { depth: 0, spans: vec![Span::plain(area)] };
            blocks.push(Block::List { ordered: false, items: info.areas.iter().map(item).collect() });
        }
    }
    for info in others {
        blocks.push(Block::Rule);
        let title = if info.headline.is_empty() { &info.event } else { &info.headline };
        if !title.is_empty() {
            blocks.push(heading(title));
        }
        blocks.extend(paragraphs(&info.description));
        blocks.extend(paragraphs(&info.instruction));
    }
    blocks
}

/// Paragraphs of text that may be broken into lines anywhere, as telexes are: in Chinese each line is one, elsewhere
/// blank lines and bullets part them.
fn paragraphs(text: &str) -> Vec<Block> {
    let is_chinese = text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let mut parts: Vec<String> = Vec::new();
    let mut begins = true;
    for line in text.lines().map(str::trim) {
        let is_bullet = line.starts_with(['*', '-', '•']);
        match parts.last_mut().filter(|_| !begins && !is_bullet && !is_chinese) {
            Some(last) if !line.is_empty() => last.extend([" ", line]),
            _ => parts.push(line.to_owned()),
        }
        begins = line.is_empty();
    }
    let spans = |part: String| sanitize::tidy(vec![Span::plain(part)]);
    parts.into_iter().map(spans).filter(|s| !s.is_empty()).map(|spans| Block::Paragraph { spans }).collect()
}
