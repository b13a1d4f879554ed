//! Rules for `feeds/*.toml`: the source is there, the heading, the register and its columns exist.

use super::headings::check_heading;
use super::place::{Kind, Place};
use crate::config::{Fault, Feed, Section, Sections, Severity, choose_from};

/// Reports what is wrong with one feed.
pub(super) fn check(place: &Place<'_>, feed: &Section<Feed>, sections: &Sections, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    check_source(place, feed, faults);
    check_heading(feed, "catalogue", &f.catalogue, sections, faults);
    if !f.register.is_empty() && !sections.registers.contains_key(&f.register) {
        let names: Vec<&str> = sections.registers.keys().map(String::as_str).collect();
        let message = format!("there is no register `{}`", f.register);
        faults.push(feed.fault(Severity::Error, "register", message, choose_from(&f.register, &names)));
    }
    check_columns(feed, sections, faults);
}

fn check_source(place: &Place<'_>, feed: &Section<Feed>, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    if f.source.is_empty() || f.source.contains("://") || !f.enabled {
        return;
    }
    match place.kind(&f.source) {
        None | Some(Kind::Readable) => {}
        Some(Kind::Irregular) => {
            let message = format!("the source `{}` is a pipe or a device", f.source);
            let mend = "name a file or a folder; a pipe or a device would be waited for without end";
            faults.push(feed.fault(Severity::Error, "source", message, mend));
        }
        // A shared drive may be away for a while: what it gave before stays, and the rest goes on.
        Some(Kind::Missing) => {
            let message = format!("the source `{}` is not there", f.source);
            let mend = format!("put it at {}, or correct the path", place.dir.join(&f.source).display());
            faults.push(feed.fault(Severity::Warning, "source", message, mend));
        }
    }
}

fn check_columns(feed: &Section<Feed>, sections: &Sections, faults: &mut Vec<Fault>) {
    let Some(sheet) = &feed.value.sheet else { return };
    let Some(Some(register)) = sections.registers.get(&feed.value.register) else { return };
    let ids: Vec<&str> = register.value.column.iter().map(|c| c.id.as_str()).collect();
    for id in sheet.fill.keys().filter(|id| !ids.contains(&id.as_str())) {
        let message = format!("the register has no column `{id}`");
        faults.push(feed.fault(Severity::Error, &format!("sheet.fill.{id}"), message, choose_from(id, &ids)));
    }
    if !sheet.steps.is_empty() && register.value.key.len() != 1 {
        let mend = "give the register one key column, the receipt number, or take steps out";
        faults.push(feed.fault(Severity::Error, "sheet.steps", "steps belong to cases with one key", mend));
    }
}
