//! What the schema cannot say about site, catalogue, calendar, theme and feeds: that names exist and values make sense.

use super::Place;
use crate::config::{
    Calendar, Catalogue, Fault, Feed, Register, Section, Sections, Severity, Site, Theme, choose_from, is_colour,
};
use std::collections::HashSet;

/// Reports what is wrong.
pub(super) fn check(place: &Place<'_>, sections: &Sections, faults: &mut Vec<Fault>) {
    if let Some(site) = &sections.site {
        check_site(place, site, faults);
    }
    if let Some(catalogue) = &sections.catalogue {
        check_catalogue(catalogue, faults);
        check_periods(catalogue, sections, faults);
    }
    if let Some(calendar) = &sections.calendar {
        check_calendar(calendar, faults);
    }
    if let Some(theme) = &sections.theme {
        check_theme(theme, faults);
    }
    for section in sections.registers.values().flatten() {
        check_heading(section, "catalogue", &section.value.catalogue, sections, faults);
    }
    for feed in sections.feeds.values().flatten() {
        check_feed(place, feed, sections, faults);
    }
}

/// Reports a colour that is none.
pub(super) fn check_colour<T>(section: &Section<T>, path: &str, colour: &str, faults: &mut Vec<Fault>) {
    if !is_colour(colour) {
        let message = format!("`{colour}` is not a colour");
        let mend = "write # and six hexadecimal digits, such as #b3261e";
        faults.push(section.fault(Severity::Error, path, message, mend));
    }
}

/// Reports a catalogue heading that does not exist; says nothing where the catalogue itself is broken.
pub(super) fn check_heading<T>(
    section: &Section<T>,
    path: &str,
    id: &str,
    sections: &Sections,
    faults: &mut Vec<Fault>,
) {
    let Some(catalogue) = &sections.catalogue else { return };
    if !id.is_empty() && catalogue.value.find(id).is_none() {
        let ids: Vec<&str> = catalogue.value.heading.iter().map(|h| h.id.as_str()).collect();
        let mend = match ids.is_empty() {
            true => "list the heading in catalogue.toml".to_owned(),
            false => choose_from(id, &ids),
        };
        faults.push(section.fault(Severity::Error, path, format!("the catalogue has no heading `{id}`"), mend));
    }
}

fn check_site(place: &Place<'_>, site: &Section<Site>, faults: &mut Vec<Fault>) {
    let zone = &site.value.timezone;
    if jiff::tz::TimeZone::get(zone).is_err() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("there is no time zone `{zone}`");
        let mend = match choose_from(zone, &known) {
            near if near.starts_with("did") => near,
            _ => "write an IANA name such as Asia/Shanghai".into(),
        };
        faults.push(site.fault(Severity::Error, "timezone", message, mend));
    }
    for (i, font) in site.value.fallback_fonts.iter().enumerate() {
        if !place.has_file(font) {
            let message = format!("the font file `{font}` is not there");
            let mend = "check its path, or take it out of the list";
            faults.push(site.fault(Severity::Warning, &format!("fallback_fonts.{i}"), message, mend));
        }
    }
}

fn check_periods(catalogue: &Section<Catalogue>, sections: &Sections, faults: &mut Vec<Fault>) {
    for (i, period) in catalogue.value.period.iter().enumerate() {
        check_heading(catalogue, &format!("period.{i}.catalogue"), &period.catalogue, sections, faults);
        let (message, mend) = match (period.days, period.working_days) {
            (0, 0) => ("the period has no length", "write days = 5, or working_days = 5"),
            (1.., 1..) => ("the period has two lengths", "keep either days or working_days"),
            (3651.., _) | (_, 3651..) => ("the period is longer than ten years", "leave it out to show without end"),
            _ => continue,
        };
        faults.push(catalogue.fault(Severity::Error, &format!("period.{i}"), message, mend));
    }
}

fn check_catalogue(catalogue: &Section<Catalogue>, faults: &mut Vec<Fault>) {
    let headings = &catalogue.value.heading;
    let ids: Vec<&str> = headings.iter().map(|h| h.id.as_str()).collect();
    let mut seen = HashSet::new();
    for (i, heading) in headings.iter().enumerate() {
        let at = format!("heading.{i}.id");
        let id = heading.id.as_str();
        let part =
            |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !id.split('.').all(part) {
            let message = format!("`{id}` is not a heading's id");
            let mend = "write lower-case letters, digits and hyphens, levels parted by dots, such as trade.works";
            faults.push(catalogue.fault(Severity::Error, &at, message, mend));
            continue;
        }
        if !seen.insert(id) {
            let message = format!("the heading `{id}` stands twice");
            faults.push(catalogue.fault(Severity::Error, &at, message, "give each heading an id of its own"));
        }
        if let Some((parent, _)) = id.rsplit_once('.')
            && !ids.contains(&parent)
        {
            let message = format!("the heading `{id}` has no parent `{parent}`");
            let mend = match choose_from(parent, &ids) {
                near if near.starts_with("did") => near,
                _ => format!("add a [[heading]] with id = \"{parent}\""),
            };
            faults.push(catalogue.fault(Severity::Error, &at, message, mend));
        }
        if heading.title.is_empty() {
            let message = format!("the heading `{id}` has no title");
            faults.push(catalogue.fault(Severity::Error, &at, message, "add title = \"…\""));
        }
        if heading.lines.len() > 2 {
            let message = format!("the heading `{id}` has {} lines; two are shown", heading.lines.len());
            let path = format!("heading.{i}.lines");
            faults.push(catalogue.fault(Severity::Warning, &path, message, "shorten the list to two"));
        }
    }
}

