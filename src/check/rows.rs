//! What the schema cannot say about zones that show something of a register: that it, its columns and the place exist.

use crate::config::{
    Fault, ROWS_MAX, Region, Register, Screen, Section, Sections, Severity, TITLE_FIELDS, Zone, ZoneKind, choose_from,
    fields,
};

/// Reports what is wrong with the `i`th zone.
pub(super) fn check(screen: &Section<Screen>, i: usize, sections: &Sections, faults: &mut Vec<Fault>) {
    let Some(zone) = screen.value.zone.get(i) else { return };
    let mut told = |severity, name: &str, message: String, mend: String| {
        faults.push(screen.fault(severity, &format!("zone.{i}.{name}"), message, mend));
    };
    if zone.kind == ZoneKind::Register {
        check_table(zone, &mut told);
    }
    let names: Vec<&str> = sections.registers.keys().map(String::as_str).collect();
    let Some(register) = sections.registers.get(&zone.register) else {
        let (message, mend) = match zone.register.as_str() {
            "" => (
                "the zone names no register".to_owned(),
                "add register = \"…\", the name of a file of registers/".to_owned(),
            ),
            name => (format!("there is no register `{name}`"), choose_from(name, &names)),
        };
        return told(Severity::Error, "register", message, mend);
    };
    if let Some(register) = register {
        if zone.kind == ZoneKind::Text {
            check_words(zone, &register.value, &mut told);
        }
        check_against(zone, &register.value, &sections.regions, told);
    }
}

/// What words name must be something of the register that adds up.
fn check_words(zone: &Zone, register: &Register, mut told: impl FnMut(Severity, &str, String, String)) {
    let sums = register.column.iter().filter(|c| c.sum).map(|c| c.id.as_str());
    let known: Vec<&str> = TITLE_FIELDS.into_iter().chain(sums).collect();
    for field in fields(&zone.text).filter(|f| !known.contains(f)) {
        let message = format!("the register `{}` has no `{field}` to fill in for `{{{field}}}`", zone.register);
        told(Severity::Error, "text", message, choose_from(field, &known));
    }
}

fn check_table(zone: &Zone, mut told: impl FnMut(Severity, &str, String, String)) {
    for field in fields(&zone.title).filter(|f| !TITLE_FIELDS.contains(f)) {
        let mend = choose_from(field, &TITLE_FIELDS);
        told(Severity::Error, "title", format!("a register's title does not know `{{{field}}}`"), mend);
    }
    if !(1..=ROWS_MAX).contains(&zone.limit) {
        let message = format!("a wall does not show {} rows", zone.limit);
        told(Severity::Warning, "limit", message, format!("write 1 to {ROWS_MAX}"));
    }
    if let Some(width) = zone.widths.iter().find(|w| !w.is_finite() || **w <= 0.0) {
        told(Severity::Error, "widths", format!("a width of {width} shows nothing"), "write more than 0".into());
    }
    if !zone.widths.is_empty() && zone.widths.len() != zone.columns.len() {
        let message = format!("{} widths are given for {} columns", zone.widths.len(), zone.columns.len());
        told(Severity::Error, "widths", message, "give one for each of columns, or leave widths out".into());
    }
}

fn check_against(
    zone: &Zone,
    register: &Register,
    regions: &[Region],
    mut told: impl FnMut(Severity, &str, String, String),
) {
    let ids: Vec<&str> = register.column.iter().map(|c| c.id.as_str()).collect();
    for (j, id) in zone.columns.iter().enumerate().filter(|(_, id)| register.find(id).is_none()) {
        let message = format!("the register `{}` has no column `{id}`", zone.register);
        told(Severity::Error, &format!("columns.{j}"), message, choose_from(id, &ids));
    }
    if zone.open_only && register.case.is_none() {
        let message = format!("the rows of the register `{}` are no cases", zone.register);
        told(Severity::Error, "open_only", message, "take open_only out, or name a register with [case]".into());
    }
    if zone.place.is_empty() {
        return;
    }
    if register.place.is_empty() {
        let message = format!("the register `{}` is not read by place", zone.register);
        told(Severity::Error, "place", message, "take place out, or give the register place = \"…\"".into());
    } else if !regions.iter().any(|r| r.code == zone.place) {
        let mend = match regions.iter().find(|r| r.name == zone.place) {
            Some(region) => format!("write its code, \"{}\"", region.code),
            None if regions.is_empty() => "list it in regions.csv".to_owned(),
            None => {
                let codes: Vec<&str> = regions.iter().map(|r| r.code.as_str()).collect();
                choose_from(&zone.place, &codes)
            }
        };
        told(Severity::Error, "place", format!("regions.csv has no region `{}`", zone.place), mend);
    }
}
