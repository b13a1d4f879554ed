//! Rules for `site.toml`: the files it names are there.

use super::place::Place;
use crate::config::{Fault, Section, Severity, Site};

/// Reports what is wrong with the site's file.
pub(super) fn check(place: &Place<'_>, site: &Section<Site>, faults: &mut Vec<Fault>) {
    for (i, font) in site.value.fallback_fonts.iter().enumerate() {
        if !place.has_file(font) {
            let message = format!("the font file `{font}` is not there");
            let mend = "check its path, or take it out of the list";
            faults.push(site.fault(Severity::Warning, &format!("fallback_fonts.{i}"), message, mend));
        }
    }
}
