//! `units.toml`: the offices people turn to, with their address, hours and telephone.

use super::changes::Changes;
use super::fault::{Fault, Severity};
use super::places::Section;
use super::section::ConfigSection;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;

/// `units.toml`: the directory of a site's units, in the order shown.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Units {
    /// The units.
    pub unit: Vec<Unit>,
}

/// One unit. Units of one region stand together, those without a region by their heading.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Unit {
    /// Its name, as the notices it issues give it.
    pub name: String,
    /// The code of the region it serves, from `regions.csv`; empty for a department of the whole site.
    pub region: String,
    /// The heading of `catalogue.toml` that it stands under where it has no region; empty for none.
    pub heading: String,
    /// Where it is.
    pub address: String,
    /// When it is open.
    pub hours: String,
    /// Its telephone number.
    pub telephone: String,
    /// Who heads it.
    pub head: String,
    /// What it does, a line each.
    pub duties: Vec<String>,
}

impl ConfigSection for Units {
    fn check(units: &Section<Self>, faults: &mut Vec<Fault>) {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (i, unit) in units.value.unit.iter().enumerate() {
            let key = format!("unit.{i}.name");
            if unit.name.trim().is_empty() {
                let mend = "write its name, as its notices give it";
                faults.push(units.fault(Severity::Error, &key, "the unit has no name", mend));
            } else if let Some(first) = seen.insert(&unit.name, i) {
                let message = format!("there are two units called `{}`, the other is number {}", unit.name, first + 1);
                faults.push(units.fault(Severity::Error, &key, message, "take one of them out, or name them apart"));
            }
        }
    }

    /// Kiosks read it as it is: nothing is made from it.
    fn changed(_: &str, _: Option<&Self>, _: Option<&Self>, _: &mut Changes) {}
}
