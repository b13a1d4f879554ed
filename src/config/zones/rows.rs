//! Which rows and how many a zone shows.

use schemars::JsonSchema;
use serde::Deserialize;

/// Rows or notices a zone may ask for.
pub const MAX_ZONE_ROWS: u32 = 200;

/// The rows of which time a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowPeriod {
    /// Those of the newest month that has rows, by day, with their sums.
    #[default]
    Newest,
    /// Those of all months, the newest first.
    All,
}
