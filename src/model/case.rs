//! A case: a register's row with steps and clocks.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One step of a case, in civil time of the site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Step {
    /// Its name, such as 受理.
    pub name: String,
    /// When it began; `None` where it has not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime>,
    /// When it ended; `None` where it has not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime>,
    /// Whether its time does not count towards the deadlines: a hearing, a test, an inspection, an expert review
    /// (Administrative Licensing Law of the People's Republic of China, art. 45).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pause: bool,
    /// A line for the public, such as 材料齐全，当场受理.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What the lamp of a case shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lamp {
    /// Within its time.
    Green,
    /// Its deadline is near.
    Yellow,
    /// Past its deadline.
    Red,
}

/// A case's clocks on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The day it was accepted; its time counts from the next working day.
    pub accepted: Date,
    /// The last day promised, if a promise was made.
    pub promised: Option<Date>,
    /// The last day by law, if there is one.
    pub statutory: Option<Date>,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// Working days left until the promised day, else the statutory one, that day included; negative when past.
    /// `None` where there is no deadline. For a closed case, as it stood on the day it was closed.
    pub days_left: Option<i32>,
    /// Working days used, pauses not counted.
    pub used: u32,
    /// The lamp; for a closed case, as it stood on the day it was closed.
    pub lamp: Lamp,
}

/// How the cases of one unit stand in one month, or over a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitTotals {
    /// The unit's name.
    pub unit: String,
    /// Accepted in the period.
    pub accepted: u64,
    /// Accepted up to its end and not closed by then.
    pub in_hand: u64,
    /// Closed in the period.
    pub closed: u64,
    /// Closed in the period within their deadlines.
    pub on_time: u64,
    /// In hand at its end with the yellow lamp.
    pub warned: u64,
    /// Late: closed in the period after their deadline, or in hand at its end past it.
    pub late: u64,
}

impl UnitTotals {
    /// The lamp of the whole unit: red where something in hand is late, yellow where something nearly is.
    pub fn lamp(&self) -> Lamp {
        match (self.late, self.warned) {
            (1.., _) => Lamp::Red,
            (0, 1..) => Lamp::Yellow,
            (0, 0) => Lamp::Green,
        }
    }
}
