//! What the schema cannot say about zones that show something of a register: that it, its columns and the place exist.

use crate::config::{
    Fault, Region, Register, Screen, Section, Sections, Severity, TITLE_FIELDS, Zone, choose_from, fields,
    zones::RegisterUse,
};

/// Reports what is wrong with the `i`th zone.
pub(super) fn check(screen: &Section<Screen>, (i, zone): (usize, &Zone), sections: &Sections, faults: &mut Vec<Fault>) {
    let Some(shown) = zone.content.settings().register() else { return };
    let mut told = |severity, name: &str, message: String, mend: String| {
        faults.push(screen.fault(severity, &format!("zone.{i}.{name}"), message, mend));
    };
    let names: Vec<&str> = sections.registers.keys().map(String::as_str).collect();
    let Some(register) = sections.registers.get(&shown.query.register) else {
        let (message, mend) = match shown.query.register.as_str() {
            "" => (
                "the zone names no register".to_owned(),
                "add register = \"…\", the name of a file of registers/".to_owned(),
            ),
            name => (format!("there is no register `{name}`"), choose_from(name, &names)),
        };
        return told(Severity::Error, "register", message, mend);
    };
    if let Some(register) = register {
        check_words(&shown, &register.value, &mut told);
        check_against(&shown, &register.value, &sections.regions, told);
    }
}

/// What words name must be something of the register that adds up.
fn check_words(shown: &RegisterUse<'_>, register: &Register, mut told: impl FnMut(Severity, &str, String, String)) {
    let sums = register.column.iter().filter(|c| c.sum).map(|c| c.id.as_str());
    let known: Vec<&str> = TITLE_FIELDS.into_iter().chain(sums).collect();
    for field in fields(shown.words).filter(|f| !known.contains(f)) {
        let name = &shown.query.register;
        let message = format!("the register `{name}` has no `{field}` to fill in for `{{{field}}}`");
        told(Severity::Error, "text", message, choose_from(field, &known));
    }
}

fn check_against(
    shown: &RegisterUse<'_>,
    register: &Register,
    regions: &[Region],
    mut told: impl FnMut(Severity, &str, String, String),
) {
    let (query, name) = (&shown.query, &shown.query.register);
    let ids: Vec<&str> = register.column.iter().map(|c| c.id.as_str()).collect();
    for (j, id) in shown.columns.iter().enumerate().filter(|(_, id)| register.find(id).is_none()) {
        let message = format!("the register `{name}` has no column `{id}`");
        told(Severity::Error, &format!("columns.{j}"), message, choose_from(id, &ids));
    }
    if query.open_only && register.case.is_none() {
        let message = format!("the rows of the register `{name}` are no cases");
        told(Severity::Error, "open_only", message, "take open_only out, or name a register with [case]".into());
    }
    if query.place.is_empty() {
        return;
    }
    if register.place.is_empty() {
        let message = format!("the register `{name}` is not read by place");
        told(Severity::Error, "place", message, "take place out, or give the register place = \"…\"".into());
    } else if !regions.iter().any(|r| r.code == query.place) {
        let mend = match regions.iter().find(|r| r.name == query.place) {
            Some(region) => format!("write its code, \"{}\"", region.code),
            None if regions.is_empty() => "list it in regions.csv".to_owned(),
            None => {
                let codes: Vec<&str> = regions.iter().map(|r| r.code.as_str()).collect();
                choose_from(&query.place, &codes)
            }
        };
        told(Severity::Error, "place", format!("regions.csv has no region `{}`", query.place), mend);
    }
}
