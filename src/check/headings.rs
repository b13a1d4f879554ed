//! Whether the headings exist that the catalogue itself, registers, feeds and screens name.

use crate::config::{Fault, Section, Sections, Severity, choose_among};

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
            false => choose_among(faults, id, &ids),
        };
        faults.push(section.fault(Severity::Error, path, format!("the catalogue has no heading `{id}`"), mend));
    }
}
