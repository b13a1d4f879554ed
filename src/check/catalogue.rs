//! Rules for `catalogue.toml`: periods are for headings that exist.

use super::headings::check_heading;
use crate::config::{Fault, Sections};

/// Reports what is wrong with the catalogue.
pub(super) fn check(sections: &Sections, faults: &mut Vec<Fault>) {
    let Some(catalogue) = &sections.catalogue else { return };
    for (i, period) in catalogue.value.period.iter().enumerate() {
        check_heading(catalogue, &format!("period.{i}.catalogue"), &period.catalogue, sections, faults);
    }
}