fn check_calendar(calendar: &Section<Calendar>, faults: &mut Vec<Fault>) {
    for (i, holiday) in calendar.value.holiday.iter().enumerate() {
        if holiday.until < holiday.from {
            let message = format!("the holiday {} ends before it begins", holiday.name);
            let path = format!("holiday.{i}.until");
            faults.push(calendar.fault(Severity::Error, &path, message, "write the last day off in until"));
        }
    }
}

fn check_theme(theme: &Section<Theme>, faults: &mut Vec<Fault>) {
    let c = &theme.value.colour;
    let colours = [
        ("paper", &c.paper),
        ("card", &c.card),
        ("line", &c.line),
        ("ink", &c.ink),
        ("mute", &c.mute),
        ("red", &c.red),
        ("red_dark", &c.red_dark),
        ("blue", &c.blue),
        ("green", &c.green),
        ("amber", &c.amber),
        ("teal", &c.teal),
        ("plum", &c.plum),
    ];
    for (name, colour) in colours {
        check_colour(theme, &format!("colour.{name}"), colour, faults);
    }
    let s = &theme.value.size;
    let sizes = [
        ("display", s.display),
        ("title", s.title),
        ("heading", s.heading),
        ("large", s.large),
        ("body", s.body),
        ("row", s.row),
        ("small", s.small),
        ("fine", s.fine),
    ];
    for (name, size) in sizes {
        if !(8.0..=400.0).contains(&size) {
            let message = format!("a type size of {size} px cannot be read");
            faults.push(theme.fault(Severity::Error, &format!("size.{name}"), message, "write 8 to 400"));
        }
    }
}

fn check_feed(place: &Place<'_>, feed: &Section<Feed>, sections: &Sections, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    if f.source.is_empty() {
        let mend = "add source = \"…\": an address, or a file or folder beside this config";
        faults.push(feed.fault(Severity::Error, "source", "the feed has no source", mend));
    } else if let Some((scheme, _)) = f.source.split_once("://") {
        let web = matches!(scheme, "http" | "https");
        if !web || url::Url::parse(&f.source).is_err() {
            let message = format!("`{}` is not an address that can be fetched", f.source);
            let mend = "write http://… or https://…, or a path";
            faults.push(feed.fault(Severity::Error, "source", message, mend));
        }
    } else if f.enabled && !place.has(&f.source) {
        // A shared drive may be away for a while: what it gave before stays, and the rest goes on.
        let message = format!("the source `{}` is not there", f.source);
        let mend = format!("put it at {}, or correct the path", place.dir.join(&f.source).display());
        faults.push(feed.fault(Severity::Warning, "source", message, mend));
    }
    if f.title.is_empty() {
        let mend = "add title = \"…\": the public sees it as the source's name";
        faults.push(feed.fault(Severity::Error, "title", "the feed has no title", mend));
    }
    if f.catalogue.is_empty() && f.register.is_empty() {
        let mend = "add catalogue = \"…\" with an id of catalogue.toml, or its notices are under no heading";
        faults.push(feed.fault(Severity::Warning, "catalogue", "the feed has no catalogue heading", mend));
    }
    check_heading(feed, "catalogue", &f.catalogue, sections, faults);
    if !f.register.is_empty() && !sections.registers.contains_key(&f.register) {
        let names: Vec<&str> = sections.registers.keys().map(String::as_str).collect();
        let message = format!("there is no register `{}`", f.register);
        faults.push(feed.fault(Severity::Error, "register", message, choose_from(&f.register, &names)));
    }
    check_columns(feed, sections, faults);
    let counts = [
        ("every_minutes", f.every_minutes),
        ("timeout_seconds", f.timeout_seconds),
        ("max_megabytes", f.max_megabytes),
        ("max_notices", f.max_notices),
    ];
    for (name, n) in counts {
        if n == 0 {
            faults.push(feed.fault(Severity::Error, name, format!("`{name}` is 0"), "write 1 or more"));
        }
    }
    if let Some(label) = &f.charset
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        let message = format!("`{label}` is not a known charset");
        let known = ["utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16le", "utf-16be", "windows-1252"];
        faults.push(feed.fault(Severity::Error, "charset", message, choose_from(label, &known)));
    }
}

fn check_columns(feed: &Section<Feed>, sections: &Sections, faults: &mut Vec<Fault>) {
    let Some(sheet) = &feed.value.sheet else { return };
    let register: Option<&Register> =
        sections.registers.get(&feed.value.register).and_then(|r| r.as_ref()).map(|r| &r.value);
    let Some(register) = register else { return };
    let ids: Vec<&str> = register.column.iter().map(|c| c.id.as_str()).collect();
    for id in sheet.fill.keys().filter(|id| !ids.contains(&id.as_str())) {
        let message = format!("the register has no column `{id}`");
        faults.push(feed.fault(Severity::Error, &format!("sheet.fill.{id}"), message, choose_from(id, &ids)));
    }
    if !sheet.steps.is_empty() && register.key.len() != 1 {
        let mend = "give the register one key column, the receipt number, or take steps out";
        faults.push(feed.fault(Severity::Error, "sheet.steps", "steps belong to cases with one key", mend));
    }
}
