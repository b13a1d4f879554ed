//! Rules for `registers/*.toml`: the heading exists.

use super::headings::check_heading;
use crate::config::{Fault, Register, Section, Sections};

/// Reports what is wrong with one register.
pub(super) fn check(register: &Section<Register>, sections: &Sections, faults: &mut Vec<Fault>) {
    check_heading(register, "catalogue", &register.value.catalogue, sections, faults);
}
