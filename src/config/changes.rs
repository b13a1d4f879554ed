//! What follows from a change of the config.

use std::collections::BTreeSet;

/// What was made from a config and must be made again with the next one; what is not named here goes on as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Feeds that are read anew, by name, with those that were taken out.
    pub feeds: BTreeSet<String>,
    /// Whether all feeds are read anew: what is written into notices when they are harvested reads differently.
    pub every_feed: bool,
    /// Registers whose rows are read differently, by name; their feeds are read anew.
    pub registers: BTreeSet<String>,
    /// Whether all registers' rows are read differently.
    pub every_register: bool,
    /// Whether what the store reckons from rows is to be brought in line.
    pub derived: bool,
    /// Whether walls and home pages may show other content: a new edition.
    pub edition: bool,
}
